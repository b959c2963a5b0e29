//! Tells on standard error what is sent, for `-v`.

use std::fmt::Write as _;

use lowcodeapi_runtime::{Hook, Outcome, RequestView, ResponseView, header::HeaderMap};

use crate::{connect::tell::tell, output::line};

/// Writes a line for each attempt; with a level of 2 or more, the headers too. Credentials are not shown.
pub(super) struct Watch {
    level: u8,
}

impl Watch {
    pub(super) fn new(level: u8) -> Self {
        Self { level }
    }
}

impl Hook for Watch {
    fn before(&self, request: &RequestView, _: &mut HeaderMap) {
        if self.level > 1 {
            let text = sent(request) + &headers('>', &request.headers);
            tell(text.trim_end());
        }
    }

    fn after(&self, request: &RequestView, outcome: Outcome<'_>) {
        let mut text = if self.level > 1 { String::new() } else { sent(request).trim_end().to_owned() + "  " };
        text.push_str(&received(outcome));
        if let (Outcome::Answered(response), true) = (outcome, self.level > 1) {
            text.push_str(&headers('<', &response.headers));
        }
        tell(text.trim_end());
    }
}

fn sent(request: &RequestView) -> String {
    let again = match request.resend_count {
        0 => String::new(),
        count => format!(" (attempt {})", count + 1),
    };
    format!("-> {} {}{again}\n", request.method, request.url)
}

fn received(outcome: Outcome<'_>) -> String {
    match outcome {
        Outcome::Answered(ResponseView { status, elapsed, body_length, .. }) => {
            let length = body_length.map(|length| format!(", {length} bytes")).unwrap_or_default();
            format!("<- {} in {} ms{length}\n", status.as_u16(), elapsed.as_millis())
        }
        Outcome::Failed(error) => format!("<- failed: {error}\n"),
        _ => "<- cancelled\n".to_owned(),
    }
}

fn headers(mark: char, headers: &HeaderMap) -> String {
    headers.iter().fold(String::new(), |mut text, (name, value)| {
        let value = line(&String::from_utf8_lossy(value.as_bytes()));
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{mark}  {name}: {value}");
        text
    })
}

#[cfg(test)]
mod tests {
    use lowcodeapi_runtime::header::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn a_header_of_a_server_cannot_command_the_terminal() {
        let value = HeaderValue::from_bytes(b"a\xc2\x9b31mb").unwrap();
        let map = HeaderMap::from_iter([(HeaderName::from_static("server"), value)]);
        assert_eq!(headers('<', &map), "<  server: a\\u{9b}31mb\n");
    }
}
