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
///
/// The file must exist if the caller has named it.
pub(crate) fn mark(path: &Path, is_named: bool, entries: &mut [Entry], today: &str) -> Result<Vec<Finding>, Failure> {
    let name = path.display().to_string();
    let Some(text) = read_own(path.parent().unwrap_or(Path::new("")), path)? else {
        let missing = Failure::usage(format!("the file of accepted changes {name} does not exist"));
        return if is_named { Err(missing) } else { Ok(Vec::new()) };
    };
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
        let found = entries.iter_mut().filter(|entry| entry.fingerprint() == it.fingerprint);
        let found: Vec<&mut Entry> = found.collect();
        match found.is_empty() {
            false if is_over => {
                let message = format!("the acceptance of {} expired on {}: {}", it.fingerprint, it.expires, it.reason);
                let help = "remove it, or extend it with its reason";
                findings.push(Finding::error("accepted-expired", &name, message).help(help));
            }
            false => found.into_iter().for_each(|entry| entry.accepted = Some(it.reason.clone())),
            true => {
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
