//! From a call to an HTTP request: URL, headers, credential, body.

use std::sync::Arc;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use reqwest::{
    Request, Url,
    header::{ACCEPT, AUTHORIZATION, COOKIE, HeaderName, HeaderValue},
};

use crate::{Auth, Call, Error, Token, UrlFormat, framing, media_type, path, progress::Progress, query};

/// The request of one attempt; files are opened here.
pub(crate) async fn request(call: &Call, format: UrlFormat, progress: &Arc<Progress>) -> Result<Request, Error> {
    call.body.apply(head(call, format)?, &call.client.shared.http, progress).await
}

/// The request without its body.
pub(crate) fn head(call: &Call, format: UrlFormat) -> Result<Request, Error> {
    let shared = &call.client.shared;
    let credentials = shared.keyring.of_call(&call.operation)?;
    let url = url(call, format, &credentials)?;
    let mut request = Request::new(call.operation.method.clone(), url);
    let headers = request.headers_mut();
    headers.clone_from(&shared.default_headers);
    if let Some(accept) = call.accept() {
        headers.insert(ACCEPT, media_type::header(accept)?);
    }
    for (name, value) in &call.headers {
        headers.insert(name.clone(), value.clone());
    }
    let mut cookies: Vec<String> = call.cookies.iter().map(|(_, pair)| pair.clone()).collect();
    for (auth, token) in credentials {
        let secret = token.expose();
        match auth {
            Auth::Header(name) => {
                let name = HeaderName::from_bytes(name.as_bytes());
                let name = name.map_err(|_| Error::invalid("the header of the token is malformed"))?;
                if let Some(refusal) = framing::refusal(&name) {
                    return Err(Error::invalid(refusal));
                }
                headers.insert(name, secret_header(secret)?);
            }
            Auth::Bearer => {
                headers.insert(AUTHORIZATION, secret_header(&format!("Bearer {secret}"))?);
            }
            Auth::Http(scheme) => {
                headers.insert(AUTHORIZATION, secret_header(&format!("{scheme} {secret}"))?);
            }
            Auth::Basic => {
                let (user, password) = token.user_and_password();
                let encoded = BASE64_STANDARD.encode(format!("{user}:{password}"));
                headers.insert(AUTHORIZATION, secret_header(&format!("Basic {encoded}"))?);
            }
            Auth::Cookie(name) => {
                // Servers take a cookie as it comes; only what would end it is encoded.
                let value = secret.replace('%', "%25").replace(';', "%3B").replace(',', "%2C");
                cookies.push(format!("{name}={value}"));
            }
            Auth::Query(_) => {}
        }
    }
    if !cookies.is_empty() {
        // There is one such header at most: of several, servers take the first, the last, or all.
        let others = headers.get(COOKIE).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let cookies: Vec<String> = others.into_iter().chain(cookies).collect();
        headers.insert(COOKIE, secret_header(&cookies.join("; "))?);
    }
    Ok(request)
}

/// A header whose value does not print.
fn secret_header(value: &str) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| Error::invalid("the token has characters that no header can carry"))?;
    value.set_sensitive(true);
    Ok(value)
}

fn url(call: &Call, format: UrlFormat, credentials: &[(Auth, &Token)]) -> Result<Url, Error> {
    let shared = &call.client.shared;
    let old = call.operation.old_path.filter(|_| format == UrlFormat::Old);
    let server = call.operation.server.filter(|_| !shared.is_own_base_url);
    let base_url = server.unwrap_or(&shared.base_url);
    let mut text = String::with_capacity(base_url.len() + 256);
    text.push_str(base_url);
    // The values are checked by the template in either format.
    path::expand(&call.operation.path, &call.path, &mut text).map_err(Error::invalid)?;
    if let Some(old) = old {
        text.truncate(base_url.len());
        text.push_str(old);
    }
    // What follows a `#` never leaves the client.
    text.truncate(text.find('#').unwrap_or(text.len()));
    let mut separator = if text.contains('?') { '&' } else { '?' };
    let mut add = |pair: &str| {
        text.push(separator);
        text.push_str(pair);
        separator = '&';
    };
    if old.is_some() {
        // The gateway decodes the value once and puts it into the provider's path as it is, so the encoded value is
        // encoded once more.
        call.path.iter().for_each(|(name, value)| add(&query::pair(name, value)));
    }
    call.query.iter().for_each(|(_, pair)| add(pair));
    let mut url = Url::parse(&text).map_err(|error| Error::invalid(error.to_string()))?;
    for (auth, token) in credentials {
        if let Auth::Query(name) = auth {
            url.query_pairs_mut().append_pair(name, token.expose());
        }
    }
    Ok(url)
}
