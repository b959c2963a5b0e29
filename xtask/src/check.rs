//! `cargo xtask check`: compares the files under `spec/` with each other and with the committed output.

use clap::Args;
use lowcodeapi_codegen::{BackEnd, Config, Severity, Source, read};

use crate::{
    ci::{cargo, status_of},
    committed,
    document::canonical,
    failure::Failure,
    finding::{Finding, from_diagnostics},
    lock,
    project::{Project, Spec},
    provenance::{Provenance, count_repairs, has_secrets, sha256},
    report::Report,
    rot,
};

/// Options of `check`.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Check only this provider; by default all that have a snapshot
    #[arg(long, value_parser = crate::provider_name)]
    provider: Option<String>,
    /// Accept the generated code as the golden output instead of comparing it
    #[arg(long, conflicts_with = "skip_golden")]
    bless: bool,
    /// Skip the golden output, which needs a build
    #[arg(long)]
    skip_golden: bool,
}

/// Reports all problems, then fails if there is one.
pub(crate) fn run(args: &Check, project: &Project, report: &Report) -> Result<(), Failure> {
    let providers = match &args.provider {
        Some(provider) => vec![provider.clone()],
        None => project.providers()?,
    };
    let mut problems = 0;
    for provider in &providers {
        let spec = project.spec(provider)?;
        let found = check_spec(&spec, project, report)?;
        if found == 0 {
            Report::status(format_args!("{provider}: snapshot, overlay, lock and provenance agree"));
        }
        problems += found;
    }
    if !args.skip_golden {
        problems += check_golden(args.bless, project, report)?;
    }
    if problems == 0 {
        return Ok(());
    }
    let plural = if problems == 1 { "" } else { "s" };
    Err(Failure::problem("check-failed", "", format!("the check found {problems} problem{plural}; see above")))
}

/// Counts the problems of a provider's files. Warnings count too.
fn check_spec(spec: &Spec, project: &Project, report: &Report) -> Result<usize, Failure> {
    let document = spec.snapshot()?;
    let generated = spec.generate(document, spec.overlay.as_ref(), &Config::default().also(BackEnd::Bindings));
    let mut findings = from_diagnostics(&generated.diagnostics);
    if let Some(finding) = check_canonical(spec, &document.text) {
        findings.push(finding);
    }
    findings.extend(check_provenance(spec, &document.text, &|provenance| {
        provenance.repairs.as_ref().is_none_or(|repairs| *repairs == count_repairs(&generated.diagnostics))
    }));
    if let Some(output) = &generated.output {
        let extended = lock::extended(output, spec.lock.as_ref())?;
        if spec.lock.as_ref().is_none_or(|lock| lock.text != extended) {
            findings.push(lock::incomplete(spec));
        }
        findings.extend(rot::untyped_of(output, &document.name)?);
        findings.extend(committed::stale(spec, project)?);
    }
    report.findings(&findings, &spec.texts(document));
    Ok(findings.iter().filter(|finding| finding.severity > Severity::Note).count())
}

/// Reports a snapshot that is not canonical: it was edited, and the next fetch would show changes.
fn check_canonical(spec: &Spec, text: &str) -> Option<Finding> {
    // The generator has already reported invalid JSON.
    let read = read(&Source { name: "openapi.json", text });
    let tree = read.tree?;
    let name = spec.name("openapi.json");
    (canonical(&tree, &read.digits) != text).then(|| {
        Finding::error("snapshot-not-canonical", &name, "the snapshot is not in the canonical form of `fetch`")
            .help("restore it from version control, or fetch it again; put corrections into the overlay")
    })
}

fn check_provenance(spec: &Spec, document: &str, repairs_agree: &dyn Fn(&Provenance) -> bool) -> Vec<Finding> {
    let name = spec.name("provenance.json");
    let wrong = |pointer: &str, message: &str, help: String| {
        Finding::error("provenance-disagrees", &name, message).at(pointer).help(help)
    };
    let fetch = format!(
        "run `cargo xtask fetch --provider {}`; put corrections of the snapshot into the overlay",
        spec.provider
    );
    let Some(text) = &spec.provenance else {
        return vec![wrong("", "the provenance of the snapshot is missing", fetch)];
    };
    let provenance = match Provenance::read(text) {
        Ok(provenance) => provenance,
        Err(failure) => return vec![*failure.finding],
    };
    let mut findings = Vec::new();
    if provenance.sha256 != sha256(document) {
        findings.push(wrong("/sha256", "`sha256` is not the digest of the snapshot", fetch));
    }
    if has_secrets(&provenance.source) {
        let help = "remove the user, the query and the fragment of the address".to_owned();
        findings.push(wrong("/source", "`source` may hold a secret", help));
    }
    if !repairs_agree(&provenance) {
        findings.push(lock::miscounted(spec));
    }
    findings
}

/// Runs the tests that compare the committed output with the generated one.
fn check_golden(bless: bool, project: &Project, report: &Report) -> Result<usize, Failure> {
    let mut suites: Vec<(&[&str], &str)> =
        vec![(&["-p", "lowcodeapi-jasper", "--test", "generated"], "generated-client/tests/snapshots")];
    if project.root().join("golden").is_dir() {
        suites.push((&["-p", "golden"], "golden"));
    }
    let mut problems = 0;
    for (arguments, folder) in suites {
        let mut command = cargo(project);
        command.args(["test", "--quiet"]).args(arguments);
        if bless {
            command.env("INSTA_UPDATE", "always");
        }
        if report.is_json() {
            // Standard output is for JSON alone.
            command.stdout(std::io::stderr());
        }
        if status_of(&mut command)? == 0 {
            Report::status(format_args!("{folder}: the golden output is current"));
            continue;
        }
        problems += 1;
        let (message, help) = if bless {
            ("a test fails for another reason than the golden output", "correct the failure above")
        } else {
            let help = "if the difference above is right, run `cargo xtask check --bless` and commit the result";
            ("the generated code differs from the golden output", help)
        };
        let finding = Finding::error("golden-outdated", folder, message).help(help);
        report.findings(&[finding], &[]);
    }
    Ok(problems)
}
