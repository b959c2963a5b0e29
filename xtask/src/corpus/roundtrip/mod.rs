//! Reads the examples of a document as generated types, and writes them again.

mod compare;
pub(crate) mod examples;
mod fit;

use std::{collections::BTreeSet, fmt::Write as _, fs, io, path::Path};

use lowcodeapi_codegen::Output;
use serde::Serialize;
use serde_json::Value;

use self::examples::Example;
use super::{
    compile::Libraries,
    supervise::{Bounds, Program},
};
use crate::{
    failure::Failure,
    write::{Wanted, write_all},
};

const EXAMPLES: &str = "examples.jsonl";
const PROGRAM: &str = "roundtrip.rs";
const BOUNDS: Bounds = Bounds { seconds: 60, mebibytes: 4096 };

/// The results of all examples. Each example is in one count.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Roundtrip {
    pub(crate) examples: usize,
    /// Equal to the example.
    pub(crate) equal: usize,
    /// Matching their schema, but not decodable.
    pub(crate) decode_failures: usize,
    /// Matching their schema, but changed.
    pub(crate) differ: usize,
    /// Without members that their schema lacks, or that only the other direction has.
    pub(crate) undeclared: usize,
    /// Not equal, and not matching their schema.
    pub(crate) unfit: usize,
    /// All examples that are not equal.
    pub(crate) failures: Vec<ExampleFailure>,
}

/// An example that is not equal.
#[derive(Debug, Serialize)]
pub(crate) struct ExampleFailure {
    pub(crate) pointer: String,
    #[serde(rename = "type")]
    pub(crate) ty: String,
    pub(crate) kind: Kind,
    pub(crate) message: String,
}

/// The count of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    DecodeFailure,
    Differs,
    Undeclared,
    Unfit,
}

impl Kind {
    /// Whether the generated code is defective, not the document.
    fn is_ours(self) -> bool {
        matches!(self, Self::DecodeFailure | Self::Differs)
    }
}

impl Roundtrip {
    fn add(&mut self, failure: ExampleFailure) {
        *match failure.kind {
            Kind::DecodeFailure => &mut self.decode_failures,
            Kind::Differs => &mut self.differ,
            Kind::Undeclared => &mut self.undeclared,
            Kind::Unfit => &mut self.unfit,
        } += 1;
        self.failures.push(failure);
    }

    pub(crate) fn add_counts(&mut self, other: &Self) {
        self.examples += other.examples;
        self.equal += other.equal;
        self.decode_failures += other.decode_failures;
        self.differ += other.differ;
        self.undeclared += other.undeclared;
        self.unfit += other.unfit;
    }

    /// Returns the reason why the document is not whole, on one line.
    pub(crate) fn reason(&self) -> Option<String> {
        let mut ours = self.failures.iter().filter(|failure| failure.kind.is_ours());
        let first = ours.next()?;
        let more = ours.count();
        let more = if more == 0 { String::new() } else { format!(" (and {more} more)") };
        Some(format!("the example at `{}` does not survive `{}`: {}{more}", first.pointer, first.ty, first.message))
    }
}

/// Writes the examples, and the program that reads and writes them, to the folder of the crate.
pub(crate) fn prepare(folder: &Path, tree: &Value, output: &Output) -> Result<(), Failure> {
    let examples = examples::collect(tree, output);
    // A struct of text and JSON serialises.
    let lines = examples.iter().filter_map(|example| serde_json::to_string(example).ok()).map(|line| line + "\n");
    let has_models = output.files.iter().any(|file| file.path == "types.rs");
    write_all(
        folder,
        &[
            Wanted { path: folder.join(EXAMPLES), text: lines.collect() },
            Wanted { path: folder.join(PROGRAM), text: program(&examples, has_models) },
        ],
    )
}

fn program(examples: &[Example], has_models: bool) -> String {
    let types: BTreeSet<&str> = examples.iter().map(|example| example.ty.as_str()).collect();
    let mut arms = String::new();
    for ty in types {
        // Writing to a `String` cannot fail.
        let _ = writeln!(arms, "        {ty:?} => again::<{ty}>(value),");
    }
    let models = if has_models {
        "#[path = \"src/types.rs\"]\nmod types;\n#[path = \"src/wire.rs\"]\nmod wire;\n\n"
    } else {
        ""
    };
    format!(
        r#"//! Reads each line of `{EXAMPLES}` as the type that it names, and prints what is written again, or why it cannot be read.
#![allow(dead_code, unused_imports)]

{models}use std::collections::BTreeMap;

use lowcodeapi_runtime::{{DateTime, Decimal, Nullable, Tuple, Upload}};
use serde_json::{{Map, Value, json}};

fn again<T: serde_core::de::DeserializeOwned + serde_core::Serialize>(value: &str) -> Value {{
    match serde_json::from_str::<T>(value) {{
        Ok(model) => match serde_json::to_value(model) {{
            Ok(written) => json!({{"written": written}}),
            Err(error) => json!({{"error": error.to_string()}}),
        }},
        Err(error) => json!({{"error": error.to_string()}}),
    }}
}}

fn round(ty: &str, value: &str) -> Value {{
    match ty {{
{arms}        _ => json!({{"error": "the type is not known"}}),
    }}
}}

fn main() {{
    let path = std::env::args().nth(1).expect("it is given the file of the examples");
    let text = std::fs::read_to_string(path).expect("the file can be read");
    for line in text.lines() {{
        let line: Value = serde_json::from_str(line).expect("each line is JSON");
        println!("{{}}", round(line["type"].as_str().unwrap_or_default(), &line["value"].to_string()));
    }}
}}
"#
    )
}

/// Builds and runs the program. The error is a reason on one line.
pub(crate) fn run(folder: &Path, libraries: &Libraries) -> Result<Roundtrip, String> {
    let examples: Vec<Example> = read_lines(&folder.join(EXAMPLES))?;
    let mut roundtrip = Roundtrip { examples: examples.len(), ..Roundtrip::default() };
    if examples.is_empty() {
        return Ok(roundtrip);
    }
    let binary = folder.join("roundtrip");
    libraries.build_program(folder, PROGRAM, &binary)?;
    let run = Program {
        file: binary.clone().into(),
        arguments: vec![folder.join(EXAMPLES).into()],
        folder,
        step: "roundtrip",
    };
    let outcome = run.run(BOUNDS).map_err(|error| error.to_string())?;
    // Programs are large, and quickly rebuilt.
    let _ = fs::remove_file(&binary);
    let answers: Vec<Value> = read_lines(&folder.join("roundtrip.out"))?;
    if !outcome.success || answers.len() != examples.len() {
        let at = examples.get(answers.len()).map_or("", |example| example.pointer.as_str());
        return Err(format!("the program that reads the examples ended at `{at}`: {}", outcome.end));
    }
    for (example, answer) in examples.into_iter().zip(&answers) {
        match judge(example, answer) {
            Some(failure) => roundtrip.add(failure),
            None => roundtrip.equal += 1,
        }
    }
    Ok(roundtrip)
}

fn read_lines<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Vec<T>, String> {
    let said = |error: io::Error| format!("{}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(said)?;
    text.lines().map(|line| serde_json::from_str(line).map_err(|error| said(error.into()))).collect()
}

/// Returns the failure of an example, or `None`.
fn judge(example: Example, answer: &Value) -> Option<ExampleFailure> {
    let Example { pointer, ty, misfit, undeclared, value } = example;
    let (kind, message) = match answer.get("written") {
        None => {
            let error = answer.get("error").and_then(Value::as_str).unwrap_or_default();
            (Kind::DecodeFailure, error.to_owned())
        }
        Some(written) => {
            let differences = compare::differences(&value, written);
            let is_declared = |at: &str| !undeclared.iter().any(|known| known == at);
            let first = differences.iter().find(|it| is_declared(&it.at)).or(differences.first())?;
            let kind = if is_declared(&first.at) { Kind::Differs } else { Kind::Undeclared };
            (kind, format!("`{}` {}", first.at, first.what))
        }
    };
    let failure = |kind, message| Some(ExampleFailure { pointer, ty, kind, message });
    match misfit.filter(|_| kind.is_ours()) {
        Some(misfit) => failure(Kind::Unfit, format!("{misfit} ({message})")),
        None => failure(kind, message),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn judged(misfit: Option<&str>, undeclared: &[&str], answer: &Value) -> Option<(Kind, String)> {
        let example = Example {
            pointer: "/example".to_owned(),
            ty: "types::Pet".to_owned(),
            misfit: misfit.map(str::to_owned),
            undeclared: undeclared.iter().map(ToString::to_string).collect(),
            value: json!({"a": 1, "b": 2}),
        };
        judge(example, answer).map(|failure| (failure.kind, failure.message))
    }

    #[test]
    fn the_document_and_the_generated_code_are_told_apart() {
        let whole = json!({"written": {"a": 1, "b": 2}});
        assert_eq!(judged(None, &["/b"], &whole), None);
        let unread = json!({"error": "a: invalid type"});
        assert_eq!(judged(None, &[], &unread), Some((Kind::DecodeFailure, "a: invalid type".to_owned())));
        let unfit = (Kind::Unfit, "`/a` is wrong (a: invalid type)".to_owned());
        assert_eq!(judged(Some("`/a` is wrong"), &[], &unread), Some(unfit));
        let lost = json!({"written": {"a": 1}});
        assert_eq!(judged(None, &[], &lost), Some((Kind::Differs, "`/b` is lost".to_owned())));
        assert_eq!(judged(None, &["/b"], &lost), Some((Kind::Undeclared, "`/b` is lost".to_owned())));
        // Declared members come first.
        assert_eq!(judged(None, &["/a"], &json!({"written": {}})), Some((Kind::Differs, "`/b` is lost".to_owned())));
    }
}
