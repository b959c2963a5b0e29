//! The criteria that distinguish the variants of a union.

use crate::model::{digits, node::Node};

/// The properties and values that a variant of a union requires and allows.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    pub(super) kind: Kind,
    pub(super) known: &'static [&'static str],
    pub(super) required: &'static [&'static str],
    pub(super) constants: &'static [(&'static str, &'static [&'static str])],
    pub(super) listed: &'static [(&'static str, &'static [&'static str])],
    pub(super) values: &'static [&'static str],
    pub(super) is_closed: bool,
    pub(super) is_exact: bool,
    pub(super) is_open: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Any,
    Boolean,
    Integer,
    Number,
    Text,
    DateTime,
    Decimal,
    List,
    Object,
}

impl Form {
    const fn new(kind: Kind) -> Self {
        Self {
            kind,
            known: &[],
            required: &[],
            constants: &[],
            listed: &[],
            values: &[],
            is_closed: false,
            is_exact: false,
            is_open: false,
        }
    }

    /// Any value. This form comes last.
    pub const fn any() -> Self {
        Self::new(Kind::Any)
    }

    /// A boolean.
    pub const fn boolean() -> Self {
        Self::new(Kind::Boolean)
    }

    /// A number without a fraction.
    pub const fn integer() -> Self {
        Self::new(Kind::Integer)
    }

    /// A number.
    pub const fn number() -> Self {
        Self::new(Kind::Number)
    }

    /// A string.
    pub const fn text() -> Self {
        Self::new(Kind::Text)
    }

    /// A date and time. Other strings are accepted with the lowest rank.
    pub const fn date_time() -> Self {
        Self::new(Kind::DateTime)
    }

    /// A number as a string. Other strings are accepted with the lowest rank.
    pub const fn decimal_text() -> Self {
        Self::new(Kind::Decimal)
    }

    /// An array.
    pub const fn list() -> Self {
        Self::new(Kind::List)
    }

    /// An object.
    pub const fn object() -> Self {
        Self::new(Kind::Object)
    }

    /// Sets the declared properties of the object.
    pub const fn known(mut self, names: &'static [&'static str]) -> Self {
        self.known = names;
        self
    }

    /// Sets the required properties of the object.
    pub const fn required(mut self, names: &'static [&'static str]) -> Self {
        self.required = names;
        self
    }

    /// Sets the allowed values of properties, if present: strings, or numbers and booleans as text. A number is as Rust displays it.
    pub const fn constants(mut self, constants: &'static [(&'static str, &'static [&'static str])]) -> Self {
        self.constants = constants;
        self
    }

    /// Sets the known values of properties. A form is left out if another one lists the value that it does not list.
    pub const fn listed(mut self, listed: &'static [(&'static str, &'static [&'static str])]) -> Self {
        self.listed = listed;
        self
    }

    /// Disallows properties that are not declared.
    pub const fn closed(mut self) -> Self {
        self.is_closed = true;
        self
    }

    /// Says that the document allows no other properties. A value that has some is of another form, if one keeps as many properties.
    pub const fn exact(mut self) -> Self {
        self.is_exact = true;
        self
    }

    /// Keeps properties that are not declared, or stands for all objects that fit no other form.
    pub const fn open(mut self) -> Self {
        self.is_open = true;
        self
    }

    /// Sets the known values of the string or integer, as text. Other values are accepted with a lower rank.
    pub const fn values(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self
    }

    /// Returns the number of constants in the value that the model does not store but writes again.
    pub(crate) fn tags_besides(&self, value: &Node<'_>) -> usize {
        self.tags().filter(|name| value.get(name).is_some()).count()
    }

    /// Returns the constants that the model does not store but writes.
    pub(super) fn tags(&self) -> impl Iterator<Item = &'static str> {
        self.constants.iter().map(|(name, _)| *name).filter(|name| !self.known.contains(name))
    }

    /// Returns whether any value fits.
    pub(crate) fn is_any(&self) -> bool {
        self.kind == Kind::Any
    }

    /// Returns whether both forms are of the same kind, and both or neither know a property of the value, or a constant in it.
    pub(crate) fn is_alike(&self, other: &Self, value: &Node<'_>) -> bool {
        self.kind == other.kind && self.knows_part(value) == other.knows_part(value)
    }

    /// Returns the properties that the variant stores or writes.
    pub(super) fn declared(&self) -> impl Iterator<Item = &'static str> {
        self.known.iter().copied().chain(self.constants.iter().map(|(name, _)| *name))
    }

    /// Returns whether the form takes properties that it does not declare. An object that declares nothing keeps all.
    pub(super) fn keeps_others(&self) -> bool {
        self.kind != Kind::Object || self.is_open || self.known.is_empty() && self.constants.is_empty()
    }

    /// Returns whether a property of an object has another value than the form allows.
    pub(super) fn is_contradicted(&self, object: &Node<'_>) -> bool {
        self.constants.iter().any(|(name, values)| object.get(name).is_some_and(|value| !is_among(value, values)))
    }

    /// Returns the properties whose values in an object the form lists.
    pub(super) fn listed_in(&self, object: &Node<'_>) -> impl Iterator<Item = &'static str> {
        let lists = self.listed.iter().chain(self.constants);
        lists
            .filter(|(name, values)| object.get(name).is_some_and(|value| is_among(value, values)))
            .map(|(name, _)| *name)
    }

    /// Returns whether an object has properties that the form does not declare.
    pub(super) fn is_exceeded(&self, object: &Node<'_>) -> bool {
        object.as_object().is_some_and(|it| it.iter().any(|(name, _)| !self.declares(name)))
    }

    /// Returns how many properties of an object the form keeps.
    pub(super) fn kept_of(&self, object: &Node<'_>) -> usize {
        let is_kept = |name: &str| self.keeps_others() || self.declares(name);
        object.as_object().map_or(0, |it| it.iter().filter(|(name, _)| is_kept(name)).count())
    }

    fn declares(&self, name: &str) -> bool {
        self.declared().any(|own| own == name)
    }

    fn knows_part(&self, value: &Node<'_>) -> bool {
        self.declared().any(|name| value.get(name).is_some())
    }
}

/// Returns whether a string, number or boolean is one of `values`.
pub(super) fn is_among(value: &Node<'_>, values: &[&str]) -> bool {
    match value {
        Node::Text(text) => values.contains(&text.as_ref()),
        Node::Number(digits) => {
            let is_listed = |text: &str| values.contains(&text);
            !values.is_empty()
                && (is_listed(digits)
                    || (!digits::is_integer(digits)
                        && digits::float(digits).is_ok_and(|it| is_listed(&it.to_string()))))
        }
        Node::Bool(value) => values.contains(&if *value { "true" } else { "false" }),
        _ => false,
    }
}
