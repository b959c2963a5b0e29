//! Determines which URL format the gateway accepts.

use std::future::Future;

use reqwest::StatusCode;

use crate::gateway::{
    not_found::{NotFound, read_not_found},
    url_format::{self, FormatMemory, Target, UrlFormat},
};

/// The note of an error if the upload prevented an attempt in the other format.
const SENT_IN_ONE_FORMAT: &str = "the upload can be read only once, so the call was not sent in the gateway's other URL \
     format; set the format with `url_format` on the client's builder";

/// The note of an error that the URL format may have caused.
const MAY_BE_THE_FORMAT: &str = "some gateways break the connection on a URL in the New Format; set the format with \
     `url_format` on the client's builder";

/// The attempts of a call in either format.
pub(crate) trait Attempts {
    /// A response with any status.
    type Answer;
    /// The error of a call without a response.
    type Error;

    /// Returns the call's path.
    fn target(&self) -> Target<'_>;

    /// Returns whether the method is safe to repeat.
    fn is_idempotent(&self) -> bool;

    /// Returns whether the body can be sent again.
    fn is_reopenable(&self) -> bool;

    /// Sends the call in a format, with the client's retries, until its outcome is final.
    fn run(&mut self, format: UrlFormat) -> impl Future<Output = Result<Self::Answer, Self::Error>> + Send;

    /// As [`run`](Self::run), but stops if the connection breaks while the format is unknown. The flag says whether it
    /// did.
    fn run_to_break(
        &mut self,
        format: UrlFormat,
    ) -> impl Future<Output = (Result<Self::Answer, Self::Error>, bool)> + Send;

    /// Returns whether the policy allows another retry.
    fn has_more(&self) -> bool;

    /// Records an attempt that is followed by another without delay.
    fn record(&mut self, error: &Self::Error);

    /// Adds a note to the error of the call.
    fn note(&mut self, note: &'static str);

    /// Returns the error of a call that cannot be sent.
    fn invalid(message: String) -> Self::Error;

    /// Returns the status and body of a response.
    fn read(answer: &Self::Answer) -> (StatusCode, &[u8]);
}

/// Sends the call in the gateway's format. If the format is unknown, tries both and records the one that works.
pub(crate) async fn send<A: Attempts>(memory: &FormatMemory, attempts: &mut A) -> Result<A::Answer, A::Error> {
    let target = attempts.target();
    let format = url_format::first(memory, &target).map_err(A::invalid)?;
    if target.old_path.is_none() || memory.known() == Some(format) {
        return attempts.run(format).await;
    }
    match format {
        // Boxed, so that calls in a known format do not carry their state.
        UrlFormat::New => Box::pin(new_first(memory, attempts)).await,
        UrlFormat::Old => Box::pin(old_first(attempts)).await,
    }
}

/// Sends the call in the New Format, and again in the Old Format if the gateway has no such route. A call that returns
/// 404 has not been processed, so repeating it is safe.
async fn new_first<A: Attempts>(memory: &FormatMemory, attempts: &mut A) -> Result<A::Answer, A::Error> {
    let (outcome, is_break) = attempts.run_to_break(UrlFormat::New).await;
    let first = match outcome {
        Err(error) if is_break => return after_break(memory, attempts, error).await,
        other => other?,
    };
    let verdict = not_found::<A>(&first);
    if is_success::<A>(&first) || verdict == Some(NotFound::Resource) {
        memory.settle(UrlFormat::New);
        return Ok(first);
    }
    let is_reason = match verdict {
        Some(NotFound::Route) => true,
        Some(NotFound::Unclear) => attempts.is_reopenable() && memory.may_try_unclear(),
        Some(NotFound::Resource) | None => false,
    };
    if !is_reason {
        return Ok(first);
    }
    if !attempts.is_reopenable() {
        attempts.note(SENT_IN_ONE_FORMAT);
        return Ok(first);
    }
    let second = attempts.run(UrlFormat::Old).await?;
    match not_found::<A>(&second) {
        Some(NotFound::Resource) => {
            memory.settle(UrlFormat::Old);
            Ok(second)
        }
        None if is_success::<A>(&second) || verdict == Some(NotFound::Route) => {
            memory.settle(UrlFormat::Old);
            Ok(second)
        }
        // The second response says no more than the first.
        Some(NotFound::Route | NotFound::Unclear) | None => Ok(first),
    }
}

/// Sends the call in the Old Format after the connection broke in the New Format: some gateways crash on a New Format
/// URL.
async fn after_break<A: Attempts>(
    memory: &FormatMemory,
    attempts: &mut A,
    error: A::Error,
) -> Result<A::Answer, A::Error> {
    if !attempts.is_idempotent() {
        attempts.note(MAY_BE_THE_FORMAT);
        return Err(error);
    }
    if !attempts.is_reopenable() {
        attempts.note(SENT_IN_ONE_FORMAT);
        return Err(error);
    }
    // Another call has determined the format in the meantime, so this is an ordinary retry.
    if let Some(format) = memory.known() {
        if !attempts.has_more() {
            return Err(error);
        }
        attempts.record(&error);
        return attempts.run(format).await;
    }
    attempts.record(&error);
    let answer = attempts.run(UrlFormat::Old).await?;
    match not_found::<A>(&answer) {
        Some(NotFound::Resource) => memory.settle(UrlFormat::Old),
        // The gateway rejects the Old Format too, so the connection broke for another reason.
        Some(NotFound::Route | NotFound::Unclear) if attempts.has_more() => {
            return attempts.run(UrlFormat::New).await;
        }
        Some(NotFound::Route | NotFound::Unclear) => return Err(error),
        None => {}
    }
    Ok(answer)
}

/// Sends the call in the Old Format, because only that carries its values safely through the open-source gateway. If
/// the gateway has no such route, it is another gateway, and the New Format is used.
async fn old_first<A: Attempts>(attempts: &mut A) -> Result<A::Answer, A::Error> {
    let first = attempts.run(UrlFormat::Old).await?;
    if not_found::<A>(&first) != Some(NotFound::Route) {
        return Ok(first);
    }
    if !attempts.is_reopenable() {
        attempts.note(SENT_IN_ONE_FORMAT);
        return Ok(first);
    }
    attempts.run(UrlFormat::New).await
}

fn is_success<A: Attempts>(answer: &A::Answer) -> bool {
    A::read(answer).0.is_success()
}

fn not_found<A: Attempts>(answer: &A::Answer) -> Option<NotFound> {
    let (status, body) = A::read(answer);
    (status == StatusCode::NOT_FOUND).then(|| read_not_found(body))
}
