//! From a call to an HTTP request: URL, headers, credential, body.

use std::sync::Arc;

use reqwest::{
    RequestBuilder, Url,
    header::{ACCEPT, AUTHORIZATION, COOKIE, HeaderName, HeaderValue},
};

use crate::{Auth, Call, Error, Token, UrlFormat, attempt::describe, path, progress::Progress, query};

/// The request of one attempt; files are opened here.
pub(crate) async fn request(
    call: &Call,
    format: UrlFormat,
    progress: &Arc<Progress>,
) -> Result<reqwest::Request, Error> {
    let request = call.body.apply(&call.operation.method, head(call, format)?, progress).await?;
    request.build().map_err(|error| Error::invalid(describe(error, call.client.shared.secrets())))
}

/// The request without its body.
pub(crate) fn head(call: &Call, format: UrlFormat) -> Result<RequestBuilder, Error> {
    let shared = &call.client.shared;
    let credentials = shared.keyring.of_call(&call.operation)?;
    let url = url(call, format, &credentials)?;
    let mut headers = shared.default_headers.clone();
    if let Some(accept) = call.accept() {
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
    }
    for (name, value) in &call.headers {
        headers.insert(name.clone(), value.clone());
    }
    let mut request = shared.http.request(call.operation.method.clone(), url).headers(headers);
    let mut cookies: Vec<String> = call.cookies.iter().map(|(_, pair)| pair.clone()).collect();
    for (auth, token) in credentials {
        let secret = token.expose();
        match auth {
            Auth::Header(name) => {
                let name = HeaderName::from_bytes(name.as_bytes());
                let name = name.map_err(|_| Error::invalid("the header of the token is malformed"))?;
                request = request.header(name, secret_header(secret)?);
            }
            Auth::Bearer => request = request.header(AUTHORIZATION, secret_header(&format!("Bearer {secret}"))?),
            Auth::Http(scheme) => {
                request = request.header(AUTHORIZATION, secret_header(&format!("{scheme} {secret}"))?);
            }
            Auth::Basic => {
                let (user, password) = token.user_and_password();
                request = request.basic_auth(user, Some(password));
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
        request = request.header(COOKIE, secret_header(&cookies.join("; "))?);
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
    // The values are checked by the template in either format.
    let expanded = path::expand(&call.operation.path, &call.path).map_err(Error::invalid)?;
    let old = call.operation.old_path.filter(|_| format == UrlFormat::Old);
    let path = old.unwrap_or(&expanded);
    let server = call.operation.server.filter(|_| !shared.is_own_base_url);
    let base_url = server.unwrap_or(&shared.base_url);
    let mut url = Url::parse(&format!("{base_url}{path}")).map_err(|error| Error::invalid(error.to_string()))?;
    let mut query: Vec<String> = Vec::new();
    if old.is_some() {
        // The gateway decodes the value once and puts it into the provider's path as it is, so the encoded value is
        // encoded once more.
        query.extend(call.path.iter().map(|(name, value)| query::pair(name, value)));
    }
    query.extend(call.query.iter().map(|(_, pair)| pair.clone()));
    for (auth, token) in credentials {
        if let Auth::Query(name) = auth {
            query.push(query::pair(name, token.expose()));
        }
    }
    if !query.is_empty() {
        url.set_query(Some(&query.join("&")));
    }
    Ok(url)
}
