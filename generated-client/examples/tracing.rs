//! Shows the spans and events of a call that is answered at its third attempt. It needs no token and no network:
//! `cargo run -p lowcodeapi-jasper --example tracing --features tracing`

use std::{
    error::Error,
    io::{Read as _, Write as _},
    net::TcpListener,
    thread,
    time::Duration,
};

use lowcodeapi_jasper::{Client, RetryPolicy};
use tracing_subscriber::fmt::format::FmtSpan;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_span_events(FmtSpan::CLOSE).init();
    let retries = RetryPolicy::default().base_delay(Duration::from_millis(20));
    let base_url = serve_at_the_third_time()?;
    let client = Client::builder().token("at_example").base_url(base_url).retry(retries).build()?;
    let tones = client.list_tones().await?;
    println!("{} tones", tones.data.len());
    Ok(())
}

/// A server that is busy twice.
fn serve_at_the_third_time() -> std::io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let base_url = format!("http://{}/jasper", listener.local_addr()?);
    thread::spawn(move || {
        for (number, stream) in listener.incoming().flatten().enumerate() {
            let mut stream = stream;
            let status = if number < 2 { "503 Service Unavailable" } else { "200 OK" };
            let body = r#"{"data": []}"#;
            // A request without a body is read in one piece; where the client has gone, there is nobody to tell.
            let _ = stream.read(&mut [0; 4096]);
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    Ok(base_url)
}
