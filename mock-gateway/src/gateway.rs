//! The gateway that callers hold, and its builder.

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

/// A gateway that runs until it is dropped.
///
/// It lives on the tokio runtime that it was started on.
pub struct Gateway {
    address: SocketAddr,
    shared: Arc<Shared>,
    /// The task ends when this is gone.
    stop: watch::Sender<()>,
    task: JoinHandle<()>,
}

impl Gateway {
    /// Prepares a gateway for the provider that the document describes. The lock, if any, is not read.
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

    /// Where the provider is: `http://127.0.0.1:PORT/jasper`, with the path of the document's server.
    pub fn base_url(&self) -> String {
        format!("http://{}{}", self.address, self.shared.document.base)
    }

    /// The address that the gateway listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The requests so far, in the order in which they were answered. A request is here before its answer arrives.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.log().clone()
    }

    /// Refuses the next request with this status and message, as the provider's answer, whatever it asks for; called again,
    /// the one after it. A request that is refused changes nothing.
    ///
    /// A status that is no error's is 500.
    pub fn fail_next(&self, status: u16, message: impl Into<String>) {
        let status = StatusCode::from_u16(status).ok().filter(|it| it.is_client_error() || it.is_server_error());
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        self.shared.failures().push_back(Refusal::new(Origin::Provider, status, message));
    }

    /// Forgets the requests so far. What was created stays.
    pub fn clear_requests(&self) {
        self.shared.log().clear();
    }

    /// Stops, and waits until the port is free and the last answer under way is sent. Dropping does the same without
    /// waiting.
    pub async fn stop(self) {
        drop(self.stop);
        // The task can only fail by being aborted with its runtime, and then there is nothing left to wait for.
        drop(self.task.await);
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}

/// The decisions before a gateway starts. What is not decided is as LowCodeAPI's published pages promise.
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
    /// The one token that is accepted; [`TOKEN`] unless set.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = token.into();
        self
    }

    /// The URL formats that are routed.
    pub fn formats(mut self, formats: UrlFormats) -> Self {
        self.formats = Some(formats);
        self
    }

    /// What is put around answers.
    pub fn envelope(mut self, envelope: Envelope) -> Self {
        self.envelope = Some(envelope);
        self
    }

    /// Whose behaviour it is, where promise and practice differ.
    pub fn behaviour(mut self, behaviour: Behaviour) -> Self {
        self.behaviour = behaviour;
        self
    }

    /// How lists are written whose shape is in doubt.
    pub fn list_shape(mut self, shape: ListShape) -> Self {
        self.list_shape = shape;
        self
    }

    /// Reads the document and listens on a free port of 127.0.0.1.
    ///
    /// It has to be called on a tokio runtime with I/O and time. The error is of kind `InvalidData` where the generator
    /// would refuse the document or an overlay, and says why.
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
