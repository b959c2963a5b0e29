//! What small and large texts that mean too much cost the generator.
//!
//! `cargo bench -p lowcodeapi-codegen --bench bombs` generates from each document in a process of its own and prints the time, the
//! peak of the memory that is resident, and the first error or what was generated. It fails where a document takes more than
//! 10 seconds or 1 GiB. An argument chooses the documents whose names have it in them. The memory is counted on Linux alone.

#[path = "../shared/cases.rs"]
mod cases;
mod documents;

use std::{env, fs, process::Command, process::ExitCode, time::Instant};

use lowcodeapi_codegen::{Config, Inputs, Source, generate};

use crate::{
    cases::{Failure, outcome},
    documents::BOMBS,
};

/// What each document may take.
const MAX_SECONDS: f64 = 10.0;
const MAX_MEBIBYTES: u64 = 1024;

fn main() -> ExitCode {
    cases::main(run, measure_all)
}

fn measure_all(part: &str) -> Result<bool, Failure> {
    println!("| document | MiB of text | seconds | MiB at the peak | result |");
    println!("|---|---:|---:|---:|---|");
    let mut is_within = true;
    for (name, _) in BOMBS.iter().filter(|(name, _)| name.contains(part)) {
        let output = Command::new(env::current_exe()?).args(["run", name]).output()?;
        let said = String::from_utf8(output.stdout)?;
        let mut fields = said.trim_end().splitn(4, '\t');
        let mut field = || fields.next().ok_or_else(|| format!("{name} ended with {}", output.status));
        let (text, seconds, peak, result) = (field()?, field()?, field()?, field()?);
        println!("| {name} | {text} | {seconds} | {peak} | {result} |");
        is_within &= seconds.parse::<f64>()? <= MAX_SECONDS && peak.parse::<u64>()? <= MAX_MEBIBYTES;
    }
    Ok(is_within)
}

/// Generates from one document. Its text counts as memory too.
fn run(case: &[&str]) -> Result<(), Failure> {
    let (_, make) = BOMBS.iter().find(|(name, _)| case == [*name]).ok_or("there is no such document")?;
    let bomb = make();
    let bytes = bomb.document.len() + bomb.overlay.as_ref().map_or(0, String::len) + bomb.files.size();
    let mut inputs = Inputs::new(Source { name: bomb.name, text: &bomb.document }).files(&bomb.files);
    if let Some(text) = &bomb.overlay {
        inputs = inputs.overlay(Source { name: "overlay.yaml", text });
    }
    let started = Instant::now();
    let generated = generate(&inputs, &Config::default());
    let seconds = started.elapsed().as_secs_f64();
    println!("{}\t{seconds:.1}\t{}\t{}", bytes >> 20, peak()?, outcome(&generated));
    Ok(())
}

/// Returns the peak of the memory of this process, in MiB.
fn peak() -> Result<u64, Failure> {
    let Ok(status) = fs::read_to_string("/proc/self/status") else { return Ok(0) };
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()).ok_or("there is no VmHWM")?;
    Ok(kibibytes.parse::<u64>()? >> 10)
}
