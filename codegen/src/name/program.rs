//! The name of the program of a generated crate.

use super::check_package_name;

/// Programs that every system has, and names that it keeps for itself. A program of such a name would stand in their way.
const OTHERS: &[&str] = &[
    "alias", "at", "awk", "bash", "bg", "cargo", "cat", "cd", "chmod", "command", "cp", "curl", "cut", "date", "dd",
    "df", "diff", "du", "echo", "env", "eval", "exec", "exit", "export", "fg", "file", "find", "git", "grep", "head",
    "history", "install", "jobs", "join", "kill", "less", "link", "ln", "ls", "mail", "make", "man", "more", "mv",
    "open", "patch", "printf", "ps", "pwd", "read", "rm", "rustc", "rustup", "sed", "set", "sh", "sleep", "sort",
    "source", "split", "ssh", "stat", "su", "sudo", "tail", "tar", "touch", "tr", "trap", "type", "ulimit", "uniq",
    "unset", "wait", "watch", "wc", "which", "who", "write", "xargs", "zsh", "aux", "con", "nul", "prn",
];

/// Returns the name of the crate without the words that every generated crate has, or the whole name if the rest is not
/// fit to name a program.
pub(crate) fn program_name(package: &str) -> String {
    let name = package.strip_prefix("lowcodeapi-").unwrap_or(package);
    let name = ["-client", "-cli"].iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(name);
    let is_fit = check_package_name(name).is_ok() && !OTHERS.contains(&name.to_ascii_lowercase().as_str());
    if is_fit { name.to_owned() } else { package.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_has_the_name_of_its_api() {
        for (package, program) in [
            ("lowcodeapi-jasper", "jasper"),
            ("github-v3-rest-api-client", "github-v3-rest-api"),
            ("petstore", "petstore"),
            ("client", "client"),
            ("lowcodeapi-time", "lowcodeapi-time"),
            ("lowcodeapi-3scale", "lowcodeapi-3scale"),
            ("build-client", "build-client"),
            ("open-client", "open-client"),
            ("lowcodeapi-std-client", "lowcodeapi-std-client"),
        ] {
            assert_eq!(program_name(package), program, "{package}");
        }
    }
}
