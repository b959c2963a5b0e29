//! Providers of credentials that change. A client asks its provider for a token when it has none, or when its token expires.

use std::{pin::Pin, sync::Arc, time::Duration};

use crate::{client::token::Token, error::cause::Source};

/// The future of [`TokenProvider::token`].
pub type TokenFuture<'p> = Pin<Box<dyn Future<Output = Result<IssuedToken, Source>> + Send + 'p>>;

/// Provides a credential that changes, such as an access token of OAuth 2, or a secret that a vault rotates.
///
/// A client asks its provider before the first call that needs the credential, before the credential expires, and once
/// after a 401, whose call is sent again if its body can be. Calls at the same time wait for one answer and share it.
/// If the provider fails, the calls that wait for it fail with [`Error::Credential`](crate::Error::Credential), and
/// the next call asks again. What it gives is redacted like every credential.
///
/// An asynchronous function without arguments is a provider, and so is an `Arc` of one:
///
/// ```
/// use std::{sync::Arc, time::Duration};
///
/// use lowcodeapi_runtime::{IssuedToken, TokenProvider};
///
/// let provider: Arc<dyn TokenProvider> = Arc::new(|| async {
///     let token = tokio::fs::read_to_string("/run/secrets/token").await?;
///     Ok::<_, std::io::Error>(IssuedToken::new(token.trim()).expires_in(Duration::from_secs(600)))
/// });
/// ```
pub trait TokenProvider: Send + Sync + 'static {
    /// Returns a credential. It is not called again before the future completes, or takes longer than the timeout of
    /// an attempt.
    ///
    /// Its calls must not need the credential that it provides, because they would wait for themselves.
    fn token(&self) -> TokenFuture<'_>;
}

impl<F, A, T, E> TokenProvider for F
where
    F: Fn() -> A + Send + Sync + 'static,
    A: Future<Output = Result<T, E>> + Send + 'static,
    T: Into<IssuedToken>,
    E: Into<Source>,
{
    fn token(&self) -> TokenFuture<'_> {
        let answer = self();
        Box::pin(async move { answer.await.map(Into::into).map_err(Into::into) })
    }
}

impl TokenProvider for Arc<dyn TokenProvider> {
    fn token(&self) -> TokenFuture<'_> {
        (**self).token()
    }
}

/// A credential that a [`TokenProvider`] gives. `Debug` does not show it.
#[derive(Debug, Clone)]
pub struct IssuedToken {
    pub(crate) token: Token,
    pub(crate) lifetime: Option<Duration>,
}

impl IssuedToken {
    /// Creates a credential that is valid until the server refuses it with a 401.
    pub fn new(token: impl Into<Token>) -> Self {
        Self { token: token.into(), lifetime: None }
    }

    /// Sets how long the credential is valid from now on. It is renewed after nine tenths of this time, and at most a
    /// minute before the end.
    #[must_use]
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }
}

impl From<Token> for IssuedToken {
    fn from(token: Token) -> Self {
        Self::new(token)
    }
}

impl From<String> for IssuedToken {
    fn from(token: String) -> Self {
        Self::new(token)
    }
}

impl From<&str> for IssuedToken {
    fn from(token: &str) -> Self {
        Self::new(token)
    }
}
