//! The parts and fields of forms.

use std::collections::BTreeMap;

use reqwest::header::{CONTENT_DISPOSITION, HeaderName, HeaderValue};

use crate::{
    call::{
        Call,
        body::Body,
        multipart::PartContent,
        query::{self, Escape, QueryStyle, ValueStyle},
        upload::Upload,
        value::{Defined, InputValue},
    },
    http::{framing, media_type},
    model::encodable::Encodable,
};

impl Call {
    /// Sets a part of the multipart body to text.
    pub fn text_part(&mut self, name: &'static str, value: impl Into<String>) {
        self.set_parts(name, vec![PartContent::text(value.into())]);
    }

    /// Sets a part of the multipart body to JSON; a plain value becomes text.
    pub fn json_part(&mut self, name: &'static str, value: impl Encodable) {
        if let Some(value) = self.value(name, &value) {
            // The gateway forwards parts as text. Elsewhere, OpenAPI's default for objects is JSON.
            let is_text = self.client.shared.gateway.is_some();
            let part = if is_text { PartContent::text(value.plain_text()) } else { PartContent::of(&value) };
            self.set_parts(name, if value.is_null() { Vec::new() } else { vec![part] });
        }
    }

    /// Sets a part of the multipart body to a value with a media type, which has a form for `null` if it is JSON.
    pub fn typed_part(&mut self, name: &'static str, media_type: &'static str, value: impl Encodable) {
        if let Some(value) = self.value(name, &value) {
            let is_sent = !value.is_null() || is_json(media_type);
            let part = is_sent.then(|| PartContent::typed(&value, media_type));
            self.set_parts(name, part.into_iter().collect());
        }
    }

    /// Sets a part of the multipart body to a file.
    pub fn file_part(&mut self, name: &'static str, upload: impl Into<Upload>) {
        self.set_parts(name, vec![PartContent::File(upload.into())]);
    }

    /// Sets a part of the multipart body to a file. The media type is chosen as in [`binary_body`](Self::binary_body).
    pub fn typed_file_part(&mut self, name: &'static str, media_types: &'static str, upload: impl Into<Upload>) {
        self.file_part(name, upload.into().or_content_type(Some(media_types)));
    }

    /// Sets the parts with this name in the multipart body: one text part per item.
    pub fn text_parts(&mut self, name: &'static str, values: impl Encodable) {
        self.set_value_parts(name, &values, parts_of, |value| PartContent::text(value.plain_text()));
    }

    /// Sets the parts with this name in the multipart body: one part per item, as JSON or, for a plain value, as text.
    pub fn json_parts(&mut self, name: &'static str, values: impl Encodable) {
        self.set_value_parts(name, &values, parts_of, PartContent::of);
    }

    /// Sets the parts with this name in the multipart body: one part with the media type per item. JSON has a form for `null`.
    pub fn typed_parts(&mut self, name: &'static str, media_type: &'static str, values: impl Encodable) {
        let split = if is_json(media_type) { json_parts_of } else { parts_of };
        self.set_value_parts(name, &values, split, |value| PartContent::typed(value, media_type));
    }

    /// Sets the parts with this name in the multipart body: one part per file.
    pub fn file_parts(&mut self, name: &'static str, uploads: Vec<Upload>) {
        self.set_parts(name, uploads.into_iter().map(PartContent::File).collect());
    }

    /// Sets the parts with this name in the multipart body: one part per file. Media types are chosen as in
    /// [`binary_body`](Self::binary_body).
    pub fn typed_file_parts(&mut self, name: &'static str, media_types: &'static str, uploads: Vec<Upload>) {
        let files = uploads.into_iter().map(|upload| upload.or_content_type(Some(media_types)));
        self.file_parts(name, files.collect());
    }

    /// Sets a field of the urlencoded body.
    pub fn form_field(&mut self, name: &'static str, value: impl Into<String>) {
        self.set_fields(name, vec![query::pair(name, &value.into())]);
    }

    /// Sets a field of the urlencoded body that is an array, an object or a union.
    pub fn styled_form_field(&mut self, name: &'static str, style: QueryStyle, value: impl Encodable) {
        let Some(value) = self.value(name, &value) else { return };
        if let Some(pairs) = self.written(name, query::write_pairs(name, style, &value, Escape::All)) {
            self.set_fields(name, pairs);
        }
    }

    /// Sets a part of the multipart body for each member of a value, with the name of the member.
    pub fn open_parts(&mut self, name: &'static str, values: impl Encodable) {
        self.set_open_parts(name, &values, |value| Ok(vec![value]));
    }

    /// As [`open_parts`](Self::open_parts), with a part for each item of a member that is a list.
    pub fn open_item_parts(&mut self, name: &'static str, values: impl Encodable) {
        self.set_open_parts(name, &values, parts_of);
    }

    /// Sets a part of the multipart body for each file, with its name.
    pub fn open_file_parts(&mut self, name: &'static str, uploads: BTreeMap<String, Upload>) {
        if let Body::Parts(parts) = &mut self.body {
            parts.set(name, uploads.into_iter().map(|(key, upload)| (key.into(), PartContent::File(upload))));
        }
    }

    /// Sets a header of all parts with a name.
    pub fn part_header(&mut self, part: &str, name: &str, style: ValueStyle, value: impl Encodable) {
        let Some(value) = self.value(name, &value) else { return };
        match self.written(name, query::write_value(name, &value, style, Escape::None)) {
            Some(Some(text)) => self.set_part_header(part, name, &text),
            // The part has no header for an undefined value, whatever was set before.
            Some(None) => {
                if let Body::Parts(parts) = &mut self.body {
                    parts.remove_header(part, name);
                }
            }
            None => {}
        }
    }

    pub(crate) fn set_part_header(&mut self, part: &str, name: &str, value: &str) {
        let header = HeaderName::from_bytes(name.as_bytes()).ok().zip(HeaderValue::from_str(value).ok());
        let Some((key, value)) = header.filter(|(_, value)| value.to_str().is_ok()) else {
            let name = self.shown(name);
            return self.refuse(format!("the header `{name}` contains characters that are not allowed in a header"));
        };
        let has_name = !matches!(&self.body, Body::Parts(parts) if parts.by_place);
        if framing::refusal(&key).is_some() || (has_name && key == CONTENT_DISPOSITION) {
            return self.refuse(format!("the header `{key}` of a part can only be set by the client"));
        }
        match &mut self.body {
            Body::Parts(parts) => parts.set_header(part.to_owned(), key, value),
            _ => self.refuse("the body has no parts".to_owned()),
        }
    }

    /// Sets the parts with this name: one per item, or one for a value that is no list.
    fn set_value_parts(
        &mut self,
        name: &'static str,
        values: &impl Encodable,
        split: Split,
        part: impl Fn(&InputValue) -> PartContent,
    ) {
        let Some(values) = self.value(name, values) else { return };
        if let Some(values) = self.written(name, split(values)) {
            self.set_parts(name, values.iter().map(part).collect());
        }
    }

    fn set_open_parts(&mut self, name: &'static str, values: &dyn Encodable, split: Split) {
        let Some(values) = self.value(name, values) else { return };
        let members = match self.written(name, values.defined()) {
            Some(Some(Defined::Members(members))) => members,
            Some(_) => Vec::new(),
            None => return,
        };
        let members = members.into_iter().map(|(key, value)| split(value).map(|values| (key, values)));
        let Some(members) = self.written(name, members.collect::<Result<Vec<_>, _>>()) else { return };
        if let Body::Parts(parts) = &mut self.body {
            let each = |(key, values): (String, Vec<InputValue>)| {
                values.into_iter().map(move |value| (key.clone().into(), PartContent::of(&value)))
            };
            parts.set(name, members.into_iter().flat_map(each));
        }
    }

    fn set_parts(&mut self, name: &'static str, contents: Vec<PartContent>) {
        if let Body::Parts(parts) = &mut self.body {
            parts.set(name, contents.into_iter().map(|content| (name.into(), content)));
        }
    }

    fn set_fields(&mut self, name: &'static str, pairs: Vec<String>) {
        if let Body::Fields(fields) = &mut self.body {
            fields.retain(|(input, _)| *input != name);
            fields.extend(pairs.into_iter().map(|pair| (name.into(), pair)));
        }
    }
}

fn is_json(media_type: &str) -> bool {
    media_type::is_json(&media_type::essence(media_type))
}

/// Returns the values that are parts.
type Split = fn(InputValue) -> Result<Vec<InputValue>, String>;

/// Returns the items of a list, whose parts are JSON, or the value itself.
fn json_parts_of(value: InputValue) -> Result<Vec<InputValue>, String> {
    if value.is_list() { value.all_items() } else { parts_of(value) }
}

/// Returns the items of a list that are not `null`, or the value itself.
fn parts_of(value: InputValue) -> Result<Vec<InputValue>, String> {
    match value {
        value if value.is_list() => value.items(),
        value if value.is_null() => Ok(Vec::new()),
        value => Ok(vec![value]),
    }
}
