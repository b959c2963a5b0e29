//! The gateway handle and its builder.

use std::{
    fmt, io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use hyper::StatusCode;
use lowcodeapi_codegen::Inputs;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    TOKEN,
    config::{Behaviour, Envelope, ListShape, Settings, UrlFormats},
    document::Document,
    handle::Shared,
    log::RecordedRequest,
    refusal::{Origin, Refusal},
    server::serve,
};

/// A running gateway. Dropping it stops it.
///
/// It runs on the tokio runtime on which it was started.
pub struct Gateway {
    address: SocketAddr,
    shared: Arc<Shared>,
    /// Dropping it ends the task.
    stop: watch::Sender<()>,
    task: JoinHandle<()>,
}

impl Gateway {
    /// Creates a builder for the provider that the document describes. The lock, if any, is not read.
    pub fn builder(inputs: Inputs<'_>) -> GatewayBuilder<'_> {
        GatewayBuilder {
            inputs,
            token: TOKEN.to_owned(),
            formats: None,
            envelope: None,
            behaviour: Behaviour::default(),
            list_shape: ListShape::default(),
        }
    }

    /// Returns the provider's base URL: `http://127.0.0.1:PORT/jasper`, with the path of the document's server.
    pub fn base_url(&self) -> String {
        format!("http://{}{}", self.address, self.shared.document.base)
    }

    /// Returns the address that the gateway listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the requests so far, in the order of their responses. A request is recorded before its response is sent.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.log().clone()
    }

    /// Makes the next request fail with this status and message, as if the provider had refused it. Each further call
    /// applies to one more request. A refused request changes nothing.
    ///
    /// A status that is not an error status is replaced by 500.
    pub fn fail_next(&self, status: u16, message: impl Into<String>) {
        let status = StatusCode::from_u16(status).ok().filter(|it| it.is_client_error() || it.is_server_error());
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        self.shared.failures().push_back(Refusal::new(Origin::Provider, status, message));
    }

    /// Clears the recorded requests. Created items are kept.
    pub fn clear_requests(&self) {
        self.shared.log().clear();
    }

    /// Stops the gateway, and waits until the port is free and pending responses are sent. Dropping stops it without
    /// waiting.
    pub async fn stop(self) {
        drop(self.stop);
        // The task fails only if its runtime aborts it; nothing is left to wait for then.
        drop(self.task.await);
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}

/// A builder of a gateway. The defaults follow LowCodeAPI's published pages.
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until it is started"]
pub struct GatewayBuilder<'a> {
    inputs: Inputs<'a>,
    token: String,
    formats: Option<UrlFormats>,
    envelope: Option<Envelope>,
    behaviour: Behaviour,
    list_shape: ListShape,
}

impl GatewayBuilder<'_> {
    /// Sets the accepted token; the default is [`TOKEN`].
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = token.into();
        self
    }

    /// Sets the URL formats that are routed.
    pub fn formats(mut self, formats: UrlFormats) -> Self {
        self.formats = Some(formats);
        self
    }

    /// Sets the envelope of responses.
    pub fn envelope(mut self, envelope: Envelope) -> Self {
        self.envelope = Some(envelope);
        self
    }

    /// Sets the behaviour where documentation and implementation differ.
    pub fn behaviour(mut self, behaviour: Behaviour) -> Self {
        self.behaviour = behaviour;
        self
    }

    /// Sets the shape of lists with `x-list-envelope`.
    pub fn list_shape(mut self, shape: ListShape) -> Self {
        self.list_shape = shape;
        self
    }

    /// Reads the document, and listens on a free port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// Returns an error of kind `InvalidData` if the generator rejects the document or an overlay; the message says
    /// why. Returns the I/O error if the socket cannot be opened.
    ///
    /// # Panics
    ///
    /// Panics outside of a tokio runtime with I/O and time enabled.
    pub async fn start(self) -> io::Result<Gateway> {
        let document = Document::read(&self.inputs)?;
        let (formats, envelope) = match self.behaviour {
            Behaviour::Promised => (UrlFormats::Both, Envelope::Data),
            Behaviour::Observed => (UrlFormats::OldOnly, Envelope::Result),
        };
        let settings = Settings {
            token: self.token,
            formats: self.formats.unwrap_or(formats),
            envelope: self.envelope.unwrap_or(envelope),
            behaviour: self.behaviour,
            list_shape: self.list_shape,
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(document, settings));
        let (stop, stopped) = watch::channel(());
        let task = tokio::spawn(serve(listener, shared.clone(), stopped));
        Ok(Gateway { address, shared, stop, task })
    }
}
