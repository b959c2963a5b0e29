//! Lowers discriminators, whose values distinguish the variants of a choice.

use foldhash::{HashMap, HashSet};
use serde_json::{Map, Value};

use super::{
    claims::{Claims, Selecting},
    report::Report,
};
use crate::{
    ir::Constant,
    read::{keyword::is_mapped_reference, member::Members, parse::Document, pointer},
};

/// A discriminator with its mapping by target.
pub(crate) struct Tags<'t> {
    property: &'t str,
    /// The values of each target, by pointer and by literal text, with their positions in the mapping.
    by_pointer: HashMap<String, Vec<(usize, String)>>,
    by_text: HashMap<&'t str, Vec<(usize, String)>>,
    /// The target of values without a known tag, as the document writes it.
    default: Option<&'t str>,
    /// The variant that stands for this target.
    default_variant: Option<String>,
    pub(super) origin: Values,
}

/// Where the values of tags are from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Values {
    /// A discriminator. Without another value, the name of a schema is its value.
    Discriminator,
    /// Constants of the schemas, which are texts.
    Texts,
    /// Other constants, which variants do not write as tags.
    Others,
}

impl<'t> Tags<'t> {
    /// Returns `None` if the schema has no discriminator.
    pub(crate) fn of(schema: &'t Map<String, Value>) -> Option<Self> {
        let discriminator = schema.member("discriminator")?;
        let property = discriminator.member("propertyName").and_then(Value::as_str)?;
        let default = discriminator.member("defaultMapping").and_then(Value::as_str);
        let (by_pointer, by_text) = (HashMap::default(), HashMap::default());
        let origin = Values::Discriminator;
        let mut tags = Self { property, by_pointer, by_text, default, default_variant: None, origin };
        let mapping = discriminator.member("mapping").and_then(Value::as_object).into_iter().flatten();
        for (index, (value, target)) in mapping.enumerate() {
            let Some(target) = target.as_str() else { continue };
            if let Some(at) = pointer::from_reference(target) {
                tags.by_pointer.entry(at).or_default().push((index, value.clone()));
            }
            tags.by_text.entry(target).or_default().push((index, value.clone()));
        }
        Some(tags)
    }

    /// Returns what a property tells apart that has one value in each of several schemas, as if a discriminator mapped the values to
    /// them.
    pub(super) fn of_constants(property: &'t str, constants: &[(&String, &Constant)]) -> Self {
        let is_text = constants.iter().all(|(_, value)| matches!(value, Constant::Text(_)));
        let values = constants.iter().enumerate();
        let by_pointer = values.map(|(index, (at, value))| ((*at).clone(), vec![(index, value.to_string())])).collect();
        let origin = if is_text { Values::Texts } else { Values::Others };
        Self { property, by_pointer, by_text: HashMap::default(), default: None, default_variant: None, origin }
    }

    /// Maps the values of a schema to the inline variants that say more about it in `allOf`, unless it is a variant itself.
    pub(crate) fn map_to_variants(&mut self, document: Document<'_>, report: &mut Report<'_>, variants: &[String]) {
        let target = |at: &str| document.resolve(at).map_or_else(|_| at.to_owned(), |(target, _)| target);
        let listed: HashSet<String> = variants.iter().map(|at| target(at)).collect();
        let default = self.default_target(document).map(|at| target(&at));
        let mut mapped: Vec<String> = Vec::new();
        for at in variants {
            let Some(node) = document.node(at).filter(|node| !node.has_member("$ref")) else { continue };
            let parts = node.member("allOf").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            if !report.take_steps(parts.len(), at) {
                return;
            }
            let references = parts.iter().filter_map(|part| pointer::from_reference(part.member("$ref")?.as_str()?));
            for referred in references {
                let schema = target(&referred);
                if listed.contains(&schema) {
                    continue;
                }
                let values = self.entries_of(&referred, &schema);
                if !values.is_empty() {
                    self.by_pointer.entry(at.clone()).or_default().extend(values);
                    mapped.extend([referred, schema.clone()]);
                }
                if self.default_variant.is_none() && default.as_ref() == Some(&schema) {
                    self.default_variant = Some(at.clone());
                }
            }
        }
        for at in mapped {
            self.by_pointer.remove(&at);
            self.by_text.remove(name_of(&at).as_str());
        }
    }

    pub(crate) fn property(&self) -> &str {
        self.property
    }

    /// The place of the schema of values without a known tag, if it is in the document.
    pub(crate) fn default_target(&self, document: Document<'_>) -> Option<String> {
        if self.default_variant.is_some() {
            return self.default_variant.clone();
        }
        let default = self.default?;
        let at = pointer::from_reference(default).unwrap_or_else(|| pointer::join("/components/schemas", default));
        document.node(&at).is_some().then_some(at)
    }

    /// The target of values without a known tag, if it is not in the document.
    pub(crate) fn lost_default(&self, document: Document<'_>) -> Option<&str> {
        self.default.filter(|_| self.default_target(document).is_none())
    }

    /// The places of the schemas that the mapping names, in its order, without those that are not in the document.
    pub(crate) fn targets(&self, document: Document<'_>) -> Vec<String> {
        let named = self.by_text.iter().filter(|(text, _)| !is_mapped_reference(text));
        let named = named.map(|(name, values)| (pointer::join("/components/schemas", name), values));
        let pointed = self.by_pointer.iter().map(|(at, values)| (at.clone(), values));
        let mut found: Vec<(usize, String)> =
            pointed.chain(named).filter_map(|(at, values)| Some((values.first()?.0, at))).collect();
        found.sort_unstable();
        let places = found.into_iter().map(|(_, at)| at);
        places.filter(|at| document.node(at).is_some_and(Value::is_object)).collect()
    }

    /// The values of the mapping whose schemas are not in the document, with what they name, in the order of the mapping. References
    /// to other files are followed elsewhere.
    pub(crate) fn lost_targets(&self, document: Document<'_>) -> Vec<(&str, &str)> {
        let is_lost = |target: &str| match pointer::from_reference(target) {
            Some(at) => document.node(&at).is_none(),
            None => {
                !is_mapped_reference(target) && document.node(&pointer::join("/components/schemas", target)).is_none()
            }
        };
        let lost = self.by_text.iter().filter(|(target, _)| is_lost(target));
        let mut found: Vec<(&usize, &str, &str)> = lost
            .flat_map(|(target, values)| values.iter().map(|(index, value)| (index, value.as_str(), *target)))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, value, target)| (value, target)).collect()
    }

    /// The values that the mapping gives to a schema.
    pub(crate) fn mapped(&self, at: &str) -> Vec<String> {
        self.mapped_to(at, at)
    }

    fn mapped_to(&self, referred: &str, variant: &str) -> Vec<String> {
        self.entries_of(referred, variant).into_iter().map(|(_, value)| value).collect()
    }

    fn entries_of(&self, referred: &str, variant: &str) -> Vec<(usize, String)> {
        let mut found: Vec<&(usize, String)> = Vec::new();
        for at in [referred, variant] {
            found.extend(self.by_pointer.get(at).into_iter().flatten());
            found.extend(self.by_text.get(name_of(at).as_str()).into_iter().flatten());
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().cloned().collect()
    }

    /// Returns which values the variants at these places list, or are mapped to.
    pub(crate) fn claims(&self, document: Document<'_>, report: &mut Report<'_>, members: &[String]) -> Claims {
        let mut claims = Claims::default();
        let targets = self.targets(document);
        for at in members.iter().chain(&targets) {
            let (referred, target) = referred_of(document, at);
            let listed =
                document.node(&target).map(|node| listed_texts(document, node, self.property)).unwrap_or_default();
            if !report.take_steps(1 + listed.len(), at) {
                break;
            }
            let own = own_value(document, self, at, &referred);
            claims.add(&target, &self.mapped_to(&referred, &target), own.as_deref(), listed);
        }
        claims
    }
}

fn name_of(at: &str) -> String {
    pointer::keys(at).next_back().unwrap_or_default()
}

/// The place that a variant refers to, and that of its schema.
fn referred_of(document: Document<'_>, at: &str) -> (String, String) {
    let reference = document.node(at).and_then(|node| node.member("$ref")).and_then(Value::as_str);
    let referred = reference.and_then(pointer::from_reference).unwrap_or_else(|| at.to_owned());
    (referred, document.resolve(at).map_or_else(|_| at.to_owned(), |(target, _)| target))
}

/// The discriminator's values for a variant. Without a mapping these are those that it alone lists, or the name in its `$ref`, which
/// may differ from that of the final schema, or the constant of an inline variant, which has no name.
pub(crate) fn selecting(document: Document<'_>, tags: &Tags<'_>, claims: &Claims, at: &str) -> Selecting {
    let (referred, target) = referred_of(document, at);
    let own = own_value(document, tags, at, &referred);
    claims.select(&target, tags.mapped_to(&referred, &target), own)
}

/// The value of a variant without a mapping that is not one of several that it lists.
fn own_value(document: Document<'_>, tags: &Tags<'_>, at: &str, referred: &str) -> Option<String> {
    let node = document.node(at)?;
    let is_reference = node.member("$ref").is_some_and(Value::is_string);
    let is_inline = !is_reference && pointer::keys(at).next_back().is_some_and(|key| key.parse::<usize>().is_ok());
    if is_inline {
        return tag_value(document, node, tags.property);
    }
    // A schema whose property has another value than its name is known by it.
    let fixed = document.resolve(at).ok().and_then(|(_, node)| {
        tag_value(document, node, tags.property).or_else(|| inherited_value(document, node, tags.property))
    });
    fixed.or_else(|| pointer::keys(referred).next_back())
}

/// The most schemas in which a tag is looked for.
const MAX_PARTS: usize = 32;

/// Returns the only value of a tag in the schemas that a schema refers to in `allOf`.
fn inherited_value(document: Document<'_>, schema: &Value, property: &str) -> Option<String> {
    let references = |schema: &Value| {
        let parts = schema.member("allOf").and_then(Value::as_array).into_iter().flatten();
        let references = parts.filter_map(|part| pointer::from_reference(part.member("$ref")?.as_str()?));
        references.collect::<Vec<String>>()
    };
    let mut open = references(schema);
    for _ in 0..MAX_PARTS {
        let Ok((_, node)) = document.resolve(&open.pop()?) else { continue };
        let value = tag_value(document, node, property);
        if value.is_some() {
            return value;
        }
        open.extend(references(node));
    }
    None
}

/// Returns the only value besides `null` that a schema, or its own parts, list for a tag.
fn tag_value(document: Document<'_>, schema: &Value, property: &str) -> Option<String> {
    own_properties(schema).filter_map(|properties| properties.get(property)).find_map(|declared| {
        let choices = ["oneOf", "anyOf"].into_iter().filter_map(|key| declared.member(key)?.as_array()).flatten();
        let mut choices = choices.filter(|choice| choice.member("type").is_none_or(|ty| ty != "null"));
        let declared = match (choices.next(), choices.next()) {
            (None, _) => declared,
            (only, None) => only?,
            _ => return None,
        };
        let mut listed = listed_values(document, declared)?.into_iter().filter(|value| !value.is_null());
        let only = listed.next().filter(|_| listed.next().is_none())?;
        Some(constant_of(only)?.to_string())
    })
}

/// Returns the scalars that a property of a schema, or of its own parts, lists, as texts.
pub(super) fn listed_texts(document: Document<'_>, schema: &Value, property: &str) -> Vec<String> {
    let declared = own_properties(schema).filter_map(|properties| properties.get(property));
    let lists = declared.filter_map(|declared| listed_values(document, declared));
    let shortest = lists.min_by_key(Vec::len).unwrap_or_default();
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    };
    let texts: Option<Vec<String>> = shortest.iter().filter(|value| !value.is_null()).map(|it| text(it)).collect();
    texts.unwrap_or_default()
}

/// Returns the values that `enum` or `const` of a schema lists.
pub(crate) fn listed_values<'t: 'v, 'v>(document: Document<'t>, schema: &'v Value) -> Option<Vec<&'v Value>> {
    let schema = match schema.member("$ref").and_then(Value::as_str).and_then(pointer::from_reference) {
        Some(at) => document.resolve(&at).ok()?.1,
        None => schema,
    };
    match schema.member("const") {
        Some(only) => Some(vec![only]),
        None => Some(schema.member("enum")?.as_array()?.iter().collect()),
    }
}

/// Returns the only scalar that a property of a schema, or of its own parts, allows, as text.
pub(super) fn fixed_value(document: Document<'_>, schema: &Value, property: &str) -> Option<String> {
    let mut declared = own_properties(schema).filter_map(|properties| properties.get(property));
    declared.find_map(|declared| Some(single_value(document, declared)?.to_string()))
}

/// Returns the properties for which a schema, or its own parts, allow only one value.
pub(super) fn constants_of<'t>(document: Document<'t>, schema: &'t Value) -> HashMap<&'t str, Constant> {
    let mut found = HashMap::default();
    for (name, declared) in own_properties(schema).flatten() {
        if let Some(value) = single_value(document, declared) {
            found.entry(name.as_str()).or_insert(value);
        }
    }
    found
}

/// The properties that a schema and its own parts declare.
fn own_properties(schema: &Value) -> impl Iterator<Item = &Map<String, Value>> {
    let parts = schema.member("allOf").and_then(Value::as_array).into_iter().flatten();
    std::iter::once(schema).chain(parts).filter_map(|part| part.member("properties")?.as_object())
}

/// Returns the only value that a schema allows.
pub(crate) fn single_value(document: Document<'_>, schema: &Value) -> Option<Constant> {
    match listed_values(document, schema)?.as_slice() {
        [only] => constant_of(only),
        _ => None,
    }
}

fn constant_of(value: &Value) -> Option<Constant> {
    match value {
        Value::String(text) => Some(Constant::Text(text.clone())),
        Value::Bool(boolean) => Some(Constant::Boolean(*boolean)),
        Value::Number(number) => Constant::of_number(number),
        _ => None,
    }
}
