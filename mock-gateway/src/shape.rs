//! The shapes in which a provider may write a list.

use serde_json::{Map, Value};

use crate::{
    config::ListShape,
    schema::{Schemas, list, text},
};

/// Rewrites a response whose schema has `x-list-envelope`. Any other is returned unchanged.
pub(crate) fn reshape(schemas: &Schemas, schema: &Value, answer: Value, shape: ListShape) -> Value {
    let schema = schemas.resolve(schema);
    let Some(property) = text(schema, "x-list-envelope") else { return answer };
    let Value::Object(mut envelope) = answer else { return answer };
    let items = match envelope.remove(property) {
        Some(Value::Array(items)) if shape != ListShape::Envelope => items,
        Some(other) => {
            envelope.insert(property.to_owned(), other);
            return Value::Object(envelope);
        }
        None => return Value::Object(envelope),
    };
    match shape {
        ListShape::SingleItem if !items.is_empty() => items.into_iter().next().unwrap_or_default(),
        ListShape::ListOfEnvelopes => {
            let rest = with_aliases(schemas, schema, Value::Object(envelope));
            let wrap = |item| {
                let mut wrapped = rest.as_object().cloned().unwrap_or_default();
                wrapped.insert(property.to_owned(), item);
                Value::Object(wrapped)
            };
            Value::Array(items.into_iter().map(wrap).collect())
        }
        _ => Value::Array(items),
    }
}

/// Renames every property to the first of its `x-aliases`.
fn with_aliases(schemas: &Schemas, schema: &Value, value: Value) -> Value {
    let (Some(object), Value::Object(fields)) = (schemas.object(schema), &value) else { return value };
    let renamed = fields.iter().map(|(name, field)| {
        let property = object.property(name).unwrap_or(&Value::Null);
        let alias = list(schemas.resolve(property), "x-aliases").find_map(Value::as_str);
        (alias.unwrap_or(name).to_owned(), with_aliases(schemas, property, field.clone()))
    });
    Value::Object(renamed.collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::reshape;
    use crate::{config::ListShape, schema::Schemas};

    fn shaped(answer: Value, shape: ListShape) -> Value {
        let schema = json!({"type": "object", "x-list-envelope": "data", "properties": {
            "data": {"type": "array"},
            "page": {"type": "object", "properties": {"size": {"type": "integer", "x-aliases": ["pageSize"]}}}
        }});
        reshape(&Schemas::new(Value::Null), &schema, answer, shape)
    }

    #[test]
    fn every_shape_has_the_items() {
        let answer = json!({"data": [{"id": "a"}, {"id": "b"}], "page": {"size": 2}});
        assert_eq!(shaped(answer.clone(), ListShape::Envelope), answer);
        assert_eq!(shaped(answer.clone(), ListShape::BareList), json!([{"id": "a"}, {"id": "b"}]));
        assert_eq!(shaped(answer.clone(), ListShape::SingleItem), json!({"id": "a"}));
        let page = json!({"pageSize": 2});
        assert_eq!(
            shaped(answer, ListShape::ListOfEnvelopes),
            json!([{"page": page, "data": {"id": "a"}}, {"page": page, "data": {"id": "b"}}])
        );
    }

    #[test]
    fn an_empty_list_has_no_single_item() {
        assert_eq!(shaped(json!({"data": []}), ListShape::SingleItem), json!([]));
        assert_eq!(shaped(json!({}), ListShape::BareList), json!({}));
    }
}
