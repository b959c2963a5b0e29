//! Credentials: selects those that a call needs, and collects the secrets that must be redacted.

use std::{fmt, sync::Arc, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};

use reqwest::header::{HeaderName, HeaderValue};

#[cfg(feature = "oauth2")]
use crate::client::oauth::OAuthClient;
use crate::{
    client::{
        provider::TokenProvider,
        secret_header::{Carried, carried, secrets_of},
        service::{Auth, Scheme, Security, Service},
        supply::Supply,
        token::Token,
        transport::Http,
    },
    error::{Error, cause::Source},
    http::base::Base,
    shown::redact::{Expression, Form, LONG, Secrets},
};

/// What callers set for a security scheme.
#[derive(Clone)]
enum Credential {
    Token(Token),
    Provider(Arc<dyn TokenProvider>),
    #[cfg(feature = "oauth2")]
    OAuth(OAuthClient),
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(token) => token.fmt(f),
            Self::Provider(_) => f.write_str("Provider"),
            #[cfg(feature = "oauth2")]
            Self::OAuth(client) => client.fmt(f),
        }
    }
}

/// Credentials by the name of their security scheme. `Debug` does not show them.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    by_scheme: Vec<(&'static str, Credential)>,
}

impl Credentials {
    /// Creates an empty set of credentials.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the credential of a scheme.
    pub fn set(&mut self, scheme: &'static str, token: impl Into<Token>) {
        self.put(scheme, Credential::Token(token.into()));
    }

    /// Sets what provides the credential of a scheme.
    pub fn set_provider(&mut self, scheme: &'static str, source: impl CredentialSource) {
        self.extend(source.into_credentials(scheme));
    }

    fn of(scheme: &'static str, credential: Credential) -> Self {
        Self { by_scheme: vec![(scheme, credential)] }
    }

    /// Adds other credentials, replacing those of the same schemes.
    pub(crate) fn extend(&mut self, other: Self) {
        for (scheme, credential) in other.by_scheme {
            self.put(scheme, credential);
        }
    }

    fn put(&mut self, scheme: &'static str, credential: Credential) {
        self.by_scheme.retain(|(name, _)| *name != scheme);
        self.by_scheme.push((scheme, credential));
    }

    fn get(&self, scheme: &str) -> Option<&Credential> {
        self.by_scheme.iter().find(|(name, _)| *name == scheme).map(|(_, credential)| credential)
    }
}

/// What provides a credential that changes: a [`TokenProvider`], or an `OAuthClient` with the feature `oauth2`.
pub trait CredentialSource {
    #[doc(hidden)]
    fn into_credentials(self, scheme: &'static str) -> Credentials;
}

impl<P: TokenProvider> CredentialSource for P {
    fn into_credentials(self, scheme: &'static str) -> Credentials {
        Credentials::of(scheme, Credential::Provider(Arc::new(self)))
    }
}

#[cfg(feature = "oauth2")]
impl CredentialSource for OAuthClient {
    fn into_credentials(self, scheme: &'static str) -> Credentials {
        Credentials::of(scheme, Credential::OAuth(self))
    }
}

/// The validated credentials of a client.
pub(crate) struct Keyring {
    service: &'static Service,
    held: Vec<Held>,
    secrets: Secrets,
}

/// What gets credentials.
#[cfg_attr(not(feature = "oauth2"), expect(dead_code, reason = "only OAuth clients send requests"))]
pub(crate) struct Means<'m> {
    pub(crate) http: &'m Http,
    pub(crate) base: &'m Base,
    /// How long a provider may take.
    pub(crate) limit: Duration,
}

/// The credential of a scheme.
struct Held {
    scheme: &'static Scheme,
    /// The credential. That of a provider is a stand-in, which displays as the credential.
    token: Token,
    supply: Option<Supply>,
}

/// A credential that a call sends.
pub(crate) struct Key<'k> {
    held: &'k Held,
    /// The token that a provider has given for the call.
    issued: Option<Token>,
}

impl Key<'_> {
    pub(crate) fn auth(&self) -> Auth {
        self.held.scheme.auth
    }

    /// Returns whether the credential is that of a provider.
    pub(crate) fn is_provided(&self) -> bool {
        self.held.supply.is_some()
    }

    /// Returns the credential to send. Before [`Keyring::fetch`], a stand-in replaces that of a provider.
    pub(crate) fn token(&self) -> &Token {
        self.issued.as_ref().unwrap_or(&self.held.token)
    }

    /// Drops the token that the server refused. Returns whether its provider may give another.
    pub(crate) fn refuse(&mut self) -> bool {
        let issued = self.issued.take().zip(self.held.supply.as_ref());
        issued.map(|(token, supply)| supply.refuse(&token)).is_some()
    }
}

impl Keyring {
    /// Validates the credentials against the service.
    ///
    /// # Errors
    ///
    /// Returns the reason why a client cannot use them.
    pub(crate) fn new(service: &'static Service, credentials: &Credentials, means: &Means<'_>) -> Result<Self, String> {
        let mut secrets = Secrets::default();
        let mut held = Vec::new();
        for scheme in service.schemes {
            let (token, supply) = match credentials.get(scheme.name) {
                Some(Credential::Token(token)) => (token.clone(), None),
                Some(Credential::Provider(provider)) => {
                    (Token::stand_in(), Some(Supply::new(Arc::clone(provider), means.limit)))
                }
                #[cfg(feature = "oauth2")]
                Some(Credential::OAuth(client)) => {
                    for secret in client.secrets() {
                        secrets.add(secret.expose(), None);
                        secrets.add_encoded(secret.expose());
                    }
                    let provider = client.provider(scheme, means.base, means.http)?;
                    (Token::stand_in(), Some(Supply::new(Arc::new(provider), means.limit)))
                }
                None => continue,
            };
            if let Some(defect) = token.defect(scheme.auth) {
                return Err(defect.to_owned());
            }
            add_secrets(scheme, &token, &mut secrets);
            held.push(Held { scheme, token, supply });
        }
        if held.is_empty() && !service.schemes.is_empty() && !service.optional_credentials {
            let variables: Vec<&str> = service.schemes.iter().map(|scheme| scheme.variable).collect();
            return Err(match variables.as_slice() {
                [variable] => format!("no token was given, and the environment variable {variable} is not set"),
                several => format!(
                    "no credential was given, and none of the environment variables {} is set",
                    several.join(", ")
                ),
            });
        }
        Ok(Self { service, held, secrets })
    }

    /// Redacts the value of a header of a request from now on if it carries a credential, and marks it. Returns whether it must
    /// not be sent over unencrypted connections. `repeated` is the header that identifies a repeated call.
    pub(crate) fn hide_header(&self, name: &HeaderName, value: &mut HeaderValue, repeated: Option<&str>) -> bool {
        let carried = carried(name, value, repeated);
        if carried.is_some() {
            self.secrets.learn(secrets_of(name, value));
            value.set_sensitive(true);
        }
        carried == Some(Carried::SentEncrypted)
    }

    /// As [`hide_header`](Self::hide_header), for a header of all requests, which no other credential displaces.
    pub(crate) fn hide_default_header(&mut self, name: &HeaderName, value: &mut HeaderValue) -> bool {
        let carried = carried(name, value, None);
        if carried.is_some() {
            self.secrets.extend(secrets_of(name, value));
            value.set_sensitive(true);
        }
        carried == Some(Carried::SentEncrypted)
    }

    /// Gets the tokens of providers that a call sends.
    pub(crate) async fn fetch(&self, keys: &mut [Key<'_>]) -> Result<(), Error> {
        for key in keys {
            let Held { scheme, supply: Some(supply), .. } = key.held else { continue };
            let failed =
                |error: &(dyn std::error::Error + 'static)| Error::credential(scheme.name, error, &self.secrets);
            let token = supply.token().await.map_err(|failure| failed(&**failure))?;
            if let Some(defect) = token.defect(scheme.auth) {
                supply.refuse(&token);
                return Err(failed(&*Source::from(defect)));
            }
            let mut secrets = Secrets::default();
            add_secrets(scheme, &token, &mut secrets);
            self.secrets.learn(secrets);
            key.issued = Some(token);
        }
        Ok(())
    }

    /// Returns the security of calls without an operation, if it is not the service's default.
    pub(crate) fn root_security(&self) -> Option<Security> {
        self.service.root_security
    }

    /// Returns the secrets to redact.
    pub(crate) fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Returns the credentials to send with a call: those of the first alternative that is complete. `security`
    /// overrides the service's default. If the credentials are optional, those that are present are still sent. The caller
    /// may have chosen an alternative.
    pub(crate) fn of_call(&self, security: Option<Security>, chosen: Option<&[String]>) -> Result<Vec<Key<'_>>, Error> {
        let alternatives = security.unwrap_or(self.service.security);
        let alternatives = match chosen {
            None => alternatives,
            Some(chosen) => {
                let found = position(alternatives, chosen)?;
                let Some(at) = found else { return Ok(Vec::new()) };
                alternatives.get(at..=at).unwrap_or_default()
            }
        };
        let tokens = |names: &&[&str]| names.iter().map(|name| self.find(name)).collect::<Option<Vec<_>>>();
        let mut needing = alternatives.iter().filter(|names| !names.is_empty());
        if let Some(found) = needing.find_map(tokens) {
            return Ok(found);
        }
        if alternatives.iter().all(|names| !names.is_empty()) && !alternatives.is_empty() {
            let needs: Vec<String> = alternatives.iter().map(|names| format!("`{}`", names.join("` with `"))).collect();
            return Err(Error::invalid(format!(
                "the call requires the credential {}, which the client does not have",
                needs.join(" or ")
            )));
        }
        Ok(Vec::new())
    }

    fn find(&self, name: &str) -> Option<Key<'_>> {
        let held = self.held.iter().find(|held| held.scheme.name == name)?;
        Some(Key { held, issued: None })
    }
}

/// Returns the place of a chosen alternative, and `None` for that without credentials.
fn position(alternatives: Security, chosen: &[String]) -> Result<Option<usize>, Error> {
    let is_chosen =
        |names: &&[&str]| names.len() == chosen.len() && chosen.iter().all(|it| names.contains(&it.as_str()));
    if chosen.is_empty() && (alternatives.is_empty() || alternatives.iter().any(|names| names.is_empty())) {
        return Ok(None);
    }
    let all =
        || alternatives.iter().map(|names| format!("`{}`", names.join("` with `"))).collect::<Vec<_>>().join(" or ");
    match alternatives.iter().position(is_chosen) {
        Some(at) => Ok(Some(at)),
        None if alternatives.is_empty() => Err(Error::invalid("the call has no security to choose from")),
        None => Err(Error::invalid(format!("the call has no such security to choose; it has {}", all()))),
    }
}

/// Adds a credential as it was given and as it is sent, because a server may echo either.
fn add_secrets(scheme: &Scheme, token: &Token, secrets: &mut Secrets) {
    let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let variable = if is_name(scheme.variable) { scheme.variable } else { "TOKEN" };
    let is = |form| Some(Expression { variable, form });
    // Of equal secrets the last one wins; it must be one that a shell expression can produce.
    secrets.add_encoded(token.expose());
    secrets.add(token.expose(), is(Form::Whole));
    if matches!(scheme.auth, Auth::Header(_) | Auth::Http(_)) {
        // A server may echo only the part after `Bearer`.
        let words: Vec<&str> = token.expose().split(' ').skip(1).collect();
        let form = is(Form::After(' ')).filter(|_| words.len() == 1);
        for word in words {
            secrets.add_encoded(word);
            secrets.add(word, form);
        }
    }
    if scheme.auth == Auth::Basic {
        let (user, password) = token.user_and_password();
        // If the password is empty or a placeholder, the user name is the key.
        if user.len() > password.len() && (password.is_empty() || user.len() >= LONG) {
            secrets.add_encoded(user);
            secrets.add(user, None);
        }
        secrets.add_encoded(password);
        secrets.add(password, is(Form::After(':')));
        secrets.add(&BASE64_STANDARD.encode(format!("{user}:{password}")), is(Form::Base64));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::{Client, builder::ClientBuilder};

    const fn scheme(name: &'static str, variable: &'static str, auth: Auth) -> Scheme {
        Scheme::new(name, variable, auth)
    }

    static SERVICE: Service = Service::new("https://api.example", "TEST")
        .schemes(&[
            scheme("id", "TEST_ID", Auth::Query("id")),
            scheme("key", "TEST_KEY", Auth::Header("x-key")),
            scheme("user", "TEST_USER", Auth::Basic),
        ])
        .security(&[&["id", "key"], &["user"]]);
    static OPEN: Service = SERVICE.optional_credentials();

    fn keyring(service: &'static Service, tokens: &[&'static str]) -> Keyring {
        let mut credentials = Credentials::new();
        for name in tokens {
            credentials.set(name, format!("{name}:secret"));
        }
        made(service, &credentials).unwrap_or_else(|defect| panic!("{defect}"))
    }

    fn made(service: &'static Service, credentials: &Credentials) -> Result<Keyring, String> {
        let client = ClientBuilder::<Client>::new(&OPEN).build().map_err(|error| error.to_string())?;
        let shared = &client.shared;
        let means = Means { http: &shared.http, base: &shared.destination.base, limit: Duration::MAX };
        Keyring::new(service, credentials, &means)
    }

    fn taken(tokens: &[&'static str], security: Option<Security>) -> Result<Vec<Auth>, String> {
        let keyring = keyring(&OPEN, tokens);
        let taken = keyring.of_call(security, None).map_err(|error| error.to_string())?;
        Ok(taken.iter().map(Key::auth).collect())
    }

    #[test]
    fn the_first_alternative_that_is_there_as_a_whole_is_taken() {
        let both = [Auth::Query("id"), Auth::Header("x-key")];
        assert_eq!(taken(&["id", "key", "user"], None).unwrap(), both);
        assert_eq!(taken(&["id", "user"], None).unwrap(), [Auth::Basic]);
        let refusal = taken(&["id"], None).unwrap_err();
        assert!(refusal.contains("`id` with `key` or `user`"), "{refusal}");
        let optional: Option<Security> = Some(&[&[], &["key"]]);
        assert_eq!(taken(&["key"], optional).unwrap(), [Auth::Header("x-key")]);
        assert_eq!(taken(&["id"], optional).unwrap(), []);
        assert_eq!(taken(&["id", "key"], Some(&[])).unwrap(), []);
    }

    #[test]
    fn a_client_without_credentials_is_only_made_where_calls_can_do_without() {
        let defect = made(&SERVICE, &Credentials::new()).err().unwrap_or_default();
        assert!(defect.ends_with("none of the environment variables TEST_ID, TEST_KEY, TEST_USER is set"), "{defect}");
        assert!(made(&OPEN, &Credentials::new()).is_ok());
    }

    #[test]
    fn every_credential_is_a_secret_in_every_form_it_is_sent_in() {
        let keyring = keyring(&SERVICE, &["id", "user"]);
        let text = "id:secret dXNlcjpzZWNyZXQ= secret id user key";
        let scrubbed = crate::shown::redact::scrub(text, keyring.secrets());
        assert_eq!(scrubbed, "[redacted] [redacted] [redacted] id user key");
        let mut credentials = Credentials::new();
        credentials.set("key", "Bearer mark");
        let keyring = made(&SERVICE, &credentials).unwrap_or_else(|defect| panic!("{defect}"));
        let scrubbed = crate::shown::redact::scrub("Bearer mark: no mark for a Bearer", keyring.secrets());
        assert_eq!(scrubbed, "[redacted]: no [redacted] for a Bearer");
    }

    #[test]
    fn no_encoding_of_a_credential_tells_it() {
        let mut credentials = Credentials::new();
        credentials.set("key", "at_marked/secret?42~");
        let keyring = made(&SERVICE, &credentials).unwrap_or_else(|defect| panic!("{defect}"));
        let hex = "61745F6D61726B65642F7365637265743F34327E";
        for text in [hex.to_owned(), hex.to_lowercase()] {
            assert_eq!(crate::shown::redact::scrub(&text, keyring.secrets()), "[redacted]");
        }
        for before in ["", "x", "xy", "{\"token\":\""] {
            let text = BASE64_STANDARD.encode(format!("{before}at_marked/secret?42~\"}}"));
            for text in [text.clone(), text.replace('+', "-").replace('/', "_")] {
                let scrubbed = crate::shown::redact::scrub(&text, keyring.secrets());
                assert!(scrubbed.contains("[redacted]") && scrubbed.len() < 40, "{text}: {scrubbed}");
            }
        }
    }

    #[test]
    fn a_key_in_place_of_a_user_is_a_secret() {
        for (user, password) in [("sk_1", ""), ("sk_live_123456", "x"), ("sk_live_123456", "api_token")] {
            let mut credentials = Credentials::new();
            credentials.set("user", Token::basic(user, password));
            let keyring = made(&SERVICE, &credentials).unwrap_or_else(|defect| panic!("{defect}"));
            assert_eq!(
                crate::shown::redact::scrub(&format!("no key {user}!"), keyring.secrets()),
                "no key [redacted]!"
            );
        }
    }
}
