//! Reads JSON text.

use serde_json::Value;

use crate::model::{Decodable, Failure, decode, meter::Meter};

/// Reads any JSON value, unless it would need far more memory than its text.
pub(crate) fn read_value(text: &[u8]) -> Option<Value> {
    read_json(text, &Meter::of_text(text.len(), 0)).ok()
}

/// Reads text that holds one value.
pub(crate) fn read_json<T: Decodable>(body: &[u8], meter: &Meter) -> Result<T, Failure> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = decode(&mut reader, meter)?;
    reader.end().map_err(Failure::new)?;
    Ok(value)
}

/// Returns the text without a UTF-8 byte order mark.
pub(crate) fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_keeps_its_digits() {
        for text in ["0.43902439024390244", "2.2200000000002002e+43", "5e-324", "1.7976931348623157e+308"] {
            let number: f64 = read_json(text.as_bytes(), &Meter::ambient()).unwrap();
            let any = read_value(text.as_bytes()).unwrap();
            assert_eq!((serde_json::to_string(&number).unwrap(), any.to_string()), (text.to_owned(), text.to_owned()));
        }
    }
}
