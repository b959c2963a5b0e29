//! Bodies of responses inside values that are serialised.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use serde_core::{Serialize, Serializer};

/// A body as a text: as it is if it is UTF-8, else in Base64.
#[derive(Debug)]
pub struct BodyText<'b>(pub &'b Bytes);

impl Serialize for BodyText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(self.0) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => serializer.serialize_str(&BASE64_STANDARD.encode(self.0)),
        }
    }
}
