//! The variants of an `anyOf` for values that several of its schemas allow at once.

use std::collections::BTreeSet;

use foldhash::HashSet;
use serde_json::Map;

use super::{
    alternatives::Alternative,
    condition::conditional_parts,
    define::push_struct_of,
    kinds::Kinds,
    meet::{Meet, Part, Start, kinds_of},
    relation::{Relation, Said},
    view::View,
};
use crate::{
    diagnostic::code,
    ir::{Origin, Type},
    lower::context::{Combined, Cx},
    read::{parse::Document, pointer},
};

/// The most schemas that are combined.
const MAX_COMBINED: usize = 16;

/// The most sets of schemas that are looked at.
const MAX_SETS: usize = 64;

/// The most types of one `anyOf` for values that fit several of its schemas.
const MAX_TYPES: usize = 4;

/// Returns an object for each set of schemas of an `anyOf` that a value may fit at once, with the properties of all of them. A set
/// needs none if one of its schemas has all properties. Otherwise a value that fits several would lose the properties that only the
/// others declare.
pub(super) fn lower_combined<'a>(
    cx: &mut Cx<'_, '_>,
    beside: &[&Part<'_>],
    alternatives: &'a [(&Alternative, String)],
    place: &str,
    origin: &Origin,
) -> Vec<Type> {
    if !(2..=MAX_COMBINED).contains(&alternatives.len()) {
        return Vec::new();
    }
    let meet = |(alternative, word): &'a (&Alternative, String)| {
        let own = beside.iter().map(|part| Start::Own(part.at.clone()));
        let starts: Vec<Start> = own.chain(alternative.members.iter().cloned().map(Start::Whole)).collect();
        (Meet::of(cx.document, &mut cx.report, &starts), word)
    };
    let taking: Vec<_> = alternatives.iter().map(meet).filter(|(meet, _)| takes_others(meet, beside)).collect();
    if taking.len() < 2 {
        return Vec::new();
    }
    let mut members: Vec<Member<'_>> = Vec::new();
    let mut maps: Vec<Kinds> = Vec::new();
    for (meet, word) in taking {
        let kinds = kinds_of_map(cx, &meet);
        let member = Member::of(cx, meet, word);
        match kinds.filter(|_| member.names.is_empty()) {
            Some(kinds) => maps.push(kinds),
            // A choice between scalars has no properties.
            None if member.is_choice() && member.names.is_empty() => {}
            None => members.push(member),
        }
    }
    let names: usize = members.iter().map(|member| member.names.len()).sum();
    if !cx.report.take_steps(names * members.len(), place) {
        return Vec::new();
    }
    let at = pointer::join(place, "anyOf");
    let Some(sets) = sets_of(cx, &members, &at) else { return Vec::new() };
    let sets = sets.into_iter().map(|set| Combination::of(set, &maps));
    let needed: Vec<Combination<'_, '_>> = sets.filter(Combination::is_needed).collect();
    if needed.len() > MAX_TYPES {
        report_sets(cx, &at);
        return Vec::new();
    }
    let is_only = needed.len() == 1;
    let types = needed.iter().enumerate().map(|(index, combination)| {
        if is_only {
            return combination.lower(cx, &at, &origin.child(combination.word()));
        }
        let words = combination.words();
        // A longer name says less than a number.
        let word = if words.len() > MAX_WORDS { format!("several {}", index + 1) } else { words.clone() };
        combination.lower(cx, &pointer::join(&at, &words), &origin.child(&word))
    });
    types.collect()
}

/// The most characters of the words of schemas that name a combination of them.
const MAX_WORDS: usize = 60;

fn report_sets(cx: &mut Cx<'_, '_>, at: &str) {
    let message = format!(
        "values may fit more than {MAX_TYPES} sets of the schemas at once; such a value has the properties of one schema in the client"
    );
    cx.report.findings.add(code::COMPOSITION.as_note(), at, message);
}

/// Returns the largest sets of schemas that a value may fit at once, in their order, or `None` if there are too many. Tells of schemas
/// that are in no common set although a value may fit them.
fn sets_of<'m, 't>(cx: &mut Cx<'_, '_>, members: &'m [Member<'t>], at: &str) -> Option<Vec<Vec<&'m Member<'t>>>> {
    let mut unlike: BTreeSet<&str> = BTreeSet::new();
    let mut sets: Vec<BTreeSet<usize>> = vec![(0..members.len()).collect()];
    for (index, one) in members.iter().enumerate() {
        for (other_index, other) in members.iter().enumerate().skip(index + 1) {
            let (one, other) = (&one.said, &other.said);
            if !cx.report.take_steps(one.size().saturating_mul(other.size()), at) {
                return None;
            }
            let is_exclusive = one.excludes(other);
            let own = one.names().filter(|name| !is_exclusive && one.relation(other, name) == Relation::Unlike);
            let own: Vec<&str> = own.collect();
            if !is_exclusive && own.is_empty() {
                continue;
            }
            unlike.extend(own);
            sets = without_pair(sets, index, other_index);
            if sets.len() > MAX_SETS {
                report_sets(cx, at);
                return None;
            }
        }
    }
    if !unlike.is_empty() {
        let names = unlike.into_iter().collect::<Vec<_>>().join("`, `");
        let message = format!(
            "the schemas differ in `{names}`; a value that fits several has the properties of one of them in the client"
        );
        cx.report.findings.add(code::COMPOSITION.as_note(), at, message);
    }
    sets.sort();
    Some(sets.into_iter().map(|set| set.into_iter().filter_map(|index| members.get(index)).collect()).collect())
}

/// Divides the sets that have both of a pair.
fn without_pair(sets: Vec<BTreeSet<usize>>, one: usize, other: usize) -> Vec<BTreeSet<usize>> {
    let (divided, mut left): (Vec<_>, Vec<_>) =
        sets.into_iter().partition(|set| set.contains(&one) && set.contains(&other));
    for set in divided {
        for excluded in [one, other] {
            let rest: BTreeSet<usize> = set.iter().copied().filter(|index| *index != excluded).collect();
            if !left.iter().any(|known| rest.is_subset(known)) {
                left.push(rest);
            }
        }
    }
    left
}

/// Schemas that a value may fit at once.
struct Combination<'m, 't> {
    members: Vec<&'m Member<'t>>,
    names: BTreeSet<&'m String>,
    /// Whether the value may also be a map, and so have any properties.
    is_open: bool,
}

impl<'m, 't> Combination<'m, 't> {
    fn of(members: Vec<&'m Member<'t>>, maps: &[Kinds]) -> Self {
        let names = members.iter().flat_map(|member| &member.names).collect();
        let is_open = maps.iter().any(|values| members.iter().any(|member| member.said.may_be_map(*values)));
        Self { members, names, is_open }
    }

    fn count(&self) -> usize {
        self.members.len() + usize::from(self.is_open)
    }

    /// Whether no schema alone has what all have. An object without properties keeps them all.
    fn is_needed(&self) -> bool {
        let has_all =
            |member: &&Member<'_>| !self.is_open && !member.is_choice() && member.names.len() == self.names.len();
        self.count() > 1 && !self.members.iter().any(|member| member.names.is_empty() || has_all(member))
    }

    /// The word for the only set.
    fn word(&self) -> &'static str {
        if self.count() == 2 { "both" } else { "several" }
    }

    /// The words of its schemas.
    fn words(&self) -> String {
        self.members.iter().map(|member| member.word.as_str()).collect::<Vec<_>>().join(" and ")
    }

    fn lower(&self, cx: &mut Cx<'_, '_>, at: &str, origin: &Origin) -> Type {
        let mut all = Meet::default();
        let mut seen = HashSet::default();
        for Member { meet, .. } in &self.members {
            all.parts.extend(meet.parts.iter().filter(|part| seen.insert(part.at.clone())).cloned());
            all.optional.extend(meet.optional.iter().cloned());
            all.optional.extend(meet.choices.iter().flat_map(|choice| &choice.members).cloned());
        }
        let required =
            self.members.iter().map(|member| member.said.required.clone()).reduce(|one, other| &one & &other);
        let required = required.unwrap_or_default();
        let needed = if self.is_open { None } else { needed(&self.members, &required) };
        all.required.extend(needed);
        let (required, differing) = (required.into_iter().collect(), self.differing());
        let is_open = self.is_open || self.have_other_values(cx.document);
        let combined = Combined { required, differing, is_open };
        push_struct_of(cx, &all, at, origin, Some(combined))
    }

    /// Whether the schemas type undeclared properties differently.
    fn have_other_values(&self, document: Document<'_>) -> bool {
        let parts = self.members.iter().flat_map(|member| &member.meet.parts);
        let places = parts.filter_map(|part| part.view.additional(&part.at)).flatten();
        let mut schemas = places.filter_map(|at| document.node(&at));
        let first = schemas.next();
        schemas.any(|other| Some(other) != first)
    }

    /// The properties that the schemas declare differently.
    fn differing(&self) -> Vec<String> {
        let mut found: BTreeSet<&str> = BTreeSet::new();
        for (index, one) in self.members.iter().enumerate() {
            for other in &self.members[index + 1..] {
                let (one, other) = (&one.said, &other.said);
                found.extend(one.names().filter(|name| one.relation(other, name) != Relation::Same));
            }
        }
        found.into_iter().map(str::to_owned).collect()
    }
}

/// Whether values of an alternative may have properties that only others declare. Those of closed objects may not.
///
/// `unevaluatedProperties` beside the choice allows the properties of all its schemas.
fn takes_others(meet: &Meet<'_>, beside: &[&Part<'_>]) -> bool {
    let is_closed = |part: &Part<'_>| {
        let is_beside = beside.iter().any(|it| it.at == part.at);
        if is_beside { part.view.allows_no_others() } else { part.view.is_closed() }
    };
    kinds_of(&meet.parts) & Kinds::OBJECT != Kinds::NONE && !meet.parts.iter().any(is_closed)
}

/// The kinds of the values of properties that are not declared, if something is said of them.
fn kinds_of_map(cx: &Cx<'_, '_>, meet: &Meet<'_>) -> Option<Kinds> {
    let kinds =
        |at: &String| cx.document.schema(at).ok().and_then(|(_, node)| View::of(node)).map_or(Kinds::ALL, View::kinds);
    let said = meet.parts.iter().filter_map(|part| part.view.additional(&part.at));
    said.map(|places| places.iter().map(kinds).fold(Kinds::NONE, |all, own| all | own)).reduce(|one, other| one & other)
}

/// An alternative that takes part.
struct Member<'t> {
    word: String,
    meet: Meet<'t>,
    /// The properties that its values may have.
    names: BTreeSet<String>,
    said: Said<'t>,
}

impl<'t> Member<'t> {
    fn of(cx: &mut Cx<'t, '_>, meet: Meet<'t>, word: &str) -> Self {
        let variants = meet.choices.iter().flat_map(|choice| &choice.members).chain(&meet.optional);
        let variants: Vec<String> = variants.cloned().collect();
        let places = meet.places();
        let some = conditional_parts(cx.document, &mut cx.report, &places, &variants);
        let views = places.iter().chain(&some).filter_map(|at| View::of(cx.document.node(at)?));
        let mut names: BTreeSet<String> = views.filter_map(View::properties).flat_map(Map::keys).cloned().collect();
        let said = Said::of(cx, &meet);
        names.extend(said.required.iter().cloned());
        Self { word: word.to_owned(), meet, names, said }
    }

    /// Whether it is a choice itself, so that no type has all of its properties.
    fn is_choice(&self) -> bool {
        !self.meet.choices.is_empty()
    }
}

/// Returns what values of some schema have besides what all require, or `None` if one requires nothing more.
fn needed(members: &[&Member<'_>], common: &BTreeSet<String>) -> Option<Vec<Vec<String>>> {
    let mut needed: Vec<Vec<String>> = Vec::new();
    for member in members {
        let own: Vec<String> = (&member.said.required - common).into_iter().collect();
        if own.is_empty() {
            return None;
        }
        if !needed.contains(&own) {
            needed.push(own);
        }
    }
    Some(needed)
}
