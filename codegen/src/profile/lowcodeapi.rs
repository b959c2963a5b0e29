//! The profile of LowCodeAPI, a gateway to other APIs: its hosts and conventions.

use crate::{input::Profile, read::url::host};

/// The domain of the hosted gateway.
const DOMAIN: &str = "lowcodeapi.com";

/// The runtime items that only clients of the gateway re-export.
pub(crate) const EXPORTED: &[&str] = &["UrlFormat"];

/// The documentation of `Client::url_format`.
pub(crate) const URL_FORMAT: &str = "Returns the gateway's URL format that calls use: the one that was set, or the one that the gateway answered to. \
     Returns `None` until one is known.";

/// The addition to the documentation of `Client::from_env`.
pub(crate) fn environment(prefix: &str) -> String {
    format!(" `{prefix}_URL_FORMAT` sets the URL format: `new` or `old`.")
}

/// The prefix of environment variables of clients of the hosted gateway.
pub(crate) const VARIABLES: &str = "LOWCODEAPI";

/// The environment variable with the token of the hosted gateway.
pub(crate) const TOKEN: &str = "LOWCODEAPI_TOKEN";

/// The name of the crate of a provider behind the gateway.
pub(crate) fn crate_name(provider: &str) -> String {
    format!("lowcodeapi-{provider}")
}

/// The differences of the gateway from OpenAPI.
impl Profile {
    /// Whether each call sends one token, whatever the operation declares.
    pub(crate) fn sends_one_token(self) -> bool {
        self == Self::LowCodeApi
    }

    /// Whether the properties of a body decide its form. The gateway accepts no multipart body without a file, but its
    /// converter declares each alias with `media` as an upload, and some uploads as JSON.
    pub(crate) fn derives_form_of_body(self) -> bool {
        self == Self::LowCodeApi
    }

    /// Whether some parameters of the path are declared as parameters of the query.
    pub(crate) fn misplaces_path_parameters(self) -> bool {
        self == Self::LowCodeApi
    }

    /// The reason for ignoring the `servers` of operations, if they are ignored.
    pub(crate) fn refuses_own_servers(self) -> Option<&'static str> {
        (self == Self::LowCodeApi).then_some("`servers` of an operation are ignored; calls go to the gateway")
    }

    /// The reason why results do not depend on the status, if so.
    pub(crate) fn hides_status(self) -> Option<&'static str> {
        (self == Self::LowCodeApi).then_some(
            "`responses` has different successes, but the gateway answers 200 for each; the result is any JSON value",
        )
    }

    /// Whether a list is sent as several parts of one name. The gateway accepts JSON text in one part, and fails on
    /// repeated parts.
    pub(crate) fn repeats_parts(self) -> bool {
        self != Self::LowCodeApi
    }

    /// Whether parts have the media types that the document declares.
    pub(crate) fn types_parts(self) -> bool {
        self != Self::LowCodeApi
    }

    /// The only documented part for files, if there is one.
    pub(crate) fn file_part(self) -> Option<&'static str> {
        (self == Self::LowCodeApi).then_some("file")
    }
}

/// Whether a URL belongs to the hosted gateway.
pub(crate) fn is_hosted(url: &str) -> bool {
    host(url).is_some_and(|host| host.strip_suffix(DOMAIN).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_hosts_are_the_gateways() {
        for url in ["https://lowcodeapi.com", "https://api.lowcodeapi.com/jasper", "HTTPS://API.LowCodeAPI.com:443/x"] {
            assert!(is_hosted(url), "{url}");
        }
        for url in [
            "https://evillowcodeapi.com",
            "https://lowcodeapi.com.evil.example",
            "https://evil.example/lowcodeapi.com",
            "",
        ] {
            assert!(!is_hosted(url), "{url}");
        }
    }
}
