//! Media types and media ranges.

use std::borrow::Cow;

use bytes::Bytes;
use reqwest::header::HeaderValue;

/// The media type of arbitrary bytes.
const BYTES: &str = "application/octet-stream";

/// Splits a list as in documents and in `Accept`.
fn members(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|member| !member.is_empty())
}

/// Converts media types to a header value. The document may contain any text in their place.
pub(crate) fn header(media_types: &str) -> Result<HeaderValue, String> {
    let value = HeaderValue::from_str(media_types).ok().filter(|_| media_types.is_ascii());
    value.ok_or_else(|| format!("`{media_types}` is not a media type"))
}

/// As [`header`], but copies only text that is not static.
pub(crate) fn header_of(media_types: Cow<'static, str>) -> Result<HeaderValue, String> {
    match media_types {
        Cow::Borrowed(text) => static_header(text),
        Cow::Owned(text) => header(&text),
    }
}

/// As [`header`], but does not copy the text.
pub(crate) fn static_header(media_types: &'static str) -> Result<HeaderValue, String> {
    let value = HeaderValue::from_maybe_shared(Bytes::from_static(media_types.as_bytes()));
    value.ok().filter(|_| media_types.is_ascii()).ok_or_else(|| format!("`{media_types}` is not a media type"))
}

/// Returns a media type without its parameters, in lower case.
pub(crate) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Returns whether a list of media types and ranges includes a media type.
pub(crate) fn includes(list: &str, media_type: &str) -> bool {
    let media_type = essence(media_type);
    members(list).any(|range| is_in_range(&essence(range), &media_type))
}

/// Returns whether a list contains a media type itself, and not only a range.
pub(crate) fn names(list: &str, media_type: &str) -> bool {
    let media_type = essence(media_type);
    members(list).any(|member| essence(member) == media_type)
}

/// Returns the first member that is not a range.
pub(crate) fn first(list: &str) -> Option<&str> {
    members(list).find(|member| !essence(member).contains('*'))
}

/// Chooses the media type of content: its own if the declared list includes it, otherwise the first declared one.
pub(crate) fn agreed<'a>(list: &'a str, own: &'a str) -> &'a str {
    let is_own = |member: &&str| essence(member) == essence(own);
    let in_range = || includes(list, own).then_some(own);
    members(list).find(is_own).or_else(in_range).or_else(|| first(list)).unwrap_or(own)
}

/// Matches the ranges of RFC 9110, 12.5.1, and those that documents add, such as `application/*+json`.
fn is_in_range(range: &str, media_type: &str) -> bool {
    let Some((start, end)) = range.split_once('*') else { return range == media_type };
    // In `*/*`, the text after the first asterisk contains another one.
    media_type.strip_prefix(start).is_some_and(|rest| end == "/*" || rest.ends_with(end))
}

/// Returns whether a response of this media type is plausible for the accepted list. Only an HTML page or JSON in place
/// of a file is not.
pub(crate) fn can_answer(accept: &str, media_type: &str) -> bool {
    let media_type = essence(media_type);
    let is_message = media_type.starts_with("text/") || is_json(&media_type);
    !is_message || includes(accept, &media_type) || is_alike(accept, &media_type) || says_bytes_alone(accept)
}

/// Returns whether the list contains the same syntax under another name. JSON lines have many names, including plain
/// JSON; `text/xml` equals `application/xml`.
fn is_alike(accept: &str, media_type: &str) -> bool {
    let has =
        |syntax: &str| media_type.contains(syntax) && members(accept).any(|range| essence(range).contains(syntax));
    has("json") || has("xml")
}

/// Returns whether the list declares only bytes. A server then labels the file with its actual type. JSON next to it
/// describes the result of another status.
fn says_bytes_alone(accept: &str) -> bool {
    let mut ranges = members(accept).map(essence).filter(|range| !is_json(range)).peekable();
    ranges.peek().is_some() && ranges.all(|range| range == BYTES)
}

pub(crate) fn is_json(essence: &str) -> bool {
    essence.ends_with("json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_take_in_what_they_say() {
        for (list, inside, outside) in [
            ("*/*", &["text/html", "image/png"][..], &[][..]),
            ("application/*", &["application/json", "Application/PDF; a=b"], &["text/html", "applications/json"]),
            ("image/png, image/*;q=0.5", &["image/png", "image/svg+xml"], &["text/plain", ""]),
            ("application/*+json", &["application/hal+json"], &["application/json", "text/x+json"]),
            ("TEXT/csv; charset=utf-8", &["text/csv"], &["text/c", "text/csvs", "text/*"]),
            ("", &[], &["text/html", ""]),
        ] {
            for media_type in inside {
                assert!(includes(list, media_type), "{list}: {media_type}");
            }
            for media_type in outside {
                assert!(!includes(list, media_type), "{list}: {media_type}");
            }
        }
    }

    #[test]
    fn a_page_is_no_answer_unless_it_was_asked_for() {
        for accept in ["image/png", "image/png, application/octet-stream", "application/pdf", "application/*"] {
            assert!(!can_answer(accept, "text/html; charset=utf-8"), "{accept}");
            assert!(can_answer(accept, ""), "{accept}");
            assert!(can_answer(accept, "binary/whatever"), "{accept}");
        }
        assert!(!can_answer("image/*", "application/json"));
        for (accept, media_type) in [
            ("application/octet-stream", "text/html"),
            ("application/octet-stream", "application/json"),
            ("application/json, application/octet-stream", "text/csv"),
            ("application/*", "application/json"),
            ("text/*", "text/csv"),
            ("application/x-ndjson", "application/json"),
            ("application/xml", "text/xml"),
        ] {
            assert!(can_answer(accept, media_type), "{accept}: {media_type}");
        }
    }

    #[test]
    fn content_keeps_its_media_type_where_that_is_declared() {
        for (list, own, agreed_on) in [
            ("image/png, image/jpeg", "image/jpeg", "image/jpeg"),
            ("image/png, image/jpeg", "text/plain", "image/png"),
            ("image/*", "image/webp", "image/webp"),
            ("image/*", "text/plain", "text/plain"),
            ("image/*, application/pdf", "text/plain", "application/pdf"),
            ("application/octet-stream", "text/plain", "application/octet-stream"),
            ("*/*, audio/ogg; codecs=opus", "audio/ogg", "audio/ogg; codecs=opus"),
        ] {
            assert_eq!(agreed(list, own), agreed_on, "{list}");
        }
    }

    #[test]
    fn a_range_names_no_media_type() {
        assert_eq!(first("image/*, image/png; a=b , image/jpeg"), Some("image/png; a=b"));
        assert_eq!(first("*/*"), None);
        assert_eq!(first(" , "), None);
    }
}
