//! The base URL that a command calls, and where it is from.

use lowcodeapi_runtime::{catalogue::Catalogue, reqwest::Url};

use crate::{failure::Failure, settings::Settings};

/// A base URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) url: String,
    /// Where it is from, in words for people.
    pub(crate) source: String,
    /// Scheme, host and port, without the rest.
    pub(crate) origin: String,
}

/// Returns the base URL: that of `--base-url`, else of the environment, else of the document.
pub(crate) fn address(catalogue: &Catalogue, settings: &Settings) -> Result<Address, Failure> {
    let variable = format!("{}_BASE_URL", catalogue.variables);
    let set = std::env::var(&variable).ok();
    choose(catalogue, settings.base_url.as_deref(), &variable, set.as_deref())
}

fn choose(catalogue: &Catalogue, option: Option<&str>, variable: &str, set: Option<&str>) -> Result<Address, Failure> {
    let (url, source) = match (option, set.filter(|url| !url.is_empty())) {
        (Some(url), _) => (url, "--base-url".to_owned()),
        (None, Some(url)) => (url, format!("environment variable {variable}")),
        (None, None) => (catalogue.base_url, "the API's document".to_owned()),
    };
    // The text may hold a password, so the message does not repeat it.
    let malformed = |reason: &str| Failure::usage(format!("the base URL from {source} {reason}"));
    let parsed = Url::parse(url).map_err(|error| malformed(&format!("is malformed: {error}")))?;
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(malformed("must not contain a user"));
    }
    Ok(Address { url: url.to_owned(), origin: parsed.origin().ascii_serialization(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CATALOGUE: Catalogue = Catalogue::new("test", "Test", "https://api.example/v1", "TEST", &[]);

    fn chosen(option: Option<&str>, set: Option<&str>) -> Result<(String, String), String> {
        let address = choose(&CATALOGUE, option, "TEST_BASE_URL", set).map_err(|failure| failure.message)?;
        Ok((address.source, address.origin))
    }

    #[test]
    fn the_option_wins_over_the_environment_and_that_over_the_document() {
        let a = Some("http://localhost:1/x");
        let b = Some("HTTPS://B.example:443/x");
        assert_eq!(chosen(a, b).unwrap(), ("--base-url".to_owned(), "http://localhost:1".to_owned()));
        let (source, origin) = chosen(None, b).unwrap();
        assert_eq!((source.as_str(), origin.as_str()), ("environment variable TEST_BASE_URL", "https://b.example"));
        assert_eq!(chosen(None, Some("")).unwrap().1, "https://api.example");
    }

    #[test]
    fn a_malformed_url_is_refused_without_its_text() {
        for url in ["nonsense-mark", "https://mark:mark@a.example", "https://[mark"] {
            let message = chosen(Some(url), None).unwrap_err();
            assert!(message.contains("--base-url") && !message.contains("mark"), "{message}");
        }
    }
}
