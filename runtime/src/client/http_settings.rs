//! The settings of the HTTP client that callers can change.
//!
//! reqwest's own builder is not exposed, because it ignores its TLS settings when it has a complete TLS configuration,
//! and does not reveal which of them were set.

#[cfg(not(target_arch = "wasm32"))]
use std::net::{IpAddr, SocketAddr};
use std::{fmt, time::Duration};

#[cfg(not(target_arch = "wasm32"))]
use reqwest::{ClientBuilder, Proxy, dns::Resolve, redirect, retry};

/// Sets what each connection has. `is_here` says that the calls must not leave this machine.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn of_connections(builder: ClientBuilder, connect_timeout: Duration, is_here: bool) -> ClientBuilder {
    let builder = builder.connect_timeout(connect_timeout);
    // A proxy would read credentials that must not leave this machine.
    if is_here { builder.no_proxy() } else { builder }
}

/// Sets what each request has.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn of_requests(builder: ClientBuilder) -> ClientBuilder {
    builder.redirect(redirect::Policy::none()).referer(false).retry(retry::never())
}

/// A browser decides about its connections.
#[cfg(target_arch = "wasm32")]
pub(crate) fn of_connections(builder: reqwest::ClientBuilder, _: Duration, _: bool) -> reqwest::ClientBuilder {
    builder
}

/// A browser decides about its requests: it follows redirects.
#[cfg(target_arch = "wasm32")]
pub(crate) fn of_requests(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    builder
}

/// Settings of the HTTP client: proxies, connections and name resolution. [`ClientBuilder::http`] changes them.
///
/// The methods have the names of those of `reqwest::ClientBuilder`. Settings that [`ClientBuilder`] controls are
/// missing: timeouts, headers, redirects, certificates.
///
/// [`ClientBuilder`]: crate::ClientBuilder
/// [`ClientBuilder::http`]: crate::ClientBuilder::http
#[must_use = "settings have no effect until they are returned"]
pub struct HttpSettings {
    pub(crate) builder: reqwest::ClientBuilder,
    pub(crate) is_http1_only: bool,
    /// Whether the caller replaced the TLS configuration.
    pub(crate) has_tls: bool,
}

impl HttpSettings {
    pub(crate) fn new(builder: reqwest::ClientBuilder) -> Self {
        Self { builder, is_http1_only: false, has_tls: false }
    }
}

/// The web has none of these settings.
#[cfg(not(target_arch = "wasm32"))]
impl HttpSettings {
    /// Sends requests through a proxy, in place of the system's proxies. It can be called several times; the first
    /// proxy that matches a URL is used.
    pub fn proxy(self, proxy: Proxy) -> Self {
        self.with(|builder| builder.proxy(proxy))
    }

    /// Disables all proxies, including the system's.
    pub fn no_proxy(self) -> Self {
        self.with(reqwest::ClientBuilder::no_proxy)
    }

    /// Sets how long an idle connection is kept; `None` keeps it until the server closes it. The default is 90 seconds.
    pub fn pool_idle_timeout(self, timeout: impl Into<Option<Duration>>) -> Self {
        self.with(|builder| builder.pool_idle_timeout(timeout.into()))
    }

    /// Sets the maximum number of idle connections per host. There is no limit by default.
    pub fn pool_max_idle_per_host(self, max: usize) -> Self {
        self.with(|builder| builder.pool_max_idle_per_host(max))
    }

    /// Sets the idle time after which a connection is probed (`SO_KEEPALIVE`); `None` disables probes. The default is
    /// 15 seconds.
    pub fn tcp_keepalive(self, after: impl Into<Option<Duration>>) -> Self {
        self.with(|builder| builder.tcp_keepalive(after.into()))
    }

    /// Sets whether small packets are sent immediately (`TCP_NODELAY`). The default is `true`.
    pub fn tcp_nodelay(self, enabled: bool) -> Self {
        self.with(|builder| builder.tcp_nodelay(enabled))
    }

    /// Binds connections to a local address.
    pub fn local_address(self, address: impl Into<Option<IpAddr>>) -> Self {
        self.with(|builder| builder.local_address(address.into()))
    }

    /// Overrides the address of a host name. Port 0 means the port of the URL.
    pub fn resolve(self, host: &str, address: SocketAddr) -> Self {
        self.resolve_to_addrs(host, &[address])
    }

    /// Overrides the addresses of a host name. Port 0 means the port of the URL.
    pub fn resolve_to_addrs(self, host: &str, addresses: &[SocketAddr]) -> Self {
        self.with(|builder| builder.resolve_to_addrs(host, addresses))
    }

    /// Resolves host names with this resolver, in place of the system's. Names set with [`resolve`](Self::resolve) are
    /// not passed to it.
    pub fn dns_resolver(self, resolver: impl Resolve + 'static) -> Self {
        self.with(|builder| builder.dns_resolver(resolver))
    }

    /// Connects to a Unix domain socket, whatever the host of the URL is.
    #[cfg(unix)]
    pub fn unix_socket(self, path: impl AsRef<std::path::Path>) -> Self {
        self.with(|builder| builder.unix_socket(path.as_ref()))
    }

    /// Uses only HTTP/1.1, even with the feature `http2`.
    pub fn http1_only(mut self) -> Self {
        self.is_http1_only = true;
        self.with(reqwest::ClientBuilder::http1_only)
    }

    /// Replaces the whole TLS configuration: trust anchors, client certificate, versions, ALPN protocols.
    ///
    /// With the features `rustls` and `rustls-aws-lc` the argument is a `rustls::ClientConfig` of rustls 0.23; with
    /// `native-tls` it is a `native_tls::TlsConnector` of `native-tls` 0.2.
    ///
    /// [`build`](crate::ClientBuilder::build) fails for any other type. It also fails if `http1_only` or the builder's
    /// certificates are set too, because they would have no effect.
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
        // The builder would show proxies, which may contain passwords.
        f.debug_struct("HttpSettings").finish_non_exhaustive()
    }
}
