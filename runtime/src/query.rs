//! How lists and objects are written as text: in queries, forms, paths, headers and cookies.

use serde_json::Value;

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

/// The parameters that a value is written as. `null` and the empty list are none.
pub(crate) fn write_pairs(name: &str, style: QueryStyle, value: &Value) -> Vec<(String, String)> {
    let one = |text: String| vec![(name.to_owned(), text)];
    match (value, style) {
        (Value::Null, _) => Vec::new(),
        (_, QueryStyle::Json) => one(value.to_string()),
        (_, QueryStyle::Deep) => {
            let mut pairs = Vec::new();
            write_deep(name.to_owned(), value, &mut pairs);
            pairs
        }
        (Value::Array(items), QueryStyle::Repeated) => {
            items.iter().map(|item| (name.to_owned(), plain_text(item))).collect()
        }
        (Value::Object(properties), QueryStyle::Repeated) => {
            properties.iter().flat_map(|(key, value)| write_pairs(key, QueryStyle::Repeated, value)).collect()
        }
        (Value::Array(items), _) if items.is_empty() => Vec::new(),
        (_, QueryStyle::Space) => one(join(value, " ")),
        (_, QueryStyle::Pipe) => one(join(value, "|")),
        _ => one(join(value, ",")),
    }
}

/// The items of a list, or the keys and values of an object, between separators.
pub(crate) fn join(value: &Value, separator: &str) -> String {
    match value {
        Value::Array(items) => items.iter().map(plain_text).collect::<Vec<_>>().join(separator),
        Value::Object(properties) => {
            let texts: Vec<String> =
                properties.iter().flat_map(|(key, value)| [key.clone(), plain_text(value)]).collect();
            texts.join(separator)
        }
        other => plain_text(other),
    }
}

/// A value as text: a string as it is, anything with members as JSON.
pub(crate) fn plain_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Plain lists take empty brackets, which most servers read as a list; items with members need their index.
fn write_deep(name: String, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Object(properties) => {
            for (key, value) in properties {
                write_deep(format!("{name}[{key}]"), value, pairs);
            }
        }
        Value::Array(items) => {
            let is_plain = items.iter().all(|item| !item.is_object() && !item.is_array());
            for (index, item) in items.iter().enumerate() {
                let index = if is_plain { String::new() } else { index.to_string() };
                write_deep(format!("{name}[{index}]"), item, pairs);
            }
        }
        other => pairs.push((name, plain_text(other))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(style: QueryStyle, value: &Value) -> String {
        let pairs: Vec<String> =
            write_pairs("p", style, value).into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("&")
    }

    #[test]
    fn each_style_has_its_form() {
        let (list, object) = (json!(["a", 1]), json!({"x": 1, "y": ["b", true]}));
        assert_eq!(written(QueryStyle::Repeated, &list), "p=a&p=1");
        assert_eq!(written(QueryStyle::Comma, &list), "p=a,1");
        assert_eq!(written(QueryStyle::Space, &list), "p=a 1");
        assert_eq!(written(QueryStyle::Pipe, &list), "p=a|1");
        assert_eq!(written(QueryStyle::Json, &list), "p=[\"a\",1]");
        assert_eq!(written(QueryStyle::Repeated, &object), "x=1&y=b&y=true");
        assert_eq!(written(QueryStyle::Comma, &object), "p=x,1,y,[\"b\",true]");
        assert_eq!(written(QueryStyle::Deep, &object), "p[x]=1&p[y][]=b&p[y][]=true");
        assert_eq!(written(QueryStyle::Deep, &json!({"l": [{"k": 1}, {"k": 2}]})), "p[l][0][k]=1&p[l][1][k]=2");
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
