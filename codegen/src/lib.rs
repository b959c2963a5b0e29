//! Generates a Rust client from an OpenAPI document.
//!
//! ```
//! use lowcodeapi_codegen::{Config, Inputs, Source, generate};
//!
//! let document = r#"{
//!     "openapi": "3.0.0",
//!     "info": { "title": "Greeter", "version": "1.0.0" },
//!     "servers": [{ "url": "https://greeter.example" }],
//!     "paths": { "/hello/{name}": { "get": {
//!         "operationId": "greet",
//!         "parameters": [{ "name": "name", "in": "path", "required": true, "schema": { "type": "string" } }],
//!         "responses": { "200": { "description": "A greeting", "content": { "application/json": {
//!             "schema": { "type": "object", "properties": { "text": { "type": "string" } } } } } } }
//!     } } }
//! }"#;
//! let generated = generate(&Inputs::new(Source { name: "greeter.json", text: document }), &Config::default());
//!
//! assert!(generated.diagnostics.is_empty());
//! let output = generated.output.expect("there was no error");
//! let client = &output.files.iter().find(|file| file.path == "client.rs").expect("every client has one").source;
//! assert!(client.contains("pub fn greet(&self, name: impl Into<String>) -> requests::Greet"));
//! ```
//!
//! The stages, in order, are modules of these names: **load** (text to a JSON tree), **repair** (known defects),
//! **overlay** (what the maintainers know better), **selection** (what the caller wants), **parse** (`openapiv3`), **lower** (to the intermediate
//! representation, where everything is resolved), **name** (every identifier claimed once), **emit** (tokens) and
//! **format** (source). The stages up to `name` collect [`Diagnostic`]s. If one of them is an error, generation stops
//! before `emit` and returns all of them. No input makes this crate panic.

mod budget;
pub mod build;
mod diagnostic;
mod emit;
mod estimate;
mod explain;
mod files;
mod format;
mod input;
mod ir;
mod lower;
mod name;
pub mod package;
mod pass;
mod profile;
mod read;
mod repair;
mod thread;
mod unseen;

use std::{
    collections::BTreeMap,
    sync::{Mutex, mpsc},
};

use serde_json::Value;

use crate::{
    diagnostic::Findings,
    emit::Model,
    format::header::Header,
    ir::Api,
    name::{Names, adopt, follow, lock, pin},
    profile::profile_of,
    read::{
        bounds,
        bundle::{Bundle, Reasons},
        load, overlay, parse,
        parsed::Ahead,
        selection::Selection,
        trail::Trail,
    },
};
pub use crate::{
    diagnostic::{Code, Diagnostic, Severity, code},
    emit::rust::{behaviour::item_code, surface::public_surface},
    explain::explain,
    files::{Files, Folder, PartFile, Unavailable},
    format::{File, header::is_generated},
    input::{BackEnd, Config, Inputs, LeftOut, Pin, Profile, Source},
    name::{
        check_package_name,
        lock::{Lock, moved_key},
    },
    read::{ledger::KeyCount, number::Digits},
    unseen::is_unseen,
};

/// Functions for other tools that read documents.
pub mod document {
    pub use crate::read::{
        load::kind,
        media_type::{essence_of, is_json},
        method::{ADDITIONAL, MethodSite, method_pointer, methods_of},
        pointer::{join, keys},
        span::{Position, positions},
    };
}

/// The result of [`generate`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Generated {
    /// The code; `None` exactly when a diagnostic is an error.
    pub output: Option<Output>,
    /// All findings, in the order of the stages.
    pub diagnostics: Vec<Diagnostic>,
    /// The other files that the document refers to.
    pub parts: Vec<PartFile>,
}

/// The generated code, and the lock of its names.
#[derive(Debug)]
#[non_exhaustive]
pub struct Output {
    /// The name of the crate: the given one, or one derived from the title.
    pub name: String,
    /// The title of the document, which repairs fill in if it is missing.
    pub title: String,
    /// The profile of the generation.
    pub profile: Profile,
    header: Header,
    /// Whether OAuth clients can get tokens.
    gets_tokens: bool,
    extras: Vec<(BackEnd, Vec<File>)>,
    /// The files of the Rust client. `api.rs` is the root and declares the others as modules.
    pub files: Vec<File>,
    /// The given lock, extended by the new names.
    pub lock: Lock,
    /// The keys that entries of the given lock have lost because their operation or their variant has moved, each with the new
    /// one. [`moved_key`] applies them.
    pub lock_moves: BTreeMap<String, String>,
    /// The names of the generated types, by the pointer of the schema in the document. Of a schema with a type for each direction,
    /// the type of responses.
    pub types: BTreeMap<String, String>,
    /// The names of the types of requests, by the pointer of the schema, where responses have another type.
    pub sent_types: BTreeMap<String, String>,
    /// What has become of the keys of the document, by kind of object.
    pub keys: BTreeMap<&'static str, KeyCount>,
    /// What the selection leaves out. The other numbers are without it.
    pub left_out: LeftOut,
    /// The number of operations in the document.
    pub operations_read: usize,
    /// The number of operations that are methods of the client. The others have an `operation-skipped` diagnostic.
    pub operations_emitted: usize,
}

impl Output {
    /// Returns the files of a back end, with paths relative to a folder of their own. Empty if the [`Config`] does not
    /// request them.
    pub fn files_of(&self, back_end: BackEnd) -> &[File] {
        match self.extras.iter().find(|(made, _)| *made == back_end) {
            Some((_, files)) => files,
            None if back_end == BackEnd::RustClient => &self.files,
            None => &[],
        }
    }
}

/// A document of one file after repairs and overlays, with the findings.
#[derive(Debug)]
#[non_exhaustive]
pub struct Prepared {
    /// The JSON tree: valid OpenAPI 3.0, as far as the repairs reach. `None` if the text cannot be read.
    pub tree: Option<Value>,
    /// The profile of the repairs.
    pub profile: Profile,
    /// What the selection leaves out.
    pub left_out: LeftOut,
    /// All findings, in the order of the stages.
    pub diagnostics: Vec<Diagnostic>,
    /// The other files that the document refers to.
    pub parts: Vec<PartFile>,
    /// The digits of the numbers that the tree only holds as the nearest double.
    pub digits: Digits,
}

impl Prepared {
    /// A tree that is as its author wrote it.
    fn plain(mut tree: Option<Value>, findings: Findings, parts: Vec<PartFile>) -> Self {
        let digits = tree.as_mut().map(Digits::take).unwrap_or_default();
        let (profile, left_out) = (Profile::OpenApi, LeftOut::default());
        Self { tree, profile, left_out, diagnostics: findings.into_vec(), parts, digits }
    }
}

/// Reads a JSON or YAML text into a tree, without repairs and overlays. The limits of documents apply.
pub fn read(source: &Source<'_>) -> Prepared {
    let mut findings = Findings::default();
    let tree = load::load_tree(source, &mut findings);
    Prepared::plain(tree, findings, Vec::new())
}

/// Makes one document of a document and the files that it refers to, without repairs and overlays.
///
/// What references need from other files becomes components under their own names, or stands in place of the reference. A
/// document without such references stays as it is.
pub fn bundle(inputs: &Inputs<'_>) -> Prepared {
    let mut findings = Findings::default();
    let mut tree = load::load_document(&inputs.document, &mut findings);
    let mut bundle = Bundle::new(&inputs.document, inputs.files);
    if let Some(tree) = &mut tree {
        bundle.complete(tree, &mut findings);
    }
    Prepared::plain(tree, findings, bundle.into_files())
}

/// Loads a document, applies repairs and overlays, and leaves out what is not selected. Generates no code.
///
/// On each operation of a LowCodeAPI document the extension `x-path-template` holds its New Format path
/// (`/v1/tones/{tone_id}`), and `x-old-path` its Old Format path (`/v1/tones/tone_id`).
pub fn prepare(inputs: &Inputs<'_>, config: &Config) -> Prepared {
    let mut findings = Findings::strict(config.strict);
    let mut bundle = Bundle::new(&inputs.document, inputs.files);
    let Ready { mut tree, profile, left_out } = prepare_tree(inputs, config, &mut bundle, &mut findings);
    let digits = tree.as_mut().map(Digits::take).unwrap_or_default();
    let diagnostics = findings_of(findings, inputs, &bundle);
    Prepared { tree, profile, left_out, diagnostics, parts: bundle.into_files(), digits }
}

/// Generates the client from a document.
pub fn generate(inputs: &Inputs<'_>, config: &Config) -> Generated {
    let mut findings = Findings::strict(config.strict);
    let mut bundle = Bundle::new(&inputs.document, inputs.files);
    let tree = prepare_tree(inputs, config, &mut bundle, &mut findings);
    let output = run(inputs, config, tree, bundle.reasons(), &mut findings);
    let output = output.filter(|_| !findings.has_errors());
    Generated { output, diagnostics: findings_of(findings, inputs, &bundle), parts: bundle.into_files() }
}

/// Returns the findings with their places in the files that they are about.
fn findings_of(mut findings: Findings, inputs: &Inputs<'_>, bundle: &Bundle<'_>) -> Vec<Diagnostic> {
    findings.relocate(inputs.document.name, |pointer| bundle.origin(pointer));
    findings.into_vec()
}

/// A prepared tree.
struct Ready {
    tree: Option<Value>,
    profile: Profile,
    left_out: LeftOut,
}

fn prepare_tree(inputs: &Inputs<'_>, config: &Config, bundle: &mut Bundle<'_>, findings: &mut Findings) -> Ready {
    let mut tree = load::load_document(&inputs.document, findings);
    let profile = config.profile.unwrap_or_else(|| tree.as_ref().map_or(Profile::OpenApi, profile_of));
    if let Some(tree) = &mut tree {
        bundle.complete(tree, findings);
        repair::repair_document(tree, profile, findings);
    }
    for overlay in &inputs.overlays {
        // Without a document, the overlay is still read to report its own errors.
        match &mut tree {
            Some(tree) => overlay::apply_overlay(tree, overlay, findings),
            None => drop(load::load_tree(overlay, findings)),
        }
    }
    findings.in_file(inputs.document.name);
    if let Some(tree) = tree.as_mut().filter(|_| !inputs.overlays.is_empty()) {
        bundle.complete(tree, findings);
        repair::repair_overlaid(tree, findings);
    }
    let selection = Selection::of(inputs, config, findings);
    findings.in_file(inputs.document.name);
    let left_out = tree.as_mut().map(|tree| selection.apply(tree, findings)).unwrap_or_default();
    let tree = tree.filter(|tree| bounds::is_within_bounds(tree, findings));
    Ready { tree, profile, left_out }
}

/// Runs the passes and assigns the names.
fn name_api(api: &mut Api, lock: Lock, config: &Config, findings: &mut Findings) -> Option<(Lock, Names)> {
    if findings.are_over() {
        return None;
    }
    let mut lock = follow::follow(lock, api, findings);
    pass::run_passes(api, &mut lock, findings);
    if findings.are_over() {
        return None;
    }
    let lock = adopt::adopt(lock, api, config, findings);
    let names = name::assign_names(api, &lock, config, findings);
    name::report_swapped(api, &names, &lock, config, findings);
    pin::check(api, &names, &lock, config, findings);
    let is_whole = !findings.has_errors() && estimate::is_within_bounds(api, &names, findings);
    is_whole.then_some((lock, names))
}

/// Returns the names of the types by their pointers: those of responses or of both directions, and those of requests.
fn type_names(api: &Api, names: &Names) -> [BTreeMap<String, String>; 2] {
    let types = api.types.iter().zip(&names.types).filter(|(def, _)| def.is_used());
    let (sent, received): (Vec<_>, Vec<_>) = types.partition(|(def, _)| def.received().is_some());
    [received, sent]
        .map(|types| types.into_iter().map(|(def, names)| (def.pointer.clone(), names.name.clone())).collect())
}

fn run(
    inputs: &Inputs<'_>,
    config: &Config,
    Ready { tree, profile, left_out }: Ready,
    reasons: &Reasons,
    findings: &mut Findings,
) -> Option<Output> {
    let lock = lock::read_lock(inputs.lock.as_ref(), findings);
    findings.in_file(inputs.document.name);
    let trail = Trail::of(tree.as_ref()?);
    let ahead = Ahead::default();
    let document = parse::Document::new(&trail).with_reasons(reasons).with_ahead(&ahead);
    let (sender, texts) = mpsc::channel();
    let texts = Mutex::new(texts);
    let work = || {
        let (mut api, unread) = lower::lower_document(document, inputs.document.name, profile, findings, sender);
        let others = findings.beside();
        let report = || unread.report(others.clone());
        let ((keys, unread), named) = thread::beside(report, || name_api(&mut api, lock, config, findings));
        findings.extend(unread);
        Some((api, keys, named.filter(|_| !findings.has_errors())?))
    };
    let ((), done) = thread::beside(|| emit::prepare(&texts), work);
    let (api, keys, (lock, names)) = done?;
    let operations_read = document.operations().count();
    let header = Header::new(inputs.document.name, config.regenerate.as_deref());
    let has_catalogue = config.extras.contains(&BackEnd::Catalogue);
    let model = Model { api: &api, names: &names, header: &header, has_catalogue };
    let emit = || {
        // It is no longer needed. No other thread waits for the allocator while the one that has made it frees it.
        drop(tree);
        let files = emit::files(BackEnd::RustClient, &model, findings);
        let extras = config.extras.iter().map(|back_end| (*back_end, emit::files(*back_end, &model, findings)));
        (files, extras.collect())
    };
    let ((lock, [types, sent_types]), (files, extras)) =
        thread::beside(|| (lock.extended(&api, &names), type_names(&api, &names)), emit);
    let output = Output {
        name: names.package.clone(),
        title: api.title.clone(),
        profile,
        header,
        gets_tokens: api.schemes.iter().any(|scheme| scheme.tokens.is_some()),
        files,
        extras,
        lock_moves: lock.moves().clone(),
        lock,
        types,
        sent_types,
        keys,
        left_out,
        operations_read,
        operations_emitted: api.operations.len(),
    };
    Some(output)
}
