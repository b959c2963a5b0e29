//! Documents of many files: what is read, what is refused, and what findings say.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    sync::Mutex,
};

use lowcodeapi_codegen::{
    Config, Files, Folder, Generated, Inputs, Severity, Source, Unavailable, bundle, generate, prepare,
};

/// Files in memory, and which of them were read.
#[derive(Debug, Default)]
struct Texts {
    texts: BTreeMap<String, String>,
    read: Mutex<Vec<String>>,
}

impl Files for Texts {
    fn read(&self, place: &str) -> Result<String, Unavailable> {
        self.read.lock().unwrap().push(place.to_owned());
        self.texts.get(place).cloned().ok_or(Unavailable::Missing)
    }
}

fn texts(files: &[(&str, &str)]) -> Texts {
    let texts = files.iter().map(|(place, text)| ((*place).to_owned(), (*text).to_owned())).collect();
    Texts { texts, read: Mutex::default() }
}

/// A document whose only response has this schema.
fn document(schema: &str) -> String {
    format!(
        "openapi: 3.1.0
info: {{title: Files, version: '1'}}
servers: [{{url: 'https://api.example.com'}}]
paths:
  /a:
    get:
      operationId: getA
      responses: {{'200': {{description: ok, content: {{application/json: {{schema: {schema}}}}}}}}}
"
    )
}

fn run(text: &str, files: &dyn Files) -> Generated {
    generate(&Inputs::new(Source { name: "spec/openapi.yaml", text }).files(files), &Config::default())
}

fn lines(generated: &Generated) -> Vec<String> {
    generated.diagnostics.iter().map(ToString::to_string).collect()
}

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden/cases").join(name).join("openapi.yaml")
}

#[test]
fn a_bundle_gives_the_same_code_as_its_files() {
    for name in ["files-many", "references-by-name", "files-missing"] {
        let path = case(name);
        let (text, files) = (fs::read_to_string(&path).unwrap(), Folder::of(&path).unwrap());
        let inputs = Inputs::new(Source { name: "openapi.yaml", text: &text }).files(&files);
        let bundled = bundle(&inputs);
        let tree = bundled.tree.unwrap();
        let alone = tree.to_string();
        let again = Inputs::new(Source { name: "openapi.yaml", text: &alone }).files(&files);
        let sources = |inputs: &Inputs<'_>| generate(inputs, &Config::default()).output.unwrap().files;
        assert_eq!(sources(&inputs), sources(&again), "{name}");
        // A bundle is complete.
        assert_eq!(bundle(&again).tree.unwrap(), tree, "{name}");
    }
}

#[test]
fn components_keep_their_names_in_a_bundle() {
    let path = case("files-many");
    let (text, files) = (fs::read_to_string(&path).unwrap(), Folder::of(&path).unwrap());
    let bundled = bundle(&Inputs::new(Source { name: "openapi.yaml", text: &text }).files(&files));
    let tree = bundled.tree.unwrap();
    let names = |section: &str| {
        let section = tree["components"][section].as_object().unwrap();
        section.keys().cloned().collect::<Vec<_>>()
    };
    let schemas = ["Pet", "Toy", "Config", "Money", "Task", "bark", "meow", "schemas_error", "v2_error"];
    let mut found = names("schemas");
    found.sort();
    assert_eq!(found, {
        let mut all = schemas.map(str::to_owned).to_vec();
        all.sort();
        all
    });
    assert_eq!(names("parameters"), ["Limit"]);
    assert_eq!(names("responses"), ["Failed"]);
    let places: Vec<&str> = bundled.parts.iter().map(|part| part.place.as_str()).collect();
    assert_eq!(places.len(), 17, "{places:?}");
    assert!(places.contains(&"paths/pets/{petId}.yaml") && places.contains(&"texts/about.md"));
    assert!(tree.to_string().contains(r#""x-parts":[{"$ref":"does/not/exist.yaml"}]"#));
}

#[test]
fn callbacks_and_links_are_read_like_other_parts() {
    let files = texts(&[
        (
            "a.yaml",
            "item:
  post:
    operationId: postA
    requestBody: {$ref: 'b.yaml#/components/requestBodies/B'}
    callbacks: {own: {'{$url}': {$ref: '#/item'}}, other: {$ref: 'b.yaml#/components/callbacks/C'}}
    responses:
      '200': {description: ok, links: {l: {$ref: 'b.yaml#/components/links/L'}, m: {operationRef: '#/item/post'}}}
",
        ),
        (
            "b.yaml",
            "components:
  requestBodies: {B: {content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}}
  schemas: {S: {type: object, properties: {s: {type: string}}}}
  callbacks: {C: {'{$url}': {post: {requestBody: {$ref: '#/components/requestBodies/B'}, responses: {}}}}}
  links: {L: {operationRef: 'a.yaml#/item/post', parameters: {$ref: data}}, M: {operationRef: 'gone.yaml#/x'}}
",
        ),
    ]);
    let text = document("{}").replace("  /a:", "  /p: {$ref: 'a.yaml#/item'}\n  /a:")
        + "components: {links: {N: {$ref: 'b.yaml#/components/links/M'}}, callbacks: {D: {x: {$ref: gone.yaml}}}}\n";
    let bundled = bundle(&Inputs::new(Source { name: "openapi.yaml", text: &text }).files(&files));
    assert_eq!(bundled.diagnostics.iter().map(ToString::to_string).collect::<Vec<_>>(), [""; 0]);
    let tree = bundled.tree.unwrap();
    let body = serde_json::json!({"$ref": "#/components/requestBodies/B"});
    let post = &tree["paths"]["/p"]["post"];
    assert_eq!(post["requestBody"], body);
    assert_eq!(post["callbacks"]["own"]["{$url}"]["$ref"], "#/components/pathItems/item");
    assert_eq!(post["callbacks"]["other"]["$ref"], "#/components/callbacks/C");
    assert_eq!(tree["components"]["callbacks"]["C"]["{$url}"]["post"]["requestBody"], body);
    let item = &tree["components"]["pathItems"]["item"]["post"];
    assert_eq!(item["callbacks"]["own"]["{$url}"]["$ref"], "#/components/pathItems/item");
    let links = &tree["components"]["links"];
    assert_eq!(post["responses"]["200"]["links"]["l"]["$ref"], "#/components/links/L");
    assert_eq!(post["responses"]["200"]["links"]["m"]["operationRef"], "#/paths/~1p/post");
    assert_eq!(links["L"]["operationRef"], "#/paths/~1p/post");
    assert_eq!(links["L"]["parameters"]["$ref"], "data");
    assert_eq!(links["N"]["operationRef"], "gone.yaml#/x");
    // Each reference of the bundle has a target, or none in the files either.
    let alone = tree.to_string();
    let again = bundle(&Inputs::new(Source { name: "openapi.yaml", text: &alone }).files(&files));
    assert_eq!(again.tree.unwrap(), tree);
    assert!(run(&text, &files).output.is_some_and(|output| output.types.values().any(|name| name == "S")));
}

#[test]
fn findings_name_the_file_and_the_place_in_it() {
    let files =
        texts(&[("a/pet.yaml", "type: object\nproperties: {n: {type: string, madeUp: 1}, o: {$ref: gone.yaml}}\n")]);
    let generated = run(&document("{$ref: a/pet.yaml}"), &files);
    let found = lines(&generated);
    assert!(found.iter().any(|line| line.contains("spec/a/pet.yaml#/properties/n/madeUp: ")), "{found:?}");
    let dangling = "spec/a/pet.yaml#/properties/o: `$ref: gone.yaml` has no target: there is no file spec/a/gone.yaml";
    assert!(found.iter().any(|line| line.contains(dangling)), "{found:?}");
    assert_eq!(generated.parts.iter().map(|part| part.name.as_str()).collect::<Vec<_>>(), ["spec/a/pet.yaml"]);
}

#[test]
fn an_overlay_may_refer_to_other_files() {
    let files = texts(&[("pet.yaml", "{type: object, properties: {a: {type: string}}}")]);
    let overlay = "overlay: 1.0.0\ninfo: {title: o, version: '1'}\nactions:\n- target: $.paths['/a'].get.responses['200'].content['application/json']\n  update: {schema: {$ref: pet.yaml}}\n";
    let text = document("{}");
    let inputs = Inputs::new(Source { name: "openapi.yaml", text: &text })
        .overlay(Source { name: "overlay.yaml", text: overlay })
        .files(&files);
    let generated = generate(&inputs, &Config::default());
    assert!(generated.output.unwrap().types.values().any(|name| name == "Pet"));
}

#[test]
fn each_file_is_read_once() {
    let files = texts(&[
        ("a.yaml", "{type: object, properties: {b: {$ref: b.yaml}, c: {$ref: './b.yaml'}, d: {$ref: 'x/../b.yaml'}}}"),
        ("b.yaml", "{type: object, properties: {a: {$ref: a.yaml}, gone: {$ref: c.yaml}, too: {$ref: c.yaml}}}"),
    ]);
    assert!(run(&document("{$ref: a.yaml}"), &files).output.is_some());
    assert_eq!(*files.read.lock().unwrap(), ["a.yaml", "b.yaml", "c.yaml"]);
}

#[test]
fn names_do_not_depend_on_the_order_of_references() {
    let files = texts(&[
        ("a/error.yaml", "{type: object, properties: {a: {type: string}}}"),
        ("b/error.yaml", "{type: object, properties: {b: {type: string}}}"),
        (
            "c/errors.json",
            r#"{"Fault": {"properties": {"f": {"type": "string"}}}, "error": {"type": "object", "properties": {"c": {"type": "integer"}}}}"#,
        ),
    ]);
    let references = ["a/error.yaml", "b/error.yaml", "'c/errors.json#/error'", "'c/errors.json#/Fault'"];
    let types = |order: &[usize]| {
        let members = order.iter().fold(String::new(), |mut text, index| {
            write!(text, "p{index}: {{$ref: {}}}, ", references[*index]).unwrap();
            text
        });
        let generated = run(&document(&format!("{{type: object, properties: {{{members}}}}}")), &files);
        let mut names: Vec<String> = generated.output.unwrap().types.into_values().collect();
        names.sort();
        names
    };
    assert_eq!(types(&[0, 1, 2, 3]), types(&[3, 2, 1, 0]));
    assert_eq!(types(&[0, 1, 2, 3]), ["AError", "BError", "ErrorsError", "Fault", "GetAResponse"]);
}

#[test]
fn nothing_outside_the_folder_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("api");
    fs::create_dir_all(inside.join("schemas")).unwrap();
    let schema = "{type: object, properties: {secret: {type: string}}}";
    fs::write(folder.path().join("outside.yaml"), schema).unwrap();
    fs::write(inside.join("schemas/inside.yaml"), schema).unwrap();
    let path = inside.join("openapi.yaml");
    let outside = folder.path().join("outside.yaml");
    let mut references = vec![
        "../outside.yaml".to_owned(),
        "schemas/../../outside.yaml".to_owned(),
        "../nothing-there.yaml".to_owned(),
        outside.display().to_string(),
        "schemas".to_owned(),
        "file:///etc/hostname".to_owned(),
    ];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&outside, inside.join("link.yaml")).unwrap();
        std::os::unix::fs::symlink(folder.path(), inside.join("up")).unwrap();
        references.extend(["link.yaml".to_owned(), "up/outside.yaml".to_owned()]);
    }
    for reference in references {
        let text = document(&format!("{{$ref: '{reference}'}}"));
        fs::write(&path, &text).unwrap();
        let generated = run(&text, &Folder::of(&path).unwrap());
        assert!(generated.output.is_none(), "{reference}");
        assert_eq!(generated.diagnostics[0].code.id, "external-ref", "{reference}");
        assert!(!lines(&generated).concat().contains("secret"), "{reference}");
    }
    let text = document("{$ref: '../outside.yaml'}");
    let wider = Folder::of(&path).unwrap().within(folder.path()).unwrap();
    assert!(run(&text, &wider).output.is_some());
    assert!(run(&document("{$ref: schemas/inside.yaml}"), &Folder::of(&path).unwrap()).output.is_some());
}

#[test]
fn a_document_without_files_says_what_it_needs() {
    let text = document("{$ref: pet.yaml}");
    let generated = generate(&Inputs::new(Source { name: "d.yaml", text: &text }), &Config::default());
    let errors: Vec<_> = generated.diagnostics.iter().filter(|found| found.severity() == Severity::Error).collect();
    assert_eq!((errors.len(), errors[0].code.id), (1, "external-ref"));
}

#[test]
fn references_that_multiply_end_with_an_error() {
    // Each of many paths is a copy of one large file.
    let fields = (0..2000).fold(String::new(), |mut text, index| {
        write!(text, "f{index}: {{type: string}}, ").unwrap();
        text
    });
    let item = format!(
        "get: {{responses: {{'200': {{description: ok, content: {{a/json: {{schema: {{properties: {{{fields}}}}}}}}}}}}}}}"
    );
    let files = texts(&[("item.yaml", &item)]);
    let paths = (0..5000).fold(String::new(), |mut text, index| {
        writeln!(text, "  /p{index}: {{$ref: item.yaml}}").unwrap();
        text
    });
    let text = format!("openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths:\n{paths}");
    let prepared = prepare(&Inputs::new(Source { name: "d.yaml", text: &text }).files(&files), &Config::default());
    assert!(prepared.diagnostics.iter().any(|found| found.code.id == "expansion"), "{:?}", prepared.diagnostics);
}

#[test]
fn references_in_circles_end() {
    let files = texts(&[
        ("paths.yaml", "/a: {$ref: 'paths.yaml#/~1a'}\n/b: {get: {$ref: 'paths.yaml#/~1b/get'}}\n"),
        ("content.yaml", "application/json: {schema: {$ref: 'content.yaml#/application~1json/schema'}}\n"),
        ("map.yaml", "$ref: map.yaml\n"),
        ("through.yaml", "A: {$ref: '#/A/b'}\nB: {$ref: '#/B'}\n"),
    ]);
    let text = "openapi: 3.1.0
info: {title: t, version: '1'}
servers: [{url: 'https://api.example.com'}]
paths:
  /a: {$ref: 'paths.yaml#/~1a'}
  /b: {$ref: 'paths.yaml#/~1b'}
  /c: {get: {operationId: c, responses: {'200': {description: ok, content: {$ref: content.yaml}}}}}
  /d: {get: {operationId: d, responses: {'200': {description: ok, content: {a/json: {schema: {$ref: 'through.yaml#/A'}}}}}}}
  /e: {get: {operationId: e, responses: {'200': {description: ok, content: {a/json: {schema: {$ref: 'through.yaml#/B'}}}}}}}
  /f: {get: {operationId: f, responses: {$ref: map.yaml}}}
";
    let generated = run(text, &files);
    let found = lines(&generated);
    assert!(generated.output.is_some(), "{found:?}");
    assert!(found.iter().filter(|line| line.contains("[dangling-ref]")).count() >= 4, "{found:?}");
}

#[test]
fn many_files_are_read_in_linear_work() {
    let chain = |count: usize| {
        let texts = (0..count).map(|index| {
            let text = format!("{{type: object, properties: {{next: {{$ref: 's{}.yaml'}}}}}}", (index + 1) % count);
            (format!("s{index}.yaml"), text)
        });
        Texts { texts: texts.collect(), read: Mutex::default() }
    };
    let files = chain(3000);
    let generated = run(&document("{$ref: s0.yaml}"), &files);
    assert_eq!(files.read.lock().unwrap().len(), 3000);
    assert_eq!(generated.output.unwrap().types.len(), 3000);
}

#[test]
fn what_extensions_hold_is_followed_where_references_lead_to_it() {
    let files = texts(&[
        (
            "pet.yaml",
            "type: object\nproperties: {size: {$ref: '#/x-defs/Size'}}\n\
             x-defs: {Size: {type: object, properties: {unit: {$ref: 'units.yaml#/Unit'}, other: {$ref: '#/x-defs/Size'}}}}\n\
             x-unused: {$ref: missing.yaml}\n",
        ),
        ("units.yaml", "Unit: {type: string, enum: [cm, inch]}\n"),
    ]);
    let generated = run(&document("{$ref: pet.yaml}"), &files);
    assert_eq!(lines(&generated), [""; 0]);
    let all: String = generated.output.unwrap().files.into_iter().map(|file| file.source).collect();
    for part in ["size: Option<Size>", "unit: Option<Unit>", "other: Option<Box<Size>>"] {
        assert!(all.contains(part), "{part}");
    }
}
