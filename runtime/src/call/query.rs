//! Serialises arrays and objects as text in queries, forms, paths, headers and cookies.

use crate::{
    call::value::{Defined, InputValue},
    http::path,
};

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

/// How the characters of a value are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Escape {
    /// Percent-encoded, except unreserved characters.
    All,
    /// Percent-encoded with `allowReserved`, in a query.
    Reserved,
    /// Percent-encoded with `allowReserved`, in a segment of a path.
    Segment,
    /// As it is.
    None,
}

impl Escape {
    fn write(self, text: &str) -> String {
        match self {
            Self::All => path::encode_value(text),
            Self::Reserved => path::encode_reserved(text),
            Self::Segment => path::encode_segment(text),
            Self::None => text.to_owned(),
        }
    }

    /// Writes text between separators, so that no separator within it is read as one.
    ///
    /// # Errors
    ///
    /// Returns that the text contains a separator that has no other form.
    fn write_between(self, text: &str, separator: Separator) -> Result<String, String> {
        let mark = separator.mark();
        let is_ambiguous = match (separator, self) {
            // These are percent-encoded themselves, and a dot is never.
            (Separator::Space | Separator::Pipe | Separator::Dot, _) => text.contains(mark),
            (_, Self::None) => has_unquoted(text, mark),
            _ => false,
        };
        if is_ambiguous {
            return Err(format!("an item contains {mark:?}, which separates items"));
        }
        let written = self.write(text);
        if self == Self::None || separator.is_escaped() || !written.contains(mark) {
            return Ok(written);
        }
        Ok(written.replace(mark, &path::encode_value(mark.encode_utf8(&mut [0; 4]))))
    }
}

/// Returns whether a character is outside of the quoted strings of a header.
fn has_unquoted(text: &str, mark: char) -> bool {
    let mut quotes = text.split('"').collect::<Vec<_>>();
    // A quote that does not end is none.
    if quotes.len() % 2 == 0 {
        return text.contains(mark);
    }
    quotes.iter_mut().step_by(2).any(|outside| outside.contains(mark))
}

/// What stands between items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separator {
    Comma,
    Space,
    Pipe,
    Dot,
    Equals,
}

impl Separator {
    fn mark(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Space => ' ',
            Self::Pipe => '|',
            Self::Dot => '.',
            Self::Equals => '=',
        }
    }

    /// Returns whether the separator is percent-encoded itself.
    fn is_escaped(self) -> bool {
        matches!(self, Self::Space | Self::Pipe)
    }

    fn text(self) -> String {
        if self.is_escaped() { path::encode_value(&self.mark().to_string()) } else { self.mark().to_string() }
    }
}

/// Returns a percent-encoded parameter `name=value` for a URL or form.
pub(crate) fn pair(name: &str, value: &str) -> String {
    let mut pair = String::with_capacity(name.len() + 1 + value.len());
    push_pair(&mut pair, name, value);
    pair
}

/// Adds a percent-encoded parameter `name=value` to a URL or form.
pub(crate) fn push_pair(into: &mut String, name: &str, value: &str) {
    into.extend(path::encoded_value(name));
    into.push('=');
    into.extend(path::encoded_value(value));
}

/// Returns the parameters of a value. An undefined value has none, but JSON has a text for each.
///
/// # Errors
///
/// Returns why the style has no form for the value.
pub(crate) fn write_pairs(
    name: &str,
    style: QueryStyle,
    value: &InputValue,
    escape: Escape,
) -> Result<Vec<String>, String> {
    let pair = |name: &str, value: &str| format!("{}={}", path::encode_value(name), escape.write(value));
    if style == QueryStyle::Json {
        return Ok(vec![pair(name, value.json())]);
    }
    if style == QueryStyle::Deep {
        let mut pairs = Vec::new();
        write_deep(name, value, &mut pairs)?;
        return Ok(pairs.iter().map(|(name, value)| pair(name, value)).collect());
    }
    let Some(defined) = value.defined()? else { return Ok(Vec::new()) };
    let separator = match (style, &defined) {
        (_, Defined::Text(text)) => return Ok(vec![pair(name, text)]),
        (QueryStyle::Repeated | QueryStyle::Json, Defined::Items(items)) => {
            return Ok(items.iter().map(|item| pair(name, &item.plain_text())).collect());
        }
        (QueryStyle::Repeated | QueryStyle::Json, Defined::Members(members)) => {
            let mut pairs = Vec::new();
            for (key, value) in members {
                pairs.extend(texts(value)?.iter().map(|text| pair(key, text)));
            }
            return Ok(pairs);
        }
        // The first style differs from these now.
        (QueryStyle::Comma | QueryStyle::Deep, _) => Separator::Comma,
        (QueryStyle::Space, _) => Separator::Space,
        (QueryStyle::Pipe, _) => Separator::Pipe,
    };
    Ok(vec![format!("{}={}", path::encode_value(name), join(&defined, separator, escape)?)])
}

/// Returns the values of a property that is a parameter by itself: each item of a list of plain values, or one text.
fn texts(value: &InputValue) -> Result<Vec<String>, String> {
    match value.defined()? {
        Some(Defined::Items(items)) if items.iter().all(InputValue::is_plain) => {
            Ok(items.iter().map(InputValue::plain_text).collect())
        }
        None if value.is_list() => Ok(Vec::new()),
        _ => Ok(vec![value.plain_text()]),
    }
}

/// Joins the items of a list, or the keys and values of an object.
fn join(defined: &Defined, separator: Separator, escape: Escape) -> Result<String, String> {
    let write = |text: &str| escape.write_between(text, separator);
    let items: Result<Vec<String>, String> = match defined {
        Defined::Text(text) => return Ok(escape.write(text)),
        Defined::Items(items) => items.iter().map(|item| write(&item.plain_text())).collect(),
        Defined::Members(members) => {
            members.iter().flat_map(|(key, value)| [write(key), write(&value.plain_text())]).collect()
        }
    };
    Ok(items?.join(&separator.text()))
}

/// Joins the properties of an object as `key=value`.
fn join_pairs(members: &[(String, InputValue)], separator: Separator, escape: Escape) -> Result<String, String> {
    let pairs: Result<Vec<String>, String> = members
        .iter()
        .map(|(key, value)| {
            escape.write_between(key, Separator::Equals)?;
            let key = escape.write_between(key, separator)?;
            Ok(format!("{key}={}", escape.write_between(&value.plain_text(), separator)?))
        })
        .collect();
    Ok(pairs?.join(&separator.text()))
}

/// Returns pairs `name=value` that are not encoded. An undefined value has none.
///
/// # Errors
///
/// Returns why the style has no form for the value.
pub(crate) fn plain_pairs(name: &str, explode: bool, value: &InputValue) -> Result<Vec<String>, String> {
    let pairs = match value.defined()? {
        None => Vec::new(),
        Some(Defined::Items(items)) if explode => {
            items.iter().map(|item| format!("{name}={}", item.plain_text())).collect()
        }
        Some(Defined::Members(members)) if explode => {
            members.iter().map(|(key, value)| format!("{key}={}", value.plain_text())).collect()
        }
        Some(defined) => vec![format!("{name}={}", join(&defined, Separator::Comma, Escape::None)?)],
    };
    Ok(pairs)
}

/// Writes a value in a style of paths, headers and cookies. `name` is the encoded name of the parameter. Returns `None` for
/// an undefined value, for which JSON alone has a text.
///
/// # Errors
///
/// Returns why the style has no form for the value.
pub(crate) fn write_value(
    name: &str,
    value: &InputValue,
    style: ValueStyle,
    escape: Escape,
) -> Result<Option<String>, String> {
    if style == ValueStyle::Json {
        return Ok(Some(escape.write(&ascii_json(value.json()))));
    }
    let Some(defined) = value.defined()? else { return Ok(None) };
    let matrix_of = |items: &[(&str, String)]| items.iter().map(|(name, value)| matrix(name, value)).collect();
    let text = match (style, &defined) {
        (ValueStyle::Simple { explode: true }, Defined::Members(members)) => {
            join_pairs(members, Separator::Comma, escape)?
        }
        (ValueStyle::Label { explode: true }, Defined::Members(members)) => {
            format!(".{}", join_pairs(members, Separator::Dot, escape)?)
        }
        (ValueStyle::Label { explode: true }, _) => format!(".{}", join(&defined, Separator::Dot, escape)?),
        (ValueStyle::Label { explode: false }, _) => format!(".{}", join(&defined, Separator::Comma, escape)?),
        (ValueStyle::Matrix { explode: true }, Defined::Members(members)) => {
            let keys: Vec<String> = members.iter().map(|(key, _)| escape.write(key)).collect();
            let values = members.iter().map(|(_, value)| escape.write(&value.plain_text()));
            matrix_of(&keys.iter().map(String::as_str).zip(values).collect::<Vec<_>>())
        }
        (ValueStyle::Matrix { explode: true }, Defined::Items(items)) => {
            matrix_of(&items.iter().map(|item| (name, escape.write(&item.plain_text()))).collect::<Vec<_>>())
        }
        (ValueStyle::Matrix { .. }, _) => matrix(name, &join(&defined, Separator::Comma, escape)?),
        (ValueStyle::Simple { .. } | ValueStyle::Json, _) => join(&defined, Separator::Comma, escape)?,
    };
    Ok(Some(text))
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

/// Arrays of plain values use empty brackets, which most servers read as an array; arrays of objects need an index.
fn write_deep(name: &str, value: &InputValue, pairs: &mut Vec<(String, String)>) -> Result<(), String> {
    match value.defined()? {
        None => {}
        Some(Defined::Text(text)) => pairs.push((name.to_owned(), text)),
        Some(Defined::Members(members)) => {
            for (key, value) in &members {
                write_deep(&format!("{name}[{key}]"), value, pairs)?;
            }
        }
        Some(Defined::Items(items)) => {
            let is_plain = items.iter().all(InputValue::is_plain);
            for (index, item) in items.iter().enumerate() {
                if is_plain {
                    pairs.push((format!("{name}[]"), item.plain_text()));
                } else {
                    write_deep(&format!("{name}[{index}]"), item, pairs)?;
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn written(style: QueryStyle, value: &Value) -> String {
        write_pairs("p", style, &InputValue::new(value).unwrap(), Escape::All).unwrap().join("&")
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
            let written = [&text, &list, &object].map(|value| {
                write_value("color", &InputValue::new(value).unwrap(), style, Escape::All).unwrap().unwrap()
            });
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
            write_value("p", &InputValue::new(&json!({"k": "é🦀"})).unwrap(), ValueStyle::Json, Escape::None)
                .unwrap()
                .as_deref(),
            Some(r#"{"k":"\u00e9\ud83e\udd80"}"#)
        );
    }

    #[test]
    fn an_empty_value_has_no_equals_sign_in_a_matrix() {
        let written = |explode, value: Value| {
            write_value("p", &InputValue::new(&value).unwrap(), ValueStyle::Matrix { explode }, Escape::All)
                .unwrap()
                .unwrap()
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
            write_pairs("p", QueryStyle::Comma, &InputValue::new(&value).unwrap(), Escape::Reserved).unwrap().join("&")
        };
        assert_eq!(written(json!("a/b:c?d[e]@!$'()*,;=f")), "p=a/b:c?d[e]@!$'()*,;=f");
        assert_eq!(written(json!("a&b#c+d%e f\"é")), "p=a%26b%23c%2Bd%25e%20f%22%C3%A9");
        // Percent-encoded text stays as it is; a lone percent sign is encoded.
        assert_eq!(written(json!("a%2Fb%c3%A9%")), "p=a%2Fb%c3%A9%25");
        assert_eq!(written(json!("%%20%2é%zz%2")), "p=%25%20%252%C3%A9%25zz%252");
    }

    #[test]
    fn plain_pairs_are_not_encoded() {
        let written =
            |explode, value: Value| plain_pairs("c", explode, &InputValue::new(&value).unwrap()).unwrap().join("; ");
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
        for style in [QueryStyle::Repeated, QueryStyle::Comma, QueryStyle::Space, QueryStyle::Pipe, QueryStyle::Deep] {
            for nothing in [json!(null), json!([]), json!({}), json!([null]), json!({"a": null})] {
                assert_eq!(written(style, &nothing), "", "{style:?} {nothing}");
            }
        }
        assert_eq!(written(QueryStyle::Json, &json!(null)), "p=null");
        assert_eq!(written(QueryStyle::Json, &json!({"a": null})), "p=%7B%22a%22%3Anull%7D");
        assert_eq!(written(QueryStyle::Comma, &json!("text")), "p=text");
        assert_eq!(written(QueryStyle::Deep, &json!({"l": [null, {"k": 1}]})), "p%5Bl%5D%5B0%5D%5Bk%5D=1");
    }

    #[test]
    fn nested_values_keep_their_names() {
        let nested = json!({"x": {"b": 1, "c": null}, "y": {"b": 2}, "l": [1, null, 2], "e": [], "m": [[1], {"k": 2}]});
        assert_eq!(
            written(QueryStyle::Repeated, &nested),
            "l=1&l=2&m=%5B%5B1%5D%2C%7B%22k%22%3A2%7D%5D&x=%7B%22b%22%3A1%2C%22c%22%3Anull%7D&y=%7B%22b%22%3A2%7D"
        );
    }

    #[test]
    fn an_item_with_a_separator_is_refused_where_it_has_no_other_form() {
        let refused = |style, escape, value: Value| {
            write_pairs("p", style, &InputValue::new(&value).unwrap(), escape).unwrap_err()
        };
        assert!(refused(QueryStyle::Pipe, Escape::All, json!(["a|b", "c"])).contains("'|'"));
        assert!(refused(QueryStyle::Space, Escape::All, json!({"a b": 1})).contains("' '"));
        let reserved =
            write_pairs("p", QueryStyle::Comma, &InputValue::new(&json!(["a,b", "c"])).unwrap(), Escape::Reserved);
        assert_eq!(reserved.unwrap(), ["p=a%2Cb,c"]);
        let header = |value: Value| {
            write_value("p", &InputValue::new(&value).unwrap(), ValueStyle::Simple { explode: true }, Escape::None)
        };
        assert!(header(json!(["a,b"])).is_err() && header(json!({"a=b": 1})).is_err());
        assert_eq!(header(json!(["\"a,b\"", "W/\"c\""])), Ok(Some("\"a,b\",W/\"c\"".to_owned())));
        assert_eq!(header(json!("a, b")), Ok(Some("a, b".to_owned())));
    }
}
