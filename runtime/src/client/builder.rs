//! The builder of a client.

use std::{env, fmt, marker::PhantomData, sync::Arc, time::Duration};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::SecretSlice;

use crate::{
    client::{
        Client, Shared,
        credential::{CredentialSource, Credentials, Keyring, Means},
        destination::Destination,
        hook::{Hook, Hooks},
        http_settings::{self, HttpSettings},
        limits::Limits,
        pace::{Pace, RateLimit},
        retry::{Budget, RetryPolicy},
        server::Server,
        service::Service,
        tls::{self, Certificates},
        token::Token,
        transport::{Http, Transport},
    },
    error::Error,
    gateway::{BehindGateway, Gateway, url_format::UrlFormat},
    http::framing,
};

/// A function that configures the HTTP client.
type Configure = Box<dyn FnOnce(HttpSettings) -> HttpSettings + Send>;

/// A builder for a client `C`.
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder<C = Client> {
    service: &'static Service,
    credentials: Credentials,
    base_url: Option<String>,
    server: Server,
    plaintext: bool,
    url_format: Option<UrlFormat>,
    limits: Limits,
    retry: RetryPolicy,
    configure: Vec<Configure>,
    transport: Option<Arc<dyn Transport>>,
    certificates: Certificates,
    default_headers: HeaderMap,
    hooks: Hooks,
    rate_limits: Vec<RateLimit>,
    /// The first reason why the client cannot be built.
    defect: Option<String>,
    client: PhantomData<fn() -> C>,
}

impl<C: From<Client>> ClientBuilder<C> {
    #[doc(hidden)]
    /// Creates a builder with the service's base URL and the default limits.
    pub fn new(service: &'static Service) -> Self {
        Self {
            service,
            credentials: Credentials::new(),
            base_url: None,
            server: Server::default(),
            plaintext: false,
            url_format: None,
            limits: Limits::default(),
            retry: RetryPolicy::default(),
            configure: Vec::new(),
            transport: None,
            certificates: Certificates::default(),
            default_headers: HeaderMap::new(),
            hooks: Hooks::default(),
            rate_limits: Vec::new(),
            defect: None,
            client: PhantomData,
        }
    }

    /// Sets the credential. If the service has several security schemes, sets that of the first. It is never displayed,
    /// neither by `Debug` nor in an error.
    pub fn token(mut self, token: impl Into<Token>) -> Self {
        if let Some(scheme) = self.service.schemes.first() {
            self.credentials.set(scheme.name, token);
        }
        self
    }

    /// Sets what provides the credential, in place of [`token`](Self::token): a [`TokenProvider`](crate::TokenProvider), or an
    /// `OAuthClient` with the feature `oauth2`, for which [`build`](Self::build) needs a token URL.
    pub fn token_provider(mut self, provider: impl CredentialSource) -> Self {
        if let Some(scheme) = self.service.schemes.first() {
            self.credentials.set_provider(scheme.name, provider);
        }
        self
    }

    /// Sets the credentials of a service with several security schemes. The generated client then has a type
    /// `Credentials` with one method per scheme.
    pub fn credentials(mut self, credentials: impl Into<Credentials>) -> Self {
        self.credentials.extend(credentials.into());
        self
    }

    /// Sets the base URL that all paths are appended to, in place of the document's servers. If the document's server is
    /// relative and the URL has no path, the server is resolved against it. Where an operation has a server of its own, the
    /// path of that server follows the base URL.
    ///
    /// It must not contain a query, a fragment, a user or a dot segment. A request whose path would leave the base URL is
    /// rejected before anything is sent.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Chooses one of the document's servers, by its name, its URL, or with the generated client's type `Server`. A base URL
    /// replaces it.
    pub fn server(mut self, server: impl Into<Server>) -> Self {
        self.server.extend(server.into());
        self
    }

    /// Sets a variable of the document's servers. [`build`](Self::build) fails if there is no such variable, or if the value
    /// is not permitted.
    pub fn server_variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.server.set(name, value);
        self
    }

    /// Reads settings from the environment, if they are set: the credential from `…_TOKEN`, or each of several from a
    /// variable named after its scheme, and the base URL from `…_BASE_URL`. The generated client's `from_env` lists the
    /// variables.
    pub fn from_env(mut self) -> Self {
        let prefix = self.service.env_prefix;
        for scheme in self.service.schemes {
            if let Some(token) = self.read_env(scheme.variable) {
                self.credentials.set(scheme.name, token);
            }
        }
        if let Some(url) = self.read_env(&format!("{prefix}_BASE_URL")).filter(|url| !url.is_empty()) {
            self.base_url = Some(url);
        }
        if self.service.gateway {
            self.read_url_format(&format!("{prefix}_URL_FORMAT"));
        }
        self
    }

    /// Allows credentials over `http`. By default, a call that carries a credential fails if the connection is
    /// unencrypted and leaves this machine, because others could read the credential. Cookies count as credentials, and so do
    /// headers that are marked as secret or have a name such as `authorization`, `x-api-key` or `x-auth-token`. Connections
    /// to `localhost`, 127.0.0.0/8 and `[::1]` are always allowed; they bypass the proxies of the environment.
    pub fn allow_plaintext_credentials(mut self) -> Self {
        self.plaintext = true;
        self
    }

    /// Sets the connect timeout; the default is 10 seconds.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.limits.connect = timeout;
        self
    }

    /// Sets the timeout of one attempt, from connecting to the end of the body; the default is 120 seconds. During an
    /// upload of a file, [`stall_timeout`](Self::stall_timeout) applies instead.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.limits.attempt = timeout;
        self
    }

    /// Sets the timeout of a whole call; the default is 300 seconds. It does not apply to uploads of files.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.total = timeout;
        self
    }

    /// Sets how long an upload, or a response that is read as a stream, may make no progress; the default is 60
    /// seconds.
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.limits.stall = timeout;
        self
    }

    /// Sets the maximum size of a response in bytes; the default is 64 MiB. In a stream of messages it applies to each
    /// message. It does not apply to a download that is read as a stream.
    pub fn max_response_bytes(mut self, limit: usize) -> Self {
        self.limits.response_bytes = limit;
        self
    }

    /// Sets the retry policy; see [`RetryPolicy`] for the default.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Trusts additional root certificates, such as that of a company's own CA. The platform's stay trusted.
    ///
    /// `pem` contains one or more certificates. Each call adds to the earlier ones. [`build`](Self::build) returns an error
    /// if `pem` has no certificate, or one that cannot be read. On Android it always does, since the platform's cannot be
    /// extended there; use [`only_root_certificates_pem`](Self::only_root_certificates_pem).
    pub fn root_certificates_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.certificates.roots.push(pem.into());
        self
    }

    /// Trusts these root certificates in place of the platform's. Those of
    /// [`root_certificates_pem`](Self::root_certificates_pem) are trusted too.
    ///
    /// `pem` contains one or more certificates. [`build`](Self::build) returns an error if it has none, or one that cannot
    /// be read.
    pub fn only_root_certificates_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.certificates.only_these = true;
        self.root_certificates_pem(pem)
    }

    /// Sets the client certificate for servers that request one (mutual TLS).
    ///
    /// `pem` contains the certificate, its intermediate certificates and the private key. With the feature `native-tls` the
    /// key has to be in PKCS #8 (`BEGIN PRIVATE KEY`). [`build`](Self::build) returns an error if the certificate or the
    /// key is missing or cannot be read.
    pub fn client_identity_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.certificates.identity = Some(SecretSlice::from(pem.into()));
        self
    }

    /// Changes the settings of the HTTP client: proxies, connections, name resolution. [`build`](Self::build) calls the
    /// functions in the order in which they were set.
    ///
    /// TLS is of version 1.2 or newer. [`HttpSettings`] has no TLS setting that could be ignored: certificates are set by
    /// [`root_certificates_pem`](Self::root_certificates_pem) and [`client_identity_pem`](Self::client_identity_pem), and
    /// `HttpSettings::tls_backend_preconfigured` replaces the TLS configuration as a whole.
    pub fn http(mut self, configure: impl FnOnce(HttpSettings) -> HttpSettings + Send + 'static) -> Self {
        self.configure.push(Box::new(configure));
        self
    }

    /// Sets what carries requests to the server, in place of reqwest. [`build`](Self::build) fails if settings of the HTTP
    /// client or certificates are set too, because they would have no effect. Nor does the connect timeout.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Sets a header that is sent with every request that does not set it itself.
    ///
    /// [`build`](Self::build) fails if the name or value is invalid, or if the HTTP client sets the header itself:
    /// `host`, `content-length` and the connection headers.
    pub fn default_header(self, name: &str, value: &str) -> Self {
        self.set_default_header(name, value, false)
    }

    /// As [`default_header`](Self::default_header), for a value that is a credential, whatever the name of the header: it is
    /// redacted like the credentials of the client. A header whose name suggests a credential, such as `authorization`
    /// or `x-api-key`, is redacted without this.
    pub fn default_secret_header(self, name: &str, value: &str) -> Self {
        self.set_default_header(name, value, true)
    }

    /// Adds a [`Hook`] that observes every attempt of every call.
    pub fn hook(mut self, hook: impl Hook) -> Self {
        self.hooks.0.push(Arc::new(hook));
        self
    }

    /// Enables client-side rate limiting with the limits that the service publishes: a request that would exceed a
    /// limit waits. The clones of a client share the limits; other clients and processes do not.
    ///
    /// The wait before the first attempt does not count towards the timeouts, unless the call has its own timeout.
    pub fn paced(mut self) -> Self {
        for limit in self.service.rate_limits {
            if !self.rate_limits.iter().any(|own| own.name() == limit.name()) {
                self.rate_limits.push(*limit);
            }
        }
        self
    }

    /// Sets a rate limit, in place of the published one with the same name.
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limits.retain(|own| own.name() != limit.name());
        self.rate_limits.push(limit);
        self
    }

    /// Builds the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Config`] if the credential is missing or malformed, if the base URL is invalid, if a
    /// certificate cannot be read, or if the TLS backend cannot be set up or would ignore a setting.
    pub fn build(mut self) -> Result<C, Error> {
        if let Some(defect) = self.defect {
            return Err(Error::Config(defect));
        }
        if self.url_format.is_some() && !self.service.gateway {
            return Err(Error::Config("a URL format was set, but the service has no URL formats".to_owned()));
        }
        let destination = Destination::new(self.service, self.server, self.base_url.as_deref());
        let destination = destination.map_err(Error::Config)?;
        let is_here = destination.base.is_plain_and_here() && !self.plaintext;
        let settings = (self.configure, &self.certificates);
        let http = match self.transport {
            Some(own) if settings.0.is_empty() && self.certificates.is_default() => {
                Http::Own(own, HeaderValue::from_static(self.service.user_agent))
            }
            Some(_) => return Err(Error::Config(WITHOUT_EFFECT.to_owned())),
            None => connected(self.service, &self.limits, is_here, settings)?,
        };
        let means = Means { http: &http, base: &destination.base, limit: self.limits.attempt };
        let mut keyring = Keyring::new(self.service, &self.credentials, &means).map_err(Error::Config)?;
        let mut encrypted_defaults = Vec::new();
        for (name, value) in &mut self.default_headers {
            if keyring.hide_default_header(name, value) {
                encrypted_defaults.push(name.clone());
            }
        }
        let shared = Shared {
            http,
            keyring,
            destination,
            plaintext: self.plaintext,
            gateway: self.service.gateway.then(|| Gateway::new(self.url_format)),
            limits: self.limits,
            retry: self.retry,
            budget: Budget::default(),
            default_headers: self.default_headers,
            encrypted_defaults,
            hooks: self.hooks,
            pace: Pace::new(self.rate_limits),
        };
        Ok(C::from(Client { shared: Arc::new(shared) }))
    }

    fn set_default_header(mut self, name: &str, value: &str, is_secret: bool) -> Self {
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            (Ok(name), Ok(mut value)) => {
                value.set_sensitive(is_secret);
                if let Some(refusal) = framing::refusal(&name) {
                    self.defect.get_or_insert(refusal);
                }
                self.default_headers.insert(name, value);
            }
            _ => {
                self.defect.get_or_insert(format!("the default header `{name}` is invalid"));
            }
        }
        self
    }

    fn read_url_format(&mut self, variable: &str) {
        let Some(text) = self.read_env(variable).filter(|text| !text.is_empty()) else { return };
        match UrlFormat::named(&text) {
            Some(format) => self.url_format = Some(format),
            None => drop(self.defect.get_or_insert(format!("{variable} is `{text}`; expected `new` or `old`"))),
        }
    }

    fn read_env(&mut self, name: &str) -> Option<String> {
        match env::var(name) {
            Ok(value) => Some(value),
            Err(env::VarError::NotPresent) => None,
            Err(env::VarError::NotUnicode(_)) => {
                self.defect.get_or_insert(format!("{name} is not UTF-8"));
                None
            }
        }
    }
}

impl<C> ClientBuilder<C> {
    /// Sets the URL format. Building the client of a service without URL formats fails then.
    #[cfg(feature = "catalogue")]
    pub(crate) fn any_url_format(mut self, format: UrlFormat) -> Self {
        self.url_format = Some(format);
        self
    }
}

impl<C: From<Client> + BehindGateway> ClientBuilder<C> {
    /// Sets the gateway's URL format for all calls. By default, calls use the New Format until the gateway responds
    /// that the route does not exist, or breaks the connection of a GET, HEAD, OPTIONS, PUT or DELETE; then they use
    /// the Old Format if it works.
    pub fn url_format(mut self, format: UrlFormat) -> Self {
        self.url_format = Some(format);
        self
    }
}

/// Why a client with a transport of the caller is not built.
const WITHOUT_EFFECT: &str =
    "settings of the HTTP client or certificates were set besides a transport, and would have no effect";

/// Sets up reqwest for a client. `is_here` says that the calls must not leave this machine.
fn connected(
    service: &Service,
    limits: &Limits,
    is_here: bool,
    (configure, certificates): (Vec<Configure>, &Certificates),
) -> Result<Http, Error> {
    let builder = reqwest::Client::builder().user_agent(service.user_agent);
    let builder = http_settings::of_connections(builder, limits.connect, is_here);
    let settings = configure.into_iter().fold(HttpSettings::new(builder), |settings, configure| configure(settings));
    let builder = tls::set_up(settings, certificates).map_err(Error::Config)?;
    let builder = http_settings::of_requests(builder);
    let client = builder.build().map_err(|error| Error::Config(tls::with_causes(&error.without_url())))?;
    Ok(Http::Reqwest(client))
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::service::{Auth, Scheme};

    impl BehindGateway for Client {}

    static SERVICE: Service = Service::new("https://api.example/x/", "LOWCODEAPI_TEST").schemes(&[Scheme::new(
        "ApiToken",
        "LOWCODEAPI_TEST_TOKEN",
        Auth::Query("api_token"),
    )]);

    fn defect(builder: ClientBuilder) -> String {
        builder.build().unwrap_err().to_string()
    }

    #[test]
    fn a_client_needs_a_token_that_can_be_sent() {
        let builder = || ClientBuilder::<Client>::new(&SERVICE);
        assert!(defect(builder()).contains("no token was given"));
        assert!(defect(builder().token("a b")).contains("white space"));
        assert!(defect(builder().from_env()).contains("LOWCODEAPI_TEST_TOKEN"));
        assert_eq!(builder().token("t").build().unwrap().shared.destination.base.text(), "https://api.example/x");
    }

    #[test]
    fn a_credential_in_a_default_header_is_taken_out_of_what_is_shown() {
        let builder =
            ClientBuilder::<Client>::new(&SERVICE).token("t-secret").default_header("x-team", "the-blue-team");
        let client = builder.default_header("Cookie", "sid=s-123456789abc; a=b").build().unwrap();
        let shown = crate::shown::redact::scrub("sid=s-123456789abc of the-blue-team, a=b", client.shared.secrets());
        assert_eq!(shown, "sid=[redacted] of the-blue-team, a=b");
    }

    #[test]
    fn a_base_url_is_http_and_nothing_more() {
        for url in ["", "nonsense", "ftp://a.example", "https://a.example/?x=1", "https://u:p@a.example"] {
            let message = defect(ClientBuilder::new(&SERVICE).token("t").base_url(url));
            assert!(message.contains("the base URL"), "{url}: {message}");
        }
    }

    #[test]
    fn a_url_format_is_for_services_behind_the_gateway() {
        static GATEWAY: Service = SERVICE.gateway();
        let builder = |service| ClientBuilder::<Client>::new(service).token("t").url_format(UrlFormat::Old);
        assert!(defect(builder(&SERVICE)).contains("a URL format was set"));
        assert_eq!(builder(&GATEWAY).build().unwrap().url_format(), Some(UrlFormat::Old));
    }

    #[test]
    fn neither_client_nor_builder_prints_the_token() {
        let builder = ClientBuilder::<Client>::new(&SERVICE).token("at_secret");
        let printed = format!("{builder:?} {:?}", ClientBuilder::<Client>::new(&SERVICE).token("at_secret").build());
        assert!(!printed.contains("at_secret"), "{printed}");
    }
}
