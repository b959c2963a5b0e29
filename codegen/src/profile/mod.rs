//! Conventions of documents of one origin. Each origin has one module.

pub(crate) mod lowcodeapi;

use serde_json::Value;

use crate::input::Profile;

/// Returns the profile of a document by its first server.
pub(crate) fn profile_of(tree: &Value) -> Profile {
    let server = tree.pointer("/servers/0/url").and_then(Value::as_str).unwrap_or_default();
    if lowcodeapi::is_hosted(server) { Profile::LowCodeApi } else { Profile::OpenApi }
}
