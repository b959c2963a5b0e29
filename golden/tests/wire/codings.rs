//! Compressed bodies.

use std::io::{Read as _, Write as _};

use flate2::{Compression, read::GzDecoder, write};
use golden::{body_multipart::types::Place, responses_success_or_empty};
use lowcodeapi_runtime::{Error, Upload};

use crate::wire::support::{Answer, Server, given, sent};

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = write::GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn coded(status: u16, media_type: &'static str, content: &[u8]) -> Answer {
    Answer::new(status, media_type, gzip(content)).header("content-encoding", "gzip")
}

#[tokio::test]
async fn compressed_answers_are_decoded() {
    let server = Server::new([coded(200, "application/json", br#"{"text":"hi"}"#)]);
    let client = server.client(responses_success_or_empty::Client::builder());
    assert_eq!(client.next_message().await.unwrap().unwrap().text, "hi");
    let accepted = server.request().header("accept-encoding").unwrap();
    assert!(["gzip", "deflate"].iter().all(|coding| accepted.split(',').any(|it| it == *coding)), "{accepted}");

    let mut encoder = write::ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(br#"{"text":"hi"}"#).unwrap();
    let answer = Answer::json(200, "").header("content-encoding", "deflate").with_body(encoder.finish().unwrap());
    let got = given!(responses_success_or_empty, answer, |client| client.next_message());
    assert_eq!(got.unwrap().unwrap().text, "hi");

    let refused = coded(400, "application/json", br#"{"message":"no","code":"x"}"#);
    let error = given!(responses_success_or_empty, refused, |client| client.next_message()).unwrap_err();
    let error = error.as_api().unwrap();
    assert_eq!((error.message(), error.code()), ("no", Some("x")));

    let lines = coded(200, "application/x-ndjson", b"{\"id\":1}\n{\"id\":2}\n");
    let mut rows = given!(messages_lines, lines, |client| client.export_rows().stream()).unwrap();
    assert_eq!(rows.next().await.unwrap().unwrap().id, 1);
    assert_eq!(rows.next().await.unwrap().unwrap().id, 2);
    assert!(rows.next().await.is_none());

    let file = coded(200, "image/png", b"\x89PNG");
    assert_eq!(given!(responses_binary, file.clone(), |client| client.get_logo()).unwrap(), b"\x89PNG".as_slice());
    let mut stream = given!(responses_binary, file, |client| client.get_logo().stream()).unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), b"\x89PNG".as_slice());
    let nothing = Answer::empty(204).header("content-encoding", "gzip");
    given!(responses_declared, nothing, |client| client.remove_door()).unwrap();
}

#[tokio::test]
async fn what_is_decoded_is_bounded() {
    let bomb = coded(200, "application/json", &vec![b' '; 1 << 24]);
    assert!(matches!(&bomb, answer if answer.len() < 1 << 16));
    let server = Server::new([bomb]);
    let client = server.client(responses_success_or_empty::Client::builder().max_response_bytes(1 << 20));
    let error = client.next_message().await.unwrap_err();
    assert!(matches!(error, Error::TooLarge { limit: 0x10_0000, .. }), "{error:?}");
}

#[cfg(not(feature = "brotli"))]
#[tokio::test]
async fn a_coding_that_is_not_built_in_is_no_content() {
    let answer = |status| Answer::new(status, "image/png", "coded").header("content-encoding", "br");
    let message = "the body has the coding `br`, which needs the feature `brotli` of the runtime";
    for error in [
        given!(responses_binary, answer(200), |client| client.get_logo()).map(drop),
        given!(responses_binary, answer(200), |client| client.get_logo().stream()).map(drop),
        given!(responses_success_or_empty, answer(200), |client| client.next_message()).map(drop),
        given!(messages_lines, answer(200), |client| client.export_rows().stream()).map(drop),
    ] {
        let Err(Error::Decode(error)) = error else { unreachable!("{error:?}") };
        assert_eq!((error.message.as_str(), error.body().as_ref()), (message, b"coded".as_slice()));
    }
    let error = given!(responses_binary, answer(500), |client| client.get_logo()).unwrap_err();
    assert_eq!(error.as_api().unwrap().message(), message);
}

#[tokio::test]
async fn a_broken_coding_breaks_the_response() {
    let broken = Answer::new(200, "image/png", "no gzip").header("content-encoding", "gzip");
    let error = given!(responses_binary, broken, |client| client.get_logo()).unwrap_err();
    assert!(error.is_transport(), "{error:?}");
}

#[tokio::test]
async fn a_file_keeps_its_own_coding() {
    let file = gzip(b"a file");
    let answer = Answer::new(200, "application/pdf", file.clone());
    assert_eq!(given!(responses_binary, answer, |client| client.print_ticket("1")).unwrap(), file);
}

#[tokio::test]
async fn a_body_is_compressed_where_the_caller_asks() {
    let request = sent!(body_json_inline, |client| client.create_review(5).text("Rex").with_gzip());
    assert_eq!(request.header("content-encoding").as_deref(), Some("gzip"));
    assert_eq!(request.header("content-length"), Some(request.body.len().to_string()));
    assert_eq!(request.header("content-type").as_deref(), Some("application/json"));
    let mut text = String::new();
    GzDecoder::new(request.body.as_slice()).read_to_string(&mut text).unwrap();
    assert!(text.contains("Rex"), "{text}");
    let client = golden::body_json_inline::Client::builder().token("t").build().unwrap();
    let dry = client.create_review(5).text("it's").with_gzip().dry_run().unwrap();
    assert_eq!(
        (&dry.headers["content-encoding"], dry.body.as_deref()),
        (&"gzip".parse().unwrap(), Some("{\"stars\":5,\"text\":\"it's\"}"))
    );
    assert!(
        dry.curl().starts_with("printf %s '{\"stars\":5,\"text\":\"it'\\''s\"}' | gzip --stdout | curl "),
        "{}",
        dry.curl()
    );
    assert!(dry.curl().ends_with(" --data-binary '@-'"), "{}", dry.curl());
    let request = sent!(responses_declared, |client| client.remove_door().with_gzip());
    request.assert_no_body();
    assert_eq!(request.header("content-encoding"), None);
}

#[tokio::test]
async fn a_file_is_compressed_as_it_is_sent() {
    let content = "Rex ".repeat(100_000);
    let file = || Upload::from_bytes("a.txt", content.clone());
    let text = |body: &[u8]| {
        let mut text = String::new();
        GzDecoder::new(body).read_to_string(&mut text).unwrap();
        text
    };
    let request = sent!(body_binary, |client| client.upload_photo(file()).with_gzip());
    assert_eq!(request.header("content-encoding").as_deref(), Some("gzip"));
    assert_eq!(request.header("transfer-encoding").as_deref(), Some("chunked"));
    assert!(request.body.len() < content.len() / 10);
    assert_eq!(text(&request.body), content);

    let request = sent!(body_multipart, |client| client.upload_recording(file(), "a", Place::new("x")).with_gzip());
    assert_eq!(request.header("content-encoding").as_deref(), Some("gzip"));
    assert!(text(&request.body).contains(&content));
}
