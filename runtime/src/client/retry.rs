//! How often a call is sent again, and what all calls of a client may spend on that.

use std::{
    sync::atomic::{AtomicI32, Ordering},
    time::Duration,
};

/// How often, and after how long, a call is sent again.
///
/// GET, HEAD, OPTIONS, PUT and DELETE are repeated when the connection fails and on 408, 429, 502, 503 and 504. Every
/// other method is repeated only where the server certainly has not processed the request: when no connection was made,
/// on 429, and on a 503 with `Retry-After`. A connection that closed after the request was written leaves that open, and
/// is no reason for them.
///
/// The delay is what the server asks for by `Retry-After`, at most [`max_delay`](Self::max_delay); else a random one of up to the base delay, doubled with each attempt. Where the delay
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

    /// Whether a call that was repeated so often may be repeated once more.
    pub(crate) fn allows(&self, retries: u32) -> bool {
        retries < self.max_retries
    }

    /// The delay before the next attempt where the server asks for this one.
    pub(crate) fn cap(&self, asked: Duration) -> Duration {
        asked.min(self.max_delay)
    }

    /// Full jitter: anything between nothing and the bound, so that clients that failed together do not come back
    /// together.
    pub(crate) fn backoff(&self, retry: u32) -> Duration {
        let bound = self.base_delay.saturating_mul(1 << retry.min(16)).min(self.max_delay);
        bound.mul_f64(fastrand::f64())
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { max_retries: 2, base_delay: Duration::from_millis(500), max_delay: Duration::from_secs(30) }
    }
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
