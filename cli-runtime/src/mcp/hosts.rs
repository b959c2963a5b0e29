//! The configuration of hosts that start the server.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

/// How a host starts the server.
#[derive(Debug)]
pub(crate) struct Launch {
    /// The name of the server.
    pub(crate) name: &'static str,
    /// The path of the program.
    pub(crate) command: String,
    /// Its arguments, which have no token.
    pub(crate) arguments: Vec<String>,
    /// The environment variable that holds the token. `None` if the token is read from elsewhere.
    pub(crate) variable: Option<&'static str>,
}

/// A host.
#[derive(Debug)]
pub(crate) struct Host {
    name: &'static str,
    file: &'static str,
    /// What has to be done beside adding the text to the file.
    note: String,
    content: String,
}

/// Returns the configuration of the usual hosts.
pub(crate) fn hosts(launch: &Launch) -> Vec<Host> {
    let keep = launch.variable.map_or_else(String::new, |variable| {
        format!(
            "This host keeps the token in its file. To avoid that, store it with `{} auth login` or in a file for \
             --token-file, and leave out `{variable}`.",
            launch.name
        )
    });
    let set = launch
        .variable
        .map_or_else(String::new, |variable| format!("It takes the value of {variable} from its environment."));
    vec![
        host("Claude Desktop", "claude_desktop_config.json", &keep, &servers(launch, "mcpServers", "YOUR_TOKEN", &[])),
        host("Claude Code", ".mcp.json", &set, &servers(launch, "mcpServers", "${VARIABLE}", &[])),
        host("Cursor", "~/.cursor/mcp.json", &set, &servers(launch, "mcpServers", "${env:VARIABLE}", &[])),
        host("VS Code", ".vscode/mcp.json", "It asks for the token once, and keeps it encrypted.", &vs_code(launch)),
        Host { name: "Codex", file: "~/.codex/config.toml", note: set, content: codex(launch) },
        host("Zed", "settings.json", &keep, &servers(launch, "context_servers", "YOUR_TOKEN", &[])),
    ]
}

/// Returns the configuration for people.
pub(crate) fn text(hosts: &[Host]) -> String {
    let mut text = String::new();
    for (index, host) in hosts.iter().enumerate() {
        let gap = if index == 0 { "" } else { "\n" };
        // Writing to a string does not fail.
        let _ = writeln!(text, "{gap}# {}: {}", host.name, host.file);
        if !host.note.is_empty() {
            let _ = writeln!(text, "# {}", host.note);
        }
        let _ = writeln!(text, "{}", host.content.trim_end());
    }
    text
}

/// Returns the configuration for programs.
pub(crate) fn json(hosts: &[Host]) -> Value {
    hosts
        .iter()
        .map(|host| json!({"host": host.name, "file": host.file, "note": host.note, "content": host.content}))
        .collect()
}

fn host(name: &'static str, file: &'static str, note: &str, content: &Value) -> Host {
    let content = format!("{content:#}");
    Host { name, file, note: note.to_owned(), content }
}

/// Returns the servers by name. `value` is the value of the variable, in which `VARIABLE` is its name.
fn servers(launch: &Launch, key: &str, value: &str, more: &[(&str, &str)]) -> Value {
    let mut server = Map::new();
    for (name, text) in more {
        server.insert((*name).to_owned(), (*text).into());
    }
    server.insert("command".to_owned(), launch.command.as_str().into());
    server.insert("args".to_owned(), launch.arguments.clone().into());
    if let Some(variable) = launch.variable {
        server.insert("env".to_owned(), json!({variable: value.replace("VARIABLE", variable)}));
    }
    json!({key: {launch.name: server}})
}

fn vs_code(launch: &Launch) -> Value {
    let mut content = servers(launch, "servers", "${input:token}", &[("type", "stdio")]);
    if launch.variable.is_some() {
        let description = format!("Token for {}", launch.name);
        content["inputs"] =
            json!([{"type": "promptString", "id": "token", "description": description, "password": true}]);
    }
    content
}

/// A JSON string is a basic string of TOML as well.
fn codex(launch: &Launch) -> String {
    let mut toml = format!(
        "[mcp_servers.{}]\ncommand = {}\nargs = {}\n",
        launch.name,
        json!(launch.command),
        json!(launch.arguments)
    );
    if let Some(variable) = launch.variable {
        // Writing to a string does not fail.
        let _ = writeln!(toml, "env_vars = [{}]", json!(variable));
    }
    toml
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launch(variable: Option<&'static str>) -> Launch {
        let arguments = vec!["mcp".to_owned(), "--tools".to_owned(), "get_*".to_owned()];
        Launch { name: "notes", command: "/opt/My \"notes\"".to_owned(), arguments, variable }
    }

    #[test]
    fn each_host_gets_the_command_and_the_variable() {
        let hosts = hosts(&launch(Some("NOTES_TOKEN")));
        let content = |name: &str| &hosts.iter().find(|host| host.name == name).unwrap().content;
        let read = |name: &str| -> Value { serde_json::from_str(content(name)).unwrap() };
        let code = read("Claude Code");
        assert_eq!(code["mcpServers"]["notes"]["command"], "/opt/My \"notes\"");
        assert_eq!(code["mcpServers"]["notes"]["args"], json!(["mcp", "--tools", "get_*"]));
        assert_eq!(code["mcpServers"]["notes"]["env"], json!({"NOTES_TOKEN": "${NOTES_TOKEN}"}));
        assert_eq!(read("Cursor")["mcpServers"]["notes"]["env"]["NOTES_TOKEN"], "${env:NOTES_TOKEN}");
        assert_eq!(read("VS Code")["inputs"][0]["password"], true);
        assert_eq!(read("Zed")["context_servers"]["notes"]["args"][0], "mcp");
        assert_eq!(
            content("Codex"),
            "[mcp_servers.notes]\ncommand = \"/opt/My \\\"notes\\\"\"\nargs = [\"mcp\",\"--tools\",\"get_*\"]\n\
             env_vars = [\"NOTES_TOKEN\"]\n"
        );
    }

    #[test]
    fn a_token_from_elsewhere_needs_no_variable() {
        let text = text(&hosts(&launch(None)));
        assert!(!text.contains("env") && !text.contains("YOUR_TOKEN"), "{text}");
    }
}
