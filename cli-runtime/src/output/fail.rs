//! Writes failures to standard error: a block of lines for people, or one line of JSON.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    process::ExitCode,
    time::Duration,
};

use lowcodeapi_runtime::{ApiError, Error};
use serde_json::{Value, json};

use crate::{
    failure::Failure,
    output::{
        json,
        look::{Look, Role},
        seen,
    },
    settings::{ErrorFormat, Settings},
};

/// The maximum length of a body that is not JSON in a JSON error, in characters.
const BODY: usize = 4096;

/// Writes a failure to standard error, and returns its exit status.
pub(crate) fn fail(failure: &Failure, settings: &Settings) -> ExitCode {
    let text = match settings.error_format {
        ErrorFormat::Human => block(failure, Look::of_stderr(settings.color)),
        ErrorFormat::Json => {
            json::compact(&object(failure), Look { is_coloured: false, ..Look::of_stderr(settings.color) }) + "\n"
        }
    };
    // If standard error is closed, the exit status still tells.
    let _ = io::stderr().lock().write_all(text.as_bytes());
    ExitCode::from(failure.status())
}

/// Returns the block of lines for people.
fn block(failure: &Failure, look: Look) -> String {
    let mut out = format!("{} {}\n", look.paint(Role::Error, "error:"), seen::line(&failure.message));
    let mut line = |name: &str, value: &str| {
        let name = look.paint(Role::Dim, format!("{name}:"));
        let value = seen::text(value).replace('\n', "\n    ");
        // Writing to a `String` cannot fail.
        let _ = writeln!(out, "  {name} {value}");
    };
    if let Some(error) = failure.error.as_deref() {
        if let Some(status) = status_line(error) {
            line("status", &status);
        }
        let api = error.as_api();
        if let Some(code) = api.and_then(|api| api.code()) {
            line("code", &seen::line(code));
        }
        if let Some(id) = api.and_then(|api| api.request_id()) {
            line("request id", &seen::line(id));
        }
        if !error.attempts().is_empty() {
            line("attempts", &attempts(error));
        }
    }
    let was_sent = failure.error.as_deref().is_none_or(|error| !matches!(error, Error::Config(_)));
    if let Some(may_have_been) = failure.may_have_been_processed().filter(|_| was_sent) {
        line("may have been processed", if may_have_been { "yes" } else { "no" });
    }
    if let Some(help) = &failure.help {
        line("help", help);
    }
    out
}

fn status_line(error: &Error) -> Option<String> {
    let status = error.status()?;
    let origin = match error.as_api() {
        Some(api) if api.is_from_provider() => " (from the provider)",
        Some(api) if api.is_provider_unreachable() => " (the gateway received no response from the provider)",
        _ => "",
    };
    Some(format!("{}{origin}", status.as_u16()))
}

/// Returns how the attempts before the last one ended.
fn attempts(error: &Error) -> String {
    let attempts = error.attempts();
    let outcomes: Vec<String> = attempts.iter().map(|attempt| seen::line(&attempt.outcome)).collect();
    format!("{} (before the last one: {})", attempts.len() + 1, outcomes.join("; "))
}

/// Returns the object for programs.
fn object(failure: &Failure) -> Value {
    let error = failure.error.as_deref();
    let api = error.and_then(Error::as_api);
    json!({"error": {
        "class": failure.class.name(),
        "exit_status": failure.status(),
        "message": failure.message,
        "help": failure.help,
        "status": error.and_then(Error::status).map(|status| status.as_u16()),
        "from_provider": api.map(ApiError::is_from_provider),
        "code": api.and_then(|api| api.code()),
        "request_id": api.and_then(|api| api.request_id()),
        "retry_after_seconds": error.and_then(Error::retry_after).map(whole_seconds),
        "attempts": error.map(|error| error.attempts().len() + 1),
        "may_have_been_processed": failure.may_have_been_processed().unwrap_or_default(),
        "retryable": error.is_some_and(Error::is_retryable),
        "body": api.map(|api| body(api.body())),
    }})
}

/// Returns a duration in seconds, rounded up.
fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

/// Returns the body as JSON if it is that, else the beginning of its text.
fn body(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.chars().take(BODY).collect::<String>().into())
}

#[cfg(test)]
mod tests {
    use lowcodeapi_runtime::catalogue::{Described as _, Inputs};

    use super::*;
    use crate::{
        failure::Class,
        fixture::server::{Scripted, response},
    };

    async fn refused() -> Failure {
        let body = r#"{"message":"bad \u001b[2J\u202etitle","code":"c\n1","requestId":"r1"}"#;
        let headers = "content-type: application/json\r\nretry-after: 1\r\n";
        let client = Scripted::new(&[&response("422 Unprocessable Entity", headers, body)]).client();
        let call = client.prepare("create_note", Inputs::from(json!({"title": "t"}))).unwrap();
        call.send().await.unwrap_err().into()
    }

    #[tokio::test]
    async fn people_get_a_block() {
        let text = block(&refused().await, Look::plain(80));
        let expected = "\
error: the server answered 422 Unprocessable Entity: bad \\u{1b}[2J\\u{202e}title; retry after 1 s
  status: 422
  code: c 1
  request id: r1
  may have been processed: no
  help: the option --schema of the command prints what its inputs may be
";
        assert_eq!(text, expected);
        let usage = Failure::usage("two\nlines\u{1b}[A").help("one\ntwo");
        assert_eq!(block(&usage, Look::plain(80)), "error: two lines\\u{1b}[A\n  help: one\n    two\n");
    }

    #[tokio::test]
    async fn programs_get_an_object() {
        let error = &object(&refused().await)["error"];
        for (name, expected) in [
            ("class", json!("rejected")),
            ("exit_status", json!(5)),
            ("status", json!(422)),
            ("code", json!("c\n1")),
            ("request_id", json!("r1")),
            ("retry_after_seconds", json!(1)),
            ("attempts", json!(1)),
            ("may_have_been_processed", json!(false)),
            ("retryable", json!(false)),
        ] {
            assert_eq!(error[name], expected, "{name}");
        }
        assert_eq!(error["body"]["requestId"], "r1");
        let declined = object(&Failure::new(Class::Declined, "nothing was deleted"));
        assert_eq!((&declined["error"]["exit_status"], &declined["error"]["status"]), (&json!(11), &Value::Null));
    }
}
