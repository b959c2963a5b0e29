//! Shortens schemas for models, and relaxes those of results for clients that check.

use serde_json::{Value, json};

use super::walk::each;
use crate::mcp::prose;

/// Shortens descriptions to `limit` characters, or removes them if it is 0, and removes what tells a model nothing.
pub(crate) fn trim(schema: &mut Value, limit: usize) {
    each(schema, &mut |schema| {
        for keyword in ["title", "examples", "example", "$comment"] {
            schema.shift_remove(keyword);
        }
        if let Some(Value::String(description)) = schema.get_mut("description") {
            *description = if limit == 0 { String::new() } else { prose::short(description, limit) };
            if description.is_empty() {
                schema.shift_remove("description");
            }
        }
    });
}

/// Relaxes the schema of a result to what clients may rely on. A client that checks results against the schema rejects
/// the others, so the schema must allow what servers do: leave out properties, send `null`, add values to enums.
pub(crate) fn relax(schema: &mut Value) {
    each(schema, &mut |schema| {
        schema.retain(|keyword, value| match keyword.as_str() {
            "type" | "properties" | "items" | "anyOf" | "oneOf" | "allOf" | "$ref" | "$defs" | "description" => true,
            "additionalProperties" => value.is_object(),
            _ => false,
        });
        // Without their limits, several alternatives may match.
        if let Some(alternatives) = schema.shift_remove("oneOf")
            && !schema.contains_key("anyOf")
        {
            schema.insert("anyOf".to_owned(), alternatives);
        }
        match schema.get_mut("type") {
            Some(Value::Array(types)) if !types.contains(&json!("null")) => types.push("null".into()),
            Some(one @ Value::String(_)) if *one != "null" => *one = json!([one, "null"]),
            _ => {}
        }
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{relax, trim};

    #[test]
    fn descriptions_are_shortened_but_no_property_is_lost() {
        let mut schema = json!({
            "title": "Note",
            "properties": {"title": {"type": "string", "description": "See [a](b). And so on.", "examples": ["x"]}},
            "description": ""
        });
        trim(&mut schema, 10);
        assert_eq!(schema, json!({"properties": {"title": {"type": "string", "description": "See a."}}}));
        trim(&mut schema, 0);
        assert_eq!(schema, json!({"properties": {"title": {"type": "string"}}}));
    }

    #[test]
    fn results_may_have_null_and_new_values() {
        let mut schema = json!({
            "type": "object",
            "properties": {"kind": {"type": "string", "enum": ["a"]}, "n": {"type": ["integer", "null"], "minimum": 1}},
            "required": ["kind"],
            "additionalProperties": false,
        });
        relax(&mut schema);
        assert_eq!(
            schema,
            json!({
                "type": ["object", "null"],
                "properties": {"kind": {"type": ["string", "null"]}, "n": {"type": ["integer", "null"]}},
            })
        );
    }
}
