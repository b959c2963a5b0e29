//! How lists and objects are written as text: in queries, forms, paths, headers and cookies.

use serde_json::Value;

use crate::path;

/// A style of OpenAPI for a list or an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum QueryStyle {
    /// One parameter an item: `tags=a&tags=b`; the properties of an object are parameters of their own.
    Repeated,
    /// `tags=a,b`; `point=x,1,y,2`
    Comma,
    /// `tags=a b`, with the space encoded.
    Space,
    /// `tags=a|b`
    Pipe,
    /// `point[x]=1&point[y]=2`
    Deep,
    /// JSON text.
    Json,
}

/// A parameter as it stands in a URL or a form: `name=value`, percent-encoded.
pub(crate) fn pair(name: &str, value: &str) -> String {
    format!("{}={}", path::encode_value(name), path::encode_value(value))
}

/// The parameters that a value is written as, percent-encoded. `null` and the empty list are none. What separates items
/// is written as it is, and encoded within them, so that the two stay apart.
pub(crate) fn write_pairs(name: &str, style: QueryStyle, value: &Value) -> Vec<String> {
    let joined = |separator: &str| {
        let items: Vec<String> = members(value).iter().map(|item| path::encode_value(item)).collect();
        vec![format!("{}={}", path::encode_value(name), items.join(separator))]
    };
    match (value, style) {
        (Value::Null, _) => Vec::new(),
        (_, QueryStyle::Json) => vec![pair(name, &value.to_string())],
        (_, QueryStyle::Deep) => {
            let mut pairs = Vec::new();
            write_deep(name, value, &mut pairs);
            pairs
        }
        (Value::Array(items), QueryStyle::Repeated) => items.iter().map(|item| pair(name, &plain_text(item))).collect(),
        (Value::Object(properties), QueryStyle::Repeated) => {
            properties.iter().flat_map(|(key, value)| write_pairs(key, QueryStyle::Repeated, value)).collect()
        }
        (Value::Array(items), _) if items.is_empty() => Vec::new(),
        (_, QueryStyle::Space) => joined("%20"),
        (_, QueryStyle::Pipe) => joined("%7C"),
        _ => joined(","),
    }
}

/// The items of a list, or the keys and values of an object; anything else is its one item.
pub(crate) fn members(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().map(plain_text).collect(),
        Value::Object(properties) => {
            properties.iter().flat_map(|(key, value)| [key.clone(), plain_text(value)]).collect()
        }
        other => vec![plain_text(other)],
    }
}

/// A value in style `simple`, which paths and headers have: `a,b`; of an object `x,1,y,2`, or exploded `x=1,y=2`.
pub(crate) fn write_simple(value: &Value, explode: bool, encode: impl Fn(&str) -> String) -> String {
    let items: Vec<String> = match value {
        Value::Object(properties) if explode => {
            properties.iter().map(|(key, value)| format!("{}={}", encode(key), encode(&plain_text(value)))).collect()
        }
        other => members(other).iter().map(|item| encode(item)).collect(),
    };
    items.join(",")
}

/// A value as text: a string as it is, anything with members as JSON.
pub(crate) fn plain_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Plain lists take empty brackets, which most servers read as a list; items with members need their index.
fn write_deep(name: &str, value: &Value, pairs: &mut Vec<String>) {
    match value {
        Value::Null => {}
        Value::Object(properties) => {
            for (key, value) in properties {
                write_deep(&format!("{name}[{key}]"), value, pairs);
            }
        }
        Value::Array(items) => {
            let is_plain = items.iter().all(|item| !item.is_object() && !item.is_array());
            for (index, item) in items.iter().enumerate() {
                let index = if is_plain { String::new() } else { index.to_string() };
                write_deep(&format!("{name}[{index}]"), item, pairs);
            }
        }
        other => pairs.push(pair(name, &plain_text(other))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(style: QueryStyle, value: &Value) -> String {
        write_pairs("p", style, value).join("&")
    }

    #[test]
    fn each_style_has_its_form() {
        let (list, object) = (json!(["a", 1]), json!({"x": 1, "y": ["b", true]}));
        assert_eq!(written(QueryStyle::Repeated, &list), "p=a&p=1");
        assert_eq!(written(QueryStyle::Comma, &json!(["a,b", "c"])), "p=a%2Cb,c");
        assert_eq!(written(QueryStyle::Comma, &list), "p=a,1");
        assert_eq!(written(QueryStyle::Space, &list), "p=a%201");
        assert_eq!(written(QueryStyle::Pipe, &list), "p=a%7C1");
        assert_eq!(written(QueryStyle::Json, &list), "p=%5B%22a%22%2C1%5D");
        assert_eq!(written(QueryStyle::Repeated, &object), "x=1&y=b&y=true");
        assert_eq!(written(QueryStyle::Comma, &object), "p=x,1,y,%5B%22b%22%2Ctrue%5D");
        assert_eq!(written(QueryStyle::Deep, &object), "p%5Bx%5D=1&p%5By%5D%5B%5D=b&p%5By%5D%5B%5D=true");
        assert_eq!(
            written(QueryStyle::Deep, &json!({"l": [{"k": 1}, {"k": 2}]})),
            "p%5Bl%5D%5B0%5D%5Bk%5D=1&p%5Bl%5D%5B1%5D%5Bk%5D=2"
        );
    }

    #[test]
    fn nothing_is_no_parameter() {
        for style in [QueryStyle::Repeated, QueryStyle::Comma, QueryStyle::Deep] {
            assert_eq!(written(style, &json!(null)), "");
            assert_eq!(written(style, &json!([])), "");
        }
        assert_eq!(written(QueryStyle::Comma, &json!("text")), "p=text");
    }
}
