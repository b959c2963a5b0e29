//! The JSON Schemas of inputs, results, messages and errors.

use jsonschema::{Validator, draft202012};
use lowcodeapi_runtime::catalogue::{Catalogue, Form, Operation};
use serde_json::Value;

use super::CLIENTS;

/// A validator, or what is wrong with the schema: it is not one of draft 2020-12, or a reference leads nowhere.
pub(super) fn validator(schema: &Value) -> Result<Validator, String> {
    draft202012::meta::validate(schema).map_err(|error| format!("{error} in {schema}"))?;
    draft202012::new(schema).map_err(|error| format!("{error} in {schema}"))
}

/// Every schema of an operation, with its name.
fn schemas(catalogue: &Catalogue, operation: &Operation) -> Vec<(&'static str, Value)> {
    let mut schemas = vec![("inputs", catalogue.input_schema(operation, None))];
    schemas.extend(catalogue.result_schema(operation).map(|schema| ("results", schema)));
    let messages = operation.messages.iter().map(|messages| ("messages", catalogue.resolved(messages.schema)));
    let errors = operation.errors.iter().filter(|error| !error.schema.is_empty());
    schemas.into_iter().chain(messages).chain(errors.map(|error| ("error", catalogue.resolved(error.schema)))).collect()
}

#[test]
fn every_schema_is_one_of_the_draft_and_whole() {
    for client in CLIENTS {
        for operation in client.catalogue.operations {
            for (name, schema) in schemas(client.catalogue, operation) {
                validator(&schema).unwrap_or_else(|error| panic!("{} {} {name}: {error}", client.case, operation.name));
            }
        }
    }
}

#[test]
fn every_text_of_a_schema_is_json() {
    let check = |case: &str, text: &str| {
        let schema: Result<Value, _> = serde_json::from_str(text);
        assert!(schema.is_ok_and(|schema| schema.is_object()), "{case}: {text}");
    };
    for client in CLIENTS {
        for (_, schema) in client.catalogue.schemas {
            check(client.case, schema);
        }
        let names: Vec<&str> = client.catalogue.schemas.iter().map(|(name, _)| *name).collect();
        assert!(names.is_sorted(), "{}: {names:?}", client.case);
        for operation in client.catalogue.operations {
            let inputs = operation.inputs.iter().filter(|input| input.file.is_none()).map(|input| input.schema);
            let results = operation.results.iter().filter(|it| it.form == Form::Json).map(|it| it.schema);
            inputs.chain(results).for_each(|text| check(client.case, text));
        }
    }
}
