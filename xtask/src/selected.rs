//! Which operations of a document a client has.

use std::path::Path;

use clap::Args;
use lowcodeapi_codegen::Config;

use crate::{
    failure::Failure,
    project::{SELECTION, Text},
    write::read_own,
};

/// Which operations the client has.
#[derive(Debug, Args)]
pub(crate) struct Selected {
    /// Leave out all operations but these: `tag:NAME`, `/path/*`, `METHOD`, `METHOD /path` or an operationId; may be given several
    /// times
    #[arg(long, value_name = "SELECTOR")]
    only: Vec<String>,
    /// Leave out these operations; may be given several times
    #[arg(long, value_name = "SELECTOR")]
    except: Vec<String>,
}

impl Selected {
    pub(crate) fn apply(&self, config: Config) -> Config {
        let config = self.only.iter().fold(config, Config::only);
        self.except.iter().fold(config, Config::except)
    }

    /// The arguments that select the same again.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = String> {
        let named = |name: &'static str| move |text: &String| [name.to_owned(), text.clone()];
        self.only.iter().flat_map(named("--only")).chain(self.except.iter().flat_map(named("--except")))
    }
}

/// Reads the selection beside a document: `shop.selection.yaml` beside `shop.json` and `shop.openapi.json`.
pub(crate) fn beside(document: &Path) -> Result<Option<Text>, Failure> {
    let Some(stem) = document.file_stem().and_then(|stem| stem.to_str()) else { return Ok(None) };
    let stem = stem.strip_suffix(".openapi").unwrap_or(stem);
    let path = document.with_file_name(format!("{stem}.{SELECTION}"));
    let folder = document.parent().unwrap_or(Path::new(""));
    let text = read_own(folder, &path)?;
    Ok(text.map(|text| Text { name: path.display().to_string(), text }))
}
