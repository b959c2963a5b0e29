//! A credential that is never displayed.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use crate::client::service::Auth;

/// A credential. `Debug` does not show it, and its memory is wiped when the last clone is dropped.
#[derive(Clone)]
pub struct Token {
    secret: SecretString,
}

impl Token {
    /// Returns the credential, for the request that carries it.
    pub(crate) fn expose(&self) -> &str {
        self.secret.expose_secret()
    }

    /// Creates a credential for HTTP Basic authentication. The user name cannot contain a colon, because the password
    /// begins after the first one (RFC 7617).
    pub fn basic(user: impl AsRef<str>, password: impl AsRef<str>) -> Self {
        Self::from(format!("{}:{}", user.as_ref(), password.as_ref()))
    }

    /// Returns a credential that stands for one that is not known yet. It is random, so that no other text contains it.
    pub(crate) fn stand_in() -> Self {
        let letter = |_| char::from(b'a' + fastrand::u8(..26));
        Self::from((0..32).map(letter).collect::<String>())
    }

    /// Splits the credential into user and password. Without a colon, the whole credential is the user.
    pub(crate) fn user_and_password(&self) -> (&str, &str) {
        self.expose().split_once(':').unwrap_or((self.expose(), ""))
    }

    /// Returns why no request can carry the credential in this place. The server alone decides whether a token is
    /// valid.
    pub(crate) fn defect(&self, auth: Auth) -> Option<&'static str> {
        let token = self.expose();
        // A password is Base64-encoded, so it may contain white space. A header without a scheme of its own may need
        // several words, such as `Bearer` and the token.
        let takes_words = matches!(auth, Auth::Header(_) | Auth::Http(_));
        let takes = |c: char| auth == Auth::Basic || (takes_words && c == ' ');
        let is_bad = |c: char| c.is_control() || (c.is_whitespace() && !takes(c));
        if token.is_empty() {
            Some("the token is empty")
        } else if takes_words && token.trim() != token {
            Some("the token begins or ends with white space")
        } else if token.chars().any(is_bad) {
            Some("the token contains white space or control characters")
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
        assert!(Token::from("anything-goes/+%").defect(Auth::Bearer).is_none());
        for malformed in ["", "a b", "a\n", "a\u{0}b"] {
            assert!(Token::from(malformed).defect(Auth::Bearer).is_some(), "{malformed:?}");
        }
        for auth in [Auth::Header("authorization"), Auth::Http("Token")] {
            assert!(Token::from("OAuth a=\"b\", c").defect(auth).is_none());
            for malformed in ["", " ", "a ", " a", "a\tb", "a\n", "a\nb", "a\u{a0}b"] {
                assert!(Token::from(malformed).defect(auth).is_some(), "{malformed:?}");
            }
        }
        assert!(Token::basic("user", "pass phrase").defect(Auth::Basic).is_none());
        assert!(Token::basic("user", "a\n").defect(Auth::Basic).is_some());
    }
}
