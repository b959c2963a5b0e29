//! `allOf`, `oneOf`, `anyOf`, `not`.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::is_nullable;
use crate::lower::Lowering;
use crate::{
    diagnostic::code,
    ir::{Origin, Shape, Tag, Type, Union, Variant},
    read::pointer,
};

impl Lowering<'_, '_> {
    /// The type of a composed schema; `None` for a schema that composes nothing.
    pub(in crate::lower) fn lower_composition(
        &mut self,
        schema: &Map<String, Value>,
        at: &str,
        origin: &Origin,
    ) -> Option<Type> {
        if let Some(ty) = self.lower_heirs(schema, at, origin) {
            return Some(ty);
        }
        let count = |key: &str| schema.get(key).and_then(Value::as_array).map_or(0, Vec::len);
        if self.is_only_restricted(schema, at) {
            self.findings.add(code::NOT_CHECKED, at, "what restricts its values is not checked");
            return None;
        }
        if count("allOf") > 0 {
            return Some(self.lower_all_of(schema, at, origin));
        }
        let key = match (count("oneOf"), count("anyOf")) {
            (0, 0) => {
                if schema.contains_key("not") {
                    self.findings.add(code::NOT_CHECKED, at, "`not` is not checked");
                }
                return None;
            }
            _ if schema.contains_key("properties") && self.variants_only_restrict(schema, at) => {
                self.findings.add(code::NOT_CHECKED, at, "which properties stand together is not checked");
                return None;
            }
            (0, _) => "anyOf",
            (_, any) => {
                if any > 0 {
                    self.unsupported(at, "the `anyOf` beside `oneOf` is not in its type");
                }
                "oneOf"
            }
        };
        let (nulls, variants): (Vec<_>, Vec<_>) =
            members_of(schema, at, key).partition(|variant| self.is_null(variant));
        if variants.is_empty() {
            return Some(self.lower_plain_schema(schema, at, origin).nullable());
        }
        let ty = self.lower_union(schema, &variants, at, origin);
        Some(if nulls.is_empty() { ty } else { ty.nullable() })
    }

    /// Whether the schema says its type itself, and its parts and variants say no more of it.
    fn is_only_restricted(&self, schema: &Map<String, Value>, at: &str) -> bool {
        let says_type = schema.get("type").is_some_and(|type_| type_ != "object")
            || ["enum", "items", "additionalProperties"].iter().any(|key| schema.contains_key(*key));
        let mut parts = ["allOf", "oneOf", "anyOf"].into_iter().flat_map(|key| members_of(schema, at, key)).peekable();
        says_type
            && !schema.contains_key("properties")
            && parts.peek().is_some()
            && parts.all(|at| {
                let part = self.document.resolve(&at).ok().and_then(|(_, node)| node.as_object());
                part.is_some_and(|part| only_restricts(part) && !self.is_null(&at))
            })
    }

    /// Whether all variants only say what must be there of an object's own properties.
    pub(in crate::lower) fn variants_only_restrict(&self, schema: &Map<String, Value>, at: &str) -> bool {
        let mut variants = ["oneOf", "anyOf"].into_iter().flat_map(|key| members_of(schema, at, key));
        let restricts = |at: String| {
            let node = self.document.resolve(&at).ok().and_then(|(_, node)| node.as_object());
            node.is_some_and(|node| only_restricts(node) && (node.contains_key("required") || node.contains_key("not")))
        };
        variants.all(restricts)
    }

    fn lower_union(&mut self, schema: &Map<String, Value>, variants: &[String], at: &str, origin: &Origin) -> Type {
        if let [only] = variants {
            return self.lower_variant(only, at, origin);
        }
        if let Some(ty) = self.lower_choice_of_values(schema, variants, at, origin) {
            return ty;
        }
        let id = self.push_type(schema, at, origin, Shape::Union(Union::default()));
        // Known before its variants are, so that a variant can hold the type itself.
        self.by_pointer.insert(at.to_owned(), Some(Type::Named(id)));
        let mut types: Vec<Type> = Vec::new();
        let mut seen: HashSet<Type> = HashSet::new();
        let mut pointers = Vec::new();
        let mut nullable = false;
        for (index, variant) in variants.iter().enumerate() {
            let word = self.word_of(variant).unwrap_or_else(|| format!("variant {}", index + 1));
            let ty = self.lower_variant(variant, at, &origin.child(&word)).in_json();
            let (ty, null) = ty.split_nullable();
            nullable |= null;
            if seen.insert(ty.clone()) {
                types.push(ty.clone());
                pointers.push(variant);
            }
        }
        let ty = if let Some(ty) = self.single_type(&types) {
            // The id stays taken, so that other ids stay true; a type that nothing reaches is not emitted.
            self.by_pointer.insert(at.to_owned(), Some(ty.clone()));
            ty
        } else {
            let tags = Tags::of(schema);
            let tag = |at: &str| tags.as_ref().map(|tags| self.tag_of(tags, at));
            let variants = types.into_iter().zip(pointers);
            let variants = variants.map(|(ty, at)| Variant { ty, tag: tag(at), is_closed: false }).collect();
            self.types[id.0].shape = Shape::Union(Union { variants });
            Type::Named(id)
        };
        if nullable { ty.nullable() } else { ty }
    }

    /// The discriminator's property, and its values for a variant.
    pub(in crate::lower) fn tag_of(&self, tags: &Tags<'_>, at: &str) -> Tag {
        let reference = self.document.node(at).and_then(|node| node.get("$ref")).and_then(Value::as_str);
        let referred = reference.and_then(pointer::from_reference).unwrap_or_else(|| at.to_owned());
        let target = self.document.resolve(at).map_or_else(|_| at.to_owned(), |(target, _)| target);
        tags.of_variant(&referred, &target)
    }

    /// What tells a variant from the others: its title, or, where it becomes a type of its own, what it refers to.
    fn word_of(&self, variant: &str) -> Option<String> {
        let node = self.document.node(variant)?;
        if let Some(title) = node.get("title").and_then(Value::as_str) {
            return Some(title.to_owned());
        }
        self.choice_with_properties(variant)?;
        let target = pointer::from_reference(node.get("$ref")?.as_str()?)?;
        pointer::keys(&target).next_back()
    }

    /// The type of a variant; an object has what stands beside the choice too.
    fn lower_variant(&mut self, variant: &str, choice: &str, origin: &Origin) -> Type {
        if self.choice_with_properties(variant).is_none() {
            return self.lower_schema(variant, origin);
        }
        let is_object = self.parts_of(variant).1;
        match self.document.resolve(variant) {
            Ok((_, Value::Object(schema))) if is_object => {
                let ty = self.push_struct(schema, variant, origin);
                self.by_pointer.insert(variant.to_owned(), Some(ty.clone()));
                if schema.get("nullable") == Some(&Value::Bool(true)) { ty.nullable() } else { ty }
            }
            _ => {
                self.unsupported(
                    choice,
                    "the properties beside the choice are only in those of its types that are objects",
                );
                self.lower_schema(variant, origin)
            }
        }
    }

    /// The schema whose choice has this variant, where it says of its own which properties there are.
    pub(in crate::lower) fn choice_with_properties(&self, variant: &str) -> Option<String> {
        let (list, _) = variant.rsplit_once('/')?;
        let choice = list.strip_suffix("/oneOf").or_else(|| list.strip_suffix("/anyOf"))?;
        let schema = self.document.node(choice)?.as_object()?;
        let additional = schema.get("additionalProperties").is_some_and(Value::is_object);
        (additional || schema.contains_key("properties")).then(|| choice.to_owned())
    }

    /// The one type that holds all of these, where a union would only be in the way.
    pub(in crate::lower) fn single_type(&self, types: &[Type]) -> Option<Type> {
        let is_text_enum =
            |ty: &&Type| matches!(ty, Type::Named(id) if matches!(self.types[id.0].shape, Shape::Enum(_)));
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

    fn is_null(&self, at: &str) -> bool {
        self.document.node(at).is_some_and(is_null)
    }

    /// One part and nothing beside it is that part; objects become one struct of all their fields.
    fn lower_all_of(&mut self, schema: &Map<String, Value>, at: &str, origin: &Origin) -> Type {
        let mut members = members_of(schema, at, "allOf");
        let adds = ["properties", "required", "additionalProperties"].iter().any(|key| schema.contains_key(*key));
        if let (Some(only), None, false) = (members.next(), members.next(), adds || self.inheritance.is_heir(at)) {
            return self.lower_schema(&only, origin);
        }
        let (parts, is_object) = self.parts_of(at);
        if !is_object {
            return self.lower_all_of_others(schema, at, origin);
        }
        let tree = self.document.tree;
        let has = |at: &str, key: &str| tree.pointer(at).and_then(|node| node.get(key)).is_some_and(Value::is_object);
        if parts.iter().any(|at| has(at, "properties")) {
            return self.push_struct(schema, at, origin);
        }
        // A map stays one, whatever else is said of it.
        match parts.iter().find(|at| has(at, "additionalProperties")) {
            Some(map) if map != at => self.lower_schema(map, origin),
            Some(_) => self.lower_plain_schema(schema, at, origin),
            None if parts.iter().any(|at| is_said_object(self.document.node(at))) => Type::Object,
            None => Type::Any,
        }
    }

    /// The type of an `allOf` of other schemas than objects: the one that it and its parts agree on, where the others only
    /// restrict it.
    fn lower_all_of_others(&mut self, schema: &Map<String, Value>, at: &str, origin: &Origin) -> Type {
        let mut types: Vec<Type> = Vec::new();
        let mut seen: HashSet<Type> = HashSet::new();
        let mut is_whole = !schema.contains_key("properties");
        if schema.contains_key("enum") || schema.get("type").is_some_and(|type_| type_ != "object") {
            let own = self.lower_plain_schema(schema, at, origin);
            seen.insert(own.clone());
            types.push(own);
        }
        for at in members_of(schema, at, "allOf") {
            let part = self.lower_schema(&at, origin);
            if part == Type::Any {
                // What restricts a type may be left out of it, and what is a type that is not expressed may not.
                let node = self.document.resolve(&at).ok().and_then(|(_, node)| node.as_object());
                is_whole &= node.is_some_and(only_restricts);
            } else if seen.insert(part.clone()) {
                types.push(part);
            }
        }
        if types.is_empty() && is_whole {
            return Type::Any;
        }
        self.single_type(&types).filter(|_| is_whole).unwrap_or_else(|| {
            self.unsupported(at, "`allOf` of other schemas than objects is any JSON value");
            Type::Any
        })
    }
}

/// The pointers of the parts of an `allOf`, or of the variants of a `oneOf` or `anyOf`.
pub(in crate::lower) fn members_of(
    schema: &Map<String, Value>,
    at: &str,
    key: &str,
) -> impl Iterator<Item = String> + use<> {
    let count = schema.get(key).and_then(Value::as_array).map_or(0, Vec::len);
    let list = pointer::join(at, key);
    (0..count).map(move |index| pointer::join(&list, &index.to_string()))
}

/// Whether a schema allows `null` alone: the repairs make `{nullable: true}` of 3.1's type `null`.
pub(in crate::lower) fn is_null(schema: &Value) -> bool {
    let values = schema.get("enum").and_then(Value::as_array);
    values.map_or_else(
        || is_nullable(schema) && schema.as_object().is_some_and(only_restricts),
        |values| !values.is_empty() && values.iter().all(Value::is_null),
    )
}

/// Whether a schema says nothing of which or types there are.
fn only_restricts(schema: &Map<String, Value>) -> bool {
    let says = ["type", "$ref", "enum", "properties", "additionalProperties", "items", "allOf", "oneOf", "anyOf"];
    says.iter().all(|key| !schema.contains_key(*key))
}

/// Whether a schema says something of objects, which other values may not be taken for.
fn is_said_object(schema: Option<&Value>) -> bool {
    let Some(schema) = schema.and_then(Value::as_object) else { return false };
    let of_objects = ["required", "additionalProperties", "patternProperties", "minProperties", "maxProperties"];
    schema.get("type").is_some_and(|type_| type_ == "object") || of_objects.iter().any(|key| schema.contains_key(*key))
}

/// A discriminator, with its mapping turned around.
pub(in crate::lower) struct Tags<'t> {
    property: &'t str,
    /// The values that lead to each target, by its pointer and as it stands, with their places in the mapping.
    by_pointer: HashMap<String, Vec<(usize, &'t str)>>,
    by_text: HashMap<&'t str, Vec<(usize, &'t str)>>,
}

impl<'t> Tags<'t> {
    /// `None` where the schema has no discriminator.
    pub(in crate::lower) fn of(schema: &'t Map<String, Value>) -> Option<Self> {
        let discriminator = schema.get("discriminator")?;
        let property = discriminator.get("propertyName").and_then(Value::as_str)?;
        let mut tags = Self { property, by_pointer: HashMap::new(), by_text: HashMap::new() };
        let mapping = discriminator.get("mapping").and_then(Value::as_object).into_iter().flatten();
        for (index, (value, target)) in mapping.enumerate() {
            let Some(target) = target.as_str() else { continue };
            if let Some(at) = pointer::from_reference(target) {
                tags.by_pointer.entry(at).or_default().push((index, value));
            }
            tags.by_text.entry(target).or_default().push((index, value));
        }
        Some(tags)
    }

    /// The property, and its values for a variant: those that the mapping gives it, else the name by which the choice refers
    /// to it, which may be another one than that of the schema it leads to.
    fn of_variant(&self, referred: &str, variant: &str) -> Tag {
        let name_of = |at: &str| pointer::keys(at).next_back().unwrap_or_default();
        let mut found: Vec<(usize, &str)> = Vec::new();
        for at in [referred, variant] {
            found.extend(self.by_pointer.get(at).into_iter().flatten());
            found.extend(self.by_text.get(name_of(at).as_str()).into_iter().flatten());
        }
        found.sort_unstable();
        found.dedup();
        let mut values: Vec<String> = found.into_iter().map(|(_, value)| value.to_owned()).collect();
        if values.is_empty() {
            values.push(name_of(referred));
        }
        Tag { property: self.property.to_owned(), values }
    }
}
