//! **select**: leaves out the operations that the caller does not want, with what only they refer to.
//!
//! Keys are removed, never moved, so the stages that follow know a smaller document with the pointers of the whole one.

mod reach;
mod selector;

use std::collections::BTreeMap;

use foldhash::HashSet;
use serde_json::{Value, json};

use self::{
    reach::{Reach, unit_of},
    selector::Selector,
};
use crate::{
    diagnostic::{Findings, code},
    input::{Config, Inputs, LeftOut},
    read::{extension::LEFT_OUT, load, method, parse::Document, place::Place, pointer, trail::Trail},
};

/// A selector, and where it is from: a file and a pointer. From the configuration, both are empty.
#[derive(Debug)]
struct Given {
    selector: Selector,
    text: String,
    at: (String, String),
}

/// Which operations the client has.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    only: Vec<Given>,
    except: Vec<Given>,
}

const FORMS: &str =
    "write `tag:NAME`, `/path/*`, `METHOD`, `METHOD /path` or an `operationId`; `*` stands for any text";

impl Selection {
    /// Reads the selectors of the configuration and of the file.
    pub(crate) fn of(inputs: &Inputs<'_>, config: &Config, findings: &mut Findings) -> Self {
        let mut selection = Self::default();
        for (list, texts) in [(&mut selection.only, &config.only), (&mut selection.except, &config.except)] {
            for text in texts {
                push(list, text, ("", String::new()), findings);
            }
        }
        let Some(source) = &inputs.selection else { return selection };
        let Some(tree) = load::load_tree(source, findings) else { return selection };
        let invalid = |at: &str, message: String, findings: &mut Findings| {
            findings.add_in(source.name, code::SELECTION, at.to_owned(), message, "write lists `only` and `except`");
        };
        let Some(lists) = tree.as_object() else {
            invalid("", format!("the file is {}, not an object", load::kind(&tree)), findings);
            return selection;
        };
        for (key, texts) in lists {
            let at = pointer::join("", key);
            let list = match key.as_str() {
                "only" => &mut selection.only,
                "except" => &mut selection.except,
                key if key.starts_with("x-") => continue,
                _ => {
                    invalid(&at, format!("`{key}` is not a key of a selection"), findings);
                    continue;
                }
            };
            let Some(texts) = texts.as_array() else {
                invalid(&at, format!("`{key}` is {}, not a list", load::kind(texts)), findings);
                continue;
            };
            for (index, text) in texts.iter().enumerate() {
                let at = pointer::join(&at, &index.to_string());
                match text.as_str() {
                    Some(text) => push(list, text, (source.name, at), findings),
                    None => invalid(&at, format!("the selector is {}, not a string", load::kind(text)), findings),
                }
            }
        }
        selection
    }

    /// Removes what is not selected from the document, and the findings about it.
    pub(crate) fn apply(&self, tree: &mut Value, findings: &mut Findings) -> LeftOut {
        if self.only.is_empty() && self.except.is_empty() {
            return LeftOut::default();
        }
        let trail = Trail::of(tree);
        let document = Document::new(&trail);
        let mut uses = vec![false; self.only.len() + self.except.len()];
        let mut reach = Reach::new(document);
        let mut excluded: HashSet<(String, String)> = HashSet::default();
        let mut has_any = false;
        for site in document.operations() {
            if self.selects(&site.facts(), &mut uses) {
                has_any = true;
                reach.enter(&site.pointer);
                reach.enter(&site.place);
                site.items.iter().for_each(|item| reach.enter_item(item));
            } else {
                excluded.insert((site.path.to_owned(), site.method.into_owned()));
            }
        }
        let mut unused = self.unused(&uses).peekable();
        if !has_any && unused.peek().is_none() {
            let message = "the selection leaves no operation, so there is nothing to generate";
            self.except.iter().chain(&self.only).take(1).for_each(|given| report(given, message, findings));
        }
        unused.for_each(|given| {
            report(given, &format!("the selector `{}` matches no operation", given.text), findings);
        });
        if !has_any {
            return LeftOut::default();
        }
        // Only operations can be wanted, and webhooks come with a whole document.
        if self.only.is_empty() {
            let webhooks = document.node("/webhooks").and_then(Value::as_object).into_iter().flatten();
            webhooks.for_each(|(name, _)| reach.enter(&pointer::join("/webhooks", name)));
        }
        let kept = reach.finish();
        let mut removed = HashSet::default();
        let schemas = prune(tree, &kept, &mut removed);
        mark(tree, &excluded);
        findings.discard(|at| removed.contains(&unit_of(at)));
        LeftOut { operations: excluded.len(), schemas }
    }

    fn selects(&self, facts: &selector::Facts<'_>, uses: &mut [bool]) -> bool {
        let (only, except) = uses.split_at_mut(self.only.len());
        let matching = |list: &[Given], uses: &mut [bool]| {
            let mut any = false;
            for (given, is_used) in list.iter().zip(uses) {
                if given.selector.matches(facts) {
                    (*is_used, any) = (true, true);
                }
            }
            any
        };
        let is_wanted = matching(&self.only, only) || self.only.is_empty();
        !matching(&self.except, except) && is_wanted
    }

    /// The selectors that match nothing, which are out of date or misspelled.
    fn unused<'s>(&'s self, uses: &'s [bool]) -> impl Iterator<Item = &'s Given> {
        self.only.iter().chain(&self.except).zip(uses).filter(|(_, is_used)| !**is_used).map(|(given, _)| given)
    }
}

fn report(given: &Given, message: &str, findings: &mut Findings) {
    let (file, at) = &given.at;
    report_at(file, at, message, findings);
}

fn report_at(file: &str, at: &str, message: &str, findings: &mut Findings) {
    if file.is_empty() {
        findings.add_with_help(code::SELECTION, "", message, FORMS);
    } else {
        findings.add_in(file, code::SELECTION, at.to_owned(), message.to_owned(), FORMS);
    }
}

fn push(list: &mut Vec<Given>, text: &str, (file, at): (&str, String), findings: &mut Findings) {
    match Selector::parse(text) {
        Ok(selector) => list.push(Given { selector, text: text.to_owned(), at: (file.to_owned(), at) }),
        Err(reason) => report_at(file, &at, &format!("`{text}` is not a selector: {reason}"), findings),
    }
}

/// Removes operations, path items and components that nothing has entered. Returns the number of schemas.
fn prune(tree: &mut Value, kept: &HashSet<String>, removed: &mut HashSet<String>) -> usize {
    for at in ["/paths", "/webhooks", "/components/pathItems"] {
        let Some(items) = tree.pointer_mut(at).and_then(Value::as_object_mut) else { continue };
        items.retain(|name, item| {
            let at = pointer::join(at, name);
            if name.starts_with("x-") {
                return true;
            }
            let lost = prune_item(item, &at, kept, removed);
            let is_kept = kept.contains(&at) || !method::sites_of(item).is_empty();
            if !is_kept && (lost || item.get("$ref").is_some()) {
                removed.insert(at);
                return false;
            }
            true
        });
    }
    let mut schemas = 0;
    let components = tree.get_mut("components").and_then(Value::as_object_mut);
    for (section, parts) in components.into_iter().flatten() {
        if matches!(section.as_str(), "securitySchemes" | "pathItems")
            || Place::Components.child_with_references(section).is_none()
        {
            continue;
        }
        let Some(parts) = parts.as_object_mut() else { continue };
        let at = pointer::join("/components", section);
        let before = parts.len();
        parts.retain(|name, _| {
            let at = pointer::join(&at, name);
            let is_kept = kept.contains(&at);
            if !is_kept {
                removed.insert(at);
            }
            is_kept
        });
        if section == "schemas" {
            schemas = before - parts.len();
        }
    }
    schemas
}

/// Removes the operations of a path item that nothing has entered. Returns whether there were any.
fn prune_item(item: &mut Value, at: &str, kept: &HashSet<String>, removed: &mut HashSet<String>) -> bool {
    let sites: Vec<String> = method::sites_of(item).into_iter().map(|site| site.pointer).collect();
    let gone = sites.iter().map(|site| format!("{at}{site}")).filter(|site| !kept.contains(site));
    let gone: Vec<String> = gone.collect();
    for site in &gone {
        let mut keys: Vec<String> = pointer::keys(&site[at.len()..]).collect();
        let Some(key) = keys.pop() else { continue };
        let map = keys.iter().try_fold(&mut *item, |node, key| node.get_mut(key)).and_then(Value::as_object_mut);
        map.and_then(|map| map.remove(&key));
    }
    if let Some(item) = item.as_object_mut().filter(|_| !gone.is_empty()) {
        item.retain(|key, node| key != method::ADDITIONAL || *node != json!({}));
    }
    removed.extend(gone);
    !sites.is_empty()
}

/// Marks the operations that are left out though other parts of the document still refer to them.
fn mark(tree: &mut Value, excluded: &HashSet<(String, String)>) {
    let mut marks: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let trail = Trail::of(tree);
    for site in Document::new(&trail).operations() {
        let key = (site.path.to_owned(), site.method.into_owned());
        if excluded.contains(&key) {
            marks.entry(key.0).or_default().push(key.1);
        }
    }
    let Some(paths) = tree.get_mut("paths").and_then(Value::as_object_mut) else { return };
    for (path, methods) in marks {
        if let Some(item) = paths.get_mut(&path).and_then(Value::as_object_mut) {
            item.insert(LEFT_OUT.to_owned(), json!(methods));
        }
    }
}
