//! Tells of keys that the client does not express: the first promise of the generator is that nothing is lost in silence.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::context::Cx;
use crate::{
    diagnostic::code,
    read::{
        ledger::{KeyCount, Read},
        method::is_method,
        number::DIGITS,
        place::{self, Place},
        pointer,
        vocabulary::{Meaning, is_read, is_telling, meaning, schema_keywords},
    },
};

/// Reports the keys that nothing has read, and returns what has become of all keys, by kind of object.
pub(super) fn report_unread(cx: &mut Cx<'_, '_>) -> BTreeMap<&'static str, KeyCount> {
    let ledger = std::mem::take(&mut cx.report.ledger);
    for at in ledger.places() {
        let Some(schema) = cx.document.node(at).and_then(Value::as_object) else { continue };
        if !cx.report.take_steps(1, at) {
            break;
        }
        if let Some(read) = ledger.read_of(at) {
            report_schema(cx, schema, at, read);
        }
    }
    let mut counts: BTreeMap<&'static str, KeyCount> = BTreeMap::new();
    let mut unknown: Vec<(Place, String, &str)> = Vec::new();
    let mut items: Vec<String> = Vec::new();
    place::visit(cx.document.tree, &mut |place, at, node| {
        if place == Place::MediaType && node.contains_key("itemSchema") {
            items.push(pointer::join(at, "itemSchema"));
        }
        let Some(name) = place.object() else { return };
        let read = ledger.read_of(at);
        let count = counts.entry(name).or_default();
        for key in node.keys().filter(|key| (place != Place::PathItem || !is_method(key)) && *key != DIGITS) {
            match meaning(place, key) {
                Meaning::Unknown => {
                    count.told += 1;
                    unknown.push((place, at.to_owned(), key));
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
    for (place, at, key) in unknown {
        report_unknown(cx, place, &pointer::join(&at, key), key);
    }
    for at in items.into_iter().filter(|at| ledger.read_of(at).is_none()) {
        let message = "`itemSchema` describes the items of this body, which the client does not tell apart here";
        cx.report.findings.add(code::IGNORED_KEYWORD.as_note(), at, message);
    }
    counts
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
    use super::misspelled;

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
