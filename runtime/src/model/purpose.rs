//! What a model is written for.

use std::cell::Cell;

/// What a model is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To be read again: all properties are written.
    Keep,
    /// A request: properties that only the server sends are left out.
    Send,
    /// A request, as text of a parameter, a field or a part: as [`Send`](Self::Send), and whole numbers have no fraction.
    SendText,
    /// A comparison with what was given for a request: properties that only the server sends are there, as `null` where the model
    /// has none.
    Compare,
}

thread_local! {
    /// The purpose of the models that serde writes on this thread.
    static AMBIENT: Cell<Purpose> = const { Cell::new(Purpose::Keep) };
}

impl Purpose {
    pub(crate) fn ambient() -> Self {
        AMBIENT.get()
    }
}

/// Calls a function in which models that serde writes are parts of a request. Models can be inside of values of any type that
/// implements `Serialize`, which has no parameter for the purpose.
pub(crate) fn sending<T>(write: impl FnOnce() -> T) -> T {
    writing(Purpose::Send, write)
}

/// Calls a function in which models that serde writes are compared with what was given.
#[cfg(feature = "catalogue")]
pub(crate) fn comparing<T>(write: impl FnOnce() -> T) -> T {
    writing(Purpose::Compare, write)
}

fn writing<T>(purpose: Purpose, write: impl FnOnce() -> T) -> T {
    /// Restores the purpose, even if a caller's type panics.
    struct Outer(Purpose);

    impl Drop for Outer {
        fn drop(&mut self) {
            AMBIENT.set(self.0);
        }
    }

    let _outer = Outer(AMBIENT.replace(purpose));
    write()
}
