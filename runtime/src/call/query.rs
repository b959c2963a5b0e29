//! Serialises arrays and objects as text in queries, forms, paths, headers and cookies.

use serde_json::Value;

use crate::{call::written::Written, http::path};

/// An OpenAPI style for an array or object in a query or form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum QueryStyle {
    /// One parameter per item: `tags=a&tags=b`. The properties of an object become parameters.
    Repeated,
    /// `tags=a,b`; for an object `point=x,1,y,2`.
    Comma,
    /// `tags=a b`, with the space encoded.
    Space,
    /// `tags=a|b`
    Pipe,
    /// `point[x]=1&point[y]=2`. Nested arrays are written as most servers read them: `point[tags][]=a` for plain
    /// values, `point[parts][0][x]=1` for objects.
    Deep,
    /// JSON text.
    Json,
}

/// An OpenAPI style for a value in a path, header or cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueStyle {
    /// `a,b`; for an object `x,1,y,2`, exploded `x=1,y=2`.
    Simple {
        /// Whether the properties of an object are written as pairs.
        explode: bool,
    },
    /// `.a,b`, exploded `.a.b`; for an object `.x,1,y,2`, exploded `.x=1.y=2`.
    Label {
        /// Whether each item or property has its own dot.
        explode: bool,
    },
    /// `;p=a,b`, exploded `;p=a;p=b`; for an object `;p=x,1,y,2`, exploded `;x=1;y=2`. An empty value has no equals
    /// sign.
    Matrix {
        /// Whether each item or property is its own parameter.
        explode: bool,
    },
    /// JSON text with characters outside of ASCII escaped.
    Json,
}

/// Returns a percent-encoded parameter `name=value` for a URL or form.
pub(crate) fn pair(name: &str, value: &str) -> String {
    let mut pair = path::encode_value(name);
    pair.push('=');
    pair.push_str(&path::encode_value(value));
    pair
}

/// Returns the percent-encoded parameters of a value. `null` and the empty array produce none. Separators between items
/// are not encoded, but separators within an item are, so that the two stay distinct.
pub(crate) fn write_pairs(name: &str, style: QueryStyle, value: &Written) -> Vec<String> {
    write_pairs_by(name, style, value, path::encode_value)
}

/// As [`write_pairs`], with another encoding of the values.
pub(crate) fn write_pairs_by(
    name: &str,
    style: QueryStyle,
    value: &Written,
    encode: fn(&str) -> String,
) -> Vec<String> {
    match style {
        QueryStyle::Json if value.value().is_null() => Vec::new(),
        QueryStyle::Json => vec![format!("{}={}", path::encode_value(name), encode(value.json()))],
        _ => write_pairs_of(name, style, value.value(), encode),
    }
}

fn write_pairs_of(name: &str, style: QueryStyle, value: &Value, encode: fn(&str) -> String) -> Vec<String> {
    let pair = |name: &str, value: &str| format!("{}={}", path::encode_value(name), encode(value));
    let joined = |separator: &str| {
        let items: Vec<String> = members(value).iter().map(|item| encode(item)).collect();
        vec![format!("{}={}", path::encode_value(name), items.join(separator))]
    };
    match (value, style) {
        (Value::Null, _) => Vec::new(),
        (_, QueryStyle::Deep) => {
            let mut pairs = Vec::new();
            write_deep(name, value, &mut pairs);
            pairs.iter().map(|(name, value)| pair(name, value)).collect()
        }
        (Value::Array(items), QueryStyle::Repeated) => items.iter().map(|item| pair(name, &plain_text(item))).collect(),
        (Value::Object(properties), QueryStyle::Repeated) => properties
            .iter()
            .flat_map(|(key, value)| write_pairs_of(key, QueryStyle::Repeated, value, encode))
            .collect(),
        (Value::Array(items), _) if items.is_empty() => Vec::new(),
        (_, QueryStyle::Space) => joined("%20"),
        (_, QueryStyle::Pipe) => joined("%7C"),
        _ => joined(","),
    }
}

/// Returns pairs `name=value` that are not encoded. `null` and the empty array produce none.
pub(crate) fn plain_pairs(name: &str, explode: bool, value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) if items.is_empty() => Vec::new(),
        Value::Array(items) if explode => items.iter().map(|item| format!("{name}={}", plain_text(item))).collect(),
        Value::Object(properties) if explode => {
            properties.iter().map(|(key, value)| format!("{key}={}", plain_text(value))).collect()
        }
        value => vec![format!("{name}={}", members(value).join(","))],
    }
}

/// Returns the items of an array, or the keys and values of an object. A plain value is a single item.
fn members(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().map(plain_text).collect(),
        Value::Object(properties) => {
            properties.iter().flat_map(|(key, value)| [key.clone(), plain_text(value)]).collect()
        }
        other => vec![plain_text(other)],
    }
}

/// Writes a value in a style of paths and headers. `name` is the encoded name of the parameter.
pub(crate) fn write_value(name: &str, written: &Written, style: ValueStyle, encode: impl Fn(&str) -> String) -> String {
    let value = written.value();
    let items = |separator: &str| {
        let items: Vec<String> = members(value).iter().map(|item| encode(item)).collect();
        items.join(separator)
    };
    let pairs = || {
        let object = value.as_object().into_iter().flatten();
        object.map(|(key, value)| (encode(key), encode(&plain_text(value))))
    };
    let properties = |separator: &str| {
        let pairs: Vec<String> = pairs().map(|(key, value)| format!("{key}={value}")).collect();
        pairs.join(separator)
    };
    match style {
        ValueStyle::Json => encode(&ascii_json(written.json())),
        ValueStyle::Simple { explode: true } if value.is_object() => properties(","),
        ValueStyle::Simple { .. } => items(","),
        ValueStyle::Label { explode: true } if value.is_object() => format!(".{}", properties(".")),
        ValueStyle::Label { explode: true } => format!(".{}", items(".")),
        ValueStyle::Label { explode: false } => format!(".{}", items(",")),
        ValueStyle::Matrix { explode: true } if value.is_object() => {
            pairs().map(|(key, value)| matrix(&key, &value)).collect()
        }
        ValueStyle::Matrix { explode: true } if value.is_array() => {
            members(value).iter().map(|item| matrix(name, &encode(item))).collect()
        }
        ValueStyle::Matrix { .. } => matrix(name, &items(",")),
    }
}

/// Writes a parameter as in RFC 6570, 3.2.7.
fn matrix(name: &str, value: &str) -> String {
    if value.is_empty() { format!(";{name}") } else { format!(";{name}={value}") }
}

/// Writes JSON in ASCII, which any header can carry.
fn ascii_json(text: &str) -> String {
    let pieces = text.chars().map(|c| {
        if c.is_ascii() {
            return c.to_string();
        }
        // JSON is ASCII outside of strings.
        let units: Vec<String> = c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect();
        units.concat()
    });
    pieces.collect()
}

/// Writes a value as text: a string as it is, an array or object as JSON.
fn plain_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Arrays of plain values use empty brackets, which most servers read as an array; arrays of objects need an index.
fn write_deep(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
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
        other => pairs.push((name.to_owned(), plain_text(other))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(style: QueryStyle, value: &Value) -> String {
        write_pairs("p", style, &Written::new(value).unwrap()).join("&")
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
    fn values_have_the_forms_of_the_specification() {
        // The table of OpenAPI 3.1.1, section 4.8.12.4.
        let (text, list, object) =
            (json!("blue"), json!(["blue", "black", "brown"]), json!({"R": 100, "G": 200, "B": 150}));
        for (style, forms) in [
            (ValueStyle::Simple { explode: false }, ["blue", "blue,black,brown", "R,100,G,200,B,150"]),
            (ValueStyle::Simple { explode: true }, ["blue", "blue,black,brown", "R=100,G=200,B=150"]),
            (ValueStyle::Label { explode: false }, [".blue", ".blue,black,brown", ".R,100,G,200,B,150"]),
            (ValueStyle::Label { explode: true }, [".blue", ".blue.black.brown", ".R=100.G=200.B=150"]),
            (
                ValueStyle::Matrix { explode: false },
                [";color=blue", ";color=blue,black,brown", ";color=R,100,G,200,B,150"],
            ),
            (
                ValueStyle::Matrix { explode: true },
                [";color=blue", ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"],
            ),
        ] {
            let written = [&text, &list, &object]
                .map(|value| write_value("color", &Written::new(value).unwrap(), style, path::encode_value));
            let sorted = |text: &str| {
                let mut characters: Vec<char> = text.chars().collect();
                characters.sort_unstable();
                characters
            };
            assert_eq!(written[..2], forms[..2], "{style:?}");
            // The order of an object's properties is not significant.
            assert_eq!(sorted(&written[2]), sorted(forms[2]), "{style:?}: {}", written[2]);
        }
        assert_eq!(
            write_value("p", &Written::new(&json!({"k": "é🦀"})).unwrap(), ValueStyle::Json, str::to_owned),
            r#"{"k":"\u00e9\ud83e\udd80"}"#
        );
    }

    #[test]
    fn an_empty_value_has_no_equals_sign_in_a_matrix() {
        let written = |explode, value: Value| {
            write_value("p", &Written::new(&value).unwrap(), ValueStyle::Matrix { explode }, path::encode_value)
        };
        for (value, whole, exploded) in [
            (json!(""), ";p", ";p"),
            (json!(["", "a"]), ";p=,a", ";p;p=a"),
            (json!([""]), ";p", ";p"),
            (json!({"x": "", "y": 1}), ";p=x,,y,1", ";x;y=1"),
        ] {
            assert_eq!(written(false, value.clone()), whole);
            assert_eq!(written(true, value), exploded);
        }
    }

    #[test]
    fn reserved_characters_stand_but_for_those_that_would_end_the_value() {
        let written = |value: Value| {
            write_pairs_by("p", QueryStyle::Comma, &Written::new(&value).unwrap(), path::encode_reserved).join("&")
        };
        assert_eq!(written(json!("a/b:c?d[e]@!$'()*,;=f")), "p=a/b:c?d[e]@!$'()*,;=f");
        assert_eq!(written(json!("a&b#c+d%e f\"é")), "p=a%26b%23c%2Bd%25e%20f%22%C3%A9");
        // Percent-encoded text stays as it is; a lone percent sign is encoded.
        assert_eq!(written(json!("a%2Fb%c3%A9%")), "p=a%2Fb%c3%A9%25");
        assert_eq!(written(json!("%%20%2é%zz%2")), "p=%25%20%252%C3%A9%25zz%252");
    }

    #[test]
    fn plain_pairs_are_not_encoded() {
        let written = |explode, value: Value| plain_pairs("c", explode, &value).join("; ");
        for (value, whole, exploded) in [
            (json!("a b%c"), "c=a b%c", "c=a b%c"),
            (json!(["a", 1]), "c=a,1", "c=a; c=1"),
            (json!({"x": 1}), "c=x,1", "x=1"),
            (json!([]), "", ""),
            (json!(null), "", ""),
        ] {
            assert_eq!(written(false, value.clone()), whole);
            assert_eq!(written(true, value), exploded);
        }
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
