//! An example of a call, which compiles.

use proc_macro2::TokenStream;
use quote::quote;

use super::{held::is_boxed, ident, surface::compact, type_ref::tuple_of};
use crate::{
    emit::model::Model,
    format::{format_items, tree::trees},
    ir::{Field, Operation, Shape, Success, Type, TypeId, Variant},
    name::{OperationNames, TypeNames},
};

/// The example: one statement in an asynchronous function that has a `client` and returns the client's errors. Its required
/// inputs have values of their types, which need not be values that the server accepts. `None` where it would be too long.
pub(crate) fn example(model: &Model<'_>, operation: &Operation, names: &OperationNames) -> Option<String> {
    let call = emit_call(model, operation, names)?;
    let result = (operation.success != Success::Empty).then(|| quote! { let result = });
    let source = format_items(|| {
        trees(quote! {
            async fn example() {
                #result client.#call.await?;
            }
        })
    });
    // The statement without the function around it.
    let source = source.ok()?;
    let lines = source.lines().filter_map(|line| line.strip_prefix("    "));
    Some(lines.collect::<Vec<_>>().join("\n"))
}

/// The call of the method as an expression on one line, without the client: `get_tone("tone_id")`.
pub(crate) fn call_text(model: &Model<'_>, operation: &Operation, names: &OperationNames) -> Option<String> {
    emit_call(model, operation, names).map(compact)
}

/// A value as an argument takes it, as an expression on one line.
pub(crate) fn argument_text(model: &Model<'_>, ty: &Type, name: &str) -> Option<String> {
    Sample::new(model).argument(ty, name).map(compact)
}

/// A value of exactly this type, as an expression on one line.
pub(crate) fn exact_text(model: &Model<'_>, ty: &Type, name: &str) -> Option<String> {
    Sample::new(model).exact(ty, name).map(compact)
}

fn emit_call(model: &Model<'_>, operation: &Operation, names: &OperationNames) -> Option<TokenStream> {
    let mut sample = Sample::new(model);
    let inputs = names.arguments.iter().map(|index| (&operation.inputs[*index], &names.inputs[*index]));
    let arguments = if let Some(required) = &names.required {
        let required = ident(required);
        let fields = inputs.map(|(input, name)| {
            let (value, name) = (sample.exact(&input.ty, &input.wire)?, ident(name));
            Some(quote! { #name: #value })
        });
        let fields = fields.collect::<Option<Vec<_>>>()?;
        quote! { requests::#required { #(#fields),* } }
    } else {
        let values = inputs.map(|(input, _)| sample.argument(&input.ty, &input.wire));
        let values = values.collect::<Option<Vec<_>>>()?;
        quote! { #(#values),* }
    };
    let method = ident(&names.method);
    Some(quote! { #method(#arguments) })
}

/// The most values that an example has.
const MAX_VALUES: usize = 60;

/// Makes values of types.
struct Sample<'m, 'a> {
    model: &'m Model<'a>,
    /// The types that hold the value which is being made.
    open: Vec<TypeId>,
    /// How many values may still be made.
    left: usize,
}

impl<'m, 'a> Sample<'m, 'a> {
    fn new(model: &'m Model<'a>) -> Self {
        Self { model, open: Vec::new(), left: MAX_VALUES }
    }

    /// A value as an argument of a method takes it, which follows `emit_argument`.
    fn argument(&mut self, ty: &Type, name: &str) -> Option<TokenStream> {
        self.count()?;
        Some(match ty {
            Type::Text => quote! { #name },
            Type::DateTime => quote! { "2026-01-31T12:00:00Z" },
            Type::Decimal | Type::DecimalText => quote! { 1 },
            Type::Object => quote! { [("key", "value")] },
            Type::Map(value) => {
                let Some(sample) = self.within(|it| it.argument_of(value, name)) else {
                    let ty = self.ty(ty);
                    return Some(quote! { <#ty>::new() });
                };
                quote! { [("key", #sample)] }
            }
            Type::Array(item) => {
                let Some(sample) = self.within(|it| it.argument_of(item, name)) else {
                    let ty = self.ty(ty);
                    return Some(quote! { <#ty>::new() });
                };
                quote! { [#sample] }
            }
            Type::Tuple(tuple) => return self.tuple(&tuple.items, name),
            ty => return self.exact(ty, name),
        })
    }

    fn tuple(&mut self, items: &[Type], name: &str) -> Option<TokenStream> {
        let items = items.iter().map(|item| self.within(|it| it.exact(item, name))).collect::<Option<Vec<_>>>()?;
        Some(tuple_of(&items))
    }

    /// An item of a list, or a value of a map, which is converted where its type has conversions.
    fn argument_of(&mut self, ty: &Type, name: &str) -> Option<TokenStream> {
        match ty {
            Type::Text | Type::DateTime | Type::Decimal | Type::DecimalText | Type::Tuple(_) => self.argument(ty, name),
            ty => self.exact(ty, name),
        }
    }

    /// A value of exactly this type.
    fn exact(&mut self, ty: &Type, name: &str) -> Option<TokenStream> {
        self.count()?;
        Some(match ty {
            Type::Any => quote! { serde_json::json!({ "key": "value" }) },
            Type::Bool => quote! { true },
            Type::Int32 | Type::Int64 | Type::UInt64 | Type::Int128 | Type::UInt128 => quote! { 1 },
            Type::Decimal | Type::DecimalText => quote! { 1.into() },
            Type::Number => quote! { 1.5 },
            Type::Text => quote! { #name.to_owned() },
            Type::DateTime => quote! { DateTime::from("2026-01-31T12:00:00Z") },
            Type::Binary => quote! { Upload::from_bytes("file.txt", "text of the file") },
            Type::Object => quote! { serde_json::Map::new() },
            Type::Nullable(_) => quote! { None },
            Type::Array(item) => {
                let item = self.within(|it| it.exact(item, name));
                item.map_or_else(|| quote! { Vec::new() }, |item| quote! { vec![#item] })
            }
            Type::Map(value) => {
                let value = self.within(|it| it.exact(value, name));
                value.map_or_else(
                    || quote! { Default::default() },
                    |value| quote! { [("key".to_owned(), #value)].into() },
                )
            }
            Type::Tuple(tuple) => {
                let items = self.tuple(&tuple.items, name)?;
                if tuple.rest.is_some() {
                    quote! { #items.into() }
                } else {
                    items
                }
            }
            Type::Named(id) => return self.named(*id),
        })
    }

    fn named(&mut self, id: TypeId) -> Option<TokenStream> {
        if self.open.contains(&id) {
            return None;
        }
        self.open.push(id);
        let value = self.opened(id);
        self.open.pop();
        value
    }

    fn opened(&mut self, id: TypeId) -> Option<TokenStream> {
        let names = &self.model.names.types[id.0];
        let ty = ident(&names.name);
        match &self.model.api.type_def(id).shape {
            Shape::Enum(_) | Shape::IntegerEnum(_) => {
                let variant = ident(names.members.first()?);
                Some(quote! { types::#ty::#variant })
            }
            Shape::Union(union) => union.variants.iter().zip(&names.members).find_map(|(variant, member)| {
                let value = self.within(|it| it.held(variant))?;
                let member = ident(member);
                Some(quote! { types::#ty::#member(#value) })
            }),
            Shape::Struct(shape) => {
                let arguments = self.constructed(&shape.fields, names)?;
                Some(quote! { types::#ty::new(#arguments) })
            }
        }
    }

    /// What a variant of a union holds: models are boxed.
    fn held(&mut self, variant: &Variant) -> Option<TokenStream> {
        let value = self.exact(&variant.ty, "text")?;
        Some(if is_boxed(self.model.api, &variant.ty) {
            quote! { Box::new(#value) }
        } else {
            value
        })
    }

    /// The arguments of a model's constructor.
    fn constructed(&mut self, fields: &[Field], names: &TypeNames) -> Option<TokenStream> {
        let members = names.arguments.iter().map(|index| (&fields[*index], &names.members[*index]));
        let Some(required) = &names.required else {
            let values = members.map(|(field, _)| self.argument(&field.ty, &field.wire));
            let values = values.collect::<Option<Vec<_>>>()?;
            return Some(quote! { #(#values),* });
        };
        let required = ident(required);
        let values = members.map(|(field, name)| {
            let (value, name) = (self.exact(&field.ty, &field.wire)?, ident(name));
            let value = if field.boxed {
                quote! { Box::new(#value) }
            } else {
                value
            };
            Some(quote! { #name: #value })
        });
        let values = values.collect::<Option<Vec<_>>>()?;
        Some(quote! { types::#required { #(#values),* } })
    }

    /// Makes a value that can be left out; what was counted for one that cannot be made is not given back, so that the work
    /// stays bounded.
    fn within(&mut self, make: impl FnOnce(&mut Self) -> Option<TokenStream>) -> Option<TokenStream> {
        if self.open.len() < MAX_DEPTH { make(self) } else { None }
    }

    fn count(&mut self) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        Some(())
    }

    /// The type as an expression names it.
    fn ty(&self, ty: &Type) -> TokenStream {
        super::call::type_tokens(self.model, ty)
    }
}

/// How deep lists and unions are filled.
const MAX_DEPTH: usize = 4;
