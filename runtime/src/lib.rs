//! The part of a generated client that does not depend on its document: it composes URLs, keeps credentials secret, sends
//! requests, bounds time and memory, retries, reports failures as one [`Error`], and decodes results.
//!
//! Applications use these types through the generated crate, which re-exports them. What only generated code uses is in
//! `__private`; it can change in any release, together with the generator.

#[doc(hidden)]
pub mod __private;
mod call;
mod client;
mod error;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod gateway;
mod http;
mod model;
#[cfg(test)]
mod properties;
mod reply;
mod sealed;
mod send;
mod shown;

#[cfg(feature = "blocking")]
pub use crate::call::blocking;
pub use bytes::Bytes;
pub use reqwest::{self, Method, StatusCode, header};
pub use serde_json;

pub use crate::{
    call::{pending::Pending, upload::Upload},
    client::{
        builder::ClientBuilder,
        hook::{Hook, Outcome},
        http_settings::HttpSettings,
        pace::RateLimit,
        retry::RetryPolicy,
        token::Token,
    },
    error::{DecodeError, Error, Location, TimeoutKind, api_error::ApiError, attempts::Attempt},
    gateway::url_format::UrlFormat,
    model::{date_time::DateTime, nullable::Nullable},
    reply::{
        events::{Event, MessageStream},
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
