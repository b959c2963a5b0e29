//! **load**: parses JSON or YAML into a JSON tree, in the order of the keys.

mod reading;
mod tree;
mod yaml;

use std::borrow::Cow;

use serde::de::DeserializeSeed as _;
use serde_json::Value;

pub(crate) use self::reading::MAX_DEPTH;
use self::{reading::Reading, tree::Node};
use crate::{
    budget::{self, Tally},
    diagnostic::{Findings, code},
    input::Source,
    read::{
        number::{self, Numbers},
        span::{self, is_json},
    },
};

/// The largest text, in bytes. It is ten times the largest known document.
const MAX_BYTES: usize = 128 * 1024 * 1024;

/// The most value marks in a YAML text that is parsed leniently, and their product with the number of lists.
const MAX_LENIENT_MARKS: usize = 1_000_000;
const MAX_LENIENT_WORK: usize = 200_000_000;

const OPENAPI_HELP: &str = "pass an OpenAPI 3.0, 3.1 or 3.2 document; convert other versions first";
const PATHS_HELP: &str = "pass the complete document; bundle several files into one first";

/// Reads any JSON or YAML text.
pub(crate) fn load_tree(source: &Source<'_>, findings: &mut Findings) -> Option<Value> {
    findings.in_file(source.name);
    let text = source.text.trim_start_matches('\u{feff}');
    if text.len() > MAX_BYTES {
        let message = format!("the text has {} bytes; the limit is {MAX_BYTES}", text.len());
        findings.add_with_help(code::TOO_LARGE, "", message, budget::SMALLER);
        return None;
    }
    let mut reading = Reading {
        findings,
        path: Vec::new(),
        pointer: 0,
        tally: Tally::default(),
        doubled: Vec::new(),
        entries: Vec::new(),
        numbers: None,
        passed: 0,
        digits: Value::Null,
        stopped: false,
    };
    let read = if is_json(source.name, text) { read_json(&mut reading, text) } else { read_yaml(&mut reading, text) };
    let (doubled, stopped) = (std::mem::take(&mut reading.doubled), reading.stopped);
    report_doubled(source, &doubled, findings);
    match read {
        Ok(tree) => Some(tree),
        Err(_) if stopped => None,
        Err(message) => {
            findings.add_with_help(code::SYNTAX, "", message, "correct the text at this place");
            None
        }
    }
}

/// Reports the keys that objects have more than once.
fn report_doubled(source: &Source<'_>, pointers: &[String], findings: &mut Findings) {
    if pointers.is_empty() {
        return;
    }
    let wanted: Vec<&str> = pointers.iter().map(String::as_str).collect();
    let places = span::occurrences(source, &wanted);
    for pointer in pointers {
        let place = |at: &span::Position| format!("line {}, column {}", at.line, at.column);
        let places: Vec<String> = places.get(pointer).into_iter().flatten().take(MAX_PLACES).map(place).collect();
        let places = if places.len() > 1 { format!(", at {}", places.join(", and at ")) } else { String::new() };
        let message = format!("the object has this key more than once{places}; the last one counts");
        findings.add_with_help(code::DUPLICATE_KEY, pointer.as_str(), message, "remove all but one");
    }
}

/// The most places of one key that a message lists.
const MAX_PLACES: usize = 5;

/// Reads an OpenAPI document and refuses what cannot be one.
pub(crate) fn load_document(source: &Source<'_>, findings: &mut Findings) -> Option<Value> {
    let tree = load_tree(source, findings)?;
    let Value::Object(root) = &tree else {
        let message = format!("the root is {}, not an object", kind(&tree));
        findings.add_with_help(code::NOT_OPENAPI, "", message, OPENAPI_HELP);
        return None;
    };
    match root.get("openapi") {
        Some(version) if is_supported(version) => {}
        Some(version) => {
            let message = format!("`openapi: {version}` is none of 3.0, 3.1 and 3.2");
            findings.add_with_help(code::NOT_OPENAPI, "/openapi", message, OPENAPI_HELP);
            return None;
        }
        None if root.contains_key("swagger") => {
            let message = "`swagger` declares a Swagger 2.0 document";
            findings.add_with_help(code::NOT_OPENAPI, "/swagger", message, OPENAPI_HELP);
            return None;
        }
        None => {
            findings.add_with_help(code::NOT_OPENAPI, "", "`openapi` is missing at the root", OPENAPI_HELP);
            return None;
        }
    }
    let has = |members: Option<&Value>| members.and_then(Value::as_object).is_some_and(|members| !members.is_empty());
    // A document may have types alone: of what the server sends by itself, or for other documents.
    let has_types = has(root.get("webhooks")) || has(tree.pointer("/components/schemas"));
    let may_lack_paths = root.get("openapi").is_some_and(|version| !is_of_minor(version, "3.0"));
    match root.get("paths") {
        Some(Value::Object(paths)) if !paths.is_empty() || has_types => Some(tree),
        None if has_types && may_lack_paths => Some(tree),
        Some(Value::Object(_)) => {
            findings.add_with_help(code::NO_PATHS, "/paths", "`paths` is empty", PATHS_HELP);
            None
        }
        Some(other) => {
            let message = format!("`paths` is {}, not an object", kind(other));
            findings.add_with_help(code::NO_PATHS, "/paths", message, PATHS_HELP);
            None
        }
        None => {
            findings.add_with_help(code::NO_PATHS, "", "`paths` is missing at the root", PATHS_HELP);
            None
        }
    }
}

/// Returns what a value is, in words: `a string`, `an array`, `null`.
pub fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

fn is_supported(version: &Value) -> bool {
    ["3.0", "3.1", "3.2"].iter().any(|minor| is_of_minor(version, minor))
}

/// Whether the version of a document is a patch of this minor one.
pub(crate) fn is_of_minor(version: &Value, minor: &str) -> bool {
    // YAML reads an unquoted `3.0` as a number.
    let text = version.as_str().map_or_else(|| version.to_string(), str::to_owned);
    text == minor || text.strip_prefix(minor).is_some_and(|patch| patch.starts_with('.'))
}

fn read_json<'t>(reading: &mut Reading<'t>, text: &'t str) -> Result<Value, String> {
    let read = read_json_as(reading, text, text);
    if read.is_ok() || reading.stopped {
        return read;
    }
    match number::within_doubles(text) {
        Cow::Borrowed(_) => read,
        Cow::Owned(within) => {
            reading.restart();
            read_json_as(reading, text, &within)
        }
    }
}

/// Parses `form`, which is the text or differs from it only in how numbers are written.
fn read_json_as<'t>(reading: &mut Reading<'t>, text: &'t str, form: &str) -> Result<Value, String> {
    (reading.numbers, reading.passed) = (Some(Numbers::of(text)), 0);
    let mut deserializer = serde_json::Deserializer::from_str(form);
    let tree = Node { reading }.deserialize(&mut deserializer).map_err(|error| error.to_string())?;
    deserializer.end().map_err(|error| error.to_string())?;
    Ok(tree)
}

fn read_yaml(reading: &mut Reading<'_>, text: &str) -> Result<Value, String> {
    let mut tree = yaml::read(text, reading).or_else(|message| read_lenient(reading, text).unwrap_or(Err(message)))?;
    merge_keys(&mut tree);
    Ok(tree)
}

/// Parses again with a lenient parser, which accepts, for example, brackets that close further left than they open. It
/// keeps the whole text in memory, and its time per value grows with the nesting of lists. Returns `None` if that would
/// take too long.
fn read_lenient(reading: &mut Reading<'_>, text: &str) -> Option<Result<Value, String>> {
    let count = |marks: &[u8]| text.bytes().filter(|byte| marks.contains(byte)).count();
    let (opened, marks) = (count(b"[{"), count(b"[{,:-?*"));
    if reading.stopped || marks > MAX_LENIENT_MARKS || opened.saturating_mul(marks) > MAX_LENIENT_WORK {
        return None;
    }
    reading.restart();
    let deserializer = serde_yaml::Deserializer::from_str(text);
    Some(Node { reading }.deserialize(deserializer).map_err(|error| error.to_string()))
}

/// Merges the keys of YAML's `<<: *base` into a mapping. Its own keys take precedence.
fn merge_keys(tree: &mut Value) {
    match tree {
        Value::Object(map) => {
            map.values_mut().for_each(merge_keys);
            let bases = match map.shift_remove("<<") {
                Some(Value::Array(bases)) => bases,
                Some(base) => vec![base],
                None => Vec::new(),
            };
            for base in bases {
                let Value::Object(base) = base else { continue };
                for (key, value) in base {
                    if key == number::DIGITS {
                        number::add(map, &value);
                        continue;
                    }
                    map.entry(key).or_insert(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(merge_keys),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{diagnostic::Diagnostic, read::number::ExactValue};

    fn load(name: &str, text: &str) -> (Option<Value>, Vec<Diagnostic>) {
        let mut findings = Findings::default();
        let tree = load_tree(&Source { name, text }, &mut findings);
        (tree, findings.into_vec())
    }

    fn refusal(text: &str) -> String {
        let mut findings = Findings::default();
        let tree = load_document(&Source { name: "d", text }, &mut findings);
        assert!(tree.is_none() || findings.has_errors());
        findings.into_vec().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn json_and_yaml_give_the_same_tree_in_the_order_of_the_text() {
        let (json, _) = load("a.json", "\u{feff}{\"z\": {\"200\": [1, -2, 1.5, true, null]}, \"a\": \"x\"}");
        let (yaml, _) = load("a.yaml", "z:\n  200: [1, -2, 1.5, true, null]\na: x\n");
        assert_eq!(json, yaml);
        assert_eq!(json.map(|tree| tree.to_string()).as_deref(), Some(r#"{"z":{"200":[1,-2,1.5,true,null]},"a":"x"}"#));
    }

    #[test]
    fn integers_beyond_64_bits_are_read_by_every_parser() {
        let digits = ["18446744073709551616", "-9223372036854775809", "340282366920938463463374607431768211455"];
        let floats = [18_446_744_073_709_551_616.0, -9_223_372_036_854_775_808.0, 2.0_f64.powi(128)];
        let expected = serde_json::json!({"a": floats, number::DIGITS: {"a": digits}});
        let list = digits.join(", ");
        let (json, _) = load("a.json", &format!("{{\"a\": [{list}]}}"));
        let (yaml, _) = load("a.yaml", &format!("a: [{list}]\n"));
        // The bracket closes further left than it opens, which only the lenient parser accepts.
        let (lenient, _) = load("a.yaml", &format!("a:\n  [\n    {list}\n]\n"));
        assert_eq!([json, yaml, lenient], [Some(expected.clone()), Some(expected.clone()), Some(expected)]);
    }

    #[test]
    fn digits_are_kept_wherever_numbers_are() {
        let json = r#"{"a": 1.10, "b": [1, [2.50], 1.00, {"c": -0}], "d\"1": 5}"#;
        let yaml = "a: &a +1.10\nb: &b [1, [2.50], 1.00, {c: -0.0}]\ne: {<<: &m {x: 1.10, y: 2.50}, y: 3.10}\nf: [*a, *b]\n? &k 4.50\n: *k\n";
        let written = |tree: Option<Value>| ExactValue::from(&tree.unwrap_or_default()).to_string();
        assert_eq!(written(load("a.json", json).0), r#"{"a":1.10,"b":[1,[2.50],1.00,{"c":-0}],"d\"1":5}"#);
        let list = "[1,[2.50],1.00,{\"c\":-0.0}]";
        assert_eq!(
            written(load("a.yaml", yaml).0),
            format!(r#"{{"a":1.10,"b":{list},"e":{{"y":3.10,"x":1.10}},"f":[1.10,{list}],"4.50":4.50}}"#)
        );
    }

    #[test]
    fn a_number_beyond_all_doubles_does_not_read_what_is_before_it_twice() {
        let (tree, found) = load("a.json", r#"{"a": 1.10, "a": 2.50, "b": 1e999, "c": [3.00]}"#);
        assert_eq!(ExactValue::from(&tree.unwrap_or_default()).to_string(), r#"{"a":2.50,"b":1e999,"c":[3.00]}"#);
        let places: Vec<_> = found.iter().map(|it| (it.code.id, it.pointer.as_str())).collect();
        assert_eq!(places, [("duplicate-key", "/a")]);
    }

    #[test]
    fn yaml_merge_keys_are_applied() {
        let (tree, _) = load("a.yaml", "base: &b {x: 1, y: 2}\nother:\n  <<: *b\n  y: 3\n");
        assert_eq!(tree, Some(serde_json::json!({"base": {"x": 1, "y": 2}, "other": {"y": 3, "x": 1}})));
    }

    #[test]
    fn every_duplicate_key_is_found_with_its_places() {
        let (_, found) = load("a.json", r#"{"a": {"b": 1, "b": 2}, "c": [{"d": 1, "d": 1}]}"#);
        let places: Vec<_> = found.iter().map(|it| (it.code.id, it.pointer.as_str())).collect();
        assert_eq!(places, [("duplicate-key", "/a/b"), ("duplicate-key", "/c/0/d")]);
        let (tree, found) = load("a.yaml", "a: 1\nb: 2\na: {c: 3}\n");
        assert_eq!(tree, Some(serde_json::json!({"a": {"c": 3}, "b": 2})));
        let message =
            "the object has this key more than once, at line 1, column 1, and at line 3, column 1; the last one counts";
        assert_eq!(found[0].message, message);
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_reason() {
        assert!(refusal("{\"openapi\": ").contains("error[syntax]: d#: EOF while parsing"));
        assert!(refusal("<html></html>").contains("error[not-openapi]: d#: the root is a string, not an object"));
        assert!(refusal("a: [").contains("error[syntax]"));
        assert!(refusal("x: .inf").contains("error[not-a-number]: d#/x"));
        assert!(refusal(&"[".repeat(300)).contains("error[too-deep]"));
        assert!(refusal("{\"a\": 1} x").contains("error[syntax]"));
    }

    #[test]
    fn what_is_not_openapi_3_is_refused() {
        assert!(refusal("{}").contains("`openapi` is missing"));
        assert!(refusal("swagger: '2.0'").contains("Swagger 2.0"));
        assert!(refusal("openapi: 4.0.0").contains("is none of 3.0, 3.1 and 3.2"));
        assert!(refusal("openapi: 3.0.0").contains("error[no-paths]: d#: `paths` is missing"));
        assert!(refusal("openapi: 3.1\npaths: {}").contains("`paths` is empty"));
        assert!(refusal("openapi: 3.0.3\npaths: []").contains("`paths` is an array"));
    }
}
