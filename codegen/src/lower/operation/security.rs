//! Lowers the security of operations.

use foldhash::HashSet;
use serde_json::{Map, Value};

use super::scheme::{Meaning, Schemes, goes_into_authorization, scheme};
use crate::{
    diagnostic::code,
    ir::{Auth, Docs, Requirement, Scheme, Security},
    lower::context::{Cx, docs_of},
    read::{
        load,
        parse::{Document, OperationSite},
        pointer,
    },
};

/// The most alternatives, and the most schemes of one alternative.
const MAX_SCHEMES: usize = 100;

/// Returns the security and the scopes of an operation.
pub(super) fn lower_security(
    cx: &mut Cx<'_, '_>,
    schemes: &mut Schemes,
    site: &OperationSite<'_>,
) -> (Security, Vec<String>) {
    let (mut security, scopes) = declared_security(cx, schemes, site);
    if security.is_empty()
        && !cx.profile.sends_one_token()
        && let Some((is_required, docs)) = authorization_parameter(cx.document, site)
    {
        security.push(Requirement { schemes: vec![authorization_scheme(cx, schemes, docs)] });
        if !is_required {
            security.push(Requirement::default());
        }
    }
    (security, scopes)
}

/// Some documents declare an `Authorization` parameter instead of security, which OpenAPI ignores. Returns whether it
/// is required, and its documentation.
fn authorization_parameter(document: Document<'_>, site: &OperationSite<'_>) -> Option<(bool, Docs)> {
    let lists: Vec<String> = site.levels().map(|at| pointer::join(at, "parameters")).collect();
    lists.iter().find_map(|list| {
        let count = document.node(list).and_then(Value::as_array).map_or(0, Vec::len);
        (0..count).find_map(|index| {
            let (_, node) = document.resolve(&pointer::join(list, &index.to_string())).ok()?;
            let name = node.get("name").and_then(Value::as_str)?;
            let is_meant = node.get("in")? == "header" && name.eq_ignore_ascii_case("authorization");
            is_meant.then(|| (node.get("required") == Some(&Value::Bool(true)), docs_of(node)))
        })
    })
}

/// Returns the scheme of the `Authorization` header, or a new one for its whole value.
fn authorization_scheme(cx: &mut Cx<'_, '_>, schemes: &mut Schemes, docs: Docs) -> usize {
    let auth = Auth::Header("Authorization".to_owned());
    let declared = cx.document.node("/components/securitySchemes").and_then(Value::as_object);
    for name in declared.into_iter().flat_map(Map::keys) {
        if !cx.report.take_steps(1, "/components/securitySchemes") {
            break;
        }
        if let Meaning::Credential(index) = scheme(cx, schemes, name, "/components/securitySchemes")
            && (schemes.known[index].auth == auth || goes_into_authorization(&schemes.known[index].auth))
        {
            return index;
        }
    }
    // A scheme of this name may be another credential.
    let is_taken = |name: &str| declared.is_some_and(|declared| declared.contains_key(name));
    let mut name = "Authorization".to_owned();
    while is_taken(&name) {
        name.push_str(" header");
    }
    let known = &mut schemes.known;
    known.iter().position(|scheme| scheme.auth == auth).unwrap_or_else(|| {
        known.push(Scheme { name, auth, docs, metadata_url: None, device: None, tokens: None });
        known.len() - 1
    })
}

fn declared_security(cx: &mut Cx<'_, '_>, schemes: &mut Schemes, site: &OperationSite<'_>) -> (Security, Vec<String>) {
    if let Some(declared) = site.node.get("security") {
        return lower_requirements(cx, schemes, declared, &pointer::join(&site.pointer, "security"));
    }
    if let Some((security, scopes)) = schemes.shared.clone() {
        let steps = security.iter().map(|requirement| 1 + requirement.schemes.len()).sum::<usize>() + scopes.len();
        cx.report.take_steps(steps, "/security");
        return (security, scopes);
    }
    shared_security(cx, schemes)
}

/// Returns the security of operations without `security`.
fn shared_security(cx: &mut Cx<'_, '_>, schemes: &mut Schemes) -> (Security, Vec<String>) {
    if let Some(shared) = schemes.shared.clone() {
        return shared;
    }
    let shared = match cx.document.tree.get("security") {
        Some(declared) => lower_requirements(cx, schemes, declared, "/security"),
        None => (undeclared_security(cx, schemes), Vec::new()),
    };
    schemes.shared = Some(shared.clone());
    shared
}

/// Returns the security that the document declares for calls without an operation.
pub(crate) fn lower_root_security(cx: &mut Cx<'_, '_>, schemes: &mut Schemes) -> Option<Security> {
    cx.document.tree.get("security")?;
    // Without operations there are no calls.
    cx.document.operations().next()?;
    Some(shared_security(cx, schemes).0)
}

fn lower_requirements(
    cx: &mut Cx<'_, '_>,
    schemes: &mut Schemes,
    declared: &Value,
    at: &str,
) -> (Security, Vec<String>) {
    let (mut security, mut scopes) = (Security::new(), Vec::new());
    let Some(alternatives) = declared.as_array() else {
        let message = format!("`security` is {}, not an array; it is ignored", load::kind(declared));
        cx.report.findings.add_with_help(code::MALFORMED, at, message, "correct it in an overlay");
        return (security, scopes);
    };
    if alternatives.len() > MAX_SCHEMES {
        let message = format!("`security` has more than {MAX_SCHEMES} alternatives; the others are ignored");
        cx.report.findings.add_with_help(code::MALFORMED, at, message, "remove alternatives in an overlay");
    }
    let mut seen = HashSet::default();
    for (index, alternative) in alternatives.iter().enumerate().take(MAX_SCHEMES) {
        let at = pointer::join(at, &index.to_string());
        let Some(names) = alternative.as_object().filter(|names| names.len() <= MAX_SCHEMES) else {
            let message = format!("the requirement is not an object of at most {MAX_SCHEMES} schemes; it is ignored");
            cx.report.findings.add_with_help(code::MALFORMED, at, message, "correct it in an overlay");
            continue;
        };
        let Some(requirement) = lower_requirement(cx, schemes, names, &at) else { continue };
        for scope in names.values().filter_map(Value::as_array).flatten().filter_map(Value::as_str) {
            if seen.insert(scope) {
                scopes.push(scope.to_owned());
            }
        }
        if !security.contains(&requirement) {
            security.push(requirement);
        }
    }
    // An empty alternative counts only beside others.
    if security.iter().all(|requirement| requirement.schemes.is_empty()) {
        security.clear();
    }
    (security, scopes)
}

/// Returns the security of operations without `security`. If no operation has `security`, the first scheme applies to
/// all.
fn undeclared_security(cx: &mut Cx<'_, '_>, schemes: &mut Schemes) -> Security {
    let has_security = |site: OperationSite<'_>| site.node.get("security").is_some();
    if !cx.profile.sends_one_token() && cx.document.operations().any(has_security) {
        return Vec::new();
    }
    let declared = cx.document.node("/components/securitySchemes").and_then(Value::as_object);
    let Some(name) = declared.and_then(|declared| declared.keys().next()) else { return Vec::new() };
    match scheme(cx, schemes, name, "/components/securitySchemes") {
        Meaning::Credential(index) => vec![Requirement { schemes: vec![index] }],
        Meaning::Connection | Meaning::Unmet => Vec::new(),
    }
}

/// Returns the schemes of one alternative, or `None` if the client cannot send one of them.
fn lower_requirement(
    cx: &mut Cx<'_, '_>,
    schemes: &mut Schemes,
    names: &Map<String, Value>,
    at: &str,
) -> Option<Requirement> {
    let mut requirement = Requirement::default();
    for name in names.keys() {
        match scheme(cx, schemes, name, at) {
            Meaning::Credential(index) => add_scheme(cx, schemes, &mut requirement, index, at),
            Meaning::Connection => {}
            Meaning::Unmet => return None,
        }
    }
    Some(requirement)
}

/// Adds a scheme to an alternative. Only one scheme can use the `Authorization` header. Another one with the same form,
/// such as a second `OAuth` flow, shares its token; others cannot be sent.
fn add_scheme(cx: &mut Cx<'_, '_>, schemes: &mut Schemes, requirement: &mut Requirement, index: usize, at: &str) {
    let known = &schemes.known;
    let had = requirement.schemes.iter().map(|had| &known[*had]).find(|had| goes_into_authorization(&had.auth));
    let scheme = &known[index];
    match had.filter(|_| goes_into_authorization(&scheme.auth)) {
        None => requirement.schemes.push(index),
        Some(had) if had.auth == scheme.auth => {}
        Some(had) => {
            let message = format!(
                "`security` requires `{}` and `{}`, which share the `Authorization` header; only the first is sent",
                had.name, scheme.name
            );
            cx.report.add(
                code::SECURITY_SCHEME,
                at,
                message,
                "remove the scheme that the server does not need in an overlay",
            );
        }
    }
}
