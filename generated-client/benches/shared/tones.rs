//! Tones: the models of them with serde's derives, and responses.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

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

/// How many tones make a list of about 50 KB.
const TONES: usize = 64;

/// A response of about 1 KB.
pub(crate) fn one() -> Value {
    json!({"requestId": "req_1", "resource": "tone", "data": tone(0)})
}

/// A page of tones, about 50 KB.
pub(crate) fn list() -> Value {
    let tones: Vec<_> = (0..TONES).map(tone).collect();
    let page =
        json!({"totalRecords": 6400, "page": 1, "size": TONES, "next": "/v1/tones?page=2", "prev": "/v1/tones?page=1"});
    json!({"requestId": "req_1", "resource": "tone", "data": tones, "pagination": page})
}

fn tone(number: usize) -> Value {
    json!({
        "id": format!("ton_{number}"),
        "name": "Dry",
        "value": "Short sentences, plain words, no \"exclamation\" marks; ".repeat(8),
        "metadata": {"team": "editorial", "owner": "rabbit"},
        "settings": {"appVisibility": "visible"},
        "appUrl": format!("https://app.example/voices/ton_{number}"),
        "createdAt": "2025-01-02T03:04:05.678Z",
        "updatedAt": "2025-02-03T04:05:06.789Z",
    })
}
