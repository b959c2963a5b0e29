//! Keys by which a server knows that two requests are the same call.

use std::{collections::HashSet, time::Duration};

use golden::idempotency_keys::Client;
use lowcodeapi_runtime::RetryPolicy;

use crate::wire::support::{Answer, Server};

/// The keys that the server saw.
fn keys(server: &Server, header: &str) -> Vec<Option<String>> {
    server.requests().iter().map(|request| request.header(header)).collect()
}

#[tokio::test]
async fn a_key_is_made_once_a_call_and_lets_it_be_repeated() {
    let policy = RetryPolicy::default().base_delay(Duration::from_millis(1));
    let server = Server::new([Answer::empty(502), Answer::empty(504), Answer::empty(204)]);
    let client = server.client(Client::builder());
    let pay = client.pay("5").with_retry(policy);
    pay.clone().await.unwrap();
    pay.await.unwrap();
    let sent = keys(&server, "idempotency-key");
    let [Some(one), Some(two), Some(three), Some(four)] = &sent[..] else { panic!("{sent:?}") };
    assert!(one == two && two == three && three != four, "{sent:?}");

    let server = Server::new([Answer::empty(502), Answer::empty(204)]);
    let client = server.client(Client::builder());
    client.refund().with_retry(policy).await.unwrap();
    let sent: HashSet<_> = keys(&server, "x-request-id").into_iter().collect();
    assert!(sent.len() == 1 && !sent.contains(&None), "{sent:?}");
}

#[tokio::test]
async fn the_key_of_the_caller_stays() {
    let server = Server::new([Answer::empty(204)]);
    let client = server.client(Client::builder());
    client.pay("5").idempotency_key("mine").await.unwrap();
    client.refund().with_header("X-Request-ID", "mine").await.unwrap();
    assert_eq!(server.requests()[0].header("idempotency-key").as_deref(), Some("mine"));
    assert_eq!(server.requests()[1].header("x-request-id").as_deref(), Some("mine"));
}

#[tokio::test]
async fn without_a_key_a_post_is_sent_once() {
    let server = Server::new([Answer::empty(502), Answer::empty(204)]);
    let policy = RetryPolicy::default().base_delay(Duration::from_millis(1));
    server.client(Client::builder()).note().with_retry(policy).await.unwrap_err();
    assert_eq!((server.requests().len(), server.requests()[0].header("idempotency-key")), (1, None));
}
