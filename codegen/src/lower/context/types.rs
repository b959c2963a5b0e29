//! The types that were made so far.

use std::collections::{HashMap, VecDeque};

use crate::ir::{Origin, Shape, Type, TypeDef, TypeId};

/// The types, and which schemas they are of.
#[derive(Default)]
pub(crate) struct Types {
    pub(crate) defs: Vec<TypeDef>,
    /// The type of every schema that was lowered, by pointer. `None` while it is being lowered.
    pub(crate) by_pointer: HashMap<String, Option<Type>>,
    /// Structs whose fields are still to be lowered: not on the spot, so that no chain of references, however long, is
    /// followed on the stack.
    pub(crate) pending: VecDeque<Pending>,
    /// The structs that several schemas of one property make, by their pointers.
    pub(crate) merged: HashMap<String, TypeId>,
    /// How many schemas the one that is being lowered stands in.
    pub(crate) depth: usize,
}

/// A struct without its fields.
pub(crate) struct Pending {
    pub(crate) id: TypeId,
    pub(crate) at: String,
    /// Other schemas of which it has the properties too.
    pub(crate) beside: Vec<String>,
    pub(crate) origin: Origin,
}

impl Types {
    /// The one type that holds all of these, where a union would only be in the way.
    pub(crate) fn single_type(&self, types: &[Type]) -> Option<Type> {
        let is_text_enum =
            |ty: &&Type| matches!(ty, Type::Named(id) if matches!(self.defs[id.0].shape, Shape::Enum(_)));
        let mut enums = types.iter().filter(is_text_enum);
        match types {
            [] => None,
            [only] => Some(only.clone()),
            // An enum is open to other texts.
            [_, _] if types.contains(&Type::Text) => enums.next().cloned(),
            _ if types.iter().all(|ty| matches!(ty, Type::Int32 | Type::Int64 | Type::Number)) => Some(Type::Number),
            _ if types.contains(&Type::Any) => Some(Type::Any),
            _ => None,
        }
    }

    /// Whether values of the type are text, or written as one in one way alone.
    pub(crate) fn is_plain(&self, ty: &Type) -> bool {
        match ty {
            Type::Named(id) => matches!(self.defs[id.0].shape, Shape::Enum(_) | Shape::IntegerEnum(_)),
            other => !matches!(other, Type::Any | Type::Array(_) | Type::Map(_) | Type::Object),
        }
    }

    /// Whether values of the type are lists or objects.
    pub(crate) fn has_members(&self, ty: &Type) -> bool {
        match ty.split_nullable().0 {
            Type::Named(id) => matches!(self.defs[id.0].shape, Shape::Struct(_)),
            other => matches!(other, Type::Array(_) | Type::Map(_) | Type::Object),
        }
    }
}
