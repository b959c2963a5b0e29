//! Limits of values, in words.

use crate::{
    emit::{
        model::Model,
        prose::{clean_code, code_list},
    },
    ir::{Bound, Docs, Limit, Shape, Type},
};

/// What is known of the values of an input or a property besides its type, as clauses.
pub(super) fn clauses(model: &Model<'_>, ty: &Type, docs: &Docs) -> Vec<String> {
    let mut clauses: Vec<String> = docs.limits.iter().map(in_words).collect();
    clauses.extend(values(model, ty));
    if let Some(default) = docs.default.as_ref().filter(|default| default.len() <= MAX_DEFAULT) {
        clauses.push(format!("default {}", clean_code(default)));
    }
    if docs.deprecated {
        clauses.push("deprecated".to_owned());
    }
    clauses
}

/// The longest default that is shown, in bytes.
const MAX_DEFAULT: usize = 100;

/// The most values of an enum that are shown.
const MAX_VALUES: usize = 20;

/// The values of an enum, or of the items of a list of it.
fn values(model: &Model<'_>, ty: &Type) -> Option<String> {
    let Type::Named(id) = (match ty.split_nullable().0 {
        Type::Array(item) => item,
        ty => ty,
    }) else {
        return None;
    };
    let values: Vec<String> = match &model.api.type_def(*id).shape {
        Shape::Enum(shape) => shape.values.iter().map(|value| value.wire.clone()).collect(),
        Shape::IntegerEnum(shape) => shape.values.iter().map(|value| value.wire.to_string()).collect(),
        Shape::Struct(_) | Shape::Union(_) => return None,
    };
    match values.as_slice() {
        [] => None,
        [only] => Some(format!("always {}", clean_code(only))),
        values if values.len() > MAX_VALUES => {
            Some(format!("one of {} and {} more", code_list(&values[..MAX_VALUES]), values.len() - MAX_VALUES))
        }
        values => Some(format!("one of {}", code_list(values))),
    }
}

fn in_words(limit: &Limit) -> String {
    match limit {
        Limit::Length(least, most) => range(*least, *most, "character", "characters"),
        Limit::Items(least, most) => range(*least, *most, "item", "items"),
        Limit::Properties(least, most) => range(*least, *most, "property", "properties"),
        Limit::Value(Some(least), Some(most)) if !least.exclusive && !most.exclusive => {
            format!("{} to {}", least.value, most.value)
        }
        Limit::Value(least, most) => {
            let ends = least.iter().map(|it| end(it, "at least", "more than"));
            ends.chain(most.iter().map(|it| end(it, "at most", "less than"))).collect::<Vec<_>>().join(" and ")
        }
        Limit::MultipleOf(number) => format!("a multiple of {number}"),
        Limit::Unique => "no item twice".to_owned(),
        Limit::Pattern(pattern) => format!("matches {}", clean_code(pattern)),
        Limit::Format(format) => format!("format {}", clean_code(format)),
    }
}

fn end(bound: &Bound, inclusive: &str, exclusive: &str) -> String {
    format!("{} {}", if bound.exclusive { exclusive } else { inclusive }, bound.value)
}

/// A range of counts; one end is there.
fn range(least: Option<u64>, most: Option<u64>, one: &str, several: &str) -> String {
    let unit = |count: u64| if count == 1 { one } else { several };
    match (least, most) {
        (Some(least), Some(most)) if least == most => format!("exactly {least} {}", unit(least)),
        (Some(least), Some(most)) => format!("{least} to {most} {}", unit(most)),
        (Some(least), None) => format!("at least {least} {}", unit(least)),
        (None, most) => {
            let most = most.unwrap_or_default();
            format!("at most {most} {}", unit(most))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ir::limits_of;

    #[test]
    fn limits_are_said_in_words() {
        for (schema, words) in [
            (json!({"minLength": 1, "maxLength": 100}), "1 to 100 characters"),
            (json!({"maxLength": 1}), "at most 1 character"),
            (json!({"minItems": 2, "maxItems": 2}), "exactly 2 items"),
            (json!({"minProperties": 1}), "at least 1 property"),
            (json!({"minimum": 0, "maximum": 1.5}), "0 to 1.5"),
            (json!({"exclusiveMinimum": 0, "maximum": 5}), "more than 0 and at most 5"),
            (json!({"multipleOf": 0.5}), "a multiple of 0.5"),
            (json!({"pattern": "^`$"}), "matches `` ^`$ ``"),
            (json!({"format": "email"}), "format `email`"),
        ] {
            assert_eq!(limits_of(&schema).iter().map(in_words).collect::<Vec<_>>(), [words]);
        }
    }
}
