//! What several tests need: a gateway for Jasper, and a server that answers with given bytes.

pub(crate) mod fault;

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use lowcodeapi_jasper::{Client, ClientBuilder, RetryPolicy};
use lowcodeapi_jasper_spec::{DOCUMENT, OVERLAY};
use lowcodeapi_mock::{Gateway, GatewayBuilder, Inputs, Source};

/// A token that is found wherever it leaks.
pub(crate) const TOKEN: &str = "at_marked/secret+42";

pub(crate) fn inputs() -> Inputs<'static> {
    Inputs::new(Source { name: "spec/jasper.openapi.json", text: DOCUMENT })
        .overlay(Source { name: "spec/jasper.overlay.yaml", text: OVERLAY })
}

/// A gateway as set up by the test, and a client of it.
pub(crate) async fn gateway(
    set_up: impl FnOnce(GatewayBuilder<'static>) -> GatewayBuilder<'static>,
) -> (Gateway, Client) {
    gateway_with(set_up, |builder| builder).await
}

/// A gateway and a client as set up by the test.
pub(crate) async fn gateway_with(
    set_up: impl FnOnce(GatewayBuilder<'static>) -> GatewayBuilder<'static>,
    configure: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> (Gateway, Client) {
    let gateway = set_up(Gateway::builder(inputs()).token(TOKEN)).start().await.unwrap();
    let builder = Client::builder().token(TOKEN).base_url(gateway.base_url()).retry(RetryPolicy::never());
    let client = configure(builder).build().unwrap();
    (gateway, client)
}

/// A client that sends every call once.
pub(crate) fn client_of(base_url: &str) -> Client {
    Client::builder().token(TOKEN).base_url(base_url).retry(RetryPolicy::never()).build().unwrap()
}

/// A server that answers each connection with the next of the given texts, byte for byte, and then closes it.
pub(crate) struct Scripted {
    pub(crate) base_url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    /// Answers with these texts, one a connection; the last one again and again.
    pub(crate) fn new(answers: &[&str]) -> Self {
        let answers: Vec<Vec<u8>> = answers.iter().map(|answer| answer.as_bytes().to_vec()).collect();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}/jasper", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        thread::spawn(move || {
            for (index, stream) in listener.incoming().enumerate() {
                let Ok(mut stream) = stream else { return };
                let request = read_request(&mut stream);
                log.lock().unwrap().push(request);
                let _ = stream.write_all(&answers[index.min(answers.len() - 1)]);
            }
        });
        Self { base_url, requests }
    }

    /// A server that answers with this status line, these header lines and this body.
    pub(crate) fn answering(status: &str, headers: &str, body: &str) -> Self {
        Self::new(&[&answer(status, headers, body)])
    }

    /// The requests seen so far, heads and bodies.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// The request lines seen so far.
    pub(crate) fn request_lines(&self) -> Vec<String> {
        let requests = self.requests.lock().unwrap();
        requests.iter().map(|request| request.lines().next().unwrap_or_default().to_owned()).collect()
    }
}

/// A whole HTTP response.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}")
}

/// The head of a request, and as much of its body as is announced.
pub(crate) fn read_request(stream: &mut TcpStream) -> String {
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return text,
            Ok(read) => bytes.extend_from_slice(&chunk[..read]),
        }
    }
}
