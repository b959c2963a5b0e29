//! A client of Notion behind the LowCodeAPI gateway, generated from `spec/notion.openapi.json`: the example of a second
//! provider. `docs/providers.md` says how it came about.

pub use lowcodeapi_runtime::{Error, Pending, Response, serde_json};

include!(concat!(env!("OUT_DIR"), "/api.rs"));

/// The document and the overlay, as the embedded gateway takes them.
pub fn inputs() -> lowcodeapi_mock::Inputs<'static> {
    let document = include_str!("../../../spec/notion.openapi.json");
    let overlay = include_str!("../../../spec/notion.overlay.yaml");
    lowcodeapi_mock::Inputs::new(lowcodeapi_mock::Source { name: "spec/notion.openapi.json", text: document })
        .overlay(lowcodeapi_mock::Source { name: "spec/notion.overlay.yaml", text: overlay })
}
