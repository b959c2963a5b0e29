//! The other end of the calls: a process of its own, so that what is counted here is the caller's alone.

use std::{
    env,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::Ipv4Addr,
    process::{self, Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use flate2::{Compression, write::GzEncoder};
use futures_util::stream;
use http_body_util::{BodyExt, Full, StreamBody, combinators::BoxBody};
use hyper::{
    Method, Request, Response,
    body::{Frame, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use lowcodeapi_jasper::{
    Bytes,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
    serde_json::{Value, json},
};
use tokio::net::TcpListener;

use crate::{Failure, measure::transfer::LENGTH, tones};

/// The header that says whether the request was the one before it once more, whoever sent that.
pub(crate) const IS_REPEATED: &str = "x-is-repeated";
/// The path of a large file.
pub(crate) const PLAIN: &str = "/plain";
/// The path of the same file, which is sent compressed.
pub(crate) const GZIP: &str = "/gzip";

/// A server that runs until this is dropped.
pub(crate) struct Server {
    process: Child,
    pub(crate) base_url: String,
}

impl Server {
    /// Starts this program once more, as a server.
    pub(crate) fn start() -> Result<Self, Failure> {
        let mut command = Command::new(env::current_exe()?);
        let mut process = command.arg("serve").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut port = String::new();
        BufReader::new(process.stdout.take().ok_or("the server has no output")?).read_line(&mut port)?;
        Ok(Self { process, base_url: format!("http://127.0.0.1:{}/jasper", port.trim()) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It ends with its input; should that fail, nothing more can be done.
        drop(self.process.stdin.take());
        drop(self.process.wait());
    }
}

/// Serves on a port that it prints, until its input ends.
pub(crate) fn serve() -> Result<(), Failure> {
    thread::spawn(|| {
        drop(io::stdin().read_to_end(&mut Vec::new()));
        process::exit(0);
    });
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        writeln!(io::stdout(), "{}", listener.local_addr()?.port())?;
        let answers = Answers::new();
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let answers = answers.clone();
            let service = service_fn(move |request| answer(answers.clone(), request));
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    })
}

#[derive(Clone)]
struct Answers {
    tone: Bytes,
    tones: Bytes,
    texts: Bytes,
    /// What the last request was.
    last: Arc<AtomicU64>,
}

impl Answers {
    fn new() -> Self {
        let texts: Vec<_> =
            (0..3).map(|n| json!({"id": format!("txt_{n}"), "text": "A line of text. ".repeat(14)})).collect();
        Self {
            tone: in_envelope(&tones::one()),
            tones: in_envelope(&tones::list()),
            texts: in_envelope(&json!({"requestId": "req_1", "resource": "content", "data": texts})),
            last: Arc::default(),
        }
    }
}

/// The result as the gateway answers with it.
fn in_envelope(result: &Value) -> Bytes {
    let headers = json!({"content-type": "application/json; charset=utf-8", "x-ratelimit-remaining": "104"});
    let body = json!({
        "message": "Request completed", "provider": "jasper", "result": result, "response_headers": headers
    });
    body.to_string().into()
}

/// Zeros without a copy of their own for each piece.
fn file() -> impl Iterator<Item = Bytes> {
    static PIECE: [u8; 1 << 16] = [0; 1 << 16];
    std::iter::repeat_n(Bytes::from_static(&PIECE), usize::try_from(LENGTH / (1 << 16)).unwrap_or_default())
}

/// Answers with the large file.
fn large(path: &str) -> Result<Response<BoxBody<Bytes, io::Error>>, Failure> {
    let response = Response::builder().header(CONTENT_TYPE, "application/octet-stream");
    if path.ends_with(GZIP) {
        let mut coded = GzEncoder::new(Vec::new(), Compression::fast());
        file().try_for_each(|piece| coded.write_all(&piece))?;
        let body = Full::new(Bytes::from(coded.finish()?)).map_err(|never| match never {});
        return Ok(response.header(CONTENT_ENCODING, "gzip").body(body.boxed())?);
    }
    let frames = stream::iter(file().map(|piece| Ok(Frame::data(piece))));
    Ok(response.body(BodyExt::boxed(StreamBody::new(frames)))?)
}

async fn answer(answers: Answers, request: Request<Incoming>) -> Result<Response<BoxBody<Bytes, io::Error>>, Failure> {
    if [PLAIN, GZIP].iter().any(|path| request.uri().path().ends_with(path)) {
        return large(request.uri().path());
    }
    let (head, mut body) = request.into_parts();
    let mut headers: Vec<_> = head.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    headers.sort_unstable();
    let mut digest = DefaultHasher::new();
    (head.method.as_str(), head.uri.to_string(), headers).hash(&mut digest);
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            length += data.len();
            // A large body is counted and thrown away.
            if length < 64 * 1024 {
                digest.write(&data);
            }
        }
    }
    let body = match (&head.method, head.uri.path()) {
        (&Method::GET, "/jasper/v1/tones") => answers.tones,
        (&Method::GET, _) => answers.tone,
        (_, "/jasper/v1/command") => answers.texts,
        _ => in_envelope(&json!({"data": {"name": "Upload", "file": format!("{length} bytes")}})),
    };
    let digest = digest.finish();
    let is_repeated = answers.last.swap(digest, Ordering::Relaxed) == digest;
    let response = Response::builder()
        .header(CONTENT_TYPE, "application/json; charset=utf-8")
        .header(IS_REPEATED, if is_repeated { "true" } else { "false" })
        .body(Full::new(body).map_err(|never| match never {}).boxed())?;
    Ok(response)
}
