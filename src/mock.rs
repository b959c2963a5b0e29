//! The embedded gateway of `--mock`.

use std::{future::Future, io, pin::Pin};

use lowcodeapi_cli::MockServer;
use lowcodeapi_jasper_spec::{DOCUMENT, OVERLAY};
use lowcodeapi_mock::{Gateway, Inputs, Source, TOKEN};

/// Starts the gateway on a free port of this machine.
pub(crate) fn start() -> Pin<Box<dyn Future<Output = io::Result<MockServer>> + Send>> {
    Box::pin(async {
        let inputs = Inputs::new(Source { name: "spec/jasper.openapi.json", text: DOCUMENT })
            .overlay(Source { name: "spec/jasper.overlay.yaml", text: OVERLAY });
        let gateway = Gateway::builder(inputs).start().await?;
        let base_url = gateway.base_url();
        Ok(MockServer { base_url, token: TOKEN.to_owned(), server: Box::new(gateway) })
    })
}
