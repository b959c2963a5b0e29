//! `cargo xtask generate`: writes a crate for any document.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::Args;
use lowcodeapi_codegen::{
    BackEnd, Config, Inputs, LeftOut, Output, Profile, generate, is_generated,
    package::{Package, REFERENCE, Runtime, name_of, version_of},
    prepare,
};

use crate::{
    accept::Accept,
    document::{self, Document},
    download::Limits,
    failure::Failure,
    finding::{Finding, from_diagnostics},
    lock,
    obtain::{self, Obtained},
    package,
    parts::{OtherFiles, Parts},
    project::{Project, Text, read},
    report::Report,
    selected::{self, Selected},
    write::{Wanted, outdated, read_own, write_all},
};

/// The default name of the lock.
const LOCK: &str = "lowcodeapi.lock.json";

/// Options of `generate`.
#[derive(Debug, Args)]
pub(crate) struct Generate {
    /// Generate from this OpenAPI document; by default from the provider's snapshot, or from the gateway
    #[arg(long, value_name = "FILE|URL", required_unless_present = "provider")]
    spec: Option<String>,
    /// Write the crate to this folder
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Apply this overlay; may be given several times
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    /// Extend this lock; by default `lowcodeapi.lock.json` in the crate
    #[arg(long, value_name = "FILE")]
    lock: Option<PathBuf>,
    /// Name the crate, and the prefix of its environment variables; by default the name in an existing manifest, else
    /// `lowcodeapi-PROVIDER`, else the title of the document with `-client`
    #[arg(long, value_parser = package::package_name)]
    name: Option<String>,
    /// Treat the document as that of this LowCodeAPI provider, whatever its server
    #[arg(long, value_parser = crate::provider_name)]
    provider: Option<String>,
    /// Depend on `lowcodeapi-runtime` in this folder, or in this version of crates.io; by default in this checkout
    #[arg(long, value_name = "PATH|VERSION")]
    runtime: Option<String>,
    /// Also write the reference: Markdown pages in `docs/reference`
    #[arg(long)]
    reference: bool,
    #[command(flatten)]
    program: Program,
    #[command(flatten)]
    selected: Selected,
    /// Also write the document as it was understood, after files, repairs, overlays and the selection, to this file as JSON
    #[arg(long, value_name = "FILE")]
    effective: Option<PathBuf>,
    /// Also write the Rust names of operations, inputs, types and members to this file as JSON
    #[arg(long, value_name = "FILE")]
    bindings: Option<PathBuf>,
    /// Treat defects that cost only a part of the client as errors, such as a reference without a target
    #[arg(long)]
    strict: bool,
    /// Write nothing; fail if the crate is outdated
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    files: OtherFiles,
    #[command(flatten)]
    limits: Limits,
    #[command(flatten)]
    accept: Accept,
}

impl Generate {
    /// The time limit for the network, in seconds.
    pub(crate) fn network_seconds(&self) -> u64 {
        self.limits.seconds()
    }
}

/// What calls the operations by name. Each option has all that those before it have.
#[derive(Debug, Args)]
struct Program {
    /// Also write the catalogue: the operations as data, and calls by name, in the feature `catalogue`
    #[arg(long)]
    catalogue: bool,
    /// Also write the catalogue, and a program that calls the operations, in the feature `cli`
    #[arg(long)]
    cli: bool,
    /// Also write what `--cli` does; the program serves the operations as tools for agents, in the feature `mcp`
    #[arg(long)]
    mcp: bool,
}

impl Program {
    fn has_commands(&self) -> bool {
        self.cli || self.mcp
    }

    fn has_catalogue(&self) -> bool {
        self.catalogue || self.has_commands()
    }

    /// The arguments that ask for the same again.
    fn arguments(&self) -> impl Iterator<Item = String> {
        let given = [(self.catalogue, "--catalogue"), (self.cli, "--cli"), (self.mcp, "--mcp")];
        given.into_iter().filter(|(is_given, _)| *is_given).map(|(_, name)| name.to_owned())
    }
}

/// The inputs of the generation.
struct Given {
    document: Text,
    files: Parts,
    /// The media type of the document, from the server.
    content_type: Option<String>,
    overlays: Vec<Text>,
    selection: Option<Text>,
    lock_path: PathBuf,
    lock: Option<Text>,
}

impl Given {
    fn inputs(&self) -> Inputs<'_> {
        let mut inputs = Inputs::new(self.document.source()).files(&self.files);
        for overlay in &self.overlays {
            inputs = inputs.overlay(overlay.source());
        }
        if let Some(selection) = &self.selection {
            inputs = inputs.selection(selection.source());
        }
        if let Some(lock) = &self.lock {
            inputs = inputs.lock(lock.source());
        }
        inputs
    }

    /// The texts that findings quote, without the other files of the document.
    fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let others = self.selection.iter().chain(&self.lock);
        std::iter::once(&self.document).chain(&self.overlays).chain(others).map(Text::pair)
    }
}

/// Generates, then writes or compares.
pub(crate) fn run(args: &Generate, project: Result<Project, Failure>, report: &Report) -> Result<(), Failure> {
    let root = project.as_ref().ok().map(Project::root);
    let runtime = package::choose_runtime(args.runtime.as_deref(), root, &args.out, args.program.has_commands())?;
    let given = collect(args, project)?;
    let arguments = arguments(args, &runtime);
    let config = configure(args, &package::in_comment(&arguments))?;
    let inputs = given.inputs();
    let generated = generate(&inputs, &config);
    if generated.output.is_none() {
        // A text that is not a document is reported as such.
        let content_type = given.content_type.as_deref();
        Document::accept(given.document.clone(), content_type, Some(&given.files), report)?;
    }
    let parts = generated.parts.iter().map(|part| (part.name.as_str(), part.text.as_str()));
    let texts: Vec<_> = given.texts().chain(parts).collect();
    report.findings(&from_diagnostics(&generated.diagnostics), &texts);
    let output = generated.output.ok_or_else(|| lock::does_not_generate(&given.document.name))?;
    let mut package = Package::new(&output, runtime).command(package::in_readme(&arguments));
    if args.program.mcp {
        package = package.tools();
    }
    let mut wanted = wanted(args, package, &given, &output)?;
    wanted.extend(tellings(args, &inputs, &config, &output));
    let stale = stale(&args.out, &wanted)?;
    if args.check { compare(args, wanted, &stale, report) } else { write(args, &output, wanted, &stale) }
}

/// Returns the configuration from the command line and an existing manifest.
fn configure(args: &Generate, command: &str) -> Result<Config, Failure> {
    let mut config = args.accept.apply(Config::default().regenerate(command));
    if args.strict {
        config = config.strict();
    }
    config = args.selected.apply(config);
    if args.reference {
        config = config.also(BackEnd::Reference);
    }
    if args.bindings.is_some() {
        config = config.also(BackEnd::Bindings);
    }
    if args.program.has_catalogue() {
        config = config.also(BackEnd::Catalogue);
    }
    if args.program.has_commands() {
        config = config.also(BackEnd::Command);
    }
    let mut name = args.name.clone();
    if name.is_none() {
        let manifest = read_own(&args.out, &args.out.join("Cargo.toml"))?;
        name = manifest.and_then(|manifest| name_of(&manifest));
    }
    if let Some(provider) = &args.provider {
        config = config.profile(Profile::LowCodeApi);
        name = name.or_else(|| Some(format!("lowcodeapi-{provider}")));
    }
    if let Some(name) = name {
        let name =
            package::package_name(&name).map_err(|why| Failure::usage(why).help("name the crate with --name"))?;
        config = config.name(name);
    }
    Ok(config)
}

/// Reads all inputs.
fn collect(args: &Generate, project: Result<Project, Failure>) -> Result<Given, Failure> {
    let mut overlays = Vec::new();
    for path in &args.overlay {
        let name = path.display().to_string();
        let obtained = obtain::from_file(path, name, args.limits)?;
        overlays.push(document::decode(obtained.source, obtained.body.bytes)?);
    }
    let mut lock_path = args.lock.clone().unwrap_or_else(|| args.out.join(LOCK));
    let mut selection = None;
    let mut lock_name = lock_path.display().to_string();
    let obtained = match (&args.spec, &args.provider) {
        (Some(spec), _) if obtain::is_url(spec) => from_network(&[obtain::parse_url(spec)?], args.limits)?,
        (Some(spec), _) => {
            selection = selected::beside(Path::new(spec))?;
            obtain::from_file(Path::new(spec), spec.clone(), args.limits)?
        }
        (None, Some(provider)) => {
            let project = project?;
            let spec = project.spec(provider)?;
            if spec.document.is_some() {
                let name = spec.name("openapi.json");
                if args.lock.is_none() {
                    lock_name = spec.name("lock.json");
                    lock_path = project.root().join(&lock_name);
                }
                if args.overlay.is_empty() {
                    overlays.extend(spec.overlay);
                }
                selection = spec.selection;
                obtain::from_file(&project.root().join(&name), name, args.limits)?
            } else {
                from_network(&obtain::provider_urls(project.backend(), provider)?, args.limits)?
            }
        }
        (None, None) => return Err(Failure::usage("pass a document with --spec, or a provider with --provider")),
    };
    let files = args.files.of(&obtained.source, args.limits)?;
    let document = document::decode(obtained.source, obtained.body.bytes)?;
    let lock = read_own(&args.out, &lock_path)?.map(|text| Text { name: lock_name, text });
    Ok(Given { document, files, content_type: obtained.body.content_type, overlays, selection, lock_path, lock })
}

fn from_network(urls: &[reqwest::Url], limits: Limits) -> Result<Obtained, Failure> {
    // Without an ETag the result is a document or a failure.
    obtain::from_urls(urls, None, limits)?
        .ok_or_else(|| Failure::network("", "the server answered 304 to a request without an entity tag"))
}

/// Returns the arguments that generate the same crate from its own folder. Addresses are without secrets.
fn arguments(args: &Generate, runtime: &Runtime) -> Vec<String> {
    let mut out = Vec::new();
    let mut push = |name: &str, value: String| out.extend([name.to_owned(), value]);
    let nearby = |path: &Path| package::nearby(&args.out, path);
    if let Some(spec) = &args.spec {
        let shown = obtain::parse_url(spec).ok().filter(|_| obtain::is_url(spec));
        push("--spec", shown.map_or_else(|| nearby(Path::new(spec)), |url| crate::provenance::without_secrets(&url)));
    }
    push("--out", ".".to_owned());
    for overlay in &args.overlay {
        push("--overlay", nearby(overlay));
    }
    if let Some(lock) = &args.lock {
        push("--lock", nearby(lock));
    }
    for (name, value) in [("--name", &args.name), ("--provider", &args.provider)] {
        if let Some(value) = value {
            push(name, value.clone());
        }
    }
    if let (Some(_), Some(value)) = (&args.runtime, package::runtime_argument(runtime)) {
        push("--runtime", value);
    }
    if args.reference {
        out.push("--reference".to_owned());
    }
    out.extend(args.selected.arguments());
    for (name, file) in [("--effective", &args.effective), ("--bindings", &args.bindings)] {
        out.extend(file.iter().flat_map(|file| [name.to_owned(), nearby(file)]));
    }
    if args.strict {
        out.push("--strict".to_owned());
    }
    out.extend(args.files.arguments(nearby));
    out.extend(args.program.arguments());
    out
}

/// Returns all files of the crate. An existing file that was not generated is never overwritten.
fn wanted(args: &Generate, mut package: Package, given: &Given, output: &Output) -> Result<Vec<Wanted>, Failure> {
    let manifest = read_own(&args.out, &args.out.join("Cargo.toml"))?;
    if let Some(version) = manifest.and_then(|text| version_of(&text)) {
        package = package.version(version);
    }
    let mut wanted = Vec::new();
    for file in package.files() {
        let path = args.out.join(&file.path);
        if read_own(&args.out, &path)?.is_none_or(|text| is_generated(&text)) {
            wanted.push(Wanted { path, text: file.source });
        } else if file.path != README {
            let name = path.display().to_string();
            return Err(Failure::problem(
                "not-generated",
                name,
                "the file was not generated, so it is not overwritten",
            )
            .help("choose another folder with --out, or move the file"));
        }
    }
    wanted.push(Wanted { path: given.lock_path.clone(), text: lock::extended(output, given.lock.as_ref())? });
    Ok(wanted)
}

/// Returns the files outside of the crate that tell what the document means.
fn tellings(args: &Generate, inputs: &Inputs<'_>, config: &Config, output: &Output) -> Vec<Wanted> {
    let effective = args.effective.iter().filter_map(|path| {
        let tree = prepare(inputs, config).tree?;
        // A JSON tree has no keys that are not strings, so that it can always be written.
        let text = serde_json::to_string_pretty(&tree).ok()?;
        Some(Wanted { path: path.clone(), text: text + "\n" })
    });
    let bindings = args.bindings.iter().flat_map(|path| {
        let files = output.files_of(BackEnd::Bindings).iter();
        files.map(|file| Wanted { path: path.clone(), text: file.source.clone() })
    });
    effective.chain(bindings).collect()
}

/// The file that is kept if it was not generated.
const README: &str = "README.md";

/// Returns modules and pages that are no longer generated.
fn stale(out: &Path, wanted: &[Wanted]) -> Result<Vec<PathBuf>, Failure> {
    let mut stale = Vec::new();
    let mut folders = vec![out.join("src"), out.join(REFERENCE)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let entry = entry.map_err(|error| Failure::io(&folder, &error))?;
            let path = entry.path();
            let Ok(kind) = entry.file_type() else { continue };
            let is_ours =
                kind.is_file() && path.extension().is_some_and(|extension| extension == "rs" || extension == "md");
            // A link is neither a folder nor a file here, so the walk ends and stays below the folder.
            if kind.is_dir() {
                folders.push(path);
            } else if is_ours && wanted.iter().all(|file| file.path != path) && is_generated(&read(&path)?) {
                stale.push(path);
            }
        }
    }
    stale.sort();
    Ok(stale)
}

fn compare(args: &Generate, wanted: Vec<Wanted>, stale: &[PathBuf], report: &Report) -> Result<(), Failure> {
    let outdated = outdated(&args.out, wanted)?;
    let finding = |path: &Path, message| Finding::error("generated-outdated", path.display().to_string(), message);
    let mut findings: Vec<_> =
        outdated.iter().map(|file| finding(&file.path, "the file differs from the generated one")).collect();
    findings.extend(stale.iter().map(|path| finding(path, "the file is no longer generated")));
    if findings.is_empty() {
        Report::status(format_args!("{} is current", args.out.display()));
        return Ok(());
    }
    report.findings(&findings, &[]);
    let message = "the crate is outdated";
    Err(Failure::problem("check-failed", args.out.display().to_string(), message)
        .help("run the same command without --check"))
}

/// Writes what is outdated, and removes what is no longer generated, with the folders that are empty then.
fn write(args: &Generate, output: &Output, wanted: Vec<Wanted>, stale: &[PathBuf]) -> Result<(), Failure> {
    let outdated = outdated(&args.out, wanted)?;
    write_all(&args.out, &outdated)?;
    for path in stale {
        fs::remove_file(path).map_err(|error| Failure::io(path, &error))?;
        for folder in path.ancestors().skip(1).take_while(|folder| *folder != args.out) {
            // Removes the folder only if it is empty.
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
        Report::status(format_args!("removed {}", path.display()));
    }
    let left_out = match output.left_out {
        LeftOut { operations: 0, .. } => String::new(),
        LeftOut { operations, schemas, .. } => format!(", {operations} left out with {schemas} component schemas"),
    };
    Report::status(format_args!(
        "{}: {} of {} operations{left_out}, {} files written, in {}",
        output.name,
        output.operations_emitted,
        output.operations_read,
        outdated.len(),
        args.out.display()
    ));
    Ok(())
}
