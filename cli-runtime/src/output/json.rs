//! Writes JSON: for programs as it is, for terminals in colours and without unseen characters. Both mean the same.

use serde_json::Value;

use crate::output::{
    look::{Look, Role},
    seen,
};

/// Returns JSON on one line.
pub(crate) fn compact(value: &Value, look: Look) -> String {
    shown(value.to_string(), look)
}

/// Returns indented JSON.
pub(crate) fn pretty(value: &Value, look: Look) -> String {
    // A JSON value can always be written as text.
    shown(serde_json::to_string_pretty(value).unwrap_or_default(), look)
}

/// Returns JSON text as the look shows it.
fn shown(json: String, look: Look) -> String {
    if !look.is_terminal && !look.is_coloured {
        return json;
    }
    let mut out = String::with_capacity(json.len());
    let mut rest = json.as_str();
    while let Some(first) = rest.chars().next() {
        let (length, role) = match first {
            '"' => {
                let length = string_length(rest);
                let is_name = rest.get(length..).is_some_and(|rest| rest.starts_with(':'));
                (length, Some(if is_name { Role::Name } else { Role::Text }))
            }
            '-' | '0'..='9' | 'a'..='z' => {
                let is_inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.');
                (rest.find(|c| !is_inside(c)).unwrap_or(rest.len()), Some(Role::Scalar))
            }
            other => (other.len_utf8(), None),
        };
        let (token, left) = rest.split_at(length);
        rest = left;
        let (begin, end) = role.map(|role| look.codes(role)).unwrap_or_default();
        out.push_str(&begin);
        if first == '"' {
            seen::escape_json(token, &mut out);
        } else {
            out.push_str(token);
        }
        out.push_str(&end);
    }
    out
}

/// Returns the length of the JSON string that the text begins with, including its quotes.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TERMINAL: Look = Look { is_terminal: true, is_coloured: true, width: 80 };

    fn uncoloured(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn colours_change_no_value() {
        let value = json!({"a \"b\\": [1, -2.5e30, true, null, "x: \"y\"", ""], "é\u{202e}": {"\u{9b}": {}}, "e": []});
        for text in [pretty(&value, TERMINAL), compact(&value, TERMINAL)] {
            let text = uncoloured(&text);
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value, "{text}");
            assert!(!text.contains(|c| c != '\n' && seen::is_unseen(c)), "{text}");
        }
    }

    #[test]
    fn names_and_values_have_their_colours() {
        let text = compact(&json!({"a": "b", "c": 1}), TERMINAL);
        assert_eq!(
            text,
            "{\u{1b}[1m\"a\"\u{1b}[0m:\u{1b}[32m\"b\"\u{1b}[0m,\u{1b}[1m\"c\"\u{1b}[0m:\u{1b}[36m1\u{1b}[0m}"
        );
    }

    #[test]
    fn programs_get_the_text_of_the_server() {
        let value = json!({"a": "x\u{202e}\u{1b}"});
        assert_eq!(compact(&value, Look::plain(80)), "{\"a\":\"x\u{202e}\\u001b\"}");
    }
}
