//! Models as in generated code, for the fuzz targets: nested unions, lists, maps and optional properties.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::model::{
    Decodable, Decoder, Encodable, Encoder, Failure, Field, Member, date_time::DateTime, form::Form, nullable::Nullable,
};

/// A union with the given variants and their forms.
macro_rules! union {
    ($name:ident { $($index:literal $variant:ident($held:ty) = $form:expr,)+ }) => {
        #[derive(Debug, Clone, PartialEq)]
        pub(super) enum $name {
            $($variant($held),)+
            Unknown(Value),
        }

        impl Decodable for $name {
            fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
                const FORMS: &[Form] = &[$($form),+];
                from.choose(FORMS, |form, from| Ok(match form {
                    $($index => Self::$variant(Decodable::decode(from)?),)+
                    _ => Self::Unknown(from.value()?),
                }))
            }
        }

        impl Encodable for $name {
            fn encode(&self, to: Encoder<'_>) {
                match self {
                    $(Self::$variant(value) => value.encode(to),)+
                    Self::Unknown(value) => value.encode(to),
                }
            }
        }
    };
}

/// A model whose properties are all optional.
macro_rules! object {
    ($name:ident { $($field:ident: $held:ty),+ }) => {
        #[derive(Debug, Clone, PartialEq)]
        pub(super) struct $name {
            $($field: Option<$held>,)+
            rest: Map<String, Value>,
        }

        impl Decodable for $name {
            fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
                $(let mut $field = None;)+
                let mut rest = Map::new();
                from.object_and_rest(&mut [$(Field::optional(stringify!($field), &mut $field)),+], Some(&mut rest))?;
                Ok(Self { $($field,)+ rest })
            }
        }

        impl Encodable for $name {
            fn encode(&self, to: Encoder<'_>) {
                to.object_and_rest(&[$(Member::optional(stringify!($field), &self.$field)),+], Some(&self.rest));
            }
        }
    };
}

object!(All { a: Vec<Any>, b: String, n: i64 });
object!(Few { a: Vec<Deep>, b: bool, n: f64 });
object!(Tagged { t: String, a: BTreeMap<String, Any>, d: DateTime });
object!(Other { t: String, a: Nullable<Box<Deep>> });

const ALIKE: Form = Form::object().known(&["a", "b", "n"]);
union!(Any {
    0 All(Box<All>) = ALIKE,
    1 Few(Box<Few>) = ALIKE,
    2 Deep(Box<Deep>) = Form::any(),
    3 List(Vec<Any>) = Form::list(),
});
union!(Deep {
    0 Tagged(Box<Tagged>) = Form::object().known(&["t", "a", "d"]).constants(&[("t", &["x"])]),
    1 Other(Box<Other>) = Form::object().known(&["t", "a"]).required(&["a"]).constants(&[("t", &["y", "z"])]),
    2 Any(Box<Any>) = Form::any(),
    3 Map(BTreeMap<String, Deep>) = Form::object(),
    4 Integer(i64) = Form::integer(),
    5 Text(String) = Form::text().values(&["p", "q"]),
    6 Flag(bool) = Form::boolean(),
});

/// A page of a list.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Page {
    pub(super) items: Vec<Any>,
    pub(super) next: Option<String>,
    pub(super) total: Option<u64>,
}

impl Decodable for Page {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        let mut items = Vec::new();
        let (mut next, mut total) = (None, None);
        from.object(&mut [
            Field::list("items", &mut items).or(&["data"]),
            Field::optional("next", &mut next),
            Field::optional("total", &mut total),
        ])?;
        Ok(Self { items, next, total })
    }
}
