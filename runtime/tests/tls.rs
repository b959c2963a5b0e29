//! TLS by `ring`: what is offered, what callers can set, and that the rest of the process keeps its choice.

#![cfg(all(feature = "rustls", not(any(feature = "rustls-aws-lc", feature = "native-tls"))))]
#![allow(clippy::unwrap_used, reason = "a client that cannot be made fails its test")]

use std::{io::Read as _, net::TcpListener, sync::Arc, thread, time::Duration};

use lowcodeapi_runtime::{
    __private::{Client, Service},
    ClientBuilder, Error, Method, RetryPolicy, reqwest,
};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::{CryptoProvider, ring},
    version::TLS13,
};

static SERVICE: Service = Service::new("https://api.example", "LOWCODEAPI_TLS_TEST");

type Configure = fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder;

fn builder() -> ClientBuilder {
    ClientBuilder::new(&SERVICE).retry(RetryPolicy::never()).attempt_timeout(Duration::from_secs(20))
}

/// The first record that a client sends: its `ClientHello`. No answer comes.
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

/// The content of an extension of a `ClientHello`.
fn extension(hello: &[u8], wanted: usize) -> Option<&[u8]> {
    let number = |at: usize| usize::from(u16::from_be_bytes([hello[at], hello[at + 1]]));
    // Record and handshake headers, version and random; then three fields that begin with their lengths.
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

#[test]
fn a_setting_that_would_have_no_effect_is_refused() {
    let refusal = |configure: Configure| {
        let Err(Error::Config(message)) = builder().http(configure).build() else { return None };
        message.split('`').nth(1).map(str::to_owned)
    };
    let refused: [(&str, Configure); 6] = [
        ("tls_version_min", |http| http.tls_version_min(reqwest::tls::Version::TLS_1_3)),
        ("tls_version_max", |http| http.tls_version_max(reqwest::tls::Version::TLS_1_2)),
        ("tls_danger_accept_invalid_certs", |http| http.tls_danger_accept_invalid_certs(true)),
        ("tls_danger_accept_invalid_hostnames", |http| http.tls_danger_accept_invalid_hostnames(true)),
        ("tls_sni", |http| http.tls_sni(false)),
        ("tls_sslkeylogfile", |http| http.tls_sslkeylogfile(true)),
    ];
    for (name, configure) in refused {
        assert_eq!(refusal(configure).as_deref(), Some(name));
    }
    assert_eq!(refusal(|http| http.no_proxy().tls_info(true).pool_max_idle_per_host(1)), None);
}
