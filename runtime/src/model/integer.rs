//! Reads integers, including those written with a fraction of zero.

use std::{fmt, marker::PhantomData};

use serde_core::{
    Deserializer,
    de::{Unexpected, Visitor},
};

pub(crate) fn read_i64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    deserializer.deserialize_i64(Integer::new("i64"))
}

/// Reads an integer, including one that is written with a fraction of zero.
pub(crate) struct Integer<T> {
    name: &'static str,
    of: PhantomData<T>,
}

impl<T> Integer<T> {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, of: PhantomData }
    }
}

impl<T: TryFrom<i64> + TryFrom<u64>> Visitor<'_> for Integer<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }

    fn visit_i64<E: serde_core::de::Error>(self, value: i64) -> Result<T, E> {
        T::try_from(value).map_err(|_| E::invalid_value(Unexpected::Signed(value), &self))
    }

    fn visit_u64<E: serde_core::de::Error>(self, value: u64) -> Result<T, E> {
        T::try_from(value).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    fn visit_f64<E: serde_core::de::Error>(self, value: f64) -> Result<T, E> {
        let integer = integral(value).and_then(|integer| T::try_from(integer).ok());
        integer.ok_or_else(|| E::invalid_type(Unexpected::Float(value), &self))
    }
}

/// Converts a number with a fraction of zero to an integer, if the float is exact.
#[expect(clippy::cast_possible_truncation, reason = "the value is within the range")]
fn integral(value: f64) -> Option<i64> {
    /// 2^53: above it, not every integer is representable.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (value.fract() == 0.0 && value.abs() <= EXACT).then_some(value as i64)
}
