//! An example of an operation's inputs, as JSON that the program takes again.

use serde_json::{Map, Value, json};

use crate::{
    emit::{catalogue::file_of, model::Model},
    ir::{Direction, Docs, Field, Input, Limit, Operation, Shape, Type, TypeId, integer_json},
    name::OperationNames,
};

/// How deep values are filled, and how many there are at most.
const MAX_DEPTH: usize = 5;
const MAX_VALUES: usize = 200;

/// The example: the required inputs. Where the body needs none of its own, the optional ones of the body too. Files are
/// left out. `None` if there is no input.
pub(super) fn sample(model: &Model<'_>, operation: &Operation, names: &OperationNames) -> Option<Value> {
    let mut sampler = Sampler { model, open: Vec::new(), left: MAX_VALUES };
    let is_needed = |input: &Input| model.api.is_argument(input);
    let has_needed_body = operation.inputs.iter().any(|input| input.slot.is_body() && is_needed(input));
    let mut sample = Map::new();
    let inputs = names.arguments.iter().copied();
    let others = (0..operation.inputs.len()).filter(|index| !names.arguments.contains(index));
    for index in inputs.chain(others) {
        let (input, key) = (&operation.inputs[index], &names.keys[index]);
        let is_shown = is_needed(input) || input.slot.is_body() && !has_needed_body && !input.docs.deprecated;
        if !is_shown || file_of(&input.ty).is_some() {
            continue;
        }
        // A parameter can have any value, but an empty object sends nothing.
        let ty = match input.ty.split_nullable().0 {
            Type::Any if !input.slot.is_body() => &Type::Text,
            _ => &input.ty,
        };
        if let Some(value) = sampler.documented(ty, &input.docs, &input.wire) {
            sample.insert(key.clone(), value);
        }
    }
    (!sample.is_empty()).then_some(Value::Object(sample))
}

/// Makes values of types.
struct Sampler<'m, 'a> {
    model: &'m Model<'a>,
    open: Vec<TypeId>,
    left: usize,
}

impl Sampler<'_, '_> {
    /// A value, or the default that the document names.
    fn documented(&mut self, ty: &Type, docs: &Docs, name: &str) -> Option<Value> {
        let default = docs.default.as_ref().and_then(|text| serde_json::from_str(text).ok());
        let default = default.filter(|default: &Value| !default.is_null());
        default.or_else(|| self.map(ty, docs)).or_else(|| self.value(ty, name))
    }

    /// A map with the names that it needs.
    fn map(&mut self, ty: &Type, docs: &Docs) -> Option<Value> {
        let value = match ty.split_nullable().0 {
            Type::Map(value) => value,
            _ => &Type::Any,
        };
        let mut names = docs.limits.iter().filter_map(|limit| match limit {
            Limit::Requires(lists) => lists.first(),
            _ => None,
        });
        names.next()?.iter().map(|name| Some((name.clone(), self.within(value, name)?))).collect()
    }

    fn value(&mut self, ty: &Type, name: &str) -> Option<Value> {
        self.left = self.left.checked_sub(1)?;
        Some(match ty {
            Type::Bool => json!(true),
            Type::Int32 | Type::Int64 | Type::UInt64 | Type::Int128 | Type::UInt128 => json!(1),
            Type::Number | Type::Decimal => json!(1.5),
            Type::DecimalText => json!("1.5"),
            Type::Text | Type::Binary => json!(name),
            Type::DateTime => json!("2026-01-31T12:00:00Z"),
            Type::Any | Type::Object => json!({}),
            Type::Nullable(inner) => return self.value(inner, name),
            Type::Array(item) => {
                let item = self.within(item, name);
                json!(item.into_iter().collect::<Vec<_>>())
            }
            Type::Tuple(tuple) => {
                let items: Option<Vec<Value>> = tuple.items.iter().map(|item| self.within(item, name)).collect();
                json!(items?)
            }
            Type::Map(value) => match self.within(value, name) {
                Some(value) => json!({"key": value}),
                None => json!({}),
            },
            Type::Named(id) => return self.named(*id),
        })
    }

    /// A value inside another one, which can be left out.
    fn within(&mut self, ty: &Type, name: &str) -> Option<Value> {
        if self.open.len() < MAX_DEPTH { self.value(ty, name) } else { None }
    }

    fn named(&mut self, id: TypeId) -> Option<Value> {
        if self.open.contains(&id) || self.open.len() >= MAX_DEPTH {
            return None;
        }
        self.open.push(id);
        let value = self.opened(id);
        self.open.pop();
        value
    }

    fn opened(&mut self, id: TypeId) -> Option<Value> {
        let def = self.model.api.type_def(id);
        match &def.shape {
            Shape::Enum(shape) => Some(shape.values.first()?.wire.as_str().into()),
            Shape::IntegerEnum(shape) => Some(integer_json(shape.values.first()?.wire)),
            Shape::Struct(shape) => {
                let first = def.docs.limits.iter().filter_map(|limit| match limit {
                    Limit::Requires(lists) => lists.first(),
                    _ => None,
                });
                self.object(&shape.fields, &first.flatten().collect::<Vec<_>>())
            }
            Shape::Union(shape) => shape.variants.iter().find_map(|variant| {
                let mut value = self.value(&variant.ty, "text")?;
                if let (Some(tag), Some(object)) = (&variant.tag, value.as_object_mut()) {
                    object.insert(tag.property.clone(), tag.values.first()?.json());
                    let outer = tag.outer.iter().map(|(property, value)| (property.clone(), value.json()));
                    object.extend(outer);
                }
                Some(value)
            }),
        }
    }

    /// An object with the properties that it needs, and these.
    fn object(&mut self, fields: &[Field], needed: &[&String]) -> Option<Value> {
        let mut object = Map::new();
        let is_needed = |field: &&Field| field.required || needed.contains(&&field.wire);
        for field in fields.iter().filter(is_needed).filter(|field| field.direction != Direction::Response) {
            let value = match field.constant.as_ref().or(field.only.as_ref()) {
                Some(only) => only.json(),
                None => self.documented(&field.ty, &field.docs, &field.wire)?,
            };
            object.insert(field.wire.clone(), value);
        }
        Some(Value::Object(object))
    }
}
