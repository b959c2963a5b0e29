//! The memory of large uploads and downloads: how far the peak of a process rises over what it was before.

use std::{env, fmt, fs, process::Command};

use lowcodeapi_jasper::{Client, Method, Upload};
use tokio::runtime::Builder;

use crate::{
    Failure,
    calls::client,
    server::{GZIP, PLAIN, Server},
};

/// In bytes.
pub(crate) const LENGTH: u64 = 1 << 30;

/// What is sent, or comes back.
pub(crate) const KINDS: [&str; 4] = ["upload", "upload with gzip", "download", "download in gzip"];

/// Runs the transfer in a process of its own, for the peak of this one has been.
pub(crate) fn measure(kind: &str) -> Result<String, Failure> {
    let output = Command::new(env::current_exe()?).args(["transfer", kind]).output()?;
    if !output.status.success() {
        return Err(format!("the {kind} failed: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
}

/// Makes the transfer, and prints what memory that took.
pub(crate) fn run(kind: &str) -> Result<(), Failure> {
    let server = Server::start()?;
    let client = client(&server)?;
    Builder::new_current_thread().enable_all().build()?.block_on(async {
        client.create_knowledge("Small", Upload::from_bytes("small.pdf", "%PDF")).await?;
        let before = peak();
        let arrived = match kind {
            "upload" => upload(&client, false).await?,
            "upload with gzip" => upload(&client, true).await?,
            "download" => download(&client, PLAIN).await?,
            _ => download(&client, GZIP).await?,
        };
        println!("peak {} before, {} after; {arrived} arrived", Peak(before), Peak(peak()));
        Ok(())
    })
}

/// Uploads a file that takes no room on disk.
async fn upload(client: &Client, gzip: bool) -> Result<String, Failure> {
    let file = tempfile::Builder::new().suffix(".pdf").tempfile()?;
    file.as_file().set_len(LENGTH)?;
    let call = client.create_knowledge("Large", Upload::from_path(file.path()).await?);
    let answer = if gzip { call.with_gzip() } else { call }.await?;
    Ok(answer.data.map(|data| data.file).unwrap_or_default())
}

async fn download(client: &Client, path: &str) -> Result<String, Failure> {
    let mut stream = client.raw_request(Method::GET, path).stream().await?;
    let mut arrived = 0;
    while let Some(chunk) = stream.next().await {
        arrived += chunk?.len();
    }
    Ok(format!("{arrived} bytes"))
}

/// The most memory that this process has had resident, in KiB; `None` where the system does not tell.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

struct Peak(Option<u64>);

impl fmt::Display for Peak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(kib) => write!(f, "{kib} KiB"),
            None => f.write_str("unknown"),
        }
    }
}
