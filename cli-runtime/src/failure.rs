//! Failures: their classes, which are the exit statuses, and what to do about them.

use std::{fmt, time::Duration};

use lowcodeapi_runtime::Error;

/// Why a command failed. Each class has an exit status, which scripts rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Anything else, such as a response that cannot be read.
    Other = 1,
    /// The command line, or an input, is invalid. Nothing was sent.
    Usage = 2,
    /// The token is missing, or the server refused it.
    Auth = 3,
    /// The server does not have what was asked for.
    NotFound = 4,
    /// The server rejected the inputs: another status from 400 to 499.
    Rejected = 5,
    /// The rate limit was exceeded.
    RateLimited = 6,
    /// The server failed: a status from 500 to 599.
    Server = 7,
    /// No response arrived: no connection, or one that broke.
    Network = 8,
    /// A timeout expired.
    Timeout = 9,
    /// A local file could not be read or written.
    File = 10,
    /// The user declined to go on.
    Declined = 11,
    /// A signal ended the command: SIGINT.
    Interrupted = 130,
    /// A signal ended the command: SIGTERM.
    Terminated = 143,
}

impl Class {
    /// All classes, by exit status.
    pub(crate) const ALL: &'static [Self] = &[
        Self::Other,
        Self::Usage,
        Self::Auth,
        Self::NotFound,
        Self::Rejected,
        Self::RateLimited,
        Self::Server,
        Self::Network,
        Self::Timeout,
        Self::File,
        Self::Declined,
        Self::Interrupted,
        Self::Terminated,
    ];

    /// Returns the exit status.
    pub(crate) fn status(self) -> u8 {
        self as u8
    }

    /// Returns the name, by which JSON errors call the class.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Usage => "usage",
            Self::Auth => "auth",
            Self::NotFound => "not-found",
            Self::Rejected => "rejected",
            Self::RateLimited => "rate-limited",
            Self::Server => "server",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::File => "file",
            Self::Declined => "declined",
            Self::Interrupted => "interrupted",
            Self::Terminated => "terminated",
        }
    }

    /// Returns what the exit status means, as a sentence.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Other => "Anything else, such as a response that cannot be read.",
            Self::Usage => "The command line or an input is invalid. Nothing was sent.",
            Self::Auth => "The token is missing, or the server refused the credentials (401, 403).",
            Self::NotFound => "The server does not have what was asked for (404, 410).",
            Self::Rejected => "The server rejected the inputs (another status from 400 to 499).",
            Self::RateLimited => "The rate limit was exceeded (429).",
            Self::Server => "The server failed (a status from 500 to 599).",
            Self::Network => "No response arrived: there was no connection, or it broke.",
            Self::Timeout => "A timeout expired, of the client or of the server (408).",
            Self::File => "A local file could not be read or written.",
            Self::Declined => "The confirmation was declined. Nothing was sent.",
            Self::Interrupted => "SIGINT, or Ctrl-C, ended the command.",
            Self::Terminated => "SIGTERM ended the command.",
        }
    }

    /// Returns the class of an error.
    fn of(error: &Error) -> Self {
        match error {
            Error::Config(_) | Error::InvalidRequest { source: None, .. } => Self::Usage,
            Error::InvalidRequest { source: Some(_), .. } | Error::Io { .. } => Self::File,
            Error::Connect { .. } | Error::Transport { .. } => Self::Network,
            Error::Timeout { .. } => Self::Timeout,
            Error::Api(error) => match error.status().as_u16() {
                401 | 403 => Self::Auth,
                404 | 410 => Self::NotFound,
                408 => Self::Timeout,
                429 => Self::RateLimited,
                500.. => Self::Server,
                _ => Self::Rejected,
            },
            // A redirect, a response that is too large or cannot be read, and what a later runtime may add.
            _ => Self::Other,
        }
    }
}

/// A failure.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) class: Class,
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) help: Option<String>,
    /// Whether the server may have processed the call, if it is not `error` that tells.
    pub(crate) may_have_been_processed: Option<bool>,
    /// The error of the call, if there was one.
    pub(crate) error: Option<Box<Error>>,
}

impl Failure {
    pub(crate) fn new(class: Class, message: impl Into<String>) -> Self {
        Self { class, message: message.into(), help: None, may_have_been_processed: None, error: None }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Class::Usage, message)
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Sets whether the server may have processed the call.
    pub(crate) fn processed(mut self, may_have_been: bool) -> Self {
        self.may_have_been_processed = Some(may_have_been);
        self
    }

    /// Returns the exit status.
    pub(crate) fn status(&self) -> u8 {
        self.class.status()
    }

    /// Returns whether the server may have processed the call. `None` if nothing was called.
    pub(crate) fn may_have_been_processed(&self) -> Option<bool> {
        let of_error = || self.error.as_deref().map(Error::may_have_been_processed);
        self.may_have_been_processed.or_else(of_error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let class = Class::of(&error);
        let message = message(&error);
        let help = help(class, &error);
        Self { class, message, help, may_have_been_processed: None, error: Some(Box::new(error)) }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Returns the text of an error without what a failure shows on lines of its own: the attempts and the request ID.
fn message(error: &Error) -> String {
    let text = error.to_string();
    let mut rest = text.as_str();
    let attempts = format!(" (the last of {} attempts)", error.attempts().len() + 1);
    rest = rest.strip_suffix(attempts.as_str()).unwrap_or(rest);
    if let Some(id) = error.as_api().and_then(|error| error.request_id()) {
        rest = rest.strip_suffix(format!(" (request {id})").as_str()).unwrap_or(rest);
    }
    // The other way is one of programs that have a client.
    rest = rest.split_once(PLAINTEXT).map_or(rest, |(before, _)| before);
    rest.to_owned()
}

/// How the client's advice on a credential over plain `http` goes on for programs.
const PLAINTEXT: &str = ", or set `allow_plaintext_credentials`";

/// Returns what to do about an error.
fn help(class: Class, error: &Error) -> Option<String> {
    let text = match class {
        Class::Auth if error.is_provider_auth() => {
            "the provider refused the credentials that the gateway holds for it; renew them in the gateway's account"
        }
        Class::Auth if cfg!(feature = "keychain") => {
            "pass a valid token with --token-file, the environment variable in --help, or `auth login`"
        }
        Class::Auth => "pass a valid token with --token-file, or the environment variable in --help",
        Class::NotFound => "check the ID; an item that was just created may take a moment to appear",
        Class::Rejected => "the option --schema of the command prints what its inputs may be",
        Class::RateLimited => return Some(wait(error)),
        Class::Server if error.is_retryable() => {
            "the same call may succeed later; --retries sets how often it is tried"
        }
        Class::Network => "check the network, the proxy settings and --base-url; `doctor` checks the connection",
        Class::Timeout => "--timeout sets how long a call may take",
        Class::Other if error.is_redirect() => "check --base-url",
        Class::Usage if error.to_string().contains(PLAINTEXT) => "check --base-url",
        Class::Usage if error.is_invalid_request() => {
            "--help of the command lists its inputs, --sample prints an example"
        }
        _ => return None,
    };
    Some(text.to_owned())
}

fn wait(error: &Error) -> String {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    match error.retry_after() {
        Some(after) if after > DAY => "the server asks to wait for more than a day".to_owned(),
        Some(after) => format!("the server asks to wait {} s before the next call", after.as_secs_f64().ceil()),
        None => "wait before the next call; --retries sets how often it is tried".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use lowcodeapi_runtime::catalogue::{Described as _, Inputs};
    use serde_json::json;

    use super::*;
    use crate::fixture::{
        Client,
        server::{Scripted, json, response},
    };

    /// Calls an operation at a server with this response, and returns the failure.
    async fn failure(answer: &str) -> Failure {
        let client = Scripted::new(&[answer]).client();
        let call = client.prepare("create_note", Inputs::from(json!({"title": "t"}))).unwrap();
        Failure::from(call.send().await.unwrap_err())
    }

    #[tokio::test]
    async fn each_answer_has_its_class() {
        for (status, class, may_have_been) in [
            ("400 Bad Request", Class::Rejected, false),
            ("401 Unauthorized", Class::Auth, false),
            ("403 Forbidden", Class::Auth, false),
            ("404 Not Found", Class::NotFound, false),
            ("408 Request Timeout", Class::Timeout, true),
            ("409 Conflict", Class::Rejected, false),
            ("410 Gone", Class::NotFound, false),
            ("422 Unprocessable Entity", Class::Rejected, false),
            ("429 Too Many Requests", Class::RateLimited, false),
            ("500 Internal Server Error", Class::Server, true),
            ("503 Service Unavailable", Class::Server, true),
        ] {
            let failure = failure(&json(status, r#"{"message":"no","code":"c1","requestId":"r1"}"#)).await;
            assert_eq!((failure.class, failure.may_have_been_processed()), (class, Some(may_have_been)), "{status}");
            // The request ID has a line of its own.
            assert!(failure.message.contains("no") && !failure.message.contains("r1"), "{failure}");
        }
    }

    #[tokio::test]
    async fn each_broken_answer_has_its_class() {
        for (answer, class) in [
            ("", Class::Network),
            ("HTTP/1.1 200 OK\r\ncontent-length: 100\r\ncontent-type: application/json\r\n\r\n{", Class::Network),
            (&response("302 Found", "location: https://elsewhere.example/\r\n", ""), Class::Other),
            (&json("200 OK", "<html>"), Class::Other),
        ] {
            let failure = failure(answer).await;
            assert_eq!((failure.class, failure.may_have_been_processed()), (class, Some(true)), "{answer}: {failure}");
        }
    }

    #[tokio::test]
    async fn what_was_not_sent_has_its_class() {
        let client = Client::builder().token("secret-token").base_url("http://127.0.0.1:1").build().unwrap();
        let refused = client.prepare("get_note", Inputs::new()).unwrap_err();
        let unconnected = client.prepare("get_note", Inputs::from(json!({"note_id": "n"}))).unwrap();
        let unreadable = lowcodeapi_runtime::Upload::from_path("/nowhere/at/all").await.unwrap_err();
        let plain = Client::builder().token("secret-token").base_url("http://a.example").build().unwrap();
        let plain = plain.prepare("get_note", Inputs::from(json!({"note_id": "n"}))).unwrap();
        let plain = Failure::from(plain.send().await.unwrap_err());
        assert!(plain.class == Class::Usage && !plain.message.contains("builder"), "{plain}");
        assert!(plain.message.ends_with("use `https`") && plain.help.as_deref() == Some("check --base-url"), "{plain}");
        let unbuilt = Client::builder().base_url("no url").token("secret-token").build().unwrap_err();
        for (error, class) in [
            (refused, Class::Usage),
            (unbuilt, Class::Usage),
            (unreadable, Class::File),
            (unconnected.send().await.unwrap_err(), Class::Network),
        ] {
            let failure = Failure::from(error);
            assert_eq!((failure.class, failure.may_have_been_processed()), (class, Some(false)), "{failure:?}");
            assert!(!format!("{failure:?}").contains("secret-token"));
        }
    }

    #[tokio::test]
    async fn no_answer_in_time_is_a_timeout() {
        // Connections are made, and nothing is ever read from them.
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}", silent.local_addr().unwrap());
        let client = Client::builder().token("secret-token").base_url(base_url).build().unwrap();
        let call = client.prepare("create_note", Inputs::from(json!({"title": "t"}))).unwrap();
        let failure = Failure::from(call.with_timeout(Duration::from_millis(20)).send().await.unwrap_err());
        assert_eq!(failure.class, Class::Timeout, "{failure}");
    }

    #[tokio::test]
    async fn the_help_tells_how_long_to_wait() {
        for (after, help) in [
            ("7", "the server asks to wait 7 s before the next call"),
            ("99999999999999999999", "the server asks to wait for more than a day"),
        ] {
            let failure = failure(&response("429 Too Many Requests", &format!("retry-after: {after}\r\n"), "")).await;
            assert_eq!(failure.help.as_deref(), Some(help));
        }
    }

    #[test]
    fn classes_have_names_and_statuses_of_their_own() {
        let mut seen = std::collections::HashSet::new();
        for class in Class::ALL {
            assert!(seen.insert(class.status().to_string()) && seen.insert(class.name().to_owned()), "{class:?}");
            assert!(class.meaning().ends_with('.'));
        }
    }
}
