//! The gateway's two URL formats, its two envelopes, and the list shapes that providers answer with.

mod support;

use std::time::Duration;

use lowcodeapi_jasper::{Error, RetryPolicy, Upload, UrlFormat};
use lowcodeapi_mock::{Behaviour, Envelope, ListShape, UrlFormats};
use support::{Scripted, answer, client_of, gateway};

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

#[tokio::test]
async fn a_closed_connection_is_no_reason_for_the_other_format() {
    let server = Scripted::new(&[""]);
    let policy = RetryPolicy::default().base_delay(Duration::from_millis(1));
    let request = client_of(&server.base_url).get_tone("ton_1").with_retry(policy);
    assert!(matches!(request.await, Err(Error::Transport { .. })));
    let lines = server.request_lines();
    assert_eq!(lines.len(), 3);
    assert!(lines.iter().all(|line| line.starts_with("GET /jasper/v1/tones/ton_1?")), "{lines:?}");
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
        new_client.apply_style(value, "c").await.unwrap();
        let request = new.requests().pop().unwrap();
        assert_eq!(request.path, format!("/jasper/v1/styles/{encoded}/apply"));
        assert_eq!(request.operation.as_deref(), Some("apply_style"));

        old_client.apply_style(value, "c").await.unwrap();
        let request = old.requests().pop().unwrap();
        assert_eq!(request.path, "/jasper/v1/styles/style_id/apply");
        // The gateway decodes the query once, and Jasper the path that the value then stands in.
        assert_eq!(request.query_value("style_id"), Some(encoded));
    }
}

#[tokio::test]
async fn a_value_that_would_lead_elsewhere_is_refused_before_any_request() {
    let (gateway, client) = gateway(|it| it).await;
    for value in ["", ".", ".."] {
        let error = client.get_tone(value).await.unwrap_err();
        assert!(error.to_string().starts_with("the request cannot be sent: the path value"), "{error}");
    }
    assert_eq!(gateway.requests().len(), 0);
}

#[tokio::test]
async fn what_the_open_source_gateway_cannot_do_is_an_error_that_says_so() {
    let (_gateway, client) = gateway(|it| it.behaviour(Behaviour::Observed)).await;
    let error = client.remove_background(Upload::from_bytes("a.png", "x")).await.unwrap_err();
    assert_eq!(error.to_string(), "the server answered 422 Unprocessable Entity: File missing");
    let made = client.create_knowledge("n", Upload::from_bytes("a.txt", "x")).await.unwrap();
    assert_eq!(made.data.unwrap().name, "n");
}
