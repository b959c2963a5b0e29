//! Lowers the fields of structs, which may be declared by several schemas.

use foldhash::{HashMap, HashSet};
use serde_json::{Map, Value};

use super::{
    adding::adding,
    additional::{ByName, pattern_beside_others},
    condition::{parts_of_some, report_conditions},
    define::{choice_of, with_others},
    enum_::lower_choice_of_values,
    meet::{Meet, Part},
    said::{described_property, report_both_directions},
    undeclared::{Listed, Others, listed_names, undeclared_names},
    view::{View, component_of, is_never, only_value},
    walk::{lower_additional, lower_all, lower_with},
};
use crate::{
    diagnostic::code,
    ir::{Constant, Direction, Field, Origin, OriginRoot, Shape, Struct, Type, meet_limits},
    lower::{
        context::{Cx, Pending, Report},
        given::given_property,
    },
    read::{extension::ALIASES, ledger::Read, member::Members, pointer},
};

/// The most properties that a message names.
const MAX_NAMED: usize = 5;

/// Lowers the fields of all pending structs.
pub(crate) fn finish_structs(cx: &mut Cx<'_, '_>) {
    while let Some(pending) = cx.types.pending.pop_front().filter(|_| !cx.report.steps.are_spent()) {
        cx.scope.bindings.clone_from(&pending.bindings);
        let fields = collect_struct(cx, &pending);
        cx.scope.bindings.clear();
        cx.types.defs[pending.id.0].shape = Shape::Struct(fields);
    }
}

/// Returns the fields of a struct.
fn collect_struct(cx: &mut Cx<'_, '_>, pending: &Pending) -> Struct {
    let Pending { parts, origin, .. } = pending;
    let views = parts.iter().filter_map(|at| Some((at, View::of(cx.document.node(at)?)?)));
    let views: Vec<Part<'_>> = views.map(|(at, view)| Part { at: at.clone(), view }).collect();
    let meet = Meet { parts: views, optional: pending.optional.clone(), ..Meet::default() };
    let some = parts_of_some(cx.document, &mut cx.report, &meet);
    let views = meet.parts;
    // Values of several variants at once need not fit all that each says.
    let combined = pending.combined.as_ref();
    let all_hold = combined.is_none();
    let (mut sure, mut conditional) = (Declared { all_hold, ..Declared::default() }, Declared::default());
    let _ =
        views.iter().all(|part| sure.add(cx, part, true)) && some.iter().all(|part| conditional.add(cx, part, false));
    sure.exclude(cx, all_hold);
    if all_hold {
        report_closed(&mut cx.report, &views, &sure.wires);
    }
    let by_name = if all_hold { ByName::of(&mut cx.report, &views) } else { ByName::default() };
    let differing = combined.map_or(&[][..], |combined| &combined.differing);
    let fields = sure.fields(cx, &conditional, &by_name, origin, differing);
    let is_open = combined.is_some_and(|combined| combined.is_open);
    let additional = if is_open { Some(Type::Any) } else { lower_additional(cx, &views, &some, origin) };
    // Patterns beside properties are for some of the other names. Those of a map are taken to be for all.
    let additional = match (additional, pattern_beside_others(&views)) {
        (Some(ty), Some(at)) => Some(with_others(cx, ty, &at, &origin.child("value"))),
        (additional, _) => additional,
    };
    let is_closed = all_hold && views.iter().any(|part| part.view.is_closed());
    let mut merged = Struct { fields, additional, is_closed, ..Struct::default() };
    conditional.wires.retain(|wire| !sure.places.contains_key(wire));
    if let Some(combined) = combined {
        for listed in &mut sure.listed {
            listed.is_sure &= combined.required.contains(&listed.name);
        }
    }
    let required: HashSet<&str> = sure.listed.iter().filter(|it| it.is_sure).map(|it| it.name.as_str()).collect();
    merged.fields.extend(conditional.choices(cx, &by_name, origin, &required));
    sure.listed.extend(conditional.listed);
    let others = match &merged.additional {
        _ if views.iter().any(|part| part.view.is_closed()) => Others::Excluded,
        Some(ty) if *ty != Type::Any && views.iter().any(|part| part.view.says_all_others()) => Others::Typed,
        _ => Others::Any,
    };
    add_undeclared(cx, &mut merged, sure.listed, others);
    merged
}

/// Reports properties that one of the schemas excludes and another declares. Authors mean that objects have them.
fn report_closed(report: &mut Report<'_>, parts: &[Part<'_>], wires: &[String]) {
    for Part { at, view } in parts.iter().filter(|part| part.view.allows_no_others()) {
        let own = view.properties();
        let excluded = wires.iter().filter(|wire| own.is_none_or(|own| !own.has_member(wire)));
        let excluded: Vec<String> = excluded.take(MAX_NAMED).map(|wire| format!("`{wire}`")).collect();
        if !excluded.is_empty() {
            let message = format!(
                "this excludes {}, which schemas that apply beside it declare; the client has what they declare",
                excluded.join(", ")
            );
            report.findings.add(code::COMPOSITION.as_note(), pointer::join(at, "additionalProperties"), message);
        }
    }
}

/// The properties that schemas declare.
#[derive(Default)]
struct Declared {
    /// The names, in the order of the first declarations.
    wires: Vec<String>,
    places: HashMap<String, Vec<String>>,
    /// The places of properties that no object has: their schema is `false`.
    never: HashMap<String, String>,
    listed: Vec<Listed>,
    /// Whether each value fits all declarations of a property.
    all_hold: bool,
}

impl Declared {
    /// Adds a schema. `is_sure` says whether it applies to all values. Returns `false` if no steps are left.
    fn add(&mut self, cx: &mut Cx<'_, '_>, part: &Part<'_>, is_sure: bool) -> bool {
        let Part { at, view } = part;
        let properties = view.properties();
        let listed = listed_names(view.node, at, is_sure);
        if !cx.report.take_steps(1 + properties.map_or(0, Map::len) + listed.len(), at) {
            return false;
        }
        report_conditions(&mut cx.report, view.node, at);
        cx.report.ledger.note(at, Read::OBJECT);
        self.listed.extend(listed);
        let list = pointer::join(at, "properties");
        self.places.reserve(properties.map_or(0, Map::len));
        for (wire, schema) in properties.into_iter().flatten() {
            if *schema == Value::Bool(false) {
                self.never.insert(wire.clone(), pointer::join(&list, wire));
                continue;
            }
            let places = self.places.entry(wire.clone()).or_default();
            if places.is_empty() {
                self.wires.push(wire.clone());
            }
            places.push(pointer::join(&list, wire));
        }
        true
    }

    /// Removes what no object has, and reports it. An object that fits only some of the schemas has what the others exclude.
    fn exclude(&mut self, cx: &mut Cx<'_, '_>, fits_all: bool) {
        self.never.retain(|wire, _| fits_all || !self.places.contains_key(wire));
        self.wires.retain(|wire| !self.never.contains_key(wire));
        self.listed.retain(|listed| !self.never.contains_key(&listed.name));
        self.never.values().for_each(|at| report_never(&mut cx.report, at));
    }

    /// Returns the fields. Each value fits all declarations of its property, or one of them if they differ, and may fit those that
    /// are `conditional`.
    fn fields(
        &self,
        cx: &mut Cx<'_, '_>,
        conditional: &Self,
        by_name: &ByName<'_>,
        origin: &Origin,
        differing: &[String],
    ) -> Vec<Field> {
        let mut fields = Vec::new();
        for wire in &self.wires {
            let Some(own) = self.places.get(wire) else { continue };
            if differing.contains(wire) {
                fields.extend(self.choice(cx, wire, by_name, origin));
                continue;
            }
            let others = by_name.places(wire);
            let places: Vec<String> = others.iter().chain(own).cloned().collect();
            let some = conditional.places.get(wire).into_iter().flatten().cloned();
            let some = adding(cx.document, &mut cx.report, &places, some);
            // What outer schemas bind can make the types differ by struct.
            let is_bare = |at: &str| cx.document.node(at).and_then(View::of).is_some_and(View::is_bare_type);
            let others = others.iter().filter(|at| !is_bare(at)).chain(&some);
            let owner = owner_of(own, others).filter(|_| cx.scope.bindings.is_empty());
            let origin = owner.map_or_else(|| origin.child(wire), |owner| owner.child(wire));
            let ty = lower_with(cx, &places, &some, &origin).in_json();
            match own.iter().find(|at| ty == Type::Any && is_never(cx.document, at)) {
                Some(at) => report_never(&mut cx.report, at),
                None => fields.extend(self.field(cx, wire, ty)),
            }
        }
        fields
    }

    /// Returns the fields. Each value fits any declaration of its property, and is optional. What all objects have is declared for some
    /// of them only, so that others may have any value.
    fn choices(
        &self,
        cx: &mut Cx<'_, '_>,
        by_name: &ByName<'_>,
        origin: &Origin,
        required: &HashSet<&str>,
    ) -> Vec<Field> {
        let mut fields = Vec::new();
        for wire in &self.wires {
            let Some(mut field) = self.choice(cx, wire, by_name, origin) else { continue };
            let places = self.places.get(wire).map_or(&[][..], Vec::as_slice);
            if let [first, ..] = places
                && required.contains(wire.as_str())
                && !hold_in_each_case(places)
            {
                field.ty = with_others(cx, field.ty, first, &origin.child(wire));
            }
            fields.push(field);
        }
        fields
    }

    /// Returns a field whose value fits any of its declarations, and is optional.
    fn choice(&self, cx: &mut Cx<'_, '_>, wire: &str, by_name: &ByName<'_>, origin: &Origin) -> Option<Field> {
        let places = self.places.get(wire)?;
        let origin = &origin.child(wire);
        let others = by_name.places(wire);
        let groups: Vec<_> = places.iter().map(|place| others.iter().chain([place]).cloned().collect()).collect();
        let ty = lower_any(cx, &groups, origin).in_json();
        Some(Field { required: false, ..self.field(cx, wire, ty)? })
    }

    /// Returns the field of a property, with what its declarations say.
    fn field(&self, cx: &mut Cx<'_, '_>, wire: &str, ty: Type) -> Option<Field> {
        let places = self.places.get(wire)?;
        let mut declared: Vec<Field> = places.iter().filter_map(|at| declaration(cx, wire, at, &ty)).collect();
        let field = if declared.len() > 1 {
            let field = declared.iter().cloned().reduce(|earlier, later| inheriting(later, &earlier))?;
            if self.all_hold { all_of(cx, field, &declared, places) } else { common(field, &declared) }
        } else {
            declared.pop()?
        };
        let only = field.only.filter(|only| match only {
            Constant::Boolean(_) => *ty.split_nullable().0 == Type::Bool,
            _ => ty == Type::Any,
        });
        Some(Field { ty, only, ..field })
    }
}

/// Whether one of these declarations of a property applies to each value: both branches of a condition have one.
fn hold_in_each_case(places: &[String]) -> bool {
    places.iter().filter_map(|at| at.rsplit_once("/then/")).any(|(condition, _)| {
        let other = pointer::join(condition, "else");
        places.iter().any(|at| at.strip_prefix(&other).is_some_and(|rest| rest.starts_with('/')))
    })
}

pub(crate) fn report_never(report: &mut Report<'_>, at: &str) {
    let message = "the schema of this property allows no value; the client does not have the property";
    report.findings.add(code::COMPOSITION.as_note(), at, message);
}

/// Returns the type of a property outside of a struct: its values fit the schemas in `all`, and some of them those in `some`. Without
/// the former, each value fits any of the latter.
pub(crate) fn lower_declared(cx: &mut Cx<'_, '_>, all: &[String], some: &[String], origin: &Origin) -> Type {
    if !all.is_empty() {
        let some = adding(cx.document, &mut cx.report, all, some.iter().cloned());
        return lower_with(cx, all, &some, origin);
    }
    let groups: Vec<_> = some.iter().map(|at| vec![at.clone()]).collect();
    lower_any(cx, &groups, origin)
}

/// Returns the type of a value that fits all schemas of any of these groups. The last one of a group is its own. Where these alone list
/// values, the type is one enum.
fn lower_any(cx: &mut Cx<'_, '_>, groups: &[Vec<String>], origin: &Origin) -> Type {
    let Some(first) = groups.first().and_then(|group| group.last()) else { return Type::Any };
    if let [only] = groups {
        return lower_all(cx, only, origin);
    }
    let own: Vec<String> = groups.iter().filter(|group| group.len() == 1).flatten().cloned().collect();
    let at = pointer::join(first, "anyOf");
    let of_values = if own.len() == groups.len() { lower_choice_of_values(cx, &[], &own, &at, origin) } else { None };
    of_values.unwrap_or_else(|| {
        let types: Vec<Type> = groups.iter().map(|group| lower_all(cx, group, origin).in_json()).collect();
        choice_of(cx, &types, first, origin)
    })
}

/// Returns the component that declares a property, if it does so alone. Types inside the property have its name, whichever struct
/// is lowered first. `others` are further schemas that say what it is.
fn owner_of<'p>(places: &'p [String], mut others: impl Iterator<Item = &'p String>) -> Option<Origin> {
    let [place] = places else { return None };
    let above = |at, key| Some(at).and_then(|at: &'p str| at.rsplit_once('/')?.0.strip_suffix(key));
    let schema = above(place, "/properties")?;
    // A part of an `allOf` belongs to its component.
    let component = above(schema, "/allOf").unwrap_or(schema);
    let name = component_of(component)?;
    let is_inside = |at: &String| at.strip_prefix(component).is_some_and(|rest| rest.starts_with('/'));
    others.all(is_inside).then_some(())?;
    Some(Origin { root: OriginRoot::Component(name), path: Vec::new() })
}

/// Returns a field as one schema declares it, without its type.
fn declaration(cx: &mut Cx<'_, '_>, wire: &str, place: &str, ty: &Type) -> Option<Field> {
    let property = cx.document.node(place)?;
    let referred = cx.document.resolve(place).map_or(property, |(_, node)| node);
    let aliases = property.member(ALIASES).and_then(Value::as_array).into_iter().flatten();
    let (docs, direction) = described_property(cx, place, ty);
    Some(Field {
        wire: wire.to_owned(),
        aliases: aliases.filter_map(Value::as_str).map(str::to_owned).collect(),
        ty: Type::Any,
        required: false,
        is_declared: true,
        direction,
        docs,
        boxed: false,
        constant: None,
        only: only_value(referred),
        given: given_property(property),
    })
}

/// Requires what is listed, and adds what no schema declares.
fn add_undeclared(cx: &mut Cx<'_, '_>, merged: &mut Struct, listed: Vec<Listed>, others: Others) {
    let required: HashSet<&str> = listed.iter().filter(|it| it.is_sure).map(|it| it.name.as_str()).collect();
    for field in &mut merged.fields {
        field.required |= required.contains(field.wire.as_str());
    }
    let declared: HashSet<String> = merged.fields.iter().map(|field| field.wire.clone()).collect();
    for Listed { name, is_sure, .. } in undeclared_names(&mut cx.report, listed, &declared, others) {
        let ty = merged.additional.clone().filter(|_| others == Others::Typed).unwrap_or(Type::Any);
        merged.fields.push(Field::undeclared(name, ty, is_sure));
    }
}

/// Returns a property whose declarations hold together, with who sends it.
fn all_of(cx: &mut Cx<'_, '_>, mut field: Field, declared: &[Field], places: &[String]) -> Field {
    let is = |direction: Direction| declared.iter().any(|it| it.direction == direction);
    if is(Direction::Response) && is(Direction::Request) {
        field.direction = Direction::Both;
        report_both_directions(&mut cx.report, places.last().map_or("", String::as_str));
    }
    field
}

/// Returns a property without what only some of its declarations say of its values, and of who sends it.
fn common(field: Field, declared: &[Field]) -> Field {
    let Some((first, others)) = declared.split_first() else { return field };
    let all = |is_same: fn(&Field, &Field) -> bool| others.iter().all(|other| is_same(first, other));
    let mut docs = field.docs;
    docs.deprecated = declared.iter().all(|it| it.docs.deprecated);
    docs.default = docs.default.filter(|_| all(|one, other| one.docs.default == other.docs.default));
    if !all(|one, other| one.docs.limits == other.docs.limits) {
        docs.limits.clear();
    }
    let direction = if all(|one, other| one.direction == other.direction) { first.direction } else { Direction::Both };
    let only = first.only.clone().filter(|_| all(|one, other| one.only == other.only));
    Field { direction, docs, only, ..field }
}

/// Returns the later declaration of a property, with what only an earlier one says.
fn inheriting(mut later: Field, earlier: &Field) -> Field {
    let docs = &earlier.docs;
    let mut own = later.docs;
    own.summary = own.summary.or_else(|| docs.summary.clone());
    own.description = own.description.or_else(|| docs.description.clone());
    own.link = own.link.or_else(|| docs.link.clone());
    own.default = own.default.or_else(|| docs.default.clone());
    own.deprecated |= docs.deprecated;
    meet_limits(&mut own.limits, docs.limits.clone());
    later.docs = own;
    if later.direction == Direction::Both {
        later.direction = earlier.direction;
    }
    later.only = later.only.or_else(|| earlier.only.clone());
    later.given = later.given.or_else(|| earlier.given.clone());
    if later.aliases.is_empty() {
        later.aliases.clone_from(&earlier.aliases);
    }
    later
}
