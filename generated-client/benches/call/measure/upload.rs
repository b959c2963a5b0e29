//! The memory of a large upload: how far the peak of a process rises over what it was before.

use std::{env, fmt, fs, process::Command};

use lowcodeapi_jasper::Upload;
use tokio::runtime::Builder;

use crate::{Failure, calls::client, server::Server};

/// In bytes.
pub(crate) const LENGTH: u64 = 1 << 30;

/// Runs the upload in a process of its own, for the peak of this one has been.
pub(crate) fn measure() -> Result<String, Failure> {
    let output = Command::new(env::current_exe()?).arg("upload").output()?;
    if !output.status.success() {
        return Err(format!("the upload failed: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
}

/// Uploads a file that takes no room on disk, and prints what memory that took.
pub(crate) fn run() -> Result<(), Failure> {
    let server = Server::start()?;
    let client = client(&server)?;
    let file = tempfile::Builder::new().suffix(".pdf").tempfile()?;
    Builder::new_current_thread().enable_all().build()?.block_on(async {
        client.create_knowledge("Small", Upload::from_bytes("small.pdf", "%PDF")).await?;
        let before = peak();
        file.as_file().set_len(LENGTH)?;
        let answer = client.create_knowledge("Large", Upload::from_path(file.path()).await?).await?;
        let arrived = answer.data.map(|data| data.file).unwrap_or_default();
        println!("peak {} before, {} after; {arrived} arrived", Peak(before), Peak(peak()));
        Ok(())
    })
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
