//! A run of the program: from the command line to the exit status.

use std::{ffi::OsString, process::ExitCode};

use lowcodeapi_runtime::catalogue::Described;

use crate::{
    admin,
    app::App,
    command::{self, Action, Parsed},
    connect,
    failure::{Class, Failure},
    input, output, run,
    signals::{self, NOT_SENT},
};

impl App {
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
            let reading =
                input::gather(app.commands.name, command, &matches, C::CATALOGUE, &settings, &run::progress::watch);
            let inputs = signals::or_signal(reading, NOT_SENT).await?;
            let connected =
                connect::connect_for::<C>(app, &settings, C::CATALOGUE.operation(command.operation)).await?;
            run::call(&connected.api, command, inputs, &settings).await
        }
        // The server of tools ends without a failure.
        Action::Admin(action) if action.handles_signals() => admin::run::<C>(app, action, &settings).await,
        Action::Admin(action) => {
            let running = Box::pin(admin::run::<C>(app, action, &settings));
            signals::or_signal(running, "").await
        }
    }
}
