//! Pagination of lists.

use super::{Type, TypeId};

/// The pagination of a list.
#[derive(Debug)]
pub(crate) struct Pagination {
    pub(crate) pointer: String,
    /// The extension that describes it.
    pub(crate) extension: &'static str,
    pub(crate) turn: Turn,
    /// The query parameter of the page size, and its default.
    pub(crate) size: Option<(String, Option<u64>)>,
    /// The properties that lead to the items.
    pub(crate) items: Vec<String>,
    /// The path to the size of a full page.
    pub(crate) size_given: Option<Vec<String>>,
    /// The path to the total number of items.
    pub(crate) total: Option<Vec<String>>,
    /// The path to the flag that tells whether there is another page.
    pub(crate) more: Option<Vec<String>>,
}

/// The input that says which page a request wants.
#[derive(Debug, Clone)]
pub(crate) struct PageInput {
    pub(crate) wire: String,
    /// Whether it is a property of the JSON body, and not a query parameter.
    pub(crate) in_body: bool,
    pub(crate) is_text: bool,
}

/// How the next page is requested.
#[derive(Debug)]
pub(crate) enum Turn {
    /// A page number, with the number of the first page.
    Number(PageInput, u64),
    /// The number of items before the page, with that of the first page.
    Offset(PageInput, u64),
    /// A cursor, with its path in the previous page.
    Cursor(PageInput, Vec<String>),
    /// A cursor, with its path in the last item of the previous page.
    Last(PageInput, Vec<String>),
    /// The path to the URL of the next page.
    Url(Vec<String>),
    /// The URL of the next page in the header `Link`.
    Link,
}

impl Turn {
    /// The input of the page, if it has one.
    pub(crate) fn input(&self) -> Option<&PageInput> {
        match self {
            Self::Number(input, _) | Self::Offset(input, _) | Self::Cursor(input, _) | Self::Last(input, _) => {
                Some(input)
            }
            Self::Url(_) | Self::Link => None,
        }
    }
}

/// The places of a pagination in the result.
#[derive(Debug)]
pub(crate) struct Pages {
    pub(crate) items: Access,
    /// The cursor or URL of the next page, in the page or in its last item.
    pub(crate) next: Option<Access>,
    pub(crate) size_given: Option<Access>,
    pub(crate) total: Option<Access>,
    pub(crate) more: Option<Access>,
}

/// A place inside a type.
#[derive(Debug)]
pub(crate) struct Access {
    /// The structs on the way, and the index of the field in each.
    pub(crate) fields: Vec<(TypeId, usize)>,
    /// The type there, without `null`.
    pub(crate) ty: Type,
}
