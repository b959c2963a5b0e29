//! From a schema to a value that it allows.

use serde_json::{Map, Value, json};

use super::document::{Document, beside};

/// What kind of value is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variation {
    /// Everything that is declared is there.
    Full,
    /// Nothing is there but what is required.
    Required,
    /// Enumerations have values that they do not declare.
    UnknownValues,
    /// What can be null is.
    Nulls,
}

/// The directions of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Both,
    /// Its values are in requests alone, beside another model of the schema.
    Sent,
    /// Its values are in responses alone, beside another model of the schema.
    Received,
}

/// Deeper than this, only what is required is there.
const DEPTH: usize = 5;

/// Deeper than this, there is no value: the schema requires itself.
const BOTTOM: usize = 12;

pub(crate) struct Synthesis<'d> {
    document: &'d Document,
    variation: Variation,
    side: Side,
    /// Which of several types is taken.
    choice: usize,
}

impl<'d> Synthesis<'d> {
    pub(crate) fn new(document: &'d Document, variation: Variation, side: Side, choice: usize) -> Self {
        Self { document, variation, side, choice }
    }

    /// Whether a property is there in one direction, and the model is of the other one.
    fn is_foreign(&self, property: &Value) -> bool {
        let key = match self.side {
            Side::Both => return false,
            Side::Sent => "readOnly",
            Side::Received => "writeOnly",
        };
        self.says(property, key, 0)
    }

    /// Whether a schema that all values of a property fit, but for null, has this keyword.
    fn says(&self, schema: &Value, key: &str, depth: usize) -> bool {
        let list = |list: &str| schema[list].as_array().into_iter().flatten();
        let only = |choice: &str| {
            let mut variants = list(choice).filter(|variant| variant["type"] != "null");
            variants.next().filter(|_| variants.next().is_none())
        };
        let target = Some(self.resolved(schema)).filter(|target| !std::ptr::eq(*target, schema));
        let mut parts = target.into_iter().chain(list("allOf")).chain(["oneOf", "anyOf"].into_iter().filter_map(only));
        schema[key] == true || (depth < BOTTOM && parts.any(|part| self.says(part, key, depth + 1)))
    }

    /// A value of the schema; `None` if every value is infinite.
    pub(crate) fn value(&self, schema: &Value) -> Option<Value> {
        // A model of which one alternative is null is not null: what refers to it is.
        self.at(schema, 0).filter(|value| !value.is_null())
    }

    fn at(&self, schema: &Value, depth: usize) -> Option<Value> {
        if depth > BOTTOM {
            return None;
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let says = ["properties", "required", "then", "allOf", "oneOf", "anyOf", "type", "enum"];
            if self.document.is_31() && says.iter().any(|it| schema.get(*it).is_some()) {
                let mut beside = schema.clone();
                let reference = json!({ "$ref": beside.as_object_mut()?.remove("$ref")? });
                let target = self.document.target(schema["$ref"].as_str()?)?;
                let is_choice = target.get("oneOf").is_some() || target.get("anyOf").is_some();
                return self
                    .at(&if is_choice { reference } else { json!({ "allOf": [reference, beside] }) }, depth + 1);
            }
            return self.at(self.document.target(reference)?, depth + 1);
        }
        // What refers to a model says whether it may be null, and is not the model.
        if self.variation == Variation::Nulls && depth > 0 && is_nullable(schema) {
            return Some(Value::Null);
        }
        if let Some(value) = self.fixed(schema) {
            return Some(value);
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            return self.all_of(schema, parts, depth);
        }
        if let Some(variants) = ["oneOf", "anyOf"].iter().find_map(|key| schema.get(*key)?.as_array()) {
            return self.one_of(schema, variants, depth);
        }
        self.of_type(schema, depth)
    }

    /// The value of a constant or an enumeration.
    fn fixed(&self, schema: &Value) -> Option<Value> {
        if let Some(value) = schema.get("const") {
            return Some(value.clone());
        }
        let values = schema.get("enum").and_then(Value::as_array)?;
        let known: Vec<&Value> = values.iter().filter(|value| !value.is_null()).collect();
        let first = *known.get(self.choice % known.len().max(1))?;
        Some(match first {
            Value::String(_) if self.variation == Variation::UnknownValues => json!("something new"),
            Value::Number(number) if self.variation == Variation::UnknownValues && number.is_i64() => json!(987_654),
            known => known.clone(),
        })
    }

    /// The properties of all parts; of parts that are no objects, the one that says a type.
    fn all_of(&self, schema: &Value, parts: &[Value], depth: usize) -> Option<Value> {
        let mut merged = Map::new();
        let mut beside = schema.clone();
        beside.as_object_mut()?.remove("allOf");
        let says_type = |part: &&Value| {
            ["$ref", "type", "enum", "const", "properties", "allOf", "oneOf", "anyOf", "then"]
                .iter()
                .any(|key| part.get(*key).is_some())
        };
        let mut required = Vec::new();
        self.collect_required(schema, &mut required, depth);
        for part in parts.iter().chain([&beside]).filter(says_type) {
            match self.at(part, depth + 1)? {
                Value::Object(mut object) => {
                    // A part that only describes a property leaves its value to the others.
                    let says = |name: &str| self.find_property(part, name, depth).is_none_or(|it| says_type(&it));
                    object.retain(|name, _| !merged.contains_key(name) || says(name));
                    join(&mut merged, object);
                }
                other => return Some(other),
            }
        }
        // A part may require what another one declares.
        let is_open = |name: &&str| merged.get(*name).is_none_or(|value| *value == undeclared());
        for name in required.into_iter().filter(is_open).collect::<Vec<_>>() {
            if let Some(property) = self.find_property(schema, name, depth).filter(|it| !self.is_foreign(it)) {
                merged.insert(name.to_owned(), self.at(property, depth + 1)?);
            }
        }
        Some(Value::Object(merged))
    }

    fn collect_required<'s>(&'s self, schema: &'s Value, into: &mut Vec<&'s str>, depth: usize) {
        if depth > BOTTOM {
            return;
        }
        into.extend(schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str));
        for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.collect_required(self.resolved(part), into, depth + 1);
        }
    }

    fn find_property<'s>(&'s self, schema: &'s Value, name: &str, depth: usize) -> Option<&'s Value> {
        if depth > BOTTOM {
            return None;
        }
        let own = schema.get("properties").and_then(|properties| properties.get(name));
        let branches = ["then", "else"].into_iter().filter_map(|key| schema.get(key));
        let mut parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten().chain(branches);
        own.or_else(|| parts.find_map(|part| self.find_property(self.resolved(part), name, depth + 1)))
    }

    fn resolved<'s>(&'s self, schema: &'s Value) -> &'s Value {
        let target = schema.get("$ref").and_then(Value::as_str).and_then(|reference| self.document.target(reference));
        target.unwrap_or(schema)
    }

    fn one_of(&self, schema: &Value, variants: &[Value], depth: usize) -> Option<Value> {
        let variants: Vec<&Value> = variants.iter().filter(|variant| !is_null(self.resolved(variant))).collect();
        let variant = *variants.get(self.choice % variants.len().max(1))?;
        // A variant that says no type of its own has that of what stands around it.
        if let Some(type_) = schema.get("type").filter(|type_| **type_ != "object" && variant.get("type").is_none()) {
            let mut typed = variant.as_object().filter(|variant| !variant.contains_key("$ref"))?.clone();
            typed.insert("type".to_owned(), type_.clone());
            return self.at(&Value::Object(typed), depth + 1);
        }
        if variant.get("required").is_some() && variant.get("properties").is_none() {
            return self.requiring(schema, variant, depth);
        }
        let mut value = self.at(variant, depth + 1)?;
        if let (Some(object), Some(beside)) = (value.as_object_mut(), beside(schema))
            && let Value::Object(mut own) = self.object(&beside, depth)?
        {
            own.append(object);
            *object = own;
        }
        let discriminator = schema.get("discriminator").and_then(|it| it.get("propertyName")).and_then(Value::as_str);
        if let (Some(property), Some(object)) = (discriminator, value.as_object_mut()) {
            object.insert(property.to_owned(), discriminating(schema, variant)?.into());
        }
        Some(value)
    }

    /// An object with the properties that a variant also requires.
    fn requiring(&self, schema: &Value, variant: &Value, depth: usize) -> Option<Value> {
        let required = |schema: &Value| schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut own = schema.clone();
        own["required"] = [required(schema), required(variant)].concat().into();
        self.object(&own, depth)
    }

    fn of_type(&self, schema: &Value, depth: usize) -> Option<Value> {
        let types: Vec<&str> = match schema.get("type") {
            Some(Value::String(type_)) => vec![type_],
            Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).filter(|it| *it != "null").collect(),
            _ if ["properties", "additionalProperties", "then", "dependentSchemas"]
                .iter()
                .any(|key| schema.get(*key).is_some()) =>
            {
                vec!["object"]
            }
            _ if schema.get("items").is_some() => vec!["array"],
            _ => Vec::new(),
        };
        let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
        let choice = types.get(self.choice % types.len().max(1));
        Some(match choice.copied() {
            Some("string") => json!(text(format)),
            Some("integer") => integer(schema),
            Some("number") if format.starts_with("int") => json!(5),
            Some("number") => json!(0.5),
            Some("boolean") => json!(true),
            Some("array") => self.list(schema, depth)?,
            Some("object") => self.object(schema, depth)?,
            _ => json!({"anything": [1, "a", null]}),
        })
    }

    fn list(&self, schema: &Value, depth: usize) -> Option<Value> {
        let list = |key: &str| schema.get(key).and_then(Value::as_array);
        // Older drafts have a list in `items`.
        let (first, rest) = match (list("prefixItems"), list("items")) {
            (None, Some(first)) => (Some(first), schema.get("additionalItems")),
            (first, _) => (first, schema.get("items").or_else(|| schema.get("unevaluatedItems"))),
        };
        let first = first.into_iter().flatten();
        let mut items = first.map(|item| self.at(item, depth + 1)).collect::<Option<Vec<_>>>()?;
        if let Some(most) = schema.get("maxItems").and_then(Value::as_u64).filter(|most| *most <= items.len() as u64) {
            items.truncate(usize::try_from(most).unwrap());
            return Some(Value::Array(items));
        }
        match rest {
            Some(Value::Bool(false)) => {}
            // A list can always be empty.
            Some(item) => items.extend(self.at(item, depth + 1)),
            None => items.push(json!("anything")),
        }
        Some(Value::Array(items))
    }

    /// Adds what a schema declares for some values only.
    fn add_conditional(&self, schema: &Value, object: &mut Map<String, Value>, depth: usize) {
        let mut parts: Vec<&Value> = ["then", "else"].iter().filter_map(|key| schema.get(*key)).collect();
        parts.extend(schema.get("dependentSchemas").and_then(Value::as_object).into_iter().flatten().map(|it| it.1));
        if self.choice % 2 == 1 {
            parts.reverse();
        }
        for part in parts {
            if let Some(Value::Object(more)) = self.at(part, depth + 1) {
                for (name, value) in more {
                    object.entry(name).or_insert(value);
                }
            }
        }
        let dependent = schema.get("dependentRequired").and_then(Value::as_object).into_iter().flatten();
        for name in dependent.filter_map(|(_, names)| names.as_array()).flatten().filter_map(Value::as_str) {
            object.entry(name).or_insert_with(undeclared);
        }
    }

    fn object(&self, schema: &Value, depth: usize) -> Option<Value> {
        let required: Vec<&str> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let is_short = self.variation == Variation::Required || depth > DEPTH;
        let mut object = Map::new();
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let is_required = required.contains(&name.as_str());
            if (is_short && !is_required) || self.is_foreign(property) {
                continue;
            }
            match self.at(property, depth + 1) {
                // An optional list that is empty is not sent.
                Some(Value::Array(items)) if items.is_empty() && !is_required => {}
                Some(value) => {
                    object.insert(name.clone(), value);
                }
                None if is_required => return None,
                None => {}
            }
        }
        let additional = schema.get("additionalProperties");
        let is_closed = additional == Some(&Value::Bool(false)) || schema.get("properties").is_none();
        for name in required.into_iter().filter(|_| !is_closed) {
            let is_foreign = schema["properties"].get(name).is_some_and(|it| self.is_foreign(it));
            if !object.contains_key(name) && !is_foreign {
                let typed = additional.filter(|it| it.is_object());
                object.insert(name.to_owned(), typed.map_or_else(|| Some(undeclared()), |it| self.at(it, depth + 1))?);
            }
        }
        if !is_short {
            self.add_conditional(schema, &mut object, depth);
        }
        match additional {
            Some(Value::Bool(false)) | None => {}
            Some(_) if is_short => {}
            Some(Value::Bool(true)) => {
                object.insert("a new one".to_owned(), json!({"of": ["any"]}));
            }
            Some(additional) => {
                if let Some(value) = self.at(additional, depth + 1) {
                    object.insert("a new one".to_owned(), value);
                }
            }
        }
        Some(Value::Object(object))
    }
}

/// The value of a property that is required and not declared.
fn undeclared() -> Value {
    json!({"undeclared": [1, "a"]})
}

/// Whether a variant is nothing but null, in one of the ways of 3.0 or in that of 3.1.
fn is_null(variant: &Value) -> bool {
    *variant == json!({"nullable": true})
        || variant.get("enum") == Some(&json!([null]))
        || variant.get("const") == Some(&Value::Null)
        || variant.get("type").is_some_and(|type_| type_ == "null")
}

fn is_nullable(schema: &Value) -> bool {
    let has_null =
        |key: &str, null: &Value| schema.get(key).and_then(Value::as_array).is_some_and(|it| it.contains(null));
    let null_variant = |key: &str| {
        let variants = schema.get(key).and_then(Value::as_array).into_iter().flatten();
        variants.into_iter().any(is_null)
    };
    schema.get("nullable") == Some(&Value::Bool(true))
        || has_null("type", &json!("null"))
        || has_null("enum", &Value::Null)
        || schema.get("type").is_some_and(|type_| type_ == "null")
        || null_variant("oneOf")
        || null_variant("anyOf")
}

/// All members of both, at every depth.
fn join(into: &mut Map<String, Value>, from: Map<String, Value>) {
    for (name, value) in from {
        match (into.get_mut(&name), value) {
            (Some(Value::Object(into)), Value::Object(value)) => join(into, value),
            (_, value) => {
                into.insert(name, value);
            }
        }
    }
}

/// What the discriminator says of a variant.
fn discriminating(schema: &Value, variant: &Value) -> Option<String> {
    let reference = variant.get("$ref").and_then(Value::as_str)?;
    let name = reference.rsplit('/').next()?;
    let mapping = schema.pointer("/discriminator/mapping").and_then(Value::as_object).into_iter().flatten();
    let mut mapped =
        mapping.filter(|(_, target)| *target == reference || *target == name).map(|(value, _)| value.clone());
    Some(mapped.next().unwrap_or_else(|| name.to_owned()))
}

fn text(format: &str) -> &'static str {
    match format {
        "date-time" => "2026-01-31T23:59:59.5+01:00",
        "date" => "2026-01-31",
        "uuid" => "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
        _ => "größe / \"x\"",
    }
}

/// The greatest value that the schema allows, or the least, or any.
fn integer(schema: &Value) -> Value {
    let bound = |key: &str| schema.get(key).filter(|bound| bound.is_u64() || bound.is_i64()).cloned();
    let by_format = match schema.get("format").and_then(Value::as_str) {
        Some("int64") => json!(i64::MAX),
        Some("uint64") => json!(u64::MAX),
        Some("int32") => json!(i32::MIN),
        _ => json!(7),
    };
    // What fits no integer of Rust is told of by a warning, and tried by nobody.
    let maximum = bound("maximum").filter(|maximum| maximum.is_i64() || schema.get("minimum") == Some(&json!(0)));
    maximum.or_else(|| bound("minimum")).unwrap_or(by_format)
}
