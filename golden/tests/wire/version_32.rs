//! What OpenAPI 3.2 adds: methods, query strings, messages described by item, cookies as they are, default mappings.

use futures_util::StreamExt as _;
use golden::{
    version_32_default_mapping, version_32_everything, version_32_item_schemas, version_32_methods,
    version_32_querystring, version_32_reserved,
};
use lowcodeapi_runtime::{Error, RetryPolicy};
use serde_json::json;

use crate::wire::support::{Answer, Server, given, sent};

const EVENTS: &str = "text/event-stream";

#[tokio::test]
async fn a_query_has_a_body_and_is_repeated_as_a_get_is() {
    let request = sent_query(RetryPolicy::never()).await.unwrap();
    assert_eq!(request.len(), 1);
    assert_eq!(request[0].line, "QUERY /items");
    assert_eq!(request[0].json(), json!({"color": "red"}));
    assert_eq!(request[0].header("accept").as_deref(), Some("application/json"));
    let server = Server::new([Answer::json(502, "{}"), Answer::json(200, r#"["a"]"#)]);
    let client = version_32_methods::Client::builder().base_url(server.base_url()).build().unwrap();
    assert_eq!(client.query_items("red").await.unwrap(), ["a"]);
    let seen: Vec<_> = server.requests().into_iter().map(|it| (it.line.clone(), it.json())).collect();
    assert_eq!(
        seen,
        [("QUERY /items".to_owned(), json!({"color": "red"})), ("QUERY /items".to_owned(), json!({"color": "red"}))]
    );
}

async fn sent_query(retry: RetryPolicy) -> Result<Vec<crate::wire::support::Request>, Error> {
    let server = Server::new([Answer::json(200, "[]")]);
    let builder = version_32_methods::Client::builder().base_url(server.base_url()).retry(retry);
    builder.build()?.query_items("red").await?;
    Ok(server.requests())
}

#[tokio::test]
async fn other_methods_are_sent_as_they_are_written_and_not_repeated() {
    let request = sent!(version_32_methods, |client| client.link_items("<https://a.example>; rel=next"));
    assert_eq!(request.line, "LINK /items");
    assert_eq!(request.header("link").as_deref(), Some("<https://a.example>; rel=next"));
    let request = sent!(version_32_methods, |client| client.search_items());
    assert_eq!(request.line, "M-Search /items");
    let request = sent!(version_32_methods, |client| client.create_item());
    assert_eq!(request.line, "POST /items");
    let server = Server::new([Answer::json(502, "{}"), Answer::empty(204)]);
    let client = version_32_methods::Client::builder().base_url(server.base_url()).build().unwrap();
    assert!(client.link_items("<a>").await.is_err());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn the_properties_of_a_form_are_parameters_of_the_query() {
    let request = sent!(version_32_querystring, |client| client
        .search_by_form("a b&c")
        .limit(5)
        .tags(["x", "y"])
        .colors(["red", "blue"]));
    assert_eq!(request.line, "GET /form?term=a%20b%26c&limit=5&tags=x&tags=y&colors=red,blue");
    let request = sent!(version_32_querystring, |client| client.search_by_optional_form());
    assert_eq!(request.line, "GET /optional");
    let request = sent!(version_32_querystring, |client| client.search_by_map().filter([("a", "1"), ("b", "é")]));
    assert_eq!(request.line, "GET /map?a=1&b=%C3%A9");
}

#[tokio::test]
async fn another_query_string_is_the_text_of_its_media_type() {
    use version_32_querystring::types::Filter;

    let request = sent!(version_32_querystring, |client| client.search_by_json(Filter::new("a&b")));
    assert_eq!(request.line, "GET /json?%7B%22since%22%3A%22a%26b%22%7D");
    let request = sent!(version_32_querystring, |client| client.search_by_path().selector("$.a[1:2]"));
    assert_eq!(request.line, "GET /path?%24.a%5B1%3A2%5D");
}

#[tokio::test]
async fn events_are_read_as_the_fields_that_their_schema_describes() {
    let body = "event: tick\nid: 7\ndata: {\"n\":1}\n\ndata: {\"n\":2}\n\n";
    let mut stream =
        given!(version_32_item_schemas, Answer::new(200, EVENTS, body), |client| client.follow_ticks().stream())
            .unwrap();
    let first = stream.next().await.unwrap().unwrap();
    assert_eq!((first.event.as_deref(), first.id.as_deref(), first.data.n), (Some("tick"), Some("7"), 1));
    assert_eq!(stream.next().await.unwrap().unwrap().data.n, 2);
    for answer in ["follow_bare", "follow_listed"] {
        let body = Answer::new(200, EVENTS, "data: {\"n\":3}\n\n");
        let first = match answer {
            "follow_bare" => {
                given!(version_32_item_schemas, body, |client| client.follow_bare().stream()).unwrap().next().await
            }
            _ => given!(version_32_item_schemas, body, |client| client.follow_listed().stream()).unwrap().next().await,
        };
        assert_eq!(first.unwrap().unwrap().data.n, 3, "{answer}");
    }
    let log = Answer::new(200, EVENTS, "data: \"quoted\"\n\ndata: {\n\n");
    let stream = given!(version_32_item_schemas, log, |client| client.follow_log().stream()).unwrap();
    let texts: Vec<_> = stream.map(|event| event.unwrap().data).collect().await;
    assert_eq!(texts, ["\"quoted\"", "{"]);
}

#[tokio::test]
async fn the_data_of_each_kind_of_event_has_its_type() {
    use version_32_item_schemas::requests::FollowChangesEvent as Message;

    let body = "event: tick\ndata: {\"n\":1}\n\nevent: stopped\ndata: {\"reason\":\"late\"}\n\n\
        event: counted\ndata: 007\n\nevent: renamed\ndata: \"x\"\n\ndata: [DONE]\n\n";
    let stream =
        given!(version_32_item_schemas, Answer::new(200, EVENTS, body), |client| client.follow_changes().stream());
    let got: Vec<_> = stream.unwrap().map(|event| event.unwrap().data).collect().await;
    assert!(
        matches!(
            got.as_slice(),
            [Message::Tick(tick), Message::Stopped(it), Message::Counted(count), Message::Renamed(name)]
                if tick.n == 1 && it.reason == "late" && count == "007" && name == "\"x\""
        ),
        "{got:?}"
    );
}

#[tokio::test]
async fn lines_and_records_are_read_one_by_one() {
    let lines = Answer::new(200, "application/jsonl", "{\"n\":1}\n\n{\"n\":2}");
    let stream = given!(version_32_item_schemas, lines, |client| client.read_lines().stream()).unwrap();
    let got: Vec<_> = stream.map(|line| line.unwrap().n).collect().await;
    assert_eq!(got, [1, 2]);
    let rows = Answer::new(200, "application/x-ndjson", "[1,2.5]\n[]\n");
    let stream = given!(version_32_item_schemas, rows, |client| client.read_rows().stream()).unwrap();
    let got: Vec<_> = stream.map(Result::unwrap).collect().await;
    assert_eq!(got, [vec![1.0, 2.5], vec![]]);
    // A record can have several lines, and empty ones are none.
    let body = "\u{1e}{\"n\":\n1}\n\u{1e}\u{1e}\n\u{1e}{\"n\":2}\n\u{1e}{\"n\"";
    let records = Answer::new(200, "application/json-seq", body);
    let mut stream = given!(version_32_item_schemas, records, |client| client.read_records().stream()).unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap().n, 1);
    assert_eq!(stream.next().await.unwrap().unwrap().n, 2);
    assert!(matches!(stream.next().await, Some(Err(Error::Decode(_)))));
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn a_body_of_items_is_written_one_by_one() {
    use version_32_item_schemas::types::Tick;

    let request = sent!(version_32_item_schemas, |client| client.import_lines([Tick::new(1), Tick::new(2)]));
    assert_eq!(request.header("content-type").as_deref(), Some("application/jsonl"));
    assert_eq!(request.text(), "{\"n\":1}\n{\"n\":2}\n");
    let request = sent!(version_32_item_schemas, |client| client.import_records().body(["a", "b"]));
    assert_eq!(request.header("content-type").as_deref(), Some("application/json-seq"));
    assert_eq!(request.text(), "\u{1e}\"a\"\n\u{1e}\"b\"\n");
    let request = sent!(version_32_item_schemas, |client| client.import_records());
    request.assert_no_body();
}

#[tokio::test]
async fn a_number_that_may_be_cut_off_is_an_error() {
    let body = "\u{1e}12\n\u{1e}34\u{1e}56";
    let answer = Answer::new(200, "application/vnd.numbers+json-seq", body);
    let mut stream = given!(version_32_item_schemas, answer, |client| client.read_numbers().stream()).unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), 12);
    for _ in 0..2 {
        let Some(Err(Error::Decode(error))) = stream.next().await else { unreachable!() };
        assert_eq!(error.message, "the value may be cut off");
    }
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn media_types_of_components_are_read() {
    let notes = given!(version_32_media_types, Answer::json(200, r#"[{"text":"a"}]"#), |client| client.list_notes());
    assert_eq!(notes.unwrap()[0].text, "a");
    let request = sent!(version_32_media_types, |client| client.add_note("b c").tags(["x", "y"]));
    assert_eq!(request.text(), "text=b+c&tags=x,y");
    let feed = Answer::new(200, "application/jsonl", "{\"text\":\"d\"}\n");
    let mut feed = given!(version_32_media_types, feed, |client| client.follow_notes().stream()).unwrap();
    assert_eq!(feed.next().await.unwrap().unwrap().text, "d");
}

#[tokio::test]
async fn cookies_with_their_own_style_are_sent_as_they_are() {
    let request = sent!(version_32_reserved, |client| client
        .get_jar("a:b/c@d", "x y%2F=")
        .colors(["red", "blue"])
        .sizes([1, 2])
        .encoded("é"));
    assert_eq!(request.line, "GET /jars/a:b%2Fc@d");
    let cookies = request.header("cookie").unwrap();
    assert_eq!(cookies, "session=x y%2F=; colors=red; colors=blue; sizes=1,2; encoded=%C3%A9");
    let server = Server::new([Answer::empty(204)]);
    let client = server.client(version_32_reserved::Client::builder());
    for session in ["a; other=1", "a\r\nx: 1"] {
        let error = client.get_jar("a", session).await.unwrap_err();
        assert!(matches!(error, Error::InvalidRequest { .. }), "{error:?}");
    }
    assert!(client.get_jar("..", "a").await.is_err());
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn a_value_without_a_known_tag_is_the_default_variant() {
    use version_32_default_mapping::types::{Event, Pet};

    let read = |text: &str| serde_json::from_str::<Pet>(text).unwrap();
    assert!(matches!(read(r#"{"kind":"cat","name":"a"}"#), Pet::Cat(_)));
    assert!(matches!(read(r#"{"kind":"dog","name":"a"}"#), Pet::Dog(_)));
    for text in [r#"{"kind":"bird","name":"a"}"#, r#"{"name":"a"}"#] {
        let Pet::Other(other) = read(text) else { unreachable!("{text}") };
        assert_eq!(other.name, "a");
        assert_eq!(serde_json::to_string(&Pet::Other(other)).unwrap(), text);
    }
    let read = |text: &str| serde_json::from_str::<Event>(text).unwrap();
    assert!(matches!(read(r#"{"type":"Opened","at":1,"by":"a"}"#), Event::Opened(_)));
    let Event::Base(base) = read(r#"{"type":"closed","at":1,"more":true}"#) else { unreachable!() };
    assert_eq!((base.type_.as_str(), base.at), ("closed", 1));
}

#[tokio::test]
async fn everything_is_called() {
    use version_32_everything::types::Item;

    let answer = Answer::json(200, r#"[{"kind":"book","pages":3},{"kind":"pen"}]"#);
    let items = given!(version_32_everything, answer, |client| client.query_items().text("a")).unwrap();
    assert!(matches!(items.as_slice(), [Item::Book(book), Item::Thing(_)] if book.pages == 3));
    let request = sent!(version_32_everything, |client| client.copy_items("/to"));
    assert_eq!(request.line, "COPY /items");
    let request = sent!(version_32_everything, |client| client.search().text("a").size(3).session("s"));
    assert_eq!(request.line, "GET /search?text=a&size=3");
}
