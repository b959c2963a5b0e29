//! The bindings: every name that they give is in the generated code.

use std::{collections::BTreeSet, fs, path::Path};

use lowcodeapi_codegen::{BackEnd, Config, Folder, Inputs, Output, Source, generate, public_surface};
use serde_json::Value;

fn bindings(output: &Output) -> Value {
    let [file] = output.files_of(BackEnd::Bindings) else { panic!("not one file") };
    assert_eq!(file.path, "bindings.json");
    serde_json::from_str(&file.source).unwrap()
}

fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value[key].as_array().unwrap().iter()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap()
}

#[test]
fn each_bound_name_is_in_the_public_surface() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden/cases");
    let (mut operations, mut members) = (0, 0);
    for entry in fs::read_dir(root).unwrap() {
        let folder = entry.unwrap().path();
        let document = fs::read_to_string(folder.join("openapi.yaml")).unwrap();
        let files = Folder::of(&folder.join("openapi.yaml")).unwrap();
        let inputs = Inputs::new(Source { name: "openapi.yaml", text: &document }).files(&files);
        let Some(output) = generate(&inputs, &Config::default().also(BackEnd::Bindings)).output else { continue };
        let surface = public_surface(&output.files);
        let surface: BTreeSet<&str> =
            surface.lines().map(|line| line.split(['(', '=']).next().unwrap().trim()).collect();
        let has = |name: &str| {
            let starts = |line: &&str| {
                line.strip_prefix(name).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
            };
            assert!(
                surface.iter().any(|line| starts(&line.split_once(' ').map_or(*line, |(_, name)| name))),
                "{}: {name}",
                folder.display()
            );
        };
        let bound = bindings(&output);
        assert_eq!(list(&bound, "operations").count(), output.operations_emitted);
        for operation in list(&bound, "operations") {
            has(&format!("client::Client::{}", text(operation, "rust")));
            let request = text(operation, "request");
            has(request);
            for input in list(operation, "inputs").filter(|input| input["argument"] == false) {
                has(&format!("{request}::{}", text(input, "rust")));
            }
            operations += 1;
        }
        for bound in list(&bound, "types") {
            let name = text(bound, "rust");
            has(name);
            let join = if bound["kind"] == "struct" { "." } else { "::" };
            for member in list(bound, "members").filter(|member| member["required"] != true) {
                has(&format!("{name}{join}{}", text(member, "rust")));
                members += 1;
            }
        }
    }
    assert!(operations > 300 && members > 500, "{operations} operations, {members} members");
}
