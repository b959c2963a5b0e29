//! For code that is not asynchronous: every request has a verb `send_blocking`, and here is what waits for the rest.
//!
//! In asynchronous code it would keep the thread from everything else: await there.
//!
//! ```no_run
//! # fn example(download: lowcodeapi_runtime::Pending<lowcodeapi_runtime::ByteStream>,
//! #     items: lowcodeapi_runtime::Items<String>) -> Result<(), lowcodeapi_runtime::Error> {
//! use lowcodeapi_runtime::{Upload, blocking};
//!
//! let file = blocking::wait(Upload::from_path("brand.pdf"))?;
//! let length = blocking::wait(download.wait()?.save("cut-out.png"))?;
//! for item in blocking::iter(items) {
//!     println!("{}", item?);
//! }
//! # drop((file, length));
//! # Ok(())
//! # }
//! ```

use std::{
    fmt,
    future::Future,
    io,
    sync::{LazyLock, mpsc},
};

use futures_core::Stream;
use futures_util::StreamExt as _;
use tokio::runtime::{Builder, Runtime};

use crate::{Error, Pending};

/// Runs the calls of threads that wait for them. One for all, because connections live where they were opened.
static RUNTIME: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
    Builder::new_multi_thread().worker_threads(1).thread_name("lowcodeapi-blocking").enable_all().build()
});

/// Waits on this thread for what the future gives.
///
/// # Errors
///
/// That of the future, or [`Error::Config`] when no thread can be started.
pub fn wait<T: Send + 'static>(future: impl Future<Output = Result<T, Error>> + Send + 'static) -> Result<T, Error> {
    let runtime = RUNTIME.as_ref().map_err(|error| Error::Config(format!("no thread can be started: {error}")))?;
    let (sender, receiver) = mpsc::sync_channel(1);
    runtime.spawn(async move {
        // The receiver waits below.
        let _ = sender.send(future.await);
    });
    receiver.recv().unwrap_or_else(|_| Err(Error::transport("the call was given up".to_owned())))
}

/// What the stream gives, each waited for on this thread: the items or pages of a list, messages, the chunks of a download.
pub fn iter<S: Stream + Send + Unpin + 'static>(stream: S) -> Iter<S> {
    Iter { stream: Some(stream) }
}

/// A stream that is waited for; see [`iter`].
#[must_use = "it is waited for when it is asked for the next"]
pub struct Iter<S> {
    /// Until it has ended.
    stream: Option<S>,
}

impl<S, T> Iterator for Iter<S>
where
    S: Stream<Item = Result<T, Error>> + Send + Unpin + 'static,
    T: Send + 'static,
{
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut stream = self.stream.take()?;
        let next = wait(async move {
            let next = stream.next().await;
            Ok((stream, next))
        });
        match next {
            Ok((stream, next)) => {
                self.stream = next.is_some().then_some(stream);
                next
            }
            Err(error) => Some(Err(error)),
        }
    }
}

impl<S> fmt::Debug for Iter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter").finish_non_exhaustive()
    }
}

impl<T: Send + 'static> Pending<T> {
    /// Sends the request and waits for its result on this thread, as [`wait`] does.
    ///
    /// # Errors
    ///
    /// That of the call, or [`Error::Config`] when no thread can be started.
    pub fn wait(self) -> Result<T, Error> {
        wait(self)
    }
}
