//! Describes how a list is paginated.

use serde_json::Value;

use crate::{
    model::{date_time::DateTime, decimal::Decimal},
    sealed::Sealed,
};

/// How an operation's list is split into pages `P` of items `I`: by a page number or an offset, by a cursor that each page returns for
/// the next one, or by the URL of the next page.
#[derive(Debug)]
pub struct Pagination<P, I> {
    pub(crate) parameter: &'static str,
    pub(crate) place: PagePlace,
    pub(crate) turn: Turn<P>,
    pub(crate) size: Option<&'static str>,
    pub(crate) default_size: Option<u64>,
    pub(crate) items: fn(&mut P) -> Option<&mut Vec<I>>,
    pub(crate) size_given: fn(&P) -> Option<u64>,
    pub(crate) total: fn(&P) -> Option<u64>,
    /// Whether there is another page, if the page says so.
    pub(crate) more: fn(&P) -> Option<bool>,
}

/// Where a request says which page it wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PagePlace {
    Query,
    /// A property of the JSON body, which is a string or a number.
    Body {
        is_text: bool,
    },
}

/// How the next page is requested.
#[derive(Debug)]
pub(crate) enum Turn<P> {
    /// By page number, starting with this one.
    Number(u64),
    /// By the number of items before the page, starting with this one.
    Offset(u64),
    /// By the cursor that the page before returns.
    Cursor(fn(&P) -> Option<String>),
    /// By the URL that the page before returns.
    Url(fn(&P) -> Option<String>),
    /// By the URL in the header `Link` of the page before.
    Link,
}

impl<P, I> Pagination<P, I> {
    /// Creates pagination by number: `page` is the query parameter, `first` the number of the first page, `items` the
    /// accessor of a page's items.
    pub const fn new(page: &'static str, first: u64, items: fn(&mut P) -> Option<&mut Vec<I>>) -> Self {
        Self::by(page, Turn::Number(first), items)
    }

    /// Creates pagination by offset: `offset` is the query parameter, `first` the offset of the first page.
    pub const fn by_offset(offset: &'static str, first: u64, items: fn(&mut P) -> Option<&mut Vec<I>>) -> Self {
        Self::by(offset, Turn::Offset(first), items)
    }

    /// Creates pagination by cursor: `cursor` is the query parameter; the accessors return the cursor of the next page
    /// and a page's items.
    pub const fn by_cursor(
        cursor: &'static str,
        next: fn(&P) -> Option<String>,
        items: fn(&mut P) -> Option<&mut Vec<I>>,
    ) -> Self {
        Self::by(cursor, Turn::Cursor(next), items)
    }

    /// Creates pagination by the URL of the next page, which `next` returns.
    pub const fn by_url(next: fn(&P) -> Option<String>, items: fn(&mut P) -> Option<&mut Vec<I>>) -> Self {
        Self::by("", Turn::Url(next), items)
    }

    /// Creates pagination by the URL of the next page in the header `Link` (RFC 8288).
    pub const fn by_link(items: fn(&mut P) -> Option<&mut Vec<I>>) -> Self {
        Self::by("", Turn::Link, items)
    }

    const fn by(parameter: &'static str, turn: Turn<P>, items: fn(&mut P) -> Option<&mut Vec<I>>) -> Self {
        Self {
            parameter,
            place: PagePlace::Query,
            turn,
            size: None,
            default_size: None,
            items,
            size_given: |_| None,
            total: |_| None,
            more: |_| None,
        }
    }

    /// Sends the page in a property of the JSON body, as a string or as a number.
    pub const fn in_body(mut self, is_text: bool) -> Self {
        self.place = PagePlace::Body { is_text };
        self
    }

    /// Sets the accessor that tells whether there is another page.
    pub const fn more(mut self, more: fn(&P) -> Option<bool>) -> Self {
        self.more = more;
        self
    }

    /// Sets the query parameter for the page size, and the size if it is omitted.
    pub const fn size(mut self, parameter: &'static str, default: Option<u64>) -> Self {
        self.size = Some(parameter);
        self.default_size = default;
        self
    }

    /// Sets the accessor for the size of a full page.
    pub const fn size_given(mut self, size: fn(&P) -> Option<u64>) -> Self {
        self.size_given = size;
        self
    }

    /// Sets the accessor for the total number of items.
    pub const fn total(mut self, total: fn(&P) -> Option<u64>) -> Self {
        self.total = total;
        self
    }
}

/// A count in a response, of any number type.
pub trait Count: Sealed {
    /// Returns the count, or `None` if it is negative or not an integer.
    fn count(&self) -> Option<u64>;
}

impl Sealed for i32 {}
impl Sealed for i64 {}
impl Sealed for u64 {}
impl Sealed for i128 {}
impl Sealed for u128 {}
impl Sealed for f64 {}
impl Sealed for String {}
impl Sealed for DateTime {}
impl Sealed for Decimal {}
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

count_integers! { i32 i64 u64 i128 u128 }

impl Count for Decimal {
    fn count(&self) -> Option<u64> {
        self.to_i128()?.count()
    }
}

impl Count for f64 {
    fn count(&self) -> Option<u64> {
        // 2^53: up to here a float represents every integer exactly.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked")]
        (self.fract() == 0.0 && (0.0..EXACT).contains(self)).then_some(*self as u64)
    }
}

/// A cursor in a response, of any type.
pub trait PageCursor: Sealed {
    /// Returns the cursor as text, or `None` if there is no next page.
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

cursors_that_display! { i32 i64 u64 i128 u128 f64 Decimal }
