//! Repairs schemas.

use foldhash::HashSet;
use serde_json::{Map, Value};

use super::site::Site;
use crate::{
    diagnostic::code,
    read::{member::Members, pointer},
};

/// Swagger 1 and LowCodeAPI put `required: true` on the property itself.
pub(super) fn collect_required_flags(schema: &mut Map<String, Value>, site: &mut Site<'_>) {
    if !schema.has_member("properties") {
        return;
    }
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    let mut flagged = Vec::new();
    for (name, property) in properties {
        let Some(property) = property.as_object_mut() else { continue };
        if let Some(Value::Bool(flag)) = property.member("required").cloned() {
            property.shift_remove("required");
            if flag {
                flagged.push(name.clone());
            }
        }
    }
    if flagged.is_empty() {
        return;
    }
    let mut required = match schema.member("required") {
        Some(Value::Array(names)) => names.clone(),
        _ => Vec::new(),
    };
    let listed: HashSet<&str> = required.iter().filter_map(Value::as_str).collect();
    flagged.retain(|name| !listed.contains(name.as_str()));
    if !flagged.is_empty() {
        site.mended(
            code::REPAIR_REQUIRED_FLAG,
            format!("`required: true` on `{}` is read as `required` of the object", flagged.join("`, `")),
        );
        required.extend(flagged.into_iter().map(Value::String));
        schema.insert("required".to_owned(), Value::Array(required));
    }
}

/// Upstream types names by hand: `File`, `sting`, `dateTime`, `string|number`. An unknown name is text.
pub(super) fn correct_type(schema: &mut Map<String, Value>, site: &mut Site<'_>) {
    let Some(Value::String(given)) = schema.member("type") else { return };
    if ["string", "number", "integer", "boolean", "array", "object", "null"].contains(&given.as_str()) {
        return;
    }
    let given = given.clone();
    let meant = given.trim().to_ascii_lowercase();
    if meant == "file" {
        schema.insert("type".to_owned(), "string".into());
        schema.insert("format".to_owned(), "binary".into());
        site.mended(code::REPAIR_FILE_TYPE, format!("`type: {given}` is read as `string` with `format: binary`"));
        return;
    }
    let (type_, format) = match meant.as_str() {
        "integer" | "int" | "long" => (Some("integer"), None),
        "number" | "float" | "double" => (Some("number"), None),
        "boolean" | "bool" | "booleans" | "booleam" => (Some("boolean"), None),
        "object" | "objcet" => (Some("object"), None),
        "array" | "arrayt" | "list" | "[]" | "array of object" => (Some("array"), None),
        "datetime" | "date-time" => (Some("string"), Some("date-time")),
        "date" => (Some("string"), Some("date")),
        "json" | "any" => (None, None),
        union if union.contains('|') => (None, None),
        _ => (Some("string"), None),
    };
    let read_as = type_.map_or_else(|| "any JSON value".to_owned(), |type_| format!("`{type_}`"));
    site.mended(code::REPAIR_TYPE, format!("`type: {given}` is read as {read_as}"));
    match type_ {
        Some(type_) => schema.insert("type".to_owned(), type_.into()),
        None => schema.shift_remove("type"),
    };
    if let Some(format) = format {
        schema.entry("format").or_insert_with(|| format.into());
    }
}

/// Upstream's converter writes the values of a parameter under `items`, whatever its type.
pub(super) fn lift_nested_enum(schema: &mut Map<String, Value>, site: &mut Site<'_>) {
    if schema.member("type").is_some_and(|type_| type_ == "array") || schema.has_member("enum") {
        return;
    }
    let items = schema.get_mut("items").and_then(Value::as_object_mut);
    if let Some(values) = items.and_then(|items| items.shift_remove("enum")) {
        schema.insert("enum".to_owned(), values);
        site.mended(code::REPAIR_NESTED_ENUM, "`items.enum` of a schema that is not an array is read as its `enum`");
    }
}

/// The enums of body fields are remains of a Markdown list: `["", "", "docs"]`.
pub(super) fn drop_body_enum(schema: &mut Map<String, Value>, site: &mut Site<'_>) {
    if is_in("requestBody", site) && schema.shift_remove("enum").is_some() {
        site.mended(code::REPAIR_BODY_ENUM, "`enum` of a body field is ignored; the field takes any value of its type");
    }
}

/// The enums of parameters hold the code and bold texts of their descriptions: all or one of the values, a pattern, a
/// sentence, a link. An enum needs at least two values, and no value is a sentence.
pub(super) fn drop_parameter_enum(schema: &mut Map<String, Value>, site: &mut Site<'_>) {
    let Some(values) = schema.member("enum").and_then(Value::as_array) else { return };
    let is_blank = |value: &&Value| value.as_str().is_some_and(|text| text.trim().is_empty());
    let distinct: HashSet<_> = values.iter().filter(|value| !is_blank(value)).map(ToString::to_string).collect();
    let is_choice = distinct.len() > 1 && values.iter().filter(is_blank).count() < 2;
    let is_prose = |text: &str| text.contains(['`', ';']) || text.split_whitespace().count() > 2;
    if is_in("parameters", site) && (!is_choice || values.iter().filter_map(Value::as_str).any(is_prose)) {
        schema.shift_remove("enum");
        site.mended(
            code::REPAIR_PARAMETER_ENUM,
            "`enum` is prose or a single value; the parameter takes any value of its type",
        );
    }
}

/// Whether a schema belongs to this part of an operation or path item.
fn is_in(part: &str, site: &Site<'_>) -> bool {
    pointer::keys(site.pointer).skip(2).take(2).any(|key| key == part)
}

/// Upstream writes `example: ""` on each parameter, and on booleans and numbers in bodies.
pub(super) fn drop_empty_example(schema: &mut Map<String, Value>, site: &mut Site<'_>) {
    if schema.member("example").is_some_and(|example| example == "") {
        schema.shift_remove("example");
        site.mended(code::REPAIR_EMPTY_EXAMPLE, "`example` is empty; it is ignored");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::repair::testing::repaired;

    /// The schema of a parameter, repaired, and the codes.
    #[expect(clippy::needless_pass_by_value, reason = "JSON literals are passed as they are")]
    fn schema(schema: Value) -> (Value, Vec<&'static str>) {
        let parameters = json!([{"name": "p", "in": "query", "schema": schema}]);
        let (mut operation, codes) = repaired("/a", json!({"parameters": parameters, "responses": {}}));
        (operation["parameters"][0]["schema"].take(), codes)
    }

    #[test]
    fn required_flags_join_the_list() {
        let given =
            json!({"properties": {"a": {"required": true}, "b": {"required": false}, "required": {}}, "required": []});
        let (mended, codes) = schema(given);
        assert_eq!(mended, json!({"properties": {"a": {}, "b": {}, "required": {}}, "required": ["a"]}));
        assert_eq!(codes, ["repair-required-flag"]);
    }

    #[test]
    fn types_are_read_as_what_they_mean() {
        assert_eq!(schema(json!({"type": "file"})).0, json!({"type": "string", "format": "binary"}));
        assert_eq!(schema(json!({"type": "Boolean"})).0, json!({"type": "boolean"}));
        assert_eq!(schema(json!({"type": "array "})).0, json!({"type": "array"}));
        assert_eq!(schema(json!({"type": "dateTime"})).0, json!({"type": "string", "format": "date-time"}));
        assert_eq!(schema(json!({"type": "string|number"})).0, json!({}));
        assert_eq!(schema(json!({"type": "fogbugz"})).0, json!({"type": "string"}));
        assert_eq!(schema(json!({"type": "file"})).1, ["repair-file-type"]);
        assert_eq!(schema(json!({"type": "sting"})).1, ["repair-type"]);
    }

    #[test]
    fn every_type_of_upstream_is_read() {
        let read = [
            ("boolean", "Boolean booleam booleans"),
            ("integer", "Integer"),
            ("number", "float"),
            ("array", "arrayt Array []"),
            ("object", "objcet"),
            (
                "string",
                "enum ENUM undefined String sting strign srring tring email URL fogbugz new name 10 Lable number-string \
                 string-number [\"string\" ^[0-9a-fA-F]{24}$ true/false DateTime date",
            ),
            ("", "json JSON string|number string|boolean number|string string|number|string|boolean"),
        ];
        for (meant, given) in read {
            for given in given.split(' ') {
                let type_ = schema(json!({"type": given})).0.get("type").and_then(Value::as_str).map(str::to_owned);
                assert_eq!(type_.unwrap_or_default(), meant, "{given}");
            }
        }
        for given in ["", "integerThe number of Labels to be returned", "1\ntype"] {
            assert_eq!(schema(json!({"type": given})).0, json!({"type": "string"}));
        }
    }

    #[test]
    fn nested_enums_become_enums() {
        let (mended, codes) = schema(json!({"type": "string", "items": {"type": "string", "enum": ["a", "b"]}}));
        assert_eq!((&mended["enum"], codes), (&json!(["a", "b"]), vec!["repair-nested-enum"]));
        assert_eq!(schema(json!({"type": "array", "items": {"enum": ["a", "b"]}})).1, [""; 0]);
    }

    #[test]
    fn what_is_no_choice_is_no_enum() {
        for debris in [
            json!(["^[0-9a-f]{24}$"]),
            json!(["", "", "docs"]),
            json!(["", "", "a", "b"]),
            json!(["a", "a"]),
            json!([1]),
            json!(["mine or none", "all"]),
            json!(["ref-name` or", "all"]),
            json!(["all; none", "all"]),
        ] {
            let (mended, codes) = schema(json!({"enum": debris}));
            assert_eq!((mended, codes), (json!({}), vec!["repair-parameter-enum"]), "{debris}");
        }
        for choice in [json!(["", "a", "b"]), json!(["a b", "b"]), json!([true, false])] {
            assert_eq!(schema(json!({"enum": choice})).1, [""; 0], "{choice}");
        }
    }

    #[test]
    fn enums_of_body_fields_and_empty_examples_go() {
        let schema_in_body = json!({"properties": {"f": {"type": "string", "enum": ["", "docs"], "example": ""}}});
        let body = json!({"required": false, "content": {"application/json": {"schema": schema_in_body}}});
        let (operation, codes) = repaired("/a", json!({"requestBody": body, "responses": {}}));
        let field = &operation["requestBody"]["content"]["application/json"]["schema"]["properties"]["f"];
        assert_eq!(field, &json!({"type": "string"}));
        assert_eq!(codes, ["repair-body-enum", "repair-empty-example"]);
    }
}
