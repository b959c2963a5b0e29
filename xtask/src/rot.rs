//! Where an overlay has become wrong, and what it leaves open. Actions that match nothing, or change nothing, are findings of
//! the generator.

use std::collections::BTreeSet;

use lowcodeapi_codegen::{Output, Severity, document::join};
use serde_json::Value;
use serde_json_path::JsonPath;

use crate::{
    diff::{Bindings, read_client, words},
    failure::Failure,
    finding::Finding,
    project::Text,
};

/// Returns the places where upstream has changed what the overlay replaces. Both trees are as upstream wrote them.
pub(crate) fn contradictions(overlay: &Text, old: &Value, new: &Value) -> Vec<Finding> {
    let tree = lowcodeapi_codegen::read(&overlay.source()).tree.unwrap_or_default();
    let actions = tree["actions"].as_array().into_iter().flatten().enumerate();
    actions.flat_map(|(index, action)| contradicted(overlay, index, action, old, new)).collect()
}

fn contradicted(overlay: &Text, index: usize, action: &Value, old: &Value, new: &Value) -> Vec<Finding> {
    let (Some(target), Some(update)) = (action["target"].as_str(), action.get("update")) else { return Vec::new() };
    // The generator has reported a malformed path.
    let Ok(path) = JsonPath::parse(target) else { return Vec::new() };
    let mut leaves = Vec::new();
    collect_leaves(update, String::new(), &mut leaves);
    let mut findings = Vec::new();
    for place in path.query_located(new).locations().map(serde_json_path::NormalizedPath::to_json_pointer) {
        for (below, says) in &leaves {
            let at = format!("{place}{below}");
            let (was, now) = (old.pointer(&at), new.pointer(&at));
            // Where upstream now agrees, the action is redundant, which the generator reports.
            let Some(now) = now.filter(|now| was != Some(*now) && now != says) else { continue };
            let was = was.map_or("nothing".to_owned(), Value::to_string);
            let message = format!("upstream changed `{at}` from {was} to {now}, and the overlay says {says}");
            findings.push(
                Finding::error("overlay-contradicts", &overlay.name, message)
                    .severity(Severity::Warning)
                    .at(format!("/actions/{index}"))
                    .help("correct the action, or remove it"),
            );
        }
    }
    findings
}

/// The values of an update that replace others. Arrays are added to those of the document.
fn collect_leaves<'a>(value: &'a Value, at: String, leaves: &mut Vec<(String, &'a Value)>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(key, value)| collect_leaves(value, join(&at, key), leaves));
        }
        Value::Array(_) => {}
        _ => leaves.push((at, value)),
    }
}

/// Returns what has no type of its own in a client, whose bindings were requested.
pub(crate) fn untyped_of(output: &Output, file: &str) -> Result<Vec<Finding>, Failure> {
    Ok(untyped(&read_client(output)?.bindings, file))
}

/// Returns what has no type of its own: any JSON value.
pub(crate) fn untyped(bindings: &Bindings, file: &str) -> Vec<Finding> {
    let is_any = |ty: &str| words(ty).any(|word| word == "Value");
    let mut items: BTreeSet<(String, String)> = BTreeSet::new();
    for operation in &bindings.operations {
        let name = format!("Client::{}", operation.rust);
        if is_any(&operation.result) {
            items.insert((operation.pointer.clone(), format!("the result of `{name}`")));
        }
        for input in operation.inputs.iter().filter(|input| is_any(&input.ty)) {
            items.insert((input.pointer.clone(), format!("the input `{}` of `{name}`", input.rust)));
        }
    }
    for ty in bindings.types.iter().filter(|ty| ty.kind == "struct") {
        for field in ty.members.iter().filter(|field| field.ty.as_deref().is_some_and(is_any)) {
            items.insert((ty.pointer.clone(), format!("`{}::{}`", ty.rust, field.rust)));
        }
    }
    let finding = |(pointer, item): (String, String)| {
        Finding::error("untyped", file, format!("{item} is any JSON value"))
            .severity(Severity::Note)
            .at(pointer)
            .help("if its form is known, describe it in the overlay")
    };
    items.into_iter().map(finding).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_upstream_has_changed_under_the_overlay_is_told() {
        let overlay = json!({"overlay": "1.0.0", "actions": [
            {"target": "$.paths['/a'].get", "update": {"summary": "Ours", "operationId": "a"}},
            {"target": "$.paths['/a'].get", "update": {"tags": ["T"]}},
        ]});
        let overlay = Text { name: "o.yaml".to_owned(), text: overlay.to_string() };
        let document = |summary: &str| json!({"paths": {"/a": {"get": {"summary": summary, "tags": []}}}});
        let found = |old: &str, new: &str| contradictions(&overlay, &document(old), &document(new));
        assert!(found("x", "x").is_empty() && found("x", "Ours").is_empty());
        let [finding] = &found("x", "y")[..] else { panic!("one finding") };
        assert_eq!((finding.code, finding.pointer.as_str()), ("overlay-contradicts", "/actions/0"));
        assert_eq!(
            finding.message,
            "upstream changed `/paths/~1a/get/summary` from \"x\" to \"y\", and the overlay says \"Ours\""
        );
    }
}
