//! The description of a service, as generated code declares it.

use crate::client::{pace::RateLimit, server::ServerTemplate};

/// Where a credential is sent.
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
    /// In `Authorization`, as user and password. The token contains both, separated by a colon.
    Basic,
    /// In `Authorization`, after the name of this HTTP authentication scheme.
    Http(&'static str),
}

/// A security scheme: a kind of credential that calls may need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scheme {
    /// The name in the document.
    pub(crate) name: &'static str,
    /// The environment variable that holds the credential.
    pub(crate) variable: &'static str,
    /// Where the credential is sent.
    pub(crate) auth: Auth,
    /// The URL that gives tokens for the credentials of an OAuth client.
    pub(crate) token_url: Option<&'static str>,
    /// The URL that gives tokens for a refresh token, if it is another.
    pub(crate) refresh_url: Option<&'static str>,
}

impl Scheme {
    /// Creates a scheme from its name in the document and the environment variable that holds its credential.
    pub const fn new(name: &'static str, variable: &'static str, auth: Auth) -> Self {
        Self { name, variable, auth, token_url: None, refresh_url: None }
    }

    /// Sets the URL that gives tokens for the credentials of an OAuth client.
    pub const fn token_url(mut self, url: &'static str) -> Self {
        self.token_url = Some(url);
        self
    }

    /// Sets the URL that gives tokens for a refresh token, if it is another.
    pub const fn refresh_url(mut self, url: &'static str) -> Self {
        self.refresh_url = Some(url);
        self
    }
}

/// The security requirements of a call: alternatives, each a list of scheme names that are all required. An empty list
/// of alternatives, or an empty alternative, requires no credential.
pub type Security = &'static [&'static [&'static str]];

/// The service that a generated client calls.
#[derive(Debug, Clone, Copy)]
pub struct Service {
    pub(crate) base_url: &'static str,
    /// The servers, if there are several, or one with variables.
    pub(crate) servers: &'static [ServerTemplate],
    /// The variables that only servers of operations have.
    pub(crate) operation_variables: &'static [&'static str],
    pub(crate) env_prefix: &'static str,
    pub(crate) schemes: &'static [Scheme],
    pub(crate) security: Security,
    /// The security of calls without an operation, if it is not that of most operations.
    pub(crate) root_security: Option<Security>,
    pub(crate) optional_credentials: bool,
    pub(crate) gateway: bool,
    pub(crate) user_agent: &'static str,
    pub(crate) rate_limits: &'static [RateLimit],
}

impl Service {
    /// Creates a service with the document's base URL. Its environment variables begin with `env_prefix`.
    pub const fn new(base_url: &'static str, env_prefix: &'static str) -> Self {
        Self {
            base_url,
            servers: &[],
            operation_variables: &[],
            env_prefix,
            schemes: &[],
            security: &[],
            root_security: None,
            optional_credentials: false,
            gateway: false,
            user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")),
            rate_limits: &[],
        }
    }

    /// Sets the servers, of which the first is the default.
    pub const fn servers(mut self, servers: &'static [ServerTemplate]) -> Self {
        self.servers = servers;
        self
    }

    /// Sets the variables that only servers of operations have.
    pub const fn operation_variables(mut self, names: &'static [&'static str]) -> Self {
        self.operation_variables = names;
        self
    }

    /// Sets the security schemes. [`ClientBuilder::token`](crate::ClientBuilder::token) sets the credential of the
    /// first.
    pub const fn schemes(mut self, schemes: &'static [Scheme]) -> Self {
        self.schemes = schemes;
        self
    }

    /// Sets the security requirements of operations that declare none of their own.
    pub const fn security(mut self, security: Security) -> Self {
        self.security = security;
        self
    }

    /// Sets the security requirements of calls that no operation describes, in place of those of most operations.
    pub const fn root_security(mut self, security: Security) -> Self {
        self.root_security = Some(security);
        self
    }

    /// Allows a client without credentials, because some calls need none.
    pub const fn optional_credentials(mut self) -> Self {
        self.optional_credentials = true;
        self
    }

    /// Sets the rate limits that the service publishes.
    pub const fn rate_limits(mut self, limits: &'static [RateLimit]) -> Self {
        self.rate_limits = limits;
        self
    }

    /// Sets the `User-Agent` header; the default is this crate's name and version.
    pub const fn user_agent(mut self, name_and_version: &'static str) -> Self {
        self.user_agent = name_and_version;
        self
    }

    /// Declares that the service is behind the LowCodeAPI gateway: results are in an envelope, and URLs have two
    /// formats.
    pub const fn gateway(mut self) -> Self {
        self.gateway = true;
        self
    }
}
