//! The part of a generated client that does not depend on its document. It composes URLs, protects credentials, sends
//! and retries requests, limits time and memory, and decodes results. All failures are one [`Error`].
//!
//! Applications use these types through the generated crate, which re-exports them. The module `__private` is for
//! generated code only and may change in any release, together with the generator.

#[doc(hidden)]
pub mod __private;
mod call;
#[cfg(feature = "catalogue")]
pub mod catalogue;
mod client;
mod error;
#[cfg(test)]
mod expansion;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod gateway;
mod http;
mod model;
mod platform;
#[cfg(test)]
mod properties;
mod reply;
mod sealed;
mod send;
mod shown;

#[cfg(feature = "blocking")]
pub use crate::call::blocking;
#[cfg(feature = "oauth2")]
pub use crate::client::oauth::OAuthClient;
pub use bytes::Bytes;
pub use reqwest::{self, Method, StatusCode, header};
pub use serde_json;

pub use crate::{
    call::{pending::Pending, upload::Upload},
    client::{
        builder::ClientBuilder,
        credential::CredentialSource,
        hook::{Hook, Outcome},
        http_settings::HttpSettings,
        pace::RateLimit,
        provider::{IssuedToken, TokenFuture, TokenProvider},
        retry::RetryPolicy,
        token::Token,
        transport::{Transport, TransportError, TransportFuture, TransportRequest, TransportResponse},
    },
    error::{
        Error, Location, TimeoutKind,
        api_error::ApiError,
        attempts::Attempt,
        decode::{DecodeError, OtherMediaType},
    },
    gateway::url_format::UrlFormat,
    model::{
        date_time::DateTime,
        decimal::{Decimal, NotANumber},
        nullable::Nullable,
        tuple::Tuple,
        unknown::UnknownValue,
    },
    reply::{
        events::{Event, MessageStream},
        headers::HeaderError,
        redirect::Redirect,
        response::Response,
        stream::ByteStream,
    },
    send::{
        dry_run::DryRun,
        operation::{DeclaresErrors, Operation},
        pages::{Items, Pages},
        raw::RawRequest,
    },
    shown::view::{RequestView, ResponseView},
};
