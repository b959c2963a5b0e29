//! Creates, lists, reads, changes and deletes items.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::support::{get, jasper, request, send};

const CREATED: &str = "2026-01-01T00:00:00.000Z";
const UPDATED: &str = "2026-01-02T00:00:00.000Z";

#[tokio::test]
async fn tones_are_kept() {
    let gateway = jasper().start().await.expect("it starts");
    assert_eq!(get(&gateway, "/v1/tones").await.1["data"]["data"], json!([]));
    let input = json!({"name": "Calm", "value": "Calm and clear.", "metadata": {"team": "a"}, "settings": {"appVisibility": "hidden"}});
    let (status, body) = send(request(&gateway, "POST", "/v1/tones").json(&input)).await;
    let tone = json!({
        "id": "ton_1", "name": "Calm", "value": "Calm and clear.", "metadata": {"team": "a"},
        "settings": {"appVisibility": "hidden"}, "appUrl": "https://example.com/appUrl",
        "createdAt": CREATED, "updatedAt": CREATED
    });
    assert_eq!((status, &body["data"]["data"], &body["data"]["resource"]), (200, &tone, &"tone".into()));
    assert_eq!(get(&gateway, "/v1/tones/ton_1").await.1["data"]["data"], tone);
    assert_eq!(get(&gateway, "/v1/tones/tone_id?tone_id=ton_1").await.1["data"]["data"], tone);

    let (_, body) = send(request(&gateway, "PATCH", "/v1/tones/ton_1").json(&json!({"name": "Calmer"}))).await;
    let mut changed = tone;
    changed["name"] = "Calmer".into();
    changed["updatedAt"] = UPDATED.into();
    assert_eq!(body["data"]["data"], changed);
    assert_eq!(get(&gateway, "/v1/tones").await.1["data"]["data"], json!([changed]));

    let (status, body) = send(request(&gateway, "DELETE", "/v1/tones/ton_1")).await;
    let deleted = json!({"requestId": "req_1", "resource": "tone", "deleted": true});
    assert_eq!((status, &body["data"]), (200, &deleted));
    for method in ["GET", "PATCH", "DELETE"] {
        assert_eq!(send(request(&gateway, method, "/v1/tones/ton_1")).await.0, 404);
    }
    let (_, body) = send(request(&gateway, "POST", "/v1/tones").json(&json!({"name": "n", "value": "v"}))).await;
    assert_eq!((&body["data"]["data"]["id"], &body["data"]["data"]["metadata"]), (&"ton_2".into(), &Value::Null));
}

#[tokio::test]
async fn knowledge_is_kept() {
    let gateway = jasper().start().await.expect("it starts");
    let file = Part::bytes(&b"%PDF"[..]).file_name("brand.pdf");
    let form = Form::new()
        .text("name", "Brand book")
        .text("tags", r#"["brand", "2026"]"#)
        .text("metadata", r#"{"team": "a"}"#)
        .text("settings", r#"{"autoSummary": false}"#)
        .text("summary", "Short.")
        .part("file", file);
    let (status, body) = send(request(&gateway, "POST", "/v1/knowledge").multipart(form)).await;
    let knowledge = json!({
        "id": "kno_1", "name": "Brand book", "file": "brand.pdf", "processingState": "Sample processingState",
        "metadata": {"team": "a"}, "settings": {"autoSummary": false}, "tags": ["brand", "2026"],
        "appUrl": "https://example.com/appUrl", "createdAt": CREATED, "updatedAt": CREATED
    });
    assert_eq!((status, &body["data"]["data"]), (200, &knowledge));
    assert_eq!(get(&gateway, "/v1/knowledge/kno_1").await.1["data"]["data"], knowledge);

    let form = Form::new().text("tags", "[]").part("file", Part::bytes(&b""[..]).file_name("new.pdf"));
    let (_, body) = send(request(&gateway, "PATCH", "/v1/knowledge/kno_1").multipart(form)).await;
    let changed = &body["data"]["data"];
    assert_eq!(
        (&changed["file"], &changed["tags"], &changed["name"]),
        (&"new.pdf".into(), &json!([]), &"Brand book".into())
    );
    let (_, list) = get(&gateway, "/v1/knowledge?page=1&size=1").await;
    assert_eq!((&list["data"]["data"][0], &list["data"]["pagination"]["totalRecords"]), (changed, &1.into()));
    assert_eq!(send(request(&gateway, "DELETE", "/v1/knowledge/kno_1")).await.1["data"]["deleted"], true);
    assert_eq!(get(&gateway, "/v1/knowledge/kno_1").await.0, 404);
}
