//! What no difference of names and meaning explains: types on one side alone, consequences of other changes, and the rest, which
//! has entries of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        bindings::Type,
        entry::{Effect, Entry},
        rules,
        surface::{Line, Owner},
    },
    Comparison, or_none, quoted,
    renames::{sorted_words, words},
    types::{about, owner},
};

/// Returns the complete entries.
pub(super) fn explain_rest(mut comparison: Comparison<'_>) -> Vec<Entry> {
    take_renamed(&mut comparison);
    let pairs = comparison.types();
    for (types, is_new) in [(pairs.old, false), (pairs.new, true)] {
        explain_types(&mut comparison, &types, is_new);
    }
    let mut owners = entries_by_owner(&comparison);
    let lines = std::mem::take(&mut comparison.lines);
    for (owner, line) in lines.into_rest() {
        if let Some(index) = owners.get(&owner) {
            comparison.entries[*index].lines.push(line);
            continue;
        }
        let texts = [&line.before, &line.after].map(|text| text.as_deref());
        let [was, now] = texts.map(or_none);
        let said = format!("The public surface has {now}; before: {was}. No other rule explains it.");
        let entry = Entry::new(&rules::SURFACE_CHANGED, name_of(&owner), said)
            .facts(texts[0], texts[1])
            .lines(vec![line.clone()]);
        owners.insert(owner, comparison.entries.len());
        comparison.entries.push(entry);
    }
    explain_code(&mut comparison, &owners);
    comparison.entries
}

/// Lines that differ in a renamed type alone belong to the entry of the type.
fn take_renamed(comparison: &mut Comparison<'_>) {
    let renames = &comparison.renames;
    let is_renamed = |line: &Line| match (&line.before, &line.after) {
        (Some(before), Some(after)) => before != after && renames.apply(before) == *after,
        _ => false,
    };
    let lines = comparison.lines.take_where(is_renamed);
    for line in lines {
        let names = |entry: &Entry| {
            let was = entry.was.as_deref().unwrap_or_default();
            let name = was.rsplit("::").next().unwrap_or(was);
            let renames =
                [&rules::TYPE_RENAMED, &rules::TYPE_ALIASED, &rules::OPERATION_RENAMED, &rules::OPERATION_ALIASED];
            renames.contains(&entry.rule) && line.before.as_deref().is_some_and(|line| words(line).any(|it| it == name))
        };
        match comparison.entries.iter_mut().find(|entry| names(entry)) {
            Some(entry) => {
                let is_aliased = [&rules::TYPE_ALIASED, &rules::OPERATION_ALIASED].contains(&entry.rule);
                entry.lines.push(Line { breaks: line.breaks && !is_aliased, ..line });
            }
            // The method has the name of the request.
            None => comparison.add(
                Entry::new(&rules::SURFACE_CHANGED, line.item(), "A type that the item names has another name.")
                    .lines(vec![line.clone()]),
            ),
        }
    }
}

/// Types on one side alone: the first entry that speaks of one has its lines, and those of the types that it names.
fn explain_types(comparison: &mut Comparison<'_>, types: &[&Type], is_new: bool) {
    let by_name: BTreeMap<&str, &Type> = types.iter().map(|ty| (ty.name(), *ty)).collect();
    let mut left: BTreeSet<&str> = by_name.keys().copied().collect();
    for index in 0..comparison.entries.len() {
        let entry = &comparison.entries[index];
        // Errors are documentation, but have types.
        if entry.rule.effects == [Effect::Docs] && entry.rule != &rules::ERRORS_CHANGED {
            continue;
        }
        let lines =
            entry.lines.iter().filter_map(|line| if is_new { line.after.as_ref() } else { line.before.as_ref() });
        let fact = if is_new { entry.now.as_ref() } else { entry.was.as_ref() };
        let mut open: Vec<&str> = lines.chain(fact).flat_map(|text| mentioned(text, &by_name)).collect();
        let mut taken = Vec::new();
        while let Some(name) = open.pop() {
            if left.remove(name) {
                let ty = by_name[name];
                taken.extend(take_type(comparison, ty));
                let members = ty.members.iter().filter_map(|member| member.ty.as_deref());
                open.extend(members.flat_map(|text| mentioned(text, &by_name)));
            }
        }
        comparison.entries[index].lines.extend(taken);
    }
    for name in left {
        let ty = by_name[name];
        let lines = take_type(comparison, ty);
        let (rule, said, sides) = if is_new {
            (&rules::TYPE_ADDED, "added", (None, Some(ty)))
        } else {
            (&rules::TYPE_REMOVED, "removed", (Some(ty), None))
        };
        let upstream = format!("Upstream {said} the schema of {}, or its use.", quoted(&ty.rust));
        comparison.add(about(rule, sides.0, sides.1, upstream).lines(lines));
    }
}

fn take_type(comparison: &mut Comparison<'_>, ty: &Type) -> Vec<Line> {
    let mut lines = comparison.lines.take_all(&owner(ty));
    if let Some(required) = &ty.required {
        lines.extend(comparison.lines.take_all(&Owner::Model(required.trim_start_matches("types::").to_owned())));
    }
    lines
}

fn mentioned<'t>(text: &str, types: &BTreeMap<&'t str, &'t Type>) -> Vec<&'t str> {
    words(text).filter_map(|word| types.get_key_value(word).map(|(name, _)| *name)).collect()
}

/// The first entry of each owner that says more than documentation.
fn entries_by_owner(comparison: &Comparison<'_>) -> BTreeMap<Owner, usize> {
    let mut owners = BTreeMap::new();
    let sides = [comparison.old, comparison.new];
    let mut requests: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for operation in sides.iter().flat_map(|side| &side.bindings.operations) {
        requests.entry(format!("Client::{}", operation.rust)).or_default().extend(operation.request_types());
    }
    // The structs of required fields, which only some types have.
    let mut required: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for ty in sides.iter().flat_map(|side| &side.bindings.types) {
        let name = ty.required.as_deref().map(|name| name.trim_start_matches("types::"));
        required.entry(ty.name()).or_default().extend(name);
    }
    for (index, entry) in comparison.entries.iter().enumerate() {
        if entry.rule.effects == [Effect::Docs] {
            continue;
        }
        let subject = entry.item.split('(').next().unwrap_or_default();
        if let Some(path) = subject.strip_prefix("types::") {
            let name = path.split("::").next().unwrap_or_default();
            for name in std::iter::once(name).chain(required.get(name).into_iter().flatten().copied()) {
                owners.entry(Owner::Model(name.to_owned())).or_insert(index);
            }
        } else if let Some(names) = requests.get(subject) {
            for name in names {
                owners.entry(Owner::Request((*name).to_owned())).or_insert(index);
            }
        } else {
            owners.entry(Owner::Client).or_insert(index);
        }
    }
    owners
}

fn name_of(owner: &Owner) -> String {
    match owner {
        Owner::Client => "Client".to_owned(),
        Owner::Request(name) => format!("requests::{name}"),
        Owner::Model(name) => format!("types::{name}"),
    }
}

/// Code that differs does something else, even if no entry says what.
fn explain_code(comparison: &mut Comparison<'_>, owners: &BTreeMap<Owner, usize>) {
    let (old, new) = (&comparison.old.code, &comparison.new.code);
    let methods: BTreeMap<&str, &str> =
        comparison.new.bindings.operations.iter().map(|it| (it.rust.as_str(), it.request_name())).collect();
    let holders = holders(comparison);
    let errors: BTreeSet<&str> =
        comparison.entries.iter().filter(|it| it.rule == &rules::ERRORS_CHANGED).map(|it| it.item.as_str()).collect();
    let errors: BTreeSet<String> = comparison
        .new
        .bindings
        .operations
        .iter()
        .filter(|it| errors.contains(format!("Client::{}", it.rust).as_str()))
        .map(|it| format!("fn {}::decode_error", it.request))
        .collect();
    let aliases = comparison.new.bindings.operations.iter().filter_map(|it| it.former.as_ref());
    let aliases: BTreeSet<String> = aliases.map(|former| format!("fn client::Client::{former}")).collect();
    let mut told: BTreeSet<Owner> = BTreeSet::new();
    for (item, before) in old {
        let Some(after) = new.get(item) else { continue };
        // The order of properties in a document means nothing. Texts may have the name of a type, too.
        let [before_named, after_named] = [before, after].map(|code| comparison.renames.apply(code));
        if sorted_words(&before_named) == sorted_words(&after_named) || aliases.contains(item) || errors.contains(item)
        {
            continue;
        }
        let owner = owner_of_code(item, &methods);
        // A variant writes the tag that its union gives it.
        let of = holders.get(&owner).into_iter().flatten().chain([&owner]);
        if of.into_iter().any(|owner| owners.contains_key(owner)) || !told.insert(owner.clone()) {
            continue;
        }
        let said = "No difference of names or meaning explains that the code does something else.";
        let entry = Entry::new(&rules::CODE_CHANGED, name_of(&owner), said).facts(Some(before), Some(after));
        comparison.entries.push(entry);
    }
}

/// The unions that have a type as a variant.
fn holders(comparison: &Comparison<'_>) -> BTreeMap<Owner, Vec<Owner>> {
    let mut holders: BTreeMap<Owner, Vec<Owner>> = BTreeMap::new();
    let types = comparison.old.bindings.types.iter().chain(&comparison.new.bindings.types);
    for ty in types.filter(|ty| ty.kind == "union") {
        for held in ty.members.iter().filter_map(|member| member.ty.as_deref()?.strip_prefix("types::")) {
            holders.entry(Owner::Model(held.to_owned())).or_default().push(owner(ty));
        }
    }
    holders
}

/// The owner of an item such as `fn client::Client::get_tone` or `model! types::Tone`.
fn owner_of_code(item: &str, methods: &BTreeMap<&str, &str>) -> Owner {
    let subject = item.rsplit_once(" for ").or_else(|| item.split_once(' ')).map_or(item, |(_, subject)| subject);
    let parts: Vec<&str> = subject.split("::").map(|part| part.split('<').next().unwrap_or(part)).collect();
    match parts.as_slice() {
        ["client", "Client", method, ..] => match methods.get(method) {
            Some(request) => Owner::Request((*request).to_owned()),
            None => Owner::Client,
        },
        ["requests", name, ..] => Owner::Request((*name).to_owned()),
        ["types", name, ..] => Owner::Model((*name).to_owned()),
        _ => Owner::Client,
    }
}
