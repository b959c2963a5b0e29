//! What the calls of both clients are answered with, to see what they make of it.

use std::collections::{BTreeMap, BTreeSet};

use super::{super::bindings::Operation, recorder::Answer};

/// The most answers that a call gets.
const MAX_ANSWERS: usize = 8;

/// A value of each type, as JSON, by the name of the type.
pub(super) type Samples = BTreeMap<String, String>;

/// Returns answers to a call: each status, media type and kind of value that one of the sides describes.
pub(super) fn answers(sides: &[&Operation], samples: &Samples) -> Vec<Answer> {
    let results = || sides.iter().flat_map(|side| &side.reads.results);
    let statuses: BTreeSet<u16> =
        results().map(|result| status(result["status"].as_str().unwrap_or_default())).collect();
    let accepted = sides.iter().flat_map(|side| side.sends.accept.split(','));
    let accepted = accepted.map(|media_type| media_type.split(';').next().unwrap_or_default().trim());
    let mut media_types: BTreeSet<&str> = accepted.filter(|name| !name.is_empty() && !name.contains('*')).collect();
    if media_types.is_empty() {
        media_types.insert("application/json");
    }
    let bodies: BTreeSet<String> =
        results().map(|result| value_of(result["result"].as_str().unwrap_or_default(), samples)).collect();
    let mut answers = Vec::new();
    // Each status comes first with each media type, in case that there are too many.
    for body in &bodies {
        for media_type in &media_types {
            let answer =
                |status: &u16| Answer { status: *status, media_type: (*media_type).to_owned(), body: body.clone() };
            answers.extend(statuses.iter().map(answer));
        }
    }
    answers.truncate(MAX_ANSWERS);
    answers
}

/// A status of a range such as `2XX`, or of an operation with one result.
fn status(text: &str) -> u16 {
    text.parse().unwrap_or(200)
}

/// A JSON value of what the bindings name as a result, such as `array of Tone or nothing`.
fn value_of(result: &str, samples: &Samples) -> String {
    let result = result.trim_end_matches(" or nothing").trim_end_matches(" or null");
    if let Some(item) = result.strip_prefix("array of ") {
        return format!("[{}]", value_of(item, samples));
    }
    if let Some(value) = result.strip_prefix("object of ") {
        return format!("{{\"key\":{}}}", value_of(value, samples));
    }
    let value = match result.trim_start_matches("text of ") {
        "string" | "text" | "bytes" => "\"text\"",
        "boolean" => "true",
        "integer" => "1",
        "number" => "1.5",
        "nothing" | "redirect" => "",
        name => samples.get(name).map_or("{}", String::as_str),
    };
    value.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_the_shape_of_their_type() {
        let samples = Samples::from([("Tone".to_owned(), "{\"a\":1}".to_owned())]);
        let values = ["Tone or nothing", "array of Tone", "object of integer or null", "string", "nothing", "Voice"];
        let expected = ["{\"a\":1}", "[{\"a\":1}]", "{\"key\":1}", "\"text\"", "", "{}"];
        assert_eq!(values.map(|it| value_of(it, &samples)), expected);
    }
}
