//! Values of path parameters in both formats.

use lowcodeapi_mock::{Gateway, UrlFormat, UrlFormats};
use serde_json::Value;

use crate::support::{get, jasper, refusal, request};

async fn id_of(gateway: &Gateway, path: &str) -> Value {
    let (status, body) = get(gateway, path).await;
    assert_eq!(status, 200, "{path}: {body}");
    body["data"]["data"]["id"].clone()
}

#[tokio::test]
async fn values_are_decoded_as_each_format_has_it() {
    let gateway = jasper().start().await.expect("it starts");
    assert_eq!(id_of(&gateway, "/v1/templates/a%2Fb%20%25c").await, "a/b %c");
    assert_eq!(id_of(&gateway, "/v1/templates/template_id?template_id=a%252Fb%2520%2525c").await, "a/b %c");
    assert_eq!(id_of(&gateway, "/v1/templates/template_id?template_id=a+b").await, "a b");
    assert_eq!(id_of(&gateway, "/v1/templates/%C3%BC%F0%9F%90%87").await, "ü🐇");
}

#[tokio::test]
async fn the_alias_is_a_value_only_without_its_parameter() {
    let gateway = jasper().start().await.expect("it starts");
    assert_eq!(id_of(&gateway, "/v1/templates/template_id").await, "template_id");
    assert_eq!(gateway.requests()[0].format, Some(UrlFormat::New));
    assert_eq!(id_of(&gateway, "/v1/templates/template_id?template_id=x").await, "x");
    assert_eq!(gateway.requests()[1].format, Some(UrlFormat::Old));
    let old = jasper().formats(UrlFormats::OldOnly).start().await.expect("it starts");
    let missing = refusal(request(&old, "GET", "/v1/templates/template_id")).await;
    assert_eq!(missing, "path parameter `template_id` is required: in the Old Format the query contains its value");
}

#[tokio::test]
async fn a_value_that_would_change_the_path_is_refused() {
    let gateway = jasper().start().await.expect("it starts");
    for (value, problem) in [
        ("", "is empty"),
        ("a%2Fb", "has a `/`, which must be percent-encoded for the provider's path"),
        ("a%3Fb", "has a `?`, which must be percent-encoded for the provider's path"),
        ("a%23b", "has a `#`, which must be percent-encoded for the provider's path"),
        ("..", "is `..`, which would change the provider's path"),
        ("x&template_id=y", "is given more than once"),
    ] {
        let asked = request(&gateway, "GET", &format!("/v1/templates/template_id?template_id={value}"));
        assert_eq!(refusal(asked).await, format!("path parameter `template_id` {problem}"));
    }
    // In the New Format the parameter is not part of the query.
    let both = refusal(request(&gateway, "GET", "/v1/templates/x?template_id=x")).await;
    assert_eq!(both, "query parameter `template_id` is unknown to GET /v1/templates/{template_id}");
}
