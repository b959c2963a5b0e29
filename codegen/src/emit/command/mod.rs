//! The back end of the command line: the table of its commands, for the crate `lowcodeapi-cli`.

mod option;
mod sample;

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use self::{option::options_of, sample::sample};
use crate::{
    emit::{
        model::{Backend, Draft, Model},
        plain::{first_sentence, plain},
        raw::raw,
        rust::{
            ident,
            plan::{EmitGroup, Plan},
            render::render,
        },
    },
    ir::Operation,
    name::{OperationNames, program_name},
};

/// The table of commands.
pub(super) struct Command;

impl Backend for Command {
    fn files(&self, model: &Model<'_>) -> Vec<Draft> {
        let root: EmitGroup<'_> = Box::new(move || emit_root(model));
        let operations = model.api.operations.iter().zip(&model.names.operations);
        let commands = operations
            .map(|(operation, names)| -> EmitGroup<'_> { Box::new(move || emit_command(model, operation, names)) });
        let groups = std::iter::once(root).chain(commands).collect();
        render(model, &[Plan::of("commands.rs", None, groups)])
    }
}

fn emit_root(model: &Model<'_>) -> TokenStream {
    let name = program_name(&model.names.package);
    let description = model.api.description.as_deref().unwrap_or_default();
    let about = match first_sentence(description) {
        sentence if sentence.is_empty() => format!("Calls the operations of {}", model.api.title),
        sentence => sentence,
    };
    let long = plain(description);
    let long = (!long.is_empty()).then(|| quote! { .long_about(#long) });
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (operation, names) in model.api.operations.iter().zip(&model.names.operations) {
        let tags = groups.entry(&names.words.group).or_default();
        let tag = operation.tag.as_deref().map(str::trim).unwrap_or_default();
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    let groups = groups.into_iter().filter(|(group, _)| !group.is_empty()).map(|(group, tags)| {
        let described = tags.iter().find_map(|tag| model.api.tags.about(tag)).map(first_sentence);
        let about =
            described.filter(|it| !it.is_empty()).unwrap_or_else(|| format!("Operations of {}", tags.join(", ")));
        quote! { ::lowcodeapi_cli::table::Group::new(#group, #about) }
    });
    let commands = model.names.operations.iter().map(constant);
    quote! {
        /// The commands of the command line, one for each operation, in the order of the document.
        pub(crate) static COMMANDS: ::lowcodeapi_cli::table::Commands = ::lowcodeapi_cli::table::Commands::new(#name, #about)
            #long
            .groups(&[#(#groups),*])
            .commands(&[#(#commands),*]);
    }
}

/// The name of the constant of a command. `COMMANDS` is that of the table.
fn constant(names: &OperationNames) -> Ident {
    let name = super::catalogue::constant(names);
    if name == "COMMANDS" { ident("COMMANDS_") } else { name }
}

fn emit_command(model: &Model<'_>, operation: &Operation, names: &OperationNames) -> TokenStream {
    let constant = constant(names);
    let (method, group, name) = (&names.method, &names.words.group, &names.words.name);
    let docs = &operation.docs;
    let summary = docs.summary.as_deref().or(docs.description.as_deref()).map(first_sentence);
    let about =
        summary.filter(|it| !it.is_empty()).unwrap_or_else(|| format!("{} {}", operation.method, operation.path));
    let long = docs.description.as_deref().map(plain).filter(|long| !long.is_empty());
    let long = long.map(|long| quote! { .long_about(#long) });
    let options = options_of(model, operation, names);
    let options = (!options.is_empty()).then(|| quote! { .options(&[#(#options),*]) });
    let sample = sample(model, operation, names).map(|sample| {
        let sample = raw(&sample.to_string());
        quote! { .sample(#sample) }
    });
    quote! {
        const #constant: ::lowcodeapi_cli::table::Command =
            ::lowcodeapi_cli::table::Command::new(#method, #group, #name, #about) #long #options #sample;
    }
}
