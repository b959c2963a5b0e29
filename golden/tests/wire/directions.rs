//! Properties of one direction: what is read, what is kept, and what is sent.

use golden::{read_only_required, read_write_only, read_write_only_nested, write_only_required};
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
        "name": "Bea", "secret": "s3cret", "pin": null, "kind": "standard", "owner": {"label": "one"}, "owners": [{"label": "two"}],
        "by_name": {"x": {"label": "three"}}, "contact": {"vat": "DE1"}, "extra": {"uid": "kept"},
    })
}

#[tokio::test]
async fn a_value_that_was_read_is_changed_and_sent_back() {
    use read_write_only_nested::{Client, types::Account};

    let server = Server::new([Answer::json(200, &account().to_string()), Answer::empty(204), Answer::empty(204)]);
    let client = server.client(Client::builder());
    let read = client.get_account().await.unwrap();
    assert_eq!((read.id.as_str(), read.owner.uid.as_str()), ("a1", "o1"));
    // Storage keeps everything, also inside of what a caller serialises.
    let stored = serde_json::to_value([&read]).unwrap();
    assert_eq!(stored, json!([account()]));
    let [mut restored]: [Account; 1] = serde_json::from_value(stored).unwrap();
    assert_eq!(restored, read);
    restored.name = "Bea".to_owned();
    let changed = restored.into_input("s3cret", None);
    client.put_account(changed.clone()).await.unwrap();
    let several = [changed.clone(), changed];
    client.put_accounts(several).await.unwrap();
    let [_, one, several] = server.requests().try_into().unwrap();
    assert_eq!(one.json(), as_sent());
    assert_eq!(several.json(), json!({"accounts": [as_sent(), as_sent()]}));
}

#[tokio::test]
async fn a_model_in_a_raw_request_is_sent_too() {
    use read_write_only_nested::{Client, types::Owner};

    let owner = Owner::new("o1", "one");
    let server = Server::new([Answer::empty(204)]);
    let client = server.client(Client::builder());
    let call = client.raw_request(lowcodeapi_runtime::Method::POST, "/x").json(json!(1)).json([&owner]);
    call.send().await.unwrap();
    assert_eq!(server.request().json(), json!([{"label": "one"}]));
    assert_eq!(serde_json::to_value(&owner).unwrap(), json!({"uid": "o1", "label": "one"}));
}

#[tokio::test]
async fn what_only_requests_have_is_asked_for() {
    use read_write_only_nested::types::{AccountInput, Order, OwnerInput};

    let account = AccountInput::new("Ada", "s3cret", OwnerInput::new("one"));
    let request = sent!(read_write_only_nested, |client| client.put_account(account.clone()));
    let expected =
        json!({"name": "Ada", "secret": "s3cret", "pin": null, "kind": "standard", "owner": {"label": "one"}});
    assert_eq!(request.json(), expected);
    let account = read_write_only::types::AccountInput::new("a@example.com", "s3cret");
    assert_eq!(account.password, "s3cret");
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

    let owner = Owner::new("o1", "one");
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
    body["secret"] = json!("s3cret");
    body["pin"] = Value::Null;
    body["kind"] = json!("standard");
    let inputs = json!({"body": body});
    client.prepare("put_account", inputs.into()).unwrap().send().await.unwrap();
    assert_eq!(server.request().json(), as_sent());
    let call = client.prepare("place_order", json!({"body": {"id": "x", "item": "tea"}}).into()).unwrap();
    assert!(call.dry_run().unwrap().to_string().contains(r#"{"item":"tea"}"#));

    let operation = |name: &str| CATALOGUE.operations[CATALOGUE.position(name).unwrap()];
    let inputs = CATALOGUE.input_schema(operation("put_account"), None);
    let account = &inputs["$defs"]["AccountInput"];
    assert_eq!((&account["properties"]["id"], &account["properties"]["tags"]), (&Value::Null, &Value::Null));
    assert_eq!(account["required"], json!(["name", "secret", "pin", "kind", "owner"]));
    assert_eq!(inputs["$defs"]["OwnerInput"]["properties"]["uid"], Value::Null);
    let results = CATALOGUE.result_schema(operation("get_account")).unwrap();
    let account = &results["$defs"]["Account"];
    assert_eq!((&account["properties"]["secret"], &account["properties"]["pin"]), (&Value::Null, &Value::Null));
    assert_eq!(account["required"], json!(["id", "name", "owner"]));
    assert_eq!(account["properties"]["id"]["type"], json!("string"));
}

/// A book as the server returns it, and as requests have it.
fn book(id: &str) -> (Value, Value) {
    (
        json!({"id": id, "created_at": "2026-01-02T03:04:05Z", "title": "T", "loan": {"since": "2026-01-02T03:04:05Z", "count": 2}}),
        json!({"title": "T"}),
    )
}

/// A shelf with books at every depth.
fn shelf() -> (Value, Value) {
    let [one, two]: [Value; 2] = {
        let (received, sent) = book("b1");
        let shelf = |book: &Value, film: Value, group: Value, size: Value| {
            json!({
                "label": "L", "main": book, "books": [book, book], "by_title": {"x": book}, "grid": [[book]],
                "reserve": book, "pair": [1, book], "row": [book, book], "item": [film], "group": group, "size": size,
                "additional": book,
            })
        };
        let group = json!({
            "id": "g", "kind": "group", "name": "n", "parent": {"id": "p", "kind": "group"},
            "members": [{"id": "m", "kind": "group", "members": []}],
        });
        let sent_group = json!({"name": "n", "parent": {}, "members": [{"members": []}]});
        [
            shelf(&received, json!({"id": 1, "minutes": 90}), group, json!({"width": 2, "area": 4})),
            shelf(&sent, json!({"minutes": 90}), sent_group, json!({"width": 2})),
        ]
    };
    (one, two)
}

#[tokio::test]
async fn required_properties_of_responses_are_there_at_every_depth() {
    use read_only_required::{Client, types::Item};

    let (received, mut sent) = shelf();
    let server = Server::new([Answer::json(200, &received.to_string()), Answer::json(200, &received.to_string())]);
    let client = server.client(Client::builder());
    let mut shelf = client.get_shelf("s").await.unwrap();
    assert_eq!(shelf.main.id, "b1");
    assert_eq!(shelf.main.loan.as_ref().unwrap().since.as_str(), "2026-01-02T03:04:05Z");
    assert_eq!(shelf.books.as_ref().unwrap()[1].id, "b1");
    assert_eq!(shelf.by_title.as_ref().unwrap()["x"].id, "b1");
    assert!(matches!(shelf.item.as_ref().unwrap(), Item::FilmList(films) if films[0].id == 1));
    assert_eq!(shelf.group.as_ref().unwrap().parent.as_ref().unwrap().id, "p");
    assert_eq!(serde_json::to_value(&shelf).unwrap(), received);
    shelf.label = "M".to_owned();
    sent["label"] = json!("M");
    client.put_shelf("s", shelf).await.unwrap();
    let [_, put] = server.requests().try_into().unwrap();
    assert_eq!(put.json(), sent);
    // A response must have what it requires.
    let server = Server::new([Answer::json(200, r#"[{"title": "T"}]"#)]);
    assert!(server.client(Client::builder()).list_books().await.is_err());
}

#[tokio::test]
async fn what_was_read_is_taken_wherever_a_request_has_it() {
    use read_only_required::{
        Client,
        types::{Book, BookRequest, Order},
    };

    let read: Book = serde_json::from_value(book("b1").0).unwrap();
    let request = sent!(read_only_required, |client| client
        .add_books([read.clone(), read.clone()])
        .first(BookRequest::new("New").tags(["a"]))
        .by_title([("x", read.clone())]));
    let sent = book("b1").1;
    let expected = json!({"books": [sent, sent], "first": {"title": "New", "tags": ["a"]}, "by_title": {"x": sent}});
    assert_eq!(request.json(), expected);
    let request = sent!(read_only_required, |client| client.place_order(Order::new(read.clone())));
    assert_eq!(request.json(), json!({"book": sent}));
    // By itself it is not sent with what only the server says.
    let server = Server::new([Answer::empty(204)]);
    server
        .client(Client::builder())
        .raw_request(lowcodeapi_runtime::Method::POST, "/x")
        .json(&read)
        .send()
        .await
        .unwrap();
    assert_eq!(server.request().json(), sent);
}

#[tokio::test]
async fn events_that_were_read_are_sent_back_under_their_tags() {
    use read_only_required::{
        Client,
        types::{Event, EventInput, LoginInput, LoginInputRequired, LoginPlaceInput},
    };

    let received = json!([
        {"kind": "in", "id": 1, "user": "u", "host": "h", "port": 22, "agent": "a", "place": {"town": "T"}, "extra": true},
        {"kind": "out", "user": "u", "place": {"town": "T", "network": "n"}},
    ]);
    let server = Server::new([Answer::json(200, &received.to_string()), Answer::json(200, &received.to_string())]);
    let client = server.client(Client::builder());
    let (user, host, agent) = ("u".to_owned(), "h".to_owned(), "a".to_owned());
    let place = LoginPlaceInput::new().network("n");
    let login = LoginInput::new(LoginInputRequired { user, host, port: 22, agent, place });
    let read = client.record_events([EventInput::from(login)]).await.unwrap();
    assert!(matches!(&read[0], Event::In(login) if login.id == 1 && login.place.town == "T"));
    client.record_events(read).await.unwrap();
    let [new, again] = server.requests().try_into().unwrap();
    let login = |network: Option<&str>| json!({"kind": "in", "user": "u", "host": "h", "port": 22, "agent": "a", "place": network.map_or(json!({}), |network| json!({"network": network}))});
    assert_eq!(new.json(), json!([login(Some("n"))]));
    let mut sent = login(None);
    sent["extra"] = true.into();
    assert_eq!(again.json(), json!([sent, {"kind": "out", "user": "u", "place": {"network": "n"}}]));
}

#[tokio::test]
async fn a_call_by_name_takes_what_was_read_at_every_depth() {
    use read_only_required::Client;

    let (received, sent) = shelf();
    let server = Server::new([Answer::json(200, &received.to_string())]);
    let client = server.client(Client::builder());
    client.prepare("put_shelf", json!({"shelf": "s", "body": received}).into()).unwrap().send().await.unwrap();
    assert_eq!(server.request().json(), sent);
    let body = json!({"label": "L", "main": {"title": "T", "ttile": "U"}});
    let error = client.prepare("put_shelf", json!({"shelf": "s", "body": body}).into()).unwrap_err().to_string();
    assert!(error.contains("`body.main.ttile` is not a property"), "{error}");
}

#[tokio::test]
async fn what_responses_lack_is_asked_for_when_a_value_is_sent_back() {
    use write_only_required::{
        Client,
        types::{Key, MemberInput, TeamInput, UserInput},
    };

    let server = Server::new([
        Answer::json(200, r#"{"id": "u1", "name": "Ada", "extra": 1}"#),
        Answer::json(200, r#"{"id": "u1", "name": "Ada", "password": "echoed"}"#),
        Answer::json(200, r#"{"owner": {"id": "u1", "name": "Ada"}, "motto": "m"}"#),
        Answer::json(200, r#"[{"text": "k"}]"#),
    ]);
    let client = server.client(Client::builder());
    let mut read = client.get_user("ada").await.unwrap();
    assert_eq!(read.id, "u1");
    read.name = "Bea".to_owned();
    let saved = client.put_user("ada", read.into_input("s3cret", Some(7))).await.unwrap();
    // A password that the server should not return is not kept.
    assert_eq!(serde_json::to_value(&saved).unwrap(), json!({"id": "u1", "name": "Ada"}));
    let owner = UserInput::new("Ada", "s3cret");
    let team =
        client.save_team(TeamInput::new(owner.clone()).members([MemberInput::from(owner.clone())])).await.unwrap();
    assert_eq!(team.owner.id, "u1");
    let again = team.into_input(owner, None, None);
    assert_eq!(again.motto.as_deref(), Some("m"));
    let keys = client.save_keys([Key::new("k")]).await.unwrap();
    assert_eq!(keys[0].text, "k");
    let [_, user, team, keys] = server.requests().try_into().unwrap();
    assert_eq!(user.json(), json!({"name": "Bea", "password": "s3cret", "pin": 7, "extra": 1}));
    let owner = json!({"name": "Ada", "password": "s3cret", "pin": null});
    assert_eq!(team.json(), json!({"owner": owner, "members": [owner]}));
    assert_eq!(keys.json(), json!([{"action": "replace", "text": "k"}]));
}
