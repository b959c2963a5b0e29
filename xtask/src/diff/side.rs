//! A side of a comparison: a document with its overlay and its lock, from the checkout, a revision, a file, a folder or an
//! address.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use lowcodeapi_codegen::{
    BackEnd, Config, File, Files, Folder, Generated as Run, Inputs, Output, Pin, Unavailable, generate, item_code,
    prepare, public_surface, read as read_tree,
};
use serde_json::Value;

use super::{bindings::Bindings, compare::Generated, surface::Surface};
use crate::{
    document::decode,
    download::Limits,
    failure::Failure,
    finding::from_diagnostics,
    obtain,
    project::{Project, Text},
    report::Report,
    write::read_own,
};

/// Where the files of a side are.
#[derive(Debug, Clone)]
enum Place {
    Disk,
    /// A revision of the repository.
    Revision(String),
}

/// A document with what belongs to it.
#[derive(Debug)]
pub(crate) struct Side {
    /// What the caller called it.
    pub(crate) name: String,
    /// Where the document is, from the root of the checkout if it is in there.
    pub(crate) path: String,
    pub(crate) document: Text,
    pub(crate) overlay: Option<Text>,
    pub(crate) lock: Option<Text>,
    files: Option<Box<dyn Files>>,
}

/// A side with its client.
#[derive(Debug)]
pub(crate) struct Built {
    pub(crate) name: String,
    pub(crate) output: Output,
    pub(crate) client: Generated,
    /// The document as it was understood.
    pub(crate) tree: Value,
}

/// Reads the side that an argument names: an address, a file, a folder, `REVISION:PATH`, or a revision of the provider's snapshot.
pub(crate) fn open(argument: &str, provider: &str, project: &Project, limits: Limits) -> Result<Side, Failure> {
    if obtain::is_url(argument) {
        return from_network(argument, limits);
    }
    let path = Path::new(argument);
    if path.is_dir() {
        return from_files(argument, &Place::Disk, &document_in(path)?, project);
    }
    if path.exists() {
        return from_files(argument, &Place::Disk, path, project);
    }
    let (revision, path) = match argument.split_once(':') {
        Some((revision, path)) => (revision, PathBuf::from(path)),
        None => (argument, PathBuf::from(format!("spec/{provider}.openapi.json"))),
    };
    from_files(argument, &Place::Revision(revision.to_owned()), &path, project)
}

/// Reads the snapshot at a revision, even if a file is called as the revision is.
pub(crate) fn at(revision: &str, provider: &str, project: &Project) -> Result<Side, Failure> {
    let path = PathBuf::from(format!("spec/{provider}.openapi.json"));
    from_files(revision, &Place::Revision(revision.to_owned()), &path, project)
}

/// Reads the snapshot of the checkout.
pub(crate) fn working(provider: &str, project: &Project) -> Result<Side, Failure> {
    let path = project.root().join(format!("spec/{provider}.openapi.json"));
    from_files("the checkout", &Place::Disk, &path, project)
}

fn from_network(address: &str, limits: Limits) -> Result<Side, Failure> {
    let url = obtain::parse_url(address)?;
    let Some(obtained) = obtain::from_urls(&[url], None, limits)? else {
        return Err(Failure::network(address, "the server sent no document"));
    };
    let document = decode(obtained.source.clone(), obtained.body.bytes)?;
    Ok(Side { name: obtained.source.clone(), path: obtained.source, document, overlay: None, lock: None, files: None })
}

/// Reads a document, and the overlay and the lock beside it. A copy of a provider's snapshot elsewhere, as Git makes them for
/// its tools, has those of the checkout.
fn from_files(name: &str, place: &Place, path: &Path, project: &Project) -> Result<Side, Failure> {
    let text = read(place, path, project)?.ok_or_else(|| {
        Failure::usage(format!("{name} is no file, no folder, no address and no revision that has the document"))
            .help("pass a file, a folder, an address, a revision, or REVISION:PATH")
    })?;
    let beside = |ending: &str| {
        let name = path.with_file_name(format!("{}.{ending}", stem(path)));
        let found = read(place, &name, project)?;
        let own = Path::new("spec").join(name.file_name().unwrap_or_default());
        let found = match found {
            None if matches!(place, Place::Disk) && is_copy(path, project) => {
                read(place, &project.root().join(&own), project)?
            }
            found => found,
        };
        let shown = name.strip_prefix(project.root()).unwrap_or(&name).display().to_string();
        Ok::<_, Failure>(found.map(|text| Text { name: shown, text }))
    };
    let files: Option<Box<dyn Files>> = match place {
        Place::Disk => Folder::of(path).ok().map(|folder| Box::new(folder) as Box<dyn Files>),
        Place::Revision(revision) => Some(Box::new(Revision {
            root: project.root().to_owned(),
            folder: format!("{revision}:{}", path.parent().unwrap_or(Path::new("")).display()),
        })),
    };
    Ok(Side {
        name: name.to_owned(),
        path: path.strip_prefix(project.root()).unwrap_or(path).display().to_string(),
        document: Text { name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(), text },
        overlay: beside("overlay.yaml")?,
        lock: beside("lock.json")?,
        files,
    })
}

/// Whether the file is called as a snapshot of the checkout and is not in the checkout.
fn is_copy(path: &Path, project: &Project) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().ends_with(".openapi.json") && project.root().join("spec").join(name).is_file()
}

fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let endings = [".openapi.json", ".openapi.yaml", ".json", ".yaml", ".yml"];
    let stem = endings.iter().find_map(|ending| name.strip_suffix(ending));
    stem.unwrap_or(&name).to_owned()
}

/// Returns the document of a folder.
fn document_in(folder: &Path) -> Result<PathBuf, Failure> {
    let is_document = |name: &str| {
        let stem = ["json", "yaml", "yml"].iter().find_map(|ending| name.strip_suffix(&format!(".{ending}")));
        stem.is_some_and(|stem| stem == "openapi" || stem.ends_with(".openapi"))
    };
    let entries = fs::read_dir(folder).map_err(|error| Failure::io(folder, &error))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut found: Vec<String> = names.filter(|name| is_document(name)).collect();
    found.sort();
    if let [only] = found.as_slice() {
        return Ok(folder.join(only));
    }
    let count = found.len();
    let message = format!("{} has {count} files called openapi.json, openapi.yaml or *.openapi.json", folder.display());
    Err(Failure::usage(message).help("pass the document itself"))
}

fn read(place: &Place, path: &Path, project: &Project) -> Result<Option<String>, Failure> {
    match place {
        Place::Disk => read_own(path.parent().unwrap_or(Path::new("")), path),
        Place::Revision(revision) => Ok(show(project.root(), &format!("{revision}:./{}", path.display()))),
    }
}

/// Returns a file of a revision, if there is one.
fn show(root: &Path, object: &str) -> Option<String> {
    let shown = Command::new("git").arg("-C").arg(root).args(["show", "--end-of-options", object]).output().ok()?;
    String::from_utf8(shown.stdout).ok().filter(|_| shown.status.success())
}

/// The files of a revision.
#[derive(Debug)]
struct Revision {
    root: PathBuf,
    /// The revision and the folder in it.
    folder: String,
}

impl Files for Revision {
    fn read(&self, place: &str) -> Result<String, Unavailable> {
        if obtain::is_url(place) || place.starts_with("..") {
            return Err(Unavailable::Refused("it is outside of the folder of the document".to_owned()));
        }
        let (revision, folder) = self.folder.split_once(':').unwrap_or_default();
        let folder = if folder.is_empty() { ".".to_owned() } else { format!("./{folder}") };
        show(&self.root, &format!("{revision}:{folder}/{place}")).ok_or(Unavailable::Missing)
    }
}

impl Side {
    /// The document as upstream wrote it.
    pub(crate) fn raw(&self) -> Option<Value> {
        read_tree(&self.document.source()).tree
    }

    /// Generates the client. `known` is the lock of the other side, for a side without its own.
    pub(crate) fn build(self, known: Option<&str>, report: &Report) -> Result<Built, Failure> {
        let pins = [Pin::Origin, Pin::BasePath, Pin::Credential];
        let config =
            pins.into_iter().fold(Config::default().also(BackEnd::Bindings), |config, pin| config.accept(pin, None));
        let mut inputs = Inputs::new(self.document.source());
        if let Some(files) = self.files.as_deref() {
            inputs = inputs.files(files);
        }
        if let Some(overlay) = &self.overlay {
            inputs = inputs.overlay(overlay.source());
        }
        let known = known.map(|text| Text { name: "the lock of the other side".to_owned(), text: text.to_owned() });
        let lock = self.lock.as_ref().or(known.as_ref());
        if let Some(lock) = lock {
            inputs = inputs.lock(lock.source());
        }
        let Run { output, diagnostics, .. } = generate(&inputs, &config);
        let Some(output) = output else {
            let texts: Vec<_> =
                std::iter::once(&self.document).chain(&self.overlay).chain(lock).map(Text::pair).collect();
            report.findings(&from_diagnostics(&diagnostics), &texts);
            return Err(Failure::problem("not-generating", self.name, "no client can be generated from this side"));
        };
        let tree = prepare(&inputs, &config).tree.unwrap_or_default();
        let client = read_client(&output)?;
        Ok(Built { name: self.name, output, client, tree })
    }
}

/// Returns a file of the checkout at a revision.
pub(crate) fn lock_at(revision: &str, name: &str, project: &Project) -> Option<String> {
    show(project.root(), &format!("{revision}:./{name}"))
}

/// The folder of the committed client.
const COMMITTED: &str = "generated-client/src/generated";

/// Returns the committed client at a revision, without bindings.
pub(crate) fn committed(revision: &str, project: &Project) -> Result<Generated, Failure> {
    let mut command = Command::new("git");
    command.arg("-C").arg(project.root()).args([
        "ls-tree",
        "-r",
        "--name-only",
        "--end-of-options",
        revision,
        COMMITTED,
    ]);
    let listed = command.output().map_err(|error| Failure::io("git".as_ref(), &error))?;
    let names = String::from_utf8_lossy(&listed.stdout).into_owned();
    let own = names.lines().filter_map(|name| Some((name, name.strip_prefix(COMMITTED)?.strip_prefix('/')?)));
    // The catalogue is no part of the surface.
    let own = own.filter(|(_, path)| {
        Path::new(path).extension().is_some_and(|it| it == "rs")
            && !path.starts_with("catalogue")
            && *path != "runtime.rs"
    });
    let files: Vec<File> = own
        .filter_map(|(name, path)| Some(File::new(path, show(project.root(), &format!("{revision}:./{name}"))?)))
        .collect();
    if files.is_empty() {
        let message = format!("{revision} has no generated code in {COMMITTED}");
        return Err(Failure::usage(message).help("pass a revision of this repository"));
    }
    Ok(Generated {
        bindings: Bindings::default(),
        surface: Surface::new(&public_surface(&files)),
        code: item_code(&files),
    })
}

/// Returns what a comparison needs of a generated client.
pub(crate) fn read_client(output: &Output) -> Result<Generated, Failure> {
    let text = output.files_of(BackEnd::Bindings).first().map_or("", |file| file.source.as_str());
    let bindings = serde_json::from_str(text)
        .map_err(|error| Failure::problem("internal", "", format!("the bindings cannot be read: {error}")))?;
    let surface = Surface::new(&public_surface(&output.files));
    Ok(Generated { bindings, surface, code: item_code(&output.files) })
}
