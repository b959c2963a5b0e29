//! Headers of callers that carry a credential, and their secret parts.

use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue, PROXY_AUTHORIZATION};

use crate::shown::redact::{LONG, Secrets};

/// How names of headers suggest a credential.
struct Rule {
    /// Text that may be anywhere in the name.
    within: &'static [&'static str],
    /// Ends of words, or of adjacent words without their separators.
    ends: &'static [&'static str],
}

/// Names of headers that are redacted, and not sent over unencrypted connections.
const SENT_ENCRYPTED: Rule = Rule {
    within: &["authentication", "authorization", "cookie", "passw", "secret", "session"],
    ends: &["apikey", "auth", "token"],
};

/// Names of headers that are only redacted. The kinds of keys are listed, because many names end in `key` that mean the key of a
/// cache or a partition.
const HIDDEN: Rule = Rule {
    within: &["credential", "passphrase", "signature"],
    ends: &[
        "accesskey",
        "accountkey",
        "adminkey",
        "appkey",
        "applicationkey",
        "authkey",
        "clientkey",
        "consumerkey",
        "customerkey",
        "developerkey",
        "encryptionkey",
        "functionskey",
        "integrationkey",
        "jwt",
        "licencekey",
        "licensekey",
        "masterkey",
        "privatekey",
        "servicekey",
        "sharedkey",
        "signingkey",
        "subscriptionkey",
    ],
};

/// What is known of a header that carries a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carried {
    /// The value is redacted.
    Hidden,
    /// The value is redacted, and not sent over unencrypted connections.
    SentEncrypted,
}

/// Returns how a header carries a credential: by its value, if the caller has marked it, or by its name. `None` if it does not.
/// `repeated` is the header that identifies a repeated call, whose name is no reason.
pub(crate) fn carried(name: &HeaderName, value: &HeaderValue, repeated: Option<&str>) -> Option<Carried> {
    if value.is_sensitive() {
        return Some(Carried::SentEncrypted);
    }
    if repeated.is_some_and(|repeated| name.as_str().eq_ignore_ascii_case(repeated)) {
        return None;
    }
    suggested(name.as_str())
}

fn suggested(name: &str) -> Option<Carried> {
    if name.contains("idempoten") {
        return None;
    }
    let is_suggested = |rule: &Rule| {
        rule.within.iter().any(|part| name.contains(part)) || rule.ends.iter().any(|end| ends_words(name, end))
    };
    if is_suggested(&SENT_ENCRYPTED) {
        Some(Carried::SentEncrypted)
    } else {
        is_suggested(&HIDDEN).then_some(Carried::Hidden)
    }
}

/// Returns whether a word of the name has this end, or it and the words before it together.
fn ends_words(name: &str, end: &str) -> bool {
    let is_separator = |byte: &u8| matches!(byte, b'-' | b'_' | b'.');
    let name = name.as_bytes();
    let mut before = (0..=name.len()).filter(|at| name.get(*at).is_none_or(is_separator)).map(|at| &name[..at]);
    before.any(|before| {
        let letters = before.iter().rev().filter(|byte| !is_separator(byte));
        letters.take(end.len()).eq(end.as_bytes().iter().rev())
    })
}

/// Returns the secret parts of a header that carries a credential, and their encodings. The server may echo the whole value or a
/// part of it.
pub(crate) fn secrets_of(name: &HeaderName, value: &HeaderValue) -> Secrets {
    let text = String::from_utf8_lossy(value.as_bytes());
    let mut secrets = Secrets::default();
    for part in secret_parts(name, value, text.trim()) {
        secrets.add(part, None);
        secrets.add_encoded(part);
    }
    secrets
}

fn secret_parts<'t>(name: &HeaderName, value: &HeaderValue, text: &'t str) -> impl Iterator<Item = &'t str> {
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, '=' | ';' | ',' | '"'));
    // Shorter parts, such as the name of a scheme or a cookie, occur in other text by chance.
    let parts = [text].into_iter().chain(parts).filter(|part| part.len() >= LONG);
    let short = if *name == AUTHORIZATION || *name == PROXY_AUTHORIZATION {
        // The name of the scheme is known to everyone.
        Some(text.split_once(' ').map_or(text, |(_, credential)| credential.trim()))
    } else {
        Some(text).filter(|_| value.is_sensitive())
    };
    parts.chain(short)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shown::redact::scrub;

    #[test]
    fn names_suggest_credentials() {
        for name in [
            "authorization",
            "proxy-authorization",
            "cookie",
            "x-api-key",
            "x_api_key",
            "apikey",
            "x-rapidapi-key",
            "x-auth",
            "x-oauth",
            "x-auth-token",
            "x-accesstoken",
            "x-amz-security-token",
            "x-csrf-token",
            "x-client-secret",
            "x-password",
            "x-passwd",
            "x-session-id",
        ] {
            assert_eq!(suggested(name), Some(Carried::SentEncrypted), "{name}");
        }
        for name in [
            "access-key",
            "x-secretaccess-key",
            "x-ms-account-key",
            "x-functions-key",
            "ocp-apim-subscription-key",
            "x-private-key",
            "x-license-key",
            "dd-application-key",
            "x-amz-server-side-encryption-customer-key",
            "x-hub-signature-256",
            "x-amz-credential",
            "x-passphrase",
            "x-request-jwt",
        ] {
            let expected = if name.contains("secret") { Carried::SentEncrypted } else { Carried::Hidden };
            assert_eq!(suggested(name), Some(expected), "{name}");
        }
    }

    #[test]
    fn other_names_do_not() {
        for name in [
            "x-amz-server-side-encryption-bucket-key-enabled",
            "x-amz-server-side-encryption-aws-kms-key-id",
            "x-ms-documentdb-partitionkey",
            "x-partition-key",
            "surrogate-key",
            "x-cache-key",
            "x-routing-key",
            "x-keyboard",
            "x-monkey",
            "x-author",
            "x-authority",
            "x-max-tokens",
            "x-tokenizer",
            "idempotency-key",
            "x-idempotency-token",
            "x-request-id",
            "key",
            "accept",
        ] {
            assert_eq!(suggested(name), None, "{name}");
        }
    }

    #[test]
    fn the_mark_decides_before_the_name_and_the_key_of_a_repetition_is_none() {
        let name = HeaderName::from_static("x-request-token");
        let mut value = HeaderValue::from_static("v");
        assert_eq!(carried(&name, &value, None), Some(Carried::SentEncrypted));
        assert_eq!(carried(&name, &value, Some("X-Request-Token")), None);
        value.set_sensitive(true);
        assert_eq!(carried(&name, &value, Some("X-Request-Token")), Some(Carried::SentEncrypted));
        assert_eq!(carried(&HeaderName::from_static("x-team"), &value, None), Some(Carried::SentEncrypted));
    }

    #[test]
    fn a_short_value_that_is_marked_is_redacted_as_a_whole() {
        let scrubbed = |name, text| {
            let mut value = HeaderValue::from_static(text);
            value.set_sensitive(true);
            scrub("it was: my pin 42, by my", &secrets_of(&HeaderName::from_static(name), &value))
        };
        assert_eq!(scrubbed("x-pin", "my pin 42"), "it was: [redacted], by my");
        // The scheme is not secret.
        assert_eq!(scrubbed("authorization", "my pin 42"), "it was: my [redacted], by my");
    }
}
