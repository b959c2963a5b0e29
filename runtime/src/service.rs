//! What generated code says of the service as a whole.

use crate::RateLimit;

/// Where the credential goes.
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
}

/// The service that a generated client calls.
#[derive(Debug, Clone, Copy)]
pub struct Service {
    pub(crate) base_url: &'static str,
    pub(crate) env_prefix: &'static str,
    pub(crate) auth: Option<Auth>,
    pub(crate) gateway: bool,
    pub(crate) rate_limits: &'static [RateLimit],
}

impl Service {
    /// A service at its document's server. Its environment variables begin with `env_prefix`.
    pub const fn new(base_url: &'static str, env_prefix: &'static str) -> Self {
        Self { base_url, env_prefix, auth: None, gateway: false, rate_limits: &[] }
    }

    /// Every call needs a credential.
    pub const fn auth(mut self, auth: Auth) -> Self {
        self.auth = Some(auth);
        self
    }

    /// The rate limits that the service publishes.
    pub const fn rate_limits(mut self, limits: &'static [RateLimit]) -> Self {
        self.rate_limits = limits;
        self
    }

    /// The LowCodeAPI gateway stands before it: results come in an envelope, and URLs in two formats.
    pub const fn gateway(mut self) -> Self {
        self.gateway = true;
        self
    }
}
