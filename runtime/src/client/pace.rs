//! Client-side rate limiting: delays requests so that the server need not reject them.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::platform::clock::{Instant, sleep_until};

/// A rate limit: a number of requests in any period of the given length, shared by all operations that refer to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    name: &'static str,
    requests: u32,
    period: Duration,
}

impl RateLimit {
    /// Creates a limit. Operations refer to it by `name`. A limit of 0 requests counts as 1.
    pub const fn new(name: &'static str, requests: u32, period: Duration) -> Self {
        Self { name, requests: if requests == 0 { 1 } else { requests }, period }
    }

    /// Returns the name by which operations refer to the limit.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the number of requests that a period may have.
    pub const fn requests(&self) -> u32 {
        self.requests
    }

    /// Returns the length of a period.
    pub const fn period(&self) -> Duration {
        self.period
    }
}

/// The rate limits that the clones of a client share.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    windows: Vec<Window>,
}

/// The start times of the last requests under one limit.
///
/// A token bucket allows a full burst plus its refill. This log never starts more requests than the limit in any
/// period, wherever the server's own periods begin.
#[derive(Debug)]
struct Window {
    limit: RateLimit,
    /// The start times of the last requests. The lock is never held while a call waits, and calls do not queue: a
    /// waiting call that is no longer polled must not block others.
    starts: Mutex<VecDeque<Instant>>,
}

/// A reserved slot for a request that has not been sent. Dropping it releases the slot.
#[derive(Debug)]
#[must_use = "dropping a turn releases it"]
pub(crate) struct Turn<'p> {
    /// `None` once the request has been sent.
    window: Option<&'p Window>,
    start: Instant,
}

impl Turn<'_> {
    /// Uses the slot: the request is sent now.
    pub(crate) fn take(mut self) {
        self.window = None;
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(window) = self.window {
            let mut starts = window.starts();
            if let Some(index) = starts.iter().rposition(|start| *start == self.start) {
                starts.remove(index);
            }
        }
    }
}

impl Pace {
    pub(crate) fn new(limits: impl IntoIterator<Item = RateLimit>) -> Self {
        let window = |limit| Window { limit, starts: Mutex::default() };
        Self { windows: limits.into_iter().map(window).collect() }
    }

    /// Waits until a request under the named limit may start. Returns `None` if there is no such limit.
    pub(crate) async fn turn(&self, name: Option<&str>) -> Option<Turn<'_>> {
        let window = self.windows.iter().find(|window| Some(window.limit.name()) == name)?;
        Some(window.turn().await)
    }
}

impl Window {
    fn starts(&self) -> MutexGuard<'_, VecDeque<Instant>> {
        self.starts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn turn(&self) -> Turn<'_> {
        loop {
            match self.take_start() {
                Ok(start) => return Turn { window: Some(self), start },
                Err(Some(free)) => sleep_until(free).await,
                // The period overflows the clock, so it never ends.
                Err(None) => std::future::pending().await,
            }
        }
    }

    /// Takes a slot if one is free; otherwise returns the time at which one will be.
    fn take_start(&self) -> Result<Instant, Option<Instant>> {
        let now = Instant::now();
        let mut starts = self.starts();
        if starts.len() >= usize::try_from(self.limit.requests).unwrap_or(usize::MAX)
            && let Some(first) = starts.front()
        {
            let free = first.checked_add(self.limit.period).ok_or(None)?;
            if free > now {
                return Err(Some(free));
            }
            starts.pop_front();
        }
        starts.push_back(now);
        Ok(now)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn no_period_has_more_requests_than_the_limit() {
        let pace = Pace::new([RateLimit::new("generation", 3, MINUTE)]);
        let begun = Instant::now();
        let mut starts = Vec::new();
        for pause in [0, 50, 0, 0, 0, 30, 0, 0, 0, 0] {
            tokio::time::sleep(Duration::from_secs(pause)).await;
            pace.turn(Some("generation")).await.unwrap().take();
            starts.push(begun.elapsed());
        }
        for four in starts.windows(4) {
            assert!(four[3] >= four[0] + MINUTE, "{starts:?}");
        }
        assert_eq!(starts[2], Duration::from_secs(50), "the first three need not wait");
        assert_eq!(starts[3], MINUTE, "the fourth waits for the first to be a minute old");
    }

    #[tokio::test(start_paused = true)]
    async fn limits_do_not_share() {
        let pace = Pace::new([RateLimit::new("a", 1, MINUTE), RateLimit::new("b", 1, MINUTE)]);
        let begun = Instant::now();
        for name in [Some("a"), Some("b"), Some("unknown"), None, None] {
            if let Some(turn) = pace.turn(name).await {
                turn.take();
            }
        }
        assert_eq!(begun.elapsed(), Duration::ZERO);
        pace.turn(Some("a")).await.unwrap().take();
        assert!(begun.elapsed() >= MINUTE);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_is_given_up_while_it_waits_takes_no_turn() {
        let pace = Pace::new([RateLimit::new("a", 1, MINUTE)]);
        pace.turn(Some("a")).await.unwrap().take();
        let begun = Instant::now();
        tokio::time::timeout(Duration::from_secs(10), pace.turn(Some("a"))).await.unwrap_err();
        pace.turn(Some("a")).await.unwrap().take();
        assert_eq!(begun.elapsed().as_secs(), 60);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_is_no_longer_polled_delays_no_other() {
        let pace = Pace::new([RateLimit::new("a", 1, MINUTE)]);
        let begun = Instant::now();
        pace.turn(Some("a")).await.unwrap().take();
        // They wait for a slot and are never polled again.
        let mut waiting: Vec<_> = (0..10).map(|_| Box::pin(pace.turn(Some("a")))).collect();
        for call in &mut waiting {
            assert!(call.as_mut().now_or_never().is_none());
        }
        pace.turn(Some("a")).await.unwrap().take();
        assert_eq!(begun.elapsed(), MINUTE);
        drop(waiting.split_off(5));
        pace.turn(Some("a")).await.unwrap().take();
        assert_eq!(begun.elapsed(), 2 * MINUTE);
    }

    #[tokio::test(start_paused = true)]
    async fn a_turn_that_leads_to_no_request_is_given_back() {
        let pace = Pace::new([RateLimit::new("a", 2, MINUTE)]);
        let begun = Instant::now();
        pace.turn(Some("a")).await.unwrap().take();
        for _ in 0..10 {
            drop(pace.turn(Some("a")).await.unwrap());
        }
        pace.turn(Some("a")).await.unwrap().take();
        assert_eq!(begun.elapsed(), Duration::ZERO);
        assert!(pace.turn(Some("a")).now_or_never().is_none());
    }
}
