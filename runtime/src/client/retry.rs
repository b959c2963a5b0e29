//! Retry settings: the policy of a call, and the retry budget that a client's calls share.

use std::{
    sync::atomic::{AtomicI32, Ordering},
    time::Duration,
};

use reqwest::{StatusCode, header::HeaderMap};

/// How often a call is retried, and after which delay.
///
/// GET, HEAD, OPTIONS, PUT and DELETE are retried when the connection fails and on the
/// [`statuses`](Self::statuses) 408, 429, 502, 503 and 504. Any other method is retried only if the server has certainly not
/// processed the request: if no connection was made, on 429, and on a 503 that says when to retry. A connection that closes after the
/// request was written leaves this open, so these methods are not retried then.
///
/// The delay is what the server asks for, in `Retry-After` or in one of the headers that
/// [`ApiError::retry_after`](crate::ApiError::retry_after) lists. If that is longer than [`max_delay`](Self::max_delay), the call
/// returns the error at once, and the error says how long to wait. Without such a header the delay is random, up to the base delay
/// doubled with each retry. If the delay would exceed the timeout of the call, the call returns the last error at once.
#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    max_retries: u32,
    base_delay: Duration,
    max_delay: Duration,
    statuses: &'static [u16],
    condition: Option<Condition>,
}

/// Decides on a response that is not a success, or leaves it to the statuses.
type Condition = fn(StatusCode, &HeaderMap) -> Option<bool>;

/// The statuses after which a repeated request may succeed.
const STATUSES: &[u16] = &[408, 429, 502, 503, 504];

impl PartialEq for RetryPolicy {
    fn eq(&self, other: &Self) -> bool {
        let settings = |policy: &Self| (policy.max_retries, policy.base_delay, policy.max_delay, policy.statuses);
        let same_condition = match (self.condition, other.condition) {
            (Some(one), Some(other)) => std::ptr::fn_addr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        };
        settings(self) == settings(other) && same_condition
    }
}

impl Eq for RetryPolicy {}

impl RetryPolicy {
    /// Creates a policy that never retries.
    pub const fn never() -> Self {
        Self {
            max_retries: 0,
            base_delay: Duration::ZERO,
            max_delay: Duration::ZERO,
            statuses: STATUSES,
            condition: None,
        }
    }

    /// Sets the maximum number of retries; the default is 2.
    pub const fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// Sets the upper bound of the first random delay; the default is 500 ms.
    pub const fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// Sets the maximum delay; the default is 30 s. A server that asks for a longer one ends the call.
    pub const fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Sets the statuses after which a call is retried, in place of the default ones. Methods that are not idempotent are retried only
    /// after a 429, and a 503 that says when to retry.
    pub const fn statuses(mut self, statuses: &'static [u16]) -> Self {
        self.statuses = statuses;
        self
    }

    /// Sets a condition on responses that are not a success. `Some(true)` retries the call if its method permits it, `Some(false)` does
    /// not, and `None` leaves the decision to the [`statuses`](Self::statuses).
    pub const fn condition(mut self, condition: fn(StatusCode, &HeaderMap) -> Option<bool>) -> Self {
        self.condition = Some(condition);
        self
    }

    /// Returns whether a response that is not a success is one after which to retry.
    pub(crate) fn retries(&self, status: StatusCode, headers: &HeaderMap) -> bool {
        let decided = self.condition.and_then(|condition| condition(status, headers));
        decided.unwrap_or_else(|| self.statuses.contains(&status.as_u16()))
    }

    /// Returns whether a call that has been retried `retries` times may be retried again.
    pub(crate) fn allows(&self, retries: u32) -> bool {
        retries < self.max_retries
    }

    /// Returns whether the policy allows the delay that the server asks for.
    pub(crate) fn waits(&self, asked: Duration) -> bool {
        asked <= self.max_delay
    }

    /// Returns a random delay between zero and the bound (full jitter), so that clients that failed together do not
    /// retry together.
    pub(crate) fn backoff(&self, retry: u32) -> Duration {
        let bound = self.base_delay.saturating_mul(1 << retry.min(16)).min(self.max_delay);
        bound.mul_f64(fastrand::f64())
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        let (base_delay, max_delay) = (Duration::from_millis(500), Duration::from_secs(30));
        Self { max_retries: 2, base_delay, max_delay, statuses: STATUSES, condition: None }
    }
}

/// The retry budget of a client, which avoids adding load to a failing server. A retry costs [`COST`]; a success
/// returns one.
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
    pub(crate) fn spend(&self) -> bool {
        let spend = |left: i32| (left >= COST).then_some(left - COST);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend).is_ok()
    }

    pub(crate) fn earn(&self) {
        let earn = |left: i32| (left < BUDGET).then_some(left + 1);
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, earn);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
