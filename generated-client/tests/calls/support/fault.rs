//! A server on raw TCP that fails in one given way. No HTTP library resets a connection or stops in the middle of a
//! header.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use tokio::net::TcpSocket;

/// A way to fail.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// Nobody listens.
    Refuse,
    /// The connection is reset while the request is still being sent.
    ResetBeforeHeaders,
    /// The connection is reset in the middle of the body of the answer.
    ResetInBody,
    /// The request is read to its end, and the connection closed.
    CloseAfterRequest,
    /// The request is read to its end, and never answered.
    Silent,
    /// The header comes so slowly that it never ends in time.
    SlowHeader,
    /// The body comes so slowly that it never ends in time.
    SlowBody,
    /// These bytes, and then nothing more, while the connection stays open.
    Pause(Vec<u8>),
    /// These bytes, and the connection is closed.
    Answer(Vec<u8>),
    /// These bytes to the first request, and a good answer to every later one.
    AnswerOnce(Vec<u8>),
}

/// A body that every operation of the tests decodes.
pub(crate) const GOOD: &str = r#"{"data": {"requestId": "r", "deleted": true}}"#;

/// A whole answer.
pub(crate) fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

pub(crate) struct FaultServer {
    pub(crate) base_url: String,
    requests: Arc<AtomicUsize>,
    /// Keeps the port of a server that does not listen from being given to another one.
    _bound: Option<TcpSocket>,
}

impl FaultServer {
    pub(crate) fn start(fault: Fault) -> Self {
        let requests = Arc::new(AtomicUsize::new(0));
        if matches!(fault, Fault::Refuse) {
            let socket = TcpSocket::new_v4().unwrap();
            socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
            let base_url = base_url_of(socket.local_addr());
            return Self { base_url, requests, _bound: Some(socket) };
        }
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = base_url_of(listener.local_addr());
        let count = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let number = count.fetch_add(1, Ordering::SeqCst);
                let fault = fault.clone();
                thread::spawn(move || fail(stream, &fault, number));
            }
        });
        Self { base_url, requests, _bound: None }
    }

    /// How many requests have reached the server.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

fn base_url_of(address: io::Result<SocketAddr>) -> String {
    format!("http://{}/jasper", address.unwrap())
}

/// A failure to write is the client having given up, which is what some faults are for.
fn fail(mut stream: TcpStream, fault: &Fault, number: usize) {
    let long = Duration::from_secs(30);
    match fault {
        Fault::Refuse => {}
        // A socket that is closed with bytes unread resets its connection.
        Fault::ResetBeforeHeaders => drop(stream.read(&mut [0; 1])),
        Fault::ResetInBody => {
            let _ = stream.read(&mut [0; 1]);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"data\"");
            thread::sleep(Duration::from_millis(20));
        }
        Fault::CloseAfterRequest => drop(super::read_request(&mut stream)),
        Fault::Silent => {
            super::read_request(&mut stream);
            thread::sleep(long);
        }
        Fault::SlowHeader => {
            super::read_request(&mut stream);
            trickle(&mut stream, b"HTTP/1.1 200 OK\r\n", &b"x-slow: x\r\n".repeat(100));
        }
        Fault::SlowBody => {
            super::read_request(&mut stream);
            trickle(&mut stream, b"HTTP/1.1 200 OK\r\ncontent-length: 60\r\n\r\n", &b" ".repeat(60));
        }
        Fault::Pause(bytes) => {
            super::read_request(&mut stream);
            let _ = stream.write_all(bytes);
            thread::sleep(long);
        }
        Fault::Answer(bytes) => {
            super::read_request(&mut stream);
            let _ = stream.write_all(bytes);
        }
        Fault::AnswerOnce(bytes) => {
            super::read_request(&mut stream);
            let good = answer("200 OK", "content-type: application/json\r\n", GOOD.as_bytes());
            let _ = stream.write_all(if number == 0 { bytes } else { &good });
        }
    }
}

fn trickle(stream: &mut TcpStream, at_once: &[u8], slowly: &[u8]) {
    let _ = stream.write_all(at_once);
    for byte in slowly {
        if stream.write_all(&[*byte]).is_err() {
            return;
        }
        thread::sleep(Duration::from_millis(100));
    }
}
