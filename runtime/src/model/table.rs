//! Implements [`Decodable`](crate::model::Decodable), [`Encodable`](crate::model::Encodable) and serde's traits for models.

/// Implements the traits of a struct by the table of its properties: the field, and its name in JSON.
///
/// - `required`: must be there, and is always written.
/// - `nullable`: must be there; `None` is `null`.
/// - `optional`: `None` is absent, and is not written.
/// - `list`: absent and `null` are read as empty, which is not written.
/// - `three_state`: absent and `null` differ.
///
/// Other names that are read follow `or`, and then the methods of [`Member`](crate::model::Member) that apply. Before the fields
/// stand the tags that are written; after them what a request leaves out because only responses have it, and the field for all
/// other properties: JSON `values`, or a `map` to values of one type.
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
                        $($crate::__private::Field::optional($name, &mut $nullable))?
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
                from.text()
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
                from.read::<$integer>().map(Self::from)
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
