//! Finds the collections of a document: `POST` and `GET` on `/x`, and more on `/x/{id}`.

use hyper::Method;
use serde_json::Value;

use crate::{
    document::Operation,
    path::Template,
    schema::{Kind, Schemas, text},
};

/// A resource whose items can be created, listed, read, changed and deleted.
#[derive(Debug)]
pub(crate) struct Collection {
    /// The path that lists the items.
    pub(crate) template: Template,
    /// The schema of an item.
    pub(crate) item: Value,
    /// The names of the fields that can be set when an item is created or changed.
    pub(crate) inputs: Vec<String>,
}

/// What an operation does to its collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Create,
    List,
    Read,
    /// `PATCH`: fields that are absent keep their values.
    Merge,
    /// `PUT`: fields that are absent are removed.
    Replace,
    Delete,
}

/// The place of the item, or list of items, in a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// It is the whole response.
    Whole,
    /// It is the value of a property.
    Property(String),
    /// The response does not contain it.
    Nowhere,
}

impl Role {
    pub(crate) fn place(self, schemas: &Schemas, schema: &Value) -> Place {
        match self {
            Self::Create | Self::Read | Self::Merge | Self::Replace => item_place(schemas, schema),
            Self::List => list_place(schemas, schema),
            Self::Delete => Place::Nowhere,
        }
    }
}

/// Finds the collections, and sets the role of every operation on one.
pub(crate) fn find_collections(schemas: &Schemas, operations: &mut [Operation]) -> Vec<Collection> {
    let found: Vec<_> = operations.iter().filter_map(|create| find_collection(schemas, operations, create)).collect();
    for (at, collection) in found.iter().enumerate() {
        for operation in operations.iter_mut() {
            if let Some(role) = role_in(collection.template.as_str(), operation) {
                operation.role = Some((at, role));
            }
        }
    }
    found
}

fn find_collection(schemas: &Schemas, operations: &[Operation], create: &Operation) -> Option<Collection> {
    let path = create.template.as_str();
    if role_in(path, create) != Some(Role::Create) {
        return None;
    }
    let has = |wanted: fn(Role) -> bool| operations.iter().any(|other| role_in(path, other).is_some_and(wanted));
    let list = operations.iter().find(|other| role_in(path, other) == Some(Role::List))?;
    if list_place(schemas, list.json_answer()?) == Place::Nowhere
        || !has(|role| !matches!(role, Role::Create | Role::List))
    {
        return None;
    }
    let answer = create.json_answer()?;
    let item = match item_place(schemas, answer) {
        Place::Whole => answer,
        Place::Property(name) => schemas.object(answer)?.property(&name)?,
        Place::Nowhere => return None,
    };
    let inputs = create.body.iter().flat_map(|body| &body.content).filter_map(|(_, schema)| schemas.object(schema));
    let inputs = inputs.flat_map(|object| object.properties).map(|(name, _)| name.to_owned()).collect();
    Some(Collection { template: create.template.clone(), item: item.clone(), inputs })
}

/// Returns the role that an operation would have in the collection at a path.
fn role_in(path: &str, operation: &Operation) -> Option<Role> {
    let template = &operation.template;
    if template.ends_with_value() {
        let role = match operation.method {
            Method::GET => Role::Read,
            Method::PATCH => Role::Merge,
            Method::PUT => Role::Replace,
            Method::DELETE => Role::Delete,
            _ => return None,
        };
        return (template.parent() == path).then_some(role);
    }
    let role = match operation.method {
        Method::POST => Role::Create,
        Method::GET => Role::List,
        _ => return None,
    };
    (template.as_str() == path).then_some(role)
}

fn item_place(schemas: &Schemas, schema: &Value) -> Place {
    let Some(object) = schemas.object(schema) else { return Place::Nowhere };
    match object.property("data") {
        Some(data) if schemas.kind(data) == Kind::Object => Place::Property("data".to_owned()),
        None if object.property("id").is_some() => Place::Whole,
        _ => Place::Nowhere,
    }
}

fn list_place(schemas: &Schemas, schema: &Value) -> Place {
    if schemas.kind(schema) == Kind::Array {
        return Place::Whole;
    }
    let Some(object) = schemas.object(schema) else { return Place::Nowhere };
    let name = text(schemas.resolve(schema), "x-list-envelope").unwrap_or("data");
    match object.property(name) {
        Some(list) if schemas.kind(list) == Kind::Array => Place::Property(name.to_owned()),
        _ => Place::Nowhere,
    }
}
