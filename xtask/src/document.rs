//! Validates an upstream document and writes its canonical form.

use lowcodeapi_codegen::{
    Diagnostic, Digits, Files, Inputs, PartFile, Severity, Source, bundle, code,
    document::{join, methods_of},
    read,
};
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::{failure::Failure, finding::from_diagnostics, project::Text, report::Report};

/// An OpenAPI document.
#[derive(Debug)]
pub(crate) struct Document {
    /// The text as received, or that of the bundle.
    pub(crate) text: Text,
    /// The tree of the text, without repairs and overlays.
    pub(crate) tree: Value,
    /// The digits of its numbers.
    digits: Digits,
    /// The other files that the document consists of.
    pub(crate) parts: Vec<PartFile>,
}

/// Decodes the received bytes as UTF-8.
pub(crate) fn decode(name: String, bytes: Vec<u8>) -> Result<Text, Failure> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Text { name, text }),
        Err(error) => {
            let message = format!("the document is not UTF-8 text: {}", error.utf8_error());
            Err(Failure::problem("refused-not-openapi", name, message))
        }
    }
}

impl Document {
    /// Accepts a document, or returns the reason for its refusal. A document of several files becomes one text.
    pub(crate) fn accept(
        text: Text,
        content_type: Option<&str>,
        files: Option<&dyn Files>,
        report: &Report,
    ) -> Result<Self, Failure> {
        let refuse = |code, message: String| Failure::problem(code, &text.name, message);
        let body = text.text.trim_start_matches('\u{feff}').trim_start();
        if is_html(body, content_type) {
            return Err(refuse("refused-html", "the response is a web page, not a document".to_owned())
                .help("open the address in a browser; it may require a login. Pass another one with --url"));
        }
        if body.is_empty() {
            return Err(refuse("refused-truncated", "the document is empty".to_owned()));
        }
        check_json(body).map_err(|(code, message)| refuse(code, message))?;
        let read = read(&Source { name: &text.name, text: body });
        let Some(tree) = read.tree else { return Err(unreadable(&text, &read.diagnostics, report)) };
        // The canonical text does not show them.
        report.findings(&from_diagnostics(&read.diagnostics), &[text.pair()]);
        let bundled = refuse_what_is_not_openapi(&text, files, report)?;
        let Some((tree, digits, parts)) = bundled else {
            return Ok(Self { text, tree, digits: read.digits, parts: Vec::new() });
        };
        Ok(Self { text: Text { text: canonical(&tree, &digits), ..text }, tree, digits, parts })
    }

    /// Returns the method and the path of each operation.
    pub(crate) fn operations(&self) -> impl Iterator<Item = (String, String)> {
        operations(&self.tree)
    }

    /// Returns the canonical text: indented JSON with the keys in upstream's order.
    pub(crate) fn canonical(&self) -> String {
        canonical(&self.tree, &self.digits)
    }
}

/// Returns the canonical text of a tree.
pub(crate) fn canonical(tree: &Value, digits: &Digits) -> String {
    digits.json(tree) + "\n"
}

/// Returns the method and the path of each operation of a document.
pub(crate) fn operations(tree: &Value) -> impl Iterator<Item = (String, String)> {
    sites(tree).map(|(method, path, _)| (method, path))
}

/// Returns the method, the path and the pointer of each operation of a document.
pub(crate) fn sites(tree: &Value) -> impl Iterator<Item = (String, String, String)> {
    tree.get("paths").and_then(Value::as_object).into_iter().flatten().flat_map(|(path, item)| {
        let at = join("/paths", path);
        methods_of(item).map(move |site| (site.method.into_owned(), path.clone(), format!("{at}{}", site.pointer)))
    })
}

fn is_html(body: &str, content_type: Option<&str>) -> bool {
    let declared = content_type.is_some_and(|it| it.trim().to_ascii_lowercase().starts_with("text/html"));
    // Some servers declare any text as HTML. A text that begins with a brace is not a page.
    body.starts_with('<') || (declared && !body.starts_with(['{', '[']))
}

/// Checks the syntax of a JSON text, to report a truncated one.
fn check_json(body: &str) -> Result<(), (&'static str, String)> {
    if !body.starts_with(['{', '[']) {
        return Ok(());
    }
    serde_json::from_str::<IgnoredAny>(body).map(drop).map_err(|error| {
        if error.is_eof() {
            let message = format!("the document is truncated: it ends at line {}", error.line());
            ("refused-truncated", message)
        } else {
            ("refused-not-openapi", format!("the document is not JSON: {error}"))
        }
    })
}

/// Returns the failure for a text without a tree.
fn unreadable(text: &Text, diagnostics: &[Diagnostic], report: &Report) -> Failure {
    let refuse = |message: String| Failure::problem("refused-not-openapi", &text.name, message);
    match diagnostics {
        [only] if only.code == code::SYNTAX => refuse(format!("the text is not a document: {}", only.message)),
        found => {
            report.findings(&from_diagnostics(found), &[text.pair()]);
            refuse("the document cannot be read".to_owned())
        }
    }
}

/// Refuses a document that the first stage of the generator refuses. Returns the bundle of a document with several files.
fn refuse_what_is_not_openapi(
    text: &Text,
    files: Option<&dyn Files>,
    report: &Report,
) -> Result<Option<(Value, Digits, Vec<PartFile>)>, Failure> {
    let mut inputs = Inputs::new(text.source());
    inputs.files = files;
    let bundled = bundle(&inputs);
    let mut errors = bundled.diagnostics;
    errors.retain(|found| found.severity() == Severity::Error);
    let Some(first) = errors.first() else {
        let bundle = bundled.tree.map(|tree| (tree, bundled.digits, bundled.parts));
        return Ok(bundle.filter(|(.., parts)| !parts.is_empty()));
    };
    if first.code == code::NO_PATHS {
        let message = format!("the document has no operations: {}", first.message);
        return Err(Failure::problem("refused-no-operations", &text.name, message));
    }
    let message = if first.code == code::NOT_OPENAPI {
        format!("the document is not OpenAPI: {}", first.message)
    } else {
        let parts = bundled.parts.iter().map(|part| (part.name.as_str(), part.text.as_str()));
        let texts: Vec<_> = std::iter::once(text.pair()).chain(parts).collect();
        report.findings(&from_diagnostics(&errors), &texts);
        "the document, or a file that it refers to, cannot be read".to_owned()
    };
    Err(Failure::problem("refused-not-openapi", &text.name, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::MessageFormat;

    fn accept(bytes: &[u8], content_type: Option<&str>) -> Result<Document, Failure> {
        let report = Report { format: MessageFormat::Human, notes: false };
        Document::accept(decode("d".to_owned(), bytes.to_vec())?, content_type, None, &report)
    }

    fn refusal(bytes: &[u8], content_type: Option<&str>) -> &'static str {
        accept(bytes, content_type).expect_err("it is refused").finding.code
    }

    const GOOD: &str = r#"{"paths": {"/b": {"post": {}, "get": {}}, "/a": {"parameters": []}}, "openapi": "3.0.0"}"#;

    #[test]
    fn a_document_keeps_its_order() {
        let document = accept(GOOD.as_bytes(), Some("text/html; charset=utf-8")).expect("it is one");
        let operations: Vec<_> = document.operations().collect();
        assert_eq!(operations, [("GET".to_owned(), "/b".to_owned()), ("POST".to_owned(), "/b".to_owned())]);
        assert!(document.canonical().starts_with("{\n  \"paths\": {\n    \"/b\": {\n      \"post\": {},"));
    }

    #[test]
    fn yaml_becomes_json() {
        let document =
            accept(b"openapi: 3.0.0\npaths: {/a: {get: {responses: {200: {}}}}}\n", None).expect("it is one");
        assert!(document.canonical().contains("\"200\": {}"));
    }

    #[test]
    fn what_is_no_document_is_refused() {
        assert_eq!(refusal(b"<!doctype html>", None), "refused-html");
        assert_eq!(refusal(b"please log in", Some("text/html")), "refused-html");
        assert_eq!(refusal(b" \n", None), "refused-truncated");
        assert_eq!(refusal(&GOOD.as_bytes()[..40], None), "refused-truncated");
        assert_eq!(refusal(b"\xff\xfe", None), "refused-not-openapi");
        assert_eq!(refusal(b"{\"message\": \"Not Found\"}", None), "refused-not-openapi");
        assert_eq!(refusal(b"{\"openapi\": \"3.0.0\", \"paths\": {}}", None), "refused-no-operations");
    }
}
