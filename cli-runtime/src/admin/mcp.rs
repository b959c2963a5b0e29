//! `mcp`: the operations as tools of the Model Context Protocol.

#[cfg(feature = "mcp-http")]
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, Command, ValueHint};
use lowcodeapi_runtime::{UrlFormat, catalogue::Described};

#[cfg(feature = "mcp-http")]
use crate::mcp::Http;
use crate::{
    app::App,
    connect,
    failure::Failure,
    mcp::{
        self, Budget, McpOptions, Program,
        hosts::{self, Launch},
    },
    output,
    settings::{Format, Settings},
};

/// The tokens of a result that are worth a part of their own.
const MIN_RESULT_TOKENS: usize = 200;

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
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) files: Option<PathBuf>,
    /// Split results that are longer, in tokens
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub(crate) max_result_tokens: usize,
    /// Offer a search instead of a list of tools that is longer, in tokens
    #[arg(long, value_name = "N", default_value_t = 8_000)]
    pub(crate) max_tool_tokens: usize,
    /// Print the length of the list of tools, in tokens, and end
    #[arg(long)]
    pub(crate) budget: bool,
    /// Print the configuration for the usual hosts, and end
    #[arg(long, conflicts_with = "budget")]
    pub(crate) print_config: bool,
    /// Serve over HTTP on this loopback address instead of standard input and output
    #[cfg(feature = "mcp-http")]
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "127.0.0.1:8808")]
    pub(crate) http: Option<SocketAddr>,
    /// Read the bearer token of HTTP clients from this file, instead of making one
    #[cfg(feature = "mcp-http")]
    #[arg(long, value_name = "FILE", requires = "http", value_hint = ValueHint::FilePath)]
    pub(crate) http_token_file: Option<PathBuf>,
}

/// Returns the command.
pub(crate) fn command() -> Command {
    Options::augment_args(Command::new("mcp"))
        .about("Serve the operations as tools over the Model Context Protocol")
        .long_about(
            "Serve the operations as tools over the Model Context Protocol, on standard input and output.\n\n\
             Only operations that read are offered, unless more is allowed. If the list of tools is longer than \
             --max-tool-tokens, it leaves out the schemas of results, and if it still is, tools that search, describe \
             and call operations are offered instead. Tokens are estimated: four characters each.",
        )
}

/// Runs the command.
pub(crate) async fn run<C: Described>(app: &App, options: Options, settings: &Settings) -> Result<(), Failure> {
    if options.max_result_tokens < MIN_RESULT_TOKENS {
        return Err(Failure::usage(format!("--max-result-tokens is at least {MIN_RESULT_TOKENS}")));
    }
    let is_for_people = matches!(settings.output, None | Some(Format::Table));
    if options.print_config {
        let hosts = hosts::hosts(&launch::<C>(app, &options, settings)?);
        return if is_for_people {
            output::print(&hosts::text(&hosts))
        } else {
            output::Printer::new(settings)?.value(&hosts::json(&hosts))
        };
    }
    let served = served(&options);
    if options.budget {
        let budget = Budget::new(C::CATALOGUE, &served);
        return if is_for_people {
            output::print(&budget.text())
        } else {
            output::Printer::new(settings)?.value(&budget.json())
        };
    }
    if settings.token_file.as_deref() == Some(Path::new("-")) {
        return Err(Failure::usage("the token cannot be read from standard input, which is the client's"));
    }
    let program = Program { name: app.commands.name, version: app.version };
    let connected = connect::connect::<C>(app, settings).await?;
    let ended = mcp::serve(connected.api, &program, &served).await;
    drop(connected.mock);
    ended
}

fn served(options: &Options) -> McpOptions {
    McpOptions {
        allow_writes: options.allow_writes,
        allow_deletes: options.allow_deletes,
        tools: options.tools.clone(),
        files: options.files.clone(),
        max_result_tokens: options.max_result_tokens,
        max_tool_tokens: options.max_tool_tokens,
        #[cfg(feature = "mcp-http")]
        http: options.http.map(|address| Http { address, token_file: options.http_token_file.clone() }),
    }
}

/// Returns how a host starts the server with the same options.
fn launch<C: Described>(app: &App, options: &Options, settings: &Settings) -> Result<Launch, Failure> {
    let command = std::env::current_exe()
        .map_err(|error| Failure::usage(format!("the path of this program is not known: {error}")))?;
    let mut arguments = Vec::new();
    let mut add = |option: &str, value: Option<String>| {
        arguments.push(option.to_owned());
        arguments.extend(value);
    };
    if settings.mock {
        add("--mock", None);
    }
    if let Some(path) = &settings.token_file {
        add("--token-file", Some(absolute(path)));
    }
    if let Some(url) = &settings.base_url {
        add("--base-url", Some(url.clone()));
    }
    if let Some(format) = settings.url_format {
        add("--url-format", Some(if format == UrlFormat::Old { "old" } else { "new" }.to_owned()));
    }
    if let Some(timeout) = settings.timeout {
        add("--timeout", Some(format!("{}ms", timeout.as_millis().max(1))));
    }
    if let Some(retries) = settings.retries {
        add("--retries", Some(retries.to_string()));
    }
    add("mcp", None);
    if options.allow_writes {
        add("--allow-writes", None);
    }
    if options.allow_deletes {
        add("--allow-deletes", None);
    }
    for pattern in &options.tools {
        add("--tools", Some(pattern.clone()));
    }
    if let Some(path) = &options.files {
        add("--files", Some(absolute(path)));
    }
    for (option, tokens, usual) in [
        ("--max-result-tokens", options.max_result_tokens, 10_000),
        ("--max-tool-tokens", options.max_tool_tokens, 8_000),
    ] {
        if tokens != usual {
            add(option, Some(tokens.to_string()));
        }
    }
    let has_token = settings.mock || settings.token_file.is_some();
    let variable = C::CATALOGUE.credentials.first().map(|it| it.variable).filter(|_| !has_token);
    Ok(Launch { name: app.commands.name, command: command.display().to_string(), arguments, variable })
}

/// Hosts start the server in directories of their own.
fn absolute(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}
