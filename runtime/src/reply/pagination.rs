//! How a list is cut into pages, and what a page says of the next one.

use serde_json::Value;

use crate::{model::date_time::DateTime, sealed::Sealed};

/// How an operation's list is cut into pages `P` of items `I`: by a page number in the query, or by a cursor that each page
/// gives for the one after it.
#[derive(Debug)]
pub struct Pagination<P, I> {
    pub(crate) parameter: &'static str,
    pub(crate) turn: Turn<P>,
    pub(crate) size: Option<&'static str>,
    pub(crate) default_size: Option<u64>,
    pub(crate) items: fn(&mut P) -> Option<&mut Vec<I>>,
    pub(crate) size_given: fn(&P) -> Option<u64>,
    pub(crate) total: fn(&P) -> Option<u64>,
}

/// How the next page is asked for.
#[derive(Debug)]
pub(crate) enum Turn<P> {
    /// By its number; the first one has this.
    Number(u64),
    /// By what the page before it gives.
    Cursor(fn(&P) -> Option<String>),
}

impl<P, I> Pagination<P, I> {
    /// Pages that are counted by the query parameter `page` from `first` on, and where each has its items.
    pub const fn new(page: &'static str, first: u64, items: fn(&mut P) -> Option<&mut Vec<I>>) -> Self {
        Self::by(page, Turn::Number(first), items)
    }

    /// Pages that are asked for by the query parameter `cursor`, where each gives that of the next one, and where each has
    /// its items.
    pub const fn by_cursor(
        cursor: &'static str,
        next: fn(&P) -> Option<String>,
        items: fn(&mut P) -> Option<&mut Vec<I>>,
    ) -> Self {
        Self::by(cursor, Turn::Cursor(next), items)
    }

    const fn by(parameter: &'static str, turn: Turn<P>, items: fn(&mut P) -> Option<&mut Vec<I>>) -> Self {
        Self { parameter, turn, size: None, default_size: None, items, size_given: |_| None, total: |_| None }
    }

    /// The query parameter that asks for the size of a page, and the size where it is not given.
    pub const fn size(mut self, parameter: &'static str, default: Option<u64>) -> Self {
        self.size = Some(parameter);
        self.default_size = default;
        self
    }

    /// Where a page says how many items a full one has.
    pub const fn size_given(mut self, size: fn(&P) -> Option<u64>) -> Self {
        self.size_given = size;
        self
    }

    /// Where a page says how many items there are in all.
    pub const fn total(mut self, total: fn(&P) -> Option<u64>) -> Self {
        self.total = total;
        self
    }
}

/// A count in a response, of whatever number type the document gives it.
pub trait Count: Sealed {
    /// The count; `None` where it is no whole number, or negative.
    fn count(&self) -> Option<u64>;
}

impl Sealed for i32 {}
impl Sealed for i64 {}
impl Sealed for u64 {}
impl Sealed for f64 {}
impl Sealed for String {}
impl Sealed for DateTime {}
impl Sealed for Value {}

macro_rules! count_integers {
    ($($integer:ty)+) => {
        $(impl Count for $integer {
            fn count(&self) -> Option<u64> {
                u64::try_from(*self).ok()
            }
        })+
    };
}

count_integers! { i32 i64 u64 }

impl Count for f64 {
    fn count(&self) -> Option<u64> {
        // No list is longer than what a float counts one by one.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked")]
        (self.fract() == 0.0 && (0.0..EXACT).contains(self)).then_some(*self as u64)
    }
}

/// A cursor in a response, of whatever type the document gives it.
pub trait PageCursor: Sealed {
    /// The cursor as text; `None` where there is no further page.
    fn cursor(&self) -> Option<String>;
}

impl PageCursor for String {
    fn cursor(&self) -> Option<String> {
        (!self.is_empty()).then(|| self.clone())
    }
}

impl PageCursor for DateTime {
    fn cursor(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl PageCursor for Value {
    fn cursor(&self) -> Option<String> {
        match self {
            Self::String(text) => text.cursor(),
            Self::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

macro_rules! cursors_that_display {
    ($($number:ty)+) => {
        $(impl PageCursor for $number {
            fn cursor(&self) -> Option<String> {
                Some(self.to_string())
            }
        })+
    };
}

cursors_that_display! { i32 i64 u64 f64 }
