//! The types so far.

use std::collections::VecDeque;

use foldhash::{HashMap, HashSet};

use crate::ir::{Origin, Shape, Type, TypeDef, TypeId};

/// The types, by schema.
#[derive(Default)]
pub(crate) struct Types {
    pub(crate) defs: Vec<TypeDef>,
    /// The type of each lowered schema, by pointer. `None` while it is being lowered.
    pub(crate) by_pointer: HashMap<String, Option<Type>>,
    /// Structs without fields. Fields are lowered later, so a long chain of references needs no stack.
    pub(crate) pending: VecDeque<Pending>,
    /// The type of each intersection of several schemas, by a pointer made of theirs.
    pub(crate) merged: HashMap<String, Merged>,
    /// The nesting depth of the current schema.
    pub(crate) depth: usize,
}

/// The type of an intersection.
#[derive(Debug, Clone)]
pub(crate) enum Merged {
    /// It is being lowered.
    Open,
    /// `None` if no value fits.
    Done(Option<Type>),
}

/// A struct without its fields.
pub(crate) struct Pending {
    pub(crate) id: TypeId,
    /// The schemas whose own properties it has. A later one overrides an earlier one.
    pub(crate) parts: Vec<String>,
    /// The schemas that only some of its values fit.
    pub(crate) optional: Vec<String>,
    pub(crate) origin: Origin,
    /// Set if values fit any of the schemas, not all.
    pub(crate) combined: Option<Combined>,
    /// What dynamic references mean in it.
    pub(crate) bindings: Vec<(String, String)>,
}

/// What an object for values of any of several schemas has.
pub(crate) struct Combined {
    /// The names that all of the schemas require.
    pub(crate) required: Vec<String>,
    /// The properties that the schemas declare differently.
    pub(crate) differing: Vec<String>,
    /// Whether it keeps properties that are not declared.
    pub(crate) is_open: bool,
}

impl Types {
    /// Returns the single type that holds all of these without a union, if there is one.
    pub(crate) fn single_type(&self, types: &[Type]) -> Option<Type> {
        let is_number = |ty: &Type| ty.is_integer() || matches!(ty, Type::Number | Type::Decimal);
        let mut enums = types.iter().filter(|ty| self.is_text_enum(ty));
        match types {
            [] => None,
            [only] => Some(only.clone()),
            _ if types.contains(&Type::Any) => Some(Type::Any),
            // An enum accepts unknown texts, but one of a single value is a constant where it stands.
            [_, _] if types.contains(&Type::Text) => {
                let ty = enums.next()?;
                Some(if self.is_constant(ty) { Type::Text } else { ty.clone() })
            }
            _ if types.iter().all(|ty| matches!(ty, Type::Int32 | Type::Int64)) => Some(Type::Int64),
            _ if types.iter().all(|ty| matches!(ty, Type::Int32 | Type::Int64 | Type::Number)) => Some(Type::Number),
            // A decimal holds every number.
            _ if types.contains(&Type::Decimal) && types.iter().all(is_number) => Some(Type::Decimal),
            _ => None,
        }
    }

    /// Whether the type is an enum of texts.
    pub(crate) fn is_text_enum(&self, ty: &Type) -> bool {
        matches!(ty, Type::Named(id) if matches!(self.defs[id.0].shape, Shape::Enum(_)))
    }

    /// Whether the type is an enum of one value that allows no other.
    fn is_constant(&self, ty: &Type) -> bool {
        let Type::Named(id) = ty else { return false };
        matches!(&self.defs[id.0].shape, Shape::Enum(shape) if shape.values.len() == 1 && !shape.is_open)
    }

    /// Whether values of the type are scalars, with one text form.
    pub(crate) fn is_plain(&self, ty: &Type) -> bool {
        match ty {
            Type::Named(id) => matches!(self.defs[id.0].shape, Shape::Enum(_) | Shape::IntegerEnum(_)),
            other => !matches!(other, Type::Any | Type::Array(_) | Type::Tuple(_) | Type::Map(_) | Type::Object),
        }
    }
}

/// Whether each value of the type is plain, or a list of plain values.
pub(crate) fn is_flat(defs: &[TypeDef], ty: &Type) -> bool {
    let is_one = |ty: &Type| match ty.split_nullable().0 {
        Type::Array(item) => !has_members(defs, item),
        Type::Tuple(tuple) => !tuple.types().any(|item| has_members(defs, item)),
        other => *other != Type::Any && !has_members(defs, other),
    };
    if let Type::Named(id) = ty.split_nullable().0
        && let Shape::Union(union) = &defs[id.0].shape
    {
        return union.variants.iter().all(|variant| is_one(&variant.ty));
    }
    is_one(ty)
}

/// The types of what is written by itself where the items of lists are: of the items, and of values of a union that are no lists.
/// `None` if no value is a list.
pub(crate) fn item_types<'a>(defs: &'a [TypeDef], ty: &'a Type) -> Option<Vec<&'a Type>> {
    let (mut types, mut seen, mut has_list, mut items) = (vec![ty], HashSet::default(), false, Vec::new());
    while let Some(ty) = types.pop() {
        let ty = ty.split_nullable().0;
        match ty {
            Type::Array(item) => {
                has_list = true;
                items.push(&**item);
            }
            Type::Tuple(tuple) => {
                has_list = true;
                items.extend(tuple.types());
            }
            Type::Named(id) => match &defs[id.0].shape {
                Shape::Union(union) if seen.insert(*id) => {
                    types.extend(union.variants.iter().map(|variant| &variant.ty));
                }
                Shape::Union(_) => {}
                _ => items.push(ty),
            },
            _ => items.push(ty),
        }
    }
    has_list.then_some(items)
}

/// Whether values of the type are lists or objects, if only some of a union.
pub(crate) fn has_members(defs: &[TypeDef], ty: &Type) -> bool {
    let (mut types, mut seen) = (vec![ty], HashSet::default());
    while let Some(ty) = types.pop() {
        match ty.split_nullable().0 {
            Type::Named(id) => match &defs[id.0].shape {
                Shape::Struct(_) => return true,
                // A union can have itself as a variant.
                Shape::Union(union) if seen.insert(*id) => {
                    types.extend(union.variants.iter().map(|variant| &variant.ty));
                }
                _ => {}
            },
            Type::Array(_) | Type::Tuple(_) | Type::Map(_) | Type::Object => return true,
            _ => {}
        }
    }
    false
}
