//! Tells of keys that the client does not express: the first promise of the generator is that nothing is lost in silence.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::context::Cx;
use crate::{
    diagnostic::code,
    read::{
        ledger::{KeyCount, Ledger, Read},
        method::is_method,
        number::DIGITS,
        place::{self, Place},
        pointer,
        vocabulary::{Meaning, is_read, is_telling, meaning, schema_keywords},
    },
    thread,
};

/// Reports the keys that nothing has read, and returns what has become of all keys, by kind of object.
pub(super) fn report_unread(cx: &mut Cx<'_, '_>) -> BTreeMap<&'static str, KeyCount> {
    let ledger = std::mem::take(&mut cx.report.ledger);
    let tree = cx.document.tree;
    let (Keys { counts, unknown, items }, ()) =
        thread::beside(|| keys_of(tree, &ledger), || report_schemas(cx, &ledger));
    for (place, at, key) in unknown {
        report_unknown(cx, place, &pointer::join(&at, key), key);
    }
    for at in items.into_iter().filter(|at| ledger.read_of(at).is_none()) {
        let message = "`itemSchema` describes the items of this body, which the client does not tell apart here";
        cx.report.findings.add(code::IGNORED_KEYWORD.as_note(), at, message);
    }
    counts
}

/// The keys of a document.
#[derive(Default)]
struct Keys<'t> {
    /// What has become of all keys, by kind of object.
    counts: BTreeMap<&'static str, KeyCount>,
    /// Those that OpenAPI does not define, with the places of their objects.
    unknown: Vec<(Place, String, &'t str)>,
    /// The places of schemas of items.
    items: Vec<String>,
}

fn keys_of<'t>(tree: &'t Value, ledger: &Ledger) -> Keys<'t> {
    let mut keys = Keys::default();
    place::visit(tree, &mut |place, at, node| {
        if place == Place::MediaType && node.contains_key("itemSchema") {
            keys.items.push(pointer::join(at, "itemSchema"));
        }
        let Some(name) = place.object() else { return };
        let read = ledger.read_of(at);
        let count = keys.counts.entry(name).or_default();
        for key in node.keys().filter(|key| (place != Place::PathItem || !is_method(key)) && *key != DIGITS) {
            match meaning(place, key) {
                Meaning::Unknown => {
                    count.told += 1;
                    keys.unknown.push((place, at.to_owned(), key));
                }
                Meaning::Silent => count.listed += 1,
                _ if place == Place::Schema && read.is_none() => count.unused += 1,
                Meaning::Applied | Meaning::Restricts if read.is_some_and(|read| !is_read(read, key)) => {
                    count.told += 1;
                }
                _ => count.expressed += 1,
            }
        }
    });
    keys
}

/// Reports the keywords of schemas that have been read for other ones.
fn report_schemas(cx: &mut Cx<'_, '_>, ledger: &Ledger) {
    for at in ledger.places() {
        let Some(schema) = cx.document.node(at).and_then(Value::as_object) else { continue };
        if !cx.report.take_steps(1, at) {
            break;
        }
        if let Some(read) = ledger.read_of(at) {
            report_schema(cx, schema, at, read);
        }
    }
}

/// Reports keywords of a schema that do not apply to its values, or that restrict them.
fn report_schema(cx: &mut Cx<'_, '_>, schema: &Map<String, Value>, at: &str, read: Read) {
    let with = |wanted: Meaning| {
        let keys = schema.keys().filter(|key| meaning(Place::Schema, key) == wanted && !is_read(read, key));
        keys.map(|key| format!("`{key}`")).collect::<Vec<_>>()
    };
    let applied = with(Meaning::Applied);
    if !applied.is_empty() {
        let verb = if applied.len() == 1 { "has" } else { "have" };
        let message = format!("{} {verb} no effect on values of this type", applied.join(", "));
        cx.report.findings.add(code::IGNORED_KEYWORD.as_note(), at, message);
    }
    let restricts = with(Meaning::Restricts);
    if !restricts.is_empty() {
        let verb = if restricts.len() == 1 { "limits" } else { "limit" };
        let message = format!("{} {verb} values, which the client neither checks nor documents", restricts.join(", "));
        cx.report.findings.add(code::IGNORED_KEYWORD.as_note(), at, message);
    }
}

/// Reports a key that OpenAPI does not define for an object.
fn report_unknown(cx: &mut Cx<'_, '_>, place: Place, at: &str, key: &str) {
    let meant = if place == Place::Schema { misspelled(key) } else { None };
    let help = "if it means something, write it as OpenAPI does in an overlay";
    if let Some(meant) = meant {
        let message = format!("`{key}` is not a keyword; `{meant}` is. The client ignores it");
        cx.report.findings.add_with_help(code::IGNORED_KEYWORD, at, message, help);
        return;
    }
    let message = format!("`{key}` is not a key of OpenAPI for this object; the client ignores it");
    let code = if is_telling(place) { code::IGNORED_KEYWORD } else { code::IGNORED_KEYWORD.as_note() };
    cx.report.findings.add_with_help(code, at, message, help);
}

/// The shortest keyword that is seen in another spelling. Shorter ones are too near to other words.
const MIN_LETTERS: usize = 5;

/// Returns the keyword that a key misspells: by case and separators, or by one or two letters.
fn misspelled(key: &str) -> Option<&'static str> {
    let letters = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    let given = letters(key);
    let keywords = schema_keywords().filter(|keyword| keyword.len() >= MIN_LETTERS);
    let near = keywords.map(|keyword| (strsim::osa_distance(&given, &letters(keyword)), keyword));
    near.min().filter(|(edits, keyword)| edits * MIN_LETTERS < keyword.len()).map(|(_, keyword)| keyword)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use serde_json::Value;

    use super::{Place, misspelled, place};
    use crate::{BackEnd, Config, Inputs, Output, Source, generate, read::vocabulary::read_keys};

    /// What is generated from a document, with the findings.
    fn outcome(document: &Value) -> (Vec<String>, Vec<String>) {
        let text = document.to_string();
        let extras = [BackEnd::Reference, BackEnd::Command];
        let config = extras.into_iter().fold(Config::default(), Config::also);
        let generated = generate(&Inputs::new(Source { name: "d.json", text: &text }), &config);
        let all = |output: Output| {
            extras.map(|extra| output.files_of(extra).to_vec()).concat().into_iter().chain(output.files)
        };
        let files = generated.output.into_iter().flat_map(all);
        let findings = generated.diagnostics.iter().map(ToString::to_string);
        (files.map(|file| file.source).collect(), findings.collect())
    }

    /// The places of the objects of a document that have one of these keys.
    fn occurrences(
        document: &Value,
        keys: &BTreeSet<(&str, &'static str)>,
    ) -> Vec<((&'static str, &'static str), String)> {
        let mut found = Vec::new();
        place::visit(document, &mut |place: Place, at, node| {
            let Some(kind) = place.object() else { return };
            let present = keys.iter().filter(|(wanted, key)| *wanted == kind && node.contains_key(*key));
            found.extend(present.map(|(_, key)| ((kind, *key), at.to_owned())));
        });
        found
    }

    /// Keys that no golden case has, or none with an effect.
    const RARE_KEYS: &str = "
openapi: 3.2.0
info: { title: Rare, version: '1' }
servers: [{ url: https://rare.example }]
tags: [{ name: a, description: About a., kind: badge }, { name: b }]
paths:
  /a:
    get:
      tags: [a, b]
      parameters: [{ name: n, in: query, allowEmptyValue: true, schema: { type: integer } }]
      security: [{ key: [] }]
      responses: { '204': {} }
    post:
      tags: [a]
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: { properties: { list: { type: array, items: { type: string } }, text: { type: string } } }
            encoding: { list: { style: spaceDelimited, explode: false }, text: { allowReserved: true } }
      responses: { '204': {} }
    put:
      requestBody:
        content:
          multipart/form-data:
            schema: { properties: { one: { type: string }, two: { type: string } } }
            encoding: { one: { encoding: { x: {} } }, two: { prefixEncoding: [{}] } }
      responses: { '204': {} }
    patch:
      requestBody: { content: { multipart/mixed: { itemEncoding: {}, schema: { properties: { a: { type: string } } } } } }
      responses: { '204': {} }
    delete:
      requestBody: { content: { multipart/mixed: { prefixEncoding: [{}], schema: { properties: { a: { type: string } } } } } }
      responses: { '204': {} }
    options: { responses: { '204': {} } }
    trace: { responses: { '204': {} } }
components:
  securitySchemes: { key: { $ref: '#/components/securitySchemes/real' }, real: { type: apiKey, in: header, name: K } }
";

    /// The table of keys is no promise alone: without a key that counts as read, something else is generated or told.
    #[test]
    fn each_key_that_counts_as_read_has_an_effect() {
        let mut open: BTreeSet<(&str, &'static str)> =
            read_keys().filter_map(|(place, key)| Some((place.object()?, key))).collect();
        let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden/cases");
        let mut tried = BTreeSet::new();
        let mut paths: Vec<_> = fs::read_dir(cases).unwrap().map(|case| case.unwrap().path()).collect();
        paths.sort();
        let texts = paths.iter().map(|path| fs::read_to_string(path.join("openapi.yaml")).unwrap());
        for text in texts.chain([RARE_KEYS.to_owned()]) {
            let Ok(document) = serde_yaml::from_str::<Value>(&text) else { continue };
            let found = occurrences(&document, &open);
            let before = (!found.is_empty()).then(|| outcome(&document));
            for (known, at) in found {
                let mut without = document.clone();
                let object = without.pointer_mut(&at).and_then(Value::as_object_mut).unwrap();
                object.shift_remove(known.1);
                tried.insert(known);
                if before.as_ref() != Some(&outcome(&without)) {
                    open.remove(&known);
                }
            }
        }
        let (tried, untried): (Vec<_>, Vec<_>) = open.into_iter().partition(|known| tried.contains(known));
        assert_eq!((tried, untried), (Vec::new(), Vec::new()));
    }

    #[test]
    fn misspelled_keywords_are_known() {
        for (key, meant) in [
            ("additional_properties", Some("additionalProperties")),
            ("propertyes", Some("properties")),
            ("require", Some("required")),
            ("Nullable", Some("nullable")),
            ("minLenght", Some("minLength")),
            ("order", None),
            ("optional", None),
            ("enumNames", None),
            ("name", None),
        ] {
            assert_eq!(misspelled(key), meant, "{key}");
        }
    }
}
