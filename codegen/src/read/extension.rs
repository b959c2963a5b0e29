//! The extensions of this generator, in one table: which they are, and what each says.

/// The extension that holds an operation's New Format template: `/v1/tones/{tone_id}`.
pub(crate) const PATH_TEMPLATE: &str = "x-path-template";

/// The extension that holds an operation's Old Format path: `/v1/tones/tone_id`.
pub(crate) const OLD_PATH: &str = "x-old-path";

/// The extension that says how a list is cut into pages.
pub(crate) const PAGINATION: &str = "x-pagination";

/// The extension that names rate limits at the root of the document, and one of them at an operation.
pub(crate) const RATE_LIMIT: &str = "x-rate-limit";

/// The extension that gives a part of a multipart body another name: some gateways take files by one name alone.
pub(crate) const PART_NAME: &str = "x-part-name";

/// The extension with which a schema accepts other list shapes: the property that holds the list.
pub(crate) const LIST_ENVELOPE: &str = "x-list-envelope";

/// The extension that names other spellings of a property, accepted on the way in.
pub(crate) const ALIASES: &str = "x-aliases";

/// All of them: upstream cannot write one.
pub(crate) const ALL: [&str; 7] = [PATH_TEMPLATE, OLD_PATH, PAGINATION, RATE_LIMIT, PART_NAME, LIST_ENVELOPE, ALIASES];
