//! The intersection of schemas: the parts that all values fit, and the choices that are left.

use foldhash::HashSet;
use serde_json::{Map, Value};

use super::{
    kinds::Kinds,
    view::{View, is_never, is_null_at, is_nullable, members_of, only_restricts},
};
use crate::{
    diagnostic::code,
    lower::context::{Cx, Report},
    read::{keyword::is_silent, member::Members, parse::Document, pointer},
};

/// A schema that takes part in an intersection.
#[derive(Debug, Clone)]
pub(super) enum Start {
    /// The schema with all that it refers to and consists of.
    Whole(String),
    /// Its own keywords alone.
    Own(String),
    /// The schema, which only some of the values fit.
    Optional(String),
}

/// The values that several schemas allow.
#[derive(Debug, Default)]
pub(super) struct Meet<'t> {
    /// The schemas whose own keywords all values fit. A later one overrides an earlier one.
    pub(super) parts: Vec<Part<'t>>,
    pub(super) choices: Vec<Choice>,
    /// The schemas that only some of the values fit, such as those that an `anyOf` lists beside one that all values fit.
    pub(super) optional: Vec<String>,
    /// The lists of names from each `anyOf` or `oneOf` that contains only `required`. A value has all names of at least one list.
    pub(super) required: Vec<Vec<Vec<String>>>,
    /// The schemas that `$ref` names.
    pub(super) targets: Vec<String>,
    pub(super) is_nullable: bool,
    /// Whether one of the schemas is `false`, which no value fits.
    pub(super) is_empty: bool,
}

/// A schema without what it refers to.
#[derive(Debug, Clone)]
pub(super) struct Part<'t> {
    pub(super) at: String,
    pub(super) view: View<'t>,
}

/// A `oneOf` or `anyOf`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    /// The place of the schema that has it.
    pub(super) at: String,
    pub(super) key: &'static str,
    /// The places of the variants, without those that are `null`.
    pub(super) members: Vec<String>,
}

/// What the parts say of `null`.
#[derive(Debug, Default)]
struct Null {
    is_said: bool,
    is_excluded: bool,
    /// Whether a schema that is no reference says it. Strictly an intersection with others is not nullable then, but authors
    /// mean that it is.
    is_meant: bool,
}

impl<'t> Meet<'t> {
    pub(super) fn of(document: Document<'t>, report: &mut Report<'_>, starts: &[Start]) -> Self {
        Self::of_alone(document, report, starts).unwrap_or_else(|| Gathering::new(document).of(report, starts))
    }

    /// Returns what [`Gathering`] finds for a schema that neither refers to others nor consists of them, as most do.
    fn of_alone(document: Document<'t>, report: &mut Report<'_>, starts: &[Start]) -> Option<Self> {
        let [Start::Whole(at) | Start::Own(at)] = starts else { return None };
        let view = document.node(at).and_then(View::of)?;
        if ["$ref", "allOf", "anyOf", "oneOf"].iter().any(|key| view.node.has_member(key)) {
            return None;
        }
        let mut meet = Self::default();
        if report.take_steps(1, at) {
            meet.is_nullable = view.allows_null();
            meet.parts.push(Part { at: at.clone(), view });
        }
        Some(meet)
    }

    /// The places of all parts.
    pub(super) fn places(&self) -> Vec<String> {
        self.parts.iter().map(|part| part.at.clone()).collect()
    }
}

/// Returns the kinds of values that all these schemas allow.
pub(super) fn kinds_of(parts: &[Part<'_>]) -> Kinds {
    parts.iter().fold(Kinds::ALL, |kinds, part| kinds & part.view.kinds())
}

/// Returns the kinds of values of schemas that do not say a type. Keywords of objects or lists say what authors mean, and so do the
/// types that conditions name beside.
pub(super) fn unsaid_kinds(parts: &[Part<'_>], some: &[Part<'_>]) -> Kinds {
    let any = |is: fn(&Part<'_>) -> bool| parts.iter().any(is);
    let meant = if any(|part| part.view.has_object_keywords()) || has_properties(some) {
        Kinds::OBJECT
    } else if any(|part| part.view.has_array_keywords()) {
        Kinds::ARRAY
    } else {
        return Kinds::NONE;
    };
    let others = some.iter().map(|part| part.view.kinds()).filter(|kinds| *kinds & meant == Kinds::NONE);
    others.fold(meant, |kinds, others| kinds | others)
}

/// Returns the schemas whose own keywords all values of a schema fit.
pub(super) fn parts_of(document: Document<'_>, report: &mut Report<'_>, at: &str) -> Vec<String> {
    Meet::of(document, report, &[Start::Whole(at.to_owned())]).places()
}

/// Whether `null` is a value of a schema, as far as it is known before its type.
pub(super) fn may_be_null(cx: &mut Cx<'_, '_>, at: &str) -> bool {
    Meet::of(cx.document, &mut cx.report, &[Start::Whole(at.to_owned())]).is_nullable
}

struct Gathering<'t> {
    document: Document<'t>,
    seen: HashSet<String>,
    open: Vec<Open>,
    null: Null,
    meet: Meet<'t>,
}

/// A schema that is not read yet.
struct Open {
    at: String,
    is_whole: bool,
    /// Whether no reference leads to it.
    is_inline: bool,
}

impl<'t> Gathering<'t> {
    fn new(document: Document<'t>) -> Self {
        let (seen, open) = (HashSet::default(), Vec::new());
        Self { document, seen, open, null: Null::default(), meet: Meet::default() }
    }

    fn of(mut self, report: &mut Report<'_>, starts: &[Start]) -> Meet<'t> {
        self.gather(report, starts);
        // Keywords beside an `allOf`, and later parts, override earlier ones.
        self.meet.parts.reverse();
        let mut choices = std::mem::take(&mut self.meet.choices);
        for choice in &mut choices {
            // A schema that is one of its own variants says nothing by it.
            choice.members.retain(|at| self.target(at).as_deref() != Some(&choice.at));
        }
        choices.retain(|choice| !choice.members.is_empty());
        choices.reverse();
        for choice in choices {
            let is_part = |at: &String| self.target(at).is_some_and(|target| self.seen.contains(&target));
            let (decided, others): (Vec<String>, Vec<String>) = choice.members.iter().cloned().partition(is_part);
            if decided.is_empty() {
                if !self.maps_a_part(report, &choice) {
                    self.meet.choices.push(choice);
                }
            } else if self.are_together(report, &choice, &decided) {
                self.meet.optional.extend(others);
            }
        }
        self.meet.is_nullable = self.null.is_meant || (self.null.is_said && !self.null.is_excluded);
        self.meet
    }

    /// Reads schemas, and all that they refer to and consist of.
    fn gather(&mut self, report: &mut Report<'_>, starts: &[Start]) {
        for start in starts {
            let (at, is_whole) = match start {
                Start::Whole(at) => (at, true),
                Start::Own(at) => (at, false),
                Start::Optional(at) => {
                    self.meet.optional.push(at.clone());
                    continue;
                }
            };
            self.open.push(Open { at: at.clone(), is_whole, is_inline: true });
        }
        while let Some(open) = self.open.pop() {
            if !self.read(report, open) {
                break;
            }
        }
    }

    /// Whether the discriminator of a choice maps a value to one of the parts, which is a variant then though the choice does not list
    /// it.
    fn maps_a_part(&self, report: &mut Report<'_>, choice: &Choice) -> bool {
        let mapping =
            self.document.node(&choice.at).and_then(|node| node.pointer("/discriminator/mapping")?.as_object());
        let Some(mapping) = mapping.filter(|mapping| report.take_steps(mapping.len(), &choice.at)) else {
            return false;
        };
        mapping.values().filter_map(Value::as_str).any(|target| {
            let at = pointer::from_reference(target).unwrap_or_else(|| pointer::join("/components/schemas", target));
            at != choice.at && self.seen.contains(&at)
        })
    }

    /// Whether values of some variants of a choice may be values of the others too. They may not in a class whose variants are its
    /// heirs.
    fn are_together(&self, report: &mut Report<'_>, choice: &Choice, decided: &[String]) -> bool {
        let is_tagged = self.document.node(&choice.at).is_some_and(|node| node.member("discriminator").is_some());
        choice.key == "anyOf" && !is_tagged && {
            let starts: Vec<Start> = decided.iter().cloned().map(Start::Whole).collect();
            let mut variants = Self::new(self.document);
            variants.gather(report, &starts);
            !variants.seen.contains(&choice.at)
        }
    }

    fn target(&self, at: &str) -> Option<String> {
        self.document.schema(at).ok().map(|(target, _)| target)
    }

    /// Reads a schema. Returns `false` if no steps are left.
    fn read(&mut self, report: &mut Report<'_>, Open { at: place, is_whole, is_inline }: Open) -> bool {
        let (at, node) = match self.document.schema(&place) {
            Ok(found) => found,
            Err(unresolved) => {
                report.unresolved(unresolved);
                return true;
            }
        };
        let is_reference = at != place;
        if is_reference {
            self.meet.targets.push(at.clone());
            self.null.is_meant |= is_inline && self.document.node(&place).is_some_and(is_nullable);
        }
        let is_inline = is_inline && !is_reference;
        let Some(view) = View::of(node) else {
            self.meet.is_empty |= *node == Value::Bool(false);
            return true;
        };
        if !self.seen.insert(at.clone()) {
            return true;
        }
        // A part is visited again for each schema that contains it.
        let members = |key: &str| view.node.member(key).and_then(Value::as_array).map_or(0, Vec::len);
        if !report.take_steps(1 + members("allOf") + members("oneOf") + members("anyOf"), &at) {
            return false;
        }
        self.null.add(view, is_inline);
        if is_whole {
            let open = |at: String, is_inline: bool| Open { at, is_whole: true, is_inline };
            let beside = view.node.member("$ref").and_then(Value::as_str);
            match beside.map(|reference| (reference, pointer::from_reference(reference))) {
                None => {}
                Some((_, Some(target))) => {
                    self.meet.targets.push(target.clone());
                    self.open.push(open(target, false));
                }
                Some((reference, None)) => {
                    report.unresolved(self.document.external(&at, reference));
                }
            }
            self.open.extend(members_of(view.node, &at, "allOf").map(|at| open(at, is_inline)));
            for key in ["anyOf", "oneOf"] {
                self.add_choice(report, view, &at, key, is_inline);
            }
        }
        self.meet.parts.push(Part { at, view });
        true
    }

    fn add_choice(&mut self, report: &mut Report<'_>, view: View<'t>, at: &str, key: &'static str, is_inline: bool) {
        let (nulls, members): (Vec<String>, Vec<String>) =
            members_of(view.node, at, key).partition(|at| is_null_at(self.document, at));
        self.null.is_said |= !nulls.is_empty();
        self.null.is_meant |= is_inline && !nulls.is_empty();
        let (never, members): (Vec<String>, Vec<String>) =
            members.into_iter().partition(|at| is_never(self.document, at));
        self.meet.is_empty |= members.is_empty() && nulls.is_empty() && !never.is_empty();
        if members.is_empty() {
            return;
        }
        let node = |at: &String| self.document.resolve(at).ok().and_then(|(_, node)| node.as_object());
        if nulls.is_empty() && members.iter().all(|at| node(at).is_some_and(only_restricts)) {
            let message = format!("`{key}` only restricts the values; the client does not check it");
            report.findings.add(code::NOT_CHECKED, at, message);
            let lists = members.iter().map(|at| node(at).and_then(only_required));
            self.meet.required.extend(lists.collect::<Option<Vec<_>>>());
            return;
        }
        self.meet.choices.push(Choice { at: at.to_owned(), key, members });
    }
}

/// Returns the names that a schema requires, if it says nothing else.
fn only_required(schema: &Map<String, Value>) -> Option<Vec<String>> {
    let names: Vec<&str> = schema.member("required")?.as_array()?.iter().filter_map(Value::as_str).collect();
    let is_all = schema.keys().all(|key| key == "required" || is_silent(key));
    (is_all && !names.is_empty()).then(|| names.into_iter().map(str::to_owned).collect())
}

impl Null {
    fn add(&mut self, view: View<'_>, is_inline: bool) {
        if view.allows_null() {
            self.is_said = true;
            self.is_meant |= is_inline;
        } else if view.says_kinds() {
            self.is_excluded = true;
        }
    }
}

pub(super) fn has_properties(parts: &[Part<'_>]) -> bool {
    parts.iter().any(|part| part.view.properties().is_some())
}

/// Whether `required` lists names while the schemas type properties by pattern alone. A name need not match a pattern, so it
/// becomes a field.
pub(super) fn requires_beside_patterns(parts: &[Part<'_>]) -> bool {
    parts.iter().any(|part| part.view.has_patterns())
        && parts.iter().any(|part| part.view.requires_names())
        && !parts.iter().any(|part| part.view.says_all_others())
}
