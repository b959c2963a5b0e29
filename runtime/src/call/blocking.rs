//! Blocking calls, for code that is not asynchronous.
//!
//! Every request has a method `send_blocking`; this module waits for other futures and for streams. In asynchronous
//! code, including a [`Hook`](crate::Hook), waiting would block the executor's thread, so it returns an error; await
//! instead.
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
    cell::Cell,
    fmt,
    future::Future,
    io,
    pin::pin,
    sync::{LazyLock, mpsc},
    task::{Context, Waker},
};

use futures_core::Stream;
use futures_util::StreamExt as _;
use tokio::runtime::{Builder, Runtime};

use crate::{call::pending::Pending, error::Error};

/// The runtime of all blocking calls. It is shared because a pooled connection belongs to the runtime that opened it.
static RUNTIME: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
    Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("blocking-calls")
        .on_thread_start(|| IS_OWN.set(true))
        .enable_all()
        .build()
});

thread_local! {
    /// Whether this is a thread of the runtime itself, which would deadlock by waiting.
    static IS_OWN: Cell<bool> = const { Cell::new(false) };
}

/// Returns whether this thread is polling a future, which waiting would block. A thread of
/// [`spawn_blocking`](tokio::task::spawn_blocking) is not.
fn is_asynchronous() -> bool {
    /// More than tokio's cooperative budget for one poll. Outside of a task there is no budget, so no number of units
    /// makes one yield.
    const UNITS: usize = 1024;
    let mut context = Context::from_waker(Waker::noop());
    IS_OWN.get() || (0..UNITS).any(|_| pin!(tokio::task::coop::consume_budget()).poll(&mut context).is_pending())
}

/// Blocks this thread until the future completes, and returns its output.
///
/// # Errors
///
/// Returns the future's error, [`Error::InvalidRequest`] in asynchronous code, including a [`Hook`](crate::Hook), and
/// [`Error::Config`] if no thread can be started.
pub fn wait<T: Send + 'static>(future: impl Future<Output = Result<T, Error>> + Send + 'static) -> Result<T, Error> {
    if is_asynchronous() {
        return Err(Error::invalid("cannot block in asynchronous code; await the call instead"));
    }
    let runtime = RUNTIME.as_ref().map_err(|error| Error::Config(format!("cannot start a thread: {error}")))?;
    let (sender, receiver) = mpsc::sync_channel(1);
    runtime.spawn(async move {
        // The receiver is dropped only after this.
        let _ = sender.send(future.await);
    });
    receiver.recv().unwrap_or_else(|_| Err(Error::transport("the call was cancelled".to_owned(), None)))
}

/// Returns a blocking iterator over a stream: the items or pages of a list, messages, or the chunks of a download.
pub fn iter<S: Stream + Send + Unpin + 'static>(stream: S) -> Iter<S> {
    Iter { stream: Some(stream) }
}

/// A blocking iterator over a stream; see [`iter`].
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Iter<S> {
    /// `None` after the end of the stream.
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
    /// Sends the request and blocks this thread until its result arrives, as [`wait`] does.
    ///
    /// # Errors
    ///
    /// Returns the error of the call, or one of [`wait`].
    pub fn wait(self) -> Result<T, Error> {
        wait(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one() -> impl Future<Output = Result<i32, Error>> + Send {
        std::future::ready(Ok(1))
    }

    fn is_refused(result: &Result<i32, Error>) -> bool {
        result.as_ref().is_err_and(|error| error.to_string().contains("await the call"))
    }

    #[tokio::test]
    async fn asynchronous_code_cannot_wait_and_a_thread_of_its_own_can() {
        assert!(is_refused(&wait(one())));
        assert!(is_refused(&tokio::spawn(async { wait(one()) }).await.unwrap()));
        assert_eq!(tokio::task::spawn_blocking(|| wait(one())).await.unwrap().unwrap(), 1);
    }

    #[test]
    fn what_is_waited_for_cannot_wait() {
        assert_eq!(wait(one()).unwrap(), 1);
        assert!(is_refused(&wait(async { wait(one()) })));
        assert!(is_refused(&wait(tokio::task::unconstrained(async { wait(one()) }))));
    }
}
