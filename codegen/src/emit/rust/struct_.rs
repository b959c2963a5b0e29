//! A model: a struct with its constructor and setters.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{
    Context,
    argument::{Argument, emit_argument},
    convert::{Conversion, emit_struct_conversion},
    docs::{Comment, NULL, emit_doc, emit_own_doc},
    held::{Holding, emit_boxed, emit_constant, held_type, holding, inner_type},
    ident, once,
    type_ref::{From, emit_type},
};
use crate::{
    emit::facts,
    ir::{Field, Limit, Struct, Type, TypeDef},
    name::TypeNames,
};

pub(super) fn emit_struct(context: Context<'_>, def: &TypeDef, shape: &Struct, names: &TypeNames) -> TokenStream {
    let name = ident(&names.name);
    let doc = once(Comment::of_type(context, def).emit());
    let fields = shape.fields.iter().zip(&names.members).map(|(field, name)| emit_field(context, def, field, name));
    let additional = shape.additional.as_ref().map(|ty| {
        let name = ident(&names.additional);
        let ty = additional_type(context, ty);
        let names = def.docs.limits.iter().filter(|limit| matches!(limit, Limit::Names(_)));
        let names = names.map(|limit| format!(" {}", facts::sentence(&facts::limit(limit))));
        let doc = emit_doc(&format!("Additional properties, by name.{}", names.collect::<String>()));
        quote! {
            #doc
            pub #name: #ty
        }
    });
    let fields = fields.chain(additional).map(once);
    let has_constants = shape.fields.iter().any(|field| field.constant.is_some());
    let default = (names.arguments.is_empty() && !has_constants).then(|| quote! { , Default });
    let default_by_new = (names.arguments.is_empty() && has_constants).then(|| {
        quote! {
            impl Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    let (from, into) = match emit_struct_conversion(context, def, shape, names) {
        Some(Conversion::Trait(from)) => (Some(from), None),
        Some(Conversion::Method(into)) => (None, Some(into)),
        None => (None, None),
    };
    let from = from.map(once);
    let required = emit_required(context, def, shape, names).map(once);
    let constructor = once(emit_constructor(context, def, shape, names));
    let setters =
        shape.fields.iter().zip(&names.members).filter_map(|(field, name)| emit_setter(context, def, field, name));
    let setters = setters.map(once);
    let additional_setter = shape.additional.as_ref().map(|ty| emit_additional_setter(context, ty, names));
    quote! {
        #required

        #doc
        #[derive(Debug, Clone, PartialEq #default)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields),*
        }

        impl #name {
            #constructor
            #(#setters)*
            #additional_setter
            #into
        }

        #default_by_new

        #from
    }
}

fn additional_type(context: Context<'_>, ty: &Type) -> TokenStream {
    match ty {
        Type::Any => quote! { ::serde_json::Map<String, ::serde_json::Value> },
        ty => emit_type(context, From::Types, &Type::Map(Box::new(ty.clone()))),
    }
}

fn emit_field(context: Context<'_>, def: &TypeDef, field: &Field, name: &str) -> TokenStream {
    let doc = once(Comment::of_field(context, def, field, name).emit());
    let ty = once(held_type(context, def, field));
    let name = ident(name);
    quote! { #doc pub #name: #ty }
}

/// The struct of the required fields, where there are too many for arguments.
fn emit_required(context: Context<'_>, def: &TypeDef, shape: &Struct, names: &TypeNames) -> Option<TokenStream> {
    let required = ident(names.required.as_ref()?);
    let doc = emit_doc(&format!("The required fields of [`{}`].", names.name));
    let fields = names.arguments.iter().map(|index| {
        let field = &shape.fields[*index];
        let name = &names.members[*index];
        let doc = once(Comment::of_field(context, def, field, name).emit());
        let name = ident(name);
        let ty = once(inner_type(context, field));
        once(quote! { #doc pub #name: #ty })
    });
    Some(quote! {
        #doc
        #[derive(Debug, Clone)]
        pub struct #required {
            #(#fields),*
        }
    })
}

fn emit_constructor(context: Context<'_>, def: &TypeDef, shape: &Struct, names: &TypeNames) -> TokenStream {
    if names.arguments.is_empty() && shape.fields.iter().all(|field| field.constant.is_none()) {
        // A setter of that name would stand in the way of the trait's function.
        let has_default = names.members.iter().any(|name| name == "default");
        let default = if has_default {
            quote! { <Self as Default>::default() }
        } else {
            quote! { Self::default() }
        };
        return quote! {
            #[doc = " Creates an empty value."]
            pub fn new() -> Self {
                #default
            }
        };
    }
    let as_struct = names.required.is_some();
    let parameters = once(emit_parameters(context, shape, names));
    let fields = shape.fields.iter().zip(&names.members);
    let values = fields.map(|(field, name)| emit_initial(context, def, field, &ident(name), as_struct));
    let additional = shape.additional.as_ref().map(|_| {
        let name = ident(&names.additional);
        quote! { #name: Default::default() }
    });
    let values = values.chain(additional).map(once);
    quote! {
        #[doc = " Creates a value with the required fields."]
        pub fn new(#parameters) -> Self {
            Self { #(#values),* }
        }
    }
}

/// How the constructor sets a field. With `as_struct`, its argument is a struct of the required fields.
fn emit_initial(context: Context<'_>, def: &TypeDef, field: &Field, name: &Ident, as_struct: bool) -> TokenStream {
    let holding = holding(def, field);
    let is_given = holding == Holding::Plain;
    let value = match emit_constant(field) {
        Some(constant) => constant,
        None if is_given && as_struct => quote! { required.#name },
        None if is_given => emit_boxed(field, emit_argument(context, From::Types, &field.ty, name).value),
        None if holding == Holding::List => quote! { Vec::new() },
        None => quote! { None },
    };
    if *name == value.to_string() {
        value
    } else {
        let value = once(value);
        quote! { #name: #value }
    }
}

/// What the constructor asks for.
fn emit_parameters(context: Context<'_>, shape: &Struct, names: &TypeNames) -> TokenStream {
    if let Some(required) = &names.required {
        let required = ident(required);
        return quote! { required: #required };
    }
    let parameters = names.arguments.iter().map(|index| {
        let name = ident(&names.members[*index]);
        let Argument { ty, .. } = emit_argument(context, From::Types, &shape.fields[*index].ty, &name);
        let ty = once(ty);
        once(quote! { #name: #ty })
    });
    quote! { #(#parameters),* }
}

fn emit_setter(context: Context<'_>, def: &TypeDef, field: &Field, name: &str) -> Option<TokenStream> {
    // What is never sent needs no setter.
    if field.is_withheld(def) {
        return None;
    }
    let holding = holding(def, field);
    let inner = field.ty.split_nullable().0;
    let ident = ident(name);
    let Argument { ty, value } = emit_argument(context, From::Types, inner, &ident);
    let value = emit_boxed(field, value);
    let (ty, value) = match holding {
        Holding::Plain => return None,
        Holding::List => (ty, value),
        Holding::Null | Holding::Optional => {
            let value = once(value);
            (ty, quote! { Some(#value) })
        }
        Holding::ThreeState => {
            let inner = inner_type(context, field);
            (quote! { impl Into<::lowcodeapi_runtime::Nullable<#inner>> }, quote! { Some(#ident.into()) })
        }
    };
    let mut doc = format!("Sets [`{name}`](Self#structfield.{name}).");
    if matches!(holding, Holding::ThreeState) {
        doc = format!("{doc} {NULL}");
    }
    let (doc, ty, value) = (once(emit_own_doc(&doc)), once(ty), once(value));
    let deprecated = field.docs.deprecated.then(|| quote! { #[deprecated] });
    Some(quote! {
        #doc
        #deprecated
        pub fn #ident(mut self, #ident: #ty) -> Self {
            self.#ident = #value;
            self
        }
    })
}

fn emit_additional_setter(context: Context<'_>, ty: &Type, names: &TypeNames) -> TokenStream {
    let field = ident(&names.additional);
    let setter = ident(&names.additional_setter);
    let Argument { ty, value } = emit_argument(context, From::Types, ty, &ident("value"));
    quote! {
        #[doc = " Sets an additional property. A field that has a value stands before one of the same name."]
        pub fn #setter(mut self, name: impl Into<String>, value: #ty) -> Self {
            self.#field.insert(name.into(), #value);
            self
        }
    }
}
