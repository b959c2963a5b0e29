//! Answers the requests of the protocol.

use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

use lowcodeapi_runtime::catalogue::Catalogue;
use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, Implementation, ListToolsResult,
        PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
    },
    service::RequestContext,
};
use serde_json::{Map, Value};

use super::{
    call::Caller,
    files::Folder,
    mode::{self, Mode},
    options::McpOptions,
    problem,
    progress::Listener,
    prose,
    search::{self, Index},
    selection::{Offered, Selection, own},
    tool,
};
use crate::{
    api::Api,
    failure::{Class, Failure},
};

/// How long a call is silent at most, for clients that want to hear of its progress.
const TICK: Duration = Duration::from_secs(3);
/// The matches of a search, unless the model asks for another number.
const MATCHES: u64 = 10;
/// The matches of a search at most.
const MAX_MATCHES: u64 = 50;
/// The characters of what the instructions say about the API at most.
const ABOUT: usize = 600;

/// The name and version that the server tells.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
}

/// The server. Its clones share everything.
#[derive(Clone)]
pub(crate) struct Server {
    shared: Arc<Shared>,
}

struct Shared {
    caller: Caller,
    selection: Selection,
    mode: Mode,
    tools: Vec<Tool>,
    index: OnceLock<Index>,
    info: ServerConfig,
    tick: Duration,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("mode", &self.shared.mode).finish_non_exhaustive()
    }
}

impl Server {
    /// Creates a server for what the options allow.
    pub(crate) fn new(api: Arc<dyn Api>, program: &Program, options: &McpOptions) -> Result<Self, Failure> {
        Self::with_tick(api, program, options, TICK)
    }

    pub(crate) fn with_tick(
        api: Arc<dyn Api>,
        program: &Program,
        options: &McpOptions,
        tick: Duration,
    ) -> Result<Self, Failure> {
        let catalogue = api.catalogue();
        let selection = Selection::new(catalogue, options);
        if selection.offered.is_empty() {
            return Err(Failure::usage("no operation is allowed, so that there is nothing to serve")
                .help("allow more with --allow-writes, --allow-deletes or another --tools"));
        }
        let folder = match &options.files {
            None => None,
            Some(path) => Some(Folder::open(path).map_err(|error| {
                Failure::new(Class::File, format!("the folder {} cannot be opened: {error}", path.display()))
            })?),
        };
        let (mode, tools) = mode::choose(catalogue, &selection, options);
        let info = info(catalogue, program, mode, options);
        let caller = Caller::new(api, folder, options.max_result_tokens);
        let shared = Shared { caller, selection, mode, tools, index: OnceLock::new(), info, tick };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Returns a line on what is served.
    pub(crate) fn about(&self) -> String {
        let Shared { selection, mode, tools, .. } = &*self.shared;
        format!(
            "{} operations, {} tools (mode: {}), about {} tokens",
            selection.offered.len(),
            tools.len(),
            mode.name(),
            mode::cost(tools)
        )
    }

    async fn call(
        &self,
        name: &str,
        arguments: Map<String, Value>,
        to: &Listener,
    ) -> Result<CallToolResult, ErrorData> {
        let Shared { caller, selection, mode, .. } = &*self.shared;
        if name == own::CONTINUE {
            return Ok(match text(&arguments, "continuation") {
                Ok(continuation) => caller.more(continuation),
                Err(message) => problem::of_input(&message),
            });
        }
        if *mode == Mode::Search {
            return match name {
                own::SEARCH => Ok(self.search(&arguments)),
                own::DESCRIBE => Ok(self.describe(&arguments)),
                own::CALL => Ok(self.call_named(arguments, to).await),
                _ => Err(unknown(name)),
            };
        }
        match selection.find(name) {
            Some(offered) => Ok(caller.call(offered, arguments, to).await),
            None => Err(unknown(name)),
        }
    }

    fn search(&self, arguments: &Map<String, Value>) -> CallToolResult {
        let Shared { caller, selection, index, .. } = &*self.shared;
        let limit = arguments.get("limit").and_then(Value::as_u64).unwrap_or(MATCHES).clamp(1, MAX_MATCHES);
        match text(arguments, "query") {
            Ok(query) => {
                let index = index.get_or_init(|| Index::new(&selection.offered));
                let limit = usize::try_from(limit).unwrap_or(usize::MAX);
                caller.json(search::matches(index, &selection.offered, query, limit))
            }
            Err(message) => problem::of_input(&message),
        }
    }

    fn describe(&self, arguments: &Map<String, Value>) -> CallToolResult {
        let caller = &self.shared.caller;
        match self.named(arguments) {
            Ok(offered) => caller.json(tool::whole(caller.api.catalogue(), offered, caller.folder.is_some())),
            Err(message) => problem::of_input(&message),
        }
    }

    async fn call_named(&self, mut arguments: Map<String, Value>, to: &Listener) -> CallToolResult {
        let offered = match self.named(&arguments) {
            Ok(offered) => offered,
            Err(message) => return problem::of_input(&message),
        };
        let inputs = match arguments.remove("inputs") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(inputs)) => inputs,
            // Some models write the object as a string.
            Some(Value::String(text)) => match serde_json::from_str(&text) {
                Ok(inputs) => inputs,
                Err(_) => return problem::of_input("`inputs` is not a JSON object"),
            },
            Some(_) => return problem::of_input("`inputs` is not a JSON object"),
        };
        self.shared.caller.call(offered, inputs, to).await
    }

    fn named(&self, arguments: &Map<String, Value>) -> Result<&Offered, String> {
        let name = text(arguments, "name")?;
        self.shared
            .selection
            .find(name)
            .ok_or_else(|| format!("there is no operation `{name}`; {} finds their names", own::SEARCH))
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        self.shared.info.clone()
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(self.shared.tools.clone()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let to =
            Listener { token: context.meta.get_progress_token(), peer: context.peer.clone(), every: self.shared.tick };
        let arguments = request.arguments.unwrap_or_default();
        tokio::select! {
            biased;
            // Dropping the call cancels it. The client does not wait for an answer any more.
            () = context.ct.cancelled() => Err(ErrorData::internal_error("the call was cancelled", None)),
            result = self.call(&request.name, arguments, &to) => result.map(Into::into),
        }
    }
}

fn unknown(name: &str) -> ErrorData {
    ErrorData::invalid_params(format!("there is no tool `{name}`"), None)
}

fn text<'a>(arguments: &'a Map<String, Value>, name: &str) -> Result<&'a str, String> {
    arguments.get(name).and_then(Value::as_str).ok_or_else(|| format!("the input `{name}` is missing, or is no text"))
}

fn info(catalogue: &Catalogue, program: &Program, mode: Mode, options: &McpOptions) -> ServerConfig {
    let capabilities = ServerCapabilities::builder().enable_tools().build();
    let server = Implementation::new(program.name, program.version).with_title(catalogue.title);
    ServerConfig::new(capabilities).with_server_info(server).with_instructions(instructions(catalogue, mode, options))
}

fn instructions(catalogue: &Catalogue, mode: Mode, options: &McpOptions) -> String {
    let about = format!("{}. {}", catalogue.title, prose::short(catalogue.description, ABOUT));
    let mut lines = vec![about.trim_end().to_owned()];
    if mode == Mode::Search {
        lines.push(format!(
            "Find operations with {}, read their inputs with {}, then use {}.",
            own::SEARCH,
            own::DESCRIBE,
            own::CALL
        ));
    }
    lines.push(format!(
        "Results are in `result`. Pass the `continuation` of a truncated result to {} only if you need more of it.",
        own::CONTINUE
    ));
    if options.files.is_some() {
        lines.push("Files are paths relative to the folder for files; files in results are written there.".to_owned());
    }
    if options.allow_writes {
        lines.push(
            "Calls that are not read-only may cost money. Do not repeat one whose error says \
             `may_have_been_processed` before you have looked whether it had an effect."
                .to_owned(),
        );
    }
    let limits = catalogue.rate_limits.iter();
    let limits: Vec<_> =
        limits.map(|it| format!("{} {} calls in {} s", it.name(), it.requests(), it.period().as_secs())).collect();
    if !limits.is_empty() {
        lines.push(format!("Rate limits, for which the server waits by itself: {}.", limits.join(", ")));
    }
    lines.join("\n")
}
