//! Schemas that describe a server-sent event as an object of its fields, and so the data as one of them.

use serde_json::Value;

use crate::{
    lower::{context::single_value, schema::View},
    read::{media_type::is_json, parse::Document, pointer},
};

/// The fields of a server-sent event.
const FIELDS: [&str; 4] = ["data", "event", "id", "retry"];

/// The data with which the client ends a stream of events.
const DONE: &str = "[DONE]";

/// The most schemas to read for one event. A schema with more describes the data.
const MAX_SCHEMAS: usize = 1000;

/// What the data of an event is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Data {
    Text,
    /// Any JSON value.
    Json,
    /// JSON of the schema at this place, in events of this name if the schema says only one.
    Typed(String, Option<String>),
}

/// The fields of one alternative.
#[derive(Debug, Clone, Default)]
struct Fields {
    /// The place of the data.
    data: Option<String>,
    name: Option<String>,
}

/// Returns what the data can be if a schema describes the whole event, `None` if it describes the data itself. A schema of a whole
/// response is an event only if it has the name of the event too, or requires the data and has nothing else, because an object may
/// have a property `data`.
pub(super) fn data_of_event(document: Document<'_>, at: &str, is_item: bool) -> Option<Vec<Data>> {
    let mut event = Event { document, has_name: false, requires_data: false, has_others: false, left: MAX_SCHEMAS };
    let alternatives = event.alternatives(at, &Fields::default());
    let has_data = alternatives.iter().any(|fields| fields.data.is_some());
    let is_event = !event.has_others && (is_item || event.has_name || event.requires_data) && has_data;
    is_event.then(|| {
        let mut found: Vec<Data> = Vec::new();
        for data in alternatives.into_iter().filter_map(|fields| data_at(document, fields)) {
            if !found.contains(&data) {
                found.push(data);
            }
        }
        found
    })
}

/// Gathers the fields of an event.
struct Event<'t> {
    document: Document<'t>,
    has_name: bool,
    /// Whether the data is required.
    requires_data: bool,
    /// Whether it has properties that events do not have.
    has_others: bool,
    /// The number of schemas that may still be read.
    left: usize,
}

impl Event<'_> {
    /// Returns the fields of each alternative, which inherits those beside the choice.
    fn alternatives(&mut self, at: &str, inherited: &Fields) -> Vec<Fields> {
        let mut fields = inherited.clone();
        let Some(left) = self.left.checked_sub(1) else {
            self.has_others = true;
            return vec![fields];
        };
        self.left = left;
        let Ok((at, Value::Object(node))) = self.document.schema(at) else { return vec![fields] };
        for (name, property) in node.get("properties").and_then(Value::as_object).into_iter().flatten() {
            self.has_others |= !FIELDS.contains(&name.as_str());
            if name == "data" {
                let required = node.get("required").and_then(Value::as_array);
                self.requires_data |= required.is_some_and(|names| names.iter().any(|it| it == "data"));
                fields.data = Some(pointer::join(&pointer::join(&at, "properties"), name));
            } else if name == "event" {
                self.has_name = true;
                fields.name = single_value(self.document, property).map(|name| name.to_string());
            }
        }
        let members = |key: &str| {
            let list = pointer::join(&at, key);
            let count = node.get(key).and_then(Value::as_array).map_or(0, Vec::len);
            (0..count).map(|index| pointer::join(&list, &index.to_string())).collect::<Vec<_>>()
        };
        let beside = node.get("$ref").and_then(Value::as_str).and_then(pointer::from_reference);
        let mut found = vec![fields];
        for part in members("allOf").into_iter().chain(beside) {
            found = found.iter().flat_map(|fields| self.alternatives(&part, fields)).collect();
        }
        let choices: Vec<String> = members("oneOf").into_iter().chain(members("anyOf")).collect();
        if choices.is_empty() {
            return found;
        }
        let inherited = found.into_iter().next().unwrap_or_default();
        choices.iter().flat_map(|choice| self.alternatives(choice, &inherited)).collect()
    }
}

/// Returns the kind of data that its schema describes, or `None` for the text that ends a stream.
fn data_at(document: Document<'_>, fields: Fields) -> Option<Data> {
    let Fields { data, name } = fields;
    let at = data?;
    let Ok((target, node)) = document.resolve(&at) else { return Some(Data::Json) };
    let view = View::of(node)?;
    if node.get("contentSchema").is_some_and(Value::is_object) {
        return Some(Data::Typed(pointer::join(&target, "contentSchema"), name));
    }
    if node.get("contentMediaType").and_then(Value::as_str).is_some_and(is_json) {
        return Some(Data::Json);
    }
    let is_done = |value: &Value| value == DONE;
    if node.get("const").is_some_and(is_done) {
        return None;
    }
    // A schema that says nothing is one of a text, as all fields of an event are.
    if view.is_text() || !view.says_values() {
        return Some(Data::Text);
    }
    Some(Data::Typed(at, name))
}
