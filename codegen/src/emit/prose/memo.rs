//! Remembers what texts become. Documents repeat descriptions, above all those of parameters.

use std::{cell::RefCell, thread::LocalKey};

use foldhash::HashMap;

/// The longest text to remember, in bytes.
const MAX_TEXT: usize = 2_000;

/// The most texts that a thread remembers. With the length of each, it bounds the memory.
const MAX_TEXTS: usize = 2_000;

/// What the texts of one thread became.
pub(super) type Memo<T> = RefCell<HashMap<String, T>>;

/// Returns what the text becomes. The result must depend on nothing else.
pub(super) fn remembered<T: Clone>(memo: &'static LocalKey<Memo<T>>, text: &str, make: fn(&str) -> T) -> T {
    if text.len() > MAX_TEXT {
        return make(text);
    }
    if let Some(known) = memo.with_borrow(|memo| memo.get(text).cloned()) {
        return known;
    }
    let result = make(text);
    memo.with_borrow_mut(|memo| {
        if memo.len() == MAX_TEXTS {
            memo.clear();
        }
        memo.insert(text.to_owned(), result.clone());
    });
    result
}
