//! The examples of the explanations lead to the findings that they explain, and have the effect that is said.

use lowcodeapi_codegen::{Config, Generated, Inputs, Source, code, explain, generate};

/// Where the first text in backticks of an example belongs, and what the others are.
#[derive(Clone, Copy)]
enum Place {
    /// The whole document.
    Text,
    /// Keywords of the root.
    Root,
    /// All schemas of the components, of which the result is `A`.
    Schemas,
    /// The schema of the result.
    Schema,
    /// The security scheme.
    Scheme,
    /// All path items.
    Paths,
    /// Keywords of the operation.
    Operation,
    /// A parameter.
    Parameter,
    /// The path; the second text is a parameter.
    Path,
    /// The path; the second text names a parameter.
    Alias,
    /// The path; the second text is the endpoint, the third names a parameter.
    Endpoint,
    Overlay,
    Selection,
    Lock,
    /// What the lock was made with, in this place; the last text is what the document has now.
    Locked(&'static Place),
    /// The URL of the server.
    Server,
    /// The name of the crate.
    Crate,
    /// The name of the crate; the second text is the security scheme.
    CrateAndScheme,
}

use Place::{
    Alias, Crate, CrateAndScheme, Endpoint, Lock, Locked, Operation, Overlay, Parameter, Path, Paths, Root, Schema,
    Schemas, Scheme, Selection, Server, Text,
};

const EXAMPLES: [(&str, Place); 69] = [
    ("syntax", Text),
    ("duplicate-key", Text),
    ("not-a-number", Schema),
    ("origin-changed", Locked(&Server)),
    ("base-path-changed", Locked(&Server)),
    ("credential-changed", Locked(&Scheme)),
    ("variables-kept", Locked(&Crate)),
    ("foreign-variable", CrateAndScheme),
    ("server-unclear", Root),
    ("plaintext-server", Root),
    ("extension-withheld", Root),
    ("not-openapi", Text),
    ("no-paths", Text),
    ("overlay-invalid", Overlay),
    ("overlay-unmatched", Overlay),
    ("overlay-type", Overlay),
    ("overlay-redundant", Overlay),
    ("selection", Selection),
    ("lock-invalid", Lock),
    ("external-ref", Schema),
    ("dangling-ref", Schema),
    ("circular-ref", Schemas),
    ("malformed", Operation),
    ("recursive-schema", Schemas),
    ("enum-values", Schema),
    ("tuple-form", Schema),
    ("parameter-form", Parameter),
    ("body-form", Operation),
    ("part-form", Operation),
    ("security-scheme", Scheme),
    ("server", Root),
    ("operation-skipped", Paths),
    ("name-clash", Schema),
    ("name-kept", Locked(&Operation)),
    ("composition", Schema),
    ("unselected-variant", Schemas),
    ("tag-undeclared", Schemas),
    ("ignored-keyword", Schema),
    ("required-excluded", Schema),
    ("path-parameter", Path),
    ("not-checked", Schema),
    ("required-undeclared", Schema),
    ("not-called", Operation),
    ("not-followed", Operation),
    ("media-type", Operation),
    ("credential-parameter", Parameter),
    ("token-url", Scheme),
    ("security-connection", Scheme),
    ("response-unknown", Operation),
    ("repair-info", Root),
    ("repair-external-docs", Operation),
    ("repair-tag", Operation),
    ("repair-path", Alias),
    ("gateway-variable", Operation),
    ("path-alias", Endpoint),
    ("file-part", Operation),
    ("repair-required-flag", Schema),
    ("repair-required-body", Operation),
    ("repair-empty-body", Operation),
    ("repair-upload", Operation),
    ("repair-file-type", Schema),
    ("repair-type", Schema),
    ("repair-nested-enum", Schema),
    ("repair-body-form", Operation),
    ("repair-body-enum", Operation),
    ("repair-parameter-enum", Parameter),
    ("repair-empty-example", Schema),
    ("repair-parameter-schema", Parameter),
    ("repair-description", Operation),
];

/// Examples that are described in words: they are too large, or need more than a document.
const DESCRIBED: [&str; 13] = [
    "too-large",
    "expansion",
    "too-deep",
    "connection-accepted",
    "nested-schema",
    "combinations",
    "result-untyped",
    "extension-ignored",
    "lock-swapped",
    "lock-followed",
    "surface-unmatched",
    "lock-incomplete",
    "internal",
];

/// Defects that only documents of the gateway have.
const GATEWAY: [&str; 11] = [
    "repair-path",
    "gateway-variable",
    "path-alias",
    "file-part",
    "repair-required-body",
    "repair-empty-body",
    "repair-upload",
    "repair-nested-enum",
    "repair-body-form",
    "repair-body-enum",
    "repair-parameter-enum",
];

/// The parts of a document, in YAML's flow style.
struct Parts {
    root: String,
    server: String,
    schemas: String,
    result: String,
    scheme: (String, String),
    paths: Option<String>,
    path: String,
    operation: String,
    parameters: String,
    crate_name: String,
}

impl Parts {
    fn new(code: &str) -> Self {
        let is_gateway = GATEWAY.contains(&code) || code == "repair-empty-example";
        let server = if is_gateway { "https://api.lowcodeapi.com/shop" } else { "https://api.example.com" };
        Self {
            root: String::new(),
            server: server.to_owned(),
            schemas: "{User: {type: object, properties: {name: {type: string}}}}".to_owned(),
            result: "{$ref: '#/components/schemas/User'}".to_owned(),
            scheme: ("key".to_owned(), "{type: apiKey, in: header, name: X-Key}".to_owned()),
            paths: None,
            path: "/v1/users".to_owned(),
            operation: String::new(),
            parameters: String::new(),
            crate_name: "shop-client".to_owned(),
        }
    }

    /// Puts the texts of an example in their place.
    fn put(&mut self, place: Place, texts: &[&str]) {
        let text = texts[0].to_owned();
        let path_parameter =
            |name: &str| format!("{{name: {name}, in: path, required: true, schema: {{type: string}}}}");
        match place {
            Root => self.root = text,
            Schemas => (self.schemas, self.result) = (text, "{$ref: '#/components/schemas/A'}".to_owned()),
            Schema => self.result = if text.starts_with('{') { text } else { format!("{{{text}}}") },
            Scheme => self.scheme.1 = text,
            Paths => self.paths = Some(text),
            Operation if text.starts_with("content") => self.operation = format!("requestBody: {{{text}}}"),
            Operation => self.operation = text,
            Parameter => self.parameters = text,
            Path => (self.path, self.parameters) = (text, texts[1].to_owned()),
            Alias => (self.path, self.parameters) = (text, path_parameter(texts[1])),
            Endpoint => {
                (self.path, self.parameters) = (text, path_parameter(texts[2]));
                self.operation = format!("externalDocs: {{url: 'https://docs.example', api_endpoint: '{}'}}", texts[1]);
            }
            Server => self.server = text,
            Crate => self.crate_name = text,
            CrateAndScheme => (self.crate_name, self.scheme.1) = (text, texts[1].to_owned()),
            Text | Overlay | Selection | Lock | Locked(_) => {}
        }
    }

    fn document(&self) -> String {
        // Keywords of the example stand in place of those that every document has.
        let unless = |own: &str, key: &str, default: &str| {
            if own.starts_with(key) { String::new() } else { format!("{default}, ") }
        };
        let root = &self.root;
        let info = unless(root, "info", "info: {title: Shop, version: '1'}");
        let servers = unless(root, "servers", &format!("servers: [{{url: '{}'}}]", self.server));
        let result = format!(
            "responses: {{200: {{description: ok, content: {{application/json: {{schema: {}}}}}}}}}",
            self.result
        );
        let responses = unless(&self.operation, "responses", &result);
        let security = unless(&self.operation, "security", &format!("security: [{{{}: []}}]", self.scheme.0));
        let operation = format!("{{{responses}{security}parameters: [{}], {}}}", self.parameters, self.operation);
        let paths = self.paths.clone().unwrap_or_else(|| format!("{{'{}': {{post: {operation}}}}}", self.path));
        let (name, scheme) = &self.scheme;
        format!(
            "{{openapi: 3.0.3, {info}{servers}paths: {paths}, components: {{schemas: {}, securitySchemes: \
             {{{name}: {scheme}}}}}, {root}}}",
            self.schemas
        )
    }

    /// Generates from the document and another text, of the kind that the place says.
    fn run(&self, place: Place, text: &str) -> Generated {
        let document = self.document();
        let inputs = Inputs::new(Source { name: "d.yaml", text: &document });
        let inputs = match place {
            Overlay => inputs.overlay(Source { name: "o.yaml", text }),
            Selection => inputs.selection(Source { name: "s.yaml", text }),
            Lock => inputs.lock(Source { name: "l.json", text }),
            _ => inputs,
        };
        generate(&inputs, &Config::default().name(&self.crate_name))
    }
}

fn run_example(code: &str, place: Place, texts: &[&str]) -> Generated {
    let mut parts = Parts::new(code);
    parts.put(place, texts);
    match place {
        Text => generate(&Inputs::new(Source { name: "d.yaml", text: texts[0] }), &Config::default()),
        Overlay | Selection | Lock => parts.run(place, texts[0]),
        Locked(place) => {
            parts.put(*place, texts);
            let before = parts.run(Text, "");
            let lock = before.output.unwrap_or_else(|| panic!("{code}: {:#?}", before.diagnostics)).lock.to_string();
            parts.put(*place, &texts[texts.len() - 1..]);
            parts.run(Lock, &lock)
        }
        _ => parts.run(Text, ""),
    }
}

fn part<'a>(text: &'a str, part: &str) -> &'a str {
    text.lines().find_map(|line| line.strip_prefix(part)).unwrap_or_default()
}

#[test]
fn each_example_leads_to_its_finding_and_has_its_effect() {
    for (code, place) in EXAMPLES {
        let text = explain(code).unwrap_or_else(|| panic!("`{code}` is not explained"));
        let texts: Vec<&str> = part(text, "Example: ").split('`').skip(1).step_by(2).collect();
        let generated = run_example(code, place, &texts);
        let found: Vec<String> = generated.diagnostics.iter().map(ToString::to_string).collect();
        assert!(generated.diagnostics.iter().any(|it| it.code.id == code), "{code}: {found:#?}");
        let is_fatal = part(text, "Effect: ").starts_with("nothing is generated");
        assert_eq!(generated.output.is_none(), is_fatal, "{code}: {found:#?}");
    }
}

#[test]
fn each_code_has_an_example_that_runs_or_is_described() {
    let runs = EXAMPLES.iter().map(|(code, _)| *code);
    let mut known: Vec<&str> = runs.chain(DESCRIBED).collect();
    let mut all: Vec<&str> = code::ALL.iter().map(|code| code.id).collect();
    known.sort_unstable();
    all.sort_unstable();
    assert_eq!(known, all);
}
