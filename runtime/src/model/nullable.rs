//! Explicit `null`.

use serde_core::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::{
    date_time::DateTime,
    decoder::{Decodable, Decoder},
    encodable::{Encodable, Encoder},
    failure::Failure,
};

/// A value that may be `null`. `Option<Nullable<T>>` distinguishes `null` from an absent value in requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nullable<T> {
    /// JSON `null`.
    Null,
    /// A value.
    Value(T),
}

impl<T> Nullable<T> {
    /// Converts the value.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Nullable<U> {
        match self {
            Self::Null => Nullable::Null,
            Self::Value(value) => Nullable::Value(convert(value)),
        }
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl From<&str> for Nullable<String> {
    fn from(text: &str) -> Self {
        Self::Value(text.to_owned())
    }
}

impl From<&str> for Nullable<DateTime> {
    fn from(text: &str) -> Self {
        Self::Value(text.into())
    }
}

impl<T> From<Option<T>> for Nullable<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Value(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::from)
    }
}

impl<T: Encodable> Encodable for Nullable<T> {
    fn encode(&self, to: Encoder<'_>) {
        match self {
            Self::Null => None::<T>.encode(to),
            Self::Value(value) => value.encode(to),
        }
    }
}

impl<T: Decodable> Decodable for Nullable<T> {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        Option::decode(from).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Field, Member};

    #[derive(Debug, PartialEq)]
    struct Model {
        three: Option<Nullable<i32>>,
        list: Vec<i32>,
    }

    impl Decodable for Model {
        fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
            let mut three = None;
            let mut list = Vec::new();
            from.object(&mut [Field::present("three", &mut three), Field::list("list", &mut list)])?;
            Ok(Self { three, list })
        }
    }

    impl Encodable for Model {
        fn encode(&self, to: Encoder<'_>) {
            to.object(&[Member::optional("three", &self.three), Member::list("list", &self.list)]);
        }
    }

    crate::__serde_by_model!(Model);

    #[test]
    fn absent_null_and_value_are_three_states() {
        for (text, three) in
            [("{}", None), (r#"{"three":null}"#, Some(Nullable::Null)), (r#"{"three":1}"#, Some(Nullable::Value(1)))]
        {
            let model: Model = serde_json::from_str(text).unwrap();
            assert_eq!(model, Model { three, list: Vec::new() });
            assert_eq!(serde_json::to_string(&model).unwrap(), text);
        }
    }

    #[test]
    fn a_null_list_is_empty() {
        assert_eq!(serde_json::from_str::<Model>(r#"{"list":null}"#).unwrap().list, [0; 0]);
    }
}
