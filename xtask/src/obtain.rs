//! Obtains a document from an address, the provider's addresses or a file.

use std::{fs::File, io::Read, path::Path};

use reqwest::Url;

use crate::{
    download::{Answer, Body, Limits, download},
    failure::Failure,
    progress::Progress,
    provenance::without_secrets,
    report::Report,
    shown::shown,
};

/// A document, and where it is from.
#[derive(Debug)]
pub(crate) struct Obtained {
    pub(crate) body: Body,
    /// Without secrets.
    pub(crate) source: String,
}

/// The addresses of a provider's document, in the order of requests.
pub(crate) fn provider_urls(backend: &str, provider: &str) -> Result<Vec<Url>, Failure> {
    ["openapi", "definition"].iter().map(|ending| parse_url(&format!("{backend}/{provider}/{ending}"))).collect()
}

/// Parses an HTTP address. The failure does not repeat it, because it may hold a token.
pub(crate) fn parse_url(text: &str) -> Result<Url, Failure> {
    let url = Url::parse(text).map_err(|error| Failure::usage(format!("the address is not a URL: {error}")))?;
    if matches!(url.scheme(), "http" | "https") {
        Ok(url)
    } else {
        Err(Failure::usage(format!("the address begins with `{}:`, not with `https:` or `http:`", url.scheme())))
    }
}

/// Whether the text is an HTTP address.
pub(crate) fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// Requests the addresses in turn until one has a document. Returns `None` if the one with this entity tag is current.
///
/// The next address follows only after an error status or a web page. A server that cannot be reached would not answer at
/// the next address either.
pub(crate) fn from_urls(urls: &[Url], etag: Option<(&str, &str)>, limits: Limits) -> Result<Option<Obtained>, Failure> {
    let mut refusals = Vec::new();
    for (index, url) in urls.iter().enumerate() {
        let source = without_secrets(url);
        let etag = etag.filter(|(of, _)| *of == source).map(|(_, etag)| etag);
        match download(url, etag, limits, &Progress::new())? {
            Answer::NotModified => return Ok(None),
            Answer::Refused(status) => {
                let failure = Answer::refusal(status, url);
                if index + 1 < urls.len() {
                    Report::status(format_args!(
                        "{source}: {}; asking the next address",
                        shown(&failure.finding.message)
                    ));
                }
                refusals.push(failure);
            }
            Answer::Body(body) if index + 1 < urls.len() && is_page(&body) => {
                Report::status(format_args!("{source}: the server answered with a web page; asking the next address"));
            }
            Answer::Body(body) => return Ok(Some(Obtained { body, source })),
        }
    }
    Err(refusals.pop().unwrap_or_else(|| Failure::usage("no address is given; pass one with --url")))
}

/// Reads a file, within the same limit.
pub(crate) fn from_file(path: &Path, source: String, limits: Limits) -> Result<Obtained, Failure> {
    let file = File::open(path).map_err(|error| Failure::io(path, &error))?;
    let mut bytes = Vec::new();
    file.take(limits.max_bytes() + 1).read_to_end(&mut bytes).map_err(|error| Failure::io(path, &error))?;
    if bytes.len() as u64 > limits.max_bytes() {
        return Err(limits.too_large(&source));
    }
    Ok(Obtained { body: Body { bytes, content_type: None, etag: None, redirected: None }, source })
}

fn is_page(body: &Body) -> bool {
    body.bytes.trim_ascii_start().starts_with(b"<")
}
