//! **format**: formats tokens as source.

pub(crate) mod aside;
mod attribute;
mod complexity;
mod expr;
mod fields;
pub(crate) mod header;
mod item;
mod plain;
mod signature;
pub(crate) mod tree;
mod ty;
mod wrap;

use crate::{
    format::{
        aside::{Aside, Asides},
        tree::Tree,
    },
    unseen::turns_text,
};

/// A generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct File {
    /// The path relative to the folder of the back end, with `/` as separator.
    pub path: String,
    /// The text of the file.
    pub source: String,
}

impl File {
    /// A file that was generated before.
    pub fn new(path: impl Into<String>, source: impl Into<String>) -> Self {
        Self { path: path.into(), source: source.into() }
    }
}

/// Joins parts under a header, with an empty line between items.
pub(crate) fn join(header: &str, parts: &[&str]) -> String {
    // Each part may follow an empty line.
    let length = header.len() + 1 + parts.iter().map(|part| part.len() + 1).sum::<usize>();
    let mut file = String::with_capacity(length);
    file.push_str(header);
    file.push('\n');
    let mut last = "";
    for part in parts {
        if is_apart(last, part.lines().next().unwrap_or_default()) {
            file.push('\n');
        }
        file.push_str(part);
        last = part.lines().next_back().unwrap_or_default();
    }
    file
}

/// Returns the source of the items that this emits.
pub(crate) fn format_items(emit: impl FnOnce() -> Vec<Tree>) -> syn::Result<String> {
    let (items, mut asides) = Asides::of(emit);
    let source = item::print(&items, &mut asides)?;
    Ok(without_turns(separate_items(&source, &asides)))
}

/// Removes characters that change the direction of text, which the compiler refuses. They occur only in comments,
/// because literals escape them.
fn without_turns(source: String) -> String {
    if !source.is_ascii() && source.contains(turns_text) { source.replace(turns_text, "") } else { source }
}

/// Inserts empty lines between items, which the printed source lacks, and puts what stood aside in its place.
fn separate_items(source: &str, asides: &Asides) -> String {
    let mut out = String::with_capacity(source.len() + source.len() / 2);
    let mut previous = "";
    for line in source.lines() {
        if is_apart(previous, line) {
            out.push('\n');
        }
        let (indent, text) = line.split_at(indent(line));
        match asides.at(text) {
            Some(Aside::Comment(lines)) => {
                push_comment(indent, lines, &mut out);
                previous = "///";
                continue;
            }
            Some(Aside::Source(lines)) => {
                push_source(indent, lines, &mut out);
                previous = "";
                continue;
            }
            None => {}
        }
        push_line(line, &mut out);
        previous = line;
    }
    out
}

fn push_comment(indent: &str, comment: &str, out: &mut String) {
    for line in comment.split('\n') {
        out.push_str(indent);
        out.push_str("///");
        push_line(line.trim_end_matches(' '), out);
    }
}

fn push_source(indent: &str, lines: &str, out: &mut String) {
    for line in lines.lines() {
        out.push_str(indent);
        push_line(line, out);
    }
}

fn push_line(line: &str, out: &mut String) {
    out.push_str(line);
    out.push('\n');
}

/// Whether an empty line belongs between these lines.
fn is_apart(previous: &str, line: &str) -> bool {
    // A fast path for most lines.
    (previous.ends_with([';', '}']) || previous.starts_with("//!"))
        && begins_item(line)
        && ends_item(previous, indent(line))
        && !both_declare(previous, line)
}

fn indent(line: &str) -> usize {
    line.bytes().take_while(|byte| *byte == b' ').count()
}

/// Whether the line is the last one of an item at this depth; a chain of calls ends deeper than it began.
fn ends_item(line: &str, depth: usize) -> bool {
    let (at, line) = (indent(line), line.trim_start());
    (at >= depth && line.ends_with(';') && !line.starts_with("//"))
        || (at == depth
            && (line == "}" || line.starts_with("//!") || (line.ends_with("{}") && !line.starts_with("//"))))
}

fn begins_item(line: &str) -> bool {
    let line = line.trim_start();
    let begins = [
        "///",
        "#[",
        "pub ",
        "pub(",
        "fn ",
        "impl",
        "static ",
        "const ",
        "use ",
        "mod ",
        "request!(",
        "errors!(",
        "model!",
        "::",
    ];
    // The first byte rules out most of them.
    let first = line.as_bytes().first();
    begins.iter().chain(&ONE_LINERS).any(|it| it.as_bytes().first() == first && line.starts_with(it))
}

/// The macro calls that declare a model without a table, or an operation.
const ONE_LINERS: [&str; 3] = ["text_model!", "integer_model!", "operation_type!"];

/// Lines of `use`, `mod` and associated `type` stay together, and so do macro calls of one line.
fn both_declare(previous: &str, line: &str) -> bool {
    if [previous, line].iter().all(|line| ONE_LINERS.iter().any(|it| line.starts_with(it))) {
        return true;
    }
    let (previous, line) = (first_word(previous), first_word(line));
    let previous = if previous == "};" { "use" } else { previous };
    (previous == line && ["use", "mod", "type"].contains(&line)) || (previous == "//!" && line == "//!")
}

fn first_word(line: &str) -> &str {
    line.trim_start().trim_start_matches("pub ").split(' ').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::{tree::trees, *};

    #[test]
    fn nothing_turns_the_direction_of_text() {
        let text = "\u{202B}a\u{202C}\u{2066}b\u{2069}";
        let items = quote! {
            #![doc = #text]
            #[doc = #text]
            pub static A: &str = #text;
        };
        let expected = "//!ab\n\n///ab\npub static A: &str = \"\\u{202b}a\\u{202c}\\u{2066}b\\u{2069}\";\n";
        assert_eq!(format_items(|| trees(items)).unwrap(), expected);
    }

    #[test]
    fn a_comment_of_several_lines_stands_behind_its_marks() {
        let block = || aside::comment(" First;\n\n   /// third  \n fourth }".to_owned());
        let items = || {
            let (line, outer, inner) = (aside::comment(" One line.".to_owned()), block(), block());
            quote! {
                #line
                pub struct A;
                #outer
                pub struct B {
                    #inner
                    pub a: u8,
                }
            }
        };
        let lines =
            |indent: &str| format!("{indent}/// First;\n{indent}///\n{indent}///   /// third\n{indent}/// fourth }}\n");
        let expected = format!(
            "/// One line.\npub struct A;\n\n{}pub struct B {{\n{}    pub a: u8,\n}}\n",
            lines(""),
            lines("    ")
        );
        assert_eq!(format_items(|| trees(items())).unwrap(), expected);
    }
}
