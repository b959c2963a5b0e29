//! Reports each attempt, without credentials, to hooks and to `tracing`.

use reqwest::header::HeaderMap;

use crate::{
    call::Call,
    client::hook::{Hooks, Outcome},
    error::Error,
    http::{base, framing},
    platform::clock::Instant,
    send::{answer::Answer, request::IN_PLAIN_TEXT},
    shown::{
        redact::{self, Secrets},
        view::{RequestView, ResponseView, view_headers, view_url},
    },
};

/// An observed attempt. Dropping it before its end reports a cancellation.
pub(crate) struct Observed<'c> {
    hooks: &'c Hooks,
    secrets: &'c Secrets,
    /// `None` if there are no observers, or once the end was reported. In a box, because most attempts have none.
    view: Option<Box<RequestView>>,
    started: Instant,
    /// The reason why the request cannot be sent with the headers that the hooks added.
    refusal: Option<String>,
    #[cfg(feature = "tracing")]
    pub(crate) span: tracing::Span,
}

impl<'c> Observed<'c> {
    /// Reports the request, and lets the hooks add headers.
    pub(crate) fn begin(call: &'c Call, request: &mut reqwest::Request, resend_count: usize) -> Self {
        let shared = &call.client.shared;
        let view = (!shared.hooks.0.is_empty()).then(|| {
            Box::new(RequestView {
                method: request.method().clone(),
                url: view_url(request.url(), shared.secrets()),
                template: redact::scrub(&call.operation.path, shared.secrets()),
                headers: view_headers(request.headers(), shared.secrets()),
                resend_count,
            })
        });
        let refusal = view.as_ref().and_then(|view| add_headers(call, view, request));
        Self {
            hooks: &shared.hooks,
            secrets: shared.secrets(),
            view,
            started: Instant::now(),
            refusal,
            #[cfg(feature = "tracing")]
            span: crate::send::trace::span(call, request, resend_count),
        }
    }

    /// Returns the reason why the request cannot be sent, as an error.
    pub(crate) fn check(&mut self) -> Result<(), Error> {
        self.refusal.take().map_or(Ok(()), |refusal| Err(Error::invalid(refusal)))
    }

    pub(crate) fn end(mut self, outcome: &Result<Answer, Error>) {
        #[cfg(feature = "tracing")]
        crate::send::trace::record(&self.span, outcome);
        if self.view.is_none() {
            return;
        }
        match outcome {
            Ok(answer) => {
                let response = ResponseView {
                    status: answer.status,
                    headers: view_headers(&answer.headers, self.secrets),
                    body_length: answer.stream.is_none().then_some(answer.body.len()),
                    elapsed: self.started.elapsed(),
                };
                self.show(Outcome::Answered(&response));
            }
            Err(error) => self.show(Outcome::Failed(error)),
        }
    }

    fn show(&mut self, outcome: Outcome<'_>) {
        if let Some(view) = self.view.take() {
            for hook in self.hooks.0.iter().rev() {
                hook.after(&view, outcome);
            }
        }
    }
}

/// Lets the hooks add headers. Returns the reason why the request cannot be sent with them.
fn add_headers(call: &Call, view: &RequestView, request: &mut reqwest::Request) -> Option<String> {
    let shared = &call.client.shared;
    let mut added = HeaderMap::new();
    for hook in &shared.hooks.0 {
        hook.before(view, &mut added);
    }
    let mut has_secret = false;
    for (name, value) in &mut added {
        has_secret |= shared.keyring.hide_header(name, value, call.operation.idempotency_key);
    }
    let in_plain_text = has_secret && !shared.plaintext && !base::is_private(request.url());
    let refusal = added.keys().find_map(framing::refusal).or(in_plain_text.then(|| IN_PLAIN_TEXT.to_owned()));
    // The iterator yields each name once with its first value, and `None` with each further value.
    let mut last = None;
    for (name, value) in added {
        match (name, &last) {
            (Some(name), _) => {
                request.headers_mut().insert(name.clone(), value);
                last = Some(name);
            }
            (None, Some(name)) => {
                request.headers_mut().append(name.clone(), value);
            }
            (None, None) => {}
        }
    }
    refusal
}

impl Drop for Observed<'_> {
    fn drop(&mut self) {
        self.show(Outcome::Cancelled);
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;
    use crate::{
        Method,
        client::{Client, builder::ClientBuilder, hook::Hook, service::Service},
    };

    struct Adds(&'static str);

    impl Hook for Adds {
        fn before(&self, _: &RequestView, headers: &mut HeaderMap) {
            headers.insert(HeaderName::from_static(self.0), HeaderValue::from_static("Bearer own"));
        }
    }

    #[tokio::test]
    async fn a_credential_of_a_hook_is_not_sent_in_plain_text() {
        static OPEN: Service = Service::new("http://192.0.2.1", "TEST");
        for name in ["authorization", "cookie", "x-api-key"] {
            let client: Client = ClientBuilder::new(&OPEN).hook(Adds(name)).build().unwrap();
            let error = client.raw_request(Method::GET, "/").send().await.unwrap_err();
            assert!(error.to_string().contains("the credential would be sent over `http`"), "{name}: {error}");
        }
    }
}
