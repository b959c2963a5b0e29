//! A generated crate as the command line describes it: where its runtime is, and how it is generated again. Everything that is
//! written into the crate is as seen from its folder, so that it is the same on every machine.

use std::path::{Path, PathBuf, absolute};

use lowcodeapi_codegen::{
    check_package_name, is_unseen,
    package::{CLI_FOLDER, Runtime},
};

use crate::failure::Failure;

/// Chooses the runtime: a version is what looks like one; anything else is a folder, and must have the crate. The crate of
/// the commands must be in a folder beside it, if the generated crate has a program.
pub(crate) fn choose_runtime(
    given: Option<&str>,
    root: Option<&Path>,
    out: &Path,
    has_program: bool,
) -> Result<Runtime, Failure> {
    let help = "pass its folder or its version with --runtime";
    let folder = match (given, root) {
        (Some(version), _) if is_version(version) => return Ok(Runtime::Version(version.to_owned())),
        (Some(path), _) => PathBuf::from(path),
        (None, Some(root)) => root.join("runtime"),
        (None, None) => {
            return Err(Failure::usage("the current folder is not in a checkout with `lowcodeapi-runtime`")
                .help(format!("{help}, or run the command in a checkout")));
        }
    };
    if !folder.join("Cargo.toml").is_file() {
        let message = format!("{} has no crate `lowcodeapi-runtime`", folder.display());
        return Err(Failure::usage(message).help(help));
    }
    if has_program && !resolved(&folder).with_file_name(CLI_FOLDER).join("Cargo.toml").is_file() {
        let message = format!("there is no crate `lowcodeapi-cli` in a folder `{CLI_FOLDER}` beside the runtime");
        return Err(Failure::usage(message).help(help));
    }
    Ok(Runtime::Path(from_folder(out, &folder)))
}

/// Returns the argument that names this runtime from the folder of the crate. A runtime that is far away has none: the path
/// would be one on this machine, and the command uses that of the generator's checkout.
pub(crate) fn runtime_argument(runtime: &Runtime) -> Option<String> {
    match runtime {
        Runtime::Path(path) => Some(path.clone()).filter(|path| is_near(path)),
        Runtime::Version(version) => Some(version.clone()),
        // The type may get more variants.
        _ => None,
    }
}

/// A name that Cargo accepts for a package, and that stands in the way of nothing.
pub(crate) fn package_name(text: &str) -> Result<String, String> {
    check_package_name(text).map(|()| text.to_owned())
}

/// Arguments in a form for a shell.
pub(crate) fn in_shell(arguments: &[String]) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=+@%,~^".contains(c);
    let quote = |argument: &String| {
        if !argument.is_empty() && argument.chars().all(plain) {
            argument.clone()
        } else {
            // One line, since it stands in comments of one line.
            format!("'{}'", argument.replace('\'', r"'\''").replace(is_unseen, " "))
        }
    };
    arguments.iter().map(quote).collect::<Vec<_>>().join(" ")
}

/// The command as a comment of generated files has it.
pub(crate) fn in_comment(arguments: &[String]) -> String {
    format!("cargo xtask generate {} # in the folder of the crate", in_shell(arguments))
}

/// The command as a README has it: it works in the crate's folder, where `cargo xtask` is not known.
pub(crate) fn in_readme(arguments: &[String]) -> String {
    format!(
        "# GENERATOR is a checkout of the generator.\ncargo run --manifest-path \"$GENERATOR/Cargo.toml\" --package xtask -- \\\n    \
         --root \"$GENERATOR\" generate {}",
        in_shell(arguments)
    )
}

fn is_version(text: &str) -> bool {
    let digits = text.trim_start_matches(['^', '~', '=', ' ']);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'))
        && !Path::new(text).exists()
}

/// A file that a crate is generated from, as seen from the folder of the crate. Of one that is neither in that folder nor in
/// the folder around it, the name alone: the way to it would be one on this machine.
pub(crate) fn nearby(out: &Path, file: &Path) -> String {
    let way = from_folder(out, file);
    match file.file_name() {
        Some(name) if !is_near(&way) => name.to_string_lossy().into_owned(),
        _ => way,
    }
}

/// Whether a way leads into the folder of the crate or the folder around it.
fn is_near(way: &str) -> bool {
    !way.starts_with("../../") && !Path::new(way).is_absolute()
}

/// The way from one folder to a file or folder.
fn from_folder(from: &Path, to: &Path) -> String {
    relative(&resolved(from), &resolved(to))
}

/// The absolute path, links resolved as far as it exists.
fn resolved(path: &Path) -> PathBuf {
    let path = absolute(path).unwrap_or_else(|_| path.to_owned());
    let existing = path.ancestors().find_map(|ancestor| Some((ancestor, ancestor.canonicalize().ok()?)));
    match existing {
        Some((ancestor, real)) => path.strip_prefix(ancestor).map_or(real.clone(), |rest| real.join(rest)),
        None => path,
    }
}

/// The way from one path to another, both absolute.
fn relative(from: &Path, to: &Path) -> String {
    let common = from.components().zip(to.components()).take_while(|(from, to)| from == to).count();
    if common == 0 {
        return to.display().to_string();
    }
    let up = from.components().skip(common).map(|_| "..".to_owned());
    let down = to.components().skip(common).map(|part| part.as_os_str().to_string_lossy().into_owned());
    let path: Vec<String> = up.chain(down).filter(|part| !part.is_empty()).collect();
    if path.is_empty() { ".".to_owned() } else { path.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_told_from_folders() {
        for version in ["0.1.0", "^0.1", "=1.2.3-rc.1"] {
            assert!(is_version(version), "{version}");
        }
        for folder in ["../runtime", "runtime", "/1.0", ""] {
            assert!(!is_version(folder), "{folder}");
        }
    }

    #[test]
    fn ways_lead_from_folder_to_folder() {
        assert_eq!(relative(Path::new("/a/b/c"), Path::new("/a/d")), "../../d");
        assert_eq!(relative(Path::new("/a"), Path::new("/a/d/e")), "d/e");
        assert_eq!(relative(Path::new("/a"), Path::new("/a")), ".");
    }

    #[test]
    fn files_that_are_far_have_a_name_and_no_way() {
        for (file, expected) in [
            ("/none/b/client/a.json", "a.json"),
            ("/none/b/a.json", "../a.json"),
            ("/none/b/c/a.json", "../c/a.json"),
            ("/none/other/a.json", "a.json"),
            ("/elsewhere/me/a.json", "a.json"),
        ] {
            assert_eq!(nearby(Path::new("/none/b/client"), Path::new(file)), expected, "{file}");
        }
    }

    #[test]
    fn commands_are_quoted_for_a_shell() {
        let arguments = ["--spec".to_owned(), "it's here.json".to_owned()];
        assert_eq!(in_shell(&arguments), r"--spec 'it'\''s here.json'");
    }
}
