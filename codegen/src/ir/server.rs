//! Servers.

use super::Text;

/// A server whose URL has variables, or that is one of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Server {
    /// With variables in braces, without a trailing slash.
    pub(crate) url: String,
    pub(crate) name: Option<String>,
    pub(crate) description: Option<Text>,
    pub(crate) variables: Vec<ServerVariable>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServerVariable {
    pub(crate) name: String,
    /// Without one, callers must set the variable.
    pub(crate) default: Option<String>,
    /// The permitted values; any if there are none.
    pub(crate) values: Vec<String>,
    pub(crate) description: Option<Text>,
}

impl Server {
    /// The text by which callers choose the server.
    pub(crate) fn known_as(&self) -> Option<&str> {
        self.name.as_deref().or(self.description.as_deref())
    }
}
