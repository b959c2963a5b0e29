//! How models are read and written, apart from the models: beside `types`, a file that callers need not look into.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{
    Context,
    enum_::{integer_accessor, integer_type},
    held::{Holding, holding},
    ident,
    type_ref::{From, emit_name},
    union,
};
use crate::{
    ir::{Shape, Struct, Type, TypeDef, TypeId},
    name::TypeNames,
};

pub(super) fn emit_model(context: Context<'_>, id: TypeId, def: &TypeDef, names: &TypeNames) -> TokenStream {
    let model = emit_name(context, From::Elsewhere, id);
    let (decode, encode) = match &def.shape {
        Shape::Struct(shape) => (emit_decode(def, shape, names), emit_encode(def, shape, names)),
        Shape::Enum(_) => (
            Code { argument: ident("from"), body: quote! { from.text() } },
            Code { argument: ident("to"), body: quote! { to.text(self.as_str()); } },
        ),
        Shape::IntegerEnum(shape) => {
            let (ty, as_integer) = (integer_type(shape), integer_accessor(shape));
            (
                Code { argument: ident("from"), body: quote! { #ty::decode(from).map(Self::from) } },
                Code { argument: ident("to"), body: quote! { self.#as_integer().encode(to); } },
            )
        }
        Shape::Union(shape) => (
            Code { argument: ident("from"), body: union::emit_decode(context, shape, names) },
            Code { argument: ident("to"), body: union::emit_encode(context, shape, names) },
        ),
    };
    let (Code { argument: from, body: decode }, Code { argument: to, body: encode }) = (decode, encode);
    quote! {
        impl ::lowcodeapi_runtime::__private::Decodable for #model {
            fn decode(#from: ::lowcodeapi_runtime::__private::Decoder<'_>) -> Result<Self, ::lowcodeapi_runtime::__private::Failure> {
                #decode
            }
        }

        impl ::lowcodeapi_runtime::__private::Encodable for #model {
            fn encode(&self, #to: ::lowcodeapi_runtime::__private::Encoder<'_>) {
                #encode
            }
        }

        ::lowcodeapi_runtime::__private::serde_by_model!(#model);
    }
}

/// The body of a function, and what its argument is called in it.
struct Code {
    argument: Ident,
    body: TokenStream,
}

fn emit_decode(def: &TypeDef, shape: &Struct, names: &TypeNames) -> Code {
    // The fields are read into variables of their names.
    let argument = free_name("from", names);
    let fields: Vec<_> = shape.fields.iter().zip(&names.members).map(|(field, name)| (field, ident(name))).collect();
    let variables = fields.iter().map(|(field, name)| {
        if holding(def, field) == Holding::List {
            quote! { let mut #name = Vec::new(); }
        } else {
            quote! { let mut #name = None; }
        }
    });
    let places = fields.iter().map(|(field, name)| {
        let kind = ident(match holding(def, field) {
            Holding::Plain => "required",
            Holding::Null | Holding::Optional => "optional",
            Holding::List => "list",
            Holding::ThreeState => "present",
        });
        let (wire, aliases) = (&field.wire, &field.aliases);
        let aliases = (!aliases.is_empty()).then(|| quote! { .or(&[#(#aliases),*]) });
        quote! { ::lowcodeapi_runtime::__private::Field::#kind(#wire, &mut #name)#aliases }
    });
    let required: Vec<_> =
        fields.iter().filter(|(field, _)| holding(def, field) == Holding::Plain).map(|(_, name)| name).collect();
    let present = match required.as_slice() {
        [] => None,
        [one] => Some(
            quote! { let Some(#one) = #one else { return Err(::lowcodeapi_runtime::__private::Failure::incomplete()) }; },
        ),
        more => Some(quote! {
            let (#(Some(#more)),*) = (#(#more),*) else { return Err(::lowcodeapi_runtime::__private::Failure::incomplete()) };
        }),
    };
    let additional = shape.additional.as_ref().map(|_| ident(&names.additional));
    let members = fields.iter().map(|(_, name)| name).chain(&additional);
    let read = match &additional {
        None => quote! { #argument.object(&mut [#(#places),*])?; },
        Some(rest) => {
            let map = if shape.additional == Some(Type::Any) {
                quote! { ::serde_json::Map }
            } else {
                quote! { ::std::collections::BTreeMap }
            };
            let tags: Vec<_> = shape.tags.iter().map(|tag| &tag.property).chain(&shape.foreign).collect();
            let into = if tags.is_empty() {
                quote! { &mut #rest }
            } else {
                quote! { &mut ::lowcodeapi_runtime::__private::Untagged::new(&mut #rest, &[#(#tags),*]) }
            };
            quote! {
                let mut #rest = #map::new();
                #argument.object_and_rest(&mut [#(#places),*], #into)?;
            }
        }
    };
    let body = quote! {
        #(#variables)*
        #read
        #present
        Ok(Self { #(#members),* })
    };
    Code { argument, body }
}

fn emit_encode(def: &TypeDef, shape: &Struct, names: &TypeNames) -> Code {
    let tags = shape.tags.iter().filter_map(|tag| {
        let (property, value) = (&tag.property, tag.value.as_ref()?);
        Some(quote! { ::lowcodeapi_runtime::__private::Member::required(#property, &#value) })
    });
    let members = shape.fields.iter().zip(&names.members).map(|(field, name)| {
        let kind = ident(match holding(def, field) {
            Holding::Plain | Holding::Null => "required",
            Holding::Optional | Holding::ThreeState => "optional",
            Holding::List => "list",
        });
        let (wire, name) = (&field.wire, ident(name));
        let as_text = field.ty.has_decimal_text().then(|| quote! { .decimals_as_text() });
        let withheld = field.is_withheld(def).then(|| quote! { .read_only() });
        quote! { ::lowcodeapi_runtime::__private::Member::#kind(#wire, &self.#name)#as_text #withheld }
    });
    // Callers may give a request what a response has.
    let is_given = def.received().is_some();
    let foreign = shape.foreign.iter().filter(|_| is_given);
    let foreign = foreign.map(|wire| quote! { ::lowcodeapi_runtime::__private::Member::foreign(#wire) });
    let members = tags.chain(members).chain(foreign);
    let body = if let Some(additional) = &shape.additional {
        let rest = ident(&names.additional);
        let rest = union::encoded(additional, &quote! { &self.#rest });
        let rest = if additional.has_decimal_text() {
            quote! { &#rest }
        } else {
            rest
        };
        quote! { to.object_and_rest(&[#(#members),*], #rest); }
    } else {
        quote! { to.object(&[#(#members),*]); }
    };
    Code { argument: ident("to"), body }
}

/// The word, or one like it that is no field's name.
fn free_name(word: &str, names: &TypeNames) -> Ident {
    let taken: HashSet<&str> = names.members.iter().chain([&names.additional]).map(String::as_str).collect();
    let mut name = word.to_owned();
    while taken.contains(name.as_str()) {
        name.push('_');
    }
    ident(&name)
}
