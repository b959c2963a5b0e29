//! The token of a provider: kept while it is valid, and renewed once for all calls that wait.

use std::{
    future::Future,
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::{FutureExt as _, future::Shared};

use crate::{
    client::{
        provider::{IssuedToken, TokenProvider},
        token::Token,
    },
    error::cause::Source,
    platform::clock::{Instant, timeout},
};

/// The longest time before the end of a token in which it is renewed.
const MARGIN: Duration = Duration::from_secs(60);

/// The time between renewals that fail while the token is still valid.
const PAUSE: Duration = Duration::from_secs(5);

/// The failure of a provider, which all calls that wait for it share.
pub(crate) type Failure = Arc<Source>;

/// A question to the provider. It goes on if the call that asked is cancelled, because an authorization server may have
/// replaced the secrets of the client in the meantime.
type Question = Shared<Pin<Box<dyn Future<Output = Result<Token, Failure>> + Send>>>;

/// The token of a provider. Clones share it.
#[derive(Clone)]
pub(crate) struct Supply {
    shared: Arc<State>,
}

struct State {
    provider: Arc<dyn TokenProvider>,
    /// How long the provider may take.
    limit: Duration,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    current: Option<Current>,
    question: Option<Question>,
}

/// A token that the server has not refused.
struct Current {
    token: Token,
    renewal: Option<Instant>,
    end: Option<Instant>,
}

impl Current {
    fn new(issued: IssuedToken) -> Self {
        let IssuedToken { token, lifetime } = issued;
        let now = Instant::now();
        let after = |time: Duration| now.checked_add(time);
        let renewal = lifetime.and_then(|it| after(it.saturating_sub(MARGIN.min(it / 10))));
        Self { token, renewal, end: lifetime.and_then(after) }
    }

    fn is_due(&self, now: Instant) -> bool {
        self.renewal.is_some_and(|renewal| renewal <= now)
    }

    fn is_valid(&self, now: Instant) -> bool {
        self.end.is_none_or(|end| now < end)
    }
}

impl Supply {
    pub(crate) fn new(provider: Arc<dyn TokenProvider>, limit: Duration) -> Self {
        Self { shared: Arc::new(State { provider, limit, known: Mutex::default() }) }
    }

    /// Returns the token. Asks the provider first if the token is missing or expires soon. A valid token is returned even if the
    /// provider fails.
    pub(crate) async fn token(&self) -> Result<Token, Failure> {
        let (question, valid) = {
            let mut known = self.shared.known();
            let now = Instant::now();
            let valid = match &known.current {
                Some(current) if !current.is_due(now) => return Ok(current.token.clone()),
                Some(current) if current.is_valid(now) => Some(current.token.clone()),
                _ => None,
            };
            (known.question.get_or_insert_with(|| self.ask()).clone(), valid)
        };
        match (question.await, valid) {
            (Err(_), Some(valid)) => Ok(valid),
            (answer, _) => answer,
        }
    }

    /// Drops a token that the server refused, unless it has been replaced.
    pub(crate) fn refuse(&self, token: &Token) {
        let mut known = self.shared.known();
        if known.current.as_ref().is_some_and(|current| current.token.expose() == token.expose()) {
            known.current = None;
        }
    }

    fn ask(&self) -> Question {
        let state = Arc::clone(&self.shared);
        let answer: Pin<Box<dyn Future<Output = _> + Send>> = Box::pin(async move { state.answer().await });
        let question = answer.shared();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            drop(runtime.spawn(question.clone()));
        }
        question
    }
}

impl State {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(&self) -> Result<Token, Failure> {
        // Without this, all calls that wait for the answer would panic, and all later ones.
        let issued = AssertUnwindSafe(timeout(self.limit, async { self.provider.token().await })).catch_unwind();
        let issued = match issued.await {
            Ok(Ok(issued)) => issued,
            Err(_) => Err("it panicked".into()),
            Ok(Err(_)) => Err(format!("it took longer than {:?}", self.limit).into()),
        };
        let mut known = self.known();
        known.question = None;
        match issued {
            Ok(issued) => {
                let token = issued.token.clone();
                known.current = Some(Current::new(issued));
                Ok(token)
            }
            Err(failure) => {
                if let Some(current) = &mut known.current {
                    current.renewal = Instant::now().checked_add(PAUSE).min(current.end);
                }
                Err(Arc::new(failure))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;
    use tokio::time::{advance, sleep};

    use super::*;

    /// Returns a supply whose tokens are numbered, and the number of the last one.
    fn supply(
        lifetime: Option<Duration>,
        answer: impl Fn(usize) -> Result<(), &'static str> + Send + Sync + Clone + 'static,
    ) -> (Supply, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let provider = move || {
            let (count, answer) = (Arc::clone(&count), answer.clone());
            async move {
                sleep(Duration::from_millis(10)).await;
                let number = count.fetch_add(1, Ordering::SeqCst) + 1;
                answer(number)?;
                let issued = IssuedToken::new(format!("at_{number}"));
                Ok::<_, &'static str>(IssuedToken { lifetime, ..issued })
            }
        };
        (Supply::new(Arc::new(provider), Duration::from_secs(1)), asked)
    }

    async fn text(supply: &Supply) -> Result<String, String> {
        supply.token().await.map(|token| token.expose().to_owned()).map_err(|failure| failure.to_string())
    }

    #[tokio::test(start_paused = true)]
    async fn all_who_wait_share_one_answer() {
        let (supply, asked) = supply(None, |_| Ok(()));
        let texts = join_all((0..100).map(|_| text(&supply))).await;
        assert!(texts.iter().all(|text| text.as_deref() == Ok("at_1")));
        let token = supply.token().await.unwrap();
        let refused = join_all((0..100).map(|_| {
            supply.refuse(&token);
            text(&supply)
        }));
        assert!(refused.await.iter().all(|text| text.as_deref() == Ok("at_2")));
        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_renewed_before_its_end() {
        for (lifetime, kept) in [(3600, 3539), (100, 89)] {
            let (supply, _) = supply(Some(Duration::from_secs(lifetime)), |_| Ok(()));
            assert_eq!(text(&supply).await.as_deref(), Ok("at_1"));
            advance(Duration::from_secs(kept)).await;
            assert_eq!(text(&supply).await.as_deref(), Ok("at_1"));
            advance(Duration::from_secs(1)).await;
            assert_eq!(text(&supply).await.as_deref(), Ok("at_2"));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_valid_token_outlives_a_failure_and_an_expired_one_does_not() {
        let (supply, asked) = supply(Some(Duration::from_secs(100)), |n| if n == 1 { Ok(()) } else { Err("down") });
        assert_eq!(text(&supply).await.as_deref(), Ok("at_1"));
        advance(Duration::from_secs(91)).await;
        for _ in 0..10 {
            assert_eq!(text(&supply).await.as_deref(), Ok("at_1"));
        }
        assert_eq!(asked.load(Ordering::SeqCst), 2);
        advance(Duration::from_secs(9)).await;
        assert_eq!(text(&supply).await.unwrap_err(), "down");
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_not_kept() {
        let (supply, asked) = supply(None, |number| if number == 1 { Err("down") } else { Ok(()) });
        let failures = join_all((0..100).map(|_| text(&supply))).await;
        assert!(failures.iter().all(|failure| failure.as_ref().is_err_and(|it| it == "down")));
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        assert_eq!(text(&supply).await.as_deref(), Ok("at_2"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_question_goes_on_without_the_call_that_asked() {
        let (supply, asked) = supply(None, |_| Ok(()));
        assert!(timeout(Duration::from_millis(1), supply.token()).await.is_err());
        sleep(Duration::from_millis(20)).await;
        assert_eq!((text(&supply).await.as_deref(), asked.load(Ordering::SeqCst)), (Ok("at_1"), 1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_provider_that_panics_or_hangs_fails_its_calls_alone() {
        let (supply, _) = supply(None, |number| if number == 1 { panic!("defect") } else { Ok(()) });
        assert_eq!(text(&supply).await.unwrap_err(), "it panicked");
        assert_eq!(text(&supply).await.as_deref(), Ok("at_2"));
        let hangs = || std::future::pending::<Result<Token, &'static str>>();
        let supply = Supply::new(Arc::new(hangs), Duration::from_secs(1));
        assert_eq!(text(&supply).await.unwrap_err(), "it took longer than 1s");
    }
}
