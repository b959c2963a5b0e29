//! Numbers as documents write them.
//!
//! A tree holds the nearest double of a number that has more digits, or another spelling. The loader puts the digits of such
//! numbers beside them, into the object that contains them, under a key of its own: a text for a member, and a list for a
//! list. So they stay with their object when it is copied. Digits of a number that was replaced since mean another number, and
//! count no more.

use std::{
    borrow::Cow,
    cmp::Ordering,
    fmt::{self, Write as _},
};

use foldhash::HashMap;
use serde::de::IgnoredAny;
use serde_json::{Map, Number, Value};

use super::{member::Members, pointer};

/// The key of the digits. No document has it for another purpose, and as an extension it means nothing else.
pub(crate) const DIGITS: &str = "x-\u{1}digits";

/// The longest number, in bytes.
pub(crate) const MAX_DIGITS: usize = 4000;

/// The fewest digits of an integer beyond all doubles.
const DOUBLE_DIGITS: usize = 309;

/// The double that stands for a number beyond all doubles.
const BEYOND: f64 = 1e308;

/// The same in a JSON text. No number beyond all doubles is shorter.
const BEYOND_TEXT: &str = "1e308";

/// A double shows so many digits in any case.
const SHOWN: usize = 15;

/// Returns the digits of a number if the tree does not show them.
pub(crate) fn digits_of(number: &Number, text: &str) -> Option<String> {
    if !number.is_f64() {
        return None;
    }
    // YAML allows a sign and no digit beside the point, JSON does not.
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(unsigned) => ("-", unsigned),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let zero = if unsigned.starts_with('.') { "0" } else { "" };
    let end = if unsigned.ends_with('.') { "0" } else { "" };
    let text = format!("{sign}{zero}{unsigned}{end}");
    // An exponent is another spelling of the same digits.
    let is_short = text.contains(['e', 'E']) && text.len() <= SHOWN && beyond(&text).is_none();
    let is_shown = text == number.to_string() || is_short;
    (means(&text, number) && !is_shown).then_some(text)
}

/// Whether a text is the JSON of a number that this one stands for: its nearest double, or the one beyond all doubles.
fn means(text: &str, number: &Number) -> bool {
    let is_of_number = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
    text.bytes().all(is_of_number)
        && match beyond(text) {
            // This checks the form alone.
            Some(beyond) => number.as_f64() == Some(beyond) && serde_json::from_str::<IgnoredAny>(text).is_ok(),
            None => serde_json::from_str::<Number>(text).is_ok_and(|read| read == *number),
        }
}

/// Returns the double that stands for a number, if the number is beyond all doubles.
pub(crate) fn beyond(number: &str) -> Option<f64> {
    if number.len() < DOUBLE_DIGITS && !number.contains(['e', 'E']) {
        return None;
    }
    let is_number = number.trim_start_matches(['+', '-']).starts_with(|c: char| c == '.' || c.is_ascii_digit());
    let float = number.parse::<f64>().ok().filter(|float| is_number && float.is_infinite())?;
    Some(BEYOND.copysign(float))
}

/// Reads an integer, which may be written with a fraction of zero or an exponent.
pub(crate) fn integer(number: &str) -> Option<i128> {
    number.parse().ok().or_else(|| {
        let whole = format!("{:.0}", number.parse::<f64>().ok()?);
        whole.parse().ok().filter(|_| compare(number, &whole) == Some(Ordering::Equal))
    })
}

/// Compares two numbers as JSON exactly. Returns `None` if one is no number, or has an exponent that no number of use has.
pub(crate) fn compare(one: &str, other: &str) -> Option<Ordering> {
    let (one, other) = (Decimal::of(one)?, Decimal::of(other)?);
    let by_size = || (one.exponent, &one.digits).cmp(&(other.exponent, &other.digits));
    Some(one.sign.cmp(&other.sign).then_with(|| if one.sign < 0 { by_size().reverse() } else { by_size() }))
}

/// A number as `0.digits` times a power of ten. No zeros lead or trail the digits, so zero has none.
struct Decimal {
    sign: i8,
    exponent: i64,
    digits: String,
}

impl Decimal {
    fn of(number: &str) -> Option<Self> {
        let (sign, unsigned) = number.strip_prefix('-').map_or((1, number), |unsigned| (-1, unsigned));
        let (mantissa, power) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let digits = all.trim_start_matches('0');
        let point = i64::try_from(whole.len()).ok()? - i64::try_from(all.len() - digits.len()).ok()?;
        let digits = digits.trim_end_matches('0').to_owned();
        if digits.is_empty() {
            return Some(Self { sign: 0, exponent: 0, digits });
        }
        Some(Self { sign, exponent: point + i64::from(power.parse::<i32>().ok()?), digits })
    }
}

/// Returns a JSON text of the same length in which the numbers beyond all doubles are those that stand for them. Parsers refuse a
/// text with others as a whole.
pub(crate) fn within_doubles(text: &str) -> Cow<'_, str> {
    let (mut numbers, mut written, mut copied) = (Numbers::of(text), String::new(), 0);
    while let Some(number) = numbers.next() {
        if beyond(number).is_some() {
            let sign = if number.starts_with('-') { "-" } else { "" };
            written.push_str(&text[copied..numbers.at - number.len()]);
            let padding = number.len().saturating_sub(sign.len() + BEYOND_TEXT.len());
            written.extend([sign, BEYOND_TEXT, &" ".repeat(padding)]);
            copied = numbers.at;
        }
    }
    if copied == 0 { Cow::Borrowed(text) } else { Cow::Owned(written + &text[copied..]) }
}

/// Puts the digits of a member into its object.
pub(crate) fn attach(object: &mut Map<String, Value>, key: &str, digits: Value) {
    let all = object.entry(DIGITS).or_insert_with(|| Map::new().into());
    if let Some(all) = all.as_object_mut() {
        all.insert(key.to_owned(), digits);
    }
}

/// Adds the digits of the members that an object takes over from another.
pub(crate) fn add(own: &mut Map<String, Value>, others: &Value) {
    for (key, digits) in others.as_object().into_iter().flatten() {
        if own.get(DIGITS).is_none_or(|own| own.get(key).is_none()) {
            attach(own, key, digits.clone());
        }
    }
}

/// The digits of the numbers of a tree, by their pointers.
#[derive(Debug, Clone, Default)]
pub struct Digits(HashMap<String, String>);

impl Digits {
    /// Takes the digits out of a tree.
    pub(crate) fn take(tree: &mut Value) -> Self {
        let mut digits = Self::default();
        digits.take_below(tree, &mut String::new());
        digits
    }

    fn take_below(&mut self, node: &mut Value, at: &mut String) {
        let length = at.len();
        match node {
            Value::Object(map) => {
                if let Some(digits) = map.shift_remove(DIGITS) {
                    self.note(&digits, at);
                }
                for (key, child) in map {
                    pointer::push(at, key);
                    self.take_below(child, at);
                    at.truncate(length);
                }
            }
            Value::Array(items) => {
                for (index, child) in items.iter_mut().enumerate() {
                    pointer::push(at, &index.to_string());
                    self.take_below(child, at);
                    at.truncate(length);
                }
            }
            _ => {}
        }
    }

    fn note(&mut self, digits: &Value, at: &str) {
        match digits {
            Value::String(digits) => drop(self.0.insert(at.to_owned(), digits.clone())),
            Value::Array(items) => {
                for (index, digits) in items.iter().enumerate() {
                    self.note(digits, &pointer::join(at, &index.to_string()));
                }
            }
            Value::Object(members) => {
                members.iter().for_each(|(key, digits)| self.note(digits, &pointer::join(at, key)));
            }
            _ => {}
        }
    }

    /// Returns a tree as indented JSON, with the digits of its numbers.
    pub fn json(&self, tree: &Value) -> String {
        // A tree of JSON values serialises.
        let text = serde_json::to_string_pretty(tree).unwrap_or_default();
        if self.0.is_empty() {
            return text;
        }
        let mut written = String::with_capacity(text.len());
        let (mut numbers, mut copied) = (Numbers::of(&text), 0);
        self.visit(tree, &mut String::new(), &mut |digits| {
            let Some(number) = numbers.next() else { return };
            if let Some(digits) = digits {
                written.push_str(&text[copied..numbers.at - number.len()]);
                written.push_str(digits);
                copied = numbers.at;
            }
        });
        written + &text[copied..]
    }

    /// Visits the digits of all numbers, in their order.
    fn visit(&self, node: &Value, at: &mut String, visit: &mut dyn FnMut(Option<&str>)) {
        let length = at.len();
        match node {
            Value::Number(number) => {
                visit(self.0.get(at.as_str()).map(String::as_str).filter(|digits| means(digits, number)));
            }
            Value::Object(map) => {
                for (key, child) in map {
                    pointer::push(at, key);
                    self.visit(child, at, visit);
                    at.truncate(length);
                }
            }
            Value::Array(items) => {
                for (index, child) in items.iter().enumerate() {
                    pointer::push(at, &index.to_string());
                    self.visit(child, at, visit);
                    at.truncate(length);
                }
            }
            _ => {}
        }
    }
}

/// A value of the tree, with the digits of its numbers. It displays as JSON.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ExactValue<'t> {
    pub(crate) value: &'t Value,
    digits: Option<&'t Value>,
}

impl<'t> ExactValue<'t> {
    /// Returns a member of an object.
    pub(crate) fn member(object: &'t Map<String, Value>, key: &str) -> Option<Self> {
        let value = object.member(key)?;
        Some(Self { value, digits: object.member(DIGITS).and_then(|all| all.get(key)) })
    }

    /// Returns the items of a list.
    pub(crate) fn items(self) -> impl Iterator<Item = Self> {
        let digits = self.digits.and_then(Value::as_array).filter(|_| self.value.is_array());
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(move |(index, value)| Self { value, digits: digits.and_then(|all| all.get(index)) })
    }

    /// Returns the JSON of the value, truncated after so many bytes.
    pub(crate) fn shortened(self, most: usize) -> String {
        let mut short = Short { text: String::new(), most };
        // Writing fails at the limit.
        let _ = write!(short, "{self}");
        short.text
    }

    /// Returns the JSON of the value, unless it has more bytes than that.
    pub(crate) fn within(self, most: usize) -> Option<String> {
        let mut short = Short { text: String::new(), most };
        write!(short, "{self}").is_ok().then_some(short.text)
    }

    /// Returns text that is the same for equal values: JSON whose members are in the order of their names.
    pub(crate) fn key(self) -> String {
        match self.value {
            Value::Array(_) => format!("[{}]", self.items().map(Self::key).collect::<Vec<_>>().join(",")),
            Value::Object(map) => {
                let members = map.keys().filter(|key| *key != DIGITS);
                let mut members: Vec<(&String, Self)> =
                    members.filter_map(|key| Some((key, Self::member(map, key)?))).collect();
                members.sort_unstable_by_key(|(key, _)| *key);
                let text = |(key, value): (&String, Self)| format!("{}:{}", Value::String(key.clone()), value.key());
                format!("{{{}}}", members.into_iter().map(text).collect::<Vec<_>>().join(","))
            }
            _ => self.to_string(),
        }
    }

    /// Returns the JSON of a number, or `None` for another value.
    pub(crate) fn number(self) -> Option<String> {
        let number = self.value.as_number()?;
        let digits = self.digits.and_then(Value::as_str).filter(|digits| means(digits, number));
        Some(digits.map_or_else(|| number.to_string(), str::to_owned))
    }
}

/// A text with a maximal length in bytes.
struct Short {
    text: String,
    most: usize,
}

impl fmt::Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.text.len() + text.len() > self.most {
            self.text.push('…');
            return Err(fmt::Error);
        }
        self.text.push_str(text);
        Ok(())
    }
}

impl<'t> From<&'t Value> for ExactValue<'t> {
    fn from(value: &'t Value) -> Self {
        Self { value, digits: None }
    }
}

impl fmt::Display for ExactValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value {
            Value::Array(_) => {
                f.write_str("[")?;
                for (index, item) in self.items().enumerate() {
                    write!(f, "{}{item}", if index > 0 { "," } else { "" })?;
                }
                f.write_str("]")
            }
            Value::Object(map) => {
                f.write_str("{")?;
                for (index, key) in map.keys().filter(|key| *key != DIGITS).enumerate() {
                    let Some(value) = Self::member(map, key) else { continue };
                    // A string displays as JSON.
                    let key = Value::String(key.clone());
                    write!(f, "{}{key}:{value}", if index > 0 { "," } else { "" })?;
                }
                f.write_str("}")
            }
            value => match self.number() {
                Some(number) => f.write_str(&number),
                None => write!(f, "{value}"),
            },
        }
    }
}

/// The numbers in a JSON text, in its order.
pub(crate) struct Numbers<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Numbers<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        Self { text, at: 0 }
    }
}

impl<'t> Iterator for Numbers<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b'"' => self.at = end_of_string(self.text, self.at + 1),
                b'-' | b'0'..=b'9' => {
                    let start = self.at;
                    let is_part = |byte: &&u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
                    self.at += bytes[start..].iter().take_while(is_part).count();
                    return self.text.get(start..self.at);
                }
                _ => self.at += 1,
            }
        }
        None
    }
}

/// Returns the place behind the closing quote of a JSON string whose content begins here.
fn end_of_string(text: &str, start: usize) -> usize {
    let content = text.get(start..).unwrap_or_default();
    let escapes = |at: usize| content.as_bytes()[..at].iter().rev().take_while(|byte| **byte == b'\\').count();
    let end = content.match_indices('"').find(|(at, _)| escapes(*at) % 2 == 0);
    end.map_or(text.len(), |(at, _)| start + at + 1)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn digits_are_those_that_a_double_does_not_show() {
        let of =
            |text: &str| digits_of(&text.trim_start_matches('+').parse::<f64>().ok().and_then(Number::from_f64)?, text);
        for (text, digits) in [
            ("18446744073709551616", Some("18446744073709551616")),
            ("1.10", Some("1.10")),
            ("+1.50", Some("1.50")),
            (".250", Some("0.250")),
            ("-.250", Some("-0.250")),
            ("3.", None),
            ("1.0e+19", None),
            ("1.00000000000000000001e2", Some("1.00000000000000000001e2")),
            ("1.5", None),
            ("007.5", None),
        ] {
            assert_eq!(of(text).as_deref(), digits, "{text}");
        }
        assert_eq!(digits_of(&5.into(), "5"), None);
    }

    #[test]
    fn numbers_beyond_doubles_have_one_that_stands_for_them() {
        let nines = "9".repeat(400);
        for (text, within) in [
            (r#"{"a": 1e400, "b": "2e400"}"#, r#"{"a": 1e308, "b": "2e400"}"#),
            ("[-1e4000, 1]", "[-1e308 , 1]"),
            ("[1e-400, 1e308]", "[1e-400, 1e308]"),
        ] {
            assert_eq!(within_doubles(text), within);
        }
        assert_eq!(beyond(&nines), Some(BEYOND));
        assert_eq!(beyond("-1e400"), Some(-BEYOND));
        let number = Number::from_f64(BEYOND).unwrap();
        assert_eq!(digits_of(&number, &nines).as_deref(), Some(nines.as_str()));
        assert_eq!(digits_of(&number, "1e400").as_deref(), Some("1e400"));
        assert_eq!(digits_of(&number, "00e400"), None);
        assert_eq!(digits_of(&number, "01e400"), None);
        assert_eq!(digits_of(&5.into(), "1e400"), None);
    }

    #[test]
    fn numbers_compare_by_all_their_digits() {
        for (one, other, order) in [
            ("9007199254740993", "9007199254740992", Ordering::Greater),
            ("-9007199254740993", "-9007199254740992", Ordering::Less),
            ("1.50", "15e-1", Ordering::Equal),
            ("1.5", "1.49999999999999999999", Ordering::Greater),
            ("0.05", "5E-3", Ordering::Greater),
            ("1e400", "1e+401", Ordering::Less),
            ("-1", "0.0", Ordering::Less),
            ("-0", "0", Ordering::Equal),
            ("99", "100", Ordering::Less),
        ] {
            assert_eq!(compare(one, other), Some(order), "{one} {other}");
            assert_eq!(compare(other, one), Some(order.reverse()), "{other} {one}");
        }
        assert_eq!(compare("1e99999999999", "1"), None);
        assert_eq!(compare("a", "1"), None);
    }

    #[test]
    fn digits_of_a_replaced_number_do_not_count() {
        let mut schema = json!({"maximum": 1e20, "enum": [1.5, 1e20], DIGITS: {"maximum": "1\n", "enum": [null, "100000000000000000001"]}});
        let map = |schema: &Value| ExactValue::member(schema.as_object().unwrap(), "maximum").unwrap().number();
        assert_eq!(map(&schema).as_deref(), Some("1e+20"));
        schema[DIGITS]["maximum"] = "100000000000000000002".into();
        assert_eq!(map(&schema).as_deref(), Some("100000000000000000002"));
        let text = r#"{"maximum":100000000000000000002,"enum":[1.5,100000000000000000001]}"#;
        assert_eq!(ExactValue::from(&schema).to_string(), text);
        let [one, other] = [json!([{"a": 1, "b": {"c": "x", "d": 2}}]), json!([{"b": {"d": 2, "c": "x"}, "a": 1}])];
        assert_eq!(ExactValue::from(&one).key(), ExactValue::from(&other).key());
        assert_eq!(ExactValue::from(&one).key(), one.to_string());
        schema["maximum"] = 7.into();
        assert_eq!(map(&schema).as_deref(), Some("7"));
        let digits = Digits::take(&mut schema);
        assert_eq!(schema, json!({"maximum": 7, "enum": [1.5, 1e20]}));
        let text = "{\n  \"maximum\": 7,\n  \"enum\": [\n    1.5,\n    100000000000000000001\n  ]\n}";
        assert_eq!(digits.json(&schema), text);
        assert_eq!(
            digits.json(&json!({"enum": [1e20]})),
            serde_json::to_string_pretty(&json!({"enum": [1e20]})).unwrap()
        );
    }

    #[test]
    fn numbers_are_found_in_the_order_of_the_text() {
        let text = r#"{"1\"2": [3, -4.5e+6, "7\\", true], "b": {"c": 89}, "#;
        assert_eq!(Numbers::of(text).collect::<Vec<_>>(), ["3", "-4.5e+6", "89"]);
    }
}
