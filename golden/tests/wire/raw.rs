//! Raw requests: messages that no operation describes.

use golden::messages_events::Client;
use lowcodeapi_runtime::{Error, Method};
use serde_json::{Value, json};

use crate::wire::support::{Answer, Request, Server, given};

const EVENTS: &str = "text/event-stream";

#[tokio::test]
async fn a_raw_request_reads_events() {
    let body = "event: piece\nid: 1\ndata: {\"a\":\ndata: 1}\n\ndata: half\n\nretry: 5\ndata: 2\n\ndata: [DONE]\n\ndata: 3\n\n";
    let server = Server::new([Answer::new(200, EVENTS, body)]);
    let raw =
        || server.client(Client::builder()).raw_request(Method::POST, "/news").query("n", 3).json(json!({"q": 1}));
    let mut events = raw().stream_json_events::<Value>().await.unwrap();
    let event = events.next().await.unwrap().unwrap();
    assert_eq!((event.event.as_deref(), event.id.as_deref(), event.data), (Some("piece"), Some("1"), json!({"a": 1})));
    let Some(Err(Error::Decode(error))) = events.next().await else { unreachable!() };
    assert_eq!((error.body().as_ref(), error.event_id()), (&b"half"[..], Some("1")));
    assert_eq!(events.next().await.unwrap().unwrap().data, 2);
    assert!(events.next().await.is_none());
    let Request { line, headers, body } = server.request();
    assert_eq!((line.as_str(), body.as_slice()), ("POST /news?n=3", &b"{\"q\":1}"[..]));
    assert!(headers.contains(&("accept".to_owned(), EVENTS.to_owned())), "{headers:?}");

    let mut events = raw().stream_events().await.unwrap();
    for data in ["{\"a\":\n1}", "half", "2"] {
        assert_eq!(events.next().await.unwrap().unwrap().data, data);
    }
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn a_raw_request_resumes_events() {
    let cut = Answer::new(200, EVENTS, "retry: 1\nid: 1\ndata: \"a\"\n\ndata: \"b").header("content-length", "1000");
    for (method, times) in [(Method::GET, 2), (Method::POST, 1)] {
        let server = Server::new([cut.clone(), Answer::new(200, EVENTS, "id: 2\ndata: \"c\"\n\n")]);
        let raw = server.client(Client::builder()).raw_request(method, "/news").with_reconnects(3);
        let mut events = raw.stream_json_events::<String>().await.unwrap();
        assert_eq!(events.next().await.unwrap().unwrap().data, "a");
        // A POST cannot be repeated.
        assert_eq!(events.next().await.unwrap().map(|event| event.data).ok(), (times == 2).then(|| "c".to_owned()));
        let ids: Vec<_> = server.requests().iter().map(|request| request.header("last-event-id")).collect();
        assert_eq!(ids, [None, Some("1".to_owned())][..times]);
    }
}

#[tokio::test]
async fn a_raw_request_reads_lines_and_records() {
    let answer = Answer::new(200, "application/jsonl", "1\n\n[2]");
    let raw = given!(messages_events, answer, |it| it.raw_request(Method::GET, "/").stream_json_lines::<Value>());
    let mut lines = raw.unwrap();
    for value in [json!(1), json!([2])] {
        assert_eq!(lines.next().await.unwrap().unwrap(), value);
    }
    assert!(lines.next().await.is_none());
    let answer = Answer::new(200, "application/json-seq", "\u{1e}[1]\n\u{1e}2");
    let raw = given!(messages_events, answer, |it| it.raw_request(Method::GET, "/").stream_json_sequence::<Value>());
    let mut records = raw.unwrap();
    assert_eq!(records.next().await.unwrap().unwrap(), json!([1]));
    assert!(matches!(records.next().await, Some(Err(Error::Decode(_)))));
    let page = Answer::new(200, "text/html", "<p>");
    let raw = given!(messages_events, page, |it| it.raw_request(Method::GET, "/").stream_events());
    assert!(matches!(raw, Err(Error::Decode(_))));
}

#[tokio::test]
async fn the_caller_may_ask_for_messages_in_another_way() {
    let server = Server::new([Answer::new(200, "application/vnd.x+json-seq", "\u{1e}[1]\n")]);
    let raw =
        server.client(Client::builder()).raw_request(Method::GET, "/").header("accept", "application/vnd.x+json-seq");
    let mut records = raw.stream_json_sequence::<Value>().await.unwrap();
    assert_eq!(records.next().await.unwrap().unwrap(), json!([1]));
    assert_eq!(server.request().header("accept").as_deref(), Some("application/vnd.x+json-seq"));
}
