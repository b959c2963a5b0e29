//! The tags of operations, as the document describes them.

use foldhash::{HashMap, HashSet};

/// A tag that the document describes.
#[derive(Debug, Clone, Default)]
pub(crate) struct TagInfo {
    /// A short title.
    pub(crate) summary: Option<String>,
    pub(crate) description: Option<String>,
    /// The name of the tag that it belongs to.
    pub(crate) parent: Option<String>,
    /// Whether it groups operations, and does not only mark them.
    pub(crate) is_group: bool,
}

/// The tags that the document describes, by name.
#[derive(Debug, Default)]
pub(crate) struct TagInfos(pub(crate) HashMap<String, TagInfo>);

impl TagInfos {
    /// Returns the tag that groups an operation: the first one of its tags that does.
    pub(crate) fn group<'n>(&self, names: &'n [String]) -> Option<&'n String> {
        names.iter().find(|name| self.0.get(*name).is_none_or(|tag| tag.is_group)).or_else(|| names.first())
    }

    /// Returns the title of a tag: its summary, or its name.
    pub(crate) fn title<'a>(&'a self, name: &'a str) -> &'a str {
        self.0.get(name).and_then(|tag| tag.summary.as_deref()).unwrap_or(name)
    }

    /// Returns the text that describes a tag.
    pub(crate) fn about(&self, name: &str) -> Option<&str> {
        let tag = self.0.get(name)?;
        tag.description.as_deref().or(tag.summary.as_deref())
    }

    /// Returns the tags that a tag belongs to, the outermost one first.
    pub(crate) fn ancestors<'a>(&'a self, name: &'a str) -> Vec<&'a str> {
        let mut seen = HashSet::from_iter([name]);
        let mut found = Vec::new();
        let mut name = name;
        while let Some(parent) = self.0.get(name).and_then(|tag| tag.parent.as_deref()) {
            // Tags that are parents of each other end the chain.
            if !seen.insert(parent) {
                break;
            }
            found.push(parent);
            name = parent;
        }
        found.reverse();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ancestors_end_where_they_lead_back() {
        let tag = |parent: Option<&str>| TagInfo { parent: parent.map(str::to_owned), ..TagInfo::default() };
        let tags = [
            ("a", tag(None)),
            ("b", tag(Some("a"))),
            ("c", tag(Some("b"))),
            ("x", tag(Some("y"))),
            ("y", tag(Some("x"))),
        ];
        let tags = TagInfos(tags.into_iter().map(|(name, tag)| (name.to_owned(), tag)).collect());
        assert_eq!(tags.ancestors("c"), ["a", "b"]);
        assert_eq!(tags.ancestors("a"), [""; 0]);
        assert_eq!(tags.ancestors("x"), ["y"]);
    }
}
