//! Keeps calls to a rate, so that the server need not refuse them.

use std::{collections::VecDeque, time::Duration};

use tokio::{
    sync::Mutex,
    time::{Instant, sleep_until},
};

/// At most so many requests in any period of this length, for all operations that share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    name: &'static str,
    requests: u32,
    period: Duration,
}

impl RateLimit {
    /// A limit of this name; its operations name it. No requests at all counts as one.
    pub const fn new(name: &'static str, requests: u32, period: Duration) -> Self {
        Self { name, requests: if requests == 0 { 1 } else { requests }, period }
    }

    /// What its operations call it.
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

/// The limits that the clones of one client keep together.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    windows: Vec<Window>,
}

/// The last requests under one limit.
///
/// Unlike a token bucket, which lets a full burst through and its refill besides, it never starts more requests in any
/// period than the limit says, wherever the server's own periods begin.
#[derive(Debug)]
struct Window {
    limit: RateLimit,
    /// When each of the last requests started. Whoever waits holds it, so that calls go in the order in which they came.
    starts: Mutex<VecDeque<Instant>>,
}

impl Pace {
    pub(crate) fn new(limits: impl IntoIterator<Item = RateLimit>) -> Self {
        let window = |limit| Window { limit, starts: Mutex::default() };
        Self { windows: limits.into_iter().map(window).collect() }
    }

    /// Waits until a request under the limit of this name may start.
    pub(crate) async fn turn(&self, name: Option<&str>) {
        let window = self.windows.iter().find(|window| Some(window.limit.name()) == name);
        if let Some(window) = window {
            window.turn().await;
        }
    }
}

impl Window {
    async fn turn(&self) {
        let mut starts = self.starts.lock().await;
        if starts.len() >= usize::try_from(self.limit.requests).unwrap_or(usize::MAX)
            && let Some(first) = starts.front()
        {
            // A period that no clock can hold never ends.
            match first.checked_add(self.limit.period) {
                Some(free) => sleep_until(free).await,
                None => std::future::pending().await,
            }
            starts.pop_front();
        }
        starts.push_back(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn no_period_has_more_requests_than_the_limit() {
        let pace = Pace::new([RateLimit::new("generation", 3, MINUTE)]);
        let begun = Instant::now();
        let mut starts = Vec::new();
        for pause in [0, 50, 0, 0, 0, 30, 0, 0, 0, 0] {
            tokio::time::sleep(Duration::from_secs(pause)).await;
            pace.turn(Some("generation")).await;
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
            pace.turn(name).await;
        }
        assert_eq!(begun.elapsed(), Duration::ZERO);
        pace.turn(Some("a")).await;
        assert!(begun.elapsed() >= MINUTE);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_is_given_up_while_it_waits_takes_no_turn() {
        let pace = Pace::new([RateLimit::new("a", 1, MINUTE)]);
        pace.turn(Some("a")).await;
        let begun = Instant::now();
        tokio::time::timeout(Duration::from_secs(10), pace.turn(Some("a"))).await.unwrap_err();
        pace.turn(Some("a")).await;
        assert_eq!(begun.elapsed().as_secs(), 60);
    }
}
