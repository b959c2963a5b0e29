//! Pagination: follows lists that the server returns page by page.

use std::{
    collections::HashSet,
    fmt,
    hash::{BuildHasher as _, RandomState},
    pin::Pin,
    task::{Context, Poll},
    vec,
};

use futures_core::Stream;
use futures_util::stream::{self, StreamExt as _};
use reqwest::StatusCode;

use crate::{
    call::{Call, query},
    error::{
        Error,
        decode::{DecodeError, Unread},
    },
    reply::{
        decode::Decode,
        pagination::{Pagination, Turn},
    },
    send::execute::send,
    shown::redact::excerpt,
};

/// The pages of a list, as a [`Stream`].
///
/// A page is requested when it is polled for. Each request is a call of its own, with its own retries and timeout.
/// Nothing is requested after an error.
///
/// With cursors, the last page is the one that returns no cursor, or the same cursor again. A cursor that leads back to
/// an earlier page is an error, and so are a hundred consecutive pages without items or with the same items: such a list
/// has no end.
///
/// With page numbers, the last page is the first one that is empty, or shorter than the page size that the server
/// reports or that was requested, or that reaches the total. A page that repeats the items of the one before also ends
/// the list, and is not returned. Numbered pages that repeat in a cycle are an error.
#[must_use = "streams do nothing unless polled"]
pub struct Pages<P> {
    pages: Pin<Box<dyn Stream<Item = Result<P, Error>> + Send>>,
}

/// The items of a list across all its pages, as a [`Stream`]. See [`Pages`] for when pages are requested and when the
/// list ends.
#[must_use = "streams do nothing unless polled"]
pub struct Items<I> {
    items: Pin<Box<dyn Stream<Item = Result<I, Error>> + Send>>,
}

impl<P: 'static> Pages<P> {
    /// Returns the next page, or `None` after the last one.
    pub async fn next(&mut self) -> Option<Result<P, Error>> {
        self.pages.next().await
    }
}

impl<I: 'static> Items<I> {
    /// Returns the next item, or `None` after the last one.
    pub async fn next(&mut self) -> Option<Result<I, Error>> {
        self.items.next().await
    }

    /// Returns all remaining items, or the first error.
    pub async fn all(mut self) -> Result<Vec<I>, Error> {
        let mut items = Vec::new();
        while let Some(item) = self.next().await {
            items.push(item?);
        }
        Ok(items)
    }
}

/// The number of consecutive pages without items, or with the same items, that is treated as an endless list.
const MAX_ALIKE: u32 = 100;

/// What follows a page.
enum Next<P: 'static, I: 'static> {
    Page(Box<Cursor<P, I>>),
    /// The page is valid, but the next one cannot be requested.
    Error(Error),
}

/// The cursors of requested pages, as hashes of a few bytes each.
#[derive(Default)]
struct Asked {
    hashes: HashSet<u64>,
    state: RandomState,
}

impl Asked {
    /// Records a cursor in its encoded form. Returns whether it is new.
    fn is_new(&mut self, cursor: &str) -> bool {
        self.hashes.insert(self.state.hash_one(cursor))
    }
}

/// The state of a list between two pages.
struct Cursor<P: 'static, I: 'static> {
    call: Call,
    pagination: &'static Pagination<P, I>,
    page: u64,
    /// The cursor of the next page, from the page before.
    given: Option<String>,
    /// The cursors of all pages so far, to detect repetition.
    asked: Asked,
    /// The number of consecutive pages without items.
    empty: u32,
    /// The number of consecutive pages with the same items.
    same: u32,
    size: Option<u64>,
    /// The number of items so far.
    seen: u64,
    /// The items of the page before.
    last: Vec<I>,
    earlier: Earlier<I>,
}

/// The items of an earlier page, to detect cycles (Brent's algorithm). It is replaced after 1, 2, 4, 8, … pages, so a
/// cycle of any length returns to it.
struct Earlier<I> {
    items: Vec<I>,
    /// The number of pages since it was stored.
    since: u64,
    /// The number of pages after which it is replaced.
    until: u64,
    /// How often its items have been repeated.
    times: u32,
}

impl<I: PartialEq + Clone> Earlier<I> {
    /// Returns whether the earlier page has been repeated too often to be a coincidence. Otherwise the page may replace
    /// it.
    fn comes_again(&mut self, items: &[I]) -> bool {
        const TIMES: u32 = 3;
        self.since += 1;
        if !items.is_empty() && self.items == items {
            self.times += 1;
        }
        if self.since >= self.until && self.times < TIMES {
            (self.since, self.times, self.until) = (0, 0, self.until.saturating_mul(2));
            self.items = items.to_vec();
        }
        self.times >= TIMES
    }
}

impl<P: Send, I: Clone + PartialEq + Send> Cursor<P, I> {
    fn new(call: Call, pagination: &'static Pagination<P, I>) -> Self {
        let given = |name: &str| call.query_value(name).and_then(|value| value.parse().ok());
        let page = match pagination.turn {
            Turn::Number(first) => given(pagination.parameter).unwrap_or(first),
            Turn::Cursor(_) => 0,
        };
        let size = pagination.size.and_then(given).or(pagination.default_size);
        let (asked, last) = (Asked::default(), Vec::new());
        let earlier = Earlier { items: Vec::new(), since: 0, until: 1, times: 0 };
        Self { call, pagination, page, given: None, asked, empty: 0, same: 0, size, seen: 0, last, earlier }
    }

    /// Requests the next page. Returns it with what follows it, or `None` after the last one.
    async fn advance<D: Decode<Output = P>>(self) -> Result<Option<(P, Option<Next<P, I>>)>, Error> {
        match self.pagination.turn {
            Turn::Number(first) => self.advance_by_number::<D>(first).await,
            Turn::Cursor(next) => self.advance_by_cursor::<D>(next).await.map(Some),
        }
    }

    async fn advance_by_cursor<D: Decode<Output = P>>(
        mut self,
        next: fn(&P) -> Option<String>,
    ) -> Result<(P, Option<Next<P, I>>), Error> {
        if let Some(cursor) = &self.given {
            self.call.query(self.pagination.parameter, cursor);
        }
        // The caller may start with a cursor from an earlier list.
        if let Some(cursor) = self.call.query_value(self.pagination.parameter) {
            self.asked.is_new(cursor);
        }
        let mut page = send::<D>(&self.call).await?;
        let items: &[I] = (self.pagination.items)(&mut page).map_or(&[], |items| items);
        self.empty = if items.is_empty() { self.empty + 1 } else { 0 };
        self.same = if !items.is_empty() && items == self.last { self.same + 1 } else { 0 };
        if self.same == 0 {
            self.last = items.to_vec();
        }
        let Some(next) = next(&page).filter(|next| self.given.as_ref() != Some(next)) else { return Ok((page, None)) };
        let encoded = query::pair("", &next);
        let end = if self.empty >= MAX_ALIKE {
            Next::Error(self.endless("a hundred consecutive pages have no items", &next))
        } else if self.same >= MAX_ALIKE {
            Next::Error(self.endless("a hundred consecutive pages have the same items", &next))
        } else if self.asked.is_new(encoded.trim_start_matches('=')) {
            Next::Page(Box::new(Self { given: Some(next), ..self }))
        } else {
            Next::Error(self.endless("the cursor leads back to an earlier page", &next))
        };
        Ok((page, Some(end)))
    }

    /// Returns the error of an endless list.
    fn endless(&self, message: &str, cursor: &str) -> Error {
        Error::Decode(Box::new(DecodeError {
            status: StatusCode::OK,
            path: self.pagination.parameter.to_owned(),
            message: format!("{message}, so the list has no end"),
            excerpt: excerpt(cursor.as_bytes(), self.call.client.shared.secrets()),
            cause: None,
            unread: Unread::default(),
        }))
    }

    async fn advance_by_number<D: Decode<Output = P>>(
        mut self,
        first: u64,
    ) -> Result<Option<(P, Option<Next<P, I>>)>, Error> {
        self.call.query(self.pagination.parameter, self.page.to_string());
        let mut page = send::<D>(&self.call).await?;
        let size_given = (self.pagination.size_given)(&page);
        let total = (self.pagination.total)(&page);
        let items: &[I] = (self.pagination.items)(&mut page).map_or(&[], |items| items);
        let count = items.len() as u64;
        if count > 0 && items == self.last {
            return Ok(None);
        }
        let is_circle = self.earlier.comes_again(items);
        // The total counts from the first page. The server may return smaller pages than requested.
        let size = size_given.or(self.size).unwrap_or(0);
        let before = self.page.saturating_sub(first).saturating_mul(size);
        let is_start = self.seen == 0;
        self.seen = self.seen.saturating_add(count).saturating_add(if is_start { before } else { 0 });
        let is_whole = total.is_some_and(|total| self.seen >= total);
        // The server may return less than requested on each page; if it reports a total, that decides.
        let full = size_given.or(self.size.filter(|_| total.is_none()));
        let is_short = full.is_some_and(|size| count < size);
        if count == 0 || is_whole || is_short {
            return Ok(Some((page, None)));
        }
        if is_circle {
            let end = self.endless("the pages repeat in a cycle", &self.page.to_string());
            return Ok(Some((page, Some(Next::Error(end)))));
        }
        self.last = items.to_vec();
        let Some(next) = self.page.checked_add(1) else { return Ok(Some((page, None))) };
        self.page = next;
        Ok(Some((page, Some(Next::Page(Box::new(self))))))
    }
}

impl Call {
    /// Returns the pages of the call's list as a stream.
    pub fn pages<D, I>(self, pagination: &'static Pagination<D::Output, I>) -> Pages<D::Output>
    where
        D: Decode,
        I: Clone + PartialEq + Send,
    {
        let start = Some(Next::Page(Box::new(Cursor::new(self, pagination))));
        let pages = stream::try_unfold(start, |next| async move {
            match next {
                Some(Next::Page(cursor)) => cursor.advance::<D>().await,
                Some(Next::Error(error)) => Err(error),
                None => Ok(None),
            }
        });
        Pages { pages: Box::pin(pages) }
    }

    /// Returns the items of the call's list, across all its pages, as a stream.
    pub fn items<D, I>(self, pagination: &'static Pagination<D::Output, I>) -> Items<I>
    where
        D: Decode,
        I: Clone + PartialEq + Send,
    {
        let start = (self.pages::<D, I>(pagination), Vec::new().into_iter());
        let items =
            stream::try_unfold(start, move |(mut pages, mut items): (Pages<D::Output>, vec::IntoIter<I>)| async move {
                loop {
                    if let Some(item) = items.next() {
                        return Ok(Some((item, (pages, items))));
                    }
                    let Some(mut page) = pages.next().await.transpose()? else { return Ok(None) };
                    items = (pagination.items)(&mut page).map(std::mem::take).unwrap_or_default().into_iter();
                }
            });
        Items { items: Box::pin(items) }
    }
}

impl<P> Stream for Pages<P> {
    type Item = Result<P, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.pages.as_mut().poll_next(context)
    }
}

impl<I> Stream for Items<I> {
    type Item = Result<I, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.items.as_mut().poll_next(context)
    }
}

impl<P> fmt::Debug for Pages<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").finish_non_exhaustive()
    }
}

impl<I> fmt::Debug for Items<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").finish_non_exhaustive()
    }
}
