//! Retries: decides whether and when a failed attempt is repeated. Repeating a generation costs credits, so a call is
//! retried only if that is safe.

use std::{future::Future, ops::ControlFlow, time::Duration};

use reqwest::StatusCode;

use crate::{
    call::Call,
    client::{
        credential::Key,
        pace::Turn,
        retry::{Budget, RetryPolicy},
    },
    error::{
        Error, TimeoutKind,
        api_error::retry_after,
        attempts::{Attempt, Past},
    },
    gateway::{Gateway, url_format::UrlFormat},
    platform::clock::{Instant, sleep, timeout_at},
    send::{answer::Answer, attempt::attempt, request::keys},
};

/// The note of an error that would have been retried otherwise.
const SENT_ONCE: &str = "the upload can be read only once, so the call was not retried";

/// The note of an error whose server asks for patience.
const TOO_LONG: &str = "the server asks to wait longer than the retry policy allows, so the call was not retried";

/// The retries of one call.
pub(crate) struct Retries<'c> {
    policy: &'c RetryPolicy,
    budget: &'c Budget,
    /// The timeout of the whole call, and when it expires.
    total: Option<(Duration, Instant)>,
    past: Past,
    /// The rate-limit slot that was acquired before the call's time started.
    first: Option<Turn<'c>>,
    /// The number of requests so far, across both URL formats.
    requests: usize,
    /// Whether a refused credential was replaced.
    has_renewed: bool,
}

impl<'c> Retries<'c> {
    /// Starts the time of the call. `first` is the rate-limit slot of the first attempt.
    pub(crate) fn new(call: &'c Call, first: Option<Turn<'c>>) -> Self {
        let shared = &call.client.shared;
        // The duration of an upload depends on the caller's bandwidth, so it has no default timeout.
        let total = call.timeout.or_else(|| (!call.body.is_upload()).then_some(shared.limits.total));
        Self {
            policy: call.retry.as_ref().unwrap_or(&shared.retry),
            budget: &shared.budget,
            total: total.and_then(|total| Some((total, Instant::now().checked_add(total)?))),
            past: Past::default(),
            first,
            requests: 0,
            has_renewed: false,
        }
    }

    pub(crate) fn into_past(self) -> Past {
        self.past
    }

    /// Adds a note to the error of the call.
    pub(crate) fn note(&mut self, note: &'static str) {
        self.past.note = Some(note);
    }

    /// Returns whether the policy allows another retry.
    pub(crate) fn has_more(&self) -> bool {
        self.policy.allows(self.retries_so_far())
    }

    /// Records an attempt that is followed by another without delay.
    pub(crate) fn record(&mut self, error: &Error) {
        self.past.may_have_arrived |= error.may_have_been_processed();
        self.past.attempts.push(Attempt { outcome: error.to_string(), delay: Duration::ZERO });
    }

    /// Sends the call until its outcome is final, in the given gateway format if there are several. Retries are counted
    /// across the whole call.
    pub(crate) async fn run(&mut self, call: &'c Call, format: Option<UrlFormat>) -> Result<Answer, Error> {
        let (outcome, _) = self.run_until(call, format, |_, _| false).await;
        outcome
    }

    /// As [`run`](Self::run), but stops if the connection breaks while the URL format is unknown. The flag says whether
    /// it did.
    pub(crate) async fn run_to_break(&mut self, call: &'c Call, format: UrlFormat) -> (Result<Answer, Error>, bool) {
        self.run_until(call, Some(format), is_break).await
    }

    async fn run_until(
        &mut self,
        call: &'c Call,
        format: Option<UrlFormat>,
        is_end: fn(&Call, &Result<Answer, Error>) -> bool,
    ) -> (Result<Answer, Error>, bool) {
        let mut keys = match keys(call) {
            Ok(keys) => keys,
            Err(error) => return (Err(error), false),
        };
        loop {
            let is_ready = self.requests == 0 && call.timeout.is_none() && !keys.iter().any(Key::is_provided);
            // Boxed, so that calls that are ready do not carry its state.
            let turn = if is_ready { Ok(self.first.take()) } else { Box::pin(self.prepare(call, &mut keys)).await };
            let turn = match turn {
                Ok(turn) => turn,
                Err(error) => return (Err(error), false),
            };
            self.requests += 1;
            self.past.in_flight = true;
            // Two small futures are cheaper than a large one.
            let sent = Box::pin(attempt(call, format, &keys, self.past.attempts.len(), turn));
            let outcome = if self.outlasts_attempt(call) { sent.await } else { self.in_time(sent).await };
            let delay = match self.judge(call, &mut keys, outcome, is_end) {
                ControlFlow::Break(end) => return end,
                ControlFlow::Continue(delay) => delay,
            };
            sleep(delay).await;
        }
    }

    /// Returns the outcome of an attempt if it is final, or the delay before the next one.
    fn judge(
        &mut self,
        call: &Call,
        keys: &mut [Key<'_>],
        outcome: Result<Answer, Error>,
        is_end: fn(&Call, &Result<Answer, Error>) -> bool,
    ) -> ControlFlow<(Result<Answer, Error>, bool), Duration> {
        self.past.in_flight = matches!(&outcome, Err(Error::Timeout { kind: TimeoutKind::Total, .. }));
        if outcome.as_ref().is_ok_and(|answer| answer.status.is_success()) {
            self.budget.earn();
            return ControlFlow::Break((outcome, false));
        }
        if is_end(call, &outcome) {
            return ControlFlow::Break((outcome, true));
        }
        let renews = self.renews(call, keys, &outcome);
        let delay = if renews { Some(Duration::ZERO) } else { self.delay(call, &outcome) };
        let Some(delay) = delay else { return ControlFlow::Break((outcome, false)) };
        let attempt = Attempt { outcome: describe(&outcome), delay };
        #[cfg(feature = "tracing")]
        tracing::debug!(
            http.request.method = %call.operation.method_name(),
            url.template = call.operation.path.as_ref(),
            http.request.resend_count = self.past.attempts.len() + 1,
            outcome = attempt.outcome,
            delay_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX),
            "retrying the call"
        );
        self.past.may_have_arrived |= may_have_arrived(&outcome, call.client.shared.gateway.as_ref());
        self.past.attempts.push(attempt);
        ControlFlow::Continue(delay)
    }

    /// Waits for the rate limit of an attempt, and gets the tokens of providers.
    async fn prepare(&mut self, call: &'c Call, keys: &mut [Key<'_>]) -> Result<Option<Turn<'c>>, Error> {
        let shared = &call.client.shared;
        let turn = match self.requests {
            0 if call.timeout.is_none() => self.first.take(),
            _ => self.in_time(async { Ok(shared.pace.turn(call.operation.rate_limit).await) }).await?,
        };
        if keys.iter().any(Key::is_provided) {
            self.in_time(shared.keyring.fetch(keys)).await?;
        }
        Ok(turn)
    }

    /// Returns the future's output, or an error if the time of the call ends first.
    async fn in_time<T>(&self, future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let Some((total, end)) = self.total else { return future.await };
        timeout_at(end, future).await.unwrap_or(Err(Error::timeout(TimeoutKind::Total, total)))
    }

    /// Returns whether the timeout of an attempt that begins now expires before that of the call. A second timer would only
    /// cost.
    fn outlasts_attempt(&self, call: &Call) -> bool {
        let limit = call.client.shared.limits.attempt;
        let is_shorter = |end| call.timeout.is_none() && Instant::now().checked_add(limit).is_some_and(|it| it < end);
        self.total.is_none_or(|(_, end)| is_shorter(end))
    }

    /// Returns whether the call is sent again with another credential. That happens once, whatever the retry policy says: a
    /// server that refuses a credential has not processed the request.
    fn renews(&mut self, call: &Call, keys: &mut [Key<'_>], outcome: &Result<Answer, Error>) -> bool {
        let is_refused = outcome.as_ref().is_ok_and(|answer| answer.status == StatusCode::UNAUTHORIZED);
        if !is_refused {
            return false;
        }
        // All of them are dropped: the server does not say which one it refuses.
        let mut has_provider = false;
        for key in keys {
            has_provider |= key.refuse();
        }
        let renews = has_provider && !self.has_renewed && call.body.is_reopenable();
        self.has_renewed |= renews;
        renews
    }

    fn retries_so_far(&self) -> u32 {
        u32::try_from(self.past.attempts.len().saturating_sub(self.has_renewed.into())).unwrap_or(u32::MAX)
    }

    /// Returns the delay before the next attempt, or `None` if the outcome is final.
    fn delay(&mut self, call: &Call, outcome: &Result<Answer, Error>) -> Option<Duration> {
        if !self.has_more() {
            return None;
        }
        let gateway = call.client.shared.gateway.as_ref();
        let answer = outcome.as_ref().ok();
        let asked = answer.and_then(|answer| retry_after(answer.status, &answer.headers, &answer.body, gateway));
        let no_provider =
            gateway.zip(answer).is_some_and(|(it, answer)| it.is_unreachable(answer.status, &answer.body));
        let is_repeatable = if no_provider {
            call.operation.is_idempotent()
        } else {
            is_repeatable(self.policy, call.operation.is_idempotent(), outcome, asked.is_some())
        };
        if !is_repeatable {
            return None;
        }
        if !call.body.is_reopenable() {
            self.note(SENT_ONCE);
            return None;
        }
        if asked.is_some_and(|asked| !self.policy.waits(asked)) {
            self.note(TOO_LONG);
            return None;
        }
        let delay = asked.unwrap_or_else(|| self.policy.backoff(self.retries_so_far()));
        let end = Instant::now().checked_add(delay)?;
        let is_in_time = self.total.is_none_or(|(_, deadline)| end < deadline);
        (is_in_time && self.budget.spend()).then_some(delay)
    }
}

/// Returns whether the connection broke while it was unknown whether the gateway has the route.
fn is_break(call: &Call, outcome: &Result<Answer, Error>) -> bool {
    let is_unknown = |gateway: &Gateway| gateway.known_format().is_none();
    matches!(outcome, Err(Error::Transport { .. })) && call.client.shared.gateway.as_ref().is_some_and(is_unknown)
}

/// Returns whether sending the request again is safe and may succeed.
fn is_repeatable(policy: &RetryPolicy, is_idempotent: bool, outcome: &Result<Answer, Error>, asked: bool) -> bool {
    match outcome {
        Ok(answer) => {
            // These two say that the request was not processed.
            let is_refusal = match answer.status {
                StatusCode::TOO_MANY_REQUESTS => true,
                StatusCode::SERVICE_UNAVAILABLE => asked,
                _ => false,
            };
            policy.retries(answer.status, &answer.headers) && (is_idempotent || is_refusal)
        }
        Err(Error::Connect { .. } | Error::Timeout { kind: TimeoutKind::Connect, .. }) => true,
        Err(Error::Transport { .. }) => is_idempotent,
        Err(_) => false,
    }
}

/// Returns whether the server may have processed the request: after a connection failure, or after a response that does
/// not refuse it.
fn may_have_arrived(outcome: &Result<Answer, Error>, gateway: Option<&Gateway>) -> bool {
    match outcome {
        Ok(answer) => match answer.status {
            StatusCode::UNAUTHORIZED | StatusCode::TOO_MANY_REQUESTS => false,
            StatusCode::SERVICE_UNAVAILABLE => {
                retry_after(answer.status, &answer.headers, &answer.body, gateway).is_none()
            }
            _ => true,
        },
        Err(error) => error.may_have_been_processed(),
    }
}

fn describe(outcome: &Result<Answer, Error>) -> String {
    match outcome {
        Ok(answer) => answer.status.to_string(),
        Err(error) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;

    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "it represents the outcome of an attempt")]
    fn answer(status: StatusCode) -> Result<Answer, Error> {
        Ok(Answer { status, headers: HeaderMap::new(), location: None, body: bytes::Bytes::new(), stream: None })
    }

    #[test]
    fn only_what_is_safe_is_repeated() {
        let lost = || Err(Error::transport(String::new(), None));
        let refused = || Err(Error::connect(String::new(), None));
        let policy = RetryPolicy::default();
        let repeats = |is_idempotent, outcome: &_, asked| is_repeatable(&policy, is_idempotent, outcome, asked);
        let status = |status| answer(StatusCode::from_u16(status).unwrap());
        for code in [408, 429, 502, 503, 504] {
            assert!(repeats(true, &status(code), false), "{code}");
        }
        assert!(repeats(true, &lost(), false) && repeats(true, &refused(), false));
        for code in [400, 401, 404, 409, 500, 501] {
            assert!(!repeats(true, &status(code), true), "{code}");
        }
        assert!(repeats(false, &answer(StatusCode::TOO_MANY_REQUESTS), false));
        assert!(repeats(false, &answer(StatusCode::SERVICE_UNAVAILABLE), true));
        assert!(!repeats(false, &answer(StatusCode::SERVICE_UNAVAILABLE), false));
        for code in [408, 500, 502, 504] {
            assert!(!repeats(false, &status(code), true), "{code}");
        }
        assert!(repeats(false, &refused(), false) && !repeats(false, &lost(), false));
    }

    #[test]
    fn a_policy_has_its_own_statuses_and_condition() {
        let answer = |status: u16| answer(StatusCode::from_u16(status).unwrap());
        let policy = RetryPolicy::default().statuses(&[409, 500]);
        let repeats =
            |policy: RetryPolicy, is_idempotent, status| is_repeatable(&policy, is_idempotent, &answer(status), false);
        assert!(repeats(policy, true, 409) && repeats(policy, true, 500) && !repeats(policy, true, 429));
        assert!(!repeats(policy, false, 409));
        let policy = RetryPolicy::default().condition(|status, _| (status == 418).then_some(true));
        assert!(repeats(policy, true, 418) && !repeats(policy, false, 418) && repeats(policy, true, 502));
        let policy = RetryPolicy::default().condition(|_, headers| headers.is_empty().then_some(false));
        assert!(!repeats(policy, true, 502) && !repeats(policy, false, 429));
    }

    #[test]
    fn a_refusal_after_an_attempt_that_arrived_is_no_proof_that_nothing_was_done() {
        assert!(may_have_arrived(&Err(Error::transport(String::new(), None)), None));
        assert!(may_have_arrived(&answer(StatusCode::BAD_GATEWAY), None));
        assert!(may_have_arrived(&answer(StatusCode::SERVICE_UNAVAILABLE), None));
        assert!(!may_have_arrived(&answer(StatusCode::TOO_MANY_REQUESTS), None));
        assert!(!may_have_arrived(&Err(Error::connect(String::new(), None)), None));
        for last in [Error::connect("refused".to_owned(), None), Error::timeout(TimeoutKind::Connect, Duration::ZERO)] {
            let past = Past { may_have_arrived: true, ..Past::default() };
            assert!(matches!(last.after(past), Error::Transport { .. }));
        }
        assert!(matches!(Error::connect(String::new(), None).after(Past::default()), Error::Connect { .. }));
    }
}
