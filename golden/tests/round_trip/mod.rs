//! Every model of every case decodes what its schema says, and encodes it as it came. The values are put together from the
//! documents by a walk of its own, which knows nothing of the generator.

mod document;
mod synthesis;

use std::collections::BTreeMap;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use self::{
    document::Document,
    synthesis::{Side, Synthesis, Variation},
};

/// A model of a case.
struct Model {
    case: &'static str,
    /// Where its schema stands.
    pointer: &'static str,
    name: &'static str,
    side: Side,
    round_trip: fn(&Value) -> Result<Value, String>,
}

const MODELS: &[Model] = include!(concat!(env!("OUT_DIR"), "/models.rs"));

/// Cases and models whose documents say what the generator's repairs and overlays have to mend, or contradict themselves.
const OTHER: &[(&str, &str)] = &[
    ("quirk-", "the gateway's documents are repaired first"),
    ("overlay-", "the overlay says more than the document"),
    ("read-only-required Order", "it is in requests alone, and holds a type of requests"),
    ("all-of-conflict", "its parts contradict each other"),
    ("schema-contradictions", "its parts contradict each other"),
    ("all-of-tuples Rows", "the walk does not intersect arrays; see `wire/tuples.rs`"),
    (
        "all-of-heirs-by-constant Made",
        "the walk takes the first declaration of a required property; see `wire/tags.rs`",
    ),
    ("any-of-beside CreatePersonResponse", "it has a `oneOf` beside one of its variants; see `wire/models.rs`"),
    ("any-of-choices TagsBoth", "the walk does not know which variants exclude others; see `wire/models.rs`"),
    ("one-of-tag-said", "the walk does not know which variants exclude others; see `wire/intersections.rs`"),
    ("required-misspelled", "it requires names that are no properties"),
    ("names-with-lock", "the overlay says more than the document"),
    ("version-31-dynamic-references", "what they mean depends on the schemas around them; see `wire/models.rs`"),
];

fn round_trip<T: DeserializeOwned + Serialize>(value: &Value) -> Result<Value, String> {
    let model: T = serde_json::from_str(&value.to_string()).map_err(|error| error.to_string())?;
    serde_json::to_value(model).map_err(|error| error.to_string())
}

/// Whether two values are the same JSON, in which 2 and 2.0 are one number.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || (one.is_f64() != other.is_f64() && one.as_f64() == other.as_f64())
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| is_same(value, other)))
        }
        _ => one == other,
    }
}

/// The value without properties that are `null`: where absence means the same, a model does not tell them apart.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let kept = object.iter().filter(|(_, value)| !value.is_null());
            kept.map(|(key, value)| (key.clone(), without_nulls(value))).collect()
        }
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

/// The value without properties that the variants around the model hold in its place.
fn without_tags(value: &Value, tags: &[String]) -> Value {
    let mut value = value.clone();
    if let Some(object) = value.as_object_mut() {
        object.retain(|key, _| !tags.contains(key));
    }
    value
}

/// What does not come back as it went in.
fn failures(variation: Variation) -> Vec<String> {
    let mut documents: BTreeMap<&str, Document> = BTreeMap::new();
    let mut failures = Vec::new();
    let mut count = 0;
    let is_other = |model: &&Model| {
        let name = format!("{} {}", model.case, model.name);
        OTHER.iter().any(|(prefix, _)| name.starts_with(prefix))
    };
    for model in MODELS.iter().filter(|model| !is_other(model)) {
        let document = documents.entry(model.case).or_insert_with(|| Document::read(model.case));
        // A lock remembers models that the document does not have any more.
        let Some(schema) = document.model(model.pointer) else { continue };
        for choice in 0..4 {
            let Some(value) = Synthesis::new(document, variation, model.side, choice).value(&schema) else { continue };
            count += 1;
            let came_back = (model.round_trip)(&value);
            let is_kept = came_back.as_ref().is_ok_and(|back| {
                let is_same = |one: &Value, other: &Value| match variation {
                    Variation::Nulls => is_same(&without_nulls(one), &without_nulls(other)),
                    _ => is_same(one, other),
                };
                let tags = || document.tags(&schema);
                is_same(back, &value) || is_same(&without_tags(back, &tags()), &without_tags(&value, &tags()))
            });
            if !is_kept {
                failures.push(format!("{} {}\n  from {value}\n  to   {came_back:?}", model.case, model.name));
            }
        }
    }
    assert!(count > 400, "only {count} values were tried");
    failures.dedup();
    failures
}

#[test]
fn all_properties_come_back() {
    assert_eq!(failures(Variation::Full).join("\n"), "");
}

#[test]
fn required_properties_alone_come_back() {
    assert_eq!(failures(Variation::Required).join("\n"), "");
}

#[test]
fn unknown_values_of_enumerations_come_back() {
    assert_eq!(failures(Variation::UnknownValues).join("\n"), "");
}

#[test]
fn nulls_come_back_or_are_absent() {
    assert_eq!(failures(Variation::Nulls).join("\n"), "");
}
