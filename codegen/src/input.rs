//! What the caller gives to a generation: the texts, and what to decide about the generated code.

/// A named text: the name appears in diagnostics and generated headers, and is not opened.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// What to call it, usually its path from the workspace's root. An ending in `.yaml` or `.yml` says that it is YAML.
    /// Where it is a URL, `https://…`, it resolves the relative server URLs of the document.
    pub name: &'a str,
    /// Its text: JSON or YAML.
    pub text: &'a str,
}

/// Everything that generation reads.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Inputs<'a> {
    /// The OpenAPI document.
    pub document: Source<'a>,
    /// Overlays, applied in order.
    pub overlays: Vec<Source<'a>>,
    /// The lock that holds the names given before.
    pub lock: Option<Source<'a>>,
}

impl<'a> Inputs<'a> {
    /// A document alone.
    pub fn new(document: Source<'a>) -> Self {
        Self { document, overlays: Vec::new(), lock: None }
    }

    /// Adds an overlay; later ones see what earlier ones did.
    pub fn overlay(mut self, overlay: Source<'a>) -> Self {
        self.overlays.push(overlay);
        self
    }

    /// Sets the lock.
    pub fn lock(mut self, lock: Source<'a>) -> Self {
        self.lock = Some(lock);
        self
    }
}

/// Whose rules a document follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Profile {
    /// OpenAPI's own.
    #[default]
    OpenApi,
    /// Those of the LowCodeAPI gateway: an envelope around responses, two URL formats, the defects of its converter.
    LowCodeApi,
}

/// A kind of pinned value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Pin {
    /// Scheme, host and port of a server. Its value is the origin: `https://api.example.com`.
    Origin,
    /// The path of a server's URL. Its value is the whole URL.
    BasePath,
    /// Where a credential stands in a request. Its value is the name of the security scheme.
    Credential,
    /// The names of environment variables. The names in the lock are kept unless a change is accepted. Its value is their
    /// prefix.
    Variables,
}

/// What is made of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BackEnd {
    /// The Rust client.
    RustClient,
    /// Pages of Markdown on the operations of the Rust client and on its types.
    Reference,
}

/// What the caller decides about the generated code.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Config {
    /// The profile; `None` reads it from the document's first server.
    pub profile: Option<Profile>,
    /// The command that regenerates, for the header of the generated files.
    pub regenerate: Option<String>,
    /// The name of the crate. Environment variables begin with it, so that no document chooses which of them are read;
    /// without it, the name is made of the document's title and ends in `-client`.
    pub name: Option<String>,
    /// What is made besides the Rust client.
    pub extras: Vec<BackEnd>,
    /// The changes of what the lock pins that are accepted: each one that is named, or any of its kind.
    pub accepted: Vec<(Pin, Option<String>)>,
}

impl Config {
    /// Names the command that regenerates, for the header of the generated files.
    pub fn regenerate(mut self, command: impl Into<String>) -> Self {
        self.regenerate = Some(command.into());
        self
    }

    /// Names the crate.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Asks for the files of a back end besides those of the Rust client.
    pub fn also(mut self, back_end: BackEnd) -> Self {
        if !self.extras.contains(&back_end) {
            self.extras.push(back_end);
        }
        self
    }

    /// Accepts a change of what the lock pins: that of this value, or any of its kind.
    pub fn accept(mut self, pin: Pin, value: Option<String>) -> Self {
        self.accepted.push((pin, value));
        self
    }

    pub(crate) fn accepts(&self, pin: Pin, value: &str) -> bool {
        self.accepted.iter().any(|(kind, named)| *kind == pin && named.as_deref().is_none_or(|named| named == value))
    }

    /// Sets the profile, whatever the document's server is.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = Some(profile);
        self
    }
}
