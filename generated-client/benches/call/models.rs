//! The models of the calls that are written by hand: serde's derives, and what the generated models have too.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

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

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ToneResponse {
    request_id: Option<String>,
    resource: Option<String>,
    data: Option<Tone>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ToneList {
    request_id: Option<String>,
    resource: Option<String>,
    #[serde(default)]
    data: Vec<Tone>,
    pagination: Option<Pagination>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tone {
    id: Option<String>,
    name: String,
    value: String,
    metadata: Option<Map<String, Value>>,
    settings: Option<ToneSettings>,
    app_url: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToneSettings {
    app_visibility: Option<AppVisibility>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum AppVisibility {
    Visible,
    Hidden,
    #[serde(untagged)]
    Unknown(String),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pagination {
    total_records: i64,
    page: i64,
    size: i64,
    next: Option<String>,
    prev: Option<String>,
}
