//! Descriptions of the document, shortened for models.

/// Returns Markdown without the targets of links, pictures, tags and line breaks, cut at the end of a sentence or word
/// after at most `limit` characters.
pub(crate) fn short(markdown: &str, limit: usize) -> String {
    cut(&plain(markdown), limit)
}

/// Returns a summary and a description as one text, without saying the same twice.
pub(crate) fn joined(summary: &str, description: &str) -> String {
    let start = summary.trim().trim_end_matches('.');
    let description = description.trim();
    if start.is_empty() || description.to_lowercase().starts_with(&start.to_lowercase()) {
        description.to_owned()
    } else if description.is_empty() {
        format!("{start}.")
    } else {
        format!("{start}. {description}")
    }
}

fn plain(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut rest = markdown;
    while let Some(next) = rest.chars().next() {
        if let Some((shown, after)) = link(rest) {
            text.push_str(shown);
            rest = after;
        } else if let Some(after) = tag(rest) {
            rest = after;
        } else {
            if next.is_whitespace() {
                text.push(' ');
            } else {
                text.push(next);
            }
            rest = &rest[next.len_utf8()..];
        }
    }
    text.replace("**", "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Splits `[shown](target)` from the text after it. Nothing is shown of a picture. A catalogue has plain text, but what a
/// document breaks off inside a link is no link to the generator.
fn link(text: &str) -> Option<(&str, &str)> {
    let is_picture = text.starts_with("![");
    let inner = text.strip_prefix("![").or_else(|| text.strip_prefix('['))?;
    let (shown, after) = inner.split_once("](")?;
    if shown.contains(['[', ']', '\n']) {
        return None;
    }
    let after = match after.split_once(')') {
        Some((_, after)) => after,
        // Some documents have descriptions that end inside a link.
        None if !after.trim_end().contains(char::is_whitespace) => "",
        None => return None,
    };
    Some((if is_picture { "" } else { shown }, after))
}

/// Returns what follows an HTML tag or comment.
fn tag(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('<')?;
    if let Some(comment) = inner.strip_prefix("!--") {
        return comment.split_once("-->").map(|(_, after)| after);
    }
    let name = inner.strip_prefix('/').unwrap_or(inner);
    let is_tag = name.starts_with(|first: char| first.is_ascii_alphabetic());
    let (attributes, after) = inner.split_once('>')?;
    (is_tag && !attributes.contains(['<', '\n', ':'])).then_some(after)
}

fn cut(text: &str, limit: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(limit) else { return text.to_owned() };
    let kept = &text[..end];
    match kept.rfind(". ") {
        Some(stop) if stop >= end / 2 => kept[..=stop].to_owned(),
        _ => {
            let words = kept.rfind(' ').map_or(kept, |space| &kept[..space]);
            format!("{}…", words.trim_end_matches([',', ';', ':']))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{joined, short};

    #[test]
    fn links_pictures_and_tags_are_left_out() {
        let text = "See [the **docs**](https://a.example/b)\n\n![x](y.png) of `a<b>` <br/>and <!-- no --> a < b [c].";
        assert_eq!(short(text, 200), "See the docs of `a` and a < b [c].");
    }

    #[test]
    fn text_may_end_inside_a_link() {
        assert_eq!(short("Reacts to an [issue](https://docs. ", 100), "Reacts to an issue");
        assert_eq!(short("Reacts to [one](of two", 100), "Reacts to [one](of two");
    }

    #[test]
    fn long_text_ends_with_a_sentence_or_a_word() {
        assert_eq!(short("One two. Three four five six.", 14), "One two.");
        assert_eq!(short("One, two three four", 6), "One…");
        assert_eq!(short("Ünïcödé wörds", 9), "Ünïcödé…");
    }

    #[test]
    fn summaries_are_not_said_twice() {
        assert_eq!(joined("Creates a note.", "Creates a note. It is new."), "Creates a note. It is new.");
        assert_eq!(joined("Create note", "It is new."), "Create note. It is new.");
        assert_eq!(joined("Create note", ""), "Create note.");
        assert_eq!(joined("", "It is new."), "It is new.");
    }
}
