//! Lowers strings and numbers.

use serde_json::{Map, Value};

use super::{kinds::Kind, meet::Part};
use crate::{ir::Type, lower::context::Report};

pub(super) fn string_type(format: &str) -> Type {
    match format {
        "date-time" => Type::DateTime,
        "binary" => Type::Binary,
        _ => Type::Text,
    }
}

/// Returns the type of numbers for all values of several schemas.
pub(super) fn number_type(report: &mut Report<'_>, parts: &[Part<'_>], kind: Kind, place: &str) -> Type {
    let format = parts.iter().rev().map(|part| part.view.format()).find(|format| !format.is_empty());
    let format = format.unwrap_or_default();
    // A number with the format of an integer is an integer.
    if kind == Kind::Number && !matches!(format, "int32" | "int64" | "uint32" | "uint64") {
        return Type::Number;
    }
    let mut all = Map::new();
    for part in parts {
        for key in BOUNDS.iter().copied().chain(["enum"]) {
            if let Some(value) = part.view.node.get(key) {
                all.insert(key.to_owned(), value.clone());
            }
        }
    }
    integer_type(report, &all, format, place)
}

/// Keywords that say which integers occur.
const BOUNDS: [&str; 6] = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "default", "const"];

/// Returns the integer type for all values of the schema.
fn integer_type(report: &mut Report<'_>, schema: &Map<String, Value>, format: &str, at: &str) -> Type {
    let values = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    let spoken: Vec<i128> =
        BOUNDS.iter().filter_map(|key| schema.get(*key)).chain(values).filter_map(integer).collect();
    let all_in = |low: i128, high: i128| spoken.iter().all(|value| (low..=high).contains(value));
    if format == "int32" && all_in(i32::MIN.into(), i32::MAX.into()) {
        return Type::Int32;
    }
    let has_floor = ["minimum", "exclusiveMinimum", "const", "enum"].iter().any(|key| schema.contains_key(*key));
    let is_unsigned = all_in(0, i128::MAX) && (format == "uint64" || has_floor);
    let fits = all_in(i64::MIN.into(), i64::MAX.into());
    let fits_unsigned = is_unsigned && all_in(0, u64::MAX.into());
    if !(fits || fits_unsigned) {
        let message = "`minimum` or `maximum` allows integers beyond 64 bits; the client cannot hold them";
        report.add(
            crate::diagnostic::code::ENUM_VALUES,
            at,
            message,
            "if the server sends no such integers, narrow the limits in an overlay",
        );
    }
    if is_unsigned && (format == "uint64" || !fits) { Type::UInt64 } else { Type::Int64 }
}

/// Returns a number as the nearest integer.
pub(super) fn integer(value: &Value) -> Option<i128> {
    let whole = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
    #[allow(clippy::cast_possible_truncation, reason = "a float that is out of bounds becomes the nearest integer")]
    whole.or_else(|| value.as_f64().map(|float| float as i128))
}
