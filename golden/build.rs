//! Generates every case under `cases/` into a module of its own, with its catalogue, and the commands for the tests.

use std::{env, error::Error, fmt::Write, fs, path::Path};

use lowcodeapi_codegen::{BackEnd, Config, Folder, Inputs, Output, Source, generate};
use lowcodeapi_jasper_spec::{DOCUMENT, LOCK, OVERLAY};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=cases");
    println!("cargo::rerun-if-changed=build.rs");
    let out = env::var("OUT_DIR")?;
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir("cases")? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let mut modules = String::new();
    let mut models = String::new();
    let (mut examples, mut counts) = (String::new(), String::new());
    let mut commands = Commands::default();
    for name in names {
        let read = |file: &str| fs::read_to_string(format!("cases/{name}/{file}"));
        let document = read("openapi.yaml")?;
        let overlay = read("overlay.yaml").ok();
        let (selection, lock) = (read("selection.yaml").ok(), read("lock.json").ok());
        let files = Folder::of(Path::new(&format!("cases/{name}/openapi.yaml")))?;
        let mut inputs = Inputs::new(Source { name: "openapi.yaml", text: &document }).files(&files);
        if let Some(text) = &overlay {
            inputs = inputs.overlay(Source { name: "overlay.yaml", text });
        }
        if let Some(text) = &selection {
            inputs = inputs.selection(Source { name: "selection.yaml", text });
        }
        if let Some(text) = &lock {
            inputs = inputs.lock(Source { name: "lock.json", text });
        }
        // A case may be about a document that must be refused; its diagnostics are pinned down by the tests.
        let Some(output) = generate(&inputs, &config()).output else { continue };
        let module = name.replace('-', "_");
        write_module(Path::new(&out), &module, &output, &mut modules)?;
        // Types alone have no calls.
        if output.operations_emitted > 0 {
            write_commands(Path::new(&out), &module, &output, &mut commands)?;
            list_examples(&module, &output, &mut examples)?;
            writeln!(counts, "({name:?}, {module}::OPERATIONS, {module}::EXAMPLES),")?;
        }
        list_models(&name, &module, &output, &mut models)?;
    }
    // The examples of the pages in `docs/jasper` are compiled with those of the cases.
    let jasper = Inputs::new(Source { name: "jasper.openapi.json", text: DOCUMENT })
        .overlay(Source { name: "jasper.overlay.yaml", text: OVERLAY })
        .lock(Source { name: "jasper.lock.json", text: LOCK });
    let output = generate(&jasper, &config()).output;
    let output = output.ok_or("the committed document of Jasper has errors")?;
    write_module(Path::new(&out), "jasper", &output, &mut modules)?;
    write_commands(Path::new(&out), "jasper", &output, &mut commands)?;
    list_examples("jasper", &output, &mut examples)?;
    writeln!(counts, "(\"jasper\", jasper::OPERATIONS, jasper::EXAMPLES),")?;
    fs::write(Path::new(&out).join("cases.rs"), modules)?;
    let Commands { modules, list } = commands;
    let list = format!("pub(crate) const CLIENTS: &[Described] = &[{list}];");
    fs::write(Path::new(&out).join("commands.rs"), format!("{modules}{list}"))?;
    fs::write(Path::new(&out).join("models.rs"), format!("&[{models}]"))?;
    let counts = format!("const COUNTS: &[(&str, usize, usize)] = &[{counts}];");
    fs::write(Path::new(&out).join("examples.rs"), format!("{examples}{counts}"))?;
    Ok(())
}

/// All back ends.
fn config() -> Config {
    Config::default().also(BackEnd::Reference).also(BackEnd::Catalogue).also(BackEnd::Command)
}

/// The commands of all cases: their modules, and a list of the clients with their catalogues and commands.
#[derive(Default)]
struct Commands {
    modules: String,
    list: String,
}

/// Writes the commands of a client.
fn write_commands(out: &Path, module: &str, output: &Output, into: &mut Commands) -> Result<(), Box<dyn Error>> {
    let folder = out.join("commands");
    fs::create_dir_all(&folder)?;
    for file in output.files_of(BackEnd::Command) {
        let path = folder.join(format!("{module}.rs"));
        fs::write(&path, &file.source)?;
        writeln!(into.modules, "#[path = \"{}\"]\nmod {module};", path.display())?;
    }
    writeln!(into.list, "Described::of::<golden::{module}::Client>({module:?}, &{module}::COMMANDS),")?;
    Ok(())
}

/// Writes a client with its catalogue, and adds the module that has it.
fn write_module(out: &Path, module: &str, output: &Output, into: &mut String) -> Result<(), Box<dyn Error>> {
    let folder = out.join(module);
    for file in output.files.iter().chain(output.files_of(BackEnd::Catalogue)) {
        let path = folder.join(&file.path);
        fs::create_dir_all(path.parent().unwrap_or(&folder))?;
        fs::write(path, &file.source)?;
    }
    writeln!(into, "#[path = \"{}\"]\npub mod {module};", folder.join("api.rs").display())?;
    Ok(())
}

/// Adds the examples of a case's reference, each in a function of its own.
fn list_examples(case: &str, output: &Output, into: &mut String) -> Result<(), Box<dyn Error>> {
    writeln!(into, "mod {case} {{ use super::*; use golden::{case}::{{Client, requests, types}};")?;
    let pages = output.files_of(BackEnd::Reference).iter();
    let blocks: Vec<&str> = pages.flat_map(|page| page.source.split("\n```rust\n").skip(1)).collect();
    for (index, block) in blocks.iter().enumerate() {
        let code = block.split("\n```\n").next().unwrap_or_default();
        writeln!(
            into,
            "pub(super) async fn example_{index}(client: &Client) -> Result<(), Error> {{ {code} Ok(()) }}"
        )?;
    }
    writeln!(into, "pub(super) const OPERATIONS: usize = {};", output.operations_emitted)?;
    writeln!(into, "pub(super) const EXAMPLES: usize = {}; }}", blocks.len())?;
    Ok(())
}

/// Adds a case's models as a test of all of them takes them: where the schema of each stands, and its type.
fn list_models(case: &str, module: &str, output: &Output, into: &mut String) -> Result<(), Box<dyn Error>> {
    let received = output.types.iter().map(|(pointer, name)| {
        let side = if output.sent_types.contains_key(pointer) { "Received" } else { "Both" };
        (pointer, name, side)
    });
    for (pointer, name, side) in received.chain(output.sent_types.iter().map(|(pointer, name)| (pointer, name, "Sent")))
    {
        let round_trip = format!("round_trip::<golden::{module}::types::{name}>");
        let model = format!("case: {case:?}, pointer: {pointer:?}, name: {name:?}, side: Side::{side}");
        writeln!(into, "Model {{ {model}, round_trip: {round_trip} }},")?;
    }
    Ok(())
}
