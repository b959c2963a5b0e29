//! The codings of contents, such as `gzip`.

use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};

use crate::http::media_type;

/// The codings, and the feature that decodes each.
const FEATURES: [(&str, &str); 5] =
    [("gzip", "gzip"), ("x-gzip", "gzip"), ("deflate", "deflate"), ("br", "brotli"), ("zstd", "zstd")];

/// Returns why the body of a response is not its content: the HTTP client has left a coding, because it does not know it.
pub(crate) fn undecoded(headers: &HeaderMap) -> Option<String> {
    if !headers.contains_key(CONTENT_ENCODING) {
        return None;
    }
    let left = headers.get_all(CONTENT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let codings: Vec<String> =
        left.flat_map(|value| value.split(',')).map(|coding| coding.trim().to_ascii_lowercase()).collect();
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let coding = codings.iter().find(|coding| !matches!(coding.as_str(), "" | "identity" | "aws-chunked"))?;
    // Some servers declare the coding of a file, such as that of a `.tar.gz`, as that of its content too.
    if codings.len() == 1 && is_file_of(media_type, coding) {
        return None;
    }
    let feature = FEATURES.iter().find(|(name, _)| name == coding && codings.len() == 1);
    let remedy = feature.map_or_else(
        || "which the client does not decode".to_owned(),
        |(_, feature)| format!("which needs the feature `{feature}` of the runtime"),
    );
    Some(format!("the body has the coding `{}`, {remedy}", codings.join(", ")))
}

/// Whether a media type is that of files in a coding: `application/gzip`, `application/x-gzip`.
fn is_file_of(media_type: &str, coding: &str) -> bool {
    let essence = media_type::essence(media_type);
    let subtype = essence.split_once('/').map_or("", |(_, subtype)| subtype);
    let plain = |name: &str| name.trim_start_matches("x-").to_owned();
    let names = [plain(coding), if coding == "br" { "brotli".to_owned() } else { plain(coding) }];
    names.contains(&plain(subtype))
}

/// Compresses the body of a request.
#[cfg(feature = "gzip")]
pub(crate) fn gzip(content: &[u8]) -> std::io::Result<Vec<u8>> {
    use std::io::Write as _;

    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(content)?;
    encoder.finish()
}

/// A body that is compressed as it is sent.
#[cfg(all(feature = "gzip", not(target_arch = "wasm32")))]
pub(crate) struct Gzipped<S> {
    pieces: S,
    /// `None` once the end was written.
    encoder: Option<flate2::write::GzEncoder<Vec<u8>>>,
}

#[cfg(all(feature = "gzip", not(target_arch = "wasm32")))]
impl<S> Gzipped<S> {
    pub(crate) fn new(pieces: S) -> Self {
        Self { pieces, encoder: Some(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default())) }
    }
}

#[cfg(all(feature = "gzip", not(target_arch = "wasm32")))]
impl<S, E> futures_core::Stream for Gzipped<S>
where
    S: futures_core::Stream<Item = Result<bytes::Bytes, E>> + Unpin,
    E: std::error::Error + Send + Sync + 'static,
{
    type Item = Result<bytes::Bytes, Box<dyn std::error::Error + Send + Sync>>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        use std::{io::Write as _, pin::Pin, task::Poll};

        let this = &mut *self;
        while let Some(encoder) = &mut this.encoder {
            match std::task::ready!(Pin::new(&mut this.pieces).poll_next(cx)) {
                Some(Ok(piece)) => {
                    if let Err(error) = encoder.write_all(&piece) {
                        return Poll::Ready(Some(Err(error.into())));
                    }
                    let written = std::mem::take(encoder.get_mut());
                    if !written.is_empty() {
                        return Poll::Ready(Some(Ok(written.into())));
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
                None => {
                    let end = this.encoder.take().map(flate2::write::GzEncoder::finish);
                    return Poll::Ready(end.map(|end| Ok(end?.into())));
                }
            }
        }
        Poll::Ready(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(media_type: &str, codings: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, media_type.parse().unwrap());
        for coding in codings {
            headers.append(CONTENT_ENCODING, coding.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_coding_that_is_left_is_told() {
        let told = |codings: &[&str]| undecoded(&headers("application/json", codings));
        assert_eq!(told(&[]), None);
        assert_eq!(told(&["Identity"]), None);
        assert_eq!(
            told(&["BR"]).unwrap(),
            "the body has the coding `br`, which needs the feature `brotli` of the runtime"
        );
        let several = "the body has the coding `gzip, br`, which the client does not decode";
        assert_eq!(told(&["gzip, br"]).unwrap(), several);
        assert_eq!(told(&["gzip", "br"]).unwrap(), several);
        assert!(told(&["compress"]).unwrap().ends_with("which the client does not decode"));
    }

    #[test]
    fn the_coding_of_a_file_is_its_own() {
        assert_eq!(undecoded(&headers("application/x-gzip", &["x-gzip"])), None);
        assert!(undecoded(&headers("application/x-tar", &["x-gzip"])).is_some());
        assert!(undecoded(&headers("application/vnd.library; profile=abr", &["br"])).is_some());
    }
}
