//! Writes failures to standard error: a block of lines for people, or one line of JSON.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    process::ExitCode,
};

use lowcodeapi_runtime::Error;
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
        "from_provider": api.map(|api| api.is_from_provider()),
        "code": api.and_then(|api| api.code()),
        "request_id": api.and_then(|api| api.request_id()),
        "retry_after_seconds": error.and_then(Error::retry_after).map(|after| after.as_secs_f64().ceil() as u64),
        "attempts": error.map(|error| error.attempts().len() + 1),
        "may_have_been_processed": failure.may_have_been_processed().unwrap_or_default(),
        "retryable": error.is_some_and(Error::is_retryable),
        "body": api.map(|api| body(api.body())),
    }})
}

/// Returns the body as JSON if it is that, else the beginning of its text.
fn body(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.chars().take(BODY).collect::<String>().into())
}
