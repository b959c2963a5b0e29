//! Findings about a document: their codes, severities and places.

use std::fmt;

use foldhash::HashSet;

use crate::unseen::in_log;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// A known defect is repaired, or a construct has no effect on the client.
    Note,
    /// The generated code lacks a part of the document, or may differ from what its author meant.
    Warning,
    /// No code is generated. The stages before `emit` still run and report their findings.
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

/// A kind of finding. Scripts may match on its id, which is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Code {
    /// The identifier, in kebab case.
    pub id: &'static str,
    /// The severity of all findings of this kind.
    pub severity: Severity,
    /// What the finding means, in one sentence.
    pub meaning: &'static str,
}

impl Code {
    /// The code with another severity, for findings that matter less than most of their kind.
    pub(crate) const fn as_note(self) -> Self {
        Self { severity: Severity::Note, ..self }
    }
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
            /// All kinds of findings, in the order of the stages that report them.
            pub const ALL: &[Code] = &[$($name),+];
        }
    };
}

codes! {
    SYNTAX "syntax" Error "The text is neither JSON nor YAML.";
    DUPLICATE_KEY "duplicate-key" Warning "An object has the same key more than once; the last one counts.";
    TOO_LARGE "too-large" Error "The text, a part of it or the generated code exceeds a limit of the generator.";
    EXPANSION "expansion" Error "YAML aliases, overlays, `$ref` or `allOf` expand a small text into a very large document or client.";
    TOO_DEEP "too-deep" Error "Values or references are nested deeper than the generator follows.";
    NOT_A_NUMBER "not-a-number" Error "A YAML number is infinite or not a number, which JSON cannot hold.";
    ORIGIN_CHANGED "origin-changed" Error "`servers` names another origin than the lock; calls and credentials would go there.";
    BASE_PATH_CHANGED "base-path-changed" Error "`servers` names another path than the lock; calls would go there.";
    CREDENTIAL_CHANGED "credential-changed" Error "`securitySchemes` sends a credential in another place than the lock records, or the lock does not record it.";
    CONNECTION_ACCEPTED "connection-accepted" Warning "An option of the command accepts a changed server or credential.";
    VARIABLES_KEPT "variables-kept" Warning "The crate has a new name; environment variables keep the names in the lock.";
    FOREIGN_VARIABLE "foreign-variable" Error "The client would read an environment variable that holds the secret of another program.";
    SERVER_UNCLEAR "server-unclear" Error "URL parsers disagree about the host in the URL of a server.";
    PLAINTEXT_SERVER "plaintext-server" Warning "The URL of a server begins with `http://`; the client refuses to send a credential there.";
    EXTENSION_WITHHELD "extension-withheld" Warning "The document sets an extension that only an overlay may set; the client ignores it.";
    NOT_OPENAPI "not-openapi" Error "The document is not an OpenAPI 3.0, 3.1 or 3.2 document.";
    NO_PATHS "no-paths" Error "The document has no `paths`, `webhooks` or component schemas, so there is nothing to generate.";
    OVERLAY_INVALID "overlay-invalid" Error "An overlay, or one of its actions, is not in the form of OAI Overlay 1.x.";
    OVERLAY_UNMATCHED "overlay-unmatched" Error "The `target` of an action matches nothing in the document.";
    OVERLAY_TYPE "overlay-type" Error "The `update` of an action does not fit the type of its target.";
    OVERLAY_REDUNDANT "overlay-redundant" Warning "An action changes nothing, because the document already has its value.";
    SELECTION "selection" Error "A selector of operations is malformed, or means no operation of the document.";
    LOCK_INVALID "lock-invalid" Error "The lock is not a file that this generator wrote.";
    EXTERNAL_REF "external-ref" Error "A `$ref` leads to a file or an address that the generator may not read.";
    DANGLING_REF "dangling-ref" Warning "A `$ref` has no target; the client has any JSON value in its place, or lacks the part that needs it.";
    CIRCULAR_REF "circular-ref" Warning "A chain of `$ref` leads back to its start; the client has any JSON value in its place.";
    MALFORMED "malformed" Warning "A part of the document is not in the form that OpenAPI requires; the client ignores it.";
    RECURSIVE_SCHEMA "recursive-schema" Warning "A schema contains itself without an object between; the client has any JSON value for the inner one.";
    NESTED_SCHEMA "nested-schema" Warning "Schemas are nested deeper than the generator follows; the client has any JSON value for the inner one.";
    ENUM_VALUES "enum-values" Warning "`enum` lists values for which the client has no enum; it has their type.";
    TUPLE_FORM "tuple-form" Warning "An array has types by position that a tuple of Rust does not express; the client has a list.";
    PARAMETER_FORM "parameter-form" Warning "A parameter has a form that the client does not send; it is sent in another one.";
    BODY_FORM "body-form" Warning "A body has a form that the client does not assemble.";
    PART_FORM "part-form" Warning "A part of a multipart body has a form that the client does not send.";
    RESULT_UNTYPED "result-untyped" Warning "The successful responses differ, and the client cannot tell which one it gets; the result is any JSON value.";
    SECURITY_SCHEME "security-scheme" Warning "The client does not send the credential of a security scheme.";
    SERVER "server" Warning "A server has no URL that the client can use.";
    EXTENSION_IGNORED "extension-ignored" Warning "An extension does not fit its operation; the client ignores it.";
    OPERATION_SKIPPED "operation-skipped" Warning "An operation is malformed; the client has no method for it.";
    NAME_CLASH "name-clash" Warning "Two items have the same name in Rust; one of them has another name.";
    NAME_KEPT "name-kept" Warning "The document has renamed an item; the client keeps the name in the lock.";
    COMPOSITION "composition" Warning "No value fits all schemas that apply to one place; the client has the type of one of them, or any JSON value.";
    UNSELECTED_VARIANT "unselected-variant" Warning "The property of a discriminator cannot have the value that selects a schema; the client selects it otherwise, or not at all.";
    TAG_UNDECLARED "tag-undeclared" Warning "No schema of a union declares the property of its discriminator; the client writes it all the same.";
    COMBINATIONS "combinations" Warning "Choices that apply together have more combinations than the generator distributes; the client has any JSON value.";
    IGNORED_KEYWORD "ignored-keyword" Warning "The client does not express a key of the document. It is a note if only a check of values is lost, or a description.";
    REQUIRED_EXCLUDED "required-excluded" Warning "`required` lists a property that `additionalProperties: false` excludes, so no value fits.";
    PATH_PARAMETER "path-parameter" Warning "The parameters in a path and the declared path parameters differ.";
    NOT_CHECKED "not-checked" Note "A schema excludes values with a keyword that Rust types do not express; the client does not check it.";
    REQUIRED_UNDECLARED "required-undeclared" Note "`required` lists a name that no `properties` declare; the message says what the client has in its place.";
    NOT_CALLED "not-called" Note "The document describes calls that the server makes: `callbacks` or `webhooks`; the client does not handle them.";
    NOT_FOLLOWED "not-followed" Note "The document has `links` between operations; the client does not follow them.";
    MEDIA_TYPE "media-type" Note "`content` has several media types, or one with several types; the client uses only what the message says.";
    CREDENTIAL_PARAMETER "credential-parameter" Note "A parameter is the credential of a security scheme; the client sends it.";
    TOKEN_URL "token-url" Warning "A token URL is not one of `https`; OAuth clients do not get tokens from it.";
    SECURITY_CONNECTION "security-connection" Note "A security scheme authenticates the connection, as `mutualTLS` does; the client sends no credential for it.";
    RESPONSE_UNKNOWN "response-unknown" Note "`responses` declares no success; the result is any JSON value.";
    LOCK_SWAPPED "lock-swapped" Warning "The lock gives two items each other's names, so callers would reach the other one.";
    LOCK_FOLLOWED "lock-followed" Note "An operation or a variant has another place in the document; it keeps the name in the lock.";
    SURFACE_UNMATCHED "surface-unmatched" Warning "An existing client has a name that fits nothing in the document, or several things.";
    LOCK_INCOMPLETE "lock-incomplete" Note "The lock does not record a name, so a later document can change it.";
    REPAIR_INFO "repair-info" Note "`info` lacks `title` or `version`; the generator fills it in.";
    REPAIR_EXTERNAL_DOCS "repair-external-docs" Note "`externalDocs` has no `url`; `api_ref` is read as its URL, or `externalDocs` is ignored.";
    REPAIR_TAG "repair-tag" Note "A tag begins or ends with white space, which is ignored.";
    REPAIR_PATH "repair-path" Note "A path does not mark its parameters; it is read as the path in the message.";
    GATEWAY_VARIABLE "gateway-variable" Note "The gateway sets a variable of the endpoint: a credential, or one that has no place in the path.";
    PATH_ALIAS "path-alias" Note "The Old Format path shows a path parameter under another name, or not at all.";
    FILE_PART "file-part" Note "A file is sent in another part than `file`, the only one that the gateway documents.";
    REPAIR_REQUIRED_FLAG "repair-required-flag" Note "`required: true` on a property is read as `required` of the object.";
    REPAIR_REQUIRED_BODY "repair-required-body" Note "`requestBody.required` is the same for all operations; it is derived from the properties.";
    REPAIR_EMPTY_BODY "repair-empty-body" Note "A request body has no properties; the operation takes no body.";
    REPAIR_UPLOAD "repair-upload" Note "An upload declares no file; it takes one in the part `file`.";
    REPAIR_FILE_TYPE "repair-file-type" Note "`type: file` is read as a string with `format: binary`.";
    REPAIR_TYPE "repair-type" Note "A `type` that OpenAPI does not define is read as the type in the message.";
    REPAIR_NESTED_ENUM "repair-nested-enum" Note "`enum` in the `items` of a schema that is not an array is read as its own keyword.";
    REPAIR_BODY_FORM "repair-body-form" Note "The media type of a body does not fit its properties; a body with a file is multipart, another one JSON.";
    REPAIR_BODY_ENUM "repair-body-enum" Note "`enum` of a body field holds remains of a description; it is ignored.";
    REPAIR_PARAMETER_ENUM "repair-parameter-enum" Note "`enum` of a parameter holds remains of its description; it is ignored.";
    REPAIR_EMPTY_EXAMPLE "repair-empty-example" Note "`example` is an empty string; it is ignored.";
    REPAIR_PARAMETER_SCHEMA "repair-parameter-schema" Note "A parameter has neither `schema` nor `content`; it takes a string.";
    REPAIR_DESCRIPTION "repair-description" Note "A response has no `description`; it is read as empty.";
    INTERNAL "internal" Error "The generated code does not parse. This is a defect of the generator; please report it.";
}

/// One finding about one place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Diagnostic {
    /// What kind of finding it is, and how much it matters.
    pub code: Code,
    /// The name of the input, as given in [`Source`](crate::Source).
    pub file: String,
    /// The place in the input, as an RFC 6901 JSON pointer. Empty for the whole input.
    pub pointer: String,
    /// The construct, and its effect on the client.
    pub message: String,
    /// What to do, if anything.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Returns the severity of its code.
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

/// Collects findings of the stage that runs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Findings {
    file: String,
    found: Vec<Diagnostic>,
    /// The same findings, for a fast lookup of duplicates.
    seen: HashSet<Diagnostic>,
    /// Whether defects that cost only themselves are errors.
    is_strict: bool,
    has_errors: bool,
    /// Whether a limit is exceeded, so later stages must not run.
    are_over: bool,
    bytes: usize,
}

/// Defects that cost only a part of the client.
const DEFECTS: [Code; 5] =
    [code::DUPLICATE_KEY, code::DANGLING_REF, code::CIRCULAR_REF, code::MALFORMED, code::OPERATION_SKIPPED];

/// The longest message, in bytes. A message may quote the document.
const MAX_MESSAGE: usize = 2000;

/// The size limit of all findings together, in bytes.
const MAX_FINDINGS: usize = 32 * 1024 * 1024;

/// Cuts the text at the limit and marks the cut.
fn shortened(mut text: String) -> String {
    if text.len() > MAX_MESSAGE {
        let end = (0..=MAX_MESSAGE).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
        text.truncate(end);
        text.push('…');
    }
    text
}

impl Findings {
    /// Makes defects that cost only themselves errors.
    pub(crate) fn strict(is_strict: bool) -> Self {
        Self { is_strict, ..Self::default() }
    }

    /// Sets the input of the findings that follow.
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

    /// Adds a finding about another input than the current one.
    pub(crate) fn add_in(&mut self, file: &str, code: Code, pointer: String, message: String, help: &str) {
        self.keep(Diagnostic { code, file: file.to_owned(), pointer, message, help: Some(help.to_owned()) });
    }

    fn push(&mut self, code: Code, mut pointer: String, message: String, help: Option<String>) {
        let file = self.file.clone();
        // The place of an intersection lists the schemas that meet in it; the document has only the first.
        if let Some(end) = pointer.find(INTERSECTION) {
            pointer.truncate(end);
        }
        self.keep(Diagnostic { code, file, pointer, message: shortened(message), help });
    }

    fn keep(&mut self, mut finding: Diagnostic) {
        if self.is_strict && DEFECTS.iter().any(|defect| defect.id == finding.code.id) {
            finding.code.severity = Severity::Error;
        }
        let is_error = finding.severity() == Severity::Error;
        if self.bytes > MAX_FINDINGS {
            self.has_errors |= is_error;
            return;
        }
        // Several references may lead to one node, which is reported once.
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

    /// Reports that later findings are dropped.
    fn end(&mut self) {
        let (file, code) = (self.file.clone(), code::EXPANSION);
        let message = format!("the findings exceed {} MiB; the others are not listed", MAX_FINDINGS >> 20);
        let help = Some("correct the listed findings first".to_owned());
        self.found.push(Diagnostic { code, file, pointer: String::new(), message, help });
        (self.has_errors, self.are_over) = (true, true);
    }

    /// Returns no findings yet, to be added to these when other work is done.
    pub(crate) fn beside(&self) -> Self {
        Self { file: self.file.clone(), ..Self::strict(self.is_strict) }
    }

    /// Adds the findings of work that was done beside.
    pub(crate) fn extend(&mut self, others: Self) {
        others.found.into_iter().for_each(|finding| self.keep(finding));
        self.has_errors |= others.has_errors;
    }

    /// Changes the places of findings in a file.
    pub(crate) fn relocate(&mut self, file: &str, origin: impl Fn(&str) -> Option<(String, String)>) {
        for finding in self.found.iter_mut().filter(|finding| finding.file == file) {
            if let Some((file, pointer)) = origin(&finding.pointer) {
                (finding.file, finding.pointer) = (file, pointer);
            }
        }
    }

    /// Discards findings about places in the current input.
    pub(crate) fn discard(&mut self, is_gone: impl Fn(&str) -> bool) {
        self.found.retain(|finding| finding.file != self.file || !is_gone(&finding.pointer));
        self.has_errors = self.are_over || self.found.iter().any(|finding| finding.severity() == Severity::Error);
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

/// What the place of an intersection has behind that of a schema: `allOf`, and the pointer of another schema.
const INTERSECTION: &str = "/allOf/~1";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_on_an_intersection_is_at_a_schema() {
        let mut findings = Findings::default();
        findings.add(code::NAME_CLASH, "/components/schemas/A/allOf/~1components~1schemas~1B/properties/b", "clash");
        findings.add(code::NAME_CLASH, "/components/schemas/A/allOf/1/properties/b", "clash");
        let pointers: Vec<String> = findings.into_vec().into_iter().map(|finding| finding.pointer).collect();
        assert_eq!(pointers, ["/components/schemas/A", "/components/schemas/A/allOf/1/properties/b"]);
    }

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
        findings.add(code::COMPOSITION, "", "é".repeat(MAX_MESSAGE));
        assert_eq!(findings.found[0].message.len(), MAX_MESSAGE + '…'.len_utf8());
        assert!(!findings.has_errors());
        for index in 0..100_000 {
            findings.add(code::COMPOSITION, index.to_string(), "x".repeat(MAX_MESSAGE));
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
        assert_eq!(lines, ["warning[dangling-ref]: a.json#/paths/~1a: points nowhere (help: mend it)"]);
    }
}
