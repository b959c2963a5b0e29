//! Multipart bodies and binary responses.

use lowcodeapi_mock::{Gateway, Inputs, Source};
use reqwest::{
    RequestBuilder,
    multipart::{Form, Part},
};

use crate::support::{jasper, refusal, request};

fn file() -> Part {
    Part::bytes(&b"\x00\xff"[..]).file_name("picture.png")
}

fn upload(gateway: &Gateway, form: Form) -> RequestBuilder {
    request(gateway, "POST", "/v1/knowledge").multipart(form)
}

#[tokio::test]
async fn parts_are_checked() {
    let gateway = jasper().start().await.expect("it starts");
    let named = || Form::new().text("name", "n");
    let whole = || named().part("file", file());
    let known = "`name`, `file`, `metadata`, `settings`, `summary`, `tags`";
    let cases = [
        (named(), "part `file` is required".to_owned()),
        (Form::new().part("file", file()), "part `name` is required".to_owned()),
        (named().text("file", "x"), "part `file` must be a file, but has no file name".to_owned()),
        (whole().part("summary", file()), "part `summary` has a file name, but is not a file".to_owned()),
        (whole().text("colour", "x"), format!("part `colour` is unknown; expected one of {known}")),
        (
            whole().text("tags", "[]").text("tags", "[]"),
            "part `tags` is given more than once; an array or object is one part of JSON text".to_owned(),
        ),
        (whole().text("tags[]", "a"), format!("part `tags[]` is unknown; expected one of {known}")),
        (whole().text("tags", "[1]"), "part `tags[0]` must be a string, but is a number".to_owned()),
        (whole().text("tags", "{}"), "part `tags` must be an array, but is an object".to_owned()),
        (
            whole().text("settings", r#"{"appVisibility": "x"}"#),
            "part `settings.appVisibility` must be one of \"visible\", \"hidden\", but is \"x\"".to_owned(),
        ),
        (
            Form::new().text("name", "n".repeat(101)).part("file", file()),
            "part `name` has 101 characters, but at most 100 are allowed".to_owned(),
        ),
        (whole().part("summary", Part::bytes(&b"\xff"[..])), "part `summary` is not UTF-8".to_owned()),
    ];
    for (form, problem) in cases {
        assert_eq!(refusal(upload(&gateway, form)).await, problem);
    }
    let tags = refusal(upload(&gateway, whole().text("tags", "a, b"))).await;
    assert!(tags.starts_with("part `tags` must be an array as JSON text: "), "{tags}");
    let broken = request(&gateway, "POST", "/v1/knowledge").header("content-type", "multipart/form-data");
    let broken = refusal(broken.body("x")).await;
    assert!(broken.starts_with("the body is not multipart/form-data: "), "{broken}");
}

#[tokio::test]
async fn a_picture_comes_as_bytes_of_the_accepted_type() {
    let gateway = jasper().start().await.expect("it starts");
    for (accept, expected) in [
        ("*/*", "image/png"),
        ("image/webp", "image/webp"),
        ("image/png;q=0.5, image/jpeg", "image/jpeg"),
        ("a/b", "image/png"),
    ] {
        let asked = request(&gateway, "POST", "/v1/image/remove-background").header("accept", accept);
        let answer = asked.multipart(Form::new().part("image_file", file())).send().await.expect("it answers");
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["content-type"]),
            (200, &expected.parse().expect("valid"))
        );
        let bytes = answer.bytes().await.expect("there is a body");
        assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n") && bytes.ends_with(b"IEND\xaeB`\x82"), "{bytes:?}");
    }
    let seen = gateway.requests().pop().expect("there was a request");
    assert!(seen.body.windows(2).any(|bytes| bytes == b"\x00\xff"));
}

/// The gateway ignores the content type that upstream's documents declare for a body.
#[tokio::test]
async fn a_body_is_multipart_where_it_has_a_file() {
    let operation = |media: &str, properties: serde_json::Value| {
        let schema = serde_json::json!({"type": "object", "properties": properties});
        serde_json::json!({"post": {"responses": {}, "requestBody": {"content": {media: {"schema": schema}}}}})
    };
    let text = serde_json::json!({
        "openapi": "3.0.0", "info": {"title": "Archive", "version": "1"},
        "servers": [{"url": "https://api.lowcodeapi.com/archive"}],
        "paths": {
            "/media/seen": operation("multipart/form-data", serde_json::json!({"id": {"type": "string"}})),
            "/recordings": operation("application/json", serde_json::json!({"file": {"type": "file"}})),
            "/uploads": operation("multipart/form-data", serde_json::json!({})),
        }
    })
    .to_string();
    let inputs = Inputs::new(Source { name: "archive.json", text: &text });
    let gateway = Gateway::builder(inputs).start().await.expect("it starts");
    let json = request(&gateway, "POST", "/media/seen").json(&serde_json::json!({"id": "7"}));
    let recording = request(&gateway, "POST", "/recordings").multipart(Form::new().part("file", file()));
    let whole = request(&gateway, "POST", "/uploads").multipart(Form::new().part("file", file()));
    for asked in [json, recording, whole] {
        assert_eq!(asked.send().await.expect("it answers").status(), 200);
    }
    let empty = request(&gateway, "POST", "/uploads").multipart(Form::new().text("name", "n"));
    assert_eq!(refusal(empty).await, "part `name` is unknown; expected one of `file`; part `file` is required");
}
