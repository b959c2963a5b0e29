//! The extensions for pagination and rate limits. Other generators use the same names, so an unknown form is a warning,
//! not an error.

use serde_json::{Map, Value};

use crate::{
    diagnostic::code,
    ir::{Input, Pagination, RateLimit, Slot, Turn, Type},
    lower::context::{Cx, Report},
    read::{
        extension::{PAGINATION, RATE_LIMIT},
        parse::{Document, OperationSite},
        pointer,
    },
};

/// The longest pointer into a result, in keys.
const MAX_KEYS: usize = 100;

/// The most rate limits that a document has.
const MAX_LIMITS: usize = 100;

/// The rate limits of the document.
pub(crate) fn lower_rate_limits(cx: &mut Cx<'_, '_>) -> Vec<RateLimit> {
    let declared = cx.document.tree.get(RATE_LIMIT);
    let Some(declared) = declared.and_then(Value::as_object) else {
        if declared.is_some() {
            misread(&mut cx.report, &format!("/{RATE_LIMIT}"), "an object of named limits");
        }
        return Vec::new();
    };
    let mut limits = Vec::new();
    if declared.len() > MAX_LIMITS {
        let message = format!("`{RATE_LIMIT}` has more than {MAX_LIMITS} limits; the others are ignored");
        cx.report.findings.add(code::MALFORMED, format!("/{RATE_LIMIT}"), message);
    }
    for (name, limit) in declared.iter().take(MAX_LIMITS) {
        let number = |key: &str| limit.get(key).and_then(Value::as_u64).filter(|it| *it > 0);
        let requests = number("requests").and_then(|it| u32::try_from(it).ok());
        if let (Some(requests), Some(seconds)) = (requests, number("seconds")) {
            limits.push(RateLimit { name: name.clone(), requests, seconds });
        } else {
            let at = pointer::join(&format!("/{RATE_LIMIT}"), name);
            misread(&mut cx.report, &at, "`requests` and `seconds`, both at least 1");
        }
    }
    limits
}

/// The rate limit that the operation shares.
pub(super) fn lower_rate_limit(cx: &mut Cx<'_, '_>, site: &OperationSite<'_>) -> Option<String> {
    let declared = site.node.get(RATE_LIMIT)?;
    let known = cx.document.tree.get(RATE_LIMIT).and_then(Value::as_object);
    let name = declared.as_str().filter(|name| known.is_some_and(|known| known.contains_key(*name)));
    if name.is_none() {
        misread(
            &mut cx.report,
            &pointer::join(&site.pointer, RATE_LIMIT),
            "the name of a limit at the root of the document",
        );
    }
    name.map(str::to_owned)
}

/// Returns the pagination of the operation. A pass checks its pointers into the result.
pub(super) fn lower_pagination(cx: &mut Cx<'_, '_>, site: &OperationSite<'_>, inputs: &[Input]) -> Option<Pagination> {
    let declared = site.node.get(PAGINATION)?;
    let at = pointer::join(&site.pointer, PAGINATION);
    let pagination = declared.as_object().and_then(|declared| read_pagination(cx.document, declared, inputs, &at));
    if pagination.is_none() {
        let expected = "`items`, a pointer into the result, and `page`, the name of a query parameter that is a number, \
                        or `cursor`, the name of one, with `next`, a pointer";
        misread(&mut cx.report, &at, expected);
    }
    pagination
}

fn read_pagination(
    document: Document<'_>,
    declared: &Map<String, Value>,
    inputs: &[Input],
    at: &str,
) -> Option<Pagination> {
    let text = |key: &str| declared.get(key).and_then(Value::as_str);
    let parameter = |key: &str| {
        let name = text(key)?;
        inputs.iter().find(|input| input.wire == name && matches!(input.slot, Slot::Query { .. }))
    };
    // A pointer must begin with a slash.
    let path = |key: &str| {
        let path = text(key)?;
        let is_pointer = path.is_empty() || path.starts_with('/');
        let keys: Vec<_> = path.split('/').skip(1).map(pointer::decode).collect();
        (is_pointer && keys.len() <= MAX_KEYS).then_some(keys)
    };
    let default = |input: &Input| {
        let (_, node) = document.resolve(&input.pointer).ok()?;
        // YAML and the gateway's converter also write whole numbers as floats and texts.
        match node.pointer("/schema/default")? {
            Value::String(text) => text.parse().ok(),
            number => number.as_u64().or_else(|| number.to_string().strip_suffix(".0")?.parse().ok()),
        }
    };
    if ["page", "size", "cursor"].iter().any(|key| declared.contains_key(*key) && parameter(key).is_none()) {
        return None;
    }
    let size = parameter("size");
    let (parameter, turn) = match (parameter("page"), parameter("cursor")) {
        (Some(page), None) if counts(&page.ty) => (page, Turn::Number(default(page).unwrap_or(1))),
        (None, Some(cursor)) => (cursor, Turn::Cursor(path("next")?)),
        _ => return None,
    };
    Some(Pagination {
        pointer: at.to_owned(),
        parameter: parameter.wire.clone(),
        turn,
        size: size.map(|size| (size.wire.clone(), default(size))),
        items: path("items")?,
        size_given: path("sizeGiven"),
        total: path("total"),
    })
}

fn misread(report: &mut Report<'_>, at: &str, expected: &str) {
    let message = format!("the extension is malformed and ignored: expected {expected}");
    report.findings.add_with_help(code::MALFORMED, at, message, "correct the extension in the overlay");
}

/// Whether a parameter can hold the number of a page.
pub(super) fn counts(ty: &Type) -> bool {
    ty.is_integer() || matches!(ty, Type::Number | Type::Decimal | Type::Any)
}
