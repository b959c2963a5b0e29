//! An in-process LowCodeAPI gateway on 127.0.0.1, for tests and demos without a network or a token.
//!
//! It is driven by the provider's OpenAPI document: routes, required inputs, types and answers all come from there. It
//! reads the document through the generator's load, repair and overlay, and shares nothing else with a generated client,
//! so that a client tested against it is tested from outside.
//!
//! Collections are kept in memory. Where a document has `POST` and `GET` on `/x`, and more on `/x/{id}`, what is created
//! can be listed, read, changed and deleted; `page` and `size` choose from a list. Other query parameters are checked, and
//! have no effect.
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
//! By default the gateway behaves as LowCodeAPI's published pages promise. [`Behaviour::Observed`] imitates what its
//! open-source server was seen to do instead, faults included.

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

/// The token that a gateway expects unless the builder says otherwise.
pub const TOKEN: &str = "at_mock";
