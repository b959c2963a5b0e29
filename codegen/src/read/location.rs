//! Places of files: paths relative to the folder of the document, or URLs.

/// Resolves a reference without its fragment against the place of the file, or the URI of the schema, that has it.
pub(crate) fn join(base: &str, reference: &str) -> String {
    if reference.is_empty() {
        return base.to_owned();
    }
    if has_scheme(reference) {
        return reference.to_owned();
    }
    let (origin, path) = split_origin(base);
    if let Some(rest) = reference.strip_prefix("//") {
        let scheme = origin.split_once("//").map_or("", |(scheme, _)| scheme);
        return format!("{scheme}//{rest}");
    }
    let is_absolute = reference.starts_with('/');
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let folder = if is_absolute { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(reference.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            // A URL has nothing above its root.
            ".." if !origin.is_empty() => {}
            part => parts.push(part),
        }
    }
    let root = if origin.is_empty() && !path.starts_with('/') && !is_absolute { "" } else { "/" };
    format!("{origin}{root}{}", parts.join("/"))
}

/// Whether the place is an address of the network.
pub(crate) fn is_remote(place: &str) -> bool {
    let scheme = place.split_once("://").map_or("", |(scheme, _)| scheme);
    ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
}

/// Whether the reference is an absolute URI. A single letter before the colon is a drive of Windows.
fn has_scheme(reference: &str) -> bool {
    reference.split_once(':').is_some_and(|(scheme, _)| {
        scheme.len() > 1
            && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

/// Splits a URI into scheme with authority, and path. A path of a file has no origin.
fn split_origin(base: &str) -> (&str, &str) {
    let Some((scheme, rest)) = base.split_once("://").filter(|_| has_scheme(base)) else { return ("", base) };
    let end = rest.find('/').map_or(base.len(), |at| scheme.len() + 3 + at);
    base.split_at(end)
}

/// Returns the name of a file without folder and extension.
pub(crate) fn stem(place: &str) -> &str {
    let name = place.rsplit_once('/').map_or(place, |(_, name)| name);
    name.split_once('.').map_or(name, |(stem, _)| stem)
}

/// Returns the names of the folders of a file, innermost first.
pub(crate) fn folders(place: &str) -> impl Iterator<Item = &str> {
    let path = split_origin(place).1;
    path.rsplit('/').skip(1).filter(|part| !part.is_empty() && *part != "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_against_their_file() {
        for (base, reference, expected) in [
            ("openapi.yaml", "schemas/pet.yaml", "schemas/pet.yaml"),
            ("schemas/pet.yaml", "./tag.yaml", "schemas/tag.yaml"),
            ("schemas/pet.yaml", "../openapi.yaml", "openapi.yaml"),
            ("schemas/pet.yaml", "../../common/a.yaml", "../common/a.yaml"),
            ("../common/a.yaml", "../b.yaml", "../b.yaml"),
            ("../common/a.yaml", "../../b.yaml", "../../b.yaml"),
            ("a.yaml", "/etc/passwd", "/etc/passwd"),
            ("paths/a.yaml", "{id}.yaml", "paths/{id}.yaml"),
            ("a.yaml", "https://b.example/c.json", "https://b.example/c.json"),
            ("https://b.example/x/c.json", "../d.json", "https://b.example/d.json"),
            ("https://b.example/x/c.json", "../../d.json", "https://b.example/d.json"),
            ("https://b.example/x/c.json", "/d.json", "https://b.example/d.json"),
            ("https://b.example", "d.json", "https://b.example/d.json"),
            ("https://b.example/x", "//c.example/d", "https://c.example/d"),
            ("https://b.example/x/c.json", "/y/../d", "https://b.example/d"),
            ("a.yaml", "", "a.yaml"),
        ] {
            assert_eq!(join(base, reference), expected, "{base} {reference}");
        }
    }

    #[test]
    fn files_are_named_by_stem_and_folders() {
        assert_eq!(stem("models/v2/pet.schema.json"), "pet");
        assert_eq!(folders("../models/v2/pet.yaml").collect::<Vec<_>>(), ["v2", "models"]);
        assert!(is_remote("HTTPS://a.example/b") && !is_remote("urn:a") && !is_remote("a/b.yaml"));
    }
}
