//! A call that has been described and runs when it is awaited.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use crate::error::Error;

/// The future of a call. Nothing is sent before it is polled, and dropping it cancels the call.
#[must_use = "a request does nothing until it is awaited"]
pub struct Pending<T> {
    future: Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>,
}

impl<T> Pending<T> {
    pub(crate) fn new(future: impl Future<Output = Result<T, Error>> + Send + 'static) -> Self {
        Self { future: Box::pin(future) }
    }
}

impl<T> Future for Pending<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.future.as_mut().poll(context)
    }
}

/// The verb `send_blocking` of a generated request, where the feature `blocking` is on.
#[cfg(feature = "blocking")]
#[macro_export]
macro_rules! send_blocking {
    ($output:ty) => {
        /// Sends the request and waits for its result on this thread; not for asynchronous code.
        pub fn send_blocking(self) -> ::core::result::Result<$output, $crate::Error> {
            self.send().wait()
        }
    };
}

/// The verb `send_blocking` of a generated request, where the feature `blocking` is on.
#[cfg(not(feature = "blocking"))]
#[macro_export]
macro_rules! send_blocking {
    ($output:ty) => {};
}

impl<T> fmt::Debug for Pending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").finish_non_exhaustive()
    }
}
