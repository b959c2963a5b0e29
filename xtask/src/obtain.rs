//! Gets a document from wherever the command line says: an address, the provider's two addresses, a file.

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

/// The addresses at which the gateway describes a provider, in the order in which they are asked.
pub(crate) fn provider_urls(backend: &str, provider: &str) -> Result<Vec<Url>, Failure> {
    ["openapi", "definition"].iter().map(|ending| parse_url(&format!("{backend}/{provider}/{ending}"))).collect()
}

/// An address of the kinds that can be asked. What is wrong with it is said without repeating it.
pub(crate) fn parse_url(text: &str) -> Result<Url, Failure> {
    let url = Url::parse(text).map_err(|error| Failure::usage(format!("the address cannot be read: {error}")))?;
    if matches!(url.scheme(), "http" | "https") {
        Ok(url)
    } else {
        Err(Failure::usage(format!("an address begins with https:// or http://, not {}:", url.scheme())))
    }
}

/// Whether a document is named by its address.
pub(crate) fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// Asks the addresses in turn until one has a document; `None` when the one with this entity tag still is current.
///
/// The next address is asked where one answers that it has no document, or with a web page. A server that cannot be
/// reached would not answer there either.
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
    Err(refusals.pop().unwrap_or_else(|| Failure::usage("there is no address to ask")))
}

/// Reads a file, within the same bound.
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
