//! SIGINT and SIGTERM, and how they end what is under way.

use std::future::Future;

#[cfg(unix)]
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::failure::{Class, Failure};

/// What a signal means before the call.
pub(crate) const NOT_SENT: &str = ": nothing was sent";

/// Waits for signals. While one exists, and after it, they do not end the program by themselves.
#[cfg(unix)]
pub(crate) struct Signals {
    interrupt: Option<Signal>,
    terminate: Option<Signal>,
}

#[cfg(unix)]
impl Signals {
    pub(crate) fn new() -> Self {
        // Without a handler, the signal ends the program as usual.
        Self { interrupt: signal(SignalKind::interrupt()).ok(), terminate: signal(SignalKind::terminate()).ok() }
    }

    /// Returns the class of the failure that the next signal is.
    pub(crate) async fn next(&mut self) -> Class {
        async fn of(signal: &mut Option<Signal>) -> Option<()> {
            signal.as_mut()?.recv().await
        }
        tokio::select! {
            Some(()) = of(&mut self.interrupt) => Class::Interrupted,
            Some(()) = of(&mut self.terminate) => Class::Terminated,
            else => std::future::pending().await,
        }
    }
}

/// Waits for signals.
#[cfg(not(unix))]
pub(crate) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(crate) fn new() -> Self {
        Self
    }

    /// Returns the class of the failure that the next signal is.
    pub(crate) async fn next(&mut self) -> Class {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Class::Interrupted,
            Err(_) => std::future::pending().await,
        }
    }
}

/// Runs work until a signal ends it. A terminal that the work has changed, to hide what is typed, is restored then.
pub(crate) async fn or_signal<T>(work: impl Future<Output = Result<T, Failure>>, said: &str) -> Result<T, Failure> {
    let terminal = Terminal::now();
    let mut signals = Signals::new();
    tokio::select! {
        ended = work => ended,
        class = signals.next() => {
            terminal.restore();
            Err(Failure::new(class, format!("{}{said}", class.name())))
        }
    }
}

/// The settings of the terminal that standard input is, if it is one.
#[cfg(unix)]
struct Terminal(Option<Termios>);

#[cfg(unix)]
impl Terminal {
    fn now() -> Self {
        Self(tcgetattr(std::io::stdin()).ok())
    }

    fn restore(&self) {
        if let Some(settings) = &self.0 {
            // The program ends, and there is nothing else to try.
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, settings);
        }
    }
}

/// On other systems, no signal arrives while a terminal is changed.
#[cfg(not(unix))]
struct Terminal;

#[cfg(not(unix))]
impl Terminal {
    fn now() -> Self {
        Self
    }

    fn restore(&self) {}
}
