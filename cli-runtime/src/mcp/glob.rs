//! Patterns of names.

/// Returns whether a name matches a pattern: `*` matches any characters, `?` matches one.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut of) = (0, 0);
    // Where the last `*` is, and how far in the name it reaches.
    let mut star = None;
    while of < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, of));
                at += 1;
            }
            Some(&wanted) if wanted == '?' || wanted == name[of] => {
                at += 1;
                of += 1;
            }
            _ => {
                let Some((star_at, reached)) = star else { return false };
                star = Some((star_at, reached + 1));
                at = star_at + 1;
                of = reached + 1;
            }
        }
    }
    pattern[at..].iter().all(|&rest| rest == '*')
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_and_question_marks_match() {
        for (pattern, name) in
            [("*", ""), ("*", "get_note"), ("get_*", "get_note"), ("*_note", "get_note"), ("g*n?t*", "get_note")]
        {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in
            [("", "a"), ("get", "get_note"), ("?", ""), ("*_notes", "get_note"), ("Get_*", "get_note")]
        {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }
}
