//! Bodies that consist of properties.

use foldhash::{HashMap, HashSet};
use openapiv3::{MediaType, RequestBody};
use serde_json::{Map, Value};

use crate::{
    ir::{Docs, Origin, Type},
    lower::{
        context::{Cx, Report},
        schema::{
            Listed, Others, View, conditional_members, described_by_all, is_never, is_read_only, listed_names,
            lower_declared, report_never, undeclared_names,
        },
    },
    read::{media_type::Form, parse::Document, pointer},
};

/// A body that consists of properties.
#[derive(Clone, Copy)]
pub(super) struct Structured<'a> {
    pub(super) form: Form,
    pub(super) body: &'a RequestBody,
    pub(super) media: &'a MediaType,
    pub(super) media_type: &'a str,
    pub(super) at: &'a str,
    /// The place of the media type.
    pub(super) media_at: &'a str,
}

impl Structured<'_> {
    /// Returns the place of the encoding of a property.
    pub(super) fn encoding_at(&self, wire: &str) -> String {
        pointer::join(&pointer::join(self.media_at, "encoding"), wire)
    }
}

/// Whether an object explicitly allows undeclared properties.
pub(super) fn is_open(schema: &Value) -> bool {
    View::of(schema).is_some_and(|view| view.additional("").is_some())
}

/// Whether a schema is an object with only its own properties, which can be inputs.
pub(super) fn is_plain_object(document: Document<'_>, at: &str) -> bool {
    let Ok((_, node)) = document.schema(at) else { return false };
    let composed = ["$ref", "allOf", "oneOf", "anyOf"].iter().any(|key| node.get(key).is_some());
    let has_properties = View::of(node).is_some_and(|view| view.properties().is_some());
    has_properties && !composed && !is_open(node)
}

/// A property that becomes an input.
pub(super) struct Property {
    pub(super) wire: String,
    /// The places of the schemas that all of its values fit. A later one overrides an earlier one.
    all: Vec<String>,
    /// The places of the schemas that only some of its values fit.
    some: Vec<String>,
    pub(super) required: bool,
}

impl Property {
    /// A property with one schema.
    pub(super) fn of(wire: String, at: String, required: bool) -> Self {
        Self { wire, all: vec![at], some: Vec::new(), required }
    }

    /// The place that stands for the property.
    pub(super) fn at(&self) -> &str {
        self.all.last().or_else(|| self.some.first()).map_or("", String::as_str)
    }

    /// Whether values fit any of its schemas, and not all.
    pub(super) fn is_choice(&self) -> bool {
        self.all.is_empty()
    }

    /// The places of its schemas, the one that stands for the property first.
    pub(super) fn places(&self) -> impl Iterator<Item = &String> {
        self.all.iter().rev().chain(self.some.iter().filter(|_| self.is_choice()))
    }

    pub(super) fn lower(&self, cx: &mut Cx<'_, '_>, origin: &Origin) -> Type {
        lower_declared(cx, &self.all, &self.some, &origin.child(&self.wire))
    }

    /// The documentation, given the type.
    pub(super) fn described(&self, cx: &mut Cx<'_, '_>, ty: &Type) -> Docs {
        if self.is_choice() {
            let docs = described_by_all(cx, self.some.get(..1).unwrap_or_default(), ty);
            // What one of several schemas says of its values does not hold for the others.
            return if self.some.len() > 1 { Docs { limits: Vec::new(), default: None, ..docs } } else { docs };
        }
        let places: Vec<String> = self.places().cloned().collect();
        described_by_all(cx, &places, ty)
    }
}

/// Properties that the document does not declare.
pub(super) struct Undeclared {
    /// The place of their schema; any value without one.
    pub(super) at: Option<String>,
}

/// The properties of a body that callers send.
pub(super) struct Writable {
    pub(super) properties: Vec<Property>,
    /// All names that are required, by any part.
    listed: Vec<Listed>,
    /// All names that are declared, also of properties that callers do not send.
    declared: HashSet<String>,
    /// The place of the schema of other properties.
    additional: Option<String>,
    /// Whether the schema says that there may be others.
    is_open: bool,
    is_closed: bool,
    /// Whether some part of the schema has `properties`.
    lists_properties: bool,
}

impl Writable {
    /// Returns the properties of other names, if callers may send some. An object without `properties` may have any.
    pub(super) fn others(&self) -> Option<Undeclared> {
        let is_open = self.is_open || !self.lists_properties;
        (is_open && !self.is_closed).then(|| Undeclared { at: self.additional.clone() })
    }

    /// Returns the properties, with those that are required and not declared.
    pub(super) fn with_undeclared(self, report: &mut Report<'_>) -> Vec<Property> {
        let Self { mut properties, listed, declared, additional, is_closed, .. } = self;
        let others = match &additional {
            _ if is_closed => Others::Excluded,
            Some(_) => Others::Typed,
            None => Others::Any,
        };
        for Listed { name, at, is_sure, .. } in undeclared_names(report, listed, &declared, others) {
            // The place of the name has no schema, so its type is any value.
            properties.push(Property::of(name, additional.clone().unwrap_or(at), is_sure));
        }
        properties
    }
}

/// A schema on the way through those that a body consists of.
enum Step {
    /// It is to be read. The flag says whether all values fit it.
    Enter(String, bool),
    /// What it consists of has been read.
    Leave(String),
}

/// Returns the properties of a schema and its parts. Properties of variants and of conditional parts are optional.
pub(super) fn writable_properties(document: Document<'_>, report: &mut Report<'_>, at: &str) -> Writable {
    let mut found = Declarations::default();
    let mut seen: HashSet<String> = HashSet::default();
    let mut listed = Vec::new();
    let (mut additional, mut is_open, mut is_closed, mut lists_properties) = (None, false, false, false);
    let mut open = vec![Step::Enter(at.to_owned(), true)];
    while let Some(step) = open.pop() {
        let (at, is_sure) = match step {
            Step::Enter(at, is_sure) => (at, is_sure),
            Step::Leave(at) => {
                found.add(document, &at, true);
                continue;
            }
        };
        let Ok((at, Value::Object(schema))) = document.schema(&at) else { continue };
        let view = View { node: schema };
        let members = |key: &str| schema.get(key).and_then(Value::as_array).map_or(0, Vec::len);
        let properties = schema.get("properties").and_then(Value::as_object);
        let conditional = conditional_members(schema, &at);
        let composed = members("allOf") + members("oneOf") + members("anyOf") + conditional.len();
        let steps = composed + members("required") + properties.map_or(0, Map::len);
        if !seen.insert(at.clone()) || !report.take_steps(1 + steps, &at) {
            continue;
        }
        lists_properties |= properties.is_some();
        found.order.extend(properties.into_iter().flat_map(Map::keys).cloned());
        // Variants may only restrict which properties occur together.
        if is_sure {
            listed.extend(listed_names(schema, &at, true));
            is_closed |= view.is_closed();
            let others = view.additional(&at);
            is_open |= others.is_some();
            let others = others.unwrap_or_default();
            let mut others = others.into_iter().filter(|at| document.node(at).is_some_and(Value::is_object));
            additional = additional.or_else(|| others.next());
            open.push(Step::Leave(at.clone()));
        } else {
            found.add(document, &at, false);
        }
        let beside = schema.get("$ref").and_then(Value::as_str).and_then(pointer::from_reference);
        open.extend(beside.map(|target| Step::Enter(target, is_sure)));
        open.extend(conditional.into_iter().rev().map(|at| Step::Enter(at, false)));
        for (key, is_sure) in [("anyOf", false), ("oneOf", false), ("allOf", is_sure)] {
            let list = pointer::join(&at, key);
            let places = (0..members(key)).rev().map(|index| pointer::join(&list, &index.to_string()));
            open.extend(places.map(|at| Step::Enter(at, is_sure)));
        }
    }
    let required: HashSet<&str> = listed.iter().filter(|it| it.is_sure).map(|it: &Listed| it.name.as_str()).collect();
    let (properties, declared) = found.properties(document, report, &required);
    Writable { properties, listed, declared, additional, is_open, is_closed, lists_properties }
}

/// The declarations of properties in the parts of a schema.
#[derive(Default)]
struct Declarations {
    /// The names in the order in which they are declared.
    order: Vec<String>,
    /// The places of their schemas: of those that all values fit, and of the others.
    places: HashMap<String, (Vec<String>, Vec<String>)>,
}

impl Declarations {
    /// Adds the properties of a part. `is_sure` says whether all values fit it.
    fn add(&mut self, document: Document<'_>, at: &str, is_sure: bool) {
        let properties = document.node(at).and_then(|node| node.get("properties")?.as_object());
        let list = pointer::join(at, "properties");
        for wire in properties.into_iter().flat_map(Map::keys) {
            let (all, some) = self.places.entry(wire.clone()).or_default();
            if is_sure { all } else { some }.push(pointer::join(&list, wire));
        }
    }

    /// Returns the properties that callers send, and the names of all.
    fn properties(
        mut self,
        document: Document<'_>,
        report: &mut Report<'_>,
        required: &HashSet<&str>,
    ) -> (Vec<Property>, HashSet<String>) {
        let mut properties = Vec::new();
        let mut declared = HashSet::default();
        for wire in self.order {
            let Some((all, mut some)) = self.places.remove(&wire) else { continue };
            declared.insert(wire.clone());
            if let Some(never) = all.iter().find(|at| is_never(document, at)) {
                report_never(report, never);
                continue;
            }
            some.retain(|at| !is_read_only(document, at) && !is_never(document, at));
            if all.iter().any(|at| is_read_only(document, at)) || all.is_empty() && some.is_empty() {
                continue;
            }
            let required = required.contains(wire.as_str());
            properties.push(Property { wire, all, some, required });
        }
        (properties, declared)
    }
}
