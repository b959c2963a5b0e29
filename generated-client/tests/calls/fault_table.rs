//! Fault × kind of operation × what the caller sees × requests that the server counted. The table is `docs/faults.md`.

use std::{fmt::Write as _, fs, sync::Arc, time::Duration};

use lowcodeapi_jasper::{Client, Error, Method, RetryPolicy, TimeoutKind, Upload, types::CommandInputs};
use rustls::{ClientConfig, RootCertStore, crypto::ring};

use crate::support::{
    TOKEN,
    fault::{Fault, FaultServer, GOOD, answer},
};

const JSON: &str = "content-type: application/json\r\n";
const HERE: &str = "location: /elsewhere\r\n";
const ELSEWHERE: &str = "location: https://elsewhere.example/\r\n";

fn faults() -> Vec<(&'static str, Fault)> {
    let plain = |status: &str| Fault::Answer(answer(status, "", b""));
    let with = |status: &str, headers: &str| Fault::Answer(answer(status, headers, b""));
    let body = |status: &str, headers: &str, body: &[u8]| Fault::Answer(answer(status, headers, body));
    let truncated = format!("HTTP/1.1 200 OK\r\n{JSON}content-length: 1000\r\nconnection: close\r\n\r\n{GOOD}");
    let gateway_429 = br#"{"message": "m", "provider": "jasper", "error": {}, "headers": {"retry-after": "0"}}"#;
    vec![
        ("connection refused", Fault::Refuse),
        ("reset before the headers", Fault::ResetBeforeHeaders),
        ("reset in the body", Fault::ResetInBody),
        ("closed after the request", Fault::CloseAfterRequest),
        ("never answered", Fault::Silent),
        ("slow header", Fault::SlowHeader),
        ("slow body", Fault::SlowBody),
        ("truncated body", Fault::Answer(truncated.into_bytes())),
        ("oversized body", body("200 OK", JSON, &vec![b' '; 100_000])),
        ("good body, wrong content type", body("200 OK", "content-type: text/html\r\n", GOOD.as_bytes())),
        ("good body, no content type", body("200 OK", "", GOOD.as_bytes())),
        ("200 with invalid UTF-8", body("200 OK", JSON, b"{\"data\": \"\xff\"}")),
        ("200 with HTML", body("200 OK", "content-type: text/html\r\n", b"<html>hello</html>")),
        ("200 with `null`", body("200 OK", JSON, b"null")),
        ("200 without a body", plain("200 OK")),
        ("204 without a body", Fault::Answer(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".to_vec())),
        ("204 with a body", body("204 No Content", JSON, GOOD.as_bytes())),
        ("400", plain("400 Bad Request")),
        ("401 that echoes the token", body("401 Unauthorized", JSON, format!(r#"{{"message":"{TOKEN}"}}"#).as_bytes())),
        ("408", plain("408 Request Timeout")),
        ("429", plain("429 Too Many Requests")),
        ("429, `Retry-After: 0`", with("429 Too Many Requests", "retry-after: 0\r\n")),
        (
            "429, `Retry-After` as a date",
            with("429 Too Many Requests", "retry-after: Sun, 06 Nov 1994 08:49:37 GMT\r\n"),
        ),
        ("429, absurd `Retry-After`", with("429 Too Many Requests", "retry-after: 1e99\r\n")),
        ("429, nonsense `Retry-After`", with("429 Too Many Requests", "retry-after: soon\r\n")),
        ("429, `Retry-After` in the gateway's body", body("429 Too Many Requests", JSON, gateway_429)),
        ("429 once, then good", Fault::AnswerOnce(answer("429 Too Many Requests", "", b""))),
        ("500", plain("500 Internal Server Error")),
        ("502 with HTML", body("502 Bad Gateway", "content-type: text/html\r\n", b"<html><title>Oops</title></html>")),
        ("503", plain("503 Service Unavailable")),
        ("503, `Retry-After: 0`", with("503 Service Unavailable", "retry-after: 0\r\n")),
        ("503 once, then good", Fault::AnswerOnce(answer("503 Service Unavailable", "", b""))),
        ("504", plain("504 Gateway Timeout")),
        ("301 to the same origin", with("301 Moved Permanently", HERE)),
        ("301 to another origin", with("301 Moved Permanently", ELSEWHERE)),
        ("302 to the same origin", with("302 Found", HERE)),
        ("302 to another origin", with("302 Found", ELSEWHERE)),
        ("303 to the same origin", with("303 See Other", HERE)),
        ("303 to another origin", with("303 See Other", ELSEWHERE)),
        ("307 to the same origin", with("307 Temporary Redirect", HERE)),
        ("307 to another origin", with("307 Temporary Redirect", ELSEWHERE)),
        ("307 without a target", plain("307 Temporary Redirect")),
        ("308 to the same origin", with("308 Permanent Redirect", HERE)),
        ("308 to another origin", with("308 Permanent Redirect", "location: //elsewhere.example/\r\n")),
    ]
}

fn without_certificates() -> ClientConfig {
    let provider = Arc::new(ring::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    versions.with_root_certificates(RootCertStore::empty()).with_no_client_auth()
}

fn client(server: &FaultServer) -> Client {
    // Longer than a loaded machine needs for any answer that does come.
    client_with(server, Duration::from_secs(20))
}

fn client_with(server: &FaultServer, bound: Duration) -> Client {
    let policy = RetryPolicy::default().base_delay(Duration::from_millis(1)).max_delay(Duration::from_millis(5));
    Client::builder()
        .token(TOKEN)
        .base_url(&server.base_url)
        .retry(policy)
        // To read the machine's certificates, which nothing here needs, is most of what setting up a client takes.
        .http(|http| http.tls_backend_preconfigured(without_certificates()))
        .attempt_timeout(bound)
        .stall_timeout(bound * 2)
        .max_response_bytes(50_000)
        .build()
        .unwrap()
}

/// What a caller tells errors apart by.
fn seen<T>(result: Result<T, Error>) -> String {
    let Err(error) = result else { return "the result".to_owned() };
    let text = format!("{error} {error:?}");
    assert!(!text.contains("marked"), "the token leaks: {text}");
    match &error {
        Error::Connect { .. } => "Connect".to_owned(),
        Error::Transport { .. } => "Transport".to_owned(),
        Error::Timeout { kind: TimeoutKind::Attempt, .. } => "Timeout".to_owned(),
        Error::Timeout { kind, .. } => format!("Timeout {kind:?}"),
        Error::Api(error) => format!("Api {}", error.status().as_u16()),
        Error::Redirect { status, .. } => format!("Redirect {}", status.as_u16()),
        Error::TooLarge { .. } => "TooLarge".to_owned(),
        Error::Decode(_) => "Decode".to_owned(),
        other => format!("{other:?}"),
    }
}

/// Reads what a GET gives as it arrives.
async fn stream(client: &Client) -> Result<(), Error> {
    let mut body = client.raw_request(Method::GET, "/v1/file").stream().await?;
    while let Some(chunk) = body.next().await {
        chunk?;
    }
    Ok(())
}

/// How many kinds of calls each fault is tried on.
const KINDS: usize = 5;

/// A server of its own, and its client.
fn pair(fault: &Fault) -> (FaultServer, Client) {
    let server = FaultServer::start(fault.clone());
    // Between two bytes of a slow answer, and before what does come, a loaded machine may take long.
    let is_slow = matches!(fault, Fault::Silent | Fault::SlowHeader | Fault::SlowBody);
    let client = if is_slow { client_with(&server, Duration::from_secs(2)) } else { client(&server) };
    (server, client)
}

/// What the caller of a kind of operation sees, and the requests that the server counted.
async fn cell((server, client): (FaultServer, Client), kind: usize) -> String {
    let outcome = match kind {
        0 => seen(client.list_templates().await),
        1 => seen(client.delete_tone("ton_1").await),
        2 => seen(client.run_command(CommandInputs::new("c")).await),
        3 => seen(client.create_knowledge("n", Upload::from_bytes("a.txt", "x".repeat(1000))).await),
        _ => seen(stream(&client).await),
    };
    format!("{outcome}, {}", server.requests())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn the_table_of_faults_is_what_the_documentation_says() {
    // All clients are there before the first call: setting one up takes long enough to hold up the calls of others.
    let pairs: Vec<_> = faults().into_iter().map(|(name, fault)| (name, [(); KINDS].map(|()| pair(&fault)))).collect();
    let spawn = |(kind, pair)| tokio::spawn(cell(pair, kind));
    let rows: Vec<_> = pairs
        .into_iter()
        .map(|(name, pairs)| (name, pairs.into_iter().enumerate().map(spawn).collect::<Vec<_>>()))
        .collect();
    let mut table =
        String::from("| fault | GET | DELETE | POST | upload | GET as a stream |\n|---|---|---|---|---|---|\n");
    for (name, cells) in rows {
        write!(table, "| {name} |").unwrap();
        for cell in cells {
            write!(table, " {} |", cell.await.unwrap()).unwrap();
        }
        table.push('\n');
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/faults.md");
    let text = fs::read_to_string(path).unwrap();
    let (before, rest) = text.split_once("| fault |").unwrap();
    let (_, after) = rest.split_once("\n\n").unwrap();
    let current = format!("{before}{table}\n{after}");
    if std::env::var("INSTA_UPDATE").is_ok_and(|mode| mode == "always") {
        fs::write(path, current).unwrap();
    } else {
        assert_eq!(text, current, "INSTA_UPDATE=always writes it anew");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_calls_at_once_each_get_their_answer() {
    let good = answer("200 OK", JSON, GOOD.as_bytes());
    let server = FaultServer::start(Fault::Answer(good));
    let client = Client::builder().token(TOKEN).base_url(&server.base_url).build().unwrap();
    let calls: Vec<_> =
        (0..100).map(|number| tokio::spawn(client.delete_tone(format!("ton_{number}")).send())).collect();
    for call in calls {
        assert!(call.await.unwrap().unwrap().deleted);
    }
    assert_eq!(server.requests(), 100);
}

#[tokio::test]
async fn a_client_outlives_its_servers_restart() {
    let (gateway, client) = crate::support::gateway(|it| it).await;
    client.list_tones().await.unwrap();
    let address = gateway.address();
    gateway.stop().await;
    let error = client.list_tones().with_retry(RetryPolicy::never()).await.unwrap_err();
    assert!(matches!(error, Error::Connect { .. } | Error::Transport { .. }), "{error:?}");
    let listener = std::net::TcpListener::bind(address).unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            crate::support::read_request(&mut stream);
            let _ = std::io::Write::write_all(&mut stream, &answer("200 OK", JSON, GOOD.as_bytes()));
        }
    });
    assert!(client.delete_tone("ton_1").await.unwrap().deleted);
}

#[tokio::test]
async fn the_error_tells_of_the_attempts_before_it() {
    let server = FaultServer::start(Fault::Answer(answer("503 Service Unavailable", "retry-after: 0\r\n", b"")));
    let error = client(&server).list_tones().await.unwrap_err();
    assert_eq!(error.to_string(), "the server answered 503 Service Unavailable (the last of 3 attempts)");
    let outcomes: Vec<_> = error.attempts().iter().map(|attempt| attempt.outcome.as_str()).collect();
    assert_eq!(outcomes, ["503 Service Unavailable"; 2]);
    assert_eq!(error.retry_after(), Some(Duration::ZERO));
    assert!(error.is_retryable());
}

#[tokio::test]
async fn a_delay_beyond_the_calls_bound_is_not_waited_for() {
    let server = FaultServer::start(Fault::Answer(answer("503 Service Unavailable", "retry-after: 20\r\n", b"")));
    let client = Client::builder().token(TOKEN).base_url(&server.base_url).build().unwrap();
    let error = client.list_tones().with_timeout(Duration::from_secs(5)).await.unwrap_err();
    assert_eq!((error.status().map(|it| it.as_u16()), server.requests()), (Some(503), 1));
}

#[tokio::test]
async fn a_server_that_asks_for_more_patience_than_the_policy_has_ends_the_call() {
    for (header, wait) in [
        ("retry-after: 45\r\n", 45),
        ("retry-after-ms: 44500\r\n", 44),
        ("x-ratelimit-reset: 90\r\n", 90),
        ("ratelimit-reset: 3600\r\n", 3600),
    ] {
        let server = FaultServer::start(Fault::Answer(answer("429 Too Many Requests", header, b"")));
        let client = Client::builder().token(TOKEN).base_url(&server.base_url).build().unwrap();
        let error = client.list_tones().await.unwrap_err();
        assert_eq!((error.retry_after().unwrap().as_secs(), server.requests()), (wait, 1), "{header}");
        assert!(error.to_string().contains("longer than the retry policy allows"), "{error}");
        assert!(error.to_string().contains("; retry after "), "{error}");
    }
    // A policy that is as patient sends the call again.
    let server = FaultServer::start(Fault::Answer(answer("429 Too Many Requests", "retry-after-ms: 20\r\n", b"")));
    client_with(&server, Duration::from_secs(20)).list_tones().await.unwrap_err();
    assert_eq!(server.requests(), 1, "the policy of these tests waits 5 ms at most");
    let policy = RetryPolicy::default().max_delay(Duration::from_millis(20)).statuses(&[429]);
    client(&server).list_tones().with_retry(policy).await.unwrap_err();
    assert_eq!(server.requests(), 4);
    client(&server).list_tones().with_retry(policy.statuses(&[503])).await.unwrap_err();
    assert_eq!(server.requests(), 5);
}

#[tokio::test]
async fn a_request_can_set_its_own_policy() {
    let server = FaultServer::start(Fault::Answer(answer("503 Service Unavailable", "", b"")));
    let policy = RetryPolicy::default().max_retries(4).base_delay(Duration::from_millis(1));
    client(&server).list_tones().with_retry(policy).await.unwrap_err();
    assert_eq!(server.requests(), 5);
    client(&server).list_tones().with_retry(RetryPolicy::never()).await.unwrap_err();
    assert_eq!(server.requests(), 6);
}

#[tokio::test]
async fn the_budget_of_a_client_ends_its_retries() {
    let server = FaultServer::start(Fault::Answer(answer("503 Service Unavailable", "", b"")));
    let client = client(&server);
    for _ in 0..20 {
        client.list_tones().await.unwrap_err();
    }
    // Twenty calls, and the twenty retries that the budget of a hundred pays for at five each.
    assert_eq!(server.requests(), 40);
}

#[tokio::test]
async fn dropping_the_future_cancels_the_call() {
    let server = FaultServer::start(Fault::Silent);
    let client = Client::builder().token(TOKEN).base_url(&server.base_url).build().unwrap();
    let call = tokio::spawn(client.list_tones().send());
    while server.requests() == 0 {
        tokio::task::yield_now().await;
    }
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
}
