//! The format of the values of several schemas.

use super::meet::Part;
use crate::{diagnostic::code, lower::context::Report};

/// Formats of numbers, the narrower ones first.
const NUMBERS: [&str; 10] =
    ["int32", "uint32", "int64", "uint64", "int128", "uint128", "float", "double", "decimal", "decimal128"];

/// Formats of texts, each with one that includes it.
const TEXTS: [(&str, &str); 7] = [
    ("email", "idn-email"),
    ("hostname", "idn-hostname"),
    ("uri", "iri"),
    ("uri", "uri-reference"),
    ("uri", "url"),
    ("url", "uri-reference"),
    ("iri", "iri-reference"),
];

/// A format that only says how a text is shown.
const SHOWN: &str = "password";

/// Returns the format of values that fit all these schemas: the one that says more. If no value has two of them, reports it and
/// returns the last.
pub(super) fn format_of<'t>(report: &mut Report<'_>, parts: &[Part<'t>]) -> &'t str {
    chosen_format(parts, |at, format, other, earlier| {
        let message =
            format!("`format: {format}` contradicts `{earlier}` at `{other}`; the client has the type of `{format}`");
        report.findings.add_with_help(code::COMPOSITION, at, message, "give it one format in an overlay");
    })
}

/// Returns the format of values that fit all these schemas. For each that contradicts an earlier one, gets both with their places.
pub(super) fn chosen_format<'t>(parts: &[Part<'t>], mut contradicts: impl FnMut(&str, &str, &str, &str)) -> &'t str {
    let mut known: Option<(&str, &'t str)> = None;
    for part in parts {
        let (at, format) = (part.at.as_str(), part.view.format());
        if format.is_empty() || format == SHOWN {
            continue;
        }
        match known {
            Some((_, earlier)) if is_narrower(earlier, format) => {}
            Some((other, earlier)) if !is_narrower(format, earlier) => {
                contradicts(at, format, other, earlier);
                known = Some((at, format));
            }
            _ => known = Some((at, format)),
        }
    }
    known.map_or("", |(_, format)| format)
}

/// Whether each value of a format has another one too.
fn is_narrower(format: &str, other: &str) -> bool {
    let rank = |format: &str| NUMBERS.iter().position(|known| *known == format);
    match (rank(format), rank(other)) {
        (Some(own), Some(other)) => own <= other,
        _ => format == other || TEXTS.contains(&(format, other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrower_format_includes_no_other() {
        for (format, other) in [("int32", "int64"), ("int64", "double"), ("uri", "uri-reference"), ("uuid", "uuid")] {
            assert!(is_narrower(format, other), "{format} {other}");
        }
        for (format, other) in [("int64", "int32"), ("uuid", "date-time"), ("uri-reference", "uri")] {
            assert!(!is_narrower(format, other), "{format} {other}");
        }
    }
}
