//! A gateway for Jasper, and requests to it.

use lowcodeapi_jasper_spec::{DOCUMENT, OVERLAY};
use lowcodeapi_mock::{Gateway, GatewayBuilder, Inputs, Source, TOKEN};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

pub(crate) fn jasper() -> GatewayBuilder<'static> {
    let document = Source { name: "jasper.openapi.json", text: DOCUMENT };
    Gateway::builder(Inputs::new(document).overlay(Source { name: "jasper.overlay.yaml", text: OVERLAY }))
}

/// Returns a reqwest client builder. Another crate of the build may enable TLS without a provider, and reqwest then
/// needs one.
pub(crate) fn http() -> reqwest::ClientBuilder {
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder()
}

/// Returns a reqwest client of its own.
pub(crate) fn client() -> reqwest::Client {
    http().build().expect("it is made")
}

/// Returns a request with the token. The path may contain a query.
pub(crate) fn request(gateway: &Gateway, method: &str, path: &str) -> RequestBuilder {
    let separator = if path.contains('?') { '&' } else { '?' };
    let url = format!("{}{path}{separator}api_token={TOKEN}", gateway.base_url());
    client().request(method.parse::<Method>().expect("it is a method"), url)
}

/// Returns the status and JSON of the response.
pub(crate) async fn send(request: RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.expect("it answers");
    let status = answer.status().as_u16();
    (status, answer.json().await.expect("it answers with JSON"))
}

pub(crate) async fn get(gateway: &Gateway, path: &str) -> (u16, Value) {
    send(request(gateway, "GET", path)).await
}

/// Returns the message of a response, which must be a 400 in the published form.
pub(crate) async fn refusal(request: RequestBuilder) -> String {
    let (status, body) = send(request).await;
    assert_eq!((status, &body["data"]["error"]["code"]), (400, &"BAD_REQUEST".into()), "{body}");
    body["data"]["error"]["message"].as_str().expect("there is a message").to_owned()
}
