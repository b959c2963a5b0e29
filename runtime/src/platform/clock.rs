//! Times and timers.

#[cfg(not(target_arch = "wasm32"))]
mod of_platform {
    use std::time::SystemTime;

    pub(crate) use tokio::time::{Instant, sleep, sleep_until, timeout, timeout_at};

    /// Returns the time of day.
    pub(crate) fn now() -> SystemTime {
        SystemTime::now()
    }
}

#[cfg(target_arch = "wasm32")]
mod of_platform {
    use std::time::{Duration, SystemTime};

    pub(crate) use wasmtimer::{
        std::Instant,
        tokio::{sleep, sleep_until, timeout, timeout_at},
    };

    /// Returns the time of day. The standard library has none on the web.
    pub(crate) fn now() -> SystemTime {
        let since_1970 = wasmtimer::std::SystemTime::now().duration_since(wasmtimer::std::UNIX_EPOCH);
        SystemTime::UNIX_EPOCH + since_1970.unwrap_or(Duration::ZERO)
    }
}

pub(crate) use of_platform::{Instant, now, sleep, sleep_until, timeout, timeout_at};
