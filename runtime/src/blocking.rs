//! Calls from code that is not asynchronous.

use std::{
    io,
    sync::{LazyLock, mpsc},
};

use tokio::runtime::{Builder, Runtime};

use crate::{Error, Pending};

/// Runs the calls of threads that wait for them. One for all, because connections live where they were opened.
static RUNTIME: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
    Builder::new_multi_thread().worker_threads(1).thread_name("lowcodeapi-blocking").enable_all().build()
});

impl<T: Send + 'static> Pending<T> {
    /// Sends the request and waits for its result on this thread. In asynchronous code it would keep the thread from
    /// everything else: await the request there.
    ///
    /// # Errors
    ///
    /// That of the call, or [`Error::Config`] when no thread can be started.
    pub fn wait(self) -> Result<T, Error> {
        let runtime = RUNTIME.as_ref().map_err(|error| Error::Config(format!("no thread can be started: {error}")))?;
        let (sender, receiver) = mpsc::sync_channel(1);
        runtime.spawn(async move {
            // The receiver waits below.
            let _ = sender.send(self.await);
        });
        receiver.recv().unwrap_or_else(|_| Err(Error::transport("the call was given up".to_owned())))
    }
}
