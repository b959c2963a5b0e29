//! Lowers enums, with names and descriptions of their values.

use std::hash::Hash;

use foldhash::{HashMap, HashSet};
use serde_json::{Map, Value};

use super::{
    define::push_type,
    kinds::{Kind, Kinds},
    meet::{Meet, Part, Start, kinds_of},
    scalar::string_type,
    view::View,
};
use crate::{
    diagnostic::code,
    ir::{Enum, IntegerEnum, Known, Origin, Shape, Type},
    lower::context::Cx,
    read::{
        member::Members,
        number::{ExactValue, integer},
    },
};

/// Extensions with the names of the values of `enum`.
const NAMES: [&str; 3] = ["x-enum-varnames", "x-enumNames", "x-speakeasy-enums"];

/// Extensions with the descriptions of the values of `enum`, as lists or as objects by value.
const DESCRIPTIONS: [&str; 2] = ["x-enum-descriptions", "x-enumDescriptions"];

/// Returns the type of the values that `enum` and `const` list in all parts. The inner `None` means that it is the plain type, the
/// outer that no value is in all lists.
#[expect(clippy::option_option, reason = "the meanings of both are above")]
pub(super) fn lower_values(
    cx: &mut Cx<'_, '_>,
    parts: &[Part<'_>],
    kinds: Kinds,
    place: &str,
    origin: &Origin,
) -> Option<Option<Type>> {
    let lists = parts.iter().flat_map(|part| part.view.lists().into_iter().map(move |list| (part, list)));
    let lists: Vec<(&Part<'_>, Vec<ExactValue<'_>>)> = lists.collect();
    // Of lists of the same length, the last counts.
    let Some((shortest, values)) = lists.iter().rev().min_by_key(|(_, values)| values.len()) else { return Some(None) };
    // A single list has all of its values.
    let several = lists.iter().filter(|_| lists.len() > 1);
    let allowed = Allowed::of(parts, several.map(|(_, values)| values.as_slice()));
    let node = shortest.view.node;
    let known: Vec<Known<ExactValue<'_>>> =
        known_values(node, values).into_iter().filter(|known| allowed.contain(known.wire)).collect();
    if known.is_empty() && values.iter().any(|value| !value.value.is_null()) {
        return None;
    }
    let has = |kind: Kind| kinds.each().contains(&kind);
    let shape = text_enum(&known, false).filter(|_| has(Kind::Text));
    let shape = shape.or_else(|| integer_enum(&known, false).filter(|_| has(Kind::Integer) || has(Kind::Number)));
    if let Some(shape) = shape {
        let node = cx.document.node(place).and_then(Value::as_object).unwrap_or(node);
        let ty = Type::Named(push_type(cx, node, place, origin, shape));
        return Some(Some(if values.iter().any(|value| value.value.is_null()) { ty.nullable() } else { ty }));
    }
    // A boolean needs no enum, and a constant that is a list or an object has the type of its kind.
    let is_of_kinds = known.iter().all(|known| {
        kinds.contains(Kinds::of_value(known.wire.value)) || has(Kind::Integer) && is_wide(known.wire.value)
    });
    let is_plain = known.iter().all(|known| known.wire.value.is_boolean()) || (known.len() == 1 && is_of_kinds);
    if !is_plain {
        let message =
            "the values of `enum` are not all strings or all integers of its `type`; the client has no enum for them";
        cx.report.add(
            code::ENUM_VALUES,
            &shortest.at,
            message,
            "to get an enum, list only strings or only integers in an overlay",
        );
    }
    Some(None)
}

/// The values that all schemas allow.
struct Allowed {
    lists: Vec<HashSet<String>>,
    excluded: HashSet<String>,
}

impl Allowed {
    fn of<'l>(parts: &[Part<'_>], lists: impl Iterator<Item = &'l [ExactValue<'l>]>) -> Self {
        let keys = |values: &[ExactValue<'_>]| values.iter().map(|value| value.key()).collect();
        let excluded = parts.iter().flat_map(|part| part.view.excluded_values()).map(ExactValue::key).collect();
        Self { lists: lists.map(keys).collect(), excluded }
    }

    fn contain(&self, value: ExactValue<'_>) -> bool {
        if self.lists.is_empty() && self.excluded.is_empty() {
            return true;
        }
        let value = value.key();
        self.lists.iter().all(|values| values.contains(&value)) && !self.excluded.contains(&value)
    }
}

/// Returns the enum of a choice of values, with which 3.1 describes each value. A plain string or integer beside them
/// allows other values, as enums always do, and so does a list of the schemas beside the choice.
pub(super) fn lower_choice_of_values(
    cx: &mut Cx<'_, '_>,
    beside: &[Part<'_>],
    variants: &[String],
    at: &str,
    origin: &Origin,
) -> Option<Type> {
    let (mut known, mut plain, mut nullable) = (Vec::new(), Vec::new(), false);
    for variant in variants {
        let node = cx.document.node(variant)?.as_object()?;
        let own = View { node };
        if let ([values], false) = (own.lists().as_slice(), node.has_member("$ref")) {
            nullable |= own.allows_null();
            known.extend(titled_values(node, values));
            continue;
        }
        let meet = Meet::of(cx.document, &mut cx.report, &[Start::Whole(variant.clone())]);
        if !meet.choices.is_empty() || meet.parts.iter().any(|part| !part.view.lists().is_empty()) {
            return None;
        }
        nullable |= meet.is_nullable;
        plain.push(meet.parts);
    }
    // A variant without a type has that of the schemas around it.
    let type_of = |parts: &[Part<'_>]| (kinds_of(parts) & kinds_of(beside)).each();
    let is_text = |part: &Part<'_>| string_type(part.view.format()) == Type::Text;
    let is_plain = |kind: Kind| plain.iter().all(|parts| parts.iter().all(is_text) && type_of(parts) == [kind]);
    let lists: Vec<(&Part<'_>, Vec<ExactValue<'_>>)> =
        beside.iter().flat_map(|part| part.view.lists().into_iter().map(move |list| (part, list))).collect();
    if !plain.is_empty() {
        known.extend(lists.iter().flat_map(|(part, values)| known_values(part.view.node, values)));
    }
    let allowed = Allowed::of(beside, lists.iter().map(|(_, values)| values.as_slice()));
    known.retain(|known| allowed.contain(known.wire));
    let is_open = !plain.is_empty() && lists.is_empty();
    let shape = text_enum(&known, is_open).filter(|_| is_plain(Kind::Text));
    let shape = shape.or_else(|| integer_enum(&known, is_open).filter(|_| is_plain(Kind::Integer)))?;
    let node = cx.document.node(at).and_then(Value::as_object).or_else(|| beside.last().map(|part| part.view.node));
    let ty = Type::Named(push_type(cx, node.unwrap_or(&Map::new()), at, origin, shape));
    Some(if nullable { ty.nullable() } else { ty })
}

/// Whether a value is an integer beyond 64 bits.
fn is_wide(value: &Value) -> bool {
    value.as_f64().is_some_and(|float| float.abs() >= 2.0_f64.powi(63))
}

fn text_enum(known: &[Known<ExactValue<'_>>], is_open: bool) -> Option<Shape> {
    let values = read(known, |value| value.value.as_str().map(str::to_owned))?;
    Some(Shape::Enum(Enum { values, is_open }))
}

fn integer_enum(known: &[Known<ExactValue<'_>>], is_open: bool) -> Option<Shape> {
    let values = read(known, |value| integer(&value.number()?))?;
    Some(Shape::IntegerEnum(IntegerEnum { values, is_open }))
}

/// Returns the distinct values if they have a common type.
fn read<T: Clone + Eq + Hash>(
    known: &[Known<ExactValue<'_>>],
    read: impl Fn(ExactValue<'_>) -> Option<T>,
) -> Option<Vec<Known<T>>> {
    let mut kept: Vec<Known<T>> = Vec::new();
    let mut seen: HashSet<T> = HashSet::default();
    for value in known {
        let wire = read(value.wire)?;
        if seen.insert(wire.clone()) {
            kept.push(Known { wire, name: value.name.clone(), description: value.description.clone() });
        }
    }
    (!kept.is_empty()).then_some(kept)
}

/// Returns the values except `null`, with their names and descriptions.
fn known_values<'v>(schema: &Map<String, Value>, values: &[ExactValue<'v>]) -> Vec<Known<ExactValue<'v>>> {
    let names = NAMES.iter().find_map(|key| schema.member(key));
    let descriptions = DESCRIPTIONS.iter().find_map(|key| schema.member(key));
    // A list may say nothing of `null`.
    let others = values.iter().filter(|value| !value.value.is_null()).count();
    let said = |said: Option<&Value>, index: usize, value: ExactValue<'_>| {
        let said = match said? {
            Value::Array(list) if list.len() == values.len() => list.get(index)?,
            Value::Array(list) if list.len() == others => {
                list.get(values[..index].iter().filter(|value| !value.value.is_null()).count())?
            }
            Value::Object(by_value) => by_value.get(&plain_text(value)?)?,
            _ => return None,
        };
        text(said)
    };
    let mut by_value: HashMap<Option<String>, &Value> = HashMap::default();
    for element in elements(schema) {
        by_value.entry(element_value(element)).or_insert(element);
    }
    for (value, element) in schema.member("x-fern-enum").and_then(Value::as_object).into_iter().flatten() {
        by_value.entry(Some(value.clone())).or_insert(element);
    }
    let known = values.iter().copied().enumerate().filter(|(_, value)| !value.value.is_null());
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
fn titled_values<'v>(variant: &Map<String, Value>, values: &[ExactValue<'v>]) -> Vec<Known<ExactValue<'v>>> {
    let mut known = known_values(variant, values);
    if let [only] = known.as_mut_slice() {
        let title = variant.member("title").and_then(text);
        // A number does not name itself. A text is already a name.
        let (name, title) = if only.wire.value.is_number() { (title, None) } else { (None, title) };
        only.name = only.name.take().or(name);
        only.description = only.description.take().or_else(|| variant.member("description").and_then(text)).or(title);
        if variant.member("deprecated") == Some(&Value::Bool(true)) {
            let described = only.description.take().map(|text| format!("{text}\n\n")).unwrap_or_default();
            only.description = Some(format!("{described}Deprecated."));
        }
    }
    known
}

/// Extensions may list objects with a value, its name and its description.
fn elements(schema: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    let azure = schema.member("x-ms-enum").and_then(|it| it.get("values"));
    let lists = [azure, schema.member("x-enum-values"), schema.member("x-enum-elements")];
    lists.into_iter().flatten().filter_map(Value::as_array).flatten()
}

/// Returns the value of an element. Without one, its name is the value.
fn element_value(element: &Value) -> Option<String> {
    let element = element.as_object()?;
    ["value", "numericValue", "name"].iter().find_map(|key| plain_text(ExactValue::member(element, key)?))
}

/// Returns a string or a number as text.
fn plain_text(value: ExactValue<'_>) -> Option<String> {
    value.value.as_str().map(str::to_owned).or_else(|| value.number())
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}
