//! **lower**: builds the intermediate representation from the parsed document.

mod context;
mod given;
mod operation;
mod schema;
mod unread;

use std::sync::mpsc::Sender;

use serde_json::{Map, Value};

use self::{
    context::Cx,
    given::given_names,
    operation::{
        extension::lower_rate_limits,
        lower_operations,
        scheme::{Schemes, finish_security},
        security::lower_root_security,
        server::{self, Base, lower_servers},
        webhook::lower_webhooks,
    },
    schema::{finish_structs, lower_base, lower_schema},
    unread::Unread,
};
use crate::{
    diagnostic::Findings,
    input::Profile,
    ir::{Api, Origin, OriginRoot, TagInfo, TagInfos, Text, Type},
    read::{ahead::Parser, ledger::Read, parse::Document, pointer},
    thread,
};

fn lower_tags(cx: &mut Cx<'_, '_>) -> TagInfos {
    let tags = cx.document.tree.get("tags").and_then(Value::as_array).into_iter().flatten();
    let text = |tag: &Value, key: &str| {
        tag.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let info = |tag: &Value| TagInfo {
        summary: text(tag, "summary"),
        description: text(tag, "description"),
        parent: text(tag, "parent"),
        // Tags of other kinds, such as `badge` and `audience`, mark operations.
        is_group: text(tag, "kind").is_none_or(|kind| kind == "nav"),
    };
    let named = tags.enumerate().filter_map(|(index, tag)| Some((index, text(tag, "name")?, info(tag))));
    let named = named.map(|(index, name, info)| {
        cx.report.ledger.note_object(&format!("/tags/{index}"), Read::BASE);
        (name, info)
    });
    TagInfos(named.collect())
}

/// Returns the types of all component schemas.
fn lower_components(cx: &mut Cx<'_, '_>) -> Vec<Type> {
    let components = cx.document.node("/components/schemas").and_then(Value::as_object);
    let mut shared = Vec::new();
    for name in components.into_iter().flat_map(Map::keys) {
        let at = pointer::join("/components/schemas", name);
        let origin = Origin { root: OriginRoot::Component(name.clone()), path: Vec::new() };
        // The choice between a class and its heirs is that of the class above it, unless a place has it.
        let is_middle = cx.inheritance.is_middle(&at);
        let ty = if is_middle { lower_base(cx, &at) } else { lower_schema(cx, &at, &origin) };
        shared.push(ty.in_json());
        finish_structs(cx);
    }
    shared
}

/// Lowers a document, whose name may be its URL. An unsupported construct is a finding, and affects only itself. `texts` takes the
/// texts of operations as soon as they are known. Nothing else depends on the report of what is unread.
pub(crate) fn lower_document<'t>(
    document: Document<'t>,
    name: &str,
    profile: Profile,
    findings: &mut Findings,
    texts: Sender<Vec<Text>>,
) -> (Api, Unread<'t>) {
    let base = Base::of(document.tree, name);
    let mut schemes = Schemes::default();
    let cx = &mut Cx::new(document, profile, findings, texts);
    for at in ["", "/info", "/components"] {
        cx.report.ledger.note_object(at, Read::BASE);
    }
    let tags = lower_tags(cx);
    let parser = Parser::of(document);
    let lower_operations = || {
        let _closing = document.closing();
        lower_operations(cx, &mut schemes, &base, &tags)
    };
    let lower_operations = || thread::beside(|| parser.run(), lower_operations).1;
    let (given, mut operations) = thread::beside(|| given_names(document.tree), lower_operations);
    let mut received = lower_webhooks(cx);
    let is_of_types = document.operations().next().is_none();
    let mut shared = if is_of_types { lower_components(cx) } else { Vec::new() };
    // Beside webhooks, the types are those of what the server sends.
    if !received.is_empty() {
        received.append(&mut shared);
    }
    server::report_urls(cx);
    let root = lower_root_security(cx, &mut schemes);
    let (is_declared, mut root) = (root.is_some(), root.unwrap_or_default());
    let (schemes, security) = finish_security(&schemes, &mut operations, &mut root);
    let rate_limits = lower_rate_limits(cx);
    let text = |pointer: &str| document.tree.pointer(pointer).and_then(Value::as_str);
    let api = Api {
        title: text("/info/title").unwrap_or_default().to_owned(),
        description: text("/info/description").filter(|it| !it.trim().is_empty()).map(Text::from),
        servers: if profile.refuses_own_servers().is_some() { Vec::new() } else { lower_servers(document.tree, &base) },
        base_url: base.url,
        profile,
        schemes,
        root_security: if is_declared { root } else { security.clone() },
        security,
        rate_limits,
        operations,
        tags,
        received,
        shared,
        types: std::mem::take(&mut cx.types.defs),
        given,
    };
    operation::nested::report_nested(&api, &mut cx.report);
    server::report_servers(&api, cx.report.findings);
    let report = &mut cx.report;
    let (ledger, steps) = (std::mem::take(&mut report.ledger), std::mem::take(&mut report.steps));
    (api, Unread { tree: document.tree, is_30: document.is_30(), ledger, steps })
}
