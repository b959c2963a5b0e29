//! Where the token is looked for, and in which order.

use std::{env, path::PathBuf};

use lowcodeapi_runtime::{
    Token,
    catalogue::{Catalogue, Credential},
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
    // A keychain that cannot be opened matters only if the token is nowhere else.
    let mut reason = String::new();
    if takes_first {
        match in_keychain(catalogue, address) {
            Ok(Some(token)) => return Ok(found(token, &Source::Keychain)),
            Ok(None) => {}
            Err(failure) => reason = format!("; {failure}"),
        }
    }
    if !need.is_needed {
        return Ok(Found { token: None, source: "none: the call needs no token".to_owned() });
    }
    if takes_first && let Some(token) = prompt(&format!("Token for {}: ", address.origin))? {
        return Ok(found(token, &Source::Prompt));
    }
    let message = format!("there is no token for {}{reason}", address.origin);
    Err(Failure::new(Class::Auth, message).help(ways(catalogue, need.alternatives)))
}

/// Returns the source of the token that calls would take, unless they would ask for it. The token is not returned.
pub(crate) fn look(
    catalogue: &'static Catalogue,
    address: &Address,
    settings: &Settings,
) -> Result<Option<Source>, Failure> {
    if let Some(path) = &settings.token_file {
        return Ok(Some(Source::File(path.clone())));
    }
    if let Some(source) = in_environment(catalogue, Need::of(catalogue, None), is_set) {
        return Ok(Some(source));
    }
    Ok(in_keychain(catalogue, address)?.map(|_| Source::Keychain))
}

/// Returns the ways to give the token, for people.
pub(crate) fn ways(catalogue: &Catalogue, alternatives: &[&[&str]]) -> String {
    let is_needed = |it: &&Credential| {
        alternatives.iter().all(|names| names.is_empty()) || alternatives.iter().any(|names| names.contains(&it.name))
    };
    let variables: Vec<&str> = catalogue.credentials.iter().filter(is_needed).map(|it| it.variable).collect();
    let keychain = if cfg!(feature = "keychain") { ", store it with `auth login`" } else { "" };
    format!(
        "set {}, pass `--token-file FILE` (`-` is standard input){keychain}, or run this at a terminal, which asks for \
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

/// Returns the keychain's token for this address.
#[cfg(feature = "keychain")]
fn in_keychain(catalogue: &Catalogue, address: &Address) -> Result<Option<String>, Failure> {
    crate::connect::keychain::read(catalogue.name, &address.origin)
}

#[cfg(not(feature = "keychain"))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature `keychain` it may fail")]
fn in_keychain(_: &Catalogue, _: &Address) -> Result<Option<String>, Failure> {
    Ok(None)
}

#[cfg(test)]
mod tests {
    use lowcodeapi_runtime::catalogue::Operation;

    use super::*;

    static CATALOGUE: Catalogue = Catalogue::new("search-test", "T", "https://a.example", "T", &[])
        .credentials(&[Credential::new("id", "T_ID", ""), Credential::new("key", "T_KEY", "")]);
    static FREE: Operation = Operation::new("a", "GET", "/a");
    static KEYED: Operation = Operation::new("b", "GET", "/b").security(&[&["key"]]);
    static EITHER: Operation = Operation::new("c", "GET", "/c").security(&[&["id"], &["key"]]);

    fn address() -> Address {
        Address { url: "https://a.example".into(), source: String::new(), origin: "https://a.example".into() }
    }

    #[test]
    fn the_variables_of_the_first_complete_alternative_are_taken() {
        let taken = |operation, set: &[&str]| {
            in_environment(&CATALOGUE, Need::of(&CATALOGUE, Some(operation)), |name| set.contains(&name))
        };
        assert_eq!(taken(&EITHER, &["T_ID", "T_KEY"]), Some(Source::Variables(vec!["T_ID"])));
        assert_eq!(taken(&EITHER, &["T_KEY"]), Some(Source::Variables(vec!["T_KEY"])));
        assert_eq!(taken(&FREE, &["T_ID", "T_KEY"]), None);
    }

    #[test]
    fn a_call_that_needs_no_token_is_made_without_one() {
        let found = search(&CATALOGUE, Need::of(&CATALOGUE, Some(&FREE)), &address(), None).unwrap();
        assert!(found.token.is_none() && found.source.starts_with("none"), "{}", found.source);
    }

    #[test]
    fn a_missing_token_is_a_failure_that_lists_the_ways() {
        let need = Need::of(&CATALOGUE, Some(&KEYED));
        let failure = search(&CATALOGUE, need, &address(), None).err().unwrap();
        let help = failure.help.clone().unwrap_or_default();
        assert_eq!(failure.class, Class::Auth);
        assert!(failure.message.contains("https://a.example"), "{failure}");
        assert!(help.contains("T_KEY") && !help.contains("T_ID"), "{help}");
    }

    #[test]
    fn a_token_file_comes_first() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        std::io::Write::write_all(&mut file, b"at_mark\n").unwrap();
        let path = Some(file.path().to_owned());
        let found = search(&CATALOGUE, Need::of(&CATALOGUE, Some(&EITHER)), &address(), path).unwrap();
        assert!(found.token.is_some() && found.source.contains("--token-file"), "{}", found.source);
    }

    #[cfg(feature = "keychain")]
    #[test]
    fn a_token_of_the_keychain_is_for_its_origin_alone() {
        crate::connect::keychain::store(CATALOGUE.name, "https://b.example", "at_mark").unwrap();
        let need = Need::of(&CATALOGUE, Some(&EITHER));
        let there = Address { origin: "https://b.example".into(), ..address() };
        assert_eq!(search(&CATALOGUE, need, &there, None).unwrap().source, Source::Keychain.words());
        assert!(search(&CATALOGUE, need, &address(), None).is_err());
    }
}
