//! Finds schemas with a discriminator whose heirs refer to them in `allOf`.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::{
    budget::Steps,
    read::{parse::Document, pointer},
};

/// The heirs of components, by pointer.
#[derive(Debug, Default)]
pub(crate) struct Inheritance {
    /// The direct and indirect heirs of each component that has a discriminator but no `oneOf` or `anyOf`. An heir with
    /// a discriminator of its own is replaced by its heirs.
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
                // The lowering reports that no steps are left.
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

    /// Whether a schema is an heir, so it is more than another name for its base.
    pub(crate) fn is_heir(&self, at: &str) -> bool {
        self.all.contains(at)
    }
}
