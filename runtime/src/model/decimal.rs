//! Numbers that keep their digits.

use std::{fmt, str::FromStr};

use crate::model::digits;

/// A number that keeps its digits, however many it has. In JSON it is a number or a string, as the API declares it; both
/// are read.
///
/// The text is kept unchanged, in the form in which it was received: `1.50` and `1.5` are two texts, and not equal.
/// Decimals have no order, because the order of texts is not that of numbers; convert them to compare them or to calculate.
/// A string that is no number does not make a response fail: it is kept too, and sent as a string.
///
/// The feature `rust_decimal` adds conversions to and from the type of this crate.
///
/// In formats other than JSON, digits that no number of the format holds are written as `serde_json` writes a `RawValue`
/// there.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Decimal(String);

impl Decimal {
    /// Keeps what was received.
    pub(crate) fn received(text: String) -> Self {
        Self(text)
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the nearest float, or `None` if the text is no number or beyond the range of floats.
    pub fn to_f64(&self) -> Option<f64> {
        self.number().and_then(|digits| digits::float(digits).ok())
    }

    /// Returns the integer, or `None` if the text is no integer of up to 128 bits.
    pub fn to_i128(&self) -> Option<i128> {
        self.number().and_then(|digits| digits.parse().ok())
    }

    /// Returns the number in the type of `rust_decimal`.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is no number, or if the type cannot hold all its digits.
    #[cfg(feature = "rust_decimal")]
    pub fn to_rust_decimal(&self) -> Result<rust_decimal::Decimal, rust_decimal::Error> {
        let digits = self.number().unwrap_or_default();
        match digits.split_once(['e', 'E']) {
            // Digits that the type does not have are an error of the first function, and rounded by the second.
            Some((factor, _)) => rust_decimal::Decimal::from_str_exact(factor)
                .and_then(|_| rust_decimal::Decimal::from_scientific(digits)),
            None => rust_decimal::Decimal::from_str_exact(digits),
        }
    }

    fn number(&self) -> Option<&str> {
        Some(self.as_str()).filter(|text| digits::is_number(text))
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decimal({})", self.0)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The error of a text that is not a JSON number, or of a float that is infinite or not a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotANumber(());

impl fmt::Display for NotANumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a JSON number")
    }
}

impl std::error::Error for NotANumber {}

impl FromStr for Decimal {
    type Err = NotANumber;

    /// Takes a JSON number: digits with an optional sign `-`, fraction and exponent.
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        if digits::is_number(text) { Ok(Self(text.to_owned())) } else { Err(NotANumber(())) }
    }
}

impl TryFrom<f64> for Decimal {
    type Error = NotANumber;

    /// Takes the shortest digits that give the float again.
    fn try_from(float: f64) -> Result<Self, NotANumber> {
        serde_json::Number::from_f64(float).map(|number| Self(number.to_string())).ok_or(NotANumber(()))
    }
}

macro_rules! from_integers {
    ($($integer:ty)+) => {
        $(impl From<$integer> for Decimal {
            fn from(integer: $integer) -> Self {
                Self(integer.to_string())
            }
        })+
    };
}

from_integers! { i32 u32 i64 u64 i128 u128 }

#[cfg(feature = "rust_decimal")]
impl From<rust_decimal::Decimal> for Decimal {
    fn from(number: rust_decimal::Decimal) -> Self {
        Self(number.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = "-1234567890123456789012345678901234567890.1234500";

    #[test]
    fn every_digit_survives() {
        for text in ["1.50", "0.1", "5", "-0", "1e2", "1E+400", "18446744073709551616", LONG] {
            let number: Decimal = serde_json::from_str(text).unwrap();
            assert_eq!((number.as_str(), serde_json::to_string(&number).unwrap().as_str()), (text, text));
            assert_eq!(serde_json::from_str::<Decimal>(&format!("\"{text}\"")).unwrap(), number);
            assert_eq!(text.parse(), Ok(number));
        }
    }

    #[test]
    fn a_string_that_is_no_number_is_kept() {
        let number: Decimal = serde_json::from_str("\"n/a\"").unwrap();
        assert_eq!((number.as_str(), serde_json::to_string(&number).unwrap().as_str()), ("n/a", "\"n/a\""));
        assert_eq!((number.to_f64(), number.to_i128()), (None, None));
        for json in ["null", "true", "[1]", "{}"] {
            assert!(serde_json::from_str::<Decimal>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn only_numbers_are_parsed() {
        assert!("n/a".parse::<Decimal>().is_err());
        assert!(Decimal::try_from(f64::NAN).is_err());
        assert_eq!(Decimal::try_from(0.1).unwrap().as_str(), "0.1");
        assert_eq!(Decimal::from(-5).as_str(), "-5");
    }

    #[test]
    fn it_converts_on_demand() {
        let number = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!((number("2.50").to_f64(), number("1e999").to_f64()), (Some(2.5), None));
        assert_eq!((number("-7").to_i128(), number("7.5").to_i128()), (Some(-7), None));
    }

    #[test]
    fn other_formats_take_what_their_numbers_hold() {
        assert_eq!(serde_json::to_value(Decimal::from(5)).unwrap(), serde_json::json!(5));
        let from_value: Decimal = serde_json::from_value(serde_json::json!(1.25)).unwrap();
        assert_eq!(from_value.as_str(), "1.25");
    }

    #[cfg(feature = "rust_decimal")]
    #[test]
    fn it_becomes_a_decimal_of_rust_decimal_and_back() {
        for text in ["1.50", "-0.001", "79228162514264337593543950335"] {
            let number = text.parse::<Decimal>().unwrap().to_rust_decimal().unwrap();
            assert_eq!(Decimal::from(number).as_str(), text);
        }
        assert_eq!("1e2".parse::<Decimal>().unwrap().to_rust_decimal().unwrap().to_string(), "100");
        assert!(LONG.parse::<Decimal>().unwrap().to_rust_decimal().is_err());
        assert!(Decimal::received("n/a".to_owned()).to_rust_decimal().is_err());
    }
}
