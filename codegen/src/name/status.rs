//! Names of success statuses.

/// The variant of a status, by its reason phrase. No two statuses have the same.
pub(crate) fn status_variant(status: &str) -> String {
    let name = match status {
        "200" => "Ok",
        "201" => "Created",
        "202" => "Accepted",
        "203" => "NonAuthoritativeInformation",
        "204" => "NoContent",
        "205" => "ResetContent",
        "206" => "PartialContent",
        "207" => "MultiStatus",
        "208" => "AlreadyReported",
        "226" => "ImUsed",
        "2XX" => "Success",
        other => {
            let word: String = other.chars().filter(char::is_ascii_alphanumeric).collect();
            return format!("Status{word}");
        }
    };
    name.to_owned()
}
