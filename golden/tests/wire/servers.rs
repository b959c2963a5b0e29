//! Which server a call goes to.

use golden::servers_per_operation::Client;
use lowcodeapi_runtime::{RetryPolicy, reqwest::Proxy};

use crate::wire::support::{Answer, Server};

/// The lines of one call of each operation.
async fn lines(server: &Server, client: &Client) -> Vec<String> {
    client.list_books().await.unwrap();
    client.upload_book().await.unwrap();
    client.list_loans().await.unwrap();
    client.return_loan().await.unwrap();
    client.drop_loan().await.unwrap();
    server.requests().into_iter().map(|request| request.line).collect()
}

#[tokio::test]
async fn an_operation_goes_to_its_own_server() {
    let server = Server::new([Answer::empty(204)]);
    let proxy = Proxy::http(server.base_url()).unwrap();
    let builder = Client::builder().http(|builder| builder.proxy(proxy)).retry(RetryPolicy::never());
    let client = builder.build().unwrap();
    assert_eq!(
        lines(&server, &client).await,
        [
            "GET http://books.example/v1/books",
            "POST http://upload.example/up/books",
            "GET http://books.example/v2/loans",
            "PUT http://books.example/v1/loans",
            "DELETE http://books.example/v1/loans",
        ]
    );
}

#[tokio::test]
async fn a_base_url_of_the_caller_stands_for_every_server() {
    let server = Server::new([Answer::empty(204)]);
    let client = server.client(Client::builder());
    let expected = ["GET /books", "POST /books", "GET /loans", "PUT /loans", "DELETE /loans"];
    assert_eq!(lines(&server, &client).await, expected);
}
