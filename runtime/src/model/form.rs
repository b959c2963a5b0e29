//! Which variant of a union a value is.

use crate::model::{
    decodable::{Decoder, Failure},
    meter::{Choice, Kept, Meter},
    node::Node,
    tree::Tree,
};

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

    /// The indices of the forms that the value fits, the best first.
    ///
    /// Better is the one whose discriminating values stand in the value, then the one that knows more of its
    /// properties, then the one that asks for more, then the earlier one. So a form never hides another that says more
    /// of the value, whatever their order in the document. Nor does it stand in for one: where that cannot be read, a
    /// form that knows less would lose what the other knows, so it is none that the value fits.
    fn rank(forms: &[Self], value: &Node<'_>) -> Vec<usize> {
        let mut ranked: Vec<(usize, Score)> =
            forms.iter().enumerate().filter_map(|(index, form)| Some((index, form.score(value)?))).collect();
        ranked.sort_by_key(|(index, score)| (std::cmp::Reverse(*score), *index));
        let most = ranked.first().map_or((0, 0), |(_, score)| score.knowledge());
        let keeps_all = |index: usize| forms.get(index).is_none_or(|form| form.known.is_empty());
        ranked.retain(|(index, score)| keeps_all(*index) || score.knowledge() == most);
        ranked.into_iter().map(|(index, _)| index).collect()
    }

    /// How many constants stand in the value that the model does not hold, and that are written with it all the same.
    fn tags_besides(&self, value: &Node<'_>) -> usize {
        let is_besides = |(name, _): &&(&str, _)| !self.known.contains(name) && value.get(name).is_some();
        self.constants.iter().filter(is_besides).count()
    }

    fn score(&self, value: &Node<'_>) -> Option<Score> {
        let is_kind = match self.kind {
            Kind::Any => return Some(Score::default()),
            Kind::Boolean => matches!(value, Node::Bool(_)),
            Kind::Integer => matches!(value, Node::Number(number) if number.is_i64() || number.is_u64()),
            Kind::Number => matches!(value, Node::Number(_)),
            Kind::Text => matches!(value, Node::Text(_)),
            Kind::List => matches!(value, Node::List(_)),
            Kind::Object => matches!(value, Node::Object(_)),
        };
        if !is_kind {
            return None;
        }
        // What tells most variants apart at once comes first.
        let mut constants = 0;
        for (name, values) in self.constants {
            match value.get(name) {
                Some(value) if is_among(value, values) => constants += 1,
                None => {}
                Some(_) => return None,
            }
        }
        if self.required.iter().any(|name| value.get(name).is_none()) {
            return None;
        }
        if self.is_closed && value.as_object().is_some_and(|it| it.iter().any(|(name, _)| !self.known.contains(&name)))
        {
            return None;
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
fn is_among(value: &Node<'_>, values: &[&str]) -> bool {
    match value {
        Node::Text(text) => values.contains(&text.as_ref()),
        Node::Number(number) if !values.is_empty() => values.contains(&number.to_string().as_str()),
        Node::Bool(value) => values.contains(&if *value { "true" } else { "false" }),
        _ => false,
    }
}

/// Reads one variant of a union by its index; where that is the number of the forms, a value of no known form.
pub(crate) type ReadVariant<U> = fn(usize, Decoder<'_>) -> Result<U, Failure>;

/// What is read of a node as the form that it fits best, or as a value of no known form.
///
/// Forms that know equally much of the node may differ in what they know of what is in it. Of these it is the one that
/// keeps most of it, be it the last. To find that out, each is tried once for each node, and unions inside it are found
/// out once in turn and not built: so the work is in proportion to the nodes, however deep they are nested.
pub(crate) fn choose<U: 'static>(
    forms: &[Form],
    node: &Node<'_>,
    meter: &Meter,
    read: ReadVariant<U>,
) -> Result<U, Failure> {
    let read_as = |index| read(index, Decoder::new(&mut Tree::new(node, meter), meter));
    if meter.is_trial() {
        let kept = match meter.choice::<U>(node) {
            Some(Choice::Found(_, kept)) => kept,
            Some(Choice::Pending) => return Err(Failure::endless()),
            None => settle(forms, &Form::rank(forms, node), node, meter, read)?.1,
        };
        meter.keep(kept);
        return read(forms.len(), Decoder::new(&mut Tree::new(&Node::Null, meter), meter));
    }
    match meter.choice::<U>(node) {
        Some(Choice::Found(index, _)) => return read_as(index),
        Some(Choice::Pending) => return Err(Failure::endless()),
        None => {}
    }
    let ranked = Form::rank(forms, node);
    if let [only] = ranked.as_slice()
        && forms.get(*only).is_some_and(|form| form.kind != Kind::Any)
    {
        let read = meter.attempt(|| read_as(*only))?;
        return read.map_or_else(|| read_as(forms.len()), Ok);
    }
    let (index, _) = settle(forms, &ranked, node, meter, read)?;
    read_as(index)
}

/// Finds out which form the node is read as, and how many leaves that keeps, and remembers it.
fn settle<U: 'static>(
    forms: &[Form],
    ranked: &[usize],
    node: &Node<'_>,
    meter: &Meter,
    read: ReadVariant<U>,
) -> Result<(usize, Kept), Failure> {
    meter.remember::<U>(node, Choice::Pending)?;
    let (index, kept) = match find_best(forms, ranked, node, meter, read)? {
        Some(best) => best,
        None => (forms.len(), meter.all_of(node)?),
    };
    meter.remember::<U>(node, Choice::Found(index, kept))?;
    Ok((index, kept))
}

fn find_best<U>(
    forms: &[Form],
    ranked: &[usize],
    node: &Node<'_>,
    meter: &Meter,
    read: ReadVariant<U>,
) -> Result<Option<(usize, Kept)>, Failure> {
    // Rank has left those that know most; lists, and maps, are as good as each other.
    let alike = |index: usize| forms.get(index).map(|form| (form.kind, form.known.is_empty()));
    let mut best: Option<(usize, Kept)> = None;
    let mut last = None;
    for &index in ranked {
        if best.is_some_and(|(_, kept)| kept.is_whole || alike(index) != last) {
            break;
        }
        last = alike(index);
        let read = || read(index, Decoder::new(&mut Tree::new(node, meter), meter));
        let Some(mut kept) = meter.try_read(read)? else { continue };
        kept.leaves += forms.get(index).map_or(0, |form| form.tags_besides(node));
        if best.is_none_or(|(_, most)| kept.leaves > most.leaves) {
            best = Some((index, kept));
        }
    }
    Ok(best)
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
    use crate::model::meter::Meter;

    fn rank(forms: &[Form], value: &serde_json::Value) -> Vec<usize> {
        let text = value.to_string();
        let mut reader = serde_json::Deserializer::from_str(&text);
        Form::rank(forms, &Node::read(&mut reader, &Meter::ambient(), &mut None).unwrap())
    }

    #[test]
    fn a_smaller_form_does_not_hide_a_larger_one() {
        let small = Form::object().known(&["name"]).required(&["name"]);
        let large = Form::object().known(&["name", "age"]).required(&["name"]);
        for forms in [[small, large], [large, small]] {
            let first = |value: &serde_json::Value| rank(&forms, value).first().map(|index| forms[*index].known.len());
            assert_eq!(first(&json!({"name": "a", "age": 1})), Some(2));
        }
        assert_eq!(rank(&[small, large], &json!({"name": "a"})), [0, 1]);
        assert_eq!(rank(&[small, large], &json!({"age": 1})), [0; 0]);
    }

    #[test]
    fn a_form_that_knows_less_does_not_stand_in() {
        let tram = Form::object().known(&["line", "doors"]);
        let bus = Form::object().known(&["line", "tyres"]);
        let stop = Form::object().known(&["name"]);
        assert_eq!(rank(&[bus, stop, tram], &json!({"line": 1, "doors": "many"})), [2]);
        assert_eq!(rank(&[bus, stop, tram], &json!({"line": 1})), [0, 2]);
        assert_eq!(rank(&[bus, stop, tram], &json!({"other": 1})), [0, 1, 2]);
        // What declares no properties holds all of them.
        assert_eq!(rank(&[Form::any(), Form::object(), tram], &json!({"line": 1})), [2, 1, 0]);
    }

    #[test]
    fn a_discriminator_decides_and_an_unknown_one_fits_nothing() {
        let cat = Form::object().constants(&[("kind", &["cat", "CAT"])]);
        let dog = Form::object().known(&["kind", "bark"]).constants(&[("kind", &["dog"])]);
        assert_eq!(rank(&[dog, cat], &json!({"kind": "CAT", "bark": 1})), [1]);
        assert_eq!(rank(&[dog, cat], &json!({"kind": "fish"})), [0; 0]);
        assert_eq!(rank(&[dog, cat], &json!({"bark": 1})), [0, 1]);
    }

    #[test]
    fn kinds_are_told_apart() {
        let forms =
            [Form::any(), Form::number(), Form::integer(), Form::text(), Form::text().values(&["a"]), Form::list()];
        assert_eq!(rank(&forms, &json!(1)), [2, 1, 0]);
        assert_eq!(rank(&forms, &json!(1.5)), [1, 0]);
        assert_eq!(rank(&forms, &json!("a")), [4, 3, 0]);
        assert_eq!(rank(&forms, &json!("b")), [3, 4, 0]);
        assert_eq!(rank(&forms, &json!([])), [5, 0]);
        assert_eq!(rank(&forms, &json!(null)), [0]);
    }
}
