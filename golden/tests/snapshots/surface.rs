//! The public surface of a case, without the lines that every client has.

use std::collections::{BTreeMap, BTreeSet};

/// The public surface of the case `plain`.
pub(super) struct Surface {
    /// The lines of its client, but for its methods.
    client: BTreeSet<String>,
    /// The lines that one of its requests has, with `_` for the name of the request.
    requests: BTreeSet<String>,
    /// The lines that each of its requests has.
    every_request: BTreeSet<String>,
}

impl Surface {
    pub(super) fn new(surface: &str) -> Self {
        let by_request = by_request(surface);
        let requests = by_request.values().flatten().cloned().collect();
        let mut every_request = BTreeSet::clone(&requests);
        for lines in by_request.values() {
            every_request = every_request.intersection(lines).cloned().collect();
        }
        let is_client =
            |line: &&str| owner(line).is_none() && !line.contains("types::") && !line.contains("requests::");
        Self { client: surface.lines().filter(is_client).map(str::to_owned).collect(), requests, every_request }
    }

    /// The lines that the case `plain` does not have. A line that this surface lacks stands in it with `without` before it,
    /// so that nothing is missing unseen.
    pub(super) fn without_common(&self, surface: &str) -> String {
        // The module `wire` is private.
        let is_known = |line: &str| match owner(line) {
            None if line.contains(" for wire::") => true,
            Some(request) => self.requests.contains(&template(line, request)),
            None => self.client.contains(line),
        };
        let mut lines: Vec<String> = surface.lines().filter(|line| !is_known(line)).map(str::to_owned).collect();
        if surface.is_empty() {
            return String::new();
        }
        for (request, has) in by_request(surface) {
            let missing = self.every_request.difference(&has);
            lines.extend(
                missing.map(|line| {
                    format!("without {}", line.replacen("requests::_", &format!("requests::{request}"), 1))
                }),
            );
        }
        let missing = self.client.iter().filter(|line| !surface.lines().any(|it| it == *line));
        lines.extend(missing.map(|line| format!("without {line}")));
        lines.join("\n")
    }
}

/// The names in a surface: a line for each type and its members, or a line for each member where there are many.
pub(super) fn names(surface: &str) -> String {
    let mut types: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in surface.lines().filter(|line| !line.starts_with("impl ")) {
        let Some((owner, member)) = named(line) else {
            types.push((line, Vec::new()));
            continue;
        };
        let at = types.iter().position(|(name, _)| *name == owner).unwrap_or_else(|| {
            types.push((owner, Vec::new()));
            types.len() - 1
        });
        // A field and its setter have one name.
        let members = &mut types[at].1;
        if let Some(member) = member
            && !members.contains(&member)
        {
            members.push(member);
        }
    }
    let line = |(name, members): (&str, Vec<&str>)| match members.as_slice() {
        [] => name.to_owned(),
        members if members.len() <= 12 => format!("{name}: {}", members.join(", ")),
        members => format!("{name}:\n    {}", members.join("\n    ")),
    };
    types.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The type that a line is about, and its member: a field, a variant or a function.
fn named(line: &str) -> Option<(&str, Option<&str>)> {
    let item = ["fn ", "struct ", "enum ", "type "].iter().find_map(|start| line.strip_prefix(start))?;
    let end = item.find(|character: char| !character.is_alphanumeric() && !matches!(character, '_' | ':' | '.' | '#'));
    let path = item[..end.unwrap_or(item.len())].trim_end_matches(':');
    let module = path.find("::")? + 2;
    match path[module..].find([':', '.']) {
        Some(at) => Some((&path[..module + at], Some(path[module + at..].trim_start_matches([':', '.'])))),
        None => Some((path, None)),
    }
}

/// The lines of each request, with `_` for its name.
fn by_request(surface: &str) -> BTreeMap<&str, BTreeSet<String>> {
    let mut requests: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for line in surface.lines() {
        if let Some(request) = owner(line) {
            requests.entry(request).or_default().insert(template(line, request));
        }
    }
    // The enums of results by status are defined with the requests.
    requests.retain(|_, lines| lines.contains("struct requests::_"));
    requests
}

/// The request that a line is about.
fn owner(line: &str) -> Option<&str> {
    let mut rest = line;
    for start in ["fn ", "struct "] {
        rest = rest.strip_prefix(start).unwrap_or(rest);
    }
    let rest = match line.strip_prefix("impl ") {
        Some(rest) => rest.rsplit_once(" for ")?.1,
        None => rest,
    };
    let name = rest.strip_prefix("requests::")?;
    name.split(|character: char| !character.is_alphanumeric() && character != '_').next()
}

fn template(line: &str, request: &str) -> String {
    line.replacen(&format!("requests::{request}"), "requests::_", 1)
}
