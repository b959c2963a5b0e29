//! Seals traits, so that other crates cannot implement them.

/// The supertrait of sealed traits.
pub trait Sealed {}

impl<T: Sealed + ?Sized> Sealed for &T {}
