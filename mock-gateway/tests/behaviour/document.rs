//! Documents other than Jasper's.

use lowcodeapi_mock::{Gateway, Inputs, Source};
use serde_json::{Value, json};

use crate::support::{get, request, send};

fn widgets() -> Value {
    let widget = json!({"type": "object", "required": ["id"], "properties": {
        "id": {"type": "string"}, "size": {"type": "integer"}, "colour": {"type": "string"}
    }});
    let answer = |schema: Value| json!({"201": {"content": {"application/json": {"schema": schema}}}});
    let input = json!({"content": {"application/json": {"schema": {"type": "object", "properties": {
        "size": {"type": "integer"}, "colour": {"type": "string"}
    }}}}});
    let room = json!({"name": "room", "in": "path", "required": true, "schema": {"type": "integer"}});
    let id = json!({"name": "id", "in": "path", "required": true, "schema": {"type": "string"}});
    json!({
        "openapi": "3.0.0", "info": {"title": "Widgets", "version": "1"},
        "servers": [{"url": "https://api.lowcodeapi.com/widgets"}],
        "paths": {
            "/rooms/{room}/widgets": {
                "parameters": [room],
                "post": {"requestBody": input, "responses": answer(widget.clone()), "parameters": [room]},
                "get": {"responses": answer(json!({"type": "array", "items": widget.clone()})), "parameters": [room]}
            },
            "/rooms/{room}/widgets/{id}": {
                "get": {"responses": answer(widget.clone()), "parameters": [room, id]},
                "put": {"requestBody": input, "responses": answer(widget), "parameters": [room, id]},
                "delete": {"responses": {"204": {"description": "gone"}}, "parameters": [room, id]}
            },
            "/models/{model}:run": {"post": {"responses": {}, "parameters": [
                {"name": "model", "in": "path", "required": true, "schema": {"type": "string"}}
            ]}}
        }
    })
}

async fn start(document: &Value) -> std::io::Result<Gateway> {
    let text = document.to_string();
    Gateway::builder(Inputs::new(Source { name: "widgets.json", text: &text })).start().await
}

#[tokio::test]
async fn a_collection_is_found_wherever_it_stands() {
    let gateway = start(&widgets()).await.expect("it starts");
    assert!(gateway.base_url().ends_with("/widgets"));
    let made = json!({"size": 1, "colour": "red"});
    let (_, body) = send(request(&gateway, "POST", "/rooms/7/widgets").json(&made)).await;
    assert_eq!(body, json!({"data": {"id": "wid_1", "size": 1, "colour": "red"}}));
    // PUT replaces: absent fields are removed.
    let (_, body) = send(request(&gateway, "PUT", "/rooms/7/widgets/wid_1").json(&json!({"size": 2}))).await;
    assert_eq!(body, json!({"data": {"id": "wid_1", "size": 2}}));
    assert_eq!(get(&gateway, "/rooms/7/widgets").await, (200, json!({"data": [{"id": "wid_1", "size": 2}]})));
    assert_eq!(get(&gateway, "/rooms/8/widgets").await, (200, json!({"data": []})));
    let (_, body) = get(&gateway, "/rooms/kitchen/widgets").await;
    let message = "path parameter `room` must be an integer, but is `kitchen`";
    assert_eq!(body["data"]["error"]["message"], message);
    let (_, body) = send(request(&gateway, "DELETE", "/rooms/room/widgets/id?room=7&id=wid_1")).await;
    assert_eq!(body, json!({"data": {"requestId": "req_1", "resource": "widget", "deleted": true}}));
    assert_eq!(get(&gateway, "/rooms/7/widgets/wid_1").await.0, 404);
}

#[tokio::test]
async fn a_parameter_can_be_a_part_of_its_segment() {
    let gateway = start(&widgets()).await.expect("it starts");
    assert_eq!(send(request(&gateway, "POST", "/models/a:run")).await, (200, json!({"data": {}})));
    assert_eq!(send(request(&gateway, "POST", "/models/model:run?model=a")).await, (200, json!({"data": {}})));
}

#[tokio::test]
async fn a_document_that_is_none_does_not_start() {
    let error = start(&json!({"swagger": "2.0"})).await.expect_err("it is no OpenAPI document");
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
    assert!(error.to_string().contains("widgets.json"), "{error}");
}
