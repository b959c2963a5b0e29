//! Names of downloads that a server suggests. A server must not choose where a file is written, nor hide what it is.

pub(crate) use lowcodeapi_runtime::__private::safe_file_name as safe;
use lowcodeapi_runtime::{__private::suggested_file_name, header::HeaderMap};

/// Returns the name for a download: the server's suggestion if it has one, else the fallback with the extension of the
/// media type.
pub(crate) fn of_download(headers: &HeaderMap, media_type: &str, fallback: &str) -> String {
    let fallback = || format!("{fallback}.{}", extension(media_type));
    suggested_file_name(headers).or_else(|| safe(&fallback())).unwrap_or_else(|| "download".to_owned())
}

/// Returns the name with a number before its extension.
pub(crate) fn numbered(name: &str, number: u32) -> String {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => format!("{stem}-{number}.{extension}"),
        _ => format!("{name}-{number}"),
    }
}

/// Returns the usual extension of a media type.
fn extension(media_type: &str) -> &str {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let known = mime_guess::get_mime_extensions_str(essence).unwrap_or_default();
    let (kind, subtype) = essence.split_once('/').unwrap_or_default();
    match known {
        _ if subtype == "octet-stream" => "bin",
        [] => "bin",
        _ if known.contains(&subtype) => subtype,
        _ if kind == "text" && known.contains(&"txt") => "txt",
        [first, ..] => first,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_download_without_a_name_gets_one() {
        for (media_type, expected) in [
            ("image/png", "image remove.png"),
            ("text/plain; charset=utf-8", "image remove.txt"),
            ("application/octet-stream", "image remove.bin"),
            ("", "image remove.bin"),
            ("application/x-unheard-of", "image remove.bin"),
        ] {
            assert_eq!(of_download(&HeaderMap::new(), media_type, "image remove"), expected);
        }
        assert_eq!([numbered("a.tar.gz", 2), numbered("a", 2)], ["a.tar-2.gz", "a-2"]);
    }
}
