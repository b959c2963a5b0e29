//! Numbers as text.

use std::str::FromStr;

use serde_core::{Deserializer as _, Serialize, Serializer};
use serde_json::{Number, value::RawValue};

use crate::model::{failure::Failure, integer::Integer};

/// Returns whether the text is a JSON number.
pub(crate) fn is_number(text: &str) -> bool {
    /// Skips at least one digit and returns the rest of the text. Returns `None` if the text does not begin with a digit.
    fn after_digits(text: &str) -> Option<&str> {
        let rest = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
        (rest.len() < text.len()).then_some(rest)
    }
    let after = |text: &str| {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let mut rest = unsigned.strip_prefix('0').or_else(|| after_digits(unsigned))?;
        if let Some(fraction) = rest.strip_prefix('.') {
            rest = after_digits(fraction)?;
        }
        if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
            rest = after_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))?;
        }
        Some(rest.is_empty())
    };
    after(text) == Some(true)
}

/// Returns whether a JSON number has neither a fraction nor an exponent.
pub(crate) fn is_integer(number: &str) -> bool {
    !number.contains(['.', 'e', 'E'])
}

/// Returns a JSON number as `serde_json` reads it.
pub(crate) fn number(text: &str) -> Result<Number, Failure> {
    text.parse().map_err(|_| Failure::new("number out of range"))
}

/// Returns the integer of a JSON number, also of one that is written with a fraction of zero.
pub(crate) fn integer<T: FromStr + TryFrom<i64> + TryFrom<u64>>(text: &str, name: &'static str) -> Result<T, Failure> {
    if let Ok(integer) = text.parse() {
        return Ok(integer);
    }
    number(text)?.deserialize_any(Integer::new(name)).map_err(Failure::new)
}

/// Returns the integer of a text that a server sent as a number, or as a string, as many do beyond 64 bits.
pub(crate) fn wide_integer<T: FromStr + TryFrom<i64> + TryFrom<u64>>(
    text: &str,
    name: &'static str,
) -> Result<T, Failure> {
    let whole = Some(text).filter(|text| is_number(text)).and_then(whole);
    let integer = whole.and_then(|digits| digits.parse().ok());
    integer.ok_or_else(|| Failure::new(format_args!("expected {name}, found `{}`", shown(text))))
}

/// Returns the start of a text, for an error.
fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Returns the digits of a number without a fraction, whatever its form: `1e3` and `1000.0` are `1000`.
fn whole(number: &str) -> Option<String> {
    /// More zeros than the integers of 128 bits have digits.
    const MOST: usize = 40;
    let (factor, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (before, fraction) = factor.split_once('.').unwrap_or((factor, ""));
    let fraction = fraction.trim_end_matches('0');
    let exponent: usize = match exponent.parse::<i64>() {
        Ok(exponent) if exponent >= 0 => usize::try_from(exponent).ok()?,
        // `10e-1` is not worth the code that reads it.
        _ => return None,
    };
    let zeros = exponent.checked_sub(fraction.len()).filter(|zeros| *zeros <= MOST)?;
    Some(format!("{before}{fraction}{}", "0".repeat(zeros)))
}

/// Returns the float that is nearest to a JSON number.
pub(crate) fn float(text: &str) -> Result<f64, Failure> {
    let float = text.parse().ok().filter(|float: &f64| float.is_finite());
    float.ok_or_else(|| Failure::new("number out of range"))
}

/// Returns the number, if `serde_json` writes it as it is written here.
pub(crate) fn exact(text: &str) -> Option<Number> {
    text.parse().ok().filter(|number: &Number| number.to_string() == text)
}

/// Writes a JSON number with the digits of the text; other text as a string.
///
/// Most numbers survive in the types of serde, which all formats have. The others go to `serde_json` as text.
pub(crate) fn serialize<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if !is_number(text) {
        return serializer.serialize_str(text);
    }
    if let Some(integer) = text.parse().ok().filter(|integer: &i64| integer.to_string() == text) {
        return serializer.serialize_i64(integer);
    }
    if let Some(integer) = text.parse().ok().filter(|integer: &u64| integer.to_string() == text) {
        return serializer.serialize_u64(integer);
    }
    // Not by the type `Number`, which is a map in other formats if another crate enables `arbitrary_precision`.
    let is_exact = |float: &f64| Number::from_f64(*float).is_some_and(|number| number.to_string() == text);
    if let Some(float) = text.parse().ok().filter(is_exact) {
        return serializer.serialize_f64(float);
    }
    match RawValue::from_string(text.to_owned()) {
        Ok(raw) => raw.serialize(serializer),
        Err(_) => serializer.serialize_str(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_json() {
        for text in ["0", "-0", "10", "1.50", "-1e5", "1E+400", "0.1e-2", "123456789012345678901234567890"] {
            assert!(is_number(text), "{text}");
        }
        for text in ["", "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x1", " 1", "1 ", "NaN", "1_000", "1,5", "１"] {
            assert!(!is_number(text), "{text}");
        }
    }

    #[test]
    fn integers_are_read_of_every_size_and_form() {
        assert_eq!(integer::<i64>("5.0", "i64").unwrap(), 5);
        assert_eq!(integer::<i64>("-0", "i64").unwrap(), 0);
        assert_eq!(integer::<i128>("-170141183460469231731687303715884105728", "i128").unwrap(), i128::MIN);
        assert!(integer::<i64>("5.5", "i64").is_err());
        assert!(integer::<i32>("3000000000", "i32").is_err());
        assert!(integer::<u128>("340282366920938463463374607431768211456", "u128").is_err());
        assert!(integer::<i128>("1e999", "i128").is_err());
    }

    #[test]
    fn wide_integers_are_exact_in_every_form() {
        let read = |text: &str| wide_integer::<i128>(text, "i128").ok();
        for (text, expected) in [
            ("12345678901234567890.0", Some(12_345_678_901_234_567_890)),
            ("1e20", Some(100_000_000_000_000_000_000)),
            ("-1.5E+2", Some(-150)),
            ("0.0", Some(0)),
            ("1.5", None),
            ("1e999999999999999999999", None),
            ("1e400", None),
            ("many", None),
            ("", None),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
