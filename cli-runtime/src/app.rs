//! The program: from the command line to the exit status.

use std::{any::Any, ffi::OsString, fmt, future::Future, io, pin::Pin, process::ExitCode, sync::Arc};

use lowcodeapi_runtime::catalogue::Described;

use crate::{
    admin,
    api::Api,
    command::{self, Action, Parsed},
    connect,
    failure::{Class, Failure},
    input, output, run,
    table::Commands,
};

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

    /// Runs the command line of the process, and returns its exit status.
    pub fn run<C: Described>(self) -> ExitCode {
        let arguments: Vec<OsString> = std::env::args_os().collect();
        let parsed = match command::parse(&self, C::CATALOGUE, arguments) {
            Ok(parsed) => parsed,
            Err(status) => return status,
        };
        let settings = parsed.settings.clone();
        let built = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let ended = match built {
            Ok(runtime) => {
                let ended = runtime.block_on(run_parsed::<C>(&self, parsed));
                // A blocked read of standard input must not keep the program.
                runtime.shutdown_background();
                ended
            }
            Err(error) => Err(Failure::new(Class::Other, format!("cannot start: {error}"))),
        };
        match ended {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => output::fail(&failure, &settings),
        }
    }
}

async fn run_parsed<C: Described>(app: &App, parsed: Parsed) -> Result<(), Failure> {
    let Parsed { settings, action } = parsed;
    match action {
        Action::Call { command, matches } => {
            if settings.sample || settings.schema {
                return input::describe(command, C::CATALOGUE, &settings);
            }
            let inputs =
                input::gather(app.commands.name, command, &matches, C::CATALOGUE, &settings, &run::progress::watch)
                    .await?;
            let connected =
                connect::connect_for::<C>(app, &settings, C::CATALOGUE.operation(command.operation)).await?;
            run::call(&connected.api, command, inputs, &settings).await
        }
        Action::Admin(action) => admin::run::<C>(app, action, &settings).await,
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
