//! An HTTP server for tests.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

/// What the server answers.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    /// A status line, a media type and a body.
    Whole(&'static str, &'static str, Vec<u8>),
    /// As a rate limit: a 429 with this `Retry-After`.
    Limited(u32),
    /// Nothing, until the connection breaks.
    Never,
    /// A 200 with an empty object, once the test says so.
    Later,
}

impl Answer {
    pub(super) fn json(text: impl Into<String>) -> Self {
        Self::Whole("200 OK", "application/json", text.into().into_bytes())
    }
}

/// A server that gives the same answer to all requests.
#[derive(Debug, Clone)]
pub(super) struct Stub {
    pub(super) base_url: String,
    requests: Arc<Mutex<Vec<String>>>,
    /// A request has arrived.
    pub(super) arrived: Arc<Notify>,
    /// The client has gone without an answer.
    pub(super) gone: Arc<Notify>,
    /// Gives the answer that is to be given later.
    pub(super) go: Arc<Notify>,
}

impl Stub {
    pub(super) async fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let stub = Self {
            base_url,
            requests: Arc::default(),
            arrived: Arc::default(),
            gone: Arc::default(),
            go: Arc::default(),
        };
        let server = stub.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (server, answer) = (server.clone(), answer.clone());
                tokio::spawn(async move { server.serve(stream, answer).await });
            }
        });
        stub
    }

    /// Returns the requests: head and body.
    pub(super) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    async fn serve(&self, stream: TcpStream, answer: Answer) {
        let mut stream = BufReader::new(stream);
        let Some(request) = read(&mut stream).await else { return };
        self.requests.lock().unwrap().push(request);
        self.arrived.notify_one();
        let (head, body) = match answer {
            Answer::Whole(status, media_type, body) => (format!("{status}\r\ncontent-type: {media_type}"), body),
            Answer::Limited(seconds) => {
                let head = format!("429 Too Many Requests\r\nretry-after: {seconds}\r\ncontent-type: application/json");
                (head, br#"{"error":{"code":"slow","message":"slow down"}}"#.to_vec())
            }
            Answer::Never => {
                let _ = stream.read_to_end(&mut Vec::new()).await;
                self.gone.notify_one();
                return;
            }
            Answer::Later => {
                self.go.notified().await;
                ("200 OK\r\ncontent-type: application/json".to_owned(), b"{}".to_vec())
            }
        };
        let head = format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
        let _ = stream.write_all(head.as_bytes()).await;
        let _ = stream.write_all(&body).await;
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut head = String::new();
    let mut length = 0;
    while stream.read_line(&mut head).await.ok()? > 0 && !head.ends_with("\r\n\r\n") {
        let line = head.lines().last().unwrap_or_default().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(head + &String::from_utf8_lossy(&body))
}
