//! The inputs of a generation: texts and configuration.

use crate::files::Files;

/// A named text. The name appears in diagnostics and generated headers; no file of this name is opened.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The name, usually the path from the root of the workspace. The extension `.yaml` or `.yml` selects YAML.
    /// Relative server URLs of the document are resolved against a name that is a URL.
    pub name: &'a str,
    /// The JSON or YAML text.
    pub text: &'a str,
}

/// The texts that [`generate`](crate::generate) reads.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Inputs<'a> {
    /// The OpenAPI document.
    pub document: Source<'a>,
    /// The overlays, applied in this order.
    pub overlays: Vec<Source<'a>>,
    /// The lock with the names of earlier generations.
    pub lock: Option<Source<'a>>,
    /// The selection: which operations the client has.
    pub selection: Option<Source<'a>>,
    /// The files that the document refers to. `None` makes such references errors.
    pub files: Option<&'a dyn Files>,
}

impl<'a> Inputs<'a> {
    /// Creates inputs of a document without overlays and lock.
    pub fn new(document: Source<'a>) -> Self {
        Self { document, overlays: Vec::new(), lock: None, selection: None, files: None }
    }

    /// Adds an overlay, which is applied after the earlier ones.
    pub fn overlay(mut self, overlay: Source<'a>) -> Self {
        self.overlays.push(overlay);
        self
    }

    /// Sets the files that the document refers to, usually a [`Folder`](crate::Folder).
    pub fn files(mut self, files: &'a dyn Files) -> Self {
        self.files = Some(files);
        self
    }

    /// Sets the selection: an object with the lists `only` and `except`, whose entries are those of [`Config::only`] and
    /// [`Config::except`].
    pub fn selection(mut self, selection: Source<'a>) -> Self {
        self.selection = Some(selection);
        self
    }

    /// Sets the lock.
    pub fn lock(mut self, lock: Source<'a>) -> Self {
        self.lock = Some(lock);
        self
    }
}

/// The conventions that a document follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Profile {
    /// OpenAPI without extensions.
    #[default]
    OpenApi,
    /// The LowCodeAPI gateway: an envelope around responses, two URL formats, and the defects of its converter.
    LowCodeApi,
}

/// What the caller has left out of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct LeftOut {
    /// The number of operations.
    pub operations: usize,
    /// The number of component schemas that only these operations use, or none.
    pub schemas: usize,
}

/// A kind of value that the lock pins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Pin {
    /// Scheme, host and port of a server. Its value is the origin: `https://api.example.com`.
    Origin,
    /// The path of a server's URL. Its value is the whole URL.
    BasePath,
    /// The place of a credential in a request. Its value is the name of the security scheme.
    Credential,
    /// The names of environment variables, which stay as in the lock unless a change is accepted. Its value is their
    /// prefix.
    Variables,
}

/// A kind of generated output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BackEnd {
    /// The Rust client.
    RustClient,
    /// The operations of the Rust client as data, and calls by name. Its files belong beside those of the client, in a
    /// crate with a feature `catalogue` that enables that of the runtime.
    Catalogue,
    /// The table of a command line for the crate `lowcodeapi-cli`.
    Command,
    /// Markdown pages about the operations and types of the Rust client.
    Reference,
    /// A JSON file with the Rust names of operations, inputs, types and members, by their pointers in the document.
    Bindings,
}

/// The configuration of the generated code.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Config {
    /// The profile. `None` selects it by the first server of the document.
    pub profile: Option<Profile>,
    /// The command in the header of the generated files.
    pub regenerate: Option<String>,
    /// The name of the crate, which is also the prefix of environment variables, so no document chooses the variables.
    /// `None` derives a name with the suffix `-client` from the title.
    pub name: Option<String>,
    /// The back ends besides the Rust client.
    pub extras: Vec<BackEnd>,
    /// Whether defects that cost only a part of the client are errors, such as a reference without a target.
    pub strict: bool,
    /// The selectors of the operations that the client has. Empty for all.
    pub only: Vec<String>,
    /// The selectors of operations that the client does not have.
    pub except: Vec<String>,
    /// The accepted changes of pinned values. `None` accepts any value of the kind.
    pub accepted: Vec<(Pin, Option<String>)>,
    /// The name and the text of a file with the names of an existing client, which the lock takes over.
    pub surface: Option<(String, String)>,
}

impl Config {
    /// Sets the command in the header of the generated files.
    pub fn regenerate(mut self, command: impl Into<String>) -> Self {
        self.regenerate = Some(command.into());
        self
    }

    /// Makes defects that cost only a part of the client errors: references without a target, keys that an object has twice,
    /// malformed parts, and operations without a method.
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Leaves out all operations but those that a selector means, with the schemas that only they use. Each call adds a selector.
    ///
    /// A selector is `tag:NAME`, a path (`/pets/{id}`), a method (`GET`), both (`GET /pets/*`), or an `operationId`. `*` stands for
    /// any text, in a path without `/`; `**` crosses `/`. The prefixes `operation:`, `path:` and `method:` say which is meant. A
    /// selector that means no operation is an error.
    ///
    /// ```
    /// use lowcodeapi_codegen::Config;
    ///
    /// let config = Config::default().only("tag:pets").only("GET /toys/**").except("deletePet");
    /// ```
    pub fn only(mut self, selector: impl Into<String>) -> Self {
        self.only.push(selector.into());
        self
    }

    /// Leaves out the operations that a selector means, also of those that [`Config::only`] selects. Each call adds a selector.
    pub fn except(mut self, selector: impl Into<String>) -> Self {
        self.except.push(selector.into());
        self
    }

    /// Sets the name of the crate.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Takes over names of an existing client that the lock does not record. The text is its public surface, as
    /// [`public_surface`](crate::public_surface) writes it, or a list with lines `METHOD PATH NAME`, `OPERATION_ID NAME` and
    /// `SCHEMA NAME`.
    pub fn surface(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.surface = Some((name.into(), text.into()));
        self
    }

    /// Adds the files of another back end.
    pub fn also(mut self, back_end: BackEnd) -> Self {
        if !self.extras.contains(&back_end) {
            self.extras.push(back_end);
        }
        self
    }

    /// Accepts a change of a pinned value. `None` accepts any value of the kind.
    pub fn accept(mut self, pin: Pin, value: Option<String>) -> Self {
        self.accepted.push((pin, value));
        self
    }

    pub(crate) fn accepts(&self, pin: Pin, value: &str) -> bool {
        self.accepted.iter().any(|(kind, named)| *kind == pin && named.as_deref().is_none_or(|named| named == value))
    }

    /// Sets the profile, instead of selecting it by the first server.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = Some(profile);
        self
    }
}
