//! Missing and invalid inputs, in query and JSON body.

use serde_json::{Value, json};

use crate::support::{jasper, refusal, request, send};

async fn refused(method: &str, path: &str, body: Option<&Value>) -> String {
    let gateway = jasper().start().await.expect("it starts");
    let asked = request(&gateway, method, path);
    refusal(match body {
        Some(body) => asked.json(body),
        None => asked,
    })
    .await
}

#[tokio::test]
async fn queries_are_checked() {
    for (query, problem) in [
        ("?page=x", "query parameter `page` must be an integer, but is `x`"),
        ("?page=1.5", "query parameter `page` must be an integer, but is a number with a fraction"),
        ("?size=0", "query parameter `size` is 0, below its minimum of 1"),
        ("?page=1&page=2", "query parameter `page` is given more than once"),
        ("?sort=name", "query parameter `sort` is unknown to GET /v1/tones"),
    ] {
        assert_eq!(refused("GET", &format!("/v1/tones{query}"), None).await, problem);
    }
}

#[tokio::test]
async fn bodies_are_checked() {
    let inputs = |inputs: Value| json!({"inputs": inputs});
    for (body, problem) in [
        (json!({}), "body field `inputs` is required"),
        (json!([]), "the body must be an object, but is an array"),
        (inputs(json!({"context": "x"})), "body field `inputs.command` is required"),
        (inputs(json!({"command": 1})), "body field `inputs.command` must be a string, but is a number"),
        (
            inputs(json!({"command": "c", "knowledgeIds": ["a", "b", "c", "d"]})),
            "body field `inputs.knowledgeIds` has 4 items, but at most 3 are allowed",
        ),
        (
            inputs(json!({"command": "c", "retrievalAddOn": "x"})),
            "body field `inputs.retrievalAddOn` must be one of \"webScraper\", \"webSearch\", but is \"x\"",
        ),
        (
            json!({"inputs": {"command": "c"}, "options": {"webSearch": {"maxResults": 6}}}),
            "body field `options.webSearch.maxResults` is 6, above its maximum of 5",
        ),
        (
            json!({"inputs": {"command": "c"}, "extra": 1}),
            "body field `extra` is unknown; expected one of `inputs`, `options`",
        ),
    ] {
        assert_eq!(refused("POST", "/v1/command", Some(&body)).await, problem);
    }
}

#[tokio::test]
async fn bodies_have_to_be_there_and_of_the_right_type() {
    let gateway = jasper().start().await.expect("it starts");
    let tones = || request(&gateway, "POST", "/v1/tones");
    assert_eq!(refusal(tones()).await, "a body is required");
    let text = refusal(tones().header("content-type", "text/plain").body("x")).await;
    assert_eq!(text, "the body's Content-Type is `text/plain`; it must be `application/json`");
    let nameless = refusal(tones().body("{}")).await;
    assert_eq!(nameless, "the body has no Content-Type; it must be `application/json`");
    let malformed = refusal(tones().header("content-type", "application/json").body("{")).await;
    assert!(malformed.starts_with("the body is not application/json: EOF"), "{malformed}");
    let needless = refusal(request(&gateway, "GET", "/v1/styles").json(&json!({"a": 1}))).await;
    assert_eq!(needless, "GET /v1/styles takes no body");
}

#[tokio::test]
async fn what_may_be_there_passes() {
    let gateway = jasper().start().await.expect("it starts");
    let free = json!({"inputs": {"any key": ["any", 1], "toneId": "t"}, "options": {"outputLanguage": "German"}});
    assert_eq!(send(request(&gateway, "POST", "/v1/templates/skl_1/run").json(&free)).await.0, 200);
    let typed = request(&gateway, "POST", "/v1/tones").header("content-type", "application/json; charset=utf-8");
    assert_eq!(send(typed.body(r#"{"name": "n", "value": "v", "metadata": {"k": [1]}}"#)).await.0, 200);
    // Published clients send both: no change at all, and an empty object for an operation without a body.
    assert_eq!(send(request(&gateway, "PATCH", "/v1/tones/ton_1")).await.0, 200);
    assert_eq!(send(request(&gateway, "DELETE", "/v1/tones/ton_1").json(&json!({}))).await.0, 200);
}
