//! The files of a generated crate besides its modules: manifest, root module and README.

use serde_json::Value;

use crate::{
    BackEnd, Output, Profile,
    format::{File, header::Header},
    profile::lowcodeapi,
    unseen::is_unseen,
};

/// The root of the generated modules. In a generated crate it becomes `src/lib.rs`.
const ROOT_MODULE: &str = "api.rs";

/// The file of [`reexports`], for crates that generate in a build script.
const REEXPORTS: &str = "runtime.rs";

/// The folder of the reference in a generated crate.
pub const REFERENCE: &str = "docs/reference";

/// The runtime items that every generated crate re-exports.
const EXPORTED: &[&str] = &[
    "ApiError",
    "Attempt",
    "ByteStream",
    "Bytes",
    "DateTime",
    "DecodeError",
    "DryRun",
    "Error",
    "Event",
    "Hook",
    "HttpSettings",
    "Items",
    "Location",
    "MessageStream",
    "Method",
    "Nullable",
    "Outcome",
    "Pages",
    "Pending",
    "RateLimit",
    "RawRequest",
    "RequestView",
    "Response",
    "ResponseView",
    "RetryPolicy",
    "StatusCode",
    "TimeoutKind",
    "Token",
    "Upload",
    "header",
    "reqwest",
    "serde_json",
];

/// The dependency of a generated crate on `lowcodeapi-runtime`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Runtime {
    /// A path, relative to the folder of the generated crate.
    Path(String),
    /// A version requirement for crates.io.
    Version(String),
}

impl Runtime {
    fn requirement(&self) -> String {
        let (key, value) = match self {
            Self::Path(path) => ("path", path),
            Self::Version(version) => ("version", version),
        };
        format!("{{ {key} = {}, default-features = false }}", quoted(value))
    }
}

/// A crate around generated modules.
#[derive(Debug, Clone)]
pub struct Package {
    name: String,
    title: String,
    profile: Profile,
    header: Header,
    command: Option<String>,
    version: String,
    runtime: Runtime,
    modules: Vec<File>,
    reference: Vec<File>,
}

impl Package {
    /// Creates a crate of version 0.1.0 from an output.
    pub fn new(output: &Output, runtime: Runtime) -> Self {
        Self {
            name: output.name.clone(),
            title: plain(&output.title),
            profile: output.profile,
            header: output.header.clone(),
            command: None,
            version: "0.1.0".to_owned(),
            runtime,
            modules: output.files.clone(),
            reference: output.files_of(BackEnd::Reference).to_vec(),
        }
    }

    /// Sets the version of the crate.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = version.into();
        self
    }

    /// Sets the shell command in the README that regenerates the crate.
    pub fn command(mut self, command: impl Into<String>) -> Self {
        self.command = Some(command.into());
        self
    }

    /// Returns all files of the crate, with paths relative to its folder. [`REFERENCE`] has the pages of the reference,
    /// if the output has them. `README.md` is the last file.
    pub fn files(&self) -> Vec<File> {
        let file = |path: &str, source| File { path: path.to_owned(), source };
        let modules = self.modules.iter().filter(|module| module.path != ROOT_MODULE);
        let modules = modules.map(|module| file(&format!("src/{}", module.path), module.source.clone()));
        let mut files = vec![file("Cargo.toml", self.manifest()), file("src/lib.rs", self.root_module())];
        files.extend(modules);
        files
            .extend(self.reference.iter().map(|page| file(&format!("{REFERENCE}/{}", page.path), page.source.clone())));
        files.push(file("README.md", self.readme()));
        files
    }

    fn manifest(&self) -> String {
        format!(
            r#"{header}# A regeneration keeps the version.

[package]
name = {name}
version = {version}
edition = "2024"
rust-version = "1.88"
description = {description}

[dependencies]
lowcodeapi-runtime = {runtime}
serde_json = "1"

# The documentation contains text of the document, which is not code to run.
[lib]
doctest = false

[features]
default = ["rustls", "system-proxy", "light-idna"]
# TLS by rustls with `ring`, by rustls with `aws-lc-rs`, or by the system's library. If several are on, the last is used.
rustls = ["lowcodeapi-runtime/rustls"]
rustls-aws-lc = ["lowcodeapi-runtime/rustls-aws-lc"]
native-tls = ["lowcodeapi-runtime/native-tls"]
# HTTP/2, if the server supports it. Without it, HTTP/1.1 is used.
http2 = ["lowcodeapi-runtime/http2"]
# The proxy settings of macOS and Windows. Without it, those of the environment are used.
system-proxy = ["lowcodeapi-runtime/system-proxy"]
# International domain names by the tables of unicode-rs, in the whole build. Without it, by ICU4X, which takes longer to build.
light-idna = ["lowcodeapi-runtime/light-idna"]
# `send_blocking`, for code that is not asynchronous.
blocking = ["lowcodeapi-runtime/blocking"]
# Emits a `tracing` span for each attempt and an event for each retry.
tracing = ["lowcodeapi-runtime/tracing"]
# Conversions between `DateTime` and the dates of these crates.
chrono = ["lowcodeapi-runtime/chrono"]
jiff = ["lowcodeapi-runtime/jiff"]
time = ["lowcodeapi-runtime/time"]

[lints.rust]
missing_docs = "warn"

# A workspace of its own, wherever its folder is.
[workspace]
"#,
            header = self.header.comment("#"),
            name = quoted(&self.name),
            version = quoted(&self.version),
            description = quoted(&format!("A client of {}", self.title)),
            runtime = self.runtime.requirement(),
        )
    }

    /// `src/lib.rs`: the documentation of the crate, its re-exports of the runtime, and the root of the modules.
    fn root_module(&self) -> String {
        let root = self.modules.iter().find(|file| file.path == ROOT_MODULE).map_or("", |file| &file.source);
        let declarations: Vec<&str> = root.lines().skip_while(|line| line.starts_with("// ")).collect();
        format!(
            r"{header}
//! A client of {title}.
//!
//! ```no_run
//! # fn main() -> Result<(), {crate_name}::Error> {{
//! // The documentation of `from_env` names the variables that it reads.
//! let client = {crate_name}::Client::from_env()?;
//! # let _ = client;
//! # Ok(())
//! # }}
//! ```
//!
//! [`Client`] has a method for each operation. Its arguments are the required inputs. It returns a request, whose methods
//! set optional inputs. Awaiting the request sends it. Failures are an [`Error`]; an error response of the server is an
//! [`ApiError`].

{reexports}
{declarations}
",
            header = self.header.comment("//"),
            title = self.title,
            crate_name = self.crate_name(),
            reexports = reexported(self.profile),
            declarations = declarations.join("\n").trim(),
        )
    }

    fn readme(&self) -> String {
        let Self { name, title, .. } = self;
        let crate_name = self.crate_name();
        let origin = self.header.origin();
        let reference = if self.reference.is_empty() {
            String::new()
        } else {
            format!("\n[{REFERENCE}]({REFERENCE}/README.md) describes all operations, with an example of each call.\n")
        };
        let regenerating = self.command.as_ref().map(|command| regenerating(command)).unwrap_or_default();
        format!(
            r"<!-- {origin} -->

# {name}

A client of {title}, generated from its OpenAPI document.

```rust
let client = {crate_name}::Client::from_env()?;
```

`cargo doc --open` shows the operations: each is a method of `Client`. Its arguments are the required inputs. It returns a
request, whose methods set optional inputs. Awaiting the request sends it. The documentation of `Client::from_env` lists
the environment variables.
{reference}{regenerating}
To write your own README, remove the first line. It is then no longer regenerated.
"
        )
    }

    /// The name of the crate in code.
    fn crate_name(&self) -> String {
        self.name.replace('-', "_")
    }
}

fn regenerating(command: &str) -> String {
    format!(
        "
## Regenerating

After a change of the document, run in this folder:

```sh
{command}
```

With `--check` the same command writes nothing, and fails if a file differs from what would be generated. The lock holds
every name that was given, so that the next document does not change them. Keep it under version control.
"
    )
}

impl Output {
    /// Returns [`files`](Self::files), those of the catalogue if it is made, and `runtime.rs`, which re-exports items of the runtime, for crates that include
    /// generated code.
    pub fn included_files(&self) -> Vec<File> {
        let mut files = self.files.clone();
        files.extend_from_slice(self.files_of(BackEnd::Catalogue));
        files.push(reexports(self.profile, &self.header));
        files
    }
}

/// Writes the re-exports of the runtime as a file.
fn reexports(profile: Profile, header: &Header) -> File {
    let source = format!("{}\n{}", header.comment("//"), reexported(profile));
    File { path: REEXPORTS.to_owned(), source }
}

fn reexported(profile: Profile) -> String {
    let own = if profile == Profile::LowCodeApi { lowcodeapi::EXPORTED } else { &[] };
    let mut names: Vec<&str> = EXPORTED.iter().chain(own).copied().collect();
    // The order of `rustfmt`: types, then modules.
    names.sort_by_key(|name| (name.starts_with(char::is_lowercase), *name));
    let mut lines = vec![String::new()];
    for name in names {
        let is_full = lines.last().is_some_and(|line| line.len() + name.len() > MAX_NAMES);
        if is_full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.extend([if line.is_empty() { "    " } else { " " }, name, ","]);
        }
    }
    format!(
        "pub use lowcodeapi_runtime::{{\n{}\n}};\n#[cfg(feature = \"blocking\")]\npub use lowcodeapi_runtime::blocking;\n",
        lines.join("\n")
    )
}

/// The width of a line of names, in bytes.
const MAX_NAMES: usize = 97;

/// Returns the version in a generated manifest.
pub fn version_of(manifest: &str) -> Option<String> {
    value_of(manifest, "version")
}

/// Returns the name in a generated manifest. A new title of the document does not rename the crate.
pub fn name_of(manifest: &str) -> Option<String> {
    value_of(manifest, "name").filter(|_| crate::is_generated(manifest))
}

fn value_of(manifest: &str, key: &str) -> Option<String> {
    let value = manifest.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "))?;
    serde_json::from_str(value.trim()).ok()
}

/// Returns the text on one line, without characters that have a meaning in comments, Markdown or documentation.
fn plain(text: &str) -> String {
    let kept: String =
        text.chars().map(|c| if is_unseen(c) || "<>[]`*\\{}|#\"".contains(c) { ' ' } else { c }).collect();
    let words: Vec<&str> = kept.split_whitespace().collect();
    if words.is_empty() { "an API".to_owned() } else { words.join(" ") }
}

/// A TOML basic string. TOML has all escapes of JSON.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_plain() {
        assert_eq!(plain("A <b>\n`x`"), "A b x");
    }

    #[test]
    fn a_raised_version_is_kept() {
        assert_eq!(version_of("[package]\nversion = \"1.2.0\"\n").as_deref(), Some("1.2.0"));
        assert_eq!(version_of("[package]\n"), None);
        let manifest = "# Generated by lowcodeapi-codegen from a; do not edit.\n[package]\nname = \"a-b\"\n";
        assert_eq!(name_of(manifest).as_deref(), Some("a-b"));
        assert_eq!(name_of("[package]\nname = \"a-b\"\n"), None);
    }

    #[test]
    fn only_clients_of_the_gateway_have_its_types() {
        assert!(reexported(Profile::LowCodeApi).contains(" UrlFormat,"));
        assert!(!reexported(Profile::OpenApi).contains("UrlFormat"));
    }
}
