//! The extension for rate limits. Other generators use the same name, so an unknown form is a warning, not an error.

use serde_json::Value;

use crate::{
    diagnostic::code,
    ir::{Input, RateLimit, Slot, Type},
    lower::context::{Cx, Report},
    read::{
        extension::{IDEMPOTENCY_KEY, RATE_LIMIT},
        parse::OperationSite,
        pointer,
    },
};

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

/// The usual name of the header.
const KEY_HEADER: &str = "Idempotency-Key";

/// Returns the header by which the server knows repeated requests: that of the extension, or the parameter of the usual name, which
/// callers then need not set.
pub(super) fn lower_idempotency_key(
    cx: &mut Cx<'_, '_>,
    site: &OperationSite<'_>,
    inputs: &mut [Input],
) -> Option<String> {
    let declared = site.node.get(IDEMPOTENCY_KEY);
    let is_name = |name: &&str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let name = declared.and_then(Value::as_str).filter(is_name);
    if declared.is_some() && name.is_none() {
        misread(&mut cx.report, &pointer::join(&site.pointer, IDEMPOTENCY_KEY), "the name of a header");
    }
    let wanted = name.unwrap_or(KEY_HEADER);
    let input = inputs.iter_mut().find(|it| matches!(it.slot, Slot::Header(_)) && it.wire.eq_ignore_ascii_case(wanted));
    let is_text = input.as_ref().is_none_or(|input| matches!(input.ty.split_nullable().0, Type::Text | Type::Any));
    if name.is_none() && input.is_none() || !is_text {
        return None;
    }
    if let Some(input) = input {
        input.required = false;
    }
    Some(wanted.to_owned())
}

pub(super) fn misread(report: &mut Report<'_>, at: &str, expected: &str) {
    let message = format!("the extension is malformed and ignored: expected {expected}");
    report.findings.add_with_help(code::MALFORMED, at, message, "correct the extension in the overlay");
}
