//! Property tests: independent parsers read our encodings back, and readers neither panic nor reveal the credential.

use std::{convert::Infallible, sync::LazyLock};

use bytes::Bytes;
use futures_util::stream;
use http_body_util::BodyExt;
use multer::Multipart;
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use reqwest::{
    Method, StatusCode, Url,
    header::{HeaderMap, HeaderValue},
};
use tokio::runtime::Builder;

use crate::{
    call::{
        Call, multipart,
        operation::{Described, Operation},
        upload::Upload,
    },
    client::{
        Client,
        builder::ClientBuilder,
        service::{Auth, Scheme, Service},
    },
    error::api_error::{self, ApiError},
    gateway::{Gateway, url_format::UrlFormat},
    http::{dots::has_hidden_dot_segment, path},
    reply::lines::Lines,
    send::request::{keys, request},
    shown::redact,
};

static SERVICE: Service = Service::new("https://api.example/x", "TEST")
    .schemes(&[Scheme::new("ApiToken", "TEST_TOKEN", Auth::Query("api_token"))])
    .security(&[&["ApiToken"]])
    .gateway();
static GET: Operation = Operation::new(Method::GET, "/v1/tones/{tone_id}/use").old_path("/v1/tones/tone_id/use");
static POST: Operation = Operation::new(Method::POST, "/v1/files").multipart();

/// Anything except white space and control characters, which clients reject.
const TOKEN: &str = "[^\\s\\p{C}]{4,20}";

/// Building a client costs far more than a test case.
pub(crate) static CLIENT: LazyLock<Client> = LazyLock::new(|| client("at_1"));

fn client(token: &str) -> Client {
    ClientBuilder::new(&SERVICE).token(token).build().unwrap()
}

fn composed(call: &Call, format: UrlFormat) -> Result<reqwest::Request, crate::error::Error> {
    let runtime = Builder::new_current_thread().build().unwrap();
    runtime.block_on(request(call, Some(format), &keys(call)?)).map(|(request, _)| request)
}

/// Returns the segments of a URL's path, decoded by a different crate from the one that encoded them.
fn segments(url: &Url) -> Vec<String> {
    let segments = url.path_segments().unwrap();
    segments.map(|segment| percent_decode_str(segment).decode_utf8().unwrap().into_owned()).collect()
}

#[test]
fn a_token_of_any_characters_is_read_back() {
    for token in ["at_1", "+/=&?#%", "é%2B", "\"'<>"] {
        let mut call = Call::new(&client(token), &GET);
        call.path("tone_id", "a");
        let request = composed(&call, UrlFormat::New).unwrap();
        let read: Vec<(String, String)> = request.url().query_pairs().into_owned().collect();
        assert_eq!(read, [("api_token".to_owned(), token.to_owned())]);
    }
}

#[test]
fn a_query_in_a_path_stays_and_a_fragment_goes() {
    static BETA: Operation = Operation::new(Method::GET, "/v1/files?beta=true#list");
    let mut call = Call::new(&CLIENT, &BETA);
    call.query("page", "2");
    let request = composed(&call, UrlFormat::New).unwrap();
    assert_eq!(request.url().as_str(), "https://api.example/x/v1/files?beta=true&page=2&api_token=at_1");
}

#[test]
fn a_media_type_of_the_document_that_no_header_can_carry_is_an_error() {
    const MEDIA_TYPES: &[&str] = &["é/x", "a/b\r\nx-injected: 1", "a/b\0"];
    for media_type in MEDIA_TYPES {
        let call = |operation: Operation| Call::of(&CLIENT, Described::Own(Box::new(operation)));
        let operation = || Operation::new(Method::POST, "/v1/files");
        let mut file = call(operation());
        file.binary_body(Some(media_type), Upload::from_bytes("a", "x"));
        let mut text = call(operation());
        text.text_body(media_type, "x");
        let mut whole = call(operation().json().content_type(media_type));
        whole.json_body(1);
        let mut part = call(operation().multipart());
        part.typed_part("a", media_type, 1);
        let mut typed_file = call(operation().multipart());
        typed_file.typed_file_part("a", media_type, Upload::from_bytes("a", "x"));
        let fields = call(operation().json().content_type(media_type).required_body());
        for call in [call(operation().accept(media_type)), file, text, whole, part, typed_file, fields] {
            let error = composed(&call, UrlFormat::New).unwrap_err().to_string();
            assert!(error.contains("media type") && !error.contains('\n'), "{media_type:?}: {error}");
            assert!(!call.dry_run().is_ok_and(|dry| dry.curl().contains('\r')), "{media_type:?}");
        }
    }
}

proptest! {
    #[test]
    fn a_path_value_arrives_as_it_is_or_is_refused(value in any::<String>()) {
        let mut call = Call::new(&CLIENT, &GET);
        call.path("tone_id", &value);
        match composed(&call, UrlFormat::New) {
            Ok(request) => prop_assert_eq!(segments(request.url()), ["x", "v1", "tones", &value, "use"]),
            Err(_) => prop_assert!(value.is_empty() || has_hidden_dot_segment(&value)),
        }
        if let Ok(request) = composed(&call, UrlFormat::Old) {
            prop_assert_eq!(segments(request.url()), ["x", "v1", "tones", "tone_id", "use"]);
            let (name, once) = request.url().query_pairs().next().unwrap();
            prop_assert_eq!(name, "tone_id");
            // The gateway decodes the value once and inserts it into the provider's path.
            let provider = Url::parse(&format!("https://provider.example/v1/tones/{once}/use")).unwrap();
            prop_assert_eq!(segments(&provider), ["v1", "tones", &value, "use"]);
        }
    }

    #[test]
    fn query_values_are_read_back(values in prop::collection::vec(any::<String>(), 3)) {
        let mut call = Call::new(&CLIENT, &GET);
        call.path("tone_id", "a");
        let names = ["q", "expand[]", "a b&c"];
        for (name, value) in names.into_iter().zip(&values) {
            call.query(name, value);
        }
        let request = composed(&call, UrlFormat::New).unwrap();
        let read: Vec<(String, String)> = request.url().query_pairs().into_owned().collect();
        let sent = names.into_iter().zip(&values).map(|(name, value)| (name.to_owned(), value.clone()));
        let sent: Vec<_> = sent.chain([("api_token".to_owned(), "at_1".to_owned())]).collect();
        prop_assert_eq!(read, sent);
    }

    #[test]
    fn multipart_parts_are_read_back(text in any::<String>(), file_name in any::<String>(), content in any::<Vec<u8>>()) {
        let mut call = Call::new(&CLIENT, &POST);
        call.text_part("a[\"b\"]", &text);
        call.file_part("file", Upload::from_bytes(&file_name, content.clone()));
        let runtime = Builder::new_current_thread().build().unwrap();
        let parts = runtime.block_on(async {
            let (mut request, _) = request(&call, Some(UrlFormat::New), &keys(&call).unwrap()).await.unwrap();
            let boundary = multer::parse_boundary(request.headers()["content-type"].to_str().unwrap()).unwrap();
            let body = request.body_mut().take().unwrap().collect().await.unwrap().to_bytes();
            let mut form = Multipart::new(stream::iter([Ok::<_, Infallible>(body)]), boundary);
            let mut parts = Vec::new();
            while let Some(field) = form.next_field().await.unwrap() {
                let names = (field.name().map(str::to_owned), field.file_name().map(str::to_owned));
                parts.push((names, field.bytes().await.unwrap().to_vec()));
            }
            parts
        });
        let expected = vec![
            ((Some("a[%22b%22]".to_owned()), None), text.into_bytes()),
            ((Some("file".to_owned()), Some(multipart::quotable(&file_name))), content),
        ];
        prop_assert_eq!(parts, expected);
    }

    #[test]
    fn the_error_reader_takes_any_bytes_and_keeps_the_token_in(
        before in any::<Vec<u8>>(), after in any::<Vec<u8>>(), token in TOKEN, header in any::<Vec<u8>>()
    ) {
        let body = [before.as_slice(), token.as_bytes(), &after].concat();
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_bytes(&[header.as_slice(), token.as_bytes()].concat()) {
            headers.insert("x-request-id", value);
        }
        let error = ApiError::read(StatusCode::BAD_REQUEST, &headers, &Bytes::from(body), Some(&Gateway::default()), &redact::Secrets::from(token.as_str()));
        let seen = format!("{error} {} {} {:?} {:?}", error.body(), error.message(), error.code(), error.request_id());
        // The remaining text may equal a token of punctuation; the token that was sent is between its neighbours.
        prop_assert!(seen.contains(redact::REDACTED) || !seen.contains(&token));
    }

    #[test]
    fn a_token_in_any_spelling_is_taken_out(token in "[a-z0-9_/+%é-]{6,20}", before in "[ -~]{0,20}", after in "[ -~]{0,20}") {
        let percent = path::encode_value(&token);
        let twice = path::encode_value(&percent);
        let form: String = Url::parse_with_params("form:", [("k", &token)]).unwrap().query().unwrap()[2..].to_owned();
        let json = serde_json::to_string(&token).unwrap();
        for spelling in [&token, &percent, &twice, &percent.to_lowercase(), &form, json.trim_matches('"')] {
            let text = format!("{before} {spelling} {after}");
            let scrubbed = redact::scrub(&text, &redact::Secrets::from(token.as_str()));
            prop_assert!(scrubbed.contains(redact::REDACTED), "{} in {}", spelling, scrubbed);
        }
    }

    #[test]
    fn any_delay_is_read_without_panic(text in any::<String>(), number in any::<f64>()) {
        for text in [text, number.to_string()] {
            let mut headers = HeaderMap::new();
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert("retry-after", value);
            }
            let _ = api_error::retry_after(StatusCode::TOO_MANY_REQUESTS, &headers, text.as_bytes(), Some(&Gateway::default()));
        }
    }

    #[test]
    fn lines_do_not_depend_on_how_a_body_arrives(text in "[ab\\r\\n]{0,40}", cuts in prop::collection::vec(1usize..6, 0..40)) {
        let mut rest = text.as_bytes();
        let mut chunks = Vec::new();
        for cut in cuts.into_iter().chain([text.len()]) {
            let (chunk, after) = rest.split_at(cut.min(rest.len()));
            chunks.push(Ok(Bytes::copy_from_slice(chunk)));
            rest = after;
        }
        let runtime = Builder::new_current_thread().build().unwrap();
        let lines = runtime.block_on(async {
            let mut lines = Lines::new(Box::pin(stream::iter(chunks)), usize::MAX);
            let mut got = Vec::new();
            while let Some(line) = lines.next().await.unwrap() {
                got.push(String::from_utf8(line.to_vec()).unwrap());
            }
            got
        });
        let unified = text.replace("\r\n", "\n").replace('\r', "\n");
        let expected: Vec<&str> = unified.split_terminator('\n').collect();
        prop_assert_eq!(lines, expected);
    }
}
