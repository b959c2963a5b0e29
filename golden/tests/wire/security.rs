//! Where the credential goes, and where it does not.

use lowcodeapi_runtime::{Error, header::AUTHORIZATION};

use crate::wire::support::{Answer, Request, Server, TOKEN, sent};

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
async fn in_the_header_that_only_a_parameter_tells_of() {
    let credential = "OAuth oauth_token=t";
    let request = sent_with!(security_parameter, credential, |client| client.list_meetings());
    assert_eq!(request.header("authorization").as_deref(), Some(credential));
    let request = sent_with!(security_parameter, credential, |client| client.list_rooms());
    assert_eq!(request.header("authorization").as_deref(), Some(credential));
    let request = sent_with!(security_parameter, credential, |client| client.login());
    assert_eq!(request.header("authorization"), None);
}

#[tokio::test]
async fn in_place_of_a_default_header() {
    let server = Server::new([Answer::empty(204)]);
    let builder = golden::security_bearer::Client::builder().default_header("authorization", "Bearer other");
    server.client(builder).list_appointments().await.unwrap();
    let headers = server.request().headers;
    let sent: Vec<_> = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("authorization")).collect();
    assert_eq!(sent, [&("authorization".to_owned(), format!("Bearer {TOKEN}"))]);
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
    let credentials = golden::security_per_operation::Credentials::new().api_key("k").bearer("b");
    let server = Server::new([Answer::empty(204)]);
    let builder = golden::security_per_operation::Client::builder().credentials(credentials);
    let client = builder.base_url(server.base_url()).build().unwrap();
    client.transfer().await.unwrap();
    let request = server.request();
    assert_eq!(request.header("x-api-key").as_deref(), Some("k"));
    assert_eq!(request.header("authorization").as_deref(), Some("Bearer b"));
}

/// A client of the case about combinations, with these credentials.
fn freight(server: &Server, credentials: golden::security_combined::Credentials) -> golden::security_combined::Client {
    let builder = golden::security_combined::Client::builder().credentials(credentials);
    builder.base_url(server.base_url()).build().unwrap()
}

#[tokio::test]
async fn several_together_or_another_one() {
    use golden::security_combined::Credentials;

    let server = Server::new([Answer::empty(204)]);
    let together = Credentials::new().app_id("i d".replace(' ', "+")).app_key("k").user("u", "p");
    freight(&server, together).list_loads().await.unwrap();
    freight(&server, Credentials::new().app_key("k").user("u", "pass phrase")).list_loads().await.unwrap();
    let [together, user] = server.requests().try_into().unwrap();
    assert_eq!(together.line, "GET /loads?app_id=i%2Bd");
    assert_eq!((together.header("x-app-key").as_deref(), together.header("authorization")), (Some("k"), None));
    assert_eq!((user.line.as_str(), user.header("x-app-key")), ("GET /loads", None));
    assert_eq!(user.header("authorization").as_deref(), Some("Basic dTpwYXNzIHBocmFzZQ=="));
}

#[tokio::test]
async fn each_operation_takes_its_own() {
    use golden::security_combined::Credentials;

    let server = Server::new([Answer::empty(204)]);
    let all = Credentials::new().app_id("i").app_key("k").session("s").sign_in("t").signed("keyId=1").user("u", "p");
    let client = freight(&server, all);
    client.book_load().await.unwrap();
    client.watch_loads().await.unwrap();
    client.list_ports().await.unwrap();
    client.list_tolls().await.unwrap();
    freight(&server, Credentials::new().sign_in("t").app_id("i")).book_load().await.unwrap();
    freight(&server, Credentials::new().sign_in("t")).list_tolls().await.unwrap();
    let sent = |request: &Request| {
        let header = |name| request.header(name).unwrap_or_default();
        format!("{} | {} | {} | {}", request.line, header("x-app-key"), header("cookie"), header("authorization"))
    };
    assert_eq!(
        server.requests().iter().map(sent).collect::<Vec<_>>(),
        [
            "POST /loads | k | session=s | ",
            "GET /loads/stream |  |  | Signature keyId=1",
            "GET /ports |  |  | ",
            "GET /tolls | k |  | ",
            "POST /loads |  |  | Bearer t",
            "GET /tolls |  |  | ",
        ]
    );
}

#[tokio::test]
async fn a_call_whose_credentials_are_not_there_is_not_sent() {
    use golden::security_combined::Credentials;

    let server = Server::new([Answer::empty(204)]);
    let error = freight(&server, Credentials::new().app_id("i")).list_loads().await.unwrap_err();
    assert!(matches!(error, Error::InvalidRequest { .. }), "{error:?}");
    assert!(error.to_string().contains("`AppId` with `AppKey` or `User`"), "{error}");
    let error = freight(&server, Credentials::new()).watch_loads().await.unwrap_err();
    assert!(error.to_string().contains("`Signed`"), "{error}");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn none_of_several_credentials_is_shown() {
    use golden::security_combined::Credentials;

    let echo = r#"{"message":"i_secret k_secret u_secret:p_secret dV9zZWNyZXQ6cF9zZWNyZXQ= p_secret"}"#;
    let server = Server::new([Answer::json(401, echo)]);
    let all = || Credentials::new().app_id("i_secret").app_key("k_secret").user("u_secret", "p_secret");
    let client = freight(&server, all());
    let error = client.list_loads().await.unwrap_err();
    assert_eq!(error.as_api().unwrap().message(), ["[redacted]"; 5].join(" "));
    let builder = golden::security_combined::Client::builder().credentials(all());
    let seen = format!("{error} {error:?} {client:?} {builder:?} {:?} {:?}", all(), client.list_loads());
    assert!(!seen.contains("secret"), "{seen}");
}

#[tokio::test]
async fn calls_that_can_do_without_take_what_there_is() {
    use golden::security_optional::Client;

    let server = Server::new([Answer::empty(204)]);
    let anonymous = Client::builder().base_url(server.base_url()).build().unwrap();
    anonymous.list_poems().await.unwrap();
    assert!(matches!(anonymous.add_poem().await, Err(Error::InvalidRequest { .. })));
    let client = server.client(Client::builder());
    client.list_poems().await.unwrap();
    client.add_poem().await.unwrap();
    let keys: Vec<_> = server.requests().iter().map(|request| request.header("x-key")).collect();
    assert_eq!(keys, [None, Some(TOKEN.to_owned()), Some(TOKEN.to_owned())]);
}

#[tokio::test]
async fn operations_that_say_nothing_need_nothing_where_others_say_something() {
    let server = Server::new([Answer::empty(204)]);
    let client = server.client(golden::security_undeclared::Client::builder());
    client.login().await.unwrap();
    client.me().await.unwrap();
    let headers: Vec<_> = server.requests().iter().map(|request| request.header("authorization")).collect();
    assert_eq!(headers, [None, Some(format!("Bearer {TOKEN}"))]);
}

#[tokio::test]
async fn a_key_that_is_declared_as_a_parameter_too_is_sent_once() {
    use golden::security_key_parameter::{Client, Credentials};

    let server = Server::new([Answer::empty(204)]);
    let client = |credentials| Client::builder().credentials(credentials).base_url(server.base_url()).build().unwrap();
    let both = client(Credentials::new().key("k").token("t"));
    both.list_candidates().year(2026).await.unwrap();
    both.list_results().await.unwrap();
    both.check_key("other").await.unwrap();
    let sent: Vec<_> = server.requests().into_iter().map(|request| (request.header("x-token"), request.line)).collect();
    let sent: Vec<_> = sent.iter().map(|(token, line)| (line.as_str(), token.as_deref())).collect();
    let expected = [
        ("GET /candidates?year=2026&key=k", Some("t")),
        ("GET /results?key=k", None),
        ("GET /keys/check?key=other", None),
    ];
    assert_eq!(sent, expected);
    // Both parameters are required, so that one of the two does not do.
    let error = client(Credentials::new().key("k")).list_candidates().await.unwrap_err();
    assert!(error.to_string().contains("`Key` with `Token`"), "{error}");
}

#[tokio::test]
async fn what_the_connection_answers_for_is_not_sent() {
    use golden::security_odd::{Client, Credentials};

    let server = Server::new([Answer::empty(204)]);
    let builder = Client::builder().credentials(Credentials::new().key("k").web("w").user("u", "p"));
    let client = builder.base_url(server.base_url()).build().unwrap();
    client.list_keys().await.unwrap();
    client.list_seals().await.unwrap();
    // One header, in which one token is that of both flows, and the first of two credentials.
    client.list_locks().await.unwrap();
    client.add_lock().await.unwrap();
    let sent = |request: &Request| (request.header("x-key"), request.header("authorization"));
    let owned = |text: &str| Some(text.to_owned());
    assert_eq!(
        server.requests().iter().map(sent).collect::<Vec<_>>(),
        [(owned("k"), None), (None, None), (None, owned("Bearer w")), (None, owned("Basic dTpw"))]
    );
}

/// A client with all credentials.
fn keeper(server: &Server) -> golden::security_root::Client {
    use golden::security_root::{Client, Credentials};

    let credentials = Credentials::new().bearer("at_bearer").key("at_key").session("at_session");
    Client::builder().base_url(server.base_url()).credentials(credentials).build().unwrap()
}

/// The line, and the two headers that have credentials.
fn sent_secrets(request: &Request) -> (&str, Option<String>, Option<String>) {
    (&request.line, request.header("authorization"), request.header("cookie"))
}

#[tokio::test]
async fn a_raw_request_has_the_security_of_the_document() {
    let server = Server::new([Answer::empty(204)]);
    let client = keeper(&server);
    client.raw_request(lowcodeapi_runtime::Method::GET, "/x?a=1&b=%20").send().await.unwrap();
    assert_eq!(sent_secrets(&server.request()), ("GET /x?a=1&b=%20&api%20key=at_key", None, None));
}

#[tokio::test]
async fn the_url_of_a_next_page_is_below_the_base_url() {
    let server = Server::new([Answer::empty(204)]);
    let client = keeper(&server);
    let raw = |url: String| client.raw_request(lowcodeapi_runtime::Method::GET, url);
    raw(format!("{}/safes?page=2", server.base_url())).send().await.unwrap();
    assert_eq!(server.request().line, "GET /safes?page=2&api%20key=at_key");
    for url in ["http://b.example/base/safes".to_owned(), format!("{}.evil.example/x", server.base_url())] {
        assert!(matches!(raw(url).send().await, Err(Error::InvalidRequest { .. })));
    }
}

#[tokio::test]
async fn callers_choose_between_alternatives() {
    let bearer = Some("Bearer at_bearer".to_owned());
    let session = Some("sid=at_session".to_owned());
    for (choice, line, authorization, cookie) in [
        (None, "DELETE /safes", bearer.clone(), None),
        (Some(&["Bearer"][..]), "DELETE /safes", bearer, None),
        (Some(&["Session", "Key"]), "DELETE /safes?api%20key=at_key", None, session),
        (Some(&[]), "DELETE /safes", None, None),
    ] {
        let server = Server::new([Answer::empty(204)]);
        let request = keeper(&server).remove_safe();
        let request = if let Some(schemes) = choice { request.with_security(schemes) } else { request };
        request.await.unwrap();
        assert_eq!(sent_secrets(&server.request()), (line, authorization, cookie));
    }
    let server = Server::new([Answer::empty(204)]);
    let error = keeper(&server).remove_safe().with_security(&["Key"]).await.unwrap_err();
    assert!(error.to_string().contains("`Bearer` or `Key` with `Session`"), "{error}");
}
