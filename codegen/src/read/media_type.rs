//! Classifies media types, and defines which of them are JSON.

/// The media type of JSON.
pub(crate) const JSON: &str = "application/json";

/// The range of all media types.
pub(crate) const ANY: &str = "*/*";

/// The range that contains JSON, and files.
pub(crate) const APPLICATION: &str = "application/*";

/// The wire forms of a body, in order of preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    Json,
    Multipart,
    Urlencoded,
    Text,
    Binary,
}

/// The wire form of a media type. A range that contains JSON is JSON.
pub(crate) fn form_of(media_type: &str) -> Form {
    let essence = essence_of(media_type).to_ascii_lowercase();
    match essence.as_str() {
        "multipart/form-data" | "multipart/mixed" | "multipart/*" => Form::Multipart,
        "application/x-www-form-urlencoded" => Form::Urlencoded,
        "*/*" | "application/*" => Form::Json,
        json if is_json(json) => Form::Json,
        text if text.starts_with("text/") => Form::Text,
        _ => Form::Binary,
    }
}

/// Whether a media type has the syntax of JSON: `application/json`, or any that ends in `/json` or `+json`, with or without
/// parameters. A range, such as `*/*`, has not.
pub fn is_json(media_type: &str) -> bool {
    let essence = essence_of(media_type).to_ascii_lowercase();
    essence.ends_with("/json") || essence.ends_with("+json")
}

/// Whether a media type is JSON, or a range that contains JSON.
pub(crate) fn admits_json(media_type: &str) -> bool {
    form_of(media_type) == Form::Json
}

/// Whether a media type is JSON under another name.
pub(crate) fn is_special_json(media_type: &str) -> bool {
    is_json(media_type) && !essence_of(media_type).eq_ignore_ascii_case(JSON)
}

/// Whether a body has parts, but is not a form.
pub(crate) fn is_other_multipart(media_type: &str) -> bool {
    let essence = essence_of(media_type).to_ascii_lowercase();
    essence.starts_with("multipart/") && !matches!(essence.as_str(), "multipart/form-data" | "multipart/*")
}

/// Whether a media type is a range that contains JSON.
pub(crate) fn is_range(media_type: &str) -> bool {
    matches!(essence_of(media_type), ANY | APPLICATION)
}

/// Returns a media type without its parameters, and keeps its case.
pub fn essence_of(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

/// A media type as in `Accept`.
pub(crate) fn asked_for(media_type: &str) -> String {
    let media_type = media_type.trim();
    let is_plain = media_type.split_once(';').is_some_and(|(_, parameters)| parameters.contains("charset"));
    if is_plain { essence_of(media_type).to_owned() } else { media_type.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_told_by_its_syntax() {
        for json in ["application/json", "Application/Problem+JSON; charset=utf-8", "text/json"] {
            assert!(is_json(json) && admits_json(json), "{json}");
        }
        for range in ["*/*", "application/*", "application/*; q=0.5"] {
            assert!(!is_json(range) && admits_json(range), "{range}");
        }
        for other in ["application/jsonl", "application/json-seq", "text/*", "image/*", "text/plain", "json", ""] {
            assert!(!is_json(other) && !admits_json(other), "{other}");
        }
        assert!(is_special_json("application/merge-patch+json") && !is_special_json("APPLICATION/JSON"));
    }
}
