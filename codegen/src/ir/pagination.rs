//! Pagination of lists.

use super::{Type, TypeId};

/// The pagination of a list.
#[derive(Debug)]
pub(crate) struct Pagination {
    pub(crate) pointer: String,
    /// The query parameter of the page.
    pub(crate) parameter: String,
    pub(crate) turn: Turn,
    /// The query parameter of the page size, and its default.
    pub(crate) size: Option<(String, Option<u64>)>,
    /// The properties that lead to the items.
    pub(crate) items: Vec<String>,
    /// The path to the size of a full page.
    pub(crate) size_given: Option<Vec<String>>,
    /// The path to the total number of items.
    pub(crate) total: Option<Vec<String>>,
}

/// The kind of page parameter.
#[derive(Debug)]
pub(crate) enum Turn {
    /// A page number, with the number of the first page.
    Number(u64),
    /// A cursor, with its path in the previous page.
    Cursor(Vec<String>),
}

/// The places of a pagination in the result.
#[derive(Debug)]
pub(crate) struct Pages {
    pub(crate) items: Access,
    /// The cursor of the next page, if the page parameter is a cursor.
    pub(crate) next: Option<Access>,
    pub(crate) size_given: Option<Access>,
    pub(crate) total: Option<Access>,
}

/// A place inside a type.
#[derive(Debug)]
pub(crate) struct Access {
    /// The structs on the way, and the index of the field in each.
    pub(crate) fields: Vec<(TypeId, usize)>,
    /// The type there, without `null`.
    pub(crate) ty: Type,
}
