//! Responses in the codings `br` and `zstd`. Those of `gzip` and `deflate`, which are on by default, are tested with generated clients.

#![cfg(all(feature = "brotli", feature = "zstd"))]
#![allow(clippy::unwrap_used, reason = "a broken fixture fails the test")]

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    thread,
};

use lowcodeapi_runtime::{
    __private::{Client, Service},
    ClientBuilder, Error, Method, RetryPolicy,
    serde_json::{Value, json},
};

static SERVICE: Service = Service::new("https://api.example", "LOWCODEAPI_CODINGS_TEST");

/// A coding, with contents in it.
struct Coding {
    name: &'static str,
    /// `{"text":"hi"}`
    json: Vec<u8>,
    /// `{"message":"no","code":"x"}`
    refusal: Vec<u8>,
    /// 16 MiB of spaces.
    bomb: Vec<u8>,
}

fn codings() -> [Coding; 2] {
    let brotli = Coding {
        name: "br",
        json: [b"\x0b\x06\x80".as_slice(), br#"{"text":"hi"}"#, b"\x03"].concat(),
        refusal: [b"\x0b\x0d\x80".as_slice(), br#"{"message":"no","code":"x"}"#, b"\x03"].concat(),
        bomb: b"\xcb\xff\xff\x3f\xf8\x25\x40\xe2\xb1\x40\x20\xf7\xfe\x2f\xff\xff\xff\xf0\x4b\x00\xc4\x61\x11\x80\xee\xfd\x1f"
            .to_vec(),
    };
    // Each of the 128 blocks is a space that is repeated 128 Ki times.
    let mut bomb = b"\x28\xb5\x2f\xfd\x80\x68\x00\x00\x00\x01".to_vec();
    bomb.extend_from_slice(&b"\x02\x00\x10 ".repeat(127));
    bomb.extend_from_slice(b"\x03\x00\x10 ");
    let zstd = Coding {
        name: "zstd",
        json: [b"\x28\xb5\x2f\xfd\x20\x0d\x69\x00\x00".as_slice(), br#"{"text":"hi"}"#].concat(),
        refusal: [b"\x28\xb5\x2f\xfd\x20\x1b\xd9\x00\x00".as_slice(), br#"{"message":"no","code":"x"}"#].concat(),
        bomb,
    };
    [brotli, zstd]
}

/// Returns a client of a server that gives one answer.
fn client(status: u16, coding: &str, body: Vec<u8>) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let head = format!(
        "HTTP/1.1 {status} Status\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-encoding: {coding}\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        let count = stream.read(&mut request).unwrap();
        let request = String::from_utf8_lossy(&request[..count]).to_lowercase();
        let accepted = request.lines().find_map(|line| line.strip_prefix("accept-encoding: "));
        assert!(accepted.is_some_and(|it| it.contains("br") && it.contains("zstd")), "{request}");
        // A client that refuses the body closes the connection.
        let _ = stream.write_all(&[head.as_bytes(), &body].concat());
    });
    ClientBuilder::new(&SERVICE)
        .retry(RetryPolicy::never())
        .max_response_bytes(1 << 20)
        .base_url(base_url)
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_body_is_decoded() {
    for coding in codings() {
        let got: Value =
            client(200, coding.name, coding.json).raw_request(Method::GET, "/a").send_json().await.unwrap();
        assert_eq!(got, json!({"text": "hi"}), "{}", coding.name);
    }
}

#[tokio::test]
async fn the_body_of_an_error_is_decoded() {
    for coding in codings() {
        let error = client(400, coding.name, coding.refusal).raw_request(Method::GET, "/a").send().await.unwrap_err();
        let error = error.as_api().unwrap();
        assert_eq!((error.message(), error.code()), ("no", Some("x")), "{}", coding.name);
    }
}

#[tokio::test]
async fn a_stream_is_decoded_as_it_arrives() {
    for coding in codings() {
        let mut stream = client(200, coding.name, coding.bomb).raw_request(Method::GET, "/a").stream().await.unwrap();
        let mut length = 0;
        while let Some(chunk) = stream.next().await {
            length += chunk.unwrap().len();
        }
        assert_eq!(length, 1 << 24, "{}", coding.name);
    }
}

#[tokio::test]
async fn a_body_that_is_cut_off_is_an_error() {
    for Coding { name, json, .. } in codings() {
        let cut = json[..json.len() - 5].to_vec();
        let error = client(200, name, cut.clone()).raw_request(Method::GET, "/a").send().await.unwrap_err();
        assert!(error.is_transport(), "{name}: {error:?}");
        let mut stream = client(200, name, cut).raw_request(Method::GET, "/a").stream().await.unwrap();
        let mut last = None;
        while let Some(chunk) = stream.next().await {
            last = Some(chunk);
        }
        assert!(matches!(last, Some(Err(Error::Transport { .. }))), "{name}: {last:?}");
    }
}

#[tokio::test]
async fn what_is_decoded_is_bounded() {
    for coding in codings() {
        let sent = coding.bomb.len();
        assert!(sent < 1024);
        let error = client(200, coding.name, coding.bomb).raw_request(Method::GET, "/a").send().await.unwrap_err();
        assert!(matches!(error, Error::TooLarge { limit: 0x10_0000, .. }), "{}: {error:?}", coding.name);
    }
}
