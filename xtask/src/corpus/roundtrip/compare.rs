//! Compares an example with its written form.

use lowcodeapi_codegen::document::join;
use serde_json::{Number, Value};

/// Reading and writing a number may each change its last digit.
const TOLERANCE: f64 = 1e-12;

/// A difference, with its pointer in the example.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) at: String,
    pub(super) what: String,
}

/// Returns every lost or changed member of the example. Models read `null` and an empty list as absence.
pub(super) fn differences(example: &Value, written: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(example, written, "", &mut found);
    found
}

fn compare(example: &Value, written: &Value, at: &str, found: &mut Vec<Difference>) {
    match (example, written) {
        (Value::Object(example), Value::Object(written)) => {
            for (name, value) in example {
                let at = join(at, name);
                match written.get(name) {
                    Some(written) => compare(value, written, &at, found),
                    None if is_absence(value) => {}
                    None => found.push(Difference { at, what: "is lost".to_owned() }),
                }
            }
        }
        (Value::Array(example), Value::Array(written)) if example.len() == written.len() => {
            for (index, (example, written)) in example.iter().zip(written).enumerate() {
                compare(example, written, &format!("{at}/{index}"), found);
            }
        }
        (Value::Number(example), Value::Number(written)) if is_same(example, written) => {}
        _ if example == written || (is_absence(example) && is_absence(written)) => {}
        _ => found.push(Difference {
            at: at.to_owned(),
            what: format!("is {} instead of {}", short(written), short(example)),
        }),
    }
}

fn is_absence(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

fn is_same(a: &Number, b: &Number) -> bool {
    if a == b {
        return true;
    }
    // Two integers that are not equal are not the same, however large.
    if !(a.is_f64() || b.is_f64()) {
        return false;
    }
    a.as_f64().zip(b.as_f64()).is_some_and(|(a, b)| (a - b).abs() <= a.abs() * TOLERANCE)
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_survives_is_equal() {
        let example = json!({"a": 1, "b": [1.5, {"c": null}], "list": [], "none": null, "big": u64::MAX});
        let written = json!({"a": 1.0, "b": [1.5, {}], "none": [], "new": 1, "big": u64::MAX});
        assert_eq!(differences(&example, &written), []);
    }

    #[test]
    fn what_is_lost_or_changed_is_found() {
        let example = json!({"a": "x", "b": [1, 2], "c/d": {"e": 1}, "f": u64::MAX});
        let written = json!({"b": [1], "c/d": {"e": "1"}, "f": u64::MAX - 1});
        let found: Vec<_> =
            differences(&example, &written).into_iter().map(|it| format!("{} {}", it.at, it.what)).collect();
        assert_eq!(
            found,
            [
                "/a is lost",
                "/b is [1] instead of [1,2]",
                "/c~1d/e is \"1\" instead of 1",
                "/f is 18446744073709551614 instead of 18446744073709551615"
            ]
        );
    }
}
