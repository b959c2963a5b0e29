//! Names that a document gives to what is generated, in extensions of other tools.

use foldhash::HashMap;

/// The name that extensions give to the method of an operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct GivenMethod {
    pub(crate) name: Option<String>,
    /// The group that the method is in. Tools that write nested clients need not repeat it in the name.
    pub(crate) group: Option<String>,
    /// The extension that gives the name.
    pub(crate) extension: &'static str,
}

/// The names that extensions give to inputs, fields and types, by the pointer of what they name.
#[derive(Debug, Default)]
pub(crate) struct GivenNames {
    /// Of parameters, bodies and properties.
    pub(crate) members: HashMap<String, String>,
    /// Of schemas.
    pub(crate) types: HashMap<String, String>,
}
