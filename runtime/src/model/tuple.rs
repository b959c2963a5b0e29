//! Arrays whose items have types by position.

use std::ops::{Deref, DerefMut};

use serde_json::Value;

use crate::{
    model::{
        decoder::{Decodable, Decoder, Source},
        encodable::{Encodable, Encoder, Items},
        failure::Failure,
    },
    sealed::Sealed,
};

/// An array that begins with items of known types and may go on: the API declares the types of the first items, and allows
/// others behind them.
///
/// It is used as the tuple of the first items, whose fields it has. The others are in [`rest`](Self::rest), and are sent again.
///
/// ```
/// # use lowcodeapi_runtime::Tuple;
/// let mut entry: Tuple<(String, i64)> = ("a".to_owned(), 1).into();
/// entry.1 += 1;
/// let (name, count) = entry.items;
/// assert_eq!((name.as_str(), count), ("a", 2));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tuple<T, R = Value> {
    /// The first items.
    pub items: T,
    /// The items behind them.
    pub rest: Vec<R>,
}

impl<T, R> Deref for Tuple<T, R> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.items
    }
}

impl<T, R> DerefMut for Tuple<T, R> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.items
    }
}

/// A tuple of up to twelve items.
#[doc(hidden)]
pub trait Positions: Sealed + Sized {
    /// The items that have been read.
    #[doc(hidden)]
    type Read: Default;
    /// The number of items.
    #[doc(hidden)]
    const COUNT: usize;

    /// Reads the item at a position, which is less than the number of items.
    #[doc(hidden)]
    fn read(read: &mut Self::Read, position: usize, from: Decoder<'_>) -> Result<(), Failure>;

    /// Returns the tuple, if each item has been read.
    #[doc(hidden)]
    fn finish(read: Self::Read) -> Option<Self>;

    /// Calls `write` for each item.
    #[doc(hidden)]
    fn each(&self, write: &mut dyn FnMut(&dyn Encodable));
}

/// Reads a tuple. `more` reads the items behind it.
fn read<T: Positions>(
    source: &mut dyn Source,
    more: &mut dyn FnMut(Decoder<'_>) -> Result<(), Failure>,
) -> Result<T, Failure> {
    let mut read = T::Read::default();
    let mut count = 0;
    source.list(&mut |item| {
        if count < T::COUNT { T::read(&mut read, count, item) } else { more(item) }?;
        count += 1;
        Ok(())
    })?;
    let too_few = || Failure::new(format_args!("expected {} items, found {count}", T::COUNT));
    T::finish(read).ok_or_else(too_few)
}

impl<T: Positions, R: Decodable> Decodable for Tuple<T, R> {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        let mut rest = Vec::new();
        let items = read(from.source, &mut |item| {
            item.meter.charge_item(rest.len(), size_of::<R>())?;
            rest.push(R::decode(item)?);
            Ok(())
        })?;
        Ok(Self { items, rest })
    }
}

impl<T: Positions, R: Encodable> Items for Tuple<T, R> {
    fn len(&self) -> usize {
        T::COUNT + self.rest.len()
    }

    fn is_tuple(&self) -> bool {
        true
    }

    fn each(&self, write: &mut dyn FnMut(&dyn Encodable)) {
        self.items.each(write);
        for item in &self.rest {
            write(item);
        }
    }
}

impl<T: Positions, R: Encodable> Encodable for Tuple<T, R> {
    fn encode(&self, to: Encoder<'_>) {
        to.list(self);
    }
}

macro_rules! tuples {
    ($($count:literal: $($item:ident $position:tt)+;)+) => {
        $(
            impl<$($item),+> Sealed for ($($item,)+) {}

            impl<$($item: Decodable + Encodable),+> Positions for ($($item,)+) {
                type Read = ($(Option<$item>,)+);
                const COUNT: usize = $count;

                fn read(read: &mut Self::Read, position: usize, from: Decoder<'_>) -> Result<(), Failure> {
                    match position {
                        $($position => read.$position = Some($item::decode(from)?),)+
                        _ => return Err(Failure::incomplete()),
                    }
                    Ok(())
                }

                fn finish(read: Self::Read) -> Option<Self> {
                    Some(($(read.$position?,)+))
                }

                fn each(&self, write: &mut dyn FnMut(&dyn Encodable)) {
                    $(write(&self.$position);)+
                }
            }

            impl<$($item: Decodable + Encodable),+> Decodable for ($($item,)+) {
                fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
                    let too_many = Failure::new(concat!("expected ", $count, " items, found more"));
                    let mut too_many = Some(too_many);
                    read(from.source, &mut |_| Err(too_many.take().unwrap_or_else(Failure::incomplete)))
                }
            }

            impl<$($item: Encodable),+> Items for ($($item,)+) {
                fn len(&self) -> usize {
                    $count
                }

                fn is_tuple(&self) -> bool {
                    true
                }

                fn each(&self, write: &mut dyn FnMut(&dyn Encodable)) {
                    $(write(&self.$position);)+
                }
            }

            impl<$($item: Encodable),+> Encodable for ($($item,)+) {
                fn encode(&self, to: Encoder<'_>) {
                    to.list(self);
                }
            }

            impl<$($item,)+ R> From<($($item,)+)> for Tuple<($($item,)+), R> {
                fn from(items: ($($item,)+)) -> Self {
                    Self { items, rest: Vec::new() }
                }
            }
        )+
    };
}

tuples! {
    1: A 0;
    2: A 0 B 1;
    3: A 0 B 1 C 2;
    4: A 0 B 1 C 2 D 3;
    5: A 0 B 1 C 2 D 3 E 4;
    6: A 0 B 1 C 2 D 3 E 4 F 5;
    7: A 0 B 1 C 2 D 3 E 4 F 5 G 6;
    8: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7;
    9: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8;
    10: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9;
    11: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10;
    12: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{encoded::Encoded, meter::Meter, purpose::Purpose};

    fn read<T: Decodable>(text: &str) -> Result<T, Failure> {
        crate::model::decode(&mut serde_json::Deserializer::from_str(text), &Meter::ambient())
    }

    fn written(model: &dyn Encodable) -> String {
        serde_json::to_string(&Encoded::new(model, Purpose::Keep)).unwrap()
    }

    type Twelve = (i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, (i64,));

    #[test]
    fn tuples_are_arrays() {
        let pair: (String, Option<i64>) = read(r#"["a", null]"#).unwrap();
        assert_eq!(pair, ("a".to_owned(), None));
        assert_eq!(written(&pair), r#"["a",null]"#);
        let twelve = "[1,2,3,4,5,6,7,8,9,10,11,[12]]";
        assert_eq!(written(&read::<Twelve>(twelve).unwrap()), twelve);
        let nested: Vec<(bool, Vec<(f64, f64)>)> = read("[[true, [[1, 2.5], [3, 4]]]]").unwrap();
        assert_eq!(written(&nested), "[[true,[[1.0,2.5],[3.0,4.0]]]]");
    }

    #[test]
    fn other_lengths_are_errors_with_their_place() {
        let error = |text: &str| read::<Vec<(i64, i64)>>(text).unwrap_err().to_string();
        assert_eq!(error("[[1, 2], [1]]"), "[1]: expected 2 items, found 1");
        assert_eq!(error("[[1, 2, 3]]"), "[0][2]: expected 2 items, found more");
        assert!(error(r#"[[1, "a"]]"#).starts_with("[0][1]: "));
        assert!(read::<(i64,)>("{}").is_err());
    }

    #[test]
    fn an_open_tuple_keeps_the_rest() {
        for text in [r#"["a",1]"#, r#"["a",1,{"b":[null]},2]"#] {
            let tuple: Tuple<(String, i64)> = read(text).unwrap();
            assert_eq!((tuple.0.as_str(), tuple.1), ("a", 1));
            assert_eq!(written(&tuple), text);
        }
        let typed: Tuple<(String,), i64> = read(r#"["a",1,2]"#).unwrap();
        assert_eq!(typed.rest, [1, 2]);
        assert!(read::<Tuple<(String,), i64>>(r#"["a",1,"b"]"#).unwrap_err().to_string().starts_with("[2]: "));
        assert!(read::<Tuple<(String, i64)>>(r#"["a"]"#).is_err());
    }
}
