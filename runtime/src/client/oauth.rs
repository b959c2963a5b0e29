//! Access tokens of OAuth 2: for the credentials of a client, or for a refresh token.

use std::{
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use oauth2::{
    AccessToken, AsyncHttpClient, AuthType, ClientId, ClientSecret, HttpRequest, HttpResponse, RefreshToken,
    RequestTokenError, Scope, TokenResponse as _, TokenUrl,
    basic::{BasicClient, BasicErrorResponse, BasicTokenResponse, BasicTokenType},
};
use reqwest::Url;

use crate::{
    client::{
        provider::{IssuedToken, TokenFuture, TokenProvider},
        service::Scheme,
        token::Token,
        transport::{Http, TransportError},
    },
    error::cause::{self, Cause, Source},
    http::{
        base::{self, Base},
        body::read_body,
    },
    shown::redact::{self, Secrets},
};

/// The most bytes of an answer of the authorization server.
const ANSWER: usize = 1 << 20;

/// A function that keeps refresh tokens.
type Store = Arc<dyn Fn(&str) + Send + Sync>;

/// A client of an OAuth 2 authorization server. It gets access tokens for its own credentials (RFC 6749, section 4.4) or
/// for a refresh token (section 6). `Debug` shows no secret.
///
/// The tokens come from the document's `tokenUrl` or `refreshUrl`, over `https`, with the proxies, certificates and
/// timeouts of the client. They are kept, renewed and redacted like those of a
/// [`TokenProvider`](crate::TokenProvider).
#[derive(Clone)]
#[must_use = "it does nothing until a client is built with it"]
pub struct OAuthClient {
    id: String,
    secret: Option<Token>,
    refresh_token: Option<Token>,
    scopes: Vec<String>,
    parameters: Vec<(String, String)>,
    secret_in_body: bool,
    token_url: Option<String>,
    on_refresh_token: Option<Store>,
}

impl OAuthClient {
    /// Creates a client from the id and the secret with which it is registered.
    pub fn new(id: impl Into<String>, secret: impl Into<Token>) -> Self {
        Self { secret: Some(secret.into()), ..Self::public(id) }
    }

    /// Creates a client without a secret, for a refresh token of such a client.
    pub fn public(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            secret: None,
            refresh_token: None,
            scopes: Vec::new(),
            parameters: Vec::new(),
            secret_in_body: false,
            token_url: None,
            on_refresh_token: None,
        }
    }

    /// Gets access tokens for this refresh token, in place of the credentials of the client. If the authorization server
    /// replaces it, the new one is used from then on.
    pub fn refresh_token(mut self, token: impl Into<Token>) -> Self {
        self.refresh_token = Some(token.into());
        self
    }

    /// Calls a function with each refresh token that replaces the last one, so that it can be stored. It must not block.
    pub fn on_refresh_token(mut self, store: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.on_refresh_token = Some(Arc::new(store));
        self
    }

    /// Asks for these scopes. Without any, the authorization server decides.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Adds a parameter that the authorization server needs, such as `audience`.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Sends id and secret in the body, for authorization servers that do not read them in `Authorization`.
    pub fn secret_in_body(mut self) -> Self {
        self.secret_in_body = true;
        self
    }

    /// Sets the URL that gives tokens, in place of the document's. A relative URL is resolved against the base URL.
    pub fn token_url(mut self, url: impl Into<String>) -> Self {
        self.token_url = Some(url.into());
        self
    }

    /// Returns the secrets that only the authorization server gets.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &Token> {
        self.secret.iter().chain(&self.refresh_token)
    }

    /// Returns the provider of the tokens of a scheme.
    ///
    /// # Errors
    ///
    /// Returns why there is no URL that may receive the secrets.
    pub(crate) fn provider(&self, scheme: &Scheme, base: &Base, http: &Http) -> Result<Exchange, String> {
        let refresh_url = scheme.refresh_url.filter(|_| self.refresh_token.is_some());
        let declared = refresh_url.or(scheme.token_url);
        let Some(url) = self.token_url.as_deref().or(declared) else {
            return Err(format!("the security scheme `{}` has no token URL; set it with `token_url`", scheme.name));
        };
        Ok(Exchange {
            url: resolve(url, base)?,
            http: http.clone(),
            refresh_token: Mutex::new(self.refresh_token.clone()),
            client: self.clone(),
        })
    }
}

impl fmt::Debug for OAuthClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A parameter may be a secret, and so may a part of the URL.
        f.debug_struct("OAuthClient").field("id", &self.id).field("scopes", &self.scopes).finish_non_exhaustive()
    }
}

/// Resolves the URL of an authorization server. A relative one is below the base URL, or the path of its host.
fn resolve(given: &str, base: &Base) -> Result<Url, String> {
    let folder = Url::parse(&format!("{}/", base.text()));
    let url = folder.and_then(|folder| folder.join(given));
    let url = url.map_err(|error| format!("the token URL `{given}` is invalid: {error}"))?;
    // A client whose calls leave this machine may have a proxy, which would read the secrets.
    if url.scheme() == "https" || base.is_plain_and_here() && base::is_private(&url) {
        return Ok(url);
    }
    Err(format!("the token URL `{given}` is not `https`, so that others could read the secrets of the OAuth client"))
}

/// Exchanges secrets for access tokens.
pub(crate) struct Exchange {
    client: OAuthClient,
    url: Url,
    http: Http,
    /// The refresh token to send next.
    refresh_token: Mutex<Option<Token>>,
}

impl TokenProvider for Exchange {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async move {
            let refresh_token = self.refresh_token.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let response = self.exchange(refresh_token.as_ref()).await;
            let response = response.map_err(|error| self.failure(error, refresh_token.as_ref()))?;
            // The server may have invalidated the one that was sent, whatever else it says.
            if let Some(replaced) = response.refresh_token().filter(|_| refresh_token.is_some()) {
                self.keep(replaced);
            }
            let token_type = response.token_type();
            if *token_type != BasicTokenType::Bearer {
                let other = token_type.as_ref();
                return Err(
                    format!("the authorization server gives a token of type `{other}`, not a bearer token").into()
                );
            }
            let issued = IssuedToken::new(AccessToken::secret(response.access_token()).as_str());
            Ok(response.expires_in().into_iter().fold(issued, IssuedToken::expires_in))
        })
    }
}

impl<'c> AsyncHttpClient<'c> for Exchange {
    type Error = Cause;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Cause>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

/// Why an exchange fails.
type Failure = RequestTokenError<Cause, BasicErrorResponse>;

impl Exchange {
    async fn exchange(&self, refresh_token: Option<&Token>) -> Result<BasicTokenResponse, Failure> {
        let OAuthClient { id, secret, scopes, parameters, secret_in_body, .. } = &self.client;
        let auth = if *secret_in_body { AuthType::RequestBody } else { AuthType::BasicAuth };
        let url = TokenUrl::from_url(self.url.clone());
        let mut client = BasicClient::new(ClientId::new(id.clone())).set_token_uri(url).set_auth_type(auth);
        if let Some(secret) = secret {
            client = client.set_client_secret(ClientSecret::new(secret.expose().to_owned()));
        }
        let scopes = scopes.iter().cloned().map(Scope::new);
        let Some(token) = refresh_token else {
            let mut request = client.exchange_client_credentials().add_scopes(scopes);
            for (name, value) in parameters {
                request = request.add_extra_param(name, value);
            }
            return request.request_async(self).await;
        };
        let token = RefreshToken::new(token.expose().to_owned());
        let mut request = client.exchange_refresh_token(&token).add_scopes(scopes);
        for (name, value) in parameters {
            request = request.add_extra_param(name, value);
        }
        request.request_async(self).await
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Cause> {
        let failed = |error: TransportError| {
            let secrets = self.secrets(None);
            Cause::wrapping(
                "the authorization server cannot be reached",
                cause::scrubbed(&*error.into_source(), &secrets),
            )
        };
        let request = reqwest::Request::try_from(request).map_err(|error| failed(error.into()))?;
        let mut response = self.http.execute(request).await.map_err(failed)?;
        let status = response.status();
        if status.is_server_error() || status.is_redirection() {
            return Err(Cause::new(format!("the authorization server answers {status}")));
        }
        let body = read_body(&mut response, ANSWER).await.map_err(|error| failed(error.into()))?;
        let body = body.ok_or_else(|| Cause::new("the answer of the authorization server is too large".to_owned()))?;
        let mut answer = HttpResponse::new(body.to_vec());
        *answer.status_mut() = status;
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        Ok(answer)
    }

    fn keep(&self, token: &RefreshToken) {
        if let Some(store) = &self.client.on_refresh_token {
            store(token.secret());
        }
        let kept = Token::from(token.secret().as_str());
        *self.refresh_token.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
    }

    /// The secrets of the client, with the refresh token that was sent.
    fn secrets(&self, refresh_token: Option<&Token>) -> Secrets {
        let mut secrets = Secrets::default();
        for token in self.client.secrets().chain(refresh_token) {
            secrets.add(token.expose(), None);
            secrets.add_encoded(token.expose());
        }
        secrets
    }

    fn failure(&self, error: Failure, refresh_token: Option<&Token>) -> Source {
        let error = match error {
            RequestTokenError::Request(cause) => return Box::new(cause),
            error => error,
        };
        let text = match &error {
            RequestTokenError::ServerResponse(answer) => format!("the authorization server answers: {answer}"),
            // What cannot be parsed may contain tokens, so it is not shown.
            _ => "the answer of the authorization server is not one of OAuth 2".to_owned(),
        };
        Box::new(Cause::new(redact::scrub(&text, &self.secrets(refresh_token))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_to_https_or_stay_on_this_machine() {
        let resolved = |given: &str, base: &str| resolve(given, &Base::parse(base).unwrap()).map(String::from);
        let (remote, local) = ("https://api.example/v1", "http://127.0.0.1:1/v1");
        for (given, base, expected) in [
            ("https://auth.example/token", remote, "https://auth.example/token"),
            ("token", remote, "https://api.example/v1/token"),
            ("/oauth/token", remote, "https://api.example/oauth/token"),
            ("/oauth/token", local, "http://127.0.0.1:1/oauth/token"),
            ("http://localhost:2/token", local, "http://localhost:2/token"),
        ] {
            assert_eq!(resolved(given, base).as_deref(), Ok(expected));
        }
        for (given, base) in [
            ("http://auth.example/token", remote),
            ("http://auth.example/token", local),
            ("http://127.0.0.1:1/token", remote),
            ("/token", "http://api.example"),
            ("ftp://auth.example/token", remote),
            ("https://", remote),
        ] {
            assert!(resolved(given, base).is_err(), "{given}");
        }
    }

    #[test]
    fn nothing_secret_is_displayed() {
        let client = OAuthClient::new("id", "s_secret").refresh_token("r_secret").parameter("assertion", "a_secret");
        assert!(!format!("{client:?}").contains("_secret"));
    }
}
