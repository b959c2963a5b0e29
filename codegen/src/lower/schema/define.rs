//! Definitions of types, and the queue of structs.

use serde_json::{Map, Value};

use crate::{
    ir::{Origin, Shape, Struct, Type, TypeDef, TypeId, Usage},
    lower::context::{Cx, Pending, docs_of},
};

pub(super) fn push_type(
    cx: &mut Cx<'_, '_>,
    schema: &Map<String, Value>,
    at: &str,
    origin: &Origin,
    shape: Shape,
) -> TypeId {
    let docs = docs_of(&Value::Object(
        ["title", "description", "externalDocs", "deprecated"]
            .into_iter()
            .filter_map(|key| schema.get(key).map(|value| (key.to_owned(), value.clone())))
            .collect(),
    ));
    cx.report.take_text(docs.bytes(), at);
    cx.types.defs.push(TypeDef {
        pointer: at.to_owned(),
        identity: None,
        origin: origin.clone(),
        docs,
        shape,
        usage: Usage::default(),
    });
    TypeId(cx.types.defs.len() - 1)
}

/// Adds a struct, whose fields are lowered later.
pub(super) fn push_struct(cx: &mut Cx<'_, '_>, schema: &Map<String, Value>, at: &str, origin: &Origin) -> Type {
    Type::Named(push_struct_of(cx, schema, at, at.to_owned(), Vec::new(), origin))
}

/// Adds a struct at `place` with the properties of the schema at another pointer and of those in `beside`.
pub(super) fn push_struct_of(
    cx: &mut Cx<'_, '_>,
    schema: &Map<String, Value>,
    place: &str,
    at: String,
    beside: Vec<String>,
    origin: &Origin,
) -> TypeId {
    let id = push_type(cx, schema, place, origin, Shape::Struct(Struct::default()));
    cx.types.pending.push_back(Pending { id, at, beside, origin: origin.clone() });
    id
}
