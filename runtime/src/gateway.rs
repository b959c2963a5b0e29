//! The LowCodeAPI gateway: its envelopes, its two URL formats, and its two ways to say 404.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    sync::atomic::{AtomicU8, Ordering},
};

use percent_encoding::percent_decode_str;
use serde_json::{Value, value::RawValue};

use crate::dots;

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

/// Refuses a path that would lead to another route of the provider.
///
/// The gateway decodes the value of a path parameter once and puts it into the provider's path as it is, so that a
/// separator in it is one there, however it is encoded here. A `/` alone stays: some providers have values with it.
///
/// `path` is what follows the base URL, with the values in it, `values` those of path parameters.
pub(crate) fn check_path(path: &str, values: &[(&'static str, String)]) -> Result<(), String> {
    if let Some((name, _)) = values.iter().find(|(_, value)| dots::has_hidden_dot_segment(value)) {
        return Err(format!("the path value `{name}` has a dot segment, which would lead to another route"));
    }
    let end = path.find(['?', '#']).unwrap_or(path.len());
    if dots::has_hidden_dot_segment(path.get(..end).unwrap_or_default()) {
        return Err("the path has a dot segment, which would lead to another route".to_owned());
    }
    Ok(())
}

/// Refuses a query parameter of a path without a template that the gateway would put into the provider's path: in the Old
/// Format the path holds the bare name of the parameter. `query` is `name=value` of each, percent-encoded.
pub(crate) fn check_raw_query<'q>(path: &str, query: impl Iterator<Item = &'q str>) -> Result<(), String> {
    let path = percent_decode_str(path).decode_utf8_lossy().to_ascii_lowercase();
    for pair in query {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = percent_decode_str(name).decode_utf8_lossy().to_ascii_lowercase();
        let is_value = !name.is_empty() && path.split('/').any(|segment| segment.contains(&name));
        if is_value && dots::has_hidden_dot_segment(value) {
            return Err(format!("the path value `{name}` has a dot segment, which would lead to another route"));
        }
    }
    Ok(())
}

/// The path parameter, if any, whose value only the Old Format can carry, in which it is encoded twice. In the New Format,
/// once the gateway has decoded it, a `?` or a `#` in it ends the provider's path, and a `$` with certain characters after
/// it is replaced by other parts of the path.
pub(crate) fn in_old_format_alone(values: &[(&'static str, String)]) -> Option<&'static str> {
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

/// What a 404 is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotFound {
    /// The gateway knows no such route.
    Route,
    /// The provider knows no such resource, so the route was right.
    Resource,
    /// The body does not tell.
    Unclear,
}

/// Reads what a 404 is about from its body: the gateway's own is nothing but a message, the provider's comes with the
/// provider's name and its error.
pub(crate) fn read_not_found(body: &[u8]) -> NotFound {
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else { return NotFound::Unclear };
    let has = |key: &str| body.contains_key(key);
    if has("provider") {
        NotFound::Resource
    } else if has("message") && body.len() == 1 {
        NotFound::Route
    } else {
        NotFound::Unclear
    }
}

/// The result inside the gateway's envelope; the body itself where there is none. `one_pass` goes by the same rules.
///
/// `result` is the result where it stands beside `provider`; `data` only where nothing but `message` or `provider`
/// stands beside it, because the provider's own bodies have a `data` too.
pub(crate) fn unwrap_envelope(body: &[u8]) -> Cow<'_, [u8]> {
    let Ok(entries) = serde_json::from_slice::<BTreeMap<Cow<'_, str>, &RawValue>>(body) else {
        return Cow::Borrowed(body);
    };
    let result = entries.get("result").filter(|_| entries.contains_key("provider"));
    let data = entries
        .get("data")
        .filter(|_| entries.keys().all(|key| matches!(key.as_ref(), "data" | "message" | "provider")));
    result.or(data).map_or(Cow::Borrowed(body), |inner| Cow::Borrowed(inner.get().as_bytes()))
}

/// The declared form of a result that holds a list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ListEnvelope {
    /// The property that holds the list.
    pub(crate) property: &'static str,
    /// The properties beside it.
    pub(crate) siblings: &'static [&'static str],
}

/// Brings the list shapes that providers answer with into one: an object whose `property` holds a list.
///
/// Known are that object itself, the same with a single item in place of the list, a bare list, a list of one-item
/// objects (whose other properties are taken from the first), and a bare item.
pub(crate) fn into_list_envelope(value: Value, &ListEnvelope { property, siblings }: &ListEnvelope) -> Value {
    let envelope =
        |items: Vec<Value>| Value::Object([(property.to_owned(), Value::Array(items))].into_iter().collect());
    match value {
        Value::Array(items) if !items.is_empty() && items.iter().all(|item| item.get(property).is_some()) => {
            merge_envelopes(items, property)
        }
        Value::Array(items) => envelope(items),
        // An envelope without its list is one whose list is empty; an item has properties of its own.
        Value::Object(object) if !object.contains_key(property) => {
            let is_envelope = object.keys().all(|key| siblings.contains(&key.as_str()));
            if is_envelope { Value::Object(object) } else { envelope(vec![Value::Object(object)]) }
        }
        Value::Object(mut object) => {
            if let Some(item) = object.get_mut(property).filter(|item| !item.is_array() && !item.is_null()) {
                *item = Value::Array(vec![item.take()]);
            }
            Value::Object(object)
        }
        other => other,
    }
}

fn merge_envelopes(envelopes: Vec<Value>, property: &str) -> Value {
    let mut items = Vec::with_capacity(envelopes.len());
    let mut merged = serde_json::Map::new();
    for envelope in envelopes {
        let Value::Object(envelope) = envelope else { continue };
        for (key, value) in envelope {
            if key != property {
                merged.entry(key).or_insert(value);
            } else if let Value::Array(more) = value {
                items.extend(more);
            } else if !value.is_null() {
                items.push(value);
            }
        }
    }
    merged.insert(property.to_owned(), Value::Array(items));
    Value::Object(merged)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn unwrapped(body: &str) -> String {
        String::from_utf8(unwrap_envelope(body.as_bytes()).into_owned()).unwrap()
    }

    #[test]
    fn envelopes_are_taken_off_and_the_providers_own_data_stays() {
        assert_eq!(unwrapped(r#"{"data": {"a": 1}}"#), r#"{"a": 1}"#);
        assert_eq!(unwrapped(r#"{"message": "m", "provider": "p", "result": [1], "response_headers": {}}"#), "[1]");
        assert_eq!(unwrapped(r#"{"message": "m", "provider": "p", "data": 5}"#), "5");
        for whole in [r#"{"requestId": "r", "data": []}"#, r#"{"result": 1}"#, "[1]", "", "<html>", "null"] {
            assert_eq!(unwrapped(whole), whole);
        }
    }

    #[test]
    fn every_known_list_shape_becomes_one() {
        let form = &ListEnvelope { property: "data", siblings: &["requestId"] };
        let expected = json!({"data": [{"id": 1}, {"id": 2}]});
        for shape in [json!({"data": [{"id": 1}, {"id": 2}]}), json!([{"id": 1}, {"id": 2}])] {
            assert_eq!(into_list_envelope(shape, form), expected);
        }
        let envelopes = json!([{"requestId": "r", "data": {"id": 1}}, {"requestId": "s", "data": {"id": 2}}]);
        let merged = json!({"requestId": "r", "data": [{"id": 1}, {"id": 2}]});
        assert_eq!(into_list_envelope(envelopes, form), merged);
        let one = json!({"data": [{"id": 1}]});
        assert_eq!(into_list_envelope(json!({"data": {"id": 1}}), form), one);
        assert_eq!(into_list_envelope(json!({"id": 1}), form), one);
        assert_eq!(into_list_envelope(json!([]), form), json!({"data": []}));
        assert_eq!(into_list_envelope(json!({"requestId": "r"}), form), json!({"requestId": "r"}));
    }

    #[test]
    fn a_404_tells_route_from_resource() {
        assert_eq!(read_not_found(br#"{"message":"Not Found"}"#), NotFound::Route);
        assert_eq!(read_not_found(br#"{"message":"x","provider":"jasper","error":{}}"#), NotFound::Resource);
        assert_eq!(read_not_found(br#"{"requestId":"r","errors":["no such tone"]}"#), NotFound::Unclear);
        assert_eq!(read_not_found(br#"{"data":{"error":{"message":"Not found","code":"404"}}}"#), NotFound::Unclear);
        assert_eq!(read_not_found(b"<html>"), NotFound::Unclear);
    }

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
        [("id", crate::path::encode_value(text))]
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
        let check = |path: &str, pair: &str| check_raw_query(path, [pair].into_iter());
        assert!(check("/v1/tones/Tone_Id", "tone_id=x%2F..%2Fy").is_err());
        assert!(check("/v1/orders/order_id.json", "order_id=%252e.").is_err());
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
