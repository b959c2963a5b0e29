//! Repairs operations, parameters and responses.

use serde_json::{Map, Value};

use super::site::Site;
use crate::{diagnostic::code, read::vocabulary::is_of_values};

/// LowCodeAPI's `externalDocs` has `api_ref`, which may be empty, in place of the required `url`.
pub(super) fn complete_external_docs(operation: &mut Map<String, Value>, site: &mut Site<'_>) {
    let Some(docs) = operation.get_mut("externalDocs") else { return };
    if docs.get("url").is_some_and(Value::is_string) {
        return;
    }
    match docs.get("api_ref").and_then(Value::as_str).map(str::trim) {
        Some(url) if !url.is_empty() => {
            let url = url.to_owned();
            site.mended(
                code::REPAIR_EXTERNAL_DOCS,
                format!("`externalDocs` has no `url`; `api_ref` is read as its `url`: `{url}`"),
            );
            docs["url"] = url.into();
        }
        _ => {
            operation.shift_remove("externalDocs");
            site.mended(code::REPAIR_EXTERNAL_DOCS, "`externalDocs` has no `url`; it is ignored");
        }
    }
}

/// `"Image "` and `"Image"` are one tag.
pub(super) fn trim_tags(operation: &mut Map<String, Value>, site: &mut Site<'_>) {
    let tags = operation.get_mut("tags").and_then(Value::as_array_mut).into_iter().flatten();
    for tag in tags {
        if let Some(text) = tag.as_str().filter(|text| text.trim() != *text) {
            site.mended(code::REPAIR_TAG, format!("the tag `{text}` is read as `{}`", text.trim()));
            *tag = text.trim().into();
        }
    }
}

/// A parameter must have `schema` or `content`. A type beside the name, as in Swagger 2.0, is used. A parameter without
/// a type is text, as everything in a URL or a header.
pub(super) fn give_parameter_schema(parameter: &mut Map<String, Value>, site: &mut Site<'_>) {
    if parameter.contains_key("schema") || parameter.contains_key("content") {
        return;
    }
    // `required` is the parameter's own.
    let is_of_schema = |key: &str| is_of_values(key) && key != "required";
    let members = parameter.iter().filter(|(key, _)| is_of_schema(key));
    let mut schema: Map<String, Value> = members.map(|(key, value)| (key.clone(), value.clone())).collect();
    let says_type = ["type", "enum", "const", "items", "properties", "allOf", "oneOf", "anyOf"];
    if says_type.iter().all(|key| !schema.contains_key(*key)) {
        schema.insert("type".to_owned(), "string".into());
    }
    let schema = Value::Object(schema);
    site.mended(code::REPAIR_PARAMETER_SCHEMA, format!("`schema` is missing; it is read as `{schema}`"));
    parameter.insert("schema".to_owned(), schema);
}

/// OpenAPI requires the key, but many authors omit it.
pub(super) fn describe_response(response: &mut Map<String, Value>, site: &mut Site<'_>) {
    if !response.get("description").is_some_and(Value::is_string) {
        site.mended(code::REPAIR_DESCRIPTION, "`description` is missing; it is read as empty");
        response.insert("description".to_owned(), "".into());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::repair::testing::repaired;

    #[test]
    fn external_docs_take_their_url_from_api_ref_or_go() {
        let (operation, codes) = repaired("/a", json!({"externalDocs": {"api_ref": "https://d"}, "responses": {}}));
        assert_eq!(operation["externalDocs"], json!({"api_ref": "https://d", "url": "https://d"}));
        assert_eq!(codes, ["repair-external-docs"]);
        let (operation, _) = repaired("/a", json!({"externalDocs": {"api_ref": " "}, "responses": {}}));
        assert_eq!(operation.get("externalDocs"), None);
    }

    #[test]
    fn tags_are_trimmed() {
        let (operation, codes) = repaired("/a", json!({"tags": ["Image ", "b"], "responses": {}}));
        assert_eq!((&operation["tags"], codes), (&json!(["Image", "b"]), vec!["repair-tag"]));
    }

    #[test]
    fn a_parameter_without_schema_takes_what_stands_beside_its_name() {
        let parameters = json!([{"name": "a", "in": "query", "type": "integer"}, {"name": "b", "in": "query"}]);
        let (operation, codes) = repaired("/a", json!({"parameters": parameters, "responses": {}}));
        assert_eq!(operation["parameters"][0]["schema"], json!({"type": "integer"}));
        assert_eq!(operation["parameters"][1]["schema"], json!({"type": "string"}));
        assert_eq!(codes, ["repair-parameter-schema"; 2]);
    }

    #[test]
    fn a_response_gets_its_description() {
        let (operation, codes) = repaired("/a", json!({"responses": {"200": {}, "default": {"$ref": "#/x"}}}));
        assert_eq!(operation["responses"], json!({"200": {"description": ""}, "default": {"$ref": "#/x"}}));
        assert_eq!(codes, ["repair-description"]);
    }
}
