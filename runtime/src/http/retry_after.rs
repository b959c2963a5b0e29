//! Reads `Retry-After`.

use std::time::{Duration, SystemTime};

use reqwest::header::HeaderMap;

/// Reads the header `Retry-After`.
pub(crate) fn in_headers(headers: &HeaderMap) -> Option<Duration> {
    headers
        .get("retry-after")
        .and_then(|value| value.to_str().ok())
        .and_then(|text| read_delay(text, SystemTime::now()))
}

/// Parses seconds or a date. A date in the past is no delay.
pub(crate) fn read_delay(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        // The policy caps large numbers; a number that overflows `Duration` becomes its maximum.
        return (seconds >= 0.0).then(|| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
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
}
