//! Schemas, read from the tree by pointer. A schema that several references lead to is one type.

pub(in crate::lower) mod compose;
pub(in crate::lower) mod enum_;
pub(in crate::lower) mod inherit;
pub(in crate::lower) mod merge;

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{Lowering, Pending, docs_of};
use crate::read::extension::ALIASES;
use crate::{
    ir::{Direction, Field, Origin, OriginRoot, Shape, Struct, Type, TypeDef, TypeId, Union, Usage, Variant},
    read::pointer,
};

/// The longest way through lists, maps, unions and references to a type. Structs end it: they have names.
const MAX_DEPTH: usize = 100;

const TYPES: [&str; 6] = ["string", "integer", "number", "boolean", "array", "object"];

impl Lowering<'_, '_> {
    /// The type of the schema at a pointer. `origin` names it, should it need a name and be no component.
    pub(in crate::lower) fn lower_schema(&mut self, at: &str, origin: &Origin) -> Type {
        if !self.take_steps(1, at) {
            return Type::Any;
        }
        let (target, node) = match self.document.resolve(at) {
            Ok(resolved) => resolved,
            Err(unresolved) => {
                self.report_unresolved(unresolved);
                return Type::Any;
            }
        };
        // 3.0 gives what stands beside a `$ref` no meaning, but who writes this there sends `null`.
        let is_nullable = target != at && self.document.node(at).is_some_and(is_nullable);
        let ty = self.lower_target(target, node, origin);
        if is_nullable { ty.nullable() } else { ty }
    }

    /// The type of a schema that is no reference.
    fn lower_target(&mut self, at: String, node: &Value, origin: &Origin) -> Type {
        match self.by_pointer.get(&at) {
            Some(Some(ty)) => return ty.clone(),
            Some(None) => {
                self.unsupported(&at, "a type that is nothing but itself is any JSON value");
                return Type::Any;
            }
            None => {}
        }
        let origin = component_of(&at)
            .map_or_else(|| origin.clone(), |name| Origin { root: OriginRoot::Component(name), path: Vec::new() });
        if self.depth >= MAX_DEPTH {
            self.unsupported(&at, "a schema that is reached through so many others is any JSON value");
            return Type::Any;
        }
        self.by_pointer.insert(at.clone(), None);
        self.depth += 1;
        let ty = match node {
            Value::Object(schema) => self.lower_object_schema(schema, &at, &origin),
            // `true` and `{}` are the same schema; `false`, which nothing fits, occurs only where nothing is sent.
            _ => Type::Any,
        };
        self.depth -= 1;
        self.by_pointer.insert(at, Some(ty.clone()));
        ty
    }

    fn lower_object_schema(&mut self, schema: &Map<String, Value>, at: &str, origin: &Origin) -> Type {
        let nullable = schema.get("nullable") == Some(&Value::Bool(true));
        let ty = match self.lower_composition(schema, at, origin) {
            Some(ty) => ty,
            None => self.lower_plain_schema(schema, at, origin),
        };
        if nullable { ty.nullable() } else { ty }
    }

    pub(in crate::lower) fn lower_plain_schema(
        &mut self,
        schema: &Map<String, Value>,
        at: &str,
        origin: &Origin,
    ) -> Type {
        let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
        if let Some(values) = schema.get("enum").and_then(Value::as_array)
            && let Some(ty) = self.lower_enum(schema, values, at, origin)
        {
            return ty;
        }
        match schema.get("type") {
            Some(Value::String(type_)) => match type_.as_str() {
                "string" => string_type(format),
                "integer" => self.lower_integer(schema, format, at),
                // A number that is said to be of a width is an integer.
                "number" if matches!(format, "int32" | "int64" | "uint32" | "uint64") => {
                    self.lower_integer(schema, format, at)
                }
                "number" => Type::Number,
                "boolean" => Type::Bool,
                "array" => self.lower_array(at, origin),
                "object" => self.lower_object(schema, at, origin),
                // The repairs leave no other type.
                _ => Type::Any,
            },
            Some(Value::Array(types)) => self.lower_type_list(schema, types, at, origin),
            None if schema.contains_key("properties") || schema.contains_key("additionalProperties") => {
                self.lower_object(schema, at, origin)
            }
            None if schema.contains_key("items") => self.lower_array(at, origin),
            // Nothing is said, or nothing that the repairs could make a type of.
            None | Some(_) => Type::Any,
        }
    }

    /// 3.1's list of types is a choice between them.
    fn lower_type_list(&mut self, schema: &Map<String, Value>, types: &[Value], at: &str, origin: &Origin) -> Type {
        let mut variants = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for type_ in types {
            // What is no type is any value, which one of them says for all.
            let name = type_.as_str().filter(|name| TYPES.contains(name)).unwrap_or_default();
            if seen.contains(&name) {
                continue;
            }
            seen.push(name);
            let mut one = schema.clone();
            one.insert("type".to_owned(), type_.clone());
            let variant = self.lower_plain_schema(&one, at, origin).in_json();
            if !variants.contains(&variant) {
                variants.push(variant);
            }
        }
        self.single_type(&variants).unwrap_or_else(|| {
            let variants = variants.into_iter().map(|ty| Variant { ty, tag: None, is_closed: false }).collect();
            let shape = Shape::Union(Union { variants });
            Type::Named(self.push_type(schema, at, origin, shape))
        })
    }

    /// Whether a map leads to itself through nothing that has a name of its own. What is further away than schemas are
    /// followed is not looked at.
    fn leads_back(&self, start: &str) -> bool {
        let mut at = pointer::join(start, "additionalProperties");
        let mut seen: Vec<String> = Vec::new();
        while seen.len() <= MAX_DEPTH
            && let Ok((pointer, node)) = self.document.resolve(&at)
        {
            if pointer == start {
                return true;
            }
            let has = |key: &str| node.get(key).is_some();
            if seen.contains(&pointer) || has("properties") {
                return false;
            }
            at = pointer::join(&pointer, if has("items") { "items" } else { "additionalProperties" });
            seen.push(pointer);
        }
        false
    }

    fn lower_array(&mut self, at: &str, origin: &Origin) -> Type {
        // The first items of a tuple have schemas of their own, and the list has but one type of items.
        if self.document.node(at).is_some_and(|schema| schema.get("prefixItems").is_some()) {
            return Type::Array(Box::new(Type::Any));
        }
        let item = self.lower_schema(&pointer::join(at, "items"), &origin.child("item"));
        Type::Array(Box::new(item))
    }

    /// The integer type that holds all values that the schema speaks of.
    fn lower_integer(&mut self, schema: &Map<String, Value>, format: &str, at: &str) -> Type {
        let bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "default", "const"];
        let values = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
        let spoken: Vec<i128> =
            bounds.iter().filter_map(|key| schema.get(*key)).chain(values).filter_map(integer).collect();
        let all_in = |low: i128, high: i128| spoken.iter().all(|value| (low..=high).contains(value));
        if format == "int32" && all_in(i32::MIN.into(), i32::MAX.into()) {
            return Type::Int32;
        }
        let has_floor = ["minimum", "exclusiveMinimum", "const", "enum"].iter().any(|key| schema.contains_key(*key));
        let is_unsigned = all_in(0, i128::MAX) && (format == "uint64" || has_floor);
        let fits = all_in(i64::MIN.into(), i64::MAX.into());
        let fits_unsigned = is_unsigned && all_in(0, u64::MAX.into());
        if !(fits || fits_unsigned) {
            self.unsupported(at, "its values do not all fit 64 bits; those that do are read");
        }
        if is_unsigned && (format == "uint64" || !fits) { Type::UInt64 } else { Type::Int64 }
    }

    fn lower_object(&mut self, schema: &Map<String, Value>, at: &str, origin: &Origin) -> Type {
        let additional = schema.get("additionalProperties");
        let has_properties = schema.get("properties").and_then(Value::as_object).is_some_and(|it| !it.is_empty());
        // A map of itself needs a name to be written at all.
        if has_properties || self.leads_back(at) {
            return self.push_struct(schema, at, origin);
        }
        match additional {
            Some(Value::Object(_)) => match self.lower_additional(additional, at, origin) {
                Type::Any => Type::Object,
                ty => Type::Map(Box::new(ty)),
            },
            _ => Type::Object,
        }
    }

    /// A struct whose fields follow.
    pub(in crate::lower) fn push_struct(&mut self, schema: &Map<String, Value>, at: &str, origin: &Origin) -> Type {
        Type::Named(self.push_struct_of(schema, at, at.to_owned(), Vec::new(), origin))
    }

    /// A struct that stands at `place`, of the properties of the schema at another pointer and of those beside it.
    pub(in crate::lower) fn push_struct_of(
        &mut self,
        schema: &Map<String, Value>,
        place: &str,
        at: String,
        beside: Vec<String>,
        origin: &Origin,
    ) -> TypeId {
        let id = self.push_type(schema, place, origin, Shape::Struct(Struct::default()));
        self.pending.push_back(Pending { id, at, beside, origin: origin.clone() });
        id
    }

    /// Gives every struct its fields.
    pub(in crate::lower) fn finish_structs(&mut self) {
        while let Some(pending) = self.pending.pop_front().filter(|_| !self.steps.are_spent()) {
            let fields = self.collect_struct(&pending);
            self.types[pending.id.0].shape = Shape::Struct(fields);
        }
    }

    /// The type of undeclared properties, where the schema says in so many words that there may be some.
    pub(in crate::lower) fn lower_explicit_additional(
        &mut self,
        schema: &Map<String, Value>,
        at: &str,
        origin: &Origin,
    ) -> Option<Type> {
        match schema.get("additionalProperties") {
            None | Some(Value::Bool(false)) => None,
            additional => Some(self.lower_additional(additional, at, origin)),
        }
    }

    fn lower_additional(&mut self, additional: Option<&Value>, at: &str, origin: &Origin) -> Type {
        match additional {
            Some(Value::Object(_)) => {
                let ty = self.lower_schema(&pointer::join(at, "additionalProperties"), &origin.child("value"));
                ty.in_json()
            }
            _ => Type::Any,
        }
    }

    /// The fields of the properties that stand in the schema itself.
    pub(in crate::lower) fn lower_fields(
        &mut self,
        schema: &Map<String, Value>,
        at: &str,
        origin: &Origin,
    ) -> Vec<Field> {
        let required = schema.get("required").and_then(Value::as_array);
        let required: HashSet<&str> = required.into_iter().flatten().filter_map(Value::as_str).collect();
        let at = pointer::join(at, "properties");
        let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        properties
            .map(|(wire, property)| {
                let place = pointer::join(&at, wire);
                let ty = self.lower_schema(&place, &origin.child(wire));
                let referred = self.document.resolve(&place).map_or(property, |(_, node)| node);
                let aliases = property.get(ALIASES).and_then(Value::as_array).into_iter().flatten();
                let docs = docs_of(property);
                self.take_text(docs.bytes(), &place);
                Field {
                    wire: wire.clone(),
                    aliases: aliases.filter_map(Value::as_str).map(str::to_owned).collect(),
                    ty: ty.in_json(),
                    required: required.contains(wire.as_str()),
                    direction: direction_of(&[property, referred]),
                    docs,
                    boxed: false,
                    constant: None,
                    boolean: only_boolean(referred),
                }
            })
            .collect()
    }

    pub(in crate::lower) fn push_type(
        &mut self,
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
        self.take_text(docs.bytes(), at);
        self.types.push(TypeDef {
            pointer: at.to_owned(),
            origin: origin.clone(),
            docs,
            shape,
            usage: Usage::default(),
        });
        TypeId(self.types.len() - 1)
    }
}

/// Which way a property goes, by its own words or by those of the schema that it refers to.
fn direction_of(nodes: &[&Value]) -> Direction {
    let is = |key: &str| nodes.iter().any(|node| node.get(key) == Some(&Value::Bool(true)));
    match (is("readOnly"), is("writeOnly")) {
        (true, false) => Direction::Response,
        (false, true) => Direction::Request,
        _ => Direction::Both,
    }
}

fn only_boolean(schema: &Value) -> Option<bool> {
    match schema.get("enum")?.as_array()?.as_slice() {
        [Value::Bool(only)] => Some(*only),
        _ => None,
    }
}

pub(in crate::lower) fn is_nullable(schema: &Value) -> bool {
    schema.get("nullable") == Some(&Value::Bool(true))
}

/// The component that a pointer is, if it is one.
fn component_of(at: &str) -> Option<String> {
    let name = at.strip_prefix("/components/schemas/")?;
    (!name.contains('/')).then(|| name.replace("~1", "/").replace("~0", "~"))
}

pub(in crate::lower) fn string_type(format: &str) -> Type {
    match format {
        "date-time" => Type::DateTime,
        "binary" => Type::Binary,
        _ => Type::Text,
    }
}

/// A number as an integer, the nearest one where it has a fraction or an exponent.
fn integer(value: &Value) -> Option<i128> {
    let whole = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
    #[allow(clippy::cast_possible_truncation, reason = "a float that is out of bounds becomes the nearest integer")]
    whole.or_else(|| value.as_f64().map(|float| float as i128))
}
