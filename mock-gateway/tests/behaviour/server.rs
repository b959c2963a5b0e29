//! The log, the health check and shutdown.

use bytes::Bytes;
use lowcodeapi_mock::{TOKEN, UrlFormat};
use serde_json::json;
use tokio::net::TcpStream;

use crate::support::{client, jasper, request, send};

#[tokio::test]
async fn the_log_has_all_of_a_request() {
    let gateway = jasper().start().await.expect("it starts");
    let body = r#"{"name":"n"}"#;
    let asked = request(&gateway, "PATCH", "/v1/tones/a%2Fb?x=1&x=%20").header("X-Mark", "m");
    assert_eq!(send(asked.header("content-type", "application/json").body(body)).await.0, 400);
    let [seen] = &gateway.requests()[..] else { panic!("there was one request") };
    assert_eq!((seen.method.as_str(), seen.status), ("PATCH", 400));
    assert_eq!((seen.path.as_str(), seen.decoded_path.as_str()), ("/jasper/v1/tones/a%2Fb", "/jasper/v1/tones/a/b"));
    let query: Vec<_> = seen.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(query, [("x", "1"), ("x", " "), ("api_token", TOKEN)]);
    assert_eq!((seen.header("x-mark"), seen.query_value("x")), (Some("m"), Some("1")));
    assert_eq!(seen.body, Bytes::from(body));
    assert_eq!((seen.format, seen.route.as_deref()), (Some(UrlFormat::New), Some("/v1/tones/{tone_id}")));
    assert_eq!(seen.operation.as_deref(), Some("update_tone"));
    gateway.clear_requests();
    assert!(gateway.requests().is_empty());
}

#[tokio::test]
async fn it_says_that_it_is_well() {
    let gateway = jasper().start().await.expect("it starts");
    for path in ["/health-check", "/api/v1/health-check"] {
        let asked = client().get(format!("http://{}{path}", gateway.address()));
        assert_eq!(send(asked).await, (200, json!({"status": "ok"})));
    }
}

#[tokio::test]
async fn a_stopped_gateway_frees_its_port_though_connections_are_open() {
    let gateway = jasper().start().await.expect("it starts");
    let address = gateway.address();
    let idle = TcpStream::connect(address).await.expect("it listens");
    gateway.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
    drop(idle);
}

#[tokio::test]
async fn a_dropped_gateway_stops() {
    let gateway = jasper().start().await.expect("it starts");
    let address = gateway.address();
    drop(gateway);
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}
