//! Media types, and the ranges of them that documents declare.

use bytes::Bytes;
use reqwest::header::HeaderValue;

/// The media type of bytes of which nothing more is said.
const BYTES: &str = "application/octet-stream";

/// The members of a list as documents and `Accept` have it.
fn members(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|member| !member.is_empty())
}

/// Media types as the value of a header; the document may have any text in their place.
pub(crate) fn header(media_types: &str) -> Result<HeaderValue, String> {
    let value = HeaderValue::from_str(media_types).ok().filter(|_| media_types.is_ascii());
    value.ok_or_else(|| format!("`{media_types}` is no media type"))
}

/// The same of a text that the generated code holds, which is not copied.
pub(crate) fn static_header(media_types: &'static str) -> Result<HeaderValue, String> {
    let value = HeaderValue::from_maybe_shared(Bytes::from_static(media_types.as_bytes()));
    value.ok().filter(|_| media_types.is_ascii()).ok_or_else(|| format!("`{media_types}` is no media type"))
}

/// A media type without its parameters, in lower case.
pub(crate) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether a list of media types and ranges has this one in it.
pub(crate) fn includes(list: &str, media_type: &str) -> bool {
    let media_type = essence(media_type);
    members(list).any(|range| is_in_range(&essence(range), &media_type))
}

/// The first of a list that is no range.
pub(crate) fn first(list: &str) -> Option<&str> {
    members(list).find(|member| !essence(member).contains('*'))
}

/// What content goes out as where these media types are declared: as the one that it has where it is among them, else as
/// the first of them.
pub(crate) fn agreed<'a>(list: &'a str, own: &'a str) -> &'a str {
    let is_own = |member: &&str| essence(member) == essence(own);
    let in_range = || includes(list, own).then_some(own);
    members(list).find(is_own).or_else(in_range).or_else(|| first(list)).unwrap_or(own)
}

/// The ranges of RFC 9110, 12.5.1, and those that documents write besides: `application/*+json`.
fn is_in_range(range: &str, media_type: &str) -> bool {
    let Some((start, end)) = range.split_once('*') else { return range == media_type };
    // What follows the asterisk of `*/*` is another one.
    media_type.strip_prefix(start).is_some_and(|rest| end == "/*" || rest.ends_with(end))
}

/// Whether a response of this media type can be what was asked for by the list. Only a page or a message in place of a
/// file is surely not.
pub(crate) fn can_answer(accept: &str, media_type: &str) -> bool {
    let media_type = essence(media_type);
    let is_message = media_type.starts_with("text/") || is_json(&media_type);
    !is_message || includes(accept, &media_type) || is_alike(accept, &media_type) || says_bytes_alone(accept)
}

/// Whether the list has the same syntax under another name: servers call JSON lines by many, plain JSON among them, and
/// `text/xml` is `application/xml`.
fn is_alike(accept: &str, media_type: &str) -> bool {
    let has =
        |syntax: &str| media_type.contains(syntax) && members(accept).any(|range| essence(range).contains(syntax));
    has("json") || has("xml")
}

/// Whether of the file that is asked for nothing is said but that it is bytes: a server then labels it with what it is. JSON
/// beside it is the result of another status.
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
