//! Builds a tree of JSON text that `serde_json` has checked. A tree that serde builds would lose digits of numbers.

use std::borrow::Cow;

use crate::model::{
    failure::Failure,
    meter::Meter,
    node::{Entries, Entry, Node},
};

/// The deepest nesting, as in `serde_json`.
const MAX_DEPTH: usize = 128;

/// Builds the tree of one value, and charges the meter.
pub(crate) fn parse<'t>(text: &'t str, meter: &Meter) -> Result<Node<'t>, Failure> {
    Parser { text, at: 0, depth: 0, meter }.value()
}

struct Parser<'t, 'm> {
    text: &'t str,
    /// The position of the next byte.
    at: usize,
    depth: usize,
    meter: &'m Meter,
}

impl<'t> Parser<'t, '_> {
    fn value(&mut self) -> Result<Node<'t>, Failure> {
        match self.peek() {
            Some(b'{') => self.within(Self::object),
            Some(b'[') => self.within(Self::list),
            Some(b'"') => self.string().map(Node::Text),
            Some(b'-' | b'0'..=b'9') => {
                let is_part = |byte: u8| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
                self.take_while(is_part).map(Node::Number)
            }
            _ => match self.take_while(|byte| byte.is_ascii_alphabetic())? {
                "null" => Ok(Node::Null),
                "true" => Ok(Node::Bool(true)),
                "false" => Ok(Node::Bool(false)),
                _ => Err(malformed()),
            },
        }
    }

    fn within(&mut self, read: fn(&mut Self) -> Result<Node<'t>, Failure>) -> Result<Node<'t>, Failure> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Failure::new("recursion limit exceeded"));
        }
        // The bracket.
        self.at += 1;
        let node = read(self);
        self.depth -= 1;
        node
    }

    fn list(&mut self) -> Result<Node<'t>, Failure> {
        let mut items = Vec::new();
        while !self.ends(b']')? {
            let item = self.value()?;
            self.meter.charge_item(items.len(), size_of::<Node<'_>>())?;
            items.push(item);
        }
        self.meter.refund_growth(items.len(), size_of::<Node<'_>>());
        Ok(Node::List(items.into()))
    }

    fn object(&mut self) -> Result<Node<'t>, Failure> {
        let mut entries = Vec::new();
        while !self.ends(b'}')? {
            let name = self.string()?;
            if self.peek() != Some(b':') {
                return Err(malformed());
            }
            self.at += 1;
            self.meter.charge_item(entries.len(), size_of::<Entry<'_>>())?;
            entries.push((name, self.value()?));
        }
        self.meter.refund_growth(entries.len(), size_of::<Entry<'_>>());
        Ok(Node::Object(Entries::new(entries)))
    }

    /// Takes the closing bracket, or the comma before the next member.
    fn ends(&mut self, bracket: u8) -> Result<bool, Failure> {
        match self.peek() {
            Some(byte) if byte == bracket => {
                self.at += 1;
                Ok(true)
            }
            Some(b',') => {
                self.at += 1;
                self.peek().map(|_| false).ok_or_else(malformed)
            }
            Some(_) => Ok(false),
            None => Err(malformed()),
        }
    }

    /// Takes a string. It is borrowed if it contains no escapes.
    fn string(&mut self) -> Result<Cow<'t, str>, Failure> {
        if self.peek() != Some(b'"') {
            return Err(malformed());
        }
        let start = self.at;
        let mut is_escaped = false;
        let mut has_escapes = false;
        let rest = self.text.as_bytes().get(self.at + 1..).unwrap_or_default();
        let length = rest.iter().position(|byte| {
            let ends = *byte == b'"' && !is_escaped;
            is_escaped = *byte == b'\\' && !is_escaped;
            has_escapes |= is_escaped;
            ends
        });
        let length = length.ok_or_else(malformed)?;
        self.at += length + 2;
        if has_escapes {
            let quoted = self.text.get(start..self.at).ok_or_else(malformed)?;
            let text: String = serde_json::from_str(quoted).map_err(Failure::new)?;
            self.meter.charge_text(text.len())?;
            return Ok(text.into());
        }
        self.text.get(start + 1..self.at - 1).map(Cow::Borrowed).ok_or_else(malformed)
    }

    fn take_while(&mut self, is_part: impl Fn(u8) -> bool) -> Result<&'t str, Failure> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !is_part(*byte)).unwrap_or(rest.len());
        let taken = self.text.get(self.at..self.at + length).ok_or_else(malformed)?;
        self.at += length;
        Ok(taken)
    }

    /// Returns the next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let space = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))?;
        self.at += space;
        rest.get(space).copied()
    }
}

/// The error of text that is not JSON, which `serde_json` reports before.
fn malformed() -> Failure {
    Failure::new("the text is not JSON")
}
