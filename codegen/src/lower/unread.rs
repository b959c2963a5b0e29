//! Tells of keys that the client does not express: the first promise of the generator is that nothing is lost in silence.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{context::Report, schema::View};
use crate::{
    budget::Steps,
    diagnostic::{Findings, code},
    ir::is_stated,
    read::{
        expected::{defect, not_schema},
        ledger::{KeyCount, Ledger, Read},
        load::kind,
        member::Members,
        method::is_method,
        number::DIGITS,
        place::Place,
        pointer,
        trail::Trail,
        vocabulary::{Meaning, is_of_definitions, is_read, is_telling, meaning, schema_keywords},
    },
};

/// What a lowering has read of a document.
#[derive(Debug)]
pub(crate) struct Unread<'t> {
    pub(super) tree: &'t Value,
    pub(super) is_30: bool,
    pub(super) ledger: Ledger,
    /// Those that the lowering has left.
    pub(super) steps: Steps,
}

impl Unread<'_> {
    /// Reports the keys that nothing has read, and returns what has become of all keys, by kind of object, with the findings.
    pub(crate) fn report(&self, mut findings: Findings) -> (BTreeMap<&'static str, KeyCount>, Findings) {
        let Self { tree, is_30, ledger, .. } = self;
        let keys = Keys::of(tree, *is_30, ledger);
        let (steps, notes) = (self.steps.clone(), Ledger::default());
        report_schemas(&mut Report { findings: &mut findings, steps, ledger: notes }, tree, ledger);
        for (place, at, key) in keys.unknown {
            report_unknown(&mut findings, place, &pointer::join(&at, key), key);
        }
        for (at, wrong) in keys.malformed {
            report_malformed(&mut findings, &at, &wrong);
        }
        for (at, message) in keys.unused {
            findings.add(code::IGNORED_KEYWORD.as_note(), at, message);
        }
        (keys.counts, findings)
    }
}

/// What has become of the keys of a document.
struct Keys<'t> {
    is_30: bool,
    ledger: &'t Ledger,
    /// How many there are, by kind of object.
    counts: BTreeMap<&'static str, KeyCount>,
    /// Those that OpenAPI does not define, with the places of their objects.
    unknown: Vec<(Place, String, &'t str)>,
    /// The places of what should be schemas, and what they are.
    malformed: Vec<(String, String)>,
    /// The places of objects that have not been read, or not for all of their keys, and what to say.
    unused: Vec<(String, String)>,
}

impl<'t> Keys<'t> {
    fn of(tree: &'t Value, is_30: bool, ledger: &'t Ledger) -> Self {
        let (counts, unknown, malformed, unused) = (BTreeMap::new(), Vec::new(), Vec::new(), Vec::new());
        let mut keys = Self { is_30, ledger, counts, unknown, malformed, unused };
        keys.visit(tree, Place::Document, &mut String::new(), false);
        keys
    }

    /// Counts the keys of an object and of those in it. `is_expected` says whether what has it has been read for it.
    fn visit(&mut self, node: &'t Value, place: Place, at: &mut String, is_expected: bool) {
        let length = at.len();
        match node {
            Value::Object(map) => {
                let read = self.read(place, at);
                let is_reference = map.member("$ref").is_some_and(Value::is_string)
                    && !matches!(place, Place::Schema | Place::PathItem);
                if is_reference {
                    self.count_reference(map, place, at, is_expected || read.is_some());
                } else {
                    self.count(map, place, at, read);
                }
                if let Some(object) = place.object().filter(|_| is_expected && read.is_none() && !is_reference) {
                    self.unused.push((at.clone(), format!("the client does not use this {object}")));
                }
                for (key, child) in map {
                    if let Some(child_place) = place.child(key) {
                        let is_expected = match place.object() {
                            Some(_) => uses(place, child_place, read.filter(|read| is_read(*read, place, key))),
                            None => is_expected,
                        };
                        // What is in a schema is reported with it.
                        let is_outermost = place.object().is_some_and(|_| place != Place::Schema) || at == SCHEMAS;
                        pointer::push(at, key);
                        if is_outermost && child_place == Place::Schema {
                            self.malformed.extend(not_schema(child).map(|wrong| (at.clone(), wrong)));
                        }
                        self.visit(child, child_place, at, is_expected);
                        at.truncate(length);
                    }
                }
            }
            Value::Array(items) => {
                for (index, child) in items.iter().enumerate() {
                    if let Some(child_place) = place.child("") {
                        pointer::push(at, &index.to_string());
                        self.visit(child, child_place, at, is_expected);
                        at.truncate(length);
                    }
                }
            }
            _ => {}
        }
    }

    /// What the object at a place has been read for. Some are read together with what has them.
    fn read(&self, place: Place, at: &str) -> Option<Read> {
        let owner = |levels: usize| at.rmatch_indices('/').nth(levels - 1).map_or("", |(end, _)| &at[..end]);
        match place {
            Place::Schema => self.ledger.schema(at),
            Place::Discriminator => self.ledger.schema(owner(1)).filter(|read| read.meets(Read::DISCRIMINATOR)),
            Place::OAuthFlows => self.ledger.object(owner(1)).filter(|read| read.meets(Read::OAUTH)),
            Place::OAuthFlow => self.ledger.object(owner(2)).filter(|read| read.meets(Read::OAUTH)),
            _ => self.ledger.object(at),
        }
    }

    /// Counts the keys of what stands for an object. A description replaces that of the object, except of an operation, for which
    /// OpenAPI has no references.
    fn count_reference(&mut self, map: &'t Map<String, Value>, place: Place, at: &str, is_used: bool) {
        let Some(object) = place.object() else { return };
        let count = self.counts.entry(object).or_default();
        let mut idle: Vec<&str> = Vec::new();
        let has_description = !self.is_30 && place != Place::Operation;
        for key in map.keys().filter(|key| *key != DIGITS) {
            match meaning(place, key) {
                Meaning::Unknown => {
                    count.told += 1;
                    self.unknown.push((place, at.to_owned(), key));
                }
                Meaning::Silent => count.listed += 1,
                _ if !is_used => count.unused += 1,
                _ if key == "$ref" || key == "description" && has_description => count.expressed += 1,
                _ => {
                    count.told += 1;
                    idle.push(key);
                }
            }
        }
        self.add_idle(at, &idle);
    }

    fn count(&mut self, map: &'t Map<String, Value>, place: Place, at: &str, read: Option<Read>) {
        let Some(object) = place.object() else { return };
        let count = self.counts.entry(object).or_default();
        let (mut idle, mut beside): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
        let ignores_others = place == Place::Schema && self.is_30 && map.member("$ref").is_some_and(Value::is_string);
        for key in map.keys().filter(|key| (place != Place::PathItem || !is_method(key)) && *key != DIGITS) {
            match meaning(place, key) {
                Meaning::Unknown => {
                    count.told += 1;
                    self.unknown.push((place, at.to_owned(), key));
                }
                // Servers of such documents send `null`.
                Meaning::Read(_) if ignores_others && key != "$ref" && key != "nullable" => {
                    count.told += 1;
                    beside.push(key);
                }
                Meaning::Silent if ignores_others && is_of_definitions(key) => {
                    count.told += 1;
                    beside.push(key);
                }
                Meaning::Silent => count.listed += 1,
                Meaning::Read(_) | Meaning::Restricts(_) => match read {
                    None => count.unused += 1,
                    Some(read) if is_expressed(map, read, place, key) => count.expressed += 1,
                    Some(_) => {
                        count.told += 1;
                        idle.push(key);
                    }
                },
            }
        }
        if !beside.is_empty() {
            self.unused.push((at.to_owned(), format!("OpenAPI 3.0 ignores `{}` beside `$ref`", beside.join("`, `"))));
        }
        // Those of schemas are reported in the order of their places.
        if place != Place::Schema {
            self.add_idle(at, &idle);
        }
    }

    fn add_idle(&mut self, at: &str, idle: &[&str]) {
        if !idle.is_empty() {
            self.unused.push((at.to_owned(), format!("{} no effect here", listed(idle, "has", "have"))));
        }
    }
}

/// The place of schemas with names.
const SCHEMAS: &str = "/components/schemas";

/// Whether a client that has read an object uses those in it. Components, and the schemas in a schema, are used by what refers to
/// them, and operations are told of where they are skipped.
fn uses(place: Place, child: Place, read: Option<Read>) -> bool {
    read.is_some_and(|read| read != Read::WHOLE)
        && !matches!(place, Place::Document | Place::Components | Place::Schema)
        && !matches!(child, Place::Operation | Place::Operations | Place::Schema | Place::Contact | Place::License)
}

/// Reports the keywords of schemas that have been read for other ones.
fn report_schemas(report: &mut Report<'_>, tree: &Value, ledger: &Ledger) {
    let trail = Trail::of(tree);
    for at in ledger.schemas() {
        let Some(schema) = trail.find(at).and_then(Value::as_object) else { continue };
        if !report.take_steps(1, at) {
            break;
        }
        if let Some(read) = ledger.schema(at) {
            report_schema(report.findings, schema, at, read);
        }
    }
}

/// Reports keywords of a schema that are malformed, that do not apply to its values, or that restrict them.
fn report_schema(findings: &mut Findings, schema: &Map<String, Value>, at: &str, read: Read) {
    for (key, value) in schema {
        if let Some((below, wrong)) = defect(key, value) {
            report_malformed(findings, &format!("{}{below}", pointer::join(at, key)), &wrong);
        }
    }
    report_default(findings, schema, at);
    let says = |key: &str| schema.member(key) == Some(&Value::Bool(true));
    if says("readOnly") && says("writeOnly") {
        report_malformed(findings, at, "both `readOnly` and `writeOnly`, which exclude each other");
    }
    let unread = schema.keys().map(String::as_str).filter(|key| !is_expressed(schema, read, Place::Schema, key));
    let (mut applied, mut restricts) = (Vec::new(), Vec::new());
    for key in unread {
        match meaning(Place::Schema, key) {
            Meaning::Restricts(_) if applies(schema, key) => restricts.push(key),
            Meaning::Read(_) if is_read(read, Place::Schema, key) => restricts.push(key),
            Meaning::Read(_) | Meaning::Restricts(_) => applied.push(key),
            Meaning::Silent | Meaning::Unknown => {}
        }
    }
    if !applied.is_empty() {
        let message = format!("{} no effect on values of this type", listed(&applied, "has", "have"));
        findings.add(code::IGNORED_KEYWORD.as_note(), at, message);
    }
    if !restricts.is_empty() {
        let message =
            format!("{} values, which the client neither checks nor documents", listed(&restricts, "limits", "limit"));
        findings.add(code::IGNORED_KEYWORD.as_note(), at, message);
    }
}

/// Reports a default that is no value of its schema. The documentation shows it all the same, because what is meant is clear.
fn report_default(findings: &mut Findings, schema: &Map<String, Value>, at: &str) {
    // A default of `null` means that there is no default.
    let default = schema.member("default").filter(|default| !default.is_null());
    let Some(default) = default.filter(|default| !(View { node: schema }).allows_kind_of(default)) else { return };
    let message =
        format!("the default is {}, which the type excludes; the client documents it as it is", kind(default));
    let at = pointer::join(at, "default");
    findings.add_with_help(code::MALFORMED.as_note(), at, message, "correct it in an overlay");
}

/// Reports a part of a schema that the lowering ignores.
fn report_malformed(findings: &mut Findings, at: &str, wrong: &str) {
    let message = format!("this is {wrong}; the client ignores it");
    findings.add_with_help(code::MALFORMED, at, message, "correct it in an overlay");
}

/// Whether the client expresses a key of an object that has been read, or documents it.
fn is_expressed(map: &Map<String, Value>, read: Read, place: Place, key: &str) -> bool {
    let is_of_others = || matches!(meaning(place, key), Meaning::Restricts(_)) && !applies(map, key);
    is_read(read, place, key) && !is_of_others() && (place != Place::Schema || !is_silent_here(map, read, key))
}

/// Whether documentation should state what a keyword of a schema says, and does not.
fn is_silent_here(map: &Map<String, Value>, read: Read, key: &str) -> bool {
    !is_stated(map, key) || (key == "patternProperties" && !read.meets(Read::PATTERNS))
}

/// Whether a keyword that restricts values applies to some values of a schema.
fn applies(schema: &Map<String, Value>, key: &str) -> bool {
    View { node: schema }.is_restricted_by(key)
}

/// Returns keys and a verb in the singular or the plural.
fn listed(keys: &[&str], one: &str, several: &str) -> String {
    format!("`{}` {}", keys.join("`, `"), if keys.len() == 1 { one } else { several })
}

/// Reports a key that OpenAPI does not define for an object.
fn report_unknown(findings: &mut Findings, place: Place, at: &str, key: &str) {
    let meant = if place == Place::Schema { misspelled(key) } else { None };
    let help = "if it means something, write it as OpenAPI does in an overlay";
    if let Some(meant) = meant {
        let message = format!("`{key}` is not a keyword; `{meant}` is. The client ignores it");
        findings.add_with_help(code::IGNORED_KEYWORD, at, message, help);
        return;
    }
    let message = format!("`{key}` is not a key of OpenAPI for this object; the client ignores it");
    let code = if is_telling(place) { code::IGNORED_KEYWORD } else { code::IGNORED_KEYWORD.as_note() };
    findings.add_with_help(code, at, message, help);
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

    use super::{Place, misspelled};
    use crate::{
        BackEnd, Config, Inputs, Output, Source, generate,
        read::{place, vocabulary::read_keys},
    };

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
        // What this file tells of a key is no effect of it.
        let findings = generated.diagnostics.iter().filter(|it| !it.message.ends_with("no effect here"));
        let findings = findings.map(ToString::to_string);
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
      security: [{ key: [] }, { one: [] }, { other: [] }]
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
    options:
      requestBody:
        content:
          multipart/form-data:
            schema: { properties: { file: { type: string } } }
            encoding:
              file:
                headers:
                  X-Point:
                    explode: true
                    deprecated: true
                    schema: { type: object, properties: { x: { type: integer }, y: { type: integer } } }
      responses: { '204': {} }
    trace: { responses: { '204': {} } }
components:
  securitySchemes: { key: { $ref: '#/components/securitySchemes/real' }, real: { type: apiKey, in: header, name: K },
    one: { type: oauth2, flows: { implicit: { refreshUrl: 'https://rare.example/one' } } },
    other: { type: oauth2, flows: { password: { tokenUrl: 'https://rare.example/other' } } } }
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
