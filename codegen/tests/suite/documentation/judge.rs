//! What the documentation of generated code comes to, judged without the code that wrote it.

use lowcodeapi_codegen::is_unseen;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use syn::LitStr;

/// Each run of lines of documentation, as the text that rustdoc reads.
pub(crate) fn comments_of(source: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut within = false;
    for line in source.lines() {
        let text = text_of(line.trim_start());
        match (&text, out.last_mut()) {
            (Some(text), Some(comment)) if within => comment.extend(["\n", text]),
            (Some(text), _) => out.push(text.clone()),
            (None, _) => {}
        }
        within = text.is_some();
    }
    out
}

/// The text of a line of documentation; what would end a comment stands in an attribute.
fn text_of(line: &str) -> Option<String> {
    let literal = line.strip_prefix("#[doc = ").and_then(|rest| rest.strip_suffix(']'));
    let written = literal.and_then(|literal| syn::parse_str::<LitStr>(literal).ok()).map(|literal| literal.value());
    written.or_else(|| line.strip_prefix("///").map(str::to_owned))
}

/// Whether rustdoc may take a code block for Rust: without a word, with one that it knows, or with several.
fn may_be_rust(info: &str) -> bool {
    let known = ["rust", "should_panic", "no_run", "test_harness", "compile_fail", "custom"];
    let begins = |start: &str| info.to_ascii_lowercase().starts_with(start);
    let is_error = info.len() == 5 && begins("e") && info[1..].bytes().all(|byte| byte.is_ascii_digit());
    let is_word = !info.is_empty() && info.bytes().all(|byte| byte.is_ascii_alphanumeric());
    !is_word || is_error || known.contains(&info) || ["edition", "ignore", "standalone"].iter().any(|it| begins(it))
}

/// Why a comment is more than prose, if it is.
pub(crate) fn harm(comment: &str) -> Option<String> {
    let unseen = comment.chars().find(|c| *c != '\n' && is_unseen(*c));
    if let Some(unseen) = unseen {
        return Some(format!("holds {unseen:?}"));
    }
    let lines: Vec<&str> = comment.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    let text = lines.join("\n");
    // As rustdoc collects doctests, and as it renders pages.
    let page = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION;
    for options in [Options::empty(), page] {
        for event in Parser::new_ext(&text, options) {
            match &event {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info)))
                    if !may_be_rust(info) => {}
                Event::Start(Tag::CodeBlock(_) | Tag::Image { .. } | Tag::HtmlBlock)
                | Event::Html(_)
                | Event::InlineHtml(_) => {
                    return Some(format!("{event:?}"));
                }
                Event::Start(Tag::Link { dest_url, .. })
                    // Paths of items have colons in pairs alone.
                    if dest_url.replace("::", "").contains(':')
                        && !dest_url.starts_with("http://")
                        && !dest_url.starts_with("https://") =>
                {
                    return Some(format!("{event:?}"));
                }
                _ => {}
            }
        }
    }
    None
}
