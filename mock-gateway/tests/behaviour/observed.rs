//! The open-source server's behaviour where it differs.

use lowcodeapi_mock::{Behaviour, Gateway, TOKEN, UrlFormats};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::support::{client, get, http, jasper, request, send};

async fn observed() -> Gateway {
    jasper().behaviour(Behaviour::Observed).start().await.expect("it starts")
}

fn file() -> Part {
    Part::bytes(&b"x"[..]).file_name("a.txt")
}

#[tokio::test]
async fn a_refused_token_is_echoed() {
    let gateway = observed().await;
    let url = |query: &str| format!("{}/v1/styles{query}", gateway.base_url());
    let (status, body) = send(client().get(url("?api_token=secret&a=b"))).await;
    assert_eq!((status, &body["provider"], &body["error"]["code"]), (401, &"jasper".into(), &401.into()));
    let logging = &body["error"]["logging"];
    assert_eq!(logging["query"], json!({"api_token": "secret", "a": "b"}));
    assert_eq!((&logging["method"], &logging["path"]), (&"GET".into(), &"/jasper/v1/styles".into()));
    assert!(logging["headers"]["host"].is_string() && body.get("headers").is_none(), "{body}");
    let (status, body) = send(client().get(url("?api_token=at_unknown"))).await;
    assert_eq!((status, &body["message"]), (403, &"Invalid api_token".into()));
    assert!(!body.to_string().contains("at_unknown"), "{body}");
    let nowhere = format!("{}/v1/nowhere", gateway.base_url());
    assert_eq!(send(client().get(nowhere)).await, (404, json!({"message": "Not Found"})));
}

#[tokio::test]
async fn the_providers_words_stand_in_the_error_alone() {
    let gateway = observed().await;
    gateway.fail_next(402, "the credits are used up");
    let (status, body) = get(&gateway, "/v1/styles").await;
    assert_eq!((status, &body["message"]), (402, &"Request failed".into()));
    assert_eq!(body["error"]["errors"], json!(["the credits are used up"]));
    assert!(body["headers"].is_object());
}

#[tokio::test]
async fn the_base_redirects_to_a_page() {
    let gateway = observed().await;
    let client = http().redirect(reqwest::redirect::Policy::none()).build().expect("it is made");
    for path in ["", "/"] {
        let answer = client.get(format!("{}{path}", gateway.base_url())).send().await.expect("it answers");
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["location"]),
            (302, &"https://lowcodeapi.com".parse().expect("valid"))
        );
    }
    let promised = jasper().start().await.expect("it starts");
    assert_eq!(client.get(promised.base_url()).send().await.expect("it answers").status(), 404);
}

/// The reason for the client's check of path values.
#[tokio::test]
async fn a_value_leads_to_another_operation_in_either_format() {
    for formats in [UrlFormats::NewOnly, UrlFormats::OldOnly] {
        let gateway = jasper().behaviour(Behaviour::Observed).formats(formats).start().await.expect("it starts");
        let made =
            request(&gateway, "POST", "/v1/knowledge").multipart(Form::new().text("name", "n").part("file", file()));
        let (_, made) = send(made).await;
        let id = made["result"]["data"]["id"].as_str().expect("it has an id").to_owned();
        let value = format!("x%2F..%2F..%2Fknowledge%2F{id}");
        let path = match formats {
            UrlFormats::NewOnly => format!("/v1/tones/{value}"),
            _ => format!("/v1/tones/tone_id?tone_id={value}"),
        };
        let (status, body) = send(request(&gateway, "DELETE", &path)).await;
        assert_eq!((status, &body["result"]["deleted"]), (200, &true.into()), "{formats:?} {body}");
        assert_eq!(get(&gateway, "/v1/knowledge").await.1["result"]["data"], json!([]), "{formats:?}");
    }
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
    assert_eq!(send(knowledge(named().part("file", file()).part("file", file()))).await, (422, missing.clone()));
    assert_eq!(
        send(request(&gateway, "POST", "/v1/knowledge").json(&json!({"name": "n"}))).await,
        (422, missing.clone())
    );
    let arrays = send(knowledge(named().part("file", file()).text("tags[]", "a"))).await;
    assert_eq!((arrays.0, &arrays.1["message"]), (500, &"Arrays are not supported.".into()));
    // The upload is checked before the token.
    let url = format!("{}/v1/image/remove-background", gateway.base_url());
    let image = |form: Form| client().post(&url).multipart(form);
    assert_eq!(send(image(Form::new())).await, (422, missing));
    let (status, body) = send(image(Form::new().part("file", file())).query(&[("api_token", TOKEN)])).await;
    let problems = ["part `file` is unknown; expected one of `image_file`", "part `image_file` is required"];
    assert_eq!((status, &body["error"]["errors"]), (400, &json!(problems)));
    let patch = request(&gateway, "PATCH", "/v1/knowledge/knowledge_id?knowledge_id=kno_1");
    let (status, body) = send(patch.multipart(named().part("file", file()))).await;
    let refused = json!({"message": "File is required for upload.", "provider": "jasper", "error": {"code": 422}});
    assert_eq!((status, body), (422, refused));
}

#[tokio::test]
async fn a_file_in_another_part_or_without_a_name_closes_the_connection() {
    let gateway = observed().await;
    let nameless = Part::bytes(&b"x"[..]).file_name("");
    for (path, form) in [
        ("/v1/image/remove-background", Form::new().part("image_file", file())),
        ("/v1/knowledge", Form::new().text("name", "n").part("file", file()).part("other", file())),
        ("/v1/knowledge", Form::new().text("name", "n").part("file", nameless)),
    ] {
        let error = request(&gateway, "POST", path).multipart(form).send().await.expect_err("nothing answers");
        assert!(error.is_request() && !error.is_connect(), "{error:?}");
        let seen = gateway.requests().pop().expect("there was a request");
        assert_eq!(seen.status, 0);
    }
    assert_eq!(get(&gateway, "/v1/styles").await.0, 200);
}

#[tokio::test]
async fn a_file_name_is_garbled_unless_it_comes_as_filename_star() {
    let gateway = observed().await;
    for (parameters, expected) in [
        (r#"filename="a.txt""#, "a.txt"),
        (r#"filename="é.txt""#, "Ã©.txt"),
        (r#"filename="é.txt"; filename*=UTF-8''%C3%A9%20b.txt; size="1""#, "é b.txt"),
    ] {
        let part = format!("--b\r\nContent-Disposition: form-data; name=\"file\"; {parameters}\r\n\r\nx\r\n--b");
        let body = format!("{part}\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nn\r\n--b--\r\n");
        let asked = request(&gateway, "POST", "/v1/knowledge").body(body);
        let (status, made) = send(asked.header("content-type", "multipart/form-data; boundary=b")).await;
        assert_eq!((status, &made["result"]["data"]["file"]), (200, &expected.into()), "{made}");
    }
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

/// A document whose upload has a part `file`, and whose response is binary.
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
