//! Normalises results that contain a list.

use serde_json::Value;

/// The declared form of a result that contains a list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ListEnvelope {
    /// The property that contains the list.
    pub(crate) property: &'static str,
    /// The properties next to it.
    pub(crate) siblings: &'static [&'static str],
}

/// Converts the forms in which servers return a list to one: an object whose `property` contains a list.
///
/// It accepts that object, the object with a single item in place of the list, a bare list, a list of one-item objects
/// (whose other properties are taken from the first), and a bare item.
pub(crate) fn into_list_envelope(value: Value, &ListEnvelope { property, siblings }: &ListEnvelope) -> Value {
    let envelope =
        |items: Vec<Value>| Value::Object([(property.to_owned(), Value::Array(items))].into_iter().collect());
    match value {
        Value::Array(items) if !items.is_empty() && items.iter().all(|item| item.get(property).is_some()) => {
            merge_envelopes(items, property)
        }
        Value::Array(items) => envelope(items),
        // An envelope without its list has an empty list; an item has other properties.
        Value::Object(object) if !object.contains_key(property) => {
            let is_envelope = object.keys().all(|key| siblings.contains(&key.as_str()));
            if is_envelope { Value::Object(object) } else { envelope(vec![Value::Object(object)]) }
        }
        Value::Object(mut object) => {
            if let Some(item) = object.get_mut(property).filter(|item| !item.is_array() && !item.is_null()) {
                *item = Value::Array(vec![item.take()]);
            }
            Value::Object(object)
        }
        other => other,
    }
}

fn merge_envelopes(envelopes: Vec<Value>, property: &str) -> Value {
    let mut items = Vec::with_capacity(envelopes.len());
    let mut merged = serde_json::Map::new();
    for envelope in envelopes {
        let Value::Object(envelope) = envelope else { continue };
        for (key, value) in envelope {
            if key != property {
                merged.entry(key).or_insert(value);
            } else if let Value::Array(more) = value {
                items.extend(more);
            } else if !value.is_null() {
                items.push(value);
            }
        }
    }
    merged.insert(property.to_owned(), Value::Array(items));
    Value::Object(merged)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_known_list_shape_becomes_one() {
        let form = &ListEnvelope { property: "data", siblings: &["requestId"] };
        let expected = json!({"data": [{"id": 1}, {"id": 2}]});
        for shape in [json!({"data": [{"id": 1}, {"id": 2}]}), json!([{"id": 1}, {"id": 2}])] {
            assert_eq!(into_list_envelope(shape, form), expected);
        }
        let envelopes = json!([{"requestId": "r", "data": {"id": 1}}, {"requestId": "s", "data": {"id": 2}}]);
        let merged = json!({"requestId": "r", "data": [{"id": 1}, {"id": 2}]});
        assert_eq!(into_list_envelope(envelopes, form), merged);
        let one = json!({"data": [{"id": 1}]});
        assert_eq!(into_list_envelope(json!({"data": {"id": 1}}), form), one);
        assert_eq!(into_list_envelope(json!({"id": 1}), form), one);
        assert_eq!(into_list_envelope(json!([]), form), json!({"data": []}));
        assert_eq!(into_list_envelope(json!({"requestId": "r"}), form), json!({"requestId": "r"}));
    }
}
