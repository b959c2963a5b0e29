//! Downloads a document over HTTP, within limits.

use std::{
    error::Error as _,
    io::Read,
    time::{Duration, Instant},
};

use clap::Args;
use flate2::read::MultiGzDecoder;
use reqwest::{
    Client, Response, StatusCode, Url,
    header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_NONE_MATCH},
    redirect::{Attempt, Policy},
};

use crate::{failure::Failure, progress::Progress, provenance::without_secrets};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const MAX_REDIRECTS: usize = 5;
const MIB: u64 = 1024 * 1024;
/// The bytes that are unpacked between two checks of the deadline.
const CHUNK: usize = 64 * 1024;

/// The limits of a download.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Limits {
    /// Limit a download to this time in seconds, and the silence of a server to a quarter of it
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
    /// Limit the size of the unpacked document, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u64).range(1..=128))]
    max_size: u64,
}

impl Limits {
    /// The time limit for obtaining a document. At most two addresses are asked.
    pub(crate) fn seconds(self) -> u64 {
        2 * self.timeout
    }

    pub(crate) fn max_bytes(self) -> u64 {
        self.max_size * MIB
    }

    /// The arguments with these limits.
    pub(crate) fn arguments(self) -> [String; 4] {
        let (timeout, size) = (self.timeout.to_string(), self.max_size.to_string());
        ["--timeout".to_owned(), timeout, "--max-size".to_owned(), size]
    }

    pub(crate) fn too_large(self, source: &str) -> Failure {
        let message = format!("the document is larger than {} MiB", self.max_size);
        Failure::problem("refused-too-large", source, message).help("if the size is right, raise --max-size")
    }
}

/// A response that is not validated yet.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    pub(crate) content_type: Option<String>,
    pub(crate) etag: Option<String>,
    /// The final address after redirects, without secrets, if it differs from the requested one.
    pub(crate) redirected: Option<String>,
}

/// The answer of a server to a request for a document.
#[derive(Debug)]
pub(crate) enum Answer {
    Body(Body),
    /// The document still has the entity tag in the request.
    NotModified,
    /// A status other than 200.
    Refused(StatusCode),
}

impl Answer {
    /// Returns the failure for a status.
    pub(crate) fn refusal(status: StatusCode, url: &Url) -> Failure {
        let mut failure =
            Failure::network(without_secrets(url), format!("the server answered {status} instead of 200 OK"));
        failure.finding.code = "refused-status";
        failure.help("try again later, or pass another address with --url")
    }
}

/// Sends one request, and follows redirects that keep encryption.
pub(crate) fn download(url: &Url, etag: Option<&str>, limits: Limits, progress: &Progress) -> Result<Answer, Failure> {
    let address = without_secrets(url);
    let deadline = Instant::now() + Duration::from_secs(limits.timeout);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::network(&address, error.to_string()))?;
    runtime.block_on(async {
        let client = client(limits).map_err(|error| explain(error, &address, limits))?;
        progress.show(&format!("asking {address}"));
        // Unpacked here, because reqwest's feature would also apply to the client, which would then be tested with
        // another feature set.
        let mut request = client.get(url.clone()).header(ACCEPT_ENCODING, "gzip");
        if let Some(etag) = etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        let response = request.send().await.map_err(|error| explain(error, &address, limits))?;
        match response.status() {
            StatusCode::OK => read_body(response, &address, limits, deadline, progress).await.map(Answer::Body),
            StatusCode::NOT_MODIFIED if etag.is_some() => Ok(Answer::NotModified),
            status => Ok(Answer::Refused(status)),
        }
    })
}

fn client(limits: Limits) -> reqwest::Result<Client> {
    let timeout = Duration::from_secs(limits.timeout);
    // This program owns the process. An installed provider can only be this one.
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::builder()
        .user_agent(concat!("lowcodeapi-xtask/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT.min(timeout))
        .read_timeout(timeout / 4)
        .timeout(timeout)
        // An address may hold a token, which other servers must not see.
        .referer(false)
        .redirect(Policy::custom(|attempt: Attempt<'_>| {
            let gives_up_encryption = attempt.url().scheme() == "http"
                && attempt.previous().last().is_some_and(|previous| previous.scheme() == "https");
            if gives_up_encryption {
                attempt.error("the server redirects from https to http")
            } else if attempt.previous().len() > MAX_REDIRECTS {
                attempt.error("the server redirects too often")
            } else {
                attempt.follow()
            }
        }))
        .build()
}

async fn read_body(
    mut response: Response,
    address: &str,
    limits: Limits,
    deadline: Instant,
    progress: &Progress,
) -> Result<Body, Failure> {
    let redirected = Some(without_secrets(response.url())).filter(|url| *url != address);
    let header = |headers: &HeaderMap, name: HeaderName| {
        headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    let content_type = header(response.headers(), CONTENT_TYPE);
    let etag = header(response.headers(), ETAG);
    let encoding = header(response.headers(), CONTENT_ENCODING);
    let announced = response.content_length();
    if announced.is_some_and(|announced| announced > limits.max_bytes()) {
        return Err(limits.too_large(address));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| explain(error, address, limits))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > limits.max_bytes() {
            return Err(limits.too_large(address));
        }
        progress.bytes(address, bytes.len() as u64, announced);
    }
    let bytes = match encoding.as_deref() {
        None | Some("identity") => bytes,
        Some("gzip" | "x-gzip") => unpack(&bytes, address, limits, deadline)?,
        Some(_) => return Err(truncated(address, "`Content-Encoding` is not gzip")),
    };
    Ok(Body { bytes, content_type, etag, redirected })
}

/// Unpacks a body. A small body can unpack to any size in any time, so both limits apply here too.
fn unpack(packed: &[u8], address: &str, limits: Limits, deadline: Instant) -> Result<Vec<u8>, Failure> {
    let mut decoder = MultiGzDecoder::new(packed);
    let (mut bytes, mut chunk) = (Vec::new(), vec![0; CHUNK]);
    loop {
        // Any number of members may be empty, so the deadline is checked after each.
        let read = decoder.read(&mut chunk).map_err(|error| truncated(address, &error.to_string()))?;
        if read == 0 {
            return Ok(bytes);
        }
        bytes.extend_from_slice(&chunk[..read]);
        if bytes.len() as u64 > limits.max_bytes() {
            return Err(limits.too_large(address));
        }
        if Instant::now() > deadline {
            let message = format!("the response was not unpacked within {} s", limits.timeout);
            return Err(Failure::network(address, message).help("raise --timeout"));
        }
    }
}

/// Returns the failure for a transport error, without the full address, which may hold a token.
fn explain(error: reqwest::Error, address: &str, limits: Limits) -> Failure {
    let error = error.without_url();
    if error.is_timeout() {
        let message = format!(
            "the server sent no complete response within {} s, or nothing for {} s",
            limits.timeout,
            Duration::from_secs(limits.timeout).as_secs_f32() / 4.0
        );
        return Failure::network(address, message).help("try again later, or raise --timeout");
    }
    if error.is_body() || error.is_decode() {
        return truncated(address, &innermost(&error));
    }
    Failure::network(address, format!("the request failed: {}", innermost(&error)))
        .help("check the address and the network")
}

fn truncated(address: &str, message: &str) -> Failure {
    let mut failure = Failure::network(address, format!("the response is truncated or damaged: {message}"));
    failure.finding.code = "refused-truncated";
    failure.help("try again")
}

/// Returns the last cause of the chain, which is the most specific.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause = error.source();
    let mut message = error.to_string();
    while let Some(inner) = cause {
        message = inner.to_string();
        cause = inner.source();
    }
    message
}
