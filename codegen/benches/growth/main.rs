//! The work of generating, as documents grow.
//!
//! `cargo bench -p lowcodeapi-codegen --bench growth` generates from documents of many kinds, each at a size and at twice that
//! size, counts the instructions of both with `callgrind`, prints them, and fails where twice the size takes three times the
//! instructions or more. An argument chooses the kinds whose names have it in them. Without `valgrind` nothing is counted.

#[path = "../shared/callgrind.rs"]
mod callgrind;
#[path = "../shared/cases.rs"]
mod cases;
mod families;

use std::process::ExitCode;

use lowcodeapi_codegen::{Config, Inputs, Source, generate};

use crate::{
    cases::{Failure, outcome},
    families::{FAMILIES, Family},
};

/// Twice the size may take less than so many times the work.
const MAX_RATIO: f64 = 3.0;

fn main() -> ExitCode {
    cases::main(run, count_all)
}

/// Generates once: what `callgrind` counts, on all threads, with the making of the document.
fn run(case: &[&str]) -> Result<(), Failure> {
    let &[name, size] = case else { return Err("a case is a family and a size".into()) };
    let family = FAMILIES.iter().find(|family| family.name == name).ok_or("there is no such family")?;
    let (document, overlay) = (family.make)(size.parse()?);
    let mut inputs = Inputs::new(Source { name: family.file, text: &document });
    if let Some(overlay) = &overlay {
        inputs = inputs.overlay(Source { name: "overlay.yaml", text: overlay });
    }
    let generated = generate(&inputs, &Config::default());
    println!("{}", outcome(&generated));
    Ok(())
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
