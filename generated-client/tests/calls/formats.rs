//! The gateway's two URL formats, its two envelopes, and the list shapes that providers answer with.

use std::{env, process::Command, time::Duration};

use lowcodeapi_jasper::{Client, Error, Method, RetryPolicy, Upload, UrlFormat};
use lowcodeapi_mock::{Behaviour, Envelope, ListShape, UrlFormats};

use crate::support::{Scripted, TOKEN, answer, client_of, gateway, gateway_with};

#[tokio::test]
async fn both_envelopes_and_every_list_shape_give_one_type() {
    for envelope in [Envelope::Data, Envelope::Result] {
        for shape in [ListShape::Envelope, ListShape::BareList, ListShape::ListOfEnvelopes, ListShape::SingleItem] {
            let (_gateway, client) = gateway(|it| it.envelope(envelope).list_shape(shape)).await;
            client.create_tone("a", "b").await.unwrap();
            let tones = client.list_tones().await.unwrap();
            assert_eq!(tones.data.len(), 1, "{envelope:?} {shape:?}");
            assert_eq!(tones.data[0].name, "a");
            assert!(!client.list_styles().await.unwrap().data.is_empty(), "{envelope:?} {shape:?}");
            let templates = client.list_templates().await.unwrap();
            assert!(templates.data.iter().all(|template| template.name.is_some()), "{envelope:?} {shape:?}");
        }
    }
}

#[tokio::test]
async fn pagination_is_read_in_both_spellings() {
    for shape in [ListShape::Envelope, ListShape::ListOfEnvelopes] {
        let (_gateway, client) = gateway(|it| it.list_shape(shape)).await;
        client.create_tone("a", "b").await.unwrap();
        let pagination = client.list_tones().size(7).await.unwrap().pagination.unwrap();
        assert_eq!((pagination.total_records, pagination.page, pagination.size), (1, 1, 7), "{shape:?}");
    }
}

#[tokio::test]
async fn the_old_format_is_found_and_remembered() {
    for envelope in [Envelope::Data, Envelope::Result] {
        let (gateway, client) = gateway(|it| it.formats(UrlFormats::OldOnly).envelope(envelope)).await;
        assert_eq!(client.url_format(), None);
        client.get_template("skl_1").await.unwrap();
        assert_eq!(client.url_format(), Some(UrlFormat::Old));
        client.get_template("skl_2").await.unwrap();
        let lines: Vec<_> =
            gateway.requests().iter().map(|it| format!("{} {:?}", it.path, it.query_value("template_id"))).collect();
        let expected = [
            "/jasper/v1/templates/skl_1 None",
            "/jasper/v1/templates/template_id Some(\"skl_1\")",
            "/jasper/v1/templates/template_id Some(\"skl_2\")",
        ];
        assert_eq!(lines, expected, "{envelope:?}");
    }
}

#[tokio::test]
async fn the_new_format_is_remembered_even_by_the_providers_404() {
    let (gateway, client) = gateway(|it| it.envelope(Envelope::Result)).await;
    let error = client.get_tone("ton_9").await.unwrap_err();
    assert_eq!(error.status().map(|it| it.as_u16()), Some(404));
    assert_eq!(client.url_format(), Some(UrlFormat::New));
    assert_eq!(gateway.requests().len(), 1);
}

#[tokio::test]
async fn a_call_with_one_url_settles_nothing() {
    let (_gateway, client) = gateway(|it| it).await;
    client.list_tones().await.unwrap();
    assert_eq!(client.url_format(), None);
}

#[tokio::test]
async fn a_404_that_cannot_tell_is_tried_in_both_formats_once() {
    let unclear = answer("404 Not Found", "", r#"{"data":{"error":{"message":"Not Found","code":"NOT_FOUND"}}}"#);
    let server = Scripted::new(&[&unclear]);
    let client = client_of(&server.base_url);
    for _ in 0..2 {
        assert_eq!(client.get_tone("ton_1").await.unwrap_err().status().map(|it| it.as_u16()), Some(404));
    }
    let paths: Vec<_> =
        server.request_lines().iter().map(|it| it.split('?').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(paths, ["GET /jasper/v1/tones/ton_1", "GET /jasper/v1/tones/tone_id", "GET /jasper/v1/tones/ton_1"]);
    assert_eq!(client.url_format(), None);
}

/// Method and path of the requests so far.
fn paths(server: &Scripted) -> Vec<String> {
    server.request_lines().iter().map(|it| it.split('?').next().unwrap_or_default().to_owned()).collect()
}

const NEW: &str = "/jasper/v1/tones/ton_1";
const OLD: &str = "/jasper/v1/tones/tone_id";
const DELETED: &str = r#"{"message":"m","provider":"jasper","result":{"deleted":true},"response_headers":{}}"#;
const TONE: &str = r#"{"message":"m","provider":"jasper","result":{"data":{"name":"n","value":"v"}}}"#;

#[tokio::test]
async fn a_connection_that_breaks_on_the_new_format_is_a_reason_for_the_old_one() {
    let server = Scripted::new(&["", &answer("200 OK", "content-type: application/json\r\n", DELETED)]);
    let client = client_of(&server.base_url);
    assert!(client.delete_tone("ton_1").await.unwrap().deleted);
    assert_eq!(paths(&server), [format!("DELETE {NEW}"), format!("DELETE {OLD}")]);
    assert_eq!(client.url_format(), Some(UrlFormat::Old));
    client.delete_tone("ton_1").await.unwrap();
    assert_eq!(paths(&server)[2..], [format!("DELETE {OLD}")]);

    // The provider's answer of whatever status settles it; a gateway that breaks every connection settles nothing.
    let missing = answer("404 Not Found", "", r#"{"message":"m","provider":"jasper","error":{},"headers":{}}"#);
    let server = Scripted::new(&["", &missing]);
    let client = client_of(&server.base_url);
    assert!(client.get_tone("ton_1").await.unwrap_err().is_not_found());
    assert_eq!(client.url_format(), Some(UrlFormat::Old));
    let server = Scripted::new(&[""]);
    let policy = RetryPolicy::default().base_delay(Duration::from_millis(1));
    let client = client_of(&server.base_url);
    let error = client.get_tone("ton_1").with_retry(policy).await.unwrap_err();
    assert!(matches!(error, Error::Transport { .. }), "{error:?}");
    assert_eq!(error.attempts().len(), 2);
    assert_eq!(paths(&server), [format!("GET {NEW}"), format!("GET {OLD}"), format!("GET {OLD}")]);
    assert_eq!(client.url_format(), None);
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_no_reason_for_the_other_format() {
    let server = Scripted::new(&["HTTP/1.1 200 OK\r\ncontent-length: 100\r\nconnection: close\r\n\r\n{"]);
    let client = client_of(&server.base_url);
    assert!(matches!(client.get_tone("ton_1").await, Err(Error::Transport { .. })));
    assert_eq!((paths(&server), client.url_format()), (vec![format!("GET {NEW}")], Some(UrlFormat::New)));
}

#[tokio::test]
async fn a_connection_that_breaks_by_chance_does_not_cost_the_new_format() {
    let no_route = answer("404 Not Found", "", r#"{"message":"Not Found"}"#);
    let good = answer("200 OK", "content-type: application/json\r\n", TONE);
    let server = Scripted::new(&["", &no_route, &good]);
    let client = client_of(&server.base_url);
    let policy = RetryPolicy::default().base_delay(Duration::from_millis(1));
    client.get_tone("ton_1").with_retry(policy).await.unwrap();
    assert_eq!(paths(&server), [format!("GET {NEW}"), format!("GET {OLD}"), format!("GET {NEW}")]);
    // Without retries the call ends with what broke, which is no 404.
    let server = Scripted::new(&["", &no_route, &good]);
    let error = client_of(&server.base_url).get_tone("ton_1").await.unwrap_err();
    assert!(matches!(error, Error::Transport { .. }) && error.may_have_been_processed(), "{error:?}");
    assert_eq!(paths(&server).len(), 2);
}

#[tokio::test]
async fn what_is_not_safe_to_repeat_is_not_sent_in_the_other_format() {
    let server = Scripted::new(&[""]);
    let client = client_of(&server.base_url);
    let error = client.apply_style("sty_1", "c").await.unwrap_err();
    assert!(matches!(error, Error::Transport { .. }) && error.may_have_been_processed(), "{error:?}");
    assert!(error.to_string().contains("`url_format` on the client's builder"), "{error}");
    assert_eq!(paths(&server), ["POST /jasper/v1/styles/sty_1/apply"]);
}

#[tokio::test]
async fn an_upload_that_can_be_read_once_says_why_it_was_not_sent_again() {
    let upload = || Upload::from_reader("a.txt", 1, &b"x"[..]);
    let server = Scripted::answering("404 Not Found", "", r#"{"message":"Not Found"}"#);
    let error = client_of(&server.base_url).update_knowledge("kno_1").file(upload()).await.unwrap_err();
    assert!(error.is_not_found() && !error.may_have_been_processed(), "{error:?}");
    let shown = error.to_string();
    assert!(shown.contains("can be read only once") && shown.contains("`url_format`"), "{shown}");
    assert_eq!(paths(&server), ["PATCH /jasper/v1/knowledge/kno_1"]);
    // The same for a retry.
    let server = Scripted::answering("429 Too Many Requests", "retry-after: 0\r\n", "");
    let request = client_of(&server.base_url).create_knowledge("n", upload()).with_retry(RetryPolicy::default());
    let shown = request.await.unwrap_err().to_string();
    assert!(shown.contains("can be read only once, so the call was not retried"), "{shown}");
}

#[tokio::test]
async fn a_format_that_is_set_is_the_only_one() {
    let no_route = answer("404 Not Found", "", r#"{"message":"Not Found"}"#);
    for (format, path) in [(UrlFormat::New, NEW), (UrlFormat::Old, OLD)] {
        let server = Scripted::new(&[&no_route]);
        let builder = Client::builder().token(TOKEN).base_url(&server.base_url).retry(RetryPolicy::never());
        let client = builder.url_format(format).build().unwrap();
        assert_eq!(client.url_format(), Some(format));
        let line = client.get_tone("ton_1").dry_run().unwrap().url;
        assert!(line.contains(&format!("{path}?")), "{line}");
        assert!(client.get_tone("ton_1").await.unwrap_err().is_not_found());
        assert_eq!(paths(&server), [format!("GET {path}")]);
        assert_eq!(client.url_format(), Some(format));
    }
}

/// The variables of a process are read in one of its own.
#[test]
fn the_environment_sets_the_format() {
    if env::var_os("LOWCODEAPI_TEST_CHILD").is_some() {
        match Client::from_env() {
            Ok(client) => println!("format: {:?}", client.url_format()),
            Err(error) => println!("format: {error}"),
        }
        return;
    }
    for (text, expected) in [
        ("old", "format: Some(Old)"),
        ("NEW", "format: Some(New)"),
        ("", "format: None"),
        ("older", "format: cannot build the client: LOWCODEAPI_URL_FORMAT is `older`; expected `new` or `old`"),
    ] {
        let child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "formats::the_environment_sets_the_format", "--nocapture"])
            .envs([("LOWCODEAPI_TEST_CHILD", "1"), ("LOWCODEAPI_TOKEN", TOKEN), ("LOWCODEAPI_URL_FORMAT", text)])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stdout).into_owned();
        assert!(said.contains(expected), "{text}: {said}");
    }
}

#[tokio::test]
async fn a_hostile_value_arrives_as_it_is_in_both_formats() {
    let values = [
        ("a/b", "a%2Fb"),
        ("a?b=c", "a%3Fb%3Dc"),
        ("a#b", "a%23b"),
        ("%2F", "%252F"),
        ("$&", "%24%26"),
        ("é", "%C3%A9"),
        ("a+b c", "a%2Bb%20c"),
        ("a\n", "a%0A"),
    ];
    let (new, new_client) = gateway(|it| it.formats(UrlFormats::NewOnly)).await;
    let (old, old_client) = gateway(|it| it.formats(UrlFormats::OldOnly)).await;
    for (value, encoded) in values {
        // The open-source gateway takes the others apart; see below.
        if !value.contains(['?', '#', '$']) {
            new_client.apply_style(value, "c").await.unwrap();
            let request = new.requests().pop().unwrap();
            assert_eq!(request.path, format!("/jasper/v1/styles/{encoded}/apply"));
            assert_eq!(request.operation.as_deref(), Some("apply_style"));
        }

        old_client.apply_style(value, "c").await.unwrap();
        let request = old.requests().pop().unwrap();
        assert_eq!(request.path, "/jasper/v1/styles/style_id/apply");
        // The gateway decodes the query once, and Jasper the path that the value then stands in.
        assert_eq!(request.query_value("style_id"), Some(encoded));
    }
}

#[tokio::test]
async fn a_value_that_would_lead_elsewhere_is_refused_before_any_request() {
    let values = [
        "",
        ".",
        "..",
        "x/../../knowledge/kno_5",
        "x\\..\\..\\knowledge\\kno_5",
        "x%2F..%2F..%2Fknowledge",
        "x/%252e%252E/y",
        "%2e%2e",
        "./x",
        "x/..",
        "x/%c0%ae%c0%ae/y",
        "x/..;a/y",
        "x/.\n./y",
    ];
    for format in [None, Some(UrlFormat::New), Some(UrlFormat::Old)] {
        let (gateway, client) = gateway_with(
            |it| it,
            |builder| match format {
                Some(format) => builder.url_format(format),
                None => builder,
            },
        )
        .await;
        for value in values {
            let error = client.delete_tone(value).await.unwrap_err();
            assert!(error.to_string().starts_with("cannot send the request: the path value"), "{value}: {error}");
            assert!(client.delete_tone(value).dry_run().is_err());
            let raw = client.raw_request(Method::DELETE, "/v1/tones/tone_id").query("tone_id", value);
            assert_eq!(raw.dry_run().is_err(), !value.is_empty(), "{value}");
        }
        assert_eq!(gateway.requests().len(), 0);
    }
}

#[tokio::test]
async fn a_value_that_the_new_format_would_take_apart_goes_in_the_old_one() {
    for value in ["ton_1?x", "ton_1#x", "x$&", "x$'"] {
        let (gateway, client) = gateway(|it| it).await;
        let _ = client.get_tone(value).await;
        let requests = gateway.requests();
        assert_eq!(requests.len(), 1);
        assert_eq!(requests[0].path, "/jasper/v1/tones/tone_id");
        assert!(requests[0].query_value("tone_id").unwrap().contains('%'), "{:?}", requests[0].query);
        assert!(client.get_tone(value).dry_run().unwrap().url.contains("/v1/tones/tone_id?"));
        let (gateway, client) = gateway_with(|it| it, |builder| builder.url_format(UrlFormat::New)).await;
        let error = client.get_tone(value).await.unwrap_err();
        assert!(matches!(error, Error::InvalidRequest { .. }), "{error:?}");
        assert_eq!(gateway.requests().len(), 0);
    }
}

#[tokio::test]
async fn what_the_open_source_gateway_cannot_do_is_an_error_that_says_so() {
    let (gateway, client) = gateway(|it| it.behaviour(Behaviour::Observed)).await;
    let error = client.remove_background(Upload::from_bytes("a.png", "x")).await.unwrap_err();
    assert!(matches!(error, Error::Transport { .. }) && error.may_have_been_processed(), "{error:?}");
    let update = client.update_knowledge("kno_1").file(Upload::from_bytes("a.txt", "x"));
    let error = update.await.unwrap_err();
    let expected = "the server answered 422 Unprocessable Entity: File is required for upload.";
    assert_eq!(error.to_string(), expected);
    assert!(!error.as_api().unwrap().is_from_provider());
    let made = client.create_knowledge("n", Upload::from_bytes("é.txt", "x")).await.unwrap();
    assert_eq!(made.data.unwrap().file, "é.txt");
    gateway.fail_next(401, "the key is not valid");
    let error = client.list_tones().await.unwrap_err();
    assert!(error.is_provider_auth() && error.to_string().contains("the key is not valid"), "{error}");
    let client = Client::builder().token("at_unknown").base_url(gateway.base_url()).build().unwrap();
    let error = client.list_tones().await.unwrap_err();
    assert!(error.is_auth() && error.to_string().contains("Invalid api_token"), "{error}");
}
