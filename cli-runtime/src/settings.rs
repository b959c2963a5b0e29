//! What the options that every command has set.

use std::{path::PathBuf, time::Duration};

use lowcodeapi_runtime::UrlFormat;

/// The options that every command has.
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    /// `--output`: how results are written. `None` decides by whether standard output is a terminal.
    pub(crate) output: Option<Format>,
    /// `--select`: a JSONPath that selects what is written of the result.
    pub(crate) select: Option<String>,
    /// `--all`: requests all pages of a list.
    pub(crate) all: bool,
    /// `--to`: the file that a download is written to; `-` is standard output.
    pub(crate) to: Option<PathBuf>,
    /// `--body`: the inputs as JSON or YAML, `@file` or `-`.
    pub(crate) body: Option<String>,
    /// `--sample`: writes an example of the inputs, and sends nothing.
    pub(crate) sample: bool,
    /// `--schema`: writes the JSON Schemas of inputs and results, and sends nothing.
    pub(crate) schema: bool,
    /// `--dry-run`: writes the request as a curl command, and sends nothing.
    pub(crate) dry_run: bool,
    /// `--yes`: deletes without asking.
    pub(crate) yes: bool,
    /// `--token-file`: the file that holds the token; `-` is standard input.
    pub(crate) token_file: Option<PathBuf>,
    /// `--timeout`: the timeout of each call.
    pub(crate) timeout: Option<Duration>,
    /// `--retries`: how often a call is retried at most.
    pub(crate) retries: Option<u32>,
    /// `--base-url`.
    pub(crate) base_url: Option<String>,
    /// `--url-format`, for clients behind LowCodeAPI's gateway.
    pub(crate) url_format: Option<UrlFormat>,
    /// `-v`: once for a line for each attempt, twice for the headers too.
    pub(crate) verbose: u8,
    /// `--error-format`.
    pub(crate) error_format: ErrorFormat,
    /// `--color`.
    pub(crate) color: Color,
    /// `--mock`: calls the embedded gateway.
    pub(crate) mock: bool,
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// A table of a list, a record of an object, plain text of generated text.
    Table,
    /// One indented JSON text.
    Json,
    /// One line of JSON for each item.
    Jsonl,
    /// YAML.
    Yaml,
    /// The text or bytes themselves; JSON strings without quotes, other JSON on one line.
    Raw,
}

/// How errors are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum ErrorFormat {
    /// A block of lines for people.
    #[default]
    Human,
    /// One JSON object.
    Json,
}

/// When output is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
