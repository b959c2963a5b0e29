//! The catalogue and the commands of every case, and of Jasper: what they say is true of the calls that they make.

mod answers;
mod commands;
mod schemas;

use lowcodeapi_cli::table::Commands;
use lowcodeapi_runtime::{
    Error,
    catalogue::{self, Catalogue, Inputs},
};

/// A client that is described by data.
pub(crate) struct Described {
    case: &'static str,
    catalogue: &'static Catalogue,
    commands: &'static Commands,
    /// Makes a call, and returns it as a curl command.
    dry_run: fn(&str, Inputs) -> Result<String, Error>,
}

impl Described {
    const fn of<C: catalogue::Described>(case: &'static str, commands: &'static Commands) -> Self {
        Self { case, catalogue: C::CATALOGUE, commands, dry_run: dry_run::<C> }
    }
}

fn dry_run<C: catalogue::Described>(operation: &str, inputs: Inputs) -> Result<String, Error> {
    let client: C = C::builder().token("at_marked").base_url("http://127.0.0.1:9/base").build()?;
    Ok(client.prepare(operation, inputs)?.dry_run()?.to_string())
}

/// The generated commands, and the list of all clients.
#[allow(clippy::pedantic, reason = "documents decide the names")]
mod generated {
    use super::Described;

    include!(concat!(env!("OUT_DIR"), "/commands.rs"));
}

use generated::CLIENTS;
