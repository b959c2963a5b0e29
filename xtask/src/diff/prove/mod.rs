//! Proves a report: code is compiled against both clients, their requests are recorded, and both read the same responses. What
//! differs must have an entry, and an entry that says that code no longer compiles must be shown by the compiler.

mod answers;
mod compiler;
mod judge;
mod program;
mod recorder;
mod witness;

use std::{collections::BTreeSet, fmt, fs, path::PathBuf, process, time::Instant};

use serde_json::{Value, json};

use self::{
    answers::Samples,
    compiler::{Compiled, Said},
    judge::Evidence,
    program::Call,
    recorder::{Answer, Recorder, Requests},
    witness::{Source, Witness, witnesses},
};
use super::{
    compare::{Generated, Renames},
    report::Changes,
    side::Built,
};
use crate::{
    corpus::{Extent, Libraries, build_libraries, examples},
    failure::Failure,
    project::Project,
};

/// What a proof has shown.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    pub(crate) witnesses: usize,
    /// The witnesses that the new client refuses.
    pub(crate) refused: usize,
    /// The calls that both clients made, and those whose requests differ.
    pub(crate) calls: (usize, usize),
    /// The responses that both clients read, and those that they read differently.
    pub(crate) responses: (usize, usize),
    pub(crate) seconds: f64,
    /// Where the report and the proof disagree.
    pub(crate) disagreements: Vec<String>,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { witnesses, refused, calls, responses, seconds, disagreements } = self;
        write!(
            f,
            "proof: {witnesses} witnesses, {refused} refused by the new client; {} calls, {} with other requests; {} responses, \
             {} read differently; {} disagreements; {seconds:.0} s",
            calls.0,
            calls.1,
            responses.0,
            responses.1,
            disagreements.len()
        )
    }
}

impl Summary {
    pub(crate) fn json(&self) -> Value {
        json!({
            "witnesses": self.witnesses,
            "refused": self.refused,
            "calls": {"made": self.calls.0, "differ": self.calls.1},
            "responses": {"read": self.responses.0, "differ": self.responses.1},
            "seconds": self.seconds,
            "disagreements": self.disagreements,
        })
    }
}

/// Proves the entries, and adds what was shown to the report.
pub(super) fn prove(changes: &mut Changes, old: &Built, new: &Built, project: &Project) -> Result<(), Failure> {
    let started = Instant::now();
    let target = project.root().join(format!("target/diff/{}", process::id()));
    let libraries = build_libraries(project, &project.root().join("target/corpus"), Extent::Code)?;
    let compile = |name: &str, built: &Built| Compiled::new(target.join(name), &built.output, &libraries, project);
    let (old_client, new_client) = (compile("old", old)?, compile("new", new)?);
    let mut evidence = Evidence::default();
    compare_sources(changes, (old, &old_client), (new, &new_client), &libraries, &mut evidence)?;
    compare_programs((old, &old_client), (new, &new_client), &libraries, &mut evidence)?;
    let mut summary = judge::judge(changes, (&old.client, &new.client), &evidence);
    summary.seconds = started.elapsed().as_secs_f64();
    if summary.disagreements.is_empty() {
        // Otherwise the programs tell more.
        fs::remove_dir_all(&target).map_err(|error| Failure::io(&target, &error))?;
    }
    changes.proof = Some(summary);
    Ok(())
}

/// A side and its compiled client.
type Compiling<'a> = (&'a Built, &'a Compiled);

/// Compiles the witnesses of the old surface against both clients, and the code of the entries against its own client.
fn compare_sources(
    changes: &Changes,
    (old, old_client): Compiling<'_>,
    (new, new_client): Compiling<'_>,
    libraries: &Libraries,
    evidence: &mut Evidence,
) -> Result<(), Failure> {
    let surface = &old.client.surface;
    let of_old = witnesses(surface, &old.client.exhaustive());
    let check = |client: &Compiled, witnesses: &[Witness], surface, step| -> Result<Said, Failure> {
        client.check(&mut Source::new(witnesses, surface), step, libraries)
    };
    let before = check(old_client, &of_old, surface, "witnesses")?;
    let after = check(new_client, &of_old, surface, "witnesses")?;
    let item = |index: &usize| of_old[*index].item.clone();
    evidence.unsound = before.refused.iter().map(item).collect();
    evidence.refused = after.refused.difference(&before.refused).map(item).collect();
    evidence.deprecated = after.deprecated.difference(&before.deprecated).map(item).collect();
    evidence.witnessed = of_old.iter().map(|witness| witness.item.clone()).collect();
    for (client, surface, is_new) in [(old_client, surface, false), (new_client, &new.client.surface, true)] {
        let code = judge::code_of(changes, is_new);
        let refused = check(client, &code, surface, "code")?.refused;
        evidence.wrong_code.extend(refused.into_iter().map(|index| code[index].item.clone()));
    }
    Ok(())
}

/// Runs the program of both clients: its calls are recorded, and each reads the values of both.
fn compare_programs(
    (old, old_client): Compiling<'_>,
    (new, new_client): Compiling<'_>,
    libraries: &Libraries,
    evidence: &mut Evidence,
) -> Result<(), Failure> {
    let calls = program::calls(&old.client.bindings);
    let types: BTreeSet<String> = old.client.bindings.types.iter().map(|ty| ty.rust.clone()).collect();
    let types: Vec<String> = types.into_iter().collect();
    let (old, _) = Running::build((old, old_client), &calls, &types, libraries)?;
    let (new, gone) = Running::build((new, new_client), &calls, &types, libraries)?;
    let (was, now) = (old.bodies()?, new.bodies()?);
    // A value that the old client knows says more about it.
    let samples = now.iter().chain(&was).map(|(ty, text)| (name_of(ty), text.clone())).collect();
    compare_calls((&old, &new), &calls, &gone, &samples, evidence)?;
    compare_responses((&old, &new), &was.into_iter().chain(now).collect(), evidence)
}

/// The name of a type without its module.
fn name_of(ty: &str) -> String {
    ty.rsplit("::").next().unwrap_or(ty).to_owned()
}

/// A call by its number, and what it is answered with.
struct Exchange {
    call: usize,
    answer: Answer,
}

/// All calls with the same answer, to see what they send, and then some with the answers that the documents describe.
fn exchanges((old, new): (&Running<'_>, &Running<'_>), calls: &[Call], samples: &Samples) -> Vec<Exchange> {
    let mut exchanges: Vec<Exchange> =
        (0..calls.len()).map(|call| Exchange { call, answer: Answer::default() }).collect();
    for (call, Call { method, .. }) in calls.iter().enumerate().filter(|(_, call)| call.is_answered) {
        let operations = [old, new].into_iter().flat_map(|side| &side.built.client.bindings.operations);
        let sides: Vec<_> = operations.filter(|it| it.rust == *method).collect();
        exchanges.extend(answers::answers(&sides, samples).into_iter().map(|answer| Exchange { call, answer }));
    }
    exchanges
}

/// A side and the program that uses its client.
struct Running<'a> {
    built: &'a Built,
    client: &'a Compiled,
    program: PathBuf,
}

impl<'a> Running<'a> {
    /// Builds the program, and returns the calls that its client refuses.
    fn build(
        (built, client): Compiling<'a>,
        calls: &[Call],
        types: &[String],
        libraries: &Libraries,
    ) -> Result<(Self, BTreeSet<usize>), Failure> {
        let Generated { bindings, surface, .. } = &built.client;
        let mut source = program::program(calls, &program::samples(bindings), types, (bindings, surface));
        let said = client.check(&mut source, "calls", libraries)?;
        Ok((Self { built, client, program: client.build(&source, libraries)? }, said.refused))
    }

    /// Makes the calls, and returns what they sent and what came of each.
    fn record(&self, exchanges: &[Exchange], keys: &[String]) -> Result<(Requests, Vec<String>), Failure> {
        let path = self.client.folder().join("calls.txt");
        let calls: Vec<String> = exchanges.iter().map(|it| it.call.to_string()).collect();
        fs::write(&path, calls.join("\n")).map_err(|error| Failure::io(&path, &error))?;
        let answers = exchanges.iter().map(|it| it.answer.clone()).collect();
        let recorder =
            Recorder::start(keys.to_vec(), answers).map_err(|error| Failure::io("the recorder".as_ref(), &error))?;
        let run = self.client.run(&self.program, "calls-run", &[recorder.address(), &path.display().to_string()]);
        let requests = recorder.stop();
        Ok((requests, run?.lines().map(str::to_owned).collect()))
    }

    /// Returns values of the client's types, and the examples of its document, as JSON.
    fn bodies(&self) -> Result<Vec<(String, String)>, Failure> {
        let printed = self.client.run(&self.program, "samples-run", &["samples"])?;
        let samples = printed.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let of_samples = samples.map(|it| (text(&it, "type"), text(&it, "text")));
        let of_document = examples::collect(&self.built.tree, &self.built.output);
        Ok(of_samples.chain(of_document.into_iter().map(|it| (it.ty, it.value.to_string()))).collect())
    }

    /// Reads values as their types, and returns what became of each.
    fn read(&self, bodies: &BTreeSet<(String, String)>) -> Result<Vec<String>, Failure> {
        let path = self.client.folder().join("bodies.jsonl");
        let line = |(ty, text): &(String, String)| json!({"type": ty, "text": text}).to_string() + "\n";
        fs::write(&path, bodies.iter().map(line).collect::<String>()).map_err(|error| Failure::io(&path, &error))?;
        let printed = self.client.run(&self.program, "reads-run", &["reads", &path.display().to_string()])?;
        Ok(printed.lines().map(str::to_owned).collect())
    }
}

fn compare_calls(
    (old, new): (&Running<'_>, &Running<'_>),
    calls: &[Call],
    gone: &BTreeSet<usize>,
    samples: &Samples,
    evidence: &mut Evidence,
) -> Result<(), Failure> {
    let operations = [old, new].into_iter().flat_map(|side| &side.built.client.bindings.operations);
    let keys: Vec<String> = operations.filter_map(|it| it.sends.idempotency_key.clone()).collect();
    let exchanges = exchanges((old, new), calls, samples);
    let ((sent, got), (sends, gets)) = (old.record(&exchanges, &keys)?, new.record(&exchanges, &keys)?);
    let renames = Renames::between(&old.built.client.bindings, &new.built.client.bindings);
    for (index, (exchange, (was, now))) in exchanges.iter().zip(got.iter().zip(&gets)).enumerate() {
        // A call that the client refuses sends nothing.
        if gone.contains(&exchange.call) || !(sent.contains_key(&index) || sends.contains_key(&index)) {
            continue;
        }
        let method = &calls[exchange.call].method;
        let sends_other = sent.get(&index) != sends.get(&index);
        if sends_other {
            evidence.sent.insert(method.clone());
        }
        if index < calls.len() {
            evidence.calls += 1;
            evidence.calls_differ += usize::from(sends_other);
            continue;
        }
        evidence.responses += 1;
        if judge::reads_differ(&renames.apply(was), now) {
            evidence.answered.insert(method.clone());
            evidence.responses_differ += 1;
        }
    }
    Ok(())
}

fn compare_responses(
    (old, new): (&Running<'_>, &Running<'_>),
    bodies: &BTreeSet<(String, String)>,
    evidence: &mut Evidence,
) -> Result<(), Failure> {
    let renames = Renames::between(&old.built.client.bindings, &new.built.client.bindings);
    let (was, now) = (old.read(bodies)?, new.read(bodies)?);
    for ((ty, _), (was, now)) in bodies.iter().zip(was.iter().zip(&now)) {
        if was == "null" || now == "null" {
            // One of the clients has no such type, which is told as such.
            continue;
        }
        evidence.responses += 1;
        if judge::reads_differ(&renames.apply(was), now) {
            evidence.read.insert(ty.clone());
            evidence.responses_differ += 1;
        }
    }
    Ok(())
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}
