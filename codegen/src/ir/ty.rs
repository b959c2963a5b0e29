//! Types of values.

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct TypeId(pub(crate) usize);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Type {
    /// Any JSON value.
    Any,
    Bool,
    Int32,
    Int64,
    UInt64,
    Int128,
    UInt128,
    Number,
    /// A number that keeps its digits.
    Decimal,
    /// The same as a string.
    DecimalText,
    Text,
    DateTime,
    /// Bytes outside JSON: an upload or a download.
    Binary,
    /// An object of any properties.
    Object,
    Array(Box<Type>),
    Tuple(Box<Tuple>),
    Map(Box<Type>),
    Nullable(Box<Type>),
    Named(TypeId),
}

impl Type {
    /// Returns the type without `null`, and whether `null` is allowed.
    pub(crate) fn split_nullable(&self) -> (&Self, bool) {
        match self {
            Self::Nullable(inner) => (inner, true),
            other => (other, false),
        }
    }

    /// Returns the type inside JSON, where binary is text.
    pub(crate) fn in_json(self) -> Self {
        match self {
            Self::Binary => Self::Text,
            Self::Array(item) => Self::Array(Box::new(item.in_json())),
            Self::Tuple(tuple) => Self::Tuple(Box::new(Tuple {
                items: tuple.items.into_iter().map(Self::in_json).collect(),
                rest: tuple.rest.map(Self::in_json),
            })),
            Self::Map(value) => Self::Map(Box::new(value.in_json())),
            Self::Nullable(inner) => Self::Nullable(Box::new(inner.in_json())),
            other => other,
        }
    }

    pub(crate) fn nullable(self) -> Self {
        match self {
            // Any value includes `null`.
            Self::Any | Self::Nullable(_) => self,
            other => Self::Nullable(Box::new(other)),
        }
    }

    /// Whether it is an integer of a fixed size.
    pub(crate) fn is_integer(&self) -> bool {
        matches!(self, Self::Int32 | Self::Int64 | Self::UInt64 | Self::Int128 | Self::UInt128)
    }

    /// Whether decimals in the value, outside of named types, are strings.
    pub(crate) fn has_decimal_text(&self) -> bool {
        match self {
            Self::DecimalText => true,
            Self::Array(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.has_decimal_text(),
            Self::Tuple(tuple) => tuple.types().any(Self::has_decimal_text),
            _ => false,
        }
    }

    /// Returns the named type inside lists, maps and `null`; of a tuple, the first one.
    pub(crate) fn named(&self) -> Option<TypeId> {
        match self {
            Self::Named(id) => Some(*id),
            Self::Array(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.named(),
            Self::Tuple(tuple) => tuple.types().find_map(Self::named),
            _ => None,
        }
    }

    /// Returns all named types inside lists, tuples, maps and `null`.
    pub(crate) fn all_named(&self) -> Vec<TypeId> {
        match self {
            Self::Named(id) => vec![*id],
            Self::Array(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.all_named(),
            Self::Tuple(tuple) => tuple.types().flat_map(Self::all_named).collect(),
            _ => Vec::new(),
        }
    }

    /// Puts other named types in place of those inside, by their ids.
    pub(crate) fn redirect(&mut self, to: &[TypeId]) {
        match self {
            Self::Named(id) => *id = to[id.0],
            Self::Array(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.redirect(to),
            Self::Tuple(tuple) => tuple.types_mut().for_each(|inner| inner.redirect(to)),
            _ => {}
        }
    }

    /// Returns the named types that a value contains without a list or map between.
    pub(crate) fn held(&self) -> Vec<TypeId> {
        match self.split_nullable().0 {
            Self::Named(id) => vec![*id],
            Self::Tuple(tuple) => tuple.items.iter().flat_map(Self::held).collect(),
            _ => Vec::new(),
        }
    }
}

/// An array whose items have types by position.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Tuple {
    /// From 1 to 12 types.
    pub(crate) items: Vec<Type>,
    /// The type of further items, if they are allowed.
    pub(crate) rest: Option<Type>,
}

impl Tuple {
    /// The types of all items.
    pub(crate) fn types(&self) -> impl Iterator<Item = &Type> {
        self.items.iter().chain(&self.rest)
    }

    /// The types of all items, to change them.
    pub(crate) fn types_mut(&mut self) -> impl Iterator<Item = &mut Type> {
        self.items.iter_mut().chain(&mut self.rest)
    }
}
