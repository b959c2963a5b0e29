//! Lowers the fields of structs, and merges those of `allOf` and of choices with properties.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::{
    condition::{conditional_parts, report_conditions},
    define::{push_struct_of, push_type},
    narrow::narrower,
    parts::{parts_of, property_names},
    undeclared::{Listed, Others, is_closed, listed_names, undeclared_names},
    view::{choice_with_properties, direction_of, only_boolean},
    walk::{lower_additional, lower_schema},
};
use crate::{
    diagnostic::code,
    ir::{Direction, Field, Origin, Shape, Struct, Type, Union, Variant},
    lower::context::{Cx, Pending, inline_parts, property_docs},
    read::{extension::ALIASES, pointer},
};

/// Lowers the fields of all pending structs.
pub(crate) fn finish_structs(cx: &mut Cx<'_, '_>) {
    while let Some(pending) = cx.types.pending.pop_front().filter(|_| !cx.report.steps.are_spent()) {
        let fields = collect_struct(cx, &pending);
        cx.types.defs[pending.id.0].shape = Shape::Struct(fields);
    }
}

/// Returns the fields of a struct and of the parts of its `allOf`.
fn collect_struct(cx: &mut Cx<'_, '_>, pending: &Pending) -> Struct {
    let Pending { at, beside, origin, .. } = pending;
    let mut parts: Vec<String> = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    for at in beside.iter().chain([at]) {
        // A variant overrides the properties beside the choice.
        let found =
            choice_with_properties(cx.document, at).into_iter().chain(parts_of(cx.document, &mut cx.report, at).0);
        parts.extend(found.filter(|part| seen.insert(part.clone())));
    }
    let mut merging = Merging::default();
    for at in &parts {
        if !merging.add_part(cx, at, origin) {
            break;
        }
    }
    merging.meet_all(cx, origin);
    for at in conditional_parts(cx.document, &mut cx.report, &parts) {
        if !merging.add_conditional(cx, &at, origin) {
            break;
        }
    }
    merging.join_conditional(cx, origin);
    merging.add_undeclared(cx);
    merging.merged
}

/// The fields of a struct so far.
#[derive(Default)]
struct Merging {
    merged: Struct,
    positions: HashMap<String, usize>,
    listed: Vec<Listed>,
    is_closed: bool,
    /// The earlier places and types of each property.
    earlier: HashMap<String, Vec<(String, Type)>>,
    places: HashMap<String, String>,
    /// The fields that conditional parts declare, with their places.
    conditional: Vec<(String, Field)>,
}

impl Merging {
    /// Adds a part that applies to all values. Returns `false` if no steps are left.
    fn add_part(&mut self, cx: &mut Cx<'_, '_>, at: &str, origin: &Origin) -> bool {
        let Some(schema) = cx.document.node(at).and_then(Value::as_object) else { return true };
        if !self.take(cx, schema, at, true) {
            return false;
        }
        report_conditions(&mut cx.report, schema, at);
        self.is_closed |= is_closed(schema);
        if let Some(additional) = lower_explicit_additional(cx, schema, at, origin) {
            self.merged.additional = Some(additional);
        }
        for field in lower_fields(cx, schema, at, origin, |_| true) {
            let here = property_place(at, &field.wire);
            let other = self.places.insert(field.wire.clone(), here);
            let position = self.positions.get(&field.wire).and_then(|position| self.merged.fields.get_mut(*position));
            if let (Some(had), Some(other)) = (position, other) {
                self.earlier.entry(field.wire.clone()).or_default().push((other, had.ty.clone()));
                *had = inheriting(field, had);
            } else {
                self.positions.insert(field.wire.clone(), self.merged.fields.len());
                self.merged.fields.push(field);
            }
        }
        true
    }

    /// Adds a part that applies to some values. A property that all values may have keeps its type.
    fn add_conditional(&mut self, cx: &mut Cx<'_, '_>, at: &str, origin: &Origin) -> bool {
        let Some(schema) = cx.document.node(at).and_then(Value::as_object) else { return true };
        if !self.take(cx, schema, at, false) {
            return false;
        }
        report_conditions(&mut cx.report, schema, at);
        let fields = lower_fields(cx, schema, at, origin, |wire| !self.positions.contains_key(wire));
        self.conditional.extend(fields.into_iter().map(|field| (property_place(at, &field.wire), field)));
        true
    }

    /// Takes the steps of a part and the names that it requires.
    fn take(&mut self, cx: &mut Cx<'_, '_>, schema: &Map<String, Value>, at: &str, is_sure: bool) -> bool {
        let declared = schema.get("properties").and_then(Value::as_object).map_or(0, Map::len);
        let listed = listed_names(schema, at, is_sure);
        let goes_on = cx.report.take_steps(1 + declared + listed.len(), at);
        self.listed.extend(listed);
        goes_on
    }

    /// Merges the types of properties that several parts declare.
    fn meet_all(&mut self, cx: &mut Cx<'_, '_>, origin: &Origin) {
        for field in &mut self.merged.fields {
            if let (Some(earlier), Some(here)) = (self.earlier.get(&field.wire), self.places.get(&field.wire)) {
                meet(cx, field, here, earlier, origin);
            }
        }
    }

    /// Adds the fields of conditional parts. A field has the types that any of them gives it.
    fn join_conditional(&mut self, cx: &mut Cx<'_, '_>, origin: &Origin) {
        let mut types: HashMap<String, (String, Vec<Type>)> = HashMap::new();
        for (at, field) in std::mem::take(&mut self.conditional) {
            let (_, types) = types.entry(field.wire.clone()).or_insert_with(|| (at, Vec::new()));
            if !types.contains(&field.ty) {
                types.push(field.ty.clone());
            }
            if !self.positions.contains_key(&field.wire) {
                self.positions.insert(field.wire.clone(), self.merged.fields.len());
                self.merged.fields.push(Field { required: false, ..field });
            }
        }
        for field in &mut self.merged.fields {
            if let Some((at, types)) = types.get(&field.wire).filter(|(_, types)| types.len() > 1) {
                field.ty = choice_of(cx, types, at, &origin.child(&field.wire));
            }
        }
    }

    /// Requires what is listed, and adds what no part declares.
    fn add_undeclared(&mut self, cx: &mut Cx<'_, '_>) {
        let required: HashSet<&str> = self.listed.iter().filter(|it| it.is_sure).map(|it| it.name.as_str()).collect();
        for field in &mut self.merged.fields {
            field.required |= required.contains(field.wire.as_str());
        }
        let others = match &self.merged.additional {
            _ if self.is_closed => Others::Excluded,
            None | Some(Type::Any) => Others::Any,
            Some(_) => Others::Typed,
        };
        let declared: HashSet<String> = self.positions.keys().cloned().collect();
        let listed = std::mem::take(&mut self.listed);
        for Listed { name, is_sure, .. } in undeclared_names(&mut cx.report, listed, &declared, others) {
            let ty = self.merged.additional.clone().unwrap_or(Type::Any);
            self.merged.fields.push(Field::undeclared(name, ty, is_sure));
        }
    }
}

fn property_place(at: &str, wire: &str) -> String {
    pointer::join(&pointer::join(at, "properties"), wire)
}

/// Returns the type that holds values of any of these types.
fn choice_of(cx: &mut Cx<'_, '_>, types: &[Type], at: &str, origin: &Origin) -> Type {
    let nullable = types.iter().any(|ty| ty.split_nullable().1);
    let mut inner: Vec<Type> = Vec::new();
    for ty in types.iter().map(|ty| ty.split_nullable().0) {
        if !inner.contains(ty) {
            inner.push(ty.clone());
        }
    }
    let ty = cx.types.single_type(&inner).unwrap_or_else(|| {
        let variants = inner.into_iter().map(|ty| Variant { ty, tag: None, is_closed: false }).collect();
        let shape = Shape::Union(Union { variants });
        Type::Named(push_type(cx, &Map::new(), &pointer::join(at, "anyOf"), origin, shape))
    });
    if nullable { ty.nullable() } else { ty }
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
    if own.limits.is_empty() {
        own.limits.clone_from(&docs.limits);
    }
    later.docs = own;
    if later.direction == Direction::Both {
        later.direction = earlier.direction;
    }
    later.boolean = later.boolean.or(earlier.boolean);
    later.required |= earlier.required;
    later
}

/// Returns the type of undeclared properties, if the schema explicitly allows them.
fn lower_explicit_additional(
    cx: &mut Cx<'_, '_>,
    schema: &Map<String, Value>,
    at: &str,
    origin: &Origin,
) -> Option<Type> {
    match schema.get("additionalProperties") {
        None | Some(Value::Bool(false)) => None,
        additional => Some(lower_additional(cx, additional, at, origin)),
    }
}

/// Returns the fields of wanted properties in the schema itself.
fn lower_fields(
    cx: &mut Cx<'_, '_>,
    schema: &Map<String, Value>,
    at: &str,
    origin: &Origin,
    is_wanted: impl Fn(&str) -> bool,
) -> Vec<Field> {
    let required = schema.get("required").and_then(Value::as_array);
    let required: HashSet<&str> = required.into_iter().flatten().filter_map(Value::as_str).collect();
    let at = pointer::join(at, "properties");
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    properties
        .filter(|(wire, _)| is_wanted(wire))
        .map(|(wire, property)| {
            let place = pointer::join(&at, wire);
            let ty = lower_schema(cx, &place, &origin.child(wire));
            let referred = cx.document.resolve(&place).map_or(property, |(_, node)| node);
            let nodes: Vec<&Value> = [property, referred].into_iter().chain(inline_parts(property)).collect();
            let aliases = property.get(ALIASES).and_then(Value::as_array).into_iter().flatten();
            let docs = property_docs(cx.document, &place);
            cx.report.take_text(docs.bytes(), &place);
            Field {
                wire: wire.clone(),
                aliases: aliases.filter_map(Value::as_str).map(str::to_owned).collect(),
                ty: ty.in_json(),
                required: required.contains(wire.as_str()),
                is_declared: true,
                direction: direction_of(&nodes),
                docs,
                boxed: false,
                constant: None,
                boolean: only_boolean(referred),
            }
        })
        .collect()
}

/// The result of merging declarations of one property.
enum Meeting {
    /// The later type includes the earlier ones.
    Later,
    /// All are objects. The type has the properties of all.
    Merged(Type),
    /// The types contradict each other.
    Conflict,
}

/// Merges the types of a property that several parts declare, if possible.
fn meet(cx: &mut Cx<'_, '_>, field: &mut Field, here: &str, earlier: &[(String, Type)], origin: &Origin) {
    let types = &cx.types;
    if let Some(ty) = earlier.iter().try_fold(field.ty.clone(), |ty, (_, other)| narrower(types, &ty, other)) {
        field.ty = ty;
        return;
    }
    let others = earlier.iter().filter(|(_, ty)| *ty != field.ty && *ty != Type::Any);
    let others: Vec<String> = others.map(|(at, _)| at.clone()).collect();
    let Some(last) = others.last() else { return };
    match meeting(cx, field, here, &others, origin) {
        Meeting::Later => {}
        Meeting::Merged(ty) if field.ty.split_nullable().1 => field.ty = ty.nullable(),
        Meeting::Merged(ty) => field.ty = ty,
        Meeting::Conflict => {
            let message =
                format!("`allOf` gives the property another type at `{last}`; the client has the type given here");
            let help = "give the property one type in an overlay";
            cx.report.findings.add_with_help(code::COMPOSITION, here, message, help);
        }
    }
}

fn meeting(cx: &mut Cx<'_, '_>, field: &Field, here: &str, others: &[String], origin: &Origin) -> Meeting {
    let is_struct =
        matches!(field.ty.split_nullable().0, Type::Named(id) if matches!(cx.types.defs[id.0].shape, Shape::Struct(_)));
    let (own, is_object) = parts_of(cx.document, &mut cx.report, here);
    let known: HashSet<&String> = own.iter().collect();
    let mut says_more =
        |at: &&String| !parts_of(cx.document, &mut cx.report, at).0.iter().all(|part| known.contains(part));
    let beside: Vec<String> = others.iter().filter(|at| says_more(at)).cloned().collect();
    if beside.is_empty() {
        return Meeting::Later;
    }
    let names = property_names(cx.document, &mut cx.report, &own);
    let others: Vec<(Vec<String>, bool)> = beside.iter().map(|at| parts_of(cx.document, &mut cx.report, at)).collect();
    let are_objects = is_struct && is_object && others.iter().all(|(_, is_object)| *is_object);
    if !are_objects
        || others.iter().all(|(parts, _)| property_names(cx.document, &mut cx.report, parts).is_subset(&names))
    {
        return Meeting::Conflict;
    }
    let Ok((at, Value::Object(schema))) = cx.document.resolve(here) else { return Meeting::Conflict };
    // Merged structs are shared, so recursive types are not merged endlessly.
    let place = beside.iter().fold(pointer::join(&at, "allOf"), |place, other| {
        pointer::join(&place, &cx.document.resolve(other).map_or_else(|_| other.clone(), |(at, _)| at))
    });
    if let Some(known) = cx.types.merged.get(&place) {
        return Meeting::Merged(Type::Named(*known));
    }
    let id = push_struct_of(cx, schema, &place, at, beside, &origin.child(&field.wire));
    cx.types.merged.insert(place, id);
    Meeting::Merged(Type::Named(id))
}
