//! Tokens in the system's keychain, one for each origin, so that a token of one host is never sent to another.

use keyring_core::{Entry, Error};

use crate::failure::{Class, Failure};

/// Returns the token of an origin.
pub(crate) fn read(service: &str, origin: &str) -> Result<Option<String>, Failure> {
    match entry(service, origin)?.get_password() {
        Ok(token) => Ok(Some(token).filter(|token| !token.is_empty())),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(failure("read", &error)),
    }
}

/// Stores the token of an origin, in place of an earlier one.
pub(crate) fn store(service: &str, origin: &str, token: &str) -> Result<(), Failure> {
    entry(service, origin)?.set_password(token).map_err(|error| failure("change", &error))
}

/// Removes the token of an origin. Returns whether there was one.
pub(crate) fn remove(service: &str, origin: &str) -> Result<bool, Failure> {
    match entry(service, origin)?.delete_credential() {
        Ok(()) => Ok(true),
        Err(Error::NoEntry) => Ok(false),
        Err(error) => Err(failure("change", &error)),
    }
}

fn entry(service: &str, origin: &str) -> Result<Entry, Failure> {
    open()?;
    Entry::new(service, origin).map_err(|error| failure("open", &error))
}

/// Opens the keychain of the system.
#[cfg(not(test))]
fn open() -> Result<(), Failure> {
    keyring::Entry::store_status().as_ref().map_err(|error| failure("open", error)).copied()
}

/// Tests use a store in memory.
#[cfg(test)]
#[expect(clippy::unnecessary_wraps, reason = "the system's keychain may not open")]
fn open() -> Result<(), Failure> {
    static MOCK: std::sync::Once = std::sync::Once::new();
    MOCK.call_once(|| keyring_core::set_default_store(keyring_core::mock::Store::new().unwrap()));
    Ok(())
}

/// Some variants of the error hold what was stored, which `Debug` would show but its text does not.
fn failure(what: &str, error: &Error) -> Failure {
    let reason = match error {
        Error::BadEncoding(_) | Error::BadDataFormat(..) => "an entry is not text".to_owned(),
        other => other.to_string(),
    };
    Failure::new(Class::Auth, format!("cannot {what} the system's keychain: {reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_belongs_to_one_origin() {
        let read = |origin| read("keychain-test", origin).unwrap();
        store("keychain-test", "https://a.example", "at_mark").unwrap();
        assert_eq!(read("https://a.example").as_deref(), Some("at_mark"));
        assert_eq!(read("https://b.example"), None);
        assert!(remove("keychain-test", "https://a.example").unwrap());
        assert!(!remove("keychain-test", "https://a.example").unwrap());
        assert_eq!(read("https://a.example"), None);
    }
}
