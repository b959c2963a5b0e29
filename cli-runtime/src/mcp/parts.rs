//! Cuts long results into parts.

use serde_json::{Map, Value, json};

/// What a part has beside its content: that it is truncated, how it goes on, and braces.
const FRAME: usize = 240;

/// Cuts a JSON result into structured results of at most `limit` characters each. A list is cut between its items, in
/// the place where it is: `{"result": {"data": [some of the items]}}`, with what is beside it in the first part only. An
/// item that is too long by itself, and a result without a list, is cut as text: `{"part": "a piece of the JSON"}`.
pub(crate) fn of_json(value: Value, limit: usize) -> Vec<Value> {
    let limit = limit.saturating_sub(FRAME).max(FRAME);
    if length(&value) <= limit {
        return vec![json!({"result": value})];
    }
    let Some(path) = list(&value) else { return pieces(&value.to_string(), limit, "part") };
    let mut first = value;
    let items = take(&mut first, &path);
    let beside = length(&first);
    if beside > limit / 2 {
        put(&mut first, &path, items);
        return pieces(&first.to_string(), limit, "part");
    }
    let empty = skeleton(&path);
    let mut cutter = Cutter { path: &path, limit, parts: Vec::new(), frame: first, items: Vec::new(), length: beside };
    for item in items {
        cutter.add(item, &empty);
    }
    cutter.flush(&empty);
    cutter.parts
}

/// Cuts a text into structured results of at most `limit` characters each: `{"text": "a piece"}`.
pub(crate) fn of_text(text: &str, limit: usize) -> Vec<Value> {
    pieces(text, limit.saturating_sub(FRAME).max(FRAME), "text")
}

fn length(value: &Value) -> usize {
    value.to_string().chars().count()
}

struct Cutter<'p> {
    path: &'p [String],
    limit: usize,
    parts: Vec<Value>,
    /// What the items of the next part are put in.
    frame: Value,
    items: Vec<Value>,
    length: usize,
}

impl Cutter<'_> {
    fn add(&mut self, item: Value, empty: &Value) {
        let more = length(&item) + 1;
        if self.length + more > self.limit {
            self.flush(empty);
        }
        if self.length + more > self.limit {
            self.parts.extend(pieces(&item.to_string(), self.limit, "part"));
            return;
        }
        self.length += more;
        self.items.push(item);
    }

    fn flush(&mut self, empty: &Value) {
        // The frame of the first part tells something without items as well.
        if self.items.is_empty() && !self.parts.is_empty() {
            return;
        }
        let mut frame = std::mem::replace(&mut self.frame, empty.clone());
        put(&mut frame, self.path, std::mem::take(&mut self.items));
        self.parts.push(json!({"result": frame}));
        self.length = length(empty);
    }
}

/// Returns the path of the list that most of a value consists of.
fn list(value: &Value) -> Option<Vec<String>> {
    let mut path = Vec::new();
    let mut at = value;
    loop {
        match at {
            Value::Array(items) if items.len() > 1 => return Some(path),
            Value::Object(members) => {
                let (name, longest) = members.iter().max_by_key(|(_, member)| length(member))?;
                path.push(name.clone());
                at = longest;
            }
            _ => return None,
        }
    }
}

fn at<'v>(value: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, name| value.get_mut(name))
}

/// Takes the items of the list at a path.
fn take(value: &mut Value, path: &[String]) -> Vec<Value> {
    match at(value, path) {
        Some(Value::Array(items)) => std::mem::take(items),
        _ => Vec::new(),
    }
}

fn put(value: &mut Value, path: &[String], items: Vec<Value>) {
    if let Some(list) = at(value, path) {
        *list = items.into();
    }
}

/// Returns an empty list in the objects of a path.
fn skeleton(path: &[String]) -> Value {
    path.iter().rev().fold(json!([]), |inner, name| Map::from_iter([(name.clone(), inner)]).into())
}

/// Cuts a text so that each piece has at most `limit` characters as a JSON string.
fn pieces(text: &str, limit: usize, name: &str) -> Vec<Value> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let mut length = 0;
    for char in text.chars() {
        let more = match char {
            '"' | '\\' | '\n' | '\r' | '\t' => 2,
            _ if char.is_control() => 6,
            _ => 1,
        };
        if length + more > limit {
            pieces.push(std::mem::take(&mut piece));
            length = 0;
        }
        piece.push(char);
        length += more;
    }
    if !piece.is_empty() || pieces.is_empty() {
        pieces.push(piece);
    }
    pieces.into_iter().map(|piece| Map::from_iter([(name.to_owned(), piece.into())]).into()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(parts: &[Value]) -> String {
        parts.iter().filter_map(|part| part["part"].as_str()).collect()
    }

    #[test]
    fn short_results_are_one_part() {
        assert_eq!(of_json(json!([1, 2]), 1_000), [json!({"result": [1, 2]})]);
        assert_eq!(of_text("short", 1_000), [json!({"text": "short"})]);
        assert_eq!(of_text("", 1_000), [json!({"text": ""})]);
    }

    #[test]
    fn lists_are_cut_between_items() {
        let items: Vec<Value> = (0..200).map(|id| json!({"id": id, "name": "ä".repeat(20)})).collect();
        let whole = json!({"meta": {"tags": ["a", "b"]}, "page": {"data": items, "total": 200}});
        let parts = of_json(whole, 1_000);
        assert!(parts.len() > 5);
        assert!(parts.iter().all(|part| length(part) <= 1_000));
        assert_eq!(parts[0]["result"]["meta"]["tags"], json!(["a", "b"]));
        assert_eq!(parts[0]["result"]["page"]["total"], 200);
        assert!(parts[1]["result"].get("meta").is_none());
        let ids: Vec<u64> = parts
            .iter()
            .flat_map(|part| part["result"]["page"]["data"].as_array().unwrap())
            .map(|item| item["id"].as_u64().unwrap())
            .collect();
        assert_eq!(ids, (0..200).collect::<Vec<_>>());
    }

    #[test]
    fn long_items_are_cut_as_text_in_their_place() {
        let long = json!({"text": "\"quoted\" ".repeat(300)});
        let parts = of_json(json!([1, long, 2]), 1_000);
        assert_eq!(parts[0], json!({"result": [1]}));
        assert_eq!(parts.last().unwrap(), &json!({"result": [2]}));
        assert!(parts.iter().all(|part| length(part) <= 1_000));
        assert_eq!(joined(&parts), long.to_string());
    }

    #[test]
    fn results_without_a_list_are_cut_as_text() {
        let long = json!({"text": "x".repeat(5_000), "few": [1, 2]});
        let parts = of_json(long.clone(), 1_000);
        assert_eq!(joined(&parts), long.to_string());
        let text = "line\n".repeat(1_000);
        let parts = of_text(&text, 1_000);
        assert!(parts.iter().all(|part| length(part) <= 1_000));
        assert_eq!(parts.iter().filter_map(|part| part["text"].as_str()).collect::<String>(), text);
    }
}
