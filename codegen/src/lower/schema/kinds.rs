//! The kinds of JSON values that a schema allows, as a set.

use std::ops::{BitAnd, BitOr};

use serde_json::Value;

/// A set of kinds of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinds(u8);

/// A kind of value that is not `null`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Bool,
    Integer,
    Number,
    Text,
    Array,
    Object,
}

impl Kinds {
    pub(super) const NONE: Self = Self(0);
    pub(super) const NULL: Self = Self(1);
    const BOOL: Self = Self(2);
    const INTEGER: Self = Self(4);
    /// Integers are numbers.
    const NUMBER: Self = Self(4 | 8);
    pub(super) const TEXT: Self = Self(16);
    pub(super) const ARRAY: Self = Self(32);
    pub(super) const OBJECT: Self = Self(64);
    pub(super) const ALL: Self = Self(127);

    /// The kinds of a `type`. One that is not defined says nothing.
    pub(super) fn named(name: &str) -> Self {
        match name {
            "null" => Self::NULL,
            "boolean" => Self::BOOL,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            "string" => Self::TEXT,
            "array" => Self::ARRAY,
            "object" => Self::OBJECT,
            _ => Self::ALL,
        }
    }

    pub(super) fn of_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOL,
            Value::Number(number) if number.is_f64() => Self::NUMBER,
            Value::Number(_) => Self::INTEGER,
            Value::String(_) => Self::TEXT,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        }
    }

    pub(super) fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(super) fn without_null(self) -> Self {
        Self(self.0 & !Self::NULL.0)
    }

    /// Whether a keyword that limits values of one kind applies to some of these. Other keywords do in any case.
    pub(super) fn are_restricted_by(self, key: &str) -> bool {
        let kinds = match key {
            "minLength" | "maxLength" | "pattern" | "contentEncoding" | "contentMediaType" | "contentSchema" => {
                Self::TEXT
            }
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => Self::NUMBER,
            "minItems" | "maxItems" | "uniqueItems" | "items" | "contains" | "minContains" | "maxContains" => {
                Self::ARRAY
            }
            "minProperties" | "maxProperties" | "propertyNames" | "additionalProperties" | "patternProperties" => {
                Self::OBJECT
            }
            _ => return true,
        };
        self & kinds != Self::NONE
    }

    /// The kinds that are not `null`. A number includes the integers.
    pub(super) fn each(self) -> Vec<Kind> {
        let number = if self.contains(Self::NUMBER) { Kind::Number } else { Kind::Integer };
        let kinds = [
            (Self::BOOL, Kind::Bool),
            (Self::INTEGER, number),
            (Self::TEXT, Kind::Text),
            (Self::ARRAY, Kind::Array),
            (Self::OBJECT, Kind::Object),
        ];
        kinds.into_iter().filter(|(set, _)| self.contains(*set)).map(|(_, kind)| kind).collect()
    }
}

impl Kind {
    /// Whether a name of `type` means the kind.
    pub(super) fn is_named(self, name: &str) -> bool {
        Kinds::named(name).each().contains(&self) && Kinds::named(name) != Kinds::ALL
    }
}

impl BitOr for Kinds {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Kinds {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_limit_values_of_their_kind() {
        let (integer, text) = (Kinds::named("integer"), Kinds::named("string"));
        assert!(integer.are_restricted_by("minimum") && !text.are_restricted_by("minimum"));
        assert!(!integer.are_restricted_by("pattern") && (integer | text).are_restricted_by("pattern"));
        assert!(text.are_restricted_by("format") && Kinds::ALL.are_restricted_by("maxItems"));
    }

    #[test]
    fn sets_meet_and_join() {
        let (integer, number) = (Kinds::named("integer"), Kinds::named("number"));
        assert_eq!(integer & number, integer);
        assert_eq!((integer | number).each(), [Kind::Number]);
        assert_eq!((Kinds::named("string") & number), Kinds::NONE);
        assert_eq!((Kinds::named("null") | Kinds::named("object")).each(), [Kind::Object]);
        assert_eq!(Kinds::named("odd"), Kinds::ALL);
    }
}
