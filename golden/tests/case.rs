//! The cases as their folders say them.

use std::{fs, path::Path};

use lowcodeapi_codegen::{BackEnd, Config, File, Folder, Generated, Inputs, Source, generate};

/// A folder under `cases/`.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) document: String,
    overlay: Option<String>,
    selection: Option<String>,
    pub(crate) lock: Option<String>,
    files: Folder,
}

impl Case {
    /// Generates the client, with the overlay and the lock of the case.
    pub(crate) fn generate(&self) -> Generated {
        self.generate_by(&Config::default())
    }

    /// Generates the catalogue and the commands.
    pub(crate) fn generate_extras(&self) -> Vec<File> {
        let config = Config::default().also(BackEnd::Catalogue).also(BackEnd::Command);
        let output = self.generate_by(&config).output;
        let files = |back_end| output.iter().flat_map(move |output| output.files_of(back_end)).cloned();
        files(BackEnd::Catalogue).chain(files(BackEnd::Command)).collect()
    }

    fn generate_by(&self, config: &Config) -> Generated {
        let mut inputs = Inputs::new(Source { name: "openapi.yaml", text: &self.document }).files(&self.files);
        if let Some(text) = &self.overlay {
            inputs = inputs.overlay(Source { name: "overlay.yaml", text });
        }
        if let Some(text) = &self.selection {
            inputs = inputs.selection(Source { name: "selection.yaml", text });
        }
        if let Some(text) = &self.lock {
            inputs = inputs.lock(Source { name: "lock.json", text });
        }
        generate(&inputs, config)
    }
}

/// All cases, by their names.
pub(crate) fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut cases: Vec<Case> = fs::read_dir(root).unwrap().map(|entry| read(&entry.unwrap().path())).collect();
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    cases
}

fn read(folder: &Path) -> Case {
    let name = folder.file_name().unwrap().to_string_lossy().into_owned();
    let file = |name: &str| fs::read_to_string(folder.join(name)).ok();
    let document = file("openapi.yaml").unwrap_or_else(|| panic!("cases/{name} has no `openapi.yaml`"));
    let (overlay, selection, lock) = (file("overlay.yaml"), file("selection.yaml"), file("lock.json"));
    let files = Folder::of(&folder.join("openapi.yaml")).unwrap();
    Case { name, document, overlay, selection, lock, files }
}
