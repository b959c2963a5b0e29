//! Where the program is run, and where files are: neither is in what it generates.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use crate::support::{Root, checkout, runtime};

const DOCUMENT: &str = "openapi: 3.0.0\ninfo: {title: Pet Store, version: '1'}\nservers: [{url: 'https://pets.example'}]\n\
    paths: {/pets: {get: {operationId: listPets, tags: [pets], responses: {'200': {description: ok}}}}}\n";

/// Runs the program in a folder, without naming a checkout; gives the exit status and what it says.
fn run_in(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).current_dir(folder).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// The files below a folder, by their paths from there.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let root = Root(folder.to_owned());
    let name = |path: &Path| path.strip_prefix(folder).unwrap().display().to_string();
    root.files().into_iter().map(|(path, bytes)| (name(&path), String::from_utf8(bytes).unwrap())).collect()
}

#[test]
fn a_crate_is_the_same_wherever_it_is_generated() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let generated = folders.each_ref().map(|folder| {
        fs::write(folder.path().join("pets.yaml"), DOCUMENT).unwrap();
        let at = |name: &str| folder.path().join(name).display().to_string();
        let arguments =
            ["generate", "--spec", &at("pets.yaml"), "--out", &at("out"), "--runtime", "0.1.0", "--reference"];
        let (status, said) = run_in(&checkout(), &arguments);
        assert_eq!(status, 0, "{said}");
        let files = files(&folder.path().join("out"));
        let name = folder.path().file_name().unwrap().to_str().unwrap();
        for (path, text) in &files {
            assert!(!text.contains(name), "{path}: {text}");
        }
        files
    });
    assert_eq!(generated[0], generated[1]);
    let [here, elsewhere] = folders;

    // What is named by relative paths is the same file, and a document that is far away has no way that leads there.
    let check = ["generate", "--out", "out", "--runtime", "0.1.0", "--reference", "--check", "--spec"];
    assert_eq!(run_in(here.path(), &[&check[..], &["./pets.yaml"]].concat()).0, 0);
    let inside = ["generate", "--spec", "../pets.yaml", "--out", ".", "--runtime", "0.1.0", "--reference", "--check"];
    assert_eq!(run_in(&here.path().join("out"), &inside).0, 0, "the command that the files name");
    let far = elsewhere.path().join("pets.yaml").display().to_string();
    assert_eq!(run_in(here.path(), &["generate", "--out", "far", "--runtime", "0.1.0", "--spec", &far]).0, 0);
    let readme = fs::read_to_string(here.path().join("far/README.md")).unwrap();
    assert!(readme.contains(" generate --spec pets.yaml --out . --runtime 0.1.0\n"), "{readme}");
}

#[test]
fn only_the_manifest_names_a_runtime_that_is_far_away() {
    let here = tempfile::tempdir().unwrap();
    fs::write(here.path().join("pets.yaml"), DOCUMENT).unwrap();
    let vendored = here.path().join("vendored");
    fs::create_dir(&vendored).unwrap();
    fs::write(vendored.join("Cargo.toml"), "").unwrap();
    let generate = |runtime: &str, out: &str| {
        let arguments = ["generate", "--spec", "pets.yaml", "--out", out, "--runtime", runtime];
        let (status, said) = run_in(here.path(), &arguments);
        assert_eq!(status, 0, "{said}");
        files(&here.path().join(out))
    };
    let far = generate(&runtime(), "far");
    assert!(far["Cargo.toml"].contains("lowcodeapi-runtime = { path = \"../../"));
    for (path, text) in far.iter().filter(|(path, _)| *path != "Cargo.toml") {
        assert!(!text.contains("--runtime"), "{path}: {text}");
    }
    assert!(generate("vendored", "near")["src/lib.rs"].contains(" --runtime ../vendored # in the folder"));
}

#[test]
fn the_checkout_is_the_one_around_the_current_folder() {
    let root = Root::new("around");
    fs::create_dir_all(root.0.join("xtask/src")).unwrap();
    for name in ["Cargo.toml", "xtask/Cargo.toml"] {
        root.write(name, "");
    }
    root.write("spec/jasper.provenance.json", "{}");
    let (status, said) = run_in(&root.0.join("xtask/src"), &["check", "--skip-golden"]);
    assert_eq!(status, 1);
    assert!(said.contains("spec/jasper.provenance.json"), "that file is this checkout's: {said}");
}

#[test]
fn codes_are_explained_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run_in(folder.path(), &["explain", "dangling-ref"]).0, 0);
    assert_eq!(run_in(folder.path(), &["explain"]).0, 0);
    let (status, said) = run_in(folder.path(), &["explain", "dangling"]);
    assert_eq!(status, 2);
    assert!(said.contains("did you mean `dangling-ref`?"), "{said}");
}

#[test]
fn outside_of_a_checkout_the_command_line_says_what_to_take() {
    let folder = tempfile::tempdir().unwrap();
    let (status, said) = run_in(folder.path(), &["check"]);
    assert_eq!(status, 2);
    assert!(said.contains("is not in a checkout of this project") && said.contains("--root"), "{said}");

    fs::write(folder.path().join("pets.yaml"), DOCUMENT).unwrap();
    let generate = ["generate", "--spec", "pets.yaml", "--out", "out"];
    let (status, said) = run_in(folder.path(), &generate);
    assert_eq!(status, 2);
    assert!(said.contains("--runtime"), "{said}");
    assert_eq!(run_in(folder.path(), &[&generate[..], &["--runtime", &runtime()]].concat()).0, 0);
    let (status, said) =
        run_in(folder.path(), &["generate", "--provider", "jasper", "--out", "p", "--runtime", "0.1.0"]);
    assert_eq!((status, said.contains("not in a checkout")), (2, true), "{said}");
}
