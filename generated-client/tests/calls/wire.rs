//! What goes over the wire, as the gateway saw it: method, path, query, headers, body.

use lowcodeapi_jasper::{
    Upload,
    types::{
        AppVisibility, CommandInputs, CommandOptions, CompletionType, Granularity, KeepWritingInputType,
        KeepWritingInputs, KnowledgeSettings, Language, RetrievalAddOn, TemplateInputs, ToneSettings, WebSearch,
    },
};
use lowcodeapi_mock::RecordedRequest;
use serde_json::{Value, json};

use crate::support::{TOKEN, gateway};

/// The method and path, and the query without the token, which every request carries once.
fn line(request: &RecordedRequest) -> String {
    let tokens: Vec<_> = request.query.iter().filter(|(name, _)| name == "api_token").collect();
    assert_eq!(tokens, [&("api_token".to_owned(), TOKEN.to_owned())]);
    let query: Vec<String> = request
        .query
        .iter()
        .filter(|(name, _)| name != "api_token")
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let path = request.path.strip_prefix("/jasper").unwrap_or(&request.path);
    let separator = if query.is_empty() { "" } else { "?" };
    format!("{} {path}{separator}{}", request.method, query.join("&"))
}

fn json_body(request: &RecordedRequest) -> Value {
    assert_eq!(request.header("content-type"), Some("application/json"));
    serde_json::from_slice(&request.body).unwrap()
}

/// The parts of a multipart body: headers without the boundary, and content.
fn parts(request: &RecordedRequest) -> Vec<(String, String)> {
    let content_type = request.header("content-type").unwrap();
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    let body = String::from_utf8(request.body.to_vec()).unwrap();
    let (body, end) = body.rsplit_once(&format!("--{boundary}--")).unwrap();
    assert_eq!(end, "\r\n");
    body.split(&format!("--{boundary}\r\n"))
        .skip(1)
        .map(|part| {
            let (head, content) = part.split_once("\r\n\r\n").unwrap();
            (head.to_ascii_lowercase().replace("\r\n", " | "), content.strip_suffix("\r\n").unwrap().to_owned())
        })
        .collect()
}

#[tokio::test]
async fn every_operation_has_its_line() {
    let (gateway, client) = gateway(|it| it).await;
    let knowledge = client.create_knowledge("n", Upload::from_bytes("a.txt", "x")).await.unwrap();
    let knowledge = knowledge.data.unwrap().id.unwrap();
    let tone = client.create_tone("n", "v").await.unwrap().data.unwrap().id.unwrap();
    client.run_command(CommandInputs::new("c")).await.unwrap();
    client.remove_background(Upload::from_bytes("a.png", "x")).await.unwrap();
    client.keep_writing(KeepWritingInputs::new(KeepWritingInputType::Text, "v")).await.unwrap();
    client.list_knowledge().page(2).size(5).q("metadata[a]:b").await.unwrap();
    client.get_knowledge(&knowledge).await.unwrap();
    client.update_knowledge(&knowledge).name("m").await.unwrap();
    client.delete_knowledge(&knowledge).await.unwrap();
    client.list_styles().await.unwrap();
    client.apply_style("sty_1", "c").await.unwrap();
    client.list_templates().await.unwrap();
    client.get_template("skl_1").await.unwrap();
    client.run_template("skl_1", TemplateInputs::new()).await.unwrap();
    client.list_tones().await.unwrap();
    client.get_tone(&tone).await.unwrap();
    client.update_tone(&tone).name("m").await.unwrap();
    client.delete_tone(&tone).await.unwrap();
    client.get_usage("2026-01-01T00:00:00Z", "2026-02-01", Granularity::Day).await.unwrap();

    let lines: Vec<_> = gateway.requests().iter().map(line).collect();
    assert_eq!(
        lines,
        [
            "POST /v1/knowledge",
            "POST /v1/tones",
            "POST /v1/command",
            "POST /v1/image/remove-background",
            "POST /v1/keep-writing",
            "GET /v1/knowledge?page=2&size=5&q=metadata[a]:b",
            "GET /v1/knowledge/kno_1",
            "PATCH /v1/knowledge/kno_1",
            "DELETE /v1/knowledge/kno_1",
            "GET /v1/styles",
            "POST /v1/styles/sty_1/apply",
            "GET /v1/templates",
            "GET /v1/templates/skl_1",
            "POST /v1/templates/skl_1/run",
            "GET /v1/tones",
            "GET /v1/tones/ton_1",
            "PATCH /v1/tones/ton_1",
            "DELETE /v1/tones/ton_1",
            "GET /v1/usage?start=2026-01-01T00:00:00Z&end=2026-02-01&granularity=day",
        ]
    );
}

#[tokio::test]
async fn a_json_body_holds_what_was_set_and_nothing_else() {
    let (gateway, client) = gateway(|it| it).await;
    let inputs = CommandInputs::new("Write")
        .context("ctx")
        .knowledge_ids(["kno_1", "kno_2"])
        .retrieval_add_on(RetrievalAddOn::WebSearch);
    let options = CommandOptions::new()
        .output_count(2)
        .output_language(Language::German)
        .completion_type(CompletionType::from("brand-new"))
        .web_search(WebSearch::new().max_results(5));
    client.run_command(inputs).options(options).await.unwrap_err();
    client
        .create_tone("Dry", "short")
        .metadata([("team", 7)])
        .settings(ToneSettings::new().app_visibility(AppVisibility::Hidden))
        .await
        .unwrap();
    client
        .run_template("skl_1", TemplateInputs::new().tone_id("ton_1").additional_property("topic", json!(["a"])))
        .await
        .unwrap();
    let bodies: Vec<_> = gateway.requests().iter().map(json_body).collect();
    assert_eq!(
        bodies[0],
        json!({
            "inputs": {"command": "Write", "context": "ctx", "knowledgeIds": ["kno_1", "kno_2"], "retrievalAddOn": "webSearch"},
            "options": {"outputCount": 2, "outputLanguage": "German", "completionType": "brand-new", "webSearch": {"maxResults": 5}},
        })
    );
    assert_eq!(
        bodies[1],
        json!({"name": "Dry", "value": "short", "metadata": {"team": 7}, "settings": {"appVisibility": "hidden"}})
    );
    assert_eq!(bodies[2], json!({"inputs": {"toneId": "ton_1", "topic": ["a"]}}));
}

#[tokio::test]
async fn setting_an_input_again_replaces_it() {
    let (gateway, client) = gateway(|it| it).await;
    client.list_tones().page(1).page(2).await.unwrap();
    let id = client.create_tone("a", "b").await.unwrap().data.unwrap().id.unwrap();
    client.update_tone(&id).name("x").name("y").await.unwrap();
    let requests = gateway.requests();
    assert_eq!(line(&requests[0]), "GET /v1/tones?page=2");
    assert_eq!(json_body(&requests[2]), json!({"name": "y"}));
}

#[tokio::test]
async fn a_multipart_body_holds_files_texts_and_json_texts() {
    let (gateway, client) = gateway(|it| it).await;
    let settings = KnowledgeSettings::new().auto_summary(false);
    let file = Upload::from_bytes("brand.pdf", "%PDF");
    client
        .create_knowledge("Brand book", file)
        .tags(["a", "b"])
        .settings(settings)
        .metadata([("k", "v")])
        .summary("s")
        .await
        .unwrap();
    let request = &gateway.requests()[0];
    assert_eq!(
        parts(request),
        [
            ("content-disposition: form-data; name=\"name\"", "Brand book"),
            (
                "content-disposition: form-data; name=\"file\"; filename=\"brand.pdf\" | content-type: application/pdf",
                "%PDF"
            ),
            ("content-disposition: form-data; name=\"tags\"", r#"["a","b"]"#),
            ("content-disposition: form-data; name=\"settings\"", r#"{"autoSummary":false}"#),
            ("content-disposition: form-data; name=\"metadata\"", r#"{"k":"v"}"#),
            ("content-disposition: form-data; name=\"summary\"", "s"),
        ]
        .map(|(head, content)| (head.to_owned(), content.to_owned()))
    );
    assert_eq!(request.header("content-length"), Some(request.body.len().to_string().as_str()));
}

#[tokio::test]
async fn a_file_on_disk_is_streamed_under_its_name() {
    let path = std::env::temp_dir().join(format!("lowcodeapi-{}.png", std::process::id()));
    std::fs::write(&path, vec![b'x'; 300_000]).unwrap();
    let (gateway, client) = gateway(|it| it).await;
    let picture = client.remove_background(Upload::from_path(&path).await.unwrap()).await.unwrap();
    std::fs::remove_file(&path).unwrap();
    assert!(picture.starts_with(b"\x89PNG"));
    let request = &gateway.requests()[0];
    let (head, content) = parts(request).remove(0);
    assert!(head.starts_with("content-disposition: form-data; name=\"image_file\"; filename=\"lowcodeapi-"), "{head}");
    assert!(head.ends_with("content-type: image/png"), "{head}");
    assert_eq!(content.len(), 300_000);
    assert_eq!(request.header("accept"), Some("image/png, image/webp, image/jpeg"));
}

#[tokio::test]
async fn no_body_and_no_content_type_where_there_is_none() {
    let (gateway, client) = gateway(|it| it).await;
    let id = client.create_tone("a", "b").await.unwrap().data.unwrap().id.unwrap();
    client.delete_tone(id).await.unwrap();
    let request = gateway.requests().pop().unwrap();
    assert_eq!((request.header("content-type"), request.body.len()), (None, 0));
    assert_eq!(request.header("accept"), Some("application/json"));
    assert_eq!(request.header("referer"), None);
    assert!(request.header("user-agent").unwrap().starts_with("lowcodeapi-runtime/"));
}

#[tokio::test]
async fn a_response_comes_with_status_and_headers() {
    let (_gateway, client) = gateway(|it| it).await;
    let response = client.create_tone("a", "b").send_with_response().await.unwrap();
    assert_eq!(response.status, 200);
    assert!(response.headers.contains_key("content-type"));
    assert_eq!(response.value.data.unwrap().name, "a");
}
