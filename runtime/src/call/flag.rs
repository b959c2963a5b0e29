//! The property of a body that asks for messages.

use serde_json::{Map, Value};

use crate::call::{Call, body::Body};

/// The name of the property.
const STREAM: &str = "stream";

impl Call {
    /// Sets the property `stream` of the JSON body to `true`, if the document declares it.
    pub(crate) fn set_stream_flag(&mut self) {
        if !self.operation.has_stream_flag {
            return;
        }
        match &mut self.body {
            Body::JsonFields { .. } => self.json_field(STREAM, true),
            Body::Whole { content, .. } => {
                if let Some(flagged) = flagged(content) {
                    *content = flagged.into();
                }
            }
            _ => {}
        }
    }
}

/// Returns the object with the property, or `None` if it needs no change.
fn flagged(object: &[u8]) -> Option<Vec<u8>> {
    let mut map: Map<String, Value> = serde_json::from_slice(object).ok()?;
    match map.get(STREAM) {
        Some(Value::Bool(true)) => None,
        // The text keeps the digits of all numbers.
        None => {
            let before = object.trim_ascii_end().strip_suffix(b"}")?;
            let separator = if map.is_empty() { "" } else { "," };
            Some([before, separator.as_bytes(), br#""stream":true}"#].concat())
        }
        Some(_) => {
            map.insert(STREAM.to_owned(), true.into());
            serde_json::to_vec(&map).ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_is_set_and_the_rest_stays() {
        for (body, expected) in [
            ("{}", Some(r#"{"stream":true}"#)),
            (r#"{"n":1.10}"#, Some(r#"{"n":1.10,"stream":true}"#)),
            (r#"{"stream":false}"#, Some(r#"{"stream":true}"#)),
            (r#"{"stream":true}"#, None),
            ("[]", None),
        ] {
            let got = flagged(body.as_bytes()).map(|text| String::from_utf8(text).unwrap());
            assert_eq!(got.as_deref(), expected, "{body}");
        }
    }
}
