//! Accepted changes: a file with the fingerprints of entries, each with a reason and the day after which it no longer counts.

use std::path::Path;

use jiff::civil::Date;
use serde::Deserialize;

use super::entry::Entry;
use crate::{failure::Failure, finding::Finding, write::read_own};

/// An accepted change.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Accepted {
    fingerprint: String,
    reason: String,
    /// The last day on which it counts.
    expires: String,
}

/// Marks the accepted entries, and returns findings about those of the file that have expired or match nothing.
pub(crate) fn mark(path: &Path, entries: &mut [Entry], today: &str) -> Result<Vec<Finding>, Failure> {
    let name = path.display().to_string();
    let Some(text) = read_own(path.parent().unwrap_or(Path::new("")), path)? else { return Ok(Vec::new()) };
    let refused = |message: String| Failure::problem("accepted-malformed", &name, message);
    let accepted: Vec<Accepted> = serde_yaml::from_str(&text).map_err(|error| {
        refused(format!("the file of accepted changes cannot be read: {error}"))
            .help("write a list of objects with `fingerprint`, `reason` and `expires`, a day such as 2027-01-31")
    })?;
    let day = |text: &str| text.parse::<Date>().map_err(|error| refused(format!("`{text}` is not a day: {error}")));
    let today = day(today)?;
    let mut findings = Vec::new();
    for it in accepted {
        let is_over = day(&it.expires)? < today;
        let found = entries.iter_mut().find(|entry| entry.fingerprint() == it.fingerprint);
        match found {
            Some(_) if is_over => {
                let message = format!("the acceptance of {} expired on {}: {}", it.fingerprint, it.expires, it.reason);
                let help = "remove it, or extend it with its reason";
                findings.push(Finding::error("accepted-expired", &name, message).help(help));
            }
            Some(entry) => entry.accepted = Some(it.reason),
            None => {
                let message = format!("no change has the fingerprint {} any more: {}", it.fingerprint, it.reason);
                findings.push(
                    Finding::error("accepted-unused", &name, message)
                        .severity(lowcodeapi_codegen::Severity::Note)
                        .help("remove it"),
                );
            }
        }
    }
    Ok(findings)
}
