//! The shapes of types.

use serde_json::{Number, Value};

use super::{Api, Constant, Docs, Limit, Text, Type, TypeDef};

#[derive(Debug, Clone)]
pub(crate) enum Shape {
    Struct(Struct),
    Enum(Enum),
    IntegerEnum(IntegerEnum),
    Union(Union),
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Struct {
    pub(crate) fields: Vec<Field>,
    /// The type of undeclared properties, if the schema explicitly allows them.
    pub(crate) additional: Option<Type>,
    /// Whether the schema excludes undeclared properties. They are read all the same.
    pub(crate) is_closed: bool,
    /// The properties that its variants hold in place of the struct. Set by the pass `tags`.
    pub(crate) tags: Vec<HeldTag>,
    /// The properties that only the type of the other direction has. Set by the pass `split`.
    pub(crate) foreign: Vec<String>,
}

/// A discriminating property that a variant holds in place of its struct.
#[derive(Debug, Clone)]
pub(crate) struct HeldTag {
    pub(crate) property: String,
    /// Whether all values have it.
    pub(crate) required: bool,
    /// Its value, if it is the same in all variants. The struct then writes it even by itself.
    pub(crate) value: Option<Constant>,
}

#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) wire: String,
    /// Other wire names that are accepted in responses.
    pub(crate) aliases: Vec<String>,
    pub(crate) ty: Type,
    /// Whether its sender must send it.
    pub(crate) required: bool,
    /// Whether `properties` has it. Otherwise `required` only names it.
    pub(crate) is_declared: bool,
    pub(crate) direction: Direction,
    pub(crate) docs: Docs,
    /// Whether the type contains itself through this field. Set by the pass `cycles`.
    pub(crate) boxed: bool,
    /// The only value of a required property. Set by the pass `constants`.
    pub(crate) constant: Option<Constant>,
    /// The only value that the schema allows, if the type does not say it: a boolean, or `null`.
    pub(crate) only: Option<Constant>,
    /// The name that extensions give.
    pub(crate) given: Option<String>,
}

impl Field {
    /// A property that `required` names and no `properties` declare.
    pub(crate) fn undeclared(wire: String, ty: Type, required: bool) -> Self {
        Self {
            wire,
            aliases: Vec::new(),
            ty,
            required,
            is_declared: false,
            direction: Direction::Both,
            docs: Docs::default(),
            boxed: false,
            constant: None,
            only: None,
            given: None,
        }
    }

    /// Whether requests leave the property of this type out: it is `readOnly`.
    pub(crate) fn is_withheld(&self, def: &TypeDef) -> bool {
        self.direction == Direction::Response && def.is_sent()
    }

    /// The only value of the property, required or not.
    pub(crate) fn only_value(&self, api: &Api) -> Option<Constant> {
        api.only_value(&self.ty).or_else(|| self.only.clone())
    }

    /// The strings that the property lists. Empty if it has others, too.
    pub(crate) fn listed_texts(&self, api: &Api) -> Vec<String> {
        match &self.ty {
            Type::Named(id) if matches!(api.type_def(*id).shape, Shape::Enum(_)) => self.listed_values(api),
            _ => Vec::new(),
        }
    }

    /// The strings or integers that the property lists, as text. Empty if it has others, too.
    pub(crate) fn listed_values(&self, api: &Api) -> Vec<String> {
        let Type::Named(id) = self.ty.split_nullable().0 else { return Vec::new() };
        match &api.type_def(*id).shape {
            Shape::Enum(shape) if !shape.is_open => shape.values.iter().map(|known| known.wire.clone()).collect(),
            Shape::IntegerEnum(shape) if !shape.is_open => {
                shape.values.iter().map(|known| known.wire.to_string()).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// The sender of a property.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Direction {
    #[default]
    Both,
    /// Only the server: `readOnly`.
    Response,
    /// Only the caller: `writeOnly`.
    Request,
}

/// A string with known values. Others are accepted.
#[derive(Debug, Clone)]
pub(crate) struct Enum {
    pub(crate) values: Vec<Known<String>>,
    /// Whether the document allows others. A single value is no constant then.
    pub(crate) is_open: bool,
}

/// An integer with known values. Others are accepted.
#[derive(Debug, Clone)]
pub(crate) struct IntegerEnum {
    pub(crate) values: Vec<Known<i128>>,
    /// Whether the document allows others. A single value is no constant then.
    pub(crate) is_open: bool,
}

impl IntegerEnum {
    /// The type of Rust that holds all values, of 64 bits or more.
    pub(crate) fn ty(&self) -> Type {
        let holds = |is: fn(i128) -> bool| self.values.iter().all(|value| is(value.wire));
        if holds(|value| i64::try_from(value).is_ok()) {
            Type::Int64
        } else if holds(|value| u64::try_from(value).is_ok()) {
            Type::UInt64
        } else {
            Type::Int128
        }
    }
}

/// Returns an integer as JSON, beyond 64 bits as the nearest float.
pub(crate) fn integer_json(value: i128) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "a tree of JSON holds no more")]
    let nearest = || Value::from(value as f64);
    Number::from_i128(value).map_or_else(nearest, Value::Number)
}

/// A known value.
#[derive(Debug, Clone)]
pub(crate) struct Known<T> {
    pub(crate) wire: T,
    /// The name, if it differs from the value.
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
}

/// A choice between types.
#[derive(Debug, Clone, Default)]
pub(crate) struct Union {
    pub(crate) variants: Vec<Variant>,
}

impl Union {
    /// Whether it is for all values, and keeps unread what does not fit its only variant.
    pub(crate) fn takes_any(&self) -> bool {
        matches!(self.variants.as_slice(), [Variant { is_closed: true, tag: None, .. }])
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Variant {
    pub(crate) ty: Type,
    /// The value of the discriminator.
    pub(crate) tag: Option<Tag>,
    /// Whether it accepts only values whose properties it declares.
    pub(crate) is_closed: bool,
    /// Whether it is for values that several of the others allow at once.
    pub(crate) is_combined: bool,
    /// Whether it is for values with none of the tags of the other variants.
    pub(crate) is_default: bool,
    /// What the document says of its values, if its type has no documentation of its own.
    pub(crate) description: Option<Text>,
    /// The limits of its values.
    pub(crate) limits: Vec<Limit>,
    /// What names it in place of its type, which is named after another place. Set by the pass `equals`.
    pub(crate) word: Option<String>,
}

impl Variant {
    /// A variant that is selected by the content of its values.
    pub(crate) fn of(ty: Type) -> Self {
        Self {
            ty,
            tag: None,
            is_closed: false,
            is_combined: false,
            is_default: false,
            description: None,
            limits: Vec::new(),
            word: None,
        }
    }

    /// The discriminating properties that the variant writes, and their values.
    pub(crate) fn written_tags(&self) -> Vec<(&str, &Constant)> {
        let Some(Tag { property, values, is_field, outer }) = &self.tag else { return Vec::new() };
        let mut written: Vec<(&str, &Constant)> = outer.iter().map(|(property, value)| (&**property, value)).collect();
        if let ([value], false) = (values.as_slice(), is_field) {
            written.push((property, value));
        }
        written
    }
}

/// A discriminating property, and its values for one variant. The pass `tags` leaves one value, unless it is a field.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Tag {
    pub(crate) property: String,
    /// The pass `tags` makes them values of the type of the property.
    pub(crate) values: Vec<Constant>,
    /// Whether the struct keeps the property, because the variant does not know its value.
    pub(crate) is_field: bool,
    /// Other properties, by which unions around that of the variant select it, and their values. Set by the pass `unions`.
    pub(crate) outer: Vec<(String, Constant)>,
}
