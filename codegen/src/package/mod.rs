//! The files of a generated crate besides its modules: manifest, root module, README and the program.

mod manifest;
mod readme;

pub use self::manifest::{CLI_FOLDER, Runtime, name_of, version_of};
use crate::{
    BackEnd, Output, Profile,
    format::{File, header::Header},
    name::program_name,
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
    "CredentialSource",
    "DateTime",
    "Decimal",
    "DeclaresErrors",
    "DecodeError",
    "DryRun",
    "Error",
    "Event",
    "HeaderError",
    "Hook",
    "HttpSettings",
    "IssuedToken",
    "Items",
    "Location",
    "MessageStream",
    "Method",
    "NotANumber",
    "Nullable",
    "Operation",
    "OtherMediaType",
    "Outcome",
    "Pages",
    "Pending",
    "RateLimit",
    "RawRequest",
    "Redirect",
    "RequestView",
    "Response",
    "ResponseView",
    "RetryPolicy",
    "StatusCode",
    "TimeoutKind",
    "Token",
    "TokenFuture",
    "TokenProvider",
    "Transport",
    "TransportError",
    "TransportFuture",
    "TransportRequest",
    "TransportResponse",
    "Tuple",
    "Upload",
    "header",
    "reqwest",
    "serde_json",
];

/// Those of a crate of types alone.
const EXPORTED_WITH_TYPES: &[&str] = &["DateTime", "Decimal", "NotANumber", "Nullable", "Tuple", "serde_json"];

/// A crate around generated modules.
#[derive(Debug, Clone)]
pub struct Package {
    name: String,
    title: String,
    profile: Profile,
    /// Whether there is anything to call.
    has_client: bool,
    /// Whether its clients get tokens of OAuth.
    gets_tokens: bool,
    header: Header,
    command: Option<String>,
    version: String,
    runtime: Runtime,
    modules: Vec<File>,
    catalogue: Vec<File>,
    commands: Vec<File>,
    serves_tools: bool,
    reference: Vec<File>,
}

impl Package {
    /// Creates a crate of version 0.1.0 from an output. It has the feature `catalogue` if the output has a catalogue, and
    /// a program with the feature `cli` if the output has commands besides.
    pub fn new(output: &Output, runtime: Runtime) -> Self {
        Self {
            name: output.name.clone(),
            title: plain(&output.title),
            profile: output.profile,
            has_client: output.has_client(),
            gets_tokens: output.has_client() && output.gets_tokens,
            header: output.header.clone(),
            command: None,
            version: "0.1.0".to_owned(),
            runtime,
            modules: output.files.clone(),
            catalogue: output.files_of(BackEnd::Catalogue).to_vec(),
            commands: output.files_of(BackEnd::Command).to_vec(),
            serves_tools: false,
            reference: output.files_of(BackEnd::Reference).to_vec(),
        }
    }

    /// Sets the version of the crate.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = version.into();
        self
    }

    /// Adds the features `mcp` and `mcp-http`, with which the program serves the operations as tools for agents.
    pub fn tools(mut self) -> Self {
        self.serves_tools = true;
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
        let modules = self.modules.iter().filter(|module| module.path != ROOT_MODULE).chain(&self.catalogue);
        let modules = modules.map(|module| file(&format!("src/{}", module.path), module.source.clone()));
        let mut files = vec![file("Cargo.toml", self.manifest()), file("src/lib.rs", self.root_module())];
        files.extend(modules);
        if let Some(program) = self.program() {
            let commands = self.commands.iter();
            files.extend(commands.map(|it| file(&format!("src/bin/{program}/{}", it.path), it.source.clone())));
            files.push(file(&format!("src/bin/{program}/main.rs"), self.main(&program)));
        }
        files
            .extend(self.reference.iter().map(|page| file(&format!("{REFERENCE}/{}", page.path), page.source.clone())));
        files.push(file("README.md", self.readme()));
        files
    }

    /// The name of the program. `None` if the crate has none.
    fn program(&self) -> Option<String> {
        let is_made = !self.commands.is_empty() && !self.catalogue.is_empty();
        is_made.then(|| program_name(&self.name))
    }

    /// `main.rs` of the program.
    fn main(&self, program: &str) -> String {
        let mut imports = [format!("use {}::Client;", self.crate_name()), "use lowcodeapi_cli::App;".to_owned()];
        imports.sort();
        format!(
            r#"{header}
//! `{program}` calls the operations of {title}.

mod commands;

use std::process::ExitCode;

{imports}

fn main() -> ExitCode {{
    App::new(&commands::COMMANDS).version(env!("CARGO_PKG_VERSION")).run::<Client>()
}}
"#,
            header = self.header.comment("//"),
            title = self.title,
            imports = imports.join("\n"),
        )
    }

    /// `src/lib.rs`: the documentation of the crate, its re-exports of the runtime, and the root of the modules.
    fn root_module(&self) -> String {
        let root = self.modules.iter().find(|file| file.path == ROOT_MODULE).map_or("", |file| &file.source);
        let declarations: Vec<&str> = root.lines().skip_while(|line| line.starts_with("// ")).collect();
        format!(
            r"{header}
//! {docs}

{lints}{reexports}
{declarations}
",
            header = self.header.comment("//"),
            docs = self.root_docs(),
            lints = if self.modules.iter().any(|file| has_foreign_names(&file.source)) { FOREIGN_NAMES } else { "" },
            reexports = reexported(self.profile, self.has_client, self.gets_tokens),
            declarations = declarations.join("\n").trim(),
        )
    }

    /// The documentation of the crate.
    fn root_docs(&self) -> String {
        if !self.has_client {
            let title = &self.title;
            return format!("The types of {title}. All of them are `Serialize` and `Deserialize`: see [`types`].");
        }
        format!(
            r"A client of {title}.
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
//! [`ApiError`].",
            title = self.title,
            crate_name = self.crate_name(),
        )
    }

    /// The name of the crate in code.
    fn crate_name(&self) -> String {
        self.name.replace('-', "_")
    }
}

impl Output {
    /// Returns [`files`](Self::files), those of the catalogue if it is made, and `runtime.rs`, which re-exports items of the
    /// runtime, for crates that include generated code.
    pub fn included_files(&self) -> Vec<File> {
        let mut files = self.files.clone();
        files.extend_from_slice(self.files_of(BackEnd::Catalogue));
        files.push(reexports(self));
        files
    }

    fn has_client(&self) -> bool {
        self.operations_emitted > 0
    }
}

/// Lints of letters that look alike, such as the Latin and the Greek `A`. Only the root of a crate can allow them.
const FOREIGN_NAMES: &str = r#"#![allow(
    confusable_idents,
    mixed_script_confusables,
    uncommon_codepoints,
    reason = "the document gives the names"
)]

"#;

/// Whether code has names with other letters than those of ASCII.
fn has_foreign_names(source: &str) -> bool {
    let has_name = |line: &str| {
        !line.is_ascii()
            && !line.trim_start().starts_with("//")
            && line.split('"').step_by(2).any(|code| !code.is_ascii())
    };
    !source.is_ascii() && source.lines().any(has_name)
}

/// Writes the re-exports of the runtime as a file.
fn reexports(output: &Output) -> File {
    let reexported = reexported(output.profile, output.has_client(), output.gets_tokens);
    let source = format!("{}\n{reexported}", output.header.comment("//"));
    File { path: REEXPORTS.to_owned(), source }
}

fn reexported(profile: Profile, has_client: bool, gets_tokens: bool) -> String {
    let own = if profile == Profile::LowCodeApi { lowcodeapi::EXPORTED } else { &[] };
    let (own, exported) = if has_client { (own, EXPORTED) } else { (&[][..], EXPORTED_WITH_TYPES) };
    let mut names: Vec<&str> = exported.iter().chain(own).copied().collect();
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
    let names = match lines.as_slice() {
        [line] => line.trim().trim_end_matches(',').to_owned(),
        lines => format!("\n{}\n", lines.join("\n")),
    };
    let of_features = [("oauth2", "OAuthClient", gets_tokens), ("blocking", "blocking", true)];
    let of_features = of_features.iter().filter(|(.., is_needed)| has_client && *is_needed);
    let of_features: Vec<String> = of_features
        .map(|(feature, name, _)| format!("#[cfg(feature = \"{feature}\")]\npub use lowcodeapi_runtime::{name};\n"))
        .collect();
    format!("pub use lowcodeapi_runtime::{{{names}}};\n{}", of_features.concat())
}

/// The width of a line of names, in bytes.
const MAX_NAMES: usize = 97;

/// Returns the text on one line, without characters that have a meaning in comments, Markdown or documentation.
fn plain(text: &str) -> String {
    let kept: String =
        text.chars().map(|c| if is_unseen(c) || "<>[]`*\\{}|#\"".contains(c) { ' ' } else { c }).collect();
    let words: Vec<&str> = kept.split_whitespace().collect();
    if words.is_empty() { "an API".to_owned() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_plain() {
        assert_eq!(plain("A <b>\n`x`"), "A b x");
    }

    #[test]
    fn only_clients_of_the_gateway_have_its_types() {
        assert!(reexported(Profile::LowCodeApi, true, false).contains(" UrlFormat,"));
        assert!(!reexported(Profile::OpenApi, true, true).contains("UrlFormat"));
        assert!(reexported(Profile::OpenApi, true, true).contains("::OAuthClient;"));
    }

    #[test]
    fn types_alone_have_what_types_use() {
        let expected = "pub use lowcodeapi_runtime::{DateTime, Decimal, NotANumber, Nullable, Tuple, serde_json};\n";
        assert_eq!(reexported(Profile::LowCodeApi, false, false), expected);
    }
}
