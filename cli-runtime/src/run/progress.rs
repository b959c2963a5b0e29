//! Progress on standard error, if that is a terminal: a spinner for long calls, a bar for uploads and downloads.

use std::{
    io::{self, IsTerminal as _},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use lowcodeapi_runtime::Upload;
use tokio::task::JoinHandle;

use crate::{output, settings::Settings};

/// How long a call runs before its progress is shown, so that short ones show nothing.
const AFTER: Duration = Duration::from_millis(500);
/// The time between two updates.
const TICK: Duration = Duration::from_millis(100);

/// Bytes of a transfer.
#[derive(Debug, Default)]
struct Transfer {
    done: AtomicU64,
    /// Zero if it is not known.
    total: AtomicU64,
}

/// The uploads of the program's call. They are made from the command line, before there is a call to attach them to.
static UPLOADS: Mutex<Vec<Arc<Transfer>>> = Mutex::new(Vec::new());

/// Shows the progress of an upload during the call that sends it.
pub(crate) fn watch(upload: Upload) -> Upload {
    let transfer =
        Arc::new(Transfer { done: AtomicU64::new(0), total: AtomicU64::new(upload.length().unwrap_or_default()) });
    UPLOADS.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&transfer));
    upload.with_progress(move |sent, _| transfer.done.store(sent, Ordering::Relaxed))
}

/// The progress of a call. It disappears when this is dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    shown: Arc<Shown>,
    task: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shown {
    bar: ProgressBar,
    words: String,
    download: Transfer,
    is_over: Mutex<bool>,
}

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Waiting,
    Sending(u64, u64),
    Receiving(u64, u64),
}

impl Progress {
    /// Starts to show the progress of a call that has this name.
    pub(crate) fn start(words: &str, settings: &Settings) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let (download, is_over) = (Transfer::default(), Mutex::new(false));
        let shown = Arc::new(Shown { bar, words: output::line(words), download, is_over });
        // The lines of `-v` would be mixed with it.
        let is_shown = io::stderr().is_terminal() && settings.verbose == 0;
        let task = is_shown.then(|| tokio::spawn(show(Arc::clone(&shown))));
        Self { shown, task }
    }

    /// Sets how much has been received.
    pub(crate) fn received(&self, done: u64, total: Option<u64>) {
        self.shown.download.total.store(total.unwrap_or_default(), Ordering::Relaxed);
        self.shown.download.done.store(done, Ordering::Relaxed);
    }

    /// Ends it, before something else is written to the terminal.
    pub(crate) fn stop(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
            // The task may be drawing on another thread.
            *self.shown.is_over.lock().unwrap_or_else(PoisonError::into_inner) = true;
            self.shown.bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn show(shown: Arc<Shown>) {
    tokio::time::sleep(AFTER).await;
    let mut last = None;
    loop {
        shown.draw(&mut last);
        tokio::time::sleep(TICK).await;
    }
}

impl Shown {
    fn phase(&self) -> Phase {
        let received = self.download.done.load(Ordering::Relaxed);
        if received > 0 {
            return Phase::Receiving(received, self.download.total.load(Ordering::Relaxed));
        }
        let uploads = UPLOADS.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = |of: fn(&Transfer) -> &AtomicU64| uploads.iter().map(|it| of(it).load(Ordering::Relaxed)).sum();
        let (sent, total): (u64, u64) = (sum(|it| &it.done), sum(|it| &it.total));
        if sent < total { Phase::Sending(sent, total) } else { Phase::Waiting }
    }

    fn draw(&self, last: &mut Option<&'static str>) {
        let is_over = self.is_over.lock().unwrap_or_else(PoisonError::into_inner);
        if *is_over {
            return;
        }
        let (template, doing, done, total) = match self.phase() {
            Phase::Waiting => ("{spinner} {msg} {elapsed}", "waiting for the answer", 0, 0),
            Phase::Sending(done, total) => (BAR, "sending", done, total),
            Phase::Receiving(done, 0) => ("{spinner} {msg} {bytes}", "receiving", done, 0),
            Phase::Receiving(done, total) => (BAR, "receiving", done, total),
        };
        if *last != Some(doing) {
            // The templates are constants, and valid.
            self.bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
            self.bar.set_message(format!("{}: {doing}", self.words));
            self.bar.reset_eta();
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        *last = Some(doing);
        if total > 0 {
            self.bar.set_length(total);
        }
        self.bar.set_position(done);
        self.bar.tick();
    }
}

const BAR: &str = "{msg} [{bar:24}] {bytes}/{total_bytes} {eta}";

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_phase_follows_the_transfers() {
        let settings = Settings::default();
        let mut progress = Progress::start("a b", &settings);
        let _upload = watch(Upload::from_bytes("a.txt", "12345"));
        assert_eq!(progress.shown.phase(), Phase::Sending(0, 5));
        UPLOADS.lock().unwrap().iter().for_each(|upload| upload.done.store(5, Ordering::Relaxed));
        assert_eq!(progress.shown.phase(), Phase::Waiting);
        progress.received(3, Some(9));
        assert_eq!(progress.shown.phase(), Phase::Receiving(3, 9));
        progress.stop();
    }

    #[test]
    fn the_templates_are_valid() {
        for template in [BAR, "{spinner} {msg} {elapsed}", "{spinner} {msg} {bytes}"] {
            ProgressStyle::with_template(template).unwrap();
        }
    }
}
