//! Lists that are cut into pages.

use super::{Type, TypeId};

/// How a list is cut into pages.
#[derive(Debug)]
pub(crate) struct Pagination {
    pub(crate) pointer: String,
    /// The query parameter that asks for a page.
    pub(crate) parameter: String,
    pub(crate) turn: Turn,
    /// The query parameter that asks for a size, and the size where it is not given.
    pub(crate) size: Option<(String, Option<u64>)>,
    /// The properties that lead to the items.
    pub(crate) items: Vec<String>,
    /// Those that lead to the size of a full page.
    pub(crate) size_given: Option<Vec<String>>,
    /// Those that lead to the number of items in all.
    pub(crate) total: Option<Vec<String>>,
}

/// By what a page is asked for.
#[derive(Debug)]
pub(crate) enum Turn {
    /// Its number; the first one has this.
    Number(u64),
    /// What the page before it gives: the properties that lead there.
    Cursor(Vec<String>),
}

/// Where a result has the parts of its pagination.
#[derive(Debug)]
pub(crate) struct Pages {
    pub(crate) items: Access,
    /// The cursor of the next page, where pages are asked for by one.
    pub(crate) next: Option<Access>,
    pub(crate) size_given: Option<Access>,
    pub(crate) total: Option<Access>,
}

/// A place inside a type.
#[derive(Debug)]
pub(crate) struct Access {
    /// The structs on the way, and the index of the field in each.
    pub(crate) fields: Vec<(TypeId, usize)>,
    /// What stands there, where it is not `null`.
    pub(crate) ty: Type,
}
