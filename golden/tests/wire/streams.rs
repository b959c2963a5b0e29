//! Results that arrive piece by piece: messages, and pages.

use futures_util::StreamExt as _;
use golden::{messages_events, messages_lines, pagination};
use lowcodeapi_runtime::{Error, StatusCode, TimeoutKind};
use serde_json::json;

use crate::wire::support::{Answer, Server, given};

const EVENTS: &str = "text/event-stream; charset=utf-8";

#[tokio::test]
async fn events_come_one_by_one_with_their_fields() {
    let body = "\u{feff}: a comment\nevent: piece\nid: 1\ndata: {\"delta\":\ndata:\"Hel\"}\n\nretry: 1500\r\ndata: {\"delta\": \
                \"lo\"}\r\n\r\nid\ndata: {\"delta\":\"!\"}\r\revent: empty\n\ndata: [DONE]\n\ndata: {\"delta\":\"late\"}\n\n";
    let server = Server::new([Answer::new(200, EVENTS, body)]);
    let client = server.client(messages_events::Client::builder());
    let mut stream = client.chat("Hi").stream_(true).stream().await.unwrap();
    assert_eq!(stream.status(), StatusCode::OK);
    let mut got = Vec::new();
    while let Some(event) = stream.next().await {
        let event = event.unwrap();
        got.push((
            event.event,
            event.id.as_deref().map(str::to_owned),
            event.retry.map(|it| it.as_millis()),
            event.data.delta,
        ));
    }
    let text = |text: &str| Some(text.to_owned());
    let expected = [
        (text("piece"), text("1"), None, "Hel".to_owned()),
        (None, text("1"), Some(1500), "lo".to_owned()),
        (None, None, None, "!".to_owned()),
    ];
    assert_eq!(got, expected);
    let request = server.request();
    assert_eq!(request.header("accept").as_deref(), Some("text/event-stream"));
    assert_eq!(request.json(), json!({"prompt": "Hi", "stream": true}));
}

#[tokio::test]
async fn the_same_operation_still_gives_its_json() {
    let server = Server::new([Answer::json(200, r#"{"text":"Hello"}"#)]);
    let client = server.client(messages_events::Client::builder());
    assert_eq!(client.chat("Hi").await.unwrap().text, "Hello");
    assert_eq!(server.request().header("accept").as_deref(), Some("application/json"));
}

#[tokio::test]
async fn events_of_text_are_text() {
    let body = "data: one\n\ndata\n\ndata: {not json\n\ndata: cut off";
    let stream = given!(messages_events, Answer::new(200, EVENTS, body), |client| client.follow_log().stream());
    let texts: Vec<_> = stream.unwrap().map(|event| event.unwrap().data).collect().await;
    assert_eq!(texts, ["one", "", "{not json"]);
    let stream = given!(messages_events, Answer::new(200, EVENTS, "data: x\n\n"), |client| client.ticks().stream());
    assert_eq!(stream.unwrap().next().await.unwrap().unwrap().data, "x");
}

#[tokio::test]
async fn a_message_that_is_not_as_documented_is_not_the_end() {
    let body = "data: {\"delta\":1}\n\ndata: {\"delta\":\"b\"}\n\n";
    let stream = given!(messages_events, Answer::new(200, EVENTS, body), |client| client.chat("Hi").stream());
    let mut stream = stream.unwrap();
    let Some(Err(Error::Decode(error))) = stream.next().await else { unreachable!() };
    assert_eq!((error.path.as_str(), error.excerpt.as_str()), ("delta", "{\"delta\":1}"));
    assert_eq!(stream.next().await.unwrap().unwrap().data.delta, "b");
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn an_answer_that_is_no_stream_of_messages_is_an_error_at_once() {
    let page = Answer::new(200, "text/html", "<h1>Sign in</h1>");
    let error = given!(messages_events, page, |client| client.follow_log().stream()).unwrap_err();
    let Error::Decode(error) = &error else { unreachable!("{error:?}") };
    assert_eq!(error.message, "expected `text/event-stream`, not `text/html`");
    assert_eq!(error.excerpt, "<h1>Sign in</h1>");
    let refusal = Answer::json(403, r#"{"message":"no"}"#);
    let error = given!(messages_events, refusal, |client| client.follow_log().stream()).unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::FORBIDDEN));
}

#[tokio::test]
async fn lines_come_one_by_one() {
    let body = "{\"id\":1}\n\n{\"id\":2}\r\n   \n{\"id\":3}";
    for media_type in ["application/x-ndjson", "application/json", ""] {
        let server = Server::new([Answer::new(200, media_type, body)]);
        let client = server.client(messages_lines::Client::builder());
        let rows: Vec<_> = client.export_rows().stream().await.unwrap().map(|row| row.unwrap().id).collect().await;
        assert_eq!(rows, [1, 2, 3], "{media_type}");
        assert_eq!(server.request().header("accept").as_deref(), Some("application/x-ndjson"));
    }
    let answer = Answer::new(200, "application/jsonl", body);
    let stream = given!(messages_lines, answer, |client| client.export_table().stream());
    let rows: Vec<_> = stream.unwrap().map(|row| row.unwrap().id).collect().await;
    assert_eq!(rows, [1, 2, 3]);
    let answer = Answer::new(200, "application/ndjson", "1\n\"a\"\n");
    let stream = given!(messages_lines, answer, |client| client.export_anything().stream());
    let values: Vec<_> = stream.unwrap().map(Result::unwrap).collect().await;
    assert_eq!(values, [json!(1), json!("a")]);
    let answer = Answer::new(200, "application/x-ndjson", "{\"a\":1}\n\"b\"\n");
    let stream = given!(messages_lines, answer, |client| client.export_text().stream());
    let values: Vec<_> = stream.unwrap().map(Result::unwrap).collect().await;
    assert_eq!(values, [json!({"a": 1}), json!("b")]);
}

#[tokio::test]
async fn a_message_is_bounded_and_the_stream_is_not() {
    let line = format!("{{\"id\":1,\"x\":\"{}\"}}\n", "x".repeat(100));
    let server = Server::new([Answer::new(200, "application/x-ndjson", line.repeat(50))]);
    let client = server.client(messages_lines::Client::builder().max_response_bytes(200));
    assert_eq!(client.export_rows().stream().await.unwrap().count().await, 50);
    let client = server.client(messages_lines::Client::builder().max_response_bytes(50));
    let mut stream = client.export_rows().stream().await.unwrap();
    assert!(matches!(stream.next().await, Some(Err(Error::TooLarge { limit: 50, .. }))));
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn pages_are_followed_to_the_total() {
    let server = Server::new([
        Answer::json(200, r#"{"books":[{"title":"a"},{"title":"b"}],"meta":{"size":2,"total":4}}"#),
        Answer::json(200, r#"{"books":[{"title":"c"},{"title":"d"}],"meta":{"size":2.0,"total":4}}"#),
    ]);
    let client = server.client(pagination::Client::builder());
    let books = client.list_books().author("x y").stream().all().await.unwrap();
    assert_eq!(books.iter().map(|book| book.title.as_str()).collect::<Vec<_>>(), ["a", "b", "c", "d"]);
    let lines: Vec<String> = server.requests().into_iter().map(|request| request.line).collect();
    assert_eq!(lines, ["GET /books?author=x%20y&page=0", "GET /books?author=x%20y&page=1"]);
}

/// What a list of authors gives for these pages, and how many requests that takes.
async fn authors(answers: &[&str], size: Option<i64>, page: Option<i64>) -> (Vec<String>, usize) {
    let answers: Vec<Answer> = answers.iter().map(|body| Answer::json(200, body)).collect();
    let server = Server::new(answers);
    let client = server.client(pagination::Client::builder());
    let mut request = client.list_authors();
    if let Some(size) = size {
        request = request.n(size);
    }
    if let Some(page) = page {
        request = request.p(page);
    }
    let authors = request.stream().all().await.unwrap();
    (authors, server.requests().len())
}

#[tokio::test]
async fn a_list_ends_with_an_empty_page_and_not_with_a_short_one() {
    let text = |items: &[&str]| items.iter().map(ToString::to_string).collect::<Vec<_>>();
    // The server may return less than the declared default, and less than the size that was asked for.
    let got = authors(&[r#"["a","b"]"#, r#"["c"]"#, r#"["d","e"]"#, "[]"], None, None).await;
    assert_eq!(got, (text(&["a", "b", "c", "d", "e"]), 4));
    let got = authors(&[r#"["a","b"]"#, r#"["c"]"#, "[]"], Some(100), Some(7)).await;
    assert_eq!(got, (text(&["a", "b", "c"]), 3));
}

#[tokio::test]
async fn a_server_that_ignores_the_page_number_is_an_error() {
    let server = Server::new([Answer::json(200, r#"["a","b"]"#)]);
    let client = server.client(pagination::Client::builder());
    let items: Vec<_> = client.list_authors().stream().collect().await;
    let [Ok(_), Ok(_), Err(Error::Decode(error))] = &items[..] else { panic!("{items:?}") };
    assert_eq!(error.path, "p");
    assert!(error.message.contains("the items of the one before"), "{}", error.message);
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn nothing_is_requested_before_it_is_polled_for_nor_after_an_error() {
    let page = |number: u8| Answer::json(200, &format!(r#"["{number}a","{number}b"]"#));
    let server = Server::new([page(1), page(2), Answer::empty(500), page(4)]);
    let client = server.client(pagination::Client::builder());
    let mut items = client.list_authors().stream();
    assert_eq!(server.requests().len(), 0);
    for expected in [("1a", 1), ("1b", 1), ("2a", 2), ("2b", 2)] {
        let item = items.next().await.unwrap().unwrap();
        assert_eq!((item.as_str(), server.requests().len()), expected);
    }
    assert_eq!(items.next().await.unwrap().unwrap_err().status(), Some(StatusCode::INTERNAL_SERVER_ERROR));
    assert!(items.next().await.is_none());
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn pages_come_whole() {
    let server = Server::new([
        Answer::json(200, r#"{"result":{"loans":["a"]}}"#),
        Answer::json(200, r#"{"result":{"loans":["b"]}}"#),
        Answer::json(200, r#"{"result":null}"#),
    ]);
    let client = server.client(pagination::Client::builder());
    let pages: Vec<_> = client.list_loans().page(5).pages().map(Result::unwrap).collect().await;
    assert_eq!(pages.len(), 3);
    assert_eq!(pages[1].result.as_ref().unwrap().loans, ["b"]);
    let pages: Vec<_> = server.requests().iter().map(|request| request.query().join("&")).collect();
    assert_eq!(pages, ["page=5", "page=6", "page=7"]);
}

#[tokio::test]
async fn a_paced_client_waits_for_its_turn() {
    let server = Server::new([Answer::empty(204)]);
    let client = server.client(golden::rate_limit::Client::builder().paced());
    let clone = client.clone();
    client.grind().await.unwrap();
    clone.sift().await.unwrap();
    // The third of two a minute cannot start within its own bound; another limit's can.
    let error = client.grind().with_timeout(std::time::Duration::from_millis(100)).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { kind: TimeoutKind::Total, .. }), "{error:?}");
    client.stones().await.unwrap();
    assert_eq!(server.requests().len(), 3);
    let unpaced = server.client(golden::rate_limit::Client::builder());
    for _ in 0..3 {
        unpaced.grind().await.unwrap();
    }
}

#[tokio::test]
async fn cursors_are_followed_until_there_is_none() {
    let page = |visitors: &str, next: &str| {
        Answer::json(200, &format!(r#"{{"visitors":{visitors},"meta":{{"next":{next}}}}}"#))
    };
    // A page may be empty, and not the last.
    let server = Server::new([page(r#"["a"]"#, r#""2 b""#), page("[]", r#""3""#), page(r#"["c","d"]"#, "null")]);
    let client = server.client(pagination::Client::builder());
    let visitors = client.list_visitors().limit(2).stream().all().await.unwrap();
    assert_eq!(visitors, ["a", "c", "d"]);
    let lines: Vec<_> = server.requests().into_iter().map(|request| request.line).collect();
    let expected = ["GET /visitors?limit=2", "GET /visitors?limit=2&after=2%20b", "GET /visitors?limit=2&after=3"];
    assert_eq!(lines, expected);

    for last in ["", r#","meta":{}"#, r#","meta":{"next":""}"#] {
        let server = Server::new([Answer::json(200, &format!(r#"{{"visitors":["a"]{last}}}"#))]);
        let client = server.client(pagination::Client::builder());
        assert_eq!(client.list_visitors().after("1").stream().all().await.unwrap(), ["a"], "{last}");
        assert_eq!(server.request().line, "GET /visitors?after=1");
    }
    // A server that gives the same cursor for ever.
    let server = Server::new([page(r#"["a"]"#, r#""x""#), page(r#"["b"]"#, r#""x""#)]);
    let client = server.client(pagination::Client::builder());
    let items: Vec<_> = client.list_visitors().stream().collect().await;
    assert!(matches!(&items[..], [Ok(_), Ok(_), Err(Error::Decode(_))]), "{items:?}");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn cursors_that_lead_back_are_an_error_and_not_the_end() {
    let page = |visitor: &str, next: &str| {
        Answer::json(200, &format!(r#"{{"visitors":["{visitor}"],"meta":{{"next":"{next}"}}}}"#))
    };
    let server = Server::new([page("a", "x&"), page("b", "y"), page("c", "x&"), page("d", "y")]);
    let client = server.client(pagination::Client::builder());
    let items: Vec<_> = client.list_visitors().stream().collect().await;
    let (error, visitors) = items.split_last().unwrap();
    assert_eq!(visitors.iter().map(|it| it.as_deref().unwrap()).collect::<Vec<_>>(), ["a", "b", "c"]);
    let Err(Error::Decode(error)) = error else { panic!("{error:?}") };
    assert_eq!((error.path.as_str(), error.excerpt.as_str()), ("after", "x&"));
    assert_eq!(server.requests().len(), 3);

    // The cursor that the caller began with counts as well.
    let server = Server::new([page("a", "y"), page("b", "x z"), page("c", "")]);
    let client = server.client(pagination::Client::builder());
    let pages: Vec<_> = client.list_visitors().after("x z").pages().collect().await;
    assert!(matches!(pages.as_slice(), [Ok(_), Ok(_), Err(Error::Decode(_))]), "{pages:?}");
}

#[tokio::test]
async fn pages_without_items_and_without_end_are_an_error() {
    let empty = |number: u32| Answer::json(200, &format!(r#"{{"visitors":[],"meta":{{"next":"{number}"}}}}"#));
    let server = Server::new((0..1000).map(empty).collect::<Vec<_>>());
    let client = server.client(pagination::Client::builder());
    let error = client.list_visitors().stream().all().await.unwrap_err();
    assert!(error.to_string().contains("no end"), "{error}");
    assert_eq!(server.requests().len(), 100);
}

#[tokio::test]
async fn pages_that_come_again_and_again_are_an_error() {
    // Numbered, in circles of two and of five.
    for length in [2, 5] {
        let page = |number: u32| Answer::json(200, &format!(r#"["{0}a","{0}b"]"#, number % length));
        let server = Server::new((0..1000).map(page).collect::<Vec<_>>());
        let client = server.client(pagination::Client::builder());
        let error = client.list_authors().stream().all().await.unwrap_err();
        assert!(error.to_string().contains("in a cycle"), "{error}");
        assert!(server.requests().len() < 50, "{}", server.requests().len());
    }
    // With a cursor that is new each time.
    let same = |number: u32| Answer::json(200, &format!(r#"{{"visitors":["a"],"meta":{{"next":"{number}"}}}}"#));
    let server = Server::new((0..1000).map(same).collect::<Vec<_>>());
    let client = server.client(pagination::Client::builder());
    let error = client.list_visitors().stream().all().await.unwrap_err();
    assert!(error.to_string().contains("the same items"), "{error}");
    assert_eq!(server.requests().len(), 101);
}

#[tokio::test]
async fn a_page_may_come_again_by_chance() {
    let name = |number| if [1, 3, 7, 12, 31, 40, 63, 90].contains(&number) { 0 } else { number };
    let page = |number: u32| Answer::json(200, &format!(r#"["{}","x"]"#, name(number)));
    let mut answers: Vec<Answer> = (1..=200).map(page).collect();
    answers.push(Answer::json(200, "[]"));
    let server = Server::new(answers);
    let client = server.client(pagination::Client::builder());
    assert_eq!(client.list_authors().stream().all().await.unwrap().len(), 400);
}

#[tokio::test]
async fn a_server_that_never_comes_to_a_message_is_cut_off() {
    for flood in [": still here\n\n", ":\n", "\n", "event: x\n\n", "id: 1\n", "data\n"] {
        let server = Server::new([Answer::new(200, EVENTS, format!("data: one\n\n{}", flood.repeat(2000)))]);
        let client = server.client(messages_events::Client::builder().max_response_bytes(1000));
        let events: Vec<_> = client.follow_log().stream().await.unwrap().collect().await;
        assert!(
            matches!(events.as_slice(), [Ok(_), Err(Error::TooLarge { limit: 1000, .. })]),
            "{flood:?}: {events:?}"
        );
        // Those that come between messages are no flood.
        let server = Server::new([Answer::new(200, EVENTS, ": still here\n\ndata: one\n\n".repeat(200))]);
        let client = server.client(messages_events::Client::builder().max_response_bytes(1000));
        assert_eq!(client.follow_log().stream().await.unwrap().count().await, 200);
    }
    let server = Server::new([Answer::new(200, "application/x-ndjson", "\n".repeat(2000))]);
    let client = server.client(messages_lines::Client::builder().max_response_bytes(1000));
    let rows: Vec<_> = client.export_rows().stream().await.unwrap().collect().await;
    assert!(matches!(rows.as_slice(), [Err(Error::TooLarge { .. })]), "{rows:?}");
}

#[tokio::test]
async fn events_share_the_id_that_was_given_before_them() {
    let body = format!("id: {}\n\n{}", "x".repeat(100_000), "data: a\n\n".repeat(3));
    let stream = given!(messages_events, Answer::new(200, EVENTS, body), |client| client.follow_log().stream());
    let ids: Vec<_> = stream.unwrap().map(|event| event.unwrap().id.unwrap()).collect().await;
    assert_eq!(ids[0].len(), 100_000);
    assert!(ids.iter().all(|id| std::sync::Arc::ptr_eq(id, &ids[0])));
}
