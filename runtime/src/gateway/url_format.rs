//! The gateway's two URL formats, and which values each can carry.

use std::sync::atomic::{AtomicU8, Ordering};

use percent_encoding::percent_decode_str;

use crate::http::{dots, path};

/// How the gateway receives path parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UrlFormat {
    /// In the path: `/v1/tones/ton_1`.
    New,
    /// In the query, with bare names in the path: `/v1/tones/tone_id?tone_id=ton_1`.
    Old,
}

impl UrlFormat {
    /// Parses the value of an environment variable, ignoring case.
    pub(crate) fn named(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "new" => Some(Self::New),
            "old" => Some(Self::Old),
            _ => None,
        }
    }
}

/// What a client knows about the gateway's URL format.
#[derive(Debug, Default)]
pub(crate) struct FormatMemory {
    /// The configured format. If it is set, nothing is learned.
    pinned: Option<UrlFormat>,
    state: AtomicU8,
}

/// The format is unknown. These are the values of the atomic.
const UNKNOWN: u8 = 0;
const NEW: u8 = 1;
const OLD: u8 = 2;
/// Both formats were tried once, and neither response said whether the route exists.
const TRIED_BOTH: u8 = 3;

impl FormatMemory {
    pub(crate) fn new(pinned: Option<UrlFormat>) -> Self {
        Self { pinned, ..Self::default() }
    }

    pub(crate) fn is_pinned(&self) -> bool {
        self.pinned.is_some()
    }

    pub(crate) fn known(&self) -> Option<UrlFormat> {
        self.pinned.or(match self.state.load(Ordering::Relaxed) {
            NEW => Some(UrlFormat::New),
            OLD => Some(UrlFormat::Old),
            _ => None,
        })
    }

    pub(crate) fn settle(&self, format: UrlFormat) {
        let state = match format {
            UrlFormat::New => NEW,
            UrlFormat::Old => OLD,
        };
        self.state.store(state, Ordering::Relaxed);
    }

    /// Records the format unless it is known.
    pub(crate) fn learn(&self, format: UrlFormat) {
        if self.known().is_none() {
            self.settle(format);
        }
    }

    /// Returns whether an unclear response justifies trying the other format. It does so only once.
    pub(crate) fn may_try_unclear(&self) -> bool {
        self.state.compare_exchange(UNKNOWN, TRIED_BOTH, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

/// The parts of a call's path that differ between the formats.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'c> {
    /// The path in the Old Format, if the call has one.
    pub(crate) old_path: Option<&'static str>,
    /// The percent-encoded values of path parameters.
    pub(crate) values: &'c [(&'static str, String)],
    /// Whether a document describes the call.
    pub(crate) is_described: bool,
}

/// The replacement of a call's path in the Old Format.
#[derive(Debug)]
pub(crate) struct OldTarget {
    pub(crate) path: &'static str,
    /// Percent-encoded query parameters with the values of path parameters.
    pub(crate) query: Vec<String>,
}

/// Returns the format to try first.
///
/// # Errors
///
/// Returns the reason why neither format can carry the call.
pub(crate) fn first(memory: &FormatMemory, target: &Target<'_>) -> Result<UrlFormat, String> {
    let format = memory.known().unwrap_or(UrlFormat::New);
    let has_old = target.old_path.is_some();
    if format == UrlFormat::Old && has_old {
        return Ok(format);
    }
    match in_old_format_alone(target.values) {
        None => Ok(format),
        Some(_) if has_old && !memory.is_pinned() => Ok(UrlFormat::Old),
        Some(name) => Err(format!(
            "the path value `{name}` has a `?`, `#` or `$` that changes the provider's path in the New Format, and the \
             call cannot be sent in the Old Format"
        )),
    }
}

/// Returns the replacement of a path in the Old Format, if the call has one.
pub(crate) fn old_target(target: &Target<'_>) -> Option<OldTarget> {
    // The gateway decodes the value once and inserts it into the provider's path, so it is encoded twice.
    let pair =
        |(name, value): &(&'static str, String)| format!("{}={}", path::encode_value(name), path::encode_value(value));
    target.old_path.map(|path| OldTarget { path, query: target.values.iter().map(pair).collect() })
}

/// Rejects a call whose path would lead to another route of the provider, in either format.
pub(crate) fn check<'q>(path: &str, query: impl Iterator<Item = &'q str>, target: &Target<'_>) -> Result<(), String> {
    check_path(path, target.values)?;
    if target.is_described {
        // An object that is exploded into query parameters may have a property with a path parameter's name.
        let names = || target.values.iter().map(|(name, _)| *name);
        check_query(query, |name| names().any(|known| known.eq_ignore_ascii_case(name)))
    } else {
        // The caller's path may be in the Old Format.
        check_query(query, |name| names_in_old_path(path, name))
    }
}

/// Rejects a path that would lead to another route of the provider.
///
/// The gateway decodes the value of a path parameter once and inserts it into the provider's path, so a separator takes
/// effect there however it is encoded here. A lone `/` is allowed, because some providers have values with it.
///
/// `path` is the expanded path after the base URL; `values` are the path parameters.
fn check_path(path: &str, values: &[(&'static str, String)]) -> Result<(), String> {
    if let Some((name, _)) = values.iter().find(|(_, value)| dots::has_hidden_dot_segment(value)) {
        return Err(format!("the path value `{name}` contains a dot segment, which would lead to another route"));
    }
    let end = path.find(['?', '#']).unwrap_or(path.len());
    if dots::has_hidden_dot_segment(path.get(..end).unwrap_or_default()) {
        return Err("the path contains a dot segment, which would lead to another route".to_owned());
    }
    Ok(())
}

/// Rejects a query parameter with a dot segment that the gateway would use as a path parameter. `query` yields
/// percent-encoded `name=value`; `is_path_parameter` is called with lower-case names.
fn check_query<'q>(
    query: impl Iterator<Item = &'q str>,
    is_path_parameter: impl Fn(&str) -> bool,
) -> Result<(), String> {
    for pair in query {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if !dots::has_hidden_dot_segment(value) {
            continue;
        }
        let name = percent_decode_str(name).decode_utf8_lossy().to_ascii_lowercase();
        // Servers read `id[]` and `id[0]` as `id`.
        let name = name.split('[').next().unwrap_or_default();
        if !name.is_empty() && is_path_parameter(name) {
            return Err(format!("the path value `{name}` contains a dot segment, which would lead to another route"));
        }
    }
    Ok(())
}

/// Returns whether a path in the Old Format has a parameter of this name. A segment holds the bare name, sometimes with
/// other text.
fn names_in_old_path(path: &str, name: &str) -> bool {
    let path = percent_decode_str(path).decode_utf8_lossy().to_ascii_lowercase();
    path.split('/').any(|segment| segment.contains(name))
}

/// Returns the first path parameter whose value only the Old Format can carry, because it is encoded twice there. In
/// the New Format the gateway decodes the value: a `?` or `#` then ends the provider's path, and a `$` before certain
/// characters is replaced by other parts of the path.
fn in_old_format_alone(values: &[(&'static str, String)]) -> Option<&'static str> {
    let is_special = |value: &String| {
        let mut previous = None;
        let is_taken = |byte: u8| match (previous.replace(byte), byte) {
            (_, b'?' | b'#') => true,
            (Some(b'$'), byte) => matches!(byte, b'$' | b'&' | b'`' | b'\'' | b'<' | b'0'..=b'9'),
            _ => false,
        };
        // Without an encoded character the value contains none of these.
        value.contains('%') && percent_decode_str(value).any(is_taken)
    };
    values.iter().find(|(_, value)| is_special(value)).map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unclear_answer_is_a_reason_once() {
        let memory = FormatMemory::default();
        assert!(memory.may_try_unclear());
        assert!(!memory.may_try_unclear());
        assert_eq!(memory.known(), None);
        memory.settle(UrlFormat::Old);
        assert_eq!(memory.known(), Some(UrlFormat::Old));
        let pinned = FormatMemory::new(Some(UrlFormat::New));
        pinned.settle(UrlFormat::Old);
        assert_eq!(pinned.known(), Some(UrlFormat::New));
    }

    fn value(text: &str) -> [(&'static str, String); 1] {
        [("id", path::encode_value(text))]
    }

    #[test]
    fn no_value_has_a_dot_segment_in_any_spelling() {
        for text in [
            "..",
            ".",
            "x/../y",
            "x/../../knowledge/kno_5",
            "x\\..\\y",
            "x%2f..%2Fy",
            "%2e%2e",
            "x/%252e%252e/y",
            "x%255c%2E",
            "x/%c0%ae%c0%ae/y",
            "x/%u002e./y",
            "x/..;v=1/y",
            "x/.. /y",
            "x/.\t./y",
            "./x",
            "x/.",
        ] {
            assert!(check_path("/v1/tones/x", &value(text)).is_err(), "{text}");
        }
        for text in ["ton_1", "a/b", "heads/v1.2", "a..b", "...", "a@b.c", "100%", "%", "é"] {
            assert_eq!(check_path("/v1/tones/x", &value(text)), Ok(()), "{text}");
        }
        // Template and values can form a dot segment together even if neither contains one.
        assert!(check_path("/v1/x%2F.%2Fy?z", &[]).is_err());
        assert!(check_path("/v1/x?y=a/../b", &[]).is_ok());
    }

    #[test]
    fn a_raw_query_is_looked_at_where_it_becomes_a_part_of_the_path() {
        let check = |path: &str, pair: &str| check_query([pair].into_iter(), |name| names_in_old_path(path, name));
        assert!(check("/v1/tones/Tone_Id", "tone_id=x%2F..%2Fy").is_err());
        assert!(check("/v1/orders/order_id.json", "order_id=%252e.").is_err());
        assert!(check("/v1/tones/tone_id", "tone_id%5B0%5D=..").is_err());
        assert!(check("/v1/tones/tone_id", "tone_id=x").is_ok());
        assert!(check("/v1/tones/tone_id", "url=https%3A%2F%2Fa%2F..%2Fb").is_ok());
    }

    #[test]
    fn what_the_new_format_would_take_apart_is_told() {
        for text in ["x?y", "x#y", "$&", "a$`", "a$'", "$$", "$1", "$<a>"] {
            assert_eq!(in_old_format_alone(&value(text)), Some("id"), "{text}");
        }
        for text in ["x", "a/b", "a&b", "$", "US$ 5", "%3F", "a%24%26"] {
            assert_eq!(in_old_format_alone(&value(text)), None, "{text}");
        }
    }
}
