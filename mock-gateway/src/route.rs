//! Finds the operation of a request.

use hyper::Method;

use crate::{
    config::Settings,
    document::{Document, Operation},
    log::UrlFormat,
    path::{decode, segments},
    query::Pairs,
};

/// The operation of a request.
#[derive(Debug)]
pub(crate) struct Route<'a> {
    pub(crate) operation: &'a Operation,
    pub(crate) format: UrlFormat,
    /// The path's values; empty in the Old Format, because the query contains them.
    pub(crate) values: Pairs,
}

/// Finds the operation. A path with fewer parameters is preferred.
pub(crate) fn find_route<'a>(
    document: &'a Document,
    settings: &Settings,
    method: &Method,
    path: &str,
    query: &Pairs,
) -> Option<Route<'a>> {
    let lax = settings.observed();
    let path = strip_base(path, &document.base, lax)?;
    let parts = segments(path, lax);
    let fitting = document.operations.iter().filter(|operation| operation.method == *method);
    let routes = fitting.filter_map(|operation| match_operation(operation, settings, &parts, query));
    routes.min_by_key(|route| route.values.len())
}

/// Finds the provider's operation for a provider path, which is always in the New Format.
pub(crate) fn find_provider_route<'a>(document: &'a Document, method: &Method, path: &str) -> Option<Route<'a>> {
    let parts = segments(path, false);
    let fitting = document.operations.iter().filter(|operation| operation.method == *method);
    let routes = fitting.filter_map(|operation| {
        let values = operation.template.match_segments(&parts, false)?;
        Some(Route { operation, format: UrlFormat::Old, values })
    });
    routes.min_by_key(|route| route.values.len())
}

fn match_operation<'a>(
    operation: &'a Operation,
    settings: &Settings,
    parts: &[String],
    query: &Pairs,
) -> Option<Route<'a>> {
    let lax = settings.observed();
    let is_plain = operation.template.names().next().is_none();
    if is_plain {
        let values = operation.template.match_segments(parts, lax)?;
        return Some(Route { operation, format: UrlFormat::Same, values });
    }
    let has_value = operation.template.names().any(|name| query.iter().any(|(key, _)| key == name));
    let (new, old) = (settings.formats.allow_new(), settings.formats.allow_old());
    // Without the parameter, the path may be a New Format path whose value is that word.
    if old && (has_value || !new) && is_old_path(operation, parts, lax) {
        return Some(Route { operation, format: UrlFormat::Old, values: Pairs::new() });
    }
    if !new {
        return None;
    }
    let values = operation.template.match_segments(parts, lax)?;
    Some(Route { operation, format: UrlFormat::New, values })
}

fn is_old_path(operation: &Operation, parts: &[String], lax: bool) -> bool {
    let alias = segments(&operation.old_path, lax);
    let same = |(a, b): (&String, &String)| if lax { a.eq_ignore_ascii_case(b) } else { a == b };
    alias.len() == parts.len() && alias.iter().zip(parts).all(same)
}

fn strip_base<'a>(path: &'a str, base: &str, lax: bool) -> Option<&'a str> {
    let (start, rest) = path.split_at_checked(base.len())?;
    let same = if lax { start.eq_ignore_ascii_case(base) } else { decode(start) == decode(base) };
    (same && rest.starts_with('/')).then_some(rest)
}
