//! Where callers look in and reach in: hooks, default headers, raw requests, dry runs, blocking calls.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use lowcodeapi_jasper::{
    Client, ClientBuilder, Error, Hook, Method, Operation, Outcome, Request, RequestView, RetryPolicy, StatusCode,
    Upload,
    header::{HeaderMap, HeaderValue},
    requests::{CreateKnowledge, ListTones},
    types::{CommandInputs, Tone},
};
use lowcodeapi_runtime::blocking;
use serde_json::{Value, json};

use crate::support::{
    Scripted, TOKEN,
    fault::{Fault, FaultServer, answer},
    gateway, gateway_with,
};

/// The marked part of the token, which nothing may show.
const MARK: &str = "marked";

#[test]
fn clients_and_requests_can_be_shared_between_threads_and_cloned() {
    fn assert<T: Send + Sync + Clone + 'static>() {}
    fn assert_send<T: Send + 'static>() {}
    assert::<Client>();
    assert::<ListTones>();
    assert::<CreateKnowledge>();
    assert::<Upload>();
    assert_send::<ClientBuilder>();
    assert_send::<lowcodeapi_jasper::Pending<Tone>>();
    assert_send::<lowcodeapi_jasper::Items<Tone>>();
    assert_send::<lowcodeapi_jasper::ByteStream>();
}

#[tokio::test]
async fn one_function_takes_the_requests_of_all_operations() {
    async fn sent_for<O: Operation>(team: &str, request: Request<O>) -> Result<O::Output, Error> {
        request.with_header("x-team", team).with_timeout(Duration::from_secs(60)).await
    }
    let (gateway, client) = gateway(|gateway| gateway).await;
    sent_for("sales", client.create_tone("Dry", "dry, short")).await.unwrap();
    let listed = sent_for("support", client.list_tones().size(5)).await.unwrap();
    assert_eq!(listed.data.len(), 1);
    let sent = gateway.requests();
    let teams: Vec<_> = sent.iter().filter_map(|request| request.header("x-team")).collect();
    assert_eq!(teams, ["sales", "support"]);
}

#[test]
fn a_cloned_request_is_another_one_and_debug_shows_no_secret() {
    let client = Client::builder().token(TOKEN).build().unwrap();
    let request = client.list_tones().size(5);
    let larger = request.clone().size(50);
    let sizes = [&request, &larger].map(|request| {
        let sent = request.dry_run().unwrap().to_string();
        sent.split_once("size=").unwrap().1.split('&').next().unwrap().to_owned()
    });
    assert_eq!(sizes, ["5", "50"]);
    let shown = format!("{request:?}");
    assert!(shown.starts_with("Request(") && !shown.contains(MARK), "{shown}");
}

/// Notes what it sees, under a name of its own.
#[derive(Clone)]
struct Notes {
    name: &'static str,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Hook for Notes {
    fn before(&self, request: &RequestView, headers: &mut HeaderMap) {
        headers.insert("x-hook", HeaderValue::from_static(self.name));
        let RequestView { method, url, template, resend_count, .. } = request;
        self.lines.lock().unwrap().push(format!("{} before {method} {url} {template} {resend_count}", self.name));
    }

    fn after(&self, request: &RequestView, outcome: Outcome<'_>) {
        let outcome = match outcome {
            Outcome::Answered(response) => format!("{} {:?}", response.status.as_u16(), response.body_length),
            Outcome::Failed(error) => format!("{error:?}"),
            other => format!("{other:?}"),
        };
        self.lines.lock().unwrap().push(format!("{} after {} {outcome}", self.name, request.resend_count));
    }
}

fn notes() -> (impl Fn(&'static str) -> Notes, Arc<Mutex<Vec<String>>>) {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let shared = Arc::clone(&lines);
    (move |name| Notes { name, lines: Arc::clone(&shared) }, lines)
}

#[tokio::test]
async fn hooks_see_each_attempt_without_the_token_and_can_add_headers() {
    let busy = crate::support::answer("429 Too Many Requests", "retry-after: 0\r\n", "");
    let good = crate::support::answer(
        "200 OK",
        "content-type: application/json\r\n",
        r#"{"data":{"id":"ton_1","name":"n","value":"v"}}"#,
    );
    let server = Scripted::new(&[&busy, &good]);
    let (note, lines) = notes();
    let builder = Client::builder().token(TOKEN).base_url(&server.base_url);
    let client = builder.hook(note("outer")).hook(note("inner")).build().unwrap();
    client.get_tone("ton_1").await.unwrap();
    let url = format!("{}/v1/tones/ton_1?api_token=[redacted]", server.base_url);
    let lines = lines.lock().unwrap().clone();
    let expected = [
        format!("outer before GET {url} /v1/tones/{{tone_id}} 0"),
        format!("inner before GET {url} /v1/tones/{{tone_id}} 0"),
        "inner after 0 429 Some(0)".to_owned(),
        "outer after 0 429 Some(0)".to_owned(),
        format!("outer before GET {url} /v1/tones/{{tone_id}} 1"),
        format!("inner before GET {url} /v1/tones/{{tone_id}} 1"),
        "inner after 1 200 Some(46)".to_owned(),
        "outer after 1 200 Some(46)".to_owned(),
    ];
    assert_eq!(lines, expected);
    for request in server.requests() {
        assert!(request.contains("\r\nx-hook: inner\r\n"), "{request}");
        assert!(!request.contains("outer"), "the later hook's header stands: {request}");
    }
}

#[tokio::test]
async fn hooks_see_failures_and_calls_that_are_given_up() {
    let (note, lines) = notes();
    let server = FaultServer::start(Fault::CloseAfterRequest);
    let builder = Client::builder().token(TOKEN).base_url(&server.base_url).retry(RetryPolicy::never());
    builder.hook(note("a")).build().unwrap().list_tones().await.unwrap_err();
    let server = FaultServer::start(Fault::Silent);
    let builder = Client::builder().token(TOKEN).base_url(&server.base_url);
    let client = builder.hook(note("b")).build().unwrap();
    client.list_tones().with_timeout(Duration::from_millis(50)).await.unwrap_err();
    let lines = lines.lock().unwrap().clone();
    assert!(lines[1].starts_with("a after 0 Transport"), "{lines:?}");
    assert_eq!(lines[3], "b after 0 Cancelled");
    assert_eq!(lines.len(), 4);
    assert!(!lines.join("\n").contains(MARK), "{lines:?}");
}

/// Calls the client from inside of a call, and sets headers that are not for hooks to set.
#[derive(Clone)]
struct Meddler(Arc<Meddling>);

struct Meddling {
    client: std::sync::OnceLock<Client>,
    name: &'static str,
    seen: Mutex<Vec<String>>,
}

impl Meddler {
    fn new(name: &'static str) -> Self {
        Self(Arc::new(Meddling { client: std::sync::OnceLock::new(), name, seen: Mutex::default() }))
    }
}

impl Hook for Meddler {
    fn before(&self, request: &RequestView, headers: &mut HeaderMap) {
        let Self(meddling) = self;
        meddling.seen.lock().unwrap().push(format!("{:?}", request.headers));
        if let Some(client) = meddling.client.get() {
            let error = client.list_tones().send_blocking().unwrap_err();
            meddling.seen.lock().unwrap().push(error.to_string());
        }
        headers.insert(meddling.name, HeaderValue::from_static("5"));
    }
}

#[test]
fn a_hook_that_waits_for_a_call_is_told_so() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (gateway, _) = runtime.block_on(gateway(|it| it));
    let hook = Meddler::new("x-a");
    let builder = Client::builder().token(TOKEN).base_url(gateway.base_url());
    let client = builder.hook(hook.clone()).default_header("x-session", "abc").build().unwrap();
    assert!(hook.0.client.set(client.clone()).is_ok());
    client.list_tones().send_blocking().unwrap();
    runtime.block_on(client.list_tones().send()).unwrap();
    let seen = hook.0.seen.lock().unwrap().clone();
    assert_eq!(seen.len(), 4);
    assert!(seen[1].contains("await the call") && seen[3].contains("await the call"), "{seen:?}");
    assert!(seen[0].contains("x-session") && !seen[0].contains("abc"), "{seen:?}");
}

#[tokio::test]
async fn headers_of_the_connection_are_set_by_nobody() {
    let server = Scripted::answering("200 OK", "content-type: application/json\r\n", "[1]");
    for name in ["Content-Length", "host", "TE", "transfer-encoding", "Connection", "proxy-authorization", "upgrade"] {
        let builder = || Client::builder().token(TOKEN).base_url(&server.base_url);
        let error = builder().default_header(name, "5").build().unwrap_err();
        assert!(error.to_string().contains(&name.to_lowercase()), "{error}");
        let raw = builder().build().unwrap().raw_request(Method::POST, "/v1/x").header(name, "5").body("a/b", "12345");
        assert!(matches!(raw.dry_run(), Err(Error::InvalidRequest { .. })), "{name}");
        assert!(matches!(raw.send().await, Err(Error::InvalidRequest { .. })), "{name}");
        let request = builder().build().unwrap().list_tones().with_header(name, "5");
        assert!(matches!(request.dry_run(), Err(Error::InvalidRequest { .. })), "{name}");
        assert!(request.await.unwrap_err().is_invalid_request(), "{name}");
        let name: &'static str = name.to_lowercase().leak();
        let error = builder().hook(Meddler::new(name)).build().unwrap().list_tones().await.unwrap_err();
        assert!(matches!(error, Error::InvalidRequest { .. }), "{name}: {error}");
    }
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn default_headers_go_with_every_request_that_does_not_set_them() {
    let (gateway, client) =
        gateway_with(|it| it, |it| it.default_header("x-team", "marketing").default_header("Accept", "a/b")).await;
    client.list_tones().await.unwrap();
    client.raw_request(Method::GET, "/v1/tones").header("x-team", "own").send().await.unwrap();
    let request = client.list_tones().with_header("x-team", "first").with_header("X-Team", "called").size(5);
    let shown = request.dry_run().unwrap();
    assert!(!format!("{shown:?}").contains("called"), "{shown:?}");
    request.with_header("accept", "text/html").await.unwrap();
    let requests = gateway.requests();
    let sent = |index: usize, name: &str| {
        let headers = requests[index].headers.iter().filter(|(key, _)| key == name);
        headers.map(|(_, value)| value.clone()).collect::<Vec<_>>()
    };
    assert_eq!(sent(0, "x-team"), ["marketing"]);
    assert_eq!(sent(0, "accept"), ["application/json"], "what the operation asks for");
    assert_eq!(sent(1, "x-team"), ["own"]);
    assert_eq!(sent(1, "accept"), ["a/b"]);
    assert_eq!((sent(2, "x-team"), sent(2, "accept")), (vec!["called".to_owned()], vec!["text/html".to_owned()]));
    let error = Client::builder().token(TOKEN).default_header("bad name", "x").build().unwrap_err();
    assert!(matches!(&error, Error::Config(message) if message.contains("`bad name`")), "{error:?}");
}

#[tokio::test]
async fn a_raw_request_has_credential_retries_and_errors() {
    let (gateway, client) = gateway(|it| it).await;
    let tone = json!({"name": "Dry", "value": "short"});
    let made: Value = client.raw_request(Method::POST, "/v1/tones").json(&tone).send_json().await.unwrap();
    assert_eq!(made["data"]["name"], "Dry", "the envelope is off");
    let response =
        client.raw_request(Method::GET, "/v1/tones").query("page", 1).query("q", "c d&e").send().await.unwrap();
    assert_eq!(response.status, StatusCode::OK);
    assert!(response.value.starts_with(b"{"));
    let requests = gateway.requests();
    let last = requests.last().unwrap();
    let query: Vec<_> = last.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(query, [("page", "1"), ("q", "c d&e"), ("api_token", TOKEN)]);

    let busy = FaultServer::start(Fault::Answer(answer("503 Service Unavailable", "", b"{\"message\":\"full\"}")));
    let policy = RetryPolicy::default().base_delay(Duration::from_millis(1));
    let client = Client::builder().token(TOKEN).base_url(&busy.base_url).retry(policy).build().unwrap();
    let error = client.raw_request(Method::GET, "/v1/{odd}").send().await.unwrap_err();
    assert_eq!((error.as_api().map(|it| it.message().to_owned()), busy.requests()), (Some("full".to_owned()), 3));
    client.raw_request(Method::POST, "/v1/x").body("text/csv", "a,b").with_retry(policy).send().await.unwrap_err();
    assert_eq!(busy.requests(), 4, "a POST is not repeated after a plain 503");
    for path in ["", "v1/tones", "?x=1", "/v1#x"] {
        let error = client.raw_request(Method::GET, path).send().await.unwrap_err();
        assert!(matches!(error, Error::InvalidRequest { .. }), "{path}: {error:?}");
    }
    assert_eq!(busy.requests(), 4);
}

#[tokio::test]
async fn a_raw_request_sends_its_path_as_it_is() {
    let server = Scripted::answering("200 OK", "content-type: application/json\r\n", "[1]");
    let client = crate::support::client_of(&server.base_url);
    let sent: Vec<u8> = client.raw_request(Method::GET, "/v1/a%2Fb/{x}").send_json().await.unwrap();
    assert_eq!(sent, [1]);
    assert!(
        server.request_lines()[0].starts_with("GET /jasper/v1/a%2Fb/%7Bx%7D?api_token="),
        "{:?}",
        server.request_lines()
    );
}

#[test]
fn a_dry_run_shows_what_would_be_sent_and_sends_nothing() {
    let client = Client::builder().token(TOKEN).base_url("http://127.0.0.1:9/jasper").build().unwrap();
    let upload = Upload::from_bytes("it's; \"brand\".pdf", "12345");
    let dry = client.create_knowledge("Brand's book", upload).tags(["a"]).dry_run().unwrap();
    assert_eq!(
        (dry.method.clone(), dry.url.as_str()),
        (Method::POST, "http://127.0.0.1:9/jasper/v1/knowledge?api_token=[redacted]")
    );
    assert_eq!(dry.headers["accept"], "application/json");
    assert_eq!(
        dry.body.as_deref(),
        Some("name=Brand's book\nfile=<it's; \"brand\".pdf, application/pdf, 5 bytes>\ntags=[\"a\"]")
    );
    let expected = concat!(
        "curl --globoff --request POST 'http://127.0.0.1:9/jasper/v1/knowledge?api_token='\"$LOWCODEAPI_TOKEN\"'' ",
        r#"--header 'accept: application/json' --form-string 'name=Brand'\''s book' "#,
        r#"--form 'file=@"it'\''s; \"brand\".pdf";type=application/pdf;filename="it'\''s; \"brand\".pdf"' "#,
        r#"--form-string 'tags=["a"]'"#,
    );
    assert_eq!((dry.curl(), dry.to_string().as_str()), (expected, expected));

    let dry = client.run_command(CommandInputs::new(format!("say {TOKEN}"))).dry_run().unwrap();
    assert_eq!(dry.body.as_deref(), Some(r#"{"inputs":{"command":"say [redacted]"}}"#));
    assert!(dry.curl().contains("--header 'content-type: application/json'"), "{dry}");
    assert!(dry.curl().contains(r#"--data-raw '{"inputs":{"command":"say '"$LOWCODEAPI_TOKEN"'"}}'"#), "{dry}");
    assert!(!format!("{dry:?} {dry}").contains(MARK));

    let error = client.get_tone("").dry_run().unwrap_err();
    assert!(matches!(error, Error::InvalidRequest { .. }), "{error:?}");
}

#[test]
fn a_call_can_be_waited_for_without_asynchronous_code() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (gateway, client) = runtime.block_on(gateway(|it| it));
    client.create_tone("Dry", "short").send_blocking().unwrap();
    let listed = client.list_tones().send_with_response().wait().unwrap();
    assert_eq!((listed.status, listed.value.data.len()), (StatusCode::OK, 1));
    assert!(client.get_tone("ton_none").send_blocking().unwrap_err().is_not_found());
    for name in ["Warm", "Loud"] {
        client.create_tone(name, "…").send_blocking().unwrap();
    }
    let names = blocking::iter(client.list_tones().size(2).stream()).map(|tone| tone.map(|tone| tone.name));
    assert_eq!(names.collect::<Result<Vec<_>, _>>().unwrap(), ["Dry", "Warm", "Loud"]);
    assert_eq!(blocking::iter(client.list_tones().size(2).pages()).count(), 2);
    let missing = blocking::wait(Upload::from_path("/nowhere/at/all"));
    assert!(matches!(missing, Err(Error::InvalidRequest { .. })));
    // Threads share the client, and asynchronous code may, too.
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| client.list_tones().send_blocking().unwrap());
        }
    });
    runtime.block_on(async { client.list_tones().await.unwrap() });
    let refused = runtime.block_on(async { client.list_tones().send_blocking() }).unwrap_err();
    assert!(matches!(refused, Error::InvalidRequest { .. }), "it would keep the executor from all else: {refused}");
    drop(gateway);
}
