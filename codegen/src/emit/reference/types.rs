//! Writes the page of types.

use foldhash::HashMap;

use super::{
    limits::clauses,
    page::{Page, anchor},
};
use crate::{
    emit::{
        facts,
        model::Model,
        prose::{clean_code, clean_line},
        rust::call::type_text,
    },
    ir::{Direction, Field, Known, Shape, Struct, Type, TypeDef, TypeId, Union},
    name::TypeNames,
};

/// The anchor of each type that has a section.
pub(super) type Anchors = HashMap<TypeId, String>;

/// The types that are used, in the order of their sections.
fn used<'a>(model: &Model<'a>) -> impl Iterator<Item = (TypeId, &'a TypeDef, &'a TypeNames)> {
    model.api.used_types().map(|(id, def)| (id, def, &model.names.types[id.0]))
}

/// Names that differ in upper and lower case alone have anchors that are numbered, in order.
pub(super) fn anchors(model: &Model<'_>) -> Anchors {
    let mut taken: HashMap<String, usize> = HashMap::default();
    used(model)
        .map(|(id, _, names)| {
            let anchor = anchor(&names.name);
            let before = taken.entry(anchor.clone()).or_default();
            let numbered = if *before == 0 { anchor } else { format!("{anchor}-{before}") };
            *before += 1;
            (id, numbered)
        })
        .collect()
}

/// A link to the section of the type in this one; `page` is the way to the page of types.
pub(super) fn linked(model: &Model<'_>, anchors: &Anchors, ty: &Type, page: &str) -> Option<String> {
    let id = ty.named()?;
    let anchor = anchors.get(&id)?;
    Some(format!("[`types::{}`]({page}#{anchor})", model.names.types[id.0].name))
}

/// Writes the page.
pub(super) fn write_types(model: &Model<'_>, anchors: &Anchors) -> Page {
    let mut page = Page::new(model, "Types");
    page.line("The models in the module `types`.");
    for (_, def, names) in used(model) {
        page.heading(2, &format!("`{}`", names.name));
        page.docs(&def.docs);
        for limit in &def.docs.limits {
            page.line(&facts::sentence(&facts::limit(limit)));
        }
        if let Some(sent) = def.sent().and_then(|id| linked(model, anchors, &Type::Named(id), "")) {
            page.line(&format!("Requests have {sent} in its place."));
        }
        if let Some(received) = def.received().and_then(|id| linked(model, anchors, &Type::Named(id), "")) {
            page.line(&format!("Responses have {received} in its place."));
        }
        match &def.shape {
            Shape::Struct(shape) => write_struct(&mut page, model, anchors, shape, names),
            Shape::Enum(shape) => write_values(&mut page, &shape.values, names),
            Shape::IntegerEnum(shape) => write_values(&mut page, &shape.values, names),
            Shape::Union(shape) => write_union(&mut page, model, anchors, shape, names),
        }
    }
    page
}

fn write_struct(page: &mut Page, model: &Model<'_>, anchors: &Anchors, shape: &Struct, names: &TypeNames) {
    if shape.fields.is_empty() {
        page.line("A struct without fields.");
    } else {
        page.line("A struct with these fields:");
    }
    page.list(shape.fields.iter().zip(&names.members).map(|(field, name)| item(model, anchors, field, name)));
    if let Some(additional) = &shape.additional {
        let ty = type_text(model, additional);
        page.line(&format!("`{}` holds additional properties by name, each of type `{ty}`.", names.additional));
    }
}

fn item(model: &Model<'_>, anchors: &Anchors, field: &Field, name: &str) -> String {
    let mut facts = vec![format!("`{}`", type_text(model, field.ty.split_nullable().0))];
    facts.push(if field.required { "required" } else { "optional" }.to_owned());
    if field.ty.split_nullable().1 {
        facts.push("may be `null`".to_owned());
    }
    match (&field.constant, field.direction) {
        (Some(constant), _) => facts.push(format!("always {}", clean_code(&constant.to_string()))),
        (None, Direction::Response) => facts.push("read-only".to_owned()),
        (None, Direction::Request) => facts.push("write-only".to_owned()),
        (None, Direction::Both) => {}
    }
    let known = clauses(model, &field.ty, &field.docs).into_iter().filter(|clause| !facts.contains(clause));
    let known: Vec<String> = known.collect();
    facts.extend(known);
    if name != field.wire {
        facts.push(format!("{} in JSON", clean_code(&field.wire)));
    }
    let link = linked(model, anchors, &field.ty, "").map(|link| format!(" See {link}.")).unwrap_or_default();
    let said = field.docs.description.as_deref().map(clean_line).filter(|said| !said.is_empty());
    format!("- `{name}`: {}.{link}{}", facts.join(", "), said.map(|said| format!(" {said}")).unwrap_or_default())
}

fn write_values<T: ToString>(page: &mut Page, values: &[Known<T>], names: &TypeNames) {
    page.line("An enum of these values. Others are kept as `Unknown`:");
    page.list(values.iter().zip(&names.members).map(|(value, name)| {
        let said = value.description.as_deref().map(clean_line).filter(|said| !said.is_empty());
        let wire = clean_code(&value.wire.to_string());
        format!("- `{name}`: {wire}{}", said.map(|said| format!(". {said}")).unwrap_or_default())
    }));
}

fn write_union(page: &mut Page, model: &Model<'_>, anchors: &Anchors, shape: &Union, names: &TypeNames) {
    page.line("An enum of these variants. Other values are kept as `Unknown`:");
    page.list(shape.variants.iter().zip(&names.members).map(|(variant, name)| {
        let held = match linked(model, anchors, &variant.ty, "") {
            Some(link) if matches!(variant.ty, Type::Named(_)) => link,
            Some(link) => format!("`{}`, see {link}", type_text(model, &variant.ty)),
            None => format!("`{}`", type_text(model, &variant.ty)),
        };
        let tag = variant.tag.as_ref().map(|tag| {
            let values: Vec<String> = tag.values.iter().map(|value| clean_code(&value.to_string())).collect();
            format!(", if {} is {}", clean_code(&tag.property), values.join(" or "))
        });
        let limits = variant.limits.iter().map(|limit| format!("; {}", facts::limit(limit)));
        format!("- `{name}`: {held}{}{}", tag.unwrap_or_default(), limits.collect::<String>())
    }));
}
