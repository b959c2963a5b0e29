//! The extensions of this generator.

use serde_json::{Map, Value};

/// The extension that holds an operation's New Format template: `/v1/tones/{tone_id}`.
pub(crate) const PATH_TEMPLATE: &str = "x-path-template";

/// The extension that holds an operation's Old Format path: `/v1/tones/tone_id`.
pub(crate) const OLD_PATH: &str = "x-old-path";

/// The extension that describes the pagination of a list.
pub(crate) const PAGINATION: &str = "x-pagination";

/// The extension that declares rate limits at the root of the document, and refers to one at an operation.
pub(crate) const RATE_LIMIT: &str = "x-rate-limit";

/// The extension that renames a part of a multipart body, because some gateways accept files in one part only.
pub(crate) const PART_NAME: &str = "x-part-name";

/// The extension that names the property with the list, so other list shapes are accepted.
pub(crate) const LIST_ENVELOPE: &str = "x-list-envelope";

/// The extension that lists other names of a property, accepted in responses.
pub(crate) const ALIASES: &str = "x-aliases";

/// The extension that names the header by which the server knows repeated requests.
pub(crate) const IDEMPOTENCY_KEY: &str = "x-idempotency-key";

/// The extension of a path item that lists its methods which the caller does not want.
pub(crate) const LEFT_OUT: &str = "x-left-out";

/// All extensions. They are ignored in the document itself.
pub(crate) const ALL: [&str; 9] =
    [PATH_TEMPLATE, OLD_PATH, PAGINATION, RATE_LIMIT, PART_NAME, LIST_ENVELOPE, ALIASES, IDEMPOTENCY_KEY, LEFT_OUT];

/// Whether an object has extensions, of this generator or of others. Most have none.
pub(crate) fn has_any(node: &Map<String, Value>) -> bool {
    node.keys().any(|key| key.starts_with("x-"))
}
