//! Finds schemas that stand for others: those that refer to them in `allOf` and have a tag, and those that their discriminator names.

use std::collections::BTreeSet;

use foldhash::{HashMap, HashSet};
use serde_json::{Map, Value};

use super::{
    claims::{Claims, Selecting},
    tag::{Tags, Values, constants_of, fixed_value, listed_texts},
};
use crate::{
    budget::Steps,
    ir::Constant,
    read::{keyword::is_silent, parse::Document, pointer},
};

/// The heirs of components, by pointer.
#[derive(Debug, Default)]
pub(crate) struct Inheritance {
    /// The direct and indirect heirs of each component that has a discriminator, or a property that tells its heirs apart, but no
    /// `oneOf` or `anyOf`.
    pub(crate) heirs: HashMap<String, Vec<Heir>>,
    /// The classes with heirs that have no such property themselves, each with the base that tells its heirs apart.
    middle: HashMap<String, String>,
    children: HashMap<String, Vec<String>>,
    all: HashSet<String>,
    /// The components that are their own default.
    pub(crate) defaults: HashSet<String>,
}

/// A class below another one.
#[derive(Debug, Clone)]
pub(crate) struct Heir {
    pub(crate) at: String,
    /// Whether it has heirs itself, which the same property selects. They are variants of their own, so this variant is the struct
    /// of the class.
    pub(crate) is_base: bool,
    /// Whether it refers to the base in `allOf`, so it has the properties of the base.
    pub(crate) is_derived: bool,
    /// The property that tells the heirs apart, and its values for this one, if they are texts.
    pub(crate) property: String,
    pub(crate) selecting: Selecting,
    /// Whether it is for values without a known tag.
    pub(crate) is_default: bool,
}

/// The components that take part in inheritance.
#[derive(Default)]
struct Classes<'t> {
    children: HashMap<String, Vec<String>>,
    parents: HashMap<String, Vec<String>>,
    tags: HashMap<String, Tags<'t>>,
    /// The classes that are objects and list no variants.
    bases: BTreeSet<String>,
    /// Those of them whose tags tell others from them.
    tellers: BTreeSet<String>,
    /// The classes that say nothing of their own.
    aliases: HashSet<String>,
}

impl Inheritance {
    pub(crate) fn of(document: Document<'_>, steps: &mut Steps) -> Self {
        let classes = Classes::of(document, steps);
        let mut inheritance = Self::default();
        for base in &classes.tellers {
            let mut heirs = classes.heirs_of(document, base, steps);
            let default = classes.tags.get(base).and_then(|tags| tags.default_target(document));
            for heir in &mut heirs {
                heir.is_default = Some(&heir.at) == default.as_ref();
            }
            inheritance.defaults.extend(default.filter(|default| default == base));
            inheritance.all.extend(heirs.iter().map(|heir| heir.at.clone()));
            if !heirs.is_empty() {
                inheritance.add_middle(&classes, base, &mut heirs);
                inheritance.heirs.insert(base.clone(), heirs);
            }
        }
        inheritance.children = classes.children;
        inheritance
    }

    /// Notes the classes between a base and its heirs, whose heirs the base tells apart.
    fn add_middle(&mut self, classes: &Classes<'_>, base: &str, heirs: &mut [Heir]) {
        let all: HashSet<String> = heirs.iter().map(|heir| heir.at.clone()).collect();
        for heir in heirs.iter_mut().filter(|heir| heir.is_derived && !classes.tellers.contains(&heir.at)) {
            let children = classes.children.get(&heir.at).map_or(&[][..], Vec::as_slice);
            if classes.bases.contains(&heir.at) && children.iter().any(|child| all.contains(child)) {
                heir.is_base = true;
                self.middle.entry(heir.at.clone()).or_insert_with(|| base.to_owned());
            }
        }
    }

    /// Whether the class has heirs that a class above it tells apart.
    pub(crate) fn is_middle(&self, at: &str) -> bool {
        self.middle.contains_key(at)
    }

    /// Returns the heirs of a class. Those of a class in the middle are among those of its base, and it is one of them itself.
    pub(crate) fn heirs_of(&self, at: &str, steps: &mut Steps) -> Option<Vec<Heir>> {
        let Some(base) = self.middle.get(at) else { return self.heirs.get(at).cloned() };
        let all = self.heirs.get(base)?;
        let mut open = vec![at];
        let mut below: HashSet<&str> = HashSet::from_iter([at]);
        while let Some(at) = open.pop() {
            let children = self.children.get(at).map_or(&[][..], Vec::as_slice);
            if !steps.take(children.len() + 1) {
                break;
            }
            open.extend(children.iter().map(String::as_str).filter(|child| below.insert(child)));
        }
        let is_taken = steps.take(all.len());
        let (own, mut heirs): (Vec<Heir>, Vec<Heir>) = all
            .iter()
            .filter(|heir| is_taken && below.contains(heir.at.as_str()))
            .cloned()
            .partition(|heir| heir.at == at);
        heirs.extend(own);
        Some(heirs)
    }

    /// Returns the class as an heir of the nearest class above it that tells it apart.
    pub(crate) fn as_heir(&self, at: &str, steps: &mut Steps) -> Option<&Heir> {
        if !self.is_heir(at) || !steps.take(self.heirs.values().map(Vec::len).sum()) {
            return None;
        }
        let above = self.heirs.iter().filter_map(|(base, heirs)| {
            let heir = heirs.iter().find(|heir| heir.at == at && !heir.is_default)?;
            Some((heirs.len(), base, heir))
        });
        above.min_by_key(|(count, base, _)| (*count, *base)).map(|(_, _, heir)| heir)
    }

    /// Whether a schema is an heir, so it is more than another name for its base.
    pub(crate) fn is_heir(&self, at: &str) -> bool {
        self.all.contains(at)
    }
}

/// Returns the discriminator of a schema, which may stand in one of its own parts.
fn discriminator_of(schema: &Map<String, Value>) -> Option<Tags<'_>> {
    Tags::of(schema).or_else(|| inline_parts(schema).find_map(Tags::of))
}

/// Whether a schema, or one of its own parts, lists its variants.
fn is_choice(schema: &Map<String, Value>) -> bool {
    let lists =
        |part: &Map<String, Value>| ["oneOf", "anyOf"].iter().any(|key| part.get(*key).is_some_and(Value::is_array));
    lists(schema) || inline_parts(schema).any(lists)
}

fn inline_parts(schema: &Map<String, Value>) -> impl Iterator<Item = &Map<String, Value>> {
    let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    parts.filter(|part| !part.contains_key("$ref"))
}

/// Whether a property of a class can have the name of an heir as its value.
fn allows_name(document: Document<'_>, base: &str, property: &str, heir: &str) -> bool {
    let at = pointer::join(&pointer::join(base, "properties"), property);
    let values = document.resolve(&at).ok().and_then(|(_, node)| node.get("enum")?.as_array());
    values.is_none_or(|values| pointer::keys(heir).next_back().is_some_and(|name| values.iter().any(|it| *it == name)))
}

/// Gives heirs, beside the values that are mapped to them, those that they alone list. If there are none, an heir has the value
/// that its property is, or else its name.
fn select(document: Document<'_>, base: &str, heirs: &mut [Heir], steps: &mut Steps) {
    let mut claims = Claims::default();
    let fixed_of = |heir: &Heir| document.node(&heir.at).and_then(|node| fixed_value(document, node, &heir.property));
    let own_of = |heir: &Heir| fixed_of(heir).or_else(|| pointer::keys(&heir.at).next_back());
    for heir in &*heirs {
        let node = document.node(&heir.at);
        let listed = node.map(|node| listed_texts(document, node, &heir.property)).unwrap_or_default();
        if !steps.take(1 + listed.len()) {
            break;
        }
        claims.add(&heir.at, &heir.selecting.values, own_of(heir).as_deref(), listed);
    }
    for heir in heirs {
        let mapped = std::mem::take(&mut heir.selecting.values);
        let is_mapped = !mapped.is_empty();
        let is_named = !is_mapped && fixed_of(heir).is_none();
        heir.selecting = claims.select(&heir.at, mapped, own_of(heir));
        if is_named && !heir.selecting.is_field && !allows_name(document, base, &heir.property, &heir.at) {
            let never = heir.selecting.values.pop();
            heir.selecting.never = heir.selecting.never.take().or(never);
        }
    }
}

/// Whether objects are among the values that the keywords of a schema allow.
fn allows_objects(schema: &Map<String, Value>) -> bool {
    match schema.get("type") {
        Some(Value::Array(types)) => types.iter().any(|type_| type_ == "object"),
        Some(type_) => type_ == "object",
        None => !schema.contains_key("enum"),
    }
}

fn requires(schema: &Value, property: &str) -> bool {
    let names = schema.get("required").and_then(Value::as_array);
    names.is_some_and(|names| names.iter().any(|name| name == property))
}

fn inline_parts_say_nothing(schema: &Map<String, Value>) -> bool {
    inline_parts(schema).all(|part| part.keys().all(|key| is_silent(key)))
}

impl<'t> Classes<'t> {
    fn of(document: Document<'t>, steps: &mut Steps) -> Self {
        let components = document.tree.pointer("/components/schemas").and_then(Value::as_object);
        let mut classes = Self::default();
        for (name, schema) in components.into_iter().flatten() {
            let Some(object) = schema.as_object() else { continue };
            let at = pointer::join("/components/schemas", name);
            classes.add_parents(document, object, &at);
            if object.keys().all(|key| is_silent(key)) && inline_parts_say_nothing(object) {
                classes.aliases.insert(at.clone());
            }
            if let Some(tags) = discriminator_of(object) {
                classes.tags.insert(at.clone(), tags);
            }
            if !is_choice(object) && allows_objects(object) {
                classes.bases.insert(at);
            }
        }
        classes.add_tags_of_constants(document, steps);
        let tellers = classes.bases.iter().filter(|at| classes.tells_apart(document, at, steps)).cloned().collect();
        Self { tellers, ..classes }
    }

    /// Adds the components that a schema refers to in `allOf`, or beside other keywords, as its parents.
    fn add_parents(&mut self, document: Document<'t>, schema: &Map<String, Value>, at: &str) {
        let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
        let beside = schema.get("$ref").filter(|_| schema.len() > 1);
        for reference in parts.filter_map(|part| part.get("$ref")).chain(beside) {
            let target = reference.as_str().and_then(pointer::from_reference);
            if let Some((parent, _)) = target.and_then(|target| document.resolve(&target).ok()) {
                self.children.entry(parent.clone()).or_default().push(at.to_owned());
                self.parents.entry(at.to_owned()).or_default().push(parent);
            }
        }
    }

    /// Gives each class without a discriminator, as its tag, the first of its properties that has one value of its own in each heir.
    fn add_tags_of_constants(&mut self, document: Document<'t>, steps: &mut Steps) {
        let of = |at: &String| Some((at.clone(), constants_of(document, document.node(at)?)));
        let constants: HashMap<String, HashMap<&str, Constant>> = self.parents.keys().filter_map(of).collect();
        for base in &self.bases {
            let children = self.children.get(base).into_iter().flatten();
            let children: Vec<&String> = children.filter(|at| !self.aliases.contains(*at)).collect();
            let Some(node) = document.node(base).filter(|_| children.len() > 1) else { continue };
            if self.tags.contains_key(base) {
                continue;
            }
            let fixed = constants_of(document, node);
            let properties = node.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys);
            for property in properties.filter(|property| !fixed.contains_key(property.as_str())) {
                if !steps.take(children.len()) {
                    return;
                }
                let own = children.iter().map_while(|at| Some((*at, constants.get(*at)?.get(property.as_str())?)));
                let mut seen = HashSet::default();
                let own: Vec<(&String, &Constant)> =
                    own.take_while(|(_, value)| seen.insert(value.to_string())).collect();
                let tags = Tags::of_constants(property, &own);
                // A value without a tag is of the class, but one without another constant could be of any heir.
                if own.len() == children.len() && (tags.origin == Values::Texts || requires(node, property)) {
                    self.tags.insert(base.clone(), tags);
                    break;
                }
            }
        }
    }

    /// Whether the tags of a class tell others from it: its heirs, or what its mapping names where no choice lists this.
    fn tells_apart(&self, document: Document<'_>, at: &str, steps: &mut Steps) -> bool {
        let Some(tags) = self.tags.get(at) else { return false };
        self.children.contains_key(at)
            || (tags.targets(document).iter().any(|target| target != at) && !self.is_below_choice(at, steps))
    }

    fn is_below_choice(&self, at: &str, steps: &mut Steps) -> bool {
        let mut open = vec![at];
        let mut seen: HashSet<&str> = HashSet::default();
        while let Some(at) = open.pop() {
            let parents = self.parents.get(at).map_or(&[][..], Vec::as_slice);
            if !steps.take(parents.len() + 1) || parents.iter().any(|parent| !self.bases.contains(parent)) {
                return true;
            }
            open.extend(parents.iter().map(String::as_str).filter(|parent| seen.insert(parent)));
        }
        false
    }

    fn property_of(&self, at: &str) -> Option<&str> {
        self.tags.get(at).map(Tags::property)
    }

    fn heirs_of(&self, document: Document<'_>, base: &str, steps: &mut Steps) -> Vec<Heir> {
        let Some(tags) = self.tags.get(base) else { return Vec::new() };
        let (property, origin) = (tags.property(), tags.origin);
        let mapping = self.mapping_of(base, property, steps);
        let mut open = vec![base.to_owned()];
        let mut seen: HashSet<String> = HashSet::from_iter([base.to_owned()]);
        let mut heirs = Vec::new();
        let mut next = 0;
        while let Some(at) = open.get(next).cloned() {
            next += 1;
            let children = self.children.get(&at).map_or(&[][..], Vec::as_slice);
            // The lowering reports that no steps are left.
            if !steps.take(children.len() + 1) {
                break;
            }
            for child in children {
                // A schema that adds nothing, and whose name the property cannot have, is another name of its base.
                let is_named = || mapping.iter().any(|tags| !tags.mapped(child).is_empty());
                let is_alias = self.aliases.contains(child) && !self.children.contains_key(child);
                let is_known = is_named()
                    || (origin == Values::Discriminator && (!is_alias || allows_name(document, base, property, child)));
                if !is_known {
                    continue;
                }
                if seen.insert(child.clone()) {
                    let is_apart = self.tellers.contains(child) && self.property_of(child) != Some(property);
                    if !is_apart {
                        open.push(child.clone());
                    }
                    let heir = self.heir(child, property, &mapping, is_apart);
                    heirs.push(Heir { is_derived: true, ..heir });
                }
            }
        }
        // A mapping may name a class that does not refer to its base.
        let tags = open.iter().filter_map(|at| self.tags.get(at)).filter(|tags| tags.property() == property);
        for target in tags.flat_map(|tags| tags.targets(document).into_iter().chain(tags.default_target(document))) {
            if !steps.take(1) {
                break;
            }
            if document.node(&target).is_some_and(Value::is_object) && seen.insert(target.clone()) {
                heirs.push(self.heir(&target, property, &mapping, true));
            }
        }
        if origin == Values::Others {
            for heir in &mut heirs {
                heir.selecting = Selecting::default();
            }
        } else {
            let unmapped: Vec<bool> = heirs.iter().map(|heir| heir.selecting.values.is_empty()).collect();
            select(document, base, &mut heirs, steps);
            for (heir, _) in heirs.iter_mut().zip(unmapped).filter(|(_, is_unmapped)| *is_unmapped) {
                self.exclude_name(document, base, heir, steps);
            }
        }
        heirs
    }

    /// Removes the name of an heir from the values that select it, if a class between it and the base lists others.
    fn exclude_name(&self, document: Document<'_>, base: &str, heir: &mut Heir, steps: &mut Steps) {
        let name = pointer::keys(&heir.at).next_back().unwrap_or_default();
        if heir.selecting.values != [name.as_str()] {
            return;
        }
        let mut open: Vec<&String> = self.parents.get(&heir.at).into_iter().flatten().collect();
        let mut seen: HashSet<&str> = HashSet::from_iter([base, &heir.at]);
        while let Some(at) = open.pop().filter(|_| steps.take(1)) {
            if !seen.insert(at) {
                continue;
            }
            let listed = document.node(at).map(|node| listed_texts(document, node, &heir.property)).unwrap_or_default();
            if !listed.is_empty() && !listed.contains(&name) {
                heir.selecting = Selecting { never: Some(name), ..Selecting::default() };
                return;
            }
            open.extend(self.parents.get(at).into_iter().flatten());
        }
    }

    /// Returns an heir with the values that are mapped to it.
    fn heir(&self, at: &str, property: &str, mapping: &[&Tags<'_>], is_apart: bool) -> Heir {
        let mut values: Vec<String> = Vec::new();
        let own = self.tags.get(at).filter(|tags| tags.property() == property);
        for tags in mapping.iter().copied().chain(own) {
            for value in tags.mapped(at) {
                if !values.contains(&value) {
                    values.push(value);
                }
            }
        }
        let is_base = self.tellers.contains(at) && !is_apart;
        let property = property.to_owned();
        let selecting = Selecting { values, ..Selecting::default() };
        Heir { at: at.to_owned(), is_base, is_derived: false, property, selecting, is_default: false }
    }

    /// The discriminators of a class, of those above and of those below with the same property.
    fn mapping_of(&self, base: &str, property: &str, steps: &mut Steps) -> Vec<&Tags<'t>> {
        let mut found = Vec::new();
        for edges in [&self.parents, &self.children] {
            let mut open = vec![base.to_owned()];
            let mut seen: HashSet<String> = HashSet::from_iter([base.to_owned()]);
            while let Some(at) = open.pop() {
                let next = edges.get(&at).map_or(&[][..], Vec::as_slice);
                if !steps.take(next.len() + 1) {
                    break;
                }
                if let Some(tags) = self.tags.get(&at).filter(|tags| tags.property() == property) {
                    found.push(tags);
                }
                open.extend(next.iter().filter(|at| seen.insert((*at).clone())).cloned());
            }
        }
        found
    }
}
