//! Reads the header `Link` of RFC 8288.

use reqwest::header::{HeaderMap, LINK};

/// Returns the target of the first link whose relation is `next`.
pub(crate) fn next(headers: &HeaderMap) -> Option<String> {
    headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok()).find_map(next_in)
}

fn next_in(text: &str) -> Option<String> {
    let mut rest = text;
    while let Some((_, link)) = rest.split_once('<') {
        let (target, parameters) = link.split_once('>')?;
        let end = end_of(parameters);
        if parameters[..end].split(';').any(is_next) {
            return Some(target.trim().to_owned());
        }
        rest = &parameters[end..];
    }
    None
}

/// Where the parameters of a link end: at a comma that is not in quotes.
fn end_of(parameters: &str) -> usize {
    let mut is_quoted = false;
    let mut is_escaped = false;
    for (at, character) in parameters.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => return at,
            _ => {}
        }
    }
    parameters.len()
}

/// Whether a parameter names the relation `next`, maybe among others.
fn is_next(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return false };
    let relations = value.trim().trim_matches('"').split_ascii_whitespace();
    name.trim().eq_ignore_ascii_case("rel") && relations.into_iter().any(|it| it.eq_ignore_ascii_case("next"))
}

#[cfg(test)]
mod tests {
    use super::next_in;

    #[test]
    fn the_next_link_is_found_among_others() {
        for (text, expected) in [
            (r#"</a?page=2>; rel="next""#, Some("/a?page=2")),
            (
                r#"<https://a.example/?p=1,2>; rel="prev first", <?p=3>;title="a, <b>; rel=\"x\"" ; REL=Next"#,
                Some("?p=3"),
            ),
            (r#"<a>; rel="last next""#, Some("a")),
            (r#"<a>; rel="nextish", <b>"#, None),
            ("", None),
            ("<a", None),
            (r#"<a>; rel="next"#, Some("a")),
        ] {
            assert_eq!(next_in(text).as_deref(), expected, "{text}");
        }
    }
}
