//! How a client is made.

use std::{env, fmt, marker::PhantomData, sync::Arc, time::Duration};

use reqwest::{
    header::{HeaderMap, HeaderName, HeaderValue},
    redirect, retry,
};
use secrecy::SecretSlice;

use crate::{
    client::{
        Client, Shared,
        credential::{Credentials, Keyring, is_credential},
        hook::{Hook, Hooks},
        http_settings::HttpSettings,
        limits::Limits,
        pace::{Pace, RateLimit},
        retry::{Budget, RetryPolicy},
        service::Service,
        tls::{self, Certificates},
        token::Token,
    },
    error::Error,
    gateway::{BehindGateway, Gateway, url_format::UrlFormat},
    http::{base::Base, framing},
};

/// A function over the settings of the HTTP client.
type Configure = Box<dyn FnOnce(HttpSettings) -> HttpSettings + Send>;

/// Sets up a client `C`.
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder<C = Client> {
    service: &'static Service,
    credentials: Credentials,
    base_url: Option<String>,
    plaintext: bool,
    url_format: Option<UrlFormat>,
    limits: Limits,
    retry: RetryPolicy,
    configure: Vec<Configure>,
    certificates: Certificates,
    default_headers: HeaderMap,
    hooks: Hooks,
    rate_limits: Vec<RateLimit>,
    /// Why no client can be made, if so: the first reason.
    defect: Option<String>,
    client: PhantomData<fn() -> C>,
}

impl<C: From<Client>> ClientBuilder<C> {
    #[doc(hidden)]
    /// A builder with the service's base URL and the default bounds.
    pub fn new(service: &'static Service) -> Self {
        Self {
            service,
            credentials: Credentials::new(),
            base_url: None,
            plaintext: false,
            url_format: None,
            limits: Limits::default(),
            retry: RetryPolicy::default(),
            configure: Vec::new(),
            certificates: Certificates::default(),
            default_headers: HeaderMap::new(),
            hooks: Hooks::default(),
            rate_limits: Vec::new(),
            defect: None,
            client: PhantomData,
        }
    }

    /// Sets the credential, where the service has one kind; else that of its first scheme. It is never shown: not by
    /// `Debug`, not in an error.
    pub fn token(mut self, token: impl Into<Token>) -> Self {
        if let Some(scheme) = self.service.schemes.first() {
            self.credentials.set(scheme.name, token);
        }
        self
    }

    /// Sets the credentials that there are, where the service has several kinds: the generated client has a type
    /// `Credentials` then, with a method for each.
    pub fn credentials(mut self, credentials: impl Into<Credentials>) -> Self {
        self.credentials.extend(credentials.into());
        self
    }

    /// Sets the URL that every path is appended to, in place of the document's servers: of those, too, that single
    /// operations have. It has no query, no fragment, no user and no dot segment. No request leaves it: a path that would
    /// is refused before anything is sent.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Takes from the environment what is set there: the credential from `…_TOKEN`, or each of several from a variable
    /// named after its scheme, and the base URL from `…_BASE_URL`. The generated client's `from_env` names them all.
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

    /// Sends credentials over `http` too. Unless this is set, a call that carries a credential is refused where the
    /// connection is not encrypted and leaves this machine: anyone on the way could read the credential. Cookies, and
    /// headers whose names say so, count as credentials. To `localhost`, 127.0.0.0/8 and `[::1]` it is always sent, and
    /// past the proxies that the environment sets.
    pub fn allow_plaintext_credentials(mut self) -> Self {
        self.plaintext = true;
        self
    }

    /// Bounds connecting; 10 seconds unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.limits.connect = timeout;
        self
    }

    /// Bounds one attempt, from connecting to the end of the body; 120 seconds unless set. While a file is uploaded,
    /// [`stall_timeout`](Self::stall_timeout) bounds it instead.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.limits.attempt = timeout;
        self
    }

    /// Bounds a call as a whole; 300 seconds unless set. Uploads of files are not bounded by it.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.total = timeout;
        self
    }

    /// Bounds how long an upload, or a response that is read as a stream, may make no progress; 60 seconds unless set.
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.limits.stall = timeout;
        self
    }

    /// Bounds the size of a response, in bytes; 64 MiB unless set. Of a stream of messages it bounds each; a download that
    /// is read as a stream has no such bound.
    pub fn max_response_bytes(mut self, limit: usize) -> Self {
        self.limits.response_bytes = limit;
        self
    }

    /// Sets when a call is sent again; see [`RetryPolicy`] for what holds unless set.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Trusts these root certificates too, beside those of the platform: one or more in PEM. It can be called several times.
    ///
    /// What is no certificate is an error of [`build`](Self::build). On Android the platform's cannot be extended, and
    /// `build` fails; use [`only_root_certificates_pem`](Self::only_root_certificates_pem).
    pub fn root_certificates_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.certificates.roots.push(pem.into());
        self
    }

    /// Trusts these root certificates, and none of the platform: one or more in PEM. Those of
    /// [`root_certificates_pem`](Self::root_certificates_pem) are trusted too.
    ///
    /// What is no certificate is an error of [`build`](Self::build).
    pub fn only_root_certificates_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.certificates.only_these = true;
        self.root_certificates_pem(pem)
    }

    /// Shows a certificate to servers that ask for one (mutual TLS): the certificate, those that lead to its root, and the
    /// private key, all in one PEM text. With the feature `native-tls` the key is in PKCS #8 (`BEGIN PRIVATE KEY`).
    ///
    /// A text without certificate or key is an error of [`build`](Self::build).
    pub fn client_identity_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.certificates.identity = Some(SecretSlice::from(pem.into()));
        self
    }

    /// Changes the settings of the HTTP client: proxies, pools, name resolution. Functions of several calls are called one
    /// after the other, by [`build`](Self::build).
    ///
    /// [`HttpSettings`] has no setting that would be ignored. For certificates, see
    /// [`root_certificates_pem`](Self::root_certificates_pem) and [`client_identity_pem`](Self::client_identity_pem). For
    /// versions, suites or revocation lists, pass a configuration to `tls_backend_preconfigured`. Otherwise TLS is of
    /// version 1.2 or newer.
    pub fn http(mut self, configure: impl FnOnce(HttpSettings) -> HttpSettings + Send + 'static) -> Self {
        self.configure.push(Box::new(configure));
        self
    }

    /// Sends a header with every request that does not set it itself.
    ///
    /// A name or a value that no header can have is an error of [`build`](Self::build), and so are the headers that the
    /// HTTP client alone sets: `host`, `content-length`, and those of the connection.
    pub fn default_header(mut self, name: &str, value: &str) -> Self {
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            (Ok(name), Ok(value)) => {
                if let Some(refusal) = framing::refusal(&name) {
                    self.defect.get_or_insert(refusal);
                }
                self.default_headers.insert(name, value);
            }
            _ => {
                self.defect.get_or_insert(format!("the default header `{name}` cannot be sent"));
            }
        }
        self
    }

    /// Lets a [`Hook`] see every attempt of every call.
    pub fn hook(mut self, hook: impl Hook) -> Self {
        self.hooks.0.push(Arc::new(hook));
        self
    }

    /// Keeps to the rate limits that the service publishes: a request that would go over one waits for its turn. The clones
    /// of the client share the count; other clients and processes have their own.
    ///
    /// The wait for a call's first turn is not counted in its bounds, unless the call has a timeout of its own.
    pub fn paced(mut self) -> Self {
        for limit in self.service.rate_limits {
            if !self.rate_limits.iter().any(|own| own.name() == limit.name()) {
                self.rate_limits.push(*limit);
            }
        }
        self
    }

    /// Keeps to this rate limit, in place of the published one of the same name.
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limits.retain(|own| own.name() != limit.name());
        self.rate_limits.push(limit);
        self
    }

    /// Makes the client. Nothing goes over the network.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] when the credential is missing or malformed, the base URL is none, a certificate cannot be read, or
    /// the TLS backend cannot be set up or would ignore a setting.
    pub fn build(self) -> Result<C, Error> {
        if let Some(defect) = self.defect {
            return Err(Error::Config(defect));
        }
        if self.url_format.is_some() && !self.service.gateway {
            return Err(Error::Config("a URL format was set, and the service has none".to_owned()));
        }
        let mut keyring = Keyring::new(self.service, self.credentials).map_err(Error::Config)?;
        for (_, value) in self.default_headers.iter().filter(|(name, _)| is_credential(name)) {
            keyring.hide_header(value);
        }
        let base = Base::parse(self.base_url.as_deref().unwrap_or(self.service.base_url)).map_err(Error::Config)?;
        let builder =
            reqwest::Client::builder().user_agent(self.service.user_agent).connect_timeout(self.limits.connect);
        // A proxy elsewhere would read what is not to leave this machine.
        let builder = if base.is_plain_and_here() && !self.plaintext { builder.no_proxy() } else { builder };
        let settings =
            self.configure.into_iter().fold(HttpSettings::new(builder), |settings, configure| configure(settings));
        let builder = tls::set_up(settings, &self.certificates).map_err(Error::Config)?;
        let http = builder
            .redirect(redirect::Policy::none())
            .referer(false)
            .retry(retry::never())
            .build()
            .map_err(|error| Error::Config(error.without_url().to_string()))?;
        let shared = Shared {
            http,
            keyring,
            base,
            is_own_base_url: self.base_url.is_some(),
            plaintext: self.plaintext,
            gateway: self.service.gateway.then(|| Gateway::new(self.url_format)),
            limits: self.limits,
            retry: self.retry,
            budget: Budget::default(),
            default_headers: self.default_headers,
            hooks: self.hooks,
            pace: Pace::new(self.rate_limits),
        };
        Ok(C::from(Client { shared: Arc::new(shared) }))
    }

    fn read_url_format(&mut self, variable: &str) {
        let Some(text) = self.read_env(variable).filter(|text| !text.is_empty()) else { return };
        match UrlFormat::named(&text) {
            Some(format) => self.url_format = Some(format),
            None => drop(self.defect.get_or_insert(format!("{variable} is `{text}`; it has to be `new` or `old`"))),
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

impl<C: From<Client> + BehindGateway> ClientBuilder<C> {
    /// Sends every call in this one of the gateway's URL formats. Unless it is set, calls are sent in the New Format until
    /// the gateway answers that it has no such route, or breaks the connection of a GET, HEAD, OPTIONS, PUT or DELETE; then
    /// in the Old Format, if that works.
    pub fn url_format(mut self, format: UrlFormat) -> Self {
        self.url_format = Some(format);
        self
    }
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

    static SERVICE: Service = Service::new("https://api.example/x/", "LOWCODEAPI_TEST").schemes(&[Scheme {
        name: "ApiToken",
        variable: "LOWCODEAPI_TEST_TOKEN",
        auth: Auth::Query("api_token"),
    }]);

    fn defect(builder: ClientBuilder) -> String {
        builder.build().unwrap_err().to_string()
    }

    #[test]
    fn a_client_needs_a_token_that_can_be_sent() {
        let builder = || ClientBuilder::<Client>::new(&SERVICE);
        assert!(defect(builder()).contains("no token was given"));
        assert!(defect(builder().token("a b")).contains("white space"));
        assert!(defect(builder().from_env()).contains("LOWCODEAPI_TEST_TOKEN"));
        assert_eq!(builder().token("t").build().unwrap().shared.base.text(), "https://api.example/x");
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
