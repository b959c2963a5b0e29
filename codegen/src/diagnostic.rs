//! What the generator has to say about a document: one finding, with the place it speaks of.

use std::{collections::HashSet, fmt};

use crate::unseen::in_log;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// For the record: a known defect was mended, nothing is lost.
    Note,
    /// Something in the document is not in the generated code, or may not be what its author meant.
    Warning,
    /// Generation stops, after every stage before `emit` has said all it has to say.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// A kind of finding. Its id is stable: scripts may match on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Code {
    /// The stable identifier, in kebab case.
    pub id: &'static str,
    /// How much findings of this kind matter.
    pub severity: Severity,
    /// What findings of this kind mean.
    pub meaning: &'static str,
}

macro_rules! codes {
    ($($name:ident $id:literal $severity:ident $meaning:literal;)+) => {
        /// Every kind of finding, by name.
        pub mod code {
            use super::{Code, Severity};
            $(
                #[doc = $meaning]
                pub const $name: Code = Code { id: $id, severity: Severity::$severity, meaning: $meaning };
            )+
            /// All kinds of findings, in the order of the stages that make them.
            pub const ALL: &[Code] = &[$($name),+];
        }
    };
}

codes! {
    SYNTAX "syntax" Error "The text is neither JSON nor YAML.";
    DUPLICATE_KEY "duplicate-key" Error "An object has the same key twice.";
    TOO_LARGE "too-large" Error "The text, or a part of it, is larger than the generator accepts.";
    EXPANSION "expansion" Error "Aliases, overlays, `$ref` or compositions make a small text into a very large document or client.";
    TOO_DEEP "too-deep" Error "The document is nested deeper than the generator follows.";
    NOT_A_NUMBER "not-a-number" Error "The value is infinite or not a number, which JSON cannot hold.";
    ORIGIN_CHANGED "origin-changed" Error "`servers` names another origin than the lock: calls and credentials would go there.";
    BASE_PATH_CHANGED "base-path-changed" Error "`servers` names another path than the lock: calls would go there.";
    CREDENTIAL_CHANGED "credential-changed" Error "`securitySchemes` has a credential in another place than the lock, or one that the lock does not have.";
    CONNECTION_ACCEPTED "connection-accepted" Warning "A changed server or credential was accepted by an option of the command.";
    VARIABLES_KEPT "variables-kept" Warning "The crate has another name than before; environment variables keep the names that the lock has.";
    FOREIGN_VARIABLE "foreign-variable" Error "The client would read an environment variable that holds another program's secret.";
    SERVER_UNCLEAR "server-unclear" Error "The URL of a server can be read as a URL of several hosts.";
    PLAINTEXT_SERVER "plaintext-server" Warning "The URL of a server begins with `http://`; the client refuses to send a credential there.";
    EXTENSION_WITHHELD "extension-withheld" Warning "The document has an extension that only overlays may have; it is ignored.";
    NOT_OPENAPI "not-openapi" Error "The document is not an OpenAPI 3.0 or 3.1 document.";
    NO_PATHS "no-paths" Error "The document has neither paths nor webhooks, so there is nothing to generate.";
    OVERLAY_INVALID "overlay-invalid" Error "An overlay, or one of its actions, is not of the form that OAI Overlay 1.x requires.";
    OVERLAY_UNMATCHED "overlay-unmatched" Error "The `target` of an overlay's action matches nothing in the document.";
    OVERLAY_TYPE "overlay-type" Error "The `update` of an overlay's action does not fit the node that it targets.";
    OVERLAY_REDUNDANT "overlay-redundant" Warning "An overlay's action changes nothing, because the document has the same by now.";
    LOCK_INVALID "lock-invalid" Error "The lock is not a file that this generator wrote.";
    DANGLING_REF "dangling-ref" Error "A `$ref` points at nothing in the document.";
    CIRCULAR_REF "circular-ref" Error "A chain of `$ref` leads back to itself.";
    MALFORMED "malformed" Warning "A part of the document is not of the form that OpenAPI requires; the client does not have it.";
    UNSUPPORTED "unsupported" Warning "The generator does not express a construct; the message names what the client has in its place.";
    OPERATION_SKIPPED "operation-skipped" Warning "The client cannot call an operation and has no method for it.";
    NAME_CLASH "name-clash" Warning "Two things have one name in Rust; the later one has another name.";
    NAME_KEPT "name-kept" Warning "The document has renamed something; the client keeps the name that the lock has.";
    COMPOSITION "composition" Warning "No value fits all schemas of an `allOf`; the message names the type that the client has.";
    PATH_PARAMETER "path-parameter" Warning "The parameters in the path template and the declared ones differ.";
    NOT_CHECKED "not-checked" Note "A schema excludes values by a keyword for which Rust has no type; the client does not check it.";
    NOT_CALLED "not-called" Note "The document describes calls that the server makes, as `callbacks` do; the client has nothing for them.";
    NOT_FOLLOWED "not-followed" Note "The document has `links` between operations; the client does not follow them.";
    MEDIA_TYPE "media-type" Note "`content` has several media types; the client uses one of them.";
    CREDENTIAL_PARAMETER "credential-parameter" Note "A parameter is a credential, which the client sends by itself.";
    SECURITY_CONNECTION "security-connection" Note "A security scheme is met by the connection, such as `mutualTLS`; the client sends nothing for it.";
    RESPONSE_UNKNOWN "response-unknown" Note "An operation declares no successful response; its result is any JSON value.";
    LOCK_SWAPPED "lock-swapped" Warning "The lock gives two things each other's names, so that callers would call the other one.";
    LOCK_INCOMPLETE "lock-incomplete" Note "A name is derived from the document and not in the lock yet.";
    REPAIR_INFO "repair-info" Note "`info` lacked its title or version; they were filled in.";
    REPAIR_EXTERNAL_DOCS "repair-external-docs" Note "`externalDocs` had no `url`; it was taken from `api_ref`, or dropped.";
    REPAIR_TAG "repair-tag" Note "A tag begins or ends with white space; it is read without.";
    REPAIR_PATH "repair-path" Note "A path key does not show its parameters; the template was restored beside it.";
    GATEWAY_VARIABLE "gateway-variable" Note "The gateway fills in a variable of the endpoint: a credential, or one that the path has no place for.";
    PATH_ALIAS "path-alias" Note "The Old Format path shows a path parameter by another word than its name, or not at all.";
    FILE_PART "file-part" Note "A file is sent in another part than `file`, the only one that the gateway documents.";
    REPAIR_REQUIRED_FLAG "repair-required-flag" Note "`required: true` stood on a property instead of in its object's `required` list.";
    REPAIR_REQUIRED_BODY "repair-required-body" Note "`requestBody.required` is constant upstream; it was set from the properties.";
    REPAIR_EMPTY_BODY "repair-empty-body" Note "A body without properties was removed.";
    REPAIR_UPLOAD "repair-upload" Note "An upload declared no file; it takes one in the part `file`.";
    REPAIR_FILE_TYPE "repair-file-type" Note "`type: file` became a binary string.";
    REPAIR_TYPE "repair-type" Note "A type that OpenAPI does not know was read as the one it means.";
    REPAIR_ARRAY_ITEMS "repair-array-items" Note "An array had no `items`; its items are any value.";
    REPAIR_NESTED_ENUM "repair-nested-enum" Note "An enum stood under `items` of a schema that is no array; it is the value's own.";
    REPAIR_BODY_FORM "repair-body-form" Note "A body is multipart where it has a file, and JSON where it has none.";
    REPAIR_BODY_ENUM "repair-body-enum" Note "The enum of a body field, upstream's Markdown debris, was dropped.";
    REPAIR_PARAMETER_ENUM "repair-parameter-enum" Note "The enum of a parameter, debris of its description, was dropped.";
    REPAIR_EMPTY_EXAMPLE "repair-empty-example" Note "An empty example that does not fit its type was dropped.";
    REPAIR_PARAMETER_SCHEMA "repair-parameter-schema" Note "A parameter had neither `schema` nor `content`; it takes a string.";
    REPAIR_DESCRIPTION "repair-description" Note "A response had no `description`.";
    REPAIR_NULL_TYPE "repair-null-type" Note "A type list with `null` became `nullable`.";
    REPAIR_CONST "repair-const" Note "`const` became an enum of one value.";
    REPAIR_CONTENT_MEDIA_TYPE "repair-content-media-type" Note "A string of a binary `contentMediaType` has the format `binary`.";
    REPAIR_REFERENCE "repair-reference" Note "What stands beside a `$ref` of 3.1 stands with it in an `allOf`.";
    REPAIR_PROPERTIES "repair-properties" Note "Properties by pattern, and unevaluated ones, became `additionalProperties`.";
    INTERNAL "internal" Error "The generator made code that does not parse. This is a defect of the generator; please report it.";
}

/// One finding about one place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Diagnostic {
    /// What kind of finding it is, and how much it matters.
    pub code: Code,
    /// The name of the input it speaks of, as given in [`Source`](crate::Source).
    pub file: String,
    /// The place in that input, as an RFC 6901 JSON pointer; empty for the whole.
    pub pointer: String,
    /// What was found.
    pub message: String,
    /// What to do about it, where there is something to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// The severity of its code.
    pub fn severity(&self) -> Severity {
        self.code.severity
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [file, pointer, message] = [&self.file, &self.pointer, &self.message].map(|text| in_log(text));
        write!(f, "{}[{}]: {file}#{pointer}: {message}", self.severity(), self.code.id)?;
        match &self.help {
            Some(help) => write!(f, " (help: {})", in_log(help)),
            None => Ok(()),
        }
    }
}

/// The findings so far, and the input that the running stage reads.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    file: String,
    found: Vec<Diagnostic>,
    /// The same, to tell quickly what was found before.
    seen: HashSet<Diagnostic>,
    has_errors: bool,
    /// Whether there is more of something than is followed, so that what follows from it is not to be worked on.
    are_over: bool,
    bytes: usize,
}

/// The longest message, in bytes: it may repeat what stands in the document.
const MAX_MESSAGE: usize = 2000;

/// The most bytes of all findings together.
const MAX_FINDINGS: usize = 32 * 1024 * 1024;

/// The text up to the bound, and a mark where it goes on.
fn shortened(mut text: String) -> String {
    if text.len() > MAX_MESSAGE {
        let end = (0..=MAX_MESSAGE).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
        text.truncate(end);
        text.push('…');
    }
    text
}

impl Findings {
    /// Says which input the following findings speak of.
    pub(crate) fn in_file(&mut self, file: &str) {
        file.clone_into(&mut self.file);
    }

    pub(crate) fn add(&mut self, code: Code, pointer: impl Into<String>, message: impl Into<String>) {
        self.push(code, pointer.into(), message.into(), None);
    }

    pub(crate) fn add_with_help(
        &mut self,
        code: Code,
        pointer: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(code, pointer.into(), message.into(), Some(help.into()));
    }

    /// Adds a finding of another input than the running stage reads.
    pub(crate) fn add_in(&mut self, file: &str, code: Code, pointer: String, message: String, help: &str) {
        self.keep(Diagnostic { code, file: file.to_owned(), pointer, message, help: Some(help.to_owned()) });
    }

    fn push(&mut self, code: Code, pointer: String, message: String, help: Option<String>) {
        let file = self.file.clone();
        self.keep(Diagnostic { code, file, pointer, message: shortened(message), help });
    }

    fn keep(&mut self, finding: Diagnostic) {
        let is_error = finding.severity() == Severity::Error;
        if self.bytes > MAX_FINDINGS {
            self.has_errors |= is_error;
            return;
        }
        // A node that is reached by several references is found wanting once.
        if self.seen.insert(finding.clone()) {
            self.bytes += finding.file.len() + finding.pointer.len() + finding.message.len();
            self.has_errors |= is_error;
            self.are_over |= finding.code == code::EXPANSION || finding.code == code::TOO_LARGE;
            self.found.push(finding);
            if self.bytes > MAX_FINDINGS {
                self.end();
            }
        }
    }

    /// Says that what is found from now on is not told.
    fn end(&mut self) {
        let (file, code) = (self.file.clone(), code::EXPANSION);
        let message = format!("the findings exceed {} MiB; the others are not listed", MAX_FINDINGS >> 20);
        let help = Some("correct the listed findings first".to_owned());
        self.found.push(Diagnostic { code, file, pointer: String::new(), message, help });
        (self.has_errors, self.are_over) = (true, true);
    }

    pub(crate) fn are_over(&self) -> bool {
        self.are_over
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.has_errors
    }

    pub(crate) fn into_vec(self) -> Vec<Diagnostic> {
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_kebab_case() {
        let mut ids: Vec<_> = code::ALL.iter().map(|code| code.id).collect();
        assert!(ids.iter().all(|id| id.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), code::ALL.len());
    }

    #[test]
    fn messages_and_their_number_are_bounded() {
        let mut findings = Findings::default();
        findings.add(code::UNSUPPORTED, "", "é".repeat(MAX_MESSAGE));
        assert_eq!(findings.found[0].message.len(), MAX_MESSAGE + '…'.len_utf8());
        assert!(!findings.has_errors());
        for index in 0..100_000 {
            findings.add(code::UNSUPPORTED, index.to_string(), "x".repeat(MAX_MESSAGE));
        }
        assert!(findings.has_errors());
        let last = findings.into_vec().pop().unwrap();
        assert_eq!((last.code, last.help.as_deref()), (code::EXPANSION, Some("correct the listed findings first")));
    }

    #[test]
    fn a_finding_reads_as_one_line() {
        let mut findings = Findings::default();
        findings.in_file("a.json");
        findings.add_with_help(code::DANGLING_REF, "/paths/~1a", "points nowhere", "mend it");
        findings.add_with_help(code::DANGLING_REF, "/paths/~1a", "points nowhere", "mend it");
        let lines: Vec<_> = findings.into_vec().iter().map(ToString::to_string).collect();
        assert_eq!(lines, ["error[dangling-ref]: a.json#/paths/~1a: points nowhere (help: mend it)"]);
    }
}
