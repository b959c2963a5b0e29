//! Parses YAML by events, to stop at the first value or alias that exceeds a limit.

use foldhash::HashMap;
use saphyr_parser::{Event, Parser, ScalarStyle, StrInput, Tag};
use serde_json::Value;

use super::reading::{MAX_DEPTH, Reading};
use crate::{
    budget::{self, Tally},
    diagnostic::code,
    read::number,
};

/// Parses the text into a tree. Aliases become copies of their nodes.
pub(super) fn read(text: &str, reading: &mut Reading<'_>) -> Result<Value, String> {
    let mut yaml = Yaml { parser: Parser::new_from_str(text), reading, anchors: HashMap::default() };
    let mut tree = None;
    loop {
        match yaml.next()? {
            Event::StreamEnd => return Ok(tree.unwrap_or_default()),
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd => {}
            _ if tree.is_some() => return Err("the text holds several YAML documents".to_owned()),
            event => tree = Some(yaml.node(event)?),
        }
    }
}

/// A scalar by its type.
enum Scalar<'s> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    /// A number that is no integer of 64 bits, with its text.
    Float(f64, &'s str),
    Text(&'s str),
}

/// The node of an anchor: its value, its digits, and the size of a copy.
type Anchored = (Value, Value, Tally);

struct Yaml<'t, 'r, 'f> {
    parser: Parser<'t, StrInput<'t>>,
    reading: &'r mut Reading<'f>,
    anchors: HashMap<usize, Anchored>,
}

impl<'t> Yaml<'t, '_, '_> {
    fn next(&mut self) -> Result<Event<'t>, String> {
        match self.parser.next_event() {
            Some(Ok((event, _))) => Ok(event),
            // The limit of the parser itself is larger.
            Some(Err(error)) if error.info().starts_with("recursion limit") => Err(self.reading.refuse_depth()),
            Some(Err(error)) => Err(error.to_string()),
            None => Ok(Event::StreamEnd),
        }
    }

    fn node(&mut self, event: Event<'t>) -> Result<Value, String> {
        let (value, anchor) = match event {
            Event::Alias(anchor) => return self.alias(anchor),
            Event::Scalar(text, style, anchor, tag) => {
                let scalar = resolve(&text, style, tag.as_deref())?;
                (self.scalar(&scalar)?, anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                refuse_tag(tag.as_deref())?;
                (self.sequence()?, anchor)
            }
            Event::MappingStart(anchor, tag) => {
                refuse_tag(tag.as_deref())?;
                (self.mapping()?, anchor)
            }
            _ => return Err("the text ends too early".to_owned()),
        };
        if anchor > 0 {
            let tally = budget::tally_of(&value, 0);
            // The value of an anchor is a copy too.
            self.copy(&tally)?;
            self.anchors.insert(anchor, (value.clone(), self.reading.digits.clone(), tally));
        }
        Ok(value)
    }

    fn alias(&mut self, anchor: usize) -> Result<Value, String> {
        // An anchor is not known within its own node.
        let Some((.., tally)) = self.anchors.get(&anchor) else {
            return Err("an alias refers to a node that contains it".to_owned());
        };
        let tally = *tally;
        if self.reading.path.len() + tally.depth > MAX_DEPTH {
            return Err(self.reading.refuse_depth());
        }
        self.copy(&tally)?;
        let Some((value, digits, _)) = self.anchors.get(&anchor) else { return Ok(Value::Null) };
        self.reading.digits.clone_from(digits);
        Ok(value.clone())
    }

    /// Counts a copy of this size.
    fn copy(&mut self, tally: &Tally) -> Result<(), String> {
        let reading = &mut *self.reading;
        reading.tally = reading.tally.with_copies(tally, 1, reading.pointer);
        let Some(excess) = reading.tally.excess() else { return Ok(()) };
        let help = "use fewer aliases, or aliases of smaller nodes";
        let message = format!("aliases expand the document to {excess}");
        reading.findings.add_with_help(code::EXPANSION, reading.pointer(), message, help);
        reading.stopped = true;
        Err(String::new())
    }

    fn scalar(&mut self, scalar: &Scalar<'_>) -> Result<Value, String> {
        Ok(match *scalar {
            Scalar::Null => Value::Null,
            Scalar::Bool(value) => value.into(),
            Scalar::Unsigned(value) => value.into(),
            Scalar::Signed(value) => value.into(),
            Scalar::Float(value, text) => {
                let value = self.reading.float(value);
                self.reading.write(value, text)
            }
            Scalar::Text(text) => {
                self.reading.count(text.len())?;
                text.into()
            }
        })
    }

    fn sequence(&mut self) -> Result<Value, String> {
        let (mut items, mut digits) = (Vec::new(), Vec::new());
        loop {
            match self.next()? {
                Event::SequenceEnd => break,
                event => {
                    self.reading.enter_item(items.len())?;
                    let item = self.node(event)?;
                    self.reading.add_digits(&mut digits, items.len());
                    items.push(item);
                    self.reading.count(budget::item_bytes())?;
                    self.reading.leave();
                }
            }
        }
        if !items.is_empty() {
            self.reading.tally.add_container();
        }
        self.reading.write_list(digits);
        Ok(Value::Array(items))
    }

    fn mapping(&mut self) -> Result<Value, String> {
        let start = self.reading.entries.len();
        loop {
            let key = match self.next()? {
                Event::MappingEnd => break,
                event => self.key(event)?,
            };
            self.reading.enter(key)?;
            let event = self.next()?;
            let value = self.node(event)?;
            self.reading.keep(value)?;
        }
        Ok(self.reading.object_from(start))
    }

    /// A key of an object, as it is written. OpenAPI's keys are strings, and response statuses need no quotes.
    fn key(&mut self, event: Event<'t>) -> Result<String, String> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let scalar = resolve(&text, style, tag.as_deref())?;
                if anchor > 0 {
                    let value = self.scalar(&scalar)?;
                    let digits = std::mem::take(&mut self.reading.digits);
                    let tally = budget::tally_of(&value, 0);
                    self.anchors.insert(anchor, (value, digits, tally));
                }
                Ok(text.into_owned())
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some((Value::String(text), ..)) => Ok(text.clone()),
                Some((value @ (Value::Null | Value::Bool(_) | Value::Number(_)), ..)) => Ok(value.to_string()),
                _ => Err("a key is not a scalar".to_owned()),
            },
            _ => Err("a key is not a scalar".to_owned()),
        }
    }
}

/// Lists and objects may only have the tag of their own type.
fn refuse_tag(tag: Option<&Tag>) -> Result<(), String> {
    match tag {
        Some(tag) if !tag.is_yaml_core_schema() => Err(format!("the tag `{tag}` is not supported")),
        _ => Ok(()),
    }
}

/// Resolves a scalar by YAML's core schema.
fn resolve<'s>(text: &'s str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Scalar<'s>, String> {
    let Some(tag) = tag.filter(|tag| !(tag.handle.is_empty() && tag.suffix == "!")) else {
        return Ok(if style == ScalarStyle::Plain { plain(text) } else { Scalar::Text(text) });
    };
    refuse_tag(Some(tag))?;
    let found = match tag.suffix.as_str() {
        "null" => Some(Scalar::Null).filter(|_| is_null(text)),
        "bool" => boolean(text).map(Scalar::Bool),
        "int" => whole(text),
        "float" => float(text),
        _ => Some(Scalar::Text(text)),
    };
    found.ok_or_else(|| format!("the value does not match its tag `{tag}`"))
}

/// Resolves a scalar without quotes.
fn plain(text: &str) -> Scalar<'_> {
    if text.is_empty() || is_null(text) {
        return Scalar::Null;
    }
    let float = || float(text).filter(|_| !is_padded(text));
    boolean(text).map(Scalar::Bool).or_else(|| whole(text)).or_else(float).unwrap_or(Scalar::Text(text))
}

fn is_null(text: &str) -> bool {
    matches!(text, "null" | "Null" | "NULL" | "~")
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// Digits after a zero are a text, such as a postal code.
fn is_padded(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|digit| digit.is_ascii_digit())
}

fn whole<'s>(text: &str) -> Option<Scalar<'s>> {
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let bases = [("0x", 16), ("0o", 8), ("0b", 2)];
    let base = bases.iter().find_map(|(prefix, base)| Some((digits.strip_prefix(prefix)?, *base)));
    let (digits, base) = base.unwrap_or((digits, 10));
    if digits.starts_with(['+', '-']) || (base == 10 && is_padded(text)) {
        return None;
    }
    if is_negative {
        return i64::from_str_radix(&format!("-{digits}"), base).ok().map(Scalar::Signed);
    }
    u64::from_str_radix(digits, base).ok().map(Scalar::Unsigned)
}

fn float(text: &str) -> Option<Scalar<'_>> {
    let special = match text {
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Some(f64::NEG_INFINITY),
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        _ => None,
    };
    if let Some(special) = special {
        return Some(Scalar::Float(special, text));
    }
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    // Rust parses `inf` and `nan`, which are words in YAML.
    let float = unsigned.parse().ok().filter(|float: &f64| float.is_finite()).or_else(|| number::beyond(unsigned));
    float.filter(|_| !text.starts_with("+-") && !text.starts_with("++")).map(|float| Scalar::Float(float, text))
}
