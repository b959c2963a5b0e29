//! Credentials in headers and cookies of the caller's: who sees them, and who does not.

use std::{
    fmt::Write as _,
    sync::{Arc, Mutex},
};

use golden::{parameter_cookie, plain};
use lowcodeapi_runtime::{
    ClientBuilder, Hook, Method, Outcome, RequestView, RetryPolicy, TransportError, TransportRequest, TransportResponse,
};

/// The credential, which is in no name and in no other value.
const SECRET: &str = "marked-5up3r-53cr37";

/// Keeps everything that it is shown.
struct Seen(Arc<Mutex<String>>);

impl Hook for Seen {
    fn after(&self, request: &RequestView, outcome: Outcome<'_>) {
        write!(self.0.lock().unwrap(), "{request:?} {outcome:?}").unwrap();
    }
}

/// What may be shown: by a transport that prints the request, and by hooks. The server refuses each request with all that
/// it was sent.
#[derive(Default)]
struct Shown {
    by_transport: Arc<Mutex<String>>,
    by_hooks: Arc<Mutex<String>>,
}

impl Shown {
    fn client<C: From<lowcodeapi_runtime::__private::Client>>(&self, builder: ClientBuilder<C>) -> C {
        let printed = Arc::clone(&self.by_transport);
        let echo = move |request: TransportRequest| {
            write!(printed.lock().unwrap(), "{:?}", request.headers()).unwrap();
            let values = request.headers().values().map(|value| value.to_str().unwrap().to_owned());
            let mut response = TransportResponse::new(format!("you sent {}", values.collect::<Vec<_>>().join(", ")));
            *response.status_mut() = 400.try_into().unwrap();
            async move { Ok::<_, TransportError>(response) }
        };
        let builder = builder.token("at_marked").transport(echo).retry(RetryPolicy::never());
        builder.hook(Seen(Arc::clone(&self.by_hooks))).build().unwrap()
    }

    /// Checks that nothing shows the credential, and that the server was sent it.
    fn check(&self, error: &lowcodeapi_runtime::Error, texts: &[String]) {
        let (printed, hooks) = (self.by_transport.lock().unwrap(), self.by_hooks.lock().unwrap());
        let body = error.as_api().unwrap().body().to_owned();
        assert!(body.starts_with("you sent ") && body.contains("[redacted]"), "{body}");
        for text in [&*printed, &*hooks, &body, &error.to_string(), &format!("{error:?}")].into_iter().chain(texts) {
            assert!(!text.is_empty() && !text.contains(SECRET), "{text}");
        }
    }
}

#[tokio::test]
async fn a_header_whose_name_suggests_a_credential_is_not_shown() {
    for name in [
        "authorization",
        "cookie",
        "x-api-key",
        "x-functions-key",
        "ocp-apim-subscription-key",
        "x-amz-security-token",
        "x-client-secret",
        "x-hub-signature-256",
        "x-session-id",
    ] {
        let value = if name == "authorization" { format!("Bearer {SECRET}") } else { SECRET.to_owned() };
        let shown = Shown::default();
        let client = shown.client(plain::Client::builder());
        let call = client.ping().with_header(name, &value);
        let dry = call.dry_run().unwrap();
        let texts = [format!("{call:?}"), format!("{dry:?}"), dry.to_string()];
        shown.check(&call.await.unwrap_err(), &texts);

        let shown = Shown::default();
        let raw = shown.client(plain::Client::builder()).raw_request(Method::GET, "/").header(name, &value);
        let texts = [format!("{raw:?}"), raw.dry_run().unwrap().to_string()];
        shown.check(&raw.send().await.unwrap_err(), &texts);

        let shown = Shown::default();
        let client = shown.client(plain::Client::builder().default_header(name, &value));
        shown.check(&client.ping().await.unwrap_err(), &[format!("{client:?}")]);
    }
}

#[tokio::test]
async fn a_header_that_the_caller_marks_is_not_shown_either() {
    // The values of these are shown.
    for name in ["x-request-id", "user-agent", "x-team"] {
        let shown = Shown::default();
        let client = shown.client(plain::Client::builder());
        let call = client.ping().with_secret_header(name, SECRET);
        let dry = call.dry_run().unwrap();
        let texts = [format!("{call:?}"), format!("{dry:?}"), dry.to_string()];
        shown.check(&call.await.unwrap_err(), &texts);

        let shown = Shown::default();
        let raw = shown.client(plain::Client::builder()).raw_request(Method::GET, "/").secret_header(name, SECRET);
        let texts = [format!("{raw:?}"), raw.dry_run().unwrap().to_string()];
        shown.check(&raw.send().await.unwrap_err(), &texts);

        let shown = Shown::default();
        let client = shown.client(plain::Client::builder().default_secret_header(name, SECRET));
        shown.check(&client.ping().await.unwrap_err(), &[format!("{client:?}")]);
    }
}

#[tokio::test]
async fn a_cookie_of_the_operation_is_not_shown() {
    let shown = Shown::default();
    let call = shown.client(parameter_cookie::Client::builder()).get_basket(SECRET);
    let dry = call.dry_run().unwrap();
    let texts = [format!("{call:?}"), format!("{dry:?}"), dry.to_string()];
    shown.check(&call.await.unwrap_err(), &texts);
}

#[tokio::test]
async fn what_is_no_credential_is_shown() {
    let shown = Shown::default();
    let client = shown.client(plain::Client::builder());
    let call = client.ping().with_header("idempotency-key", "key-0123456789").with_header("x-request-id", "r-1");
    let call = call.with_header("surrogate-key", "surrogate-0123456789").with_header("x-author", "author-0123456789");
    assert!(call.dry_run().unwrap().to_string().contains("r-1"));
    let error = call.await.unwrap_err();
    let body = error.as_api().unwrap().body().to_owned();
    for value in ["key-0123456789", "r-1", "surrogate-0123456789", "author-0123456789"] {
        assert!(body.contains(value), "{body}");
    }
    assert!(shown.by_hooks.lock().unwrap().contains("r-1"));
}
