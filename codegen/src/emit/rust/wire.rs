//! How models are read and written, apart from the models: beside `types`, a file that callers need not look into.

use std::fmt::{self, Write};

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{
    Context,
    enum_::{integer_accessor, integer_type},
    held::{Holding, holding, literal_of},
    type_ref::{From, emit_name},
    union,
};
use crate::{
    format::aside,
    ir::{Field, Shape, Struct, Type, TypeDef, TypeId},
    name::TypeNames,
};

pub(super) fn emit_model(context: Context<'_>, id: TypeId, def: &TypeDef, names: &TypeNames) -> TokenStream {
    let model = emit_name(context, From::Elsewhere, id);
    match &def.shape {
        Shape::Struct(shape) => {
            let table = aside::source(table(def, shape, names));
            quote! { ::lowcodeapi_runtime::__private::model! { #table } }
        }
        Shape::Enum(_) => quote! { ::lowcodeapi_runtime::__private::text_model!(#model); },
        Shape::IntegerEnum(shape) => {
            let (ty, as_integer) = (integer_type(shape), integer_accessor(shape));
            quote! { ::lowcodeapi_runtime::__private::integer_model!(#model, #as_integer, #ty); }
        }
        Shape::Union(shape) => {
            let (decode, encode) =
                (union::emit_decode(context, shape, names), union::emit_encode(context, shape, names));
            let takes_null = shape.takes_any().then(|| {
                quote! {
                    fn takes_null() -> bool {
                        true
                    }
                }
            });
            quote! {
                impl ::lowcodeapi_runtime::__private::Decodable for #model {
                    fn decode(
                        from: ::lowcodeapi_runtime::__private::Decoder<'_>,
                    ) -> Result<Self, ::lowcodeapi_runtime::__private::Failure> {
                        #decode
                    }

                    #takes_null
                }

                impl ::lowcodeapi_runtime::__private::Encodable for #model {
                    fn encode(&self, to: ::lowcodeapi_runtime::__private::Encoder<'_>) {
                        #encode
                    }
                }

                ::lowcodeapi_runtime::__private::serde_by_model!(#model);
            }
        }
    }
}

/// The properties of a struct, a line each, as `model!` of the runtime reads them.
fn table(def: &TypeDef, shape: &Struct, names: &TypeNames) -> String {
    let mut table = format!("types::{} {{\n", names.name);
    for tag in &shape.tags {
        if let Some(value) = &tag.value {
            push(&mut table, format_args!("tag {} = {}", literal(&tag.property), literal_of(value)));
        }
    }
    for (field, name) in shape.fields.iter().zip(&names.members) {
        push_field(&mut table, def, field, name);
    }
    // Callers may give a request what a response has.
    for name in shape.foreign.iter().filter(|_| def.received().is_some()) {
        push(&mut table, format_args!("foreign {}", literal(name)));
    }
    if let Some(additional) = &shape.additional {
        push_rest(&mut table, shape, additional, &names.additional);
    }
    table.push('}');
    table
}

fn push_field(table: &mut String, def: &TypeDef, field: &Field, name: &str) {
    let kind = match holding(def, field) {
        Holding::Plain => "required",
        Holding::Null => "nullable",
        // `null` is a value of untyped JSON.
        Holding::Optional if *field.ty.split_nullable().0 == Type::Any => "three_state",
        Holding::Optional => "optional",
        Holding::List => "list",
        Holding::ThreeState => "three_state",
    };
    let aliases = literals(" or ", field.aliases.iter());
    let as_text = if field.ty.has_decimal_text() { ", decimals_as_text" } else { "" };
    let withheld = if field.is_withheld(def) { ", read_only" } else { "" };
    push(table, format_args!("{kind} {name} = {}{aliases}{as_text}{withheld}", literal(&field.wire)));
}

fn push_rest(table: &mut String, shape: &Struct, additional: &Type, name: &str) {
    let kind = if *additional == Type::Any { "values" } else { "map" };
    let excepted = literals(" except ", shape.tags.iter().map(|tag| &tag.property).chain(&shape.foreign));
    let as_text = if additional.has_decimal_text() { ", decimals_as_text" } else { "" };
    push(table, format_args!("rest {name} as {kind}{excepted}{as_text}"));
}

fn push(table: &mut String, line: fmt::Arguments<'_>) {
    table.push_str("    ");
    // Writing to a string never fails.
    let _ = table.write_fmt(line);
    table.push_str(";\n");
}

/// The texts in brackets, after a word, if there are any.
fn literals<'a>(word: &str, texts: impl Iterator<Item = &'a String>) -> String {
    let texts: Vec<String> = texts.map(|text| literal(text)).collect();
    if texts.is_empty() { String::new() } else { format!("{word}[{}]", texts.join(", ")) }
}

fn literal(text: &str) -> String {
    Literal::string(text).to_string()
}
