//! Lowers arrays whose items have schemas by position.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::define::push_type;
use crate::{
    diagnostic::code,
    ir::{Origin, Shape, Tuple, Type, Union, Variant},
    lower::context::Cx,
    read::{ledger::Read, pointer},
};

/// The most items of a tuple, as in the runtime and the standard library.
const MAX_ITEMS: usize = 12;

/// The most types in a tuple, with those in tuples inside. A tuple has no name, so each reference to it repeats them.
const MAX_TYPES: usize = 64;

/// Lowers the schema at a pointer.
type Lower = fn(&mut Cx<'_, '_>, &str, &Origin) -> Type;

/// Returns the type of an array whose items have schemas by position, or `None` if all items have one schema.
///
/// A schema without `minItems` is taken to mean all items, because documents hardly ever say it.
pub(super) fn lower_tuple(cx: &mut Cx<'_, '_>, at: &str, origin: &Origin, lower: Lower) -> Option<Type> {
    let schema = cx.document.node(at)?.as_object()?;
    let Layout { items, rest } = Layout::of(schema, at)?;
    cx.report.ledger.note(at, Read::TUPLE);
    let count = items.len();
    let types = items.iter().enumerate();
    let types = types.map(|(index, at)| lower(cx, at, &origin.child(&format!("item {}", index + 1))).in_json());
    let items: Vec<Type> = types.collect();
    let rest = match rest {
        Rest::None => None,
        Rest::Any => Some(Type::Any),
        Rest::Schema(at) => Some(lower(cx, &at, &origin.child("item")).in_json()),
    };
    let tuple = with_one_form_of_decimals(Tuple { items, rest });
    if count <= MAX_ITEMS && tuple.types().map(count_types).sum::<usize>() > MAX_TYPES {
        let message =
            format!("the tuples in each other have more than {MAX_TYPES} types; the items become any JSON value");
        cx.report.add(code::TUPLE_FORM, at, message, "to type them, make the inner arrays objects in an overlay");
        return Some(Type::Array(Box::new(Type::Any)));
    }
    let least = schema.get("minItems").and_then(Value::as_u64);
    let message = if count > MAX_ITEMS {
        format!("the array has {count} types by position, more than a tuple of {MAX_ITEMS}")
    } else if least.is_some_and(|least| least < count as u64) {
        "`minItems` allows that items with a type by position are absent".to_owned()
    } else {
        return Some(Type::Tuple(Box::new(tuple)));
    };
    let item = one_type(cx, schema, at, &tuple, origin);
    // A list of one type loses no type.
    if tuple.types().any(|ty| *ty != item) {
        let message = format!("{message}; it becomes a list of any of these types");
        cx.report.add(
            code::TUPLE_FORM,
            at,
            message,
            "to get a tuple, list at most 12 types, all required, in an overlay",
        );
    }
    Some(Type::Array(Box::new(item)))
}

/// The places of the schemas of an array.
struct Layout {
    items: Vec<String>,
    rest: Rest,
}

enum Rest {
    None,
    Any,
    Schema(String),
}

impl Layout {
    /// Reads `prefixItems` of 3.1, or a list in `items` of older drafts.
    fn of(schema: &Map<String, Value>, at: &str) -> Option<Self> {
        let list = |key: &str| schema.get(key).and_then(Value::as_array).filter(|items| !items.is_empty());
        let (key, list, rest_keys) = match list("prefixItems") {
            Some(items) => ("prefixItems", items, ["items", "unevaluatedItems"]),
            None => ("items", list("items")?, ["additionalItems", "unevaluatedItems"]),
        };
        let base = pointer::join(at, key);
        let most = schema.get("maxItems").and_then(Value::as_u64).and_then(|most| usize::try_from(most).ok());
        let count = most.map_or(list.len(), |most| most.min(list.len()));
        let items: Vec<String> = (0..count).map(|index| pointer::join(&base, &index.to_string())).collect();
        let said = rest_keys.into_iter().find_map(|key| Some((key, schema.get(key)?)));
        let rest = match said {
            _ if most.is_some_and(|most| most <= list.len()) => Rest::None,
            Some((_, Value::Bool(false))) => Rest::None,
            Some((key, Value::Object(rest))) if !rest.is_empty() => Rest::Schema(pointer::join(at, key)),
            _ => Rest::Any,
        };
        (count > 0).then_some(Self { items, rest })
    }
}

/// Of decimals as numbers and as strings in one tuple, those that are strings become plain strings: a value is written
/// with decimals in one form.
fn with_one_form_of_decimals(mut tuple: Tuple) -> Tuple {
    if tuple.types().any(Type::has_decimal_text) && tuple.types().any(has_decimal) {
        tuple.types_mut().for_each(decimals_to_text);
    }
    tuple
}

/// Returns the number of types in a type.
fn count_types(ty: &Type) -> usize {
    match ty {
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => 1 + count_types(inner),
        Type::Tuple(tuple) => 1 + tuple.types().map(count_types).sum::<usize>(),
        _ => 1,
    }
}

fn has_decimal(ty: &Type) -> bool {
    match ty {
        Type::Decimal => true,
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => has_decimal(inner),
        Type::Tuple(tuple) => tuple.types().any(has_decimal),
        _ => false,
    }
}

fn decimals_to_text(ty: &mut Type) {
    match ty {
        Type::DecimalText => *ty = Type::Text,
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => decimals_to_text(inner),
        Type::Tuple(tuple) => tuple.types_mut().for_each(decimals_to_text),
        _ => {}
    }
}

/// Returns the type of any of the items.
fn one_type(cx: &mut Cx<'_, '_>, schema: &Map<String, Value>, at: &str, tuple: &Tuple, origin: &Origin) -> Type {
    let mut types: Vec<Type> = Vec::new();
    let mut seen: HashSet<&Type> = HashSet::new();
    let mut is_nullable = false;
    for (ty, null) in tuple.types().map(Type::split_nullable) {
        is_nullable |= null;
        if seen.insert(ty) {
            types.push(ty.clone());
        }
    }
    let ty = cx.types.single_type(&types).unwrap_or_else(|| {
        let variants = types.into_iter().map(Variant::of).collect();
        let place = pointer::join(at, if schema.contains_key("prefixItems") { "prefixItems" } else { "items" });
        Type::Named(push_type(cx, &Map::new(), &place, &origin.child("item"), Shape::Union(Union { variants })))
    });
    if is_nullable { ty.nullable() } else { ty }
}
