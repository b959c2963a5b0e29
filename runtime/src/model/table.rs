//! Implements [`Decodable`](crate::model::Decodable), [`Encodable`](crate::model::Encodable) and serde's traits for models.

/// Implements the traits of a struct by the table of its properties: how a field is read and written, the field, and its name in
/// JSON.
///
/// ```text
/// model! {
///     types::Tone {
///         tag "kind" = "tone";
///         required id = "id", read_only;
///         nullable owner = "owner";
///         optional colour = "colour" or ["color"];
///         list prices = "prices", decimals_as_text;
///         three_state note = "note";
///         foreign "created_at";
///         rest others as map except ["kind", "created_at"], decimals_as_text;
///     }
/// }
/// ```
///
/// - `tag`: is written with this value, and is no field.
/// - `required`: must be there, and is always written.
/// - `nullable`: `None` is `null`, which is written, and which absence is read as.
/// - `optional`: `None` is absent, and is not written.
/// - `list`: absent and `null` are read as empty, which is not written.
/// - `three_state`: absent and `null` differ.
/// - `foreign`: only responses have it, and a request leaves it out.
/// - `rest`: the field for all other properties, a `map` to values of one type, or JSON `values`.
///
/// Names after `or` are read too. Words after a comma are methods of [`Member`](crate::model::Member), which writes the field.
#[doc(hidden)]
#[macro_export]
macro_rules! __model {
    ($model:ty {
        $(tag $tag:literal = $value:literal;)*
        $(
            $(required $required:ident)?
            $(nullable $nullable:ident)?
            $(optional $optional:ident)?
            $(list $list:ident)?
            $(three_state $three_state:ident)?
            = $name:literal $(or $aliases:tt)? $(, $modifier:ident)*;
        )*
        $(foreign $foreign:literal;)*
        $(rest $rest:ident as $map:ident $(except $excepted:tt)? $(, $written:ident)?;)?
    }) => {
        impl $crate::__private::Decodable for $model {
            fn decode(
                from: $crate::__private::Decoder<'_>,
            ) -> ::core::result::Result<Self, $crate::__private::Failure> {
                $(
                    $(let mut $required = ::core::option::Option::None;)?
                    $(let mut $nullable = ::core::option::Option::None;)?
                    $(let mut $optional = ::core::option::Option::None;)?
                    $(let mut $list = ::std::vec::Vec::new();)?
                    $(let mut $three_state = ::core::option::Option::None;)?
                )*
                $(let mut $rest = $crate::__private::$map();)?
                from.object_and_rest(
                    &mut [$(
                        $($crate::__private::Field::required($name, &mut $required))?
                        $($crate::__private::Field::nullable($name, &mut $nullable))?
                        $($crate::__private::Field::optional($name, &mut $optional))?
                        $($crate::__private::Field::list($name, &mut $list))?
                        $($crate::__private::Field::present($name, &mut $three_state))?
                        $(.or(&$aliases))?,
                    )*],
                    ::core::option::Option::None::<&mut dyn $crate::__private::Entries>
                        $(.or(::core::option::Option::Some(
                            &mut $crate::__private::Rest::of(&mut $rest) $(.except(&$excepted))?,
                        )))?,
                )?;
                #[allow(irrefutable_let_patterns)]
                let ($($(::core::option::Option::Some($required),)?)*) = ($($($required,)?)*) else {
                    return ::core::result::Result::Err($crate::__private::Failure::incomplete());
                };
                ::core::result::Result::Ok(Self {
                    $($($required,)? $($nullable,)? $($optional,)? $($list,)? $($three_state,)?)*
                    $($rest)?
                })
            }
        }

        impl $crate::__private::Encodable for $model {
            fn encode(&self, to: $crate::__private::Encoder<'_>) {
                to.object_and_rest(
                    &[
                        $($crate::__private::Member::required($tag, &$value),)*
                        $(
                            $($crate::__private::Member::required($name, &self.$required))?
                            $($crate::__private::Member::required($name, &self.$nullable))?
                            $($crate::__private::Member::optional($name, &self.$optional))?
                            $($crate::__private::Member::list($name, &self.$list))?
                            $($crate::__private::Member::optional($name, &self.$three_state))?
                            $(.$modifier())*,
                        )*
                        $($crate::__private::Member::foreign($foreign),)*
                    ],
                    ::core::option::Option::None::<&dyn $crate::__private::Members>
                        $(.or(::core::option::Option::Some(&$($crate::__private::$written)?(&self.$rest))))?,
                );
            }
        }

        $crate::__serde_by_model!($model);
    };
}

/// Implements the traits of an enum of strings that has `as_str` and `From<&str>`.
#[doc(hidden)]
#[macro_export]
macro_rules! __text_model {
    ($model:ty) => {
        impl $crate::__private::Decodable for $model {
            fn decode(
                from: $crate::__private::Decoder<'_>,
            ) -> ::core::result::Result<Self, $crate::__private::Failure> {
                from.among($crate::__private::Decoder::text, |value| ::core::matches!(value, Self::Unknown(_)))
            }
        }

        impl $crate::__private::Encodable for $model {
            fn encode(&self, to: $crate::__private::Encoder<'_>) {
                to.text(self.as_str());
            }
        }

        $crate::__serde_by_model!($model);
    };
}

/// Implements the traits of an enum of integers that has the method and `From` the type.
#[doc(hidden)]
#[macro_export]
macro_rules! __integer_model {
    ($model:ty, $as_integer:ident, $integer:ty) => {
        impl $crate::__private::Decodable for $model {
            fn decode(
                from: $crate::__private::Decoder<'_>,
            ) -> ::core::result::Result<Self, $crate::__private::Failure> {
                from.among(
                    |from| from.read::<$integer>().map(Self::from),
                    |value| ::core::matches!(value, Self::Unknown(_)),
                )
            }
        }

        impl $crate::__private::Encodable for $model {
            fn encode(&self, to: $crate::__private::Encoder<'_>) {
                $crate::__private::Encodable::encode(&self.$as_integer(), to);
            }
        }

        $crate::__serde_by_model!($model);
    };
}

/// Implements serde's traits for a model with the model's own, at a tenth of the compile time of derived ones.
#[doc(hidden)]
#[macro_export]
macro_rules! __serde_by_model {
    ($model:ty) => {
        impl $crate::__private::serde::Serialize for $model {
            fn serialize<S: $crate::__private::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::__private::serialize(self, serializer)
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $model {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::__private::deserialize(deserializer)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Map, Value, json};

    use crate::{Decimal, Nullable};

    /// Fields with the names of words and variables of the macro.
    #[derive(Debug, PartialEq)]
    struct Words {
        from: i64,
        to: Option<i64>,
        r#type: Option<String>,
        required: Vec<i64>,
        optional: Option<Nullable<bool>>,
        or: Option<i64>,
        rest: Map<String, Value>,
    }

    crate::__model! {
        Words {
            tag "tag" = "say \"so\"\n";
            required from = "from";
            nullable to = "\\to";
            optional r#type = "type" or ["kind", "sort"];
            list required = "required";
            three_state optional = "\u{202e}optional";
            optional or = "or", read_only;
            foreign "foreign";
            rest rest as values except ["tag", "foreign"];
        }
    }

    #[derive(Debug, PartialEq)]
    struct Prices {
        own: Option<Decimal>,
        others: BTreeMap<String, Decimal>,
    }

    crate::__model! {
        Prices {
            optional own = "own", decimals_as_text;
            rest others as map, decimals_as_text;
        }
    }

    #[derive(Debug, PartialEq)]
    struct Nothing {}

    crate::__model! { Nothing {} }

    #[test]
    fn a_table_reads_and_writes_each_kind_of_property() {
        let value = json!({
            "from": 1, "\\to": null, "sort": "a", "required": [2], "\u{202e}optional": null, "or": 3,
            "more": [4], "tag": "not kept", "foreign": 5,
        });
        let words: Words = serde_json::from_value(value).unwrap();
        let rest = json!({"more": [4]}).as_object().unwrap().clone();
        let expected = Words {
            from: 1,
            to: None,
            r#type: Some("a".to_owned()),
            required: vec![2],
            optional: Some(Nullable::Null),
            or: Some(3),
            rest,
        };
        assert_eq!(words, expected);
        let written = json!({
            "tag": "say \"so\"\n", "from": 1, "\\to": null, "type": "a", "required": [2], "\u{202e}optional": null, "or": 3,
            "more": [4],
        });
        assert_eq!(serde_json::to_value(&words).unwrap(), written);
        let bare: Words = serde_json::from_value(json!({"from": 1, "\\to": 2})).unwrap();
        assert_eq!((bare.to, bare.required.len(), &bare.optional, &bare.r#type), (Some(2), 0, &None, &None));
        assert_eq!(serde_json::to_value(&bare).unwrap(), json!({"tag": "say \"so\"\n", "from": 1, "\\to": 2}));
        for lacking in [json!({"\\to": 2}), json!({"from": null}), json!([])] {
            assert!(serde_json::from_value::<Words>(lacking.clone()).is_err(), "{lacking}");
        }
    }

    #[test]
    fn an_additional_entry_repeats_no_property() {
        let mut words: Words = serde_json::from_value(json!({"from": 1, "\\to": 2, "required": [3]})).unwrap();
        for name in ["tag", "from", "\\to", "type", "required", "foreign", "more"] {
            words.rest.insert(name.to_owned(), 9.into());
        }
        let expected = json!({"tag": "say \"so\"\n", "from": 1, "\\to": 2, "required": [3], "more": 9, "type": 9});
        let written = serde_json::to_string(&words).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), expected);
        // A name that is written twice would be read once.
        assert_eq!(written.len(), expected.to_string().len());
    }

    #[test]
    fn decimals_of_a_table_are_written_as_text() {
        let prices: Prices = serde_json::from_value(json!({"own": "1.50", "a": 2.5})).unwrap();
        assert_eq!(serde_json::to_value(&prices).unwrap(), json!({"own": "1.50", "a": "2.5"}));
        assert_eq!(serde_json::from_value::<Nothing>(json!({"a": 1})).unwrap(), Nothing {});
        assert_eq!(serde_json::to_value(Nothing {}).unwrap(), json!({}));
    }
}
