//! An in-process LowCodeAPI gateway on 127.0.0.1, for tests and demos without a network or a token.
//!
//! The provider's OpenAPI document defines its routes, required inputs, types and responses. It reads the document with
//! the generator's load, repair and overlay stages, and shares nothing else with a generated client, so it tests
//! clients independently.
//!
//! Collections are kept in memory. If a document has `POST` and `GET` on `/x`, and more on `/x/{id}`, items can be
//! created, listed, read, changed and deleted; `page` and `size` select from a list. Other query parameters are
//! validated and ignored.
//!
//! ```no_run
//! # async fn demo(document: &str) -> std::io::Result<()> {
//! use lowcodeapi_mock::{Gateway, Inputs, Source, TOKEN};
//!
//! let inputs = Inputs::new(Source { name: "provider.openapi.json", text: document });
//! let gateway = Gateway::builder(inputs).start().await?;
//! println!("{} takes the token {TOKEN}", gateway.base_url());
//! for request in gateway.requests() {
//!     println!("{} {} -> {}", request.method, request.path, request.status);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! By default the gateway follows LowCodeAPI's published pages. [`Behaviour::Observed`] imitates the observed behaviour
//! of its open-source server, including its faults.

mod answer;
mod body;
mod check;
mod coerce;
mod collection;
mod config;
mod document;
mod envelope;
mod gateway;
mod handle;
mod log;
mod observed;
mod old_format;
mod path;
mod query;
mod refusal;
mod route;
mod sample;
mod schema;
mod server;
mod shape;
mod store;

pub use lowcodeapi_codegen::{Inputs, Source};

pub use crate::{
    config::{Behaviour, Envelope, ListShape, UrlFormats},
    gateway::{Gateway, GatewayBuilder},
    log::{RecordedRequest, UrlFormat},
};

/// The default token of a gateway.
pub const TOKEN: &str = "at_mock";
