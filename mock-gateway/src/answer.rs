//! Generates the provider's response to a valid request.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::{
    body::Fields,
    collection::{Collection, Place, Role},
    config::Settings,
    document::{Document, Operation, essence},
    query::Pairs,
    refusal::Refusal,
    sample::Sampler,
    shape::reshape,
    store::{Item, Store},
};

/// The last modification time of every modified item.
const UPDATED: &str = "2026-01-02T00:00:00.000Z";

/// The smallest valid PNG: one transparent pixel.
const PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00,
    0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1f, 0x15, 0xc4, 0x89, 0x00, 0x00, 0x00, 0x0b, 0x49,
    0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x60, 0x00, 0x02, 0x00, 0x00, 0x05, 0x00, 0x01, 0xe9, 0xfa, 0xdc, 0xd8, 0x00,
    0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

/// The provider's response.
#[derive(Debug)]
pub(crate) enum Upstream {
    Json(Value),
    Other { media: String, bytes: Bytes },
}

/// A valid request, as the provider reads it.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) operation: &'a Operation,
    pub(crate) values: Pairs,
    pub(crate) query: Map<String, Value>,
    pub(crate) fields: Fields,
    pub(crate) accept: &'a str,
}

/// Returns the response to a call.
pub(crate) fn answer(
    document: &Document,
    settings: &Settings,
    store: &Store,
    call: &Call<'_>,
) -> Result<Upstream, Refusal> {
    let schema = call.operation.json_answer();
    let body = if let Some((collection, role, place)) = document.role_of(call.operation) {
        Answering { document, store, call, collection, place }.answer(role)?
    } else if let Some(schema) = schema {
        sampler(document, call, call.operation.template.noun()).sample(schema)
    } else if let Some(media) = choose(call.operation, call.accept) {
        let bytes = Bytes::from_static(if media.starts_with("text/") { b"Sample text" } else { PNG });
        return Ok(Upstream::Other { media: media.to_owned(), bytes });
    } else {
        json!({})
    };
    let body = match schema {
        Some(schema) => reshape(&document.schemas, schema, body, settings.list_shape),
        None => body,
    };
    Ok(Upstream::Json(body))
}

fn sampler<'a>(document: &'a Document, call: &'a Call<'_>, noun: &'a str) -> Sampler<'a> {
    let last = call.values.last().map(|(_, value)| value.as_str());
    let id = last.filter(|_| call.operation.template.ends_with_value());
    Sampler::new(&document.schemas, noun, id)
}

/// Returns the documented content type that the request prefers, or the first one if none matches.
fn choose<'a>(operation: &'a Operation, accept: &str) -> Option<&'a str> {
    let documented = || operation.answers.iter().map(|(media, _)| media.as_str());
    let mut best: Option<(&str, f32)> = None;
    for media in documented() {
        let liking = accept.split(',').filter_map(|range| liking(range, media)).fold(0.0, f32::max);
        if liking > best.map_or(0.0, |(_, known)| known) {
            best = Some((media, liking));
        }
    }
    best.map(|(media, _)| media).or_else(|| documented().next())
}

/// Returns the quality of a media range of an `Accept` header, or `None` if the range does not match.
fn liking(range: &str, media: &str) -> Option<f32> {
    let wanted = essence(range);
    let fits = match wanted.split_once('/') {
        Some(("*", "*")) => true,
        Some((kind, "*")) => media.split('/').next() == Some(kind),
        _ => wanted == media,
    };
    let quality = range.split(';').skip(1).find_map(|parameter| parameter.trim().strip_prefix("q="));
    fits.then(|| quality.and_then(|quality| quality.trim().parse().ok()).unwrap_or(1.0))
}

/// A call on a collection.
struct Answering<'a> {
    document: &'a Document,
    store: &'a Store,
    call: &'a Call<'a>,
    collection: &'a Collection,
    place: Place,
}

impl Answering<'_> {
    fn answer(&self, role: Role) -> Result<Value, Refusal> {
        let path = self.path();
        let id = self.call.values.last().map(|(_, value)| value.as_str()).unwrap_or_default();
        let missing = || Refusal::missing(format!("{} `{id}` not found", self.sampler().resource()));
        let item = match role {
            Role::Create => self.store.create(&path, &self.sampler().prefix(), |id| self.new_item(id)),
            Role::List => return Ok(self.list(&path)),
            Role::Read => self.store.change(&path, id, |_| {}).ok_or_else(missing)?,
            Role::Merge | Role::Replace => {
                let change = |item: &mut Item| self.update(item, role == Role::Replace);
                self.store.change(&path, id, change).ok_or_else(missing)?
            }
            Role::Delete if self.store.delete(&path, id) => return Ok(self.deleted()),
            Role::Delete => return Err(missing()),
        };
        Ok(self.placed(item.into()))
    }

    /// Returns the collection's own path. A collection may be nested below other resources.
    fn path(&self) -> String {
        self.collection.template.expand(|name| {
            let value = self.call.values.iter().find(|(key, _)| key == name);
            value.map(|(_, value)| value.replace('/', "%2F")).unwrap_or_default()
        })
    }

    fn sampler(&self) -> Sampler<'_> {
        let noun = self.collection.template.as_str().rsplit('/').next().unwrap_or_default();
        sampler(self.document, self.call, noun)
    }

    fn sampled(&self) -> Value {
        self.call.operation.json_answer().map_or_else(|| json!({}), |schema| self.sampler().sample(schema))
    }

    fn deleted(&self) -> Value {
        if self.call.operation.json_answer().is_some() {
            return self.sampled();
        }
        json!({"requestId": "req_1", "resource": self.sampler().resource(), "deleted": true})
    }

    /// Inserts the item or list of items at its place in the response.
    fn placed(&self, value: Value) -> Value {
        match (&self.place, self.sampled()) {
            (Place::Property(name), Value::Object(mut body)) => {
                body.insert(name.clone(), value);
                Value::Object(body)
            }
            (Place::Nowhere, body) => body,
            _ => value,
        }
    }

    /// Creates an item from the request's fields and the ones that the provider adds.
    fn new_item(&self, id: &str) -> Item {
        let object = self.document.schemas.object(&self.collection.item).unwrap_or_default();
        let mut item = Item::new();
        for (name, schema) in &object.properties {
            let is_input = self.collection.inputs.iter().any(|input| input == name);
            let value = match self.call.fields.get(*name) {
                Some(value) => value.clone(),
                None if *name == "id" => id.into(),
                None if is_input && !object.requires(name) => continue,
                None => self.sampler().property(name, schema),
            };
            item.insert((*name).to_owned(), value);
        }
        item
    }

    fn update(&self, item: &mut Item, replace: bool) {
        let object = self.document.schemas.object(&self.collection.item).unwrap_or_default();
        for (name, _) in &object.properties {
            let is_input = self.collection.inputs.iter().any(|input| input == name);
            match self.call.fields.get(*name) {
                Some(value) => drop(item.insert((*name).to_owned(), value.clone())),
                None if replace && is_input && !object.requires(name) => drop(item.remove(*name)),
                None => {}
            }
        }
        for name in ["updatedAt", "updated_at"] {
            if let Some(updated) = item.get_mut(name) {
                *updated = UPDATED.into();
            }
        }
    }

    fn list(&self, path: &str) -> Value {
        let items = self.store.list(path);
        let declared = |name: &str| self.call.operation.parameters.iter().any(|parameter| parameter.name == name);
        let total = items.len();
        let (page, size) = if declared("page") && declared("size") {
            (self.number("page").unwrap_or(1), self.number("size").unwrap_or(10))
        } else {
            (1, total.max(1))
        };
        let skipped = (page - 1).saturating_mul(size);
        let here: Vec<_> = items.into_iter().skip(skipped).take(size).map(Value::Object).collect();
        let has_next = skipped.saturating_add(here.len()) < total && !here.is_empty();
        let link = |page: usize| {
            // A host that no caller can reach: the link is to be read, not followed.
            json!(format!("https://{}.invalid{path}?page={page}&size={size}", self.document.provider()))
        };
        let mut body = self.placed(here.into());
        if let Some(Value::Object(pagination)) = body.get_mut("pagination") {
            let next = if has_next { link(page + 1) } else { Value::Null };
            let prev = if page > 1 { link(page - 1) } else { Value::Null };
            let known = [
                ("totalRecords", json!(total)),
                ("page", json!(page)),
                ("size", json!(size)),
                ("next", next),
                ("prev", prev),
            ];
            for (name, value) in known {
                pagination.entry(name).and_modify(|old| *old = value);
            }
        }
        body
    }

    /// Returns an integer of at least 1 from the query.
    fn number(&self, name: &str) -> Option<usize> {
        let number = self.call.query.get(name)?;
        let number = number.as_u64().and_then(|number| usize::try_from(number).ok());
        Some(number.unwrap_or(1).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::liking;

    #[test]
    fn media_ranges_fit_by_type_and_quality() {
        assert_eq!(liking("image/webp", "image/webp"), Some(1.0));
        assert_eq!(liking(" image/*;q=0.5", "image/webp"), Some(0.5));
        assert_eq!(liking("*/*", "image/webp"), Some(1.0));
        assert_eq!(liking("image/png", "image/webp"), None);
        assert_eq!(liking("", "image/webp"), None);
    }
}
