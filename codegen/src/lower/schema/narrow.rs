//! The intersection of types that need no new type: of two types that meet, the one that says more.

use super::{meet::Part, scalar::string_type};
use crate::{
    ir::{Shape, Type},
    lower::context::Types,
};

/// Returns the type of texts of several schemas.
pub(super) fn text_type(types: &Types, parts: &[Part<'_>]) -> Type {
    let formats = parts.iter().map(|part| string_type(part.view.format()));
    formats.reduce(|one, other| narrower(types, &one, &other).unwrap_or(other)).unwrap_or(Type::Text)
}

/// Returns the type of the values that two types share, if one of the two is that type. `null` remains if both allow it.
pub(super) fn narrower(types: &Types, one: &Type, other: &Type) -> Option<Type> {
    let allows_null = |ty: &Type| *ty == Type::Any || ty.split_nullable().1;
    let is_nullable = allows_null(one) && allows_null(other);
    let ty = within(types, one.split_nullable().0, other.split_nullable().0)?;
    Some(if is_nullable { ty.nullable() } else { ty })
}

fn within(types: &Types, one: &Type, other: &Type) -> Option<Type> {
    if one == other || says_more(types, one, other) {
        return Some(one.clone());
    }
    if says_more(types, other, one) {
        return Some(other.clone());
    }
    match (one, other) {
        (Type::Array(one), Type::Array(other)) => narrower(types, one, other).map(|item| Type::Array(Box::new(item))),
        (Type::Map(one), Type::Map(other)) => narrower(types, one, other).map(|value| Type::Map(Box::new(value))),
        _ => None,
    }
}

/// Whether each value of one type is a value of the other.
fn says_more(types: &Types, one: &Type, other: &Type) -> bool {
    let shape = |ty: &Type| match ty {
        Type::Named(id) => types.defs.get(id.0).map(|def| &def.shape),
        _ => None,
    };
    match other {
        Type::Any => true,
        Type::Text => matches!(one, Type::DateTime | Type::DecimalText) || matches!(shape(one), Some(Shape::Enum(_))),
        Type::Number => *one == Type::Decimal || one.is_integer() || is_integer_enum(shape(one)),
        Type::Decimal => one.is_integer() || is_integer_enum(shape(one)),
        Type::Int128 => matches!(one, Type::Int32 | Type::Int64 | Type::UInt64) || is_integer_enum(shape(one)),
        Type::UInt128 => *one == Type::UInt64,
        Type::Int64 => *one == Type::Int32 || is_integer_enum(shape(one)),
        Type::Int32 => is_integer_enum(shape(one)),
        Type::Array(item) => **item == Type::Any && matches!(one, Type::Tuple(_)),
        Type::Object => matches!(one, Type::Map(_)) || matches!(shape(one), Some(Shape::Struct(_))),
        _ => false,
    }
}

fn is_integer_enum(shape: Option<&Shape>) -> bool {
    matches!(shape, Some(Shape::IntegerEnum(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_types_the_one_that_says_more_remains() {
        let types = &Types::default();
        let list = |ty: Type| Type::Array(Box::new(ty));
        for (one, other, expected) in [
            (Type::Text, Type::Any, Some(Type::Text)),
            (Type::DateTime, Type::Text.nullable(), Some(Type::DateTime)),
            (Type::Text.nullable(), Type::Any, Some(Type::Text.nullable())),
            (Type::Int32, Type::Number, Some(Type::Int32)),
            (Type::Decimal, Type::Number, Some(Type::Decimal)),
            (Type::DecimalText, Type::Text, Some(Type::DecimalText)),
            (Type::UInt64, Type::Decimal, Some(Type::UInt64)),
            (Type::UInt128, Type::Int128, None),
            (list(Type::Any), list(Type::Int64), Some(list(Type::Int64))),
            (Type::Map(Box::new(Type::Text)), Type::Object, Some(Type::Map(Box::new(Type::Text)))),
            (Type::Text, Type::Int64, None),
            (list(Type::Text), list(Type::Bool), None),
        ] {
            assert_eq!(narrower(types, &one, &other), expected, "{one:?} {other:?}");
            assert_eq!(narrower(types, &other, &one), expected, "{other:?} {one:?}");
        }
    }
}
