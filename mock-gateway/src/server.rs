//! The HTTP server.

use std::{fmt, pin::pin, sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{
    Request, Response, StatusCode,
    body::Incoming,
    header::{CONTENT_TYPE, HeaderValue, LOCATION},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    handle::{Received, Shared, respond},
    refusal::{Origin, Refusal},
};

/// The maximum size of a body, in bytes. Bodies are kept in the log.
const MAX_BODY: usize = 256 * 1024 * 1024;
/// How long pending requests may take after the gateway stops.
const GRACE: Duration = Duration::from_secs(1);
/// The pause after a failed `accept`: the usual cause, too many open files, does not pass at once.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// Serves until the sender of `stopped` is dropped.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>, mut stopped: watch::Receiver<()>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = stopped.changed() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(connections.spawn(serve_connection(stream, shared.clone(), stopped.clone()))),
                Err(_) => sleep(ACCEPT_PAUSE).await,
            },
            // Remove finished connections, which would accumulate otherwise.
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    // Dropping the set aborts the connections that outlast the grace period.
    let all = async { while connections.join_next().await.is_some() {} };
    drop(timeout(GRACE, all).await);
}

async fn serve_connection(stream: TcpStream, shared: Arc<Shared>, mut stopped: watch::Receiver<()>) {
    let service = service_fn(move |request| {
        let shared = shared.clone();
        async move { serve_request(&shared, request).await.ok_or(Closed) }
    });
    let mut connection = pin!(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    // A broken connection is the client's concern; there is nobody to report it to.
    tokio::select! {
        _ = connection.as_mut() => {}
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            drop(connection.await);
        }
    }
}

/// The connection is closed without a response.
#[derive(Debug)]
struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is closed without a response")
    }
}

impl std::error::Error for Closed {}

async fn serve_request(shared: &Shared, request: Request<Incoming>) -> Option<Response<Full<Bytes>>> {
    let (head, body) = request.into_parts();
    let query = form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let received = Received {
        method: head.method,
        path: head.uri.path().to_owned(),
        query,
        headers: head.headers,
        body: read_body(body).await,
    };
    let answer = respond(shared, received).await?;
    let mut response = Response::new(Full::new(answer.body));
    *response.status_mut() = answer.status;
    if let Ok(content_type) = HeaderValue::from_str(&answer.content_type) {
        response.headers_mut().insert(CONTENT_TYPE, content_type);
    }
    if let Some(location) = answer.location {
        response.headers_mut().insert(LOCATION, HeaderValue::from_static(location));
    }
    Some(response)
}

async fn read_body(body: Incoming) -> Result<Bytes, Refusal> {
    let collected = Limited::new(body, MAX_BODY).collect().await;
    collected.map(http_body_util::Collected::to_bytes).map_err(|error| {
        let (status, problem) = if error.is::<LengthLimitError>() {
            (StatusCode::PAYLOAD_TOO_LARGE, format!("the body is larger than {MAX_BODY} bytes"))
        } else {
            (StatusCode::BAD_REQUEST, format!("the body could not be read: {error}"))
        };
        Refusal::new(Origin::Gateway, status, problem)
    })
}
