//! File names that a server suggests. A server must not choose where a file is written, nor hide what it is.

use percent_encoding::percent_decode_str;
use reqwest::header::{CONTENT_DISPOSITION, HeaderMap};

use crate::shown::one_line::is_unseen;

/// The maximum length of a name, in bytes. File systems allow 255, which leaves room for a number.
const LONGEST: usize = 200;
/// The maximum length of an extension that is kept when a name is cut, in bytes.
const EXTENSION: usize = 16;

/// Names that mean devices on Windows, whatever extension follows.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"];

/// Returns the file name that a response suggests, as a name that is safe.
pub fn suggested_file_name(headers: &HeaderMap) -> Option<String> {
    let disposition = headers.get(CONTENT_DISPOSITION).map(|value| String::from_utf8_lossy(value.as_bytes()));
    disposition.and_then(|it| file_name_in(&it)).and_then(|name| safe_file_name(&name))
}

/// Returns a name that is safe in any folder and on any system. `None` if nothing is left of it.
pub fn safe_file_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !is_unseen(*c))
        .map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c })
        .collect();
    // Files that begin with a dot are hidden, and those that begin with a dash are taken for options.
    let kept = kept.trim_start_matches(['.', ' ', '-', '~']).trim_end_matches(['.', ' ']);
    let kept = cut(kept, LONGEST);
    let is_empty = kept.is_empty() || kept.chars().all(|c| c == '_');
    (!is_empty).then(|| if is_device(&kept) { format!("_{kept}") } else { kept })
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let numbered = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt")).is_some_and(|number| {
        let mut digits = number.chars();
        matches!(digits.next(), Some('0'..='9' | '¹' | '²' | '³')) && digits.next().is_none()
    });
    numbered || DEVICES.contains(&stem.as_str())
}

/// Cuts a name to a length in bytes, but keeps its extension.
fn cut(name: &str, most: usize) -> String {
    if name.len() <= most {
        return name.to_owned();
    }
    let extension =
        name.rfind('.').and_then(|dot| name.get(dot..)).filter(|it| it.len() <= EXTENSION).unwrap_or_default();
    let room = most.saturating_sub(extension.len());
    let end = (0..=room).rev().find(|end| name.is_char_boundary(*end)).unwrap_or_default();
    format!("{}{extension}", name.get(..end).unwrap_or_default().trim_end_matches(['.', ' ']))
}

/// Returns the file name in a `Content-Disposition` (RFC 6266): `filename*` before `filename`, unless it cannot be read.
fn file_name_in(disposition: &str) -> Option<String> {
    let (mut plain, mut extended) = (None, None);
    let mut rest = disposition.split_once(';')?.1;
    while let Some((name, value)) = rest.split_once('=') {
        let (value, left) = parameter(value.trim_start());
        rest = left;
        match name.trim().to_ascii_lowercase().as_str() {
            "filename*" => extended = extended.or_else(|| extended_name(&value)),
            "filename" => plain = plain.or(Some(value)),
            _ => {}
        }
    }
    extended.or(plain)
}

/// Returns the name in an extended value (RFC 8187): `charset'language'encoded`.
fn extended_name(value: &str) -> Option<String> {
    let (charset, rest) = value.split_once('\'')?;
    let decoded = percent_decode_str(rest.split_once('\'')?.1);
    // ISO 8859-1 maps each byte to the character of the same number.
    if charset.eq_ignore_ascii_case("iso-8859-1") {
        return Some(decoded.map(char::from).collect());
    }
    decoded.decode_utf8().ok().map(Into::into)
}

/// Returns the value of a parameter, without its quotes, and what follows it.
fn parameter(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let (value, rest) = text.split_once(';').unwrap_or((text, ""));
        return (value.trim().to_owned(), rest);
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => {
                let rest = quoted.get(at + 1..).unwrap_or_default();
                return (value, rest.split_once(';').map(|(_, rest)| rest).unwrap_or_default());
            }
            '\\' => value.extend(chars.next().map(|(_, c)| c)),
            c => value.push(c),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_become_harmless() {
        let long = "é".repeat(300) + ".png";
        for (given, expected) in [
            ("report.pdf", Some("report.pdf")),
            ("../../etc/passwd", Some("passwd")),
            ("..\\..\\Windows\\win.ini", Some("win.ini")),
            ("/etc/cron.d/x", Some("x")),
            ("C:evil.exe", Some("C_evil.exe")),
            (".bashrc", Some("bashrc")),
            ("...", None),
            ("..", None),
            ("", None),
            ("dir/", None),
            (" . .profile", Some("profile")),
            ("-rf", Some("rf")),
            ("~root", Some("root")),
            ("a\u{0}b\nc.txt", Some("ab c.txt")),
            ("\u{1b}[2Jx", Some("[2Jx")),
            ("invoice\u{202e}fdp.exe", Some("invoicefdp.exe")),
            ("a\u{200b}.txt", Some("a.txt")),
            ("con", Some("_con")),
            ("NUL.txt", Some("_NUL.txt")),
            ("com1.tar.gz", Some("_com1.tar.gz")),
            ("LPT³", Some("_LPT³")),
            ("COM10", Some("COM10")),
            ("console.log", Some("console.log")),
            ("trailing. . ", Some("trailing")),
            ("a:b|c?.txt", Some("a_b_c_.txt")),
            ("日本 é.png", Some("日本 é.png")),
        ] {
            assert_eq!(safe_file_name(given).as_deref(), expected, "{given:?}");
        }
        let cut = safe_file_name(&long).unwrap();
        assert!(cut.len() <= LONGEST && cut.ends_with("é.png"), "{cut}");
    }

    #[test]
    fn the_name_is_found_in_the_header() {
        for (header, expected) in [
            ("attachment; filename=\"a b.png\"", Some("a b.png")),
            ("attachment; filename=plain.txt; size=3", Some("plain.txt")),
            ("attachment; filename=\"a\\\"b;c.png\"; x=y", Some("a\"b;c.png")),
            ("attachment; filename=\"x.png\"; filename*=UTF-8''%e2%82%ac.png", Some("€.png")),
            ("attachment; FILENAME*=iso-8859-1'en'%A3.txt", Some("£.txt")),
            ("attachment; filename*=UTF-8''%ff.png; filename=\"x.png\"", Some("x.png")),
            ("attachment; filename*=x.png; filename=y.png", Some("y.png")),
            ("inline", None),
            ("attachment; filename=\"unterminated", Some("unterminated")),
        ] {
            assert_eq!(file_name_in(header).as_deref(), expected, "{header}");
        }
    }
}
