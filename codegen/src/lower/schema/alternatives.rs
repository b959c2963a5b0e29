//! The alternatives of an intersection: each takes one variant of each of its choices.

use foldhash::{HashMap, HashSet};

use serde_json::Value;

use super::{
    kinds::Kinds,
    meet::{Choice, Meet, Part, parts_of},
    view::View,
};
use crate::{
    diagnostic::code,
    ir::{Constant, KIND, Tag, position_in},
    lower::context::{Claims, Cx, Report, Selecting, Tags, listed_values, selecting, single_value},
    read::{member::Members, parse::Document, pointer},
};

/// The most alternatives of one intersection.
const MAX_ALTERNATIVES: usize = 512;

/// One variant of each choice.
#[derive(Debug, Clone)]
pub(super) struct Alternative {
    /// The places of the variants, in the order of the choices.
    pub(super) members: Vec<String>,
    /// The positions of the variants in their choices.
    pub(super) positions: Vec<usize>,
}

impl Alternative {
    /// The variants of these choices alone.
    pub(super) fn of_choices(&self, choices: &[usize]) -> Self {
        let members = choices.iter().filter_map(|index| self.members.get(*index)).cloned().collect();
        let positions = choices.iter().filter_map(|index| self.positions.get(*index)).copied().collect();
        Self { members, positions }
    }

    /// The name of the last of its variants.
    fn name(&self) -> String {
        self.members.last().and_then(|at| pointer::keys(at).next_back()).unwrap_or_default()
    }
}

/// Returns the alternatives of several choices. If there are too many, reports it and returns `None`.
pub(super) fn alternatives_of(report: &mut Report<'_>, choices: &[Choice], place: &str) -> Option<Vec<Alternative>> {
    let count = choices.iter().try_fold(1_usize, |count, choice| count.checked_mul(choice.members.len()));
    if choices.len() > 1 && count.is_none_or(|count| count > MAX_ALTERNATIVES) {
        let message = format!(
            "`oneOf` and `anyOf` that apply together have more than {MAX_ALTERNATIVES} combinations; the client has any value"
        );
        report.findings.add_with_help(code::COMBINATIONS, place, message, "leave one of the choices in an overlay");
        return None;
    }
    let mut all = vec![Alternative { members: Vec::new(), positions: Vec::new() }];
    for choice in choices {
        if !report.take_steps(all.len() * choice.members.len(), place) {
            return None;
        }
        let extended = all.iter().flat_map(|one| {
            choice.members.iter().enumerate().map(|(position, member)| Alternative {
                members: one.members.iter().chain([member]).cloned().collect(),
                positions: one.positions.iter().copied().chain([position]).collect(),
            })
        });
        all = extended.collect();
    }
    Some(all)
}

/// Returns the place of the type of an alternative. It is the place of its variant if the schema at `place` has the only choice, and no
/// other schema applies to some of the values.
pub(super) fn place_of(meet: &Meet<'_>, alternative: &Alternative, place: &str) -> String {
    match (meet.choices.as_slice(), alternative.members.as_slice()) {
        ([choice], [member]) if choice.at == place && choice.members.contains(member) && meet.optional.is_empty() => {
            member.clone()
        }
        (_, members) => members.iter().fold(pointer::join(place, "allOf"), |at, member| pointer::join(&at, member)),
    }
}

/// The schemas that apply to an alternative.
fn parts_of_alternative(cx: &mut Cx<'_, '_>, beside: &[&Part<'_>], members: &[String]) -> Vec<String> {
    let mut parts: Vec<String> = beside.iter().map(|part| part.at.clone()).collect();
    for member in members {
        parts.extend(parts_of(cx.document, &mut cx.report, member));
    }
    parts.sort_unstable();
    parts.dedup();
    parts
}

/// Whether no value fits because the parts allow no common type.
fn is_of_no_kind(cx: &mut Cx<'_, '_>, beside: &[&Part<'_>], members: &[String]) -> bool {
    let parts = parts_of_alternative(cx, beside, members);
    let views = parts.iter().filter_map(|at| View::of(cx.document.node(at)?));
    views.fold(Kinds::ALL, |kinds, view| kinds & view.kinds()).without_null() == Kinds::NONE
}

/// Whether the alternative is the variant of a choice and nothing else.
fn is_alone(beside: &[&Part<'_>], alternative: &Alternative) -> bool {
    beside.is_empty() && alternative.members.len() == 1
}

/// Returns the class that a variant is without its heirs: the choice lists heirs itself, or has the tags that tell them apart.
pub(super) fn class_alone(
    cx: &mut Cx<'_, '_>,
    meet: &Meet<'_>,
    beside: &[&Part<'_>],
    alternative: &Alternative,
    tagged: Option<&Tagged<'_>>,
) -> Option<String> {
    let member = alternative.members.first().filter(|_| is_alone(beside, alternative))?;
    let target = |at: &String| cx.document.resolve(at).map_or_else(|_| at.clone(), |(target, _)| target);
    let class = target(member);
    if !cx.inheritance.is_middle(&class) {
        return None;
    }
    let others: HashSet<String> = meet.choices.iter().flat_map(|choice| &choice.members).map(target).collect();
    let heirs = cx.inheritance.heirs_of(&class, &mut cx.report.steps)?;
    let is_told = |property: &str| tagged.is_some_and(|tagged| tagged.tags.property() == property);
    let is_listed = |at: &String| *at != class && others.contains(at);
    heirs.iter().any(|heir| is_told(&heir.property) || is_listed(&heir.at)).then_some(class)
}

/// Returns the alternatives that values fit, with those that only the mapping of the tags names.
pub(super) fn possible(
    cx: &mut Cx<'_, '_>,
    meet: &Meet<'_>,
    beside: &[&Part<'_>],
    alternatives: &[(&Alternative, String)],
    tagged: Option<&Tagged<'_>>,
) -> Vec<(Alternative, String)> {
    let living = living(cx, &meet.choices, beside, alternatives, tagged).into_iter();
    let mut possible: Vec<(Alternative, String)> = living.map(|(one, word)| ((*one).clone(), word.clone())).collect();
    for one in tagged.map_or_else(Vec::new, |tagged| tagged.unlisted(cx, meet)) {
        if !is_contradictory(cx, &meet.choices, beside, &one, tagged) {
            let word = one.name();
            possible.push((one, word));
        }
    }
    possible
}

/// Returns the alternatives that values fit, and reports the variants that are in no other.
///
/// If the parts of all allow no common type, all are returned: the schema means something else than it says then.
fn living<'a>(
    cx: &mut Cx<'_, '_>,
    choices: &[Choice],
    beside: &[&Part<'_>],
    alternatives: &'a [(&'a Alternative, String)],
    tagged: Option<&Tagged<'_>>,
) -> Vec<&'a (&'a Alternative, String)> {
    let all: Vec<&(&Alternative, String)> = alternatives.iter().collect();
    let has_kind =
        |one: &Alternative, cx: &mut Cx<'_, '_>| is_alone(beside, one) || !is_of_no_kind(cx, beside, &one.members);
    let of_a_kind: Vec<_> = all.iter().copied().filter(|(one, _)| has_kind(one, cx)).collect();
    let of_a_kind = if of_a_kind.is_empty() { all.clone() } else { of_a_kind };
    report_lost(cx, choices, "types", &all, &of_a_kind);
    let is_possible = |one: &Alternative, cx: &mut Cx<'_, '_>| !is_contradictory(cx, choices, beside, one, tagged);
    let living: Vec<_> = of_a_kind.iter().copied().filter(|(one, _)| is_possible(one, cx)).collect();
    if !living.is_empty() {
        report_lost(cx, choices, "values listed", &of_a_kind, &living);
    }
    living
}

/// Reports the variants of choices that are in none of the alternatives that are left of all.
fn report_lost(
    cx: &mut Cx<'_, '_>,
    choices: &[Choice],
    what: &str,
    all: &[&(&Alternative, String)],
    left: &[&(&Alternative, String)],
) {
    if left.len() == all.len() {
        return;
    }
    // With several choices, a word is that of several variants.
    let words = all.iter().filter_map(|(one, word)| Some((one.members.first()?.as_str(), word.as_str())));
    let words: HashMap<&str, &str> = words.filter(|_| choices.len() == 1).collect();
    for (index, choice) in choices.iter().enumerate() {
        let members = |all: &[&(&Alternative, String)]| -> HashSet<String> {
            all.iter().filter_map(|(one, _)| one.members.get(index)).cloned().collect()
        };
        let (all, left) = (members(all), members(left));
        let lost = choice.members.iter().filter(|member| all.contains(*member) && !left.contains(*member));
        let lost: Vec<String> = lost.map(|member| name_of(cx.document, member, &words)).collect();
        if !lost.is_empty() {
            let lost = lost.join(", ");
            let message =
                format!("the {what} here exclude all values of these variants: {lost}; the client lacks them");
            let at = pointer::join(&choice.at, choice.key);
            cx.report.findings.add(code::COMPOSITION.as_note(), at, message);
        }
    }
}

/// The name of a variant for a reader: that of the schema that it refers to, else its word, its title or its position.
fn name_of(document: Document<'_>, member: &str, words: &HashMap<&str, &str>) -> String {
    let last = |at: &str| pointer::keys(at).next_back().unwrap_or_default();
    let said = |key: &str| document.node(member)?.member(key)?.as_str();
    let target = said("$ref").and_then(pointer::from_reference).map(|target| last(&target));
    let word = || words.get(member).map(|word| word.trim_end_matches(KIND)).filter(|word| position_in(word).is_none());
    target.or_else(|| word().or_else(|| said("title")).map(|word| format!("`{word}`"))).unwrap_or_else(|| last(member))
}

/// The values that a part, or several together, list for a property.
struct Listed {
    values: HashSet<String>,
    /// Whether a part beside the choices lists them.
    is_beside: bool,
    /// Whether the schema of a choice lists them.
    is_own: bool,
}

impl Listed {
    /// Whether the only value tells alternatives apart, though the property is not required. Documents hardly ever require such
    /// properties. A single value of a variant that a list beside the choices lacks is rather missing from the list. A schema does
    /// not take values from its own choice: those without the property fit.
    fn tells_from(&self, other: &Self) -> bool {
        !self.is_own && !other.is_own && self.values.len() == 1 && (self.is_beside || other.values.len() == 1)
    }

    /// Whether its only value tells variants apart by their tags.
    fn tells(&self) -> bool {
        self.is_beside && !self.is_own && self.values.len() == 1
    }

    /// Takes the values in common with another list. What the one that has no others is holds of them.
    fn meet(&mut self, other: &Self) {
        let count = self.values.len();
        self.values.retain(|value| other.values.contains(value));
        let (is_self, is_other) = (self.values.len() == count, self.values.len() == other.values.len());
        (self.is_beside, self.is_own) = match (is_self, is_other) {
            (true, false) => (self.is_beside, self.is_own),
            (false, true) => (other.is_beside, other.is_own),
            _ => (self.is_beside || other.is_beside, self.is_own && other.is_own),
        };
    }
}

/// Whether no value fits because two parts list different values for a property. Values without the property fit both parts, unless
/// one requires it, or it has a single value to tell alternatives apart.
pub(super) fn is_contradictory(
    cx: &mut Cx<'_, '_>,
    choices: &[Choice],
    beside: &[&Part<'_>],
    alternative: &Alternative,
    tagged: Option<&Tagged<'_>>,
) -> bool {
    if is_alone(beside, alternative) {
        return false;
    }
    let parts = parts_of_alternative(cx, beside, &alternative.members);
    let nodes = parts.iter().filter_map(|at| cx.document.node(at)?.member("required")?.as_array());
    let required: HashSet<&str> = nodes.flatten().filter_map(Value::as_str).collect();
    let besides: HashSet<&str> = beside.iter().map(|part| part.at.as_str()).collect();
    let mut known: HashMap<&str, Listed> = HashMap::default();
    let mut of_variants: HashSet<&str> = HashSet::default();
    for at in &parts {
        let is_beside = besides.contains(at.as_str());
        let is_own = choices.iter().any(|choice| choice.at == *at);
        let properties = cx.document.node(at).and_then(|node| node.get("properties")?.as_object());
        for (name, schema) in properties.into_iter().flatten() {
            let Some(values) = listed_values(cx.document, schema) else { continue };
            if !cx.report.take_steps(values.len(), at) {
                return false;
            }
            // Numbers, objects and lists may be written in several ways.
            if values.iter().any(|value| value.is_f64() || value.is_object() || value.is_array()) {
                continue;
            }
            if !is_beside {
                of_variants.insert(name);
            }
            let listed = Listed { values: values.into_iter().map(text_of).collect(), is_beside, is_own };
            let Some(known) = known.get_mut(name.as_str()) else {
                known.insert(name, listed);
                continue;
            };
            if !known.values.is_disjoint(&listed.values) {
                known.meet(&listed);
            } else if required.contains(name.as_str()) || known.tells_from(&listed) || listed.tells_from(known) {
                return true;
            }
        }
    }
    // The tag counts where the schema of the variant does not list its values.
    let Some((property, values)) = tagged.and_then(|it| it.values_in(cx.document, alternative)) else { return false };
    let listed = known.get(property).filter(|_| !values.is_empty() && !of_variants.contains(property));
    listed.is_some_and(|listed| {
        let is_sure = required.contains(property) || listed.tells();
        is_sure && values.iter().all(|value| !listed.values.contains(value))
    })
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The discriminator of one of several choices.
pub(super) struct Tagged<'t> {
    pub(super) tags: Tags<'t>,
    /// The position of the choice.
    pub(super) choice: usize,
    /// Whether it stands in the schema of the choice.
    is_beside: bool,
    claims: Claims,
}

/// Returns the discriminator in the schema of a choice. If no choice has one, returns that of another part.
pub(super) fn tags_of<'m>(cx: &mut Cx<'_, '_>, meet: &Meet<'m>) -> Option<Tagged<'m>> {
    let beside = meet.choices.iter().enumerate().find_map(|(choice, it)| {
        let part = meet.parts.iter().find(|part| part.at == it.at)?;
        Some((Tags::of(part.view.node)?, choice, true))
    });
    let around = || meet.parts.iter().rev().find_map(|part| Tags::of(part.view.node));
    let (mut tags, choice, is_beside) = beside.or_else(|| around().map(|tags| (tags, 0, false)))?;
    let members = meet.choices.get(choice).map_or(&[][..], |choice| choice.members.as_slice());
    tags.map_to_variants(cx.document, &mut cx.report, members);
    let claims = tags.claims(cx.document, &mut cx.report, members);
    Some(Tagged { tags, choice, is_beside, claims })
}

/// Returns the tag of a variant. If no value that its schema lists selects it, reports that.
pub(super) fn tag_of(report: &mut Report<'_>, property: &str, selecting: Selecting, at: &str) -> Option<Tag> {
    let Selecting { values, is_field, never } = selecting;
    if let Some(never) = never {
        let instead = if values.is_empty() { "selects it by its other properties" } else { "reads others as unknown" };
        let message = format!("`{property}` cannot be `{never}`, which selects this variant; the client {instead}");
        report.add(code::UNSELECTED_VARIANT, at, message, "map the values of the schema to it in an overlay");
    }
    let values: Vec<Constant> = values.into_iter().map(Constant::Text).collect();
    (!values.is_empty()).then(|| Tag { property: property.to_owned(), values, is_field, outer: Vec::new() })
}

/// Returns the tag of a class that has heirs, if a class above it tells it from others.
pub(super) fn own_tag(cx: &mut Cx<'_, '_>, at: &str) -> Option<Tag> {
    let heir = cx.inheritance.as_heir(at, &mut cx.report.steps)?.clone();
    tag_of(&mut cx.report, &heir.property, heir.selecting, at)
}

/// Reports what a discriminator names that is not in the document.
pub(super) fn report_lost_targets(document: Document<'_>, report: &mut Report<'_>, part: &Part<'_>) {
    let Some(tags) = Tags::of(part.view.node) else { return };
    let at = pointer::join(&part.at, "discriminator");
    let help = "correct the name, or add the schema, in an overlay";
    for (value, target) in tags.lost_targets(document) {
        let at = pointer::join(&pointer::join(&at, "mapping"), value);
        let message = format!("`{value}` is mapped to `{target}`, which the document lacks; it is no variant");
        report.add(code::MALFORMED, &at, message, help);
    }
    if let Some(default) = tags.lost_default(document) {
        let message = format!("`defaultMapping: {default}` names no schema of the document; the client ignores it");
        report.add(code::MALFORMED, &pointer::join(&at, "defaultMapping"), message, help);
    }
}

impl Tagged<'_> {
    pub(super) fn tag_of(&self, cx: &mut Cx<'_, '_>, alternative: &Alternative) -> Option<Tag> {
        let at = alternative.members.get(self.choice)?;
        let selecting = selecting(cx.document, &self.tags, &self.claims, at);
        tag_of(&mut cx.report, self.tags.property(), selecting, at)
    }

    /// Returns the alternatives of a single choice that only the mapping names.
    fn unlisted(&self, cx: &Cx<'_, '_>, meet: &Meet<'_>) -> Vec<Alternative> {
        let ([choice], true) = (meet.choices.as_slice(), self.is_beside) else { return Vec::new() };
        let target = |at: &String| cx.document.resolve(at).map_or_else(|_| at.clone(), |(target, _)| target);
        let mut known: HashSet<String> = choice.members.iter().map(target).collect();
        let heirs = known.iter().filter_map(|at| cx.inheritance.heirs.get(at)).flatten();
        let heirs: Vec<String> = heirs.map(|heir| heir.at.clone()).collect();
        known.extend(heirs);
        known.extend(meet.places());
        let targets = self.tags.targets(cx.document).into_iter();
        let unlisted = targets.filter(|at| known.insert(target(at)));
        unlisted.map(|at| Alternative { members: vec![at], positions: Vec::new() }).collect()
    }

    /// Whether the alternative is that of values without a known tag.
    pub(super) fn is_default(&self, document: Document<'_>, alternative: &Alternative) -> bool {
        alternative.members.get(self.choice).is_some_and(|member| self.is_default_at(document, member))
    }

    fn is_default_at(&self, document: Document<'_>, at: &str) -> bool {
        let target = |at: &str| document.resolve(at).map_or_else(|_| at.to_owned(), |(target, _)| target);
        self.tags.default_target(document).is_some_and(|default| target(at) == target(&default))
    }

    /// The property with the values that select the variant of an alternative.
    fn values_in(&self, document: Document<'_>, alternative: &Alternative) -> Option<(&str, Vec<String>)> {
        let at = alternative.members.get(self.choice)?;
        Some((self.tags.property(), self.values_of(document, at)))
    }

    /// Whether an alternative writes its tag as a property: it is required, and the schemas beside the choice allow only one value.
    pub(super) fn is_said(&self, cx: &mut Cx<'_, '_>, beside: &[&Part<'_>], alternative: &Alternative) -> bool {
        let property = self.tags.property();
        let mut schemas = beside.iter().filter_map(|part| part.view.properties()?.get(property));
        if !schemas.any(|schema| single_value(cx.document, schema).is_some()) {
            return false;
        }
        let parts = parts_of_alternative(cx, beside, &alternative.members);
        let mut required = parts.iter().filter_map(|at| cx.document.node(at)?.member("required")?.as_array()).flatten();
        required.any(|name| name == property)
    }

    /// The values that select the variant at a place. There are none if it takes the values without a known tag.
    pub(super) fn values_of(&self, document: Document<'_>, at: &str) -> Vec<String> {
        if self.is_default_at(document, at) {
            return Vec::new();
        }
        selecting(document, &self.tags, &self.claims, at).values
    }
}
