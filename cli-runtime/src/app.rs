//! The program as its `main` describes it.

use std::{any::Any, fmt, future::Future, io, pin::Pin, sync::Arc};

use crate::{api::Api, table::Commands};

/// A server for `--mock`.
pub struct MockServer {
    /// The base URL of the API on the server.
    pub base_url: String,
    /// The token that it accepts.
    pub token: String,
    /// Whatever keeps the server running.
    pub server: Box<dyn Any + Send + Sync>,
}

impl fmt::Debug for MockServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockServer").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// Starts a server for `--mock`.
pub type StartMock = fn() -> Pin<Box<dyn Future<Output = io::Result<MockServer>> + Send>>;

/// A command line program for the operations of a client.
#[derive(Debug, Clone, Copy)]
#[must_use = "a program does nothing until it is run"]
pub struct App {
    pub(crate) commands: &'static Commands,
    pub(crate) version: &'static str,
    pub(crate) mock: Option<StartMock>,
}

impl App {
    /// Creates a program of these commands.
    pub const fn new(commands: &'static Commands) -> Self {
        Self { commands, version: "0.0.0", mock: None }
    }

    /// Sets the version that `--version` prints.
    pub const fn version(mut self, version: &'static str) -> Self {
        self.version = version;
        self
    }

    /// Adds `--mock`, which calls the server that this function starts instead of the API.
    pub const fn mock(mut self, start: StartMock) -> Self {
        self.mock = Some(start);
        self
    }
}

/// A client, and what keeps its server running.
pub(crate) struct Connected {
    pub(crate) api: Arc<dyn Api>,
    /// Where the token is from, in words for people.
    pub(crate) token_source: String,
    /// The server of `--mock`.
    pub(crate) mock: Option<MockServer>,
}
