//! Where the token is looked for, and in which order.

use std::{env, path::PathBuf};

use lowcodeapi_runtime::{
    Token,
    catalogue::{Catalogue, Credential, Operation},
};

use crate::{
    connect::{
        address::Address,
        need::Need,
        read_token::{prompt, read_file},
    },
    failure::{Class, Failure},
    settings::Settings,
};

/// A source of the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// `--token-file`.
    File(PathBuf),
    /// Environment variables, which the client reads itself.
    Variables(Vec<&'static str>),
    /// The system's keychain.
    Keychain,
    /// What the user typed.
    Prompt,
}

/// The token of the first credential, and what the source of the credentials is, in words for people.
pub(super) struct Found {
    /// `None` if the client reads the credentials from the environment, or if there are none.
    pub(super) token: Option<Token>,
    pub(super) source: String,
}

impl Source {
    /// Returns the source in words for people.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::File(path) if path.as_os_str() == "-" => "standard input (--token-file -)".to_owned(),
            Self::File(path) => format!("file {} (--token-file)", path.display()),
            Self::Variables(names) if names.len() == 1 => format!("environment variable {}", names.join("")),
            Self::Variables(names) => format!("environment variables {}", names.join(", ")),
            Self::Keychain => "the system's keychain".to_owned(),
            Self::Prompt => "the prompt".to_owned(),
        }
    }
}

/// Finds the token that a call needs, or asks for it.
pub(super) async fn find(
    catalogue: &'static Catalogue,
    need: Need,
    address: &Address,
    settings: &Settings,
) -> Result<Found, Failure> {
    let (address, file) = (address.clone(), settings.token_file.clone());
    // Standard input, the keychain and the terminal block.
    let search = move || search(catalogue, need, &address, file);
    let ended = tokio::task::spawn_blocking(search).await;
    ended.map_err(|error| Failure::new(Class::Other, format!("the search for a token failed: {error}")))?
}

fn search(
    catalogue: &'static Catalogue,
    need: Need,
    address: &Address,
    file: Option<PathBuf>,
) -> Result<Found, Failure> {
    let found = |token: String, source: &Source| Found { token: Some(Token::from(token)), source: source.words() };
    if let Some(path) = file {
        if catalogue.credentials.is_empty() {
            return Err(Failure::usage("`--token-file` was given, but the API takes no token"));
        }
        let token = read_file(&path)?;
        return Ok(found(token, &Source::File(path)));
    }
    if let Some(source) = in_environment(catalogue, need, is_set) {
        return Ok(Found { token: None, source: source.words() });
    }
    let takes_first = catalogue.credentials.first().is_some_and(|it| need.takes(it));
    if takes_first && let Some(token) = in_keychain(catalogue, address, need.is_needed)? {
        return Ok(found(token, &Source::Keychain));
    }
    if !need.is_needed {
        return Ok(Found { token: None, source: "none: the call needs no token".to_owned() });
    }
    if takes_first && let Some(token) = prompt(&format!("Token for {}: ", address.origin))? {
        return Ok(found(token, &Source::Prompt));
    }
    let message = format!("there is no token for {}", address.origin);
    Err(Failure::new(Class::Auth, message).help(ways(catalogue, need.alternatives)))
}

/// Returns the source of the token that a call would take, without asking for one. The token itself is not returned.
pub(crate) fn look(
    catalogue: &'static Catalogue,
    operation: Option<&Operation>,
    address: &Address,
    settings: &Settings,
) -> Result<Option<Source>, Failure> {
    let need = Need::of(catalogue, operation);
    if let Some(path) = &settings.token_file {
        return Ok(Some(Source::File(path.clone())));
    }
    if let Some(source) = in_environment(catalogue, need, is_set) {
        return Ok(Some(source));
    }
    Ok(in_keychain(catalogue, address, true)?.map(|_| Source::Keychain))
}

/// Returns the ways to give the token, for people.
pub(crate) fn ways(catalogue: &Catalogue, alternatives: &[&[&str]]) -> String {
    let is_needed = |it: &&Credential| {
        alternatives.iter().all(|names| names.is_empty()) || alternatives.iter().any(|names| names.contains(&it.name))
    };
    let variables: Vec<&str> = catalogue.credentials.iter().filter(is_needed).map(|it| it.variable).collect();
    let keychain = if cfg!(feature = "keychain") { ", store it with `auth login`" } else { "" };
    format!(
        "set {}, give `--token-file FILE` (`-` is standard input){keychain}, or call from a terminal, which asks for \
             it",
        variables.join(" or ")
    )
}

fn is_set(variable: &str) -> bool {
    env::var_os(variable).is_some_and(|value| !value.is_empty())
}

/// Returns the environment variables that hold what a call needs.
fn in_environment(catalogue: &Catalogue, need: Need, is_set: impl Fn(&str) -> bool) -> Option<Source> {
    let met = need.met(catalogue, |credential| is_set(credential.variable))?;
    Some(Source::Variables(met.iter().map(|credential| credential.variable).collect()))
}

/// Returns the keychain's token for this address. A keychain that cannot be opened is no failure of a call that may
/// find its token elsewhere, but is told if the call needs one.
#[cfg(feature = "keychain")]
fn in_keychain(catalogue: &Catalogue, address: &Address, is_needed: bool) -> Result<Option<String>, Failure> {
    match crate::connect::keychain::read(catalogue.name, &address.origin) {
        Ok(token) => Ok(token),
        Err(failure) => {
            if is_needed {
                eprintln!("warning: {failure}");
            }
            Ok(None)
        }
    }
}

#[cfg(not(feature = "keychain"))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature `keychain` it may fail")]
fn in_keychain(_: &Catalogue, _: &Address, _: bool) -> Result<Option<String>, Failure> {
    Ok(None)
}
