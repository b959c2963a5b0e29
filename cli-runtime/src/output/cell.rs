//! Values in one line of limited width.

use serde_json::Value;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::output::seen;

/// The longest list of scalars that is shown instead of its length, in columns.
const LIST: usize = 40;

/// Returns a value as text on one line. Objects, and lists that are long or hold some, are shown as their length.
pub(crate) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => seen::line(text),
        Value::Array(items) => list(items).unwrap_or_else(|| count(items.len(), "item")),
        Value::Object(members) if members.is_empty() => String::new(),
        Value::Object(members) => count(members.len(), "field"),
        scalar => scalar.to_string(),
    }
}

/// Returns a short list of scalars.
pub(crate) fn list(items: &[Value]) -> Option<String> {
    if items.len() > LIST || items.iter().any(is_nested) {
        return None;
    }
    let cells: Vec<String> = items.iter().map(cell).collect();
    Some(cells.join(", ")).filter(|text| width(text) <= LIST)
}

fn count(length: usize, what: &str) -> String {
    let plural = if length == 1 { "" } else { "s" };
    format!("{length} {what}{plural}")
}

/// Returns whether a value is a list or an object.
pub(crate) fn is_nested(value: &Value) -> bool {
    value.is_array() || value.is_object()
}

/// Returns the width of a text on one line, in columns.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// Returns the text, cut to the width.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or_default();
        if used > most {
            break;
        }
        out.push(c);
    }
    out.truncate(out.trim_end().len());
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_one_line() {
        for (value, expected) in [
            (json!(null), ""),
            (json!(true), "true"),
            (json!(1.5), "1.5"),
            (json!(" a\n b\u{1b}[2J"), "a b\\u{1b}[2J"),
            (json!([]), ""),
            (json!(["a", 1]), "a, 1"),
            (json!([{}]), "1 item"),
            (json!(["a".repeat(30), "b".repeat(30)]), "2 items"),
            (json!({"a": 1, "b": 2}), "2 fields"),
        ] {
            assert_eq!(cell(&value), expected, "{value}");
        }
    }

    #[test]
    fn text_is_cut_by_columns() {
        assert_eq!(cut("abcdef", 6), "abcdef");
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(cut("ab cdef", 4), "ab…");
        // Each of these takes two columns.
        assert_eq!(cut("日本語", 6), "日本語");
        assert_eq!(cut("日本語", 5), "日本…");
        assert_eq!(cut("日本語", 4), "日…");
        assert_eq!(cut("abc", 1), "…");
    }
}
