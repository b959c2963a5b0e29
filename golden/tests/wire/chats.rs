//! Events of language models, and events that are resumed.

use std::time::Duration;

use futures_util::StreamExt as _;
use golden::messages_of_chats::{Client, types::Prompt};
use lowcodeapi_runtime::Error;
use serde_json::json;

use crate::wire::support::{Answer, Server};

const EVENTS: &str = "text/event-stream";

#[tokio::test]
async fn the_verb_decides_whether_the_body_asks_for_messages() {
    let server = Server::new([
        Answer::new(200, EVENTS, "data: {\"delta\":\"a\"}\n\ndata:  [END] \n\ndata: {\"delta\":\"late\"}\n\n"),
        Answer::json(200, r#"{"delta":"b"}"#),
        Answer::new(200, EVENTS, "data: [DONE] \n\ndata: {\"delta\":\"late\"}\n\n"),
    ]);
    let client = server.client(Client::builder());
    let mut stream = client.complete(Prompt::new("Hi")).stream().await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap().data.delta, "a");
    assert!(stream.next().await.is_none());
    assert_eq!(client.complete(Prompt::new("Hi")).await.unwrap().delta, "b");
    let mut stream = client.complete(Prompt::new("Hi").stream(false)).stream().await.unwrap();
    assert!(stream.next().await.is_none());
    let bodies: Vec<_> = server.requests().iter().map(crate::wire::support::Request::json).collect();
    let (asked, plain) = (json!({"prompt": "Hi", "stream": true}), json!({"prompt": "Hi"}));
    assert_eq!(bodies, [asked.clone(), plain, asked]);
}

#[tokio::test]
async fn an_event_that_cannot_be_read_keeps_its_fields() {
    let body = "event: error\nid: 7\ndata: {\"code\":\ndata: 5}\n\nevent: piece\ndata: {\"delta\":\"a\"}\n\n";
    let server = Server::new([Answer::new(200, EVENTS, body)]);
    let mut stream = server.client(Client::builder()).complete(Prompt::new("Hi")).stream().await.unwrap();
    let error = stream.next().await.unwrap().unwrap_err();
    assert!(error.to_string().starts_with("in the event `error`, "), "{error}");
    let Error::Decode(error) = &error else { unreachable!("{error:?}") };
    assert_eq!((error.event(), error.event_id()), (Some("error"), Some("7")));
    assert_eq!(error.body().as_ref(), b"{\"code\":\n5}");
    assert_eq!(stream.next().await.unwrap().unwrap().event.as_deref(), Some("piece"));
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn a_broken_stream_is_resumed_where_the_caller_permits() {
    let cut = |body: &str| Answer::new(200, EVENTS, body).header("content-length", "1000");
    let answers = || {
        [
            cut("retry: 1\nid: 1\ndata: {\"delta\":\"a\"}\n\ndata: {\"del"),
            Answer::json(503, "{}"),
            cut("id: 2\ndata: {\"delta\":\"b\"}\n\n"),
            Answer::new(200, EVENTS, "data: {\"delta\":\"c\"}\n\n"),
        ]
    };
    let server = Server::new(answers());
    let client = server.client(Client::builder());
    let mut stream = client.follow_news().with_reconnects(3).stream().await.unwrap();
    let mut ids = Vec::new();
    while let Some(event) = stream.next().await {
        ids.push(event.unwrap().id.as_deref().map(str::to_owned));
    }
    assert_eq!(ids, [Some("1".to_owned()), Some("2".to_owned()), Some("2".to_owned())]);
    let sent: Vec<_> = server.requests().iter().map(|request| request.header("last-event-id")).collect();
    assert_eq!(sent, [None, Some("1".to_owned()), Some("1".to_owned()), Some("2".to_owned())]);

    let server = Server::new(answers());
    let client = server.client(Client::builder());
    let mut stream = client.follow_news().with_reconnects(1).stream().await.unwrap();
    assert!(stream.next().await.unwrap().is_ok());
    assert_eq!(stream.next().await.unwrap().unwrap_err().status().unwrap().as_u16(), 503);
    assert!(stream.next().await.is_none());

    let unmarked = cut("data: {\"delta\":\"a\"}\n\n");
    let server = Server::new([unmarked]);
    let mut stream = server.client(Client::builder()).follow_news().with_reconnects(9).stream().await.unwrap();
    assert!(stream.next().await.unwrap().is_ok());
    assert!(stream.next().await.unwrap().unwrap_err().is_transport());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn the_timeout_of_the_caller_ends_a_stream_that_is_resumed() {
    const TIMES: u32 = 100;
    let cut =
        Answer::new(200, EVENTS, "retry: 20\nid: 1\ndata: {\"delta\":\"a\"}\n\n").header("content-length", "1000");
    let server = Server::new([cut]);
    let client = server.client(Client::builder());
    let call = client.follow_news().with_timeout(Duration::from_millis(300)).with_reconnects(TIMES);
    let mut stream = call.stream().await.unwrap();
    let error = loop {
        match stream.next().await.unwrap() {
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    assert!(matches!(error, Error::Transport { .. } | Error::Timeout { .. }), "{error:?}");
    // All reconnections would take two seconds.
    assert!(server.requests().len() < TIMES as usize, "{}", server.requests().len());
}

#[tokio::test]
async fn the_name_of_an_event_decides_what_its_data_is() {
    use golden::messages_by_name::{
        Client,
        requests::{FollowFeedEvent, FollowJobEvent, FollowRoomEvent, FollowStepsEvent},
        types::Step,
    };

    let body = "event: progress\nid: 1\ndata: {\"done\":0.5}\n\nevent: ping\ndata: {}\n\nevent: log\ndata: {\"done\":1}\n\n\
        event: stopped\ndata: {\"reason\":\"late\"}\n\nevent: progress\ndata: half\n\nevent: new\ndata: a\ndata: b\n\n\
        data: c\n\nevent: end\ndata: [DONE]\n\n";
    let server = Server::new([Answer::new(200, EVENTS, body)]);
    let client = server.client(Client::builder());
    let mut stream = client.follow_job().stream().await.unwrap();
    let mut got = Vec::new();
    while let Some(event) = stream.next().await {
        got.push(event.map(|event| event.data).map_err(|error| error.to_string()));
    }
    let unknown = |event: Option<&str>, data: &str| FollowJobEvent::Unknown {
        event: event.map(str::to_owned),
        data: data.to_owned(),
    };
    let [progress, ping, log, stopped, malformed, new, unnamed] = got.as_slice() else { unreachable!("{got:?}") };
    assert_eq!(*progress, Ok(FollowJobEvent::Progress(Step::new(0.5))));
    assert_eq!((ping, log), (&Ok(FollowJobEvent::Ping), &Ok(FollowJobEvent::Log(r#"{"done":1}"#.to_owned()))));
    assert!(matches!(stopped, Ok(FollowJobEvent::Stopped(stopped)) if stopped.reason == "late"), "{stopped:?}");
    assert!(malformed.as_ref().is_err_and(|error| error.starts_with("in the event `progress`, ")), "{malformed:?}");
    assert_eq!((new, unnamed), (&Ok(unknown(Some("new"), "a\nb")), &Ok(unknown(None, "c"))));
    assert_eq!(serde_json::to_string(new.as_ref().unwrap()).unwrap(), r#""a\nb""#);

    let body = "data: {\"done\":1}\n\nevent: message\ndata: {\"done\":2}\n\nevent: error\ndata: late\n\n";
    let server = Server::new([Answer::new(200, EVENTS, body)]);
    let stream = server.client(Client::builder()).follow_feed().stream().await.unwrap();
    let got: Vec<_> = stream.map(|event| event.unwrap().data).collect().await;
    let step = |done| FollowFeedEvent::Message(Step::new(done));
    assert_eq!(got, [step(1.0), step(2.0), FollowFeedEvent::Error("late".to_owned())]);

    let body = "data: {\"done\":0}\n\nevent: ended\ndata: {\"done\":1}\n\n";
    let server = Server::new([Answer::new(200, EVENTS, body)]);
    let stream = server.client(Client::builder()).follow_steps().stream().await.unwrap();
    let got: Vec<_> = stream.map(|event| event.unwrap().data).collect().await;
    assert_eq!(got, [FollowStepsEvent::Message(Step::new(0.0)), FollowStepsEvent::Ended(Step::new(1.0))]);

    let server = Server::new([Answer::new(200, EVENTS, "event: room.left\ndata: {\"done\":1}\n\n")]);
    let stream = server.client(Client::builder()).follow_room().stream().await.unwrap();
    let got: Vec<_> = stream.map(|event| event.unwrap().data).collect().await;
    assert_eq!(got, [FollowRoomEvent::RoomLeft(Step::new(1.0))]);
}
