//! The client of a service: its settings, and the state that its calls share.

pub(crate) mod builder;
pub(crate) mod credential;
pub(crate) mod destination;
pub(crate) mod hook;
pub(crate) mod http_settings;
pub(crate) mod limits;
#[cfg(feature = "oauth2")]
pub(crate) mod oauth;
pub(crate) mod pace;
pub(crate) mod provider;
pub(crate) mod retry;
pub(crate) mod secret_header;
pub(crate) mod server;
pub(crate) mod service;
pub(crate) mod supply;
pub(crate) mod tls;
pub(crate) mod token;
pub(crate) mod transport;

use std::{fmt, sync::Arc};

use reqwest::header::{HeaderMap, HeaderName};

use crate::{
    client::{
        credential::Keyring,
        destination::Destination,
        hook::Hooks,
        limits::Limits,
        pace::Pace,
        retry::{Budget, RetryPolicy},
        transport::Http,
    },
    gateway::{Gateway, url_format::UrlFormat},
    shown::redact::Secrets,
};

/// The client that generated clients wrap: connections, credentials, limits and learned state. Clones are cheap and
/// share all of it.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) http: Http,
    pub(crate) keyring: Keyring,
    pub(crate) destination: Destination,
    /// Whether credentials may be sent over unencrypted connections.
    pub(crate) plaintext: bool,
    /// Set if the service is behind LowCodeAPI's gateway.
    pub(crate) gateway: Option<Gateway>,
    pub(crate) limits: Limits,
    pub(crate) retry: RetryPolicy,
    pub(crate) budget: Budget,
    pub(crate) default_headers: HeaderMap,
    /// The default headers that are not sent over unencrypted connections.
    pub(crate) encrypted_defaults: Vec<HeaderName>,
    pub(crate) hooks: Hooks,
    pub(crate) pace: Pace,
}

impl Shared {
    /// Returns the secrets to redact from displayed text.
    pub(crate) fn secrets(&self) -> &Secrets {
        self.keyring.secrets()
    }
}

impl Client {
    /// Returns the gateway URL format of calls: the configured one, or the one that the gateway has accepted. Returns
    /// `None` until a call has determined it.
    pub fn url_format(&self) -> Option<UrlFormat> {
        self.shared.gateway.as_ref()?.known_format()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Client");
        out.field("base_url", &self.shared.destination.base.text()).field("limits", &self.shared.limits);
        if let Some(gateway) = &self.shared.gateway {
            out.field("url_format", &gateway.known_format());
        }
        out.finish_non_exhaustive()
    }
}
