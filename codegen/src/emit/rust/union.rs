//! A choice between types: the variant is found by what stands in the value, never by the order of the document alone.

use std::collections::BTreeSet;

use foldhash::{HashMap, HashSet};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{
    Context,
    convert::emit_union_conversion,
    docs::{Comment, clean_code},
    held::{is_boxed, literal_of},
    ident,
    type_ref::{From, emit_type},
};
use crate::{
    emit::facts,
    ir::{Api, Constant, Shape, Struct, Tag, Type, TypeDef, Union, Variant},
    name::TypeNames,
};

pub(super) fn emit_union(context: Context<'_>, def: &TypeDef, shape: &Union, names: &TypeNames) -> TokenStream {
    let name = ident(&names.name);
    let doc = Comment::of_type(context, def).paragraph(choice_doc(shape)).emit();
    let variants: Vec<_> = names.members.iter().map(|name| ident(name)).collect();
    let held: Vec<_> = shape.variants.iter().map(|variant| emit_held(context, &variant.ty)).collect();
    let docs = shape.variants.iter().map(|variant| Comment::of_variant(variant, variant_doc(context, variant)).emit());
    let conversions = emit_conversions(context, shape, names);
    let to_sent = emit_union_conversion(context, def, shape, names);
    quote! {
        #doc
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#docs #variants(#held),)*
            #[doc = " Any other value."]
            Unknown(::serde_json::Value),
        }

        #conversions
        #to_sent
    }
}

/// Reads the value whole, and takes the variant that it fits best.
pub(super) fn emit_decode(context: Context<'_>, shape: &Union, names: &TypeNames) -> TokenStream {
    let variants = names.members.iter().map(|name| ident(name));
    let has_default = shape.variants.iter().any(|variant| variant.is_default);
    let telling = telling_properties(context.api, shape);
    let forms = shape.variants.iter().map(|variant| emit_form(context, shape, variant, has_default, &telling));
    let indices = (0..shape.variants.len()).map(Literal::usize_unsuffixed);
    quote! {
        const FORMS: &[::lowcodeapi_runtime::__private::Form] = &[#(#forms),*];
        from.choose(FORMS, |form, from| Ok(match form {
            #(#indices => Self::#variants(from.read()?),)*
            _ => Self::Unknown(from.value()?),
        }))
    }
}

pub(super) fn emit_encode(context: Context<'_>, shape: &Union, names: &TypeNames) -> TokenStream {
    let arms = shape.variants.iter().zip(&names.members).map(|(held, variant)| {
        let variant = ident(variant);
        let (properties, values): (Vec<_>, Vec<_>) = tags_around(context, held).into_iter().unzip();
        let value = if properties.is_empty() {
            let value = encoded(&held.ty, &quote! { value });
            quote! { #value.encode(to) }
        } else {
            let values = values.into_iter().map(literal_of);
            quote! { to.tagged(&[#((#properties, &#values)),*], value) }
        };
        quote! { Self::#variant(value) => #value, }
    });
    quote! {
        match self {
            #(#arms)*
            Self::Unknown(value) => value.encode(to),
        }
    }
}

/// An expression that encodes as the schema of the type says. `place` is a reference.
pub(super) fn encoded(ty: &Type, place: &TokenStream) -> TokenStream {
    if ty.has_decimal_text() {
        quote! { ::lowcodeapi_runtime::__private::AsText(#place) }
    } else {
        place.clone()
    }
}

/// Models are boxed: variants are of one size then, and a union can hold itself.
fn emit_held(context: Context<'_>, ty: &Type) -> TokenStream {
    let held = emit_type(context, From::Types, ty);
    if is_boxed(context.api, ty) {
        quote! { Box<#held> }
    } else {
        held
    }
}

/// How the variant of a value is chosen.
fn choice_doc(shape: &Union) -> String {
    const OTHER: &str = "Other values are kept as [`Unknown`](Self::Unknown) and sent unchanged.";
    let selected = shape.variants.iter().filter(|variant| !variant.is_default);
    let tags: Option<BTreeSet<&str>> = selected.map(|variant| Some(variant.tag.as_ref()?.property.as_str())).collect();
    match tags.iter().flatten().collect::<Vec<_>>().as_slice() {
        [property] => format!("The property {} selects the variant. {OTHER}", clean_code(property)),
        _ => format!("Decoding selects the variant that fits the value best. {OTHER}"),
    }
}

/// The type that a variant holds, and the tag that selects it.
fn variant_doc(context: Context<'_>, variant: &Variant) -> String {
    let held = held_doc(context, &variant.ty);
    let tag = variant.tag.as_ref().map(|tag| {
        let values: Vec<String> = tag.values.iter().map(|value| clean_code(&value.to_string())).collect();
        let values = match values.as_slice() {
            [_] | [_, _] => values.join(" or "),
            _ => format!("one of {}", values.join(", ")),
        };
        format!(", if {} is {values}", clean_code(&tag.property))
    });
    let closed = variant.is_closed.then(|| ", if it declares all properties".to_owned());
    let default = variant.is_default.then(|| ", if no other variant is selected".to_owned());
    let limits = variant.limits.iter().map(|limit| format!(" {}", facts::sentence(&facts::limit(limit))));
    format!("{held}{}.{}", tag.or(default).or(closed).unwrap_or_default(), limits.collect::<String>())
}

fn held_doc(context: Context<'_>, ty: &Type) -> String {
    match ty {
        Type::Named(id) => format!("[`{}`]", context.names.types[id.0].name),
        Type::Array(item) if item.named().is_some() => format!("A list of {}", member_doc(context, item)),
        Type::Map(value) if value.named().is_some() => format!("A map of {}", member_doc(context, value)),
        Type::Nullable(inner) => format!("{} or `null`", held_doc(context, inner)),
        Type::Array(_) => "A list".to_owned(),
        Type::Tuple(tuple) => match (tuple.items.len(), &tuple.rest) {
            (1, None) => "A list of one item".to_owned(),
            (count, None) => format!("A list of {count} items"),
            (count, Some(_)) => format!("A list of at least {count} items"),
        },
        Type::Map(_) | Type::Object => "An object".to_owned(),
        Type::Text | Type::Binary => "A string".to_owned(),
        Type::DateTime => "A date and time".to_owned(),
        Type::Bool => "A boolean".to_owned(),
        Type::Decimal => "A number with all its digits".to_owned(),
        Type::DecimalText => "A number with all its digits, as a string".to_owned(),
        Type::Number => "A number".to_owned(),
        Type::Any => "Any JSON value".to_owned(),
        Type::Int32 | Type::Int64 | Type::UInt64 | Type::Int128 | Type::UInt128 => "An integer".to_owned(),
    }
}

/// What each item of a list, or value of a map, holds, within a sentence.
fn member_doc(context: Context<'_>, ty: &Type) -> String {
    let doc = held_doc(context, ty);
    doc.strip_prefix("A ").map_or(doc.clone(), |rest| format!("a {rest}"))
}

/// What a value must have to be read as the variant.
///
/// Where a variant takes the values without a known tag, the others take only those with theirs.
fn emit_form(
    context: Context<'_>,
    union: &Union,
    variant: &Variant,
    has_default: bool,
    telling: &HashSet<&str>,
) -> TokenStream {
    let (ty, tag) = (&variant.ty, variant.tag.as_ref());
    let form = quote! { ::lowcodeapi_runtime::__private::Form };
    let Type::Named(id) = ty else {
        let kind = ident(match ty {
            Type::Bool => "boolean",
            Type::Int32 | Type::Int64 | Type::UInt64 | Type::Int128 | Type::UInt128 => "integer",
            Type::Number | Type::Decimal => "number",
            Type::Text | Type::Binary => "text",
            Type::DateTime => "date_time",
            Type::DecimalText => "decimal_text",
            Type::Array(_) | Type::Tuple(_) => "list",
            Type::Map(_) | Type::Object => "object",
            Type::Any | Type::Nullable(_) | Type::Named(_) => "any",
        });
        let constants = tag.filter(|_| is_object(context, ty)).map(|Tag { property, values, .. }| {
            let values = values.iter().map(Constant::to_string);
            quote! { .constants(&[(#property, &[#(#values),*])]).open() }
        });
        return quote! { #form::#kind() #constants };
    };
    match &context.api.type_def(*id).shape {
        Shape::Enum(shape) => {
            let values = shape.values.iter().map(|value| &value.wire);
            quote! { #form::text().values(&[#(#values),*]) }
        }
        Shape::IntegerEnum(shape) => {
            let values = shape.values.iter().map(|value| value.wire.to_string());
            quote! { #form::integer().values(&[#(#values),*]) }
        }
        Shape::Union(_) => quote! { #form::any() },
        Shape::Struct(shape) => {
            let names = shape.fields.iter().flat_map(|field| std::iter::once(&field.wire).chain(&field.aliases));
            let known: Vec<_> = names.chain(&shape.foreign).collect();
            let required = shape.fields.iter().filter(|field| field.required);
            let tags = shape.tags.iter().filter(|tag| tag.required).map(|tag| &tag.property);
            let mut required: Vec<_> = required.map(|field| &field.wire).chain(tags).collect();
            let own = tag.filter(|_| has_default).map(|tag| &tag.property);
            required.extend(own.filter(|own| !required.contains(own)));
            let constants = emit_lists(&constants_of(context.api, tag, shape));
            let listed = if variant.is_combined {
                lists_of_combined(context.api, union, tag, shape, telling)
            } else {
                lists_of(context.api, tag, shape, telling)
            };
            let listed = emit_lists(&listed);
            let known = (!known.is_empty()).then(|| quote! { .known(&[#(#known),*]) });
            let required = (!required.is_empty()).then(|| quote! { .required(&[#(#required),*]) });
            let constants = (!constants.is_empty()).then(|| quote! { .constants(&[#(#constants),*]) });
            let listed = (!listed.is_empty()).then(|| quote! { .listed(&[#(#listed),*]) });
            // The only variant beside others unread takes all that it keeps.
            let keeps_all = union.variants.len() == 1 && shape.additional.is_some();
            let closed = (variant.is_closed && !keeps_all).then(|| quote! { .closed() });
            let exact = (shape.is_closed && has_objects(context, union)).then(|| quote! { .exact() });
            let is_open = variant.is_default || shape.additional.is_some();
            let open = is_open.then(|| quote! { .open() });
            quote! { #form::object() #known #required #constants #listed #closed #exact #open }
        }
    }
}

/// Whether several variants of a union take objects.
fn has_objects(context: Context<'_>, union: &Union) -> bool {
    union.variants.iter().filter(|variant| is_object(context, &variant.ty)).nth(1).is_some()
}

/// Properties, and the values that they may have.
type Lists<'a> = Vec<(&'a str, Vec<String>)>;

fn emit_lists(lists: &Lists<'_>) -> Vec<TokenStream> {
    lists.iter().map(|(property, values)| quote! { (#property, &[#(#values),*]) }).collect()
}

/// The properties that have one value in the variant, or, of its tag, one of several.
fn constants_of<'a>(api: &Api, tag: Option<&'a Tag>, shape: &'a Struct) -> Lists<'a> {
    let mut constants: Lists<'a> = Vec::new();
    if let Some(Tag { property, values, outer, .. }) = tag {
        constants.push((property, values.iter().map(Constant::to_string).collect()));
        constants.extend(outer.iter().map(|(property, value)| (property.as_str(), vec![value.to_string()])));
    }
    let is_tag = |property: &str| {
        tag.is_some_and(|tag| tag.property == property || tag.outer.iter().any(|(it, _)| it == property))
    };
    for held in shape.tags.iter().filter(|held| !is_tag(&held.property)) {
        if let (property, Some(value)) = (&held.property, held.value.as_ref()) {
            constants.push((property, vec![value.to_string()]));
        }
    }
    for field in shape.fields.iter().filter(|field| !is_tag(&field.wire)) {
        // Servers may come to send more than `null`.
        if let Some(value) = field.only_value(api).filter(|value| *value != Constant::Null) {
            constants.push((&field.wire, vec![value.to_string()]));
        }
    }
    constants
}

/// The properties for which structs of the union list different values. These tell which one a value is.
fn telling_properties<'a>(api: &'a Api, shape: &'a Union) -> HashSet<&'a str> {
    let mut listed: HashMap<&str, HashSet<BTreeSet<String>>> = HashMap::default();
    for variant in &shape.variants {
        let Type::Named(id) = variant.ty else { continue };
        let Shape::Struct(held) = &api.type_def(id).shape else { continue };
        let tags =
            held.tags.iter().filter_map(|tag| Some((tag.property.as_str(), vec![tag.value.as_ref()?.to_string()])));
        let fields = held.fields.iter().map(|field| (field.wire.as_str(), field.listed_values(api)));
        for (property, values) in tags.chain(fields).filter(|(_, values)| !values.is_empty()) {
            listed.entry(property).or_default().insert(values.into_iter().collect());
        }
    }
    listed.into_iter().filter(|(_, lists)| lists.len() > 1).map(|(property, _)| property).collect()
}

/// The values of the properties of a variant that other variants have with other values.
fn lists_of<'a>(api: &Api, tag: Option<&Tag>, shape: &'a Struct, telling: &HashSet<&str>) -> Lists<'a> {
    let is_tag = |property: &str| tag.is_some_and(|tag| tag.property == property);
    let fields = shape.fields.iter().filter(|field| telling.contains(field.wire.as_str()) && !is_tag(&field.wire));
    let listed = fields.map(|field| (field.wire.as_str(), field.listed_values(api)));
    listed.filter(|(_, values)| values.len() > 1).collect()
}

/// The values of the properties of a combined variant: its own, or those that the variants have which it combines. So it is never
/// less likely than one of them, which would lose the properties of the others.
fn lists_of_combined<'a>(
    api: &Api,
    union: &Union,
    tag: Option<&'a Tag>,
    shape: &'a Struct,
    telling: &HashSet<&str>,
) -> Lists<'a> {
    let mut lists = lists_of(api, tag, shape, telling);
    let constants = constants_of(api, tag, shape);
    let known: HashSet<&str> = lists.iter().chain(&constants).map(|(property, _)| *property).collect();
    let names: HashSet<&str> = shape.fields.iter().map(|field| field.wire.as_str()).chain(known.clone()).collect();
    let mut combined: HashMap<&str, BTreeSet<String>> = HashMap::default();
    for variant in union.variants.iter().filter(|variant| !variant.is_combined) {
        let Type::Named(id) = variant.ty else { continue };
        let Shape::Struct(held) = &api.type_def(id).shape else { continue };
        let constants = constants_of(api, variant.tag.as_ref(), held);
        let own = held.fields.iter().map(|field| field.wire.as_str());
        if own.chain(constants.iter().map(|(property, _)| *property)).all(|name| names.contains(name)) {
            let lists = constants.into_iter().chain(lists_of(api, variant.tag.as_ref(), held, telling));
            for (property, values) in lists.filter(|(property, _)| !known.contains(property)) {
                combined.entry(property).or_default().extend(values);
            }
        }
    }
    let of_others = shape.fields.iter().map(|field| field.wire.as_str());
    let of_others = of_others.filter_map(|name| Some((name, combined.remove(name)?.into_iter().collect())));
    lists.extend(of_others);
    lists
}

/// The tags that the variant writes. Without other properties, the struct writes those that are the same in all its variants.
fn tags_around<'a>(context: Context<'_>, variant: &'a Variant) -> Vec<(&'a str, &'a Constant)> {
    let mut tags = variant.written_tags();
    match &variant.ty {
        ty if !is_object(context, ty) => tags.clear(),
        Type::Named(id) => {
            if let Shape::Struct(shape) = &context.api.type_def(*id).shape
                && shape.additional.is_none()
            {
                let is_held =
                    |property: &str| shape.tags.iter().any(|it| it.property == property && it.value.is_some());
                tags.retain(|(property, _)| !is_held(property));
            }
        }
        _ => {}
    }
    tags
}

/// Whether values of the type are objects, so that the variant can write its tag into them.
fn is_object(context: Context<'_>, ty: &Type) -> bool {
    match ty {
        Type::Map(_) | Type::Object => true,
        Type::Named(id) => matches!(context.api.type_def(*id).shape, Shape::Struct(_)),
        _ => false,
    }
}

/// `From` for the type of each variant, where it tells which variant is meant.
fn emit_conversions(context: Context<'_>, shape: &Union, names: &TypeNames) -> TokenStream {
    let name = ident(&names.name);
    let types: Vec<_> = shape.variants.iter().map(|variant| emit_type(context, From::Types, &variant.ty)).collect();
    let mut written: HashMap<String, usize> = HashMap::default();
    for ty in &types {
        *written.entry(ty.to_string()).or_default() += 1;
    }
    let conversions = shape.variants.iter().zip(&types).zip(&names.members).filter_map(|((variant, ty), member)| {
        let is_alone = written.get(&ty.to_string()) == Some(&1);
        let member = ident(member);
        let is_boxed = is_boxed(context.api, &variant.ty);
        let value = if is_boxed {
            quote! { Box::new(value) }
        } else {
            quote! { value }
        };
        (is_alone && !matches!(variant.ty, Type::Any | Type::Nullable(_))).then(|| {
            quote! {
                impl From<#ty> for #name {
                    fn from(value: #ty) -> Self {
                        Self::#member(#value)
                    }
                }
            }
        })
    });
    let text = text_variant(context, shape).map(|index| {
        let member = ident(&names.members[index]);
        quote! {
            impl From<&str> for #name {
                fn from(value: &str) -> Self {
                    Self::#member(value.into())
                }
            }
        }
    });
    conversions.chain(text).collect()
}

/// The variant that a text becomes: the one that takes any, or else the only one that is a text at all.
fn text_variant(context: Context<'_>, shape: &Union) -> Option<usize> {
    let takes_any = shape.variants.iter().position(|variant| variant.ty == Type::Text);
    let is_enum = |variant: &Variant| matches!(variant.ty, Type::Named(id) if matches!(context.api.type_def(id).shape, Shape::Enum(_)));
    let mut enums = shape.variants.iter().enumerate().filter(|(_, variant)| is_enum(variant));
    takes_any.or_else(|| enums.next().filter(|_| enums.next().is_none()).map(|(index, _)| index))
}
