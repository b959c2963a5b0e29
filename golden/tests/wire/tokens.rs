//! Credentials that change: what providers give, and what an authorization server does.

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::future::join_all;
use golden::security_tokens::{Client, Credentials};
use lowcodeapi_runtime::{
    Error, Hook, IssuedToken, OAuthClient, RequestView, RetryPolicy, TokenProvider, Upload,
    header::{HeaderMap, HeaderValue},
};

use crate::wire::support::{Answer, Request, Server};

fn client(server: &Server, credentials: Credentials) -> Client {
    let builder = Client::builder().credentials(credentials).retry(RetryPolicy::never());
    builder.base_url(server.base_url()).build().unwrap()
}

/// A provider whose tokens are numbered, with the number of the last one.
fn numbered(lifetime: Option<Duration>) -> (Arc<dyn TokenProvider>, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let provider = move || {
        let count = Arc::clone(&count);
        async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let token = IssuedToken::new(format!("at_issued_{}", count.fetch_add(1, Ordering::SeqCst) + 1));
            Ok::<_, io::Error>(lifetime.into_iter().fold(token, IssuedToken::expires_in))
        }
    };
    (Arc::new(provider), asked)
}

/// A server that takes one token alone.
fn taking(token: &'static str) -> Server {
    Server::answering(move |_, request| {
        let is_known = request.header("authorization").is_some_and(|it| it == format!("Bearer {token}"));
        if is_known {
            Answer::empty(204)
        } else {
            Answer::json(401, r#"{"message":"not at_issued_1, not at_issued_2"}"#)
        }
    })
}

fn sent(server: &Server) -> Vec<String> {
    server.requests().iter().map(|request| request.header("authorization").unwrap_or_default()).collect()
}

#[tokio::test]
async fn a_provider_is_asked_once_for_all_calls_that_wait() {
    let server = Server::new([Answer::empty(204)]);
    let (provider, asked) = numbered(None);
    let client = client(&server, Credentials::new().machine_provider(provider));
    for result in join_all((0..100).map(|_| client.list_ferries().send())).await {
        result.unwrap();
    }
    assert_eq!(sent(&server), vec!["Bearer at_issued_1"; 100]);
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_refused_token_is_replaced_once_for_all_calls() {
    let server = taking("at_issued_2");
    let (provider, asked) = numbered(None);
    let client = client(&server, Credentials::new().machine_provider(provider));
    for result in join_all((0..100).map(|_| client.list_ferries().send())).await {
        result.unwrap();
    }
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    let upload = Upload::from_bytes("a.bin", b"whole".to_vec());
    client.add_ferry().body(upload).await.unwrap();
}

#[tokio::test]
async fn a_second_refusal_is_the_error_of_the_call_and_shows_no_token() {
    let server = taking("another");
    let (provider, asked) = numbered(None);
    let client = client(&server, Credentials::new().machine_provider(provider));
    let error = client.list_ferries().await.unwrap_err();
    assert!(error.is_auth() && error.attempts().len() == 1, "{error:?}");
    assert_eq!(error.as_api().unwrap().message(), "not [redacted], not [redacted]");
    assert_eq!(sent(&server), ["Bearer at_issued_1", "Bearer at_issued_2"]);
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    let seen = format!("{error:?} {error} {client:?} {:?}", client.list_ferries());
    assert!(!seen.contains("at_issued"), "{seen}");
}

#[tokio::test]
async fn a_body_that_can_be_read_once_is_not_sent_again() {
    let server = taking("at_issued_2");
    let (provider, _) = numbered(None);
    let client = client(&server, Credentials::new().machine_provider(provider));
    let once = Upload::from_reader("a.bin", 5, io::Cursor::new(b"whole".to_vec()));
    assert!(client.add_ferry().body(once).await.unwrap_err().is_auth());
    assert_eq!(server.requests().len(), 1);
    // The refused token is not sent with the next call.
    client.list_ferries().await.unwrap();
    assert_eq!(sent(&server), ["Bearer at_issued_1", "Bearer at_issued_2"]);
}

#[tokio::test]
async fn a_token_that_expires_is_replaced_before_the_next_call() {
    let server = Server::new([Answer::empty(204)]);
    let (provider, _) = numbered(Some(Duration::ZERO));
    let client = client(&server, Credentials::new().machine_provider(provider));
    client.list_ferries().await.unwrap();
    client.list_ferries().await.unwrap();
    assert_eq!(sent(&server), ["Bearer at_issued_1", "Bearer at_issued_2"]);
}

#[tokio::test]
async fn a_provider_that_fails_fails_the_call_and_is_asked_again() {
    let server = Server::new([Answer::empty(204)]);
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let provider = move || {
        let is_first = count.fetch_add(1, Ordering::SeqCst) == 0;
        async move { if is_first { Err(io::Error::other("the vault is sealed")) } else { Ok("at_issued") } }
    };
    let client = client(&server, Credentials::new().machine_provider(provider));
    let error = client.list_ferries().await.unwrap_err();
    assert!(matches!(error, Error::Credential { .. }) && !error.may_have_been_processed(), "{error:?}");
    assert!(error.to_string().ends_with("`Machine` failed: the vault is sealed"), "{error}");
    let cause = std::error::Error::source(&error).unwrap();
    assert_eq!(cause.downcast_ref::<io::Error>().map(io::Error::kind), Some(io::ErrorKind::Other));
    client.list_ferries().await.unwrap();
    assert_eq!(sent(&server), ["Bearer at_issued"]);
}

#[tokio::test]
async fn a_token_that_no_header_can_carry_is_not_sent() {
    let server = Server::new([Answer::empty(204)]);
    let provider = || async { Ok::<_, io::Error>("at_issued\r\nx-admin: 1") };
    let client = client(&server, Credentials::new().machine_provider(provider));
    let error = client.list_ferries().await.unwrap_err();
    assert!(error.is_credential() && !error.to_string().contains("at_issued"), "{error}");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_dry_run_asks_no_provider_and_shows_no_token() {
    let server = Server::new([Answer::empty(204)]);
    let (provider, asked) = numbered(None);
    let client = client(&server, Credentials::new().machine_provider(Arc::clone(&provider)).pier_provider(provider));
    let run = client.list_ferries().dry_run().unwrap();
    assert_eq!(run.headers["authorization"], "Bearer [redacted]");
    assert!(run.curl().contains(r#"Bearer '"$FERRIES_CLIENT_MACHINE"'"#), "{run}");
    let run = client.list_piers().dry_run().unwrap();
    assert!(run.url.ends_with("/piers?pier=[redacted]"), "{}", run.url);
    assert!(run.curl().contains(r#"pier='"$FERRIES_CLIENT_PIER"'"#), "{run}");
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

/// A hook that adds a secret in a header that no one would take for one, and in one that is.
struct Signs;

impl Hook for Signs {
    fn before(&self, _: &RequestView, headers: &mut HeaderMap) {
        let mut marked = HeaderValue::from_static("marked");
        marked.set_sensitive(true);
        headers.insert("x-plan", marked);
        headers.insert("authorization", HeaderValue::from_static("Signed by-hook"));
    }
}

#[tokio::test]
async fn what_a_hook_adds_is_redacted() {
    let echo = r#"{"message":"marked Signed by-hook, bWFya2Vk"}"#;
    let server = Server::new([Answer::json(400, echo)]);
    let builder = Client::builder().credentials(Credentials::new().machine("t")).hook(Signs);
    let client = builder.base_url(server.base_url()).build().unwrap();
    let error = client.list_ferries().await.unwrap_err();
    let message = error.as_api().unwrap().message().to_owned();
    assert!(!message.contains("marked") && !message.contains("by-hook"), "{message}");
    assert_eq!(server.request().header("authorization").as_deref(), Some("Signed by-hook"));
}

/// An authorization server in front of an API, which takes the last token that was issued.
fn issuing(answer: impl Fn(usize) -> String + Send + 'static) -> Server {
    let issued = AtomicUsize::new(0);
    Server::answering(move |_, request| {
        if request.line.starts_with("POST /oauth/") {
            return Answer::json(200, &answer(issued.fetch_add(1, Ordering::SeqCst) + 1));
        }
        let expected = format!("Bearer at_issued_{}", issued.load(Ordering::SeqCst));
        let is_known = request.header("authorization").is_some_and(|it| it == expected);
        if is_known { Answer::empty(204) } else { Answer::empty(401) }
    })
}

/// The requests of the authorization server: line, credentials and parameters.
fn exchanges(server: &Server) -> Vec<(String, Option<String>, String)> {
    let is_exchange = |request: &Request| request.line.starts_with("POST /oauth/");
    let exchanges = server.requests().into_iter().filter(is_exchange);
    exchanges.map(|it| (it.line.clone(), it.header("authorization"), it.text().to_owned())).collect()
}

fn bearer(number: usize) -> String {
    format!(r#"{{"access_token":"at_issued_{number}","token_type":"Bearer","expires_in":3600}}"#)
}

#[tokio::test]
async fn client_credentials_are_exchanged_once_for_all_calls_that_wait() {
    let server = issuing(bearer);
    let oauth = OAuthClient::new("ferry app", "s/secret").scopes(["ferries.read"]).parameter("audience", "a b");
    let client = client(&server, Credentials::new().machine_provider(oauth));
    for result in join_all((0..100).map(|_| client.list_ferries().send())).await {
        result.unwrap();
    }
    let basic = "Basic ZmVycnkrYXBwOnMlMkZzZWNyZXQ=".to_owned();
    let form = "grant_type=client_credentials&scope=ferries.read&audience=a+b".to_owned();
    assert_eq!(exchanges(&server), [("POST /oauth/token".to_owned(), Some(basic), form)]);
}

#[tokio::test]
async fn an_id_and_a_secret_go_into_the_body_where_callers_say_so() {
    let server = issuing(bearer);
    let oauth = OAuthClient::new("app", "s_secret").secret_in_body();
    client(&server, Credentials::new().machine_provider(oauth)).list_ferries().await.unwrap();
    let form = "grant_type=client_credentials&client_id=app&client_secret=s_secret".to_owned();
    assert_eq!(exchanges(&server), [("POST /oauth/token".to_owned(), None, form)]);
}

#[tokio::test]
async fn a_refresh_token_is_exchanged_and_replaced() {
    let stored = Arc::new(Mutex::new(Vec::new()));
    let store = Arc::clone(&stored);
    let server = issuing(|number| {
        let replaced = if number == 1 { r#","refresh_token":"rt_2""# } else { "" };
        format!(r#"{{"access_token":"at_issued_{number}","token_type":"bearer","expires_in":0{replaced}}}"#)
    });
    let oauth = OAuthClient::public("app").refresh_token("rt_1");
    let oauth = oauth.on_refresh_token(move |token| store.lock().unwrap().push(token.to_owned()));
    let client = client(&server, Credentials::new().person_provider(oauth));
    client.list_tickets().await.unwrap();
    client.list_tickets().await.unwrap();
    let form = |token| format!("grant_type=refresh_token&refresh_token={token}&client_id=app");
    let line = "POST /oauth/refresh".to_owned();
    assert_eq!(exchanges(&server), [(line.clone(), None, form("rt_1")), (line, None, form("rt_2"))]);
    assert_eq!(*stored.lock().unwrap(), ["rt_2"]);
}

#[tokio::test]
async fn an_authorization_server_that_refuses_shows_no_secret() {
    let echo = r#"{"error":"invalid_client","error_description":"s_secret_of_the_app is not that of app, c19zZWNyZXRfb2ZfdGhlX2FwcA=="}"#;
    for (answer, expected) in [
        (Answer::json(401, echo), "invalid_client: [redacted] is not that of app"),
        (Answer::empty(503), "answers 503"),
        (Answer::json(200, r#"{"access_token":"at_issued","token_type":"mac"}"#), "of type `mac`"),
        (Answer::json(200, r#"{"access":"at_issued","s":"s_secret"}"#), "is not one of OAuth 2"),
        (Answer::new(400, "text/html", "<p>s_secret"), "is not one of OAuth 2"),
        (Answer::empty(302).header("location", "/base/elsewhere"), "answers 302"),
    ] {
        let server = Server::new([answer]);
        let client =
            client(&server, Credentials::new().machine_provider(OAuthClient::new("app", "s_secret_of_the_app")));
        let error = client.list_ferries().await.unwrap_err();
        assert!(error.is_credential() && error.to_string().contains(expected), "{error}");
        let seen = format!("{error} {error:?}");
        assert!(!["s_secret", "at_issued", "c19zZWNyZXRfb2Z"].iter().any(|secret| seen.contains(secret)), "{seen}");
        assert_eq!(server.requests().len(), 1, "the call itself is not sent");
    }
}

#[tokio::test]
async fn secrets_are_not_sent_in_plain_text() {
    let plain = Credentials::new().plain_provider(OAuthClient::new("app", "s_secret"));
    let error = Client::builder().credentials(plain).build().unwrap_err();
    assert!(error.to_string().contains("`Plain` has no token URL"), "{error}");
    let moved = OAuthClient::new("app", "s_secret").token_url("http://auth.example.com/token");
    let error = Client::builder().credentials(Credentials::new().plain_provider(moved)).build().unwrap_err();
    assert!(error.to_string().contains("is not `https`"), "{error}");
}

#[tokio::test]
async fn one_scheme_takes_its_provider_and_client_from_the_builder() {
    let server = issuing(bearer);
    let oauth = OAuthClient::new("app", "s_secret").token_url("oauth/token");
    let builder = golden::security_oauth2::Client::builder().token_provider(oauth);
    builder.base_url(server.base_url()).build().unwrap().list_photos().await.unwrap();
    let (provider, _) = numbered(None);
    let builder = golden::security_oauth2::Client::builder().token_provider(provider);
    builder.base_url(server.base_url()).build().unwrap().list_photos().await.unwrap();
    assert_eq!(exchanges(&server).len(), 1);
}
