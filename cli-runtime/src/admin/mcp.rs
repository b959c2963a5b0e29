//! `mcp`: the operations as tools of the Model Context Protocol.

#[cfg(feature = "mcp-http")]
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Command};
use lowcodeapi_runtime::catalogue::Described;

use crate::{app::App, failure::Failure, settings::Settings};

/// The options of `mcp`.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
pub(crate) struct Options {
    /// Offer the operations that change something
    #[arg(long)]
    pub(crate) allow_writes: bool,
    /// Offer the operations that delete
    #[arg(long)]
    pub(crate) allow_deletes: bool,
    /// Offer only the operations whose names match; may be given several times
    #[arg(long, value_name = "GLOB")]
    pub(crate) tools: Vec<String>,
    /// Read and write files below this directory only; without it, none
    #[arg(long, value_name = "DIR")]
    pub(crate) files: Option<PathBuf>,
    /// Split results that are longer, in tokens
    #[arg(long, value_name = "N")]
    pub(crate) max_result_tokens: Option<usize>,
    /// Offer a search instead of a list of tools that is longer, in tokens
    #[arg(long, value_name = "N", default_value_t = 8_000)]
    pub(crate) max_tool_tokens: usize,
    /// Print the length of the list of tools, in tokens, and end
    #[arg(long)]
    pub(crate) budget: bool,
    /// Print the configuration for the usual hosts, and end
    #[arg(long)]
    pub(crate) print_config: bool,
    /// Serve over HTTP on this loopback address instead of standard input and output
    #[cfg(feature = "mcp-http")]
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "127.0.0.1:8808")]
    pub(crate) http: Option<SocketAddr>,
}

/// Returns the command.
pub(crate) fn command() -> Command {
    Options::augment_args(Command::new("mcp")).about("Serve the operations as tools over the Model Context Protocol")
}

/// Runs the command.
pub(crate) async fn run<C: Described>(app: &App, options: Options, settings: &Settings) -> Result<(), Failure> {
    let _ = (app, options, settings);
    Err(Failure::usage("`mcp` is not available in this build"))
}
