//! Path templates such as `/v1/tones/{tone_id}`. A parameter may be part of a segment.

/// A part of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Value(String),
}

/// A New Format path.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    text: String,
    segments: Vec<Vec<Piece>>,
}

impl Template {
    pub(crate) fn new(text: &str) -> Self {
        let segments = text.split('/').skip(1).map(pieces).collect();
        Self { text: text.to_owned(), segments }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the names of the parameters, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().flatten().filter_map(|piece| match piece {
            Piece::Value(name) => Some(name.as_str()),
            Piece::Literal(_) => None,
        })
    }

    /// Returns the corresponding Old Format path.
    pub(crate) fn old_path(&self) -> String {
        self.expand(str::to_owned)
    }

    /// Returns the subject of the path: the word before its last parameter, or else its last word. For
    /// `/v1/templates/{template_id}/run` it is `templates`.
    pub(crate) fn noun(&self) -> &str {
        let before = self.segments.iter().rposition(|pieces| literal(pieces).is_none()).unwrap_or(self.segments.len());
        let words = self.segments.get(..before).unwrap_or_default();
        words.iter().rev().find_map(|pieces| literal(pieces)).unwrap_or_default()
    }

    /// Returns whether the last segment is a single parameter.
    pub(crate) fn ends_with_value(&self) -> bool {
        matches!(self.segments.last().map(Vec::as_slice), Some([Piece::Value(_)]))
    }

    /// Returns the template without its last segment.
    pub(crate) fn parent(&self) -> &str {
        self.text.rsplit_once('/').map_or("", |(parent, _)| parent)
    }

    pub(crate) fn expand(&self, value: impl Fn(&str) -> String) -> String {
        let mut path = String::new();
        for segment in &self.segments {
            path.push('/');
            for piece in segment {
                match piece {
                    Piece::Literal(text) => path.push_str(text),
                    Piece::Value(name) => path.push_str(&value(name)),
                }
            }
        }
        path
    }

    /// Returns the values of the parameters if the decoded segments match.
    pub(crate) fn match_segments(&self, segments: &[String], any_case: bool) -> Option<Vec<(String, String)>> {
        if segments.len() != self.segments.len() {
            return None;
        }
        let mut values = Vec::new();
        for (pieces, text) in self.segments.iter().zip(segments) {
            if !match_pieces(pieces, text, any_case, &mut values) {
                return None;
            }
        }
        Some(values)
    }
}

fn literal(pieces: &[Piece]) -> Option<&str> {
    match pieces {
        [Piece::Literal(text)] => Some(text),
        _ => None,
    }
}

fn pieces(segment: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = segment;
    while let Some((literal, name, after)) = next_value(rest) {
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal.to_owned()));
        }
        pieces.push(Piece::Value(name.to_owned()));
        rest = after;
    }
    if !rest.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Literal(rest.to_owned()));
    }
    pieces
}

fn next_value(text: &str) -> Option<(&str, &str, &str)> {
    let (literal, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((literal, name, after))
}

fn match_pieces(pieces: &[Piece], text: &str, any_case: bool, values: &mut Vec<(String, String)>) -> bool {
    let Some((piece, others)) = pieces.split_first() else { return text.is_empty() };
    match piece {
        Piece::Literal(literal) => text.split_at_checked(literal.len()).is_some_and(|(start, rest)| {
            let same = if any_case { start.eq_ignore_ascii_case(literal) } else { start == literal };
            same && match_pieces(others, rest, any_case, values)
        }),
        Piece::Value(name) => {
            let known = values.len();
            let ends = text.char_indices().map(|(at, character)| at + character.len_utf8());
            for end in ends.rev() {
                let (value, rest) = text.split_at(end);
                values.push((name.clone(), value.to_owned()));
                if match_pieces(others, rest, any_case, values) {
                    return true;
                }
                values.truncate(known);
            }
            false
        }
    }
}

/// Percent-decodes text. Invalid UTF-8 is replaced.
pub(crate) fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Returns the decoded segments of a path. With `lax`, trailing slashes are ignored.
pub(crate) fn segments(path: &str, lax: bool) -> Vec<String> {
    let path = if lax { path.trim_end_matches('/') } else { path };
    path.split('/').skip(1).map(decode).collect()
}

#[cfg(test)]
mod tests {
    use super::{Template, segments};

    fn matched(template: &str, path: &str) -> Option<Vec<String>> {
        let found = Template::new(template).match_segments(&segments(path, false), false)?;
        Some(found.into_iter().map(|(_, value)| value).collect())
    }

    #[test]
    fn a_value_is_one_decoded_segment_and_not_empty() {
        assert_eq!(matched("/a/{id}", "/a/x%2Fy%20z"), Some(vec!["x/y z".to_owned()]));
        assert_eq!(matched("/a/{id}", "/a/"), None);
        assert_eq!(matched("/a/{id}", "/a/b/c"), None);
        assert_eq!(matched("/a/{id}", "/A/b"), None);
    }

    #[test]
    fn a_value_can_be_a_part_of_its_segment() {
        assert_eq!(matched("/m/{model}:run", "/m/a:b:run"), Some(vec!["a:b".to_owned()]));
        assert_eq!(matched("/m/{model}:run", "/m/:run"), None);
        assert_eq!(matched("/c/{a}...{b}", "/c/x...y"), Some(vec!["x".to_owned(), "y".to_owned()]));
        assert_eq!(matched("/c/é{a}", "/c/éü"), Some(vec!["ü".to_owned()]));
    }

    #[test]
    fn the_old_path_has_the_bare_names() {
        let template = Template::new("/v1/styles/{style_id}/apply");
        assert_eq!(template.old_path(), "/v1/styles/style_id/apply");
        assert_eq!(template.noun(), "styles");
        assert!(!template.ends_with_value());
        assert_eq!(Template::new("/v1/keep-writing").noun(), "keep-writing");
    }
}
