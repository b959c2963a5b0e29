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
use serde_json::Number;

use crate::{
    call::{Call, query},
    error::{
        Error,
        decode::{DecodeError, Unread},
    },
    reply::{
        decode::Decode,
        pagination::{PagePlace, Pagination, Turn},
    },
    send::{execute::send_page, request::redirect},
    shown::redact::excerpt,
};

/// The pages of a list, as a [`Stream`].
///
/// A page is requested when it is polled for. Each request is a call of its own, with its own retries and timeout.
/// Nothing is requested after an error.
///
/// With cursors and URLs, the last page is the one that returns none, or that says that there are no more. A cursor or URL that leads
/// back to an earlier page is an error, and so are a hundred consecutive pages without items or with the same items: such a list has no
/// end.
///
/// With page numbers and offsets, the last page is the first one that is empty, that says that there are no more, that reaches the total
/// which the server reports, or that is shorter than the page size which the server reports. The size that was asked for does not
/// count, because a server may return less. A page that repeats the items of the one before, and pages that repeat in a cycle, are an
/// error: the server does not follow the page number.
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
    /// The size that was asked for, or the declared default.
    size: Option<u64>,
    /// The size of a full page, as the server last reported it.
    size_given: Option<u64>,
    /// The total that the server last reported.
    total: Option<u64>,
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
        let value = |name: &str| match pagination.place {
            PagePlace::Query => call.query_value(name).map(str::to_owned),
            PagePlace::Body { .. } => call.body_value(name),
        };
        let number = |value: String| value.parse().ok();
        let mut asked = Asked::default();
        // The caller may start with a cursor from an earlier list.
        if let Some(cursor) = value(pagination.parameter).filter(|_| !pagination.parameter.is_empty()) {
            let is_encoded = pagination.place == PagePlace::Query;
            let encoded = if is_encoded { cursor } else { query::pair("", &cursor) };
            asked.is_new(encoded.trim_start_matches('='));
        }
        let page = match pagination.turn {
            Turn::Number(first) | Turn::Offset(first) => value(pagination.parameter).and_then(number).unwrap_or(first),
            Turn::Cursor(_) | Turn::Url(_) | Turn::Link => 0,
        };
        let size = pagination.size.and_then(|name| call.query_value(name)?.parse().ok()).or(pagination.default_size);
        let last = Vec::new();
        let earlier = Earlier { items: Vec::new(), since: 0, until: 1, times: 0 };
        Self {
            call,
            pagination,
            page,
            given: None,
            asked,
            empty: 0,
            same: 0,
            size,
            size_given: None,
            total: None,
            seen: 0,
            last,
            earlier,
        }
    }

    /// Requests the next page. Returns it with what follows it, or `None` after the last one.
    async fn advance<D: Decode<Output = P>>(self) -> Result<Option<(P, Option<Next<P, I>>)>, Error> {
        match self.pagination.turn {
            Turn::Number(first) => self.advance_by_number::<D>(first, false).await,
            Turn::Offset(first) => self.advance_by_number::<D>(first, true).await,
            Turn::Cursor(_) | Turn::Url(_) | Turn::Link => self.advance_by_cursor::<D>().await.map(Some),
        }
    }

    /// Asks for a page in the place that the operation has for it.
    fn ask(&mut self, value: &str) {
        let parameter = self.pagination.parameter;
        match self.pagination.place {
            PagePlace::Query => self.call.query(parameter, value),
            PagePlace::Body { is_text } => match number_of(value).filter(|_| !is_text) {
                Some(number) => self.call.any_field(parameter, number),
                None => self.call.any_field(parameter, value),
            },
        }
    }

    async fn advance_by_cursor<D: Decode<Output = P>>(mut self) -> Result<(P, Option<Next<P, I>>), Error> {
        let is_url = !matches!(self.pagination.turn, Turn::Cursor(_));
        match self.given.take() {
            Some(url) if is_url => redirect(&mut self.call, &url)?,
            Some(cursor) => self.ask(&cursor),
            None => {}
        }
        let (mut page, link) = send_page::<D>(&self.call).await?;
        let items: &[I] = (self.pagination.items)(&mut page).map_or(&[], |items| items);
        self.empty = if items.is_empty() { self.empty + 1 } else { 0 };
        self.same = if !items.is_empty() && items == self.last { self.same + 1 } else { 0 };
        if self.same == 0 {
            self.last = items.to_vec();
        }
        let next = match self.pagination.turn {
            Turn::Cursor(next) | Turn::Url(next) => next(&page),
            _ => link,
        };
        let next = next.filter(|_| (self.pagination.more)(&page) != Some(false));
        let Some(next) = next else { return Ok((page, None)) };
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
        is_offset: bool,
    ) -> Result<Option<(P, Option<Next<P, I>>)>, Error> {
        let number = self.page.to_string();
        self.ask(&number);
        let (mut page, _) = send_page::<D>(&self.call).await?;
        let Pagination { size_given, total, more, .. } = self.pagination;
        // A server may report both with the first page only.
        self.size_given = size_given(&page).or(self.size_given);
        self.total = total(&page).or(self.total);
        let (size_given, total, more) = (self.size_given, self.total, more(&page));
        let items: &[I] = (self.pagination.items)(&mut page).map_or(&[], |items| items);
        let count = items.len() as u64;
        if count > 0 && items == self.last {
            return Err(self.endless("the page has the items of the one before", &number));
        }
        let is_circle = self.earlier.comes_again(items);
        // The total counts from the first page. The server may return smaller pages than requested.
        let size = size_given.or(self.size).unwrap_or(0);
        let pages_before = self.page.saturating_sub(first);
        let before = if is_offset { pages_before } else { pages_before.saturating_mul(size) };
        let is_start = self.seen == 0;
        self.seen = self.seen.saturating_add(count).saturating_add(if is_start { before } else { 0 });
        let is_whole = total.is_some_and(|total| self.seen >= total);
        // A server that says that there are more may return less than a page.
        let is_short = more != Some(true) && size_given.is_some_and(|size| count < size);
        if count == 0 || is_whole || is_short || more == Some(false) {
            return Ok(Some((page, None)));
        }
        if is_circle {
            let end = self.endless("the pages repeat in a cycle", &number);
            return Ok(Some((page, Some(Next::Error(end)))));
        }
        self.last = items.to_vec();
        let Some(next) = self.page.checked_add(if is_offset { count } else { 1 }) else {
            return Ok(Some((page, None)));
        };
        self.page = next;
        Ok(Some((page, Some(Next::Page(Box::new(self))))))
    }
}

/// The number that a text is.
fn number_of(text: &str) -> Option<Number> {
    serde_json::from_str(text).ok()
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
