//! Expands a path template so that no value changes its structure.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

/// Encodes everything except RFC 3986's unreserved characters, so that no value can end its segment.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes text as one path segment.
pub(crate) fn encode_value(value: &str) -> String {
    encoded_value(value).collect()
}

/// As [`encode_value`], in pieces.
pub(crate) fn encoded_value(value: &str) -> PercentEncode<'_> {
    utf8_percent_encode(value, VALUE)
}

/// Encodes everything except RFC 3986's unreserved and reserved characters; of the reserved ones, those that would end
/// a parameter or be read as a space are encoded too.
const RESERVED: &AsciiSet = &VALUE
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'[')
    .remove(b']')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// Percent-encodes text as the value of a query parameter with reserved expansion (RFC 6570, 3.2.3): reserved
/// characters and existing percent-encodings are kept.
pub(crate) fn encode_reserved(value: &str) -> String {
    encode_except_triples(value, RESERVED)
}

/// The reserved characters that a segment of a path can contain (RFC 3986, 3.3) are not encoded.
const SEGMENT: &AsciiSet = &VALUE
    .remove(b':')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// Percent-encodes text as a segment of a path with reserved expansion: reserved characters that do not end the segment, and
/// existing percent-encodings, are kept.
pub(crate) fn encode_segment(value: &str) -> String {
    // An encoded dot is a dot, which `expand` must see.
    encode_except_triples(value, SEGMENT).replace("%2e", ".").replace("%2E", ".")
}

/// Percent-encodes characters, except existing percent-encodings.
fn encode_except_triples(value: &str, set: &'static AsciiSet) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(start) = rest.find('%') {
        let (before, from) = rest.split_at(start);
        out.extend(utf8_percent_encode(before, set));
        let digits = from.as_bytes().get(1..3).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let (sign, after) = from.split_at(if digits.is_some() { 3 } else { 1 });
        out.push_str(if digits.is_some() { sign } else { "%25" });
        rest = after;
    }
    out.extend(utf8_percent_encode(rest, set));
    out
}

/// Expands the template with the encoded values, and appends the path to `url`.
///
/// # Errors
///
/// Returns which value cannot be part of a path.
pub(crate) fn expand(template: &str, values: &[(&'static str, String)], url: &mut String) -> Result<(), String> {
    let template = template.strip_prefix('/').unwrap_or(template);
    if !template.contains('{') {
        url.push('/');
        url.push_str(template);
        return Ok(());
    }
    for segment in template.split('/') {
        url.push('/');
        if !segment.contains('{') {
            url.push_str(segment);
            continue;
        }
        let start = url.len();
        expand_segment(segment, values, url)?;
        let expanded = url.get(start..).unwrap_or_default();
        // A URL parser resolves dot segments, even encoded ones, and an empty value would remove its segment.
        if matches!(expanded, "" | "." | "..") {
            return Err(format!("the path value in `{segment}` is {expanded:?}, which would lead to another route"));
        }
    }
    Ok(())
}

fn expand_segment(segment: &str, values: &[(&'static str, String)], out: &mut String) -> Result<(), String> {
    let mut rest = segment;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        let value = values.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str());
        let value = value.ok_or_else(|| format!("the path value `{name}` is missing"))?;
        if value.is_empty() {
            return Err(format!("the path value `{name}` is empty, which would lead to another route"));
        }
        out.push_str(before);
        out.push_str(value);
        rest = after;
    }
    out.push_str(rest);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(template: &str, values: &[(&'static str, String)]) -> Result<String, String> {
        let mut url = String::new();
        super::expand(template, values, &mut url).map(|()| url)
    }

    fn expanded(value: &str) -> Result<String, String> {
        expand("/v1/tones/{tone_id}", &[("tone_id", encode_value(value))])
    }

    #[test]
    fn a_value_stays_in_its_segment() {
        assert_eq!(expanded("ton_1").as_deref(), Ok("/v1/tones/ton_1"));
        assert_eq!(expanded("a/b?c#d%2F$&\n é").as_deref(), Ok("/v1/tones/a%2Fb%3Fc%23d%252F%24%26%0A%20%C3%A9"));
        assert_eq!(expanded("...").as_deref(), Ok("/v1/tones/..."));
    }

    #[test]
    fn reserved_characters_stay_in_their_segment() {
        let expanded = |value: &str| expand("/v1/{id}", &[("id", encode_segment(value))]);
        assert_eq!(expanded("a:b@c,d;e=f%2Fg").as_deref(), Ok("/v1/a:b@c,d;e=f%2Fg"));
        assert_eq!(expanded("a/b?c#d[e]%f").as_deref(), Ok("/v1/a%2Fb%3Fc%23d%5Be%5D%25f"));
        for value in ["..", "%2e%2E", ".%2e", "%2e"] {
            assert!(expanded(value).is_err(), "{value:?}");
        }
    }

    #[test]
    fn a_value_that_would_change_the_route_is_refused() {
        for value in ["", ".", ".."] {
            assert!(expanded(value).is_err(), "{value:?}");
        }
        assert!(expand("/a/{b}", &[]).is_err());
    }

    #[test]
    fn a_value_can_be_a_part_of_its_segment() {
        let values = [("id", "7".to_owned()), ("team", "x".to_owned())];
        assert_eq!(expand("/orders/{id}.json", &values).as_deref(), Ok("/orders/7.json"));
        assert_eq!(expand("/{id}_{team}/", &values).as_deref(), Ok("/7_x/"));
    }
}
