//! Finds the target of a reference.

use serde_json::Value;

use super::library::{Absent, Library};
use crate::{
    budget::MAX_REFERENCES,
    diagnostic::Findings,
    read::{location::join, place::Place, pointer},
};

/// The most references that the pointer of one reference passes through.
const MAX_DETOURS: usize = 20;

/// A place in a file: the file, and the pointer in it.
pub(super) type Spot = (String, String);

/// The target of a reference.
pub(super) enum Target {
    /// A pointer of the document.
    Document(String),
    /// A place in another file.
    Part(Spot),
}

impl Library<'_> {
    /// Returns what a reference leads to, after following the references to other files that are all their objects say.
    pub(super) fn resolve(
        &mut self,
        reference: &str,
        (file, within): (&str, &str),
        place: Place,
        findings: &mut Findings,
    ) -> Result<Target, Absent> {
        let (mut reference, mut file, mut within) = (reference.to_owned(), file.to_owned(), within.to_owned());
        for _ in 0..MAX_REFERENCES {
            let (to, at) = self.step(&reference, (&file, &within), MAX_DETOURS, findings)?;
            if to == self.document() {
                return Ok(Target::Document(at));
            }
            let node = self.node(&to, &at);
            match node.and_then(|node| lone_reference(node, place)) {
                Some(next) => reference = next.to_owned(),
                None => return Ok(Target::Part((to, at))),
            }
            (file, within) = (to, at);
        }
        Err(Absent::Missing(format!(
            "it is the start of a chain of more than {MAX_REFERENCES} references, or of a circle"
        )))
    }

    /// Returns what one reference leads to.
    fn step(
        &mut self,
        reference: &str,
        (file, within): (&str, &str),
        detours: usize,
        findings: &mut Findings,
    ) -> Result<Spot, Absent> {
        let (uri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let (resource, base) = self.index(file).map_or(("", file), |index| index.resource(within));
        let (to, resource) = if uri.is_empty() {
            (file.to_owned(), resource.to_owned())
        } else {
            let absolute = join(base, uri);
            let local = join(file, uri);
            match self.by_uri(&absolute).or_else(|| self.by_uri(&local)) {
                Some(spot) => spot,
                None => (self.below_self(&absolute).unwrap_or(local), String::new()),
            }
        };
        self.open(&to, findings)?;
        let missing = || Absent::Missing(format!("{} has no `{fragment}`", self.name(&to)));
        if fragment.is_empty() {
            return Ok((to, resource));
        }
        if !fragment.starts_with('/') {
            let index = self.index(&to);
            let name = pointer::percent_decode(fragment);
            let at = index.and_then(|index| index.anchor(&resource, &name)).map(str::to_owned);
            return at.map(|at| (to.clone(), at)).ok_or_else(missing);
        }
        let fragment = pointer::percent_decode(fragment);
        // Some documents have an `$id` in a schema and references from the root of the file all the same.
        let own = (!resource.is_empty()).then(|| format!("{resource}{fragment}"));
        let own = own.filter(|at| self.node(&to, at).is_some());
        let at = own.unwrap_or(fragment);
        if to == self.document() || self.node(&to, &at).is_some() {
            return Ok((to, at));
        }
        let through = detours.checked_sub(1).and_then(|left| self.through_references(&to, &at, left, findings));
        through.ok_or_else(|| Absent::Missing(format!("{} has no `{at}`", self.name(&to))))
    }

    /// Follows a pointer that passes through references.
    fn through_references(&mut self, file: &str, at: &str, left: usize, findings: &mut Findings) -> Option<Spot> {
        let mut around = at;
        loop {
            around = &around[..around.rfind('/')?];
            if let Some(node) = self.node(file, around) {
                let reference = node.get("$ref")?.as_str()?.to_owned();
                let (to, at_target) = self.step(&reference, (file, around), left, findings).ok()?;
                let whole = format!("{at_target}{}", &at[around.len()..]);
                return (to == self.document() || self.node(&to, &whole).is_some()).then_some((to, whole));
            }
        }
    }
}

/// Returns the reference of an object that says nothing else. Only schemas say something beside a `$ref`, and path items.
pub(super) fn lone_reference(node: &Value, place: Place) -> Option<&str> {
    let map = node.as_object()?;
    let reference = map.get("$ref")?.as_str()?;
    let may_say_more = matches!(place, Place::Schema | Place::PathItem);
    (map.len() == 1 || !may_say_more).then_some(reference)
}
