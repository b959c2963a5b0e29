//! A client of Jasper's content-generation API behind the LowCodeAPI gateway.
//!
#![doc = concat!("```no_run\n", include_str!("../examples/tour.rs"), "```\n")]
//!
//! [`Client`] has one method an operation. Required inputs are its arguments, optional ones are methods of the request
//! that it returns, and awaiting the request sends it. Every failure is an [`Error`]; what the server itself said is in
//! [`ApiError`].
//!
//! # The open-source gateway
//!
//! LowCodeAPI's server is open source, and the hosted one may differ from it. On the open-source server:
//!
//! - [`remove_background`](Client::remove_background) cannot work: a file in any part but `file` ends its process.
//! - [`update_knowledge`](Client::update_knowledge) cannot work: an upload by `PATCH` is always answered 422.
//! - An answer of Jasper's without a body (204) is never passed on: the call ends with a timeout, although it was processed.
//! - Files of one name that are uploaded at the same time swap their contents. Give each a name of its own.
//!
//! It takes the Old Format of URLs alone: `LOWCODEAPI_URL_FORMAT=old`, or `url_format` of the builder, spares each client
//! the call that finds it out. Operations whose connection breaks while the format is unknown say so in their error.
//!
//! # Features
//!
//! - `rustls` (default): TLS by rustls with `ring`. `rustls-aws-lc` and `native-tls` take its place.
//! - `system-proxy` (default): the proxies that are set in macOS and Windows. Without it those of the environment are used.
//! - `light-idna` (default): smaller tables for international domain names, which build faster.
//! - `http2`: HTTP/2 where the server speaks it. Without it HTTP/1.1 is spoken.
//! - `blocking`: `send_blocking` on every request, and the module `blocking` for everything else, in code that is not
//!   asynchronous.
//! - `jiff`, `chrono`, `time`: [`DateTime`] as a date of these crates, and made of one.
//! - `rust_decimal`: [`Decimal`] as the type of this crate, and made of one.
//! - `catalogue`: the module `catalogue`, with the operations as data, and `call`, which takes the name of an operation and
//!   JSON inputs.
//! - `tracing`: a span `http_request` (INFO) for each attempt, an event (DEBUG) for each retry; their targets begin with
//!   `lowcodeapi_runtime`.
//!
//! The code is generated from the document that the crate `lowcodeapi-jasper-spec` carries. `build.rs` fails where they
//! disagree.
#![deny(missing_docs)]
#![cfg_attr(
    feature = "catalogue",
    allow(clippy::unnecessary_wraps, reason = "the calls of all operations have one type, also those without inputs")
)]

include!(concat!(env!("LOWCODEAPI_JASPER_CODE"), "/runtime.rs"));
include!(concat!(env!("LOWCODEAPI_JASPER_CODE"), "/api.rs"));
