//! A tree in memory as the source of a [`Decoder`]. Unions are told apart on one, because they read a value several
//! times: without a copy of it, and so that each node can be remembered.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    decodable::{Decoder, Entries, Failure, Field, Place},
    meter::{Meter, count_nodes},
    source::{Integer, ReadItem, ReadTree, Source},
};

/// What stands in place of a value that nobody will look at.
pub(crate) static NOTHING: Value = Value::Null;

/// A node that has not been read yet.
pub(crate) struct Tree<'v> {
    node: Option<&'v Value>,
    meter: &'v Meter,
}

impl<'v> Tree<'v> {
    pub(crate) fn new(node: &'v Value, meter: &'v Meter) -> Self {
        Self { node: Some(node), meter }
    }

    fn take(&mut self) -> Result<&'v Value, Failure> {
        self.meter.step(1)?;
        self.node.take().ok_or_else(Failure::read_twice)
    }

    /// Takes a leaf.
    fn leaf<T: Deserialize<'v>>(&mut self) -> Result<T, Failure> {
        let leaf = T::deserialize(self.take()?).map_err(Failure::new)?;
        self.meter.keep(1);
        Ok(leaf)
    }

    fn integer<T: TryFrom<i64> + TryFrom<u64>>(&mut self, name: &'static str) -> Result<T, Failure> {
        use serde::Deserializer as _;
        let integer = self.take()?.deserialize_any(Integer::new(name)).map_err(Failure::new)?;
        self.meter.keep(1);
        Ok(integer)
    }

    fn object_node(&mut self) -> Result<&'v Map<String, Value>, Failure> {
        self.take()?.as_object().ok_or_else(|| Failure::new("expected an object"))
    }
}

impl Source for Tree<'_> {
    fn bool(&mut self) -> Result<bool, Failure> {
        self.leaf()
    }

    fn i32(&mut self) -> Result<i32, Failure> {
        self.integer("i32")
    }

    fn i64(&mut self) -> Result<i64, Failure> {
        self.integer("i64")
    }

    fn u64(&mut self) -> Result<u64, Failure> {
        self.integer("u64")
    }

    fn f64(&mut self) -> Result<f64, Failure> {
        self.leaf()
    }

    fn string(&mut self) -> Result<String, Failure> {
        let text: &str = self.leaf()?;
        if self.meter.is_trial() {
            return Ok(String::new());
        }
        self.meter.charge_text(text.len())?;
        Ok(text.to_owned())
    }

    fn text(&mut self, take: &mut dyn FnMut(&str)) -> Result<(), Failure> {
        let text = self.leaf()?;
        take(text);
        Ok(())
    }

    fn value(&mut self) -> Result<Value, Failure> {
        let node = self.take()?;
        if self.meter.is_trial() {
            self.meter.keep(self.meter.leaves(node)?);
            return Ok(Value::Null);
        }
        copy(node, self.meter)
    }

    fn map(&mut self) -> Result<Map<String, Value>, Failure> {
        let mut map = Map::new();
        self.object(&mut [], Some(&mut map))?;
        Ok(map)
    }

    fn option(&mut self, mut place: Place<'_>) -> Result<(), Failure> {
        let node = self.take()?;
        if node.is_null() { Ok(()) } else { fill(&mut place, node, self.meter) }
    }

    fn list(&mut self, read: &mut ReadItem<'_>) -> Result<(), Failure> {
        let items = self.take()?.as_array().ok_or_else(|| Failure::new("expected a list"))?;
        for (index, item) in items.iter().enumerate() {
            let mut source = Tree::new(item, self.meter);
            read(Decoder::new(&mut source, self.meter)).map_err(|failure| failure.at_item(index))?;
        }
        Ok(())
    }

    fn object(&mut self, fields: &mut [Field<'_>], rest: Option<&mut dyn Entries>) -> Result<(), Failure> {
        let object = self.object_node()?;
        for field in &mut *fields {
            self.read_field(object, field)?;
        }
        if let Some(rest) = rest {
            let others = object.iter().filter(|(name, _)| !fields.iter().any(|field| field.is_called(name)));
            for (name, value) in others {
                let mut source = Tree::new(value, self.meter);
                let added = rest.add(name.clone(), Decoder::new(&mut source, self.meter));
                added.map_err(|failure| failure.at_property(name))?;
            }
        }
        Ok(())
    }

    fn tree(&mut self, read: &mut ReadTree<'_>) -> Result<(), Failure> {
        let node = self.take()?;
        read(node)
    }
}

impl Tree<'_> {
    fn read_field(&self, object: &Map<String, Value>, field: &mut Field<'_>) -> Result<(), Failure> {
        let mut found = std::iter::once(&field.name).chain(field.aliases).filter_map(|name| object.get(*name));
        let Some(value) = found.next() else {
            return if field.required { Err(Failure::missing(field.name)) } else { Ok(()) };
        };
        if found.next().is_some() {
            return Err(Failure::new(format_args!("duplicate field `{}`", field.name)));
        }
        if field.skips_null && value.is_null() {
            return Ok(());
        }
        fill(&mut field.place, value, self.meter).map_err(|failure| failure.at_property(field.name))
    }
}

fn fill(place: &mut Place<'_>, node: &Value, meter: &Meter) -> Result<(), Failure> {
    let mut source = Tree::new(node, meter);
    match place {
        Place::Bool(place) => **place = Some(source.bool()?),
        Place::I64(place) => **place = Some(source.i64()?),
        Place::F64(place) => **place = Some(source.f64()?),
        Place::String(place) => **place = Some(source.string()?),
        Place::DateTime(place) => **place = Some(source.string()?.into()),
        Place::Slot(slot) => slot.fill(Decoder::new(&mut source, meter))?,
    }
    Ok(())
}

/// A copy of a node.
fn copy(node: &Value, meter: &Meter) -> Result<Value, Failure> {
    meter.step(count_nodes(node))?;
    charge(node, meter)?;
    Ok(node.clone())
}

/// Takes the memory of a copy.
fn charge(node: &Value, meter: &Meter) -> Result<(), Failure> {
    match node {
        Value::String(text) => meter.charge_text(text.len()),
        Value::Array(items) => {
            meter.charge(items.len().saturating_mul(size_of::<Value>()))?;
            items.iter().try_for_each(|item| charge(item, meter))
        }
        Value::Object(entries) => entries.iter().enumerate().try_for_each(|(index, (name, value))| {
            meter.charge_entry(index, size_of::<(String, Value)>())?;
            meter.charge_text(name.len())?;
            charge(value, meter)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}
