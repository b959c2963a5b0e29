//! Validates the query and the path's values against the operation's parameters.

use serde_json::{Map, Value};

use crate::{
    check::{At, check_value},
    coerce::value_of,
    document::{Form, Operation, Parameter},
    schema::{Kind, Schemas},
};

/// The query parameter that carries the token.
pub(crate) const TOKEN_PARAMETER: &str = "api_token";

/// Pairs of names and values.
pub(crate) type Pairs = Vec<(String, String)>;

/// The query parameters that an operation accepts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct QueryRules {
    /// Whether the query contains the path's parameters, as in the Old Format.
    pub(crate) with_path: bool,
    /// Whether undeclared parameters are rejected.
    pub(crate) strict: bool,
}

/// Returns the values of the query's parameters.
///
/// # Errors
///
/// Returns all problems of the query.
pub(crate) fn read_query(
    schemas: &Schemas,
    operation: &Operation,
    pairs: &Pairs,
    rules: QueryRules,
) -> Result<Map<String, Value>, Vec<String>> {
    let mut values = Map::new();
    let mut problems = Vec::new();
    for parameter in operation.parameters.iter().filter(|parameter| !parameter.in_path) {
        match take(schemas, parameter, pairs) {
            None if parameter.required => problems.push(format!("query parameter `{}` is required", parameter.name)),
            None => {}
            Some(Err(problem)) => problems.push(format!("query parameter `{}` {problem}", parameter.name)),
            Some(Ok(value)) => {
                let at = At::new("query parameter", &parameter.name);
                problems.extend(check_value(schemas, &parameter.schema, &value, &at));
                values.insert(parameter.name.clone(), value);
            }
        }
    }
    if rules.strict {
        problems.extend(unknown(schemas, operation, pairs, rules.with_path));
    }
    if problems.is_empty() { Ok(values) } else { Err(problems) }
}

/// Returns all problems of the values in the path.
pub(crate) fn check_path(schemas: &Schemas, operation: &Operation, values: &Pairs) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, text) in values {
        let declared = operation.parameters.iter().find(|parameter| parameter.in_path && parameter.name == *name);
        let Some(parameter) = declared else { continue };
        match value_of(schemas, &parameter.schema, text) {
            Err(problem) => problems.push(format!("path parameter `{name}` {problem}")),
            Ok(value) => {
                let at = At::new("path parameter", name);
                problems.extend(check_value(schemas, &parameter.schema, &value, &at));
            }
        }
    }
    problems
}

/// Reads a value in the parameter's form. Returns `None` if it is absent.
fn take(schemas: &Schemas, parameter: &Parameter, pairs: &Pairs) -> Option<Result<Value, String>> {
    let schema = &parameter.schema;
    let own: Vec<_> = pairs.iter().filter(|(name, _)| *name == parameter.name).map(|(_, text)| text.as_str()).collect();
    let items = |texts: &mut dyn Iterator<Item = &str>| {
        texts.map(|text| value_of(schemas, schemas.items(schema), text)).collect::<Result<_, _>>().map(Value::Array)
    };
    match (parameter.form, schemas.kind(schema)) {
        (Form::Exploded, Kind::Object) | (Form::Deep, _) => take_object(schemas, parameter, pairs),
        (_, _) if own.is_empty() => None,
        (Form::Exploded, Kind::Array) => Some(items(&mut own.iter().copied())),
        (_, _) if own.len() > 1 => Some(Err("is given more than once".to_owned())),
        (Form::Joined(separator), Kind::Array) => Some(items(&mut own.iter().flat_map(|text| text.split(separator)))),
        (Form::Json, _) => {
            own.first().map(|text| serde_json::from_str(text).map_err(|_| "must be JSON text".to_owned()))
        }
        _ => own.first().map(|text| value_of(schemas, schema, text)),
    }
}

/// Reads an object from one pair per property.
fn take_object(schemas: &Schemas, parameter: &Parameter, pairs: &Pairs) -> Option<Result<Value, String>> {
    let object = schemas.object(&parameter.schema)?;
    let mut fields = Map::new();
    for (name, text) in pairs {
        let Some(property) = property_of(schemas, parameter, name) else { continue };
        let schema = object.property(property).or(object.additional).unwrap_or(&Value::Null);
        match value_of(schemas, schema, text) {
            Ok(value) => drop(fields.insert(property.to_owned(), value)),
            Err(problem) => return Some(Err(format!("has a property `{property}` that {problem}"))),
        }
    }
    if fields.is_empty() { None } else { Some(Ok(Value::Object(fields))) }
}

/// Returns the property that a pair sets, from the pair's name.
fn property_of<'a>(schemas: &Schemas, parameter: &Parameter, name: &'a str) -> Option<&'a str> {
    if parameter.form == Form::Deep {
        return name.strip_prefix(&parameter.name)?.strip_prefix('[')?.strip_suffix(']');
    }
    let object = schemas.object(&parameter.schema)?;
    object.property(name).map(|_| name)
}

fn unknown(schemas: &Schemas, operation: &Operation, pairs: &Pairs, with_path: bool) -> Vec<String> {
    let is_known = |name: &str| {
        name == TOKEN_PARAMETER
            || (with_path && operation.template.names().any(|known| known == name))
            || operation.parameters.iter().filter(|parameter| !parameter.in_path).any(|parameter| {
                parameter.name == name
                    || matches!(parameter.form, Form::Deep | Form::Exploded)
                        && property_of(schemas, parameter, name).is_some()
            })
    };
    let unknown = pairs.iter().filter(|(name, _)| !is_known(name));
    unknown.map(|(name, _)| format!("query parameter `{name}` is unknown to {}", operation.title())).collect()
}

#[cfg(test)]
mod tests {
    use lowcodeapi_codegen::{Inputs, Source};
    use serde_json::json;

    use super::{Pairs, QueryRules, read_query};
    use crate::document::Document;

    const DOCUMENT: &str = r#"{
        "openapi": "3.0.0", "info": {"title": "t", "version": "1"}, "servers": [{"url": "https://api.lowcodeapi.com/p"}],
        "paths": {"/v1/find": {"get": {"responses": {}, "parameters": [
            {"name": "tag", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}},
            {"name": "ids", "in": "query", "explode": false, "schema": {"type": "array", "items": {"type": "string"}}},
            {"name": "where", "in": "query", "style": "deepObject",
                "schema": {"type": "object", "properties": {"age": {"type": "integer"}}}},
            {"name": "json", "in": "query", "content": {"application/json": {"schema": {"type": "object"}}}},
            {"name": "one", "in": "query", "schema": {"type": "string"}}
        ]}}}
    }"#;

    fn read(query: &str) -> Result<serde_json::Value, Vec<String>> {
        let document =
            Document::read(&Inputs::new(Source { name: "d.json", text: DOCUMENT })).expect("it is a document");
        let pairs: Pairs = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let rules = QueryRules { with_path: false, strict: true };
        read_query(&document.schemas, &document.operations[0], &pairs, rules).map(serde_json::Value::Object)
    }

    #[test]
    fn every_form_is_read() {
        let read = read("tag=1&tag=2&ids=a,b&where[age]=3&json={\"a\":1}&one=x");
        let expected = json!({"tag": [1, 2], "ids": ["a", "b"], "where": {"age": 3}, "json": {"a": 1}, "one": "x"});
        assert_eq!(read, Ok(expected));
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(
            read("tag=1&tag=x&where[age]=y&where[name]=z&one=1&one=2&two=2").expect_err("much is wrong"),
            [
                "query parameter `tag` must be an integer, but is `x`",
                "query parameter `where` has a property `age` that must be an integer, but is `y`",
                "query parameter `one` is given more than once",
                "query parameter `two` is unknown to GET /v1/find",
            ]
        );
    }
}
