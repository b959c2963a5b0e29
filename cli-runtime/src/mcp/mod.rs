//! The operations as tools for agents, by the Model Context Protocol.

mod budget;
mod call;
mod continuation;
mod files;
mod glob;
pub(crate) mod hosts;
#[cfg(feature = "mcp-http")]
mod http;
mod inputs;
mod mode;
mod options;
mod parts;
mod problem;
mod progress;
mod prose;
mod random;
mod schema;
mod search;
mod selection;
mod server;
#[cfg(test)]
mod tests;
mod tokens;
mod tool;

use std::sync::Arc;

use rmcp::{ServiceExt as _, service::ServerInitializeError};

#[cfg(feature = "mcp-http")]
pub(crate) use self::options::Http;
use self::server::Server;
pub(crate) use self::{budget::Budget, options::McpOptions, server::Program};
use crate::{
    api::Api,
    connect::tell,
    failure::{Class, Failure},
};

/// Serves the operations until the client closes the connection, or a signal ends the program.
pub(crate) async fn serve(api: Arc<dyn Api>, program: &Program, options: &McpOptions) -> Result<(), Failure> {
    let server = Server::new(api, program, options)?;
    tell(&format!("{} mcp: {}", program.name, server.about()));
    let session = async {
        #[cfg(feature = "mcp-http")]
        if let Some(http) = &options.http {
            return http::serve(server, program.name, http).await;
        }
        serve_stdio(server).await
    };
    tokio::select! {
        result = session => result,
        () = signal() => Ok(()),
    }
}

async fn serve_stdio(server: Server) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::new(Class::Other, format!("the server failed: {error}"));
    match server.serve(rmcp::transport::stdio()).await {
        Ok(running) => running.waiting().await.map(|_| ()).map_err(|error| failed(&error)),
        // The client went before it said anything.
        Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        Err(error) => Err(failed(&error)),
    }
}

/// Waits for the signal to end.
async fn signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix;
        if let Ok(mut terminate) = unix::signal(unix::SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    // Without a handler, the signal ends the program by itself.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
