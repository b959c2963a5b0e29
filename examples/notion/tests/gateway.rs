//! What the gateway sees of the calls of a second provider.

#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use lowcodeapi_mock::{Gateway, RecordedRequest, TOKEN};
use notion_example::{
    Client,
    types::{Parent, RichText, TextContent},
};

async fn start() -> (Gateway, Client) {
    let gateway = Gateway::builder(notion_example::inputs()).start().await.expect("a port of 127.0.0.1 is free");
    let client = Client::builder().token(TOKEN).base_url(gateway.base_url()).build().expect("all is given");
    (gateway, client)
}

fn query<'r>(request: &'r RecordedRequest, name: &str) -> Vec<&'r str> {
    request.query.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
}

#[tokio::test]
async fn each_operation_arrives_as_its_document_says() {
    let (gateway, client) = start().await;
    let users = client.list_users().page_size(50).start_cursor("c 2").await.expect("the users are listed");
    let page = client.get_page("pa/ge").await.expect("the page is read");
    let text = RichText::new().text(TextContent::new("Well put."));
    client.create_comment([text]).parent(Parent::new(&page.id)).await.expect("the comment is made");
    client.list_comments(&page.id).await.expect("the comments are listed");

    let requests = gateway.requests();
    let lines: Vec<_> = requests.iter().map(|it| format!("{} {} {}", it.method, it.path, it.status)).collect();
    let expected = [
        "GET /notion/v1/users 200",
        "GET /notion/v1/pages/pa%2Fge 200",
        "POST /notion/v1/comments 200",
        "GET /notion/v1/comments 200",
    ];
    assert_eq!(lines, expected);
    assert!(requests.iter().all(|it| query(it, "api_token") == [TOKEN]), "{requests:?}");
    assert_eq!(query(&requests[0], "page_size"), ["50"]);
    assert_eq!(query(&requests[0], "start_cursor"), ["c 2"]);
    assert_eq!(query(&requests[3], "block_id"), ["pa/ge"]);
    let body = r#"{"rich_text":[{"text":{"content":"Well put."}}],"parent":{"page_id":"pa/ge"}}"#;
    assert_eq!(std::str::from_utf8(&requests[2].body).expect("JSON is UTF-8"), body);
    assert_eq!(users.results.len(), 2);
}
