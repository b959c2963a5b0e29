//! Builds the HTTP request of a call: URL, headers, credential, body.

use std::{borrow::Cow, sync::Arc};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use percent_encoding::percent_decode_str;
use reqwest::{
    Method, Request, Url,
    header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, COOKIE, HeaderName, HeaderValue},
};

#[cfg(feature = "gzip")]
use reqwest::{Body, header::CONTENT_ENCODING};

#[cfg(feature = "gzip")]
use crate::http::coding;
use crate::{
    call::{Call, operation::Described, progress::Progress, query},
    client::{credential::Key, service::Auth},
    error::Error,
    gateway::url_format::UrlFormat,
    http::{
        base::{self, Base, Below},
        framing, media_type, path,
    },
};

/// Returns the URL format to try first, if the service is behind the gateway.
pub(crate) fn first_format(call: &Call) -> Result<Option<UrlFormat>, Error> {
    let gateway = call.client.shared.gateway.as_ref();
    gateway.map(|gateway| gateway.first_format(&call.target())).transpose().map_err(Error::invalid)
}

/// Builds the request of one attempt, opening its files, whose progress is returned too.
pub(crate) async fn request(
    call: &Call,
    format: Option<UrlFormat>,
    keys: &[Key<'_>],
) -> Result<(Request, Option<Arc<Progress>>), Error> {
    let shared = &call.client.shared;
    let body = call.body();
    // A call that cannot be sent opens no files. In a box, so that other calls do not carry it.
    let before = if body.is_opened() { Some(Box::new(head(call, format, keys)?)) } else { None };
    let scrubbed = |error: Error| error.scrubbed(shared.keyring.secrets());
    let content = body.content(shared.gateway.as_ref()).await.map_err(scrubbed)?;
    let mut request = before.map_or_else(|| head(call, format, keys), |head| Ok(*head))?;
    let mut progress = None;
    if let Some(content) = content {
        progress = content.apply(&mut request, call.has_content_type()).map_err(scrubbed)?;
    } else if [Method::POST, Method::PUT, Method::PATCH].contains(request.method()) {
        // Some servers reject these methods without a `Content-Length`, even if it is 0.
        request.headers_mut().insert(CONTENT_LENGTH, 0.into());
    }
    let request = if call.gzip && body.is_compressible() { compressed(request)? } else { request };
    Ok((request, progress))
}

/// Compresses a body: at once if it is in memory, and otherwise as it is sent.
#[cfg(feature = "gzip")]
fn compressed(mut request: Request) -> Result<Request, Error> {
    let Some(body) = request.body_mut().take() else { return Ok(request) };
    let body = match body.as_bytes() {
        Some(content) => {
            let content = coding::gzip(content);
            content.map_err(|error| Error::invalid(format!("cannot compress the body: {error}")))?.into()
        }
        None => gzipped(body),
    };
    *request.body_mut() = Some(body);
    request.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    request.headers_mut().remove(CONTENT_LENGTH);
    Ok(request)
}

#[cfg(all(feature = "gzip", not(target_arch = "wasm32")))]
fn gzipped(body: Body) -> Body {
    Body::wrap_stream(coding::Gzipped::new(http_body_util::BodyDataStream::new(body)))
}

/// Browsers take whole bodies alone, which are in memory.
#[cfg(all(feature = "gzip", target_arch = "wasm32"))]
fn gzipped(body: Body) -> Body {
    body
}

/// Without the feature, no call asks for it.
#[cfg(not(feature = "gzip"))]
#[expect(clippy::unnecessary_wraps, reason = "it has the type of the function that compresses")]
fn compressed(request: Request) -> Result<Request, Error> {
    Ok(request)
}

/// Returns the credentials that a call sends.
pub(crate) fn keys(call: &Call) -> Result<Vec<Key<'_>>, Error> {
    call.client.shared.keyring.of_call(call.operation.security, call.security.as_deref())
}

/// Builds the request without its body.
pub(crate) fn head(call: &Call, format: Option<UrlFormat>, keys: &[Key<'_>]) -> Result<Request, Error> {
    let shared = &call.client.shared;
    let base = base_of(call)?;
    let url = url_below(&base, call, format, keys)?;
    let mut request = Request::new(call.operation.method().map_err(Error::invalid)?, url);
    let headers = request.headers_mut();
    headers.clone_from(&shared.default_headers);
    if let Some(accept) = call.accept() {
        headers.insert(ACCEPT, media_type::static_header(accept).map_err(Error::invalid)?);
    }
    let mut has_credential = !keys.is_empty() || !call.cookies.is_empty();
    for (name, value) in &call.headers {
        let mut value = value.clone();
        has_credential |= shared.keyring.hide_header(name, &mut value, call.operation.idempotency_key);
        headers.insert(name.clone(), value);
    }
    let is_replaced = |name: &HeaderName| call.headers.iter().any(|(own, _)| own == name);
    has_credential |= !shared.encrypted_defaults.iter().all(is_replaced);
    if has_credential && !base.is_private() && !shared.plaintext {
        return Err(Error::invalid(IN_PLAIN_TEXT));
    }
    let mut cookies = cookies(call);
    for key in keys {
        let token = key.token();
        let secret = token.expose();
        match key.auth() {
            Auth::Header(name) => {
                let name = HeaderName::from_bytes(name.as_bytes());
                let name = name.map_err(|_| Error::invalid("the name of the token's header is malformed"))?;
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
                // Servers do not decode cookies; only characters that would end the cookie are encoded.
                let value = secret.replace('%', "%25").replace(';', "%3B").replace(',', "%2C");
                cookies.push(format!("{name}={value}"));
            }
            Auth::Query(_) => {}
        }
    }
    if !cookies.is_empty() {
        // A request has one `Cookie` header: of several, servers read the first, the last, or all.
        let others = headers.get(COOKIE).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let cookies: Vec<String> = others.into_iter().chain(cookies).collect();
        headers.insert(COOKIE, secret_header(&cookies.join("; "))?);
    }
    Ok(request)
}

/// Returns the cookies that are inputs of a call, which are redacted from now on.
fn cookies(call: &Call) -> Vec<String> {
    let cookies: Vec<String> = call.cookies.iter().map(|(_, pair)| pair.clone()).collect();
    if !cookies.is_empty()
        && let Ok(mut value) = HeaderValue::from_str(&cookies.join("; "))
    {
        call.client.shared.keyring.hide_header(&COOKIE, &mut value, None);
    }
    cookies
}

/// Why a credential is not sent over an unencrypted connection.
pub(crate) const IN_PLAIN_TEXT: &str = "the credential would be sent over `http`, where others can read it; \
     use `https`, or set `allow_plaintext_credentials` on the client's builder";

/// Creates a header value that `Debug` does not show.
fn secret_header(value: &str) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| Error::invalid("the token contains characters that are not allowed in a header"))?;
    value.set_sensitive(true);
    Ok(value)
}

fn url(call: &Call, format: Option<UrlFormat>, keys: &[Key<'_>]) -> Result<Url, Error> {
    url_below(&*base_of(call)?, call, format, keys)
}

/// Returns the base URL of a call.
fn base_of(call: &Call) -> Result<Cow<'_, Base>, Error> {
    let destination = &call.client.shared.destination;
    let Some(server) = &call.operation.server else { return Ok(Cow::Borrowed(&destination.base)) };
    let base = destination.base_of(server);
    base.map(Cow::Owned).map_err(|defect| Error::invalid(format!("the operation's server is invalid: {defect}")))
}

/// Directs a call to a URL that the server gave, such as that of the next page. It is relative to that of the call.
///
/// # Errors
///
/// Returns an error if the URL is not below the base URL of the call, whose credentials it would get.
pub(crate) fn redirect(call: &mut Call, given: &str) -> Result<(), Error> {
    let target = url(call, None, &[])?.join(given).ok().map(|mut target| {
        target.set_fragment(None);
        target
    });
    let base = base_of(call)?;
    let below = target.and_then(|target| base.below(target.as_str()));
    let Below { path, query } = below.ok_or_else(|| Error::invalid(base::not_below(&call.shown(given))))?;
    let keys = keys(call)?;
    // Some servers repeat the credential in the URL. The request adds it again.
    let is_own = |pair: &String| {
        let (name, _) = pair.split_once('=').unwrap_or((pair, ""));
        let name = percent_decode_str(name).decode_utf8_lossy();
        !keys.iter().any(|key| matches!(key.auth(), Auth::Query(own) if *own == name))
    };
    let query = query.into_iter().filter(is_own).map(|pair| ("", pair)).collect();
    drop((base, keys));
    call.operation = Described::Own(Box::new(call.operation.with_path(path)));
    call.path.clear();
    call.query = query;
    Ok(())
}

fn url_below(base: &Base, call: &Call, format: Option<UrlFormat>, keys: &[Key<'_>]) -> Result<Url, Error> {
    let mut text = String::with_capacity(base.text().len() + 256);
    text.push_str(base.text());
    path::expand(&call.operation.path, &call.path, &mut text).map_err(Error::invalid)?;
    let old = match call.client.shared.gateway.as_ref().zip(format) {
        Some((gateway, format)) => {
            let path = text.get(base.text().len()..).unwrap_or_default();
            let query = call.query.iter().map(|(_, pair)| pair.as_str());
            gateway.old_target(path, query, &call.target(), format).map_err(Error::invalid)?
        }
        None => None,
    };
    if let Some(old) = &old {
        text.truncate(base.text().len());
        text.push_str(old.path);
    }
    // A fragment is never sent.
    let below = text.as_bytes().get(base.text().len()..).unwrap_or_default();
    let fragment = below.iter().position(|byte| *byte == b'#').unwrap_or(below.len());
    let mut separator = if below[..fragment].contains(&b'?') { '&' } else { '?' };
    text.truncate(base.text().len() + fragment);
    let mut separate = |text: &mut String| text.push(std::mem::replace(&mut separator, '&'));
    for pair in old.iter().flat_map(|old| &old.query).chain(call.query.iter().map(|(_, pair)| pair)) {
        separate(&mut text);
        text.push_str(pair);
    }
    for key in keys {
        if let Auth::Query(name) = key.auth() {
            separate(&mut text);
            query::push_pair(&mut text, name, key.token().expose());
        }
    }
    base.parse_below(&text).map_err(Error::invalid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        call::operation::Operation,
        client::{
            Client,
            builder::ClientBuilder,
            service::{Scheme, Service},
        },
    };

    static SERVICE: Service = Service::new("https://api.example/x", "TEST")
        .schemes(&[Scheme::new("key", "TEST_KEY", Auth::Bearer)])
        .security(&[&["key"]])
        .optional_credentials();
    static GATEWAY: Service = SERVICE.gateway();

    fn url_of(client: &Client, operation: &'static Operation, values: &[(&'static str, &str)]) -> Result<Url, Error> {
        let mut call = Call::new(client, operation);
        for (name, value) in values {
            call.path(name, *value);
        }
        let request = head(&call, client.shared.gateway.as_ref().map(|_| UrlFormat::Old), &keys(&call)?)?;
        assert!(call.dry_run().is_ok());
        Ok(request.url().clone())
    }

    fn client(base_url: &str) -> ClientBuilder {
        ClientBuilder::new(&SERVICE).token("t").base_url(base_url)
    }

    #[test]
    fn template_and_values_make_no_dot_segment_together() {
        static HALF: Operation = Operation::new(Method::GET, "/%2e{a}/steal");
        static TWO: Operation = Operation::new(Method::GET, "/{a}{b}/steal");
        static DOT: Operation = Operation::new(Method::GET, "/.{a}/steal");
        let client = client("https://api.example/x").build().unwrap();
        for operation in [&HALF, &TWO, &DOT] {
            for value in [".", "%2e", "%2E", "%252e"] {
                let error = url_of(&client, operation, &[("a", value), ("b", ".")]).unwrap_err();
                assert!(matches!(error, Error::InvalidRequest { .. }), "{value}: {error}");
            }
            assert!(url_of(&client, operation, &[("a", "c/../d"), ("b", ".")]).is_ok());
        }
    }

    #[test]
    fn no_path_of_an_operation_leaves_its_base() {
        static PATH: Operation = Operation::new(Method::GET, "@127.0.0.1:1/steal");
        static UP: Operation = Operation::new(Method::GET, "/../../up");
        static AT: Operation = Operation::new(Method::GET, "/a").old_path("@127.0.0.1:1/steal");
        static PORT: Operation = Operation::new(Method::GET, "/a").old_path("1/steal");
        static SIBLING: Operation = Operation::new(Method::GET, "/a").old_path(".evil.example/");
        static SERVER: Operation = Operation::new(Method::GET, "/../a").server("https://b.example/y");
        static USER: Operation = Operation::new(Method::GET, "/a").server("https://b.example@c.example/y");
        for base_url in ["https://api.example/x", "https://api.example"] {
            let client = client(base_url).build().unwrap();
            let behind: Client = ClientBuilder::new(&GATEWAY).token("t").base_url(base_url).build().unwrap();
            for (client, operation) in
                [(&client, &UP), (&behind, &UP), (&behind, &AT), (&behind, &PORT), (&behind, &SIBLING)]
            {
                assert!(matches!(url_of(client, operation, &[]), Err(Error::InvalidRequest { .. })), "{operation:?}");
            }
            assert_eq!(url_of(&client, &PATH, &[]).unwrap().as_str(), format!("{base_url}/@127.0.0.1:1/steal"));
        }
        let client = ClientBuilder::<Client>::new(&SERVICE).token("t").build().unwrap();
        assert!(url_of(&client, &SERVER, &[]).is_err() && url_of(&client, &USER, &[]).is_err());
    }

    #[test]
    fn no_property_of_a_query_stands_in_for_a_value_of_the_gateway() {
        static LIST: Operation = Operation::new(Method::GET, "/a/{id}/b").old_path("/a/id/b");
        let client: Client = ClientBuilder::new(&GATEWAY).token("t").build().unwrap();
        for (filter, is_refused) in [
            (serde_json::json!({"ID": "x/../y"}), true),
            (serde_json::json!({"id": "x"}), false),
            (serde_json::json!({"url": "https://a.example/../b"}), false),
        ] {
            let mut call = Call::new(&client, &LIST);
            call.path("id", "1");
            call.styled_query("filter", crate::call::query::QueryStyle::Repeated, &filter);
            for format in [UrlFormat::New, UrlFormat::Old] {
                let keys = keys(&call).unwrap();
                assert_eq!(head(&call, Some(format), &keys).is_err(), is_refused, "{filter}");
            }
        }
    }

    #[test]
    fn other_credentials_do_not_displace_that_of_a_default_header() {
        static OPEN: Operation = Operation::new(Method::GET, "/a").security(&[]);
        let builder = client("https://api.example").default_secret_header("x-team", "marked 1");
        let client = builder.default_header("x-api-key", "marked-by-name").build().unwrap();
        for index in 0..100 {
            let mut call = Call::new(&client, &OPEN);
            call.header("x-session-id", format!("session-{index:06}"));
            head(&call, None, &[]).unwrap();
        }
        let echo = "marked 1, marked-by-name, session-000099, session-000000";
        let shown = crate::shown::redact::scrub(echo, client.shared.secrets());
        assert_eq!(shown, "[redacted], [redacted], [redacted], session-000000");
    }

    #[test]
    fn a_credential_is_not_sent_in_plain_text() {
        static SECRET: Operation = Operation::new(Method::GET, "/a");
        static OPEN: Operation = Operation::new(Method::GET, "/a").security(&[]);
        static ELSEWHERE: Operation = Operation::new(Method::GET, "/a").server("http://b.example");
        let plain = client("http://api.example").build().unwrap();
        let error = url_of(&plain, &SECRET, &[]).unwrap_err();
        assert!(error.to_string().contains("the credential would be sent over `http`"), "{error}");
        assert!(url_of(&plain, &OPEN, &[]).is_ok());
        for name in ["authorization", "Cookie", "X-Api-Key", "x-session-token"] {
            let own = client("http://api.example").default_header(name, "Bearer b").build().unwrap();
            assert!(url_of(&own, &OPEN, &[]).is_err(), "{name}");
        }
        for name in ["surrogate-key", "x-author", "x-hub-signature"] {
            let own = client("http://api.example").default_header(name, "b").build().unwrap();
            assert!(url_of(&own, &OPEN, &[]).is_ok(), "{name}");
            let own = client("http://api.example").default_secret_header(name, "b").build().unwrap();
            assert!(url_of(&own, &OPEN, &[]).is_err(), "{name}");
            let mut call = Call::new(&own, &OPEN);
            call.header(name, "c");
            assert!(head(&call, None, &[]).is_ok(), "{name}");
            call.secret_header(name, "c");
            assert!(head(&call, None, &[]).is_err(), "{name}");
        }
        assert!(url_of(&client("http://127.0.0.1:1").build().unwrap(), &SECRET, &[]).is_ok());
        let allowed = client("http://api.example").allow_plaintext_credentials().build().unwrap();
        assert!(url_of(&allowed, &SECRET, &[]).is_ok());
        let encrypted = ClientBuilder::<Client>::new(&SERVICE).token("t").build().unwrap();
        assert!(url_of(&encrypted, &SECRET, &[]).is_ok() && url_of(&encrypted, &ELSEWHERE, &[]).is_err());
    }
}
