//! Which files there are, and what stands in each. Operations stand in modules by their tags where there are several of
//! those: the methods below `client`, the requests below `requests`, which hands them on.

use std::{
    collections::{BTreeMap, BTreeSet},
    iter,
};

use foldhash::{HashMap, HashSet};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{
    Context, Uses, client,
    docs::clean_code,
    enum_,
    equal::{Equal, find_equal},
    ident, operation, path, struct_,
    type_ref::emit_type_alias,
    union, wire,
};
use crate::{
    emit::model::Model,
    ir::{Api, Operation, Shape, TypeDef},
    name::{Names, OperationNames, TypeNames},
};

/// Emits one group of items that belong together, such as a model. Tokens cannot cross threads, but the function that makes
/// them can.
pub(in crate::emit) type EmitGroup<'a> = Box<dyn Fn() -> TokenStream + Send + Sync + 'a>;

/// A file to be, in groups of items that can be emitted and formatted apart.
pub(in crate::emit) struct Plan<'a> {
    /// Its path below the root of the generated modules.
    pub(in crate::emit) path: String,
    /// What it says of itself.
    pub(in crate::emit) docs: Option<String>,
    /// The way from it to the root.
    pub(in crate::emit) root: &'static str,
    /// What it declares and imports besides what its items are found to import.
    pub(in crate::emit) declarations: EmitGroup<'a>,
    /// The modules beside it that its tables name.
    pub(in crate::emit) siblings: &'static [&'static str],
    /// The names of its items.
    pub(in crate::emit) taken: HashSet<String>,
    pub(in crate::emit) groups: Vec<EmitGroup<'a>>,
}

/// The operations of one module, in the document's order.
type Members<'a> = Vec<(&'a Operation, &'a OperationNames)>;

/// Plans every file.
pub(super) fn plan_files<'a>(model: &Model<'a>) -> Vec<Plan<'a>> {
    let Model { api, names, has_catalogue, .. } = *model;
    let context = Context { api, names, root: "super" };
    if !api.has_client() {
        return plan_types_alone(context);
    }
    let equal = find_equal(api, names);
    let mut modules: BTreeMap<&str, Members<'_>> = BTreeMap::new();
    for (operation, names) in api.operations.iter().zip(&names.operations) {
        modules.entry(&names.module).or_default().push((operation, names));
    }
    let mut root = Plan::of("api.rs", None, vec![Box::new(move || emit_root(api, names, has_catalogue))]);
    // The file may be included in another one, which should get no imports.
    root.taken.insert("request_type".to_owned());
    let mut plans = vec![root];
    if modules.len() > 1 {
        plan_modules(context, modules, &equal, &mut plans);
    } else {
        let members: Members<'_> = modules.into_values().flatten().collect();
        let requests = plan_requests(context, &members, &equal, Plan::of("requests.rs", Some(REQUESTS), Vec::new()));
        let mut client = Plan::of("client.rs", None, vec![Box::new(move || client::emit_client(context, &members))]);
        client.taken = client_names();
        plans.extend([client, requests]);
    }
    let markers: EmitGroup<'_> = Box::new(|| operation::emit_markers(&names.operations));
    plans.push(Plan::of("operations.rs", Some(OPERATIONS), vec![markers]));
    plans.extend(plan_models(context, TYPES));
    plans
}

/// Plans the files of a document without operations.
fn plan_types_alone(context: Context<'_>) -> Vec<Plan<'_>> {
    let root = || {
        quote! {
            pub mod types;
            mod wire;
        }
    };
    let mut plans = vec![Plan::of("api.rs", None, vec![Box::new(root)])];
    plans.extend(plan_models(context, TYPES_ALONE));
    plans
}

fn plan_models<'a>(context: Context<'a>, docs: &str) -> [Plan<'a>; 2] {
    let taken = model_names(context.names);
    let wire = plan_wire(context);
    let siblings: &[&str] = if wire.is_empty() { &[] } else { &["types"] };
    [
        Plan { taken, ..Plan::of("types.rs", Some(docs), plan_types(context)) },
        Plan { siblings, ..Plan::of("wire.rs", Some(WIRE), wire) },
    ]
}

const REQUESTS: &str = " Requests: a name for that of each operation, as the methods of [`Client`](super::Client) return it. \
     Methods that all have are those of [their type](super::Request).";
const OPERATIONS: &str = " Operations: types that tell [requests](super::Request) apart.";
const TYPES: &str = " Models: the types that requests take and responses return.";
const TYPES_ALONE: &str = " Models: the types of the document.";
const WIRE: &str = " Decoding and encoding of the models in [`types`](super::types).";

fn emit_root(api: &Api, names: &Names, has_catalogue: bool) -> TokenStream {
    let credentials = (api.schemes.len() > 1).then(|| quote! { , Credentials });
    let server = names.servers.is_needed().then(|| quote! { , Server });
    let catalogue = has_catalogue.then(|| {
        quote! { #[cfg(feature = "catalogue")] pub mod catalogue; }
    });
    quote! {
        #catalogue
        mod client;
        #[doc(hidden)]
        pub mod operations;
        pub mod requests;
        pub mod types;
        mod wire;

        pub use client::{Client, ClientBuilder #credentials #server};

        ::lowcodeapi_runtime::__private::request_type!();
    }
}

fn plan_modules<'a>(
    context: Context<'a>,
    modules: BTreeMap<&'a str, Members<'a>>,
    equal: &HashMap<&str, Equal<'a>>,
    plans: &mut Vec<Plan<'a>>,
) {
    let nested = Context { root: "super::super", ..context };
    let mut client = Plan::of("client.rs", None, vec![Box::new(move || client::emit_client(context, &[]))]);
    let declared: Vec<&str> = modules.keys().copied().collect();
    client.declarations = Box::new(move || emit_modules("client", &declared));
    client.taken = client_names();
    let mut requests = Plan::of("requests.rs", Some(REQUESTS), Vec::new());
    let declared: Vec<&str> = modules.keys().copied().collect();
    requests.declarations = Box::new(move || {
        let modules = emit_modules("requests", &declared);
        // A crate may have the name of a module.
        let names = declared.iter().map(|name| ident(name));
        quote! { #modules #(pub use self::#names::*;)* }
    });
    let (mut methods, mut types) = (vec![client], vec![requests]);
    for (name, members) in modules {
        let tags = tags(&members);
        let docs = format!(" Requests of the operations {tags}.");
        let file = Plan::of(&format!("requests/{name}.rs"), Some(&docs), Vec::new());
        types.push(plan_requests(nested, &members, equal, Plan { root: nested.root, ..file }));
        let doc = format!("Operations {tags}.");
        methods.push(Plan {
            root: nested.root,
            declarations: Box::new(|| quote! { use super::Client; }),
            ..Plan::of(
                &format!("client/{name}.rs"),
                None,
                vec![Box::new(move || client::emit_module(nested, &doc, &members))],
            )
        });
    }
    plans.extend(methods);
    plans.extend(types);
}

/// The declarations of the modules below this one.
pub(in crate::emit) fn emit_modules(parent: &str, names: &[&str]) -> TokenStream {
    let modules = names.iter().map(|name| {
        // The compiler finds the file of a module by its name only where that is ASCII.
        let path = (!name.is_ascii()).then(|| {
            let path = format!("{parent}/{name}.rs");
            quote! { #[path = #path] }
        });
        let name = ident(name);
        quote! { #path mod #name; }
    });
    quote! { #(#modules)* }
}

/// The tags of these operations, as words that follow them.
fn tags(members: &Members<'_>) -> String {
    let tag =
        |operation: &Operation| operation.tag.as_deref().map(str::trim).filter(|tag| !tag.is_empty()).map(clean_code);
    let tags: Option<BTreeSet<String>> = members.iter().map(|(operation, _)| tag(operation)).collect();
    let tags: Vec<String> = tags.into_iter().flatten().collect();
    match tags.as_slice() {
        [] => "without a tag".to_owned(),
        [tag] => format!("tagged {tag}"),
        tags => format!("tagged {}", tags.join(" or ")),
    }
}

/// Plans the requests of these operations in a file.
fn plan_requests<'a>(
    context: Context<'a>,
    members: &Members<'a>,
    equal: &HashMap<&str, Equal<'a>>,
    file: Plan<'a>,
) -> Plan<'a> {
    let taken = request_names(members);
    let imports = !taken.contains("Request");
    let groups = members.iter().map(|&(operation, names)| -> EmitGroup<'a> {
        let equal = equal.get(names.request.as_str()).copied().unwrap_or_default();
        Box::new(move || operation::emit_operation(context, operation, names, equal, imports))
    });
    let root = context.root;
    let declarations: EmitGroup<'a> = Box::new(move || {
        let root = path(root);
        if imports {
            quote! { use #root::{Request, operations}; }
        } else {
            quote! { use #root::operations; }
        }
    });
    Plan { taken, declarations, groups: groups.collect(), ..file }
}

/// The names of the models.
fn model_names(names: &Names) -> HashSet<String> {
    let own = |names: &'_ TypeNames| [Some(names.name.clone()), names.required.clone(), names.former.clone()];
    names.types.iter().flat_map(own).flatten().collect()
}

/// The names of the items beside the requests of these operations.
fn request_names(members: &Members<'_>) -> HashSet<String> {
    let names = |names: &OperationNames| {
        let own = [Some(names.request.clone()), names.required.clone(), names.success.clone(), names.error.clone()];
        let groups = [&names.headers, &names.events].map(|group| group.as_ref().map(|group| group.name.clone()));
        let former = names.former.as_ref().map(|former| former.request.clone());
        own.into_iter().chain(groups).chain([former]).flatten()
    };
    members.iter().flat_map(|(_, it)| names(it)).collect()
}

/// The names of the items beside the client.
fn client_names() -> HashSet<String> {
    ["Client", "ClientBuilder", "Credentials", "Server"].map(str::to_owned).into_iter().collect()
}

fn plan_types(context: Context<'_>) -> Vec<EmitGroup<'_>> {
    let types = context.api.used_types().map(|(id, def)| (def, &context.names.types[id.0]));
    types.map(|(def, names)| -> EmitGroup<'_> { Box::new(move || emit_type_def(context, def, names)) }).collect()
}

fn emit_type_def(context: Context<'_>, def: &TypeDef, names: &TypeNames) -> TokenStream {
    let mut tokens = names.former.as_ref().map(|former| emit_type_alias(former, &names.name)).unwrap_or_default();
    tokens.extend(iter::once(match &def.shape {
        Shape::Struct(shape) => struct_::emit_struct(context, def, shape, names),
        Shape::Enum(shape) => enum_::emit_enum(context, def, shape, names),
        Shape::IntegerEnum(shape) => enum_::emit_integer_enum(context, def, shape, names),
        Shape::Union(shape) => union::emit_union(context, def, shape, names),
    }));
    tokens
}

fn plan_wire(context: Context<'_>) -> Vec<EmitGroup<'_>> {
    let types = context.api.used_types().map(|(id, def)| (id, def, &context.names.types[id.0]));
    types
        .map(|(id, def, names)| -> EmitGroup<'_> { Box::new(move || wire::emit_model(context, id, def, names)) })
        .collect()
}

impl<'a> Plan<'a> {
    /// A file directly below the root.
    pub(in crate::emit) fn of(path: &str, docs: Option<&str>, groups: Vec<EmitGroup<'a>>) -> Self {
        let docs = docs.map(str::to_owned);
        Self {
            path: path.to_owned(),
            docs,
            root: "super",
            declarations: Box::new(TokenStream::new),
            siblings: &[],
            taken: HashSet::default(),
            groups,
        }
    }

    /// What stands before the items: the file's documentation, its declarations, and a `use` for each name that its items
    /// are found to import.
    pub(super) fn emit_head(&self, uses: &Uses<'_>) -> TokenStream {
        let docs = self.docs.as_ref().map(|docs| quote! { #![doc = #docs] });
        let names = uses.names.iter().map(|(module, names)| {
            let module = path(module);
            let names: Vec<Ident> = names.iter().map(|name| ident(name)).collect();
            match names.as_slice() {
                [name] => quote! { use #module::#name; },
                names => quote! { use #module::{#(#names),*}; },
            }
        });
        let (root, declarations) = (path(self.root), (self.declarations)());
        let siblings = uses.siblings.iter().map(|name| ident(name));
        quote! { #docs #(#names)* #(use #root::#siblings;)* #declarations }
    }
}
