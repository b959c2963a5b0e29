//! Results for people: tables of lists, records of objects, and generated text as text.

use serde_json::{Map, Value};

use crate::output::{
    cell::{cell, is_nested},
    json,
    look::{Look, Role},
    record::record,
    seen,
    table::Table,
};

/// Returns a result for people. `items` are the names of the properties that lead to the items of a page.
pub(crate) fn shown(value: &Value, items: Option<&[&str]>, look: Look) -> String {
    match value {
        Value::Array(items) => list(items, look),
        Value::Object(object) => match wrapped(value, object, items) {
            Some((name, items)) => list(items, look) + &facts(object, name, look),
            None if object.is_empty() => String::new(),
            None => generated(std::slice::from_ref(value)).unwrap_or_else(|| record(object, look)),
        },
        Value::String(text) => ended(seen::text(text)),
        Value::Null => String::new(),
        scalar => ended(scalar.to_string()),
    }
}

/// Returns a list for people.
pub(crate) fn list(items: &[Value], look: Look) -> String {
    if items.is_empty() {
        return if look.is_terminal { format!("{}\n", look.paint(Role::Dim, "nothing found")) } else { String::new() };
    }
    if let Some(text) = generated(items) {
        return text;
    }
    match Table::of(items, look) {
        Some(table) => {
            let foot = if look.is_terminal { table.foot(look) } else { None };
            table.head(look) + &table.rows(items) + &foot.unwrap_or_default()
        }
        None => lines(items, look),
    }
}

/// Returns items that are not all objects, one a line; nested ones as records.
pub(crate) fn lines(items: &[Value], look: Look) -> String {
    let line = |item: &Value| match item {
        Value::Object(object) => record(object, look),
        item => ended(cell(item)),
    };
    items.iter().map(line).collect()
}

/// Returns a message of a stream for people: text as it is, anything else as JSON.
pub(crate) fn message(message: &Value, look: Look) -> String {
    match message {
        Value::String(text) => ended(seen::text(text)),
        other => generated(std::slice::from_ref(other)).unwrap_or_else(|| json::compact(other, look) + "\n"),
    }
}

/// Returns the items of a page: a list itself, or the one at the path.
pub(crate) fn items_of<'v>(value: &'v Value, path: Option<&[&str]>) -> Option<&'v [Value]> {
    if let Value::Array(items) = value {
        return Some(items);
    }
    path?.iter().try_fold(value, |value, name| value.get(name))?.as_array().map(Vec::as_slice)
}

/// Returns the items of an object that wraps a list, and the property that leads to them: the page's items, or the only
/// list of objects if the other properties are scalars.
fn wrapped<'v>(
    value: &'v Value,
    object: &'v Map<String, Value>,
    items: Option<&[&'v str]>,
) -> Option<(&'v str, &'v [Value])> {
    if let (Some(name), Some(items)) = (items.and_then(<[&str]>::first), items_of(value, items)) {
        return Some((name, items));
    }
    let mut nested = object.iter().filter(|(_, value)| is_nested(value));
    let (name, only) = nested.next().filter(|_| nested.next().is_none())?;
    let items = only.as_array().filter(|items| !items.is_empty() && items.iter().all(Value::is_object))?;
    Some((name, items))
}

/// Returns the scalars beside a list on a line of their own.
fn facts(object: &Map<String, Value>, list: &str, look: Look) -> String {
    let scalars = object.iter().filter(|(name, value)| name.as_str() != list && !is_nested(value) && !value.is_null());
    let facts: Vec<String> = scalars.map(|(name, value)| format!("{}: {}", seen::line(name), cell(value))).collect();
    if facts.is_empty() { String::new() } else { format!("{}\n", look.paint(Role::Dim, facts.join("  "))) }
}

/// Returns generated texts as paragraphs: objects with a `text` and no other property but an ID.
fn generated(items: &[Value]) -> Option<String> {
    let text_of = |item: &Value| {
        let object = item.as_object()?;
        let is_text = object.iter().all(|(name, value)| matches!(name.as_str(), "text" | "id") || value.is_null());
        object.get("text").and_then(Value::as_str).filter(|_| is_text).map(|text| ended(seen::text(text)))
    };
    let texts: Vec<String> = items.iter().map(text_of).collect::<Option<_>>()?;
    (!texts.is_empty()).then(|| texts.join("\n"))
}

/// Returns the text with a line feed at its end.
fn ended(mut text: String) -> String {
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const LOOK: Look = Look::plain(60);

    #[test]
    fn a_list_of_objects_is_a_table() {
        let page = json!({
            "data": [
                {"size": 12, "tags": ["a", "b"], "name": "First", "meta": {"x": 1}, "id": "k_1", "gone": null},
                {"size": 3456, "tags": [], "name": "Second\nline \u{1b}[31m", "id": "k_22"},
            ],
            "total": 2, "next": null,
        });
        let expected = "\
id    name                    size  tags  meta
k_1   First                     12  a, b  1 field
k_22  Second line \\u{1b}[31m  3456
total: 2
";
        for items in [Some(&["data"][..]), None] {
            assert_eq!(shown(&page, items, LOOK), expected, "{items:?}");
        }
    }

    #[test]
    fn the_items_of_a_page_are_the_list_even_beside_others() {
        let page = json!({"result": {"list": [{"id": 1}]}, "other": [{"a": 1}]});
        assert_eq!(shown(&page, Some(&["result", "list"]), LOOK), "id\n 1\n");
    }

    #[test]
    fn what_does_not_fit_is_left_out_and_told() {
        let rows = vec![json!({
            "id": "123456789012345678901234567890", "name": "n".repeat(50), "about": "words and words ".repeat(9),
            "created": "2026-01-01T00:00:00Z",
        })];
        let look = Look { is_terminal: true, ..LOOK };
        let text = list(&rows, look);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("id ") && lines[0].contains("name"), "{text}");
        assert!(lines[1].starts_with("123456789012345678901234567890  n"), "{text}");
        assert!(lines[..2].iter().all(|line| line.chars().count() <= 60), "{text}");
        assert!(lines[2].starts_with("not shown: created"), "{text}");
    }

    #[test]
    fn an_object_is_a_record() {
        let value = json!({
            "id": "k_1", "created_at": "2026", "text": "one\ntwo\u{202e}", "empty": {}, "none": null,
            "nested": {"a": true, "list": [{"b": 1, "c": 2}, 3]}, "scalars": [1, 2],
        });
        let expected = "\
id          k_1
created_at  2026
text
  one
  two
empty
none
nested
  a     true
  list
    - b  1
      c  2
    - 3
scalars     1, 2
";
        assert_eq!(shown(&value, None, LOOK), expected);
    }

    #[test]
    fn generated_text_is_text() {
        let value = json!({"data": [{"id": "txt_1", "text": "One.\nTwo.\u{1b}]0;x\u{7}"}, {"text": "Three.\n"}]});
        assert_eq!(shown(&value, None, LOOK), "One.\nTwo.\\u{1b}]0;x\\u{7}\n\nThree.\n");
    }

    #[test]
    fn scalars_are_lines() {
        assert_eq!(shown(&json!(["a", 1, "b\nc"]), None, LOOK), "a\n1\nb c\n");
        assert_eq!(shown(&json!("a\nb"), None, LOOK), "a\nb\n");
        assert_eq!(shown(&json!(1.0), None, LOOK), "1.0\n");
        assert_eq!(shown(&json!(null), None, LOOK) + &shown(&json!([]), None, LOOK), "");
    }
}
