//! `tracing` spans: one per attempt, with the fields of OpenTelemetry's semantic conventions for HTTP clients.

use tracing::{Span, field::Empty};

use crate::{
    call::Call,
    error::Error,
    send::answer::Answer,
    shown::{redact, view::view_url},
};

/// Creates the span of an attempt.
pub(crate) fn span(call: &Call, request: &reqwest::Request, resend_count: usize) -> Span {
    let span = tracing::info_span!(
        "http_request",
        otel.name = Empty,
        otel.kind = "client",
        otel.status_code = Empty,
        http.request.method = Empty,
        http.request.resend_count = Empty,
        http.response.status_code = Empty,
        server.address = Empty,
        server.port = Empty,
        url.full = Empty,
        url.template = Empty,
        error.type = Empty,
    );
    if span.is_disabled() {
        return span;
    }
    let secrets = call.client.shared.secrets();
    let (method, url) = (request.method().as_str(), request.url());
    // For a request that no operation describes, the template is its path.
    let template = redact::scrub(&call.operation.path, secrets);
    span.record("otel.name", format!("{method} {template}"));
    span.record("http.request.method", method);
    span.record("url.template", template.as_str());
    span.record("url.full", view_url(url, secrets));
    if let Some(host) = url.host_str() {
        span.record("server.address", host);
    }
    if let Some(port) = url.port_or_known_default() {
        span.record("server.port", port);
    }
    if resend_count > 0 {
        span.record("http.request.resend_count", resend_count);
    }
    span
}

/// Records the outcome of the attempt.
pub(crate) fn record(span: &Span, outcome: &Result<Answer, Error>) {
    let status = match outcome {
        Ok(answer) => Some(answer.status),
        Err(error) => error.status(),
    };
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
    }
    let kind = match outcome {
        Ok(answer) if answer.status.is_client_error() || answer.status.is_server_error() => {
            answer.status.as_str().to_owned()
        }
        Ok(_) => return,
        Err(error) => error.kind().to_owned(),
    };
    span.record("error.type", kind);
    span.record("otel.status_code", "ERROR");
}
