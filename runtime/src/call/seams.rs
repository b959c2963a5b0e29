//! Inputs that the document does not declare.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    hash::{BuildHasher as _, Hasher as _, RandomState},
};

use serde_core::Serialize;
use serde_json::{Value, value::RawValue};

use crate::{
    call::{
        Call,
        body::{Body, json_object},
        multipart::PartContent,
        query::{Escape, QueryStyle, write_pairs},
    },
    http::media_type,
};

impl Call {
    /// Adds a query parameter. A list becomes a parameter for each item.
    pub fn any_query(&mut self, name: &str, value: impl Serialize) {
        let Some(value) = self.json(name, &value).and_then(|json| self.any_value(name, json)) else { return };
        if let Some(pairs) = self.written(name, write_pairs(name, QueryStyle::Repeated, &value, Escape::All)) {
            self.query.extend(pairs.into_iter().map(|pair| ("", pair)));
        }
    }

    /// Sets the property `stream` of the JSON body to `true`, if the document declares it.
    pub(crate) fn set_stream_flag(&mut self) {
        if self.operation.has_stream_flag {
            self.any_field("stream", true);
        }
    }

    /// Returns the text of a member of the JSON body that is a string or a number.
    pub(crate) fn body_value(&self, name: &str) -> Option<String> {
        let text = |value: Value| match value {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        match &self.body {
            Body::JsonFields { fields, .. } => {
                let (_, value) = fields.iter().find(|(key, _)| key == name)?;
                text(serde_json::from_str(value.get()).ok()?)
            }
            Body::Whole { content, .. } => {
                let mut members: BTreeMap<String, Value> = serde_json::from_slice(content).ok()?;
                text(members.remove(name)?)
            }
            _ => None,
        }
    }

    /// Returns the call with a key of its own, if the operation takes one and the caller has set none.
    pub(crate) fn with_key(&self) -> Option<Box<Self>> {
        let name = self.operation.idempotency_key?;
        if self.headers.iter().any(|(had, _)| had.as_str().eq_ignore_ascii_case(name)) {
            return None;
        }
        // In a box, because most calls do not carry another.
        let mut call = Box::new(self.clone());
        call.header(name, new_key());
        Some(call)
    }

    /// Chooses the alternative of the security that needs these schemes.
    pub fn choose_security(&mut self, schemes: &[&str]) {
        self.security = Some(schemes.iter().map(|&name| name.to_owned()).collect());
    }

    /// Sets a member of the body: a property of JSON, a field, or a part.
    pub fn any_field(&mut self, name: &str, value: impl Serialize) {
        let Some(json) = self.json(name, &value) else { return };
        let Some(value) = self.any_value(name, json.clone()) else { return };
        let json_type = self.operation.json_type();
        let refusal = match &mut self.body {
            Body::JsonFields { fields, .. } => {
                set_field(fields, name, json);
                None
            }
            body @ Body::None => {
                *body = Body::JsonFields { fields: vec![(name.to_owned().into(), json)], content_type: json_type };
                None
            }
            Body::Fields(fields) => match write_pairs(name, QueryStyle::Repeated, &value, Escape::All) {
                Ok(pairs) => {
                    fields.retain(|(input, _)| input != name);
                    fields.extend(pairs.into_iter().map(|pair| (name.to_owned().into(), pair)));
                    None
                }
                Err(reason) => Some(reason),
            },
            Body::Parts(parts) if parts.by_place => Some("the parts of the body have no names".to_owned()),
            Body::Parts(parts) => {
                parts.add(name, (!value.is_null()).then(|| PartContent::of(&value)));
                None
            }
            Body::Whole { content, content_type } if media_type::is_json(&media_type::essence(content_type)) => {
                match serde_json::from_slice::<BTreeMap<String, Box<RawValue>>>(content) {
                    Ok(members) => {
                        let mut fields = members.into_iter().map(|(key, value)| (key.into(), value)).collect();
                        set_field(&mut fields, name, json);
                        *content = json_object(&fields).into();
                        None
                    }
                    Err(_) => Some("the body is not an object".to_owned()),
                }
            }
            Body::Whole { .. } | Body::File(_) => Some("the body has no fields".to_owned()),
        };
        if let Some(reason) = refusal {
            self.refuse(format!("`{name}` cannot be sent: {reason}"));
        }
    }
}

/// Returns a random key in the form of a UUID (RFC 9562, version 4), which some servers demand.
fn new_key() -> String {
    // The keys of the hasher are random, and differ each time.
    let random = || RandomState::new().build_hasher().finish();
    let (high, low) = (random(), random());
    let version = (high & !0xf000) | 0x4000;
    let variant = (low & !(0b11 << 62)) | (0b10 << 62);
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        version >> 32,
        (version >> 16) & 0xffff,
        version & 0xffff,
        variant >> 48,
        variant & 0xffff_ffff_ffff
    )
}

fn set_field(fields: &mut Vec<(Cow<'static, str>, Box<RawValue>)>, name: &str, value: Box<RawValue>) {
    match fields.iter_mut().find(|(key, _)| key == name) {
        Some((_, had)) => *had = value,
        None => fields.push((name.to_owned().into(), value)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::{
        call::operation::Operation,
        client::{Client, builder::ClientBuilder, service::Service},
    };

    #[test]
    fn no_named_part_is_added_to_parts_that_have_places() {
        static SERVICE: Service = Service::new("http://localhost", "TEST");
        static NAMED: Operation = Operation::post("/").multipart();
        static PLACED: Operation = Operation::post("/").parts_by_place();
        let client: Client = ClientBuilder::new(&SERVICE).build().unwrap();
        for (operation, refusal) in [(&NAMED, None), (&PLACED, Some("the parts of the body have no names"))] {
            let mut call = Call::new(&client, operation);
            call.any_field("extra", "x");
            let error = call.check().err().map(|error| error.to_string());
            assert_eq!(error.is_some(), refusal.is_some(), "{error:?}");
            assert!(error.unwrap_or_default().contains(refusal.unwrap_or_default()));
        }
    }

    #[test]
    fn keys_are_random_uuids() {
        let keys: HashSet<String> = (0..1000).map(|_| new_key()).collect();
        assert_eq!(keys.len(), 1000);
        for key in keys {
            let lengths: Vec<usize> = key.split('-').map(str::len).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{key}");
            assert!(key.as_bytes()[14] == b'4' && b"89ab".contains(&key.as_bytes()[19]), "{key}");
        }
    }
}
