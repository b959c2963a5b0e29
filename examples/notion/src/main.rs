//! Calls each operation on the embedded gateway and prints what came of it: `cargo run -p notion-example`.

use std::error::Error;

use lowcodeapi_mock::Gateway;
use notion_example::{
    Client, Pending, Response,
    types::{Parent, RichText, TextContent},
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let gateway = Gateway::builder(notion_example::inputs()).start().await?;
    let client = Client::builder().token(lowcodeapi_mock::TOKEN).base_url(gateway.base_url()).build()?;
    println!("{:<15} {:<6} {:<40} result", "operation", "status", "as the gateway saw it");

    let users = client.list_users().page_size(50).send_with_response();
    row(&gateway, "list_users", users, |it| format!("{} user(s)", it.results.len())).await?;
    let page = client.get_page("page_1").send_with_response();
    let page = row(&gateway, "get_page", page, |it| format!("id: {:?}", it.id)).await?;
    let text = RichText::new().text(TextContent::new("Well put."));
    let comment = client.create_comment([text]).parent(Parent::new(&page.id)).send_with_response();
    row(&gateway, "create_comment", comment, |it| format!("discussion: {:?}", it.discussion_id)).await?;
    let comments = client.list_comments(&page.id).send_with_response();
    row(&gateway, "list_comments", comments, |it| format!("{} comment(s)", it.results.len())).await?;
    Ok(())
}

/// Makes a call and prints its row.
async fn row<T>(
    gateway: &Gateway,
    operation: &str,
    call: Pending<Response<T>>,
    glimpse: impl Fn(&T) -> String,
) -> Result<T, Box<dyn Error>> {
    let response = call.await?;
    let request = gateway.requests().pop().ok_or("the gateway saw no request")?;
    let line = format!("{} {}", request.method, request.path);
    println!("{operation:<15} {:<6} {line:<40} {}", response.status.as_u16(), glimpse(&response.value));
    Ok(response.into_value())
}
