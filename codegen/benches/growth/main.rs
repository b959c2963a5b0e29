//! The work of generating, as documents grow.
//!
//! `cargo bench -p lowcodeapi-codegen --bench growth` generates from documents of many kinds, each at a size and at twice that
//! size, counts the instructions of both with `callgrind`, prints them, and fails where twice the size takes three times the
//! instructions or more. An argument chooses the kinds whose names have it in them. Without `valgrind` nothing is counted.

#[path = "../shared/callgrind.rs"]
mod callgrind;
mod families;

use std::{env, error::Error, process::ExitCode};

use lowcodeapi_codegen::{Config, Inputs, Source, generate};

use crate::families::{FAMILIES, Family};

type Failure = Box<dyn Error + Send + Sync>;

/// Twice the size may take less than so many times the work.
const MAX_RATIO: f64 = 3.0;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["run", family, size] => run(family, size),
        [] => count_all(""),
        [part, ..] => count_all(part),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Generates once: what `callgrind` counts, on all threads, with the making of the document.
fn run(name: &str, size: &str) -> Result<bool, Failure> {
    let family = FAMILIES.iter().find(|family| family.name == name).ok_or("there is no such family")?;
    let (document, overlay) = (family.make)(size.parse()?);
    let mut inputs = Inputs::new(Source { name: family.file, text: &document });
    if let Some(overlay) = &overlay {
        inputs = inputs.overlay(Source { name: "overlay.yaml", text: overlay });
    }
    let generated = generate(&inputs, &Config::default());
    let error = generated.diagnostics.iter().find(|found| found.severity() == lowcodeapi_codegen::Severity::Error);
    match error {
        Some(error) => println!("{}", error.code.id),
        None => println!("generated"),
    }
    Ok(true)
}

fn count_all(part: &str) -> Result<bool, Failure> {
    println!("| family | size | instructions | of twice the size | ratio | result |");
    println!("|---|---:|---:|---:|---:|---|");
    let mut is_linear = true;
    for family in FAMILIES.iter().filter(|family| family.name.contains(part)) {
        let (Some((one, _)), Some((two, result))) = (count(family, family.size)?, count(family, 2 * family.size)?)
        else {
            println!("not counted: there is no `valgrind`");
            return Ok(true);
        };
        let ratio = two / one;
        let mark = if ratio < MAX_RATIO { "" } else { " **too much**" };
        let Family { name, size, .. } = family;
        println!("| {name} | {size} | {one:.0} | {two:.0} | {ratio:.2}{mark} | {result} |");
        is_linear &= ratio < MAX_RATIO;
    }
    Ok(is_linear)
}

/// The instructions of generating at this size, and what came of it; `None` where there is nothing that counts them.
fn count(family: &Family, size: usize) -> Result<Option<(f64, String)>, Failure> {
    let counted = callgrind::count(&["--callgrind-out-file=/dev/null"], &["run", family.name, &size.to_string()])?;
    Ok(counted.map(|(instructions, output)| (instructions, String::from_utf8_lossy(&output.stdout).trim().to_owned())))
}
