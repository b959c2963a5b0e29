//! Converts text from a query, path or form to the type of its schema.

use serde_json::{Number, Value};

use crate::{
    check::kind_name,
    schema::{Kind, Schemas},
};

/// Converts text to a value. An object or array is written as JSON.
pub(crate) fn value_of(schemas: &Schemas, schema: &Value, text: &str) -> Result<Value, String> {
    let kind = schemas.kind(schema);
    let value = match kind {
        Kind::Any | Kind::String => Some(Value::String(text.to_owned())),
        Kind::Boolean => text.parse().ok().map(Value::Bool),
        Kind::Integer | Kind::Number => number(text).map(Value::Number),
        Kind::Object | Kind::Array => {
            return serde_json::from_str(text)
                .map_err(|error| format!("must be {} as JSON text: {error}", kind_name(kind)));
        }
    };
    value.ok_or_else(|| format!("must be {}, but is `{text}`", kind_name(kind)))
}

/// Accepts JSON's notation only. JSON's parser would also allow surrounding white space.
fn number(text: &str) -> Option<Number> {
    if text.contains(char::is_whitespace) { None } else { serde_json::from_str(text).ok() }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::value_of;
    use crate::schema::Schemas;

    #[test]
    fn text_becomes_what_the_schema_wants() {
        let schemas = Schemas::new(Value::Null);
        let read = |kind: &str, text: &str| value_of(&schemas, &json!({"type": kind}), text);
        assert_eq!(read("integer", "12"), Ok(json!(12)));
        assert_eq!(read("number", "-1.5"), Ok(json!(-1.5)));
        assert_eq!(read("boolean", "true"), Ok(json!(true)));
        assert_eq!(read("string", "12"), Ok(json!("12")));
        assert_eq!(read("array", "[\"a\"]"), Ok(json!(["a"])));
        assert_eq!(read("integer", "1 "), Err("must be an integer, but is `1 `".to_owned()));
        assert_eq!(read("boolean", "1"), Err("must be true or false, but is `1`".to_owned()));
        assert!(read("object", "a=b").is_err_and(|problem| problem.starts_with("must be an object as JSON text")));
    }
}
