//! Dates with times.

use std::fmt;

/// A date and time as RFC 3339 text. The text is kept unchanged, so a malformed date does not make a response fail.
/// Dates have no order, because the order of texts is not that of times; convert them to compare them.
///
/// The features `jiff`, `chrono` and `time` add conversions to and from the types of these crates.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DateTime(String);

impl DateTime {
    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Parses the text as a timestamp.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a date and time with an offset.
    #[cfg(feature = "jiff")]
    pub fn to_jiff(&self) -> Result<jiff::Timestamp, jiff::Error> {
        self.0.parse()
    }

    /// Parses the text as a date and time with an offset.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not RFC 3339.
    #[cfg(feature = "chrono")]
    pub fn to_chrono(&self) -> Result<chrono::DateTime<chrono::FixedOffset>, chrono::ParseError> {
        chrono::DateTime::parse_from_rfc3339(&self.0)
    }

    /// Parses the text as a date and time with an offset.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not RFC 3339.
    #[cfg(feature = "time")]
    pub fn to_time(&self) -> Result<time::OffsetDateTime, time::error::Parse> {
        time::OffsetDateTime::parse(&self.0, &time::format_description::well_known::Rfc3339)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for DateTime {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for DateTime {
    fn from(text: String) -> Self {
        Self(text)
    }
}

#[cfg(feature = "jiff")]
impl From<jiff::Timestamp> for DateTime {
    fn from(moment: jiff::Timestamp) -> Self {
        Self(moment.to_string())
    }
}

#[cfg(feature = "chrono")]
impl<Z: chrono::TimeZone> From<chrono::DateTime<Z>> for DateTime {
    fn from(moment: chrono::DateTime<Z>) -> Self {
        Self(moment.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
    }
}

/// Fails if the year does not have four digits or the offset has seconds, which RFC 3339 does not allow.
#[cfg(feature = "time")]
impl TryFrom<time::OffsetDateTime> for DateTime {
    type Error = time::error::Format;

    fn try_from(moment: time::OffsetDateTime) -> Result<Self, Self::Error> {
        moment.format(&time::format_description::well_known::Rfc3339).map(Self)
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
