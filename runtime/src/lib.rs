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
mod error;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod gateway;
mod http;
pub mod model;
#[cfg(test)]
mod properties;
mod reply;
mod send;
mod shown;

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
        operation::Operation,
        pending::Pending,
        query::{QueryStyle, ValueStyle},
        upload::Upload,
    },
    client::{
        Client,
        builder::ClientBuilder,
        credential::Credentials,
        hook::{Hook, Outcome},
        pace::RateLimit,
        retry::RetryPolicy,
        service::{Auth, Scheme, Security, Service},
        token::Token,
    },
    error::{DecodeError, Error, Location, TimeoutKind, api_error::ApiError, attempts::Attempt},
    gateway::{BehindGateway, url_format::UrlFormat},
    model::{Nullable, date_time::DateTime, form::Form},
    reply::{
        decode::{Binary, Decode, Empty, Json, Optional, Reply, Text},
        events::{Event, MessageStream},
        pagination::{Count, PageCursor, Pagination},
        response::Response,
        stream::ByteStream,
    },
    send::{
        dry_run::DryRun,
        pages::{Items, Pages},
        raw::RawRequest,
    },
    shown::view::{RequestView, ResponseView},
};
