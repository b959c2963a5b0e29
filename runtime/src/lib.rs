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
mod body;
mod call;
mod client;
mod decodable;
mod decode;
mod encodable;
mod error;
mod form;
#[cfg(fuzzing)]
pub mod fuzzing;
mod gateway;
pub mod model;
mod operation;
mod path;
mod pending;
mod progress;
#[cfg(test)]
mod properties;
mod query;
mod redact;
mod request;
mod response;
mod retry;
mod send;
mod service;
mod source;
mod token;
mod upload;

pub use bytes::Bytes;
pub use reqwest::{self, Method, StatusCode, header};
#[doc(hidden)]
pub use serde;
pub use serde_json;

pub use crate::{
    api_error::ApiError,
    call::Call,
    client::{Client, ClientBuilder},
    decode::{Binary, Decode, Empty, Json, Optional, Text},
    error::{DecodeError, Error, TimeoutKind},
    form::Form,
    gateway::UrlFormat,
    model::{DateTime, Nullable},
    operation::Operation,
    pending::Pending,
    query::QueryStyle,
    response::Response,
    retry::{Attempt, RetryPolicy},
    service::{Auth, Service},
    token::Token,
    upload::Upload,
};
