//! Responses: what a successful call gives, and which errors are declared.

use openapiv3::Response;
use serde_json::Value;

use super::{Lowering, message::framing_of};
use crate::{
    diagnostic::code,
    ir::{ErrorCase, Origin, OriginRoot, Success, Type},
    parse::{self, OperationSite},
    pointer,
};

/// The extension with which a schema accepts other list shapes: the property that holds the list.
const LIST_ENVELOPE: &str = "x-list-envelope";

/// A result of which nothing is known.
const ANY: Success = Success::Json { ty: Type::Any, list_envelope: None, optional: false };

impl Lowering<'_, '_> {
    pub(super) fn lower_responses(&mut self, site: &OperationSite<'_>, index: usize) -> (Success, Vec<ErrorCase>) {
        let at = pointer::join(&site.pointer, "responses");
        let declared = self.document.tree.pointer(&at).and_then(Value::as_object);
        let statuses: Vec<String> =
            declared.into_iter().flat_map(|it| it.keys()).filter(|it| !it.starts_with("x-")).cloned().collect();
        let success_status = success_of(&statuses);
        let mut success = None;
        let mut others = Vec::new();
        let mut errors = Vec::new();
        for status in &statuses {
            let parsed = match self.document.response(&pointer::join(&at, status)) {
                Ok(parsed) => parsed,
                Err(failure) => {
                    self.report(failure);
                    continue;
                }
            };
            if Some(status) == success_status.as_ref() {
                let origin = Origin { root: OriginRoot::Operation(index), path: vec!["response".to_owned()] };
                success = Some(self.lower_success(&parsed.item, &parsed.pointer, &origin));
            } else if is_success(status) {
                let origin =
                    Origin { root: OriginRoot::Operation(index), path: vec!["response".to_owned(), status.clone()] };
                let success = self.lower_success(&parsed.item, &parsed.pointer, &origin);
                others.push((parsed.pointer, success));
            } else {
                let origin =
                    Origin { root: OriginRoot::Operation(index), path: vec!["error".to_owned(), status.clone()] };
                errors.push(self.lower_error(status, parsed.item, &origin));
            }
        }
        let success = success.unwrap_or_else(|| {
            let message = "no successful response is declared; the result is any JSON value";
            self.findings.add(code::RESPONSE_UNKNOWN, at, message);
            ANY
        });
        (self.unite(success, others), errors)
    }

    /// One result for all declared successes: where one of them has no body, the result may be absent.
    fn unite(&mut self, mut success: Success, others: Vec<(String, Success)>) -> Success {
        for (at, other) in others {
            if other == success {
                continue;
            }
            match (&mut success, other) {
                (Success::Json { optional, .. }, Success::Empty) => *optional = true,
                (Success::Json { .. }, Success::Json { .. }) => {
                    self.unsupported(&at, "the success responses differ; the result is any JSON value");
                    success = ANY;
                }
                (Success::Empty, mut json @ Success::Json { .. }) => {
                    if let Success::Json { optional, .. } = &mut json {
                        *optional = true;
                    }
                    success = json;
                }
                _ => self.unsupported(&at, "this success response is read as the one before it is"),
            }
        }
        success
    }

    fn lower_success(&mut self, response: &Response, at: &str, origin: &Origin) -> Success {
        let json = response.content.iter().find(|(media_type, _)| is_json(media_type));
        if let Some((_, media)) = json {
            let others: Vec<&str> = response
                .content
                .keys()
                .map(String::as_str)
                .filter(|it| !is_json(it) && framing_of(it).is_none())
                .collect();
            if !others.is_empty() {
                self.unsupported(at, format!("the response is asked for as JSON, not as `{}`", others.join("`, `")));
            }
            let Some(schema) = media.schema.as_ref().and_then(parse::schema_pointer) else {
                return ANY;
            };
            let ty = self.lower_schema(schema, origin).in_json();
            let node = self.document.resolve(schema).ok().map(|(_, node)| node);
            let list_envelope = node.and_then(|node| node.get(LIST_ENVELOPE)).and_then(Value::as_str);
            return Success::Json { ty, list_envelope: list_envelope.map(str::to_owned), optional: false };
        }
        if response.content.is_empty() {
            return Success::Empty;
        }
        if response.content.keys().all(|media_type| media_type.starts_with("text/")) {
            return Success::Text { accept: response.content.keys().cloned().collect() };
        }
        Success::Bytes { accept: response.content.keys().cloned().collect() }
    }

    fn lower_error(&mut self, status: &str, response: Response, origin: &Origin) -> ErrorCase {
        let json = response.content.iter().find(|(media_type, _)| is_json(media_type));
        let schema = json.and_then(|(_, media)| media.schema.as_ref()).and_then(parse::schema_pointer);
        // An empty media type, as LowCodeAPI's 401 has, says nothing of the body.
        let ty = schema.map(|schema| self.lower_schema(schema, origin)).filter(|ty| *ty != Type::Any);
        ErrorCase { status: status.to_owned(), description: response.description, ty }
    }
}

fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "*/*" || essence.ends_with("/json") || essence.ends_with("+json")
}

fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

/// The response that describes success: the lowest status of 2xx, else `2XX`, else `default` where no error is
/// declared by its status.
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
}
