//! The provenance of a snapshot.

use std::{collections::BTreeMap, fmt::Write as _};

use jiff::Timestamp;
use lowcodeapi_codegen::Diagnostic;
use reqwest::Url;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{failure::Failure, project::Text};

/// `spec/PROVIDER.provenance.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Provenance {
    /// The address, without user, password, query and fragment, or the name of a local file.
    pub(crate) source: String,
    /// The final address after redirects, also without secrets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) redirected: Option<String>,
    /// The date in UTC.
    pub(crate) retrieved: String,
    pub(crate) method: String,
    /// The digest of the snapshot on disk.
    pub(crate) sha256: String,
    pub(crate) etag: Option<String>,
    /// The digests of the other files that the document refers to, by their places.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) parts: BTreeMap<String, String>,
    /// The number of repairs by code. Absent if the snapshot was not fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) repairs: Option<BTreeMap<String, usize>>,
}

impl Provenance {
    pub(crate) fn read(text: &Text) -> Result<Self, Failure> {
        serde_json::from_str(&text.text).map_err(|error| {
            Failure::problem("provenance-invalid", &text.name, error.to_string())
                .help("restore it from version control, or fetch the document again")
        })
    }

    /// The text of the file.
    pub(crate) fn text(&self) -> String {
        // A struct of texts and numbers serialises.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

/// Today, in UTC.
pub(crate) fn today() -> String {
    Timestamp::now().strftime("%Y-%m-%d").to_string()
}

pub(crate) fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Counts the repairs among the findings by code.
pub(crate) fn count_repairs(diagnostics: &[Diagnostic]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for found in diagnostics.iter().filter(|found| found.code.id.starts_with("repair-")) {
        *counts.entry(found.code.id.to_owned()).or_default() += 1;
    }
    counts
}

/// Returns the address without the parts that may be secret.
pub(crate) fn without_secrets(url: &Url) -> String {
    let mut url = url.clone();
    // Both fail only for addresses that cannot have a user.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

/// Whether a recorded source has parts that may be secret.
pub(crate) fn has_secrets(source: &str) -> bool {
    Url::parse(source).is_ok_and(|url| without_secrets(&url) != url.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_without_secrets() {
        let url = Url::parse("https://user:pass@example.com/x/openapi?api_token=at_1#f").expect("it is an address");
        assert_eq!(without_secrets(&url), "https://example.com/x/openapi");
        assert!(has_secrets(url.as_str()));
        assert!(!has_secrets("https://example.com/x/openapi"));
        assert!(!has_secrets("jasper.json"));
    }

    #[test]
    fn digests_are_lower_case_hex() {
        assert_eq!(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
