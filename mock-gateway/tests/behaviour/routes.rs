//! The routes of the 19 operations, written by hand: neither the document nor a generated client is consulted.

use lowcodeapi_mock::{Envelope, Gateway, RecordedRequest, TOKEN, UrlFormat, UrlFormats};
use reqwest::{Method, RequestBuilder, StatusCode, multipart};
use serde_json::{Value, json};

use crate::support::{client, jasper};

/// Method, New Format path, Old Format path.
const ROUTES: [(&str, &str, &str); 19] = [
    ("POST", "/v1/command", "/v1/command"),
    ("POST", "/v1/image/remove-background", "/v1/image/remove-background"),
    ("POST", "/v1/keep-writing", "/v1/keep-writing"),
    ("POST", "/v1/knowledge", "/v1/knowledge"),
    ("GET", "/v1/knowledge", "/v1/knowledge"),
    ("GET", "/v1/knowledge/{knowledge_id}", "/v1/knowledge/knowledge_id"),
    ("PATCH", "/v1/knowledge/{knowledge_id}", "/v1/knowledge/knowledge_id"),
    ("DELETE", "/v1/knowledge/{knowledge_id}", "/v1/knowledge/knowledge_id"),
    ("GET", "/v1/styles", "/v1/styles"),
    ("POST", "/v1/styles/{style_id}/apply", "/v1/styles/style_id/apply"),
    ("GET", "/v1/templates", "/v1/templates"),
    ("GET", "/v1/templates/{template_id}", "/v1/templates/template_id"),
    ("POST", "/v1/templates/{template_id}/run", "/v1/templates/template_id/run"),
    ("POST", "/v1/tones", "/v1/tones"),
    ("GET", "/v1/tones", "/v1/tones"),
    ("GET", "/v1/tones/{tone_id}", "/v1/tones/tone_id"),
    ("PATCH", "/v1/tones/{tone_id}", "/v1/tones/tone_id"),
    ("DELETE", "/v1/tones/{tone_id}", "/v1/tones/tone_id"),
    ("GET", "/v1/usage", "/v1/usage"),
];

/// Returns the name of the path's parameter, and the path with a value in its place.
fn fill(path: &str, value: &str) -> (Option<String>, String) {
    let Some((before, rest)) = path.split_once('{') else { return (None, path.to_owned()) };
    let (name, after) = rest.split_once('}').expect("a brace is closed");
    (Some(name.to_owned()), format!("{before}{value}{after}"))
}

#[tokio::test]
async fn a_failure_that_is_asked_for_is_that_of_the_next_request() {
    let gateway = jasper().start().await.expect("it starts");
    gateway.fail_next(429, "slow down");
    gateway.fail_next(200, "no error");
    let url = format!("{}/v1/tones?api_token={TOKEN}", gateway.base_url());
    let mut statuses = Vec::new();
    for _ in 0..3 {
        let body = json!({"name": "Dry", "value": "short"});
        let answer = client().post(&url).json(&body).send().await.expect("it answers");
        statuses.push(answer.status().as_u16());
        let text = answer.text().await.expect("it has a body");
        assert_eq!(text.contains("slow down"), statuses == [429], "{text}");
    }
    assert_eq!(statuses, [429, 500, 200]);
    let list: Value = client().get(&url).send().await.expect("it answers").json().await.expect("JSON");
    assert_eq!(list["data"]["data"].as_array().map(Vec::len), Some(1), "what was refused was not made: {list}");
}

/// Returns a request with no inputs except the path's.
fn request(gateway: &Gateway, route: (&str, &str, &str), format: UrlFormat, value: &str) -> RequestBuilder {
    let (method, new, old) = route;
    let method: Method = method.parse().expect("it is a method");
    let (name, new) = fill(new, value);
    let path = if format == UrlFormat::Old { old } else { &new };
    let request = client().request(method, format!("{}{path}", gateway.base_url()));
    match name {
        Some(name) if format == UrlFormat::Old => request.query(&[(name, value)]),
        _ => request,
    }
}

/// Returns the format that the log should contain.
fn logged(format: UrlFormat, (_, new, _): (&str, &str, &str)) -> UrlFormat {
    if new.contains('{') { format } else { UrlFormat::Same }
}

fn last(gateway: &Gateway) -> RecordedRequest {
    gateway.requests().pop().expect("there was a request")
}

#[test]
fn the_table_is_the_whole_document() {
    let document: Value = serde_json::from_str(lowcodeapi_jasper_spec::DOCUMENT).expect("it is JSON");
    let items = document["paths"].as_object().expect("there are paths").values();
    let operations = items.filter_map(Value::as_object).flat_map(|item| item.keys());
    let methods = operations.filter(|key| matches!(key.as_str(), "get" | "put" | "post" | "patch" | "delete"));
    assert_eq!(methods.count(), ROUTES.len());
}

#[tokio::test]
async fn both_formats_reach_every_operation() {
    let gateway = jasper().start().await.expect("it starts");
    for route in ROUTES {
        for format in [UrlFormat::New, UrlFormat::Old] {
            let answer = request(&gateway, route, format, "x_1").send().await.expect("it answers");
            // The request was routed, and then rejected because the token is missing.
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{route:?} {format:?}");
            let seen = last(&gateway);
            assert_eq!((seen.method.as_str(), seen.route.as_deref()), (route.0, Some(route.1)));
            assert_eq!(seen.format, Some(logged(format, route)));
        }
    }
}

#[tokio::test]
async fn a_format_that_is_off_is_not_routed() {
    let new = jasper().formats(UrlFormats::NewOnly).start().await.expect("it starts");
    let old = jasper().formats(UrlFormats::OldOnly).start().await.expect("it starts");
    for route in ROUTES {
        let plain = !route.1.contains('{');
        let answer = request(&old, route, UrlFormat::New, "x_1").send().await.expect("it answers");
        assert_eq!(answer.status() == StatusCode::NOT_FOUND, !plain, "{route:?}");
        let answer = request(&old, route, UrlFormat::Old, "x_1").send().await.expect("it answers");
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{route:?}");
        let answer = request(&new, route, UrlFormat::New, "x_1").send().await.expect("it answers");
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{route:?}");
        // The Old Format path matches a New Format one, whose query then contains an unknown parameter.
        let asked = request(&new, route, UrlFormat::Old, "x_1").query(&[("api_token", TOKEN)]);
        let answer = asked.send().await.expect("it answers");
        assert!(plain || answer.status() == StatusCode::BAD_REQUEST, "{route:?}");
        assert_eq!(last(&new).format, Some(logged(UrlFormat::New, route)));
    }
}

#[tokio::test]
async fn other_methods_and_paths_are_not_routed() {
    let gateway = jasper().envelope(Envelope::Result).start().await.expect("it starts");
    for route in ROUTES {
        let others = ["GET", "POST", "PUT", "PATCH", "DELETE"].into_iter();
        for method in others.filter(|method| !ROUTES.iter().any(|known| (known.0, known.1) == (*method, route.1))) {
            let route = (method, route.1, route.2);
            let answer = request(&gateway, route, UrlFormat::New, "x_1").send().await.expect("it answers");
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{route:?}");
            assert_eq!(answer.json::<Value>().await.expect("it is JSON"), json!({"message": "Not Found"}));
            assert_eq!((last(&gateway).route, last(&gateway).format), (None, None));
        }
    }
    for path in
        ["/", "/jasper", "/jasper/", "/other/v1/tones", "/jasper/v1/tones/", "/jasper/V1/tones", "/jasper/v1/tones/a/b"]
    {
        let answer = client().get(format!("http://{}{path}", gateway.address())).send().await.expect("it answers");
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn every_operation_answers_the_least_that_is_complete() {
    for envelope in [Envelope::Data, Envelope::Result] {
        let gateway = jasper().envelope(envelope).start().await.expect("it starts");
        for route in ROUTES {
            for format in [UrlFormat::New, UrlFormat::Old] {
                let id = create_what_is_needed(&gateway, route.1).await;
                let asked = request(&gateway, route, format, &id).query(&[("api_token", TOKEN)]);
                let answer = with_inputs(asked, route).send().await.expect("it answers");
                let (status, text) = (answer.status(), answer.text().await.expect("there is a body"));
                assert_eq!(status, StatusCode::OK, "{route:?} {format:?}: {text}");
            }
        }
    }
}

/// Creates an item for operations on one, and returns its ID.
async fn create_what_is_needed(gateway: &Gateway, path: &str) -> String {
    let Some(route) = ROUTES.iter().find(|(method, new, _)| {
        *method == "POST" && path.strip_prefix(new).is_some_and(|rest| rest.starts_with("/{"))
    }) else {
        return "any_1".to_owned();
    };
    let asked = request(gateway, *route, UrlFormat::New, "").query(&[("api_token", TOKEN)]);
    let answer = with_inputs(asked, *route).send().await.expect("it answers");
    let body: Value = answer.json().await.expect("it is JSON");
    let id = body.pointer("/data/data/id").or_else(|| body.pointer("/result/data/id"));
    id.and_then(Value::as_str).expect("there is an ID").to_owned()
}

fn with_inputs(request: RequestBuilder, (method, path, _): (&str, &str, &str)) -> RequestBuilder {
    let file = || multipart::Part::bytes(&b"text"[..]).file_name("a.txt");
    match (method, path) {
        ("POST", "/v1/command") => request.json(&json!({"inputs": {"command": "c"}})),
        ("POST", "/v1/image/remove-background") => request.multipart(multipart::Form::new().part("image_file", file())),
        ("POST", "/v1/keep-writing") => request.json(&json!({"inputs": {"type": "text", "value": "v"}})),
        ("POST", "/v1/knowledge") => request.multipart(multipart::Form::new().text("name", "n").part("file", file())),
        ("POST", "/v1/styles/{style_id}/apply") => request.json(&json!({"content": "c"})),
        ("POST", "/v1/templates/{template_id}/run") => request.json(&json!({"inputs": {"topic": "t"}})),
        ("POST", "/v1/tones") => request.json(&json!({"name": "n", "value": "v"})),
        ("GET", "/v1/usage") => {
            request.query(&[("start", "2026-01-01T00:00:00Z"), ("end", "2026-01-02T00:00:00Z"), ("granularity", "day")])
        }
        _ => request,
    }
}
