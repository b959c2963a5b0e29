//! The documents: of each stage some that mean far more than they say, and 64 MiB of each shape.

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
};

use lowcodeapi_codegen::{Files, Unavailable};

/// A document, its overlay and its other files.
#[derive(Default)]
pub(crate) struct Bomb {
    pub(crate) name: &'static str,
    pub(crate) document: String,
    pub(crate) overlay: Option<String>,
    pub(crate) files: Texts,
}

/// The other files, in memory.
#[derive(Default)]
pub(crate) struct Texts(BTreeMap<String, String>);

impl Texts {
    pub(crate) fn size(&self) -> usize {
        self.0.values().map(String::len).sum()
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} files", self.0.len())
    }
}

impl Files for Texts {
    fn read(&self, place: &str) -> Result<String, Unavailable> {
        self.0.get(place).cloned().ok_or(Unavailable::Missing)
    }
}

/// Makes a document.
type Make = fn() -> Bomb;

pub(crate) const BOMBS: &[(&str, Make)] = &[
    ("JSON nested 60 million deep", || json("[".repeat(60 << 20))),
    ("objects nested 10 million deep", || json("{\"a\":".repeat(10 << 20))),
    ("YAML nested 30 million deep", || yaml("- ".repeat(30 << 20))),
    ("YAML flow nested 60 million deep", || yaml("[".repeat(60 << 20))),
    ("YAML of broken brackets", || yaml("[a}, ".repeat(200_000))),
    ("aliases of aliases", || yaml(laughs("[", "]", ""))),
    ("aliases of maps", || yaml(laughs("{", "}", ": "))),
    ("a long list of one alias", || yaml(format!("x: &a [{}]\ny: [{}]\n", list("1", 5_000), list("*a", 5_000)))),
    ("merge keys of merge keys", merges),
    ("keys that are doubled 2 million times", || json(format!("{{{}}}", list("\"a\":1", 2_000_000)))),
    ("numbers that keep their digits", || with("x-a", &format!("[{}]", list("18446744073709551616", 1_300_000)))),
    ("a number of 60 million digits", || with("x-a", &"1".repeat(60 << 20))),
    ("files in a circle", || files(2, |index| format!("$ref: f{}.yaml\n", 1 - index))),
    ("5,000 files in a chain", || files(5_000, |index| format!("$ref: f{}.yaml\n", index + 1))),
    ("19,000 files of one model", || files(19_000, |index| model(index + 1))),
    ("files that refer to all others", || files(600, |index| everything(600, index))),
    ("600 schemas that refer to all others", || {
        schemas(600, |_| {
            let members = (0..600).map(|index| format!(r#""p{index}":{}"#, reference(index))).collect::<Vec<_>>();
            format!(r#"{{"type":"object","properties":{{{}}}}}"#, members.join(","))
        })
    }),
    ("operations that copy each other", copies),
    ("callbacks that call back", callbacks),
    ("`allOf` to the power of 30", || schemas(30, |index| format!(r#"{{"allOf":[{0},{0}]}}"#, reference(index + 1)))),
    ("`oneOf` to the power of 12", || {
        schemas(12, |index| format!(r#"{{"allOf":[{0},{0},{1}]}}"#, either(index), reference(index + 1)))
    }),
    ("a chain of 20,000 heirs", || schemas(20_000, heir)),
    ("schemas in a circle of `allOf`", || {
        schemas(1_000, |index| format!(r#"{{"allOf":[{}]}}"#, reference((index + 1) % 1_000)))
    }),
    ("300 schemas that all inherit all", || schemas(300, |_| format!(r#"{{"allOf":[{}]}}"#, all(300)))),
    ("an overlay that doubles 60 times", || overlaid(60, "$.components", "{copy: $.components}")),
    ("an overlay that copies 3,000 times", || overlaid(3_000, "$.components.schemas.*", "")),
    ("an overlay of deep searches", || overlaid(2_000, "$..*..*..*", "")),
    ("64 MiB in one description", || with("x-a", "1").replaced("\"t\"", &format!("\"{}\"", "a ".repeat(32 << 20)))),
    ("64 MiB in one text", || with("x-a", &format!("\"{}\"", "a".repeat(64 << 20)))),
    ("64 MiB of escapes", || with("x-a", &format!("\"{}\"", "\\u00e9".repeat(10 << 20)))),
    ("64 MiB in one YAML text", || yaml(format!("x: |\n  {}\n", "a b\n  ".repeat(10 << 20)))),
    ("64 MiB in one folded YAML text", || yaml(format!("x: \"{}\"\n", "a\n  ".repeat(15 << 20)))),
    ("64 MiB of YAML comments", || yaml("# a\n".repeat(16 << 20))),
    ("64 MiB of small operations", || operations(64 << 20, "")),
    ("64 MiB of operations with a body", || operations(64 << 20, BODY)),
    ("64 MiB of small schemas", || {
        filled(64 << 20, |index| format!(r#""S{index}":{{"type":"object","properties":{{"a":{{"type":"string"}}}}}}"#))
    }),
    ("64 MiB of wide schemas", || {
        filled(64 << 20, |index| format!(r#""S{index}":{{"type":"object","properties":{{{}}}}}"#, properties(1_000)))
    }),
    ("64 MiB of one schema", || {
        filled(1, |_| format!(r#""S0":{{"type":"object","properties":{{{}}}}}"#, properties(2_000_000)))
    }),
    ("64 MiB of one enum", || filled(1, |_| format!(r#""S0":{{"enum":[{}]}}"#, texts(5_000_000)))),
    ("64 MiB of enums of 5,000", || filled(64 << 20, |index| format!(r#""S{index}":{{"enum":[{}]}}"#, texts(5_000)))),
    ("64 MiB of one choice", || {
        filled(1, |_| format!(r#""S0":{{"oneOf":[{}]}}"#, list(r#"{"type":"object"}"#, 3_500_000)))
    }),
    ("64 MiB of deep lists", || {
        with("x-a", &format!("[{}]", list(&format!("{}{}", "[".repeat(80), "]".repeat(80)), 400_000)))
    }),
    ("64 MiB of deep schemas", || {
        filled(64 << 20, |index| format!(r#""S{index}":{}{{}}{}"#, r#"{"items":"#.repeat(80), "}".repeat(80)))
    }),
    ("64 MiB of numbers", || with("x-a", &format!("[{}]", list("1", 32 << 20)))),
    ("64 MiB of unknown keys", || filled(64 << 20, |index| format!(r#""S{index}":{{"unknown{index}":1}}"#))),
    ("64 MiB of dangling references", || {
        filled(64 << 20, |index| format!(r##""S{index}":{{"properties":{{"a":{{"$ref":"#/gone/{index}"}}}}}}"##))
    }),
    ("64 MiB of names that clash", || {
        filled(64 << 20, |index| format!(r#""a{}b":{{"type":"object"}}"#, "_".repeat(index % 4_000)))
    }),
    ("64 MiB of YAML schemas", || yaml(yaml_schemas())),
];

const HEAD: &str = r#""openapi":"3.1.0","info":{"title":"t","version":"1"},"servers":[{"url":"https://a.example"}]"#;
const ROOT: &str = r##""/a":{"get":{"responses":{"200":{"description":"d","content":{"application/json":{"schema":{"$ref":"#/components/schemas/S0"}}}}}}}"##;
const BODY: &str = r#","requestBody":{"content":{"application/json":{"schema":{"type":"object","properties":{"a":{"enum":["b","c"]}}}}}}"#;
const YAML: &str =
    "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {'200': {description: d}}}}}\n";

impl Bomb {
    fn replaced(mut self, from: &str, to: &str) -> Self {
        self.document = self.document.replacen(from, to, 1);
        self
    }
}

fn json(document: String) -> Bomb {
    Bomb { name: "openapi.json", document, ..Bomb::default() }
}

#[allow(clippy::needless_pass_by_value, reason = "a text is passed as it is made")]
fn yaml(rest: String) -> Bomb {
    Bomb { name: "openapi.yaml", document: format!("{YAML}{rest}"), ..Bomb::default() }
}

/// A document with this member.
fn with(key: &str, value: &str) -> Bomb {
    json(format!(r#"{{{HEAD},"paths":{{{ROOT}}},"components":{{"schemas":{{"S0":{{}}}}}},"{key}":{value}}}"#))
}

/// A document with `count` schemas. The first one can use each of the others.
fn schemas(count: usize, write_one: impl Fn(usize) -> String) -> Bomb {
    let all = (0..=count).fold(String::new(), |mut all, index| {
        let comma = if index > 0 { "," } else { "" };
        let made = if index == count { r#"{"type":"object"}"#.to_owned() } else { write_one(index) };
        let _ = write!(all, r#"{comma}"S{index}":{made}"#);
        all
    });
    json(format!(r#"{{{HEAD},"paths":{{{ROOT}}},"components":{{"schemas":{{{all}}}}}}}"#))
}

/// A document with entries of `schemas` up to this size.
fn filled(bytes: usize, make: impl Fn(usize) -> String) -> Bomb {
    let mut all = make(0);
    let mut index = 1;
    while all.len() < bytes {
        all.push(',');
        all.push_str(&make(index));
        index += 1;
    }
    json(format!(r#"{{{HEAD},"paths":{{{ROOT}}},"components":{{"schemas":{{{all}}}}}}}"#))
}

fn operations(bytes: usize, more: &str) -> Bomb {
    let mut all = ROOT.to_owned();
    let mut index = 0;
    while all.len() < bytes {
        let _ = write!(all, r#","/p{index}":{{"post":{{"responses":{{"204":{{"description":"d"}}}}{more}}}}}"#);
        index += 1;
    }
    json(format!(r#"{{{HEAD},"paths":{{{all}}},"components":{{"schemas":{{"S0":{{}}}}}}}}"#))
}

/// A document that refers to `count` other files.
fn files(count: usize, make: impl Fn(usize) -> String) -> Bomb {
    let mut bomb = schemas(count, |index| format!(r#"{{"properties":{{"a":{{"$ref":"f{index}.yaml"}}}}}}"#));
    bomb.files.0 = (0..count).map(|index| (format!("f{index}.yaml"), make(index))).collect();
    bomb
}

fn model(next: usize) -> String {
    format!("type: object\nproperties: {{a: {{type: string}}, next: {{$ref: f{next}.yaml}}}}\n")
}

fn everything(count: usize, own: usize) -> String {
    (0..count).fold(format!("title: {own}\ntype: object\nproperties:\n"), |mut text, index| {
        let _ = writeln!(text, "  p{index}: {{$ref: f{index}.yaml}}");
        text
    })
}

/// Operations that are copied to their references, each with ten of the next file.
fn copies() -> Bomb {
    let item = |index: usize| {
        let refs = (0..10).map(|key| format!("  /{key}: {{$ref: 'f{}.yaml#/get'}}\n", index + 1));
        format!("get: {{responses: {{}}, callbacks: {{$ref: 'f{index}.yaml#/c'}}}}\nc:\n{}", refs.collect::<String>())
    };
    let mut bomb = files(20, item);
    bomb.document = bomb.document.replacen(r#""get":{"#, r#""put":{"$ref":"f0.yaml#/get"},"get":{"#, 1);
    bomb
}

fn callbacks() -> Bomb {
    let call = |index: usize| format!("c{index}: {{x: {{$ref: 'f0.yaml#/item'}}}}");
    let calls = (0..20).map(call).collect::<Vec<_>>().join(", ");
    let mut bomb = files(1, |_| format!("item: {{post: {{responses: {{}}, callbacks: {{{calls}}}}}}}\n"));
    bomb.document = bomb.document.replacen(r#""paths":{"#, r#""paths":{"/b":{"$ref":"f0.yaml#/item"},"#, 1);
    bomb
}

fn overlaid(count: usize, target: &str, copy: &str) -> Bomb {
    let mut bomb = schemas(50, |_| format!(r#"{{"properties":{{{}}}}}"#, properties(10)));
    let mut overlay = "overlay: 1.1.0\ninfo: {title: o, version: '1'}\nactions:\n".to_owned();
    for index in 0..count {
        let _ = match copy {
            "" => writeln!(overlay, "- {{target: '{target}', update: {{x{index}: {{a: 1}}}}}}"),
            _ => writeln!(
                overlay,
                "- {{target: $.components, update: {{x{index}: 1}}}}\n- {{target: {target}, copy: $.components}}\n- {{target: $.components.schemas, copy: $.components}}"
            ),
        };
    }
    bomb.overlay = Some(overlay);
    bomb
}

fn laughs(open: &str, close: &str, colon: &str) -> String {
    let mut text = "x0: &a0 1\n".to_owned();
    for index in 0..40 {
        let members: Vec<String> = (0..9)
            .map(|key| if colon.is_empty() { format!("*a{index}") } else { format!("k{key}{colon}*a{index}") })
            .collect();
        let next = index + 1;
        let _ = writeln!(text, "x{next}: &a{next} {open}{}{close}", members.join(", "));
    }
    text
}

fn merges() -> Bomb {
    let mut text = "x0: &a0 {k: 1}\n".to_owned();
    for index in 0..40 {
        let next = index + 1;
        let _ = writeln!(text, "x{next}: &a{next} {{<<: [*a{index}, *a{index}], k{next}: *a{index}}}");
    }
    yaml(text)
}

fn yaml_schemas() -> String {
    let mut text = "components:\n  schemas:\n".to_owned();
    let mut index = 0;
    while text.len() < 64 << 20 {
        let _ =
            write!(text, "    S{index}:\n      type: object\n      properties:\n        a:\n          type: string\n");
        index += 1;
    }
    text
}

fn list(item: &str, count: usize) -> String {
    let mut text = format!("{item},").repeat(count);
    text.pop();
    text
}

fn properties(count: usize) -> String {
    (0..count).map(|index| format!(r#""p{index}":{{"type":"string"}}"#)).collect::<Vec<_>>().join(",")
}

fn texts(count: usize) -> String {
    (0..count).map(|index| format!(r#""text{index}""#)).collect::<Vec<_>>().join(",")
}

fn reference(index: usize) -> String {
    format!(r##"{{"$ref":"#/components/schemas/S{index}"}}"##)
}

fn all(count: usize) -> String {
    (0..count).map(reference).collect::<Vec<_>>().join(",")
}

fn either(index: usize) -> String {
    let variant = |name: &str| {
        format!(
            r#"{{"type":"object","required":["{name}{index}"],"properties":{{"{name}{index}":{{"type":"string"}}}}}}"#
        )
    };
    format!(r#"{{"oneOf":[{},{}]}}"#, variant("a"), variant("b"))
}

fn heir(index: usize) -> String {
    format!(r#"{{"allOf":[{}],"properties":{{"p{index}":{{"type":"string"}}}}}}"#, reference(index + 1))
}
