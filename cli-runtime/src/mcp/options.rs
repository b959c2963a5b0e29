//! What the tools may do.

#[cfg(feature = "mcp-http")]
use std::net::SocketAddr;
use std::path::PathBuf;

/// The options of `mcp`.
#[derive(Debug, Clone)]
pub(crate) struct McpOptions {
    /// `--allow-writes`: offers operations that change something.
    pub(crate) allow_writes: bool,
    /// `--allow-deletes`: offers operations that delete.
    pub(crate) allow_deletes: bool,
    /// `--tools`: patterns of names. A tool must match one of them. Empty allows all tools.
    pub(crate) tools: Vec<String>,
    /// `--files`: the folder that files are read from and written to.
    pub(crate) files: Option<PathBuf>,
    /// `--max-result-tokens`: the estimated tokens of a result at most.
    pub(crate) max_result_tokens: usize,
    /// `--max-tool-tokens`: the estimated tokens of the list of tools at most.
    pub(crate) max_tool_tokens: usize,
    /// `--http`: serves over HTTP instead of standard input and output.
    #[cfg(feature = "mcp-http")]
    pub(crate) http: Option<Http>,
}

/// How to serve over HTTP.
#[cfg(feature = "mcp-http")]
#[derive(Debug, Clone)]
pub(crate) struct Http {
    /// The address, on loopback.
    pub(crate) address: SocketAddr,
    /// `--http-token-file`: the file that holds the bearer token. Without one, a token is made.
    pub(crate) token_file: Option<PathBuf>,
}

impl Default for McpOptions {
    fn default() -> Self {
        Self {
            allow_writes: false,
            allow_deletes: false,
            tools: Vec::new(),
            files: None,
            max_result_tokens: 10_000,
            max_tool_tokens: 8_000,
            #[cfg(feature = "mcp-http")]
            http: None,
        }
    }
}
