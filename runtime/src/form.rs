//! Which variant of a union a value is.

use serde_json::Value;

use crate::{encodable::Encoded, model::Encodable};

/// What a value must have, and what it may have, to be read as one variant of a union.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    kind: Kind,
    known: &'static [&'static str],
    required: &'static [&'static str],
    constants: &'static [(&'static str, &'static [&'static str])],
    values: &'static [&'static str],
    is_closed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Any,
    Boolean,
    Integer,
    Number,
    Text,
    List,
    Object,
}

impl Form {
    const fn new(kind: Kind) -> Self {
        Self { kind, known: &[], required: &[], constants: &[], values: &[], is_closed: false }
    }

    /// Any value; it comes last.
    pub const fn any() -> Self {
        Self::new(Kind::Any)
    }

    /// A boolean.
    pub const fn boolean() -> Self {
        Self::new(Kind::Boolean)
    }

    /// A number without a fraction.
    pub const fn integer() -> Self {
        Self::new(Kind::Integer)
    }

    /// A number.
    pub const fn number() -> Self {
        Self::new(Kind::Number)
    }

    /// A string.
    pub const fn text() -> Self {
        Self::new(Kind::Text)
    }

    /// An array.
    pub const fn list() -> Self {
        Self::new(Kind::List)
    }

    /// An object.
    pub const fn object() -> Self {
        Self::new(Kind::Object)
    }

    /// The declared properties of the object.
    pub const fn known(mut self, names: &'static [&'static str]) -> Self {
        self.known = names;
        self
    }

    /// The properties that the object must have.
    pub const fn required(mut self, names: &'static [&'static str]) -> Self {
        self.required = names;
        self
    }

    /// Properties that can have these values alone, where they are there: texts, or numbers and booleans as text.
    pub const fn constants(mut self, constants: &'static [(&'static str, &'static [&'static str])]) -> Self {
        self.constants = constants;
        self
    }

    /// The object has no other properties than the declared ones.
    pub const fn closed(mut self) -> Self {
        self.is_closed = true;
        self
    }

    /// The known values of the string or integer, as text; others are possible, and less likely.
    pub const fn values(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self
    }

    /// What is read of the value as the form that it fits best; `None` where it fits none. `read` is given the index of a
    /// form.
    ///
    /// Forms that know equally much of the value may differ in what they know of what is in it. Of these it is the one from
    /// which most of the value can be written again, be it the last.
    pub fn choose<U: Encodable>(forms: &[Self], value: &Value, read: impl Fn(usize) -> Option<U>) -> Option<U> {
        let ranked = Self::rank(forms, value);
        // Rank has left those that know most; lists, and maps, are as good as each other.
        let alike = |index: usize| forms.get(index).map(|form| (form.kind, form.known.is_empty()));
        let mut best: Option<(usize, U)> = None;
        let mut last = None;
        for &index in &ranked {
            if alike(index) != last && best.is_some() {
                break;
            }
            last = alike(index);
            let Some(read) = read(index) else { continue };
            let has_rivals = ranked.iter().filter(|other| alike(**other) == last).count() > 1;
            if !has_rivals {
                return Some(read);
            }
            let kept = count_kept(value, &read);
            if best.as_ref().is_none_or(|(most, _)| kept > *most) {
                best = Some((kept, read));
            }
        }
        best.map(|(_, read)| read)
    }

    /// The indices of the forms that the value fits, the best first.
    ///
    /// Better is the one whose discriminating values stand in the value, then the one that knows more of its
    /// properties, then the one that asks for more, then the earlier one. So a form never hides another that says more
    /// of the value, whatever their order in the document. Nor does it stand in for one: where that cannot be read, a
    /// form that knows less would lose what the other knows, so it is none that the value fits.
    fn rank(forms: &[Self], value: &Value) -> Vec<usize> {
        let mut ranked: Vec<(usize, Score)> =
            forms.iter().enumerate().filter_map(|(index, form)| Some((index, form.score(value)?))).collect();
        ranked.sort_by_key(|(index, score)| (std::cmp::Reverse(*score), *index));
        let most = ranked.first().map_or((0, 0), |(_, score)| score.knowledge());
        let keeps_all = |index: usize| forms.get(index).is_none_or(|form| form.known.is_empty());
        ranked.retain(|(index, score)| keeps_all(*index) || score.knowledge() == most);
        ranked.into_iter().map(|(index, _)| index).collect()
    }

    fn score(&self, value: &Value) -> Option<Score> {
        let is_kind = match self.kind {
            Kind::Any => return Some(Score::default()),
            Kind::Boolean => value.is_boolean(),
            Kind::Integer => value.is_i64() || value.is_u64(),
            Kind::Number => value.is_number(),
            Kind::Text => value.is_string(),
            Kind::List => value.is_array(),
            Kind::Object => value.is_object(),
        };
        if !is_kind || self.required.iter().any(|name| value.get(name).is_none()) {
            return None;
        }
        if self.is_closed && value.as_object().is_some_and(|it| it.keys().any(|name| !self.known.contains(&&**name))) {
            return None;
        }
        let mut constants = 0;
        for (name, values) in self.constants {
            match value.get(name) {
                Some(value) if is_among(value, values) => constants += 1,
                None => {}
                Some(_) => return None,
            }
        }
        // What lists values and not this one is less likely than what lists none.
        let listing = match self.values {
            [] => Listing::None,
            values if is_among(value, values) => Listing::Listed,
            _ => Listing::Unlisted,
        };
        let known = self.known.iter().filter(|name| value.get(name).is_some()).count();
        Some(Score {
            is_kind: true,
            is_integer: self.kind == Kind::Integer && listing != Listing::Unlisted,
            listing,
            constants,
            known,
            required: self.required.len(),
        })
    }
}

/// Whether a text, a number or a boolean is one of these.
fn is_among(value: &Value, values: &[&str]) -> bool {
    match value {
        Value::String(text) => values.contains(&text.as_str()),
        Value::Number(_) | Value::Bool(_) if !values.is_empty() => values.contains(&value.to_string().as_str()),
        _ => false,
    }
}

/// How many of the value's texts, numbers and booleans are written again.
fn count_kept(value: &Value, read: &dyn Encodable) -> usize {
    // Only a map with keys that are no strings has no JSON form, and no model holds one.
    count_common(value, &serde_json::to_value(Encoded(read)).unwrap_or_default())
}

fn count_common(value: &Value, written: &Value) -> usize {
    match (value, written) {
        (Value::Object(value), Value::Object(written)) => {
            value.iter().filter_map(|(name, value)| Some(count_common(value, written.get(name)?))).sum()
        }
        (Value::Array(value), Value::Array(written)) => {
            value.iter().zip(written).map(|(value, written)| count_common(value, written)).sum()
        }
        (Value::Null, _) | (_, Value::Null) => 0,
        _ => 1,
    }
}

/// In the order in which the parts count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Score {
    is_kind: bool,
    is_integer: bool,
    listing: Listing,
    constants: usize,
    known: usize,
    required: usize,
}

/// Whether the value is among the known ones, the least likely first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Listing {
    Unlisted,
    #[default]
    None,
    Listed,
}

impl Score {
    /// How much of the value the form knows.
    fn knowledge(self) -> (usize, usize) {
        (self.constants, self.known)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_smaller_form_does_not_hide_a_larger_one() {
        let small = Form::object().known(&["name"]).required(&["name"]);
        let large = Form::object().known(&["name", "age"]).required(&["name"]);
        for forms in [[small, large], [large, small]] {
            let first = |value: &Value| Form::rank(&forms, value).first().map(|index| forms[*index].known.len());
            assert_eq!(first(&json!({"name": "a", "age": 1})), Some(2));
        }
        assert_eq!(Form::rank(&[small, large], &json!({"name": "a"})), [0, 1]);
        assert_eq!(Form::rank(&[small, large], &json!({"age": 1})), [0; 0]);
    }

    #[test]
    fn a_form_that_knows_less_does_not_stand_in() {
        let tram = Form::object().known(&["line", "doors"]);
        let bus = Form::object().known(&["line", "tyres"]);
        let stop = Form::object().known(&["name"]);
        assert_eq!(Form::rank(&[bus, stop, tram], &json!({"line": 1, "doors": "many"})), [2]);
        assert_eq!(Form::rank(&[bus, stop, tram], &json!({"line": 1})), [0, 2]);
        assert_eq!(Form::rank(&[bus, stop, tram], &json!({"other": 1})), [0, 1, 2]);
        // What declares no properties holds all of them.
        assert_eq!(Form::rank(&[Form::any(), Form::object(), tram], &json!({"line": 1})), [2, 1, 0]);
    }

    #[test]
    fn a_discriminator_decides_and_an_unknown_one_fits_nothing() {
        let cat = Form::object().constants(&[("kind", &["cat", "CAT"])]);
        let dog = Form::object().known(&["kind", "bark"]).constants(&[("kind", &["dog"])]);
        assert_eq!(Form::rank(&[dog, cat], &json!({"kind": "CAT", "bark": 1})), [1]);
        assert_eq!(Form::rank(&[dog, cat], &json!({"kind": "fish"})), [0; 0]);
        assert_eq!(Form::rank(&[dog, cat], &json!({"bark": 1})), [0, 1]);
    }

    #[test]
    fn of_forms_that_know_as_much_the_one_that_keeps_most_is_read() {
        let page = Form::object().known(&["items"]).required(&["items"]);
        let value = json!({"items": [{"name": "a", "age": 1}, {"name": "b"}]});
        let read = |kept: &[(usize, Value)]| {
            let read = |index| kept.iter().find(|(of, _)| *of == index).map(|(_, kept)| kept.clone());
            Form::choose(&[page, page, page, Form::any()], &value, read)
        };
        let [nothing, names, all] =
            [json!({"items": [{}, {}]}), json!({"items": [{"name": "a"}, {"name": "b"}]}), value.clone()];
        assert_eq!(read(&[(0, nothing.clone()), (1, names.clone()), (2, all.clone())]), Some(all.clone()));
        assert_eq!(read(&[(0, names.clone()), (1, nothing.clone()), (3, all.clone())]), Some(names.clone()));
        // Which is first where they keep the same, and what holds anything where they cannot be read.
        assert_eq!(read(&[(1, names.clone()), (2, json!({"items": [{"name": "a", "age": 1}, {}]}))]), Some(names));
        assert_eq!(read(&[(3, all.clone())]), Some(all));
        assert_eq!(read(&[]), None);
    }

    #[test]
    fn kinds_are_told_apart() {
        let forms =
            [Form::any(), Form::number(), Form::integer(), Form::text(), Form::text().values(&["a"]), Form::list()];
        assert_eq!(Form::rank(&forms, &json!(1)), [2, 1, 0]);
        assert_eq!(Form::rank(&forms, &json!(1.5)), [1, 0]);
        assert_eq!(Form::rank(&forms, &json!("a")), [4, 3, 0]);
        assert_eq!(Form::rank(&forms, &json!("b")), [3, 4, 0]);
        assert_eq!(Form::rank(&forms, &json!([])), [5, 0]);
        assert_eq!(Form::rank(&forms, &json!(null)), [0]);
    }
}
