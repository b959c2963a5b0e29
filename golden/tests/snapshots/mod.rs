//! Compares what the generator makes of each case with the file of the case's name in `golden/snapshots`.
//!
//! A snapshot has the diagnostics, the public surface, and the part of the generated source that the case is about. The
//! first line of the case's `openapi.yaml` names that part; [`Pins`] describes the forms of the line. Code that all clients
//! have in common is pinned by the case `plain`, whose snapshot is complete. Other snapshots leave it out.

mod pieces;
mod pins;
mod surface;

use std::{
    collections::BTreeSet,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use lowcodeapi_codegen::{File, Generated, public_surface};

use self::{
    pieces::{Common, whole},
    pins::Pins,
    surface::{Surface, names},
};
use crate::case::{Case, cases};

/// The case that pins what all clients have in common.
const PLAIN: &str = "plain";

/// The modules beside the client: the catalogue, and the commands of the program.
const EXTRAS: [&str; 2] = ["catalogue", "commands"];

/// What the snapshots of other cases leave out.
struct Plain {
    surface: Surface,
    common: Common,
}

impl Plain {
    fn new() -> Self {
        let case = cases().into_iter().find(|case| case.name == PLAIN).unwrap();
        let mut files = case.generate().output.unwrap().files;
        let surface = Surface::new(&public_surface(&files));
        files.extend(case.generate_extras());
        Self { surface, common: Common::new(&files) }
    }
}

/// The folder of the snapshots. The build script runs again when `cases` changes, and snapshots are none of its inputs.
fn snapshots() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots")
}

/// The text of a case's snapshot, or what is wrong with its first line.
fn pinned(case: &Case, plain: &Plain) -> Result<String, String> {
    let Generated { output, diagnostics, .. } = case.generate();
    let files: &[File] = output.as_ref().map_or(&[], |output| &output.files);
    let pins = Pins::read(&case.document)?;
    let mut text = String::new();
    let found: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    section(&mut text, "Diagnostics", &found.join("\n"));
    let surface = public_surface(files);
    if matches!(pins, Pins::Everything) {
        section(&mut text, "Public surface", surface.trim_end());
        section(&mut text, "Source", &whole(files));
        return Ok(text);
    }
    let surface = plain.surface.without_common(&surface);
    match pins {
        Pins::Names => section(&mut text, "Names", &names(&surface)),
        _ => section(&mut text, "Public surface", &surface),
    }
    match &pins {
        Pins::Diagnostics if found.is_empty() => return Err("it pins its diagnostics, and has none".to_owned()),
        Pins::Surface | Pins::Names if files.is_empty() => return Err("no code is generated".to_owned()),
        Pins::Modules(modules) => {
            for it in modules {
                let extras = if EXTRAS.contains(&it.module.as_str()) { case.generate_extras() } else { Vec::new() };
                let files = if extras.is_empty() { files } else { &extras };
                section(&mut text, &it.title(), &plain.common.selected(files, &it.module, &it.items)?);
            }
        }
        _ => {}
    }
    Ok(text)
}

fn section(text: &mut String, title: &str, body: &str) {
    if !body.is_empty() {
        let gap = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(text, "{gap}# {title}\n\n{body}");
    }
}

#[test]
fn every_case_gives_what_it_pins() {
    let plain = Plain::new();
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path(snapshots());
    let mut wrong = String::new();
    for case in cases() {
        match pinned(&case, &plain) {
            Ok(text) => {
                settings.bind(|| insta::assert_snapshot!(case.name, text));
            }
            Err(error) => writeln!(wrong, "cases/{}/openapi.yaml: {error}", case.name).unwrap(),
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_snapshot_belongs_to_a_case() {
    let owned: BTreeSet<String> = cases().iter().map(|case| format!("{}.snap", case.name)).collect();
    let names =
        fs::read_dir(snapshots()).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let found: BTreeSet<String> = names.filter(|name| !name.ends_with(".snap.new")).collect();
    let stale: Vec<_> = found.difference(&owned).collect();
    assert!(stale.is_empty(), "no case owns these snapshots; remove them: {stale:#?}");
}

#[test]
fn a_case_must_say_what_it_pins() {
    let plain = Plain::new();
    let plain_case = || cases().into_iter().find(|case| case.name == PLAIN).unwrap();
    let error_of = |line: &str| {
        let mut case = plain_case();
        case.document = case.document.replacen("# pins: everything", line, 1);
        pinned(&case, &plain).unwrap_err()
    };
    let no_line = "its first line is not of the form `# pins: types Tone`";
    assert_eq!(error_of("# Something else"), no_line);
    assert_eq!(error_of("# pins:"), no_line);
    assert_eq!(error_of("# pins: surface Level"), "surface stands alone");
    assert_eq!(error_of("# pins: surface\n# pins: types"), "surface stands alone");
    assert_eq!(
        error_of("# pins: tools"),
        "there is no module `tools`; there are api, client, operations, requests, types, wire"
    );
    assert_eq!(error_of("# pins: types Height"), "`types` has no item `Height`; it has Level");
    assert_eq!(error_of("# pins: diagnostics"), "it pins its diagnostics, and has none");
    let mut without_code = plain_case();
    without_code.document = "# pins: names\nopenapi: 3.0.3".to_owned();
    assert_eq!(pinned(&without_code, &plain).unwrap_err(), "no code is generated");
    assert_eq!(error_of("# pins: types Level"), "all of it is pinned by the case `plain` already");
}
