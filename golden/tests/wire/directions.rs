//! Properties of one direction: what is read, what is kept, and what is sent.

use golden::{read_write_only, read_write_only_nested};
use lowcodeapi_runtime::catalogue::Described as _;
use serde_json::{Value, json};

use crate::wire::support::{Answer, Server, sent};

/// An account as the server returns it.
fn account() -> Value {
    json!({
        "id": "a1", "name": "Ada", "tags": ["new"], "owner": {"uid": "o1", "label": "one"},
        "owners": [{"uid": "o2", "label": "two"}], "by_name": {"x": {"uid": "o3", "label": "three"}},
        "contact": {"vat": "DE1", "registered": true}, "extra": {"uid": "kept"},
    })
}

/// The account as requests have it.
fn as_sent() -> Value {
    json!({
        "name": "Bea", "pin": null, "owner": {"label": "one"}, "owners": [{"label": "two"}],
        "by_name": {"x": {"label": "three"}}, "contact": {"vat": "DE1"}, "extra": {"uid": "kept"},
    })
}

#[tokio::test]
async fn a_value_that_was_read_is_changed_and_sent_back() {
    use read_write_only_nested::{Client, types::Account};

    let server = Server::new([Answer::json(200, &account().to_string()), Answer::empty(204), Answer::empty(204)]);
    let client = server.client(Client::builder());
    let read = client.get_account().await.unwrap();
    assert_eq!((read.id.as_deref(), read.secret.as_deref()), (Some("a1"), None));
    // Storage keeps everything, also inside of what a caller serialises.
    let stored = serde_json::to_value([&read]).unwrap();
    let mut kept = account();
    kept["pin"] = Value::Null;
    assert_eq!(stored, json!([kept]));
    let [mut restored]: [Account; 1] = serde_json::from_value(stored).unwrap();
    assert_eq!(restored, read);
    restored.name = "Bea".to_owned();
    client.put_account(restored.clone()).await.unwrap();
    let several = [restored.clone(), restored];
    client.put_accounts(several).await.unwrap();
    let [_, one, several] = server.requests().try_into().unwrap();
    assert_eq!(one.json(), as_sent());
    assert_eq!(several.json(), json!({"accounts": [as_sent(), as_sent()]}));
}

#[tokio::test]
async fn a_model_in_a_raw_request_is_sent_too() {
    use read_write_only_nested::{Client, types::Owner};

    let mut owner = Owner::new("one");
    owner.uid = Some("o1".to_owned());
    let server = Server::new([Answer::empty(204)]);
    let client = server.client(Client::builder());
    let call = client.raw_request(lowcodeapi_runtime::Method::POST, "/x").json(json!(1)).json([&owner]);
    call.send().await.unwrap();
    assert_eq!(server.request().json(), json!([{"label": "one"}]));
    assert_eq!(serde_json::to_value(&owner).unwrap(), json!({"uid": "o1", "label": "one"}));
}

#[tokio::test]
async fn what_only_requests_have_is_asked_for() {
    use read_write_only_nested::types::{Account, Order, Owner};

    let account = Account::new("Ada", "s3cret", Owner::new("one"));
    let request = sent!(read_write_only_nested, |client| client.put_account(account.clone()));
    let expected =
        json!({"name": "Ada", "secret": "s3cret", "pin": null, "kind": "standard", "owner": {"label": "one"}});
    assert_eq!(request.json(), expected);
    let account = read_write_only::types::Account::new("a@example.com", "s3cret");
    assert_eq!(account.password.as_deref(), Some("s3cret"));
    // A type of one direction has what the other one sends, and does not expect it.
    let order: Order = serde_json::from_value(json!({"id": "x", "item": "tea", "coupon": "c"})).unwrap();
    assert_eq!(order.id.as_deref(), Some("x"));
    let answer = json!({"id": "r1", "total": 1.5}).to_string();
    let server = Server::new([Answer::json(200, &answer)]);
    let receipt = server.client(read_write_only_nested::Client::builder()).place_order(order).await.unwrap();
    assert_eq!(server.request().json(), json!({"item": "tea", "coupon": "c"}));
    assert_eq!(receipt.id, "r1");
}

#[tokio::test]
async fn parts_and_fields_of_forms_leave_out_what_is_read() {
    use read_write_only_nested::types::Owner;

    let mut owner = Owner::new("one");
    owner.uid = Some("o1".to_owned());
    let request =
        sent!(read_write_only_nested, |client| client.upload_account(owner.clone(), [owner.clone(), owner.clone()]));
    let text = String::from_utf8_lossy(&request.body).into_owned();
    assert_eq!((text.matches(r#"{"label":"one"}"#).count(), text.matches("o1").count()), (3, 0), "{text}");
    let request = sent!(read_write_only_nested, |client| client.submit_account(owner.clone()));
    assert_eq!(request.text(), "owner%5Blabel%5D=one");
}

#[tokio::test]
async fn a_call_by_name_takes_what_was_read() {
    use read_write_only_nested::{Client, catalogue::CATALOGUE};

    let server = Server::new([Answer::empty(204)]);
    let client = server.client(Client::builder());
    let mut body = account();
    body["name"] = json!("Bea");
    let inputs = json!({"body": body});
    client.prepare("put_account", inputs.into()).unwrap().send().await.unwrap();
    assert_eq!(server.request().json(), as_sent());
    let call = client.prepare("place_order", json!({"body": {"id": "x", "item": "tea"}}).into()).unwrap();
    assert!(call.dry_run().unwrap().to_string().contains(r#"{"item":"tea"}"#));

    let operation = |name: &str| CATALOGUE.operations[CATALOGUE.position(name).unwrap()];
    let inputs = CATALOGUE.input_schema(operation("put_account"), None);
    let account = &inputs["$defs"]["Account"];
    assert_eq!((&account["properties"]["id"], &account["properties"]["tags"]), (&Value::Null, &Value::Null));
    assert_eq!(account["required"], json!(["name", "secret", "pin", "kind", "owner"]));
    assert_eq!(inputs["$defs"]["Owner"]["properties"]["uid"], Value::Null);
    let results = CATALOGUE.result_schema(operation("get_account")).unwrap();
    let account = &results["$defs"]["Account"];
    assert_eq!((&account["properties"]["secret"], &account["properties"]["pin"]), (&Value::Null, &Value::Null));
    assert_eq!(account["required"], json!(["name", "owner"]));
    assert_eq!(account["properties"]["id"]["type"], json!("string"));
}
