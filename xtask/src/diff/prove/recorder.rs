//! A server that records the requests of a client, byte for byte.

use std::{
    collections::BTreeMap,
    io::{self, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use serde_json::Value;

/// More than the requests of examples have.
const MAX_REQUEST: usize = 1024 * 1024;
const SILENCE: Duration = Duration::from_secs(10);

/// What a request gets.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) media_type: String,
    pub(super) body: String,
}

impl Default for Answer {
    fn default() -> Self {
        Self { status: 200, media_type: "application/json".to_owned(), body: "{}".to_owned() }
    }
}

impl Answer {
    fn text(&self) -> String {
        let Self { status, media_type, body } = self;
        let head = format!("HTTP/1.1 {status} Answer\r\nconnection: close\r\n");
        match status {
            204 | 304 => format!("{head}\r\n"),
            _ => format!("{head}content-type: {media_type}\r\ncontent-length: {}\r\n\r\n{body}", body.len()),
        }
    }
}

/// The requests by the number of the call.
pub(super) type Requests = BTreeMap<usize, Vec<String>>;

/// A running recorder.
#[derive(Debug)]
pub(super) struct Recorder {
    address: String,
    requests: Arc<Mutex<Requests>>,
    ended: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Recorder {
    /// Starts to record, and answers calls by their numbers. The values of the headers `keys` differ each time.
    pub(super) fn start(keys: Vec<String>, answers: Vec<Answer>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = format!("http://{}", listener.local_addr()?);
        let requests = Arc::new(Mutex::new(Requests::new()));
        let ended = Arc::new(AtomicBool::new(false));
        let thread = thread::spawn({
            let (requests, ended) = (Arc::clone(&requests), Arc::clone(&ended));
            move || {
                for stream in listener.incoming() {
                    if ended.load(Ordering::Relaxed) {
                        return;
                    }
                    // A client makes one call at a time. What is cut off is no request.
                    if let Some((call, request)) =
                        stream.ok().and_then(|stream| record(stream, &keys, &answers).ok().flatten())
                    {
                        requests.lock().unwrap_or_else(PoisonError::into_inner).entry(call).or_default().push(request);
                    }
                }
            }
        });
        Ok(Self { address, requests, ended, thread })
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Stops, and returns what was recorded.
    pub(super) fn stop(self) -> Requests {
        self.ended.store(true, Ordering::Relaxed);
        // The thread waits for a connection.
        let _ = TcpStream::connect(self.address.trim_start_matches("http://"));
        let _ = self.thread.join();
        std::mem::take(&mut *self.requests.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Reads a request and answers it.
fn record(mut stream: TcpStream, keys: &[String], answers: &[Answer]) -> io::Result<Option<(usize, String)>> {
    stream.set_read_timeout(Some(SILENCE))?;
    let mut bytes = Vec::new();
    let mut buffer = [0; 8192];
    let end = loop {
        if let Some(end) = complete(&bytes) {
            break end;
        }
        let count = stream.read(&mut buffer)?;
        if count == 0 || bytes.len() > MAX_REQUEST {
            return Ok(None);
        }
        bytes.extend_from_slice(&buffer[..count]);
    };
    let request = normalized(&String::from_utf8_lossy(&bytes[..end]), keys);
    let answer = request.as_ref().and_then(|(call, _)| answers.get(*call)).cloned().unwrap_or_default();
    stream.write_all(answer.text().as_bytes())?;
    Ok(request)
}

/// The length of a request, once it is complete.
fn complete(bytes: &[u8]) -> Option<usize> {
    let head = find(bytes, b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
    if text.contains("\r\ntransfer-encoding: chunked") {
        return find(&bytes[head - 2..], b"\r\n0\r\n\r\n").map(|end| head - 2 + end + 7);
    }
    let length = text.split("\r\ncontent-length: ").nth(1).and_then(|rest| rest.split("\r\n").next()?.parse().ok());
    let end = head + length.unwrap_or(0);
    (bytes.len() >= end).then_some(end)
}

fn find(bytes: &[u8], searched: &[u8]) -> Option<usize> {
    bytes.windows(searched.len()).position(|window| window == searched)
}

/// Returns the number of the call, and the request without what differs each time: the address, boundaries and keys of calls.
fn normalized(text: &str, keys: &[String]) -> Option<(usize, String)> {
    let (method, rest) = text.split_once(' ')?;
    let rest = rest.strip_prefix("/w")?;
    let digits = rest.find(|c: char| !c.is_ascii_digit())?;
    let call = rest[..digits].parse().ok()?;
    let mut request = format!("{method} {}", &rest[digits..]);
    if let Some(boundary) = request.split("boundary=").nth(1).and_then(|rest| rest.split(['\r', ';', '"']).next()) {
        let boundary = boundary.to_owned();
        if !boundary.is_empty() {
            request = request.replace(&boundary, "BOUNDARY");
        }
    }
    let (head, body) = request.split_once("\r\n\r\n")?;
    let lines = head.split("\r\n").map(|line| {
        let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
        if name == "host" || keys.iter().any(|key| key.eq_ignore_ascii_case(&name)) {
            format!("{name}: …")
        } else {
            line.to_owned()
        }
    });
    Some((call, format!("{}\r\n\r\n{}", lines.collect::<Vec<_>>().join("\r\n"), in_order(body))))
}

/// The members of a JSON text in alphabetical order, because theirs in the document means nothing.
fn in_order(body: &str) -> String {
    match serde_json::from_str::<Value>(body) {
        Ok(mut value) => {
            value.sort_all_objects();
            value.to_string()
        }
        Err(_) => body.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_complete_with_its_body() {
        assert_eq!(complete(b"GET / HTTP/1.1\r\n\r\n"), Some(18));
        assert_eq!(complete(b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab"), None);
        assert_eq!(complete(b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"), Some(41));
        assert_eq!(complete(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), Some(52));
    }

    #[test]
    fn what_differs_each_time_is_left_out() {
        let text = "POST /w12/a HTTP/1.1\r\nhost: 127.0.0.1:1\r\ncontent-type: multipart/form-data; boundary=ab1\r\n\r\n--ab1--";
        let (call, request) = normalized(text, &[]).unwrap();
        assert_eq!(call, 12);
        assert_eq!(
            request,
            "POST /a HTTP/1.1\r\nhost: …\r\ncontent-type: multipart/form-data; boundary=BOUNDARY\r\n\r\n--BOUNDARY--"
        );
    }
}
