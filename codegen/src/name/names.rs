//! The Rust names of an API.

use super::{variable, words::Words};
use crate::ir::ServerVariable;

/// The Rust names of an API; each list runs parallel to the one it names.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) operations: Vec<OperationNames>,
    pub(crate) types: Vec<TypeNames>,
    pub(crate) schemes: Vec<SchemeNames>,
    pub(crate) servers: ServerNames,
    /// The crate.
    pub(crate) package: String,
    /// What the environment variables begin with.
    pub(crate) env_prefix: String,
}

impl Names {
    /// The environment variable of the base URL.
    pub(crate) fn base_url_variable(&self) -> String {
        format!("{}_{}", self.env_prefix, variable::BASE_URL)
    }
}

/// The Rust names of servers and their variables.
#[derive(Debug, Default)]
pub(crate) struct ServerNames {
    /// The constructor of each server, if there are several.
    pub(crate) constructors: Vec<String>,
    /// Each variable once, with its setter.
    pub(crate) variables: Vec<(ServerVariable, String)>,
}

impl ServerNames {
    /// Whether there is something that callers can choose.
    pub(crate) fn is_needed(&self) -> bool {
        !self.constructors.is_empty() || !self.variables.is_empty()
    }
}

/// The Rust names of a security scheme.
#[derive(Debug)]
pub(crate) struct SchemeNames {
    /// The setter of its credential.
    pub(crate) setter: String,
    /// The environment variable of its credential.
    pub(crate) variable: String,
}

#[derive(Debug)]
pub(crate) struct OperationNames {
    /// The method of the client.
    pub(crate) method: String,
    /// The type of the request.
    pub(crate) request: String,
    /// What both were called before a rename on purpose.
    pub(crate) former: Option<FormerNames>,
    pub(crate) inputs: Vec<String>,
    /// The required inputs, as indices, in the order of the method's arguments.
    pub(crate) arguments: Vec<usize>,
    /// The struct of the required inputs, where there are too many for arguments.
    pub(crate) required: Option<String>,
    /// The enum of what it gives, where that goes by the status.
    pub(crate) success: Option<String>,
    /// The enum of the declared errors, if their bodies have different types.
    pub(crate) error: Option<String>,
    /// The struct of the declared headers of its response, if there are some.
    pub(crate) headers: Option<GroupNames>,
    /// The enum of its events, if their names tell them apart.
    pub(crate) events: Option<GroupNames>,
    /// The module that it stands in, where there are several.
    pub(crate) module: String,
    /// The words of its command.
    pub(crate) words: Words,
    /// The names of the inputs in data: those in Rust, without the underscore that keywords get.
    pub(crate) keys: Vec<String>,
    /// The local variable of the method, distinct from its arguments.
    pub(crate) call: String,
}

/// The earlier Rust names of an operation, which are deprecated aliases.
#[derive(Debug)]
pub(crate) struct FormerNames {
    pub(crate) method: String,
    pub(crate) request: String,
}

/// The Rust names of a type and its members.
#[derive(Debug)]
pub(crate) struct GroupNames {
    pub(crate) name: String,
    pub(crate) members: Vec<String>,
}

#[derive(Debug, Default)]
pub(crate) struct TypeNames {
    pub(crate) name: String,
    /// Its name before a rename on purpose, which is a deprecated alias.
    pub(crate) former: Option<String>,
    /// Fields of a struct, variants of an enum.
    pub(crate) members: Vec<String>,
    /// The field of a struct that takes undeclared properties, and the method that adds one.
    pub(crate) additional: String,
    pub(crate) additional_setter: String,
    /// The required fields, as indices, in the order of the constructor's arguments.
    pub(crate) arguments: Vec<usize>,
    /// The struct of the required fields, where there are too many for arguments.
    pub(crate) required: Option<String>,
}

/// More required inputs or fields than this come as one struct of public fields.
pub(crate) const MAX_ARGUMENTS: usize = 4;
