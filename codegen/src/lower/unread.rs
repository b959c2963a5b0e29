//! Tells of keys that the client does not express: the first promise of the generator is that nothing is lost in silence.

use serde_json::{Map, Value};

use super::context::Cx;
use crate::{
    diagnostic::code,
    read::{
        ledger::unread,
        parse::is_method,
        place::{self, Place},
        pointer,
        vocabulary::{Meaning, is_telling, meaning, schema_keywords},
    },
};

/// Reports the keys that nothing has read.
pub(super) fn report_unread(cx: &mut Cx<'_, '_>) {
    let ledger = std::mem::take(&mut cx.report.ledger);
    for (at, read) in ledger.into_schemas() {
        let Some(schema) = cx.document.node(&at).and_then(Value::as_object) else { continue };
        if !cx.report.take_steps(1, &at) {
            return;
        }
        report_schema(cx, schema, &at, &read);
    }
    let mut unknown: Vec<(Place, String, &str)> = Vec::new();
    place::visit(cx.document.tree, &mut |place, at, node| {
        let keys = node.keys().filter(|key| meaning(place, key) == Meaning::Unknown);
        let keys = keys.filter(|key| place != Place::PathItem || !is_method(key));
        unknown.extend(keys.map(|key| (place, at.to_owned(), key.as_str())));
    });
    for (place, at, key) in unknown {
        report_unknown(cx, place, &pointer::join(&at, key), key);
    }
}

/// Reports keywords of a schema that do not apply to its values, or that restrict them.
fn report_schema(cx: &mut Cx<'_, '_>, schema: &Map<String, Value>, at: &str, read: &[&str]) {
    let with = |wanted: Meaning| {
        let keys = unread(schema, read).filter(|key| meaning(Place::Schema, key) == wanted);
        keys.map(|key| format!("`{key}`")).collect::<Vec<_>>()
    };
    let applied = with(Meaning::Applied);
    if !applied.is_empty() {
        let message = format!("{} without effect on values of this type; the client ignores this", applied.join(", "));
        cx.report.findings.add(code::IGNORED_KEYWORD.as_note(), at, message);
    }
    let restricts = with(Meaning::Restricts);
    if !restricts.is_empty() {
        let message =
            format!("limits of values by {}; the client neither checks nor documents them", restricts.join(", "));
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
