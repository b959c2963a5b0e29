//! Checks `paths`, and matches parameters with path templates.

use foldhash::{HashMap, HashSet};
use serde_json::Value;

use crate::{
    diagnostic::code,
    ir::{Docs, Input, QueryStyle, Slot, Type, ValueStyle},
    lower::context::Cx,
    read::{
        load,
        method::{ADDITIONAL, is_method},
        parse::OperationSite,
        pointer,
    },
};

/// Reports entries of `paths` that are neither operations nor keywords of path items.
pub(super) fn report_paths(cx: &mut Cx<'_, '_>, base_url: &str) {
    let tree = cx.document.tree;
    let paths = tree.get("paths").and_then(Value::as_object).into_iter().flatten();
    for (path, _) in paths.filter(|(path, _)| !path.starts_with("x-")) {
        let at = pointer::join("/paths", path);
        let (at, item) = match cx.document.resolve(&at) {
            Ok((at, Value::Object(item))) => (at, item),
            Ok((at, other)) => {
                cx.report.findings.add(
                    code::MALFORMED,
                    at,
                    format!("the path item is {}, not an object; it is ignored", load::kind(other)),
                );
                continue;
            }
            Err(unresolved) => {
                cx.report.unresolved(unresolved);
                continue;
            }
        };
        if !cx.report.take_steps(item.len(), &at) {
            break;
        }
        for (key, node) in item {
            let here = pointer::join(&at, key);
            match key.as_str() {
                "parameters" if !node.is_array() => {
                    let message = format!("`parameters` is {}, not an array; it is ignored", load::kind(node));
                    cx.report.findings.add(code::MALFORMED, here, message);
                }
                ADDITIONAL if !node.is_object() => {
                    let message = format!("`{ADDITIONAL}` is {}, not an object; it is ignored", load::kind(node));
                    cx.report.findings.add(code::MALFORMED, here, message);
                }
                "summary" | "description" | "servers" | "parameters" | "$ref" | ADDITIONAL => {}
                key if key.starts_with("x-") || is_method(key) => {}
                _ => {
                    let message = format!("`{key}` is not a keyword of a path item; it is ignored");
                    cx.report.findings.add_with_help(code::MALFORMED, here, message, "correct the key in an overlay");
                }
            }
        }
    }
    // Without operations there is nothing to send.
    if !base_url.contains("://") && cx.document.operations().next().is_some() {
        let message = "`servers` has no absolute URL; callers must set the base URL";
        cx.report.add(code::SERVER, "/servers", message, "add the URL of the server in an overlay");
    }
}

/// Gives each `{x}` of the template an input. Moves path inputs without `{x}` to the query.
pub(super) fn settle_path(cx: &mut Cx<'_, '_>, template: &str, site: &OperationSite<'_>, inputs: &mut Vec<Input>) {
    let placed = template_parameters(template);
    let names: HashSet<&str> = placed.iter().copied().collect();
    for input in inputs.iter_mut().filter(|input| matches!(input.slot, Slot::Path(_))) {
        // A path parameter that the template lacks is probably a remain of another operation.
        input.required = names.contains(input.wire.as_str());
        if !input.required {
            let wire = &input.wire;
            let message = format!(
                "the path parameter `{wire}` is not in `{template}`; it is sent as an optional query parameter"
            );
            let help = "correct its name, or remove it, in an overlay";
            cx.report.findings.add_with_help(code::PATH_PARAMETER, &input.pointer, message, help);
            input.slot = Slot::Query { style: QueryStyle::Repeated, reserved: false };
        }
    }
    let is_path = |input: &&Input| matches!(input.slot, Slot::Path(_));
    let mut settled: HashSet<String> = inputs.iter().filter(is_path).map(|input| input.wire.clone()).collect();
    for name in &placed {
        let in_query = |input: &&mut Input| matches!(input.slot, Slot::Query { .. }) && input.wire == *name;
        if cx.profile.misplaces_path_parameters()
            && !settled.contains(*name)
            && let Some(input) = inputs.iter_mut().find(in_query)
        {
            input.slot = Slot::Path(ValueStyle::Simple { explode: false });
            input.required = true;
            settled.insert((*name).to_owned());
        }
        if settled.insert((*name).to_owned()) {
            let message = format!("`{{{name}}}` in the path has no parameter; it becomes a required string");
            let help = "declare the parameter in an overlay";
            cx.report.findings.add_with_help(code::PATH_PARAMETER, &site.pointer, message, help);
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

/// Sorts the path inputs first, in the order of the template.
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
    let mut seen = HashSet::default();
    names.retain(|name| seen.insert(*name));
    names
}
