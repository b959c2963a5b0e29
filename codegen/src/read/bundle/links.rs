//! The operations that links lead to by `operationRef`.

use foldhash::HashMap;
use serde_json::{Map, Value};

use super::{
    state::State,
    walk::{Cursor, written_reference},
};
use crate::read::{location::join, pointer};

impl State<'_> {
    /// Notes where a link leads to. A client needs no links, so no file is read because of one.
    pub(super) fn note_link(&mut self, link: &Map<String, Value>, cursor: &Cursor) {
        let Some(reference) = link.get("operationRef").and_then(Value::as_str) else { return };
        let (uri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let file = if uri.is_empty() { cursor.file.clone() } else { join(&cursor.file, uri) };
        if fragment.starts_with('/') && !(uri.is_empty() && file == self.library.document()) {
            self.links.push((cursor.at.clone(), (file, pointer::percent_decode(fragment))));
        }
    }

    /// Makes links lead to operations that are now in the document. Others stay as they are.
    pub(super) fn connect_links(&mut self, tree: &mut Value) {
        let links = std::mem::take(&mut self.links);
        if links.is_empty() {
            return;
        }
        let mut copies: Vec<_> =
            self.origins.iter().map(|(at, (file, within))| ((file, within.as_str()), at)).collect();
        // The first of several copies counts, and a path before a component.
        copies.sort_unstable_by_key(|(_, at)| std::cmp::Reverse((at.starts_with("/components/"), *at)));
        let copies: HashMap<_, _> = copies.into_iter().collect();
        for (link, (file, within)) in links {
            let mut around = within.as_str();
            let target = loop {
                if file == self.library.document() {
                    break Some(within.clone());
                }
                match (copies.get(&(&file, around)), around.rfind('/')) {
                    (Some(copy), _) => break Some(format!("{copy}{}", &within[around.len()..])),
                    (None, Some(end)) => around = &around[..end],
                    (None, None) => break None,
                }
            };
            let Some(target) = target.filter(|target| pointer::find(tree, target).is_some()) else { continue };
            let link = tree.pointer_mut(&link).and_then(|link| link.get_mut("operationRef"));
            if let Some(reference) = link {
                *reference = written_reference(&target).into();
            }
        }
    }
}
