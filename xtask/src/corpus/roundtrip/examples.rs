//! Collects the examples of a document with their generated types.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToUpperCamelCase;
use lowcodeapi_codegen::{
    Output,
    document::{essence_of, is_json, join},
    public_surface,
};
use reqwest::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fit::Schemas;
use crate::document::sites;

/// Results of any value or none, which cannot lose anything.
const UNTYPED: [&str; 4] = ["()", "Bytes", "Value", "Option<Value>"];

/// An example.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Example {
    /// Its place in the document.
    pub(super) pointer: String,
    /// The generated type, as code beside the module `types`.
    #[serde(rename = "type")]
    pub(crate) ty: String,
    /// The reason why it does not match its schema.
    pub(super) misfit: Option<String>,
    /// Members that its schema lacks, or that only the other direction has. Models omit them.
    pub(super) undeclared: Vec<String>,
    pub(crate) value: Value,
}

/// Returns the examples of successful responses and of component models.
pub(crate) fn collect(tree: &Value, output: &Output) -> Vec<Example> {
    let types = Types::of(output);
    let split = output.sent_types.keys().filter_map(|at| tree.pointer(at)?.as_object()).collect::<Vec<_>>();
    let schemas = Schemas { tree, split: &split };
    let mut found = Vec::new();
    let mut add = |pointer: String, ty: &str, schema: Option<&Value>, value: &Value| {
        let value = &unquoted(schemas, schema, value);
        let misfit = schema.and_then(|schema| schemas.misfit(schema, value));
        let undeclared = schema.map(|schema| schemas.undeclared(schema, value)).unwrap_or_default();
        found.push(Example { pointer, ty: ty.to_owned(), misfit, undeclared, value: value.clone() });
    };
    for (method, path, at) in sites(tree) {
        for (status, at, media) in success_media(schemas, &join(&at, "responses")) {
            let Some(ty) = types.result(&method, &path, &status) else { continue };
            let schema = media.get("schema");
            if let Some(value) = media.get("example") {
                add(join(&at, "example"), ty, schema, value);
            }
            for (name, example) in media.get("examples").and_then(Value::as_object).into_iter().flatten() {
                if let Some(value) = schemas.resolve(example).and_then(value_of) {
                    add(join(&join(&at, "examples"), name), ty, schema, &value);
                }
            }
        }
    }
    let components = tree.pointer("/components/schemas").and_then(Value::as_object);
    for (name, schema) in components.into_iter().flatten() {
        let at = join("/components/schemas", name);
        let Some(ty) = types.model(&at) else { continue };
        let list = schema.get("examples").and_then(Value::as_array).into_iter().flatten().enumerate();
        let list = list.map(|(index, value)| (format!("{at}/examples/{index}"), value));
        let one = schema.get("example").map(|value| (join(&at, "example"), value));
        // What may be `null` is what holds the model.
        for (at, value) in one.into_iter().chain(list).filter(|(_, value)| !value.is_null()) {
            add(at, &ty, Some(schema), value);
        }
    }
    found
}

/// Returns the value of an Example Object. OpenAPI 3.2 has the value of its schema, or the text that is sent.
fn value_of(example: &Value) -> Option<Value> {
    let value = example.get("dataValue").or_else(|| example.get("value"));
    let sent = || serde_json::from_str(example.get("serializedValue")?.as_str()?).ok();
    value.cloned().or_else(sent)
}

/// Some documents quote JSON in a string. If the schema is not a string, the quoted value is the example.
fn unquoted(schemas: Schemas<'_>, schema: Option<&Value>, value: &Value) -> Value {
    let quoted = value.as_str().filter(|_| schema.is_some_and(|schema| schemas.misfit(schema, value).is_some()));
    quoted.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_else(|| value.clone())
}

/// Returns the accepted JSON media types of successful responses, with status and pointer.
fn success_media<'a>(schemas: Schemas<'a>, at: &str) -> Vec<(String, String, &'a Value)> {
    let Some(responses) = schemas.tree.pointer(at).and_then(Value::as_object) else { return Vec::new() };
    let mut found = Vec::new();
    for (status, response) in responses {
        let success = status.starts_with('2') || (status == "default" && responses.len() == 1);
        let content = schemas.resolve(response).and_then(|it| it.get("content")).and_then(Value::as_object);
        let media = content.into_iter().flatten().filter_map(|(name, media)| Some((name, schemas.resolve(media)?)));
        let json = media.filter(|(name, _)| is_json(name));
        // The client prefers plain JSON.
        let json = json.min_by_key(|(name, _)| !essence_of(name).eq_ignore_ascii_case("application/json"));
        if let Some((name, media)) = json.filter(|_| success) {
            found.push((status.clone(), join(&join(&join(at, status), "content"), name), media));
        }
    }
    found
}

/// The generated types by their origin, from the output, its lock and the public surface.
struct Types {
    /// The result of each operation, by method and path key.
    results: BTreeMap<String, String>,
    /// The types of results by status, by the name of the result and of the variant.
    variants: BTreeMap<(String, String), String>,
    /// The name of each type, by the pointer of its schema.
    names: BTreeMap<String, String>,
    /// The names of all types, and those of enums and unions among them.
    models: BTreeSet<String>,
    enums: BTreeSet<String>,
}

impl Types {
    fn of(output: &Output) -> Self {
        // The lock is a struct of texts, which serialises.
        let lock = serde_json::to_value(&output.lock).unwrap_or_default();
        let operations = lock.get("operations").and_then(Value::as_object).into_iter().flatten();
        let surface = public_surface(&output.files);
        let mut requests = BTreeMap::new();
        let mut sent = BTreeMap::new();
        let (mut models, mut enums) = (BTreeSet::new(), BTreeSet::new());
        let mut variants = BTreeMap::new();
        for line in surface.lines() {
            if let Some(method) = line.strip_prefix("fn client::Client::") {
                let name = method.split(['(', '<']).next().unwrap_or_default();
                let request = method.rsplit_once("-> requests::").map_or("", |(_, request)| request);
                requests.insert(name, request.split('<').next().unwrap_or_default());
            } else if let Some((request, result)) = line.split_once("::send(self) -> Pending<") {
                let result = result.strip_suffix('>').unwrap_or(result);
                sent.insert(request.trim_start_matches("fn requests::"), result);
            } else if let Some((name, variant)) =
                line.strip_prefix("enum requests::").and_then(|it| it.split_once("::"))
            {
                if let Some((variant, ty)) = variant.split_once('(') {
                    let ty = ty.strip_suffix(')').unwrap_or(ty);
                    variants.insert((name.to_owned(), variant.to_owned()), ty.to_owned());
                }
            } else if let Some((kind, name)) =
                line.split_once(" types::").filter(|(kind, _)| ["struct", "enum"].contains(kind))
            {
                models.insert(name.to_owned());
                if kind == "enum" {
                    enums.insert(name.to_owned());
                }
            }
        }
        let result = |(key, entry): (&String, &Value)| {
            let request = requests.get(entry.get("name")?.as_str()?)?;
            Some((key.clone(), sent.get(request)?.to_string()))
        };
        let results = operations.filter_map(result).collect();
        Self { results, variants, names: output.types.clone(), models, enums }
    }

    fn result(&self, method: &str, path: &str, status: &str) -> Option<&str> {
        let mut ty = self.results.get(&format!("{method} {path}"))?;
        if self.variants.keys().any(|(name, _)| name == ty) {
            ty = self.variants.get(&(ty.clone(), variant_of(status)))?;
        }
        (!UNTYPED.contains(&ty.as_str())).then_some(ty)
    }

    fn model(&self, pointer: &str) -> Option<String> {
        // An example of a class in the middle may be one of its heirs. The choice of them reads it.
        let heirs = self.names.get(&format!("{pointer}/discriminator")).filter(|name| self.enums.contains(*name));
        let name = heirs.or_else(|| self.names.get(pointer).filter(|name| self.models.contains(*name)))?;
        Some(format!("types::{name}"))
    }
}

/// Returns the variant for a status, from its reason phrase.
fn variant_of(status: &str) -> String {
    let reason = StatusCode::from_bytes(status.as_bytes()).ok().and_then(|status| status.canonical_reason());
    match reason {
        Some(reason) => reason.to_upper_camel_case(),
        None if status == "2XX" => "Success".to_owned(),
        None => format!("Status{status}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_examples_are_those_of_the_media_type_that_is_asked_for() {
        let tree =
            json!({"200": {"content": {"text/csv": {}, "applcation/json": {}, "application/json; charset=utf-8": {}}}});
        let found = success_media(Schemas { tree: &tree, split: &[] }, "");
        let places: Vec<_> = found.iter().map(|(_, at, _)| at.as_str()).collect();
        assert_eq!(places, ["/200/content/application~1json; charset=utf-8"]);
    }
}
