//! Assigns all names of an API.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashSet};

use super::{
    case::{self, joined},
    command,
    component::Components,
    group,
    key::{former_keys, input_key, member_keys, place_of, tagged_key},
    lock::{Lock, LockedType},
    module,
    names::{FormerNames, MAX_ARGUMENTS, Names, OperationNames, TypeNames},
    operation,
    order::{in_recorded_order, plain_first},
    package,
    recorded::recorded_keys,
    reserved::{MODELS, REQUESTS, VERBS},
    scheme,
    scope::Scope,
    server, spoken,
    union::union_candidates,
    variant::Variants,
    words::Words,
};
use crate::{
    diagnostic::{Findings, code},
    input::Config,
    ir::{Api, Field, Input, Operation, Origin, OriginRoot, Shape, Slot, Success, TypeDef},
    read::pointer,
    thread,
};

/// Names that methods and derives of structs use.
const MODEL_METHODS: &str = "new clone";

/// The method by which a struct becomes a variant or the struct of a request. A setter would hide it, unless the lock has one.
const CONVERSION: &str = "into";

/// The constructor of structs without required fields. A setter would hide it, unless the lock has one.
const CONSTRUCTOR: &str = "default";

/// The same for structs that become those of requests.
const SPLIT_METHODS: &str = "new clone into_input";

/// Names that methods and the open variant of enums use.
const ENUM_VARIANTS: &str = "Unknown Self";

/// Assigns all names, the recorded ones first.
pub(crate) fn assign_names(api: &Api, lock: &Lock, config: &Config, findings: &mut Findings) -> Names {
    let methods = operation::name_operations(api, lock, findings);
    let mut requests = Scope::of(REQUESTS);
    let former = former_requests(api, lock, &mut requests);
    let mut operations: Vec<_> = api
        .operations
        .iter()
        .zip(methods)
        .map(|(operation, method)| name_operation(api, operation, method, &mut requests, lock, findings))
        .collect();
    for (names, former) in operations.iter_mut().zip(former) {
        names.former = former;
    }
    // Names of the document take precedence over additions of the generator.
    for (operation, names) in api.operations.iter().zip(&mut operations) {
        if names.arguments.len() > MAX_ARGUMENTS {
            let required = joined(&names.request, "Required");
            names.required = Some(requests.claim_first(&[required.clone(), format!("{required}Inputs")]));
        }
        if matches!(operation.success, Success::ByStatus(_)) {
            let success = joined(&names.request, "Success");
            names.success = Some(requests.claim_first(&[success.clone(), format!("{success}Response")]));
        }
        if operation.typed_errors().is_some_and(|errors| errors.only_type().is_none()) {
            let error = joined(&names.request, "Error");
            names.error = Some(requests.claim_first(&[error.clone(), format!("{error}Body")]));
        }
        names.headers = group::name_headers(operation, &names.request, &mut requests);
        names.events = group::name_events(operation, &names.request, &mut requests);
    }
    for (names, module) in operations.iter_mut().zip(module::name_modules(api, &mut requests)) {
        names.module = module;
    }
    for (names, words) in command::name_commands(api, &operations, lock).into_iter().enumerate() {
        operations[names].words = words;
    }
    let types = name_types(api, &operations, lock, findings);
    let package = package::name_package(api, config.name.as_deref());
    let (env_prefix, schemes) = scheme::name_schemes(api, &package, lock, config, findings);
    let servers = server::name_servers(api);
    let names = Names { operations, types, schemes, servers, package, env_prefix };
    report_unlocked(api, &names, lock, findings);
    names
}

/// Claims the earlier names of requests. One that is taken has no alias.
fn former_requests(api: &Api, lock: &Lock, requests: &mut Scope) -> Vec<Option<FormerNames>> {
    let former = api.operations.iter().map(|operation| {
        let method = lock.operation(&operation.key)?.was.clone()?;
        let request = case::pascal(&method);
        requests.claim(&request).then_some(FormerNames { method, request })
    });
    former.collect()
}

/// Claims a name for an input, field or variant. Returns it, and what is said of a clash.
fn claim_member(scope: &mut Scope, candidates: &[String]) -> (String, Option<String>) {
    let wanted = candidates.first().map(String::as_str).unwrap_or_default();
    let is_contested = scope.is_contested(wanted);
    let claimed = scope.claim_first(candidates);
    let clash = is_contested.then(|| format!("the name `{wanted}` is already used here; this one becomes `{claimed}`"));
    (claimed, clash)
}

pub(super) const COMMIT: &str = "commit the lock as this command extends it";

fn name_operation(
    api: &Api,
    operation: &Operation,
    method: String,
    requests: &mut Scope,
    lock: &Lock,
    findings: &mut Findings,
) -> OperationNames {
    let request = case::pascal(&method);
    let request = requests.claim_first(&[request.clone(), joined(&request, "Request")]);
    let recorded = lock.operation(&operation.key);
    let mut scope = Scope::of(VERBS);
    let keys: Vec<String> = operation.inputs.iter().map(input_key).collect();
    scope.reserve(recorded.into_iter().flat_map(|it| stale(&it.inputs, &keys)));
    let mut inputs: Vec<Option<String>> = operation
        .inputs
        .iter()
        .map(|input| recorded.and_then(|it| it.inputs.get(&input_key(input))).filter(|name| scope.claim(name)).cloned())
        .collect();
    let candidates: Vec<Vec<String>> =
        operation.inputs.iter().map(|input| input_candidates(input, api.given.members.get(&input.pointer))).collect();
    let wires = operation.inputs.iter().zip(&candidates);
    let wires = wires.map(|(input, names)| (place_of(input), names, input.wire.as_str()));
    for position in plain_first(wires) {
        let (input, name) = (&operation.inputs[position], &mut inputs[position]);
        if name.is_none() {
            let (claimed, clash) = claim_member(&mut scope, &candidates[position]);
            if let Some(message) = clash {
                findings.add(code::NAME_CLASH, &input.pointer, message);
            }
            *name = Some(claimed);
        }
    }
    let inputs: Vec<String> = inputs.into_iter().flatten().collect();
    let required = (0..operation.inputs.len()).filter(|index| api.is_argument(&operation.inputs[*index]));
    let arguments = in_recorded_order(required, &inputs, recorded.map(|it| it.arguments.as_slice()));
    let keys = keys_of(&inputs);
    let call = scope.claim_first(&["call".to_owned(), "http_call".to_owned()]);
    let words = Words::default();
    let (required, success, error, headers, events) = (None, None, None, None, None);
    let module = String::new();
    OperationNames {
        method,
        request,
        former: None,
        inputs,
        arguments,
        required,
        success,
        error,
        headers,
        events,
        module,
        words,
        keys,
        call,
    }
}

/// The names of inputs in data. Those that differ by an underscore alone keep it.
fn keys_of(inputs: &[String]) -> Vec<String> {
    let trimmed = |name: &String| name.trim_end_matches('_').to_owned();
    let mut count: HashMap<String, usize> = HashMap::default();
    for name in inputs {
        *count.entry(trimmed(name)).or_default() += 1;
    }
    inputs
        .iter()
        .map(|name| Some(trimmed(name)).filter(|key| count[key] == 1).unwrap_or_else(|| name.clone()))
        .collect()
}

/// Returns the recorded names of items that the document lacks now. They are not reused, because callers' code would
/// compile with another meaning.
fn stale<'l>(recorded: &'l BTreeMap<String, String>, keys: &[String]) -> impl Iterator<Item = &'l str> {
    let keys: HashSet<String> = keys.iter().cloned().collect();
    recorded.iter().filter(move |(key, _)| !keys.contains(*key)).map(|(_, name)| name.as_str())
}

/// The names that an extension and the document give an input.
fn input_candidates(input: &Input, given: Option<&String>) -> Vec<String> {
    let given = given.map(|given| case::snake(given)).filter(|given| !given.is_empty());
    let own = spoken::snake(&input.wire);
    given.into_iter().chain([own]).flat_map(|name| candidates_of(input, name)).collect()
}

fn candidates_of(input: &Input, name: String) -> Vec<String> {
    let name = if name.starts_with("with_") || name.starts_with("send_for_") { format!("{name}_") } else { name };
    let place = match input.slot {
        Slot::Path(_) => "path",
        Slot::Query { .. } | Slot::QueryString { .. } => "query",
        Slot::Header(_) => "header",
        Slot::Cookie(_) => "cookie",
        _ => "body",
    };
    let prefixed = format!("{place}_{name}");
    // A verb of the requests takes an underscore; what another input has taken, the place it goes to.
    if VERBS.contains(&name.as_str()) { vec![format!("{name}_"), prefixed] } else { vec![name, prefixed] }
}

fn name_types(api: &Api, operations: &[OperationNames], lock: &Lock, findings: &mut Findings) -> Vec<TypeNames> {
    let mut scope = Scope::of(MODELS);
    let recorded = recorded_keys(api, lock);
    let current: HashSet<&str> = recorded.iter().flatten().copied().collect();
    let taken: HashSet<&str> = current.iter().filter_map(|key| lock.type_(key)).map(|it| it.name.as_str()).collect();
    let gone = lock.types().filter(|(key, it)| !current.contains(key) && !taken.contains(it.name.as_str()));
    scope.reserve(gone.map(|(_, it)| it.name.as_str()));
    scope.reserve(lock.types().filter_map(|(_, it)| it.was.as_deref()));
    let mut names: Vec<Option<String>> = recorded
        .iter()
        .map(|key| lock.type_((*key)?).map(|it| it.name.clone()).filter(|name| scope.claim(name)))
        .collect();
    let components = Components::of(api, operations);
    let given = given_names(api);
    let unnamed: Vec<_> = api.types.iter().zip(&names).collect();
    let origins = thread::map(&unnamed, |(def, name)| {
        let is_named = name.is_some() || !def.is_used() || def.received().is_some();
        (!is_named).then(|| origin_names(&def.origin, operations, &components))
    });
    // Components are named before what is only found inside something, so that they get the names they have.
    for of_components in [true, false] {
        for ((def, name), origin) in api.types.iter().zip(&mut names).zip(&origins) {
            if let Some(origin) = origin.as_ref().filter(|_| def.is_component() == of_components) {
                let candidates = type_candidates(def, origin, given.get(def.pointer.as_str()));
                let wanted = candidates[0].clone();
                let claimed = scope.claim_first(&candidates);
                if claimed != wanted {
                    let message = format!("the type name `{wanted}` is already used; this type becomes `{claimed}`");
                    findings.add(code::NAME_CLASH, &def.pointer, message);
                }
                *name = Some(claimed);
            }
        }
    }
    let sent = name_sent(api, &mut names, &mut scope);
    let names: Vec<String> = names.into_iter().map(Option::unwrap_or_default).collect();
    let indices: Vec<usize> = (0..api.types.len()).collect();
    let members = thread::map(&indices, |index| {
        // Half of the types of a large document are another one again.
        api.types[*index].is_used().then(|| name_members(api, *index, &names, lock, &recorded))
    });
    let mut types = Vec::with_capacity(members.len());
    for members in members {
        let (names, clashes) = members.unwrap_or_default();
        types.push(names);
        for (pointer, message) in clashes {
            findings.add(code::NAME_CLASH, pointer, message);
        }
    }
    for (index, name) in sent {
        types[index].name = name;
    }
    for (names, key) in types.iter_mut().zip(&recorded).filter(|(names, _)| !names.name.is_empty()) {
        names.former = key.and_then(|key| lock.type_(key)).and_then(|it| it.was.clone());
    }
    for names in types.iter_mut().filter(|names| names.arguments.len() > MAX_ARGUMENTS) {
        let required = joined(&names.name, "Required");
        names.required = Some(scope.claim_first(&[required.clone(), format!("{required}Fields")]));
    }
    types
}

/// The names that an extension and the place of a type give it.
fn type_candidates(def: &TypeDef, origin: &[String; 2], given: Option<&String>) -> Vec<String> {
    let mut candidates: Vec<String> = given.into_iter().chain(origin).cloned().collect();
    let [_, whole] = origin;
    candidates.extend(def.origin.position().into_iter().flat_map(|at| later_positions(whole, at)));
    candidates.push(joined(whole, "Model"));
    candidates
}

/// The names of the variants after one that has only its position for a name: the lock may record that name for another one.
fn later_positions(name: &str, at: usize) -> impl Iterator<Item = String> {
    const MOST: usize = 32;
    let base = name.strip_suffix(&at.to_string()).map(str::to_owned);
    base.into_iter().flat_map(move |base| (at + 1..=at + MOST).map(move |next| format!("{base}{next}")))
}

/// Names the types of requests after those of responses, for which the document has a name. Leaves the latter in their place, by
/// which variants are named.
fn name_sent(api: &Api, names: &mut [Option<String>], scope: &mut Scope) -> Vec<(usize, String)> {
    let mut sent = Vec::new();
    for (index, def) in api.types.iter().enumerate() {
        if let Some(received) = def.received() {
            let received = names[received.0].clone();
            let candidates =
                ["Input", "Request", "InputModel"].map(|word| joined(received.as_deref().unwrap_or(""), word));
            let recorded = std::mem::replace(&mut names[index], received);
            sent.push((index, recorded.unwrap_or_else(|| scope.claim_first(&candidates))));
        }
    }
    sent
}

/// The names that extensions give to types inside others. A name that several types have is not given.
fn given_names(api: &Api) -> HashMap<&str, String> {
    let inner = api.types.iter().filter(|def| def.is_used() && def.received().is_none() && !def.is_component());
    let given: HashMap<&str, String> = inner
        .filter_map(|def| Some((def.pointer.as_str(), case::pascal(api.given.types.get(&def.pointer)?))))
        .filter(|(_, name)| !name.is_empty())
        .collect();
    let mut count: HashMap<String, usize> = HashMap::default();
    for name in given.values() {
        *count.entry(name.clone()).or_default() += 1;
    }
    given.into_iter().filter(|(_, name)| count[name] == 1).collect()
}

/// What a type is called by where it is found: without the words that its place has just said, and with them.
fn origin_names(origin: &Origin, operations: &[OperationNames], components: &Components<'_>) -> [String; 2] {
    let root = match &origin.root {
        OriginRoot::Component(name) => components.name(name),
        OriginRoot::Operation(index) => operations.get(*index).map(|names| names.request.clone()).unwrap_or_default(),
    };
    let brief = origin.path.iter().fold(root.clone(), |name, word| {
        let word = case::behind(&name, word);
        joined(&name, &word[said_length(&name, &word)..])
    });
    let whole = origin.path.iter().fold(root, |name, word| joined(&name, &case::behind(&name, word)));
    [brief, whole].map(|name| if name.is_empty() { "Model".to_owned() } else { name })
}

/// How much of `word` a name ends with, in whole words, that says more than these: `TransitionBroadcast` has nine letters of
/// `BroadcastStatus`.
fn said_length(name: &str, word: &str) -> usize {
    let begins = |text: &str| text.starts_with(char::is_uppercase);
    let ends = word.char_indices().map(|(at, _)| at).rev();
    let is_said = |end: &usize| {
        let start = name.strip_suffix(&word[..*end]).map(str::len);
        begins(&word[*end..]) && start.is_some_and(|start| begins(&name[start..]))
    };
    ends.filter(|end| *end > 0).find(is_said).unwrap_or(0)
}

/// Names the members of a type. Returns with their names where a name clashes, and what is said of it.
fn name_members(
    api: &Api,
    index: usize,
    names: &[String],
    lock: &Lock,
    recorded: &[Option<&str>],
) -> (TypeNames, Vec<(String, String)>) {
    let def = &api.types[index];
    let keys = member_keys(api, def);
    let mut scope = match &def.shape {
        Shape::Struct(_) if def.sent().is_some() => Scope::reserving(SPLIT_METHODS),
        Shape::Struct(_) => Scope::reserving(MODEL_METHODS),
        _ => Scope::reserving(ENUM_VARIANTS),
    };
    // The members of a type for requests have the names of those for responses.
    let key = recorded[index].or_else(|| recorded[def.received()?.0]);
    let locked = key.and_then(|key| lock.type_(key));
    let mut members = recorded_members(api, def, &keys, locked, recorded);
    let kept: HashSet<&str> = members.iter().flatten().map(String::as_str).collect();
    scope.reserve(locked.into_iter().flat_map(|it| stale(&it.members, &keys)).filter(|name| !kept.contains(name)));
    for member in &mut members {
        *member = member.take().filter(|name| scope.claim(name));
    }
    let required = required_fields(def);
    if matches!(def.shape, Shape::Struct(_)) {
        let is_default = required.is_empty() || def.twin.is_some();
        scope.reserve([CONVERSION].into_iter().chain(is_default.then_some(CONSTRUCTOR)));
    }
    let variants = match &def.shape {
        Shape::Union(shape) => Variants {
            candidates: union_candidates(api, shape, names, &names[index]),
            order: (0..keys.len()).collect(),
        },
        Shape::Struct(shape) => {
            let candidates: Vec<_> = shape.fields.iter().map(field_candidates).collect();
            let wires = candidates.iter().zip(&shape.fields).map(|(names, field)| ("", names, field.wire.as_str()));
            Variants { order: plain_first(wires), candidates }
        }
        shape => Variants::of(shape, &keys),
    };
    let mut clashes = Vec::new();
    for position in variants.order {
        let (key, member) = (&keys[position], &mut members[position]);
        if member.is_none() {
            let (claimed, clash) = claim_member(&mut scope, &variants.candidates[position]);
            clashes.extend(clash.map(|message| {
                match def.shape {
                    Shape::Struct(_) => (pointer::join(&pointer::join(&def.pointer, "properties"), key), message),
                    // A schema lists all values in one place.
                    Shape::Enum(_) => (def.pointer.clone(), message.replacen("this one", &format!("`{key}`"), 1)),
                    _ => (def.pointer.clone(), message),
                }
            }));
            *member = Some(claimed);
        }
    }
    let members: Vec<String> = members.into_iter().flatten().collect();
    let additional = scope.claim_first(&["additional_properties".to_owned()]);
    let additional_setter = scope.claim_first(&["additional_property".to_owned()]);
    let arguments = in_recorded_order(required.into_iter(), &members, locked.map(|it| it.arguments.as_slice()));
    let name = names[index].clone();
    let names = TypeNames { name, former: None, members, additional, additional_setter, arguments, required: None };
    (names, clashes)
}

/// The fields that a constructor takes, as indices.
fn required_fields(def: &TypeDef) -> Vec<usize> {
    let Shape::Struct(shape) = &def.shape else { return Vec::new() };
    let is_required = |field: &Field| field.required && !field.ty.split_nullable().1 && field.constant.is_none();
    (0..shape.fields.len()).filter(|index| is_required(&shape.fields[*index])).collect()
}

/// The names that an extension and the document give a field.
fn field_candidates(field: &Field) -> Vec<String> {
    let given = field.given.as_deref().map(case::snake).filter(|given| !given.is_empty());
    let name = spoken::snake(&field.wire);
    given.into_iter().chain([name.clone(), format!("{name}_")]).collect()
}

/// Returns the recorded name of each member. A variant that the lock does not know by its tag has the name of its former key.
fn recorded_members(
    api: &Api,
    def: &TypeDef,
    keys: &[String],
    locked: Option<&LockedType>,
    recorded: &[Option<&str>],
) -> Vec<Option<String>> {
    let Some(locked) = locked else { return vec![None; keys.len()] };
    let mut members: Vec<Option<String>> = keys.iter().map(|key| locked.members.get(key).cloned()).collect();
    if let Shape::Union(shape) = &def.shape {
        // What a schema was known by with its tag may be more by now.
        for (member, variant) in members.iter_mut().zip(&shape.variants).filter(|(member, _)| member.is_none()) {
            *member = locked.members.get(&tagged_key(api, variant)).cloned();
        }
        // A tag that is recorded keeps its name, even if the document lacks it now.
        let of_tags = locked.members.iter().filter(|(key, _)| key.starts_with("tag:")).map(|(_, name)| name.clone());
        let mut taken: HashSet<String> = members.iter().flatten().cloned().chain(of_tags).collect();
        let former = former_keys(api, shape, recorded, |key| locked.members.contains_key(key));
        for (member, key) in members.iter_mut().zip(former) {
            if let (None, Some(key)) = (&member, key) {
                *member = locked.members.get(&key).filter(|name| taken.insert((*name).clone())).cloned();
            }
        }
    }
    members
}

fn report_unlocked(api: &Api, names: &Names, lock: &Lock, findings: &mut Findings) {
    if lock.is_absent() {
        return;
    }
    for (operation, names) in api.operations.iter().zip(&names.operations) {
        if lock.operation(&operation.key).is_none() {
            let message =
                format!("the lock does not record the method `{}`; a later document can rename it", names.method);
            findings.add_with_help(code::LOCK_INCOMPLETE, &operation.pointer, message, COMMIT);
        }
    }
    let recorded = recorded_keys(api, lock);
    let types = api.types.iter().zip(&names.types).zip(recorded);
    for ((def, names), key) in types.filter(|((def, _), _)| def.is_used()) {
        if key.is_none() {
            let message = format!("the lock does not record the type `{}`; a later document can rename it", names.name);
            findings.add_with_help(code::LOCK_INCOMPLETE, &def.pointer, message, COMMIT);
        }
    }
}
