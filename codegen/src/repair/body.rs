//! Repairs request bodies of LowCodeAPI: `required` is constant, a body without properties means none, and some uploads
//! declare no file.

use serde_json::{Map, Value, json};

use super::site::Site;
use crate::{
    diagnostic::code,
    read::{media_type::is_json, pointer},
};

/// The gateway requires a file in each multipart body, in the part `file`. Upstream omits it in some uploads.
pub(super) fn complete_upload(operation: &mut Map<String, Value>, site: &mut Site<'_>) {
    if !is_upload(operation, site.pointer) {
        return;
    }
    let Some(schema) = multipart_schema(operation) else { return };
    let Some(properties) = schema.entry("properties").or_insert_with(|| json!({})).as_object_mut() else { return };
    let file = properties.entry("file").or_insert_with(|| json!({}));
    if !file.is_object() {
        *file = json!({});
    }
    file["type"] = "string".into();
    file["format"] = "binary".into();
    match schema.get_mut("required").and_then(Value::as_array_mut) {
        Some(required) if required.iter().any(|name| name == "file") => {}
        Some(required) => required.push("file".into()),
        None => {
            schema.insert("required".to_owned(), json!(["file"]));
        }
    }
    site.mended(code::REPAIR_UPLOAD, "the upload declares no file; it takes one in the part `file`");
}

fn multipart_schema(operation: &mut Map<String, Value>) -> Option<&mut Map<String, Value>> {
    let media = operation.get_mut("requestBody")?.get_mut("content")?.get_mut("multipart/form-data")?;
    media.as_object_mut()?.entry("schema").or_insert_with(|| json!({})).as_object_mut()
}

/// Whether a multipart body without a file belongs to an upload. The converter makes each body multipart whose alias
/// contains `media`, so the operation itself must mention an upload there.
fn is_upload(operation: &Map<String, Value>, at: &str) -> bool {
    let keys: Vec<_> = pointer::keys(at).skip(1).collect();
    let [path, method] = keys.as_slice() else { return false };
    let content = operation.get("requestBody").and_then(|body| body.get("content"));
    let Some(media) = content.and_then(|content| content.get("multipart/form-data")) else { return false };
    let properties = media.get("schema").and_then(|schema| schema.get("properties")).and_then(Value::as_object);
    let properties = || properties.into_iter().flatten();
    let texts = [operation.get("summary"), operation.get("externalDocs").and_then(|docs| docs.get("api_endpoint"))];
    let is_said = says_upload(path) || texts.into_iter().flatten().filter_map(Value::as_str).any(says_upload);
    let has_file_part = properties().any(|(name, _)| name == "file");
    let creates_media = method == "post" && path.trim_end_matches('/').ends_with("/media");
    // A body without properties is multipart because of a file, except where the alias contains `media`.
    let is_bare = properties().next().is_none() && (creates_media || !path.contains("media"));
    method != "delete" && !properties().any(|(_, it)| is_file(it)) && (is_said || has_file_part || is_bare)
}

fn says_upload(text: &str) -> bool {
    let text = text.to_lowercase();
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    words.any(|word| word.starts_with("upload") && !word.starts_with("uploaded"))
}

/// Whether the property is a file, in upstream's or OpenAPI's spelling.
fn is_file(property: &Value) -> bool {
    let says = |key: &str, value: &str| {
        property.get(key).and_then(Value::as_str).is_some_and(|it| it.trim().eq_ignore_ascii_case(value))
    };
    says("type", "file") || says("format", "binary") || property.get("items").is_some_and(is_file)
}

/// Each DELETE and many POST operations declare a required object without properties, which means no body.
pub(super) fn remove_empty_body(operation: &mut Map<String, Value>, site: &mut Site<'_>) {
    let content = operation.get("requestBody").and_then(|body| body.get("content")).and_then(Value::as_object);
    let is_empty = content.is_some_and(|content| {
        content.iter().all(|(media_type, media)| is_form(media_type) && media.get("schema").is_none_or(says_nothing))
    });
    if is_empty {
        operation.shift_remove("requestBody");
        site.mended(code::REPAIR_EMPTY_BODY, "`requestBody` has no properties; the operation takes no body");
    }
}

/// Whether a body of this media type consists of properties.
fn is_form(media_type: &str) -> bool {
    is_json(media_type) || media_type == "multipart/form-data"
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

/// Upstream declares `true` for each JSON body and `false` for each multipart body. A body is required if one of its
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
        site.mended(
            code::REPAIR_REQUIRED_BODY,
            format!("`requestBody.required` is read as `{required}`, as its properties require"),
        );
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

    /// The properties of a multipart body that declares these, at this path, and the codes.
    fn multipart(path: &str, summary: &str, properties: Value) -> (Value, Vec<&'static str>) {
        let mut operation = body("multipart/form-data", false, properties);
        operation["summary"] = summary.into();
        let (mut operation, codes) = repaired(path, operation);
        let schema = operation["requestBody"]["content"]["multipart/form-data"]["schema"].take();
        assert!(schema.is_null() || schema["required"] == json!(["file"]) || schema["required"] == json!([]));
        (schema["properties"].clone(), codes)
    }

    #[test]
    fn an_upload_takes_a_file() {
        let expected = |properties| (properties, vec!["repair-upload", "repair-required-body"]);
        let file = json!({"type": "string", "format": "binary"});
        for (path, summary) in
            [("/v2/pictures", "Add"), ("/media/uploads", "Add"), ("/media/add", "Upload it"), ("/wp/v2/media/", "Add")]
        {
            assert_eq!(multipart(path, summary, json!({})), expected(json!({"file": file})), "{path}");
        }
        let raw = json!({"type": "string"});
        let given = multipart("/upload/mails", "Import", json!({"raw": raw}));
        assert_eq!(given, expected(json!({"raw": raw, "file": file})));
        let given = multipart("/jobs", "Add", json!({"file": {"type": "object", "required": true}}));
        assert_eq!(given.0, json!({"file": file}));
    }

    #[test]
    fn what_is_no_upload_takes_none() {
        for path in ["/media-bridge/played", "/media/_id", "/1/media/uploaded/seen"] {
            assert_eq!(multipart(path, "Like", json!({})), (Value::Null, vec!["repair-empty-body"]), "{path}");
        }
        let fields = json!({"url": {"type": "string"}});
        let required = vec!["repair-required-body"; 0];
        assert_eq!(multipart("/v1/jobs", "Create job", fields.clone()), (fields.clone(), required.clone()));
        assert_eq!(multipart("/v1/1/media", "Create container", fields.clone()), (fields, required));
        let (properties, codes) = multipart("/upload", "Upload", json!({"image": {"type": "file"}}));
        assert_eq!(properties, json!({"image": {"type": "string", "format": "binary"}}));
        assert_eq!(codes, ["repair-file-type"]);
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
