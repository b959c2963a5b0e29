//! What every call of a generated client does that does not depend on the document it was generated from.
//!
//! Generated code describes: a [`Service`], an [`Operation`] for each method, and inputs put into a [`Call`]. This crate
//! executes: it composes the URL, keeps the token secret, sends the body, bounds time and size, reads errors of every
//! known shape into one [`Error`], and decodes the result.
//!
//! Callers meet [`Error`], [`ApiError`], [`Response`], [`Upload`], [`Token`] and [`DateTime`], usually by the re-exports
//! of the generated crate. The rest is for generated code.

mod call;
mod client;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod gateway;
pub mod model;
#[cfg(test)]
mod properties;
mod reply;
mod send;

#[cfg(feature = "blocking")]
pub use crate::call::blocking;
pub use bytes::Bytes;
pub use reqwest::{self, Method, StatusCode, header};
#[doc(hidden)]
pub use serde;
pub use serde_json;

pub use crate::{
    call::{
        Call,
        dry_run::DryRun,
        operation::Operation,
        pending::Pending,
        query::{QueryStyle, ValueStyle},
        raw::RawRequest,
        upload::Upload,
        view::{RequestView, ResponseView},
    },
    client::{
        Client, ClientBuilder,
        credential::Credentials,
        service::{Auth, Scheme, Security, Service},
        token::Token,
    },
    gateway::url_format::UrlFormat,
    model::{Nullable, date_time::DateTime, form::Form},
    reply::{
        api_error::ApiError,
        decode::{Binary, Decode, Empty, Json, Optional, Reply, Text},
        error::{DecodeError, Error, Location, TimeoutKind},
        events::{Event, MessageStream},
        pages::{Count, Items, PageCursor, Pages, Pagination},
        response::Response,
        stream::ByteStream,
    },
    send::{
        observe::{Hook, Outcome},
        pace::RateLimit,
        retry::{Attempt, RetryPolicy},
    },
};
