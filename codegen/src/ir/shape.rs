//! What types are made of.

use std::fmt;

use super::{Api, Docs, Type};

#[derive(Debug)]
pub(crate) enum Shape {
    Struct(Struct),
    Enum(Enum),
    IntegerEnum(IntegerEnum),
    Union(Union),
}

#[derive(Debug, Default)]
pub(crate) struct Struct {
    pub(crate) fields: Vec<Field>,
    /// The type of properties that are not declared, where the schema allows them explicitly.
    pub(crate) additional: Option<Type>,
}

#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) wire: String,
    /// Other wire names that are accepted on the way in.
    pub(crate) aliases: Vec<String>,
    pub(crate) ty: Type,
    pub(crate) required: bool,
    pub(crate) direction: Direction,
    pub(crate) docs: Docs,
    /// Whether the type holds itself by this field; unset until the pass `cycles` has run.
    pub(crate) boxed: bool,
    /// The only value that it can have, where it must be there; unset until the pass `constants` has run.
    pub(crate) constant: Option<Constant>,
    /// The only boolean that it can be, which its type does not say.
    pub(crate) boolean: Option<bool>,
}

impl Field {
    /// The one value that the property can have, whether or not it is there.
    pub(crate) fn only_value(&self, api: &Api) -> Option<Constant> {
        api.only_value(&self.ty).or_else(|| self.boolean.map(Constant::Boolean))
    }
}

/// A value that a property has always.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Constant {
    Text(String),
    Integer(i64),
    Boolean(bool),
}

impl fmt::Display for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Integer(number) => number.fmt(f),
            Self::Boolean(boolean) => boolean.fmt(f),
        }
    }
}

/// Who sends a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Both,
    /// Only the server: `readOnly`.
    Response,
    /// Only the caller: `writeOnly`.
    Request,
}

/// A string of known values, open to others.
#[derive(Debug)]
pub(crate) struct Enum {
    pub(crate) values: Vec<Known<String>>,
}

/// An integer of known values, open to others.
#[derive(Debug)]
pub(crate) struct IntegerEnum {
    pub(crate) values: Vec<Known<i64>>,
}

/// A known value.
#[derive(Debug)]
pub(crate) struct Known<T> {
    pub(crate) wire: T,
    /// What to call it, where it is not called by what it is.
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
}

/// A choice between types.
#[derive(Debug, Default)]
pub(crate) struct Union {
    pub(crate) variants: Vec<Variant>,
}

#[derive(Debug, Clone)]
pub(crate) struct Variant {
    pub(crate) ty: Type,
    /// What the discriminator says for it.
    pub(crate) tag: Option<Tag>,
    /// Whether it is only for values of which it knows all properties.
    pub(crate) is_closed: bool,
}

/// A discriminating property, and its values for one variant.
#[derive(Debug, Clone)]
pub(crate) struct Tag {
    pub(crate) property: String,
    pub(crate) values: Vec<String>,
}
