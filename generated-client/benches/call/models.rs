//! The models of the calls that are written by hand: serde's derives, and what the generated models have too.

use serde::{Deserialize, Serialize};

#[derive(Serialize)]
pub(crate) struct Command {
    pub(crate) inputs: CommandInputs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommandInputs {
    pub(crate) command: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) context: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tone_id: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommandResponse {
    request_id: Option<String>,
    resource: Option<String>,
    #[serde(default)]
    data: Vec<GeneratedText>,
}

#[derive(Debug, Serialize, Deserialize)]
struct GeneratedText {
    id: Option<String>,
    text: Option<String>,
}
