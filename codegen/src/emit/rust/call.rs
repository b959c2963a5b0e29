//! How Rust code calls an operation: for back ends that write such code, or write about it.

use proc_macro2::TokenStream;
use quote::ToTokens;

use super::{
    Context,
    argument::emit_argument,
    ident,
    output::emit_output,
    surface::compact,
    type_ref::{From, emit_type},
};
use crate::{
    emit::model::Model,
    ir::{Input, Operation, Type},
    name::OperationNames,
};

/// A call of an operation by a method of the client.
pub(crate) struct Call<'a> {
    /// The inputs that the method asks for, in the order of its arguments or of the fields of the struct it takes.
    pub(crate) required: Vec<Given<'a>>,
    /// The struct in `requests` that holds the required inputs, where they are too many for arguments.
    pub(crate) required_struct: Option<&'a str>,
    /// The inputs that are methods of the request.
    pub(crate) optional: Vec<Given<'a>>,
    /// The type of the result.
    pub(crate) output: String,
}

/// An input as a caller gives it.
pub(crate) struct Given<'a> {
    pub(crate) input: &'a Input,
    /// The name of the argument, the field or the method.
    pub(crate) name: &'a str,
    /// The Rust type that it is given as.
    pub(crate) ty: String,
}

pub(crate) fn call_of<'a>(model: &Model<'a>, operation: &'a Operation, names: &'a OperationNames) -> Call<'a> {
    let context = Context { api: model.api, names: model.names, root: "super" };
    let argument = |ty: &Type, name: &str| short(emit_argument(context, From::Elsewhere, ty, &ident(name)).ty);
    let required = names.arguments.iter().map(|index| {
        let (input, name) = (&operation.inputs[*index], names.inputs[*index].as_str());
        let ty = if names.required.is_some() { type_text(model, &input.ty) } else { argument(&input.ty, name) };
        Given { input, name, ty }
    });
    let optional = operation.inputs.iter().zip(&names.inputs).filter(|(input, _)| !model.api.is_argument(input));
    let optional = optional.map(|(input, name)| {
        let ty = match input.ty.split_nullable() {
            (inner, true) => format!("impl Into<Nullable<{}>>", type_text(model, inner)),
            (inner, false) => argument(inner, name),
        };
        Given { input, name: name.as_str(), ty }
    });
    Call {
        required: required.collect(),
        required_struct: names.required.as_deref(),
        optional: optional.collect(),
        output: short(emit_output(context, operation, names).ty),
    }
}

/// A type as callers write it.
pub(crate) fn type_text(model: &Model<'_>, ty: &Type) -> String {
    short(emit_type(Context { api: model.api, names: model.names, root: "super" }, From::Elsewhere, ty))
}

/// A type in an expression of code that has imported what the client's crate exports.
pub(super) fn type_tokens(model: &Model<'_>, ty: &Type) -> TokenStream {
    let tokens = emit_type(Context { api: model.api, names: model.names, root: "super" }, From::Elsewhere, ty);
    let text = compact(tokens).replace("::lowcodeapi_runtime::", "").replace("::serde_json::", "serde_json::");
    text.parse().unwrap_or_default()
}

/// Tokens as a reader knows them: foreign names without the crates that they are from.
fn short(tokens: impl ToTokens) -> String {
    let mut text = compact(tokens);
    for path in ["::lowcodeapi_runtime::", "::serde_json::", "::std::collections::"] {
        text = text.replace(path, "");
    }
    text.replace(" <", "<")
}
