//! The other files that a document refers to.

use std::path::{Path, PathBuf};

use clap::Args;
use lowcodeapi_codegen::{Files, Folder, Unavailable};

use crate::{download::Limits, failure::Failure, obtain};

/// Which other files a document may refer to.
#[derive(Debug, Args)]
pub(crate) struct OtherFiles {
    /// Read files that the document refers to in this folder and below; by default in the folder of the document
    #[arg(long, value_name = "DIR")]
    ref_root: Option<PathBuf>,
    /// Also read files that the document refers to by an http or https address
    #[arg(long)]
    fetch_refs: bool,
}

impl OtherFiles {
    /// Returns the files of a document: of a path, or of an address.
    pub(crate) fn of(&self, document: &str, limits: Limits) -> Result<Parts, Failure> {
        let folder = if obtain::is_url(document) {
            None
        } else {
            let folder = Folder::of(Path::new(document)).ok();
            match (&self.ref_root, folder) {
                (Some(root), Some(folder)) => Some(folder.within(root).map_err(|error| Failure::io(root, &error))?),
                (_, folder) => folder,
            }
        };
        Ok(Parts { folder, remote: self.fetch_refs.then_some(limits) })
    }

    /// The arguments that permit the same files again.
    pub(crate) fn arguments(&self, nearby: impl Fn(&Path) -> String) -> Vec<String> {
        let root = self.ref_root.as_ref().map(|root| ["--ref-root".to_owned(), nearby(root)]);
        let fetch = self.fetch_refs.then(|| "--fetch-refs".to_owned());
        root.into_iter().flatten().chain(fetch).collect()
    }
}

/// The files of a folder, and those of the network if they are permitted.
#[derive(Debug)]
pub(crate) struct Parts {
    folder: Option<Folder>,
    remote: Option<Limits>,
}

impl Files for Parts {
    fn read(&self, place: &str) -> Result<String, Unavailable> {
        if !obtain::is_url(place) {
            let refused = || Unavailable::Refused("the document is not a file".to_owned());
            return self.folder.as_ref().ok_or_else(refused)?.read(place);
        }
        let Some(limits) = self.remote else {
            return Err(Unavailable::Refused("it is in the network".to_owned()));
        };
        let refused = |failure: Failure| Unavailable::Refused(failure.finding.message);
        let url = obtain::parse_url(place).map_err(refused)?;
        // Without an entity tag there is a document or a failure.
        let obtained = obtain::from_urls(&[url], None, limits).map_err(refused)?;
        let bytes = obtained.map(|obtained| obtained.body.bytes).unwrap_or_default();
        String::from_utf8(bytes).map_err(|error| Unavailable::Refused(format!("it is not UTF-8 text: {error}")))
    }

    fn path(&self, place: &str) -> Option<PathBuf> {
        self.folder.as_ref()?.path(place)
    }
}
