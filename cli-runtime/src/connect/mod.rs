//! The client that a command calls with: its token, its address and its limits.

mod address;
#[cfg(feature = "keychain")]
pub(crate) mod keychain;
mod need;
mod read_token;
mod search;
mod tell;
mod watch;

use std::sync::Arc;

use lowcodeapi_runtime::{
    ClientBuilder, Error, RetryPolicy, Token, UrlFormat,
    catalogue::{Catalogue, Described, Operation, with_url_format},
};

#[cfg(feature = "keychain")]
pub(crate) use self::read_token::{prompt, read_file};
pub(crate) use self::{
    address::{Address, address},
    search::{look, ways},
    tell::tell,
};
use crate::{
    api::Api,
    app::{App, Connected, MockServer},
    connect::{need::Need, search::find, watch::Watch},
    failure::{Class, Failure},
    settings::Settings,
    signals::{NOT_SENT, or_signal},
};

/// The placeholder for a credential in a dry run. The `curl` command shows the environment variable in its place.
const PLACEHOLDER: &str = "the-credential-that-a-dry-run-does-not-need:it-is-not-sent";

/// Creates the client for calls of any operation.
#[cfg(feature = "mcp")]
pub(crate) async fn connect<C: Described>(app: &App, settings: &Settings) -> Result<Connected, Failure> {
    connect_for::<C>(app, settings, None).await
}

/// Creates the client for a call of this operation. A token is neither read nor asked for if the operation needs none.
pub(crate) async fn connect_for<C: Described>(
    app: &App,
    settings: &Settings,
    operation: Option<&'static Operation>,
) -> Result<Connected, Failure> {
    if settings.mock {
        return connect_mock::<C>(app, settings).await;
    }
    let address = address(C::CATALOGUE, settings)?;
    let mut builder = C::builder().from_env();
    if let Some(url) = &settings.base_url {
        builder = builder.base_url(url.clone());
    }
    let (builder, token_source) = if settings.dry_run {
        let builder = if has_credentials(C::CATALOGUE) { builder.token(PLACEHOLDER) } else { builder };
        (builder, "none: nothing is sent".to_owned())
    } else {
        let need = Need::of(C::CATALOGUE, operation);
        let found = or_signal(find(C::CATALOGUE, need, &address, settings), NOT_SENT).await?;
        let builder = if let Some(token) = found.token { builder.token(token) } else { builder };
        (builder, found.source)
    };
    if settings.verbose > 0 && !settings.dry_run {
        tell(&format!("base URL: {} ({})", address.url, address.source));
        tell(&format!("token: {token_source}"));
    }
    build::<C>(builder, settings, token_source, None)
}

/// Creates a client that composes requests of the document's API, or of this base URL, and sends none. The environment is
/// not read.
pub(crate) fn offline<C: Described>(
    base_url: Option<&str>,
    format: Option<UrlFormat>,
) -> Result<Arc<dyn Api>, Failure> {
    let mut builder = C::builder();
    if has_credentials(C::CATALOGUE) {
        builder = builder.token(PLACEHOLDER);
    }
    if let Some(url) = base_url {
        builder = builder.base_url(url);
    }
    if let Some(format) = format {
        builder = with_url_format(builder, format);
    }
    Ok(Arc::new(builder.build().map_err(refused)?))
}

/// Starts the server of `--mock`, and creates a client of it. The environment is not read.
async fn connect_mock<C: Described>(app: &App, settings: &Settings) -> Result<Connected, Failure> {
    let start = app.mock.ok_or_else(|| Failure::usage("this program has no embedded server for `--mock`"))?;
    let started = start().await;
    let server =
        started.map_err(|error| Failure::new(Class::Other, format!("the embedded server does not start: {error}")))?;
    let builder = C::builder().base_url(server.base_url.clone());
    let builder =
        if has_credentials(C::CATALOGUE) { builder.token(Token::from(server.token.as_str())) } else { builder };
    if settings.verbose > 0 {
        tell(&format!("base URL: {} (the embedded server)", server.base_url));
    }
    build::<C>(builder, settings, "the embedded server's own".to_owned(), Some(server))
}

fn has_credentials(catalogue: &Catalogue) -> bool {
    !catalogue.credentials.is_empty()
}

fn build<C: Described>(
    mut builder: ClientBuilder<C>,
    settings: &Settings,
    token_source: String,
    mock: Option<MockServer>,
) -> Result<Connected, Failure> {
    builder = builder.paced();
    if let Some(format) = settings.url_format {
        builder = with_url_format(builder, format);
    }
    if let Some(timeout) = settings.timeout {
        builder = builder.timeout(timeout).attempt_timeout(timeout);
    }
    if let Some(retries) = settings.retries {
        builder = builder.retry(RetryPolicy::default().max_retries(retries));
    }
    if settings.verbose > 0 {
        builder = builder.hook(Watch::new(settings.verbose));
    }
    let client = builder.build().map_err(refused)?;
    Ok(Connected { api: Arc::new(client), token_source, mock })
}

/// Returns the failure of a client that cannot be built. No such message contains a credential.
fn refused(error: Error) -> Failure {
    let message = error.to_string();
    let is_about_token = message.contains("token") || message.contains("credential");
    let class = if is_about_token { Class::Auth } else { Class::Usage };
    Failure { error: Some(Box::new(error)), ..Failure::new(class, message) }
}
