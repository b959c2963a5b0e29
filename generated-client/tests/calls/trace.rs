//! What `tracing` shows of a call.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use lowcodeapi_jasper::{Client, RetryPolicy};
use tracing_subscriber::fmt::format::FmtSpan;

use crate::support::{Scripted, TOKEN, answer};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn each_attempt_is_a_span_with_the_fields_of_the_conventions() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let busy = answer("503 Service Unavailable", "", "");
    let good = answer("200 OK", "content-type: application/json\r\n", r#"{"data":[]}"#);
    let server = Scripted::new(&[&busy, &good, "HTTP/1.1 302 Found\r\nconnection: close\r\n\r\n"]);
    let policy = RetryPolicy::default().base_delay(Duration::from_millis(1));
    let client = Client::builder().token(TOKEN).base_url(&server.base_url).retry(policy).build().unwrap();
    client.list_tones().await.unwrap();
    client.list_tones().await.unwrap_err();
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(!text.contains("marked"), "{text}");
    let ours = |line: &&str| line.contains("lowcodeapi_runtime::");
    let lines: Vec<&str> = text.lines().filter(ours).collect();
    let port = server.base_url.split(':').nth(2).unwrap().trim_end_matches("/jasper");
    let request = format!(
        "http_request{{otel.kind=\"client\" otel.name=\"GET /v1/tones\" http.request.method=\"GET\" \
         url.template=\"/v1/tones\" url.full=\"{}/v1/tones?api_token=[redacted]\" server.address=\"127.0.0.1\" \
         server.port={port}",
        server.base_url
    );
    let expected = [
        format!("{request} http.response.status_code=503 error.type=\"503\" otel.status_code=\"ERROR\"}}"),
        "retrying the call http.request.method=GET url.template=\"/v1/tones\" http.request.resend_count=1 \
         outcome=\"503 Service Unavailable\""
            .to_owned(),
        format!("{request} http.request.resend_count=1 http.response.status_code=200}}"),
        format!("{request} http.response.status_code=302 error.type=\"redirect\" otel.status_code=\"ERROR\"}}"),
    ];
    assert_eq!(lines.len(), expected.len(), "{text}");
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.contains(&expected), "{line}\n{expected}");
    }
}
