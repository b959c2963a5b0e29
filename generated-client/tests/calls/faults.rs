//! What a caller sees when the server does not do what the document says.

use std::time::Duration;

use lowcodeapi_jasper::{
    Client, Error, RateLimit, RetryPolicy, TimeoutKind, Upload,
    types::{CommandInputs, ErrorBody},
};
use lowcodeapi_mock::Envelope;

use crate::support::{
    Scripted, TOKEN, client_of,
    fault::{Fault, FaultServer},
    gateway,
};

const JSON: &str = "content-type: application/json\r\n";

async fn get_tone(server: &Scripted) -> Error {
    client_of(&server.base_url).get_tone("ton_1").await.unwrap_err()
}

#[tokio::test]
async fn a_malformed_token_is_an_error_before_any_request() {
    for token in ["", "a b", "a\n"] {
        let error = Client::new(token).unwrap_err();
        assert!(matches!(&error, Error::Config(message) if message.contains("token")), "{error:?}");
    }
}

#[tokio::test]
async fn html_with_success_is_a_decode_error_with_an_excerpt() {
    let page = format!("<html>\n<body>Welcome {}</body></html>", "x".repeat(1000));
    let error = get_tone(&Scripted::answering("200 OK", "content-type: text/html\r\n", &page)).await;
    let Error::Decode(error) = error else { panic!("{error:?}") };
    assert_eq!((error.status.as_u16(), error.path.as_str()), (200, "."));
    assert!(error.excerpt.starts_with("<html> <body>Welcome xxx"), "{}", error.excerpt);
    assert!(error.excerpt.chars().count() <= 241);
}

#[tokio::test]
async fn a_page_in_place_of_a_picture_is_a_decode_error() {
    for (media_type, body) in
        [("text/html", "<html>oops</html>"), ("application/json; charset=utf-8", r#"{"data":{}}"#)]
    {
        let server = Scripted::answering("200 OK", &format!("content-type: {media_type}\r\n"), body);
        let picture = Upload::from_bytes("a.png", "x");
        let error = client_of(&server.base_url).remove_background(picture).await.unwrap_err();
        assert!(error.to_string().contains("expected `image/png, image/webp, image/jpeg`, not `"), "{error}");
    }
}

#[tokio::test]
async fn an_empty_body_and_null_are_decode_errors_that_say_so() {
    let error = get_tone(&Scripted::answering("200 OK", JSON, "")).await;
    assert!(error.to_string().contains("the body is empty"), "{error}");
    let error = get_tone(&Scripted::answering("200 OK", JSON, "null")).await;
    assert!(error.to_string().contains("invalid type: null"), "{error}");
}

#[tokio::test]
async fn a_wrong_type_is_a_decode_error_with_its_path() {
    let body = r#"{"data": {"requestId": "r", "data": {"name": "a", "value": 5}}}"#;
    let error = get_tone(&Scripted::answering("200 OK", JSON, body)).await;
    let Error::Decode(error) = error else { panic!("{error:?}") };
    assert_eq!(error.path, "data.value");
    assert!(error.message.starts_with("invalid type: integer `5`, expected a string"), "{}", error.message);
    let list = r#"[{"data": {"name": "a", "value": "b"}}, {"data": {"name": 1, "value": "b"}}]"#;
    let server = Scripted::answering("200 OK", JSON, list);
    let error = client_of(&server.base_url).list_tones().await.unwrap_err();
    let Error::Decode(error) = error else { panic!("{error:?}") };
    assert_eq!(error.path, "data[1].name");
}

#[tokio::test]
async fn unknown_fields_values_and_nulls_cost_nothing() {
    let body = r#"{"data": {"requestId": null, "brandNew": [1], "data": {"name": "a", "value": "b", "settings":
        {"appVisibility": "sometimes"}, "metadata": null, "createdAt": "yesterday"}}}"#;
    let server = Scripted::answering("200 OK", JSON, body);
    let tone = client_of(&server.base_url).get_tone("ton_1").await.unwrap().data.unwrap();
    assert_eq!(tone.created_at.unwrap().as_str(), "yesterday");
    let visibility = tone.settings.unwrap().app_visibility.unwrap();
    assert_eq!(serde_json::to_string(&visibility).unwrap(), r#""sometimes""#);
}

#[tokio::test]
async fn error_statuses_are_api_errors_in_every_shape() {
    for (status, body, shown) in [
        (
            "502 Bad Gateway",
            "<html><title>Bad gateway</title></html>",
            "the server answered 502 Bad Gateway: Bad gateway",
        ),
        ("500 Internal Server Error", "", "the server answered 500 Internal Server Error"),
        (
            "429 Too Many Requests",
            r#"{"data":{"error":{"message":"slow","code":"RATE"}}}"#,
            "the server answered 429 Too Many Requests: slow; wait before the next call",
        ),
        ("400 Bad Request", "\u{0}\u{7f}", "the server answered 400 Bad Request: \\u{0}\\u{7f}"),
    ] {
        let error = get_tone(&Scripted::answering(status, "", body)).await;
        assert_eq!(error.to_string(), shown);
        assert!(error.as_api().is_some());
    }
    let error = get_tone(&Scripted::answering("429 Too Many Requests", "", "")).await;
    assert!(error.is_rate_limited() && !error.is_auth() && !error.is_timeout());
}

#[tokio::test]
async fn of_a_large_error_the_beginning_is_kept_and_displayed_on_one_line() {
    const KEPT: usize = 256 * 1024;
    let zeros = format!("[{}0]", "0,".repeat(2_000_000));
    let words = format!("line\n\u{1b}[2J\u{202e}{}", "word ".repeat(500_000));
    let message = serde_json::json!({"message": words.get(..200_000)}).to_string();
    for body in [zeros.as_str(), &words, &message, &format!("<title>{words}")] {
        let error = get_tone(&Scripted::answering("500 Internal Server Error", JSON, body)).await;
        let api = error.as_api().unwrap();
        assert!(api.body().len() <= KEPT && body.starts_with(api.body()), "{} bytes", api.body().len());
        assert!(body.len() < KEPT || api.body().len() > KEPT - 1000);
        for shown in [error.to_string(), format!("{api:?}")] {
            assert!(shown.chars().count() < 1200 && !shown.contains(['\n', '\u{1b}', '\u{202e}']), "{shown}");
        }
    }
    // What the limit cuts off may be the second half of the token.
    for before in KEPT - TOKEN.len()..=KEPT {
        let body = format!("{}{TOKEN}{}", " ".repeat(before), "x".repeat(100));
        let error = get_tone(&Scripted::answering("500 Internal Server Error", JSON, &body)).await;
        assert!(!error.as_api().unwrap().body().contains("at_"), "{before}");
    }
}

#[tokio::test]
async fn the_declared_error_body_decodes_from_either_envelope() {
    let (_gateway, client) = gateway(|it| it.envelope(Envelope::Result)).await;
    let error = client.get_knowledge("kno_9").await.unwrap_err();
    let body: ErrorBody = error.as_api().unwrap().decode().unwrap();
    assert_eq!(body.resource.as_deref(), Some("knowledge"));
    assert!(body.errors[0].contains("not found"), "{body:?}");
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_names_no_more_than_the_host() {
    let location = format!("location: https://elsewhere.example/x?api_token={TOKEN}\r\n");
    let server = Scripted::answering("302 Found", &location, "");
    let error = get_tone(&server).await;
    assert_eq!(
        error.to_string(),
        "the server redirects to elsewhere.example (302 Found), which the client does not follow; check the base URL"
    );
    assert!(!format!("{error:?}").contains("/x"), "{error:?}");
    // Those who know where it leads can go there themselves.
    let Error::Redirect { location: Some(location), .. } = error else { unreachable!("{error:?}") };
    assert_eq!(location.as_str(), "https://elsewhere.example/x?api_token=[redacted]");
    assert_eq!(server.request_lines().len(), 1);
}

#[tokio::test]
async fn the_status_of_an_error_stands_whatever_becomes_of_its_body() {
    let head = "HTTP/1.1 401 Unauthorized\r\ncontent-length: 1000\r\n\r\n{\"message\": \"at_marked";
    for fault in [Fault::Answer(head.into()), Fault::Pause(head.into())] {
        let server = FaultServer::start(fault);
        let builder = Client::builder().token(TOKEN).base_url(&server.base_url).retry(RetryPolicy::never());
        let client = builder.attempt_timeout(Duration::from_secs(1)).build().unwrap();
        let error = client.get_tone("ton_1").await.unwrap_err();
        assert!(error.is_auth() && !error.may_have_been_processed(), "{error:?}");
        assert!(!format!("{error:?}").contains("at_"), "{error:?}");
    }
}

#[tokio::test]
async fn a_host_with_the_token_in_it_is_not_named() {
    let server = Scripted::answering("302 Found", "location: https://AtMarked1234.evil.example/x\r\n", "");
    let client = Client::builder().token("AtMarked1234").base_url(&server.base_url).build().unwrap();
    let error = client.get_tone("ton_1").await.unwrap_err();
    let Error::Redirect { location: Some(location), .. } = &error else { unreachable!("{error:?}") };
    let shown = format!("{error} {error:?} {}", location.as_str());
    assert!(!shown.to_lowercase().contains("atmarked"), "{shown}");
}

#[tokio::test]
async fn a_response_over_the_limit_is_refused_with_and_without_its_length() {
    let big = format!("{{\"data\": \"{}\"}}", "x".repeat(5000));
    let unannounced = format!("HTTP/1.1 200 OK\r\nconnection: close\r\n{JSON}\r\n{big}");
    for server in [Scripted::answering("200 OK", JSON, &big), Scripted::new(&[&unannounced])] {
        let client =
            Client::builder().token(TOKEN).base_url(&server.base_url).max_response_bytes(4096).build().unwrap();
        let error = client.get_tone("ton_1").await.unwrap_err();
        assert!(matches!(error, Error::TooLarge { limit: 4096, .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_truncated_body_and_a_silent_close_are_transport_errors() {
    let truncated = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\nconnection: close\r\n\r\n{\"data\"";
    for answer in [truncated, ""] {
        let server = Scripted::new(&[answer]);
        let error = client_of(&server.base_url).list_tones().await.unwrap_err();
        assert!(matches!(error, Error::Transport { .. }), "{error:?}");
        assert_eq!(server.request_lines().len(), 1);
    }
}

#[tokio::test]
async fn a_refused_connection_is_a_connect_error() {
    let server = FaultServer::start(Fault::Refuse);
    let error = client_of(&server.base_url).list_tones().await.unwrap_err();
    assert!(matches!(error, Error::Connect { .. }), "{error:?}");
}

#[tokio::test]
async fn a_silent_server_ends_in_the_timeout_that_was_set() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}/jasper", silent.local_addr().unwrap());
    let short = Duration::from_millis(50);
    let client = Client::builder().token(TOKEN).base_url(&base_url).attempt_timeout(short).build().unwrap();
    let error = client.list_tones().await.unwrap_err();
    assert!(matches!(error, Error::Timeout { kind: TimeoutKind::Attempt, .. }), "{error:?}");
    let error = client_of(&base_url).list_tones().with_timeout(short).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { kind: TimeoutKind::Total, after, .. } if after == short), "{error:?}");
    assert!(error.is_timeout());
    // The caller's bound stands in place of the client's, the shorter one too.
    let error = client.list_tones().with_timeout(short * 4).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { kind: TimeoutKind::Total, after, .. } if after == short * 4), "{error:?}");
}

#[tokio::test]
async fn an_upload_has_as_long_to_be_answered_as_any_call_once_it_is_sent() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}/jasper", silent.local_addr().unwrap());
    let (short, long) = (Duration::from_millis(50), Duration::from_secs(60));
    // A loaded machine may take long to hand over the file, which the shorter bound of the second is for.
    let second = Duration::from_secs(1);
    for (attempt, stall) in [(short, long), (second, second / 2)] {
        let builder = Client::builder().token(TOKEN).base_url(&base_url).attempt_timeout(attempt).stall_timeout(stall);
        let upload = Upload::from_bytes("a.png", "x");
        let error = builder.build().unwrap().remove_background(upload).await.unwrap_err();
        assert!(
            matches!(error, Error::Timeout { kind: TimeoutKind::Attempt, after, .. } if after == attempt),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn every_broken_call_says_whether_it_may_have_been_processed() {
    let refused = FaultServer::start(Fault::Refuse);
    let error = client_of(&refused.base_url).run_command(CommandInputs::new("c")).await.unwrap_err();
    assert!(!error.may_have_been_processed() && error.to_string().contains("was not processed"), "{error}");

    let short = Duration::from_millis(50);
    for fault in [Fault::CloseAfterRequest, Fault::ResetInBody, Fault::Silent] {
        let server = FaultServer::start(fault);
        let client = client_of(&server.base_url);
        let error = client.run_command(CommandInputs::new("c")).with_timeout(short * 10).await.unwrap_err();
        assert!(error.may_have_been_processed(), "{error:?}");
        assert!(error.to_string().contains("may have been processed"), "{error}");
    }

    // The time runs out while the call waits for its turn.
    let server = Scripted::answering("201 Created", JSON, r#"{"data":{"requestId":"r"}}"#);
    let once = RateLimit::new("generation", 1, Duration::from_secs(3600));
    let client = Client::builder().token(TOKEN).base_url(&server.base_url).rate_limit(once).build().unwrap();
    client.run_command(CommandInputs::new("c")).await.unwrap();
    let error = client.run_command(CommandInputs::new("c")).with_timeout(short).await.unwrap_err();
    assert!(error.is_timeout() && !error.may_have_been_processed(), "{error:?}");
    assert!(error.to_string().ends_with("the request was not processed"), "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_refusal_says_that_nothing_was_done_unless_an_attempt_before_it_broke() {
    for (status, processed) in [
        ("400 Bad Request", false),
        ("404 Not Found", false),
        ("429 Too Many Requests", false),
        ("408 Request Timeout", true),
        ("500 Internal Server Error", true),
        ("503 Service Unavailable", true),
    ] {
        let server = Scripted::answering(status, "", "");
        let error = client_of(&server.base_url).list_tones().await.unwrap_err();
        assert_eq!(error.may_have_been_processed(), processed, "{status}");
    }
    let gone =
        crate::support::answer("404 Not Found", "", r#"{"message":"m","provider":"jasper","error":{},"headers":{}}"#);
    let server = Scripted::new(&["", &gone]);
    let error = client_of(&server.base_url).delete_tone("ton_1").await.unwrap_err();
    assert!(error.is_not_found() && error.may_have_been_processed(), "{error:?}");
    assert!(error.to_string().contains("an earlier attempt may have been processed"), "{error}");
}

#[tokio::test]
async fn a_gateway_without_an_answer_of_the_provider_is_as_a_502() {
    let unreachable = crate::support::answer(
        "500 Internal Server Error",
        JSON,
        r#"{"message":"m","provider":"jasper","error":{"code":"ECONNREFUSED"}}"#,
    );
    let failed = crate::support::answer(
        "500 Internal Server Error",
        JSON,
        r#"{"message":"m","provider":"jasper","error":{"errors":["e"]},"headers":{"x-request-id":"r1"}}"#,
    );
    let policy = RetryPolicy::default().base_delay(Duration::from_millis(1));
    for (answer, gets, shown) in [(&unreachable, 3, "no response from the provider"), (&failed, 1, "(request r1)")] {
        let server = Scripted::new(&[answer]);
        let client = client_of(&server.base_url);
        let error = client.list_tones().with_retry(policy).await.unwrap_err();
        assert!(error.to_string().contains(shown), "{error}");
        assert_eq!((server.requests().len(), error.is_retryable()), (gets, gets == 3));
        let error = client.run_command(CommandInputs::new("c")).with_retry(policy).await.unwrap_err();
        assert_eq!((server.requests().len(), error.may_have_been_processed()), (gets + 1, true));
    }
}

#[tokio::test]
async fn the_providers_headers_are_read_from_either_side() {
    let body = r#"{"message":"m","provider":"jasper","result":{"deleted":true},
        "response_headers":{"x-request-id":"r1","x-ratelimit-remaining":99,"set-cookie":["a=1","b=2"]}}"#;
    let server = Scripted::answering("200 OK", JSON, body);
    let made = client_of(&server.base_url).delete_tone("ton_1").send_with_response().await.unwrap();
    assert_eq!(made.provider_headers["x-request-id"], "r1");
    assert_eq!(made.provider_headers["x-ratelimit-remaining"], "99");
    assert_eq!(made.provider_headers.get_all("set-cookie").iter().count(), 2);
    assert!(!made.headers.contains_key("x-request-id"));

    let body =
        format!(r#"{{"message":"m","provider":"jasper","error":{{}},"headers":{{"x-limit":"5","x-t":"{TOKEN}"}}}}"#);
    let error = get_tone(&Scripted::answering("429 Too Many Requests", JSON, &body)).await;
    let headers = error.as_api().unwrap().provider_headers();
    assert_eq!((&headers["x-limit"], &headers["x-t"]), (&"5".parse().unwrap(), &"[redacted]".parse().unwrap()));
}

#[tokio::test]
async fn a_key_that_the_provider_refuses_is_not_the_token() {
    let body = r#"{"message":"m","provider":"jasper","error":{"errors":["invalid key"]},"headers":{}}"#;
    let error = get_tone(&Scripted::answering("401 Unauthorized", JSON, body)).await;
    assert!(error.is_provider_auth() && !error.is_auth(), "{error:?}");
    assert!(error.to_string().contains("the key that the gateway holds for it"), "{error}");
}
