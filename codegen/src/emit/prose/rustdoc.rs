//! Checks documentation comments with rustdoc's own parser, so safety does not depend on the escapes.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

/// The languages that a code block may name. Rustdoc reads some words as attributes of Rust code and learns new ones, so this
/// is a list of what is allowed, not of what is refused.
const LANGUAGES: &[&str] = &[
    "bash",
    "c",
    "console",
    "cpp",
    "cs",
    "csharp",
    "css",
    "csv",
    "curl",
    "dart",
    "diff",
    "elixir",
    "go",
    "graphql",
    "groovy",
    "hcl",
    "html",
    "http",
    "ini",
    "java",
    "javascript",
    "js",
    "json",
    "json5",
    "jsonc",
    "jsonl",
    "jsx",
    "kotlin",
    "lua",
    "markdown",
    "md",
    "ndjson",
    "objc",
    "perl",
    "php",
    "plain",
    "plaintext",
    "powershell",
    "properties",
    "proto",
    "protobuf",
    "py",
    "python",
    "r",
    "rb",
    "regex",
    "ruby",
    "scala",
    "sh",
    "shell",
    "sql",
    "swift",
    "text",
    "toml",
    "ts",
    "tsx",
    "txt",
    "typescript",
    "url",
    "xml",
    "yaml",
    "yml",
    "zsh",
];

/// How deep lists and quotations may be nested. Deeper text is not prose, and readers of Markdown differ in their limits.
const MAX_DEPTH: usize = 16;

/// Whether rustdoc leaves a code block of this language alone.
pub(super) fn is_language(info: &str) -> bool {
    let info = info.to_ascii_lowercase();
    LANGUAGES.binary_search(&info.as_str()).is_ok()
}

/// Whether rustdoc finds only prose, tables, links to items and web pages, and code that it does not compile. HTML, images and
/// footnotes are not harmless.
pub(super) fn is_harmless(text: &str) -> bool {
    // Rustdoc collects doctests without extensions and renders pages with them.
    !may_harm(text) || [Options::empty(), page_options()].into_iter().all(|options| is_harmless_by(text, options))
}

/// The extensions of Markdown with which rustdoc renders pages.
fn page_options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION
}

/// Whether the text has one of the marks that code blocks, HTML, links and deep lists need. Most texts have none, and need no
/// parsing.
pub(super) fn may_harm(text: &str) -> bool {
    let marks = |line: &str| line.bytes().take_while(|byte| b" >-+*.)0123456789".contains(byte)).count();
    let bytes = text.as_bytes();
    let begins_mark = |at: usize| {
        let rest = &bytes[at..];
        match bytes[at] {
            b'\t' | b'<' => true,
            b' ' => rest.starts_with(b"    "),
            b'`' => rest.starts_with(b"```"),
            b'~' => rest.starts_with(b"~~~"),
            b']' => rest.starts_with(b"](") || rest.starts_with(b"]:"),
            b'[' => rest.starts_with(b"[^"),
            _ => false,
        }
    };
    let may_begin = |(at, byte): (usize, &u8)| MAY_BEGIN[usize::from(*byte)] && begins_mark(at);
    bytes.iter().enumerate().any(may_begin) || text.lines().any(|line| marks(line) > MAX_DEPTH)
}

/// The bytes that begin a mark. The table makes the search through long texts fast.
static MAY_BEGIN: [bool; 256] = {
    let mut table = [false; 256];
    let marks = b"\t <`~][";
    let mut index = 0;
    while index < marks.len() {
        table[marks[index] as usize] = true;
        index += 1;
    }
    table
};

fn is_harmless_by(text: &str, options: Options) -> bool {
    let parser = Parser::new_ext(text, options);
    if parser.reference_definitions().iter().next().is_some() {
        return false;
    }
    let mut depth = 0_usize;
    for event in parser {
        match event {
            Event::Start(tag) => {
                depth += 1;
                if depth > 2 * MAX_DEPTH || !is_harmless_tag(&tag) {
                    return false;
                }
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Html(_) | Event::InlineHtml(_) | Event::FootnoteReference(_) => return false,
            _ => {}
        }
    }
    true
}

fn is_harmless_tag(tag: &Tag<'_>) -> bool {
    match tag {
        Tag::CodeBlock(CodeBlockKind::Fenced(info)) => is_language(info),
        Tag::CodeBlock(CodeBlockKind::Indented)
        | Tag::HtmlBlock
        | Tag::Image { .. }
        | Tag::FootnoteDefinition(_)
        | Tag::MetadataBlock(_) => false,
        Tag::Link { dest_url, .. } => is_web(dest_url) || is_item(dest_url) || is_page(dest_url),
        _ => true,
    }
}

fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// Whether a link leads to a Rust item, as the links that we write do.
fn is_item(path: &str) -> bool {
    path.split("::").all(|name| name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '#' | '.')))
}

/// Whether a link leads to a generated page, or to a section of the same one.
fn is_page(path: &str) -> bool {
    let (page, section) = path.split_once('#').unwrap_or((path, ""));
    let is_plain = |text: &str| text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'));
    // Generated pages have this ending in lower case.
    let is_page = page.strip_suffix("md").is_some_and(|name| name.ends_with('.'));
    (page.is_empty() || is_page)
        && !page.starts_with('/')
        && !page.contains("//")
        && is_plain(page)
        && is_plain(section)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_in_order() {
        assert!(LANGUAGES.is_sorted());
    }

    #[test]
    fn prose_is_harmless() {
        for text in [
            "A list:\n\n- a\n- `b`\n  c\n\n> quoted",
            "```json\n{}\n```\n\n~~~text\nlet a;\n~~~",
            "[a](https://a.example/b) <https://a.example> [`C`](crate::C::d#e.f) [`C`]",
            "| a | b |\n|---|---|\n| `<c>` | d |",
            "a\n    b",
            "[`A`](../types.md#a-1) [b](operations/b.md) [`C`](#c-1)",
        ] {
            assert!(is_harmless(text), "{text}");
        }
    }

    #[test]
    fn what_rustdoc_would_act_upon_is_not() {
        for text in [
            "    let a;",
            "a\n\n\tlet a;",
            ">-     let a;",
            "> 1.\t\tlet a;",
            "```\nlet a;",
            "```E0001\nlet a;\n```",
            "```rust\nlet a;\n```",
            "~~~json,ignore\nlet a;\n~~~",
            "<b>",
            "<script>",
            "a <!-- b -->",
            "![a](https://a.example/b.png)",
            "[a](javascript:alert)",
            "[a](//b.example)",
            "[a](//b.example/c.md)",
            "[a](/etc/c.md)",
            "[a](file:c.md)",
            "[a](data:text/html,b)",
            "<javascript:alert>",
            "[`Client`]: https://a.example",
            "a[^1]\n\n[^1]: b",
            &format!("{}a", "- ".repeat(100)),
            &">".repeat(100),
        ] {
            assert!(!is_harmless(text), "{text}");
        }
    }
}
