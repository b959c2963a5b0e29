//! **overlay**: applies OAI Overlay 1.0 and 1.1 documents, with which maintainers correct upstream.
//!
//! An action whose target matches nothing is an error, because its correction is outdated. An action with
//! `x-allow-unmatched: true` may match nothing.

mod cost;

use std::{cmp::Reverse, collections::BTreeMap};

use foldhash::{HashMap, HashSet};
use serde_json::{Map, Value};
use serde_json_path::{JsonPath, NormalizedPath};

use self::cost::Cost;
use crate::{
    diagnostic::{Findings, code},
    input::Source,
    read::{load, pointer},
};

/// The extension of an action whose target may match nothing.
const ALLOW_UNMATCHED: &str = "x-allow-unmatched";

/// Applies every action of the overlay to the tree, in order. Findings refer to places in the overlay.
pub(crate) fn apply_overlay(tree: &mut Value, source: &Source<'_>, findings: &mut Findings) {
    let Some(overlay) = load::load_tree(source, findings) else { return };
    let version = overlay.get("overlay").and_then(Value::as_str).unwrap_or_default();
    if !version.starts_with("1.") {
        let message = "`overlay: 1.x.y` is missing at the root";
        findings.add_with_help(code::OVERLAY_INVALID, "", message, "add `overlay: 1.0.0`");
        return;
    }
    let Some(actions) = overlay.get("actions").and_then(Value::as_array).filter(|actions| !actions.is_empty()) else {
        let message = "`actions` is missing or empty";
        findings.add_with_help(code::OVERLAY_INVALID, "", message, "add an action, or do not pass the overlay");
        return;
    };
    let mut cost = Cost::of(tree);
    for (index, action) in actions.iter().enumerate() {
        let at = format!("/actions/{index}");
        if let Some(action) = read_action(action, &at, findings) {
            apply_action(tree, &action, &at, &mut cost, findings);
        }
        if findings.are_over() {
            return;
        }
    }
}

enum Change<'a> {
    Update(&'a Value),
    Copy(&'a str, JsonPath),
    Remove,
}

struct Action<'a> {
    target: &'a str,
    path: JsonPath,
    change: Change<'a>,
    may_miss: bool,
}

fn read_action<'a>(action: &'a Value, at: &str, findings: &mut Findings) -> Option<Action<'a>> {
    let help = "correct the action; `docs/overlay.md` shows the forms";
    let mut invalid = |at: String, message: String| findings.add_with_help(code::OVERLAY_INVALID, at, message, help);
    let Some(action) = action.as_object() else {
        invalid(at.to_owned(), "the action is not an object".to_owned());
        return None;
    };
    for key in action.keys() {
        if !matches!(key.as_str(), "target" | "description" | "update" | "remove" | "copy") && !key.starts_with("x-") {
            invalid(pointer::join(at, key), format!("`{key}` is not a keyword of an action"));
        }
    }
    let Some(target) = action.get("target").and_then(Value::as_str) else {
        invalid(at.to_owned(), "`target` is missing, or not a string that holds a JSONPath".to_owned());
        return None;
    };
    let path = parse_path(target).map_err(|message| invalid(format!("{at}/target"), message)).ok()?;
    let remove = action.get("remove").and_then(Value::as_bool).unwrap_or(false);
    let change = match (remove, action.get("update"), action.get("copy").and_then(Value::as_str)) {
        (true, None, None) => Change::Remove,
        (false, Some(update), None) => Change::Update(update),
        (false, None, Some(from)) => {
            Change::Copy(from, parse_path(from).map_err(|message| invalid(format!("{at}/copy"), message)).ok()?)
        }
        _ => {
            invalid(
                at.to_owned(),
                "the action does not have exactly one of `update`, `copy` and `remove: true`".to_owned(),
            );
            return None;
        }
    };
    let may_miss = action.get(ALLOW_UNMATCHED).and_then(Value::as_bool).unwrap_or(false);
    Some(Action { target, path, change, may_miss })
}

fn parse_path(path: &str) -> Result<JsonPath, String> {
    cost::check_path(path)?;
    JsonPath::parse(path).map_err(|error| error.to_string())
}

fn apply_action(tree: &mut Value, action: &Action<'_>, at: &str, cost: &mut Cost, findings: &mut Findings) {
    if !cost.allow_query(action.target, &format!("{at}/target"), findings) {
        return;
    }
    let places: Vec<String> =
        action.path.query_located(tree).locations().map(NormalizedPath::to_json_pointer).collect();
    if places.is_empty() && !action.may_miss {
        let message = format!("`target: {}` matches nothing in the document", action.target);
        let help = format!("correct the target, remove the action, or add `{ALLOW_UNMATCHED}: true`");
        findings.add_with_help(code::OVERLAY_UNMATCHED, format!("{at}/target"), message, help);
    }
    let copied;
    let update = match &action.change {
        Change::Update(update) => *update,
        Change::Copy(path, _) if !cost.allow_query(path, &format!("{at}/copy"), findings) => return,
        Change::Copy(_, from) => match from.query(tree).all().as_slice() {
            [one] => {
                copied = if cost.allow_update((tree, one), &[], at, findings) { (*one).clone() } else { return };
                &copied
            }
            found => {
                let message = format!("`copy` matches {} nodes, not exactly one", found.len());
                let help = "write a JSONPath that matches one node";
                findings.add_with_help(code::OVERLAY_UNMATCHED, format!("{at}/copy"), message, help);
                return;
            }
        },
        Change::Remove => {
            if places.iter().any(String::is_empty) {
                let message = "`remove` targets the whole document";
                let help = "target the nodes to remove";
                findings.add_with_help(code::OVERLAY_TYPE, format!("{at}/remove"), message, help);
            }
            remove(tree, &places);
            return;
        }
    };
    if !cost.allow_update((tree, update), &places, at, findings) {
        return;
    }
    let mut changed = places.is_empty();
    for place in &places {
        let Some(node) = tree.pointer_mut(place) else { continue };
        match merge(node, update) {
            Ok(is_changed) => changed |= is_changed,
            Err(message) => {
                let message = format!("{message} (at {place})");
                let help = "target a node of the same type as the update";
                findings.add_with_help(code::OVERLAY_TYPE, format!("{at}/update"), message, help);
            }
        }
    }
    if !changed && !findings.has_errors() {
        findings.add_with_help(
            code::OVERLAY_REDUNDANT,
            at,
            "the action changes nothing: the document already has this value",
            "remove the action",
        );
    }
}

/// Merges objects by key, extends arrays, and replaces other values. A mismatch at the top level is an error. Returns
/// whether the node has changed.
fn merge(node: &mut Value, update: &Value) -> Result<bool, String> {
    match (node, update) {
        (Value::Object(node), Value::Object(update)) => Ok(merge_objects(node, update)),
        (Value::Array(items), Value::Array(more)) => {
            items.extend(more.iter().cloned());
            Ok(!more.is_empty())
        }
        (Value::Array(items), one) => {
            items.push(one.clone());
            Ok(true)
        }
        (node @ Value::Object(_), other) => {
            Err(format!("`update` is {}, but the target is {}", load::kind(other), load::kind(node)))
        }
        (node, other) => Ok(replace(node, other)),
    }
}

fn merge_objects(node: &mut Map<String, Value>, update: &Map<String, Value>) -> bool {
    let mut is_changed = false;
    for (key, value) in update {
        is_changed |= match (node.get_mut(key), value) {
            (Some(Value::Object(old)), Value::Object(new)) => merge_objects(old, new),
            (Some(Value::Array(old)), Value::Array(new)) => {
                old.extend(new.iter().cloned());
                !new.is_empty()
            }
            (Some(old), new) => replace(old, new),
            (None, new) => {
                node.insert(key.clone(), new.clone());
                true
            }
        };
    }
    is_changed
}

fn replace(old: &mut Value, new: &Value) -> bool {
    let is_changed = old != new;
    if is_changed {
        *old = new.clone();
    }
    is_changed
}

/// Removes the places: the deepest first, and all of one list or object at once, so no index moves before it is used.
fn remove(tree: &mut Value, places: &[String]) {
    let mut by_depth: BTreeMap<Reverse<usize>, HashMap<&str, HashSet<String>>> = BTreeMap::new();
    for place in places {
        let Some((parent, key)) = place.rsplit_once('/') else { continue };
        let depth = Reverse(place.matches('/').count());
        by_depth.entry(depth).or_default().entry(parent).or_default().insert(pointer::decode(key));
    }
    for (parent, keys) in by_depth.into_values().flatten() {
        match tree.pointer_mut(parent) {
            Some(Value::Object(map)) => map.retain(|key, _| !keys.contains(key)),
            Some(Value::Array(items)) => {
                let indices: HashSet<usize> = keys.iter().filter_map(|key| key.parse().ok()).collect();
                let mut index = 0;
                items.retain(|_| {
                    index += 1;
                    !indices.contains(&(index - 1))
                });
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn apply(mut tree: Value, actions: &str) -> (Value, Vec<String>) {
        let text = format!("overlay: 1.0.0\ninfo: {{title: t, version: '1'}}\nactions:\n{actions}");
        let mut findings = Findings::default();
        apply_overlay(&mut tree, &Source { name: "o.yaml", text: &text }, &mut findings);
        (tree, findings.into_vec().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn updates_merge_objects_and_extend_arrays() {
        let tree = json!({"a": {"b": {"c": 1, "l": [1]}}, "p": [{"n": "x"}, {"n": "y"}]});
        let actions = "- {target: $.a, update: {b: {d: 2, l: [2]}, e: [3]}}\n\
                       - {target: \"$.p[?@.n=='y']\", update: {n: z}}\n\
                       - {target: $.p, update: {n: w}}\n\
                       - {target: $.a.b.c, update: 5}\n";
        let (tree, found) = apply(tree, actions);
        assert_eq!(found, [""; 0]);
        let expected =
            json!({"a": {"b": {"c": 5, "l": [1, 2], "d": 2}, "e": [3]}, "p": [{"n": "x"}, {"n": "z"}, {"n": "w"}]});
        assert_eq!(tree, expected);
    }

    #[test]
    fn removal_takes_every_match_and_copy_takes_one() {
        let tree = json!({"l": [1, 2, 3, 4], "a": {"b": 1}, "c": {}});
        let (tree, found) = apply(tree, "- {target: '$.l[?@ > 1]', remove: true}\n- {target: $.c, copy: $.a}\n");
        assert_eq!((tree, found), (json!({"l": [1], "a": {"b": 1}, "c": {"b": 1}}), vec![]));
        for (target, left) in [("$[3,0]", "bce"), ("$[0,0]", "bcde"), ("$[::-1]", ""), ("$[10,2]", "abde")] {
            let letters = json!(["a", "b", "c", "d", "e"]);
            let (tree, _) = apply(letters, &format!("- {{target: '{target}', remove: true}}\n"));
            let texts: Vec<_> = tree.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            assert_eq!(texts.concat(), left, "{target}");
        }
        let (_, found) = apply(json!({"a": 1}), "- {target: $, remove: true}\n");
        assert!(found[0].starts_with("error[overlay-type]: o.yaml#/actions/0/remove"), "{found:?}");
    }

    #[test]
    fn a_stale_target_is_an_error_unless_allowed() {
        let (_, found) = apply(
            json!({}),
            "- {target: $.a, remove: true}\n- {target: $.b, remove: true, x-allow-unmatched: true}\n- {target: $.c, update: {}}\n",
        );
        assert_eq!(found.len(), 2, "{found:#?}");
        assert!(
            found[0].starts_with("error[overlay-unmatched]: o.yaml#/actions/0/target: `target: $.a` matches nothing")
        );
        assert!(found[1].starts_with("error[overlay-unmatched]: o.yaml#/actions/2/target"));
    }

    #[test]
    fn an_action_that_changes_nothing_is_redundant() {
        let (_, found) =
            apply(json!({"a": {"b": 1}}), "- {target: $.a, update: {b: 1}}\n- {target: $.a, update: {b: 2}}\n");
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(found[0].starts_with("warning[overlay-redundant]: o.yaml#/actions/0: "), "{}", found[0]);
    }

    #[test]
    fn a_malformed_action_is_an_error_at_its_place() {
        let actions = "- {targt: $.a, update: {}}\n- {target: '$[', update: {}}\n- {target: $.a}\n- {target: $.a, update: 1}\n- 5\n";
        let (_, found) = apply(json!({"a": {}}), actions);
        let starts = [
            "error[overlay-invalid]: o.yaml#/actions/0/targt: `targt` is not a keyword of an action",
            "error[overlay-invalid]: o.yaml#/actions/0: `target` is missing",
            "error[overlay-invalid]: o.yaml#/actions/1/target: ",
            "error[overlay-invalid]: o.yaml#/actions/2: the action does not have exactly one of",
            "error[overlay-type]: o.yaml#/actions/3/update: `update` is a number, but the target is an object (at /a)",
            "error[overlay-invalid]: o.yaml#/actions/4: the action is not an object",
        ];
        assert_eq!(found.len(), starts.len(), "{found:#?}");
        for (found, start) in found.iter().zip(starts) {
            assert!(found.starts_with(start), "{found}");
        }
    }
}
