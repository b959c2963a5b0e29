//! Lowers enums, with names and descriptions of their values.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
};

use serde_json::{Map, Value};

use super::{define::push_type, scalar::string_type};
use crate::{
    ir::{Enum, IntegerEnum, Known, Origin, Shape, Type},
    lower::context::Cx,
};

/// Extensions with the names of the values of `enum`.
const NAMES: [&str; 2] = ["x-enum-varnames", "x-enumNames"];

/// Extensions with the descriptions of the values of `enum`, as lists or as objects by value.
const DESCRIPTIONS: [&str; 2] = ["x-enum-descriptions", "x-enumDescriptions"];

/// Returns the type of an enum, or `None` if it is the plain type.
pub(super) fn lower_enum(
    cx: &mut Cx<'_, '_>,
    schema: &Map<String, Value>,
    values: &[Value],
    at: &str,
    origin: &Origin,
) -> Option<Type> {
    let known = known_values(schema, values);
    let declared = |type_: &str| schema.get("type").is_none_or(|it| it == type_);
    let shape = text_enum(&known).filter(|_| declared("string"));
    let shape = shape.or_else(|| integer_enum(&known).filter(|_| declared("integer") || declared("number")));
    if let Some(shape) = shape {
        let ty = Type::Named(push_type(cx, schema, at, origin, shape));
        return Some(if values.iter().any(Value::is_null) { ty.nullable() } else { ty });
    }
    if known.is_empty() {
        return None;
    }
    let all = |is: fn(&Value) -> bool| known.iter().all(|known| is(known.wire));
    // A boolean needs no enum.
    if !all(Value::is_boolean) {
        let message = "`enum` holds other values than strings or integers of its `type`; the client has no enum for it";
        cx.report.unsupported(at, message, "to get an enum, list only strings or only integers in an overlay");
    }
    if schema.contains_key("type") {
        None
    } else if all(Value::is_boolean) {
        Some(Type::Bool)
    } else {
        all(Value::is_number).then_some(Type::Number)
    }
}

/// Returns the enum of a choice of values, with which 3.1 describes each value. A plain string or integer beside them
/// allows other values, as enums always do.
pub(super) fn lower_choice_of_values(
    cx: &mut Cx<'_, '_>,
    schema: &Map<String, Value>,
    variants: &[String],
    at: &str,
    origin: &Origin,
) -> Option<Type> {
    let nodes: Option<Vec<_>> = variants.iter().map(|at| cx.document.node(at)?.as_object()).collect();
    let (mut known, mut plain, mut nullable) = (Vec::new(), Vec::new(), false);
    for node in nodes? {
        nullable |= node.get("nullable") == Some(&Value::Bool(true));
        match node.get("enum").and_then(Value::as_array) {
            Some(values) if !node.contains_key("$ref") => {
                nullable |= values.iter().any(Value::is_null);
                known.extend(titled_values(node, values));
            }
            Some(_) => return None,
            None => plain.push(node),
        }
    }
    // A variant without a type has that of the schema around it.
    let type_of = |node: &Map<String, Value>| node.get("type").or_else(|| schema.get("type")).cloned();
    let is_text = |node: &Map<String, Value>| {
        string_type(node.get("format").and_then(Value::as_str).unwrap_or_default()) == Type::Text
    };
    let is_plain = |type_: &str| plain.iter().all(|node| is_text(node) && type_of(node).is_some_and(|it| it == type_));
    let shape = text_enum(&known).filter(|_| is_plain("string"));
    let shape = shape.or_else(|| integer_enum(&known).filter(|_| is_plain("integer")))?;
    let ty = Type::Named(push_type(cx, schema, at, origin, shape));
    Some(if nullable { ty.nullable() } else { ty })
}

fn text_enum(known: &[Known<&Value>]) -> Option<Shape> {
    let values = read(known, |value| value.as_str().map(str::to_owned))?;
    Some(Shape::Enum(Enum { values }))
}

fn integer_enum(known: &[Known<&Value>]) -> Option<Shape> {
    let values = read(known, Value::as_i64)?;
    Some(Shape::IntegerEnum(IntegerEnum { values }))
}

/// Returns the distinct values if they have a common type.
pub(crate) fn read<T: Clone + Eq + Hash>(
    known: &[Known<&Value>],
    read: impl Fn(&Value) -> Option<T>,
) -> Option<Vec<Known<T>>> {
    let mut kept: Vec<Known<T>> = Vec::new();
    let mut seen: HashSet<T> = HashSet::new();
    for value in known {
        let wire = read(value.wire)?;
        if seen.insert(wire.clone()) {
            kept.push(Known { wire, name: value.name.clone(), description: value.description.clone() });
        }
    }
    (!kept.is_empty()).then_some(kept)
}

/// Returns the values except `null`, with their names and descriptions.
fn known_values<'v>(schema: &Map<String, Value>, values: &'v [Value]) -> Vec<Known<&'v Value>> {
    let names = NAMES.iter().find_map(|key| schema.get(*key));
    let descriptions = DESCRIPTIONS.iter().find_map(|key| schema.get(*key));
    let said = |said: Option<&Value>, index: usize, value: &Value| {
        let said = match said? {
            Value::Array(list) if list.len() == values.len() => list.get(index)?,
            Value::Object(by_value) => by_value.get(&plain_text(value)?)?,
            _ => return None,
        };
        text(said)
    };
    let mut by_value: HashMap<Option<String>, &Value> = HashMap::new();
    for element in elements(schema) {
        by_value.entry(element_value(element)).or_insert(element);
    }
    let known = values.iter().enumerate().filter(|(_, value)| !value.is_null());
    known
        .map(|(index, value)| {
            let element = by_value.get(&plain_text(value)).copied();
            let element = |keys: &[&str]| keys.iter().find_map(|key| text(element?.get(key)?));
            Known {
                wire: value,
                name: said(names, index, value).or_else(|| element(&["identifier", "name"])),
                description: said(descriptions, index, value).or_else(|| element(&["description"])),
            }
        })
        .collect()
}

/// Returns the values of a variant. Its title and description describe a single value.
fn titled_values<'v>(variant: &Map<String, Value>, values: &'v [Value]) -> Vec<Known<&'v Value>> {
    let mut known = known_values(variant, values);
    if let [only] = known.as_mut_slice() {
        let title = variant.get("title").and_then(text);
        // A number does not name itself. A text is already a name.
        let (name, title) = if only.wire.is_number() { (title, None) } else { (None, title) };
        only.name = only.name.take().or(name);
        only.description = only.description.take().or_else(|| variant.get("description").and_then(text)).or(title);
    }
    known
}

/// Extensions may list objects with a value, its name and its description.
fn elements(schema: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    let azure = schema.get("x-ms-enum").and_then(|it| it.get("values"));
    let lists = [azure, schema.get("x-enum-values"), schema.get("x-enum-elements")];
    lists.into_iter().flatten().filter_map(Value::as_array).flatten()
}

/// Returns the value of an element. Without one, its name is the value.
fn element_value(element: &Value) -> Option<String> {
    ["value", "numericValue", "name"].iter().find_map(|key| plain_text(element.get(key)?))
}

/// Returns a string or a number as text.
fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

pub(crate) fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}
