//! The state of a reading: place, size and limits.

use serde_json::{Map, Number, Value, map::Entry};

use crate::{
    budget::{self, MAX_KEY, Tally},
    diagnostic::{Findings, code},
    read::{
        number::{self, MAX_DIGITS, Numbers},
        pointer::{self, Step},
    },
};

/// The deepest nesting. The limits of both parsers are slightly larger.
pub(crate) const MAX_DEPTH: usize = 100;

/// The state of reading one text.
pub(super) struct Reading<'f> {
    pub(super) findings: &'f mut Findings,
    pub(super) path: Vec<Step<String>>,
    /// The length of the current pointer.
    pub(super) pointer: usize,
    pub(super) tally: Tally,
    /// The pointers of keys that their objects had already.
    pub(super) doubled: Vec<String>,
    /// The entries of the objects that are being read.
    pub(super) entries: Vec<(String, Value, Value)>,
    /// The numbers of a JSON text, in its order.
    pub(super) numbers: Option<Numbers<'f>>,
    /// How many of them were passed since the last one was looked at. The digits of an integer of 64 bits need no look.
    pub(super) passed: usize,
    /// The digits of the last value, until they are put beside it.
    pub(super) digits: Value,
    /// Whether the reading ended for a reason that has been reported already.
    pub(super) stopped: bool,
}

impl Reading<'_> {
    /// Forgets what was read, before another parser reads the text.
    pub(super) fn restart(&mut self) {
        (self.path, self.pointer, self.tally) = (Vec::new(), 0, Tally::default());
        self.doubled.clear();
        self.entries.clear();
        self.digits = Value::Null;
    }

    /// Enters a key.
    pub(super) fn enter(&mut self, key: String) -> Result<(), String> {
        if key.len() > MAX_KEY {
            let (pointer, message) =
                (self.pointer(), format!("the key has {} bytes; the limit is {MAX_KEY}", key.len()));
            self.findings.add_with_help(code::TOO_LARGE, pointer, message, "shorten the key");
            self.stopped = true;
            return Err("a key is too long".to_owned());
        }
        self.descend(Step::Key(key))
    }

    /// Enters an item of a list.
    pub(super) fn enter_item(&mut self, index: usize) -> Result<(), String> {
        self.descend(Step::Index(index))
    }

    fn descend(&mut self, step: Step<String>) -> Result<(), String> {
        self.pointer += step.length();
        self.path.push(step);
        if self.path.len() > MAX_DEPTH { Err(self.refuse_depth()) } else { Ok(()) }
    }

    pub(super) fn refuse_depth(&mut self) -> String {
        let pointer = self.pointer();
        let message = format!("the value is nested more than {MAX_DEPTH} levels deep");
        self.findings.add_with_help(code::TOO_DEEP, pointer, message, "move the inner part into a component");
        self.stopped = true;
        "nested too deep".to_owned()
    }

    /// Leaves a key or an item.
    pub(super) fn leave(&mut self) -> Option<Step<String>> {
        let step = self.path.pop();
        self.pointer -= step.as_ref().map_or(0, Step::length);
        step
    }

    /// Leaves a key, and keeps its value for the object.
    pub(super) fn keep(&mut self, value: Value) -> Result<(), String> {
        let key = match self.path.last() {
            Some(Step::Key(key)) => key.as_str(),
            _ => "",
        };
        self.count(budget::entry_bytes(key))?;
        let Some(Step::Key(key)) = self.leave() else { return Ok(()) };
        let digits = std::mem::take(&mut self.digits);
        if !digits.is_null() {
            self.tally = self.tally.with_copies(&budget::tally_of(&digits, 0), 1, self.pointer);
        }
        self.entries.push((key, value, digits));
        Ok(())
    }

    /// Returns the object of the entries that were kept since there were so many. Its memory is taken at once.
    pub(super) fn object_from(&mut self, start: usize) -> Value {
        let mut object = Map::with_capacity(self.entries.len() - start);
        for (key, value, digits) in self.entries.drain(start..) {
            if !digits.is_null() {
                number::attach(&mut object, &key, digits);
            }
            match object.entry(key) {
                Entry::Vacant(entry) => drop(entry.insert(value)),
                Entry::Occupied(mut entry) => {
                    self.doubled.push(pointer::join(&Step::pointer(&self.path), entry.key()));
                    entry.insert(value);
                }
            }
        }
        if !object.is_empty() {
            self.tally.add_container();
        }
        Value::Object(object)
    }

    /// Counts a value of this size.
    pub(super) fn count(&mut self, bytes: usize) -> Result<(), String> {
        self.tally.add(bytes, self.pointer);
        let Some(excess) = self.tally.excess() else { return Ok(()) };
        let pointer = self.pointer();
        let message = format!("the document has {excess}");
        self.findings.add_with_help(code::TOO_LARGE, pointer, message, budget::SMALLER);
        self.stopped = true;
        Err("too large".to_owned())
    }

    pub(super) fn pointer(&self) -> String {
        Step::pointer(&self.path)
    }

    /// Notes the digits of a number.
    pub(super) fn write(&mut self, value: Value, text: &str) -> Value {
        if text.len() > MAX_DIGITS {
            let message = format!("the number has {} characters; the limit is {MAX_DIGITS}", text.len());
            self.findings.add_with_help(code::TOO_LARGE, self.pointer(), message, "shorten the number");
            return value;
        }
        let digits = value.as_number().and_then(|number| number::digits_of(number, text));
        self.digits = digits.map_or(Value::Null, Value::String);
        value
    }

    /// Adds the digits of the next item of a list to those of its list.
    pub(super) fn add_digits(&mut self, list: &mut Vec<Value>, index: usize) {
        let digits = std::mem::take(&mut self.digits);
        if !digits.is_null() {
            list.resize(index, Value::Null);
            list.push(digits);
        }
    }

    /// Notes the digits of a list.
    pub(super) fn write_list(&mut self, list: Vec<Value>) {
        self.digits = if list.is_empty() { Value::Null } else { Value::Array(list) };
    }

    /// Returns a float, or reports it and returns `null` if JSON has no such number.
    pub(super) fn float(&mut self, value: f64) -> Value {
        Number::from_f64(value).map_or_else(
            || {
                let pointer = self.pointer();
                let message = format!("`{value}` is not a JSON number");
                self.findings.add_with_help(
                    code::NOT_A_NUMBER,
                    pointer,
                    message,
                    "remove it, or write a finite number",
                );
                Value::Null
            },
            Value::Number,
        )
    }
}
