//! A string of known values, open to others.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::{
    Context,
    docs::{Comment, clean, clean_code, emit_doc},
    ident, once,
};
use crate::{
    ir::{Enum, IntegerEnum, Known, Type, TypeDef},
    name::TypeNames,
    unseen::is_unseen,
};

/// What an enum does with other values.
const OPEN: &str = "Other values are kept as [`Unknown`](Self::Unknown) and sent unchanged.";

pub(super) fn emit_enum(context: Context<'_>, def: &TypeDef, shape: &Enum, names: &TypeNames) -> TokenStream {
    let name = ident(&names.name);
    let doc = Comment::of_type(context, def).paragraph(OPEN).emit();
    let variants: Vec<_> = names.members.iter().map(|name| ident(name)).collect();
    let values: Vec<_> = shape.values.iter().map(|value| &value.wire).collect();
    let docs = shape.values.iter().map(|value| once(emit_value_doc(value, &value_doc(&value.wire))));
    quote! {
        #doc
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#docs #variants,)*
            #[doc = " Any other value."]
            Unknown(::lowcodeapi_runtime::UnknownValue<Self>),
        }

        impl #name {
            #[doc = " The known values."]
            pub const VALUES: &'static [Self] = &[#(Self::#variants),*];

            #[doc = " Returns the string that the API uses for the value."]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #values,)*
                    Self::Unknown(value) => value,
                }
            }
        }

        impl From<&str> for #name {
            fn from(value: &str) -> Self {
                match value {
                    #(#values => Self::#variants,)*
                    other => Self::Unknown(::lowcodeapi_runtime::__private::unknown(other)),
                }
            }
        }

        ::lowcodeapi_runtime::__private::text_enum!(#name);
    }
}

/// An integer of known values, open to others.
pub(super) fn emit_integer_enum(
    context: Context<'_>,
    def: &TypeDef,
    shape: &IntegerEnum,
    names: &TypeNames,
) -> TokenStream {
    let name = ident(&names.name);
    let doc = Comment::of_type(context, def).paragraph(OPEN).emit();
    let variants: Vec<_> = names.members.iter().map(|name| ident(name)).collect();
    let values: Vec<_> = shape.values.iter().map(|value| Literal::i128_unsuffixed(value.wire)).collect();
    let ty = integer_type(shape);
    let as_integer = integer_accessor(shape);
    let accessor = (shape.ty() != Type::Int64).then(|| quote! { , #as_integer, #ty });
    let docs = shape.values.iter().map(|value| once(emit_value_doc(value, &format!("`{}`", value.wire))));
    quote! {
        #doc
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#docs #variants,)*
            #[doc = " Any other value."]
            Unknown(::lowcodeapi_runtime::UnknownValue<Self, #ty>),
        }

        impl #name {
            #[doc = " The known values."]
            pub const VALUES: &'static [Self] = &[#(Self::#variants),*];

            #[doc = " Returns the integer that the API uses for the value."]
            pub fn #as_integer(self) -> #ty {
                match self {
                    #(Self::#variants => #values,)*
                    Self::Unknown(value) => *value,
                }
            }
        }

        impl From<#ty> for #name {
            fn from(value: #ty) -> Self {
                match value {
                    #(#values => Self::#variants,)*
                    other => Self::Unknown(::lowcodeapi_runtime::__private::unknown(other)),
                }
            }
        }

        ::lowcodeapi_runtime::__private::integer_enum!(#name #accessor);
    }
}

/// The integers that an enum stands for.
pub(super) fn integer_type(shape: &IntegerEnum) -> Ident {
    ident(match shape.ty() {
        Type::UInt64 => "u64",
        Type::Int128 => "i128",
        _ => "i64",
    })
}

/// The method that returns the integer of an enum.
pub(super) fn integer_accessor(shape: &IntegerEnum) -> Ident {
    ident(&format!("as_{}", integer_type(shape)))
}

/// The value, and upstream's words on it.
fn emit_value_doc<T>(value: &Known<T>, written: &str) -> TokenStream {
    let description = value.description.as_deref().map(clean).unwrap_or_default();
    let is_clause = written.ends_with('`') && !description.contains('\n');
    let between = if is_clause { ": " } else { "\n\n" };
    emit_doc(&if description.is_empty() { written.to_owned() } else { format!("{written}{between}{description}") })
}

fn value_doc(value: &str) -> String {
    if !value.is_empty() && value.chars().all(|c| !is_unseen(c) && c != '`') {
        return format!("`{value}`");
    }
    let escaped = value.chars().fold(String::new(), |mut escaped, c| {
        if is_unseen(c) && !c.is_control() {
            escaped.extend(c.escape_unicode());
        } else {
            escaped.extend(c.escape_debug());
        }
        escaped
    });
    clean_code(&format!("\"{escaped}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_with_their_unseen_characters() {
        for (value, doc) in [
            ("a b", "`a b`"),
            ("", "`\"\"`"),
            ("a`", "`` \"a`\" ``"),
            ("'\u{34f}", "`\"\\'\\u{34f}\"`"),
            ("\n", "`\"\\n\"`"),
        ] {
            assert_eq!(value_doc(value), doc);
        }
    }
}
