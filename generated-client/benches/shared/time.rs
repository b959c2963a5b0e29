//! The time of two ways to do the same. Other work on the machine slows both down alike, so they take turns, and what counts is the
//! ratio within a round.

use std::{
    fmt,
    time::{Duration, Instant},
};

use crate::Failure;

pub(crate) const ROUNDS: usize = 200;

/// The median, and the quartiles around it.
struct Spread([f64; 3]);

pub(crate) struct Times {
    ratio: Spread,
    ours: Spread,
    other: Spread,
}

/// Times both; each is told how often a round does it.
pub(crate) fn compare(
    times: u32,
    ours: impl Fn(u32) -> Result<(), Failure>,
    other: impl Fn(u32) -> Result<(), Failure>,
) -> Result<Times, Failure> {
    let time = |side: &dyn Fn(u32) -> Result<(), Failure>| -> Result<f64, Failure> {
        let started = Instant::now();
        side(times)?;
        Ok(micros(started.elapsed()) / f64::from(times))
    };
    let [mut ratios, mut of_ours, mut of_other] = [Vec::new(), Vec::new(), Vec::new()];
    for round in 0..=ROUNDS {
        // Neither is always the one that finds warm caches.
        let (our, its) = if round % 2 == 0 {
            (time(&ours)?, time(&other)?)
        } else {
            let its = time(&other)?;
            (time(&ours)?, its)
        };
        // The first round warms up.
        if round > 0 {
            ratios.push(our / its);
            of_ours.push(our);
            of_other.push(its);
        }
    }
    Ok(Times { ratio: Spread::of(ratios), ours: Spread::of(of_ours), other: Spread::of(of_other) })
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
        let (ours, other) = (self.ours.0[1], self.other.0[1]);
        write!(f, "{middle:.3} [{low:.3} to {high:.3}], {ours:.1} µs / {other:.1} µs")
    }
}
