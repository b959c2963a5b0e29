//! Failures as models read them.

use lowcodeapi_runtime::Error;
use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::{Map, Value, json};

/// The characters of the server's body at most.
const BODY: usize = 2_000;

/// Returns the result of a call that failed. It is text only, because clients check structured results against the
/// schema of the successful ones.
pub(crate) fn of_call(error: &Error) -> CallToolResult {
    let mut about = Map::new();
    about.insert("message".to_owned(), error.to_string().into());
    if let Some(status) = error.status() {
        about.insert("status".to_owned(), status.as_u16().into());
    }
    if let Some(api) = error.as_api() {
        let text = |about: &mut Map<String, Value>, name: &str, text: Option<&str>| {
            if let Some(text) = text {
                about.insert(name.to_owned(), text.into());
            }
        };
        text(&mut about, "code", api.code());
        text(&mut about, "request_id", api.request_id());
        let body = api.body().trim();
        // The message is usually the body's only content.
        if !body.is_empty() && body.chars().count() <= BODY {
            text(&mut about, "body", Some(body));
        }
    }
    about.insert("may_have_been_processed".to_owned(), error.may_have_been_processed().into());
    about.insert("may_succeed_later".to_owned(), error.is_retryable().into());
    if let Some(wait) = error.retry_after() {
        about.insert("retry_after_seconds".to_owned(), wait.as_secs().into());
    }
    if !error.attempts().is_empty() {
        about.insert("attempts".to_owned(), (error.attempts().len() + 1).into());
    }
    if let Some(advice) = advice(error) {
        about.insert("advice".to_owned(), advice.into());
    }
    text(&json!({"error": about}).to_string())
}

/// Returns the result of a call that was not sent.
pub(crate) fn of_input(message: &str) -> CallToolResult {
    text(&json!({"error": {"message": message, "may_have_been_processed": false}}).to_string())
}

fn text(text: &str) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(text)])
}

fn advice(error: &Error) -> Option<&'static str> {
    if error.is_provider_auth() {
        return Some("The gateway's key for the API is missing or refused. Tell the user; repeating does not help.");
    }
    if error.is_auth() {
        return Some("The token of this server is missing or refused. Tell the user; repeating does not help.");
    }
    (error.may_have_been_processed() && error.is_retryable())
        .then_some("Look whether it had an effect before you repeat a call that changes something.")
}
