//! Escapes a line of Markdown, except its code and links.

/// The longest code span, link target and title that is looked for, in bytes. It bounds how often each character is read.
const MAX_LENGTH: usize = 2_000;

/// Escapes what rustdoc would take for HTML or for a link, and marks bare URLs as links; code and links are kept.
pub(super) fn escape(line: &str) -> String {
    if !line.starts_with('|') {
        return escape_text(line, false);
    }
    // The mark between the cells of a table ends what has begun in one, code too.
    let mut cells = Vec::new();
    let mut from = 0;
    for (at, _) in line.match_indices('|').filter(|(at, _)| !line[..*at].ends_with('\\')) {
        cells.push(escape_text(&line[from..at], false));
        from = at + 1;
    }
    cells.push(escape_text(&line[from..], false));
    cells.join("|")
}

fn escape_text(text: &str, is_link: bool) -> String {
    // Most texts have no sign that begins anything.
    if !text.bytes().any(|byte| matches!(byte, b'`' | b'\\' | b'<' | b'>' | b'[' | b'~')) && !text.contains("://") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        // What is kept as it is; no link has another in it.
        let kept = code(rest).or_else(|| escaped(rest)).or_else(|| autolink(rest).filter(|_| !is_link));
        if let Some(kept) = kept {
            out.push_str(kept);
            rest = &rest[kept.len()..];
            continue;
        }
        if let Some(url) = bare_url(rest).filter(|_| !is_link) {
            out.extend(["<", url, ">"]);
            rest = &rest[url.len()..];
            continue;
        }
        // An image becomes a link, so that a page of documentation requests nothing from another server.
        if let Some((mark, link)) =
            Link::at(rest).map(|link| (0, link)).or_else(|| Some((1, Link::at(rest.strip_prefix('!')?)?)))
        {
            out.push_str(&link.written());
            rest = &rest[mark + link.length..];
            continue;
        }
        match c {
            // At the start of a line it quotes.
            '>' if out.is_empty() => {}
            // In a list these would begin a block of code.
            '~' if rest.starts_with("~~~") => out.push('\\'),
            '[' | '<' | '>' | '`' => out.push('\\'),
            // It would escape the bracket.
            '\\' if bare_url(&rest[1..]).is_some() => out.push('\\'),
            _ => {}
        }
        out.push(c);
        rest = &rest[c.len_utf8()..];
        // Of backticks that open nothing, none opens anything.
        if c == '`' {
            while let Some(next) = rest.strip_prefix('`') {
                out.push_str("\\`");
                rest = next;
            }
        }
    }
    out
}

/// The code that begins here, if some does: it ends at as many backticks as it begins with.
fn code(rest: &str) -> Option<&str> {
    let opened = ticks(rest);
    if opened == 0 {
        return None;
    }
    let near = &rest.as_bytes()[..rest.len().min(opened + MAX_LENGTH)];
    let mut at = opened;
    loop {
        at += near.get(at..)?.iter().position(|byte| *byte == b'`')?;
        let closed = ticks(&rest[at..]);
        at += closed;
        if closed == opened {
            return Some(&rest[..at]);
        }
    }
}

/// How many backticks the text begins with.
fn ticks(text: &str) -> usize {
    text.len() - text.trim_start_matches('`').len()
}

/// A sign that upstream has escaped.
fn escaped(rest: &str) -> Option<&str> {
    let is_sign = rest.strip_prefix('\\')?.starts_with(|c: char| c.is_ascii_punctuation());
    is_sign.then(|| &rest[..2])
}

/// The `<https://…>` that begins here, if one does.
fn autolink(rest: &str) -> Option<&str> {
    let inner = rest.strip_prefix('<').filter(|inner| is_absolute(inner))?;
    let end = inner.find(|c: char| matches!(c, '<' | '>') || c.is_whitespace() || c.is_control())?;
    inner[end..].starts_with('>').then(|| &rest[..end + 2])
}

fn bare_url(rest: &str) -> Option<&str> {
    if !is_absolute(rest) {
        return None;
    }
    let ends = |c: char| c.is_whitespace() || c.is_control() || "<>\")]|`".contains(c);
    let url = &rest[..rest.find(ends).unwrap_or(rest.len())];
    let url = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '\'', '\\']);
    url.split_once("://").is_some_and(|(_, host)| !host.is_empty()).then_some(url)
}

fn is_absolute(url: &str) -> bool {
    url.starts_with("http://") || url.starts_with("https://")
}

/// A link with an absolute target; others would lead nowhere.
struct Link<'t> {
    text: &'t str,
    /// The target, and the title behind it.
    target: &'t str,
    /// How long the link is as a whole.
    length: usize,
}

impl<'t> Link<'t> {
    fn at(rest: &'t str) -> Option<Self> {
        let text = bracketed(rest)?;
        let inner = rest[text.len() + 2..].strip_prefix('(').filter(|inner| is_absolute(inner))?;
        let url = target(inner)?;
        let title = title(&inner[url.len()..])?;
        let target = &inner[..url.len() + title.len()];
        Some(Self { text, target, length: "[](".len() + text.len() + target.len() + ")".len() })
    }

    /// Returns the link with its text escaped. A link without text, as images may be, shows its target.
    fn written(&self) -> String {
        match escape_text(self.text, true) {
            text if text.trim().is_empty() => {
                format!("<{}>", self.target.split(' ').next().unwrap_or_default())
            }
            text => format!("[{text}]({})", self.target),
        }
    }
}

/// The text between the brackets that begin here. With a caret it would be a footnote.
fn bracketed(rest: &str) -> Option<&str> {
    let inner = rest.strip_prefix('[').filter(|inner| !inner.starts_with('^'))?;
    let mut at = 0;
    while let Some(c) = inner[at..].chars().next() {
        let here = &inner[at..];
        at += match c {
            '[' => return None,
            ']' => return Some(&inner[..at]),
            '`' => code(here).map_or_else(|| ticks(here), str::len),
            c => escaped(here).map_or(c.len_utf8(), str::len),
        };
    }
    None
}

/// The target of a link up to its title or end. Its parentheses are pairs.
fn target(inner: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, c) in inner.char_indices().take(MAX_LENGTH) {
        match c {
            ' ' | ')' if depth == 0 => return Some(&inner[..at]),
            '(' => depth += 1,
            ')' => depth -= 1,
            '<' | '>' | '`' | '\\' => return None,
            c if c.is_whitespace() || c.is_control() => return None,
            _ => {}
        }
    }
    None
}

/// The title of a link and the spaces around it, where nothing but these stands before its end.
fn title(rest: &str) -> Option<&str> {
    let title = rest.trim_start_matches(' ');
    let behind = match title.chars().next()? {
        quote @ ('"' | '\'') => {
            let (inner, behind) = title[1..].split_once([quote, '\\', '`'])?;
            title[1 + inner.len()..].starts_with(quote).then_some(behind)?
        }
        _ => title,
    };
    let behind = behind.trim_start_matches(' ');
    behind.starts_with(')').then(|| &rest[..rest.len() - behind.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn gives(cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            assert_eq!(escape(text), *expected, "{text}");
        }
    }

    #[test]
    fn code_is_what_as_many_backticks_end() {
        gives(&[
            ("a <b> [c] `<d> [e]`", "a \\<b\\> \\[c] `<d> [e]`"),
            ("lone ` tick <b>", "lone \\` tick \\<b\\>"),
            ("`` a ` [b] `` [c]", "`` a ` [b] `` \\[c]"),
            ("``` [a] `` [b]", "\\`\\`\\` \\[a] \\`\\` \\[b]"),
            ("\\` [a] `[b]`", "\\` \\[a] `[b]`"),
            ("- ~~~ [a]", "- \\~~~ \\[a]"),
            ("| `a | [b]` | `c\\|[d]` |", "| \\`a | \\[b]\\` | `c\\|[d]` |"),
        ]);
    }

    #[test]
    fn links_are_kept_and_nothing_else_is_one() {
        gives(&[
            ("[a](https://a.example/) [b](#here)", "[a](https://a.example/) \\[b](#here)"),
            ("the [`a` b](https://a.example/#c)", "the [`a` b](https://a.example/#c)"),
            ("[a](http://e.com/(b)) c", "[a](http://e.com/(b)) c"),
            ("[a <b>](http://e.com \"b [c]\")", "[a \\<b\\>](http://e.com \"b [c]\")"),
            ("[http://e.com](http://e.com)", "[http://e.com](http://e.com)"),
            ("[x](http://e.com/a b)", "\\[x](<http://e.com/a> b)"),
            ("[x](http://e.com/(a)", "\\[x](<http://e.com/(a>)"),
            ("[x](http://e.com/a`b) `c`", "\\[x](<http://e.com/a>`b) `c\\`"),
            ("[`x](http://e.com) y`", "\\[`x](http://e.com) y`"),
            ("[![a](http://e.com/b)](http://e.com/c)", "\\[[a](http://e.com/b)](<http://e.com/c>)"),
            ("![a <b>](http://e.com/b) ![](http://e.com/c 'd')", "[a \\<b\\>](http://e.com/b) <http://e.com/c>"),
            ("! [a](http://e.com/b) \\![a](http://e.com/b)", "! [a](http://e.com/b) \\![a](http://e.com/b)"),
            ("[`a`](#b) of `c`", "\\[`a`](#b) of `c`"),
            ("[^1] and [^1](http://e.com) [^1]: c", "\\[^1] and \\[^1](<http://e.com>) \\[^1]: c"),
            ("[a][b] ![c]", "\\[a]\\[b] !\\[c]"),
            ("\\[a] \\\\[b]", "\\[a] \\\\\\[b]"),
        ]);
    }

    #[test]
    fn urls_are_links() {
        gives(&[
            ("see https://a.example/b?c=[d]. And more", "see <https://a.example/b?c=[d>]. And more"),
            ("<https://a.example/b> or <https://a b>", "<https://a.example/b> or \\<<https://a> b\\>"),
            ("(https://a.example)", "(<https://a.example>)"),
            ("viahttps://a.example, https://", "via<https://a.example>, https://"),
            ("a\\https://a.example", "a\\\\<https://a.example>"),
            ("‹https://a.example/‹b›", "‹<https://a.example/‹b›>"),
            ("> quoted", "> quoted"),
        ]);
    }
}
