//! The settings of the HTTP client that callers can change.
//!
//! reqwest's own builder is not handed out. It ignores its settings of TLS beside a finished configuration, and does not
//! say which of them were set.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use reqwest::{Proxy, dns::Resolve};

/// Settings of the HTTP client: proxies, connections and name resolution. [`ClientBuilder::http`] changes them.
///
/// The methods are named after those of `reqwest::ClientBuilder`. What [`ClientBuilder`] sets itself is missing: timeouts,
/// headers, redirects, certificates.
///
/// [`ClientBuilder`]: crate::ClientBuilder
/// [`ClientBuilder::http`]: crate::ClientBuilder::http
#[must_use = "settings have no effect until they are returned"]
pub struct HttpSettings {
    pub(crate) builder: reqwest::ClientBuilder,
    pub(crate) is_http1_only: bool,
    /// Whether TLS is the caller's.
    pub(crate) has_tls: bool,
}

impl HttpSettings {
    pub(crate) fn new(builder: reqwest::ClientBuilder) -> Self {
        Self { builder, is_http1_only: false, has_tls: false }
    }

    /// Sends requests through a proxy, in place of those that the system sets. It can be called several times; the first
    /// proxy that takes a URL is used.
    pub fn proxy(self, proxy: Proxy) -> Self {
        self.with(|builder| builder.proxy(proxy))
    }

    /// Uses no proxy, not even those that the system sets.
    pub fn no_proxy(self) -> Self {
        self.with(reqwest::ClientBuilder::no_proxy)
    }

    /// Sets how long a connection is kept while it is not used; `None` keeps it until the server closes it. The default is
    /// 90 seconds.
    pub fn pool_idle_timeout(self, timeout: impl Into<Option<Duration>>) -> Self {
        self.with(|builder| builder.pool_idle_timeout(timeout.into()))
    }

    /// Bounds the number of unused connections that are kept for each host. There is no bound by default.
    pub fn pool_max_idle_per_host(self, max: usize) -> Self {
        self.with(|builder| builder.pool_max_idle_per_host(max))
    }

    /// Sets after how long a silent connection is probed (`SO_KEEPALIVE`); `None` turns probes off. The default is 15
    /// seconds.
    pub fn tcp_keepalive(self, after: impl Into<Option<Duration>>) -> Self {
        self.with(|builder| builder.tcp_keepalive(after.into()))
    }

    /// Sets whether small packets are sent at once (`TCP_NODELAY`). The default is `true`.
    pub fn tcp_nodelay(self, enabled: bool) -> Self {
        self.with(|builder| builder.tcp_nodelay(enabled))
    }

    /// Binds connections to an address of this machine.
    pub fn local_address(self, address: impl Into<Option<IpAddr>>) -> Self {
        self.with(|builder| builder.local_address(address.into()))
    }

    /// Resolves a host name to one address. The port 0 stands for the port of the URL.
    pub fn resolve(self, host: &str, address: SocketAddr) -> Self {
        self.resolve_to_addrs(host, &[address])
    }

    /// Resolves a host name to these addresses. The port 0 stands for the port of the URL.
    pub fn resolve_to_addrs(self, host: &str, addresses: &[SocketAddr]) -> Self {
        self.with(|builder| builder.resolve_to_addrs(host, addresses))
    }

    /// Resolves host names by this resolver, in place of the system's. Names of [`resolve`](Self::resolve) are not asked for.
    pub fn dns_resolver(self, resolver: impl Resolve + 'static) -> Self {
        self.with(|builder| builder.dns_resolver(resolver))
    }

    /// Connects to a Unix domain socket, whatever the host of the URL.
    #[cfg(unix)]
    pub fn unix_socket(self, path: impl AsRef<std::path::Path>) -> Self {
        self.with(|builder| builder.unix_socket(path.as_ref()))
    }

    /// Speaks HTTP/1.1 alone, also where the feature `http2` is on.
    pub fn http1_only(mut self) -> Self {
        self.is_http1_only = true;
        self.with(reqwest::ClientBuilder::http1_only)
    }

    /// Replaces the configuration of TLS as a whole: trust anchors, client certificate, versions, ALPN protocols.
    ///
    /// With the features `rustls` and `rustls-aws-lc` this is a `rustls::ClientConfig` of rustls 0.23, with `native-tls` a
    /// `native_tls::TlsConnector` of `native-tls` 0.2.
    ///
    /// Any other type is an error of [`build`](crate::ClientBuilder::build). So are `http1_only` and the certificates of the
    /// builder beside it, since they would have no effect.
    #[cfg(any(feature = "rustls", feature = "rustls-aws-lc", feature = "native-tls"))]
    pub fn tls_backend_preconfigured(mut self, tls: impl std::any::Any) -> Self {
        self.has_tls = true;
        self.with(|builder| builder.tls_backend_preconfigured(tls))
    }

    fn with(mut self, change: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder) -> Self {
        self.builder = change(self.builder);
        self
    }
}

impl fmt::Debug for HttpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The builder shows proxies, and those may have passwords.
        f.debug_struct("HttpSettings").finish_non_exhaustive()
    }
}
