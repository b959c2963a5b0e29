//! Lowers responses: results, headers and errors.

use foldhash::HashSet;
use openapiv3::{MediaType, Response};
use serde_json::{Map, Value};

use super::{
    alternative::{add_alternatives, settle},
    framing::framing_of,
    header::lower_headers,
    untyped::{lower_text, report_untyped},
};
use crate::{
    diagnostic::code,
    ir::{Alternative, ErrorCase, Origin, OriginRoot, ResponseHeader, Success, SuccessCase, Type},
    lower::{
        context::{Cx, Report},
        schema::{lower_schema, says_null},
    },
    read::{
        extension::LIST_ENVELOPE,
        ledger::Read,
        media_type::{ANY, APPLICATION, Form, JSON, admits_json, asked_for, essence_of, form_of, is_range},
        parse::{self, At, Document, OperationSite},
        pointer,
    },
};

/// The responses of an operation.
pub(super) struct Responses {
    pub(super) success: Success,
    pub(super) alternatives: Vec<Alternative>,
    pub(super) headers: Vec<ResponseHeader>,
    pub(super) errors: Vec<ErrorCase>,
}

const NO_SUCCESS: &str = "`responses` has no success; the result is any JSON value";

pub(super) fn lower_responses(cx: &mut Cx<'_, '_>, site: &OperationSite<'_>, index: usize) -> Responses {
    let at = pointer::join(&site.pointer, "responses");
    let statuses = statuses_of(cx, &at);
    let success_status = success_of(&statuses);
    let (mut successes, mut errors, mut alternatives) = (Vec::new(), Vec::new(), Vec::new());
    let (mut headers, mut redirect_headers, mut error_headers) = (Vec::new(), Vec::new(), Vec::new());
    let header_origin = Origin { root: OriginRoot::Operation(index), path: vec!["header".to_owned()] };
    for status in &statuses {
        if !take_response(cx.document, &mut cx.report, &pointer::join(&at, status)) {
            break;
        }
        let Some(parsed) = response_at(cx, &pointer::join(&at, status)) else { continue };
        let mut origin = Origin { root: OriginRoot::Operation(index), path: vec!["response".to_owned()] };
        let is_first = Some(status) == success_status.as_ref();
        if is_first || is_success(status) {
            if !is_first {
                origin = origin.child(status);
            }
            if successes.iter().any(|(_, case): &(_, SuccessCase)| case.status.eq_ignore_ascii_case(status)) {
                let message = format!("the status `{status}` is declared twice; the later response is ignored");
                let help = "remove one of the two in an overlay";
                cx.report.findings.add_with_help(code::MALFORMED, &parsed.pointer, message, help);
                cx.report.ledger.note_object(&parsed.pointer, Read::WHOLE);
                continue;
            }
            lower_headers(cx, &parsed.item, &parsed.pointer, &header_origin, &mut headers);
            let success = lower_success(cx, status, &parsed.item, &parsed.pointer, &origin);
            if success != Success::Empty {
                add_alternatives(cx, &parsed.item, &parsed.pointer, &origin, &success, &mut alternatives);
            }
            let case = SuccessCase { status: status.to_uppercase(), description: parsed.item.description, success };
            successes.push((parsed.pointer, case));
        } else {
            origin.path = vec!["error".to_owned(), status.clone()];
            let headers = if is_redirect(status) { &mut redirect_headers } else { &mut error_headers };
            lower_headers(cx, &parsed.item, &parsed.pointer, &header_origin, headers);
            errors.push(lower_error(cx, status, parsed.item, &parsed.pointer, &origin));
        }
    }
    // One struct reads the headers of all responses. A header means what it does in a success.
    let headers = merged([headers, redirect_headers, error_headers]);
    successes.sort_by(|(_, one), (_, other)| one.status.cmp(&other.status));
    // A documented redirect is the result of an operation that has no other.
    if successes.is_empty() && statuses.iter().any(|status| is_redirect(status)) {
        errors.retain(|error| !is_redirect(&error.status));
        return Responses { success: Success::Redirect, alternatives, headers, errors };
    }
    if successes.is_empty() {
        let help = "declare the successful response in an overlay";
        cx.report.findings.add_with_help(code::RESPONSE_UNKNOWN, &at, NO_SUCCESS, help);
    }
    // A response to HEAD never has a body.
    if site.method == "HEAD" {
        return Responses { success: Success::Empty, alternatives: Vec::new(), headers, errors };
    }
    Responses { success: unite(cx, successes), alternatives: settle(alternatives), headers, errors }
}

/// Returns a response, and reports what is malformed.
fn response_at(cx: &mut Cx<'_, '_>, at: &str) -> Option<At<Response>> {
    match cx.document.response(at) {
        Ok(mut parsed) => {
            cx.report.failures(std::mem::take(&mut parsed.lost));
            cx.report.ledger.note_object(&parsed.pointer, Read::BASE);
            Some(parsed)
        }
        Err(failure) => {
            cx.report.failure(failure);
            cx.report.ledger.note_object(at, Read::WHOLE);
            None
        }
    }
}

/// Returns the statuses of responses, and reports keys that are none.
fn statuses_of(cx: &mut Cx<'_, '_>, at: &str) -> Vec<String> {
    let declared = cx.document.node(at).and_then(Value::as_object);
    let mut statuses: Vec<String> = Vec::new();
    for status in declared.into_iter().flat_map(Map::keys).filter(|it| !it.starts_with("x-")) {
        if is_status(status) {
            statuses.push(status.clone());
        } else {
            let message = format!("`{status}` is not a status, a range such as `4XX`, or `default`; it is ignored");
            let at = pointer::join(at, status);
            cx.report.ledger.note_object(&at, Read::WHOLE);
            cx.report.findings.add_with_help(code::MALFORMED, at, message, "correct it in an overlay");
        }
    }
    statuses
}

/// Whether a key of `responses` is a status, a range of them, or `default`.
fn is_status(key: &str) -> bool {
    let is_of_class = matches!(key.as_bytes(), [b'1'..=b'5', rest @ ..] if rest.len() == 2);
    let rest = key.get(1..).unwrap_or_default();
    key == "default"
        || is_of_class && (rest.eq_ignore_ascii_case("XX") || rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Joins the headers of responses. The first of a name counts.
fn merged<const N: usize>(lists: [Vec<ResponseHeader>; N]) -> Vec<ResponseHeader> {
    let mut seen = HashSet::default();
    lists.into_iter().flatten().filter(|header| seen.insert(header.name.to_ascii_lowercase())).collect()
}

/// Takes the steps of reading a response, which many operations may refer to.
pub(super) fn take_response(document: Document<'_>, report: &mut Report<'_>, at: &str) -> bool {
    let node = document.resolve(at).ok().map(|(_, node)| node);
    let members = |key: &str| node.and_then(|node| node.get(key)?.as_object()).map_or(0, Map::len);
    let description = node.and_then(|node| node.get("description")?.as_str()).map_or(0, str::len);
    report.take_text(description, at) && report.take_steps(1 + members("headers") + members("content"), at)
}

/// Returns one result for all successes. It is optional if some have no body, and depends on the status if they differ.
fn unite(cx: &mut Cx<'_, '_>, successes: Vec<(String, SuccessCase)>) -> Success {
    let mut given: Vec<&Success> = Vec::new();
    for (_, case) in &successes {
        if given.iter().all(|had| !had.gives_same(&case.success)) {
            given.push(&case.success);
        }
    }
    match given.as_slice() {
        [] => any(),
        [only] => (*only).clone(),
        [one, Success::Empty] | [Success::Empty, one] => optional((*one).clone()),
        _ => by_status(cx, successes),
    }
}

fn by_status(cx: &mut Cx<'_, '_>, successes: Vec<(String, SuccessCase)>) -> Success {
    for (at, case) in &successes {
        if let Some(why) = cx.profile.hides_status() {
            cx.report.add(code::RESULT_UNTYPED, at, why, "to type the result, leave one success in an overlay");
            return any();
        }
        if matches!(case.success, Success::Json { list_envelope: Some(_), .. }) {
            let message = format!("`{LIST_ENVELOPE}` is ignored, because the successful responses differ");
            cx.report.add(code::EXTENSION_IGNORED, at, message, "to use it, leave one success in an overlay");
        }
    }
    Success::ByStatus(successes.into_iter().map(|(_, case)| case).collect())
}

fn lower_success(cx: &mut Cx<'_, '_>, status: &str, response: &Response, at: &str, origin: &Origin) -> Success {
    note_content(cx, response, at);
    if matches!(status, "204" | "205") {
        if !response.content.is_empty() {
            let message = format!("`content` is ignored, because a response with the status `{status}` has no body");
            let at = pointer::join(at, "content");
            cx.report.findings.add(code::IGNORED_KEYWORD.as_note(), at, message);
        }
        return Success::Empty;
    }
    if let Some((chosen, media)) = json_of(response) {
        return lower_json_success(cx, response, chosen, media, origin);
    }
    if response.content.is_empty() {
        return Success::Empty;
    }
    lower_plain(cx, response, origin).unwrap_or_else(|| as_it_comes(cx, response))
}

/// Returns the result of a text that is one value. JSON writes numbers and booleans like a text.
fn lower_plain(cx: &mut Cx<'_, '_>, response: &Response, origin: &Origin) -> Option<Success> {
    let (media_type, media) = response.content.first().filter(|_| response.content.len() == 1)?;
    let ty = lower_text(cx, media_type, media, origin)?;
    let (accept, optional) = (vec![asked_for(media_type)], false);
    Some(if cx.types.is_text_enum(&ty) {
        Success::Text { ty, accept, optional }
    } else {
        Success::Json { ty, accept, list_envelope: None, optional }
    })
}

/// Returns the result of a response that can be JSON.
fn lower_json_success(
    cx: &mut Cx<'_, '_>,
    response: &Response,
    chosen: &str,
    media: &MediaType,
    origin: &Origin,
) -> Success {
    let optional = false;
    let schema = media.schema.as_ref().and_then(parse::schema_pointer);
    let ty = schema.map_or(Type::Any, |schema| lower_schema(cx, schema, origin));
    if ty == Type::Binary && essence_of(chosen) == APPLICATION {
        return as_it_comes(cx, response);
    }
    if ty == Type::Any && schema.is_some_and(|schema| says_null(cx.document, schema)) {
        return Success::Empty;
    }
    let files = files_of(response);
    if !files.is_empty() && matches!(ty, Type::Any | Type::Text) && !is_range(chosen) {
        // JSON without a description does not hide the file beside it.
        return Success::Bytes { accept: files, optional };
    }
    let ty = match ty {
        // A file is not JSON, and its media type is unknown.
        Type::Binary => return Success::Bytes { accept: vec![ANY.to_owned()], optional },
        Type::Text if is_range(chosen) => {
            let accept = vec![essence_of(chosen).to_owned()];
            return Success::Text { ty: Type::Text, accept, optional };
        }
        ty => ty.in_json(),
    };
    let accept = if is_range(chosen) { JSON.to_owned() } else { asked_for(chosen) };
    let node = schema.and_then(|schema| cx.document.resolve(schema).ok()).map(|(_, node)| node);
    let list_envelope = node.and_then(|node| node.get(LIST_ENVELOPE)).and_then(Value::as_str);
    Success::Json { ty, accept: vec![accept], list_envelope: list_envelope.map(str::to_owned), optional }
}

/// Notes that the client reads the media types of a response, or that findings tell of them.
fn note_content(cx: &mut Cx<'_, '_>, response: &Response, at: &str) {
    for media_type in response.content.keys() {
        if let Some(at) = cx.document.media_type(at, media_type) {
            cx.report.ledger.note_object(&at, Read::BASE);
        }
    }
}

fn lower_error(cx: &mut Cx<'_, '_>, status: &str, response: Response, at: &str, origin: &Origin) -> ErrorCase {
    let schema = json_of(&response).and_then(|(_, media)| media.schema.as_ref()).and_then(parse::schema_pointer);
    let others = response.content.iter().filter(|(media_type, _)| !admits_json(media_type));
    report_untyped(cx, others);
    note_content(cx, &response, at);
    // A media type without schema, as in LowCodeAPI's 401, does not describe the body.
    let ty = schema.map(|schema| lower_schema(cx, schema, origin).in_json()).filter(|ty| *ty != Type::Any);
    ErrorCase { status: status.to_owned(), description: response.description, ty }
}

/// An unknown result.
pub(crate) fn any() -> Success {
    Success::Json { ty: Type::Any, accept: vec![JSON.to_owned()], list_envelope: None, optional: false }
}

/// Makes the result optional.
pub(super) fn optional(mut success: Success) -> Success {
    if let Success::Json { optional, .. } | Success::Bytes { optional, .. } | Success::Text { optional, .. } =
        &mut success
    {
        *optional = true;
    }
    success
}

/// Returns text if all media types are text, else bytes.
fn as_it_comes(cx: &mut Cx<'_, '_>, response: &Response) -> Success {
    // Messages have their types.
    report_untyped(cx, response.content.iter().filter(|(media_type, _)| framing_of(media_type).is_none()));
    let accept: Vec<String> = response.content.keys().map(|it| asked_for(it)).collect();
    if accept.iter().all(|media_type| media_type.starts_with("text/")) {
        return Success::Text { ty: Type::Text, accept, optional: false };
    }
    Success::Bytes { accept, optional: false }
}

/// Returns the JSON form of a response: plain JSON, else another kind of JSON, else a range. `application/*` without a
/// schema is more likely a file.
fn json_of(response: &Response) -> Option<(&String, &MediaType)> {
    let kinds = response.content.iter().filter(|(media_type, media)| {
        let is_told = essence_of(media_type) != APPLICATION || media.schema.is_some();
        admits_json(media_type) && is_told && framing_of(media_type).is_none()
    });
    kinds.min_by_key(|(media_type, _)| (is_range(media_type), asked_for(media_type) != JSON))
}

/// Returns the media types of a response that are files: neither JSON nor messages, and no text under another name.
fn files_of(response: &Response) -> Vec<String> {
    let is_file = |media_type: &&String| {
        let essence = essence_of(media_type).to_ascii_lowercase();
        let is_text = ["xml", "yaml"].iter().any(|syntax| essence.ends_with(syntax));
        form_of(&essence) == Form::Binary && !is_text && framing_of(&essence).is_none()
    };
    response.content.keys().filter(is_file).map(|media_type| asked_for(media_type)).collect()
}

fn is_redirect(status: &str) -> bool {
    status.len() == 3 && status.starts_with('3')
}

fn is_success(status: &str) -> bool {
    let is_number = || status.len() == 3 && status.bytes().all(|it| it.is_ascii_digit());
    status.eq_ignore_ascii_case("2XX") || (status.starts_with('2') && is_number())
}

/// Returns the status of the main success: the lowest 2xx, else `2XX`, else a lone `default`.
fn success_of(statuses: &[String]) -> Option<String> {
    let lowest = statuses.iter().filter(|status| is_success(status)).min();
    let only_default = || statuses.iter().find(|status| *status == "default" && statuses.len() == 1);
    lowest.or_else(only_default).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_success_status_is_chosen() {
        let chosen = |statuses: &[&str]| success_of(&statuses.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(chosen(&["404", "201", "200"]).as_deref(), Some("200"));
        assert_eq!(chosen(&["2XX", "204"]).as_deref(), Some("204"));
        assert_eq!(chosen(&["default"]).as_deref(), Some("default"));
        assert_eq!(chosen(&["default", "401"]), None);
    }

    #[test]
    fn a_status_is_a_number_of_a_class_or_a_range() {
        for (key, expected) in [
            ("200", true),
            ("5XX", true),
            ("4xx", true),
            ("default", true),
            ("20X", false),
            ("600", false),
            ("2000", false),
            ("Default", false),
            ("ü1", false),
            ("", false),
        ] {
            assert_eq!(is_status(key), expected, "{key}");
        }
    }
}
