//! Lowers arrays whose items have schemas by position.

use foldhash::HashSet;
use serde_json::{Map, Value};

use super::{adding::adding, define::push_type, meet::Part};
use crate::{
    diagnostic::code,
    ir::{Origin, Shape, Tuple, Type, Union, Variant},
    lower::context::{Cx, Report},
    read::{ledger::Read, pointer},
};

/// The most items of a tuple, as in the runtime and the standard library.
const MAX_ITEMS: usize = 12;

/// The most types in a tuple, with those in tuples inside. A tuple has no name, so each reference to it repeats them.
const MAX_TYPES: usize = 64;

/// Lowers the intersection of the schemas at several pointers, with what those at others declare.
type Lower = fn(&mut Cx<'_, '_>, &[String], &[String], &Origin) -> Type;

/// Returns the type of an array whose items have schemas by position, or `None` if all items have one schema. The schemas in `some`
/// apply to some arrays only.
///
/// A schema without `minItems` is taken to mean all items, because documents hardly ever say it. That is told.
pub(super) fn lower_tuple(
    cx: &mut Cx<'_, '_>,
    parts: &[Part<'_>],
    some: &[Part<'_>],
    origin: &Origin,
    lower: Lower,
) -> Option<Type> {
    let Layout { list, items, rest } = Layout::of(parts)?;
    for part in parts {
        cx.report.ledger.note(&part.at, Read::TUPLE);
    }
    let conditional: Vec<Items> = some.iter().map(Items::of).collect();
    if rest.is_some() {
        let beyond = some.iter().zip(&conditional).filter(|(_, own)| own.count > items.len());
        report_beyond(&mut cx.report, beyond.map(|(part, _)| part), items.len());
    }
    let mut lower_at = |index: usize, places: &[String], word: &str| {
        let some = conditional.iter().filter_map(|items| items.at(index));
        let some = adding(cx.document, &mut cx.report, places, some);
        lower(cx, places, &some, &origin.child(word)).in_json()
    };
    let at = list.rsplit_once('/').map_or("", |(schema, _)| schema);
    let count = items.len();
    let types = items.iter().enumerate();
    let types = types.map(|(index, places)| lower_at(index, places, &format!("item {}", index + 1)));
    let items: Vec<Type> = types.collect();
    let rest = rest.map(|places| lower_at(usize::MAX, &places, "item"));
    let tuple = with_one_form_of_decimals(Tuple { items, rest });
    if count <= MAX_ITEMS && tuple.types().map(count_types).sum::<usize>() > MAX_TYPES {
        let message =
            format!("the tuples in each other have more than {MAX_TYPES} types; the items become any JSON value");
        cx.report.add(code::TUPLE_FORM, at, message, "to type them, make the inner arrays objects in an overlay");
        return Some(Type::Array(Box::new(Type::Any)));
    }
    let least = parts.iter().filter_map(|part| part.view.node.get("minItems")?.as_u64()).max();
    let message = if count > MAX_ITEMS {
        format!("the array has {count} types by position, more than a tuple of {MAX_ITEMS}")
    } else if least.is_some_and(|least| least < count as u64) {
        "`minItems` allows that items with a type by position are absent".to_owned()
    } else {
        if least.is_none() {
            let message =
                "without `minItems` the array may have fewer items; the client takes only arrays that have all";
            cx.report.add(code::TUPLE_FORM.as_note(), at, message, "say so by `minItems` in an overlay");
        }
        return Some(Type::Tuple(Box::new(tuple)));
    };
    let item = one_type(cx, &list, &tuple, origin);
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

/// Reports schemas by position that apply to some arrays only, where the items of all arrays have one schema or none.
pub(super) fn report_positions(report: &mut Report<'_>, some: &[Part<'_>]) {
    for part in some.iter().filter(|part| Items::of(part).count > 0) {
        let message = "a condition or a choice decides whether the schemas by position apply; the client has one type for all items";
        report.findings.add(code::IGNORED_KEYWORD.as_note(), &part.at, message);
    }
}

/// Reports schemas by position of some arrays only, for positions that not all arrays have a schema for.
fn report_beyond<'p>(report: &mut Report<'_>, some: impl Iterator<Item = &'p Part<'p>>, count: usize) {
    for part in some {
        let message = format!(
            "a condition or a choice decides whether the schemas after position {count} apply; the client has one type for all items after it"
        );
        report.findings.add(code::IGNORED_KEYWORD.as_note(), &part.at, message);
    }
}

/// The places of the schemas of an array, which several schemas may describe.
struct Layout {
    /// The place of the last list of items.
    list: String,
    /// The schemas of each position.
    items: Vec<Vec<String>>,
    /// The schemas of the items after them. `None` if there are no more.
    rest: Option<Vec<String>>,
}

impl Layout {
    fn of(parts: &[Part<'_>]) -> Option<Self> {
        let listed: Vec<Items> = parts.iter().map(Items::of).collect();
        let list = listed.iter().rev().find(|items| items.count > 0)?.list.clone();
        let limits = listed.iter().filter(|items| items.is_closed).map(|items| items.count);
        let most = parts.iter().filter_map(|part| usize::try_from(part.view.node.get("maxItems")?.as_u64()?).ok());
        let limit = limits.chain(most).min();
        let count = listed.iter().map(|items| items.count).max().unwrap_or_default();
        let count = limit.map_or(count, |limit| limit.min(count));
        let at = |index: usize| listed.iter().filter_map(move |items| items.at(index)).collect::<Vec<_>>();
        let items: Vec<Vec<String>> = (0..count).map(at).collect();
        let (is_ended, others) =
            if listed.iter().any(|items| items.says_rest) { (false, Vec::new()) } else { unevaluated(parts) };
        let has_rest = !is_ended && limit.is_none_or(|limit| limit > count);
        let rest = has_rest.then(|| at(usize::MAX).into_iter().chain(others).collect());
        (count > 0).then_some(Self { list, items, rest })
    }
}

/// What one schema says of the items of an array.
struct Items {
    /// The place of the list of schemas by position, which has this many.
    list: String,
    count: usize,
    /// The place of the schema of the items after them.
    rest: Option<String>,
    says_rest: bool,
    is_closed: bool,
}

impl Items {
    /// Reads `prefixItems` of 3.1, or a list in `items` of older drafts.
    fn of(part: &Part<'_>) -> Self {
        let Part { at, view } = part;
        let count = |key: &str| view.node.get(key).and_then(Value::as_array).map_or(0, Vec::len);
        let (key, count, rest_key) = match (count("prefixItems"), count("items")) {
            (0, count @ 1..) => ("items", count, "additionalItems"),
            (count, _) => ("prefixItems", count, "items"),
        };
        let rest = view.node.get(rest_key);
        let has_schema = rest.and_then(Value::as_object).is_some_and(|rest| !rest.is_empty());
        Self {
            list: pointer::join(at, key),
            count,
            rest: has_schema.then(|| pointer::join(at, rest_key)),
            says_rest: rest.is_some(),
            is_closed: count > 0 && rest == Some(&Value::Bool(false)),
        }
    }

    /// The place of the schema of a position.
    fn at(&self, index: usize) -> Option<String> {
        if index < self.count { Some(pointer::join(&self.list, &index.to_string())) } else { self.rest.clone() }
    }
}

/// Whether `unevaluatedItems` ends the array after the positions, and the places of the schemas that it gives to later items.
fn unevaluated(parts: &[Part<'_>]) -> (bool, Vec<String>) {
    const KEY: &str = "unevaluatedItems";
    let said = || parts.iter().filter_map(|part| Some((pointer::join(&part.at, KEY), part.view.node.get(KEY)?)));
    let is_closed = said().any(|(_, schema)| *schema == Value::Bool(false));
    let schemas = said().filter(|(_, schema)| schema.as_object().is_some_and(|schema| !schema.is_empty()));
    (is_closed, schemas.map(|(at, _)| at).collect())
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
fn one_type(cx: &mut Cx<'_, '_>, place: &str, tuple: &Tuple, origin: &Origin) -> Type {
    let mut types: Vec<Type> = Vec::new();
    let mut seen: HashSet<&Type> = HashSet::default();
    let mut is_nullable = false;
    for (ty, null) in tuple.types().map(Type::split_nullable) {
        is_nullable |= null;
        if seen.insert(ty) {
            types.push(ty.clone());
        }
    }
    let ty = cx.types.single_type(&types).unwrap_or_else(|| {
        let variants = types.into_iter().map(Variant::of).collect();
        Type::Named(push_type(cx, &Map::new(), place, &origin.child("item"), Shape::Union(Union { variants })))
    });
    if is_nullable { ty.nullable() } else { ty }
}
