//! The open-source server's behaviour, where it differs.

use lowcodeapi_mock::{Behaviour, Gateway, TOKEN, UrlFormats};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::support::{get, jasper, request, send};

async fn observed() -> Gateway {
    jasper().behaviour(Behaviour::Observed).start().await.expect("it starts")
}

fn file() -> Part {
    Part::bytes(&b"x"[..]).file_name("a.txt")
}

#[tokio::test]
async fn a_refused_token_is_echoed() {
    let gateway = observed().await;
    let (status, body) =
        send(reqwest::Client::new().get(format!("{}/v1/styles?api_token=secret&a=b", gateway.base_url()))).await;
    assert_eq!((status, &body["query"]), (401, &json!({"api_token": "secret", "a": "b"})));
    assert!(body["headers"]["host"].is_string() && body.get("provider").is_none(), "{body}");
    let unknown = format!("{}/v1/styles?api_token=at_unknown", gateway.base_url());
    assert_eq!(send(reqwest::Client::new().get(unknown)).await.0, 403);
    let nowhere = format!("{}/v1/nowhere", gateway.base_url());
    assert_eq!(send(reqwest::Client::new().get(nowhere)).await, (404, json!({"message": "Not Found"})));
}

#[tokio::test]
async fn only_the_old_format_is_routed_and_its_values_are_taken_as_they_are() {
    let gateway = observed().await;
    assert_eq!(get(&gateway, "/v1/templates/skl_1").await, (404, json!({"message": "Not Found"})));
    let id = async |query: &str| {
        let (status, body) = get(&gateway, &format!("/V1/Templates/Template_Id/?{query}")).await;
        if status == 200 { body["result"]["data"]["id"].clone() } else { body["error"]["errors"][0].clone() }
    };
    assert_eq!(id("template_id=skl_1").await, "skl_1");
    assert_eq!(id("template_id=a%252Fb").await, "a/b");
    assert_eq!(id("template_id=a%2Fb").await, "/v1/templates/a/b not found");
    assert_eq!(id("template_id=a%3Fb%23c").await, "a");
    assert_eq!(id("template_id=").await, "null");
    assert_eq!(id("").await, "null");
    let seen = gateway.requests().pop().expect("there was a request");
    assert_eq!((seen.route.as_deref(), seen.status), (Some("/v1/templates/{template_id}"), 200));
}

#[tokio::test]
async fn uploads_are_one_file_in_the_part_file() {
    let gateway = observed().await;
    let knowledge = |form: Form| request(&gateway, "POST", "/v1/knowledge").multipart(form);
    let missing = json!({"message": "File missing", "provider": "", "error": {"code": 422}});
    let named = || Form::new().text("name", "n");
    assert_eq!(send(knowledge(named().part("file", file()))).await.0, 200);
    assert_eq!(send(knowledge(named())).await, (422, missing.clone()));
    assert_eq!(send(knowledge(named().part("file", file()).part("other", file()))).await, (422, missing.clone()));
    assert_eq!(
        send(request(&gateway, "POST", "/v1/knowledge").json(&json!({"name": "n"}))).await,
        (422, missing.clone())
    );
    let arrays = send(knowledge(named().part("file", file()).text("tags[]", "a"))).await;
    assert_eq!((arrays.0, &arrays.1["message"]), (500, &"Arrays are not supported.".into()));
    // Before the token.
    let url = format!("{}/v1/image/remove-background", gateway.base_url());
    let image = |part: &'static str| reqwest::Client::new().post(&url).multipart(Form::new().part(part, file()));
    assert_eq!(send(image("image_file")).await, (422, missing));
    let (status, body) = send(image("file").query(&[("api_token", TOKEN)])).await;
    let problems = ["part `file` is unknown; known are `image_file`", "part `image_file` is required"];
    assert_eq!((status, &body["error"]["errors"]), (400, &json!(problems)));
    let patch = request(&gateway, "PATCH", "/v1/knowledge/knowledge_id?knowledge_id=kno_1");
    let (status, body) = send(patch.multipart(named().part("file", file()))).await;
    assert_eq!((status, &body["message"]), (422, &"File is required for upload.".into()));
}

#[tokio::test]
async fn bodies_arrive_as_json() {
    let gateway = observed().await;
    let tones = || request(&gateway, "POST", "/v1/tones?undeclared=passes");
    let form = tones().header("content-type", "application/x-www-form-urlencoded").body("name=n&value=v");
    assert_eq!(send(form).await.1["result"]["data"]["name"], "n");
    let (status, body) = send(tones().body(r#"{"name": "n", "value": "v"}"#)).await;
    let problems = ["body field `name` is required", "body field `value` is required"];
    assert_eq!((status, &body["error"]["errors"]), (400, &json!(problems)));
    let (status, body) = send(tones().header("content-type", "application/json").body("{")).await;
    assert_eq!((status, body.as_object().map(serde_json::Map::len)), (400, Some(1)), "{body}");
}

/// A document in which the upload's part is `file` and the answer binary.
fn scanner() -> Value {
    let form =
        json!({"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}});
    let image = json!({"image/png": {"schema": {"type": "string", "format": "binary"}}});
    json!({
        "openapi": "3.0.0", "info": {"title": "Scanner", "version": "1"},
        "servers": [{"url": "https://api.lowcodeapi.com/scanner"}],
        "paths": {"/scan": {"post": {
            "requestBody": {"required": true, "content": {"multipart/form-data": {"schema": form}}},
            "responses": {"200": {"description": "", "content": image}}
        }}}
    })
}

#[tokio::test]
async fn binary_answers_are_destroyed() {
    use lowcodeapi_mock::{Inputs, Source};
    let text = scanner().to_string();
    let inputs = Inputs::new(Source { name: "scanner.json", text: &text });
    let gateway = Gateway::builder(inputs).behaviour(Behaviour::Observed).start().await.expect("it starts");
    let asked = request(&gateway, "POST", "/scan").multipart(Form::new().part("file", file()));
    let answer = asked.send().await.expect("it answers");
    assert_eq!(answer.headers()["content-type"], "image/png; charset=utf-8");
    assert!(answer.bytes().await.expect("there is a body").starts_with("\u{fffd}PNG".as_bytes()));
}

#[tokio::test]
async fn what_is_set_goes_before_what_was_observed() {
    let gateway = jasper().behaviour(Behaviour::Observed).formats(UrlFormats::Both).start().await.expect("it starts");
    assert_eq!(get(&gateway, "/v1/templates/skl_1").await.1["result"]["data"]["id"], "skl_1");
}
