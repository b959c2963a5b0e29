//! Inputs that the document does not declare.

use std::{borrow::Cow, collections::BTreeMap};

use serde_core::Serialize;
use serde_json::value::RawValue;

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
        let Some(value) = self.value(name, &value) else { return };
        if let Some(pairs) = self.written(name, write_pairs(name, QueryStyle::Repeated, &value, Escape::All)) {
            self.query.extend(pairs.into_iter().map(|pair| ("", pair)));
        }
    }

    /// Chooses the alternative of the security that needs these schemes.
    pub fn choose_security(&mut self, schemes: &[&str]) {
        self.security = Some(schemes.iter().map(|&name| name.to_owned()).collect());
    }

    /// Sets a member of the body: a property of JSON, a field, or a part.
    pub fn any_field(&mut self, name: &str, value: impl Serialize) {
        let (Some(json), Some(value)) = (self.json(name, &value), self.value(name, &value)) else { return };
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
            Body::Parts(parts) => {
                parts.add(name, PartContent::of(&value));
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

fn set_field(fields: &mut Vec<(Cow<'static, str>, Box<RawValue>)>, name: &str, value: Box<RawValue>) {
    match fields.iter_mut().find(|(key, _)| key == name) {
        Some((_, had)) => *had = value,
        None => fields.push((name.to_owned().into(), value)),
    }
}
