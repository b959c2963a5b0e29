//! Schemas that describe a server-sent event as an object of its fields, and so the data as one of them.

use serde_json::{Map, Value};

use crate::{
    lower::schema::View,
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
    /// JSON of the schema at this place.
    Typed(String),
    /// The schema describes no data.
    Absent,
    /// The text that ends a stream.
    Last,
}

/// One alternative of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EventSchema {
    /// The names that events of this kind can have, if the schema says them.
    pub(super) names: Vec<String>,
    /// Whether events of this kind have a name.
    pub(super) is_named: bool,
    pub(super) data: Data,
}

/// The fields of one alternative.
#[derive(Debug, Clone, Default)]
struct Fields {
    /// The places of the schemas of the data, the most specific last.
    data: Vec<String>,
    names: Vec<String>,
    is_named: bool,
}

/// Returns the alternatives of a schema that describes the whole event, `None` if it describes the data itself. A schema of a whole
/// response is an event only if it has the name of the event too, or requires the data and has nothing else, because an object may
/// have a property `data`.
pub(super) fn events_of(document: Document<'_>, at: &str, is_item: bool) -> Option<Vec<EventSchema>> {
    let mut event = Event { document, has_name: false, requires_data: false, has_others: false, left: MAX_SCHEMAS };
    let alternatives = event.alternatives(at, &Fields::default());
    let has_data = alternatives.iter().any(|fields| !fields.data.is_empty());
    let is_event = !event.has_others && (is_item || event.has_name || event.requires_data) && has_data;
    let described =
        |Fields { data, names, is_named }: Fields| EventSchema { names, is_named, data: data_of(document, data) };
    is_event.then(|| alternatives.into_iter().map(described).collect())
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
        let listed = node.get("required").and_then(Value::as_array);
        let requires = |name: &str| listed.is_some_and(|names| names.iter().any(|it| it == name));
        fields.is_named |= requires("event");
        for (name, property) in node.get("properties").and_then(Value::as_object).into_iter().flatten() {
            self.has_others |= !FIELDS.contains(&name.as_str());
            if name == "data" {
                self.requires_data |= requires("data");
                fields.data.push(pointer::join(&pointer::join(&at, "properties"), name));
            } else if name == "event" {
                self.has_name = true;
                let names = texts_of(self.document, property);
                if !names.is_empty() {
                    fields.names = names;
                }
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
        let mapped =
            |choice: &str| self.document.node(choice).map(|schema| mapped_names(node, schema)).unwrap_or_default();
        let choices: Vec<(String, Fields)> = choices
            .into_iter()
            .map(|choice| {
                let names = mapped(&choice);
                let names = if names.is_empty() { inherited.names.clone() } else { names };
                (choice, Fields { names, ..inherited.clone() })
            })
            .collect();
        choices.iter().flat_map(|(choice, fields)| self.alternatives(choice, fields)).collect()
    }
}

/// Returns the texts that a schema lists.
fn texts_of(document: Document<'_>, schema: &Value) -> Vec<String> {
    let target = schema.get("$ref").and_then(Value::as_str).and_then(pointer::from_reference);
    let schema = target.and_then(|at| document.resolve(&at).ok()).map_or(schema, |(_, schema)| schema);
    let listed = schema.get("enum").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let values = schema.get("const").into_iter().chain(listed);
    values.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Returns the names of events that the discriminator of a choice maps to one of its schemas.
fn mapped_names(choice: &Map<String, Value>, schema: &Value) -> Vec<String> {
    let Some(discriminator) =
        choice.get("discriminator").filter(|it| it.get("propertyName").is_some_and(|it| it == "event"))
    else {
        return Vec::new();
    };
    let mapping = discriminator.get("mapping").and_then(Value::as_object).into_iter().flatten();
    mapping.filter(|(_, target)| Some(*target) == schema.get("$ref")).map(|(name, _)| name.clone()).collect()
}

/// Returns the kind of data that its schemas describe: what the most specific one says, else what those around it say.
fn data_of(document: Document<'_>, places: Vec<String>) -> Data {
    if places.is_empty() {
        return Data::Absent;
    }
    let all: Vec<Data> = places.into_iter().filter_map(|at| data_at(document, at)).collect();
    let is_text = all.contains(&Data::Text);
    // A format or a limit leaves a text one.
    let said =
        all.into_iter().rev().find(|data| !(is_text && matches!(data, Data::Typed(at) if only_limits(document, at))));
    // Schemas that say nothing are those of a text, as all fields of an event are.
    said.unwrap_or(Data::Text)
}

/// Returns whether a schema says neither the kind of its values nor what they consist of.
fn only_limits(document: Document<'_>, at: &str) -> bool {
    let view = document.resolve(at).ok().and_then(|(_, node)| View::of(node));
    view.is_some_and(|view| !view.says_kinds() && !view.says_structure())
}

/// Returns the kind of data that a schema describes, `None` if it says nothing.
fn data_at(document: Document<'_>, at: String) -> Option<Data> {
    let Ok((target, node)) = document.resolve(&at) else { return Some(Data::Json) };
    let Some(view) = View::of(node) else { return Some(Data::Json) };
    if node.get("contentSchema").is_some_and(Value::is_object) {
        return Some(Data::Typed(pointer::join(&target, "contentSchema")));
    }
    if node.get("contentMediaType").and_then(Value::as_str).is_some_and(is_json) {
        return Some(Data::Json);
    }
    if texts_of(document, node) == [DONE] {
        return Some(Data::Last);
    }
    if view.is_text() {
        return Some(Data::Text);
    }
    view.says_values().then_some(Data::Typed(at))
}
