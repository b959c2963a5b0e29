//! The lines and columns of nodes in a text.

use foldhash::{HashMap, HashSet};
use saphyr_parser::{Event, Parser};

use crate::{input::Source, read::pointer};

/// A place in a text, counted from one. Columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column in the line.
    pub column: usize,
}

/// Returns where each JSON pointer leads to in a text: to the key of an entry, or to the item of a list. What the text does not
/// have is where its nearest parent is. `None` for a text that is neither JSON nor YAML.
pub fn positions(source: &Source<'_>, pointers: &[&str]) -> Vec<Option<Position>> {
    let found = occurrences(source, pointers);
    let nearest = |pointer: &&str| {
        let mut at = *pointer;
        loop {
            match (found.get(at).and_then(|all| all.first()), at.rfind('/')) {
                (Some(position), _) => return Some(*position),
                (None, Some(end)) => at = &at[..end],
                (None, None) => return None,
            }
        }
    };
    pointers.iter().map(nearest).collect()
}

/// Returns all places of these pointers and of their parents. There are several only if an object has a key twice.
pub(crate) fn occurrences(source: &Source<'_>, pointers: &[&str]) -> HashMap<String, Vec<Position>> {
    let mut wanted: HashSet<&str> = HashSet::from_iter([""]);
    for pointer in pointers {
        let mut at = *pointer;
        while wanted.insert(at) {
            at = &at[..at.rfind('/').unwrap_or_default()];
        }
    }
    let mut tracker = Tracker::new(wanted);
    let text = source.text.trim_start_matches('\u{feff}');
    if is_json(source.name, text) {
        read_json(text, &mut tracker);
    } else {
        read_yaml(text, &mut tracker);
    }
    tracker.found
}

/// Decides by the start of the text. The name decides for YAML in flow style.
pub(super) fn is_json(name: &str, text: &str) -> bool {
    let extension = std::path::Path::new(name).extension();
    let named_yaml = extension.is_some_and(|it| it.eq_ignore_ascii_case("yaml") || it.eq_ignore_ascii_case("yml"));
    text.trim_start().starts_with(['{', '[']) && !named_yaml
}

/// A piece of a text.
#[derive(Clone, Copy)]
enum Token<'t> {
    Object,
    Array,
    End,
    /// A scalar. Its text matters if it is a key.
    Scalar(&'t str),
}

/// A list or an object that is open.
struct Frame {
    /// The length of the pointer without keys of this frame.
    length: usize,
    /// The number of items so far. `None` for an object.
    items: Option<usize>,
    /// Whether the next scalar is a key.
    is_key: bool,
}

/// Follows the pointer of the current node.
struct Tracker<'w> {
    wanted: HashSet<&'w str>,
    found: HashMap<String, Vec<Position>>,
    at: String,
    frames: Vec<Frame>,
    /// Whether the text is nested deeper than documents are.
    is_over: bool,
}

/// The deepest nesting that is followed. No document that is read is deeper.
const MAX_DEPTH: usize = 256;

impl<'w> Tracker<'w> {
    fn new(wanted: HashSet<&'w str>) -> Self {
        Self { wanted, found: HashMap::default(), at: String::new(), frames: Vec::new(), is_over: false }
    }

    fn note(&mut self, position: Position) {
        if self.wanted.contains(self.at.as_str()) {
            self.found.entry(self.at.clone()).or_default().push(position);
        }
    }

    fn token(&mut self, token: Token<'_>, position: Position) {
        if let Token::End = token {
            self.frames.pop();
            self.close();
            return;
        }
        match self.frames.last_mut() {
            None => self.note(position),
            Some(frame) => {
                if let Some(items) = &mut frame.items {
                    let index = items.to_string();
                    *items += 1;
                    pointer::push(&mut self.at, &index);
                    self.note(position);
                } else if std::mem::take(&mut frame.is_key)
                    && let Token::Scalar(key) = token
                {
                    pointer::push(&mut self.at, key);
                    self.note(position);
                    return;
                }
            }
        }
        let items = match token {
            Token::Object => None,
            Token::Array => Some(0),
            _ => return self.close(),
        };
        self.is_over |= self.frames.len() == MAX_DEPTH;
        self.frames.push(Frame { length: self.at.len(), items, is_key: items.is_none() });
    }

    /// Ends a value.
    fn close(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            self.at.truncate(frame.length);
            frame.is_key = frame.items.is_none();
        }
    }
}

/// The spaces before a line that the parser refuses for its indentation.
const INDENT: usize = 256;

/// The bytes that are parsed at most, again and again.
const MAX_PARSED: usize = 64 << 20;

/// Reads a text that is YAML. Documents are read by libyaml, which takes lines of flow style with any indentation. This parser wants
/// them deeper than the block around them, so a line that it refuses is indented. What follows another error has no places.
fn read_yaml(text: &str, tracker: &mut Tracker<'_>) {
    let mut indented = HashSet::default();
    let mut parsed = 0;
    let mut refused = read_events(text, &indented, tracker);
    while let Some(line) = refused.filter(|_| parsed < MAX_PARSED)
        && indented.insert(line)
    {
        let spaces = |index: usize| if indented.contains(&(index + 1)) { INDENT } else { 0 };
        let lines = text.split_inclusive('\n').enumerate();
        let text: String = lines.flat_map(|(index, line)| [&SPACES[..spaces(index)], line]).collect();
        parsed += text.len();
        *tracker = Tracker::new(std::mem::take(&mut tracker.wanted));
        refused = read_events(&text, &indented, tracker);
    }
}

const SPACES: &str = match std::str::from_utf8(&[b' '; INDENT]) {
    Ok(spaces) => spaces,
    Err(_) => "",
};

/// Returns the line that the parser refuses, if there is one.
fn read_events(text: &str, indented: &HashSet<usize>, tracker: &mut Tracker<'_>) -> Option<usize> {
    for event in Parser::new_from_str(text) {
        let (event, span) = match event {
            Ok(read) => read,
            Err(error) => return Some(error.marker().line()),
        };
        if tracker.is_over {
            return None;
        }
        let line = span.start.line();
        let added = if indented.contains(&line) { INDENT } else { 0 };
        let position = Position { line, column: span.start.col().saturating_sub(added) + 1 };
        match event {
            Event::Scalar(text, ..) => tracker.token(Token::Scalar(&text), position),
            Event::Alias(_) => tracker.token(Token::Scalar(""), position),
            Event::SequenceStart(..) => tracker.token(Token::Array, position),
            Event::MappingStart(..) => tracker.token(Token::Object, position),
            Event::SequenceEnd | Event::MappingEnd => tracker.token(Token::End, position),
            _ => {}
        }
    }
    None
}

/// Reads a text that is JSON. Others only need to be safe.
fn read_json(text: &str, tracker: &mut Tracker<'_>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut here = Position { line: 1, column: 1 };
    // Where `here` is. A text may have one line, so no character is counted twice.
    let mut counted = 0;
    while let Some(byte) = bytes.get(at).filter(|_| !tracker.is_over) {
        here.column += text.get(counted..at).map_or(0, |text| text.chars().count());
        counted = at;
        match byte {
            b'\n' => {
                here = Position { line: here.line + 1, column: 1 };
                counted = at + 1;
            }
            b'{' => tracker.token(Token::Object, here),
            b'[' => tracker.token(Token::Array, here),
            b'}' | b']' => tracker.token(Token::End, here),
            b'"' => {
                let end = end_of_string(bytes, at);
                let quoted = text.get(at..end).unwrap_or_default();
                let inner = quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default();
                // Most strings have no escapes.
                let read = inner.contains('\\').then(|| serde_json::from_str::<String>(quoted).unwrap_or_default());
                tracker.token(Token::Scalar(read.as_deref().unwrap_or(inner)), here);
                at = end;
                continue;
            }
            byte if byte.is_ascii_alphanumeric() || *byte == b'-' => {
                tracker.token(Token::Scalar(""), here);
                let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
                at += bytes[at..].iter().take_while(|byte| is_part(byte)).count();
                continue;
            }
            _ => {}
        }
        at += 1;
    }
}

/// Returns the end of a string that starts here.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(name: &str, text: &str, pointers: &[&str]) -> Vec<Option<(usize, usize)>> {
        let found = positions(&Source { name, text }, pointers);
        found.into_iter().map(|position| position.map(|it| (it.line, it.column))).collect()
    }

    const JSON: &str = r#"{
  "a/b": {
    "c}": [
      1,
      {"d": "ä\"]", "e": [[]], "~": null}
    ]
  },
  "z": true
}"#;

    #[test]
    fn nodes_of_json_have_lines_and_columns() {
        let pointers = ["", "/a~1b", "/a~1b/c}/0", "/a~1b/c}/1/~0", "/z", "/a~1b/c}/7/x", "/z/x"];
        let expected = [(1, 1), (2, 3), (4, 7), (5, 32), (8, 3), (3, 5), (8, 3)];
        assert_eq!(places("d.json", JSON, &pointers), expected.map(Some));
    }

    #[test]
    fn nodes_of_yaml_have_lines_and_columns() {
        let text = "a/b:\n  c: &x\n    - 1\n    - {d: ä, e: [[]], ~: null}\n  '200': *x\nz: >\n  text\n";
        let pointers = ["", "/a~1b", "/a~1b/c/0", "/a~1b/c/1/e/0/0", "/a~1b/200", "/a~1b/200/0", "/z", "/none"];
        let expected = [(1, 1), (1, 1), (3, 7), (4, 18), (5, 3), (5, 3), (6, 1), (1, 1)];
        assert_eq!(places("d.yaml", text, &pointers), expected.map(Some));
    }

    #[test]
    fn flow_style_may_be_indented_in_any_way() {
        let text = "a:\n  b: {\n    \"c\": \"d\"\n  }\n  e: [\n{\"f\": 1,\n\"g\": [2\n]}\n  ]\nz: 1\n";
        let pointers = ["/a/b/c", "/a/e", "/a/e/0/f", "/a/e/0/g/0", "/z"];
        let expected = [(3, 5), (5, 3), (6, 2), (7, 7), (10, 1)];
        assert_eq!(places("d.yaml", text, &pointers), expected.map(Some));
        // An error that no indentation mends.
        assert_eq!(places("d.yaml", "a: 1\nb: [\nc: }\nz: 1\n", &["/a", "/z"]), [Some((1, 1)), Some((1, 1))]);
    }

    #[test]
    fn a_key_that_comes_twice_has_two_places() {
        for (name, text) in [("d.json", "{\"a\": 1,\n \"a\": {\"b\": 2}}"), ("d.yaml", "a: 1\na:\n  b: 2\n")] {
            let found = occurrences(&Source { name, text }, &["/a"]);
            assert_eq!(found["/a"].iter().map(|it| it.line).collect::<Vec<_>>(), [1, 2], "{name}");
        }
    }

    #[test]
    fn large_texts_are_read_in_linear_work() {
        // One line of many keys, and a text that is nested as deep as it is long.
        let members: Vec<String> = (0..300_000).map(|index| format!("\"key-{index}\":{index}")).collect();
        let line = format!("{{{}}}", members.join(","));
        let column = line.find("\"key-299999\"").map(|at| at + 1).unwrap();
        assert_eq!(places("d.json", &line, &["/key-299999"]), [Some((1, column))]);
        let deep = "[".repeat(4_000_000);
        assert_eq!(places("d.json", &deep, &["/0/0"]), [Some((1, 3))]);
        // The parser of YAML refuses it before it has a node.
        assert_eq!(places("d.yaml", &deep, &["/0"]), [None]);
    }

    #[test]
    fn broken_texts_do_no_harm() {
        for end in 0..JSON.len() {
            if let Some(text) = JSON.get(..end) {
                places("d.json", text, &["/a~1b/c}/1/e"]);
                places("d.yaml", text, &["/a~1b/c}/1/e"]);
            }
        }
        for text in ["", "]", "{\"a\\", "{\"\u{e4}\\\u{e4}", "[1}}]", "? {a: b}\n: c\n", "- *x\n"] {
            places("d.json", text, &["/a/b"]);
            places("d.yaml", text, &["/a/b"]);
        }
    }
}
