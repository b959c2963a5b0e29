//! Error sources with the client's credentials redacted.

use std::{error::Error, fmt, io};

use crate::shown::redact::{self, Secrets};

/// A boxed source of an error.
pub(crate) type Source = Box<dyn Error + Send + Sync>;

/// The maximum number of causes kept per error.
const DEPTH: usize = 16;

/// A cause whose text may contain a credential: its scrubbed text and its own cause.
#[derive(Debug)]
pub(crate) struct Cause {
    text: String,
    source: Option<Source>,
}

impl Cause {
    /// Creates a cause from text that is already scrubbed.
    pub(crate) fn new(text: String) -> Self {
        Self { text, source: None }
    }

    /// Creates a cause from text and its own cause, which are already scrubbed. The text ends with that of the cause.
    #[cfg(feature = "oauth2")]
    pub(crate) fn wrapping(text: &str, source: Source) -> Self {
        Self { text: format!("{text}: {source}"), source: Some(source) }
    }
}

impl PartialEq for Cause {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Cause {}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for Cause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// Copies an error and its causes with credentials redacted. An [`io::Error`] keeps its kind.
pub(crate) fn scrubbed(error: &(dyn Error + 'static), secrets: &Secrets) -> Source {
    scrubbed_to(error, secrets, DEPTH)
}

fn scrubbed_to(error: &(dyn Error + 'static), secrets: &Secrets, depth: usize) -> Source {
    let source = error.source().filter(|_| depth > 1).map(|source| scrubbed_to(source, secrets, depth - 1));
    let Some(io) = error.downcast_ref::<io::Error>() else {
        return Box::new(Cause { text: redact::scrub(&error.to_string(), secrets), source });
    };
    Box::new(io_with(io, source, secrets))
}

/// Copies an I/O error and its causes with credentials redacted.
pub(crate) fn scrubbed_io(error: &io::Error, secrets: &Secrets) -> io::Error {
    let source = error.source().map(|source| scrubbed_to(source, secrets, DEPTH - 1));
    io_with(error, source, secrets)
}

fn io_with(io: &io::Error, source: Option<Source>, secrets: &Secrets) -> io::Error {
    match io.raw_os_error() {
        // The operating system's message contains nothing of the request.
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(io.kind(), Cause { text: redact::scrub(&io.to_string(), secrets), source }),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{ErrorKind, Read as _, Write as _};

    use reqwest::Method;

    use super::*;
    use crate::{
        call::upload::Upload,
        client::{
            Client,
            builder::ClientBuilder,
            retry::RetryPolicy,
            service::{Auth, Scheme, Service},
        },
        error::Error as CallError,
    };

    const TOKEN: &str = "at_secret";

    static SERVICE: Service = Service::new("http://localhost", "CAUSE_TEST")
        .schemes(&[Scheme::new("key", "CAUSE_TEST_KEY", Auth::Query("key"))])
        .security(&[&["key"]]);

    /// Returns the port of a local server that answers one request with `answer`.
    fn serve(answer: Option<&'static str>) -> u16 {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        if let Some(answer) = answer {
            std::thread::spawn(move || {
                let (mut stream, _) = listener.accept().unwrap();
                let _ = stream.read(&mut [0; 4096]);
                stream.write_all(answer.as_bytes()).unwrap();
            });
        }
        port
    }

    async fn fail(answer: Option<&'static str>) -> CallError {
        let builder = ClientBuilder::<Client>::new(&SERVICE).token(TOKEN).retry(RetryPolicy::never());
        let client = builder.base_url(format!("http://127.0.0.1:{}", serve(answer))).build().unwrap();
        client.raw_request(Method::GET, format!("/{TOKEN}")).send_json::<u8>().await.unwrap_err()
    }

    /// Returns the causes, after checking that none of them shows the token.
    fn causes(error: &CallError) -> Vec<&(dyn Error + 'static)> {
        let causes: Vec<_> = std::iter::successors(error.source(), |&error| error.source()).collect();
        for text in causes.iter().map(|cause| format!("{cause} {cause:?}")).chain([format!("{error} {error:?}")]) {
            assert!(!text.contains(TOKEN), "{text}");
        }
        causes
    }

    fn io_kind(error: &CallError) -> Option<ErrorKind> {
        causes(error).iter().find_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind)
    }

    #[tokio::test]
    async fn the_kind_of_what_failed_is_found() {
        let refused = fail(None).await;
        assert!(refused.is_connect() && !refused.may_have_been_processed(), "{refused:?}");
        assert_eq!(io_kind(&refused), Some(ErrorKind::ConnectionRefused));

        let missing = Upload::from_path("/nowhere/at/all").await.unwrap_err();
        assert!(missing.is_invalid_request());
        assert_eq!(io_kind(&missing), Some(ErrorKind::NotFound));
    }

    #[tokio::test]
    async fn an_upload_that_cannot_be_opened_loses_the_token() {
        let client: Client = ClientBuilder::new(&SERVICE).token(TOKEN).build().unwrap();
        let upload = Upload::from_fn("f", 1, || async {
            Err::<tokio::io::Empty, _>(io::Error::new(ErrorKind::PermissionDenied, format!("no {TOKEN}")))
        });
        let error = client.raw_request(Method::PUT, "/f").upload(upload).send().await.unwrap_err();
        assert!(error.is_invalid_request() && !error.may_have_been_processed(), "{error:?}");
        assert_eq!(io_kind(&error), Some(ErrorKind::PermissionDenied));
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_has_a_cause() {
        let error = fail(Some("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nat_secret")).await;
        assert!(error.is_transport() && error.may_have_been_processed(), "{error:?}");
        let last = causes(&error).last().map(ToString::to_string);
        assert!(last.is_some_and(|last| last.contains("end of file")), "{error:?}");
    }

    #[tokio::test]
    async fn a_result_of_another_form_has_what_its_reader_said_as_cause() {
        let error = fail(Some("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n\"at_secret\"")).await;
        assert!(error.is_decode(), "{error:?}");
        let texts: Vec<String> = causes(&error).iter().map(ToString::to_string).collect();
        assert!(matches!(texts.as_slice(), [text] if text.contains("[redacted]") && text.contains("u8")), "{texts:?}");
    }

    #[test]
    fn an_io_error_keeps_its_kind_and_loses_the_token() {
        let inner = io::Error::new(ErrorKind::BrokenPipe, format!("pipe of {TOKEN}"));
        let outer = io::Error::new(ErrorKind::TimedOut, inner);
        let scrubbed = scrubbed(&outer, &Secrets::from(TOKEN));
        assert_eq!(scrubbed.downcast_ref::<io::Error>().map(io::Error::kind), Some(ErrorKind::TimedOut));
        assert!(!format!("{scrubbed} {scrubbed:?}").contains(TOKEN));
    }
}
