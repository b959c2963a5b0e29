//! Reads how long a server asks to wait: `Retry-After`, and the headers that some servers have in its place.

use std::time::{Duration, SystemTime};

use reqwest::{StatusCode, header::HeaderMap};

use crate::platform::clock::now;

/// Headers that say when the quota is full again. Servers send them with every response, so they count only if the quota is spent.
const RESETS: [&str; 3] = ["ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset"];

/// Reads the delay from the headers of a response: milliseconds in `retry-after-ms`, then `Retry-After`, then, if the status is
/// 429, the time at which the quota is full again.
pub(crate) fn in_headers(status: StatusCode, headers: &HeaderMap) -> Option<Duration> {
    let now = now();
    let text = |name: &str| headers.get(name)?.to_str().ok();
    let milliseconds = || text("retry-after-ms").and_then(|text| seconds(text.trim().parse::<f64>().ok()? / 1000.0));
    let reset = || RESETS.iter().find_map(|name| read_reset(text(name)?, now));
    milliseconds()
        .or_else(|| text("retry-after").and_then(|text| read_delay(text, now)))
        .or_else(|| if status == StatusCode::TOO_MANY_REQUESTS { reset() } else { None })
}

/// Parses a time in seconds or milliseconds since 1970, or a delay. No server asks to wait for thirty years.
fn read_reset(text: &str, now: SystemTime) -> Option<Duration> {
    const SECONDS: f64 = 1e9;
    const MILLISECONDS: f64 = 1e12;
    let Ok(number) = text.trim().parse::<f64>() else { return read_delay(text, now) };
    let since_1970 = if number >= MILLISECONDS { number / 1000.0 } else { number };
    if since_1970 < SECONDS {
        return seconds(number);
    }
    let reset = SystemTime::UNIX_EPOCH.checked_add(seconds(since_1970)?)?;
    Some(reset.duration_since(now).unwrap_or(Duration::ZERO))
}

/// A number of seconds. The policy decides on large ones; a number that overflows `Duration` becomes its maximum.
fn seconds(seconds: f64) -> Option<Duration> {
    (seconds >= 0.0).then(|| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}

/// Parses seconds or a date. A date in the past is no delay.
pub(crate) fn read_delay(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        return seconds(number);
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

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
    }

    #[test]
    fn other_headers_say_when_too() {
        let read = |status: StatusCode, given: &[(&'static str, String)]| {
            let pairs = given.iter().map(|(name, value)| ((*name).parse().unwrap(), value.parse().unwrap()));
            in_headers(status, &pairs.collect::<HeaderMap>()).map(|delay| delay.as_secs_f64().round())
        };
        let [busy, down] = [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE];
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        let text = str::to_owned;
        assert_eq!(read(down, &[("retry-after", text("9")), ("retry-after-ms", text("3000"))]), Some(3.0));
        assert_eq!(read(busy, &[("ratelimit-reset", text("50"))]), Some(50.0));
        for reset in [(since_1970 + 30).to_string(), format!("{}000", since_1970 + 30)] {
            let delay = read(busy, &[("x-ratelimit-reset", reset.clone())]).unwrap();
            // The clock goes on.
            assert!((20.0..=30.0).contains(&delay), "{reset}: {delay}");
        }
        assert_eq!(read(busy, &[("x-ratelimit-reset", (since_1970 - 30).to_string())]), Some(0.0));
        assert_eq!(read(busy, &[("x-rate-limit-reset", text("soon"))]), None);
        // Other responses have it too.
        assert_eq!(read(down, &[("x-ratelimit-reset", text("50"))]), None);
        assert_eq!(read(busy, &[("retry-after-ms", text("-5"))]), None);
    }
}
