//! The credential, kept from everything that prints.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// A credential. Its `Debug` is redacted, and its memory is wiped when the last copy is dropped.
#[derive(Clone)]
pub struct Token {
    secret: SecretString,
}

impl Token {
    /// The credential itself, for the request that carries it.
    pub(crate) fn expose(&self) -> &str {
        self.secret.expose_secret()
    }

    /// Why no request could carry it, if so. What a token looks like is the server's business.
    pub(crate) fn defect(&self) -> Option<&'static str> {
        let token = self.expose();
        if token.is_empty() {
            Some("the token is empty")
        } else if token.chars().any(|c| c.is_whitespace() || c.is_control()) {
            Some("the token has white space or control characters in it")
        } else {
            None
        }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(redacted)")
    }
}

impl From<String> for Token {
    fn from(token: String) -> Self {
        Self { secret: SecretString::from(token) }
    }
}

impl From<&str> for Token {
    fn from(token: &str) -> Self {
        Self::from(token.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_does_not_print() {
        assert_eq!(format!("{:?}", Token::from("at_secret")), "Token(redacted)");
    }

    #[test]
    fn only_what_no_request_can_carry_is_malformed() {
        assert!(Token::from("anything-goes/+%").defect().is_none());
        for malformed in ["", "a b", "a\n", "a\u{0}b"] {
            assert!(Token::from(malformed).defect().is_some(), "{malformed:?}");
        }
    }
}
