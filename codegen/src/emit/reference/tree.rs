//! The headings of the index: a page of operations per tag, below the tags that it belongs to.

use std::collections::BTreeMap;

use crate::emit::{model::Model, prose::clean_line};

/// The level of the outermost headings of the index, and of the innermost ones that Markdown has.
const LEVELS: (usize, usize) = (2, 6);

/// A heading of the index.
pub(super) struct Heading<'a> {
    pub(super) level: usize,
    /// The title of a tag that has no operations itself.
    pub(super) title: String,
    /// The module of the operations under the heading.
    pub(super) module: Option<&'a str>,
}

/// Returns the headings of the modules, in the order of their names. A tag stands below its parent.
pub(super) fn headings<'a>(model: &Model<'a>, modules: impl Iterator<Item = &'a str>) -> Vec<Heading<'a>> {
    let tags = &model.api.tags;
    // The tag of the first operation gives a module its title.
    let mut tag_of: BTreeMap<&str, &str> = BTreeMap::new();
    let mut module_of: BTreeMap<&str, &str> = BTreeMap::new();
    for (operation, names) in model.api.operations.iter().zip(&model.names.operations) {
        let tag = operation.tag.as_deref().unwrap_or_default();
        tag_of.entry(&names.module).or_insert(tag);
        module_of.entry(tag).or_insert(&names.module);
    }
    let key = |tag: &str| module_of.get(tag).map_or_else(|| tag.to_lowercase(), |module| (*module).to_owned());
    let mut found: BTreeMap<Vec<String>, Heading<'a>> = BTreeMap::new();
    for module in modules {
        let ancestors = tag_of.get(module).map(|tag| tags.ancestors(tag)).unwrap_or_default();
        let mut path: Vec<String> = Vec::new();
        for tag in ancestors {
            path.push(key(tag));
            let title = clean_line(tags.title(tag));
            found.entry(path.clone()).or_insert(Heading { level: level(&path), title, module: None });
        }
        path.push(module.to_owned());
        let level = level(&path);
        found.insert(path, Heading { level, title: String::new(), module: Some(module) });
    }
    found.into_values().collect()
}

fn level(path: &[String]) -> usize {
    let (first, last) = LEVELS;
    (first + path.len() - 1).min(last)
}
