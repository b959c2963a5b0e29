//! A server that answers with exactly the bytes it is given.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

/// What to answer at a path.
#[derive(Clone)]
pub(crate) enum Reply {
    Bytes(Vec<u8>),
    /// Nothing, for longer than anyone waits.
    Silence,
}

impl Reply {
    pub(crate) fn new(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let mut head = format!("HTTP/1.1 {status}\r\nconnection: close\r\n");
        for (name, value) in headers {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        if !headers.iter().any(|(name, _)| *name == "content-length") {
            write!(head, "content-length: {}\r\n", body.len()).unwrap();
        }
        head.push_str("\r\n");
        Self::Bytes([head.as_bytes(), body].concat())
    }

    pub(crate) fn json(body: &str) -> Self {
        Self::new("200 OK", &[("content-type", "application/json")], body.as_bytes())
    }
}

/// It ends with the test's process.
pub(crate) struct Server {
    pub(crate) url: String,
    replies: Replies,
    requests: Arc<Mutex<Vec<String>>>,
}

/// What is answered at each path.
type Replies = Arc<Mutex<BTreeMap<String, Reply>>>;

impl Server {
    /// Any other path is answered with 404.
    pub(crate) fn start(replies: &[(&str, Reply)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let replies = replies.iter().map(|(path, reply)| ((*path).to_owned(), reply.clone())).collect();
        let replies: Replies = Arc::new(Mutex::new(replies));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (answers, seen) = (Arc::clone(&replies), Arc::clone(&requests));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (replies, seen) = (Arc::clone(&answers), Arc::clone(&seen));
                thread::spawn(move || answer(stream.unwrap(), &replies, &seen));
            }
        });
        Self { url, replies, requests }
    }

    /// Answers in this way from now on.
    pub(crate) fn set(&self, path: &str, reply: Reply) {
        self.replies.lock().unwrap().insert(path.to_owned(), reply);
    }

    /// The heads of the requests so far, in lower case.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn answer(mut stream: TcpStream, replies: &Mutex<BTreeMap<String, Reply>>, seen: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    let target = head.split(' ').nth(1).unwrap_or_default();
    let path = target.split('?').next().unwrap_or_default().to_owned();
    seen.lock().unwrap().push(head);
    let reply = replies.lock().unwrap().get(&path).cloned();
    match reply.unwrap_or_else(|| Reply::new("404 Not Found", &[], b"{\"message\":\"Not Found\"}")) {
        // The other side may have heard enough and gone.
        Reply::Bytes(bytes) => drop(stream.write_all(&bytes)),
        Reply::Silence => thread::sleep(Duration::from_secs(60)),
    }
}
