//! Constant values of properties.

use std::fmt;

use serde_json::{Number, Value};

/// A constant value of a property.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Constant {
    Text(String),
    Integer(i64),
    /// Another number, as Rust displays it, which is JSON.
    Number(String),
    Boolean(bool),
    Null,
}

impl Constant {
    /// Returns a number of JSON, or `None` if it is beyond doubles.
    pub(crate) fn of_number(number: &Number) -> Option<Self> {
        let integer = number.as_i64().map(Self::Integer);
        integer.or_else(|| {
            let text = number.as_f64().filter(|float| float.is_finite())?.to_string();
            Some(text.parse().map_or(Self::Number(text), Self::Integer))
        })
    }

    /// Returns the value as JSON.
    pub(crate) fn json(&self) -> Value {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Integer(number) => (*number).into(),
            Self::Number(text) => serde_json::from_str(text).unwrap_or_default(),
            Self::Boolean(boolean) => (*boolean).into(),
            Self::Null => Value::Null,
        }
    }
}

impl fmt::Display for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Number(text) => f.write_str(text),
            Self::Integer(number) => number.fmt(f),
            Self::Boolean(boolean) => boolean.fmt(f),
            Self::Null => f.write_str("null"),
        }
    }
}
