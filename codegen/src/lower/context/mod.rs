//! The state that functions of the lowering share. A function takes only the parts that it needs.

mod claims;
mod docs;
mod inheritance;
mod report;
mod scope;
mod tag;
mod types;

use std::sync::mpsc::Sender;

use self::inheritance::Inheritance;
pub(super) use self::{
    claims::{Claims, Selecting},
    docs::{default_of, docs_of, docs_of_object, link_of, text_of},
    inheritance::Heir,
    report::Report,
    scope::Scope,
    tag::{Tags, listed_values, selecting, single_value},
    types::{Combined, Merged, Pending, Types, has_members, is_flat, item_types},
};
use crate::{
    budget::Steps,
    diagnostic::Findings,
    input::Profile,
    ir::Text,
    read::{ledger::Ledger, parse::Document},
};

/// The document, the findings and the types so far.
pub(super) struct Cx<'t, 'f> {
    pub(crate) document: Document<'t>,
    pub(crate) profile: Profile,
    pub(crate) report: Report<'f>,
    pub(crate) types: Types,
    pub(crate) inheritance: Inheritance,
    pub(crate) scope: Scope,
    /// Takes the texts that documentation comments will hold.
    pub(crate) texts: Sender<Vec<Text>>,
}

impl<'t, 'f> Cx<'t, 'f> {
    pub(super) fn new(
        document: Document<'t>,
        profile: Profile,
        findings: &'f mut Findings,
        texts: Sender<Vec<Text>>,
    ) -> Self {
        let mut steps = Steps::default();
        let inheritance = Inheritance::of(document, &mut steps);
        Self {
            document,
            profile,
            report: Report { findings, steps, ledger: Ledger::default() },
            types: Types::default(),
            inheritance,
            scope: Scope::of(document),
            texts,
        }
    }
}
