//! What every call of a generated client does that does not depend on the document it was generated from.
//!
//! Generated code describes: a [`Service`], an [`Operation`] for each method, and inputs put into a [`Call`]. This crate
//! executes: it composes the URL, keeps the token secret, sends the body, bounds time and size, reads errors of every
//! known shape into one [`Error`], and decodes the result.
//!
//! Callers meet [`Error`], [`ApiError`], [`Response`], [`Upload`], [`Token`] and [`DateTime`], usually by the re-exports
//! of the generated crate. The rest is for generated code.

mod api_error;
mod attempt;
mod base;
#[cfg(feature = "blocking")]
pub mod blocking;
mod body;
mod call;
mod client;
mod counted;
mod credential;
mod curl;
mod date_time;
mod decodable;
mod decode;
mod destroyed;
mod dots;
mod dry_run;
mod encodable;
mod error;
mod events;
mod form;
mod framing;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod gateway;
mod gateway_errors;
mod knows;
mod lines;
mod media_type;
mod meter;
pub mod model;
mod node;
mod observe;
mod one_line;
mod one_pass;
mod operation;
mod pace;
mod pages;
mod path;
mod peek;
mod pending;
mod progress;
#[cfg(test)]
mod properties;
mod query;
mod raw;
mod redact;
mod request;
mod response;
mod retry;
mod send;
mod service;
mod source;
mod spelling;
mod stream;
mod token;
#[cfg(feature = "tracing")]
mod trace;
mod tree;
#[cfg(test)]
mod unions;
mod upload;
mod url_format;
mod view;

pub use bytes::Bytes;
pub use reqwest::{self, Method, StatusCode, header};
#[doc(hidden)]
pub use serde;
pub use serde_json;

pub use crate::{
    api_error::ApiError,
    call::Call,
    client::{Client, ClientBuilder},
    credential::Credentials,
    date_time::DateTime,
    decode::{Binary, Decode, Empty, Json, Optional, Reply, Text},
    dry_run::DryRun,
    error::{DecodeError, Error, Location, TimeoutKind},
    events::{Event, MessageStream},
    form::Form,
    model::Nullable,
    observe::{Hook, Outcome},
    operation::Operation,
    pace::RateLimit,
    pages::{Count, Items, PageCursor, Pages, Pagination},
    pending::Pending,
    query::{QueryStyle, ValueStyle},
    raw::RawRequest,
    response::Response,
    retry::{Attempt, RetryPolicy},
    service::{Auth, Scheme, Security, Service},
    stream::ByteStream,
    token::Token,
    upload::Upload,
    url_format::UrlFormat,
    view::{RequestView, ResponseView},
};
