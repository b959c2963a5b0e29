//! Bodies without values, forms with undeclared names, and multipart bodies other than forms.

use futures_util::stream;
use lowcodeapi_runtime::{Bytes, Error, Upload};
use serde_json::json;

use crate::wire::support::{Answer, Part, Request, given, sent};

/// Media type, length and text of a body.
fn framed(request: &Request) -> (Option<String>, Option<String>, &str) {
    (request.header("content-type"), request.header("content-length"), request.text())
}

/// The body of parts with the boundary replaced, and the media type.
fn parted(request: &Request) -> (String, String) {
    let content_type = request.header("content-type").unwrap();
    let boundary = content_type.split("boundary=").nth(1).unwrap().split(';').next().unwrap();
    (content_type.replace(boundary, "b"), request.text().replace(boundary, "b"))
}

#[tokio::test]
async fn an_optional_body_of_which_nothing_is_set_is_not_sent() {
    let none = Some("0".to_owned());
    let request = sent!(body_empty, |client| client.delete_inline());
    assert_eq!(framed(&request), (None, None, ""));
    for request in [sent!(body_empty, |client| client.offer_form()), sent!(body_empty, |client| client.offer_parts())] {
        assert_eq!(framed(&request), (None, none.clone(), ""), "{}", request.line);
    }
    let request = sent!(body_empty, |client| client.delete_inline().a(None));
    assert_eq!(request.json(), json!({"a": null}));
}

#[tokio::test]
async fn a_required_body_of_which_nothing_is_set_is_empty() {
    let typed = |media_type: &str, length: &str| (Some(media_type.to_owned()), Some(length.to_owned()));
    for request in
        [sent!(body_empty, |client| client.require_inline()), sent!(body_empty, |client| client.require_read_only())]
    {
        let (media_type, length) = typed("application/json", "2");
        assert_eq!(framed(&request), (media_type, length, "{}"), "{}", request.line);
    }
    let request = sent!(body_empty, |client| client.require_form());
    let (media_type, length) = typed("application/x-www-form-urlencoded", "0");
    assert_eq!(framed(&request), (media_type, length, ""));
    let request = sent!(body_empty, |client| client.send_text(""));
    let (media_type, length) = typed("text/plain; charset=utf-8", "0");
    assert_eq!(framed(&request), (media_type, length, ""));
    let request = sent!(body_empty, |client| client.require_parts());
    assert_eq!(parted(&request), ("multipart/form-data; boundary=b".to_owned(), "--b--\r\n".to_owned()));
    assert_eq!(request.header("content-length"), Some(request.body.len().to_string()));
}

#[tokio::test]
async fn forms_have_members_of_any_names() {
    let request = sent!(body_forms_open, |client| client.send_answers([("a b", "1&2"), ("c", "")]));
    assert_eq!(request.text(), "a+b=1%262&c=");
    let request = sent!(body_forms_open, |client| client.send_votes().name("n").additional_fields([("x", vec![1, 2])]));
    assert_eq!(request.text(), "name=n&x=1&x=2");
    let request = sent!(body_forms_open, |client| {
        use golden::body_forms_open::types::{SendTalliesParts as Tally, SendTalliesPartsListItem as Item};
        client
            .send_tallies()
            .parts([("a", Tally::from("x")), ("b", Tally::from(vec![Item::new().n(1), Item::new().n(2)]))])
    });
    let json = Some("application/json");
    let expected = [
        Part::new("name=\"a\"", None, "x"),
        Part::new("name=\"b\"", json, "{\"n\":1}"),
        Part::new("name=\"b\"", json, "{\"n\":2}"),
    ];
    assert_eq!(request.parts(), expected);
    let request = sent!(body_forms_open, |client| client.send_raw("a=1&b=%20"));
    let media_type = Some("application/x-www-form-urlencoded".to_owned());
    assert_eq!(framed(&request), (media_type, Some("9".to_owned()), "a=1&b=%20"));
    let photos = [("left", Upload::from_bytes("l.png", "L")), ("right", Upload::from_bytes("r.png", "R"))];
    let request = sent!(body_forms_open, |client| client.send_photos(photos));
    let expected = [
        Part::new("name=\"left\"; filename=\"l.png\"", Some("image/png"), "L"),
        Part::new("name=\"right\"; filename=\"r.png\"", Some("image/png"), "R"),
    ];
    assert_eq!(request.parts(), expected);
    let request = sent!(body_forms_open, |client| {
        client.send_notes().title("t").additional_parts([
            ("n", json!(1)),
            ("o", json!({"k": null})),
            ("z", json!(null)),
        ])
    });
    let expected = [
        Part::new("name=\"title\"", None, "t"),
        Part::new("name=\"n\"", None, "1"),
        Part::new("name=\"o\"", Some("application/json"), "{\"k\":null}"),
    ];
    assert_eq!(request.parts(), expected);
}

#[tokio::test]
async fn members_that_the_document_lacks_can_be_set() {
    let request = sent!(body_empty, |client| {
        client.require_inline().a("x").with_body_field("b", [1]).with_body_field("a", 2).with_query("q", ["1", "2"])
    });
    assert_eq!((request.line.as_str(), request.json()), ("PUT /json?q=1&q=2", json!({"a": 2, "b": [1]})));
    let request = sent!(body_empty, |client| client.offer_form().with_body_field("a b", "c"));
    assert_eq!(request.text(), "a+b=c");
    let request = sent!(body_empty, |client| client.offer_parts().with_body_field("x", json!({"k": 1})));
    assert_eq!(request.parts(), [Part::new("name=\"x\"", Some("application/json"), "{\"k\":1}")]);
    let refused = given!(body_empty, Answer::empty(204), |client| client.send_text("t").with_body_field("a", 1));
    assert!(matches!(refused, Err(Error::InvalidRequest { .. })), "{refused:?}");
    let request = sent!(body_empty, |client| client.require_inline().with_header("content-type", "application/x+json"));
    assert_eq!(framed(&request).0.as_deref(), Some("application/x+json"));
}

#[tokio::test]
async fn parts_that_are_no_form_are_in_order_and_typed() {
    use golden::body_parts::types::SendMixedAbout;

    // The order of the document counts, not that of the calls.
    let photo = || Upload::from_bytes("é\".png", "P");
    let request = sent!(body_parts, |client| client.send_mixed(SendMixedAbout::new("Bo")).text("ü").photo(photo()));
    let (media_type, text) = parted(&request);
    assert_eq!(media_type, "multipart/mixed; boundary=b");
    let about = "--b\r\nContent-Disposition: form-data; name=\"about\"\r\nContent-Type: application/json\r\n\r\n{\"to\":\"Bo\"}\r\n";
    let names = "filename=\"_%22.png\"; filename*=UTF-8''%C3%A9%22.png";
    let file = format!(
        "--b\r\nContent-Disposition: form-data; name=\"photo\"; {names}\r\nContent-Type: image/png\r\n\r\nP\r\n"
    );
    let note =
        "--b\r\nContent-Disposition: form-data; name=\"text\"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nü\r\n";
    assert_eq!(text, format!("{about}{file}{note}--b--\r\n"));
    assert_eq!(request.header("content-length"), Some(request.body.len().to_string()));

    let request = sent!(body_parts, |client| client.send_related(SendMixedAbout::new("Bo")));
    let (media_type, text) = parted(&request);
    assert_eq!(media_type, "multipart/related; boundary=b; type=\"application/json\"");
    assert!(text.contains("Content-ID: <about>\r\nContent-Type: application/json\r\n\r\n{"), "{text}");
}

#[tokio::test]
async fn headers_of_parts_are_sent() {
    use golden::body_parts::types::SendScanContentLanguage;

    let request = sent!(body_parts, |client| {
        let call = client.send_scan(Upload::from_bytes("s.pdf", "S"), 2);
        call.x_tags(["a", "b"]).note("n").content_language(SendScanContentLanguage::De)
    });
    let (_, text) = parted(&request);
    assert!(text.contains("Content-Type: application/pdf\r\nx-pages: 2\r\nx-tags: a,b\r\n\r\nS"), "{text}");
    assert!(text.contains("name=\"note\"\r\ncontent-language: de\r\n\r\nn\r\n"), "{text}");
}

#[tokio::test]
async fn an_upload_of_unknown_length_is_sent_in_chunks() {
    let pieces = || stream::iter(["ab", "c"].map(|text| Ok(Bytes::from(text))));
    let upload = Upload::from_unsized_stream("s.pdf", pieces());
    assert_eq!(upload.length(), None);
    let request = sent!(body_parts, |client| client.send_scan(upload, 1));
    assert_eq!(request.header("content-length"), None);
    assert_eq!(request.header("transfer-encoding").as_deref(), Some("chunked"));
    assert!(parted(&request).1.contains("\r\n\r\nabc\r\n--b--\r\n"));
    let upload = Upload::from_unsized_reader("s.bin", std::io::Cursor::new(b"abc".to_vec()));
    let request = sent!(body_parts, |client| client
        .send_alternative(upload.with_content_type("multipart/alternative; boundary=x")));
    assert_eq!((request.text(), request.header("content-length")), ("abc", None));
}

#[tokio::test]
async fn parts_without_names_are_known_by_their_places() {
    use golden::version_32_parts_by_place::types::Note;

    let image = |content: &str| Upload::from_bytes("a.png", content.to_owned());
    let request = sent!(version_32_parts_by_place, |client| client.send_images(vec![image("1"), image("2")]));
    let (media_type, text) = parted(&request);
    assert_eq!(media_type, "multipart/mixed; boundary=b");
    let part = |content: &str| format!("--b\r\nContent-Type: image/png\r\n\r\n{content}\r\n");
    assert_eq!(text, format!("{}{}--b--\r\n", part("1"), part("2")));
    assert_eq!(request.header("content-length"), Some(request.body.len().to_string()));
    // A required body is sent although it has no parts.
    let request = sent!(version_32_parts_by_place, |client| client.send_images(Vec::<Upload>::new()));
    assert_eq!(parted(&request), ("multipart/mixed; boundary=b".to_owned(), "--b--\r\n".to_owned()));

    let request =
        sent!(version_32_parts_by_place, |client| client.send_notes().parts([Note::new("a"), Note::new("b")]));
    let part = |content: &str| format!("--b\r\nContent-Type: application/json\r\n\r\n{content}\r\n");
    assert_eq!(parted(&request).1, format!("{}{}--b--\r\n", part("{\"text\":\"a\"}"), part("{\"text\":\"b\"}")));

    // The order is that of the document, whatever the calls set first.
    let request = sent!(version_32_parts_by_place, |client| client
        .upload(Note::new("a"), "<1>")
        .additional_parts([Some(vec![1, 2]), None, Some(vec![])])
        .content_disposition("attachment")
        .part2(image("P")));
    let (media_type, text) = parted(&request);
    assert_eq!(media_type, "multipart/related; boundary=b; type=\"application/json\"");
    let first = "--b\r\nContent-Type: application/json\r\ncontent-id: <1>\r\n\r\n{\"text\":\"a\"}\r\n";
    let second = "--b\r\nContent-Type: image/png\r\ncontent-disposition: attachment\r\n\r\nP\r\n";
    assert_eq!(text, format!("{first}{second}{}{}{}--b--\r\n", part("[1,2]"), part("null"), part("[]")));

    let request =
        sent!(version_32_parts_by_place, |client| client.append_log().additional_parts(["b", "c"]).part1("a"));
    let part = |media_type: &str, content: &str| format!("--b\r\nContent-Type: {media_type}\r\n\r\n{content}\r\n");
    let plain = "text/plain; charset=utf-8";
    assert_eq!(
        parted(&request).1,
        format!("{}{}{}--b--\r\n", part("text/csv", "a"), part(plain, "b"), part(plain, "c"))
    );
}

#[tokio::test]
async fn no_part_takes_the_place_of_another() {
    use golden::version_32_parts_by_place::types::Note;

    let client = golden::version_32_parts_by_place::Client::builder().base_url("http://127.0.0.1:9").build().unwrap();
    let error = client.upload(Note::new("a"), "<1>").additional_parts([Some(vec![1])]).await.unwrap_err();
    assert!(error.to_string().contains("`part2` is missing"), "{error}");
    let error = client.upload(Note::new("a"), "<1>").additional_parts([Some(vec![1])]).dry_run().unwrap_err();
    assert!(error.to_string().contains("`part2` is missing"), "{error}");
}
