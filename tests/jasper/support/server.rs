//! Servers: the embedded gateway in this process, and one that answers with given bytes.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use lowcodeapi_jasper_spec::{DOCUMENT, OVERLAY};
use lowcodeapi_mock::{Inputs, Source};

use super::TOKEN;

/// The embedded gateway, whose requests the test can read.
pub(crate) struct Gateway {
    gateway: lowcodeapi_mock::Gateway,
    _runtime: tokio::runtime::Runtime,
}

impl Gateway {
    pub(crate) fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let inputs = Inputs::new(Source { name: "jasper.openapi.json", text: DOCUMENT })
            .overlay(Source { name: "jasper.overlay.yaml", text: OVERLAY });
        let gateway = runtime.block_on(lowcodeapi_mock::Gateway::builder(inputs).token(TOKEN).start()).unwrap();
        Self { gateway, _runtime: runtime }
    }

    pub(crate) fn base_url(&self) -> String {
        self.gateway.base_url()
    }

    pub(crate) fn fail_next(&self, status: u16, message: &str) {
        self.gateway.fail_next(status, message);
    }

    /// The method and path of each request.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.gateway.requests().iter().map(|request| format!("{} {}", request.method, request.path)).collect()
    }
}

/// What a server does with each connection.
#[derive(Clone)]
pub(crate) enum Answer {
    /// It sends these bytes and closes the connection.
    Bytes(Vec<u8>),
    /// It sends these bytes, and nothing more while the connection stays open.
    Pause(Vec<u8>),
}

/// A server on raw TCP.
pub(crate) struct Server {
    pub(crate) base_url: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}/jasper", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, log) = (answer.clone(), Arc::clone(&log));
                thread::spawn(move || serve(stream, &answer, &log));
            }
        });
        Self { base_url, seen }
    }

    /// A server that answers with this status and body.
    pub(crate) fn answering(status: &str, headers: &str, body: &[u8]) -> Self {
        let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n", body.len());
        Self::start(Answer::Bytes([head.as_bytes(), body].concat()))
    }

    /// How many requests have arrived.
    pub(crate) fn requests(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// Waits until a request has arrived.
    pub(crate) fn wait_for_request(&self) {
        while self.requests() == 0 {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

fn serve(mut stream: TcpStream, answer: &Answer, log: &Mutex<Vec<String>>) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !request.windows(4).any(|window| window == b"\r\n\r\n") {
        match stream.read(&mut buffer) {
            Ok(length) if length > 0 => request.extend_from_slice(&buffer[..length]),
            _ => return,
        }
    }
    log.lock().unwrap().push(String::from_utf8_lossy(&request).into_owned());
    match answer {
        Answer::Bytes(bytes) => {
            let _ = stream.write_all(bytes);
            // What the client still sends is read, so that the answer is not lost with a reset.
            let _ = stream.shutdown(std::net::Shutdown::Write);
            let _ = stream.set_read_timeout(Some(Duration::from_secs(1)));
            while matches!(stream.read(&mut buffer), Ok(length) if length > 0) {}
        }
        Answer::Pause(bytes) => {
            let _ = stream.write_all(bytes);
            while matches!(stream.read(&mut buffer), Ok(length) if length > 0) {}
        }
    }
}
