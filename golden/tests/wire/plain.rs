//! Calls of documents that LowCodeAPI does not serve: nothing in a response makes their clients behave as if it did.

use golden::response_media_types::Client;
use lowcodeapi_runtime::{Error, Method, RetryPolicy, serde_json::Value};

use super::support::{Answer, Server, TOKEN, given};

/// The bodies of the gateway's errors, each with a status that it comes with.
const ERRORS: &[(u16, &str)] = &[
    (401, r#"{"message":"m","provider":"jasper","error":{"errors":["bad key"]},"headers":{"retry-after":"7"}}"#),
    (401, r#"{"message":"m","provider":"jasper","error":{"code":401,"logging":{}}}"#),
    (403, r#"{"message":"m","provider":"jasper","error":{},"headers":{"retry-after":"7"}}"#),
    (403, r#"{"message":"m"}"#),
    (404, r#"{"message":"Not Found"}"#),
    (404, r#"{"message":"m","provider":"jasper","error":{"code":404}}"#),
    (422, r#"{"data":{"error":{"message":"m","code":"QUOTA"}}}"#),
    (429, r#"{"message":"m","error":{"headers":{"retry-after":7}},"retry_after":7}"#),
    (500, r#"{"message":"m","provider":"jasper","error":{"code":"ECONNREFUSED"}}"#),
    (503, r#"{"message":"m","headers":{"Retry-After":"7"}}"#),
];

/// What no message says to a caller who has never heard of the gateway, besides the reason phrases of HTTP.
const WORDS: &[&str] = &["gateway", "lowcodeapi", "activated", "provider", "format", "route", "key"];

fn assert_plain(message: &str) {
    let message = message.to_lowercase();
    assert!(!WORDS.iter().any(|word| message.contains(word)), "{message}");
}

#[tokio::test]
async fn an_error_is_the_servers_own_whatever_its_body_looks_like() {
    for (status, body) in ERRORS {
        let server = Server::new([Answer::json(*status, body)]);
        // The default policy, which does not retry methods that are unsafe to repeat.
        let builder = Client::builder().token(TOKEN).base_url(server.base_url());
        let client = builder
            .retry(RetryPolicy::default().max_retries(u32::from(*status == 503 || *status == 500)))
            .build()
            .unwrap();
        let error = client.raw_request(Method::POST, "/reports").json(1).send().await.unwrap_err();
        assert_plain(&error.to_string());
        assert!(!error.is_provider_auth() && error.is_auth() == matches!(status, 401 | 403), "{body}");
        assert_eq!(error.is_retryable(), matches!(status, 429 | 503), "{body}");
        let api = error.as_api().unwrap();
        assert_eq!(api.retry_after(), None, "{body}");
        assert!(
            !api.is_from_provider() && !api.is_provider_unreachable() && api.provider_headers().is_empty(),
            "{body}"
        );
        assert_eq!(api.decode::<Value>().unwrap(), serde_json::from_str::<Value>(body).unwrap());
        server.request();
    }
    let error = given!(response_media_types, Answer::json(404, r#"{"message":"Not Found"}"#), |it| it.get_report("1"));
    assert_eq!(error.unwrap_err().to_string(), "the server answered 404 Not Found: Not Found");
}

#[tokio::test]
async fn a_500_is_not_repeated_and_a_503_says_when_in_its_header_alone() {
    for (status, requests) in [(500, 1), (503, 2)] {
        let body = r#"{"message":"m","provider":"jasper","error":{"code":"x"},"headers":{"retry-after":"3000"}}"#;
        let body = if status == 500 { r#"{"message":"m","provider":"jasper","error":{"code":"x"}}"# } else { body };
        let server = Server::new([Answer::json(status, body), Answer::json(200, r#"{"title":"Q1"}"#)]);
        let policy = RetryPolicy::default().base_delay(std::time::Duration::ZERO);
        let builder = Client::builder().token(TOKEN).base_url(server.base_url()).retry(policy);
        let report = builder.build().unwrap().get_report("1").await;
        assert_eq!((server.requests().len(), report.is_ok()), (requests, requests == 2), "{status}");
    }
}

#[tokio::test]
async fn a_result_has_no_envelope() {
    for body in [r#"{"data":{"title":"Q1"}}"#, r#"{"message":"m","provider":"p","result":{"title":"Q1"}}"#] {
        let error = given!(response_media_types, Answer::json(200, body), |it| it.get_report("1")).unwrap_err();
        assert!(matches!(&error, Error::Decode(error) if error.message.contains("title")), "{error}");
        let text = given!(response_media_types, Answer::json(200, body), |it| it.get_title("1")).unwrap();
        assert_eq!(text, body);
        let call = given!(response_media_types, Answer::json(200, body), |it| it
            .raw_request(Method::GET, "/")
            .send_json::<Value>());
        assert_eq!(call.unwrap(), serde_json::from_str::<Value>(body).unwrap());
    }
    let body = r#"{"provider":"p","result":{"title":"Q1"},"response_headers":{"x-a":"1"},"title":"Q2"}"#;
    let report = given!(response_media_types, Answer::json(200, body), |it| it.get_report("1").send_with_response());
    let report = report.unwrap();
    assert!(report.provider_headers.is_empty() && report.value.title == "Q2");
}

#[tokio::test]
async fn a_file_is_not_looked_into() {
    let bytes = "\u{fffd}PNG\r\n\u{fffd}".as_bytes();
    let answer = || Answer::new(200, "image/png; charset=utf-8", bytes);
    assert_eq!(given!(response_media_types, answer(), |it| it.print_report("1")).unwrap(), bytes);
    let mut stream = given!(response_media_types, answer(), |it| it.print_report("1").stream()).unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), bytes);
    let raw = given!(response_media_types, answer(), |it| it.raw_request(Method::GET, "/").send()).unwrap();
    assert_eq!(raw.value, bytes);
}

#[tokio::test]
async fn a_path_value_is_the_servers_to_read() {
    for (value, line) in
        [("$&", "GET /reports/%24%26"), ("a?b#c", "GET /reports/a%3Fb%23c"), ("a/../b", "GET /reports/a%2F..%2Fb")]
    {
        let server = Server::new([Answer::json(200, r#"{"title":"Q1"}"#)]);
        server.client(Client::builder()).get_report(value).await.unwrap();
        assert_eq!(server.request().line, line);
    }
}

#[tokio::test]
async fn the_user_agent_is_the_crates_own_and_a_client_shows_no_format() {
    let server = Server::new([Answer::json(200, r#"{"title":"Q1"}"#)]);
    let client = server.client(Client::builder());
    client.get_report("1").await.unwrap();
    let own = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
    assert_eq!(server.request().header("user-agent").as_deref(), Some(own));
    assert_plain(&format!("{client:?}"));
}

#[tokio::test]
async fn a_connection_that_breaks_is_no_hint_at_formats() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || listener.incoming().flatten().for_each(drop));
    let client = Client::builder().token(TOKEN).base_url(base_url).retry(RetryPolicy::never()).build().unwrap();
    let error = client.get_report("1").await.unwrap_err();
    assert!(matches!(error, Error::Transport { .. }), "{error}");
    assert_plain(&error.to_string());
    let error = client.get_report("").await.unwrap_err();
    assert!(matches!(error, Error::InvalidRequest { .. }), "{error}");
}
