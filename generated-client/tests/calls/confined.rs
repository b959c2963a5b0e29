//! Where requests may go, and how the credential gets there: what the server saw, or that it saw nothing.

use std::{io::Read, net::TcpListener, thread};

use lowcodeapi_jasper::{Client, Error, Method, RetryPolicy, header::AUTHORIZATION};

use crate::support::{Scripted, TOKEN, client_of};

#[tokio::test]
async fn a_raw_path_that_leaves_the_base_url_is_refused_before_anything_is_sent() {
    let server = Scripted::answering("200 OK", "content-type: application/json\r\n", "{}");
    let client = client_of(&server.base_url);
    for path in [
        "/../steal",
        "/v1/../../steal",
        "/v1/..",
        "/v1/.",
        "/%2e%2e/steal",
        "/.%2E/steal",
        "/%252e%252E/steal",
        "/%25252e./steal",
        "/v1\\..\\..\\steal",
        "/v1\\%2e%2e/..\\steal",
        "/.\t./steal",
        "/\n..",
        "/..\r\n",
        "/.. ",
        "@127.0.0.1:1/steal",
        "http://127.0.0.1:1/steal",
        "",
        // The gateway decodes a path before it takes it apart.
        "/v1/tones/x%2f..%2f..%2fknowledge%2fkno_5",
        "/v1/tones/x%5C..%255Cy",
    ] {
        let request = client.raw_request(Method::DELETE, path);
        assert!(matches!(request.dry_run(), Err(Error::InvalidRequest { .. })), "{path:?}");
        assert!(matches!(request.send().await, Err(Error::InvalidRequest { .. })), "{path:?}");
    }
    assert_eq!(server.requests(), [""; 0]);
    client.raw_request(Method::GET, "/v1/a..b/...").send().await.unwrap();
    assert!(server.requests()[0].starts_with("GET /jasper/v1/a..b/...?"), "{:?}", server.requests());
}

#[tokio::test]
async fn the_token_goes_over_http_to_this_machine_alone() {
    for base_url in ["http://gateway.example/jasper", "http://192.0.2.1", "http://127.0.0.1.example", "http://[::2]:1"]
    {
        let client = client_of(base_url);
        let error = client.get_tone("ton_1").await.unwrap_err();
        assert!(matches!(error, Error::InvalidRequest { .. }), "{base_url}: {error:?}");
        assert!(!error.to_string().contains(TOKEN), "{error}");
        assert!(client.get_tone("ton_1").dry_run().is_err());
    }
    let builder = || Client::builder().token(TOKEN).base_url("http://gateway.example/jasper");
    let client = builder().allow_plaintext_credentials().build().unwrap();
    assert!(client.get_tone("ton_1").dry_run().is_ok());
    for base_url in ["http://localhost:1/jasper", "http://127.8.8.8/jasper", "http://[::1]/jasper"] {
        assert!(client_of(base_url).get_tone("ton_1").dry_run().is_ok(), "{base_url}");
    }
    // A proxy sees what a plain connection carries; nothing reaches it.
    let proxy = Scripted::answering("200 OK", "", "{}");
    let through = lowcodeapi_jasper::reqwest::Proxy::all(&proxy.base_url).unwrap();
    let client = builder().http(|http| http.proxy(through)).build().unwrap();
    let request = client.raw_request(Method::GET, "/v1/x").header(AUTHORIZATION.as_str(), "Bearer own");
    assert!(request.send().await.is_err());
    assert_eq!(proxy.requests(), [""; 0]);
}

#[test]
fn what_stays_on_this_machine_goes_past_the_proxies_of_the_environment() {
    const BASE_URL: &str = "TEST_OF_PROXIES_BASE_URL";
    if let Ok(base_url) = std::env::var(BASE_URL) {
        let call = client_of(&base_url).raw_request(Method::GET, "/v1/x").send();
        call.wait().unwrap();
        return;
    }
    let [server, proxy] = [0; 2].map(|_| Scripted::answering("200 OK", "", "{}"));
    let mut again = std::process::Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", "confined::what_stays_on_this_machine_goes_past_the_proxies_of_the_environment"]);
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        again.env(name, &proxy.base_url);
    }
    again.env_remove("NO_PROXY").env_remove("no_proxy").env(BASE_URL, &server.base_url);
    assert!(again.output().unwrap().status.success());
    assert_eq!((server.requests().len(), proxy.requests().len()), (1, 0));
}

/// The versions in the `supported_versions` extension of a TLS `ClientHello`.
fn offered_versions(hello: &[u8]) -> Vec<u16> {
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
        if kind == 43 {
            let versions = &hello[at + 5..at + 4 + length];
            return versions.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
        }
        at += 4 + length;
    }
    Vec::new()
}

#[tokio::test]
async fn no_version_of_tls_before_1_2_is_offered() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("https://{}/jasper", listener.local_addr().unwrap());
    let hello = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut record = vec![0; 5];
        stream.read_exact(&mut record).unwrap();
        let length = usize::from(u16::from_be_bytes([record[3], record[4]]));
        record.resize(5 + length, 0);
        stream.read_exact(&mut record[5..]).unwrap();
        record
    });
    let client = Client::builder().token(TOKEN).base_url(base_url).retry(RetryPolicy::never()).build().unwrap();
    assert!(client.list_tones().await.is_err());
    let versions = offered_versions(&hello.join().unwrap());
    assert!(!versions.is_empty() && versions.iter().all(|version| *version >= 0x0303), "{versions:x?}");
}
