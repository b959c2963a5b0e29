//! When a call is sent again, and after how long. A repeated generation costs credits, so a call is repeated only where
//! that is safe.

use std::{
    sync::atomic::{AtomicI32, Ordering},
    time::{Duration, SystemTime},
};

use reqwest::{Method, StatusCode, header::HeaderMap};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::{
    call::Call,
    gateway::{errors as gateway_errors, url_format::UrlFormat},
    model::peek,
    reply::error::{Error, TimeoutKind},
    send::{
        attempt::{Answer, attempt},
        pace::Turn,
    },
};

/// How often, and after how long, a call is sent again.
///
/// GET, HEAD, OPTIONS, PUT and DELETE are repeated when the connection fails and on 408, 429, 502, 503 and 504. Every
/// other method is repeated only where the server certainly has not processed the request: when no connection was made,
/// on 429, and on a 503 with `Retry-After`. A connection that closed after the request was written leaves that open, and
/// is no reason for them.
///
/// The delay is what the server asks for (`Retry-After`, also inside the gateway's error body), at most
/// [`max_delay`](Self::max_delay); else a random one of up to the base delay, doubled with each attempt. Where the delay
/// would go past the call's bound, the call ends at once with what it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    max_retries: u32,
    base_delay: Duration,
    max_delay: Duration,
}

impl RetryPolicy {
    /// Nothing is repeated.
    pub const fn never() -> Self {
        Self { max_retries: 0, base_delay: Duration::ZERO, max_delay: Duration::ZERO }
    }

    /// Sets how often a call is repeated; 2 unless set.
    pub const fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// Sets the bound of the first random delay; 500 ms unless set.
    pub const fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// Sets the longest delay, whatever the server asks for; 30 s unless set.
    pub const fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Full jitter: anything between nothing and the bound, so that clients that failed together do not come back
    /// together.
    fn backoff(&self, retry: u32) -> Duration {
        let bound = self.base_delay.saturating_mul(1 << retry.min(16)).min(self.max_delay);
        bound.mul_f64(fastrand::f64())
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { max_retries: 2, base_delay: Duration::from_millis(500), max_delay: Duration::from_secs(30) }
    }
}

/// An attempt that failed and was followed by another.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// How it failed: a status, or what became of the connection.
    pub outcome: String,
    /// How long the client then waited.
    pub delay: Duration,
}

/// What the calls of one client may spend on retries, so that a server in trouble is not given more of it. A retry takes
/// [`COST`], a success gives one back.
#[derive(Debug)]
pub(crate) struct Budget {
    left: AtomicI32,
}

const BUDGET: i32 = 100;
const COST: i32 = 5;

impl Default for Budget {
    fn default() -> Self {
        Self { left: AtomicI32::new(BUDGET) }
    }
}

impl Budget {
    fn spend(&self) -> bool {
        let spend = |left: i32| (left >= COST).then_some(left - COST);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend).is_ok()
    }

    fn earn(&self) {
        let earn = |left: i32| (left < BUDGET).then_some(left + 1);
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, earn);
    }
}

/// Why a call was not sent again where another attempt might have gone well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Note {
    /// A retry would have been due, and the upload can be read only once.
    SentOnce,
    /// The other URL format would have been tried, and the upload can be read only once.
    SentInOneFormat,
    /// The URL format is unknown, and the connection broke.
    MayBeTheFormat,
}

impl Note {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::SentOnce => "the upload can be read only once, so that the call was not sent again",
            Self::SentInOneFormat => {
                "the upload can be read only once, so that the call was not sent in the gateway's other URL format; \
                 `url_format` of the client's builder sets the format"
            }
            Self::MayBeTheFormat => {
                "some gateways break the connection on a URL in the New Format; \
                 `url_format` of the client's builder sets the format"
            }
        }
    }
}

/// What came before the outcome of a call.
#[derive(Debug, Default)]
pub(crate) struct Past {
    /// The attempts before the last one.
    pub(crate) attempts: Vec<Attempt>,
    /// Whether one of them failed in a way that leaves open whether the server has acted on it.
    pub(crate) may_have_arrived: bool,
    /// Whether the call ended in the middle of an attempt.
    pub(crate) in_flight: bool,
    pub(crate) note: Option<Note>,
}

/// The retries of one call.
pub(crate) struct Retries<'c> {
    policy: RetryPolicy,
    budget: &'c Budget,
    deadline: Option<Instant>,
    past: Past,
    /// The turn that was waited for before the call's time began.
    turn: Option<Turn<'c>>,
    /// How many requests the call has come to, in either URL format.
    requests: usize,
}

impl<'c> Retries<'c> {
    pub(crate) fn new(call: &'c Call, deadline: Option<Instant>) -> Self {
        let shared = &call.client.shared;
        Self {
            policy: call.retry.unwrap_or(shared.retry),
            budget: &shared.budget,
            deadline,
            past: Past::default(),
            turn: None,
            requests: 0,
        }
    }

    /// Hands over the turn of the first attempt.
    pub(crate) fn set_turn(&mut self, turn: Option<Turn<'c>>) {
        self.turn = turn;
    }

    pub(crate) fn into_past(self) -> Past {
        self.past
    }

    /// Keeps what the error is to say besides.
    pub(crate) fn note(&mut self, note: Note) {
        self.past.note = Some(note);
    }

    /// Whether the policy has retries left.
    pub(crate) fn has_more(&self) -> bool {
        self.retries_so_far() < self.policy.max_retries
    }

    /// Counts an attempt that is followed by another at once.
    pub(crate) fn record(&mut self, error: &Error) {
        self.past.may_have_arrived |= error.may_have_been_processed();
        self.past.attempts.push(Attempt { outcome: error.to_string(), delay: Duration::ZERO });
    }

    /// Sends the call in one URL format until an answer stands. The retries are counted over the whole call.
    pub(crate) async fn run(&mut self, call: &'c Call, format: UrlFormat) -> Result<Answer, Error> {
        let (outcome, _) = self.run_until(call, format, |_, _| false).await;
        outcome
    }

    /// The same, but a connection that breaks while the URL format is unknown ends it; whether it did comes with the
    /// outcome.
    pub(crate) async fn run_to_break(&mut self, call: &'c Call, format: UrlFormat) -> (Result<Answer, Error>, bool) {
        self.run_until(call, format, is_break).await
    }

    async fn run_until(
        &mut self,
        call: &'c Call,
        format: UrlFormat,
        is_end: fn(&Call, &Result<Answer, Error>) -> bool,
    ) -> (Result<Answer, Error>, bool) {
        loop {
            let turn = match self.requests {
                0 => self.turn.take(),
                _ => call.client.shared.pace.turn(call.operation.rate_limit).await,
            };
            self.requests += 1;
            self.past.in_flight = true;
            let outcome = attempt(call, format, self.past.attempts.len(), turn).await;
            self.past.in_flight = false;
            if outcome.as_ref().is_ok_and(|answer| answer.status.is_success()) {
                self.budget.earn();
                return (outcome, false);
            }
            if is_end(call, &outcome) {
                return (outcome, true);
            }
            let Some(delay) = self.delay(call, &outcome) else { return (outcome, false) };
            let attempt = Attempt { outcome: describe(&outcome), delay };
            #[cfg(feature = "tracing")]
            tracing::debug!(
                http.request.method = %call.operation.method,
                url.template = call.operation.path.as_ref(),
                http.request.resend_count = self.past.attempts.len() + 1,
                outcome = attempt.outcome,
                delay_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX),
                "the call is sent again"
            );
            self.past.may_have_arrived |= may_have_arrived(&outcome);
            self.past.attempts.push(attempt);
            sleep(delay).await;
        }
    }

    fn retries_so_far(&self) -> u32 {
        u32::try_from(self.past.attempts.len()).unwrap_or(u32::MAX)
    }

    /// How long to wait before the next attempt; `None` where this one stands.
    fn delay(&mut self, call: &Call, outcome: &Result<Answer, Error>) -> Option<Duration> {
        if !self.has_more() {
            return None;
        }
        let asked = outcome.as_ref().ok().and_then(|answer| retry_after(&answer.headers, &answer.body));
        let is_unreachable = |answer: &Answer| gateway_errors::is_unreachable(answer.status, &answer.body);
        let no_provider = call.client.shared.gateway && outcome.as_ref().is_ok_and(is_unreachable);
        // The gateway's 500 without an answer of the provider is what others say by a 502.
        let is_repeatable = if no_provider {
            call.operation.method.is_idempotent()
        } else {
            is_repeatable(&call.operation.method, outcome, asked.is_some())
        };
        if !is_repeatable {
            return None;
        }
        if !call.body.is_reopenable() {
            self.note(Note::SentOnce);
            return None;
        }
        let backoff = || self.policy.backoff(self.retries_so_far());
        let delay = asked.map_or_else(backoff, |asked| asked.min(self.policy.max_delay));
        let end = Instant::now().checked_add(delay)?;
        let is_in_time = self.deadline.is_none_or(|deadline| end < deadline);
        (is_in_time && self.budget.spend()).then_some(delay)
    }
}

/// Whether the connection broke before it was known whether the gateway has the route.
fn is_break(call: &Call, outcome: &Result<Answer, Error>) -> bool {
    matches!(outcome, Err(Error::Transport { .. })) && call.client.shared.format.known().is_none()
}

/// Whether the outcome leaves it safe, and worth a try, to send the request again.
fn is_repeatable(method: &Method, outcome: &Result<Answer, Error>, asked: bool) -> bool {
    match outcome {
        Ok(answer) => match answer.status {
            StatusCode::TOO_MANY_REQUESTS => true,
            StatusCode::SERVICE_UNAVAILABLE => asked || method.is_idempotent(),
            StatusCode::REQUEST_TIMEOUT | StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => {
                method.is_idempotent()
            }
            _ => false,
        },
        Err(Error::Connect { .. } | Error::Timeout { kind: TimeoutKind::Connect, .. }) => true,
        Err(Error::Transport { .. }) => method.is_idempotent(),
        Err(_) => false,
    }
}

/// Whether the server may have acted on the request: a connection lost on the way leaves that open, and so does an
/// answer that does not say that it was turned away.
fn may_have_arrived(outcome: &Result<Answer, Error>) -> bool {
    match outcome {
        Ok(answer) => match answer.status {
            StatusCode::TOO_MANY_REQUESTS => false,
            StatusCode::SERVICE_UNAVAILABLE => retry_after(&answer.headers, &answer.body).is_none(),
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

/// What the server asks to wait: a `Retry-After` header, or the provider's header inside the gateway's error body.
pub(crate) fn retry_after(headers: &HeaderMap, body: &[u8]) -> Option<Duration> {
    let header = headers.get("retry-after").and_then(|value| value.to_str().ok());
    if let Some(delay) = header.and_then(|text| read_delay(text, SystemTime::now())) {
        return Some(delay);
    }
    // They stand within the error where the provider's own body is empty.
    let [beside, error] = peek::members(body, ["headers", "error"])?.found;
    let within = || peek::members(error?.get().as_bytes(), ["headers"])?.found[0];
    let inner: Value = serde_json::from_str(beside.or_else(within)?.get()).ok()?;
    read_delay(gateway_errors::header_map(&inner).get("retry-after")?.to_str().ok()?, SystemTime::now())
}

/// Seconds, or a date; one that has passed is no delay.
fn read_delay(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        // Absurd numbers are capped by the policy; what no duration can hold is the longest one.
        return (seconds >= 0.0).then(|| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "it stands for the outcome of an attempt")]
    fn answer(status: StatusCode) -> Result<Answer, Error> {
        Ok(Answer { status, headers: HeaderMap::new(), body: bytes::Bytes::new(), stream: None })
    }

    #[test]
    fn only_what_is_safe_is_repeated() {
        let lost = || Err(Error::transport(String::new()));
        let refused = || Err(Error::connect(String::new()));
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            for status in [408, 429, 502, 503, 504] {
                assert!(
                    is_repeatable(&method, &answer(StatusCode::from_u16(status).unwrap()), false),
                    "{method} {status}"
                );
            }
            assert!(is_repeatable(&method, &lost(), false) && is_repeatable(&method, &refused(), false));
            for status in [400, 401, 404, 409, 500, 501] {
                assert!(
                    !is_repeatable(&method, &answer(StatusCode::from_u16(status).unwrap()), true),
                    "{method} {status}"
                );
            }
        }
        for method in [Method::POST, Method::PATCH] {
            assert!(is_repeatable(&method, &answer(StatusCode::TOO_MANY_REQUESTS), false));
            assert!(is_repeatable(&method, &answer(StatusCode::SERVICE_UNAVAILABLE), true));
            assert!(!is_repeatable(&method, &answer(StatusCode::SERVICE_UNAVAILABLE), false));
            for status in [408, 500, 502, 504] {
                assert!(
                    !is_repeatable(&method, &answer(StatusCode::from_u16(status).unwrap()), true),
                    "{method} {status}"
                );
            }
            assert!(is_repeatable(&method, &refused(), false) && !is_repeatable(&method, &lost(), false));
        }
    }

    #[test]
    fn a_refusal_after_an_attempt_that_arrived_is_no_proof_that_nothing_was_done() {
        assert!(may_have_arrived(&Err(Error::transport(String::new()))));
        assert!(may_have_arrived(&answer(StatusCode::BAD_GATEWAY)));
        assert!(may_have_arrived(&answer(StatusCode::SERVICE_UNAVAILABLE)));
        assert!(!may_have_arrived(&answer(StatusCode::TOO_MANY_REQUESTS)));
        assert!(!may_have_arrived(&Err(Error::connect(String::new()))));
        for last in [Error::connect("refused".to_owned()), Error::timeout(TimeoutKind::Connect, Duration::ZERO)] {
            let past = Past { may_have_arrived: true, ..Past::default() };
            assert!(matches!(last.after(past), Error::Transport { .. }));
        }
        assert!(matches!(Error::connect(String::new()).after(Past::default()), Error::Connect { .. }));
    }

    #[test]
    fn delays_are_read_in_every_form() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777 - 60);
        let seconds = |text: &str| read_delay(text, now).map(|delay| delay.as_secs());
        assert_eq!(seconds("5"), Some(5));
        assert_eq!(seconds(" 0.5 "), Some(0));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:49:37 GMT"), Some(60));
        assert_eq!(seconds("Tue, 06 Nov 1984 08:49:37 GMT"), Some(0));
        assert_eq!(seconds("1e300"), Some(Duration::MAX.as_secs()));
        for text in ["", "-1", "soon", "NaN", "-inf"] {
            assert_eq!(seconds(text), None, "{text}");
        }
        for body in [
            r#"{"message": "m", "provider": "p", "error": {}, "headers": {"Retry-After": "7"}}"#,
            r#"{"message": "m", "provider": "p", "error": {}, "headers": {"retry-after": ["7"]}}"#,
            r#"{"message": "m", "provider": "p", "error": {"code": "x", "headers": {"retry-after": 7}}}"#,
        ] {
            assert_eq!(retry_after(&HeaderMap::new(), body.as_bytes()), Some(Duration::from_secs(7)), "{body}");
        }
    }

    #[test]
    fn the_backoff_doubles_up_to_its_bound() {
        let policy =
            RetryPolicy::default().base_delay(Duration::from_millis(100)).max_delay(Duration::from_millis(250));
        for retry in 0..40 {
            let bound = [100, 200, 250][usize::try_from(retry.min(2)).unwrap()];
            for _ in 0..50 {
                assert!(policy.backoff(retry) <= Duration::from_millis(bound));
            }
        }
    }

    #[test]
    fn the_budget_runs_out_and_is_earned_back() {
        let budget = Budget::default();
        let spent = std::iter::repeat_with(|| budget.spend()).take_while(|spent| *spent).count();
        assert_eq!(spent, usize::try_from(BUDGET / COST).unwrap());
        for _ in 0..COST {
            budget.earn();
        }
        assert!(budget.spend() && !budget.spend());
    }
}
