//! For code that is not asynchronous: every request has a verb `send_blocking`, and here is what waits for the rest.
//!
//! In asynchronous code, such as a [`Hook`](crate::Hook), it would keep the thread from everything else. There it is an
//! error; await instead.
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

/// Runs the calls of threads that wait for them. One for all, because connections live where they were opened.
static RUNTIME: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
    Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("lowcodeapi-blocking")
        .on_thread_start(|| IS_OWN.set(true))
        .enable_all()
        .build()
});

thread_local! {
    /// Whether the thread is one of the runtime's own, which would wait for itself.
    static IS_OWN: Cell<bool> = const { Cell::new(false) };
}

/// Whether the thread is polling a future, which it would keep from everything else. A thread of
/// [`spawn_blocking`](tokio::task::spawn_blocking) is not.
fn is_asynchronous() -> bool {
    /// More than the units of work that tokio gives a future before it must yield. On threads that poll none, nothing is
    /// counted, so that no number of units makes one yield.
    const UNITS: usize = 1024;
    let mut context = Context::from_waker(Waker::noop());
    IS_OWN.get() || (0..UNITS).any(|_| pin!(tokio::task::coop::consume_budget()).poll(&mut context).is_pending())
}

/// Waits on this thread for what the future gives.
///
/// # Errors
///
/// That of the future, [`Error::InvalidRequest`] in asynchronous code, such as a [`Hook`](crate::Hook), where the future
/// is to be awaited, and [`Error::Config`] when no thread can be started.
pub fn wait<T: Send + 'static>(future: impl Future<Output = Result<T, Error>> + Send + 'static) -> Result<T, Error> {
    if is_asynchronous() {
        return Err(Error::invalid("asynchronous code must not wait for a call on its thread; await the call there"));
    }
    let runtime = RUNTIME.as_ref().map_err(|error| Error::Config(format!("no thread can be started: {error}")))?;
    let (sender, receiver) = mpsc::sync_channel(1);
    runtime.spawn(async move {
        // The receiver waits below.
        let _ = sender.send(future.await);
    });
    receiver.recv().unwrap_or_else(|_| Err(Error::transport("the call was given up".to_owned(), None)))
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
    /// That of the call, and those of [`wait`].
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
