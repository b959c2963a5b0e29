//! TLS with `ring`: what the client offers, what callers can configure, and that no process-wide provider is installed.

#![cfg(all(feature = "rustls", not(any(feature = "rustls-aws-lc", feature = "native-tls"))))]
#![allow(clippy::unwrap_used, reason = "a client that cannot be built fails the test")]

use std::{io::Read as _, net::TcpListener, sync::Arc, thread, time::Duration};

use lowcodeapi_runtime::{
    __private::{Client, Service},
    ClientBuilder, HttpSettings, Method, RetryPolicy,
};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::{CryptoProvider, ring},
    version::TLS13,
};

static SERVICE: Service = Service::new("https://api.example", "LOWCODEAPI_TLS_TEST");

fn builder() -> ClientBuilder {
    ClientBuilder::new(&SERVICE).retry(RetryPolicy::never()).attempt_timeout(Duration::from_secs(20))
}

/// Returns the first record that a client sends, its `ClientHello`. The server does not answer.
async fn hello(builder: ClientBuilder) -> Vec<u8> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("https://{}", listener.local_addr().unwrap());
    let hello = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut record = vec![0; 5];
        stream.read_exact(&mut record).unwrap();
        record.resize(5 + usize::from(u16::from_be_bytes([record[3], record[4]])), 0);
        stream.read_exact(&mut record[5..]).unwrap();
        record
    });
    let client: Client = builder.base_url(base_url).build().unwrap();
    assert!(client.raw_request(Method::GET, "/x").send().await.is_err());
    hello.join().unwrap()
}

/// Returns the content of a `ClientHello` extension.
fn extension(hello: &[u8], wanted: usize) -> Option<&[u8]> {
    let number = |at: usize| usize::from(u16::from_be_bytes([hello[at], hello[at + 1]]));
    // Skip the record and handshake headers, version and random; then three fields with length prefixes.
    let mut at = 5 + 4 + 2 + 32;
    at += 1 + usize::from(hello[at]);
    at += 2 + number(at);
    at += 1 + usize::from(hello[at]);
    let end = at + 2 + number(at);
    at += 2;
    while at < end {
        let (kind, length) = (number(at), number(at + 2));
        at += 4;
        if kind == wanted {
            return Some(&hello[at..at + length]);
        }
        at += length;
    }
    None
}

const ALPN: usize = 16;
const SUPPORTED_VERSIONS: usize = 43;

#[tokio::test]
async fn a_call_installs_no_provider_for_the_process() {
    let hello = hello(builder()).await;
    assert!(CryptoProvider::get_default().is_none());
    assert_eq!(extension(&hello, SUPPORTED_VERSIONS), Some(&[4, 3, 4, 3, 3][..]));
}

#[tokio::test]
async fn the_protocols_that_are_offered_are_those_that_are_spoken() {
    let protocols: &[u8] =
        if cfg!(feature = "http2") { b"\x00\x0c\x02h2\x08http/1.1" } else { b"\x00\x09\x08http/1.1" };
    assert_eq!(extension(&hello(builder()).await, ALPN), Some(protocols));
}

#[tokio::test]
async fn a_configuration_of_the_callers_takes_the_place_of_ours() {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    let hello = hello(builder().http(|http| http.tls_backend_preconfigured(config))).await;
    assert_eq!(extension(&hello, SUPPORTED_VERSIONS), Some(&[2, 3, 4][..]));
    assert_eq!(extension(&hello, ALPN), None);
}

#[tokio::test]
async fn http1_only_offers_no_other_protocol() {
    let hello = hello(builder().http(HttpSettings::http1_only)).await;
    assert_eq!(extension(&hello, ALPN), Some(&b"\x00\x09\x08http/1.1"[..]));
}
