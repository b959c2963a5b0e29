//! Which schemas others are made from, with a discriminator that says which one a value is of.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::{
    budget::Steps,
    read::{parse::Document, pointer},
};

/// Which components are made from which, by their pointers.
#[derive(Debug, Default)]
pub(crate) struct Inheritance {
    /// Of each component with a discriminator and no choice of its own, those that have it in their `allOf`, and those that
    /// have one of these. A component that tells its own heirs apart is none: they stand for it.
    pub(crate) heirs: HashMap<String, Vec<String>>,
    all: HashSet<String>,
}

impl Inheritance {
    pub(crate) fn of(document: Document<'_>, steps: &mut Steps) -> Self {
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
    pub(crate) fn is_heir(&self, at: &str) -> bool {
        self.all.contains(at)
    }
}
