//! Operations: the frame around parameters, body and responses.

pub(in crate::lower) mod body;
pub(in crate::lower) mod extension;
pub(in crate::lower) mod message;
pub(in crate::lower) mod parameter;
pub(in crate::lower) mod part;
pub(in crate::lower) mod response;
pub(in crate::lower) mod security;
pub(in crate::lower) mod server;
pub(in crate::lower) mod webhook;

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::{Lowering, operation::response::Responses};
use crate::{
    diagnostic::code,
    input::Profile,
    ir::{Docs, Input, Operation, QueryStyle, Slot, Type, ValueStyle},
    read::{
        extension::{OLD_PATH, PATH_TEMPLATE},
        load,
        parse::{self, Document, OperationSite},
        pointer,
    },
};

impl Lowering<'_, '_> {
    pub(in crate::lower) fn lower_operations(&mut self) -> Vec<Operation> {
        self.report_paths();
        let mut operations = Vec::new();
        for site in self.document.operations() {
            // A path item that many refer to is many.
            if !self.take_steps(site.node.as_object().map_or(0, Map::len), &site.pointer) {
                break;
            }
            match Document::operation(&site) {
                Ok(parsed) => {
                    self.report_all(parsed.lost);
                    let operation = self.lower_operation(&site, parsed.item, operations.len());
                    self.take_text(operation.docs.bytes(), &site.pointer);
                    operations.push(operation);
                    self.finish_structs();
                }
                Err(failure) => {
                    self.report(failure);
                    self.findings.add(code::OPERATION_SKIPPED, site.pointer, "the operation could not be parsed");
                }
            }
        }
        operations
    }

    /// Says what stands under `paths` and is neither an operation nor anything around one.
    fn report_paths(&mut self) {
        let tree = self.document.tree;
        let paths = tree.get("paths").and_then(Value::as_object).into_iter().flatten();
        for (path, _) in paths.filter(|(path, _)| !path.starts_with("x-")) {
            let at = pointer::join("/paths", path);
            let (at, item) = match self.document.resolve(&at) {
                Ok((at, Value::Object(item))) => (at, item),
                Ok((at, other)) => {
                    self.findings.add(
                        code::MALFORMED,
                        at,
                        format!("a path item is {}, not an object", load::kind(other)),
                    );
                    continue;
                }
                Err(unresolved) => {
                    self.report_unresolved(unresolved);
                    continue;
                }
            };
            if !self.take_steps(item.len(), &at) {
                break;
            }
            for (key, node) in item {
                let here = pointer::join(&at, key);
                match key.as_str() {
                    "parameters" if !node.is_array() => {
                        self.findings.add(code::MALFORMED, here, format!("`parameters` is {}", load::kind(node)));
                    }
                    "summary" | "description" | "servers" | "parameters" | "$ref" => {}
                    key if key.starts_with("x-") || parse::is_method(key) => {}
                    _ => self.findings.add(code::MALFORMED, here, "a path item has no such key"),
                }
            }
        }
        if !self.base_url.contains("://") {
            self.unsupported("/servers", "there is no absolute server URL; callers must set the base URL");
        }
    }

    fn lower_operation(&mut self, site: &OperationSite<'_>, parsed: openapiv3::Operation, index: usize) -> Operation {
        let text = |key: &str| parsed.extensions.get(key).and_then(Value::as_str).map(str::to_owned);
        let template = text(PATH_TEMPLATE).unwrap_or_else(|| site.path.to_owned());
        let old_path = text(OLD_PATH);
        let trimmed = |text: Option<String>| text.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
        let mut inputs = self.lower_parameters(site, index);
        self.settle_path(&template, site, &mut inputs);
        let json_media_type = self.lower_request_body(site, index, &mut inputs);
        let Responses { success, headers, errors } = self.lower_responses(site, index);
        let messages = self.lower_messages(site, index);
        let pagination = self.lower_pagination(site, &inputs);
        let (mut security, scopes) = self.lower_security(site);
        self.settle_credentials(&mut inputs, &mut security);
        Operation {
            key: format!("{} {}", site.method.to_ascii_uppercase(), site.path),
            pointer: site.pointer.clone(),
            id: trimmed(parsed.operation_id),
            tag: parsed.tags.into_iter().next(),
            method: site.method.to_ascii_uppercase(),
            path: template,
            old_path,
            server: self.lower_server(site),
            docs: Docs {
                summary: trimmed(parsed.summary),
                description: trimmed(parsed.description),
                link: parsed.external_docs.map(|docs| docs.url),
                deprecated: parsed.deprecated,
                default: None,
            },
            inputs,
            json_media_type,
            success,
            messages,
            pagination,
            pages: None,
            rate_limit: self.lower_rate_limit(site),
            headers,
            errors,
            security,
            scopes,
        }
    }

    /// Every `{x}` of the template has its input, and every path input its `{x}`.
    fn settle_path(&mut self, template: &str, site: &OperationSite<'_>, inputs: &mut Vec<Input>) {
        let placed = template_parameters(template);
        let names: HashSet<&str> = placed.iter().copied().collect();
        for input in inputs.iter_mut().filter(|input| matches!(input.slot, Slot::Path(_))) {
            // A path parameter without a place in the template is most likely left over from another operation.
            input.required = names.contains(input.wire.as_str());
            if !input.required {
                let wire = &input.wire;
                let message = format!("`{wire}` has no place in `{template}`; it is an optional query parameter");
                self.findings.add(code::PATH_PARAMETER, &input.pointer, message);
                input.slot = Slot::Query { style: QueryStyle::Repeated, reserved: false };
            }
        }
        let is_path = |input: &&Input| matches!(input.slot, Slot::Path(_));
        let mut settled: HashSet<String> = inputs.iter().filter(is_path).map(|input| input.wire.clone()).collect();
        for name in &placed {
            // The gateway's converter declares some path parameters as query parameters.
            let in_query = |input: &&mut Input| matches!(input.slot, Slot::Query { .. }) && input.wire == *name;
            if self.profile == Profile::LowCodeApi
                && !settled.contains(*name)
                && let Some(input) = inputs.iter_mut().find(in_query)
            {
                input.slot = Slot::Path(ValueStyle::Simple { explode: false });
                input.required = true;
                settled.insert((*name).to_owned());
            }
            if settled.insert((*name).to_owned()) {
                let message = format!("`{{{name}}}` is declared nowhere; it is taken as text");
                self.findings.add(code::PATH_PARAMETER, &site.pointer, message);
                inputs.push(Input {
                    wire: (*name).to_owned(),
                    sent_as: None,
                    media_type: None,
                    pointer: site.pointer.clone(),
                    slot: Slot::Path(ValueStyle::Simple { explode: false }),
                    ty: Type::Text,
                    required: true,
                    docs: Docs::default(),
                });
            }
        }
        order_path_inputs(&placed, inputs);
    }
}

/// Puts the path inputs first, as they follow each other in the template: so callers read a URL.
fn order_path_inputs(placed: &[&str], inputs: &mut Vec<Input>) {
    let mut ordered: Vec<Input> = inputs.extract_if(.., |input| matches!(input.slot, Slot::Path(_))).collect();
    let positions: HashMap<&str, usize> = placed.iter().enumerate().map(|(at, name)| (*name, at)).collect();
    ordered.sort_by_key(|input| positions.get(input.wire.as_str()).copied());
    ordered.append(inputs);
    *inputs = ordered;
}

/// The names in braces, in order.
fn template_parameters(template: &str) -> Vec<&str> {
    let opened = template.split('{').skip(1);
    let mut names: Vec<&str> = opened.filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect();
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(*name));
    names
}
