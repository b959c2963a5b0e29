//! LowCodeAPI's request bodies: `required` is constant, and a body without properties means no body.

use serde_json::{Map, Value};

use super::Site;
use crate::diagnostic::code;

/// Every DELETE and many a POST carries a required JSON object without properties, which means: no body.
pub(super) fn remove_empty_body(operation: &mut Map<String, Value>, site: &mut Site<'_>) {
    let content = operation.get("requestBody").and_then(|body| body.get("content")).and_then(Value::as_object);
    let is_empty = content.is_some_and(|content| {
        content
            .iter()
            .all(|(media_type, media)| media_type.contains("json") && media.get("schema").is_none_or(says_nothing))
    });
    if is_empty {
        operation.shift_remove("requestBody");
        site.mended(code::REPAIR_EMPTY_BODY, "the body without properties was removed");
    }
}

fn says_nothing(schema: &Value) -> bool {
    let Some(schema) = schema.as_object() else { return true };
    schema.iter().all(|(key, value)| match key.as_str() {
        "type" => value == "object",
        "properties" => value.as_object().is_some_and(Map::is_empty),
        "required" => true,
        _ => false,
    })
}

/// Upstream writes `true` on every JSON body and `false` on every multipart body. A body is required where one of its
/// properties is.
pub(super) fn derive_required(operation: &mut Map<String, Value>, site: &mut Site<'_>) {
    let Some(body) = operation.get_mut("requestBody").and_then(Value::as_object_mut) else { return };
    let schemas = body.get("content").and_then(Value::as_object).into_iter().flat_map(Map::values);
    let required = schemas.filter_map(|media| media.get("schema")).any(|schema| {
        let listed = schema.get("required").and_then(Value::as_array).is_some_and(|list| !list.is_empty());
        let flagged = |property: &Value| property.get("required") == Some(&Value::Bool(true));
        listed || schema.get("properties").and_then(Value::as_object).is_some_and(|it| it.values().any(flagged))
    });
    if body.get("required").and_then(Value::as_bool) != Some(required) {
        site.mended(code::REPAIR_REQUIRED_BODY, format!("`requestBody.required` is now `{required}`"));
        body.insert("required".to_owned(), required.into());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::repair::testing::repaired;

    #[expect(clippy::needless_pass_by_value, reason = "JSON literals are passed as they are")]
    fn body(media_type: &str, required: bool, properties: Value) -> Value {
        let schema = json!({"type": "object", "required": [], "properties": properties});
        json!({"responses": {}, "requestBody": {"required": required, "content": {media_type: {"schema": schema}}}})
    }

    #[test]
    fn a_json_body_without_properties_is_no_body() {
        let (operation, codes) = repaired("/a", body("application/json", true, json!({})));
        assert_eq!((operation.get("requestBody"), codes), (None, vec!["repair-empty-body"]));
    }

    #[test]
    fn a_body_is_required_where_a_property_is() {
        let (operation, codes) =
            repaired("/a", body("multipart/form-data", false, json!({"f": {"type": "string", "required": true}})));
        assert_eq!(operation["requestBody"]["required"], json!(true));
        assert_eq!(codes, ["repair-required-body", "repair-required-flag"]);
        let (operation, codes) = repaired("/a", body("application/json", true, json!({"f": {"type": "string"}})));
        assert_eq!((&operation["requestBody"]["required"], codes), (&json!(false), vec!["repair-required-body"]));
    }
}
