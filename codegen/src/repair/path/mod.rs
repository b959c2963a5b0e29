//! Restores path templates of LowCodeAPI. Its converter writes most path keys in the Old Format, where `{id}` is the
//! word `id`. The declared parameters and `externalDocs.api_endpoint` show the template.

use heck::ToSnakeCase;
use serde_json::{Map, Value, json};

use super::site::Site;
use crate::{
    diagnostic::code,
    read::{
        extension::{OLD_PATH, PATH_TEMPLATE},
        pointer,
    },
};

/// Writes both paths to the operation. The key stays.
pub(super) fn restore_template(operation: &mut Map<String, Value>, site: &mut Site<'_>) {
    let Some(key) = pointer::keys(site.pointer).nth(1) else { return };
    let endpoint_text = operation.get("externalDocs").and_then(|docs| docs.get("api_endpoint")).and_then(Value::as_str);
    let mut names = parameters_in(operation, "path");
    // Some path parameters are declared only in the query. The endpoint shows their place.
    let marked = |name: &String| {
        let is = |segment: &str| bare(segment) != segment && bare(segment).eq_ignore_ascii_case(name);
        endpoint_text.is_some_and(|endpoint| normalise(endpoint).split('/').any(is))
    };
    names.extend(parameters_in(operation, "query").into_iter().filter(marked));
    let alias = normalise(&key);
    let endpoint = endpoint_text.map(normalise).unwrap_or_default();
    let mut segments: Vec<String> = alias.split('/').map(str::to_owned).collect();
    let (undeclared, aligned) = take_from_endpoint(&mut segments, &endpoint, &names);
    take_from_names(&mut segments, &names);
    declare(operation, &mut segments, &undeclared, site);
    report_unaligned(&endpoint, aligned, &segments, site);
    let template = segments.join("/");
    let old: Vec<_> = alias.split('/').map(bare).collect();
    let old = old.join("/");
    if template != key {
        site.mended(code::REPAIR_PATH, format!("the path does not mark its parameters; it is read as `{template}`"));
    }
    report_aliases(&template, &alias, site);
    operation.insert(PATH_TEMPLATE.to_owned(), template.into());
    operation.insert(OLD_PATH.to_owned(), old.into());
}

/// Reports parameters that the Old Format path shows under another name, or not at all.
fn report_aliases(template: &str, alias: &str, site: &mut Site<'_>) {
    for (segment, alias) in template.split('/').zip(alias.split('/')) {
        for (name, _) in segment.split('{').skip(1).filter_map(|rest| rest.split_once('}')) {
            let is_whole = segment.len() == name.len() + "{}".len();
            let (shown, name_shown) = (letters(alias), letters(name));
            let is_shown = !alias.contains('{') && shown.contains(&name_shown) && (!is_whole || shown == name_shown);
            if !is_shown {
                site.mended(
                    code::PATH_ALIAS,
                    format!("the Old Format path has `{alias}` in place of `{{{name}}}`; the value is sent there"),
                );
            }
        }
    }
}

fn parameters_in(operation: &Map<String, Value>, place: &str) -> Vec<String> {
    declared_in(operation, place).map(|(name, _)| name.to_owned()).collect()
}

/// The names and descriptions of the parameters in a place.
fn declared_in<'o>(operation: &'o Map<String, Value>, place: &str) -> impl Iterator<Item = (&'o str, &'o str)> {
    let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let text = |parameter: &'o Value, key: &str| parameter.get(key).and_then(Value::as_str);
    parameters.filter(move |parameter| text(parameter, "in") == Some(place)).filter_map(move |parameter| {
        Some((text(parameter, "name")?, text(parameter, "description").unwrap_or_default()))
    })
}

/// Returns the path without scheme, host, `{endpoint}`, query and outer space, with one leading slash.
fn normalise(path: &str) -> String {
    let path = path.trim();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = without_patterns(path).replace("{{", "{").replace("}}", "}");
    let path = path.trim_start_matches('/').trim_start_matches("{endpoint}").trim_start_matches('/');
    format!("/{path}")
}

/// Shortens `{address:.+}` to `{address}`. Variables of some routers contain their pattern.
fn without_patterns(path: &str) -> String {
    let mut plain = String::new();
    let mut rest = path;
    while let Some((before, variable)) = rest.split_once('{') {
        let (variable, after) = variable.split_once('}').unwrap_or((variable, ""));
        let name = variable.split(':').next().unwrap_or_default();
        plain.extend([before, "{", name, "}"]);
        rest = after;
    }
    plain + rest
}

/// A variable of the endpoint without a declared parameter.
struct Undeclared {
    /// The index of its segment.
    at: usize,
    before: String,
    name: String,
    after: String,
}

impl Undeclared {
    fn find(at: usize, model: &str) -> Option<Self> {
        let marked = model.replace('<', "{").replace('>', "}");
        let braced = marked.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
        let (before, (name, after)) = braced
            .or_else(|| Some(("", (marked.strip_prefix([':', '$'])?, ""))))
            .filter(|(_, (name, _))| !name.is_empty())?;
        Some(Self { at, before: before.to_owned(), name: name.to_owned(), after: after.to_owned() })
    }

    /// Whether the gateway sets the variable, as in `bot{token}`. A token that is a whole segment need not be a
    /// credential.
    fn is_credential(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        let is_secret = ["key", "secret", "password"].iter().any(|ending| name.ends_with(ending));
        is_secret || (name.ends_with("token") && !self.before.is_empty())
    }

    /// Whether a parameter may be this variable under another name: `thredId` for `threadId`, `boardId` for `id`, or
    /// one with the description "The ID of the board" for `boardId`.
    fn resembles(&self, parameter: &str, description: &str) -> bool {
        let plain = |name: &str| name.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "");
        let (own, other) = (plain(&self.name), plain(parameter));
        let common = own.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
        let words = |text: &str| text.to_snake_case().split('_').map(str::to_owned).collect::<Vec<_>>();
        let described = words(description);
        let own_words = words(&self.name);
        let is_described = own_words.iter().all(|word| described.contains(word))
            && own_words.iter().any(|word| !["id", "key", "name", "type", "value"].contains(&word.as_str()));
        common >= 4 || own.contains(&other) || other.contains(&own) || is_described
    }

    fn segment(&self, name: &str) -> String {
        format!("{}{{{name}}}{}", self.before, self.after)
    }
}

/// Declares parameters for variables. If one variable and one parameter remain and resemble each other, such as
/// `threadId` and `thredId`, they are the same. Any other variable becomes a new parameter.
fn declare(
    operation: &mut Map<String, Value>,
    segments: &mut [String],
    undeclared: &[Undeclared],
    site: &mut Site<'_>,
) {
    let placed = |name: &String| segments.iter().any(|segment| segment.contains(&format!("{{{name}}}")));
    let homeless: Vec<(String, String)> = declared_in(operation, "path")
        .map(|(name, description)| (name.to_owned(), description.to_owned()))
        .filter(|(name, _)| !placed(name))
        .collect();
    for variable in undeclared.iter().rev() {
        let shown = &variable.name;
        let message = match (homeless.as_slice(), undeclared.len()) {
            ([(name, description)], 1) if variable.resembles(name, description) => {
                segments[variable.at] = variable.segment(name);
                format!("`{shown}` in the endpoint is read as the parameter `{name}`")
            }
            _ if variable.is_credential() => {
                let message = format!("`{shown}` in the endpoint is a credential; the gateway sets it");
                site.mended(code::GATEWAY_VARIABLE, message);
                continue;
            }
            _ => {
                segments[variable.at] = variable.segment(shown);
                let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
                if let Some(parameters) = parameters.as_array_mut() {
                    parameters
                        .push(json!({"name": shown, "in": "path", "required": true, "schema": {"type": "string"}}));
                }
                format!("`{shown}` in the endpoint has no parameter; it becomes a required string")
            }
        };
        site.mended(code::PATH_PARAMETER, message);
    }
}

/// Takes parameters from the endpoint. Upstream drops a leading part of some endpoints, so both are compared from the
/// right while they agree. Returns the variables without a parameter, and the number of equal segments.
fn take_from_endpoint(segments: &mut [String], endpoint: &str, names: &[String]) -> (Vec<Undeclared>, usize) {
    let mut undeclared = Vec::new();
    let mut aligned = 0;
    let is_in_alias = |name: &&String| segments.iter().any(|segment| bare(segment).eq_ignore_ascii_case(name));
    let renamed: Vec<_> = names.iter().filter(|name| !is_in_alias(name)).map(|name| format!("{{{name}}}")).collect();
    for ((at, segment), model) in segments.iter_mut().enumerate().rev().zip(endpoint.split('/').rev()) {
        let is_alias = letters(model) == letters(segment);
        // Several aliases of one template differ in the name of its parameter.
        if !is_alias && !renamed.iter().any(|parameter| parameter == model) {
            break;
        }
        aligned += 1;
        if let Some(marked) = mark_parameters(model, names) {
            *segment = marked;
        } else if bare(model) != model {
            undeclared.extend(Undeclared::find(at, model));
        }
    }
    (undeclared, aligned)
}

/// Reports variables in the part of the endpoint that the alias lacks.
fn report_unaligned(endpoint: &str, aligned: usize, segments: &[String], site: &mut Site<'_>) {
    let placed = |name: &str| segments.iter().any(|segment| segment.to_lowercase().contains(&format!("{{{name}}}")));
    for model in endpoint.split('/').rev().skip(aligned) {
        if let Some(variable) = Undeclared::find(0, model).filter(|it| !placed(&it.name.to_lowercase())) {
            let message = format!("`{}` in the endpoint has no place in the path; the gateway sets it", variable.name);
            site.mended(code::GATEWAY_VARIABLE, message);
        }
    }
}

/// Puts a parameter without a place on the last segment of its name.
fn take_from_names(segments: &mut [String], names: &[String]) {
    for name in names {
        let placed = format!("{{{name}}}");
        if segments.iter().any(|segment| segment.contains(&placed)) {
            continue;
        }
        if let Some(segment) = segments.iter_mut().rev().find(|segment| bare(segment).eq_ignore_ascii_case(name)) {
            *segment = placed;
        }
    }
}

/// Removes the marks of a parameter from a segment: `{x}`, `:x`, `<x>`, `$x`.
fn bare(segment: &str) -> String {
    let segment = segment.replace(['{', '}', '<', '>'], "");
    let segment = segment.strip_prefix([':', '$']).unwrap_or(&segment);
    segment.to_owned()
}

/// Returns the letters and digits of a segment, to compare it with an alias: `{id}:copy` is `id-copy` there, and `<id>`
/// is `_id`.
fn letters(segment: &str) -> String {
    segment.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase()
}

/// Returns the segment with each declared parameter in braces, or `None` if it has none.
fn mark_parameters(segment: &str, names: &[String]) -> Option<String> {
    if let Some(name) = names.iter().find(|name| bare(segment).eq_ignore_ascii_case(name)) {
        let is_marked = bare(segment) != segment;
        return is_marked.then(|| format!("{{{name}}}"));
    }
    let mut marked = segment.replace('<', "{").replace('>', "}");
    let mut found = false;
    for name in names {
        let Some(at) = marked.to_ascii_lowercase().find(&format!("{{{}}}", name.to_ascii_lowercase())) else {
            continue;
        };
        marked.replace_range(at..at + name.len() + 2, &format!("{{{name}}}"));
        found = true;
    }
    found.then_some(marked)
}

#[cfg(test)]
mod tests;
