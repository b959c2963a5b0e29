//! The options of a command: an option an input, and one for each property of an object, with a dot between the names.

use foldhash::HashSet;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::{
    emit::{
        catalogue::{File, file_of, is_secret},
        facts,
        model::Model,
        plain::{first_sentence, plain, plain_line},
        rust::ident,
        schema::struct_of,
    },
    ir::{Direction, Docs, Input, Known, Operation, Shape, Slot, Type},
    name::OperationNames,
};

/// The options that every command has. An input of such a name is given as `--input-NAME`.
const OWN: &[&str] = &[
    "all",
    "base-url",
    "body",
    "color",
    "dry-run",
    "error-format",
    "help",
    "mock",
    "output",
    "retries",
    "sample",
    "schema",
    "select",
    "timeout",
    "to",
    "token-file",
    "url-format",
    "verbose",
    "version",
    "yes",
];

/// How deep objects have options for their properties.
const MAX_DEPTH: usize = 3;

/// The most options of a command. What has none is given with `--body` or as JSON.
const MAX_OPTIONS: usize = 80;

/// The options of an operation's inputs.
pub(super) fn options_of(model: &Model<'_>, operation: &Operation, names: &OperationNames) -> Vec<TokenStream> {
    let mut options = Options { model, taken: OWN.iter().map(|name| (*name).to_owned()).collect(), made: Vec::new() };
    let required = names.arguments.iter().copied();
    let others = (0..operation.inputs.len()).filter(|index| !names.arguments.contains(index));
    let inputs: Vec<(&Input, &str)> =
        required.chain(others).map(|index| (&operation.inputs[index], names.keys[index].as_str())).collect();
    // The options of inputs take their names before those of properties do.
    for (input, key) in &inputs {
        options.add_input(input, key, model.api.is_argument(input));
    }
    for (input, key) in &inputs {
        let name = if input.slot == Slot::JsonBody { String::new() } else { option_name(key) };
        options.add_properties(&input.ty, &Place { input: key, name: &name, path: &[] }, 1);
    }
    options.made
}

/// The options that are made.
struct Options<'m, 'a> {
    model: &'m Model<'a>,
    taken: HashSet<String>,
    made: Vec<TokenStream>,
}

/// The place of an object in the inputs.
struct Place<'p> {
    input: &'p str,
    /// The name of its option. Empty for the body, whose properties need no prefix.
    name: &'p str,
    path: &'p [&'p str],
}

impl Options<'_, '_> {
    fn add_input(&mut self, input: &Input, key: &str, is_required: bool) {
        // The option `--body` sets the whole body.
        if input.slot == Slot::JsonBody && struct_of(self.model.api, &input.ty).is_some() {
            return;
        }
        let Some(name) = self.claim(&option_name(key)) else { return };
        let mut option = self.value(&name, key, &input.ty, &input.docs);
        if is_required {
            option.extend(quote! { .required() });
        }
        if matches!(input.slot, Slot::Path(_)) && is_required {
            option.extend(quote! { .positional() });
        }
        if is_secret(input) {
            option.extend(quote! { .secret() });
        }
        self.made.push(option);
    }

    fn add_properties(&mut self, ty: &Type, place: &Place<'_>, depth: usize) {
        let Some(shape) = struct_of(self.model.api, ty) else { return };
        for field in shape.fields.iter().filter(|field| field.direction != Direction::Response) {
            if self.made.len() >= MAX_OPTIONS {
                return;
            }
            // A constant is written by the model.
            if field.only_value(self.model.api).is_some() && field.required {
                continue;
            }
            let own = option_name(&field.wire);
            if own.is_empty() {
                continue;
            }
            let wanted = if place.name.is_empty() { own } else { format!("{}.{own}", place.name) };
            let Some(name) = self.claim(&wanted) else { continue };
            let path: Vec<&str> = place.path.iter().copied().chain([field.wire.as_str()]).collect();
            let mut option = self.value(&name, place.input, &field.ty, &field.docs);
            option.extend(quote! { .path(&[#(#path),*]) });
            if field.required {
                option.extend(quote! { .required() });
            }
            self.made.push(option);
            if depth < MAX_DEPTH {
                self.add_properties(&field.ty, &Place { input: place.input, name: &name, path: &path }, depth + 1);
            }
        }
    }

    /// Claims a name. `None` if other options have both the name and its replacement.
    fn claim(&mut self, wanted: &str) -> Option<String> {
        let replacement = format!("input-{wanted}");
        [wanted.to_owned(), replacement].into_iter().find(|name| self.taken.insert(name.clone()))
    }

    fn value(&self, name: &str, key: &str, ty: &Type, docs: &Docs) -> TokenStream {
        let (ty, _) = ty.split_nullable();
        let (item, is_many) = match ty {
            Type::Array(item) => (item.split_nullable().0, true),
            Type::Map(_) | Type::Object => (ty, true),
            ty => (ty, false),
        };
        let kind = ident(if file_of(ty).is_some() { "File" } else { self.kind(item) });
        let text = docs.description.as_deref().or(docs.summary.as_deref()).unwrap_or_default();
        let (help, long_help) = (help(text, docs), long_help(text, docs));
        let long_help =
            (long_help.trim_end_matches('.') != help.trim_end_matches('.')).then(|| quote! { .long_help(#long_help) });
        let many = (is_many || file_of(ty).is_some_and(|file| file != File::One)).then(|| quote! { .many() });
        let values = self.known(item);
        let values = (!values.is_empty()).then(|| quote! { .values(&[#(#values),*]) });
        let default = docs.default.as_ref().map(|default| quote! { .default(#default) });
        let kind = quote! { ::lowcodeapi_cli::table::Kind::#kind };
        quote! { ::lowcodeapi_cli::table::Opt::new(#name, #key, #kind, #help) #long_help #many #values #default }
    }

    fn kind(&self, ty: &Type) -> &'static str {
        match ty {
            Type::Bool => "Boolean",
            Type::Int32 | Type::Int64 | Type::UInt64 => "Integer",
            Type::Number => "Number",
            Type::Int128 | Type::UInt128 | Type::Decimal | Type::DecimalText => "Decimal",
            Type::Text | Type::Binary => "Text",
            Type::DateTime => "Time",
            Type::Object | Type::Map(_) => "Object",
            Type::Any | Type::Array(_) | Type::Tuple(_) | Type::Nullable(_) => "Json",
            Type::Named(id) => match &self.model.api.type_def(*id).shape {
                Shape::Enum(_) => "Text",
                Shape::IntegerEnum(shape) => self.kind(&shape.ty()),
                Shape::Struct(_) => "Object",
                Shape::Union(_) => "Json",
            },
        }
    }

    fn known(&self, ty: &Type) -> Vec<TokenStream> {
        let Type::Named(id) = ty else { return Vec::new() };
        match &self.model.api.type_def(*id).shape {
            Shape::Enum(shape) => shape.values.iter().map(|value| emit_known(&value.wire, value)).collect(),
            Shape::IntegerEnum(shape) => {
                shape.values.iter().map(|value| emit_known(&value.wire.to_string(), value)).collect()
            }
            Shape::Struct(_) | Shape::Union(_) => Vec::new(),
        }
    }
}

fn emit_known<T>(wire: &str, value: &Known<T>) -> TokenStream {
    let help = value.description.as_deref().map(first_sentence).unwrap_or_default();
    quote! { ::lowcodeapi_cli::table::Known::new(#wire, #help) }.into_token_stream()
}

/// The name of an option: words in lower case with dashes.
fn option_name(name: &str) -> String {
    let snake = crate::name::snake(name);
    snake.trim_matches('_').replace('_', "-")
}

/// One line: the first sentence, or what else is known.
fn help(text: &str, docs: &Docs) -> String {
    let sentence = first_sentence(text);
    if !sentence.is_empty() {
        return sentence;
    }
    docs.limits.iter().map(facts::limit).map(|limit| plain_line(&facts::sentence(&limit))).collect::<Vec<_>>().join(" ")
}

/// The whole text, and the limits. The program itself shows default and known values.
fn long_help(text: &str, docs: &Docs) -> String {
    let limits = docs.limits.iter().map(facts::limit).map(|limit| plain_line(&facts::sentence(&limit)));
    let limits: Vec<String> = limits.chain(docs.deprecated.then(|| "Deprecated.".to_owned())).collect();
    [plain(text), limits.join(" ")].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}
