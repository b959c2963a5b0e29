//! `auth`: the token in the system's keychain.

use clap::{Args, Command, Subcommand};
use lowcodeapi_runtime::catalogue::{Catalogue, Described};
use serde_json::Value;

use crate::{
    admin::report::Report,
    app::App,
    connect::{Address, address, look, tell, ways},
    failure::{Class, Failure},
    settings::Settings,
};

/// The options of `auth`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) action: Action,
}

/// What is done with the token.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum Action {
    /// Store the token in the system's keychain, from a prompt or `--token-file`
    Login,
    /// Show where the token comes from, and the base URL it is for
    Status,
    /// Remove the token from the system's keychain
    Logout,
}

/// Returns the command.
pub(crate) fn command() -> Command {
    Options::augment_args(Command::new("auth")).about("Store or remove the token, or show where it comes from")
}

/// Runs the command.
pub(crate) async fn run<C: Described>(app: &App, options: Options, settings: &Settings) -> Result<(), Failure> {
    if C::CATALOGUE.credentials.is_empty() {
        return Err(Failure::usage("the API takes no token"));
    }
    if settings.mock {
        return Err(Failure::usage("`auth` is about the API, so it does not go with `--mock`"));
    }
    let (name, settings) = (app.commands.name, settings.clone());
    let address = address(C::CATALOGUE, &settings)?;
    // Standard input, the keychain and the terminal block.
    let work = move || match options.action {
        Action::Login => keep::login::<C>(&address, &settings),
        Action::Status => status(C::CATALOGUE, name, &address, &settings),
        Action::Logout => keep::logout(C::CATALOGUE, &address),
    };
    let ended = tokio::task::spawn_blocking(work).await;
    ended.map_err(|error| Failure::new(Class::Other, format!("`auth` failed: {error}")))?
}

fn status(catalogue: &'static Catalogue, program: &str, address: &Address, settings: &Settings) -> Result<(), Failure> {
    // The report is wanted even if the keychain cannot be opened.
    let (source, reason) = match look(catalogue, address, settings) {
        Ok(source) => (source, String::new()),
        Err(failure) => (None, format!("; {failure}")),
    };
    let mut report = Report::default();
    report.add("base_url", address.url.as_str());
    report.add("base_url_from", address.source.as_str());
    report.add("token_from", source.as_ref().map_or(Value::Null, |source| source.words().into()));
    report.write(settings)?;
    if source.is_none() {
        let message = format!("there is no token for {}{reason}", address.origin);
        return Err(Failure::new(Class::Auth, message).help(ways(catalogue, &[])));
    }
    if settings.verbose > 0 {
        tell(&format!("`{program} doctor` checks that the API accepts it"));
    }
    Ok(())
}

#[cfg(feature = "keychain")]
mod keep {
    //! Changes the keychain.

    use std::env;

    use lowcodeapi_runtime::{
        Token,
        catalogue::{Catalogue, Described},
    };

    use crate::{
        connect::{Address, keychain, prompt, read_file, tell},
        failure::{Class, Failure},
        settings::Settings,
    };

    pub(super) fn login<C: Described>(address: &Address, settings: &Settings) -> Result<(), Failure> {
        let token = match &settings.token_file {
            Some(path) => read_file(path)?,
            None => prompt(&format!("Token for {}: ", address.origin))?.ok_or_else(|| {
                Failure::new(Class::Auth, "no token was given")
                    .help("run this at a terminal, or pass `--token-file FILE`")
            })?,
        };
        // A token that no request could carry is refused now rather than at each call.
        let built = C::builder().token(Token::from(token.as_str())).build();
        built.map_err(|error| Failure {
            error: Some(Box::new(error)),
            ..Failure::new(Class::Auth, "no request can carry this token")
        })?;
        keychain::store(C::CATALOGUE.name, &address.origin, &token)?;
        tell(&format!("The token for {} is in the system's keychain.", address.origin));
        let set = C::CATALOGUE.credentials.first().map(|it| it.variable).filter(|name| env::var_os(name).is_some());
        if let Some(variable) = set {
            tell(&format!("note: the environment variable {variable} is set, and takes precedence"));
        }
        Ok(())
    }

    pub(super) fn logout(catalogue: &Catalogue, address: &Address) -> Result<(), Failure> {
        if keychain::remove(catalogue.name, &address.origin)? {
            tell(&format!("The token for {} is no longer in the system's keychain.", address.origin));
        } else {
            tell(&format!("There was no token for {} in the system's keychain.", address.origin));
        }
        Ok(())
    }
}

#[cfg(not(feature = "keychain"))]
mod keep {
    //! Explains what to do without a keychain.

    use lowcodeapi_runtime::catalogue::{Catalogue, Described};

    use crate::{
        connect::{Address, ways},
        failure::Failure,
        settings::Settings,
    };

    pub(super) fn login<C: Described>(_: &Address, _: &Settings) -> Result<(), Failure> {
        Err(without(C::CATALOGUE))
    }

    pub(super) fn logout(catalogue: &Catalogue, _: &Address) -> Result<(), Failure> {
        Err(without(catalogue))
    }

    fn without(catalogue: &Catalogue) -> Failure {
        Failure::usage("this build does not use the system's keychain").help(ways(catalogue, &[]))
    }
}
