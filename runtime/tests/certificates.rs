//! Certificates that callers set, tested with real handshakes and every TLS feature.
//!
//! `certificates/` contains a root, a server of 127.0.0.1 and a client signed by it, and another root. They expire in
//! 2126.

#![cfg(any(feature = "rustls", feature = "rustls-aws-lc", feature = "native-tls"))]
#![allow(clippy::unwrap_used, reason = "a server or client that cannot start fails the test")]

use std::{
    env,
    io::{Read as _, Write as _},
    net::TcpListener,
    process::Command,
    sync::Arc,
    thread,
    time::Duration,
};

use lowcodeapi_runtime::{
    __private::{Client, Service},
    ClientBuilder, Error, HttpSettings, Method, RetryPolicy, StatusCode,
};
use rustls::{
    RootCertStore, ServerConfig, ServerConnection, Stream,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::WebPkiClientVerifier,
};

static SERVICE: Service = Service::new("https://api.example", "LOWCODEAPI_CERTIFICATES_TEST");

const ROOT: &[u8] = include_bytes!("certificates/root.pem");
const OTHER_ROOT: &[u8] = include_bytes!("certificates/other.pem");
const SERVER: &[u8] = include_bytes!("certificates/server.pem");
const CLIENT: &[u8] = include_bytes!("certificates/client.pem");

fn builder() -> ClientBuilder {
    ClientBuilder::new(&SERVICE).retry(RetryPolicy::never()).attempt_timeout(Duration::from_secs(20))
}

fn configuration(asks_for_a_certificate: bool) -> ServerConfig {
    let provider = Arc::new(ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions().unwrap();
    let builder = if asks_for_a_certificate {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(ROOT).unwrap()).unwrap();
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
        builder.with_client_cert_verifier(verifier)
    } else {
        builder.with_no_client_auth()
    };
    let chain = CertificateDer::pem_slice_iter(SERVER).map(Result::unwrap).collect();
    builder.with_single_cert(chain, PrivateKeyDer::from_pem_slice(SERVER).unwrap()).unwrap()
}

/// Makes a call to a server that answers one request if the handshake succeeds.
async fn call(builder: ClientBuilder, asks_for_a_certificate: bool) -> Result<StatusCode, Error> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("https://{}", listener.local_addr().unwrap());
    let client: Client = builder.base_url(base_url).build()?;
    let server = thread::spawn(move || {
        let (mut tcp, _) = listener.accept().unwrap();
        let mut tls = ServerConnection::new(Arc::new(configuration(asks_for_a_certificate))).unwrap();
        let mut stream = Stream::new(&mut tls, &mut tcp);
        // If the handshake fails, one of these fails too, and the client returns the error.
        let _ = stream
            .read(&mut [0; 4096])
            .and_then(|_| stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"))
            .and_then(|()| stream.flush());
    });
    let answer = client.raw_request(Method::GET, "/x").send().await.map(|answer| answer.status);
    server.join().unwrap();
    answer
}

fn defect(builder: ClientBuilder) -> String {
    let error = builder.build().unwrap_err();
    assert!(matches!(error, Error::Config(_)), "{error:?}");
    error.to_string()
}

fn is_refused(answer: &Result<StatusCode, Error>) -> bool {
    matches!(answer, Err(Error::Connect { .. } | Error::Transport { .. }))
}

#[tokio::test]
async fn a_server_of_an_unknown_root_is_refused() {
    let answer = call(builder(), false).await;
    assert!(is_refused(&answer), "{answer:?}");
}

#[tokio::test]
async fn a_root_that_was_added_is_trusted() {
    assert_eq!(call(builder().root_certificates_pem(ROOT), false).await.unwrap(), StatusCode::NO_CONTENT);
    let both = [OTHER_ROOT, ROOT].concat();
    assert_eq!(call(builder().root_certificates_pem(both), false).await.unwrap(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn another_root_does_not_make_a_server_trusted() {
    for builder in [builder().root_certificates_pem(OTHER_ROOT), builder().only_root_certificates_pem(OTHER_ROOT)] {
        let answer = call(builder, false).await;
        assert!(is_refused(&answer), "{answer:?}");
    }
}

#[tokio::test]
async fn roots_can_be_given_in_place_of_the_platforms() {
    assert_eq!(call(builder().only_root_certificates_pem(ROOT), false).await.unwrap(), StatusCode::NO_CONTENT);
    let several = builder().only_root_certificates_pem(OTHER_ROOT).root_certificates_pem(ROOT);
    assert_eq!(call(several, false).await.unwrap(), StatusCode::NO_CONTENT);
}

/// `SSL_CERT_FILE` stands for the platform's trust anchors, and can be set for another process alone.
#[cfg(target_os = "linux")]
#[test]
fn the_platforms_roots_are_those_of_ssl_cert_file() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/certificates/root.pem");
    let output = Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", "where_the_platform_trusts_the_root"])
        .env("SSL_CERT_FILE", root)
        .env_remove("SSL_CERT_DIR")
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && printed.contains("1 passed"), "{printed}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
#[ignore = "another test runs it, in a process of its own"]
async fn where_the_platform_trusts_the_root() {
    assert_eq!(call(builder(), false).await.unwrap(), StatusCode::NO_CONTENT);
    let added = builder().root_certificates_pem(OTHER_ROOT);
    assert_eq!(call(added, false).await.unwrap(), StatusCode::NO_CONTENT);
    let answer = call(builder().only_root_certificates_pem(OTHER_ROOT), false).await;
    assert!(is_refused(&answer), "{answer:?}");
}

#[tokio::test]
async fn a_client_certificate_is_shown_to_servers_that_ask_for_one() {
    let answer = call(builder().only_root_certificates_pem(ROOT), true).await;
    assert!(is_refused(&answer), "{answer:?}");
    let known = builder().only_root_certificates_pem(ROOT).client_identity_pem(CLIENT);
    assert_eq!(call(known, true).await.unwrap(), StatusCode::NO_CONTENT);
}

#[test]
fn a_text_without_certificate_or_key_is_refused() {
    let not_a_certificate = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for pem in [&b""[..], b"no PEM", not_a_certificate] {
        assert!(defect(builder().root_certificates_pem(pem)).contains("certificate"));
        assert!(defect(builder().only_root_certificates_pem(pem)).contains("certificate"));
    }
    for pem in [&b""[..], b"no PEM", ROOT] {
        let message = defect(builder().client_identity_pem(pem));
        assert!(message.contains("certificate") || message.contains("key"), "{message}");
    }
}

#[test]
fn certificates_are_not_printed() {
    let printed = format!("{:?}", builder().client_identity_pem(CLIENT));
    assert!(!printed.contains("PRIVATE") && !printed.contains("identity"), "{printed}");
}

#[test]
fn what_a_finished_configuration_would_replace_is_refused_beside_it() {
    let finished = |http: HttpSettings| http.tls_backend_preconfigured(());
    for builder in [
        builder().root_certificates_pem(ROOT),
        builder().only_root_certificates_pem(ROOT),
        builder().client_identity_pem(CLIENT),
        builder().http(HttpSettings::http1_only),
    ] {
        assert!(defect(builder.http(finished)).contains("`tls_backend_preconfigured` replaces"));
    }
}

#[test]
fn a_configuration_of_another_library_is_refused() {
    assert!(builder().http(|http| http.tls_backend_preconfigured("TLS")).build().is_err());
}
