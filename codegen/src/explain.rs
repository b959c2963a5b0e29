//! The long explanation of each kind of finding.

/// Sections with the code as their heading: errors and losses in the first file, repairs in the second.
const EXPLANATIONS: [&str; 2] = [include_str!("explanations/findings.md"), include_str!("explanations/repairs.md")];

/// Returns the explanation of a code: its meaning, an example, the effect on the generated client, and what to do. Returns
/// `None` if the code does not exist.
pub fn explain(code: &str) -> Option<&'static str> {
    sections().find_map(|(id, text)| (id == code).then_some(text))
}

fn sections() -> impl Iterator<Item = (&'static str, &'static str)> {
    let texts = EXPLANATIONS.into_iter().filter_map(|text| text.strip_prefix("# "));
    texts.flat_map(|text| text.split("\n# ")).filter_map(|section| {
        let (id, text) = section.split_once('\n')?;
        Some((id, text.trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::code;

    #[test]
    fn every_code_is_explained_in_all_parts() {
        for code in code::ALL {
            let text = explain(code.id).unwrap_or_else(|| panic!("`{}` has no explanation", code.id));
            let parts: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
            assert_eq!(parts.len(), 4, "{}: a meaning and three parts", code.id);
            for (line, part) in parts[1..].iter().zip(["Example: ", "Effect: ", "What to do: "]) {
                let said = line.strip_prefix(part).unwrap_or_else(|| panic!("{}: `{line}` is not `{part}`", code.id));
                assert!(said.len() > 4 && said.ends_with('.'), "{}: `{line}`", code.id);
            }
        }
    }

    #[test]
    fn nothing_else_is_explained() {
        let known: Vec<&str> = code::ALL.iter().map(|code| code.id).collect();
        let mut ids: Vec<&str> = sections().map(|(id, _)| id).collect();
        assert!(ids.iter().all(|id| known.contains(id)), "{ids:?}");
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), known.len());
        assert_eq!(explain("no-such-code"), None);
    }
}
