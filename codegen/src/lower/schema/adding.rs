//! Finds schemas of some values that declare what the schemas of all values lack.

use foldhash::{HashMap, HashSet};
use serde_json::Map;

use super::{condition::conditional_parts, view::View};
use crate::{
    lower::context::Report,
    read::{member::Members, parse::Document, pointer},
};

/// Returns the schemas in `some` that declare properties which the schemas in `all` lack. If `all` declares no properties, its type
/// keeps any property, so a schema adds nothing.
pub(super) fn adding(
    document: Document<'_>,
    report: &mut Report<'_>,
    all: &[String],
    some: impl IntoIterator<Item = String>,
) -> Vec<String> {
    some.into_iter().filter(|at| adds(document, report, all, at)).collect()
}

/// Whether a schema adds a property, also within members that all values may have.
fn adds(document: Document<'_>, report: &mut Report<'_>, all: &[String], some: &str) -> bool {
    let mut open = vec![(all.to_vec(), some.to_owned())];
    let mut seen: HashSet<(Vec<String>, String)> = HashSet::default();
    while let Some((all, some)) = open.pop() {
        let known = conditional_parts(document, report, &[], &all);
        let others = conditional_parts(document, report, &known, std::slice::from_ref(&some));
        if known.is_empty() || others.is_empty() || !report.take_steps(known.len(), &some) || !seen.insert((all, some))
        {
            continue;
        }
        let known = Known::of(document, &known);
        for at in &others {
            let Some(view) = document.node(at).and_then(View::of) else { continue };
            let properties = view.properties();
            if !report.take_steps(1 + properties.map_or(0, Map::len), at) {
                return false;
            }
            let list = pointer::join(at, "properties");
            for name in properties.into_iter().flat_map(Map::keys) {
                let declared = known.properties.get(name.as_str());
                if declared.is_none() && !known.properties.is_empty() {
                    return true;
                }
                open.push((declared.unwrap_or(&known.values).clone(), pointer::join(&list, name)));
            }
            let values = view.additional(at).unwrap_or_default();
            if !values.is_empty() && known.values.is_empty() && !known.properties.is_empty() && !known.is_closed {
                return true;
            }
            open.extend(values.into_iter().map(|at| (known.values.clone(), at)));
            open.extend(items_of(view, at).map(|items| (known.items.clone(), items)));
        }
    }
    false
}

/// The place of the schema of all items of a list.
pub(super) fn items_of(view: View<'_>, at: &str) -> Option<String> {
    view.node.member("items").filter(|items| items.is_object()).map(|_| pointer::join(at, "items"))
}

/// The schemas of the members of values.
#[derive(Default)]
struct Known<'t> {
    properties: HashMap<&'t str, Vec<String>>,
    /// Of properties that are not declared.
    values: Vec<String>,
    items: Vec<String>,
    is_closed: bool,
}

impl<'t> Known<'t> {
    fn of(document: Document<'t>, parts: &[String]) -> Self {
        let mut known = Self::default();
        for (at, view) in parts.iter().filter_map(|at| Some((at, View::of(document.node(at)?)?))) {
            let list = pointer::join(at, "properties");
            for name in view.properties().into_iter().flat_map(Map::keys) {
                known.properties.entry(name).or_default().push(pointer::join(&list, name));
            }
            known.values.extend(view.additional(at).into_iter().flatten());
            known.items.extend(items_of(view, at));
            known.is_closed |= view.is_closed();
        }
        known
    }
}
