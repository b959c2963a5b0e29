//! The results of Jasper's operations, as the embedded gateway gives them, and their schemas.

use golden::jasper::{Client, catalogue, catalogue::Content};
use lowcodeapi_jasper_spec::{DOCUMENT, OVERLAY};
use lowcodeapi_mock::{Gateway, Source, TOKEN};
use lowcodeapi_runtime::{Upload, catalogue::Inputs};
use serde_json::Value;

use super::{CLIENTS, schemas::validator};

#[tokio::test]
async fn results_are_valid_against_their_schemas() {
    let inputs = lowcodeapi_mock::Inputs::new(Source { name: "jasper.openapi.json", text: DOCUMENT })
        .overlay(Source { name: "jasper.overlay.yaml", text: OVERLAY });
    let gateway = Gateway::builder(inputs).start().await.unwrap();
    let client = Client::builder().token(TOKEN).base_url(gateway.base_url()).build().unwrap();
    let commands = CLIENTS.iter().find(|client| client.case == "jasper").unwrap().commands;
    let (mut failed, mut checked) = (Vec::new(), 0);
    // What lists and reads come after what creates, and before what deletes.
    let order = |method: &str| ["POST", "PUT", "PATCH", "GET", "DELETE"].iter().position(|it| *it == method);
    let mut operations = catalogue::CATALOGUE.operations.to_vec();
    operations.sort_by_key(|operation| order(operation.method));
    for operation in operations {
        let command = commands.commands.iter().find(|command| command.operation == operation.name).unwrap();
        let sample: Value = serde_json::from_str(command.sample).unwrap_or(Value::Null);
        let mut inputs = Inputs::from(sample);
        for input in operation.inputs.iter().filter(|input| input.is_required && input.file.is_some()) {
            inputs.file(input.name, Upload::from_bytes("picture.png", "a picture"));
        }
        let answer = catalogue::call(&client, operation.name, inputs).await;
        let answer = match answer {
            Ok(answer) => answer.value,
            // The sample of an identifier is not one of what was created.
            Err(error) if error.is_not_found() => continue,
            Err(error) => {
                failed.push(format!("{}: {error}", operation.name));
                continue;
            }
        };
        if let (Content::Json(value), Some(schema)) = (&answer, catalogue::CATALOGUE.result_schema(operation)) {
            if let Err(error) = validator(&schema).unwrap().validate(value) {
                failed.push(format!("{}: {error} at {} in {value}", operation.name, error.instance_path()));
            }
            checked += 1;
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(checked > 5, "{checked} results are JSON");
}
