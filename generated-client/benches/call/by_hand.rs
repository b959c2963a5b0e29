//! The calls as they would be written by hand: on reqwest and serde.

use std::{sync::Arc, time::Duration};

use lowcodeapi_jasper::{
    header::ACCEPT,
    reqwest::{self, RequestBuilder, Url, redirect, retry},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    Failure,
    models::{Command, CommandInputs, CommandResponse},
    tones::{ToneList, ToneResponse},
};

/// What the generated client bounds one attempt by.
const TIMEOUT: Duration = Duration::from_secs(120);

pub(crate) struct ByHand {
    http: reqwest::Client,
    base_url: String,
    token: &'static str,
}

/// The provider that the generated client has; certificates are not needed.
fn tls() -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(ring::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(versions.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}

#[derive(Deserialize)]
struct Envelope<T> {
    result: T,
}

impl ByHand {
    /// A client with the settings of the generated one.
    pub(crate) fn new(base_url: String, token: &'static str) -> Result<Self, Failure> {
        let http = reqwest::Client::builder()
            .user_agent(concat!("lowcodeapi-runtime/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(10))
            .redirect(redirect::Policy::none())
            .referer(false)
            .retry(retry::never())
            .tls_backend_preconfigured(tls()?)
            .build()?;
        Ok(Self { http, base_url, token })
    }

    pub(crate) async fn get_tone(&self, id: &str) -> Result<ToneResponse, Failure> {
        let id = utf8_percent_encode(id, NON_ALPHANUMERIC);
        self.send(self.http.get(self.url(&format!("/v1/tones/{id}"))?)).await
    }

    pub(crate) async fn list_tones(&self) -> Result<ToneList, Failure> {
        self.send(self.http.get(self.url("/v1/tones")?)).await
    }

    pub(crate) async fn run_command(&self, inputs: CommandInputs) -> Result<CommandResponse, Failure> {
        self.send(self.http.post(self.url("/v1/command")?).json(&Command { inputs })).await
    }

    fn url(&self, path: &str) -> Result<Url, Failure> {
        let mut url = Url::parse(&format!("{}{path}", self.base_url))?;
        url.query_pairs_mut().append_pair("api_token", self.token);
        Ok(url)
    }

    async fn send<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Failure> {
        let response = request.header(ACCEPT, "application/json").timeout(TIMEOUT).send().await?.error_for_status()?;
        Ok(response.json::<Envelope<T>>().await?.result)
    }
}
