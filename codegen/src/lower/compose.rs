//! `allOf`, `oneOf`, `anyOf`, `not`.

use serde_json::{Map, Value};

use super::Lowering;
use crate::{
    ir::{Field, Origin, Shape, Struct, Type},
    pointer,
};

impl Lowering<'_, '_> {
    /// The type of a composed schema; `None` for a schema that composes nothing.
    pub(super) fn lower_composition(&mut self, schema: &Map<String, Value>, at: &str, origin: &Origin) -> Option<Type> {
        let count = |key: &str| schema.get(key).and_then(Value::as_array).map_or(0, Vec::len);
        if count("allOf") > 0 {
            return Some(self.lower_all_of(schema, at, origin));
        }
        let (key, variants) = match (count("oneOf"), count("anyOf")) {
            (0, 0) => {
                if schema.contains_key("not") {
                    self.unsupported(at, "`not` is not checked");
                }
                return None;
            }
            (0, any) => ("anyOf", any),
            (one, _) => ("oneOf", one),
        };
        let list = pointer::join(at, key);
        let variants: Vec<String> = (0..variants).map(|index| pointer::join(&list, &index.to_string())).collect();
        let (nulls, others): (Vec<_>, Vec<_>) = variants.into_iter().partition(|variant| self.is_null(variant));
        let ty = if let [only] = others.as_slice() {
            self.lower_schema(only, origin)
        } else {
            self.unsupported(at, format!("a choice by `{key}` is any JSON value"));
            Type::Any
        };
        Some(if nulls.is_empty() { ty } else { ty.nullable() })
    }

    fn is_null(&self, at: &str) -> bool {
        let node = self.document.tree.pointer(at).and_then(Value::as_object);
        node.is_some_and(|node| node.len() == 1 && node.get("nullable") == Some(&Value::Bool(true)))
    }

    /// One part and nothing beside it is that part; objects become one struct of all their fields.
    fn lower_all_of(&mut self, schema: &Map<String, Value>, at: &str, origin: &Origin) -> Type {
        let parts = schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
        let list = pointer::join(at, "allOf");
        if parts == 1 && !schema.contains_key("properties") {
            return self.lower_schema(&pointer::join(&list, "0"), origin);
        }
        let mut merged = Merged::default();
        self.collect_fields(at, origin, &mut merged, &mut Vec::new());
        if merged.is_other {
            self.unsupported(at, "`allOf` of other schemas than objects is any JSON value");
            return Type::Any;
        }
        if merged.fields.is_empty() {
            return Type::Object;
        }
        for field in &mut merged.fields {
            field.required |= merged.required.contains(&field.wire);
        }
        let shape = Shape::Struct(Struct { fields: merged.fields, additional: None });
        Type::Named(self.push_type(schema, at, origin, shape))
    }

    fn collect_fields(&mut self, at: &str, origin: &Origin, merged: &mut Merged, seen: &mut Vec<String>) {
        let Ok((at, Value::Object(schema))) = self.document.resolve(at) else {
            merged.is_other = true;
            return;
        };
        if seen.contains(&at) {
            return;
        }
        seen.push(at.clone());
        let is_object = schema.get("type").is_none_or(|type_| type_ == "object");
        merged.is_other |= !is_object || schema.contains_key("oneOf") || schema.contains_key("anyOf");
        let parts = schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
        for index in 0..parts {
            let part = pointer::join(&pointer::join(&at, "allOf"), &index.to_string());
            self.collect_fields(&part, origin, merged, seen);
        }
        let names = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        merged.required.extend(names.filter_map(Value::as_str).map(str::to_owned));
        for field in self.lower_fields(schema, &at, origin) {
            match merged.fields.iter_mut().find(|had| had.wire == field.wire) {
                // The later part says more of the same property.
                Some(had) => *had = field,
                None => merged.fields.push(field),
            }
        }
    }
}

#[derive(Default)]
struct Merged {
    fields: Vec<Field>,
    required: Vec<String>,
    /// Whether a part is no object, or a choice.
    is_other: bool,
}
