//! Checks an example against its schema.
//!
//! Only keywords that decide how a value is read count: types, enums, `required` and composition. Limits and patterns
//! are ignored.

use lowcodeapi_codegen::document::{join, kind};
use serde_json::{Map, Value};

/// The maximal depth of schemas and values. Deeper ones are accepted.
const DEPTH: usize = 64;

/// A document, for following its references.
#[derive(Debug, Clone, Copy)]
pub(super) struct Schemas<'a> {
    pub(super) tree: &'a Value,
    /// The schemas with a type for each direction, which lacks the properties of the other one.
    pub(super) split: &'a [&'a Map<String, Value>],
}

impl<'a> Schemas<'a> {
    /// Returns the node at the end of its references, or `None`.
    pub(super) fn resolve(self, node: &'a Value) -> Option<&'a Value> {
        let mut node = node;
        for _ in 0..DEPTH {
            let Some(reference) = node.get("$ref").and_then(Value::as_str) else { return Some(node) };
            node = self.tree.pointer(reference.strip_prefix('#')?)?;
        }
        None
    }

    /// Returns the first place that does not match, as a pointer in the value, and the reason.
    pub(super) fn misfit(self, schema: &'a Value, value: &Value) -> Option<String> {
        self.check(schema, value, "", 0).err()
    }

    fn check(self, schema: &'a Value, value: &Value, at: &str, depth: usize) -> Result<(), String> {
        if depth > DEPTH || (value.is_null() && is_true(schema, "nullable")) {
            return Ok(());
        }
        let Some(schema) = self.resolve(schema).and_then(Value::as_object) else { return Ok(()) };
        if value.is_null() && schema.get("nullable") == Some(&Value::Bool(true)) {
            return Ok(());
        }
        check_type(schema, value).map_err(|why| format!("`{at}` {why}"))?;
        if let Some(Value::Array(known)) = schema.get("enum")
            && !known.contains(value)
        {
            return Err(format!("`{at}` is {value}, which is not a value of its enum"));
        }
        match value {
            Value::Object(members) => self.check_members(schema, members, at, depth)?,
            Value::Array(items) => {
                if let Some(item) = schema.get("items") {
                    for (index, value) in items.iter().enumerate() {
                        self.check(item, value, &format!("{at}/{index}"), depth + 1)?;
                    }
                }
            }
            _ => {}
        }
        for part in parts(schema, "allOf") {
            self.check(part, value, at, depth + 1)?;
        }
        for choice in ["anyOf", "oneOf"] {
            let mut parts = parts(schema, choice).map(|part| self.check(part, value, at, depth + 1)).peekable();
            if parts.peek().is_some() && parts.all(|checked| checked.is_err()) {
                return Err(format!("`{at}` fits none of its `{choice}`"));
            }
        }
        Ok(())
    }

    fn check_members(
        self,
        schema: &'a Map<String, Value>,
        members: &Map<String, Value>,
        at: &str,
        depth: usize,
    ) -> Result<(), String> {
        let properties = schema.get("properties").and_then(Value::as_object);
        let property = |name: &str| properties.and_then(|it| it.get(name));
        for name in parts(schema, "required").filter_map(Value::as_str) {
            // Servers do not return `writeOnly` properties.
            let write_only = property(name).and_then(|it| self.resolve(it)).is_some_and(|it| is_true(it, "writeOnly"));
            if !members.contains_key(name) && !write_only {
                return Err(format!("`{at}` lacks the required `{name}`"));
            }
        }
        for (name, value) in members {
            let at = join(at, name);
            match (property(name), schema.get("additionalProperties")) {
                (Some(property), _) => self.check(property, value, &at, depth + 1)?,
                (None, Some(Value::Bool(false))) => return Err(format!("`{at}` is not allowed")),
                (None, Some(additional)) => self.check(additional, value, &at, depth + 1)?,
                (None, None) => {}
            }
        }
        Ok(())
    }

    /// Returns the pointers of members that no schema declares, or that a model of one direction lacks.
    pub(super) fn undeclared(self, schema: &'a Value, value: &Value) -> Vec<String> {
        let mut found = Vec::new();
        self.collect_undeclared(&[schema], value, "", &mut found);
        found
    }

    fn collect_undeclared(self, schemas: &[&'a Value], value: &Value, at: &str, found: &mut Vec<String>) {
        let mut all = Vec::new();
        for schema in schemas {
            self.flatten(schema, value, 0, &mut all);
        }
        let is_split = all.iter().any(|schema| self.split.iter().any(|split| std::ptr::eq(*split, *schema)));
        let is_foreign = |property: &&'a Value| {
            let said = [Some(*property), self.resolve(property)].into_iter().flatten();
            is_split && said.into_iter().any(|it| is_true(it, "readOnly") || is_true(it, "writeOnly"))
        };
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    let at = join(at, name);
                    let of = |schema: &&'a Map<String, Value>| {
                        let properties = schema.get("properties").and_then(|it| it.get(name));
                        properties
                            .or_else(|| schema.get("additionalProperties").filter(|it| **it != Value::Bool(false)))
                    };
                    let below: Vec<_> = all.iter().filter_map(of).collect();
                    if below.is_empty() || below.iter().any(is_foreign) {
                        found.push(at);
                    } else {
                        self.collect_undeclared(&below, value, &at, found);
                    }
                }
            }
            Value::Array(items) => {
                let below: Vec<_> = all.iter().filter_map(|schema| schema.get("items")).collect();
                for (index, value) in items.iter().enumerate() {
                    self.collect_undeclared(&below, value, &format!("{at}/{index}"), found);
                }
            }
            _ => {}
        }
    }

    /// Returns the schema with its parts. Of a choice, only the matching variants count, or all if none matches.
    fn flatten(self, schema: &'a Value, value: &Value, depth: usize, all: &mut Vec<&'a Map<String, Value>>) {
        let Some(schema) = self.resolve(schema).and_then(Value::as_object) else { return };
        if depth > DEPTH || all.iter().any(|known| std::ptr::eq(*known, schema)) {
            return;
        }
        all.push(schema);
        for part in parts(schema, "allOf") {
            self.flatten(part, value, depth + 1, all);
        }
        for choice in ["anyOf", "oneOf"] {
            let fits = |part: &&Value| self.check(part, value, "", depth + 1).is_ok();
            let any_fits = parts(schema, choice).any(|part| fits(&part));
            for part in parts(schema, choice).filter(|part| !any_fits || fits(part)) {
                self.flatten(part, value, depth + 1, all);
            }
        }
    }
}

fn is_true(schema: &Value, keyword: &str) -> bool {
    schema.get(keyword) == Some(&Value::Bool(true))
}

fn parts<'a>(schema: &'a Map<String, Value>, list: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    schema.get(list).and_then(Value::as_array).into_iter().flatten()
}

fn check_type(schema: &Map<String, Value>, value: &Value) -> Result<(), String> {
    let types: Vec<&str> = match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        // A schema without type but with properties means an object.
        _ if schema.contains_key("properties") || schema.contains_key("additionalProperties") => vec!["object"],
        _ if schema.contains_key("items") => vec!["array"],
        _ => return Ok(()),
    };
    if types.is_empty() || types.iter().any(|name| is_of_type(name, value)) {
        return check_format(schema, value);
    }
    let kind = kind(value);
    Err(format!("is {kind}, not of the type `{}`", types.join("` or `")))
}

fn is_of_type(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        // An unknown type is ignored.
        _ => true,
    }
}

fn check_format(schema: &Map<String, Value>, value: &Value) -> Result<(), String> {
    let is_int32 = schema.get("format").and_then(Value::as_str) == Some("int32");
    if is_int32 && value.as_i64().is_some_and(|number| i32::try_from(number).is_err()) {
        return Err(format!("is {value}, which is not an `int32`"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_that_fit_and_values_that_do_not() {
        let tree = json!({"components": {"schemas": {
            "Pet": {"type": "object", "required": ["name", "secret"], "properties": {
                "name": {"type": "string"}, "age": {"type": "integer", "format": "int32"},
                "secret": {"type": "string", "writeOnly": true},
                "parent": {"nullable": true, "allOf": [{"$ref": "#/components/schemas/Pet"}]}
            }}
        }}});
        let schemas = Schemas { tree: &tree, split: &[] };
        let pet = json!({"$ref": "#/components/schemas/Pet"});
        for value in [json!({"name": "a"}), json!({"name": "a", "parent": null, "age": 2.0, "x": 1})] {
            assert_eq!(schemas.misfit(&pet, &value), None, "{value}");
        }
        for (value, why) in [
            (json!([]), "`` is an array, not of the type `object`"),
            (json!({}), "`` lacks the required `name`"),
            (json!({"name": null}), "`/name` is null, not of the type `string`"),
            (json!({"name": "a", "age": 3_000_000_000_u32}), "`/age` is 3000000000, which is not an `int32`"),
            (json!({"name": "a", "parent": {"name": 1}}), "`/parent/name` is a number, not of the type `string`"),
        ] {
            assert_eq!(schemas.misfit(&pet, &value).as_deref(), Some(why));
        }
        let choice = json!({"oneOf": [{"type": "string", "enum": ["a"]}, pet]});
        assert_eq!(schemas.misfit(&choice, &json!("a")), None);
        assert_eq!(schemas.misfit(&choice, &json!("b")).as_deref(), Some("`` fits none of its `oneOf`"));
        let untyped = json!({"properties": {"a": {}}});
        assert_eq!(schemas.misfit(&untyped, &json!("{}")).as_deref(), Some("`` is a string, not of the type `object`"));
        let map = json!({"additionalProperties": {"type": "string"}});
        assert_eq!(schemas.misfit(&map, &json!("")).as_deref(), Some("`` is a string, not of the type `object`"));
        let closed = json!({"properties": {"a": {}}, "additionalProperties": false});
        assert_eq!(schemas.misfit(&closed, &json!({"a": 1, "b/": 1})).as_deref(), Some("`/b~1` is not allowed"));
    }

    #[test]
    fn undeclared_members_are_found_at_every_depth() {
        let tree = json!({"Base": {"properties": {"id": {}}}});
        let schema = json!({"allOf": [{"$ref": "#/Base"}, {"properties": {
            "list": {"items": {"properties": {"a": {}}}},
            "open": {"additionalProperties": {"properties": {"a": {}}}}
        }}]});
        let value = json!({"id": 1, "other": 1, "list": [{"a": 1, "b": 1}], "open": {"any": {"b": 1}}});
        let found = Schemas { tree: &tree, split: &[] }.undeclared(&schema, &value);
        assert_eq!(found, ["/other", "/list/0/b", "/open/any/b"]);
    }

    #[test]
    fn a_choice_that_the_value_does_not_fit_declares_nothing_of_it() {
        let user = json!({"required": ["email"], "properties": {"email": {}, "avatar": {}}});
        let team = json!({"required": ["members"], "properties": {"members": {}}});
        let schema = json!({"anyOf": [user, team]});
        let undeclared = |value: &Value| Schemas { tree: &Value::Null, split: &[] }.undeclared(&schema, value);
        assert_eq!(undeclared(&json!({"members": 1, "avatar": 1})), ["/avatar"]);
        assert_eq!(undeclared(&json!({"members": 1, "email": 1, "avatar": 1})), [""; 0]);
        assert_eq!(undeclared(&json!({"avatar": 1, "other": 1})), ["/other"]);
    }

    #[test]
    fn a_model_of_one_direction_lacks_the_properties_of_the_other_one() {
        let tree = json!({"Id": {"readOnly": true}, "Card": {"properties": {
            "id": {"$ref": "#/Id"}, "number": {}, "cvc": {"writeOnly": true}}}});
        let value = json!({"id": 1, "number": 2, "cvc": 3});
        let card = &tree["Card"];
        let split = [card.as_object().unwrap()];
        assert_eq!(Schemas { tree: &tree, split: &split }.undeclared(card, &value), ["/id", "/cvc"]);
        assert_eq!(Schemas { tree: &tree, split: &[] }.undeclared(card, &value), [""; 0]);
    }
}
