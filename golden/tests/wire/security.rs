//! Where the credential goes, and where it does not.

use lowcodeapi_runtime::{Error, header::AUTHORIZATION};

use crate::support::{Answer, Request, Server, TOKEN, sent};

/// What the server sees of one call with this credential.
macro_rules! sent_with {
    ($case:ident, $token:expr, |$client:ident| $call:expr) => {{
        let server = Server::new([Answer::empty(204)]);
        let $client = server.client_with(golden::$case::Client::builder(), $token);
        $call.await.unwrap();
        server.request()
    }};
}

/// Nothing of the request has the credential, except what is left out.
fn assert_elsewhere_nothing(request: &Request, header: Option<&str>) {
    let has = |text: &str| text.contains(TOKEN);
    if header.is_some() {
        assert!(!has(&request.line), "{}", request.line);
    }
    for name in [AUTHORIZATION.as_str(), "cookie", "x-api-key"] {
        if header != Some(name) {
            assert_eq!(request.header(name), None, "{name}");
        }
    }
}

#[tokio::test]
async fn in_a_header() {
    let request = sent!(security_header_key, |client| client.list_maps());
    assert_eq!(request.header("x-api-key").as_deref(), Some(TOKEN));
    assert_eq!(request.line, "GET /maps");
    assert_elsewhere_nothing(&request, Some("x-api-key"));
    let request = sent_with!(security_header_key, "a/b+c=%20\"", |client| client.list_maps());
    assert_eq!(request.header("x-api-key").as_deref(), Some("a/b+c=%20\""));
}

#[tokio::test]
async fn in_the_query() {
    let request = sent!(security_query_key, |client| client.get_forecast());
    assert_eq!(request.line, format!("GET /forecast?api_key={TOKEN}"));
    assert_elsewhere_nothing(&request, None);
    let request = sent_with!(security_query_key, "a/b+c=&d%20", |client| client.get_forecast());
    assert_eq!(request.line, "GET /forecast?api_key=a%2Fb%2Bc%3D%26d%2520");
}

#[tokio::test]
async fn in_a_cookie() {
    let request = sent!(security_cookie_key, |client| client.list_threads());
    assert_eq!(request.header("cookie"), Some(format!("session={TOKEN}")));
    assert_eq!(request.line, "GET /threads");
    assert_elsewhere_nothing(&request, Some("cookie"));
}

#[tokio::test]
async fn as_a_bearer_token() {
    let request = sent!(security_bearer, |client| client.list_appointments());
    assert_eq!(request.header("authorization"), Some(format!("Bearer {TOKEN}")));
    assert_elsewhere_nothing(&request, Some("authorization"));
    for request in
        [sent!(security_oauth2, |client| client.list_photos()), sent!(security_oauth2, |client| client.add_photo())]
    {
        assert_eq!(request.header("authorization"), Some(format!("Bearer {TOKEN}")), "{}", request.line);
        assert_elsewhere_nothing(&request, Some("authorization"));
    }
}

#[tokio::test]
async fn as_user_and_password() {
    // RFC 7617 has the first one. A key alone is a user without a password.
    for (token, header) in [
        ("Aladdin:open~sesame", "Basic QWxhZGRpbjpvcGVufnNlc2FtZQ=="),
        ("a:b:c", "Basic YTpiOmM="),
        ("key", "Basic a2V5Og=="),
    ] {
        let request = sent_with!(security_basic, token, |client| client.list_printers());
        assert_eq!(request.header("authorization").as_deref(), Some(header), "{token}");
        assert_elsewhere_nothing(&request, Some("authorization"));
    }
}

#[tokio::test]
async fn nowhere_when_there_is_no_security() {
    let request = sent!(security_none, |client| client.random_riddle());
    assert_eq!(request.line, "GET /riddles/random");
    assert_elsewhere_nothing(&request, None);
    golden::security_none::Client::new().unwrap();
}

#[tokio::test]
async fn of_the_document_where_an_operation_says_nothing() {
    let request = sent!(security_per_operation, |client| client.list_accounts());
    assert_eq!(request.header("x-api-key").as_deref(), Some(TOKEN));
    assert_elsewhere_nothing(&request, Some("x-api-key"));
}

#[tokio::test]
async fn a_client_without_its_credential_is_not_made() {
    let missing = golden::security_bearer::Client::builder().build();
    assert!(matches!(missing, Err(Error::Config(_))), "{missing:?}");
    for token in ["", "a\r\nx-admin: 1"] {
        let malformed = golden::security_header_key::Client::new(token);
        assert!(matches!(malformed, Err(Error::Config(_))), "{token:?}");
    }
}

#[tokio::test]
async fn an_echoed_credential_is_not_shown() {
    let body = format!(r#"{{"message":"{TOKEN} is no key"}}"#);
    let server = Server::new([Answer::json(401, &body)]);
    let client = server.client(golden::security_header_key::Client::builder());
    let error = client.list_maps().await.unwrap_err();
    assert!(error.is_auth());
    assert_eq!(error.as_api().unwrap().message(), "[redacted] is no key");
    assert!(!format!("{error} {error:?} {client:?}").contains(TOKEN));
}

#[tokio::test]
async fn an_operation_that_needs_no_credential_gets_none() {
    let request = sent!(security_per_operation, |client| client.list_rates());
    assert_elsewhere_nothing(&request, None);
    assert!(!request.line.contains(TOKEN), "{}", request.line);
    let request = sent!(security_per_operation, |client| client.list_accounts());
    assert_eq!(request.header("x-api-key").as_deref(), Some(TOKEN));
}
