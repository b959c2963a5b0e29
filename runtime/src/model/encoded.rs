//! Writes models in any serde format.

use serde_core::{
    Serialize, Serializer,
    ser::{Error as _, SerializeMap, SerializeSeq},
};

use crate::model::{
    as_text::AsText,
    digits,
    encodable::{Encodable, Encoder, Items, Member, Members, Tags, View},
    purpose::Purpose,
};

/// Serialises an [`Encodable`].
pub(crate) struct Encoded<'a> {
    model: &'a dyn Encodable,
    purpose: Purpose,
    /// The tags of the variant that holds the model.
    tags: Tags<'a>,
}

impl<'a> Encoded<'a> {
    pub(crate) fn new(model: &'a dyn Encodable, purpose: Purpose) -> Self {
        Self { model, purpose, tags: &[] }
    }
}

impl Serialize for Encoded<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut serializer = Some(serializer);
        let mut written = None;
        self.model.encode(Encoder {
            write: &mut |view| {
                if let Some(serializer) = serializer.take() {
                    written = Some(view.serialize(serializer, self.purpose, self.tags));
                }
            },
        });
        written.unwrap_or_else(|| Err(S::Error::custom("the model wrote nothing")))
    }
}

impl View<'_> {
    fn serialize<S: Serializer>(self, serializer: S, purpose: Purpose, tags: Tags<'_>) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Bool(value) => serializer.serialize_bool(value),
            Self::Signed(value) => serializer.serialize_i64(value),
            Self::Unsigned(value) => serializer.serialize_u64(value),
            Self::Float(value) => match whole(value).filter(|_| purpose == Purpose::SendText) {
                Some(whole) => serializer.serialize_i64(whole),
                None => serializer.serialize_f64(value),
            },
            Self::Digits(digits) | Self::Decimal(digits) => digits::serialize(digits, serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serialize_list(items, serializer, purpose),
            Self::Object(members, rest) => Object { members, rest, tags, purpose }.serialize(serializer),
            Self::Tagged(tags, model) => Encoded { model, purpose, tags }.serialize(serializer),
            Self::Any(value) => value.serialize(serializer),
        }
    }
}

static NULL: Option<bool> = None;

/// An object that is written.
struct Object<'a> {
    members: &'a [Member<'a>],
    rest: Option<&'a dyn Members>,
    tags: Tags<'a>,
    purpose: Purpose,
}

impl Object<'_> {
    fn is_tag(&self, name: &str) -> bool {
        self.tags.iter().any(|(tag, _)| *tag == name)
    }

    /// The value of a property, if it is written.
    fn written<'m>(&self, member: &Member<'m>) -> Option<&'m dyn Encodable> {
        if member.is_foreign && self.purpose == Purpose::Compare {
            return Some(&NULL);
        }
        let is_withheld = member.is_read_only && matches!(self.purpose, Purpose::Send | Purpose::SendText);
        member.value.filter(|_| !is_withheld && !self.is_tag(member.name))
    }

    /// Whether an entry of that name would repeat a property, or send what requests leave out.
    fn is_taken(&self, name: &str) -> bool {
        let is_taken = |member: &Member<'_>| member.value.is_some() || member.is_read_only;
        self.is_tag(name) || self.members.iter().any(|member| member.name == name && is_taken(member))
    }

    fn len(&self) -> usize {
        let mut length = self.tags.len() + self.members.iter().filter(|member| self.written(member).is_some()).count();
        if let Some(rest) = self.rest {
            rest.each(&mut |name, _| length += usize::from(!self.is_taken(name)));
        }
        length
    }

    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, value) in self.tags {
            map.serialize_entry(name, &Encoded::new(*value, self.purpose))?;
        }
        for member in self.members {
            match self.written(member) {
                Some(value) if member.is_text => {
                    map.serialize_entry(member.name, &Encoded::new(&AsText(&value), self.purpose))?;
                }
                Some(value) => map.serialize_entry(member.name, &Encoded::new(value, self.purpose))?,
                None => {}
            }
        }
        if let Some(rest) = self.rest {
            let mut result = Ok(());
            rest.each(&mut |name, value| {
                if result.is_ok() && !self.is_taken(name) {
                    result = map.serialize_entry(name, &Encoded::new(value, self.purpose));
                }
            });
            result?;
        }
        map.end()
    }
}

/// Returns a number without a fraction, if a float holds all integers of its size.
fn whole(value: f64) -> Option<i64> {
    const MOST: f64 = 9_007_199_254_740_992.0;
    let is_whole = value.fract() == 0.0 && value.abs() <= MOST;
    // The range is checked.
    #[allow(clippy::cast_possible_truncation)]
    is_whole.then_some(value as i64)
}

fn serialize_list<S: Serializer>(items: &dyn Items, serializer: S, purpose: Purpose) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(items.len()))?;
    let mut result = Ok(());
    items.each(&mut |item| {
        if result.is_ok() {
            result = list.serialize_element(&Encoded::new(item, purpose));
        }
    });
    result?;
    list.end()
}

impl<T: Encodable + ?Sized> Serialize for AsText<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Encoded::new(self, Purpose::ambient()).serialize(serializer)
    }
}
