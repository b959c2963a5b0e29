//! Tells the client how far a call is.

use std::{
    future::Future,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use lowcodeapi_runtime::Upload;
use rmcp::{
    RoleServer,
    model::{ProgressNotificationParam, ProgressToken},
    service::Peer,
};

/// An upload.
#[derive(Debug)]
struct Counted {
    sent: Arc<AtomicU64>,
    length: u64,
}

/// The bytes and messages of a call.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sent {
    uploads: Arc<Mutex<Vec<Counted>>>,
    /// The messages that have arrived.
    messages: Arc<AtomicU64>,
}

impl Sent {
    /// Counts the bytes of an upload.
    pub(crate) fn watch(&self, upload: Upload) -> Upload {
        let bytes = Arc::new(AtomicU64::new(0));
        let mut uploads = self.uploads.lock().unwrap_or_else(PoisonError::into_inner);
        uploads.push(Counted { sent: Arc::clone(&bytes), length: upload.length().unwrap_or_default() });
        upload.with_progress(move |sent, _| bytes.store(sent, Ordering::Relaxed))
    }

    /// Counts a message.
    pub(crate) fn message(&self) {
        self.messages.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns the sent bytes and their total.
    fn bytes(&self) -> (u64, u64) {
        let uploads = self.uploads.lock().unwrap_or_else(PoisonError::into_inner);
        uploads.iter().fold((0, 0), |(sent, total), it| (sent + it.sent.load(Ordering::Relaxed), total + it.length))
    }
}

/// Where progress is sent to.
#[derive(Debug)]
pub(crate) struct Listener {
    pub(crate) peer: Peer<RoleServer>,
    /// Without one the client does not want to hear of progress.
    pub(crate) token: Option<ProgressToken>,
    /// How long a call is silent at most.
    pub(crate) every: Duration,
}

impl Listener {
    /// Waits for a call, and tells how far it is meanwhile.
    pub(crate) async fn during<T>(&self, sent: &Sent, call: impl Future<Output = T>) -> T {
        let Some(token) = &self.token else { return call.await };
        let mut call = std::pin::pin!(call);
        let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + self.every, self.every);
        let mut state = State { began: Instant::now(), last: 0 };
        loop {
            tokio::select! {
                biased;
                done = &mut call => return done,
                _ = ticks.tick() => {
                    let notification = state.notification(token.clone(), sent);
                    // A client that is gone ends the session elsewhere.
                    let _ = self.peer.notify_progress(notification).await;
                }
            }
        }
    }
}

struct State {
    began: Instant,
    /// The last progress, which each further one must exceed.
    last: u64,
}

impl State {
    // Whole numbers of bytes below 2^53 have no loss, and no upload is larger.
    #[expect(clippy::cast_precision_loss, reason = "the protocol has floating point numbers")]
    fn notification(&mut self, token: ProgressToken, sent: &Sent) -> ProgressNotificationParam {
        let (bytes, total) = sent.bytes();
        let seconds = self.began.elapsed().as_secs();
        let is_uploading = bytes > self.last && bytes < total;
        self.last = if is_uploading { bytes } else { self.last.max(bytes).max(seconds) + 1 };
        let notification = ProgressNotificationParam::new(token, self.last as f64);
        if is_uploading {
            return notification.with_total(total as f64).with_message(format!("{bytes} of {total} bytes sent"));
        }
        match sent.messages.load(Ordering::Relaxed) {
            0 => notification.with_message(format!("waiting for {seconds} s")),
            messages => notification.with_message(format!("{messages} messages in {seconds} s")),
        }
    }
}

#[cfg(test)]
mod tests {
    use rmcp::model::NumberOrString;

    use super::*;

    #[test]
    fn progress_only_ever_grows() {
        let sent = Sent::default();
        let _upload = sent.watch(Upload::from_bytes("a.txt", "x".repeat(1_000)));
        let to = |bytes| sent.uploads.lock().unwrap()[0].sent.store(bytes, Ordering::Relaxed);
        let mut state = State { began: Instant::now(), last: 0 };
        let mut tell = || state.notification(ProgressToken(NumberOrString::Number(1)), &sent);
        to(400);
        let first = tell();
        assert_eq!((first.progress, first.total), (400.0, Some(1_000.0)));
        assert_eq!(first.message.as_deref(), Some("400 of 1000 bytes sent"));
        // A further attempt starts again.
        to(100);
        let second = tell();
        assert_eq!((second.progress, second.total), (401.0, None));
        to(1_000);
        let third = tell();
        assert!(third.progress > 1_000.0 && third.message.unwrap().starts_with("waiting for"));
        sent.message();
        let fourth = tell();
        assert!(fourth.progress > third.progress && fourth.message.unwrap().starts_with("1 messages in"));
    }
}
