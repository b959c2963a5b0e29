//! Envelopes around responses and refusals.

use lowcodeapi_mock::{Envelope, Gateway, TOKEN};
use serde_json::json;

use crate::support::{client, get, jasper, request, send};

async fn result() -> Gateway {
    jasper().envelope(Envelope::Result).start().await.expect("it starts")
}

#[tokio::test]
async fn data_is_as_published() {
    let gateway = jasper().start().await.expect("it starts");
    let (status, body) =
        send(request(&gateway, "POST", "/v1/command").json(&json!({"inputs": {"command": "c"}}))).await;
    let texts = json!([{"id": "com_1", "text": "Sample text"}, {"id": "com_2", "text": "Sample text"}]);
    let upstream = json!({"requestId": "req_1", "resource": "command", "data": texts});
    assert_eq!((status, body), (200, json!({"data": upstream})));
    let (status, body) = get(&gateway, "/v1/tones/ton_9").await;
    assert_eq!(status, 404);
    assert_eq!(body, json!({"data": {"error": {"message": "tone `ton_9` not found", "code": "NOT_FOUND"}}}));
    let (status, body) = get(&gateway, "/v1/nowhere").await;
    assert_eq!(status, 404);
    assert_eq!(body, json!({"data": {"error": {"message": "Not Found", "code": "NOT_FOUND"}}}));
}

#[tokio::test]
async fn result_is_as_observed() {
    let gateway = result().await;
    let (status, body) = get(&gateway, "/v1/templates/skl_7").await;
    assert_eq!((status, &body["message"], &body["provider"]), (200, &"Request completed".into(), &"jasper".into()));
    assert_eq!(body["result"]["data"]["id"], "skl_7");
    assert_eq!(body["response_headers"]["content-type"], "application/json; charset=utf-8");
    let (status, body) = get(&gateway, "/v1/tones/ton_9").await;
    let error = json!({"requestId": "req_1", "resource": "tone", "errors": ["tone `ton_9` not found"]});
    assert_eq!((status, &body["provider"], &body["error"]), (404, &"jasper".into(), &error));
    assert!(body["headers"].is_object());
    // Without `provider`, which distinguishes an unknown route from the provider's 404.
    assert_eq!(get(&gateway, "/v1/nowhere").await, (404, json!({"message": "Not Found"})));
}

#[tokio::test]
async fn a_refusal_lists_all_that_is_wrong() {
    let gateway = result().await;
    let (status, body) = get(&gateway, "/v1/usage?end=x&granularity=minute").await;
    let problems = [
        "query parameter `start` is required",
        "query parameter `granularity` must be one of \"day\", \"hour\", \"week\", but is \"minute\"",
    ];
    assert_eq!((status, &body["error"]["errors"]), (400, &json!(problems)));
    // The provider's message is only in `error`.
    assert_eq!(body["message"], "Request failed");
}

#[tokio::test]
async fn only_the_right_token_in_the_query_is_accepted() {
    let gateway = jasper().token("at_right").start().await.expect("it starts");
    let url = |query: &str| format!("{}/v1/styles{query}", gateway.base_url());
    let client = client();
    for wrong in
        [client.get(url("")), client.get(url("?api_token=at_wrong")), client.get(url("")).bearer_auth("at_right")]
    {
        let (status, body) = send(wrong).await;
        assert_eq!((status, &body["data"]["error"]["code"]), (401, &"UNAUTHORIZED".into()));
        assert!(!body.to_string().contains("at_"), "{body}");
    }
    assert_eq!(send(client.get(url("?api_token=at_right"))).await.0, 200);
    assert_eq!(send(client.get(url(&format!("?api_token={TOKEN}")))).await.0, 401);
}
