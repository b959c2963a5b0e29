//! The manifest of a generated crate.

use std::{fmt::Write as _, path::Path};

use serde_json::Value;

use super::Package;

/// The dependency of a generated crate on `lowcodeapi-runtime`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Runtime {
    /// A path, relative to the folder of the generated crate.
    Path(String),
    /// A version requirement for crates.io.
    Version(String),
}

/// The folder of `lowcodeapi-cli`, beside that of the runtime.
pub const CLI_FOLDER: &str = "cli-runtime";

impl Runtime {
    fn requirement(&self) -> String {
        let (key, value) = match self {
            Self::Path(path) => ("path", path),
            Self::Version(version) => ("version", version),
        };
        format!("{{ {key} = {}, default-features = false }}", quoted(value))
    }

    /// The dependency on `lowcodeapi-cli`. Its folder is next to the runtime's, and it has the same version.
    fn cli_requirement(&self) -> String {
        let (key, value) = match self {
            Self::Path(path) => {
                let named = Path::new(path).file_name().and_then(|name| path.strip_suffix(name.to_str()?));
                // A path without a name at its end, such as `..`, is that of a folder too.
                let beside = named.map_or_else(|| format!("{path}/../"), str::to_owned);
                ("path", format!("{beside}{CLI_FOLDER}"))
            }
            Self::Version(version) => ("version", version.clone()),
        };
        format!("{{ {key} = {}, default-features = false, optional = true }}", quoted(&value))
    }
}

/// The features of a crate that calls something.
const CLIENT_FEATURES: &str = r#"default = ["rustls", "system-proxy", "light-idna", "gzip"]
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
# Compressed responses; with `gzip`, compressed requests too, where the caller asks for it.
gzip = ["lowcodeapi-runtime/gzip"]
deflate = ["lowcodeapi-runtime/deflate"]
brotli = ["lowcodeapi-runtime/brotli"]
zstd = ["lowcodeapi-runtime/zstd"]
# Text in charsets other than UTF-8 and ISO 8859-1.
charsets = ["lowcodeapi-runtime/charsets"]
# `send_blocking`, for code that is not asynchronous.
blocking = ["lowcodeapi-runtime/blocking"]
# Emits a `tracing` span for each attempt and an event for each retry.
tracing = ["lowcodeapi-runtime/tracing"]
"#;

impl Package {
    pub(super) fn manifest(&self) -> String {
        let program = self.program();
        let cli = program.as_ref().map(|_| format!("lowcodeapi-cli = {}\n", self.runtime.cli_requirement()));
        format!(
            r#"{header}# A regeneration keeps the version.

[package]
name = {name}
version = {version}
edition = "2024"
rust-version = "1.88"
description = {description}

[dependencies]
{cli}lowcodeapi-runtime = {runtime}
serde_json = "1"

# The documentation contains text of the document, which is not code to run.
[lib]
doctest = false

{binary}[features]
{client}# Conversions between `DateTime` and the dates of these crates.
chrono = ["lowcodeapi-runtime/chrono"]
jiff = ["lowcodeapi-runtime/jiff"]
time = ["lowcodeapi-runtime/time"]
# Conversions between `Decimal` and the type of this crate.
rust_decimal = ["lowcodeapi-runtime/rust_decimal"]
{features}
[lints.rust]
missing_docs = "warn"

# A workspace of its own, wherever its folder is.
[workspace]
"#,
            header = self.header.comment("#"),
            name = quoted(&self.name),
            version = quoted(&self.version),
            description =
                quoted(&format!("{} of {}", if self.has_client { "A client" } else { "The types" }, self.title)),
            client = if self.has_client { CLIENT_FEATURES } else { "" },
            cli = cli.unwrap_or_default(),
            runtime = self.runtime.requirement(),
            binary = program.as_deref().map(binary).unwrap_or_default(),
            features = self.features(program.as_deref()),
        )
    }

    /// The features of tokens, of the catalogue and of the program.
    fn features(&self, program: Option<&str>) -> String {
        let mut features = String::new();
        if self.gets_tokens {
            features.push_str(
                "# Tokens of the authorization server, by client credentials or a refresh token.\n\
                 oauth2 = [\"lowcodeapi-runtime/oauth2\"]\n",
            );
        }
        if !self.catalogue.is_empty() {
            features.push_str(
                "# The operations as data, and calls by name with JSON inputs: the module `catalogue`.\n\
                 catalogue = [\"lowcodeapi-runtime/catalogue\"]\n",
            );
        }
        let Some(program) = program else { return features };
        // Writing to a `String` cannot fail.
        let _ = write!(
            features,
            r#"# The program `{program}`, which calls the operations.
cli = ["catalogue", "dep:lowcodeapi-cli"]
# `{program} auth`: credentials in the system's keychain.
keychain = ["cli", "lowcodeapi-cli/keychain"]
"#
        );
        if self.serves_tools {
            let _ = write!(
                features,
                r#"# `{program} mcp`: the operations as tools for agents, over standard input and output.
mcp = ["cli", "lowcodeapi-cli/mcp"]
# `{program} mcp --http`: the tools over HTTP on loopback.
mcp-http = ["mcp", "lowcodeapi-cli/mcp-http"]
"#
            );
        }
        features
    }
}

/// The target of the program. Without the feature, Cargo builds the library alone.
fn binary(program: &str) -> String {
    format!(
        r#"[[bin]]
name = {name}
path = "src/bin/{program}/main.rs"
required-features = ["cli"]

"#,
        name = quoted(program),
    )
}

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

/// A TOML basic string. TOML has all escapes of JSON.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_raised_version_is_kept() {
        assert_eq!(version_of("[package]\nversion = \"1.2.0\"\n").as_deref(), Some("1.2.0"));
        assert_eq!(version_of("[package]\n"), None);
        let manifest = "# Generated by lowcodeapi-codegen from a; do not edit.\n[package]\nname = \"a-b\"\n";
        assert_eq!(name_of(manifest).as_deref(), Some("a-b"));
        assert_eq!(name_of("[package]\nname = \"a-b\"\n"), None);
    }

    #[test]
    fn the_crate_of_commands_stands_beside_the_runtime() {
        for (runtime, expected) in [
            (Runtime::Path("../../runtime".to_owned()), r#"path = "../../cli-runtime""#),
            (Runtime::Path("runtime".to_owned()), r#"path = "cli-runtime""#),
            (Runtime::Path("..".to_owned()), r#"path = "../../cli-runtime""#),
            (Runtime::Version("0.1.0".to_owned()), r#"version = "0.1.0""#),
        ] {
            let requirement = runtime.cli_requirement();
            assert!(requirement.starts_with(&format!("{{ {expected}, ")), "{requirement}");
        }
    }
}
