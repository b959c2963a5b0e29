//! Repairs the document as a whole.

use serde_json::{Map, Value, json};

use super::site::Site;
use crate::diagnostic::code;

/// LowCodeAPI's `info` has only an empty description. The URL of the server ends with the id of the provider.
pub(super) fn fill_info(root: &mut Map<String, Value>, site: &mut Site<'_>) {
    let server = root.get("servers").and_then(|servers| servers.pointer("/0/url")).and_then(Value::as_str);
    let title = server.and_then(|url| url.trim_end_matches('/').rsplit('/').next()).unwrap_or("api").to_owned();
    let info = root.entry("info").or_insert_with(|| json!({}));
    if !info.is_object() {
        *info = json!({});
    }
    for (key, value) in [("title", title), ("version", "0.0.0".to_owned())] {
        if !info.get(key).is_some_and(Value::is_string) {
            // YAML reads `version: 1.0` as a number. The text of the author is kept.
            let given = info.get(key).filter(|given| given.is_number()).map(ToString::to_string);
            let value = given.unwrap_or(value);
            let defect = if info.get(key).is_some() { "not a string" } else { "missing" };
            site.mended(code::REPAIR_INFO, format!("`info.{key}` is {defect}; it is read as `{value}`"));
            info[key] = value.into();
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::repair::testing::repair;

    #[test]
    fn the_title_is_the_last_segment_of_the_server() {
        let mut tree = json!({"info": {"description": ""}, "servers": [{"url": "https://api.lowcodeapi.com/jasper"}]});
        assert_eq!(repair(&mut tree), ["repair-info", "repair-info"]);
        assert_eq!(tree["info"], json!({"description": "", "title": "jasper", "version": "0.0.0"}));
    }

    #[test]
    fn what_is_there_stays() {
        let mut tree = json!({"info": {"title": "T", "version": 1.5}});
        assert_eq!(repair(&mut tree), ["repair-info"]);
        assert_eq!(tree["info"], json!({"title": "T", "version": "1.5"}));
    }
}
