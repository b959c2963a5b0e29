//! A copy of the project's files for each test, and the program run on it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// The committed snapshot.
pub(crate) fn snapshot() -> Value {
    serde_json::from_str(&fs::read_to_string(checkout().join("spec/jasper.openapi.json")).unwrap()).unwrap()
}

pub(crate) fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

pub(crate) fn runtime() -> String {
    checkout().join("runtime").display().to_string()
}

/// A root of its own, by the name of the test.
pub(crate) struct Root(pub(crate) PathBuf);

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Root {
    pub(crate) fn new(test: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        if root.exists() {
            fs::remove_dir_all(&root).unwrap();
        }
        fs::create_dir_all(root.join("spec")).unwrap();
        for ending in ["openapi.json", "overlay.yaml", "lock.json", "provenance.json"] {
            let name = format!("spec/jasper.{ending}");
            fs::copy(checkout().join(&name), root.join(&name)).unwrap();
        }
        Self(root)
    }

    /// Runs `cargo xtask` on it.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(&[], arguments)
    }

    /// The same on another checkout, in this folder.
    pub(crate) fn run_in(&self, checkout: &str, arguments: &[&str]) -> Run {
        self.command(checkout.as_ref(), &[], arguments)
    }

    /// The same with variables in the environment.
    pub(crate) fn run_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Run {
        self.command(&self.0, variables, arguments)
    }

    fn command(&self, checkout: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(arguments)
            .arg("--root")
            .arg(checkout)
            .current_dir(&self.0)
            // The servers are on this machine, whatever proxy the machine uses.
            .env("NO_PROXY", "*")
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        Run {
            status: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Every file, by its name.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.0.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.insert(path.clone(), fs::read(path).unwrap());
                }
            }
        }
        files
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn provenance(&self) -> Value {
        serde_json::from_str(&self.read("spec/jasper.provenance.json")).unwrap()
    }
}

impl Run {
    /// The objects on standard output.
    pub(crate) fn json(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The codes of those objects that are no notes.
    pub(crate) fn codes(&self) -> Vec<String> {
        let loud = self.json().into_iter().filter(|finding| finding["severity"] != "note");
        loud.map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
    }
}
