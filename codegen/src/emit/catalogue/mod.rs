//! The back end of the catalogue: the operations of the Rust client as data, and one function that calls any of them. The
//! files belong to the client's modules; `api.rs` declares them if the feature `catalogue` is on.

mod calls;
mod operation;

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

pub(super) use self::operation::{File, constant, file_of, is_secret};
use crate::{
    emit::{
        model::{Backend, Draft, Model},
        plain::plain_line,
        raw::raw,
        rust::{
            Context, ident,
            plan::{EmitGroup, Plan, emit_modules},
            render::render,
            security::place_doc,
        },
        schema::definitions,
    },
    ir::Operation,
    name::OperationNames,
};

/// The catalogue.
pub(super) struct Catalogue;

/// The operations of one module, with their places in the document.
type Members<'a> = Vec<(&'a Operation, &'a OperationNames)>;

impl Backend for Catalogue {
    fn files(&self, model: &Model<'_>) -> Vec<Draft> {
        let Model { api, names, .. } = *model;
        let mut modules: BTreeMap<&str, Members<'_>> = BTreeMap::new();
        for (operation, names) in api.operations.iter().zip(&names.operations) {
            modules.entry(&names.module).or_default().push((operation, names));
        }
        let taken = |members: &Members<'_>| members.iter().map(|(_, names)| names.method.clone()).collect();
        let mut root = Plan::of(
            "catalogue.rs",
            Some(" The operations as data, and calls by name with JSON inputs."),
            vec![Box::new(move || emit_root(model))],
        );
        let declared: Vec<&str> = modules.keys().map(|module| module_name(module)).collect();
        root.declarations = Box::new(move || {
            let modules = emit_modules("catalogue", &declared);
            quote! { #modules mod schemas; use super::{Client, ClientBuilder}; }
        });
        let mut plans = vec![root];
        for (module, members) in modules {
            let taken = taken(&members);
            let groups = members.into_iter().map(|(operation, names)| -> EmitGroup<'_> {
                Box::new(move || emit_operation(model, operation, names))
            });
            let path = format!("catalogue/{}.rs", module_name(module));
            let declarations: EmitGroup<'_> = Box::new(|| {
                let up = ident("super");
                quote! { use #up::#up::Client; }
            });
            plans.push(Plan { root: "super::super", taken, declarations, ..Plan::of(&path, None, groups.collect()) });
        }
        plans.push(Plan::of("catalogue/schemas.rs", None, vec![Box::new(move || emit_schemas(model))]));
        render(model, &plans)
    }
}

/// The module of a group of operations. `schemas` is the file of the schemas, and `types` the module of the models.
fn module_name(module: &str) -> &str {
    match module {
        "" => "operations",
        "schemas" => "schemas_",
        "types" => "types_",
        // A module must not have the name of the one around it, says Clippy.
        "catalogue" => "catalogue_",
        module => module,
    }
}

/// The call that sets the rate limits, if there are any.
fn emit_limits(model: &Model<'_>) -> Option<TokenStream> {
    let limits = model.api.rate_limits.iter().map(|limit| {
        let (name, requests) = (&limit.name, Literal::u32_unsuffixed(limit.requests));
        let seconds = Literal::u64_unsuffixed(limit.seconds);
        quote! { lowcodeapi_runtime::RateLimit::new(#name, #requests, ::std::time::Duration::from_secs(#seconds)) }
    });
    (!model.api.rate_limits.is_empty()).then(|| quote! { .rate_limits(&[#(#limits),*]) })
}

fn emit_root(model: &Model<'_>) -> TokenStream {
    let Model { api, names, .. } = *model;
    let (name, title, base_url, variables) = (&names.package, &api.title, &api.base_url, &names.env_prefix);
    let description = api.description.as_deref().map(plain_line).filter(|text| !text.is_empty());
    let description = description.map(|text| quote! { .description(#text) });
    let gateway = api.is_gateway().then(|| quote! { .gateway() });
    let url_format = api.is_gateway().then(|| {
        quote! {
            fn url_format(&self) -> Option<::lowcodeapi_runtime::UrlFormat> {
                Client::url_format(self)
            }
        }
    });
    let entries: Vec<(TokenStream, TokenStream)> = names
        .operations
        .iter()
        .map(|names| {
            let (module, function) = (ident(module_name(&names.module)), ident(&names.method));
            let constant = operation::constant(names);
            (quote! { &#module::#constant }, quote! { #module::#function })
        })
        .collect();
    let (operations, calls): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
    let credentials = api.schemes.iter().zip(&names.schemes).map(|(scheme, names)| {
        let (name, variable, place) = (&scheme.name, &names.variable, plain_line(&place_doc(scheme)));
        quote! { Credential::new(#name, #variable, #place) }
    });
    let credentials = (!api.schemes.is_empty()).then(|| quote! { .credentials(&[#(#credentials),*]) });
    let limits = emit_limits(model);
    quote! {
        pub use lowcodeapi_runtime::catalogue::*;

        /// The operations of the client.
        pub static CATALOGUE: Catalogue =
            Catalogue::new(#name, #title, #base_url, #variables, &[#(#operations),*])
                #description #gateway #credentials #limits .schemas(schemas::SCHEMAS);

        /// Makes the call of an operation, and takes its inputs.
        type Prepare = fn(&Client, &mut Inputs) -> Result<::lowcodeapi_runtime::__private::Call, ::lowcodeapi_runtime::Error>;

        /// The calls of the operations, in the same order.
        static CALLS: &[Prepare] = &[#(#calls),*];

        /// Calls the operation of this name with JSON inputs.
        ///
        /// # Errors
        ///
        /// Returns the error of the call, or [`InvalidRequest`](lowcodeapi_runtime::Error::InvalidRequest) if there is no
        /// such operation, or if it does not take these inputs.
        pub async fn call(
            client: &Client,
            operation: &str,
            inputs: impl Into<Inputs>,
        ) -> Result<Answer, ::lowcodeapi_runtime::Error> {
            Described::prepare(client, operation, inputs.into())?.send().await
        }

        impl Described for Client {
            const CATALOGUE: &'static Catalogue = &CATALOGUE;

            fn builder() -> ClientBuilder {
                Client::builder()
            }

            fn prepare(&self, operation: &str, mut inputs: Inputs) -> Result<Prepared, ::lowcodeapi_runtime::Error> {
                let index = CATALOGUE.position(operation)?;
                let call = CALLS[index](self, &mut inputs)?;
                inputs.finish()?;
                Ok(Prepared::new(CATALOGUE.operations[index], call))
            }

            #url_format
        }
    }
}

fn emit_operation(model: &Model<'_>, operation: &Operation, names: &OperationNames) -> TokenStream {
    let data = operation::emit_data(model, operation, names);
    let context = Context { api: model.api, names: model.names, root: "super::super" };
    let call = calls::emit_call(context, operation, names);
    quote! { #data #call }
}

fn emit_schemas(model: &Model<'_>) -> TokenStream {
    let schemas = definitions(model).into_iter().map(|(name, schema)| {
        let schema = raw(&schema.to_string());
        quote! { (#name, #schema) }
    });
    quote! {
        /// The named types, in the order of their names.
        pub(super) static SCHEMAS: &[(&str, &str)] = &[#(#schemas),*];
    }
}
