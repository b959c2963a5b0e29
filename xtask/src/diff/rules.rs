//! The rules: the kinds of changes that a comparison knows. `docs/changes.md` has them as a table.

use super::entry::Effect::{self, Adds, Behaviour, Docs, Lint, Source};

/// A kind of change.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) id: &'static str,
    /// What it usually means. Whether code still compiles is told by the public surface for each change.
    pub(crate) effects: &'static [Effect],
    pub(crate) meaning: &'static str,
    /// Whether it sends calls or credentials elsewhere, which needs a major version although code compiles.
    pub(crate) redirects: bool,
}

macro_rules! rules {
    ($($name:ident = $id:literal: [$($effect:ident),*] $($redirects:ident)?, $meaning:literal;)*) => {
        $(pub(crate) static $name: Rule = Rule {
            id: $id,
            effects: &[$($effect),*],
            meaning: $meaning,
            redirects: rules!(@ $($redirects)?),
        };)*

        /// All rules, in the order of the table.
        pub(crate) static RULES: &[&Rule] = &[$(&$name),*];
    };
    (@ redirects) => { true };
    (@) => { false };
}

rules! {
    OPERATION_REMOVED = "operation-removed": [Source],
        "The operation is gone: its method, its request and the types that only it uses.";
    OPERATION_ADDED = "operation-added": [Adds],
        "One more method.";
    OPERATION_RENAMED = "operation-renamed": [Source],
        "The method has another name. It only happens without a lock, or if the lock was edited.";
    OPERATION_ALIASED = "operation-aliased": [Lint],
        "The method has another name, and the old one is a deprecated alias.";
    OPERATION_MOVED = "operation-moved": [Behaviour],
        "The method sends its call to another path, or by another HTTP method.";
    OPERATION_DEPRECATED = "operation-deprecated": [Lint],
        "The method is `#[deprecated]`.";
    INPUT_ADDED = "input-added": [Adds],
        "One more setter. Calls that do not use it stay as they are.";
    INPUT_REMOVED = "input-removed": [Source],
        "The argument or the setter is gone. The server ignores the input, or refuses it.";
    INPUT_RENAMED = "input-renamed": [Source],
        "The argument or the setter has another name. It only happens without a lock, or if the lock was edited.";
    INPUT_REQUIRED = "input-required": [Source],
        "The input is an argument of the method, where it was a setter or did not exist.";
    INPUT_OPTIONAL = "input-optional": [Source],
        "The input is a setter, where it was an argument.";
    INPUT_TYPE = "input-type": [Source],
        "The argument or the setter takes another type.";
    INPUT_SENT = "input-sent": [Behaviour],
        "The same value is sent in another place, style, media type or form.";
    INPUT_DEFAULT = "input-default": [Behaviour],
        "The server takes another value where the input is absent. The client sends no defaults.";
    INPUT_DEPRECATED = "input-deprecated": [Lint],
        "The setter is `#[deprecated]`.";
    ARGUMENT_ORDER = "argument-order": [Source, Behaviour],
        "The arguments have another order. It only happens without a lock. Arguments of one type are swapped silently.";
    RESULT_TYPE = "result-type": [Source],
        "The call returns another type.";
    RESULT_READ = "result-read": [Behaviour],
        "The result has the same type, and is read from other statuses.";
    HEADERS_CHANGED = "headers-changed": [Behaviour],
        "The typed headers of the response differ.";
    VERB_REMOVED = "verb-removed": [Source],
        "The result can no longer be requested in this form: as text, as bytes, as messages or page by page.";
    VERB_ADDED = "verb-added": [Adds],
        "The result can also be requested in this form.";
    MESSAGES_CHANGED = "messages-changed": [Behaviour],
        "The messages of a stream have another type, framing or end.";
    PAGES_CHANGED = "pages-changed": [Behaviour],
        "The next page is requested in another way, or the last one is recognised by something else.";
    BODY_SENT = "body-sent": [Behaviour],
        "The body has another form or media type, or is sent where nothing is set.";
    ACCEPT_CHANGED = "accept-changed": [Behaviour],
        "The call asks for other media types.";
    RETRIES_CHANGED = "retries-changed": [Behaviour],
        "The call has an idempotency key or has it no longer, so it is repeated in other cases.";
    RATE_LIMIT_CHANGED = "rate-limit-changed": [Behaviour],
        "The client spaces calls differently.";
    SECURITY_CHANGED = "security-changed": [Behaviour] redirects,
        "Calls send other credentials, or none.";
    SERVER_CHANGED = "server-changed": [Behaviour] redirects,
        "Calls go to another server.";
    CREDENTIAL_ADDED = "credential-added": [Adds],
        "One more credential. With the first or the second one, `Client::new` takes something else.";
    CREDENTIAL_REMOVED = "credential-removed": [Source],
        "A credential is gone, with its setter.";
    CREDENTIAL_MOVED = "credential-moved": [Behaviour] redirects,
        "The same credential is sent in another place.";
    TOKEN_URL_CHANGED = "token-url-changed": [Behaviour] redirects,
        "Secrets are sent to another URL to get tokens.";
    CREDENTIAL_DEPRECATED = "credential-deprecated": [Lint],
        "The setter of the credential is `#[deprecated]`.";
    CREDENTIALS_OPTIONAL = "credentials-optional": [Behaviour],
        "A client can be made without credentials, or no longer.";
    VARIABLE_CHANGED = "variable-changed": [Behaviour],
        "`from_env` reads another environment variable.";
    TYPE_REMOVED = "type-removed": [Source],
        "The type is gone, although what used it stays. Otherwise it is part of the entry of what used it.";
    TYPE_ADDED = "type-added": [Adds],
        "One more type, which no other entry explains.";
    TYPE_RENAMED = "type-renamed": [Source],
        "The type has another name. It only happens without a lock, or if the lock was edited.";
    TYPE_ALIASED = "type-aliased": [Lint],
        "The type has another name, and the old one is a deprecated alias.";
    TYPE_KIND = "type-kind": [Source],
        "A struct is an enum now, or the reverse.";
    TYPE_OPENED = "type-opened": [Adds, Behaviour],
        "Undeclared properties are kept and can be sent.";
    TYPE_CLOSED = "type-closed": [Source],
        "Undeclared properties are no longer kept.";
    TYPE_DIRECTION = "type-direction": [Behaviour],
        "The type is used in requests or responses where it was not, so absent and empty are told apart, or no longer.";
    FIELD_ADDED = "field-added": [Adds],
        "One more field. Models are `#[non_exhaustive]`, so only a required field of requests breaks their constructor.";
    FIELD_REMOVED = "field-removed": [Source],
        "The field is gone. Responses that still have the property lose it.";
    FIELD_RENAMED = "field-renamed": [Source],
        "The field has another name. It only happens without a lock, or if the lock was edited.";
    FIELD_REQUIRED = "field-required": [Source],
        "The field is no longer an `Option`. Constructors of requests ask for it; a response without it is an error.";
    FIELD_OPTIONAL = "field-optional": [Source],
        "The field is an `Option`. Constructors no longer ask for it.";
    FIELD_TYPE = "field-type": [Source],
        "The field has another type.";
    FIELD_SENT = "field-sent": [Behaviour],
        "The same field is read or written differently: under another name, as another kind of value, with another constant, or only in one direction.";
    FIELD_DEFAULT = "field-default": [Behaviour],
        "The server takes another value where the property is absent.";
    FIELD_DEPRECATED = "field-deprecated": [Lint],
        "The field is `#[deprecated]`.";
    VARIANT_ADDED = "variant-added": [Behaviour, Adds],
        "A value that was `Unknown` is a variant. Enums are `#[non_exhaustive]`, so code compiles, and `_` no longer matches this value.";
    VARIANT_REMOVED = "variant-removed": [Source, Behaviour],
        "The variant is gone. Responses that still have the value give `Unknown`.";
    VARIANT_RENAMED = "variant-renamed": [Source],
        "The variant has another name. It only happens without a lock, or if the lock was edited.";
    VARIANT_TYPE = "variant-type": [Source],
        "The variant holds another type.";
    VARIANT_VALUE = "variant-value": [Behaviour],
        "The same variant stands for another value or tag. It only happens without a lock, or if the lock was edited.";
    SURFACE_CHANGED = "surface-changed": [Source],
        "The public surface differs, and no other rule says why. Please report it.";
    CODE_CHANGED = "code-changed": [Behaviour],
        "Generated code does something else, and no other rule says why. Please report it.";
    LIMITS_CHANGED = "limits-changed": [Docs],
        "The documented limits differ. The client sends any value, and the server decides.";
    ERRORS_CHANGED = "errors-changed": [Docs],
        "The documented errors differ. All errors are of one type, and `decode_error` reads what the document describes.";
    DOCS_CHANGED = "docs-changed": [Docs],
        "Only words differ.";
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn the_documentation_has_every_rule() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let page = fs::read_to_string(root.join("docs/changes.md")).unwrap();
        let rows: Vec<String> = RULES
            .iter()
            .map(|rule| {
                let effects: Vec<&str> = rule.effects.iter().map(|effect| effect.word()).collect();
                let major = if rule.redirects { ", major" } else { "" };
                format!("| `{}` | {}{major} | {} |", rule.id, effects.join(", "), rule.meaning)
            })
            .collect();
        let found: Vec<&str> = page.lines().filter(|line| line.starts_with("| `") && line.contains("` | ")).collect();
        let table: Vec<&str> = found
            .into_iter()
            .filter(|line| RULES.iter().any(|it| line.starts_with(&format!("| `{}` |", it.id))))
            .collect();
        assert_eq!(table, rows, "docs/changes.md needs these rows:\n{}", rows.join("\n"));
    }
}
