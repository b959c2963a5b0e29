//! A server that keeps every request as it came over the wire, and answers with what it was given.

use std::{
    io::{self, BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use lowcodeapi_runtime::{__private::Client, ClientBuilder, RetryPolicy, reqwest::Url};
use serde_json::Value;

/// The credential of every client that [`Server::client`] makes.
pub(crate) const TOKEN: &str = "at_marked";

/// What the server says to one request.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    body: Vec<u8>,
}

impl Answer {
    pub(crate) fn new(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: vec![("content-type", content_type)], body: body.into() }
    }

    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::new(status, "application/json", body)
    }

    /// An answer without a body, and so without a media type.
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn with_body(mut self, body: Vec<u8>) -> Self {
        self.body = body;
        self
    }

    /// The length of the body.
    pub(crate) fn len(&self) -> usize {
        self.body.len()
    }

    /// A client that has gone away fails its own test, so the result of writing to it means nothing.
    fn write(&self, stream: &mut TcpStream) -> io::Result<()> {
        let Self { status, headers, body } = self;
        write!(stream, "HTTP/1.1 {status} Status\r\nconnection: close\r\n")?;
        for (name, value) in headers {
            write!(stream, "{name}: {value}\r\n")?;
        }
        // A status without a body must not say how long its body is.
        if *status != 204 && !headers.iter().any(|(name, _)| *name == "content-length") {
            write!(stream, "content-length: {}\r\n", body.len())?;
        }
        stream.write_all(b"\r\n")?;
        stream.write_all(body)
    }
}

/// How the gateway says that it has no such route.
pub(crate) fn no_route() -> Answer {
    Answer::json(404, r#"{"message":"Not Found"}"#)
}

/// One request as it came over the wire.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Method and target, which is what follows the base URL's path, query and all, as it is encoded.
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// One part of a multipart body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) disposition: String,
    pub(crate) content_type: Option<String>,
    pub(crate) content: Vec<u8>,
}

impl Part {
    pub(crate) fn new(disposition: &str, content_type: Option<&str>, content: impl Into<Vec<u8>>) -> Self {
        let content_type = content_type.map(str::to_owned);
        Self { disposition: format!("form-data; {disposition}"), content_type, content: content.into() }
    }
}

impl Request {
    fn read(stream: &TcpStream) -> Self {
        let mut reader = BufReader::new(stream);
        let mut line = || {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            line.trim_end_matches("\r\n").to_owned()
        };
        let first = line();
        let (method, target) = first.strip_suffix(" HTTP/1.1").unwrap().split_once(' ').unwrap();
        // Every path is appended to the whole base URL; a proxy is sent whole URLs.
        let target = if target.starts_with("http://") { target } else { target.strip_prefix("/base").unwrap() };
        let mut headers = Vec::new();
        loop {
            let header = line();
            let Some((name, value)) = header.split_once(": ") else { break };
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let mut request = Self { line: format!("{method} {target}"), headers, body: Vec::new() };
        request.body = request.read_body(&mut reader);
        request
    }

    fn read_body(&self, reader: &mut impl BufRead) -> Vec<u8> {
        let mut body = Vec::new();
        if self.header("transfer-encoding").as_deref() == Some("chunked") {
            loop {
                let mut size = String::new();
                reader.read_line(&mut size).unwrap();
                let size = usize::from_str_radix(size.trim_end(), 16).unwrap();
                let mut chunk = vec![0; size + 2];
                reader.read_exact(&mut chunk).unwrap();
                if size == 0 {
                    return body;
                }
                body.extend_from_slice(&chunk[..size]);
            }
        }
        if let Some(length) = self.header("content-length") {
            body.resize(length.parse().unwrap(), 0);
            reader.read_exact(&mut body).unwrap();
        }
        body
    }

    /// The value of a header. One that was sent twice is not what any test expects.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let values: Vec<&str> =
            self.headers.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect();
        (!values.is_empty()).then(|| values.join(" (and again) "))
    }

    /// The parameters of the query, in order and as they are encoded.
    pub(crate) fn query(&self) -> Vec<&str> {
        self.line.split_once('?').map(|(_, query)| query.split('&').collect()).unwrap_or_default()
    }

    /// The parameters of the query, decoded: where more than one encoding is right.
    pub(crate) fn decoded_query(&self) -> Vec<(String, String)> {
        let url = Url::parse(&format!("http://server{}", self.line.split_once(' ').unwrap().1)).unwrap();
        url.query_pairs().into_owned().collect()
    }

    /// Method and target without the credential, which ends every target that the gateway gets.
    pub(crate) fn gateway_line(&self) -> String {
        let line = self.line.strip_suffix(&format!("api_token={TOKEN}")).unwrap();
        line.strip_suffix(['?', '&']).unwrap().to_owned()
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.header("content-type").as_deref(), Some("application/json"));
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Neither a body nor a word about one.
    pub(crate) fn assert_no_body(&self) {
        assert_eq!(self.body, b"", "{}", self.line);
        assert_eq!(self.header("content-type"), None, "{}", self.line);
    }

    /// The parts of the multipart body, by RFC 7578.
    pub(crate) fn parts(&self) -> Vec<Part> {
        let content_type = self.header("content-type").unwrap();
        let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
        let (open, between, close) = (format!("--{boundary}\r\n"), format!("\r\n--{boundary}"), "--\r\n".to_owned());
        // Every byte is a character of its own here, so that the content of files survives.
        let text: String = self.body.iter().map(|byte| char::from(*byte)).collect();
        let text = text.strip_prefix(&open).unwrap().strip_suffix(&format!("{between}{close}")).unwrap();
        let to_bytes = |text: &str| text.chars().map(|byte| u8::try_from(u32::from(byte)).unwrap()).collect();
        let to_part = |part: &str| {
            let (head, content) = part.split_once("\r\n\r\n").unwrap();
            let header = |name: &str| {
                let mut lines = head.split("\r\n").filter_map(|line| line.split_once(": "));
                let value = lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
                value.map(|value| String::from_utf8(to_bytes(value)).unwrap())
            };
            let disposition = header("content-disposition").unwrap();
            Part { disposition, content_type: header("content-type"), content: to_bytes(content) }
        };
        text.split(&format!("{between}\r\n")).map(to_part).collect()
    }
}

pub(crate) struct Server {
    base_url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// A server that gives these answers one after the other, and the last one again and again.
    pub(crate) fn new(answers: impl Into<Vec<Answer>>) -> Self {
        let answers = answers.into();
        Self::answering(move |index, _| answers[index.min(answers.len() - 1)].clone())
    }

    /// A server that answers each request by its number and what it says.
    pub(crate) fn answering(answer: impl Fn(usize, &Request) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}/base", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for (index, stream) in listener.incoming().enumerate() {
                let mut stream = stream.unwrap();
                let request = Request::read(&stream);
                let answer = answer(index, &request);
                seen.lock().unwrap().push(request);
                let _ = answer.write(&mut stream);
            }
        });
        Self { base_url, requests }
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    pub(crate) fn client<C: From<Client>>(&self, builder: ClientBuilder<C>) -> C {
        self.client_with(builder, TOKEN)
    }

    /// A client with another credential. Nothing is sent again, so that what the server sees is what one call is.
    pub(crate) fn client_with<C: From<Client>>(&self, builder: ClientBuilder<C>, token: &str) -> C {
        builder.token(token).base_url(&self.base_url).retry(RetryPolicy::never()).build().unwrap()
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// The one request that was made.
    pub(crate) fn request(&self) -> Request {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests.into_iter().next().unwrap()
    }
}

/// What the server sees of one call of a client of `$case`, which is answered with a status and nothing more.
macro_rules! sent {
    ($case:ident, |$client:ident| $call:expr) => {{
        let server = $crate::wire::support::Server::new([$crate::wire::support::Answer::empty(204)]);
        let $client = server.client(golden::$case::Client::builder());
        $call.await.unwrap();
        server.request()
    }};
}

/// What one call of a client of `$case` gives for an answer.
macro_rules! given {
    ($case:ident, $answer:expr, |$client:ident| $call:expr) => {{
        let server = $crate::wire::support::Server::new([$answer]);
        let $client = server.client(golden::$case::Client::builder());
        $call.await
    }};
}

/// What the gateway sees of one call of a client of `$case`, which it answers.
macro_rules! seen {
    ($case:ident, |$client:ident| $call:expr) => {{
        let server = $crate::wire::support::Server::new([$crate::wire::support::Answer::json(200, r#"{"data":{"ok":true}}"#)]);
        let $client = server.client(golden::$case::Client::builder());
        let call: lowcodeapi_runtime::Pending<serde_json::Value> = $call.send();
        assert_eq!(call.await.unwrap(), serde_json::json!({"ok": true}));
        server.request()
    }};
}

pub(crate) use {given, seen, sent};
