//! Facts of the model in words, which every back end states in the same way.

use super::prose::{clean_code, code_list};
use crate::{
    ir::{Api, Bound, Docs, Limit, Member, Operation, RateLimit, Requirement},
    name::Names,
};

/// The longest default that is shown, in characters.
const MAX_DEFAULT: usize = 100;

/// A default, or the beginning of a long one.
pub(super) fn default(docs: &Docs) -> Option<String> {
    let default = docs.default.as_ref()?;
    let end = default.char_indices().nth(MAX_DEFAULT).map(|(end, _)| end);
    Some(end.map_or_else(|| clean_code(default), |end| clean_code(&format!("{}…", &default[..end]))))
}

/// A limit as a clause: `1 to 100 characters`.
pub(super) fn limit(limit: &Limit) -> String {
    match limit {
        Limit::Length(least, most) => range(*least, *most, "character", "characters"),
        Limit::Items(least, most) => range(*least, *most, "item", "items"),
        Limit::Properties(least, most) => range(*least, *most, "property", "properties"),
        Limit::Value(Some(least), Some(most)) if !least.exclusive && !most.exclusive => {
            format!("between {} and {}", least.value, most.value)
        }
        Limit::Value(least, most) => {
            let ends = least.iter().map(|it| end(it, "at least", "more than"));
            ends.chain(most.iter().map(|it| end(it, "at most", "less than"))).collect::<Vec<_>>().join(" and ")
        }
        Limit::MultipleOf(number) => format!("a multiple of {number}"),
        Limit::Unique => "unique items".to_owned(),
        Limit::Pattern(pattern) => format!("matches {}", clean_code(pattern)),
        Limit::Format(format) => format!("format: {}", clean_code(format)),
        Limit::Encoding(encoding) => format!("encoded as {}", clean_code(encoding)),
        Limit::MediaType(media_type) => format!("media type: {}", clean_code(media_type)),
        Limit::Only(value) => format!("always {}", clean_code(value)),
        Limit::Among(values) => format!("one of {}", code_list(values)),
        Limit::Requires(lists) => {
            let separator = if lists.iter().any(|names| names.len() > 2) { "; or " } else { ", or " };
            format!("requires {}", lists.iter().map(|names| all_of(names)).collect::<Vec<_>>().join(separator))
        }
        Limit::Names(patterns) => {
            let patterns: Vec<String> = patterns.iter().map(|pattern| clean_code(pattern)).collect();
            format!("names match {}", patterns.join(" or "))
        }
        Limit::Each(member, limits) => {
            let of = match member {
                Member::Item => "item",
                Member::Value => "value",
                Member::Name => "name",
            };
            format!("each {of}: {}", limits.iter().map(self::limit).collect::<Vec<_>>().join(", "))
        }
    }
}

/// Names as an enumeration: `a, b and c`.
fn all_of(names: &[String]) -> String {
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {}", code_list(others), clean_code(last)),
        _ => code_list(names),
    }
}

fn end(bound: &Bound, inclusive: &str, exclusive: &str) -> String {
    format!("{} {}", if bound.exclusive { exclusive } else { inclusive }, bound.value)
}

/// A range of counts; one end is there.
fn range(least: Option<u64>, most: Option<u64>, one: &str, several: &str) -> String {
    let unit = |count: u64| if count == 1 { one } else { several };
    match (least, most) {
        (Some(least), Some(most)) if least == most => format!("exactly {least} {}", unit(least)),
        (Some(least), Some(most)) => format!("{least} to {most} {}", unit(most)),
        (Some(least), None) => format!("at least {least} {}", unit(least)),
        (None, most) => {
            let most = most.unwrap_or_default();
            format!("at most {most} {}", unit(most))
        }
    }
}

/// A clause as a sentence.
pub(super) fn sentence(clause: &str) -> String {
    let mut chars = clause.chars();
    ended(&chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default())
}

/// A text that others can follow: it ends with a mark.
pub(super) fn ended(text: &str) -> String {
    let is_ended = text.is_empty() || text.ends_with(['.', '!', '?', ':', ';', '…']);
    format!("{text}{}", if is_ended { "" } else { "." })
}

/// When the runtime sends the call again.
pub(super) fn retries(operation: &Operation) -> &'static str {
    if is_repeatable(operation) {
        "Retries: safe; on connection failures and statuses 408, 429, 502, 503 and 504."
    } else {
        "Retries: only if not processed (no connection, 429, or 503 with `Retry-After`)."
    }
}

/// Whether a repeated call has the effect of one.
pub(super) fn is_repeatable(operation: &Operation) -> bool {
    operation.idempotency_key.is_some()
        || matches!(operation.method.as_str(), "GET" | "HEAD" | "OPTIONS" | "TRACE" | "QUERY" | "PUT" | "DELETE")
}

/// The rate limit that the operation counts towards.
pub(super) fn rate_limit(api: &Api, operation: &Operation) -> Option<String> {
    let name = operation.rate_limit.as_ref()?;
    let RateLimit { requests, seconds, .. } = api.rate_limits.iter().find(|limit| limit.name == *name)?;
    let period = match seconds {
        1 => "per second".to_owned(),
        60 => "per minute".to_owned(),
        3_600 => "per hour".to_owned(),
        86_400 => "per day".to_owned(),
        seconds => format!("in {seconds} seconds"),
    };
    let unit = if *requests == 1 { "request" } else { "requests" };
    Some(format!("Rate limit: {requests} {unit} {period} ({}).", clean_code(name)))
}

/// The credentials of the operation, as the methods of `Credentials` that set them; where there is one scheme, by its name.
pub(super) fn credentials(api: &Api, names: &Names, operation: &Operation) -> Option<String> {
    if api.schemes.is_empty() {
        return None;
    }
    let name = |index: &usize| match api.schemes.as_slice() {
        [scheme] => clean_code(&scheme.name),
        // Names run parallel to the schemes.
        _ => format!("`{}`", names.schemes[*index].setter),
    };
    let needed: Vec<&Requirement> = operation.security.iter().filter(|it| !it.schemes.is_empty()).collect();
    let alternatives: Vec<String> =
        needed.iter().map(|it| it.schemes.iter().map(name).collect::<Vec<_>>().join(" with ")).collect();
    if alternatives.is_empty() {
        return Some("Credentials: none.".to_owned());
    }
    let optional = if needed.len() < operation.security.len() { " (optional)" } else { "" };
    let scopes = scopes(operation).map(|scopes| format!(" {scopes}")).unwrap_or_default();
    Some(format!("Credentials: {}{optional}.{scopes}", alternatives.join(" or ")))
}

/// The scopes that the credential must have.
pub(super) fn scopes(operation: &Operation) -> Option<String> {
    match operation.scopes.as_slice() {
        [] => None,
        [scope] => Some(format!("Scope: {}.", clean_code(scope))),
        scopes => Some(format!("Scopes: {}.", code_list(scopes))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ir::limits_of;

    #[test]
    fn limits_are_said_in_words() {
        for (schema, words) in [
            (json!({"minLength": 1, "maxLength": 100}), "1 to 100 characters"),
            (json!({"maxLength": 1}), "at most 1 character"),
            (json!({"minItems": 2, "maxItems": 2}), "exactly 2 items"),
            (json!({"minProperties": 1}), "at least 1 property"),
            (json!({"minimum": 0, "maximum": 1.5}), "between 0 and 1.5"),
            (json!({"exclusiveMinimum": 0, "maximum": 5}), "more than 0 and at most 5"),
            (json!({"multipleOf": 0.5}), "a multiple of 0.5"),
            (json!({"uniqueItems": true}), "unique items"),
            (json!({"pattern": "^`$"}), "matches `` ^`$ ``"),
            (json!({"format": "email"}), "format: `email`"),
        ] {
            assert_eq!(limits_of(schema.as_object().unwrap()).iter().map(limit).collect::<Vec<_>>(), [words]);
        }
    }

    #[test]
    fn a_long_default_is_shortened() {
        let default = |text: String| default(&Docs { default: Some(text), ..Docs::default() }).unwrap();
        assert_eq!(default("é".repeat(MAX_DEFAULT)), format!("`{}`", "é".repeat(MAX_DEFAULT)));
        assert_eq!(default("é".repeat(MAX_DEFAULT + 1)), format!("`{}…`", "é".repeat(MAX_DEFAULT)));
    }

    #[test]
    fn required_names_are_enumerated() {
        let words = |lists: &[&[&str]]| {
            limit(&Limit::Requires(lists.iter().map(|names| names.iter().map(ToString::to_string).collect()).collect()))
        };
        assert_eq!(words(&[&["a"], &["b", "c"]]), "requires `a`, or `b` and `c`");
        assert_eq!(words(&[&["a", "b", "c"], &["d"]]), "requires `a`, `b` and `c`; or `d`");
    }

    #[test]
    fn clauses_become_sentences() {
        assert_eq!(sentence("at most 1 item"), "At most 1 item.");
        assert_eq!(ended("bad input."), "bad input.");
        assert_eq!(ended("bad input (`a`)"), "bad input (`a`).");
        assert_eq!(sentence("matches `a`"), "Matches `a`.");
        assert_eq!(sentence(""), "");
    }
}
