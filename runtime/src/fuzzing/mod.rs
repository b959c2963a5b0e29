//! Entry points of the fuzz targets for code that reads external bytes. Compiled with `--cfg fuzzing`, and in tests,
//! which call each of them with plausible input.

#![allow(clippy::panic, reason = "fuzz targets report failures as panics")]

mod models;

use std::{
    io::{BufRead, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::{LazyLock, Mutex, PoisonError},
    thread,
};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use reqwest::{
    Method, StatusCode,
    header::{HeaderMap, HeaderValue},
};
use serde_json::{Map, Value};
use tokio::runtime::{Builder, Runtime};

use crate::{
    call::{Call, operation::Operation},
    client::{Client, builder::ClientBuilder, retry::RetryPolicy, service::Service},
    error::{
        Error,
        api_error::{self, ApiError},
    },
    gateway::Gateway,
    model::{encoded::Encoded, list_envelope::ListEnvelope, meter::Meter, one_pass, purpose::Purpose},
    reply::{
        decode::{self, Json, Reply},
        events::{self, Framing},
        lines::Lines,
        pagination::{PageCursor as _, Pagination},
        stream::Chunks,
    },
    shown::redact::{self, Secrets},
};
use models::{Any, Deep, Page};

const SECRET: &str = "at_marked";

/// The limit of a message, in bytes.
const LIMIT: usize = 1000;

static SERVICE: Service = Service::new("http://localhost", "FUZZ");
static LIST: Operation = Operation::new(Method::GET, "/list");

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    // A fuzzer that cannot start finds nothing.
    Builder::new_current_thread().enable_all().build().unwrap_or_else(|error| panic!("{error}"))
});

/// Reads arbitrary bytes as the body and the headers of an error.
///
/// # Panics
///
/// Panics if the credential is revealed.
pub fn read_error(body: &[u8]) {
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_bytes(body) {
        headers.insert("retry-after", value.clone());
        headers.insert("x-request-id", value);
    }
    let error = ApiError::read(
        StatusCode::BAD_REQUEST,
        &headers,
        &Bytes::copy_from_slice(body),
        Some(&Gateway::default()),
        &Secrets::from(SECRET),
    );
    let shown = error.to_string();
    assert!(shown.chars().count() <= 1001 && !shown.contains(char::is_control), "{shown:?}");
    let seen = format!("{error} {error:?} {} {:?} {:?}", error.body(), error.headers(), error.decode::<String>());
    assert!(!seen.contains(SECRET), "{seen}");
}

/// Reads arbitrary text as a delay, and redacts the credential in it.
pub fn read_delay(text: &str) {
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert("retry-after", value);
    }
    let _ = api_error::retry_after(StatusCode::TOO_MANY_REQUESTS, &headers, text.as_bytes(), Some(&Gateway::default()));
    let _ = redact::scrub(text, &Secrets::from(SECRET));
}

/// Reads arbitrary bytes as a model with unions: in one pass, as a list in any form, and from a tree. Then writes the
/// value and reads it again.
///
/// # Panics
///
/// Panics if the results differ.
pub fn read_models(body: &[u8]) {
    let body = Bytes::copy_from_slice(body);
    let (secrets, list_envelope) =
        (&Secrets::from(SECRET), Some(ListEnvelope { property: "items", siblings: &["next"] }));
    let behind = Gateway::default();
    for gateway in [None, Some(&behind)] {
        let (status, content_type) = (StatusCode::OK, "application/json");
        let reply = Reply {
            status,
            body: body.clone(),
            gateway,
            content_type,
            event: None,
            redirect: None,
            accept: None,
            list_envelope,
            #[cfg(feature = "catalogue")]
            outcomes: &[],
            secrets,
            limit: 0,
        };
        let any = decode::decode_any_form::<Page>(&reply);
        let meter = &Meter::of_text(body.len(), 0);
        let page = match gateway {
            Some(gateway) => gateway.read::<Page>(&body, Some("items"), meter),
            None => one_pass::read::<Page>(&body, Some("items"), meter),
        };
        if let Some(page) = page {
            assert_eq!(Some(page), any.ok());
        } else if let Err(error) = any {
            assert!(!error.to_string().contains(char::is_control), "{error:?}");
        }
    }
    for read in [again::<Any>, again::<Deep>] {
        read(&body);
    }
}

/// Reads a value, writes it, and reads it again. The second round must lose nothing. What is written may fit another variant than
/// before, as a shorter number does, lists and maps drop `null`, and a map may be an empty list.
fn again<T: crate::model::Decodable + crate::model::Encodable>(body: &[u8]) {
    let read = |body: &[u8]| one_pass::read::<T>(body, None, &Meter::of_text(body.len(), 0));
    let Some(first) = read(body) else { return };
    let written = serde_json::to_vec(&Encoded::new(&first, Purpose::Keep)).unwrap_or_default();
    let Some(second) = read(&written) else { return };
    let value = |text: &[u8]| serde_json::from_slice::<Value>(text).ok().map(as_taken);
    assert_eq!(value(&written), value(&serde_json::to_vec(&Encoded::new(&second, Purpose::Keep)).unwrap_or_default()));
}

/// Returns a value without its nulls, and with empty lists as empty maps.
fn as_taken(value: Value) -> Value {
    match value {
        Value::Array(items) => {
            let items: Vec<Value> = items.into_iter().filter(|item| !item.is_null()).map(as_taken).collect();
            if items.is_empty() { Value::Object(Map::new()) } else { Value::Array(items) }
        }
        Value::Object(map) => {
            let members = map.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(members.map(|(key, value)| (key, as_taken(value))).collect())
        }
        value => value,
    }
}

/// Splits the bytes into chunks, whose lengths are derived from the bytes.
fn chunks(body: &[u8], is_whole: bool) -> Chunks {
    let mut rest = body;
    let mut chunks = Vec::new();
    while let [first, ..] = rest {
        let length = if is_whole { rest.len() } else { (usize::from(*first) % 16 + 1).min(rest.len()) };
        let (chunk, after) = rest.split_at(length);
        chunks.push(Ok(Bytes::copy_from_slice(chunk)));
        rest = after;
    }
    Box::pin(stream::iter(chunks))
}

/// Splits arbitrary bytes into lines.
///
/// # Panics
///
/// Panics if the result depends on the chunks, or if a line exceeds the limit.
pub fn read_lines(body: &[u8]) {
    let lines = |is_whole| {
        let mut lines = Lines::new(chunks(body, is_whole), LIMIT);
        RUNTIME.block_on(async {
            let mut got = Vec::new();
            while let Ok(Some(line)) = lines.next().await {
                assert!(line.len() <= LIMIT && !line.contains(&b'\n') && !line.contains(&b'\r'));
                got.push(line);
            }
            got
        })
    };
    assert_eq!(lines(true), lines(false));
}

/// Reads arbitrary bytes as server-sent events, as JSON lines and as a JSON sequence.
///
/// # Panics
///
/// Panics if the result depends on the chunks, if a message exceeds the limit, or if a truncated stream ends without an
/// error.
pub fn read_messages(body: &[u8]) {
    let messages = |framing, is_whole| {
        let messages = events::messages(chunks(body, is_whole), LIMIT, framing, None, None);
        RUNTIME.block_on(messages.map(|it| it.map_err(|error| error.to_string())).collect::<Vec<_>>())
    };
    for framing in [Framing::Events, Framing::Lines, Framing::Sequence] {
        let whole = messages(framing, true);
        assert_eq!(whole, messages(framing, false));
        assert!(whole.iter().rev().skip(1).all(Result::is_ok));
        assert!(whole.iter().flatten().all(|event| event.data.len() <= LIMIT));
    }
}

fn client(base_url: &str) -> Client {
    let builder = ClientBuilder::<Client>::new(&SERVICE).base_url(base_url).retry(RetryPolicy::never());
    builder.max_response_bytes(LIMIT).build().unwrap_or_else(|error| panic!("{error}"))
}

/// The server's next responses; the last one is repeated.
static PAGES: Mutex<Vec<Bytes>> = Mutex::new(Vec::new());

static PAGER: LazyLock<Client> = LazyLock::new(|| {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|error| panic!("{error}"));
    let address = listener.local_addr().unwrap_or_else(|error| panic!("{error}"));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || serve(&stream));
        }
    });
    client(&format!("http://{address}"))
});

/// Answers every request of a connection.
fn serve(stream: &TcpStream) -> Option<()> {
    let mut lines = BufReader::new(stream).lines();
    let mut stream = stream;
    loop {
        while !lines.next()?.ok()?.is_empty() {}
        let mut pages = PAGES.lock().unwrap_or_else(PoisonError::into_inner);
        let page = if pages.len() > 1 { pages.remove(0) } else { pages.first()?.clone() };
        drop(pages);
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", page.len());
        stream.write_all(&[head.as_bytes(), &page].concat()).ok()?;
    }
}

/// Follows lists whose pages are arbitrary bytes, split at each `0xff`. A list must end, or return an error.
///
/// # Panics
///
/// Panics if it requests more pages than there are.
pub fn read_pages(body: &[u8]) {
    static BY_CURSOR: Pagination<Page, Any> =
        Pagination::by_cursor("after", |page: &Page| page.next.as_ref()?.cursor(), |page| Some(&mut page.items));
    static BY_NUMBER: Pagination<Page, Any> =
        Pagination::new("page", 1, |page: &mut Page| Some(&mut page.items)).total(|page| page.total);
    for pagination in [&BY_CURSOR, &BY_NUMBER] {
        let bodies: Vec<Bytes> = body.split(|byte| *byte == 0xff).map(Bytes::copy_from_slice).collect();
        let most = bodies.len() + 2;
        *PAGES.lock().unwrap_or_else(PoisonError::into_inner) = bodies;
        let pages = Call::new(&PAGER, &LIST).pages::<Json<Page>, Any>(pagination);
        let pages: Vec<Result<Page, Error>> = RUNTIME.block_on(pages.take(most + 1).collect());
        assert!(pages.len() <= most, "{} pages", pages.len());
        assert!(pages.iter().rev().skip(1).all(Result::is_ok));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Generates text from typical pieces.
    fn of(pieces: &'static [&'static str], length: usize) -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(prop::sample::select(pieces), 0..length).prop_map(|pieces| pieces.concat().into_bytes())
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop::sample::select(vec!["1", "1.0", "2.5", "null", "true", "\"x\"", "\"p\"", "\"y\"", "[]", "{}"]);
        let leaf = leaf.prop_map(|text| serde_json::from_str::<Value>(text).unwrap());
        leaf.prop_recursive(5, 40, 5, |inner| {
            let name = prop::sample::select(vec!["a", "b", "n", "t", "d", "items", "next", "total", "x"]);
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((name, inner), 0..5)
                    .prop_map(|all| all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn models_are_read_in_every_way(value in json()) {
            read_models(value.to_string().as_bytes());
        }

        #[test]
        fn errors_are_read(value in json(), name in "message|error|at_marked|headers") {
            read_error(serde_json::json!({name: value, "x": "at_marked\u{1b}\n"}).to_string().as_bytes());
        }

        #[test]
        fn messages_are_read(body in of(&["data", "id", "event", "retry", ":", " ", "\n", "\r", "\u{feff}", "x", "1", "\0"], 200)) {
            read_messages(&body);
            read_lines(&body);
        }

        #[test]
        fn a_flood_is_cut_off(line in of(&["data", ":", "\n", "\r", "x"], 6), times in 1usize..600) {
            read_messages(&line.repeat(times));
        }

        #[test]
        fn pages_are_followed(pages in prop::collection::vec((0u8..3, "[a-c]?"), 0..12)) {
            let page = |(items, next): (u8, String)| {
                let items: Vec<u8> = (0..items).collect();
                serde_json::json!({"items": items, "next": next, "total": 5}).to_string().into_bytes()
            };
            read_pages(&pages.into_iter().map(page).collect::<Vec<_>>().join(&0xff));
        }
    }
}
