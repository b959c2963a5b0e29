//! The back end of the bindings: a JSON file that says which Rust name each operation, input, type and member of the document
//! has, and what calls send and read. Other tools read it, such as those that write documentation or compare two clients.

mod client;
mod docs;
mod operation;
mod types;
mod wire;

use serde_json::json;

use self::{client::bind_client, operation::bind_operation, types::bind_type};
use super::model::{Backend, Draft, Model};
use crate::ir::Tokens;

/// The version of the form. Members are added without a new one.
const VERSION: u32 = 1;

/// The bindings.
pub(super) struct Bindings;

impl Backend for Bindings {
    fn files(&self, model: &Model<'_>) -> Vec<Draft> {
        let operations = model.api.operations.iter().zip(&model.names.operations);
        let operations: Vec<_> = operations.map(|(operation, names)| bind_operation(model, operation, names)).collect();
        let types: Vec<_> = model.api.used_types().map(|(id, def)| bind_type(model, id, def)).collect();
        let schemes = model.api.schemes.iter().zip(&model.names.schemes);
        let credentials: Vec<_> = schemes
            .map(|(scheme, names)| {
                json!({
                    "scheme": scheme.name, "rust": names.setter, "variable": names.variable,
                    "place": wire::credential_place(&scheme.auth), "deprecated": scheme.docs.deprecated,
                    "tokenUrls": scheme.tokens.iter().flat_map(Tokens::urls).collect::<Vec<_>>(),
                })
            })
            .collect();
        let bindings = json!({
            "version": VERSION,
            "package": model.names.package,
            "client": bind_client(model),
            "operations": operations,
            "types": types,
            "credentials": credentials,
        });
        let source = serde_json::to_string_pretty(&bindings).map_err(|error| error.to_string());
        vec![Draft { path: "bindings.json".to_owned(), source: source.map(|text| text + "\n") }]
    }
}
