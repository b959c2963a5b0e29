//! **lower**: builds the intermediate representation from the parsed document.

mod context;
mod given;
mod operation;
mod schema;
mod unread;

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use self::{
    context::Cx,
    given::given_names,
    operation::{
        extension::lower_rate_limits,
        lower_operations,
        scheme::{Schemes, finish_security},
        server::{self, Base},
        webhook::lower_webhooks,
    },
};
use crate::{diagnostic::Findings, input::Profile, ir::Api, read::parse::Document};

/// The descriptions of tags that have one.
fn lower_tags(document: Document<'_>) -> HashMap<String, String> {
    let tags = document.tree.get("tags").and_then(Value::as_array).into_iter().flatten();
    let text = |tag: &Value, key: &str| tag.get(key).and_then(Value::as_str).map(str::trim).map(str::to_owned);
    tags.filter_map(|tag| Some((text(tag, "name")?, text(tag, "description").filter(|it| !it.is_empty())?))).collect()
}

/// Lowers a document, whose name may be its URL. An unsupported construct is a finding, and affects only itself.
pub(crate) fn lower_document(document: Document<'_>, name: &str, profile: Profile, findings: &mut Findings) -> Api {
    let base = Base::of(document.tree, name);
    let mut schemes = Schemes::default();
    let cx = &mut Cx::new(document, profile, findings);
    let mut operations = lower_operations(cx, &mut schemes, &base);
    let received = lower_webhooks(cx);
    let (schemes, security) = finish_security(&schemes, &mut operations);
    let rate_limits = lower_rate_limits(cx);
    let text = |pointer: &str| document.tree.pointer(pointer).and_then(Value::as_str);
    let mut api = Api {
        title: text("/info/title").unwrap_or_default().to_owned(),
        description: text("/info/description").filter(|it| !it.trim().is_empty()).map(str::to_owned),
        base_url: base.url,
        profile,
        schemes,
        security,
        rate_limits,
        operations,
        tags: lower_tags(document),
        received,
        types: std::mem::take(&mut cx.types.defs),
        given: given_names(document),
        keys: BTreeMap::new(),
    };
    server::report_servers(&api, cx.report.findings);
    server::report_others(document, cx.report.findings);
    api.keys = unread::report_unread(cx);
    api
}
