//! **load**: JSON or YAML text to a JSON tree, upstream's order of keys kept.

mod yaml;

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::{
    Source,
    budget::{self, MAX_KEY, Tally},
    diagnostic::{Findings, code},
    read::pointer,
};

/// The largest text that is read, in bytes. The largest real document known is a tenth of it.
const MAX_BYTES: usize = 128 * 1024 * 1024;

/// The deepest nesting that is followed; both parsers below refuse a little more than that on their own.
pub(crate) const MAX_DEPTH: usize = 100;

/// The most marks of values that a YAML text has which is read leniently, and the most of them for each list in it.
const MAX_LENIENT_MARKS: usize = 1_000_000;
const MAX_LENIENT_WORK: usize = 200_000_000;

/// Reads any JSON or YAML text.
pub(crate) fn load_tree(source: &Source<'_>, findings: &mut Findings) -> Option<Value> {
    findings.in_file(source.name);
    let text = source.text.trim_start_matches('\u{feff}');
    if text.len() > MAX_BYTES {
        let message = format!("the text has {} bytes, the limit is {MAX_BYTES}", text.len());
        findings.add(code::TOO_LARGE, "", message);
        return None;
    }
    let mut reading = Reading { findings, path: Vec::new(), pointer: 0, tally: Tally::default(), stopped: false };
    let read = if is_json(source.name, text) { reading.read_json(text) } else { reading.read_yaml(text) };
    match read {
        Ok(tree) => Some(tree),
        Err(_) if reading.stopped => None,
        Err(message) => {
            findings.add(code::SYNTAX, "", message);
            None
        }
    }
}

/// Reads an OpenAPI document and refuses what cannot be one.
pub(crate) fn load_document(source: &Source<'_>, findings: &mut Findings) -> Option<Value> {
    let tree = load_tree(source, findings)?;
    let Value::Object(root) = &tree else {
        findings.add(code::NOT_OPENAPI, "", format!("the root is {}, not an object", kind(&tree)));
        return None;
    };
    match root.get("openapi") {
        Some(version) if is_supported(version) => {}
        Some(version) => {
            findings.add(code::NOT_OPENAPI, "/openapi", format!("version {version} is neither 3.0 nor 3.1"));
            return None;
        }
        None if root.contains_key("swagger") => {
            let help = "convert it to OpenAPI 3 first";
            findings.add_with_help(code::NOT_OPENAPI, "/swagger", "this is a Swagger 2.0 document", help);
            return None;
        }
        None => {
            findings.add(code::NOT_OPENAPI, "", "the root has no `openapi` key");
            return None;
        }
    }
    let has_webhooks = root.get("webhooks").and_then(Value::as_object).is_some_and(|webhooks| !webhooks.is_empty());
    match root.get("paths") {
        Some(Value::Object(paths)) if !paths.is_empty() || has_webhooks => Some(tree),
        None if has_webhooks => Some(tree),
        Some(Value::Object(_)) => {
            findings.add(code::NO_PATHS, "/paths", "`paths` is empty");
            None
        }
        Some(other) => {
            findings.add(code::NO_PATHS, "/paths", format!("`paths` is {}, not an object", kind(other)));
            None
        }
        None => {
            findings.add(code::NO_PATHS, "", "the root has no `paths` key");
            None
        }
    }
}

/// What a value is, in words.
pub(crate) fn kind(value: &Value) -> &'static str {
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
    ["3.0", "3.1"].iter().any(|minor| is_of_minor(version, minor))
}

/// Whether the version of a document is a patch of this minor one.
pub(crate) fn is_of_minor(version: &Value, minor: &str) -> bool {
    // YAML reads an unquoted `3.0` as a number.
    let text = version.as_str().map_or_else(|| version.to_string(), str::to_owned);
    text == minor || text.strip_prefix(minor).is_some_and(|patch| patch.starts_with('.'))
}

/// By what the text begins with; the name decides where YAML's own braces begin it.
fn is_json(name: &str, text: &str) -> bool {
    let extension = std::path::Path::new(name).extension();
    let named_yaml = extension.is_some_and(|it| it.eq_ignore_ascii_case("yaml") || it.eq_ignore_ascii_case("yml"));
    text.trim_start().starts_with(['{', '[']) && !named_yaml
}

/// One reading of one text: where it is, and what it found.
struct Reading<'f> {
    findings: &'f mut Findings,
    path: Vec<String>,
    /// The length of the pointer to where it is.
    pointer: usize,
    tally: Tally,
    /// Whether the reading ended for a reason that has been reported already.
    stopped: bool,
}

impl Reading<'_> {
    fn read_json(&mut self, text: &str) -> Result<Value, String> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let tree = Node { reading: self }.deserialize(&mut deserializer).map_err(|error| error.to_string())?;
        deserializer.end().map_err(|error| error.to_string())?;
        Ok(tree)
    }

    fn read_yaml(&mut self, text: &str) -> Result<Value, String> {
        let mut tree = yaml::read(text, self).or_else(|message| self.read_lenient(text).unwrap_or(Err(message)))?;
        merge_keys(&mut tree);
        Ok(tree)
    }

    /// Once more with a parser that takes what YAML 1.2 does not: brackets that end further left than they began, say. It
    /// keeps the whole text in memory, and the deeper lists stand in each other, the longer it takes for each value;
    /// `None` where that would be too much.
    fn read_lenient(&mut self, text: &str) -> Option<Result<Value, String>> {
        let count = |marks: &[u8]| text.bytes().filter(|byte| marks.contains(byte)).count();
        let (opened, marks) = (count(b"[{"), count(b"[{,:-?*"));
        if self.stopped || marks > MAX_LENIENT_MARKS || opened.saturating_mul(marks) > MAX_LENIENT_WORK {
            return None;
        }
        (self.path, self.pointer, self.tally) = (Vec::new(), 0, Tally::default());
        let deserializer = serde_yaml::Deserializer::from_str(text);
        Some(Node { reading: self }.deserialize(deserializer).map_err(|error| error.to_string()))
    }

    /// Goes to a key or an index.
    fn descend(&mut self, key: String) -> Result<(), String> {
        if key.len() > MAX_KEY {
            let (pointer, message) = (self.pointer(), format!("a key has {} bytes, the limit is {MAX_KEY}", key.len()));
            self.findings.add(code::TOO_LARGE, pointer, message);
            self.stopped = true;
            return Err("a key is too long".to_owned());
        }
        self.pointer += key.len() + 1;
        self.path.push(key);
        if self.path.len() > MAX_DEPTH { Err(self.refuse_depth()) } else { Ok(()) }
    }

    fn refuse_depth(&mut self) -> String {
        let pointer = self.pointer();
        self.findings.add(code::TOO_DEEP, pointer, format!("nested more than {MAX_DEPTH} levels deep"));
        self.stopped = true;
        "nested too deep".to_owned()
    }

    /// Goes back to what is around.
    fn ascend(&mut self) -> String {
        let key = self.path.pop().unwrap_or_default();
        self.pointer -= key.len() + 1;
        key
    }

    /// Goes back, and puts the value under its key.
    fn insert(&mut self, object: &mut Map<String, Value>, value: Value) -> Result<(), String> {
        let key = self.path.last().map_or("", String::as_str);
        let (bytes, is_doubled) = (budget::entry_bytes(key), object.contains_key(key));
        self.count(bytes)?;
        if is_doubled {
            let pointer = self.pointer();
            self.findings.add(code::DUPLICATE_KEY, pointer, "this key stands in its object twice");
        }
        let key = self.ascend();
        object.insert(key, value);
        Ok(())
    }

    /// Counts a value of so many bytes.
    fn count(&mut self, bytes: usize) -> Result<(), String> {
        self.tally.add(bytes, self.pointer);
        let Some(excess) = self.tally.excess() else { return Ok(()) };
        let pointer = self.pointer();
        self.findings.add_with_help(code::TOO_LARGE, pointer, excess, budget::SMALLER);
        self.stopped = true;
        Err("too large".to_owned())
    }

    fn pointer(&self) -> String {
        self.path.iter().fold(String::new(), |parent, key| pointer::join(&parent, key))
    }
}

/// YAML's `<<: *base` puts the keys of one mapping, or of several, into another, whose own keys stand.
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
                    map.entry(key).or_insert(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(merge_keys),
        _ => {}
    }
}

struct Node<'r, 'f> {
    reading: &'r mut Reading<'f>,
}

impl<'de> DeserializeSeed<'de> for Node<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_, '_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    // What an empty YAML text is.
    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(self.reading.float(value))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.reading.count(value.len()).map_err(E::custom)?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: serde::de::Error>(self, value: String) -> Result<Value, E> {
        self.reading.count(value.len()).map_err(E::custom)?;
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let reading = self.reading;
        let mut array = Vec::new();
        loop {
            reading.descend(array.len().to_string()).map_err(A::Error::custom)?;
            let Some(item) = items.next_element_seed(Node { reading })? else { break };
            reading.count(budget::item_bytes()).map_err(A::Error::custom)?;
            reading.ascend();
            array.push(item);
        }
        reading.ascend();
        if !array.is_empty() {
            reading.tally.add_container();
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let reading = self.reading;
        let mut object = Map::new();
        while let Some(key) = entries.next_key_seed(Key)? {
            reading.descend(key).map_err(A::Error::custom)?;
            let value = entries.next_value_seed(Node { reading })?;
            reading.insert(&mut object, value).map_err(A::Error::custom)?;
        }
        if !object.is_empty() {
            reading.tally.add_container();
        }
        Ok(Value::Object(object))
    }
}

/// An object's key. YAML has keys that are no strings: response statuses, mostly.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Key {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key that is a scalar")
    }

    fn visit_str<E>(self, value: &str) -> Result<String, E> {
        Ok(value.to_owned())
    }

    fn visit_u64<E>(self, value: u64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_i64<E>(self, value: i64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<String, E> {
        if value.is_finite() { Ok(value.to_string()) } else { Err(E::custom("a key that is not a number")) }
    }

    fn visit_bool<E>(self, value: bool) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_unit<E>(self) -> Result<String, E> {
        Ok("null".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostic;

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
    fn yaml_merge_keys_are_applied() {
        let (tree, _) = load("a.yaml", "base: &b {x: 1, y: 2}\nother:\n  <<: *b\n  y: 3\n");
        assert_eq!(tree, Some(serde_json::json!({"base": {"x": 1, "y": 2}, "other": {"y": 3, "x": 1}})));
    }

    #[test]
    fn every_duplicate_key_is_found_with_its_place() {
        let (_, found) = load("a.json", r#"{"a": {"b": 1, "b": 2}, "c": [{"d": 1, "d": 1}]}"#);
        let places: Vec<_> = found.iter().map(|it| (it.code.id, it.pointer.as_str())).collect();
        assert_eq!(places, [("duplicate-key", "/a/b"), ("duplicate-key", "/c/0/d")]);
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
        assert!(refusal("{}").contains("no `openapi` key"));
        assert!(refusal("swagger: '2.0'").contains("Swagger 2.0"));
        assert!(refusal("openapi: 4.0.0").contains("neither 3.0 nor 3.1"));
        assert!(refusal("openapi: 3.0.0").contains("error[no-paths]: d#: the root has no `paths` key"));
        assert!(refusal("openapi: 3.1\npaths: {}").contains("`paths` is empty"));
        assert!(refusal("openapi: 3.0.3\npaths: []").contains("`paths` is an array"));
    }
}
