//! Structs that several schemas make: an `allOf`, and what stands beside a choice.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::compose::members_of;
use crate::lower::{Lowering, Pending};
use crate::{
    diagnostic::code,
    ir::{Field, Origin, Shape, Struct, Type},
    read::pointer,
};

/// What becomes of a property that several parts declare.
enum Meeting {
    /// The later one says all that the earlier ones do.
    Later,
    /// All of them are objects, and it is one of all their properties.
    Merged(Type),
    /// They contradict each other.
    Conflict,
}

impl<'t> Lowering<'t, '_> {
    /// The pointers of a schema and of all parts of its `allOf`, the parts first; whether all of them are objects.
    pub(in crate::lower) fn parts_of(&mut self, start: &str) -> (Vec<String>, bool) {
        let mut open = vec![start.to_owned()];
        let mut is_object = true;
        let (mut into, mut seen) = (Vec::new(), HashSet::new());
        while let Some(at) = open.pop() {
            let Ok((at, Value::Object(schema))) = self.document.resolve(&at) else {
                is_object = false;
                continue;
            };
            if !seen.insert(at.clone()) {
                continue;
            }
            let members = |key: &str| schema.get(key).and_then(Value::as_array).map_or(0, Vec::len);
            // A part is looked at again for each schema that it is a part of.
            if !self.take_steps(1 + members("allOf") + members("oneOf") + members("anyOf"), start) {
                break;
            }
            let is_plain = !schema.contains_key("enum") && self.variants_only_restrict(schema, &at);
            is_object &= is_plain && schema.get("type").is_none_or(|type_| type_ == "object");
            open.extend(members_of(schema, &at, "allOf"));
            into.push(at);
        }
        // What stands beside an `allOf`, and what stands later in it, says more than what stands before.
        into.reverse();
        (into, is_object)
    }

    /// The fields of a struct: its own, and those of the parts of its `allOf`.
    pub(in crate::lower) fn collect_struct(&mut self, pending: &Pending) -> Struct {
        let Pending { at, beside, origin, .. } = pending;
        let mut parts: Vec<String> = Vec::new();
        let mut seen: HashSet<String> = HashSet::new();
        for at in beside.iter().chain([at]) {
            // A variant says more than what stands beside the choice.
            let found = self.choice_with_properties(at).into_iter().chain(self.parts_of(at).0);
            parts.extend(found.filter(|part| seen.insert(part.clone())));
        }
        let mut merged = Struct::default();
        let mut positions: HashMap<String, usize> = HashMap::new();
        let mut required: HashSet<&str> = HashSet::new();
        // Of each property, the places before the last one, with their types.
        let mut earlier: HashMap<String, Vec<(String, Type)>> = HashMap::new();
        let mut places: HashMap<String, String> = HashMap::new();
        for at in parts {
            let Some(schema) = self.document.node(&at).and_then(Value::as_object) else { continue };
            let declared = schema.get("properties").and_then(Value::as_object).map_or(0, Map::len);
            if !self.take_steps(1 + declared, &at) {
                break;
            }
            let names = schema.get("required").and_then(Value::as_array).into_iter().flatten();
            required.extend(names.filter_map(Value::as_str));
            if let Some(additional) = self.lower_explicit_additional(schema, &at, origin) {
                merged.additional = Some(additional);
            }
            for field in self.lower_fields(schema, &at, origin) {
                let here = pointer::join(&pointer::join(&at, "properties"), &field.wire);
                let other = places.insert(field.wire.clone(), here);
                let position = positions.get(&field.wire).and_then(|position| merged.fields.get_mut(*position));
                if let (Some(had), Some(other)) = (position, other) {
                    earlier.entry(field.wire.clone()).or_default().push((other, had.ty.clone()));
                    *had = field;
                } else {
                    positions.insert(field.wire.clone(), merged.fields.len());
                    merged.fields.push(field);
                }
            }
        }
        for field in &mut merged.fields {
            field.required |= required.contains(field.wire.as_str());
            if let (Some(earlier), Some(here)) = (earlier.get(&field.wire), places.get(&field.wire)) {
                self.meet(field, here, earlier, origin);
            }
        }
        merged
    }

    /// Gives a property that several parts declare a type that loses nothing of the earlier ones, if there is such a type.
    fn meet(&mut self, field: &mut Field, here: &str, earlier: &[(String, Type)], origin: &Origin) {
        let others = earlier.iter().filter(|(_, ty)| *ty != field.ty && *ty != Type::Any);
        let others: Vec<String> = others.map(|(at, _)| at.clone()).collect();
        let Some(last) = others.last() else { return };
        match self.meeting(field, here, &others, origin) {
            Meeting::Later => {}
            Meeting::Merged(ty) if field.ty.split_nullable().1 => field.ty = ty.nullable(),
            Meeting::Merged(ty) => field.ty = ty,
            Meeting::Conflict => {
                let message = format!("its type is another one at `{last}`; this one is taken");
                self.findings.add(code::COMPOSITION, here, message);
            }
        }
    }

    fn meeting(&mut self, field: &Field, here: &str, others: &[String], origin: &Origin) -> Meeting {
        let is_struct = matches!(field.ty.split_nullable().0, Type::Named(id) if matches!(self.types[id.0].shape, Shape::Struct(_)));
        let (own, is_object) = self.parts_of(here);
        let known: HashSet<&String> = own.iter().collect();
        let mut says_more = |at: &&String| !self.parts_of(at).0.iter().all(|part| known.contains(part));
        let beside: Vec<String> = others.iter().filter(|at| says_more(at)).cloned().collect();
        if beside.is_empty() {
            return Meeting::Later;
        }
        let names = self.property_names(&own);
        let others: Vec<(Vec<String>, bool)> = beside.iter().map(|at| self.parts_of(at)).collect();
        let are_objects = is_struct && is_object && others.iter().all(|(_, is_object)| *is_object);
        if !are_objects || others.iter().all(|(parts, _)| self.property_names(parts).is_subset(&names)) {
            return Meeting::Conflict;
        }
        let Ok((at, Value::Object(schema))) = self.document.resolve(here) else { return Meeting::Conflict };
        // The same wherever these schemas meet, so that types that hold themselves are not merged for ever.
        let place = beside.iter().fold(pointer::join(&at, "allOf"), |place, other| {
            pointer::join(&place, &self.document.resolve(other).map_or_else(|_| other.clone(), |(at, _)| at))
        });
        if let Some(known) = self.merged.get(&place) {
            return Meeting::Merged(Type::Named(*known));
        }
        let id = self.push_struct_of(schema, &place, at, beside, &origin.child(&field.wire));
        self.merged.insert(place, id);
        Meeting::Merged(Type::Named(id))
    }

    fn property_names(&mut self, parts: &[String]) -> HashSet<&'t str> {
        let mut names = HashSet::new();
        for at in parts {
            let properties = self.document.node(at).and_then(|node| node.get("properties")?.as_object());
            if !self.take_steps(1 + properties.map_or(0, Map::len), at) {
                break;
            }
            names.extend(properties.into_iter().flat_map(|properties| properties.keys().map(String::as_str)));
        }
        names
    }
}
