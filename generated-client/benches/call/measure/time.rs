//! The time of calls. Other work on the machine slows both sides down alike, so they take turns, and what counts is the
//! ratio within a round.

use std::{
    fmt,
    time::{Duration, Instant},
};

use crate::{
    Failure,
    calls::{Calls, Operation, Side},
};

pub(crate) const ROUNDS: usize = 200;
/// How many calls a round makes on each side.
const CALLS: u32 = 25;

/// The median, and the quartiles around it.
struct Spread([f64; 3]);

pub(crate) struct Times {
    ratio: Spread,
    client: Spread,
    by_hand: Spread,
}

pub(crate) fn compare(calls: &Calls, operation: Operation) -> Result<Times, Failure> {
    let [mut ratios, mut client, mut by_hand] = [Vec::new(), Vec::new(), Vec::new()];
    for round in 0..=ROUNDS {
        let time = |side| -> Result<f64, Failure> {
            let started = Instant::now();
            calls.repeat(operation, side, CALLS)?;
            Ok(micros(started.elapsed()) / f64::from(CALLS))
        };
        // Neither is always the one that finds warm caches.
        let (of_client, of_by_hand) = if round % 2 == 0 {
            (time(Side::Client)?, time(Side::ByHand)?)
        } else {
            let by_hand = time(Side::ByHand)?;
            (time(Side::Client)?, by_hand)
        };
        // The first round warms up.
        if round > 0 {
            ratios.push(of_client / of_by_hand);
            client.push(of_client);
            by_hand.push(of_by_hand);
        }
    }
    Ok(Times { ratio: Spread::of(ratios), client: Spread::of(client), by_hand: Spread::of(by_hand) })
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_unstable_by(f64::total_cmp);
        let at = |quarter: usize| values.get(values.len() * quarter / 4).copied().unwrap_or(f64::NAN);
        Self([at(1), at(2), at(3)])
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [low, middle, high] = self.ratio.0;
        let (client, by_hand) = (self.client.0[1], self.by_hand.0[1]);
        write!(f, "{middle:.3} [{low:.3} to {high:.3}], {client:.1} µs / {by_hand:.1} µs")
    }
}
