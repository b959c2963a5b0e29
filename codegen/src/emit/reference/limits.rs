//! Describes limits of values.

use crate::{
    emit::{
        facts,
        model::Model,
        prose::{clean_code, code_list},
    },
    ir::{Docs, Shape, Type},
};

/// What is known of the values of an input or a property besides its type, as clauses.
pub(super) fn clauses(model: &Model<'_>, ty: &Type, docs: &Docs) -> Vec<String> {
    let mut clauses: Vec<String> = docs.limits.iter().map(facts::limit).collect();
    clauses.extend(values(model, ty));
    clauses.extend(facts::default(docs).map(|default| format!("default {default}")));
    if docs.deprecated {
        clauses.push("deprecated".to_owned());
    }
    clauses
}

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
