//! Serves the tools over HTTP, on loopback.

use std::{convert::Infallible, net::SocketAddr, path::Path, sync::Arc};

use http_body_util::{BodyExt as _, Full, combinators::BoxBody};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{AUTHORIZATION, WWW_AUTHENTICATE},
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use rmcp::transport::streamable_http_server::{
    StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
};
use tokio::{net::TcpListener, sync::Semaphore};

use super::{options::Http, random, server::Server};
use crate::{
    connect::tell,
    failure::{Class, Failure},
};

/// The path of the endpoint.
const PATH: &str = "/mcp";
/// The connections at the same time at most.
const CONNECTIONS: usize = 64;
/// The random bytes of a token.
const RANDOM: usize = 32;
/// The characters of a token at least. Shorter ones can be guessed.
const SHORTEST: usize = 16;

type Body = BoxBody<Bytes, Infallible>;
type Service = StreamableHttpService<Server, LocalSessionManager>;

/// Serves over HTTP until the future is dropped.
pub(crate) async fn serve(server: Server, name: &str, http: &Http) -> Result<(), Failure> {
    let (listener, token) = open(name, http).await?;
    accept(server, listener, token).await
}

/// Opens the address, and tells where it is, and the token if it was made here.
async fn open(name: &str, http: &Http) -> Result<(TcpListener, String), Failure> {
    if !http.address.ip().is_loopback() {
        return Err(Failure::usage(format!("{} is not a loopback address", http.address))
            .help("--http serves programs on this computer only, such as on 127.0.0.1:8808"));
    }
    let token = match &http.token_file {
        Some(path) => read_token(path)?,
        None => random::hex::<RANDOM>()
            .ok_or_else(|| Failure::new(Class::Other, "the system has no random numbers for a token"))?,
    };
    let failed = |error| Failure::new(Class::Network, format!("{} cannot be served: {error}", http.address));
    let listener = TcpListener::bind(http.address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    tell(&format!("{name} mcp: http://{address}{PATH}"));
    if http.token_file.is_none() {
        // It is of this process, and opens nothing but these tools.
        tell(&format!("{name} mcp: the bearer token of clients is {token}"));
    }
    Ok((listener, token))
}

async fn accept(server: Server, listener: TcpListener, token: String) -> Result<(), Failure> {
    // The SDK checks `Host` against the names of loopback, and with this any `Origin`: no web page may call the tools.
    let config = StreamableHttpServerConfig::default().enforce_origin_validation();
    let service = Service::new(move || Ok(server.clone()), Arc::new(LocalSessionManager::default()), config);
    let token: Arc<str> = token.into();
    let free = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        // The semaphore is never closed.
        let Ok(permit) = Arc::clone(&free).acquire_owned().await else { return Ok(()) };
        let Ok((stream, peer)) = listener.accept().await else {
            // Too many open files, for example, which takes a while to pass.
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            continue;
        };
        let (service, token) = (service.clone(), Arc::clone(&token));
        tokio::spawn(async move {
            let answer = service_fn(move |request| answer(service.clone(), Arc::clone(&token), peer, request));
            let connection = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), answer);
            // A connection that breaks concerns its client.
            let _ = connection.await;
            drop(permit);
        });
    }
}

async fn answer(
    service: Service,
    token: Arc<str>,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    if !peer.ip().is_loopback() {
        return Ok(refuse(StatusCode::FORBIDDEN, "only programs on this computer are served\n"));
    }
    if !is_authorized(&request, &token) {
        let mut refused = refuse(StatusCode::UNAUTHORIZED, "the bearer token is missing or wrong\n");
        refused.headers_mut().insert(WWW_AUTHENTICATE, hyper::header::HeaderValue::from_static("Bearer"));
        return Ok(refused);
    }
    if request.uri().path() != PATH {
        return Ok(refuse(StatusCode::NOT_FOUND, "the endpoint is /mcp\n"));
    }
    Ok(service.handle(request).await)
}

fn is_authorized<B>(request: &Request<B>, token: &str) -> bool {
    let mut given = request.headers().get_all(AUTHORIZATION).iter();
    let (Some(given), None) = (given.next(), given.next()) else { return false };
    let Some((scheme, credential)) = given.to_str().ok().and_then(|it| it.split_once(' ')) else { return false };
    scheme.eq_ignore_ascii_case("Bearer") && is_same(credential.trim(), token)
}

/// Compares in a time that depends on the length only.
fn is_same(given: &str, token: &str) -> bool {
    let differences = given.bytes().zip(token.bytes()).fold(0, |differences, (one, other)| differences | (one ^ other));
    given.len() == token.len() && std::hint::black_box(differences) == 0
}

fn refuse(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())).boxed());
    *response.status_mut() = status;
    response
}

fn read_token(path: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::new(Class::File, format!("{} cannot be read: {error}", path.display())))?;
    let token = text.trim();
    let is_valid = token.len() >= SHORTEST && token.bytes().all(|byte| byte.is_ascii_graphic());
    is_valid.then(|| token.to_owned()).ok_or_else(|| {
        Failure::usage(format!("{} has no token of at least {SHORTEST} visible ASCII characters", path.display()))
    })
}

#[cfg(test)]
mod tests {
    use lowcodeapi_runtime::{catalogue::Described as _, reqwest};
    use serde_json::json;

    use super::*;
    use crate::{
        fixture::Client,
        mcp::{options::McpOptions, server::Program},
    };

    const TOKEN: &str = "a-token-of-the-tests";

    async fn start() -> String {
        let api = Client::builder().token("secret").build().unwrap();
        let program = Program { name: "notes", version: "1" };
        let server = Server::new(Arc::new(api), &program, &McpOptions::default()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(accept(server, listener, TOKEN.to_owned()));
        format!("http://{address}")
    }

    fn initialize(url: &str, token: &str) -> reqwest::RequestBuilder {
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
            "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}
        }});
        reqwest::Client::new()
            .post(url)
            .bearer_auth(token)
            .header("accept", "application/json, text/event-stream")
            .header("content-type", "application/json")
            .body(message.to_string())
    }

    #[tokio::test]
    async fn clients_with_the_token_are_served() {
        let base = start().await;
        let answer = initialize(&format!("{base}/mcp"), TOKEN).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert!(answer.headers().contains_key("mcp-session-id"));
        let text = answer.text().await.unwrap();
        assert!(text.contains("\"serverInfo\"") && !text.contains("secret"), "{text}");
    }

    #[tokio::test]
    async fn other_clients_are_not() {
        let base = start().await;
        let url = format!("{base}/mcp");
        for (request, status) in [
            (initialize(&url, "another-token-of-tests"), 401),
            (initialize(&url, ""), 401),
            (initialize(&url, TOKEN).header("authorization", "Bearer again"), 401),
            (reqwest::Client::new().get(&url), 401),
            (initialize(&base, TOKEN), 404),
            (initialize(&url, TOKEN).header("origin", "http://evil.example"), 403),
            (initialize(&url, TOKEN).header("origin", &base), 403),
            (initialize(&url, TOKEN).header("host", "evil.example"), 403),
        ] {
            let shown = format!("{request:?}");
            assert_eq!(request.send().await.unwrap().status(), status, "{shown}");
        }
    }

    #[tokio::test]
    async fn other_addresses_and_short_tokens_are_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("token");
        std::fs::write(&path, "short\n").unwrap();
        for (address, token_file) in [("0.0.0.0:0", None), ("192.0.2.1:0", None), ("127.0.0.1:0", Some(path.clone()))] {
            let http = Http { address: address.parse().unwrap(), token_file };
            assert_eq!(open("notes", &http).await.unwrap_err().class, Class::Usage, "{address}");
        }
        std::fs::write(&path, format!("{TOKEN}\n")).unwrap();
        let http = Http { address: "[::1]:0".parse().unwrap(), token_file: Some(path) };
        // A computer may have no IPv6.
        if let Ok((_, token)) = open("notes", &http).await {
            assert_eq!(token, TOKEN);
        }
    }
}
