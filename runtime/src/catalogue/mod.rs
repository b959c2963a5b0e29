//! The operations of an API as data, and calls whose inputs and results are JSON values.
//!
//! A generated client with the feature `catalogue` describes itself by these types and implements [`Described`]. A
//! command line, the tools of an agent and tests call its operations in this one way: [`Described::prepare`].

pub(crate) mod build;
mod inputs;
mod prepared;
mod schema;

use std::fmt::Debug;

use serde_json::Value;

pub use crate::{
    call::outcome::{Form, Outcome},
    catalogue::{
        inputs::Inputs,
        prepared::{Answer, Prepared},
    },
    reply::content::Content,
};
use crate::{
    client::{Client, builder::ClientBuilder, pace::RateLimit},
    error::Error,
    gateway::url_format::UrlFormat,
    http::method,
    reply::pagination::Pagination,
};

/// A generated client that describes its operations.
pub trait Described: From<Client> + Clone + Debug + Send + Sync + 'static {
    /// The operations.
    const CATALOGUE: &'static Catalogue;

    /// Returns a builder of the client.
    fn builder() -> ClientBuilder<Self>;

    /// Returns the call of an operation, through the request type that callers in Rust use.
    ///
    /// # Errors
    ///
    /// Returns [`Error::InvalidRequest`] if there is no operation of this name, if a required input is missing, if a
    /// value does not have the type of its input, or if an input is not one of the operation.
    fn prepare(&self, operation: &str, inputs: Inputs) -> Result<Prepared, Error>;

    /// Returns the URL format of LowCodeAPI's gateway that calls use, once it is known.
    fn url_format(&self) -> Option<UrlFormat> {
        None
    }
}

/// The operations of an API, and what they have in common.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Catalogue {
    /// The name of the crate.
    pub name: &'static str,
    /// The title of the document.
    pub title: &'static str,
    /// The description of the document, as plain text on one line. Empty if there is none.
    pub description: &'static str,
    /// The base URL of the document.
    pub base_url: &'static str,
    /// What the names of the environment variables begin with, such as `LOWCODEAPI` for `LOWCODEAPI_BASE_URL`.
    pub variables: &'static str,
    /// Whether the API is behind LowCodeAPI's gateway, which has two URL formats.
    pub is_gateway: bool,
    /// The credentials. Calls that need one need the first, unless they declare others.
    pub credentials: &'static [Credential],
    /// The rate limits that operations refer to.
    pub rate_limits: &'static [RateLimit],
    /// The operations, in the order of the document.
    pub operations: &'static [&'static Operation],
    /// The named types, as JSON Schemas, by name and in the order of names. References have the form `#/$defs/Name`.
    pub schemas: &'static [(&'static str, &'static str)],
}

/// A credential that calls may need.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Credential {
    /// The name of the security scheme.
    pub name: &'static str,
    /// The environment variable that holds the credential.
    pub variable: &'static str,
    /// Where it is sent, as a sentence.
    pub place: &'static str,
}

/// An operation.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Operation {
    /// The name of the client's method, which is unique.
    pub name: &'static str,
    /// The group of the command, such as `knowledge`. Empty if the command has no group.
    pub group: &'static str,
    /// The name of the command in its group, such as `list`.
    pub command: &'static str,
    /// The HTTP method, in upper case.
    pub method: &'static str,
    /// The path below the base URL, with inputs in braces.
    pub path: &'static str,
    /// The path in LowCodeAPI's Old Format, where inputs of the path are sent in the query.
    pub old_path: Option<&'static str>,
    /// The document's summary, on one line. Empty if there is none.
    pub summary: &'static str,
    /// The document's description, as plain text. Empty if there is none.
    pub description: &'static str,
    /// The URL of the document's reference.
    pub link: Option<&'static str>,
    /// Whether the document discourages its use.
    pub is_deprecated: bool,
    /// The inputs: those that a call needs, in the order of the method's arguments, then the others.
    pub inputs: &'static [Input],
    /// The results, by status.
    pub results: &'static [Outcome],
    /// The messages of the result, if it can be a stream.
    pub messages: Option<Messages>,
    /// How the list is paginated.
    pub pages: Option<Pages>,
    /// The declared errors.
    pub errors: &'static [Declared],
    /// The name of its rate limit in [`Catalogue::rate_limits`].
    pub rate_limit: Option<&'static str>,
    /// The names of the credentials that a call needs: alternatives, each of which lists what it needs together.
    pub security: &'static [&'static [&'static str]],
    /// The OAuth scopes that the credential needs.
    pub scopes: &'static [&'static str],
}

/// What an operation does to the server's data, by its HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Effect {
    /// It changes nothing: GET, HEAD, OPTIONS and TRACE.
    Read,
    /// It may change something, or cost something.
    Change,
    /// It deletes: DELETE.
    Delete,
}

/// An input of an operation.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Input {
    /// The name by which [`Inputs`] holds it, unique in the operation: the name of the argument or setter in Rust, without
    /// the underscore that keywords get.
    pub name: &'static str,
    /// The name in the HTTP request.
    pub wire: &'static str,
    /// Its place in the HTTP request.
    pub place: Place,
    /// Its JSON Schema, with description, limits and default. [`Catalogue::input_schema`] resolves references. A file
    /// has none.
    pub schema: &'static str,
    /// The documentation, as plain text on one line. Empty if there is none.
    pub description: &'static str,
    /// Whether a call needs it.
    pub is_required: bool,
    /// Whether it is a file, or a list of files.
    pub file: Option<Files>,
    /// Whether it is a secret, so that it is not shown.
    pub is_secret: bool,
    /// Whether the document discourages its use.
    pub is_deprecated: bool,
}

/// The files of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Files {
    /// A file.
    One,
    /// A list of files.
    Many,
}

/// The place of an input in the HTTP request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// A segment of the path, or a part of one.
    Path,
    /// A parameter of the query.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
    /// A property of a JSON body.
    Field,
    /// A part of a multipart body.
    Part,
    /// A field of a form body.
    Form,
    /// The body.
    Body,
}

/// A result that can be a stream of messages.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Messages {
    /// The media type.
    pub media_type: &'static str,
    /// Whether the messages are server-sent events. Otherwise they are JSON lines, or a JSON sequence.
    pub is_events: bool,
    /// Whether the messages are a JSON sequence.
    pub is_sequence: bool,
    /// Whether the messages are text. Otherwise they are JSON.
    pub is_text: bool,
    /// The JSON Schema of a message.
    pub schema: &'static str,
}

/// A list that the server returns page by page.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Pages {
    /// The name of the input of the page: a number, an offset or a cursor. `None` if a page names the URL of the next one.
    pub page: Option<&'static str>,
    /// The name of the input of the page size.
    pub size: Option<&'static str>,
    /// The names of the properties that lead to the items of a page.
    pub items: &'static [&'static str],
    pub(crate) rule: &'static Pagination<Value, Value>,
}

/// A declared error.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Declared {
    /// The status, such as `404`, `4XX` or `default`.
    pub status: &'static str,
    /// The description of the document.
    pub description: &'static str,
    /// The JSON Schema of the body. Empty if none is declared.
    pub schema: &'static str,
}

impl Operation {
    /// Returns what the operation does to the server's data.
    pub fn effect(&self) -> Effect {
        match self.method {
            "DELETE" => Effect::Delete,
            method if method::is_safe(method) => Effect::Read,
            _ => Effect::Change,
        }
    }

    /// Returns whether a repeated call has the effect of one. The client repeats such calls after failures.
    pub fn is_idempotent(&self) -> bool {
        method::is_idempotent(self.method)
    }

    /// Returns the input of a name.
    pub fn input(&self, name: &str) -> Option<&'static Input> {
        self.inputs.iter().find(|input| input.name == name)
    }

    /// Returns the words of the command: `knowledge list`.
    pub fn words(&self) -> String {
        format!("{} {}", self.group, self.command).trim().to_owned()
    }

    /// Returns whether a successful call may return a file.
    pub fn gives_file(&self) -> bool {
        self.results.iter().any(|result| result.form == Form::Bytes)
    }
}

impl Catalogue {
    /// Returns the operation of a name: that of the method, or the words of the command.
    pub fn operation(&self, name: &str) -> Option<&'static Operation> {
        self.operations.iter().copied().find(|operation| operation.name == name || operation.words() == name)
    }

    /// Returns the index of an operation.
    #[doc(hidden)]
    pub fn position(&self, name: &str) -> Result<usize, Error> {
        let index = self.operations.iter().position(|operation| operation.name == name);
        index.ok_or_else(|| Error::invalid(format!("there is no operation `{name}`")))
    }

    /// Returns the rate limit of an operation.
    pub fn rate_limit(&self, operation: &Operation) -> Option<&'static RateLimit> {
        self.rate_limits.iter().find(|limit| Some(limit.name()) == operation.rate_limit)
    }
}

/// Sets the URL format of a client that is behind LowCodeAPI's gateway. Building the client of another API fails then.
pub fn with_url_format<C: From<Client>>(builder: ClientBuilder<C>, format: UrlFormat) -> ClientBuilder<C> {
    builder.any_url_format(format)
}
