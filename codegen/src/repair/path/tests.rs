use serde_json::{Value, json};

use super::{OLD_PATH, PATH_TEMPLATE};
use crate::repair::testing::repaired;

fn paths(key: &str, endpoint: Option<&str>, names: &[&str]) -> (String, String) {
    let parameters: Vec<_> = names.iter().map(|name| json!({"name": name, "in": "path", "schema": {}})).collect();
    let mut operation = json!({"parameters": parameters, "responses": {}});
    if let Some(endpoint) = endpoint {
        operation["externalDocs"] = json!({"api_ref": "https://r", "api_endpoint": endpoint});
    }
    let (operation, _) = repaired(key, operation);
    let text = |key: &str| operation[key].as_str().map(str::to_owned).unwrap_or_default();
    (text(PATH_TEMPLATE), text(OLD_PATH))
}

fn pair(new: &str, old: &str) -> (String, String) {
    (new.to_owned(), old.to_owned())
}

#[test]
fn an_alias_gets_its_parameters_back() {
    let expected = pair("/v1/tones/{tone_id}", "/v1/tones/tone_id");
    assert_eq!(paths("/v1/tones/tone_id", Some("{endpoint}/v1/tones/{tone_id}"), &["tone_id"]), expected);
    assert_eq!(paths("/v1/tones/tone_id", Some("https://h.example/v1/tones/:tone_id"), &["tone_id"]), expected);
    assert_eq!(paths("/v1/tones/tone_id", Some("https://h.example/v1/tones/<tone_id>"), &["tone_id"]), expected);
    assert_eq!(paths("/v1/tones/tone_id", None, &["tone_id"]), expected);
}

#[test]
fn braces_in_the_key_are_kept_with_or_without_the_endpoint_prefix() {
    let expected = pair("/v1/models/{model_id}", "/v1/models/model_id");
    assert_eq!(paths("/v1/models/{model_id}", None, &["model_id"]), expected);
    assert_eq!(paths("{endpoint}/v1/models/{model_id}", None, &["model_id"]), expected);
    assert_eq!(paths("/{endpoint}/v1/models/{model_id}", None, &["model_id"]), expected);
}

#[test]
fn a_lower_cased_alias_takes_the_declared_spelling() {
    let (template, old) = paths("/documentid/get", Some("https://h/v1/docs/{documentId}/get"), &["documentId"]);
    assert_eq!((template.as_str(), old.as_str()), ("/{documentId}/get", "/documentid/get"));
}

#[test]
fn a_parameter_can_be_a_part_of_its_segment() {
    assert_eq!(
        paths("/orders/id.json", Some("https://h/orders/{id}.json"), &["id"]),
        pair("/orders/{id}.json", "/orders/id.json")
    );
}

#[test]
fn a_variable_that_is_declared_in_the_query_belongs_into_the_path() {
    let parameters = json!([{"name": "id", "in": "query", "schema": {}}]);
    let docs = json!({"api_ref": "https://r", "api_endpoint": "https://h/2/tweets/:id"});
    let (operation, _) =
        repaired("/2/tweets/id", json!({"parameters": parameters, "responses": {}, "externalDocs": docs}));
    assert_eq!(operation[PATH_TEMPLATE], "/2/tweets/{id}");
}

#[test]
fn a_variable_that_is_declared_nowhere_becomes_a_parameter() {
    let docs = json!({"api_ref": "https://r", "api_endpoint": "https://h/2/tweets/:id/{kind}.json"});
    let (operation, codes) = repaired("/2/tweets/id/kind.json", json!({"responses": {}, "externalDocs": docs}));
    assert_eq!(operation[PATH_TEMPLATE], "/2/tweets/{id}/{kind}.json");
    assert_eq!(operation[OLD_PATH], "/2/tweets/id/kind.json");
    let names = operation["parameters"].as_array().map(|it| it.iter().map(|it| it["name"].clone()).collect::<Vec<_>>());
    assert_eq!(names, Some(vec![json!("id"), json!("kind")]));
    assert!(codes.contains(&"path-parameter"), "{codes:?}");
}

#[test]
fn a_credential_in_the_path_stays_with_the_gateway() {
    let docs = json!({"api_ref": "https://r", "api_endpoint": "https://h/bot{token}/send"});
    for alias in ["/bottoken/send", "/bot-token/send"] {
        let (operation, codes) = repaired(alias, json!({"responses": {}, "externalDocs": docs}));
        assert_eq!((&operation[PATH_TEMPLATE], operation.get("parameters")), (&json!(alias), None));
        assert!(codes.contains(&"gateway-variable") && !codes.contains(&"path-parameter"), "{codes:?}");
    }
    let docs = json!({"api_ref": "https://r", "api_endpoint": "https://h/checkouts/{token}"});
    let (operation, _) = repaired("/checkouts/token", json!({"responses": {}, "externalDocs": docs}));
    assert_eq!(operation[PATH_TEMPLATE], "/checkouts/{token}", "a checkout's own token is none");
}

#[test]
fn a_variable_that_the_alias_has_no_place_for_is_told() {
    let codes = |endpoint: &str| {
        let docs = json!({"api_ref": "https://r", "api_endpoint": endpoint});
        let parameters = json!([{"name": "id", "in": "path", "schema": {}}]);
        let given = json!({"parameters": parameters, "responses": {}, "externalDocs": docs});
        repaired("/posts/id", given).1
    };
    assert!(codes("https://h/{version}/posts/{id}").contains(&"gateway-variable"));
    assert!(codes("/posts/id/<kind>").contains(&"gateway-variable"));
    assert!(!codes("https://h/{id}/then").contains(&"gateway-variable"), "it is placed by its name");
    assert!(!codes("https://h/v1/posts/{id}").contains(&"gateway-variable"));
}

#[test]
fn marks_and_patterns_of_a_variable_are_not_its_name() {
    let paths = |alias: &str, endpoint: &str| {
        let docs = json!({"api_ref": "https://r", "api_endpoint": endpoint});
        let (operation, codes) = repaired(alias, json!({"responses": {}, "externalDocs": docs}));
        assert!(!codes.contains(&"path-alias"), "{codes:?}");
        (operation[PATH_TEMPLATE].clone(), operation[OLD_PATH].clone(), operation["parameters"][0]["name"].clone())
    };
    let expected = (json!("/wp/v2/{id}/likes"), json!("/wp/v2/_id/likes"), json!("id"));
    assert_eq!(paths("/wp/v2/_id/likes", "/wp/v2/<id>/likes"), expected);
    let expected = (json!("/v3/{address}"), json!("/v3/address"), json!("address"));
    assert_eq!(paths("/v3/address", "https://h/v3/{address:.+}"), expected);
    assert_eq!(paths("/v3/address", "https://h/v3/{address:[a-z]{3}}"), expected);
}

#[test]
fn a_misspelt_parameter_takes_the_one_place_that_is_left() {
    let expected = pair("/threads/{thredId}", "/threads/threadid");
    assert_eq!(paths("/threads/threadid", Some("https://h/threads/{threadId}"), &["thredId"]), expected);
    let (template, _) = paths("/a/aid/bid", Some("https://h/a/{aId}/{bId}"), &["id"]);
    assert_eq!(template, "/a/{aId}/{bId}", "which of two it is cannot be said");
    let (template, _) = paths("/users/userid/mails", Some("https://h/users/{userId}/mails"), &["address"]);
    assert_eq!(template, "/users/{userId}/mails", "another thing is no misspelling");
}

#[test]
fn a_parameter_is_the_variable_that_its_description_speaks_of() {
    let template = |variable: &str, description: &str| {
        let parameters = json!([{"name": "ext", "in": "path", "description": description, "schema": {}}]);
        let docs = json!({"api_ref": "https://r", "api_endpoint": format!("https://h/v1/{{{variable}}}")});
        let operation = json!({"parameters": parameters, "responses": {}, "externalDocs": docs});
        let (operation, _) = repaired(&format!("/v1/{}", variable.to_lowercase()), operation);
        operation[PATH_TEMPLATE].as_str().map(str::to_owned).unwrap_or_default()
    };
    assert_eq!(template("teamEventId", "The ID of the event of a team."), "/v1/{ext}");
    assert_eq!(template("teamEventId", "The ID of the event."), "/v1/{teamEventId}");
    assert_eq!(template("name", "The name of the event."), "/v1/{name}", "everything has a name");
}

#[test]
fn an_alias_that_hides_a_parameter_is_told() {
    let codes = |path: &str| {
        let parameters = json!([{"name": "Id", "in": "path", "schema": {}}]);
        let docs = json!({"api_ref": "https://r", "api_endpoint": "https://h/v1/{Id}"});
        repaired(path, json!({"parameters": parameters, "responses": {}, "externalDocs": docs})).1
    };
    assert!(codes("/v1/album").contains(&"path-alias"));
    assert!(codes("/v1/album_id").contains(&"path-alias"));
    assert!(codes("/v1/{Id}").contains(&"path-alias"), "it has a bare word for a parameter");
    assert!(!codes("/v1/id").contains(&"path-alias"));
}

#[test]
fn an_action_behind_a_parameter_is_restored() {
    assert_eq!(
        paths(
            "/v1/documents/documentid-batchupdate",
            Some("https://h/v1/documents/{documentId}:batchUpdate"),
            &["documentId"]
        ),
        pair("/v1/documents/{documentId}:batchUpdate", "/v1/documents/documentid-batchupdate")
    );
    let (template, _) = paths("/v2/m/userId_teamId", Some("{endpoint}/v2/m/{userId}_{teamId}"), &["teamId", "userId"]);
    assert_eq!(template, "/v2/m/{userId}_{teamId}");
}

#[test]
fn aliases_of_one_template_have_its_parameter() {
    let (template, old) = paths("/v20.0/user_id", Some("https://h/v20.0/{id}"), &["id"]);
    assert_eq!((template.as_str(), old.as_str()), ("/v20.0/{id}", "/v20.0/user_id"));
    let (template, _) = paths("/documentid/get", Some("https://h/v1/documents/{documentId}"), &["documentId"]);
    assert_eq!(template, "/{documentId}/get", "the alias has a place for the name itself");
}

#[test]
fn of_two_segments_of_one_name_the_last_is_the_parameter() {
    let expected = pair("/git/ref/{ref}", "/git/ref/ref");
    assert_eq!(paths("/git/ref/ref", Some("https://h/git/ref/{ref}"), &["ref"]), expected);
    assert_eq!(paths("/git/ref/ref", None, &["ref"]), expected);
}

#[test]
fn other_documents_keep_their_keys() {
    let mut tree = json!({"paths": {"/a/b": {"get": {"responses": {}}}}});
    let mut findings = crate::diagnostic::Findings::default();
    crate::repair::repair_document(&mut tree, crate::Profile::OpenApi, &mut findings);
    assert_eq!(tree["paths"]["/a/b"]["get"].get(PATH_TEMPLATE), None::<&Value>);
}
