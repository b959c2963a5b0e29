//! Why a request gets no success, before it is put into an envelope.

use hyper::StatusCode;
use serde_json::{Map, Value};

/// Who refuses: the envelope's form depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The gateway, before it looks for a provider: there is only a message.
    Outermost,
    /// The gateway.
    Gateway,
    /// The gateway, which names the provider.
    Named,
    /// The provider, as the gateway passes on what it said.
    Provider,
    /// Nobody: the process dies, and the connection closes without an answer.
    Nobody,
}

/// A request refused.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub(crate) origin: Origin,
    pub(crate) status: StatusCode,
    /// Everything that is wrong, one message each; never empty.
    pub(crate) problems: Vec<String>,
    /// What else the answer says; where there is an error within it, that says it.
    pub(crate) extra: Map<String, Value>,
}

impl Refusal {
    pub(crate) fn new(origin: Origin, status: StatusCode, problem: impl Into<String>) -> Self {
        Self { origin, status, problems: vec![problem.into()], extra: Map::new() }
    }

    /// No operation has this method and path.
    pub(crate) fn route() -> Self {
        Self::new(Origin::Outermost, StatusCode::NOT_FOUND, "Not Found")
    }

    /// The process dies of the request.
    pub(crate) fn death() -> Self {
        Self::new(Origin::Nobody, StatusCode::INTERNAL_SERVER_ERROR, "the process died")
    }

    /// Inputs that are missing or wrong.
    pub(crate) fn inputs(problems: Vec<String>) -> Self {
        Self { origin: Origin::Provider, status: StatusCode::BAD_REQUEST, problems, extra: Map::new() }
    }

    /// The provider has nothing there.
    pub(crate) fn missing(problem: impl Into<String>) -> Self {
        Self::new(Origin::Provider, StatusCode::NOT_FOUND, problem)
    }

    pub(crate) fn message(&self) -> String {
        self.problems.join("; ")
    }
}
