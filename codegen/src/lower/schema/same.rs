//! Finds an intersection that is one of its schemas, because the others add nothing to it.

use foldhash::{HashMap, HashSet};
use serde_json::{Map, Value};

use super::{
    kinds::Kinds,
    meet::{Meet, Start, kinds_of},
    view::View,
};
use crate::{
    lower::context::Report,
    read::{
        keyword::{binds_anchors, is_silent, is_wide_bound},
        member::Members,
        parse::Document,
        place::Place,
        vocabulary::{Meaning, meaning},
    },
};

/// The most schemas that are tried.
const MAX_CANDIDATES: usize = 4;

/// Returns the schema to which the rest of an intersection adds nothing. `is_other` excludes the schema that is being lowered, and
/// those that contain it.
pub(super) fn same_as(
    document: Document<'_>,
    report: &mut Report<'_>,
    meet: &Meet<'_>,
    starts: &[Start],
    is_other: impl Fn(&str) -> bool,
) -> Option<String> {
    let whole = starts.iter().filter_map(|start| match start {
        Start::Whole(at) => Some(at),
        Start::Own(_) | Start::Optional(_) => None,
    });
    let mut candidates: Vec<&String> = meet.targets.iter().collect();
    if starts.len() > 1 {
        candidates.extend(whole);
    }
    candidates.retain(|at| is_other(at));
    candidates.into_iter().take(MAX_CANDIDATES).find(|at| is_all(document, report, meet, at, &is_other)).cloned()
}

/// Whether an intersection is a schema.
fn is_all(
    document: Document<'_>,
    report: &mut Report<'_>,
    meet: &Meet<'_>,
    at: &str,
    is_other: &impl Fn(&str) -> bool,
) -> bool {
    let own = Meet::of(document, report, &[Start::Whole(at.to_owned())]);
    if !own.parts.iter().all(|part| is_other(&part.at)) {
        return false;
    }
    let known: HashSet<&str> = own.parts.iter().map(|part| part.at.as_str()).collect();
    let mut others = meet.parts.iter().filter(|part| !known.contains(part.at.as_str())).peekable();
    let mut choices = meet.choices.iter().filter(|choice| !own.choices.contains(choice)).peekable();
    let has_all = meet.optional.iter().all(|at| own.optional.contains(at));
    if !has_all || (others.peek().is_none() && choices.peek().is_none()) {
        return has_all;
    }
    let said = Said::of(&own);
    let is_said = |at: &String| {
        let view = document.node(at).and_then(View::of);
        view.is_some_and(|view| !view.node.has_member("$ref") && said.includes(view.node, view.kinds()))
    };
    choices.all(|choice| matches!(choice.members.as_slice(), [only] if is_said(only)))
        && others.all(|part| said.includes(part.view.node, part.view.kinds()))
}

/// What a schema says, with all its parts.
struct Said<'d> {
    kinds: Kinds,
    required: HashSet<&'d str>,
    is_object: bool,
    has_values: bool,
    /// The schemas of the properties that it declares, unless it has choices, whose variants may declare more.
    declared: Option<HashMap<&'d str, Vec<&'d Value>>>,
}

impl<'d> Said<'d> {
    fn of(meet: &Meet<'d>) -> Self {
        let nodes = || meet.parts.iter().map(|part| part.view.node);
        let required = nodes().filter_map(|node| node.get("required")?.as_array()).flatten().filter_map(Value::as_str);
        let kinds = kinds_of(&meet.parts);
        let is_object = kinds.without_null() == Kinds::OBJECT
            || (kinds == Kinds::ALL && meet.parts.iter().any(|part| part.view.is_said_object()));
        let has_values = meet.parts.iter().any(|part| part.view.values().is_some());
        let declared = meet.choices.is_empty().then(|| {
            let mut declared: HashMap<&str, Vec<&Value>> = HashMap::default();
            for (name, schema) in nodes().filter_map(|node| node.get("properties")?.as_object()).flatten() {
                declared.entry(name).or_default().push(schema);
            }
            declared
        });
        Self { kinds, required: required.collect(), is_object, has_values, declared }
    }

    /// Whether this says all that the keywords of another schema say.
    fn includes(&self, other: &Map<String, Value>, kinds: Kinds) -> bool {
        other.iter().all(|(key, value)| match key.as_str() {
            "type" if kinds.without_null() == Kinds::OBJECT => self.is_object,
            "type" => kinds.contains(self.kinds.without_null()),
            // A format says more than the type alone.
            "format" => false,
            "required" => {
                let names = value.as_array().into_iter().flatten();
                names.filter_map(Value::as_str).all(|name| self.required.contains(name))
            }
            "oneOf" | "anyOf" => {
                let members =
                    value.as_array().into_iter().flatten().filter_map(|member| member.get("required")?.as_array());
                let mut names = members.flatten().filter_map(Value::as_str);
                names.all(|name| {
                    self.required.contains(name) || self.declared.as_ref().is_none_or(|known| known.contains_key(name))
                })
            }
            "properties" => value.as_object().is_some_and(|properties| {
                properties.iter().all(|(name, schema)| {
                    let known = self.declared.as_ref().and_then(|declared| declared.get(name.as_str()));
                    known.is_some_and(|known| repeats(schema, known))
                })
            }),
            "not" => !self.has_values,
            // What is referred to means something else then.
            "$defs" => !binds_anchors(value),
            key => is_silent(key) && !is_wide_bound(key, value),
        })
    }
}

/// Whether a schema of a property says nothing, or the same as one of these.
fn repeats(schema: &Value, known: &[&Value]) -> bool {
    let says = |key: &str| meaning(Place::Schema, key) != Meaning::Unknown;
    let Some(own) = schema.as_object() else { return *schema == Value::Bool(true) || known.contains(&schema) };
    let said = |of: &Map<String, Value>| of.keys().filter(|key| says(key)).count();
    let has_all =
        |other: &Map<String, Value>| own.iter().all(|(key, value)| !says(key) || other.member(key) == Some(value));
    said(own) == 0 || known.iter().filter_map(|it| it.as_object()).any(|it| said(it) == said(own) && has_all(it))
}
