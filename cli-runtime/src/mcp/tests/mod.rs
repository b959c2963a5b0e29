//! Sessions of the SDK's client with the server.

mod calls;
mod files;
mod results;
mod stub;

use std::{sync::Arc, time::Duration};

use lowcodeapi_runtime::{RetryPolicy, catalogue::Described as _};
use rmcp::{
    ClientHandler, RoleClient, ServiceExt as _,
    model::{CallToolRequestParams, CallToolResult, ContentBlock, ProgressNotificationParam},
    service::{NotificationContext, RunningService},
};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use self::stub::{Answer, Stub};
use super::{
    options::McpOptions,
    server::{Program, Server},
};
use crate::fixture::Client;

const TOKEN: &str = "token-of-the-tests";

/// A client that hears of progress.
struct Host {
    progress: mpsc::UnboundedSender<ProgressNotificationParam>,
}

impl ClientHandler for Host {
    async fn on_progress(&self, progress: ProgressNotificationParam, _: NotificationContext<RoleClient>) {
        let _ = self.progress.send(progress);
    }
}

/// A session with the server, whose API is a stub.
struct Session {
    stub: Stub,
    client: RunningService<RoleClient, Host>,
    progress: mpsc::UnboundedReceiver<ProgressNotificationParam>,
}

impl Session {
    async fn start(answer: Answer, options: McpOptions) -> Self {
        let stub = Stub::start(answer).await;
        let retry = RetryPolicy::default().max_retries(0);
        let api = Client::builder().base_url(stub.base_url.clone()).token(TOKEN).retry(retry).build().unwrap();
        let program = Program { name: "notes", version: "1.2.3" };
        let server = Server::with_tick(Arc::new(api), &program, &options, Duration::from_millis(5)).unwrap();
        let (ours, theirs) = tokio::io::duplex(4_096);
        tokio::spawn(async move { server.serve(ours).await.unwrap().waiting().await });
        let (sender, progress) = mpsc::unbounded_channel();
        let client = Host { progress: sender }.serve(theirs).await.unwrap();
        Self { stub, client, progress }
    }

    async fn call(&self, name: &'static str, arguments: Value) -> CallToolResult {
        self.client.call_tool(request(name, arguments)).await.unwrap()
    }

    async fn names(&self) -> Vec<String> {
        self.client.list_all_tools().await.unwrap().into_iter().map(|tool| tool.name.into_owned()).collect()
    }
}

fn request(name: &'static str, arguments: Value) -> CallToolRequestParams {
    let Value::Object(arguments) = arguments else { panic!("arguments are an object") };
    CallToolRequestParams::new(name).with_arguments(arguments)
}

fn all() -> McpOptions {
    McpOptions { allow_writes: true, allow_deletes: true, ..McpOptions::default() }
}

fn text(result: &CallToolResult) -> String {
    result.content.iter().filter_map(ContentBlock::as_text).map(|text| text.text.clone()).collect()
}

fn error(result: &CallToolResult) -> Value {
    assert_eq!(result.is_error, Some(true), "{result:?}");
    assert_eq!(result.structured_content, None);
    serde_json::from_str::<Value>(&text(result)).unwrap()["error"].clone()
}

#[tokio::test]
async fn the_server_tells_who_it_is_and_what_it_offers() {
    let session = Session::start(Answer::json("{}"), McpOptions::default()).await;
    let info = session.client.peer_info().unwrap();
    let server = info.server_info.clone().unwrap();
    assert_eq!((server.name.as_str(), server.version.as_str()), ("notes", "1.2.3"));
    let instructions = info.instructions.clone().unwrap();
    assert!(instructions.starts_with("Notes. Keeps notes and files."), "{instructions}");
    assert!(instructions.contains("60 calls in 60 s"), "{instructions}");
    assert_eq!(session.names().await, ["list_notes", "get_note", "get_file", "summary", "continue_result"]);
}

#[tokio::test]
async fn what_is_not_allowed_cannot_be_called_nor_found() {
    let full = Session::start(Answer::json("{}"), McpOptions::default()).await;
    let refused = full.client.call_tool(request("delete_note", json!({"note_id": "1"}))).await.unwrap_err();
    assert!(refused.to_string().contains("no tool `delete_note`"), "{refused}");

    let options = McpOptions { max_tool_tokens: 0, ..McpOptions::default() };
    let search = Session::start(Answer::json("{}"), options).await;
    assert_eq!(search.names().await, ["search_operations", "describe_operation", "call_operation", "continue_result"]);
    let found = search.call("search_operations", json!({"query": "delete note"})).await;
    assert!(!text(&found).contains("delete_note"));
    for tool in ["describe_operation", "call_operation"] {
        let refused = search.call(tool, json!({"name": "delete_note", "inputs": {"note_id": "1"}})).await;
        assert!(error(&refused)["message"].as_str().unwrap().contains("no operation `delete_note`"));
    }
    assert!(search.client.call_tool(request("get_note", json!({"note_id": "1"}))).await.is_err());
    assert!(full.stub.requests().is_empty() && search.stub.requests().is_empty());
}

#[tokio::test]
async fn operations_are_found_described_and_called() {
    let options = McpOptions { max_tool_tokens: 0, ..all() };
    let session = Session::start(Answer::json(r#"{"id":"7"}"#), options).await;
    let found = session.call("search_operations", json!({"query": "create notes", "limit": 1})).await;
    let found = found.structured_content.unwrap();
    assert_eq!(found["result"]["operations"][0]["name"], "create_note");
    assert_eq!(found["result"]["operations"].as_array().unwrap().len(), 1);
    let about = session.call("describe_operation", json!({"name": "create_note"})).await;
    let about = &about.structured_content.unwrap()["result"];
    assert_eq!((&about["effect"], &about["inputSchema"]["required"]), (&json!("change"), &json!(["title"])));
    let inputs = json!({"title": "A"});
    for inputs in [inputs.clone(), inputs.to_string().into()] {
        let called = session.call("call_operation", json!({"name": "create_note", "inputs": inputs})).await;
        assert_eq!(called.structured_content.unwrap()["result"]["id"], "7");
    }
    assert_eq!(session.stub.requests().len(), 2);
    let tools = session.client.list_all_tools().await.unwrap();
    let hints = tools[2].annotations.clone().unwrap();
    assert_eq!((hints.read_only_hint, hints.destructive_hint), (Some(false), Some(true)));
}
