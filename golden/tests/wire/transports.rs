//! Transports of the caller, in place of reqwest.

use std::{
    io,
    sync::{Arc, Mutex},
};

use golden::{security_bearer, security_tokens};
use lowcodeapi_runtime::{
    Error, OAuthClient, RetryPolicy, Transport, TransportError, TransportRequest, TransportResponse,
};

/// A transport that answers without a network, and the lines that it was given: method, URL and `Authorization`.
fn answering(
    answer: impl Fn(usize) -> Result<TransportResponse<&'static str>, TransportError> + Send + Sync + 'static,
) -> (impl Transport, Arc<Mutex<Vec<String>>>) {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&lines);
    let transport = move |request: TransportRequest| {
        let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        assert!(header("user-agent").starts_with("golden/"), "{request:?}");
        let mut lines = seen.lock().unwrap();
        lines.push(format!("{} {} {}", request.method(), request.uri(), header("authorization")));
        let answer = answer(lines.len());
        async move { answer }
    };
    (transport, lines)
}

fn response(status: u16, header: (&'static str, &'static str), body: &'static str) -> TransportResponse<&'static str> {
    let mut response = TransportResponse::new(body);
    *response.status_mut() = status.try_into().unwrap();
    response.headers_mut().insert(header.0, header.1.try_into().unwrap());
    response
}

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn calls_go_through_it() {
    let (transport, lines) = answering(|_| Ok(response(204, JSON, "")));
    let client = security_bearer::Client::builder().token("at_marked").transport(transport).build().unwrap();
    client.list_appointments().await.unwrap();
    assert_eq!(*lines.lock().unwrap(), ["GET https://api.example.com/v1/appointments Bearer at_marked"]);
}

#[tokio::test]
async fn what_it_cannot_send_is_sent_again() {
    let (transport, lines) = answering(|number| match number {
        1 => Err(TransportError::connect("no at_marked route")),
        2 => Err(io::Error::from(io::ErrorKind::ConnectionRefused).into()),
        _ => Ok(response(204, JSON, "")),
    });
    let client =
        security_tokens::Client::builder().credentials(security_tokens::Credentials::new().machine("at_marked"));
    let client = client.transport(transport).build().unwrap();
    client.add_ferry().await.unwrap();
    assert_eq!(lines.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn its_errors_are_those_of_a_connection() {
    for (error, is_connect) in [
        (TransportError::connect("no at_marked route"), true),
        (TransportError::new("at_marked broke off"), false),
        (io::Error::new(io::ErrorKind::BrokenPipe, "at_marked").into(), false),
    ] {
        let error = Mutex::new(Some(error));
        let (transport, _) = answering(move |_| Err(error.lock().unwrap().take().unwrap()));
        let builder = security_bearer::Client::builder().token("at_marked").retry(RetryPolicy::never());
        let error = builder.transport(transport).build().unwrap().list_appointments().await.unwrap_err();
        assert_eq!((error.is_connect(), error.is_transport()), (is_connect, !is_connect), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("at_marked"), "{error:?}");
    }
}

#[tokio::test]
async fn a_relative_redirect_is_that_of_the_request() {
    let (transport, _) = answering(|_| Ok(response(302, ("location", "/elsewhere"), "")));
    let builder = security_bearer::Client::builder().token("at_marked").transport(transport);
    let Err(Error::Redirect { host, location, .. }) = builder.build().unwrap().list_appointments().await else {
        panic!()
    };
    assert_eq!(host.as_deref(), Some("api.example.com"));
    assert_eq!(location.unwrap().as_str(), "https://api.example.com/elsewhere");
}

#[tokio::test]
async fn tokens_come_through_it_too() {
    let (transport, lines) = answering(|number| {
        let token = r#"{"access_token":"at_issued","token_type":"bearer","expires_in":3600}"#;
        Ok(if number == 1 { response(200, JSON, token) } else { response(204, JSON, "") })
    });
    let credentials = security_tokens::Credentials::new().machine_provider(OAuthClient::new("app", "secret"));
    let client = security_tokens::Client::builder().credentials(credentials).transport(transport).build().unwrap();
    client.list_ferries().await.unwrap();
    let expected = [
        "POST https://api.example.com/v1/oauth/token Basic YXBwOnNlY3JldA==",
        "GET https://api.example.com/v1/ferries Bearer at_issued",
    ];
    assert_eq!(*lines.lock().unwrap(), expected);
}

#[test]
fn settings_of_reqwest_beside_it_are_refused() {
    let builder = || {
        let (transport, _) = answering(|_| Ok(response(204, JSON, "")));
        security_bearer::Client::builder().token("at_marked").transport(transport)
    };
    for builder in [builder().http(lowcodeapi_runtime::HttpSettings::no_proxy), builder().root_certificates_pem("")] {
        let error = builder.build().unwrap_err();
        assert!(matches!(error, Error::Config(_)) && error.to_string().contains("besides a transport"), "{error}");
    }
}
