//! Tools as the protocol describes them.

use lowcodeapi_runtime::catalogue::{Catalogue, Effect, Operation};
use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde_json::{Value, json};

use super::{
    prose, schema,
    selection::{Offered, own},
};

/// The characters of a description in the list of tools at most.
const DESCRIPTION: usize = 480;
/// The characters of an input's description in the list of tools at most.
const INPUT: usize = 240;
/// The characters of a result's descriptions in the list of tools: their names and types are enough to read results.
const RESULT: usize = 0;
/// The characters of an error's description at most.
const ERROR: usize = 120;
/// The characters of a description at most where one operation is described.
const WHOLE: usize = 4_000;

/// The number of tools that search, describe and call operations.
pub(crate) const OWN: usize = 3;

/// How much the list says of each tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Everything.
    Full,
    /// Neither titles nor the schemas of results.
    Lean,
}

/// Returns the tool of an operation.
pub(crate) fn of_operation(catalogue: &Catalogue, offered: &Offered, detail: Detail, has_files: bool) -> Tool {
    let operation = offered.operation;
    let inputs = schema::inputs(catalogue, operation, path_schema(has_files).as_ref(), INPUT);
    let description = describe(operation, DESCRIPTION);
    let mut tool = Tool::new(offered.name.clone(), description, object(inputs)).annotate(hints(operation));
    if tool.description.as_deref() == Some("") {
        tool.description = None;
    }
    if detail == Detail::Full {
        let title = prose::short(operation.summary, DESCRIPTION);
        if !title.is_empty() && Some(title.as_str()) != tool.description.as_deref() {
            tool = tool.with_title(title.trim_end_matches('.'));
        }
        if let Some(result) = schema::result(catalogue, operation, RESULT) {
            tool = tool.with_raw_output_schema(object(result).into());
        }
    }
    tool
}

/// Describes one operation in full, for models that have not got it in their list.
pub(crate) fn whole(catalogue: &Catalogue, offered: &Offered, has_files: bool) -> Value {
    let operation = offered.operation;
    let mut about = json!({
        "name": offered.name,
        "description": describe(operation, WHOLE),
        "effect": effect(operation),
        "inputSchema": schema::inputs(catalogue, operation, path_schema(has_files).as_ref(), WHOLE),
    });
    if let Some(result) = schema::result(catalogue, operation, WHOLE) {
        about["outputSchema"] = result;
    }
    if let Some(limit) = catalogue.rate_limit(operation) {
        about["rateLimit"] = format!("{} calls in {} s", limit.requests(), limit.period().as_secs()).into();
    }
    if !operation.errors.is_empty() {
        let errors = operation.errors.iter().map(|error| (error.status, prose::short(error.description, ERROR)));
        about["errors"] = errors.map(|(status, text)| format!("{status}: {text}")).collect();
    }
    about
}

/// Returns the word for what an operation does.
pub(crate) fn effect(operation: &Operation) -> &'static str {
    match operation.effect() {
        Effect::Read => "read",
        Effect::Delete => "delete",
        _ => "change",
    }
}

/// Returns the hints of an operation. Only its method is known: a POST adds, PUT and PATCH replace.
pub(crate) fn hints(operation: &Operation) -> ToolAnnotations {
    let is_read = operation.effect() == Effect::Read;
    ToolAnnotations::new()
        .read_only(is_read)
        .destructive(!is_read && operation.method != "POST")
        .idempotent(operation.is_idempotent())
        .open_world(true)
}

/// Returns the tool that continues long results.
pub(crate) fn continuing() -> Tool {
    let inputs = json!({"continuation": {"type": "string"}});
    local(own::CONTINUE, "Returns the next part of a truncated result.", &inputs, &["continuation"])
}

/// Returns the tools that search, describe and call operations.
pub(crate) fn searching(offered: &[Offered]) -> [Tool; OWN] {
    let count = offered.len();
    let search = local(
        own::SEARCH,
        &format!("Finds operations of the API by words, best matches first. There are {count}."),
        &json!({
            "query": {"type": "string", "description": "What the operation does, in a few words."},
            "limit": {"type": "integer", "minimum": 1, "maximum": 50, "default": 10},
        }),
        &["query"],
    );
    let describe = local(
        own::DESCRIBE,
        "Describes an operation: its inputs and results as JSON Schemas. Needed before its first call.",
        &json!({"name": {"type": "string"}}),
        &["name"],
    );
    let all =
        |is: fn(&ToolAnnotations) -> Option<bool>| offered.iter().all(|it| is(&hints(it.operation)) == Some(true));
    let any_destructive = offered.iter().any(|it| hints(it.operation).is_destructive());
    let call = local(
        own::CALL,
        "Calls an operation with inputs that match its schema.",
        &json!({"name": {"type": "string"}, "inputs": {"type": "object"}}),
        &["name"],
    )
    .annotate(
        ToolAnnotations::new()
            .read_only(all(|hints| hints.read_only_hint))
            .destructive(any_destructive)
            .idempotent(all(|hints| hints.idempotent_hint))
            .open_world(true),
    );
    [search, describe, call]
}

/// Returns a tool that sends nothing.
fn local(name: &'static str, description: &str, properties: &Value, required: &[&str]) -> Tool {
    let inputs =
        json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false});
    Tool::new(name, description.to_owned(), object(inputs))
        .annotate(ToolAnnotations::new().read_only(true).destructive(false).idempotent(true).open_world(false))
}

fn describe(operation: &Operation, limit: usize) -> String {
    let text = prose::short(&prose::joined(operation.summary, operation.description), limit);
    if operation.is_deprecated { format!("Deprecated. {text}").trim_end().to_owned() } else { text }
}

/// Returns the schema of a file that is read from a folder.
fn path_schema(has_files: bool) -> Option<Value> {
    has_files.then(|| json!({"type": "string"}))
}

/// All schemas of tools are objects.
fn object(schema: Value) -> JsonObject {
    match schema {
        Value::Object(object) => object,
        _ => JsonObject::new(),
    }
}
