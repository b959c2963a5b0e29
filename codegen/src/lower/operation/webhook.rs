//! Lowers the bodies of webhooks to types. Reports callbacks and links once each.

use serde_json::{Map, Value};

use crate::{
    diagnostic::code,
    ir::{Origin, OriginRoot, Type},
    lower::{
        context::Cx,
        schema::{finish_structs, lower_schema},
    },
    read::{ledger::Read, media_type::admits_json, method::sites_of, pointer},
};

/// Returns the types of webhook bodies.
pub(crate) fn lower_webhooks(cx: &mut Cx<'_, '_>) -> Vec<Type> {
    report_callbacks(cx);
    let Some(webhooks) = cx.document.tree.get("webhooks").and_then(Value::as_object) else { return Vec::new() };
    if !webhooks.is_empty() {
        let message = "`webhooks` are calls that the server makes; the client has only the types of their bodies";
        cx.report.findings.add(code::NOT_CALLED, "/webhooks", message);
    }
    let mut received = Vec::new();
    for name in webhooks.keys() {
        let Ok((at, item)) = cx.document.resolve(&pointer::join("/webhooks", name)) else { continue };
        for site in sites_of(item) {
            let at = pointer::join(&format!("{at}{}", site.pointer), "requestBody");
            if let Some(schema) = json_schema_of(cx, &at) {
                let root = OriginRoot::Component(name.clone());
                let ty = lower_schema(cx, &schema, &Origin { root, path: vec!["payload".to_owned()] });
                received.push(ty.in_json());
                finish_structs(cx);
            }
        }
    }
    received
}

/// Returns the pointer of the JSON schema of a body.
fn json_schema_of(cx: &mut Cx<'_, '_>, at: &str) -> Option<String> {
    let document = cx.document;
    let (at, body) = document.resolve(at).ok()?;
    cx.report.ledger.note_object(&at, Read::BASE);
    let content = body.get("content").and_then(Value::as_object)?;
    let media_types = content.keys().filter(|name| admits_json(name)).filter_map(|name| document.media_type(&at, name));
    let mut schemas = media_types.map(|at| (pointer::join(&at, "schema"), at));
    let (schema, media) = schemas.find(|(schema, _)| document.node(schema).is_some())?;
    cx.report.ledger.note_object(&media, Read::BASE);
    Some(schema)
}

fn report_callbacks(cx: &mut Cx<'_, '_>) {
    let mut callbacks: Vec<String> = Vec::new();
    let mut links: Vec<String> = Vec::new();
    for site in cx.document.operations() {
        let count = site.node.get("responses").and_then(Value::as_object).map_or(0, Map::len);
        if !cx.report.take_steps(1 + count, &site.pointer) {
            break;
        }
        if site.node.get("callbacks").is_some() {
            callbacks.push(pointer::join(&site.pointer, "callbacks"));
        }
        let at = pointer::join(&site.pointer, "responses");
        let responses = cx.document.node(&at).and_then(Value::as_object).into_iter().flatten();
        for (status, _) in responses {
            if let Ok((at, node)) = cx.document.resolve(&pointer::join(&at, status))
                && node.get("links").is_some()
            {
                links.push(pointer::join(&at, "links"));
            }
        }
    }
    links.dedup();
    if let Some(first) = callbacks.first() {
        let message = format!(
            "`callbacks` are calls that the server makes; the client ignores them (operations with callbacks: {})",
            callbacks.len()
        );
        cx.report.findings.add(code::NOT_CALLED, first, message);
    }
    if let Some(first) = links.first() {
        let message =
            format!("`links` are not followed; the client ignores them (responses with links: {})", links.len());
        cx.report.findings.add(code::NOT_FOLLOWED, first, message);
    }
}
