//! Conversions from the type that responses have of a schema to the one that requests have, so that a value that was read can be
//! changed and sent back.

use foldhash::HashMap;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{
    Context,
    argument::{Argument, emit_argument},
    docs::emit_doc,
    held::{Holding, emit_boxed, emit_constant, held_type, holding, is_boxed},
    ident,
    type_ref::{From, emit_type, tuple_of},
};
use crate::{
    ir::{Field, Shape, Struct, Twin, Type, TypeDef, Union},
    name::TypeNames,
};

/// The conversion of a struct that responses have.
pub(super) enum Conversion {
    /// An implementation of `From`.
    Trait(TokenStream),
    /// A method that takes what only callers know.
    Method(TokenStream),
}

pub(super) fn emit_struct_conversion(
    context: Context<'_>,
    def: &TypeDef,
    shape: &Struct,
    names: &TypeNames,
) -> Option<Conversion> {
    let (sent, sent_names) = (context.api.type_def(def.sent()?), &context.names.types[def.sent()?.0]);
    let Shape::Struct(sent_shape) = &sent.shape else { return None };
    let is_enough = is_enough(sent);
    let from = ident(if is_enough { "value" } else { "self" });
    let mut parts = Parts { from, is_read: false, arguments: Vec::new(), values: Vec::new() };
    let own: HashMap<&str, (&Field, &String)> =
        shape.fields.iter().zip(&names.members).map(|pair| (pair.0.wire.as_str(), pair)).collect();
    for (field, name) in sent_shape.fields.iter().zip(&sent_names.members) {
        match own.get(field.wire.as_str()) {
            Some((own, own_name)) if is_converted(context, &own.ty) => {
                let place = parts.place(own_name);
                parts.set(name, &emit_field(context, holding(sent, field), (own, field), &place));
            }
            None if !field.required => parts.set(name, &quote! { None }),
            None if field.constant.is_some() => parts.set(name, &emit_constant(field).unwrap_or_default()),
            _ => parts.ask(name, emit_missing(context, sent, field, &ident(name))),
        }
    }
    if let (Some(own), Some(additional)) = (&shape.additional, &sent_shape.additional) {
        let map = |ty: &Type| Type::Map(Box::new(ty.clone()));
        if is_converted(context, own) {
            let place = parts.place(&names.additional);
            parts.set(&sent_names.additional, &emit_value(context, &map(own), place));
        } else {
            let name = ident(&sent_names.additional);
            let ty = emit_type(context, From::Types, &map(additional));
            parts.ask(&sent_names.additional, Argument { ty, value: quote! { #name } });
        }
    }
    let (received, target) = (ident(&names.name), ident(&sent_names.name));
    let Parts { is_read, arguments, values, .. } = parts;
    if is_enough {
        let value = ident(if is_read { "value" } else { "_value" });
        return Some(Conversion::Trait(quote! {
            impl From<#received> for #target {
                fn from(#value: #received) -> Self {
                    Self { #(#values),* }
                }
            }
        }));
    }
    let doc = emit_doc(&format!("Converts it to [`{}`], with what responses lack.", sent_names.name));
    let allow = (arguments.len() >= MANY).then(|| {
        quote! { #[allow(clippy::too_many_arguments, reason = "a request needs them")] }
    });
    Some(Conversion::Method(quote! {
        #doc
        #allow
        pub fn into_input(self, #(#arguments),*) -> #target {
            #target { #(#values),* }
        }
    }))
}

/// From this number of arguments besides `self`, clippy finds a method to have too many.
const MANY: usize = 7;

/// The parts of a conversion.
struct Parts {
    /// The value that is converted.
    from: Ident,
    /// Whether a field of the value is read.
    is_read: bool,
    arguments: Vec<TokenStream>,
    /// The fields of the new value.
    values: Vec<TokenStream>,
}

impl Parts {
    /// A field of the value.
    fn place(&mut self, name: &str) -> TokenStream {
        self.is_read = true;
        let (from, name) = (&self.from, ident(name));
        quote! { #from.#name }
    }

    fn set(&mut self, name: &str, value: &TokenStream) {
        let name = ident(name);
        let is_named_so = name == value.to_string();
        self.values.push(if is_named_so {
            quote! { #name }
        } else {
            quote! { #name: #value }
        });
    }

    /// Sets a field to an argument of its name.
    fn ask(&mut self, name: &str, argument: Argument) {
        let (field, ty) = (ident(name), argument.ty);
        self.arguments.push(quote! { #field: #ty });
        self.set(name, &argument.value);
    }
}

/// The conversion of a union that responses have, if each variant has one.
pub(super) fn emit_union_conversion(
    context: Context<'_>,
    def: &TypeDef,
    shape: &Union,
    names: &TypeNames,
) -> Option<TokenStream> {
    let sent_names = &context.names.types[def.sent()?.0];
    if !is_enough(context.api.type_def(def.sent()?)) {
        return None;
    }
    let (received, target) = (ident(&names.name), ident(&sent_names.name));
    let variants = shape.variants.iter().zip(names.members.iter().zip(&sent_names.members));
    let arms = variants.map(|(variant, (own, other))| {
        let (own, other) = (ident(own), ident(other));
        let value = if !is_parted(context, &variant.ty) {
            quote! { value }
        } else if is_boxed(context.api, &variant.ty) {
            let value = emit_value(context, &variant.ty, quote! { *value });
            quote! { Box::new(#value) }
        } else {
            emit_value(context, &variant.ty, quote! { value })
        };
        quote! { #received::#own(value) => Self::#other(#value), }
    });
    Some(quote! {
        impl From<#received> for #target {
            fn from(value: #received) -> Self {
                match value {
                    #(#arms)*
                    #received::Unknown(value) => Self::Unknown(value),
                }
            }
        }
    })
}

/// What the caller says of a field that the value of a response cannot give.
fn emit_missing(context: Context<'_>, sent: &TypeDef, field: &Field, name: &Ident) -> Argument {
    if holding(sent, field) == Holding::Plain {
        let Argument { ty, value } = emit_argument(context, From::Types, &field.ty, name);
        return Argument { ty, value: emit_boxed(field, value) };
    }
    Argument { ty: held_type(context, sent, field), value: quote! { #name } }
}

/// Whether what responses have of the type is enough.
fn is_enough(sent: &TypeDef) -> bool {
    matches!(sent.twin, Some(Twin::Received { is_enough: true, .. }))
}

/// Whether the type is another one in requests.
fn is_parted(context: Context<'_>, ty: &Type) -> bool {
    ty.all_named().into_iter().any(|id| context.api.type_def(id).sent().is_some())
}

/// Whether each value of the type is one for requests, or becomes one.
fn is_converted(context: Context<'_>, ty: &Type) -> bool {
    let mut sent = ty.all_named().into_iter().filter_map(|id| context.api.type_def(id).sent());
    sent.all(|id| is_enough(context.api.type_def(id)))
}

/// The value of a field for requests, from that of the same field of responses, which is held in the same way.
fn emit_field(context: Context<'_>, holding: Holding, fields: (&Field, &Field), from: &TokenStream) -> TokenStream {
    let (own, field) = fields;
    let ty = own.ty.split_nullable().0;
    let (is_parted, is_boxed) = (is_parted(context, ty), own.boxed || field.boxed);
    if !is_parted && own.boxed == field.boxed {
        return from.clone();
    }
    let inner = |value: TokenStream| {
        let value = if own.boxed {
            quote! { *#value }
        } else {
            value
        };
        let value = emit_value(context, ty, value);
        if field.boxed {
            quote! { Box::new(#value) }
        } else {
            value
        }
    };
    let is_plain = matches!(ty, Type::Named(_)) && is_parted && !is_boxed;
    match holding {
        Holding::Plain | Holding::List => inner(from.clone()),
        Holding::Null | Holding::Optional if is_plain => quote! { #from.map(Into::into) },
        Holding::Null | Holding::Optional => {
            let value = inner(quote! { value });
            quote! { #from.map(|value| #value) }
        }
        Holding::ThreeState if is_plain => quote! { #from.map(|value| value.map(Into::into)) },
        Holding::ThreeState => {
            let value = inner(quote! { value });
            quote! { #from.map(|value| value.map(|value| #value)) }
        }
    }
}

/// The value of a type for requests, from that for responses.
fn emit_value(context: Context<'_>, ty: &Type, from: TokenStream) -> TokenStream {
    if !is_parted(context, ty) {
        return from;
    }
    let is_place = from.to_string().starts_with('*');
    let receiver = if is_place {
        quote! { (#from) }
    } else {
        from.clone()
    };
    let each = |inner: &Type| match inner {
        Type::Named(_) => quote! { Into::into },
        inner => {
            let value = emit_value(context, inner, quote! { value });
            quote! { |value| #value }
        }
    };
    match ty {
        Type::Array(inner) => {
            let each = each(inner);
            quote! { #receiver.into_iter().map(#each).collect() }
        }
        Type::Map(inner) => {
            let value = emit_value(context, inner, quote! { value });
            quote! { #receiver.into_iter().map(|(name, value)| (name, #value)).collect() }
        }
        Type::Nullable(inner) => {
            let each = each(inner);
            quote! { #receiver.map(#each) }
        }
        Type::Tuple(tuple) => {
            let names: Vec<TokenStream> = (0..tuple.items.len())
                .map(|index| {
                    let name = format_ident!("item_{index}");
                    quote! { #name }
                })
                .collect();
            let pattern = tuple_of(&names);
            let items = tuple.items.iter().zip(names).map(|(item, name)| emit_value(context, item, name));
            let items = tuple_of(&items.collect::<Vec<_>>());
            match &tuple.rest {
                None => quote! { { let #pattern = #from; #items } },
                Some(rest) => {
                    let rest = emit_value(context, &Type::Array(Box::new(rest.clone())), quote! { rest });
                    quote! {
                        {
                            let ::lowcodeapi_runtime::Tuple { items: #pattern, rest } = #from;
                            ::lowcodeapi_runtime::Tuple { items: #items, rest: #rest }
                        }
                    }
                }
            }
        }
        _ => quote! { #receiver.into() },
    }
}
