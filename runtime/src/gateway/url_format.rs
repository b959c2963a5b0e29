//! The gateway's two URL formats: which one it takes, and which values either can carry.

use std::sync::atomic::{AtomicU8, Ordering};

use percent_encoding::percent_decode_str;

use crate::http::{dots, path};

/// A way in which the gateway takes path parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UrlFormat {
    /// In the path: `/v1/tones/ton_1`.
    New,
    /// In the query, the path holding their bare names: `/v1/tones/tone_id?tone_id=ton_1`.
    Old,
}

impl UrlFormat {
    /// The format that an environment variable names, in whatever letter case.
    pub(crate) fn named(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "new" => Some(Self::New),
            "old" => Some(Self::Old),
            _ => None,
        }
    }
}

/// What a client knows of the gateway's URL format.
#[derive(Debug, Default)]
pub(crate) struct FormatMemory {
    /// What the caller has set; nothing is learned then.
    pinned: Option<UrlFormat>,
    state: AtomicU8,
}

/// Nothing has been learned; the values of the atomic.
const UNKNOWN: u8 = 0;
const NEW: u8 = 1;
const OLD: u8 = 2;
/// Both formats were tried once and neither answer told whether the route was missing.
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

    /// Settles the format unless it is known.
    pub(crate) fn learn(&self, format: UrlFormat) {
        if self.known().is_none() {
            self.settle(format);
        }
    }

    /// Whether an answer that cannot tell is still a reason to try the other format. It is one once.
    pub(crate) fn may_try_unclear(&self) -> bool {
        self.state.compare_exchange(UNKNOWN, TRIED_BOTH, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

/// A call's path, as far as the formats differ.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'c> {
    /// The path in the Old Format, where the call has one.
    pub(crate) old_path: Option<&'static str>,
    /// The values of path parameters, percent-encoded.
    pub(crate) values: &'c [(&'static str, String)],
    /// Whether a document describes the call.
    pub(crate) is_described: bool,
}

/// What stands in place of a call's path in the Old Format.
#[derive(Debug)]
pub(crate) struct OldTarget {
    pub(crate) path: &'static str,
    /// The query parameters that hold the values of path parameters, percent-encoded.
    pub(crate) query: Vec<String>,
}

/// The format that a call is sent in first, or why neither can carry it.
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

/// What stands in place of a path in the Old Format, where the call has one.
pub(crate) fn old_target(target: &Target<'_>) -> Option<OldTarget> {
    // The gateway decodes the value once and puts it into the provider's path as it is, so the encoded value is encoded
    // once more.
    let pair =
        |(name, value): &(&'static str, String)| format!("{}={}", path::encode_value(name), path::encode_value(value));
    target.old_path.map(|path| OldTarget { path, query: target.values.iter().map(pair).collect() })
}

/// Refuses a call whose path would lead to another route of the provider, in either format.
pub(crate) fn check<'q>(path: &str, query: impl Iterator<Item = &'q str>, target: &Target<'_>) -> Result<(), String> {
    check_path(path, target.values)?;
    if target.is_described {
        // An object that is written property by property may have one of a parameter's name.
        let names = || target.values.iter().map(|(name, _)| *name);
        check_query(query, |name| names().any(|known| known.eq_ignore_ascii_case(name)))
    } else {
        // The path may be one in the Old Format.
        check_query(query, |name| names_in_old_path(path, name))
    }
}

/// Refuses a path that would lead to another route of the provider.
///
/// The gateway decodes the value of a path parameter once and puts it into the provider's path as it is, so that a
/// separator in it is one there, however it is encoded here. A `/` alone stays: some providers have values with it.
///
/// `path` is what follows the base URL, with the values in it, `values` those of path parameters.
fn check_path(path: &str, values: &[(&'static str, String)]) -> Result<(), String> {
    if let Some((name, _)) = values.iter().find(|(_, value)| dots::has_hidden_dot_segment(value)) {
        return Err(format!("the path value `{name}` has a dot segment, which would lead to another route"));
    }
    let end = path.find(['?', '#']).unwrap_or(path.len());
    if dots::has_hidden_dot_segment(path.get(..end).unwrap_or_default()) {
        return Err("the path has a dot segment, which would lead to another route".to_owned());
    }
    Ok(())
}

/// Refuses a query parameter with a dot segment that the gateway would take for the value of a path parameter. `query` is
/// `name=value` of each, percent-encoded; `is_path_parameter` is asked for names in lower case.
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
            return Err(format!("the path value `{name}` has a dot segment, which would lead to another route"));
        }
    }
    Ok(())
}

/// Whether a path in the Old Format has a parameter of this name: it holds the bare name, at times with more beside it.
fn names_in_old_path(path: &str, name: &str) -> bool {
    let path = percent_decode_str(path).decode_utf8_lossy().to_ascii_lowercase();
    path.split('/').any(|segment| segment.contains(name))
}

/// The path parameter, if any, whose value only the Old Format can carry, in which it is encoded twice. In the New Format,
/// once the gateway has decoded it, a `?` or a `#` in it ends the provider's path, and a `$` with certain characters after
/// it is replaced by other parts of the path.
fn in_old_format_alone(values: &[(&'static str, String)]) -> Option<&'static str> {
    let is_special = |value: &String| {
        // Without an encoded character there is none of these in it.
        if !value.contains('%') {
            return false;
        }
        let value: Vec<u8> = percent_decode_str(value).collect();
        let replaces = |pair: &[u8]| matches!(pair, [b'$', b'$' | b'&' | b'`' | b'\'' | b'<' | b'0'..=b'9']);
        value.iter().any(|byte| matches!(byte, b'?' | b'#')) || value.windows(2).any(replaces)
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
        // Template and values can make one together, also where neither has one.
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
