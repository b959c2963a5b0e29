//! The reasons for which a request fails, before they are wrapped in an envelope.

use hyper::StatusCode;
use serde_json::{Map, Value};

/// The origin of a refusal, which determines the form of the envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The gateway, before it resolves the provider: the response has only a message.
    Outermost,
    /// The gateway.
    Gateway,
    /// The gateway; it names the provider.
    Named,
    /// The provider; the gateway passes its error on.
    Provider,
    /// None: the process crashes, and the connection closes without a response.
    Nobody,
}

/// A refused request.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub(crate) origin: Origin,
    pub(crate) status: StatusCode,
    /// All problems, one message each; never empty.
    pub(crate) problems: Vec<String>,
    /// Additional members of the response. An `error` among them replaces the default one.
    pub(crate) extra: Map<String, Value>,
}

impl Refusal {
    pub(crate) fn new(origin: Origin, status: StatusCode, problem: impl Into<String>) -> Self {
        Self { origin, status, problems: vec![problem.into()], extra: Map::new() }
    }

    /// Creates the refusal of a method and path without an operation.
    pub(crate) fn route() -> Self {
        Self::new(Origin::Outermost, StatusCode::NOT_FOUND, "Not Found")
    }

    /// Creates the refusal of a request that crashes the process.
    pub(crate) fn death() -> Self {
        Self::new(Origin::Nobody, StatusCode::INTERNAL_SERVER_ERROR, "the process crashed")
    }

    /// Creates the refusal of missing or invalid inputs.
    pub(crate) fn inputs(problems: Vec<String>) -> Self {
        Self { origin: Origin::Provider, status: StatusCode::BAD_REQUEST, problems, extra: Map::new() }
    }

    /// Creates the refusal for a resource that the provider does not have.
    pub(crate) fn missing(problem: impl Into<String>) -> Self {
        Self::new(Origin::Provider, StatusCode::NOT_FOUND, problem)
    }

    pub(crate) fn message(&self) -> String {
        self.problems.join("; ")
    }
}
