//! Lists that are cut into pages by offsets, cursors of other kinds, and URLs.

use futures_util::StreamExt as _;
use golden::pagination_kinds::{Client, types::Search};
use lowcodeapi_runtime::Error;

use crate::wire::support::{Answer, Request, Server};

/// A page of books with these ids, and other members.
fn books(ids: &[i64], others: &str) -> Answer {
    let ids: Vec<String> = ids.iter().map(|id| format!(r#"{{"id":{id}}}"#)).collect();
    Answer::json(200, &format!(r#"{{"data":[{}]{others}}}"#, ids.join(",")))
}

fn start(answers: Vec<Answer>) -> (Server, Client) {
    let server = Server::new(answers);
    let client = server.client(Client::builder());
    (server, client)
}

fn lines(server: &Server) -> Vec<String> {
    server.requests().into_iter().map(|request| request.line).collect()
}

macro_rules! ids {
    ($request:expr) => {
        $request.stream().all().await.unwrap().iter().map(|book| book.id).collect::<Vec<i64>>()
    };
}

#[tokio::test]
async fn an_offset_grows_by_what_the_server_returned() {
    // The server returns at most two items, whatever is asked for.
    let (server, client) = start(vec![books(&[1, 2], ""), books(&[3, 4], ""), books(&[5], ""), books(&[], "")]);
    assert_eq!(ids!(client.list_shelves().limit(50)), [1, 2, 3, 4, 5]);
    let expected = [0, 2, 4, 5].map(|offset| format!("GET /shelves?limit=50&offset={offset}"));
    assert_eq!(lines(&server), expected);

    let (server, client) = start(vec![books(&[8, 9], r#","total":10"#), books(&[], "")]);
    assert_eq!(ids!(client.list_shelves().offset(8)), [8, 9]);
    assert_eq!(lines(&server), ["GET /shelves?offset=8"], "the total is reached");
}

#[tokio::test]
async fn the_last_item_is_the_cursor() {
    let more = r#","has_more":true"#;
    let (server, client) = start(vec![books(&[1, 7], more), books(&[9], r#","has_more":false"#)]);
    assert_eq!(ids!(client.list_loans().limit(2)), [1, 7, 9]);
    assert_eq!(lines(&server), ["GET /loans?limit=2", "GET /loans?limit=2&starting_after=7"]);

    // Without the flag, an empty page is the last one.
    let (server, client) = start(vec![books(&[1], ""), books(&[], "")]);
    assert_eq!(ids!(client.list_loans()), [1]);
    assert_eq!(lines(&server), ["GET /loans", "GET /loans?starting_after=1"]);
}

#[tokio::test]
async fn the_next_url_is_followed_below_the_base_url() {
    let next = |url: &str| format!(r#","paging":{{"next":"{url}"}}"#);
    let server = Server::new([]);
    let base = server.base_url().to_owned();
    drop(server);
    for given in ["?cursor=a%2Fb&born=1900", "/base/authors/x%20y?cursor=a%2Fb&born=1900"] {
        let (server, client) = start(vec![books(&[1], &next(given)), books(&[2], r#","paging":{"next":null}"#)]);
        assert_eq!(ids!(client.list_authors("x y").born(1900)), [1, 2], "{given}");
        assert_eq!(lines(&server), ["GET /authors/x%20y?born=1900", "GET /authors/x%20y?cursor=a%2Fb&born=1900"]);
    }
    for foreign in ["https://evil.example/authors", "//evil.example/v1/authors", "http://[", &base] {
        let (server, client) = start(vec![books(&[1], &next(foreign)), books(&[2], "")]);
        let items: Vec<_> = client.list_authors("x").stream().collect().await;
        let [Ok(_), Err(error)] = &items[..] else { panic!("{foreign}: {items:?}") };
        assert!(error.to_string().contains("is neither a URL below the base URL"), "{error}");
        assert_eq!(server.requests().len(), 1, "{foreign}");
    }
    // A circle of URLs.
    let (server, client) =
        start(vec![books(&[1], &next("?p=2")), books(&[2], &next("?p=3")), books(&[3], &next("?p=2"))]);
    let items: Vec<_> = client.list_authors("x").stream().collect().await;
    assert!(matches!(&items[..], [Ok(_), Ok(_), Ok(_), Err(Error::Decode(_))]), "{items:?}");
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn the_header_link_names_the_next_page() {
    let page = |rooms: &str| Answer::json(200, rooms);
    let (server, client) = start(vec![
        page(r#"["a"]"#).header("link", r#"</base/rooms?page=9>; rel="last", </base/rooms?page=2>; rel="next""#),
        page(r#"["b"]"#).header("link", r#"</rooms?page=1>; rel="prev""#),
    ]);
    assert_eq!(client.list_rooms().stream().all().await.unwrap(), ["a", "b"]);
    assert_eq!(lines(&server), ["GET /rooms", "GET /rooms?page=2"]);
}

#[tokio::test]
async fn a_cursor_is_sent_in_the_body() {
    let (server, client) = start(vec![books(&[1], r#","paging":{"next":"7"}"#), books(&[2], "")]);
    assert_eq!(ids!(client.search_books("rust")), [1, 2]);
    let bodies: Vec<String> = server.requests().iter().map(|request| request.text().to_owned()).collect();
    assert_eq!(bodies, [r#"{"query":"rust"}"#, r#"{"query":"rust","after":"7"}"#]);

    // A number in a body that the caller sets as a whole.
    let (server, client) = start(vec![books(&[1], ""), books(&[2], ""), books(&[], "")]);
    assert_eq!(ids!(client.search_numbered().body(Search::new().page(4).word("x"))), [1, 2]);
    let bodies: Vec<serde_json::Value> = server.requests().iter().map(Request::json).collect();
    let expected = [4, 5, 6].map(|page| serde_json::json!({"page": page, "word": "x"}));
    assert_eq!(bodies, expected);
}

#[tokio::test]
async fn extensions_of_other_tools_are_followed() {
    let (server, client) = start(vec![books(&[1, 2], ""), books(&[], "")]);
    assert_eq!(ids!(client.speakeasy_cursor()), [1, 2]);
    assert_eq!(lines(&server), ["GET /speakeasy/cursor", "GET /speakeasy/cursor?since=2"]);

    let (server, client) = start(vec![books(&[1, 2], ""), books(&[], "")]);
    assert_eq!(ids!(client.speakeasy_offset()), [1, 2]);
    assert_eq!(lines(&server), ["GET /speakeasy/offset?offset=0", "GET /speakeasy/offset?offset=2"]);

    let (server, client) = start(vec![books(&[1], r#","paging":{"next":"z"}"#), books(&[2], "")]);
    assert_eq!(ids!(client.fern()), [1, 2]);
    assert_eq!(lines(&server), ["GET /fern", "GET /fern?cursor=z"]);

    let (server, client) = start(vec![
        Answer::json(200, r#"{"value":["a"],"nextLink":"/base/azure?skip=1"}"#),
        Answer::json(200, r#"{"value":["b"]}"#),
    ]);
    assert_eq!(client.azure().stream().all().await.unwrap(), ["a", "b"]);
    assert_eq!(lines(&server), ["GET /azure", "GET /azure?skip=1"]);
}

#[tokio::test]
async fn pages_are_recognised_by_names_and_types() {
    use golden::pagination_recognised::Client;

    macro_rules! recognised {
        ($answers:expr, $operation:ident, $next:expr) => {{
            let server = Server::new($answers);
            let client = server.client(Client::builder());
            assert_eq!(client.$operation().stream().all().await.unwrap(), [1, 2, 3], stringify!($operation));
            assert_eq!(lines(&server)[1], $next);
        }};
    }
    let json = |body: &str| Answer::json(200, body);
    let cursor = [
        r#"{"orders":[1,2],"meta":{"next_cursor":"a","has_more":true}}"#,
        r#"{"orders":[3],"meta":{"next_cursor":"b","has_more":false}}"#,
    ];
    recognised!(cursor.map(json), by_cursor, "GET /cursor?cursor=a");
    let after = [r#"{"results":[1,2],"paging":{"next":{"after":"a"}}}"#, r#"{"results":[3]}"#];
    recognised!(after.map(json), by_after, "GET /after?after=a");
    let token = [r#"{"orders":[1,2],"nextPageToken":"a"}"#, r#"{"orders":[3],"nextPageToken":""}"#];
    recognised!(token.map(json), by_token, "GET /token?pageToken=a");
    let link = [json("[1,2]").header("link", "<?page=2>; rel=\"next\", <?page=9>; rel=\"last\""), json("[3]")];
    recognised!(link, by_link, "GET /link?page=2");
    let url = [r#"{"results":[1,2],"next":"?page=2","previous":null}"#, r#"{"results":[3],"next":null}"#];
    recognised!(url.map(json), by_url, "GET /url?page=2");
    let odata = [r#"{"value":[1,2],"@odata.nextLink":"?$skip=2"}"#, r#"{"value":[3]}"#];
    recognised!(odata.map(json), by_odata, "GET /odata?$skip=2");
    // Some servers call the number of items of the page their total.
    let offset = [r#"{"orders":[1,2],"total":2}"#, r#"{"orders":[3],"total":1}"#, r#"{"orders":[],"total":0}"#];
    recognised!(offset.map(json), by_offset, "GET /offset?offset=2");
}
