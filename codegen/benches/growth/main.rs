//! The work of generating, as documents grow.
//!
//! `cargo bench -p lowcodeapi-codegen --bench growth` generates from documents of many kinds, each at a size and at twice that
//! size, counts the instructions of both with `callgrind`, prints them, and fails where twice the size takes three times the
//! instructions or more. An argument chooses the kinds whose names have it in them. Without `valgrind` nothing is counted.

mod families;

use std::{
    env,
    error::Error,
    io::ErrorKind,
    process::{Command, ExitCode},
};

use lowcodeapi_codegen::{Config, Inputs, Source, generate};

use crate::families::{FAMILIES, Family};

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
fn run(name: &str, size: &str) -> Result<bool, Box<dyn Error>> {
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

fn count_all(part: &str) -> Result<bool, Box<dyn Error>> {
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
fn count(family: &Family, size: usize) -> Result<Option<(f64, String)>, Box<dyn Error>> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(env::current_exe()?).args([
        "run",
        family.name,
        &size.to_string(),
    ]);
    let output = match valgrind.output() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        output => output?,
    };
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse::<f64>().ok());
    match collected {
        Some(instructions) if output.status.success() => {
            Ok(Some((instructions, String::from_utf8_lossy(&output.stdout).trim().to_owned())))
        }
        _ => Err(format!("valgrind failed: {said}").into()),
    }
}
