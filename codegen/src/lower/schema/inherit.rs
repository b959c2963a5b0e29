//! Schemas that others are made from, with a discriminator that says which one a value is of.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::compose::Tags;
use crate::lower::Lowering;
use crate::{
    budget::Steps,
    ir::{Origin, Shape, Type, Union, Variant},
    read::{parse::Document, pointer},
};

/// Which components are made from which, by their pointers.
#[derive(Debug, Default)]
pub(in crate::lower) struct Inheritance {
    /// Of each component with a discriminator and no choice of its own, those that have it in their `allOf`, and those that
    /// have one of these. A component that tells its own heirs apart is none: they stand for it.
    heirs: HashMap<String, Vec<String>>,
    all: HashSet<String>,
}

impl Inheritance {
    pub(in crate::lower) fn of(document: Document<'_>, steps: &mut Steps) -> Self {
        let components = document.tree.pointer("/components/schemas").and_then(Value::as_object);
        let mut children: HashMap<String, Vec<String>> = HashMap::new();
        let mut bases = Vec::new();
        for (name, schema) in components.into_iter().flatten() {
            let at = pointer::join("/components/schemas", name);
            for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
                let target = part.get("$ref").and_then(Value::as_str).and_then(pointer::from_reference);
                if let Some((parent, _)) = target.and_then(|target| document.resolve(&target).ok()) {
                    children.entry(parent).or_default().push(at.clone());
                }
            }
            if schema.get("discriminator").is_some_and(Value::is_object)
                && ["oneOf", "anyOf"].iter().all(|key| !schema.get(*key).is_some_and(Value::is_array))
            {
                bases.push(at);
            }
        }
        let with_discriminator: HashSet<&String> = bases.iter().collect();
        let tells_apart = |at: &String| with_discriminator.contains(at) && children.contains_key(at);
        let mut inheritance = Self::default();
        for base in bases.iter().filter(|at| tells_apart(at)) {
            let mut found = vec![base];
            let mut seen: HashSet<&String> = HashSet::from([base]);
            let mut next = 0;
            while let Some(at) = found.get(next) {
                let made = children.get(*at).map_or(&[][..], Vec::as_slice);
                // The lowering tells that there are none left.
                if !steps.take(made.len() + 1) {
                    break;
                }
                found.extend(made.iter().filter(|at| seen.insert(at)));
                next += 1;
            }
            inheritance.all.extend(found.iter().skip(1).map(|at| (*at).clone()));
            let heirs: Vec<String> = found.into_iter().filter(|at| !tells_apart(at)).cloned().collect();
            if !heirs.is_empty() {
                inheritance.heirs.insert(base.clone(), heirs);
            }
        }
        inheritance
    }

    /// Whether a schema is made from one that tells its heirs apart, and so is more than another name for it.
    pub(in crate::lower) fn is_heir(&self, at: &str) -> bool {
        self.all.contains(at)
    }
}

impl Lowering<'_, '_> {
    /// The choice between its heirs that a schema is; `None` where it has none. A value of none of them that is all of the
    /// schema's own properties is the schema itself.
    pub(in crate::lower) fn lower_heirs(
        &mut self,
        schema: &Map<String, Value>,
        at: &str,
        origin: &Origin,
    ) -> Option<Type> {
        let heirs = self.inheritance.heirs.get(at)?.clone();
        let tags = Tags::of(schema);
        let id = self.push_type(schema, at, origin, Shape::Union(Union::default()));
        // Known before its heirs are, which may hold it.
        self.by_pointer.insert(at.to_owned(), Some(Type::Named(id)));
        let mut variants: Vec<Variant> = Vec::new();
        let mut seen: HashSet<Type> = HashSet::new();
        for heir in &heirs {
            let ty = self.lower_schema(heir, origin);
            if seen.insert(ty.clone()) {
                let tag = tags.as_ref().map(|tags| self.tag_of(tags, heir));
                variants.push(Variant { ty, tag, is_closed: false });
            }
        }
        let place = pointer::join(at, "discriminator");
        let own = self.push_struct_of(schema, &place, at.to_owned(), Vec::new(), &origin.child("base"));
        variants.push(Variant { ty: Type::Named(own), tag: None, is_closed: true });
        self.types[id.0].shape = Shape::Union(Union { variants });
        Some(Type::Named(id))
    }
}
