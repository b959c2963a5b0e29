//! Security schemes and requirements.

use super::Docs;

/// A security scheme.
#[derive(Debug, Clone)]
pub(crate) struct Scheme {
    pub(crate) name: String,
    pub(crate) auth: Auth,
    pub(crate) docs: Docs,
    /// The URL of the metadata of the authorization server.
    pub(crate) metadata_url: Option<String>,
    /// The OAuth flow of devices without a browser.
    pub(crate) device: Option<DeviceFlow>,
    /// Where its tokens come from.
    pub(crate) tokens: Option<Tokens>,
}

/// What the flows of a scheme say of its tokens.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tokens {
    /// The URL that gives tokens for the credentials of an OAuth client.
    pub(crate) token_url: Option<String>,
    /// The URL that gives tokens for a refresh token.
    pub(crate) refresh_url: Option<String>,
    pub(crate) scopes: Vec<String>,
}

impl Tokens {
    /// Returns the URLs that receive the secrets of OAuth clients.
    pub(crate) fn urls(&self) -> impl Iterator<Item = &String> {
        self.token_url.iter().chain(&self.refresh_url)
    }
}

/// The URLs of an OAuth flow for devices without a browser.
#[derive(Debug, Clone)]
pub(crate) struct DeviceFlow {
    pub(crate) authorization_url: String,
    pub(crate) token_url: String,
}

/// The alternative requirements of an operation. None, or an empty one, if it needs no credential.
pub(crate) type Security = Vec<Requirement>;

/// Schemes that a call needs together.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Requirement {
    /// Indices into `Api::schemes`.
    pub(crate) schemes: Vec<usize>,
}

/// The place of a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Auth {
    Query(String),
    Header(String),
    Cookie(String),
    Bearer,
    Basic,
    /// Another HTTP authentication scheme, by name.
    Http(String),
}
