//! Which server a call goes to.

use golden::servers_per_operation::Client;
use lowcodeapi_runtime::{Error, RetryPolicy, reqwest::Proxy};

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
async fn a_base_url_of_the_caller_stands_for_every_host() {
    let server = Server::new([Answer::empty(204)]);
    let client = server.client(Client::builder());
    let expected = ["GET /books", "POST /up/books", "GET /v2/loans", "PUT /loans", "DELETE /loans"];
    assert_eq!(lines(&server, &client).await, expected);
}

#[tokio::test]
async fn a_relative_server_is_below_the_host_of_the_base_url() {
    use golden::servers_relative::Client;

    assert!(matches!(Client::builder().build(), Err(Error::Config(message)) if message.contains("`/api/v3`")));
    let line = |base_url: &str, call: fn(&Client) -> Result<String, Error>| {
        call(&Client::builder().base_url(base_url).build().unwrap()).unwrap()
    };
    let list = |client: &Client| Ok(client.list_boats().dry_run()?.url);
    let upload = |client: &Client| Ok(client.upload_boat().dry_run()?.url);
    assert_eq!(line("https://a.example", list), "https://a.example/api/v3/boats");
    assert_eq!(line("https://a.example/", upload), "https://a.example/up/boats");
    assert_eq!(line("https://a.example/proxy", list), "https://a.example/proxy/boats");
    assert_eq!(line("https://a.example/proxy", upload), "https://a.example/proxy/up/boats");
}

#[tokio::test]
async fn callers_choose_a_server_and_set_its_variables() {
    use golden::several_servers_and_variables::{Client, Server};

    let url = |builder: golden::several_servers_and_variables::ClientBuilder| {
        Ok::<_, Error>(builder.build()?.list_buses().dry_run()?.url)
    };
    assert_eq!(url(Client::builder()).unwrap(), "https://eu.example.com/v2/buses");
    let us = Server::new().region("us").port("8443").base("v3");
    assert_eq!(url(Client::builder().server(us)).unwrap(), "https://us.example.com:8443/v3/buses");
    let by_name = Client::builder().server_variable("region", "us");
    assert_eq!(url(by_name).unwrap(), "https://us.example.com/v2/buses");
    let sandbox = "https://sandbox.example.com/v2/buses";
    for builder in [
        Client::builder().server(Server::for_tests()),
        Client::builder().server("For tests."),
        Client::builder().server("https://sandbox.example.com/v2"),
    ] {
        assert_eq!(url(builder).unwrap(), sandbox);
    }
    for (builder, word) in [
        (Client::builder().server("elsewhere"), "`For tests.`"),
        (Client::builder().server_variable("region", "mars"), "one of `eu`, `us`"),
        (Client::builder().server_variable("planet", "mars"), "`planet`"),
    ] {
        let error = url(builder).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
}

#[tokio::test]
async fn a_variable_without_a_default_must_be_set() {
    use golden::servers_odd::{Client, Server};

    let error = Client::builder().build().unwrap_err().to_string();
    assert!(error.contains("`tenant`") && error.contains("server_variable"), "{error}");
    let client = Client::builder().server(Server::new().tenant("acme").depth("2")).build().unwrap();
    assert_eq!(client.list_trains().dry_run().unwrap().url, "https://acme.example.com/v1/trains");
    assert_eq!(client.add_train().dry_run().unwrap().url, "https://main.example.com/2/up/trains");
    let wrong = Client::builder().server(Server::new().tenant("acme").depth("3")).build().unwrap();
    assert!(wrong.add_train().dry_run().is_err());
}
