//! Lowers strings and numbers.

use serde_json::{Map, Value};

use super::{kinds::Kind, meet::Part};
use crate::{
    ir::Type,
    read::number::{DIGITS, ExactValue, attach},
};

pub(super) fn string_type(format: &str) -> Type {
    match format {
        "date-time" => Type::DateTime,
        "decimal" | "decimal128" => Type::DecimalText,
        "binary" => Type::Binary,
        _ => Type::Text,
    }
}

/// Returns the type of numbers of a format for all values of several schemas.
pub(super) fn number_type(parts: &[Part<'_>], format: &str, kind: Kind) -> Type {
    // A number with the format of an integer is an integer.
    if kind == Kind::Number && !matches!(format, "int32" | "int64" | "uint32" | "uint64" | "int128" | "uint128") {
        return if matches!(format, "decimal" | "decimal128") { Type::Decimal } else { Type::Number };
    }
    let mut all = Map::new();
    for part in parts {
        for key in BOUNDS.iter().copied().chain(["enum"]) {
            if let Some(value) = part.view.node.get(key) {
                all.insert(key.to_owned(), value.clone());
                if let Some(digits) = part.view.node.get(DIGITS).and_then(|all| all.get(key)) {
                    attach(&mut all, key, digits.clone());
                }
            }
        }
    }
    integer_type(&all, format)
}

/// Keywords that say which integers occur.
const BOUNDS: [&str; 6] = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "default", "const"];

/// Returns the smallest type, of 64 bits or more, for all integers that the schema names or allows. Beyond 128 bits, it is
/// the decimal, which keeps all digits.
fn integer_type(schema: &Map<String, Value>, format: &str) -> Type {
    let spoken = spoken(schema);
    let all_in = |range: Range| spoken.iter().all(|value| range.contains(*value));
    if format == "int32" && all_in(Range::I32) {
        return Type::Int32;
    }
    let has_floor = ["minimum", "exclusiveMinimum", "const", "enum"].iter().any(|key| schema.contains_key(*key));
    let is_unsigned =
        spoken.iter().all(|value| !value.is_negative()) && (has_floor || matches!(format, "uint64" | "uint128"));
    if matches!(format, "int256" | "uint256") {
        return Type::Decimal;
    }
    // `bigint` has 64 bits in databases and any number in JavaScript.
    let is_wide = matches!(format, "int128" | "uint128" | "bigint" | "biginteger" | "big-integer");
    let types = [
        (Type::UInt64, is_unsigned && format == "uint64", Range::U64),
        (Type::Int64, !is_wide, Range::I64),
        (Type::UInt64, is_unsigned && !is_wide, Range::U64),
        (Type::UInt128, is_unsigned && format == "uint128", Range::U128),
        (Type::Int128, true, Range::I128),
        (Type::UInt128, is_unsigned, Range::U128),
    ];
    let holds_all = types.into_iter().find(|(_, is_possible, range)| *is_possible && all_in(*range));
    holds_all.map_or(Type::Decimal, |(ty, ..)| ty)
}

/// An integer of a schema.
#[derive(Debug, Clone, Copy)]
enum Spoken {
    Integer(i128),
    /// An integer above those with a sign.
    Unsigned(u128),
    /// An integer beyond 128 bits, as the nearest double.
    Beyond(f64),
    /// A number with a point or an exponent.
    Float(f64),
}

impl Spoken {
    fn of(value: ExactValue<'_>) -> Option<Self> {
        let text = value.number()?;
        let is_whole = !text.contains(['.', 'e', 'E']);
        let (signed, unsigned) = (text.parse().map(Self::Integer), text.parse().map(Self::Unsigned));
        let float = value.value.as_f64().map(if is_whole { Self::Beyond } else { Self::Float });
        signed.or(unsigned).ok().or(float)
    }

    /// Returns the next integer, for the ends of ranges that are not part of them.
    fn next(self, step: i128) -> Self {
        /// Below, an integer has a float of its own.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        match self {
            Self::Integer(integer) => match integer.checked_add(step) {
                Some(next) => Self::Integer(next),
                None if step > 0 => Self::Unsigned(1 << 127),
                None => Self::Beyond(-(2.0_f64.powi(127))),
            },
            Self::Unsigned(integer) => match integer.checked_add_signed(step) {
                Some(next) => i128::try_from(next).map_or(Self::Unsigned(next), Self::Integer),
                None => Self::Beyond(2.0_f64.powi(128)),
            },
            // The ends of the types are the only floats where the difference matters.
            Self::Beyond(float) | Self::Float(float) if float.abs() >= EXACT => {
                Self::Float(if step < 0 { float.next_down() } else { float.next_up() })
            }
            Self::Beyond(_) | Self::Float(_) => self,
        }
    }

    fn is_negative(self) -> bool {
        match self {
            Self::Integer(integer) => integer < 0,
            Self::Unsigned(_) => false,
            Self::Beyond(float) | Self::Float(float) => float < 0.0,
        }
    }
}

/// Returns the integers that a schema names.
fn spoken(schema: &Map<String, Value>) -> Vec<Spoken> {
    let of = |key: &str| ExactValue::member(schema, key).and_then(Spoken::of);
    let is_exclusive = |key: &str| schema.get(key) == Some(&Value::Bool(true));
    // The exclusive keyword is a boolean in OpenAPI 3.0 and a number in 3.1.
    let least = of("minimum").map(|least| if is_exclusive("exclusiveMinimum") { least.next(1) } else { least });
    let most = of("maximum").map(|most| if is_exclusive("exclusiveMaximum") { most.next(-1) } else { most });
    let ends = [least, most, of("exclusiveMinimum").map(|it| it.next(1)), of("exclusiveMaximum").map(|it| it.next(-1))];
    let values = ExactValue::member(schema, "enum").into_iter().flat_map(ExactValue::items).filter_map(Spoken::of);
    ends.into_iter().chain([of("default"), of("const")]).flatten().chain(values).collect()
}

/// The values of an integer type.
#[derive(Debug, Clone, Copy)]
enum Range {
    I32,
    I64,
    U64,
    I128,
    U128,
}

impl Range {
    fn contains(self, value: Spoken) -> bool {
        /// Powers of two, which floats hold.
        const TWO_63: f64 = 9_223_372_036_854_775_808.0;
        const TWO_64: f64 = 18_446_744_073_709_551_616.0;
        const TWO_127: f64 = TWO_63 * TWO_64;
        const TWO_128: f64 = TWO_64 * TWO_64;
        match value {
            Spoken::Integer(integer) => match self {
                Self::I32 => i32::try_from(integer).is_ok(),
                Self::I64 => i64::try_from(integer).is_ok(),
                Self::U64 => u64::try_from(integer).is_ok(),
                Self::I128 => true,
                Self::U128 => integer >= 0,
            },
            Spoken::Unsigned(_) => matches!(self, Self::U128),
            Spoken::Beyond(_) => false,
            Spoken::Float(float) => match self {
                Self::I32 => f64::from(i32::MIN) <= float && float <= f64::from(i32::MAX),
                Self::I64 => (-TWO_63..TWO_63).contains(&float),
                Self::U64 => (0.0..TWO_64).contains(&float),
                // A converter may write the greatest integers of 128 bits as the powers of two above them.
                Self::I128 => (-TWO_127..=TWO_127).contains(&float),
                Self::U128 => (0.0..=TWO_128).contains(&float),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(schema: &Value) -> Type {
        let format = schema["format"].as_str().unwrap_or_default();
        integer_type(schema.as_object().unwrap(), format)
    }

    #[test]
    fn the_type_holds_integers_as_they_are_written() {
        for (digits, expected) in [
            ("9223372036854775808", Type::UInt64),
            ("18446744073709551616", Type::Int128),
            ("170141183460469231731687303715884105727", Type::Int128),
            ("170141183460469231731687303715884105728", Type::UInt128),
            ("340282366920938463463374607431768211455", Type::UInt128),
            ("340282366920938463463374607431768211456", Type::Decimal),
            ("1e30", Type::Int128),
        ] {
            let number: f64 = digits.parse().unwrap();
            let mut schema = json!({"minimum": 0, "maximum": number});
            schema[DIGITS] = json!({"maximum": digits});
            assert_eq!(of(&schema), expected, "{digits}");
            let list = json!({"enum": [0, number], DIGITS: {"enum": [null, digits]}});
            assert_eq!(of(&list), expected, "{digits}");
        }
        let below = json!({"minimum": -9_223_372_036_854_775_808.0, DIGITS: {"minimum": "-9223372036854775809"}});
        assert_eq!(of(&below), Type::Int128);
        let end = json!({"minimum": 0, "exclusiveMaximum": 2.0_f64.powi(128),
            DIGITS: {"exclusiveMaximum": "340282366920938463463374607431768211456"}});
        assert_eq!(of(&end), Type::UInt128);
    }

    #[test]
    fn the_type_holds_all_that_the_schema_allows() {
        for (schema, expected) in [
            (json!({}), Type::Int64),
            (json!({"format": "int32"}), Type::Int32),
            (json!({"format": "int32", "maximum": 3_000_000_000_i64}), Type::Int64),
            (json!({"minimum": 0, "maximum": 255}), Type::Int64),
            (json!({"minimum": 0, "maximum": u64::MAX}), Type::UInt64),
            (json!({"minimum": 0, "exclusiveMaximum": 18_446_744_073_709_551_616.0}), Type::UInt64),
            (json!({"minimum": 0, "maximum": 1.844_674_407_370_955_2e19}), Type::Int128),
            (json!({"minimum": -5, "maximum": u64::MAX}), Type::Int128),
            (json!({"maximum": u64::MAX}), Type::Int128),
            (json!({"minimum": i64::MIN, "maximum": i64::MAX}), Type::Int64),
            (json!({"minimum": 0, "maximum": 3.402_823_669_209_385e38}), Type::UInt128),
            (json!({"minimum": 0, "maximum": 1e77}), Type::Decimal),
            (json!({"minimum": -3e38}), Type::Decimal),
            (json!({"default": 1e30}), Type::Int128),
            (json!({"enum": [1, 1e30]}), Type::Int128),
            (json!({"const": u64::MAX}), Type::UInt64),
            (json!({"format": "uint64"}), Type::UInt64),
            (json!({"format": "uint64", "minimum": -1}), Type::Int64),
            (json!({"format": "uint128"}), Type::UInt128),
            (json!({"format": "int128", "minimum": 0, "maximum": 9}), Type::Int128),
            (json!({"format": "bigint"}), Type::Int128),
            (json!({"format": "uint256"}), Type::Decimal),
        ] {
            assert_eq!(of(&schema), expected, "{schema}");
        }
    }
}
