//! The gateway's envelope around results.

use std::borrow::Cow;

use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::{gateway::errors, model::peek};

/// Returns the result inside the gateway's envelope, or the whole body if there is no envelope. `one_pass` follows the
/// same rules.
///
/// An object with `provider` and `result` is an envelope. An object with `data` is an envelope only if its other
/// members are `message` and `provider`, because providers' results may have a `data` too. Without `provider`, `is_own`
/// decides whether `data` is a property of the result.
pub(crate) fn unwrap(body: &[u8], is_own: impl FnOnce(&[u8]) -> bool) -> Cow<'_, [u8]> {
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
    serde_json::from_str::<Value>(headers.get()).map(|headers| errors::header_map(&headers)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unwrapped(body: &str) -> String {
        String::from_utf8(unwrap(body.as_bytes(), |data| data == b"[0]").into_owned()).unwrap()
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
}
