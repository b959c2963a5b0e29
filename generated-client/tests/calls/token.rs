//! A marked token goes through every failure, and is searched for in everything that can be observed.

use std::{
    error::Error as _,
    fmt::Debug,
    sync::{Arc, Mutex},
    time::Duration,
};

use lowcodeapi_jasper::{Client, Error, Location, RetryPolicy, Upload, types::CommandInputs};
use lowcodeapi_mock::{Behaviour, Gateway};

use crate::support::{
    TOKEN,
    fault::{Fault, FaultServer, answer},
    inputs,
};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

/// What of the token would be recognised in any spelling of it.
const MARK: &str = "marked";

/// Keeps every event and span as text.
#[derive(Clone, Default)]
struct Recorder {
    texts: Arc<Mutex<Vec<String>>>,
}

struct Fields<'t>(&'t mut Vec<String>);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push(format!("{field}={value:?}"));
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        attributes.record(&mut Fields(&mut self.texts.lock().unwrap()));
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut Fields(&mut self.texts.lock().unwrap()));
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Fields(&mut self.texts.lock().unwrap()));
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// Everything that an error shows, with the name of the place.
fn places_of(error: &Error) -> Vec<(&'static str, String)> {
    let mut places = vec![
        ("Display of the error", error.to_string()),
        ("Debug of the error", format!("{error:?} {error:#?}")),
        ("its attempts", format!("{:?}", error.attempts())),
    ];
    let mut source = error.source();
    while let Some(cause) = source {
        places.push(("Display and Debug of its causes", format!("{cause} {cause:?}")));
        source = cause.source();
    }
    if let Some(api) = error.as_api() {
        places.extend([
            (
                "message, code and request ID of the ApiError",
                format!("{} {:?} {:?}", api.message(), api.code(), api.request_id()),
            ),
            ("body of the ApiError", api.body().to_owned()),
            ("headers of the ApiError", format!("{:?}", api.headers())),
            ("decoded body of the ApiError", format!("{:?}", api.decode::<lowcodeapi_jasper::serde_json::Value>())),
            ("Debug of the ApiError", format!("{api:?}")),
        ]);
    }
    if let Error::Redirect { host, location, .. } = error {
        places.push(("host of the redirect", format!("{host:?}")));
        places.push(("location of the redirect", format!("{:?}", location.as_ref().map(Location::as_str))));
    }
    if let Error::Decode(error) = error {
        places.push((
            "excerpt, path and message of the decode error",
            format!("{} {} {}", error.excerpt, error.path, error.message),
        ));
    }
    places
}

fn faults() -> Vec<Fault> {
    let json = "content-type: application/json\r\n";
    let echo = format!(
        r#"{{"message": "bad {TOKEN}", "code": "{TOKEN}", "requestId": "{TOKEN}", "query": "at_marked%2Fsecret%2B42"}}"#
    );
    let headers = format!("{json}x-echo: {TOKEN}\r\nx-request-id: {TOKEN}\r\nset-cookie: t={TOKEN}\r\n");
    let redirect =
        format!("location: https://at-marked.example/?api_token={TOKEN}\r\n").replace("at-marked", "elsewhere");
    let mut faults = vec![
        Fault::Refuse,
        Fault::ResetBeforeHeaders,
        Fault::ResetInBody,
        Fault::CloseAfterRequest,
        Fault::Silent,
        Fault::Answer(answer("200 OK", json, format!(r#"{{"data": "{TOKEN}"}}"#).as_bytes())),
        Fault::Answer(answer("200 OK", json, format!(r#"{{"data": {{"{TOKEN}": 1, "data": "{TOKEN}"}}}}"#).as_bytes())),
        Fault::Answer(answer("200 OK", json, format!("<html>{TOKEN}{}</html>", "x".repeat(100_000)).as_bytes())),
        Fault::Answer(format!("HTTP/1.1 200 {TOKEN}\r\nbroken header {TOKEN}\r\n\r\n").into_bytes()),
    ];
    for status in
        ["400 Bad Request", "401 Unauthorized", "404 Not Found", "429 Too Many Requests", "503 Service Unavailable"]
    {
        faults.push(Fault::Answer(answer(status, &headers, echo.as_bytes())));
        faults.push(Fault::Answer(answer(
            status,
            "content-type: text/html\r\n",
            format!("<title>{TOKEN}</title>").as_bytes(),
        )));
    }
    for status in
        ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
    {
        faults.push(Fault::Answer(answer(status, &redirect, echo.as_bytes())));
    }
    faults
}

#[tokio::test]
async fn the_token_is_nowhere_to_be_seen() {
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    let mut places: Vec<(&'static str, String)> = Vec::new();
    for fault in faults() {
        let server = FaultServer::start(fault);
        let policy = RetryPolicy::default().base_delay(Duration::from_millis(1)).max_delay(Duration::from_millis(2));
        let builder = Client::builder().token(TOKEN).base_url(&server.base_url).retry(policy);
        places.push(("Debug of the builder", format!("{builder:?}")));
        let client = builder.attempt_timeout(Duration::from_millis(300)).max_response_bytes(50_000).build().unwrap();
        places.push(("Debug of the client", format!("{client:?} {client:#?}")));
        let request = client.get_tone("ton_1");
        places.push((
            "Debug of a request and of its future",
            format!("{request:?} {:?}", client.get_tone("ton_1").send()),
        ));
        places.extend(places_of(&request.await.unwrap_err()));
        if let Err(error) = client.run_command(CommandInputs::new("c")).await {
            places.extend(places_of(&error));
        }
        if let Err(error) = client.remove_background(Upload::from_bytes("a.png", "x")).await {
            places.extend(places_of(&error));
        }
    }
    // Half a token is one too, and so is one in the headers of a success.
    for spaces in 0..1500 {
        if spaces % 7 == 0 {
            let body = format!("{}{TOKEN}", " ".repeat(spaces));
            let server = FaultServer::start(Fault::Answer(answer("200 OK", "", body.as_bytes())));
            let client = crate::support::client_of(&server.base_url);
            places.extend(places_of(&client.list_tones().await.unwrap_err()));
        }
    }
    let link = format!("link: </a?api_token={TOKEN}>; rel=next\r\n");
    let server = FaultServer::start(Fault::Answer(answer("200 OK", &link, crate::support::fault::GOOD.as_bytes())));
    let response = crate::support::client_of(&server.base_url).delete_tone("ton_1").send_with_response().await.unwrap();
    places.push(("headers of a success", format!("{response:?}")));
    let observed = Gateway::builder(inputs()).behaviour(Behaviour::Observed).start().await.unwrap();
    let client = Client::builder().token(TOKEN).base_url(observed.base_url()).build().unwrap();
    places.extend(places_of(&client.list_tones().await.unwrap_err()));
    for malformed in [format!("{TOKEN} "), format!("{TOKEN}\n")] {
        places.extend(places_of(&Client::new(malformed).unwrap_err()));
    }
    let events = recorder.texts.lock().unwrap().clone();
    assert!(events.iter().any(|text| text.contains("retrying the call")), "{events:?}");
    places.extend(events.into_iter().map(|text| ("tracing events and spans, those of the HTTP stack too", text)));

    let leaks: Vec<_> = places.iter().filter(|(_, text)| text.contains(MARK)).collect();
    assert!(leaks.is_empty(), "{leaks:#?}");
    let mut names: Vec<_> = places.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    names.dedup();
    println!("searched {} texts in {} places:\n{}", places.len(), names.len(), names.join("\n"));
}
