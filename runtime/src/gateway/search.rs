//! Finds out which format of URLs the gateway takes.

use std::future::Future;

use reqwest::StatusCode;

use crate::gateway::{
    not_found::{NotFound, read_not_found},
    url_format::{self, FormatMemory, Target, UrlFormat},
};

/// What an error says where the call could have been sent in the other format.
const SENT_IN_ONE_FORMAT: &str = "the upload can be read only once, so that the call was not sent in the gateway's other URL \
     format; `url_format` of the client's builder sets the format";

/// What an error says where the format may be the reason.
const MAY_BE_THE_FORMAT: &str = "some gateways break the connection on a URL in the New Format; `url_format` of the client's \
     builder sets the format";

/// The attempts of a call, which can be sent in either format.
pub(crate) trait Attempts {
    /// An answer of any status.
    type Answer;
    /// Why there is none.
    type Error;

    /// The call's path.
    fn target(&self) -> Target<'_>;

    /// Whether the method is safe to repeat.
    fn is_idempotent(&self) -> bool;

    /// Whether the body can be sent again.
    fn is_reopenable(&self) -> bool;

    /// Sends the call in a format, and again by the client's policy, until an answer stands.
    fn run(&mut self, format: UrlFormat) -> impl Future<Output = Result<Self::Answer, Self::Error>> + Send;

    /// The same, but a connection that breaks while the format is unknown ends it; whether it did comes with the outcome.
    fn run_to_break(
        &mut self,
        format: UrlFormat,
    ) -> impl Future<Output = (Result<Self::Answer, Self::Error>, bool)> + Send;

    /// Whether the policy has retries left.
    fn has_more(&self) -> bool;

    /// Counts an attempt that is followed by another at once.
    fn record(&mut self, error: &Self::Error);

    /// Keeps what the error of the call says besides.
    fn note(&mut self, note: &'static str);

    /// The error of a call that cannot be sent.
    fn invalid(message: String) -> Self::Error;

    /// The status and the body of an answer.
    fn read(answer: &Self::Answer) -> (StatusCode, &[u8]);
}

/// Sends the call in the gateway's format. While that is unknown, it is found out: what works is remembered.
pub(crate) async fn send<A: Attempts>(memory: &FormatMemory, attempts: &mut A) -> Result<A::Answer, A::Error> {
    let target = attempts.target();
    let format = url_format::first(memory, &target).map_err(A::invalid)?;
    if target.old_path.is_none() || memory.known() == Some(format) {
        return attempts.run(format).await;
    }
    match format {
        UrlFormat::New => new_first(memory, attempts).await,
        UrlFormat::Old => old_first(attempts).await,
    }
}

/// Sends the call in the New Format, and once more in the Old Format where the gateway has no such route. A 404 has not been
/// processed, so the call can be sent again.
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
        // Neither says more than the first one did.
        Some(NotFound::Route | NotFound::Unclear) | None => Ok(first),
    }
}

/// Sends the call in the Old Format after its connection broke in the New one: some gateways die of a New Format URL.
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
    // Another call may have settled it meanwhile, so that this is a retry like any other.
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
        // The Old Format is not the gateway's either, so that the connection broke by chance.
        Some(NotFound::Route | NotFound::Unclear) if attempts.has_more() => {
            return attempts.run(UrlFormat::New).await;
        }
        Some(NotFound::Route | NotFound::Unclear) => return Err(error),
        None => {}
    }
    Ok(answer)
}

/// Sends the call in the Old Format, which alone carries its values safely through the open-source gateway. A gateway that
/// has no such route is another one, and is sent the New Format.
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
