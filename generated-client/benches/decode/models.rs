//! The models of responses with serde's derives, and what the generated models have too.

use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TemplateList {
    request_id: Option<String>,
    resource: Option<String>,
    #[serde(default)]
    data: Vec<Template>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Template {
    id: Option<String>,
    name: Option<String>,
    description: Option<String>,
    #[serde(default)]
    response_formats: Vec<String>,
    #[serde(default)]
    input_schema: Vec<TemplateInput>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TemplateInput {
    input_key: Option<String>,
    #[serde(rename = "type")]
    kind: Option<TemplateInputType>,
    required: Option<bool>,
    max_length: Option<i64>,
    label: Option<String>,
    placeholder: Option<String>,
    tooltip: Option<String>,
    #[serde(default)]
    options: Vec<TemplateInputOption>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum TemplateInputType {
    String,
    Boolean,
    Number,
    StringList,
    KnowledgeList,
    #[serde(untagged)]
    Unknown(String),
}

#[derive(Debug, Serialize, Deserialize)]
struct TemplateInputOption {
    label: Option<String>,
    value: Option<Value>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UsageResponse {
    request_id: Option<String>,
    resource: Option<String>,
    data: Option<Usage>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Usage {
    #[serde(default)]
    requests: Vec<UsagePoint>,
}

#[derive(Debug, Serialize, Deserialize)]
struct UsagePoint {
    t: Option<String>,
    v: Option<f64>,
}
