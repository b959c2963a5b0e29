//! What generated code says of the service as a whole.

use crate::client::pace::RateLimit;

/// Where a credential goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Auth {
    /// In the query parameter of this name.
    Query(&'static str),
    /// In the header of this name.
    Header(&'static str),
    /// In the cookie of this name.
    Cookie(&'static str),
    /// In `Authorization`, as a bearer token.
    Bearer,
    /// In `Authorization`, as user and password; the token is both, with a colon between them.
    Basic,
    /// In `Authorization`, after the name of this HTTP authentication scheme.
    Http(&'static str),
}

/// A security scheme: a kind of credential that calls may need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scheme {
    /// Its name in the document.
    pub(crate) name: &'static str,
    /// The environment variable that holds its credential.
    pub(crate) variable: &'static str,
    /// Where its credential goes.
    pub(crate) auth: Auth,
}

impl Scheme {
    /// A scheme by its name in the document, with the environment variable that holds its credential.
    pub const fn new(name: &'static str, variable: &'static str, auth: Auth) -> Self {
        Self { name, variable, auth }
    }
}

/// What a call needs: one of several alternatives, each of which is schemes by name, all of them together. An empty
/// alternative needs nothing, and so does a call without alternatives.
pub type Security = &'static [&'static [&'static str]];

/// The service that a generated client calls.
#[derive(Debug, Clone, Copy)]
pub struct Service {
    pub(crate) base_url: &'static str,
    pub(crate) env_prefix: &'static str,
    pub(crate) schemes: &'static [Scheme],
    pub(crate) security: Security,
    pub(crate) optional_credentials: bool,
    pub(crate) gateway: bool,
    pub(crate) user_agent: &'static str,
    pub(crate) rate_limits: &'static [RateLimit],
}

impl Service {
    /// A service at its document's server. Its environment variables begin with `env_prefix`.
    pub const fn new(base_url: &'static str, env_prefix: &'static str) -> Self {
        Self {
            base_url,
            env_prefix,
            schemes: &[],
            security: &[],
            optional_credentials: false,
            gateway: false,
            user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")),
            rate_limits: &[],
        }
    }

    /// The credentials that calls may need; [`ClientBuilder::token`](crate::ClientBuilder::token) is that of the first.
    pub const fn schemes(mut self, schemes: &'static [Scheme]) -> Self {
        self.schemes = schemes;
        self
    }

    /// What a call needs unless its operation says otherwise.
    pub const fn security(mut self, security: Security) -> Self {
        self.security = security;
        self
    }

    /// Some calls need no credential, so that a client can be made without any.
    pub const fn optional_credentials(mut self) -> Self {
        self.optional_credentials = true;
        self
    }

    /// The rate limits that the service publishes.
    pub const fn rate_limits(mut self, limits: &'static [RateLimit]) -> Self {
        self.rate_limits = limits;
        self
    }

    /// The value of the `User-Agent` header, in place of this crate's name and version.
    pub const fn user_agent(mut self, name_and_version: &'static str) -> Self {
        self.user_agent = name_and_version;
        self
    }

    /// The LowCodeAPI gateway stands before it: results come in an envelope, and URLs in two formats.
    pub const fn gateway(mut self) -> Self {
        self.gateway = true;
        self
    }
}
