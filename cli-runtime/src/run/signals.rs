//! Signals during a call. The first ends the call, a second ends the program at once.

use std::time::Duration;

use tokio::{sync::oneshot, task::JoinHandle};

use crate::{failure::Class, run::target, signals::Signals};

/// How long the program has to end after the first signal. It may be stuck in a write to a pipe that nobody reads.
const GRACE: Duration = Duration::from_secs(2);

/// Waits for a signal, and returns the class of the failure that it is. If the program must end at once, `report` is
/// called with the class before.
pub(crate) async fn first(report: impl FnOnce(Class) + Send + 'static) -> Class {
    let (told, first) = oneshot::channel();
    // A task of its own, because the call's may be stuck in a write.
    let watching = tokio::spawn(async move {
        let mut signals = Signals::new();
        let class = signals.next().await;
        // The call has ended if nobody is told.
        if told.send(class).is_ok() {
            let second = tokio::time::timeout(GRACE, signals.next()).await;
            let class = second.unwrap_or(class);
            target::remove_partial();
            report(class);
            std::process::exit(i32::from(class.status()));
        }
    });
    let mut watching = Watching(Some(watching));
    match first.await {
        Ok(class) => {
            watching.0.take();
            class
        }
        // The task ends only after it has told.
        Err(_) => std::future::pending().await,
    }
}

/// The task that waits for signals. It ends with the call, but not once there was a signal.
struct Watching(Option<JoinHandle<()>>);

impl Drop for Watching {
    fn drop(&mut self) {
        if let Some(task) = self.0.take() {
            task.abort();
        }
    }
}
