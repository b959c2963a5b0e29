//! Names the servers of a document, and their variables.

use super::{case, names::ServerNames, scope::Scope};
use crate::ir::{Api, Server, ServerVariable};

/// What the type of servers has besides.
const METHODS: &str = "new clone default into from eq ne";

/// The most words of a description that is a name.
const WORDS: usize = 4;

/// Returns the names of the servers and of their variables. Callers choose between several servers by constructors.
pub(super) fn name_servers(api: &Api) -> ServerNames {
    let mut scope = Scope::reserving(METHODS);
    let of_operations = api.operations.iter().filter_map(|operation| operation.server_template.as_ref());
    let mut variables: Vec<(ServerVariable, String)> = Vec::new();
    for variable in api.servers.iter().chain(of_operations).flat_map(|server| &server.variables) {
        if variables.iter().all(|(known, _)| known.name != variable.name) {
            let name = case::snake(&variable.name);
            let setter = scope.claim_first(&[name.clone(), format!("{name}_variable")]);
            variables.push((variable.clone(), setter));
        }
    }
    let constructors = if api.servers.len() > 1 {
        api.servers.iter().enumerate().map(|(index, server)| scope.claim_first(&candidates(server, index))).collect()
    } else {
        Vec::new()
    };
    ServerNames { constructors, variables }
}

/// The words of a short name or description, else the host.
fn candidates(server: &Server, index: usize) -> Vec<String> {
    let said = [server.name.as_deref(), server.description.as_deref()].into_iter().flatten();
    let short = said.map(case::snake).filter(|name| !name.is_empty() && name.split('_').count() <= WORDS);
    let host = server.url.split_once("//").map(|(_, rest)| rest.split('/').next().unwrap_or_default());
    let host = host.filter(|host| !host.contains('{')).map(case::snake).filter(|name| !name.is_empty());
    short.chain(host).chain([format!("server_{}", index + 1)]).collect()
}
