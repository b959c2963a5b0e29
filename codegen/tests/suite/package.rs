//! What stands around generated modules, and that all of it is neutral: the same on every machine, and about its own API.

use std::{collections::BTreeMap, fs, path::Path};

use lowcodeapi_codegen::{
    BackEnd, Config, File, Inputs, Output, Profile, Source, generate, is_generated,
    package::{Package, Runtime},
};

/// The documents of the golden cases, by name.
fn documents() -> BTreeMap<String, String> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden/cases");
    let folders = fs::read_dir(cases).expect("golden cases").map(|entry| entry.expect("a case").path());
    folders
        .map(|folder| {
            (folder.display().to_string(), fs::read_to_string(folder.join("openapi.yaml")).expect("a document"))
        })
        .collect()
}

fn output(name: &str, text: &str) -> Option<Output> {
    let config = Config::default().regenerate("again").also(BackEnd::Catalogue).also(BackEnd::Command);
    generate(&Inputs::new(Source { name, text }), &config).output
}

fn files(output: &Output) -> Vec<File> {
    let package = Package::new(output, Runtime::Version("0.1.0".to_owned())).command("again").tools().files();
    package.into_iter().chain(output.files.iter().cloned()).collect()
}

#[test]
fn clients_of_other_apis_have_no_word_of_lowcodeapi() {
    let mut seen = 0;
    for (name, text) in documents() {
        let Some(output) = output(&name, &text).filter(|output| output.profile == Profile::OpenApi) else { continue };
        // A document may have the word itself, in any spelling.
        let solid = |text: &str| text.to_lowercase().replace([' ', '-', '_'], "");
        let document = solid(&text);
        seen += 1;
        for file in files(&output) {
            let source = file.source.to_lowercase();
            for word in [
                "urlformat",
                "url_format",
                "old format",
                "old_path",
                "gateway",
                "activated",
                "the provider",
                "is_provider",
                "lowcodeapi.com",
            ] {
                let at = source.find(word).filter(|_| !document.contains(&solid(word)));
                let line = at.map(|at| source[..at].matches('\n').count() + 1);
                assert_eq!(line, None, "{name}: {} has `{word}`", file.path);
            }
        }
    }
    assert!(seen > 50, "{seen} documents are of other APIs");
}

#[test]
fn clients_of_the_gateway_have_its_words() {
    let text = "openapi: 3.0.0\ninfo: {title: a, version: '1'}\nservers: [{url: 'https://api.lowcodeapi.com/a'}]\n\
        paths: {/v1/b: {get: {operationId: b, responses: {'200': {description: ok}}}}}\n";
    let output = output("a.yaml", text).expect("it has no errors");
    let all: String = files(&output).into_iter().map(|file| file.source).collect();
    assert!(all.contains("UrlFormat,") && all.contains("_URL_FORMAT"), "{all}");
}

#[test]
fn no_file_says_where_it_was_generated() {
    let text =
        "openapi: 3.0.0\ninfo: {title: a, version: '1'}\npaths: {/b: {get: {responses: {'200': {description: ok}}}}}\n";
    let generated = |name| files(&output(name, text).expect("it has no errors"));
    let here = generated("/home/me/secret/a.yaml");
    assert_eq!(here, generated("a.yaml"));
    assert_eq!(here, generated(r"C:\Users\me\a.yaml"));
    for file in here {
        assert!(is_generated(&file.source), "{}", file.path);
        assert!(
            file.source.lines().next().is_some_and(|line| line.contains("from a.yaml; do not edit.")),
            "{}",
            file.path
        );
    }
}

#[test]
fn the_readme_tells_how_to_generate_again() {
    let text =
        "openapi: 3.0.0\ninfo: {title: a, version: '1'}\npaths: {/b: {get: {responses: {'200': {description: ok}}}}}\n";
    let output = output("a.yaml", text).expect("it has no errors");
    let readme = |package: Package| package.files().pop().expect("the README is the last file").source;
    let package = Package::new(&output, Runtime::Path("../runtime".to_owned()));
    assert!(!readme(package.clone()).contains("## Regenerating"));
    let manifest = package.clone().version("0.2.0").files().remove(0).source;
    assert!(
        manifest.contains("version = \"0.2.0\"")
            && manifest.contains("{ path = \"../runtime\", default-features = false }")
    );
    assert!(readme(package.command("make client")).contains("```sh\nmake client\n```"));
}

#[test]
fn letters_that_look_alike_compile_without_warnings() {
    let document = |values: &str| {
        format!(
            "openapi: 3.0.0\ninfo: {{title: a, version: '1'}}\npaths: {{/b: {{get: {{parameters: [{{name: c, in: query, \
             description: π, schema: {{type: string, enum: [{values}]}}}}], responses: {{'200': {{description: ok}}}}}}}}}}\n"
        )
    };
    let root = |values: &str| {
        let output = output("a.yaml", &document(values)).expect("it has no errors");
        files(&output).into_iter().find(|file| file.path == "src/lib.rs").expect("a root").source
    };
    assert!(root("A, Α").contains("confusable_idents,\n"));
    assert!(!root("A, B").contains("confusable_idents"));
}
