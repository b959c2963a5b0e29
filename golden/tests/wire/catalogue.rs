//! Calls by name with JSON inputs: they send what the typed requests send, and give what the server answers.

use futures_util::StreamExt as _;
use golden::{
    body_json_kinds, body_multipart, decimals, messages_events, messages_lines, one_of_discriminator, pagination,
    parameter_deep_object, parameter_path_types, parameter_query_scalars, responses_several_success,
    three_state_request, tuples,
};
use lowcodeapi_runtime::{
    Error, Nullable, Upload,
    catalogue::{Content, Described, Inputs, Prepared},
};
use serde_json::{Value, json};

use crate::wire::support::{Answer, Request, Server, sent};

/// The call of an operation of `$case` by its name.
macro_rules! prepared {
    ($case:ident, $server:expr, $operation:expr, $inputs:expr) => {
        $server.client($case::Client::builder()).prepare($operation, Inputs::from($inputs))
    };
}

/// What the server sees of a call by name, which is answered with a status and nothing more.
macro_rules! sent_by_name {
    ($case:ident, $operation:expr, $inputs:expr) => {{
        let server = Server::new([Answer::empty(204)]);
        prepared!($case, server, $operation, $inputs).unwrap().send().await.unwrap();
        server.request()
    }};
}

/// What a call by name gives for an answer.
macro_rules! given_by_name {
    ($case:ident, $operation:expr, $inputs:expr, $answer:expr) => {{
        let server = Server::new([$answer]);
        prepared!($case, server, $operation, $inputs).unwrap().send().await.map(|answer| answer.value)
    }};
}

/// Why a call by name is not made.
macro_rules! refused {
    ($case:ident, $operation:expr, $inputs:expr) => {{
        let server = Server::new([Answer::empty(204)]);
        let error = prepared!($case, server, $operation, $inputs).unwrap_err();
        assert!(matches!(error, Error::InvalidRequest { .. }), "{error:?}");
        assert!(server.requests().is_empty());
        error.to_string()
    }};
}

/// Two requests are the same, apart from addresses and from what separates the parts of a body.
fn assert_same(by_name: &Request, typed: &Request) {
    assert_eq!(by_name.line, typed.line);
    let names = |request: &Request| {
        let changing = |name: &str| name == "host" || name == "content-length";
        let headers = request.headers.iter().filter(|(name, _)| !changing(name));
        headers.map(|(name, value)| format!("{name}: {}", value.split("boundary=").next().unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(names(by_name), names(typed));
    if typed.header("content-type").is_some_and(|it| it.starts_with("multipart/")) {
        assert_eq!(by_name.parts(), typed.parts());
    } else {
        assert_eq!(by_name.text(), typed.text());
    }
}

#[tokio::test]
async fn parameters_are_those_of_the_typed_request() {
    use parameter_path_types::types::GetRoomWing;

    let typed = sent!(parameter_path_types, |client| client.get_room(-7, "a b/c", GetRoomWing::SouthEast));
    let inputs = json!({"museum_id": -7, "room_id": "a b/c", "wing": "south-east"});
    assert_same(&sent_by_name!(parameter_path_types, "get_room", inputs), &typed);

    let filter = parameter_deep_object::types::EventFilter::new("Ulm").max_price(9.5);
    let typed = sent!(parameter_deep_object, |client| client.find_events(filter).labels([("a", "b")]));
    let inputs = json!({"filter": {"city": "Ulm", "max_price": 9.5}, "labels": {"a": "b"}});
    assert_same(&sent_by_name!(parameter_deep_object, "find_events", inputs), &typed);

    let typed = sent!(parameter_query_scalars, |client| {
        let call = client.find_flights("A&B", 2, "2026-01-02").max_price(1.5).direct(true).cursor("x");
        call.note("").route("a/b").any(json!("c"))
    });
    let inputs = json!({"from": "A&B", "passengers": 2, "day": "2026-01-02", "max_price": 1.5, "direct": true,
        "cursor": "x", "note": "", "route": "a/b", "any": "c"});
    assert_same(&sent_by_name!(parameter_query_scalars, "find_flights", inputs), &typed);
}

#[tokio::test]
async fn bodies_are_those_of_the_typed_request() {
    use body_multipart::types::Place;
    use one_of_discriminator::types::{CardPayment, Payment};
    use three_state_request::types::ProfileUpdate;

    let file = |name: &str, text: &str| Upload::from_bytes(name.to_owned(), text.to_owned());
    let typed = sent!(body_multipart, |client| {
        let call = client.upload_recording(file("song.mp3", "a"), "t", Place::new("Ulm").country("DE"));
        call.cover(file("c.png", "b")).attachments([file("1.txt", "1"), file("2.txt", "2")]).track(3).tags(["x", "y"])
    });
    let mut inputs = json!({
        "audio": {"name": "song.mp3", "text": "a"},
        "title": "t",
        "place": {"name": "Ulm", "country": "DE"},
        "cover": {"name": "c.png", "base64": "Yg=="},
        "attachments": [{"name": "1.txt", "text": "1"}, {"name": "2.txt", "text": "2"}],
        "track": 3,
        "tags": ["x", "y"],
    });
    assert_same(&sent_by_name!(body_multipart, "upload_recording", inputs.clone()), &typed);

    // Files that the caller has opened are those of the typed request too.
    inputs.as_object_mut().unwrap().remove("audio");
    let server = Server::new([Answer::empty(204)]);
    let mut inputs = Inputs::from(inputs);
    inputs.file("audio", file("song.mp3", "a"));
    prepared!(body_multipart, server, "upload_recording", inputs).unwrap().send().await.unwrap();
    assert_same(&server.request(), &typed);

    let update = || ProfileUpdate::new(1).nickname(Nullable::Null).bio("b");
    let typed = sent!(three_state_request, |client| client.update_profile(update()));
    let body = json!({"version": 1, "nickname": null, "bio": "b"});
    let by_name = sent_by_name!(three_state_request, "update_profile", json!({"body": body}));
    assert_same(&by_name, &typed);
    assert_eq!(by_name.json(), body, "`null` is sent, and what is left out is not");

    let server = Server::new([Answer::json(200, r#"{"method":"card","number":"1"}"#)]);
    let payment = Payment::Card(Box::new(CardPayment::new("1")));
    server.client(one_of_discriminator::Client::builder()).pay(payment).await.unwrap();
    let by_name = Server::new([Answer::json(200, r#"{"method":"card","number":"1"}"#)]);
    let body = json!({"body": {"method": "card", "number": "1"}});
    prepared!(one_of_discriminator, by_name, "pay", body).unwrap().send().await.unwrap();
    assert_same(&by_name.request(), &server.request());

    let note = body_json_kinds::types::Note::new().title("t");
    let added = sent!(body_json_kinds, |client| client.add_note(note.clone()));
    assert_eq!(added.header("content-type").as_deref(), Some("application/json"));
    let typed = sent!(body_json_kinds, |client| client.replace_note("1", note));
    let by_name = sent_by_name!(body_json_kinds, "replace_note", json!({"id": "1", "body": {"title": "t"}}));
    assert_same(&by_name, &typed);
}

#[test]
fn inputs_that_an_operation_does_not_take_are_refused_with_their_place() {
    let flight = |more: Value| {
        let mut inputs = json!({"from": "a", "passengers": 1, "day": "2026-01-02"});
        inputs.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        inputs
    };
    let said = refused!(parameter_query_scalars, "find_flights", flight(json!({"to": "b"})));
    assert!(said.contains("`to` is not an input of the operation"), "{said}");
    let said = refused!(parameter_query_scalars, "find_flights", flight(json!({"passengers": "two"})));
    assert!(said.contains("`passengers`: ") && said.contains("two"), "{said}");
    let said = refused!(parameter_query_scalars, "find_flights", json!({"from": "a", "passengers": 1}));
    assert!(said.contains("the input `day` is missing"), "{said}");
    let said = refused!(parameter_query_scalars, "find_flights", json!([1]));
    assert!(said.contains("not a JSON object"), "{said}");
    let said = refused!(parameter_query_scalars, "fly", json!({}));
    assert!(said.contains("there is no operation `fly`"), "{said}");

    let said = refused!(three_state_request, "update_profile", json!({"body": {"version": 1, "nicknam": "x"}}));
    assert!(said.contains("`body.nicknam`"), "{said}");
    let said = refused!(three_state_request, "update_profile", json!({"body": {"nickname": "x"}}));
    assert!(said.contains("version"), "{said}");
    let place = |country: Value| json!({"audio": {"name": "a", "text": ""}, "title": "t", "place": {"name": "Ulm", "land": country}});
    let said = refused!(body_multipart, "upload_recording", place(json!("DE")));
    assert!(said.contains("`place.land`"), "{said}");
    for file in [json!("a.mp3"), json!({"name": "a"}), json!({"name": "a", "base64": "&"}), json!(null)] {
        let said =
            refused!(body_multipart, "upload_recording", json!({"audio": file, "title": "t", "place": {"name": "U"}}));
        assert!(said.contains("`audio`: "), "{said}");
    }
}

#[tokio::test]
async fn values_that_the_document_does_not_know_are_sent() {
    let inputs = json!({"from": "a", "passengers": 1, "day": "d", "cabin": "first"});
    let request = sent_by_name!(parameter_query_scalars, "find_flights", inputs);
    assert!(request.query().contains(&"cabin=first"), "{}", request.line);
}

#[tokio::test]
async fn results_come_in_the_form_that_the_status_has() {
    let order = |status: u16, content_type: &'static str, body: &'static str| Answer::new(status, content_type, body);
    let inputs = || json!({"number": 1});
    for (answer, expected) in [
        (order(200, "application/pdf", "%PDF"), Content::Bytes("application/pdf".to_owned(), "%PDF".into())),
        (order(203, "text/plain", "an order"), Content::Text("an order".to_owned())),
        (
            order(206, "application/vnd.orders+json", r#"{"number":1,"more":true}"#),
            Content::Json(json!({"number": 1, "more": true})),
        ),
    ] {
        let content = given_by_name!(responses_several_success, "export_order", inputs(), answer).unwrap();
        assert_eq!(content, expected);
    }
    for (answer, expected) in [
        (Answer::json(201, r#"{"total":2}"#), Content::Json(json!({"total": 2}))),
        (Answer::empty(202), Content::Empty),
    ] {
        let content = given_by_name!(responses_several_success, "place_order", Value::Null, answer).unwrap();
        assert_eq!(content, expected);
    }
    let label = given_by_name!(responses_several_success, "print_label", inputs(), Answer::empty(204)).unwrap();
    assert_eq!(label, Content::Empty);
    let error =
        given_by_name!(responses_several_success, "print_label", inputs(), Answer::json(404, "{}")).unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
}

#[tokio::test]
async fn pages_and_messages_are_json() {
    let page = |visitors: &str, next: &str| {
        Answer::json(200, &format!(r#"{{"visitors":{visitors},"meta":{{"next":{next}}}}}"#))
    };
    let server = Server::new([page(r#"["a"]"#, r#""2 b""#), page("[]", r#""3""#), page(r#"["c","d"]"#, "null")]);
    let call = prepared!(pagination, server, "list_visitors", json!({"limit": 2})).unwrap();
    assert_eq!(call.items().unwrap().all().await.unwrap(), ["a", "c", "d"].map(Value::from));
    assert_eq!(server.requests()[1].line, "GET /visitors?limit=2&after=2%20b");

    let books = r#"{"books":[{"title":"x"},{"title":"y"}],"meta":{"size":2,"total":3}}"#;
    let server = Server::new([Answer::json(200, books), Answer::json(200, r#"{"books":[{"title":"z"}]}"#)]);
    let items = prepared!(pagination, server, "list_books", Value::Null).unwrap().items().unwrap().all().await.unwrap();
    assert_eq!(items, ["x", "y", "z"].map(|title| json!({"title": title})));
    let operation = pagination::catalogue::CATALOGUE.operation("list_books").unwrap();
    assert_eq!(operation.pages.map(|pages| (pages.page, pages.size)), Some((Some("page"), Some("per_page"))));

    let messages = async |call: Prepared| {
        let opened = call.messages().unwrap().await.unwrap();
        opened.map(|message| message.unwrap().data).collect::<Vec<Value>>().await
    };
    let events = Answer::new(200, "text/event-stream", "data: {\"delta\":\"a\"}\n\ndata: {\"delta\":\"b\"}\n\n");
    let server = Server::new([events]);
    let call = prepared!(messages_events, server, "chat", json!({"prompt": "p", "stream": true})).unwrap();
    assert_eq!(messages(call).await, [json!({"delta": "a"}), json!({"delta": "b"})]);
    let server = Server::new([Answer::new(200, "text/event-stream", "data: not JSON\n\n")]);
    let call = prepared!(messages_events, server, "follow_log", Value::Null).unwrap();
    assert_eq!(messages(call).await, ["not JSON"]);
    let server = Server::new([Answer::new(200, "application/x-ndjson", "{\"id\":1}\n{\"id\":2}\n")]);
    let call = prepared!(messages_lines, server, "export_rows", Value::Null).unwrap();
    assert_eq!(messages(call).await, [json!({"id": 1}), json!({"id": 2})]);
}

#[tokio::test]
async fn numbers_that_json_values_cannot_hold_are_given_as_strings() {
    let request = sent_by_name!(
        decimals,
        "set_price",
        json!({"least": "1.50", "net": 2.5, "gross": "1234567890123456789012345678901234567890.10"})
    );
    assert_eq!(request.line, "PUT /prices/1.50");
    assert_eq!(request.text(), r#"{"net":"2.5","gross":1234567890123456789012345678901234567890.10}"#);
    let answer = Answer::json(200, r#"{"start":[1.5,2.5],"stops":[]}"#);
    let server = Server::new([answer]);
    let call = prepared!(tuples, server, "find_route", json!({"from": [0.5, 1.5], "near": ["a", 1.5]})).unwrap();
    call.send().await.unwrap();
    assert_eq!(server.request().line, "GET /routes?from=0.5&from=1.5&near=%5B%22a%22%2C1.5%5D");
    assert!(refused!(tuples, "find_route", json!({"from": [0.5]})).contains("invalid length 1"));
}
