//! Dates with times.

use std::fmt;

use serde_core::de::Visitor;

/// A date and time as RFC 3339 text. The text is kept unchanged, so a malformed date does not make a response fail. Nor
/// does a number, which some servers send in its place: it is kept, and sent back as a number.
/// Dates have no order, because the order of texts is not that of times; convert them to compare them.
///
/// The features `jiff`, `chrono` and `time` add conversions to and from the types of these crates.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DateTime(Kept);

/// What a date is in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Kept {
    Text(String),
    Number(Box<str>),
}

impl DateTime {
    /// Returns the text, or the digits of a number.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Kept::Text(text) => text,
            Kept::Number(digits) => digits,
        }
    }

    /// Keeps a number that stands for a date.
    pub(crate) fn of_number(digits: &str) -> Self {
        Self(Kept::Number(digits.into()))
    }

    pub(crate) fn is_number(&self) -> bool {
        matches!(self.0, Kept::Number(_))
    }

    /// Parses the text as a timestamp.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a date and time with an offset.
    #[cfg(feature = "jiff")]
    pub fn to_jiff(&self) -> Result<jiff::Timestamp, jiff::Error> {
        self.as_str().parse()
    }

    /// Parses the text as a date and time with an offset.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not RFC 3339.
    #[cfg(feature = "chrono")]
    pub fn to_chrono(&self) -> Result<chrono::DateTime<chrono::FixedOffset>, chrono::ParseError> {
        chrono::DateTime::parse_from_rfc3339(self.as_str())
    }

    /// Parses the text as a date and time with an offset.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not RFC 3339.
    #[cfg(feature = "time")]
    pub fn to_time(&self) -> Result<time::OffsetDateTime, time::error::Parse> {
        time::OffsetDateTime::parse(self.as_str(), &time::format_description::well_known::Rfc3339)
    }
}

/// Returns whether the text is a date and time of RFC 3339. Of a month, it does not count the days.
pub(crate) fn is_rfc_3339(text: &str) -> bool {
    let is_number = |digits: &[u8], least: u32, most: u32| {
        let number = digits.iter().try_fold(0, |number, digit| Some(number * 10 + char::from(*digit).to_digit(10)?));
        number.is_some_and(|number| (least..=most).contains(&number))
    };
    let Some((moment, mut rest)) = text.as_bytes().split_first_chunk::<19>() else { return false };
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T' | b't' | b' ', h0, h1, b':', i0, i1, b':', s0, s1] = *moment
    else {
        return false;
    };
    let is_moment = is_number(&[y0, y1, y2, y3], 0, 9999)
        && is_number(&[m0, m1], 1, 12)
        && is_number(&[d0, d1], 1, 31)
        && is_number(&[h0, h1], 0, 23)
        && is_number(&[i0, i1], 0, 59)
        && is_number(&[s0, s1], 0, 60);
    if let [b'.', fraction @ ..] = rest {
        let digits = fraction.iter().take_while(|letter| letter.is_ascii_digit()).count();
        if digits == 0 {
            return false;
        }
        rest = &fraction[digits..];
    }
    let is_offset = match *rest {
        [b'Z' | b'z'] => true,
        [b'+' | b'-', h0, h1, b':', i0, i1] => is_number(&[h0, h1], 0, 23) && is_number(&[i0, i1], 0, 59),
        _ => false,
    };
    is_moment && is_offset
}

/// Reads a text, or a number that stands for a date.
pub(crate) struct Date;

impl Visitor<'_> for Date {
    type Value = DateTime;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: serde_core::de::Error>(self, text: &str) -> Result<DateTime, E> {
        Ok(text.into())
    }

    fn visit_i64<E: serde_core::de::Error>(self, value: i64) -> Result<DateTime, E> {
        Ok(DateTime::of_number(&value.to_string()))
    }

    fn visit_u64<E: serde_core::de::Error>(self, value: u64) -> Result<DateTime, E> {
        Ok(DateTime::of_number(&value.to_string()))
    }

    fn visit_f64<E: serde_core::de::Error>(self, value: f64) -> Result<DateTime, E> {
        Ok(DateTime::of_number(&value.to_string()))
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<&str> for DateTime {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<String> for DateTime {
    fn from(text: String) -> Self {
        Self(Kept::Text(text))
    }
}

#[cfg(feature = "jiff")]
impl From<jiff::Timestamp> for DateTime {
    fn from(moment: jiff::Timestamp) -> Self {
        moment.to_string().into()
    }
}

#[cfg(feature = "chrono")]
impl<Z: chrono::TimeZone> From<chrono::DateTime<Z>> for DateTime {
    fn from(moment: chrono::DateTime<Z>) -> Self {
        moment.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true).into()
    }
}

/// Fails if the year does not have four digits or the offset has seconds, which RFC 3339 does not allow.
#[cfg(feature = "time")]
impl TryFrom<time::OffsetDateTime> for DateTime {
    type Error = time::error::Format;

    fn try_from(moment: time::OffsetDateTime) -> Result<Self, Self::Error> {
        moment.format(&time::format_description::well_known::Rfc3339).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_stays_as_it_came() {
        for text in ["2026-11-24T23:00:00.5+01:00", "24/11/2026", ""] {
            let json = serde_json::to_string(text).unwrap();
            let date: DateTime = serde_json::from_str(&json).unwrap();
            assert_eq!((date.as_str(), serde_json::to_string(&date).unwrap()), (text, json));
        }
    }

    #[test]
    fn a_number_stays_one() {
        for digits in ["1700000000", "-1", "1700000000.5"] {
            let date: DateTime = serde_json::from_str(digits).unwrap();
            assert_eq!((date.as_str(), serde_json::to_string(&date).unwrap().as_str()), (digits, digits));
        }
        assert!(serde_json::from_str::<DateTime>("{}").is_err());
    }

    #[cfg(feature = "jiff")]
    #[test]
    fn it_becomes_a_date_of_jiff_and_back() {
        let moment = DateTime::from("2026-11-24T23:00:00.5+01:00").to_jiff().unwrap();
        assert_eq!(DateTime::from(moment).as_str(), "2026-11-24T22:00:00.5Z");
        assert!(DateTime::from("24/11/2026").to_jiff().is_err());
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn it_becomes_a_date_of_chrono_and_back() {
        let moment = DateTime::from("2026-11-24T23:00:00.5+01:00").to_chrono().unwrap();
        assert_eq!(DateTime::from(moment).as_str(), "2026-11-24T23:00:00.500+01:00");
        assert_eq!(DateTime::from(moment.to_utc()).as_str(), "2026-11-24T22:00:00.500Z");
        assert!(DateTime::from("24/11/2026").to_chrono().is_err());
    }

    #[cfg(feature = "time")]
    #[test]
    fn it_becomes_a_date_of_time_and_back() {
        let moment = DateTime::from("2026-11-24T23:00:00.5+01:00").to_time().unwrap();
        assert_eq!(DateTime::try_from(moment).unwrap().as_str(), "2026-11-24T23:00:00.5+01:00");
        assert!(DateTime::from("24/11/2026").to_time().is_err());
        let far = moment.replace_year(-1).unwrap();
        assert!(DateTime::try_from(far).is_err());
    }
}
