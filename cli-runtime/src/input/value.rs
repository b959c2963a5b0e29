//! Reads values of each kind from text.

use lowcodeapi_runtime::Decimal;
use serde_json::{Number, Value};

use super::source::{Given, Origin};
use crate::{
    failure::Failure,
    table::{Kind, Opt},
};

/// The longest value that an error repeats, in characters.
const SHOWN: usize = 60;

/// Reads the value of an option. Objects are read elsewhere.
pub(super) fn read(option: &Opt, given: &Given) -> Result<Value, Failure> {
    let text = given.text.as_str();
    let read = match option.kind {
        Kind::Text => Ok(Value::from(text)),
        Kind::Integer => integer(text.trim()),
        Kind::Number => number(text.trim()),
        Kind::Decimal => decimal(text.trim()),
        Kind::Boolean => match text.trim() {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err("`true` or `false`".to_owned()),
        },
        Kind::Time if is_time(text.trim()) => Ok(Value::from(text.trim())),
        Kind::Time => Err("a time such as `2030-01-31T12:00:00Z`".to_owned()),
        Kind::Object | Kind::Json | Kind::File => structured(text).map_err(|error| format!("JSON or YAML ({error})")),
    };
    read.map_err(|expected| mistake(option, given, &expected))
}

/// Returns the failure for a value that is not what is expected.
pub(super) fn mistake(option: &Opt, given: &Given, expected: &str) -> Failure {
    let got = match &given.origin {
        _ if option.is_secret => "what was given".to_owned(),
        Origin::CommandLine => shown(&given.text),
        Origin::File(path) => format!("the content of {path}"),
        Origin::StandardInput => "standard input".to_owned(),
    };
    Failure::usage(format!("`--{}`: expected {expected}, not {got}", option.name))
}

fn shown(text: &str) -> String {
    let shown: String = text.chars().filter(|letter| !letter.is_control()).take(SHOWN).collect();
    let rest = if text.chars().count() > SHOWN { "…" } else { "" };
    format!("`{shown}{rest}`")
}

fn integer(text: &str) -> Result<Value, String> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("an integer".to_owned());
    }
    let integer = text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from));
    integer.map(Value::Number).map_err(|_| "an integer of at most 64 bits".to_owned())
}

fn number(text: &str) -> Result<Value, String> {
    if let Ok(integer) = integer(text) {
        return Ok(integer);
    }
    let number = text.parse::<f64>().ok().and_then(Number::from_f64);
    number.map(Value::Number).ok_or_else(|| "a number".to_owned())
}

/// Reads a number. One whose digits a JSON value cannot hold becomes a string, which its type takes as a number.
fn decimal(text: &str) -> Result<Value, String> {
    let decimal: Decimal = text.parse().map_err(|_| "a number".to_owned())?;
    let number = number(text)?;
    let is_exact = number.to_string().as_str() == text;
    Ok(if is_exact { number } else { decimal.as_str().into() })
}

/// Returns whether a text begins as a time of RFC 3339 does. The server knows which parts it needs.
fn is_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| bytes.get(range).is_some_and(|it| it.iter().all(u8::is_ascii_digit));
    let is = |index: usize, wanted: &[u8]| bytes.get(index).is_some_and(|byte| wanted.contains(byte));
    let is_date = digits(0..4) && is(4, b"-") && digits(5..7) && is(7, b"-") && digits(8..10);
    is_date && (bytes.len() == 10 || (is(10, b"Tt ") && digits(11..13) && is(13, b":") && digits(14..16)))
}

/// Reads JSON, or else YAML. Only empty text is text.
pub(super) fn structured(text: &str) -> Result<Value, String> {
    if text.trim().is_empty() {
        return Ok(Value::from(text));
    }
    let of_json = match serde_json::from_str(text) {
        Ok(value) => {
            return match beyond_64_bits(text) {
                Some(integer) => Err(format!("{integer} has more than 64 bits")),
                None => Ok(value),
            };
        }
        Err(error) => error,
    };
    // What begins as JSON does is meant to be JSON, and so its mistakes are.
    let is_json = text.trim_start().starts_with(['{', '[', '"']);
    serde_yaml::from_str(text).map_err(|of_yaml| if is_json { of_json.to_string() } else { of_yaml.to_string() })
}

/// Returns the first integer in JSON that a parser would round, because it has more than 64 bits.
fn beyond_64_bits(json: &str) -> Option<&str> {
    let mut rest = json;
    while let Some(start) = rest.find(|letter: char| letter == '"' || letter == '-' || letter.is_ascii_digit()) {
        rest = &rest[start..];
        if let Some(string) = rest.strip_prefix('"') {
            let mut is_escaped = false;
            let end = string.find(|letter| {
                let ends = letter == '"' && !is_escaped;
                is_escaped = letter == '\\' && !is_escaped;
                ends
            })?;
            rest = &string[end + 1..];
            continue;
        }
        let end =
            rest.find(|letter: char| !matches!(letter, '-' | '+' | '.' | 'e' | 'E' | '0'..='9')).unwrap_or(rest.len());
        let (number, after) = rest.split_at(end);
        let is_integer = !number.contains(['.', 'e', 'E']);
        if is_integer && number.parse::<i64>().is_err() && number.parse::<u64>().is_err() {
            return Some(number);
        }
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(kind: Kind, text: &str) -> Result<Value, String> {
        let given = Given { text: text.to_owned(), origin: Origin::CommandLine };
        read(&Opt::new("x", "x", kind, ""), &given).map_err(|failure| failure.message)
    }

    #[test]
    fn integers_are_exact_or_refused() {
        for text in ["0", "-5", "9007199254740993", "18446744073709551615", "-9223372036854775808"] {
            assert_eq!(of(Kind::Integer, text).unwrap().to_string(), text);
        }
        assert_eq!(of(Kind::Integer, "1.0"), Err("`--x`: expected an integer, not `1.0`".to_owned()));
        assert!(of(Kind::Integer, "").is_err() && of(Kind::Integer, "-").is_err() && of(Kind::Integer, "1e3").is_err());
        assert!(of(Kind::Integer, "18446744073709551616").unwrap_err().contains("at most 64 bits"));
    }

    #[test]
    fn each_kind_says_what_it_expects() {
        assert_eq!(of(Kind::Number, "2.50"), Ok(json!(2.5)));
        assert_eq!(of(Kind::Number, "18446744073709551615"), Ok(json!(u64::MAX)));
        assert_eq!(of(Kind::Number, "nan"), Err("`--x`: expected a number, not `nan`".to_owned()));
        assert_eq!(of(Kind::Decimal, "2.5"), Ok(json!(2.5)));
        assert_eq!(of(Kind::Decimal, "2.50"), Ok(json!("2.50")));
        assert_eq!(of(Kind::Decimal, "123456789012345678901234567890"), Ok(json!("123456789012345678901234567890")));
        assert_eq!(of(Kind::Decimal, "+1"), Err("`--x`: expected a number, not `+1`".to_owned()));
        assert_eq!(of(Kind::Boolean, "false"), Ok(json!(false)));
        assert_eq!(of(Kind::Boolean, "no"), Err("`--x`: expected `true` or `false`, not `no`".to_owned()));
        assert_eq!(of(Kind::Text, " 5 "), Ok(json!(" 5 ")));
        for time in ["2030-01-31T12:00:00Z", "2030-01-31 12:00", "2030-01-31"] {
            assert_eq!(of(Kind::Time, time), Ok(json!(time)));
        }
        assert!(of(Kind::Time, "tomorrow").unwrap_err().contains("expected a time such as"));
        let long = of(Kind::Integer, &"x".repeat(1_000)).unwrap_err();
        assert!(long.ends_with("x…`") && long.len() < 120, "{long}");
    }

    #[test]
    fn json_may_be_yaml() {
        assert_eq!(of(Kind::Json, r#"{"a": [1, null]}"#), Ok(json!({"a": [1, null]})));
        assert_eq!(of(Kind::Json, "a: [1, two]\nb: {c: true}"), Ok(json!({"a": [1, "two"], "b": {"c": true}})));
        assert_eq!(of(Kind::Json, "hello"), Ok(json!("hello")));
        assert_eq!(of(Kind::Json, ""), Ok(json!("")));
        assert!(of(Kind::Json, r#"{"a": 1"#).unwrap_err().contains("EOF"), "the mistake is JSON's");
        assert!(of(Kind::Json, "a: b: c").is_err());
    }

    #[test]
    fn integers_in_json_are_exact_or_refused() {
        let exact =
            r#"[18446744073709551615, -9223372036854775808, 1e30, "99999999999999999999\"99999999999999999999"]"#;
        assert_eq!(structured(exact).map(|it| it[0].to_string()), Ok("18446744073709551615".to_owned()));
        let error = structured(r#"{"\\": "\"", "id": 123456789012345678901}"#).unwrap_err();
        assert_eq!(error, "123456789012345678901 has more than 64 bits");
    }

    #[test]
    fn secrets_are_not_repeated() {
        let given = Given { text: "hunter2".to_owned(), origin: Origin::CommandLine };
        let failure = read(&Opt::new("pin", "pin", Kind::Integer, "").secret(), &given).unwrap_err();
        assert_eq!(failure.message, "`--pin`: expected an integer, not what was given");
    }
}
