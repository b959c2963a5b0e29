//! Values of enums that the document does not list.

use std::{
    fmt,
    hash::{Hash, Hasher},
    marker::PhantomData,
    ops::Deref,
};

/// A value of the enum `E` that the document does not list. It dereferences to the value.
///
/// Only conversions to `E` create it, and only for values that `E` does not know. So an unknown value never equals a known one.
pub struct UnknownValue<E, V = String> {
    value: V,
    of: PhantomData<fn() -> E>,
}

impl<E, V> UnknownValue<E, V> {
    /// Returns the value.
    pub fn into_inner(self) -> V {
        self.value
    }
}

/// Creates an unknown value, in the conversions of generated enums.
pub fn unknown<E, V>(value: impl Into<V>) -> UnknownValue<E, V> {
    UnknownValue { value: value.into(), of: PhantomData }
}

// Derived implementations would require the traits of `E`, too.

impl<E, V> Deref for UnknownValue<E, V> {
    type Target = V;

    fn deref(&self) -> &V {
        &self.value
    }
}

impl<E, V: fmt::Debug> fmt::Debug for UnknownValue<E, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<E, V: fmt::Display> fmt::Display for UnknownValue<E, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<E, V: Clone> Clone for UnknownValue<E, V> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), of: PhantomData }
    }
}

impl<E, V: Copy> Copy for UnknownValue<E, V> {}

impl<E, V: PartialEq> PartialEq for UnknownValue<E, V> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<E, V: Eq> Eq for UnknownValue<E, V> {}

impl<E, V: Hash> Hash for UnknownValue<E, V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}
