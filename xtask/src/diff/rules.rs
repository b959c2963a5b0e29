//! The rules: the kinds of changes that a comparison knows. `docs/changes.md` has them as a table.

use super::entry::Effect::{self, Adds, Behaviour, Docs, Lint, Source};

/// A kind of change.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) id: &'static str,
    /// What it usually means. Whether code still compiles is told by the public surface for each change.
    pub(crate) effects: &'static [Effect],
    /// Whether it sends calls or credentials elsewhere, which needs a major version although code compiles.
    pub(crate) redirects: bool,
}

macro_rules! rules {
    ($($name:ident = $id:literal: [$($effect:ident),*] $($redirects:ident)?;)*) => {
        $(pub(crate) static $name: Rule = Rule {
            id: $id,
            effects: &[$($effect),*],
            redirects: rules!(@ $($redirects)?),
        };)*

        /// All rules, in the order of the table.
        #[cfg(test)]
        pub(crate) static RULES: &[&Rule] = &[$(&$name),*];
    };
    (@ redirects) => { true };
    (@) => { false };
}

rules! {
    OPERATION_REMOVED = "operation-removed": [Source];
    OPERATION_ADDED = "operation-added": [Adds];
    OPERATION_RENAMED = "operation-renamed": [Source];
    OPERATION_MOVED = "operation-moved": [Behaviour];
    OPERATION_DEPRECATED = "operation-deprecated": [Lint];
    INPUT_ADDED = "input-added": [Adds];
    INPUT_REMOVED = "input-removed": [Source];
    INPUT_RENAMED = "input-renamed": [Source];
    INPUT_REQUIRED = "input-required": [Source];
    INPUT_OPTIONAL = "input-optional": [Source];
    INPUT_TYPE = "input-type": [Source];
    INPUT_SENT = "input-sent": [Behaviour];
    INPUT_DEFAULT = "input-default": [Behaviour];
    INPUT_DEPRECATED = "input-deprecated": [Lint];
    ARGUMENT_ORDER = "argument-order": [Source, Behaviour];
    RESULT_TYPE = "result-type": [Source];
    RESULT_READ = "result-read": [Behaviour];
    VERB_REMOVED = "verb-removed": [Source];
    VERB_ADDED = "verb-added": [Adds];
    MESSAGES_CHANGED = "messages-changed": [Behaviour];
    PAGES_CHANGED = "pages-changed": [Behaviour];
    BODY_SENT = "body-sent": [Behaviour];
    ACCEPT_CHANGED = "accept-changed": [Behaviour];
    RETRIES_CHANGED = "retries-changed": [Behaviour];
    RATE_LIMIT_CHANGED = "rate-limit-changed": [Behaviour];
    SECURITY_CHANGED = "security-changed": [Behaviour] redirects;
    SERVER_CHANGED = "server-changed": [Behaviour] redirects;
    CREDENTIAL_ADDED = "credential-added": [Adds];
    CREDENTIAL_REMOVED = "credential-removed": [Source];
    CREDENTIAL_MOVED = "credential-moved": [Behaviour] redirects;
    CREDENTIAL_DEPRECATED = "credential-deprecated": [Lint];
    VARIABLE_CHANGED = "variable-changed": [Behaviour];
    TYPE_REMOVED = "type-removed": [Source];
    TYPE_ADDED = "type-added": [Adds];
    TYPE_RENAMED = "type-renamed": [Source];
    TYPE_KIND = "type-kind": [Source];
    TYPE_OPENED = "type-opened": [Adds, Behaviour];
    TYPE_CLOSED = "type-closed": [Source];
    TYPE_DIRECTION = "type-direction": [Behaviour];
    FIELD_ADDED = "field-added": [Adds];
    FIELD_REMOVED = "field-removed": [Source];
    FIELD_RENAMED = "field-renamed": [Source];
    FIELD_REQUIRED = "field-required": [Source];
    FIELD_OPTIONAL = "field-optional": [Source];
    FIELD_TYPE = "field-type": [Source];
    FIELD_SENT = "field-sent": [Behaviour];
    FIELD_DEFAULT = "field-default": [Behaviour];
    FIELD_DEPRECATED = "field-deprecated": [Lint];
    VARIANT_ADDED = "variant-added": [Behaviour, Adds];
    VARIANT_REMOVED = "variant-removed": [Source, Behaviour];
    VARIANT_RENAMED = "variant-renamed": [Source];
    VARIANT_TYPE = "variant-type": [Source];
    VARIANT_VALUE = "variant-value": [Behaviour];
    SURFACE_CHANGED = "surface-changed": [Source];
    CODE_CHANGED = "code-changed": [Behaviour];
    LIMITS_CHANGED = "limits-changed": [Docs];
    ERRORS_CHANGED = "errors-changed": [Docs];
    DOCS_CHANGED = "docs-changed": [Docs];
}
