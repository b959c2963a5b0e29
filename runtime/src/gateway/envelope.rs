//! The LowCodeAPI gateway: its envelopes, and its two ways to say 404.

use std::borrow::Cow;

use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::{gateway::errors as gateway_errors, model::peek};

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
    let Some(members) = peek::members(body, ["provider", "message"]) else { return NotFound::Unclear };
    match members.found {
        [Some(_), _] => NotFound::Resource,
        [None, Some(_)] if members.others == 0 => NotFound::Route,
        [None, _] => NotFound::Unclear,
    }
}

/// Returns the result inside the gateway's envelope, or the whole body if there is no envelope. `one_pass` follows the same
/// rules.
///
/// An object with `provider` and `result` is an envelope. One with `data` is an envelope only if its other members are
/// `message` and `provider`, because results of providers have a `data` too. Without `provider`, `is_own` decides whether
/// `data` is a property of the result.
pub(crate) fn unwrap_envelope(body: &[u8], is_own: impl FnOnce(&[u8]) -> bool) -> Cow<'_, [u8]> {
    let Some(members) = peek::members(body, ["result", "provider", "data", "message"]) else {
        return Cow::Borrowed(body);
    };
    let [result, provider, data, _] = members.found;
    let is_alone = members.others == 0 && result.is_none();
    let data = data.filter(|data| is_alone && (provider.is_some() || !is_own(data.get().as_bytes())));
    result
        .filter(|_| provider.is_some())
        .or(data)
        .map_or(Cow::Borrowed(body), |inner| Cow::Borrowed(inner.get().as_bytes()))
}

/// Returns the headers of the provider's response, which the envelope holds next to the result.
pub(crate) fn response_headers(body: &[u8]) -> HeaderMap {
    let Some(members) = peek::members(body, ["result", "provider", "response_headers"]) else {
        return HeaderMap::new();
    };
    let [Some(_), Some(_), Some(headers)] = members.found else { return HeaderMap::new() };
    serde_json::from_str::<Value>(headers.get()).map(|headers| gateway_errors::header_map(&headers)).unwrap_or_default()
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
        String::from_utf8(unwrap_envelope(body.as_bytes(), |data| data == b"[0]").into_owned()).unwrap()
    }

    #[test]
    fn envelopes_are_taken_off_and_the_providers_own_data_stays() {
        assert_eq!(unwrapped(r#"{"data": {"a": 1}}"#), r#"{"a": 1}"#);
        assert_eq!(unwrapped(r#"{"data": [0]}"#), r#"{"data": [0]}"#);
        assert_eq!(unwrapped(r#"{"provider": "p", "data": [0]}"#), "[0]");
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
}
