//! Moves tags from structs to the variants that hold them, which write them.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashSet};

use super::usage::mark_usage;
use crate::{
    budget::Steps,
    diagnostic::{Findings, code},
    ir::{
        Alternative, Api, Constant, Direction, Field, HeldTag, Shape, Tag, Type, TypeDef, TypeId, Union, Usage, Variant,
    },
};

/// The unions within unions that are searched for the property of a discriminator.
const NESTING: usize = 4;

/// The steps of one more variant.
const STEPS: usize = 3;

/// Gives each tag a variant of its own, and each variant that a constant tells apart its tag. Then removes tags and constants from
/// the structs that only variants hold, so that no field can contradict the variant.
pub(super) fn move_tags(api: &mut Api, findings: &mut Findings) {
    adopt_constants(api);
    type_tags(api, findings);
    let uses = uses(api);
    split_variants(api, &uses, findings);
    if remove_fields(api, uses) {
        // The types of removed fields may be used nowhere else.
        api.types.iter_mut().for_each(|def| def.usage = Usage::default());
        mark_usage(api);
    }
}

/// Gives the variants of a union without a discriminator their tags: the constants of the property that tells them apart, or the
/// values that they list for it. A value that no variant has is then of none.
fn adopt_constants(api: &mut Api) {
    for index in 0..api.types.len() {
        let def = &api.types[index];
        let Shape::Union(union) = &def.shape else { continue };
        if !def.is_used() || union.variants.iter().any(|variant| variant.tag.is_some()) {
            continue;
        }
        let property = union.telling_property(api);
        let tags: Vec<Option<Tag>> = match (tags_by_lists(api, union, property.as_deref()), property) {
            (Some(tags), _) => tags.into_iter().map(Some).collect(),
            (None, Some(property)) => {
                union.variants.iter().map(|variant| constant_tag(api, variant, &property)).collect()
            }
            (None, None) => continue,
        };
        let Shape::Union(union) = &mut api.types[index].shape else { continue };
        for (variant, tag) in union.variants.iter_mut().zip(tags) {
            variant.tag = tag;
        }
    }
}

fn constant_tag(api: &Api, variant: &Variant, property: &str) -> Option<Tag> {
    let Type::Named(id) = variant.ty else { return None };
    let Shape::Struct(shape) = &api.type_def(id).shape else { return None };
    let field = shape.fields.iter().find(|field| field.wire == property)?;
    match field.only_value(api).filter(|_| is_told(field))? {
        value @ Constant::Text(_) => {
            Some(Tag { property: property.to_owned(), values: vec![value], is_field: false, outer: Vec::new() })
        }
        _ => None,
    }
}

/// Whether each value of a struct has the field, in both directions.
fn is_told(field: &Field) -> bool {
    field.required && field.direction == Direction::Both
}

/// Returns the tags by this property, or by the first one that has them. Each variant lists texts for it, and no two list the same.
fn tags_by_lists(api: &Api, union: &Union, property: Option<&str>) -> Option<Vec<Tag>> {
    let mut by_name: BTreeMap<&str, Vec<&Field>> = BTreeMap::new();
    for variant in &union.variants {
        let told = fields_of(api, variant).iter().filter(|field| is_told(field));
        let wanted = told.filter(|field| property.is_none_or(|property| field.wire == property));
        wanted.for_each(|field| by_name.entry(&field.wire).or_default().push(field));
    }
    let of_all = by_name.values().filter(|fields| fields.len() > 1 && fields.len() == union.variants.len());
    of_all.into_iter().find_map(|fields| own_lists(api, fields))
}

/// Returns the tags by the texts that fields list, if each lists some, and no two list the same.
fn own_lists(api: &Api, fields: &[&Field]) -> Option<Vec<Tag>> {
    let mut seen = HashSet::default();
    let tag_of = |field: &&Field| {
        let values = match field.only_value(api) {
            Some(Constant::Text(value)) => vec![value],
            Some(_) => return None,
            None => field.listed_texts(api),
        };
        let is_own = !values.is_empty() && values.iter().all(|value| seen.insert(value.clone()));
        let is_field = values.len() > 1;
        let values = values.into_iter().map(Constant::Text).collect();
        is_own.then(|| Tag { property: field.wire.clone(), values, is_field, outer: Vec::new() })
    };
    fields.iter().map(tag_of).collect()
}

fn fields_of<'a>(api: &'a Api, variant: &Variant) -> &'a [Field] {
    let Type::Named(id) = variant.ty else { return &[] };
    match &api.type_def(id).shape {
        Shape::Struct(shape) => &shape.fields,
        _ => &[],
    }
}

/// Makes the values of tags those of the types of their properties. Mappings have them as texts. A value that the type lacks selects
/// nothing.
fn type_tags(api: &mut Api, findings: &mut Findings) {
    for index in 0..api.types.len() {
        let def = &api.types[index];
        let Shape::Union(union) = &def.shape else { continue };
        if !def.is_used() || union.variants.iter().all(|variant| variant.tag.is_none()) {
            continue;
        }
        report_undeclared(api, def, union, findings);
        let mut shared: HashMap<&str, Option<&Type>> = HashMap::default();
        let mut tags: Vec<Option<Tag>> = Vec::with_capacity(union.variants.len());
        for variant in &union.variants {
            tags.push(variant.tag.as_ref().and_then(|tag| typed_tag(api, union, variant, tag, &mut shared, findings)));
        }
        let Shape::Union(union) = &mut api.types[index].shape else { continue };
        for (variant, tag) in union.variants.iter_mut().zip(tags) {
            variant.tag = tag;
        }
    }
}

/// Reports a discriminator whose property no variant declares. Documents that leave it out, though their servers have it, are read as
/// those that declare it.
fn report_undeclared(api: &Api, def: &TypeDef, union: &Union, findings: &mut Findings) {
    let Some(tag) = union.variants.iter().find_map(|variant| variant.tag.as_ref()) else { return };
    if union.variants.iter().any(|variant| may_declare(api, &variant.ty, &tag.property, NESTING)) {
        return;
    }
    let message =
        format!("no variant declares `{}`, which tells them apart; the client writes it all the same", tag.property);
    let help = "declare the property, or remove the discriminator, in an overlay";
    findings.add_with_help(code::TAG_UNDECLARED, &def.pointer, message, help);
}

/// Whether values of a type have a property that is declared, as far as it is known.
fn may_declare(api: &Api, ty: &Type, property: &str, depth: usize) -> bool {
    let Type::Named(id) = ty else { return true };
    match &api.type_def(*id).shape {
        Shape::Struct(shape) => shape.fields.iter().any(|field| field.wire == property),
        Shape::Union(union) if depth > 0 => {
            union.variants.iter().any(|variant| may_declare(api, &variant.ty, property, depth - 1))
        }
        Shape::Union(_) | Shape::Enum(_) | Shape::IntegerEnum(_) => true,
    }
}

/// Returns a tag with the values that its properties can have. `shared` are the types that other variants give to properties.
fn typed_tag<'a>(
    api: &'a Api,
    union: &'a Union,
    variant: &Variant,
    tag: &'a Tag,
    shared: &mut HashMap<&'a str, Option<&'a Type>>,
    findings: &mut Findings,
) -> Option<Tag> {
    let mut typed = |property: &'a str, value: &Constant| {
        let of_others = || union.variants.iter().find_map(|other| type_of_property(api, other, property));
        let own = type_of_property(api, variant, property);
        match (own.or_else(|| *shared.entry(property).or_insert_with(of_others)), value) {
            (Some(ty), Constant::Text(text)) => value_of(text, ty, api),
            _ => Some(value.clone()),
        }
    };
    let values: Vec<Constant> = tag.values.iter().filter_map(|value| typed(&tag.property, value)).collect();
    let outer = tag.outer.iter().filter_map(|(property, value)| Some((property.clone(), typed(property, value)?)));
    let outer = outer.collect();
    if let (true, Some(never), Type::Named(id)) = (values.is_empty(), tag.values.first(), &variant.ty) {
        let property = &tag.property;
        let message = format!(
            "`{property}` cannot be `{never}`, which selects this variant; the client selects it by its other properties"
        );
        let help = "map the values of the schema to it in an overlay";
        findings.add_with_help(code::UNSELECTED_VARIANT, &api.type_def(*id).pointer, message, help);
    }
    (!values.is_empty()).then(|| Tag { values, outer, ..tag.clone() })
}

/// Parses a text, such as a key of a mapping, as a value of this type. Returns `None` if the type has no such value.
fn value_of(text: &str, ty: &Type, api: &Api) -> Option<Constant> {
    let integer = || text.parse().ok().map(Constant::Integer);
    match ty.split_nullable().0 {
        Type::Bool => text.parse().ok().map(Constant::Boolean),
        ty if ty.is_integer() => integer(),
        Type::Number | Type::Decimal => Constant::of_number(&serde_json::from_str(text).ok()?),
        Type::Named(id) if matches!(api.type_def(*id).shape, Shape::IntegerEnum(_)) => integer(),
        _ => Some(Constant::Text(text.to_owned())),
    }
}

fn type_of_property<'a>(api: &'a Api, variant: &Variant, property: &str) -> Option<&'a Type> {
    let Type::Named(id) = variant.ty else { return None };
    let Shape::Struct(shape) = &api.type_def(id).shape else { return None };
    Some(&shape.fields.iter().find(|field| field.wire == property)?.ty)
}

/// Splits variants of several tags, so that each one knows its own. A struct that keeps the property, because it is used elsewhere,
/// says which of them it has: its variant stays one.
fn split_variants(api: &mut Api, uses: &HashMap<TypeId, Uses>, findings: &mut Findings) {
    let kept: HashSet<(TypeId, String)> = kept_tags(api, uses).collect();
    let mut steps = Steps::default();
    for def in api.types.iter_mut().filter(|def| def.is_used()) {
        let Shape::Union(union) = &mut def.shape else { continue };
        let mut variants = Vec::with_capacity(union.variants.len());
        for mut variant in std::mem::take(&mut union.variants) {
            let Some(tag) = variant.tag.as_mut().filter(|tag| tag.values.len() > 1 && !tag.is_field) else {
                variants.push(variant);
                continue;
            };
            tag.is_field = variant.ty.named().is_some_and(|id| kept.contains(&(id, tag.property.clone())));
            if tag.is_field || !steps.take(STEPS * tag.values.len()) {
                variants.push(variant);
                continue;
            }
            let mut seen = HashSet::default();
            let values = std::mem::take(&mut tag.values).into_iter().filter(|value| seen.insert(value.clone()));
            let tags: Vec<Tag> = values.map(|value| Tag { values: vec![value], ..tag.clone() }).collect();
            variants.extend(tags.into_iter().map(|tag| Variant { tag: Some(tag), ..variant.clone() }));
        }
        union.variants = variants;
        if steps.are_spent() {
            steps.tell(&def.pointer, findings);
            return;
        }
    }
}

/// The properties that structs keep though they are the tags of variants, because the structs are used elsewhere too. Only those
/// count that have several values in one variant, and that all values of the struct have.
fn kept_tags(api: &Api, uses: &HashMap<TypeId, Uses>) -> impl Iterator<Item = (TypeId, String)> {
    uses.iter().flat_map(|(id, uses)| {
        let fields = match &api.type_def(*id).shape {
            Shape::Struct(shape) => shape.fields.as_slice(),
            _ => &[],
        };
        let told = fields.iter().filter(|field| is_told(field));
        let kept = told.filter(|field| {
            let tags = uses.tags.get(&field.wire);
            tags.is_some_and(|(values, count)| values.len() > 1 && (uses.elsewhere || *count < uses.variants))
        });
        kept.map(|field| (*id, field.wire.clone()))
    })
}

/// How a struct is used.
#[derive(Default)]
struct Uses {
    /// Whether something holds it that is no variant of a union.
    elsewhere: bool,
    variants: usize,
    /// The tags of its variants: the values of each property, and how many variants have it.
    tags: BTreeMap<String, (BTreeSet<Constant>, usize)>,
}

/// Returns whether a field was removed.
fn remove_fields(api: &mut Api, uses: HashMap<TypeId, Uses>) -> bool {
    let mut is_removed = false;
    for (id, uses) in uses {
        if uses.elsewhere {
            continue;
        }
        let constants = constants(api, id);
        let Shape::Struct(shape) = &mut api.types[id.0].shape else { continue };
        let of_all = uses.tags.into_iter().filter(|(_, (_, count))| *count == uses.variants);
        let tags = of_all.map(|(property, (values, _))| {
            let value = values.first().filter(|_| values.len() == 1).cloned();
            (property, value)
        });
        let mut held: Vec<(String, Option<Constant>)> = tags.collect();
        for (property, value) in constants {
            if held.iter().all(|(it, _)| *it != property) {
                held.push((property, Some(value)));
            }
        }
        for (property, value) in held {
            let at = shape.fields.iter().position(|field| field.wire == property);
            let field = at.map(|at| shape.fields.remove(at));
            is_removed |= field.is_some();
            let required = field.is_some_and(|field| field.required && field.is_declared);
            shape.tags.push(HeldTag { property, required, value });
        }
    }
    is_removed
}

/// The constants that all values of a struct have. A value of a union without them is not of this variant.
fn constants(api: &Api, id: TypeId) -> Vec<(String, Constant)> {
    let Shape::Struct(shape) = &api.type_def(id).shape else { return Vec::new() };
    let fields = shape.fields.iter().filter(|field| is_told(field));
    fields
        .filter_map(|field| match field.only_value(api)? {
            value @ Constant::Text(_) => Some((field.wire.clone(), value)),
            _ => None,
        })
        .collect()
}

fn uses(api: &Api) -> HashMap<TypeId, Uses> {
    let mut uses: HashMap<TypeId, Uses> = HashMap::default();
    let mut elsewhere = |ty: &Type| {
        if let Some(id) = ty.named() {
            uses.entry(id).or_default().elsewhere = true;
        }
    };
    api.received.iter().chain(&api.shared).for_each(&mut elsewhere);
    for operation in &api.operations {
        operation.inputs.iter().for_each(|input| elsewhere(&input.ty));
        operation.success.types().into_iter().for_each(&mut elsewhere);
        operation.alternatives.iter().filter_map(Alternative::ty).for_each(&mut elsewhere);
        operation.messages.iter().flat_map(|messages| messages.item.types()).for_each(&mut elsewhere);
        operation.headers.iter().for_each(|header| elsewhere(&header.ty));
        operation.errors.iter().filter_map(|error| error.ty.as_ref()).for_each(&mut elsewhere);
    }
    let emitted = || api.types.iter().filter(|def| def.is_used());
    for def in emitted() {
        match &def.shape {
            Shape::Struct(shape) => {
                shape.fields.iter().map(|field| &field.ty).chain(&shape.additional).for_each(&mut elsewhere);
            }
            Shape::Union(union) => {
                union.variants.iter().filter(|it| !matches!(it.ty, Type::Named(_))).for_each(|it| elsewhere(&it.ty));
            }
            Shape::Enum(_) | Shape::IntegerEnum(_) => {}
        }
    }
    for def in emitted() {
        let Shape::Union(union) = &def.shape else { continue };
        for variant in &union.variants {
            let Type::Named(id) = variant.ty else { continue };
            let uses = uses.entry(id).or_default();
            uses.variants += 1;
            let Some(tag) = &variant.tag else { continue };
            let own = (!tag.is_field).then_some((&tag.property, tag.values.as_slice()));
            let outer = tag.outer.iter().map(|(property, value)| (property, std::slice::from_ref(value)));
            for (property, of_variant) in own.into_iter().chain(outer) {
                let (values, count) = uses.tags.entry(property.clone()).or_default();
                values.extend(of_variant.iter().cloned());
                *count += 1;
            }
        }
    }
    uses
}
