//! Handles a request, from its arrival to its response.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use hyper::{
    HeaderMap, Method, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, HeaderName},
};
use serde_json::{Map, Value, json};

use crate::{
    answer::{Call, Upstream, answer},
    body::{Payload, read_body},
    config::Settings,
    document::Document,
    envelope::{Answer, refuse, success},
    log::{RecordedRequest, UrlFormat},
    observed, old_format,
    path::decode,
    query::{Pairs, QueryRules, TOKEN_PARAMETER, check_path, read_query},
    refusal::{Origin, Refusal},
    route::{Route, find_provider_route, find_route},
    sample::Sampler,
    store::Store,
};

/// The state that all requests share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) document: Document,
    pub(crate) settings: Settings,
    pub(crate) store: Store,
    log: Mutex<Vec<RecordedRequest>>,
    /// The refusals of the next requests, one each.
    failures: Mutex<VecDeque<Refusal>>,
}

impl Shared {
    pub(crate) fn new(document: Document, settings: Settings) -> Self {
        Self { document, settings, store: Store::default(), log: Mutex::default(), failures: Mutex::default() }
    }

    pub(crate) fn failures(&self) -> MutexGuard<'_, VecDeque<Refusal>> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records are pushed whole, so a panic elsewhere leaves no partial record.
    pub(crate) fn log(&self) -> MutexGuard<'_, Vec<RecordedRequest>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request as it arrived.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: Pairs,
    pub(crate) headers: HeaderMap,
    /// The body, or the reason why it could not be read.
    pub(crate) body: Result<Bytes, Refusal>,
}

impl Received {
    pub(crate) fn query_value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn header_pairs(&self) -> Pairs {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        self.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect()
    }

    fn header(&self, name: &HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// Responds to a request and records it. Returns `None` if the connection closes without a response.
pub(crate) async fn respond(shared: &Shared, received: Received) -> Option<Answer> {
    let Shared { document, settings, .. } = shared;
    let route = find_route(document, settings, &received.method, &received.path, &received.query);
    let answer = if is_health_check(&received) {
        Some(Answer::json(StatusCode::OK, &json!({"status": "ok"})))
    } else if settings.observed() && is_front_page(&received, document) {
        Some(Answer::redirect(FRONT_PAGE))
    } else {
        let failure = shared.failures().pop_front();
        let decided = match (failure, &route) {
            (Some(failure), _) => Err(failure),
            (None, Some(route)) => decide(shared, &received, route).await,
            (None, None) => Err(Refusal::route()),
        };
        match decided {
            Ok(upstream) => Some(success(settings, document.provider(), upstream)),
            Err(refusal) if refusal.origin == Origin::Nobody => None,
            Err(refusal) => Some(refuse(settings, document.provider(), &resource(document, route.as_ref()), refusal)),
        }
    };
    shared.log().push(record(received, route.as_ref(), answer.as_ref().map_or(0, |answer| answer.status.as_u16())));
    answer
}

fn is_health_check(received: &Received) -> bool {
    received.method == Method::GET && matches!(received.path.as_str(), "/health-check" | "/api/v1/health-check")
}

/// The redirect target of the provider's base URL.
const FRONT_PAGE: &str = "https://lowcodeapi.com";

fn is_front_page(received: &Received, document: &Document) -> bool {
    received.method == Method::GET && received.path.trim_end_matches('/').eq_ignore_ascii_case(&document.base)
}

fn resource(document: &Document, route: Option<&Route<'_>>) -> String {
    let noun = route.map_or("", |route| route.operation.template.noun());
    Sampler::new(&document.schemas, noun, None).resource().to_owned()
}

fn record(received: Received, route: Option<&Route<'_>>, status: u16) -> RecordedRequest {
    RecordedRequest {
        method: received.method.to_string(),
        decoded_path: decode(&received.path),
        headers: received.header_pairs(),
        path: received.path,
        query: received.query,
        body: received.body.unwrap_or_default(),
        format: route.map(|route| route.format),
        route: route.map(|route| route.operation.template.as_str().to_owned()),
        operation: route.and_then(|route| route.operation.id.clone()),
        status,
    }
}

/// Checks uploads before the token, and the token before the rest, as the open-source server does.
async fn decide(shared: &Shared, received: &Received, route: &Route<'_>) -> Result<Upstream, Refusal> {
    let Shared { document, settings, store, .. } = shared;
    let bytes = received.body.clone()?;
    let payload = Payload { content_type: received.header(&CONTENT_TYPE), bytes, garbles: false };
    if settings.observed() {
        observed::check_upload(&document.schemas, route.operation, &payload).await?;
        observed::check_token(&settings.token, received)?;
    } else {
        check_token(&settings.token, received)?;
    }
    let (operation, values) = match route.format {
        UrlFormat::New | UrlFormat::Old if settings.observed() => {
            let values = if route.format == UrlFormat::New { &route.values } else { &received.query };
            let path = old_format::provider_path(&route.operation.template, values);
            let arrived = find_provider_route(document, &received.method, &path);
            let arrived = arrived.ok_or_else(|| Refusal::missing(format!("{path} not found")))?;
            (arrived.operation, arrived.values)
        }
        UrlFormat::New | UrlFormat::Same => (route.operation, route.values.clone()),
        UrlFormat::Old => {
            (route.operation, old_format::read_values(route.operation, &received.query).map_err(Refusal::inputs)?)
        }
    };
    let payload =
        if settings.observed() { observed::forward(&document.schemas, operation, &payload)? } else { payload };
    let rules = QueryRules { with_path: route.format == UrlFormat::Old, strict: !settings.observed() };
    let mut problems = check_path(&document.schemas, operation, &values);
    let query = read_query(&document.schemas, operation, &received.query, rules);
    let query = or_problems(query, &mut problems);
    let fields = or_problems(read_body(&document.schemas, operation, &payload).await, &mut problems);
    if !problems.is_empty() {
        return Err(Refusal::inputs(problems));
    }
    let accept = if settings.observed() { "" } else { received.header(&ACCEPT) };
    answer(document, settings, store, &Call { operation, values, query, fields, accept })
}

/// Collects the problems, so that one response lists those of path, query and body.
fn or_problems(read: Result<Map<String, Value>, Vec<String>>, problems: &mut Vec<String>) -> Map<String, Value> {
    read.unwrap_or_else(|found| {
        problems.extend(found);
        Map::new()
    })
}

fn check_token(expected: &str, received: &Received) -> Result<(), Refusal> {
    let problem = match received.query_value(TOKEN_PARAMETER) {
        Some(token) if token == expected => return Ok(()),
        Some(_) => format!("the token in the query parameter `{TOKEN_PARAMETER}` is not valid"),
        None => format!("the query parameter `{TOKEN_PARAMETER}` is required: it carries the token"),
    };
    Err(Refusal::new(Origin::Gateway, StatusCode::UNAUTHORIZED, problem))
}
