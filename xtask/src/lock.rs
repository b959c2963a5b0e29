//! `cargo xtask lock`: extends the lock. Recorded names stay.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use clap::Args;
use lowcodeapi_codegen::{Config, Folder, Inputs, Output, document::join, generate, moved_key};
use serde_json::{Map, Value};

use crate::{
    accept::Accept,
    committed,
    failure::{Failure, Status},
    finding::{Finding, from_diagnostics},
    project::{Project, Spec, Text, read},
    provenance::{Provenance, count_repairs},
    report::Report,
    write::{Wanted, outdated, read_own, write_all},
};

/// Options of `lock`.
#[derive(Debug, Args)]
pub(crate) struct Lock {
    /// Extend the lock of this provider
    #[arg(long, default_value = "jasper", value_parser = crate::provider_name)]
    provider: String,
    /// Extend the lock of this document instead of that of a provider
    #[arg(long, value_name = "FILE", requires = "written", conflicts_with = "provider")]
    spec: Option<PathBuf>,
    /// Apply this overlay to the document; may be given several times
    #[arg(long, value_name = "FILE", requires = "spec")]
    overlay: Vec<PathBuf>,
    /// Write the lock of the document to this file, which `generate --lock` reads
    #[arg(long = "lock", value_name = "FILE", requires = "spec")]
    written: Option<PathBuf>,
    /// Take over the names of an existing client: its public surface, or lines `METHOD PATH NAME`, `OPERATION_ID NAME` and
    /// `SCHEMA NAME`
    #[arg(long, value_name = "FILE")]
    from_surface: Option<PathBuf>,
    /// Give the method, or the type `types::NAME`, another name; the old one stays as a deprecated alias until the next release.
    /// May be given several times
    #[arg(long, value_name = "OLD=NEW", value_parser = rename, conflicts_with = "spec")]
    rename: Vec<Rename>,
    /// Write nothing; fail if a file is outdated
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    accept: Accept,
}

/// A rename on purpose.
#[derive(Debug, Clone)]
struct Rename {
    old: String,
    new: String,
    is_type: bool,
}

fn rename(text: &str) -> Result<Rename, String> {
    let (old, new) = text.split_once('=').ok_or("it is not of the form OLD=NEW")?;
    let strip = |name: &str| name.strip_prefix("types::").unwrap_or(name).to_owned();
    Ok(Rename { old: strip(old), new: strip(new), is_type: old.starts_with("types::") })
}

impl Rename {
    /// Renames the entry of the lock that has the old name.
    fn apply(&self, lock: &mut Value, file: &str) -> Result<(), Failure> {
        let section = if self.is_type { "types" } else { "operations" };
        let entries = lock.get_mut(section).and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut);
        // Schemas that have shared a type can each have an entry of its name.
        let found = entries.filter(|entry| entry["name"] == self.old.as_str()).filter_map(Value::as_object_mut);
        let mut is_found = false;
        for entry in found {
            is_found = true;
            entry.insert("name".to_owned(), self.new.clone().into());
            // A name that callers have stays until a release, whatever follows it.
            entry.entry("was").or_insert(self.old.clone().into());
        }
        if is_found {
            return Ok(());
        }
        let message = format!("the lock has no name `{}` in `{section}`", self.old);
        Err(Failure::problem("name-unknown", file, message).help("a type is given as types::NAME"))
    }
}

impl Lock {
    fn config(&self) -> Result<Config, Failure> {
        let config = self.accept.apply(Config::default());
        Ok(match &self.from_surface {
            Some(path) => config.surface(path.display().to_string(), read(path)?),
            None => config,
        })
    }
}

/// Writes the extended lock of a provider or of a document, or compares it.
pub(crate) fn run(args: &Lock, project: Result<Project, Failure>, report: &Report) -> Result<(), Failure> {
    match (&args.spec, &args.written) {
        (Some(spec), Some(lock)) => lock_document(args, spec, lock, report),
        _ => lock_provider(args, &project?, report),
    }
}

fn lock_document(args: &Lock, spec: &Path, lock: &Path, report: &Report) -> Result<(), Failure> {
    let text = |path: &Path| Ok(Text { name: path.display().to_string(), text: read(path)? });
    let document = text(spec)?;
    let overlays = args.overlay.iter().map(|path| text(path)).collect::<Result<Vec<Text>, Failure>>()?;
    let folder = lock.parent().unwrap_or(Path::new(""));
    let before = read_own(folder, lock)?.map(|text| Text { name: lock.display().to_string(), text });
    let files = Folder::of(spec).map_err(|error| Failure::io(spec, &error))?;
    let mut inputs = Inputs::new(document.source()).files(&files);
    for overlay in &overlays {
        inputs = inputs.overlay(overlay.source());
    }
    if let Some(before) = &before {
        inputs = inputs.lock(before.source());
    }
    let generated = generate(&inputs, &args.config()?);
    let given = std::iter::once(&document).chain(&overlays).chain(&before).map(Text::pair);
    let parts = generated.parts.iter().map(|part| (part.name.as_str(), part.text.as_str()));
    let texts: Vec<_> = given.chain(parts).collect();
    report.findings(&from_diagnostics(&generated.diagnostics), &texts);
    let output = generated.output.ok_or_else(|| does_not_generate(&document.name))?;
    let wanted = vec![Wanted { path: lock.to_owned(), text: extended(&output, before.as_ref())? }];
    let outdated = outdated(folder, wanted)?;
    let name = lock.display().to_string();
    if outdated.is_empty() {
        Report::status(format_args!("{name} is current"));
        return Ok(());
    }
    if args.check {
        let message = "the lock lacks names of the client; a later document can change them";
        return Err(Failure::problem("lock-stale", name, message).help("run the same command without --check"));
    }
    write_all(folder, &outdated)?;
    Report::status(format_args!("{name} was written"));
    Ok(())
}

/// Also counts the repairs in the provenance again, because a new repair of the generator changes them without a fetch.
fn lock_provider(args: &Lock, project: &Project, report: &Report) -> Result<(), Failure> {
    let mut spec = project.spec(&args.provider)?;
    rename_all(&args.rename, &mut spec)?;
    let document = spec.snapshot()?;
    let generated = spec.generate(document, spec.overlay.as_ref(), &args.config()?);
    report.findings(&from_diagnostics(&generated.diagnostics), &spec.texts(document));
    let output = generated.output.ok_or_else(|| does_not_generate(&document.name))?;
    let lock = extended(&output, spec.lock.as_ref())?;
    let mut wanted = committed::wanted(&spec, &document.text, &lock, project)?;
    let code: Vec<_> = wanted.iter().map(|file| file.path.clone()).collect();
    wanted.push(Wanted { path: project.root().join(spec.name("lock.json")), text: lock });
    if let Some(text) = &spec.provenance {
        let mut provenance = Provenance::read(text)?;
        if provenance.repairs.is_some() {
            provenance.repairs = Some(count_repairs(&generated.diagnostics));
            wanted.push(Wanted { path: project.root().join(&text.name), text: provenance.text() });
        }
    }
    let outdated = outdated(project.root(), wanted)?;
    let others = committed::others(&code, project)?;
    if outdated.is_empty() && others.is_empty() {
        Report::status(format_args!("{} is current", spec.name("lock.json")));
        return Ok(());
    }
    if args.check {
        let names = outdated.iter().any(|file| file.path.ends_with(spec.name("lock.json")));
        let repairs = outdated.iter().any(|file| file.path.ends_with(spec.name("provenance.json")));
        let code = committed::stale(&spec, project)?.filter(|_| !names && !repairs);
        let finding = if names { incomplete(&spec) } else { code.unwrap_or_else(|| miscounted(&spec)) };
        return Err(Failure::new(Status::Problem, finding));
    }
    write_all(project.root(), &outdated)?;
    committed::remove_others(&code, project)?;
    for path in &others {
        Report::status(format_args!("{} was removed", path.strip_prefix(project.root()).unwrap_or(path).display()));
    }
    for file in &outdated {
        let name = file.path.strip_prefix(project.root()).unwrap_or(&file.path);
        let done = if code.contains(&file.path) { "written" } else { "extended" };
        Report::status(format_args!("{} was {done}", name.display()));
    }
    Ok(())
}

fn rename_all(renames: &[Rename], spec: &mut Spec) -> Result<(), Failure> {
    if renames.is_empty() {
        return Ok(());
    }
    let name = spec.name("lock.json");
    let text = spec.lock.as_ref().map_or("{}", |lock| lock.text.as_str());
    // The generator has its own findings about a malformed lock.
    let mut lock: Value = serde_json::from_str(text).unwrap_or_default();
    renames.iter().try_for_each(|rename| rename.apply(&mut lock, &name))?;
    spec.lock = Some(Text { name, text: format!("{lock:#}\n") });
    Ok(())
}

/// The finding of `lock --check` and `check` for a lock that lacks names.
pub(crate) fn incomplete(spec: &Spec) -> Finding {
    Finding::error(
        "lock-stale",
        spec.name("lock.json"),
        "the lock lacks names of the client; a later document can change them",
    )
    .help(format!("run `cargo xtask lock --provider {}`", spec.provider))
}

/// Their finding for a provenance whose count of repairs is outdated.
pub(crate) fn miscounted(spec: &Spec) -> Finding {
    let message = "`repairs` differs from the repairs that the generator makes";
    Finding::error("provenance-disagrees", spec.name("provenance.json"), message)
        .at("/repairs")
        .help(format!("run `cargo xtask lock --provider {}` to count them again", spec.provider))
}

/// The failure for a document with errors, which are already reported.
pub(crate) fn does_not_generate(file: &str) -> Failure {
    Failure::problem("not-generating", file, "the document has errors; no client is generated")
        .help("correct the errors above in the overlay or in the document")
}

/// Returns the text of the lock after a generation.
///
/// Fails if an entry would be lost or changed, which is a defect of the generator.
pub(crate) fn extended(output: &Output, before: Option<&Text>) -> Result<String, Failure> {
    let after = output.lock.to_string();
    if let Some(before) = before {
        // A change of the connection is refused by the generator itself, unless someone has accepted it.
        let tree = |text: &str| {
            let mut tree: Value = serde_json::from_str(text).unwrap_or_default();
            tree.as_object_mut().map(|lock| lock.remove("connection"));
            // An operation can have another id; its names stay.
            for operation in
                tree.get_mut("operations").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut)
            {
                operation.as_object_mut().map(|operation| operation.remove("id"));
            }
            tree
        };
        let mut known = tree(&before.text);
        for key in ["operations", "types", "shared"] {
            if let Some(entries) = known.get_mut(key).and_then(Value::as_object_mut) {
                move_entries(entries, &output.lock_moves);
            }
        }
        if let Some(pointer) = lost(&known, &tree(&after), "") {
            let message = format!("the entry at {pointer} would be lost or changed; the lock is not written");
            return Err(Failure::problem("lock-rewritten", &before.name, message)
                .help("restore the lock if it was edited by hand; otherwise report this defect of the generator"));
        }
    }
    Ok(after)
}

/// Gives the entries their new keys, all at once, and the members and references in them.
fn move_entries(entries: &mut Map<String, Value>, moves: &BTreeMap<String, String>) {
    for (key, mut entry) in std::mem::take(entries) {
        match &mut entry {
            Value::String(of) => *of = moved_key(of, moves).unwrap_or_else(|| std::mem::take(of)),
            entry => {
                if let Some(members) = entry.get_mut("members").and_then(Value::as_object_mut) {
                    *members = std::mem::take(members)
                        .into_iter()
                        .map(|(key, name)| (moved_key(&key, moves).unwrap_or(key), name))
                        .collect();
                }
            }
        }
        entries.insert(moved_key(&key, moves).unwrap_or(key), entry);
    }
}

/// Returns the first place at which `after` lacks an entry of `before`. Lists may grow at their end.
fn lost(before: &Value, after: &Value, at: &str) -> Option<String> {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => before.iter().find_map(|(key, old)| {
            let at = join(at, key);
            after.get(key).map_or_else(|| Some(at.clone()), |new| lost(old, new, &at))
        }),
        (Value::Array(before), Value::Array(after)) if after.starts_with(before) => None,
        _ => (before != after).then(|| at.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_lock_may_grow_and_do_nothing_else() {
        let before = json!({"operations": {"GET /a": {"name": "a", "arguments": ["x"]}}});
        let grown =
            json!({"operations": {"GET /a": {"name": "a", "arguments": ["x", "y"], "inputs": {}}, "GET /b": {}}});
        assert_eq!(lost(&before, &grown, ""), None);
        let renamed = json!({"operations": {"GET /a": {"name": "b", "arguments": ["x"]}}});
        assert_eq!(lost(&before, &renamed, "").as_deref(), Some("/operations/GET ~1a/name"));
        let swapped = json!({"operations": {"GET /a": {"name": "a", "arguments": ["y", "x"]}}});
        assert_eq!(lost(&before, &swapped, "").as_deref(), Some("/operations/GET ~1a/arguments"));
        assert_eq!(lost(&before, &json!({"operations": {}}), "").as_deref(), Some("/operations/GET ~1a"));
    }
}
