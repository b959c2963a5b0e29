//! Lowers operations.

mod alternative;
mod body;
mod credential;
mod event;
pub(super) mod extension;
mod flow;
mod framing;
mod header;
mod message;
pub(super) mod nested;
mod open;
mod pagination;
mod parameter;
mod part;
mod path;
mod place;
mod querystring;
mod response;
pub(super) mod scheme;
pub(super) mod security;
pub(super) mod server;
mod structured;
mod style;
mod untyped;
pub(super) mod webhook;

use serde_json::{Map, Value};

use self::{
    body::lower_request_body,
    credential::settle_credentials,
    extension::{lower_idempotency_key, lower_rate_limit},
    message::lower_messages,
    pagination::{lower_pagination, says_pages},
    parameter::lower_parameters,
    path::{report_paths, settle_path},
    response::{Responses, lower_responses},
    scheme::Schemes,
    security::lower_security,
    server::{Base, lower_server},
};
use crate::{
    diagnostic::code,
    ir::{Docs, Operation, TagInfos, Text, texts_of},
    lower::{
        context::{Cx, text_of},
        given::given_method,
        schema::finish_structs,
    },
    read::{
        extension::{OLD_PATH, PATH_TEMPLATE},
        ledger::Read,
        parse::{Document, OperationSite},
    },
};

pub(super) fn lower_operations(
    cx: &mut Cx<'_, '_>,
    schemes: &mut Schemes,
    base: &Base,
    tags: &TagInfos,
) -> Vec<Operation> {
    report_paths(cx, &base.url);
    let (mut operations, mut texts) = (Vec::new(), Vec::new());
    for (position, site) in cx.document.operations().enumerate() {
        cx.document.go_to(position);
        // Each reference to a path item repeats its work.
        if !cx.report.take_steps(site.node.as_object().map_or(0, Map::len), &site.pointer) {
            break;
        }
        match cx.document.operation(&site) {
            Ok(parsed) => {
                cx.report.failures(parsed.lost);
                for at in site.levels().chain([&site.place]) {
                    cx.report.ledger.note_object(at, Read::BASE);
                }
                let known = cx.types.defs.len();
                let tag = tags.group(&parsed.item.tags).cloned();
                let mut operation = lower_operation(cx, schemes, base, &site, parsed.item, operations.len());
                operation.tag = tag;
                cx.report.take_text(operation.docs.bytes(), &site.pointer);
                finish_structs(cx);
                texts.extend(texts_of(&operation, &cx.types.defs[known..]));
                if texts.len() >= TEXTS_AT_ONCE {
                    // Nobody listens where nothing is emitted.
                    let _ = cx.texts.send(std::mem::take(&mut texts));
                }
                operations.push(operation);
            }
            Err(failure) => {
                cx.report.failure(failure);
                let message = "the operation is malformed or lacks its body; the client has no method for it";
                cx.report.findings.add_with_help(
                    code::OPERATION_SKIPPED,
                    site.pointer,
                    message,
                    "correct it in an overlay",
                );
            }
        }
    }
    let _ = cx.texts.send(texts);
    operations
}

/// How many texts are handed over at once, because waking another thread takes time.
const TEXTS_AT_ONCE: usize = 1000;

fn lower_operation(
    cx: &mut Cx<'_, '_>,
    schemes: &mut Schemes,
    base: &Base,
    site: &OperationSite<'_>,
    parsed: openapiv3::Operation,
    index: usize,
) -> Operation {
    let text = |key: &str| parsed.extensions.get(key).and_then(Value::as_str).map(str::to_owned);
    let template = text(PATH_TEMPLATE).unwrap_or_else(|| site.path.to_owned());
    let old_path = text(OLD_PATH);
    let trimmed = |text: Option<String>| text.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
    let mut inputs = lower_parameters(cx, site, index);
    settle_path(cx, &template, site, &mut inputs);
    let idempotency_key = lower_idempotency_key(cx, site, &mut inputs);
    let body = lower_request_body(cx, site, index, &mut inputs);
    let Responses { success, alternatives, headers, errors } = lower_responses(cx, site, index);
    let messages = lower_messages(cx, site, index);
    let pagination = lower_pagination(cx, site, &inputs);
    let (mut security, scopes) = lower_security(cx, schemes, site);
    settle_credentials(cx, schemes, &mut inputs, &mut security);
    let (server, server_template) = lower_server(cx, base, site).unzip();
    let words = [parsed.summary, parsed.description].map(|text| trimmed(text).map(Text::from));
    let [summary, description] = if words == [None, None] { words_of_item(cx.document, site) } else { words };
    Operation {
        key: format!("{} {}", site.method, site.path),
        pointer: site.pointer.clone(),
        id: trimmed(parsed.operation_id),
        given: given_method(site.node),
        tag: None,
        method: site.method.to_string(),
        path: template,
        old_path,
        server,
        server_template: server_template.flatten(),
        docs: Docs {
            summary,
            description,
            link: parsed.external_docs.map(|docs| docs.url),
            deprecated: parsed.deprecated,
            default: None,
            limits: Vec::new(),
        },
        inputs,
        body,
        success,
        alternatives,
        messages,
        pagination,
        says_pages: says_pages(site),
        pages: None,
        idempotency_key,
        rate_limit: lower_rate_limit(cx, site),
        headers,
        errors,
        security,
        scopes,
    }
}

/// Returns the summary and the description of a path item, which are those of its operations too.
fn words_of_item(document: Document<'_>, site: &OperationSite<'_>) -> [Option<Text>; 2] {
    let said = |key: &str| site.items.iter().find_map(|at| text_of(document.node(at)?.as_object()?, key));
    ["summary", "description"].map(said)
}
