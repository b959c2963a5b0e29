//! Implements the source of a [`Decoder`] for a tree. Unions are resolved on a tree because they read a value several
//! times: it needs no copies, and its nodes can be remembered.

use std::str::FromStr;

use serde_json::{Map, Value};

use crate::model::{
    date_time::DateTime,
    decoder::{Decoder, Entries, Field, OnNull, Place, ReadItem, ReadTree, Source},
    digits,
    failure::Failure,
    meter::{Kept, Meter},
    node::{self, Node},
};

/// A node that has not been read yet.
pub(crate) struct Tree<'v> {
    node: Option<&'v Node<'v>>,
    meter: &'v Meter,
}

impl<'v> Tree<'v> {
    pub(crate) fn new(node: &'v Node<'v>, meter: &'v Meter) -> Self {
        Self { node: Some(node), meter }
    }

    fn take(&mut self) -> Result<&'v Node<'v>, Failure> {
        self.meter.step(1)?;
        self.node.take().ok_or_else(Failure::read_twice)
    }

    fn take_text(&mut self) -> Result<&'v str, Failure> {
        let Node::Text(text) = self.take()? else { return Err(Failure::new("expected a string")) };
        self.meter.keep(Kept::LEAF);
        Ok(text)
    }

    fn take_number(&mut self) -> Result<&'v str, Failure> {
        let Node::Number(digits) = self.take()? else { return Err(Failure::new("expected a number")) };
        self.meter.keep(Kept::LEAF);
        Ok(digits)
    }

    /// Takes a number, or a string.
    fn take_digits(&mut self) -> Result<&'v str, Failure> {
        let text = match self.take()? {
            Node::Number(digits) => digits,
            Node::Text(text) => text.as_ref(),
            _ => return Err(Failure::new("expected a number, or a string")),
        };
        self.meter.keep(Kept::LEAF);
        Ok(text)
    }

    fn integer<T: FromStr + TryFrom<i64> + TryFrom<u64>>(&mut self, name: &'static str) -> Result<T, Failure> {
        digits::integer(self.take_number()?, name)
    }
}

impl Source for Tree<'_> {
    fn bool(&mut self) -> Result<bool, Failure> {
        let Node::Bool(value) = self.take()? else { return Err(Failure::new("expected a boolean")) };
        self.meter.keep(Kept::LEAF);
        Ok(*value)
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
        digits::float(self.take_number()?)
    }

    fn i128(&mut self) -> Result<i128, Failure> {
        digits::wide_integer(self.take_digits()?, "i128")
    }

    fn u128(&mut self) -> Result<u128, Failure> {
        digits::wide_integer(self.take_digits()?, "u128")
    }

    fn decimal(&mut self) -> Result<String, Failure> {
        let text = self.take_digits()?;
        if self.meter.is_trial() {
            return Ok(String::new());
        }
        self.meter.charge_text(text.len())?;
        Ok(text.to_owned())
    }

    fn string(&mut self) -> Result<String, Failure> {
        let text = self.take_text()?;
        if self.meter.is_trial() {
            return Ok(String::new());
        }
        self.meter.charge_text(text.len())?;
        Ok(text.to_owned())
    }

    fn date_time(&mut self) -> Result<DateTime, Failure> {
        let (text, is_number) = match self.take()? {
            Node::Text(text) => (text.as_ref(), false),
            Node::Number(digits) => (*digits, true),
            _ => return Err(Failure::new("expected a string")),
        };
        self.meter.keep(Kept::LEAF);
        if self.meter.is_trial() {
            return Ok(DateTime::from(String::new()));
        }
        self.meter.charge_text(text.len())?;
        Ok(if is_number { DateTime::of_number(text) } else { DateTime::from(text) })
    }

    fn text(&mut self, take: &mut dyn FnMut(&str)) -> Result<(), Failure> {
        let node = self.take()?;
        match node {
            Node::Text(text) => take(text),
            Node::Number(digits) => take(digits),
            Node::Bool(value) => take(if *value { "true" } else { "false" }),
            _ => return Err(Failure::new("expected a string")),
        }
        self.meter.keep(Kept::LEAF);
        if !matches!(node, Node::Text(_)) {
            self.meter.keep(Kept::ALTERED);
        }
        Ok(())
    }

    fn value(&mut self) -> Result<Value, Failure> {
        let node = self.take()?;
        if self.meter.is_trial() {
            self.meter.keep(node.all_leaves(self.meter)?);
            return Ok(Value::Null);
        }
        self.meter.untyped(|| node.to_value(self.meter))
    }

    fn map(&mut self) -> Result<Map<String, Value>, Failure> {
        let mut map = Map::new();
        self.object(&mut [], Some(&mut map))?;
        Ok(map)
    }

    fn option(&mut self, mut place: Place<'_>) -> Result<(), Failure> {
        let node = self.take()?;
        if *node == Node::Null { Ok(()) } else { fill(&mut place, node, self.meter) }
    }

    fn list(&mut self, read: &mut ReadItem<'_>) -> Result<(), Failure> {
        let Node::List(items) = self.take()? else { return Err(Failure::new("expected a list")) };
        for (index, item) in items.iter().enumerate() {
            let mut source = Tree::new(item, self.meter);
            read(Decoder::new(&mut source, self.meter)).map_err(|failure| failure.at_item(index))?;
        }
        Ok(())
    }

    fn object(&mut self, fields: &mut [Field<'_>], rest: Option<&mut dyn Entries>) -> Result<(), Failure> {
        let object = match self.take()? {
            Node::Object(object) => object,
            // PHP writes an empty object as an empty list.
            Node::List(items) if items.is_empty() && fields.is_empty() => return Ok(()),
            _ => return Err(Failure::new("expected an object")),
        };
        let mut read = 0;
        for field in &mut *fields {
            read += usize::from(self.read_field(object, field)?);
        }
        if rest.is_none() && read < object.len() {
            let is_lost = |name: &str| !fields.iter().any(|field| field.is_called(name));
            // A `null` is no leaf.
            let nulls = object.iter().filter(|(name, value)| **value == Node::Null && is_lost(name)).count();
            self.meter.keep(Kept { altered: nulls, ..Kept::LOSS });
        }
        if let Some(rest) = rest {
            let others = object.iter().filter(|(name, _)| !fields.iter().any(|field| field.is_called(name)));
            for (name, value) in others {
                let mut source = Tree::new(value, self.meter);
                let added = rest.add(name.to_owned(), Decoder::new(&mut source, self.meter));
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
    /// Reads a field. Returns whether it is present.
    fn read_field(&self, object: &node::Entries<'_>, field: &mut Field<'_>) -> Result<bool, Failure> {
        let mut found = std::iter::once(&field.name).chain(field.aliases).filter_map(|name| object.get(name));
        let Some(value) = found.next() else {
            return if field.required { Err(Failure::missing(field.name)) } else { Ok(false) };
        };
        if found.next().is_some() {
            return Err(Failure::new(format_args!("duplicate field `{}`", field.name)));
        }
        if field.null != OnNull::Read && *value == Node::Null {
            self.meter.keep(if field.null == OnNull::Kept { Kept::NOTHING } else { Kept::ALTERED });
        } else {
            fill(&mut field.place, value, self.meter).map_err(|failure| failure.at_property(field.name))?;
        }
        Ok(true)
    }
}

fn fill(place: &mut Place<'_>, node: &Node<'_>, meter: &Meter) -> Result<(), Failure> {
    let mut source = Tree::new(node, meter);
    match place {
        Place::Bool(place) => **place = Some(source.bool()?),
        Place::I64(place) => **place = Some(source.i64()?),
        Place::F64(place) => **place = Some(source.f64()?),
        Place::String(place) => **place = Some(source.string()?),
        Place::DateTime(place) => **place = Some(source.date_time()?),
        Place::Slot(slot) => slot.fill(Decoder::new(&mut source, meter))?,
    }
    Ok(())
}
