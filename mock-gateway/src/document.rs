//! Reads the document: operations with their inputs and responses, and collections.

use std::io;

use hyper::Method;
use lowcodeapi_codegen::{
    Config, Inputs, Profile, Severity,
    document::{MethodSite, methods_of},
    prepare,
};
use serde_json::Value;

use crate::{
    body::{MULTIPART, is_file},
    collection::{Collection, Place, Role, find_collections},
    path::Template,
    schema::{Schemas, list, members, text},
};

/// The content type of JSON.
pub(crate) const JSON: &str = "application/json";

/// A provider's document.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) schemas: Schemas,
    /// The path of the document's server, such as `/jasper`.
    pub(crate) base: String,
    pub(crate) operations: Vec<Operation>,
    pub(crate) collections: Vec<Collection>,
}

/// An operation.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: Option<String>,
    pub(crate) method: Method,
    pub(crate) template: Template,
    pub(crate) old_path: String,
    /// Path and query parameters.
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    /// Content types and schemas of the successful response.
    pub(crate) answers: Vec<(String, Value)>,
    /// The index of the operation's collection, and what it does to it.
    pub(crate) role: Option<(usize, Role)>,
}

/// A path or query parameter.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) in_path: bool,
    pub(crate) required: bool,
    pub(crate) schema: Value,
    pub(crate) form: Form,
}

/// How a parameter's value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// One pair per item of an array.
    Exploded,
    /// One pair, with this separator between items.
    Joined(char),
    /// One pair per property: `name[property]`.
    Deep,
    /// JSON text.
    Json,
}

/// A request body.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) required: bool,
    pub(crate) content: Vec<(String, Value)>,
}

impl Body {
    pub(crate) fn schema(&self, media: &str) -> Option<&Value> {
        self.content.iter().find(|(known, _)| known == media).map(|(_, schema)| schema)
    }
}

impl Operation {
    /// Returns the schema of the successful response, if it is JSON.
    pub(crate) fn json_answer(&self) -> Option<&Value> {
        self.answers.iter().find(|(media, _)| is_json(media)).map(|(_, schema)| schema)
    }

    /// Returns a readable name of the operation.
    pub(crate) fn title(&self) -> String {
        format!("{} {}", self.method, self.template.as_str())
    }
}

impl Document {
    /// Reads a document. Returns an error for every document that the generator rejects.
    pub(crate) fn read(inputs: &Inputs<'_>) -> io::Result<Self> {
        let prepared = prepare(inputs, &Config::default().profile(Profile::LowCodeApi));
        let errors = prepared.diagnostics.iter().filter(|found| found.severity() == Severity::Error);
        let errors: Vec<_> = errors.map(ToString::to_string).collect();
        match prepared.tree {
            Some(tree) if errors.is_empty() => Ok(Self::from_tree(tree)),
            _ => Err(io::Error::new(io::ErrorKind::InvalidData, errors.join("\n"))),
        }
    }

    fn from_tree(tree: Value) -> Self {
        let schemas = Schemas::new(tree);
        let base = server_path(schemas.tree());
        let mut operations: Vec<_> = members(schemas.tree(), "paths")
            .flat_map(|(path, item)| {
                let item = schemas.resolve(item);
                methods_of(item).filter_map(|site| read_operation(&schemas, path, item, &site)).collect::<Vec<_>>()
            })
            .collect();
        let collections = find_collections(&schemas, &mut operations);
        Self { schemas, base, operations, collections }
    }

    /// Returns the provider's name as in envelopes, such as `jasper`.
    pub(crate) fn provider(&self) -> &str {
        self.base.rsplit('/').next().unwrap_or_default()
    }

    /// Returns the collection of an operation, what the operation does to it, and the place of the item in the
    /// response.
    pub(crate) fn role_of(&self, operation: &Operation) -> Option<(&Collection, Role, Place)> {
        let (at, role) = operation.role?;
        let collection = self.collections.get(at)?;
        let place = operation.json_answer().map_or(Place::Whole, |schema| role.place(&self.schemas, schema));
        Some((collection, role, place))
    }
}

fn server_path(tree: &Value) -> String {
    let url = tree.pointer("/servers/0/url").and_then(Value::as_str).unwrap_or_default();
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default();
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.trim_end_matches('/').to_owned()
}

fn read_operation(schemas: &Schemas, path: &str, item: &Value, site: &MethodSite<'_>) -> Option<Operation> {
    let node = item.pointer(&site.pointer)?;
    let template = Template::new(text(node, "x-path-template").unwrap_or(path));
    Some(Operation {
        id: text(node, "operationId").map(str::to_owned),
        method: Method::from_bytes(site.method.as_bytes()).ok()?,
        old_path: text(node, "x-old-path").map_or_else(|| template.old_path(), str::to_owned),
        template,
        parameters: read_parameters(schemas, item, node),
        body: node.get("requestBody").map(|body| read_body(schemas, schemas.resolve(body))),
        answers: success(schemas, node).map(|node| content(schemas, node)).unwrap_or_default(),
        role: None,
    })
}

/// The operation's own parameters override those of its path item.
fn read_parameters(schemas: &Schemas, item: &Value, operation: &Value) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    for node in list(item, "parameters").chain(list(operation, "parameters")) {
        if let Some(parameter) = read_parameter(schemas.resolve(node)) {
            parameters.retain(|known| known.name != parameter.name || known.in_path != parameter.in_path);
            parameters.push(parameter);
        }
    }
    parameters
}

/// Skips header and cookie parameters, because the gateway forwards neither.
fn read_parameter(node: &Value) -> Option<Parameter> {
    let name = text(node, "name")?.to_owned();
    let in_path = match text(node, "in")? {
        "path" => true,
        "query" => false,
        _ => return None,
    };
    let content = members(node, "content").next().map(|(_, media)| media);
    let is_true = |key: &str| node.get(key).and_then(Value::as_bool);
    let form = match text(node, "style") {
        _ if content.is_some() => Form::Json,
        Some("deepObject") => Form::Deep,
        Some("spaceDelimited") if is_true("explode") != Some(true) => Form::Joined(' '),
        Some("pipeDelimited") if is_true("explode") != Some(true) => Form::Joined('|'),
        _ if is_true("explode") == Some(false) => Form::Joined(','),
        _ => Form::Exploded,
    };
    let schema = content.unwrap_or(node).get("schema").cloned().unwrap_or_default();
    Some(Parameter { name, in_path, required: in_path || is_true("required") == Some(true), schema, form })
}

/// Upstream declares some uploads as JSON, and some JSON as multipart: a body of properties is multipart if one of them
/// is a file.
fn read_body(schemas: &Schemas, node: &Value) -> Body {
    let form = |(media, schema): (String, Value)| {
        let properties = schemas.object(&schema).map(|object| object.properties).unwrap_or_default();
        let has_file = properties.iter().any(|(_, property)| is_file(schemas, property));
        let form = match media.as_str() {
            JSON | MULTIPART if !properties.is_empty() => if has_file { MULTIPART } else { JSON }.to_owned(),
            _ => media,
        };
        (form, schema)
    };
    let required = node.get("required").and_then(Value::as_bool).unwrap_or_default();
    Body { required, content: content(schemas, node).into_iter().map(form).collect() }
}

/// Returns the success response. 200 is preferred to other 2xx statuses, because the gateway returns 200 for all of
/// them.
fn success<'a>(schemas: &'a Schemas, operation: &'a Value) -> Option<&'a Value> {
    let responses = operation.get("responses")?;
    let other = members(operation, "responses").find(|(status, _)| status.starts_with('2')).map(|(_, node)| node);
    responses.get("200").or(other).or_else(|| responses.get("default")).map(|node| schemas.resolve(node))
}

fn content(schemas: &Schemas, node: &Value) -> Vec<(String, Value)> {
    members(node, "content")
        .map(|(media, node)| (essence(media), schemas.resolve(node).get("schema").cloned().unwrap_or_default()))
        .collect()
}

/// Returns a content type without its parameters, in lower case.
pub(crate) fn essence(media: &str) -> String {
    media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

pub(crate) fn is_json(media: &str) -> bool {
    media == JSON || media.ends_with("+json")
}
