//! Calls by name with JSON inputs: what goes over the wire is what the typed request sends, and what comes back is whole.

use lowcodeapi_jasper::{
    Client, Error, Upload,
    catalogue::{self, CATALOGUE, Content, Described as _, Effect, Inputs},
    types::{CommandInputs, CommandOptions, Granularity, KnowledgeSettings, TemplateInputs},
};
use serde_json::{Value, json};

use crate::support::{
    fault::{Fault, FaultServer, answer},
    gateway,
};

/// The request of a call by name, as curl sends it.
fn line(client: &Client, operation: &str, inputs: impl Into<Inputs>) -> String {
    client.prepare(operation, inputs.into()).unwrap().dry_run().unwrap().to_string()
}

fn refusal(client: &Client, operation: &str, inputs: Value) -> String {
    client.prepare(operation, inputs.into()).unwrap_err().to_string()
}

async fn json_of(client: &Client, operation: &str, inputs: Value) -> Value {
    let Content::Json(value) = catalogue::call(client, operation, inputs).await.unwrap().value else {
        return json!("not JSON");
    };
    value
}

#[tokio::test]
async fn the_same_bytes_are_sent_as_by_the_typed_request() {
    let (_gateway, client) = gateway(|it| it).await;
    let typed = |request: Result<lowcodeapi_jasper::DryRun, Error>| request.unwrap().to_string();
    let command =
        client.run_command(CommandInputs::new("c").tone_id("ton_1")).options(CommandOptions::new().output_count(2));
    assert_eq!(
        line(
            &client,
            "run_command",
            json!({"inputs": {"command": "c", "toneId": "ton_1"}, "options": {"outputCount": 2}})
        ),
        typed(command.dry_run())
    );
    let list = client.list_knowledge().page(2).size(5).q("metadata[a]:b");
    assert_eq!(
        line(&client, "list_knowledge", json!({"page": 2, "size": 5, "q": "metadata[a]:b"})),
        typed(list.dry_run())
    );
    let usage = client.get_usage("2026-01-01", "2026-02-01", Granularity::Day);
    let inputs = json!({"start": "2026-01-01", "end": "2026-02-01", "granularity": Granularity::Day.as_str()});
    assert_eq!(line(&client, "get_usage", inputs), typed(usage.dry_run()));
    let template = client.run_template("skl_1", TemplateInputs::new().additional_property("topic", "rabbits"));
    assert_eq!(
        line(&client, "run_template", json!({"template_id": "skl_1", "inputs": {"topic": "rabbits"}})),
        typed(template.dry_run())
    );
    let file = || Upload::from_bytes("a.txt", "text");
    let create = client.create_knowledge("n", file()).settings(KnowledgeSettings::new()).tags(["a", "b"]);
    let mut inputs = Inputs::from(json!({"name": "n", "tags": ["a", "b"], "settings": {}}));
    inputs.file("file", file());
    assert_eq!(line(&client, "create_knowledge", inputs), typed(create.dry_run()));
}

#[tokio::test]
async fn a_file_can_stand_in_the_inputs_and_comes_back_as_bytes() {
    let (gateway, client) = gateway(|it| it).await;
    let inputs = json!({"name": "n", "file": {"name": "a.txt", "text": "as text"}});
    let made = json_of(&client, "create_knowledge", inputs).await;
    assert_eq!(made["data"]["name"], "n");
    assert!(String::from_utf8_lossy(&gateway.requests()[0].body).contains("as text"));
    let cut = catalogue::call(&client, "remove_background", json!({"image_file": {"name": "a.png", "base64": "eA=="}}));
    let cut = cut.await.unwrap();
    assert_eq!(gateway.requests()[1].header("content-type").map(|it| it.starts_with("multipart/")), Some(true));
    let is_png = matches!(&cut.value, Content::Bytes(media_type, bytes)
        if media_type.starts_with("image/png") && bytes.starts_with(b"\x89PNG"));
    assert!(is_png, "{:?}", cut.value);
}

#[tokio::test]
async fn inputs_that_the_operation_does_not_take_are_refused_before_anything_is_sent() {
    let (gateway, client) = gateway(|it| it).await;
    assert!(refusal(&client, "no_such", json!({})).contains("there is no operation `no_such`"));
    assert!(refusal(&client, "get_tone", json!({})).contains("the input `tone_id` is missing"));
    assert!(refusal(&client, "list_tones", json!({"pages": 1})).contains("`pages` is not an input"));
    assert!(refusal(&client, "list_tones", json!({"page": "one"})).contains("`page`"));
    assert!(refusal(&client, "list_tones", json!([1])).contains("not a JSON object"));
    let misspelt = json!({"inputs": {"command": "c", "toneID": "ton_1"}});
    assert!(refusal(&client, "run_command", misspelt).contains("`inputs.toneID` is not a property"));
    let path = json!({"image_file": "/etc/passwd"});
    assert!(refusal(&client, "remove_background", path).contains("a file is an object"));
    assert_eq!(gateway.requests().len(), 0);
}

#[tokio::test]
async fn an_unknown_value_of_an_enum_is_sent() {
    let (_gateway, client) = gateway(|it| it).await;
    let inputs = json!({"inputs": {"command": "c"}, "options": {"outputLanguage": "Klingon"}});
    assert!(line(&client, "run_command", inputs).contains("Klingon"));
}

#[tokio::test]
async fn pages_follow_each_other_by_name_as_by_type() {
    let (gateway, client) = gateway(|it| it).await;
    for number in 0..5 {
        json_of(&client, "create_tone", json!({"name": format!("tone {number}"), "value": "v"})).await;
    }
    let mut tones = client.prepare("list_tones", json!({"size": 2}).into()).unwrap().items().unwrap();
    let mut names = Vec::new();
    while let Some(tone) = tones.next().await {
        names.push(tone.unwrap()["name"].as_str().unwrap().to_owned());
    }
    names.sort();
    assert_eq!(names, ["tone 0", "tone 1", "tone 2", "tone 3", "tone 4"]);
    let pages = gateway.requests().iter().filter(|request| request.method == "GET").count();
    assert_eq!(pages, 3);
    assert!(client.prepare("get_tone", json!({"tone_id": "ton_1"}).into()).unwrap().pages().is_none());
}

#[tokio::test]
async fn a_result_has_the_properties_that_no_type_has() {
    let body = br#"{"data": {"requestId": "r", "data": {"id": "ton_1", "name": "n", "colour": "blue"}, "more": [1]}}"#;
    let server = FaultServer::start(Fault::Answer(answer("200 OK", "content-type: application/json\r\n", body)));
    let client = Client::builder().token("t").base_url(&server.base_url).build().unwrap();
    let tone = json_of(&client, "get_tone", json!({"tone_id": "ton_1"})).await;
    assert_eq!(tone, json!({"requestId": "r", "data": {"id": "ton_1", "name": "n", "colour": "blue"}, "more": [1]}));
    // The gateway's `data` is told from the result's own, as by the typed request.
    let body = br#"{"data": {"id": "ton_1", "name": "n"}}"#;
    let server = FaultServer::start(Fault::Answer(answer("200 OK", "content-type: application/json\r\n", body)));
    let client = Client::builder().token("t").base_url(&server.base_url).build().unwrap();
    let tone = json_of(&client, "get_tone", json!({"tone_id": "ton_1"})).await;
    assert_eq!(tone, json!({"data": {"id": "ton_1", "name": "n"}}));
}

#[test]
fn every_operation_says_what_it_needs() {
    assert_eq!(CATALOGUE.operations.len(), 19);
    for operation in CATALOGUE.operations {
        let schema = CATALOGUE.input_schema(operation, None);
        let names: Vec<&str> = operation.inputs.iter().map(|input| input.name).collect();
        assert_eq!(schema["properties"].as_object().unwrap().keys().collect::<Vec<_>>().len(), names.len());
        let expected = match operation.method {
            "GET" => Effect::Read,
            "DELETE" => Effect::Delete,
            _ => Effect::Change,
        };
        assert_eq!(operation.effect(), expected);
        assert_eq!(CATALOGUE.operation(&operation.words()).unwrap().name, operation.name);
    }
    let words: Vec<String> = CATALOGUE.operations.iter().map(|operation| operation.words()).collect();
    assert_eq!(
        words,
        [
            "command run",
            "image remove-background",
            "keep-writing",
            "knowledge list",
            "knowledge create",
            "knowledge get",
            "knowledge delete",
            "knowledge update",
            "styles list",
            "styles apply",
            "templates list",
            "templates get",
            "templates run",
            "tones list",
            "tones create",
            "tones get",
            "tones delete",
            "tones update",
            "usage get"
        ]
    );
}
