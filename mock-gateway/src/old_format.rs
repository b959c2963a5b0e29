//! The Old Format: the query contains the value of a path parameter, and the gateway inserts it into the provider's
//! path. The open-source server does the same with a value in the New Format.

use crate::{
    document::Operation,
    path::{Template, decode},
    query::Pairs,
};

/// Returns the values as the provider decodes them from its path.
///
/// The gateway inserts a value into the path unchanged. The caller must therefore percent-encode it for a path, and
/// then again for the query.
///
/// # Errors
///
/// Returns all problems of the values.
pub(crate) fn read_values(operation: &Operation, query: &Pairs) -> Result<Pairs, Vec<String>> {
    let mut values = Pairs::new();
    let mut problems = Vec::new();
    for name in operation.template.names() {
        let given: Vec<_> = query.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect();
        match read_value(&given) {
            Ok(value) => values.push((name.to_owned(), value)),
            Err(problem) => problems.push(format!("path parameter `{name}` {problem}")),
        }
    }
    if problems.is_empty() { Ok(values) } else { Err(problems) }
}

fn read_value(given: &[&str]) -> Result<String, String> {
    let value = match given {
        [] => return Err("is required: in the Old Format the query contains its value".to_owned()),
        [""] => return Err("is empty".to_owned()),
        [value] => *value,
        _ => return Err("is given more than once".to_owned()),
    };
    if let Some(character) = value.chars().find(|character| matches!(character, '/' | '?' | '#')) {
        return Err(format!("has a `{character}`, which must be percent-encoded for the provider's path"));
    }
    let decoded = decode(value);
    if matches!(decoded.as_str(), "." | "..") {
        return Err(format!("is `{decoded}`, which would change the provider's path"));
    }
    Ok(decoded)
}

/// Returns the provider's path as the open-source server builds it: with the first value, whatever it is, or `null`,
/// and with dot segments resolved as URL parsers do.
pub(crate) fn provider_path(template: &Template, values: &Pairs) -> String {
    let value = |name: &str| {
        let given = values.iter().find(|(key, value)| key == name && !value.is_empty());
        given.map_or_else(|| "null".to_owned(), |(_, value)| value.clone())
    };
    let path = template.expand(value);
    resolve(path.split(['?', '#']).next().unwrap_or_default())
}

fn resolve(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split(['/', '\\']).skip(1) {
        match segment.to_ascii_lowercase().replace("%2e", ".").as_str() {
            "." => {}
            ".." => drop(segments.pop()),
            _ => segments.push(segment),
        }
    }
    segments.iter().flat_map(|segment| ["/", segment]).collect()
}

#[cfg(test)]
mod tests {
    use super::{provider_path, read_value};
    use crate::path::Template;

    #[test]
    fn a_value_is_decoded_once_more() {
        assert_eq!(read_value(&["a%2Fb%20c"]), Ok("a/b c".to_owned()));
        assert_eq!(read_value(&["100%"]), Ok("100%".to_owned()));
        for wrong in [&[][..], &[""], &["a", "b"], &["a/b"], &["a?b"], &["a#b"], &["%2E%2E"]] {
            assert!(read_value(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn the_open_source_server_takes_a_value_as_it_is() {
        let template = Template::new("/v1/tones/{tone_id}");
        let path = |value: &str| provider_path(&template, &vec![("tone_id".to_owned(), value.to_owned())]);
        assert_eq!(path("a/b?c"), "/v1/tones/a/b");
        assert_eq!(path("x/../../knowledge/kno_5"), "/v1/knowledge/kno_5");
        assert_eq!(path("x\\%2E./y"), "/v1/tones/y");
        assert_eq!(path(""), "/v1/tones/null");
    }
}
