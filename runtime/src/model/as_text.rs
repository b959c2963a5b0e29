//! Decimals that are written as strings.

use crate::{
    model::encodable::{Encodable, Encoder, Items, Members, View},
    sealed::Sealed,
};

/// A value whose decimals are written as strings. It applies to items of lists and entries of maps, but not to models,
/// which write their properties themselves.
#[derive(Debug)]
pub struct AsText<'a, T: ?Sized>(pub &'a T);

impl<T: Encodable + ?Sized> Encodable for AsText<'_, T> {
    fn encode(&self, to: Encoder<'_>) {
        self.0.encode(Encoder {
            write: &mut |view| match view {
                View::Decimal(digits) => (to.write)(View::Text(digits)),
                View::List(items) => (to.write)(View::List(&AsText(items))),
                View::Object([], Some(entries)) => (to.write)(View::Object(&[], Some(&AsText(entries)))),
                other => (to.write)(other),
            },
        });
    }
}

impl<T: Items + ?Sized> Items for AsText<'_, T> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn is_tuple(&self) -> bool {
        self.0.is_tuple()
    }

    fn each(&self, write: &mut dyn FnMut(&dyn Encodable)) {
        self.0.each(&mut |item| write(&AsText(item)));
    }
}

impl<T: ?Sized> Sealed for AsText<'_, T> {}

impl<T: Members + ?Sized> Members for AsText<'_, T> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn each(&self, write: &mut dyn FnMut(&str, &dyn Encodable)) {
        self.0.each(&mut |name, value| write(name, &AsText(value)));
    }
}

/// Writes the decimals of a value as strings.
pub fn decimals_as_text<T: ?Sized>(value: &T) -> AsText<'_, T> {
    AsText(value)
}
