//! From plans to files: groups of items are emitted and formatted on all cores, and put together in order.

use foldhash::HashSet;

use super::{
    Imports, Uses,
    plan::{EmitGroup, Plan, plan_files},
};
use crate::{
    emit::model::{Backend, Draft, Model},
    format::{format_items, join, tree::trees},
    thread,
};

/// The Rust client.
pub(crate) struct RustClient;

impl Backend for RustClient {
    /// Whichever thread makes a group of items, it stands in its own place.
    fn files(&self, model: &Model<'_>) -> Vec<Draft> {
        render(model, &plan_files(model))
    }
}

/// Makes files of plans.
pub(in crate::emit) fn render(model: &Model<'_>, plans: &[Plan<'_>]) -> Vec<Draft> {
    let header = model.header.comment("//");
    let groups: Vec<(&HashSet<String>, &EmitGroup<'_>)> =
        plans.iter().flat_map(|plan| plan.groups.iter().map(|group| (&plan.taken, group))).collect();
    let printed = thread::map(&groups, |(taken, emit)| {
        let mut imports = Imports { taken: Some(taken), ..Imports::default() };
        let source = format_items(|| imports.shorten(emit())).map_err(|error| error.to_string())?;
        Ok((source, imports))
    });
    let mut rest = printed.as_slice();
    let files = plans.iter().map(|plan| {
        let (own, others) = rest.split_at(plan.groups.len());
        rest = others;
        (plan, own)
    });
    thread::map(&files.collect::<Vec<_>>(), |(plan, groups)| Draft {
        path: plan.path.clone(),
        source: join_groups(&header, plan, groups),
    })
}

/// The source of a group and what it imports.
type Group<'a> = Result<(String, Imports<'a>), String>;

/// The items of one file, one group after another, under the header and what they import.
fn join_groups(header: &str, plan: &Plan<'_>, groups: &[Group<'_>]) -> Result<String, String> {
    let mut uses = Uses::default();
    uses.siblings.extend(plan.siblings);
    let mut parts = Vec::with_capacity(groups.len());
    for group in groups {
        let (source, imports) = group.as_ref().map_err(Clone::clone)?;
        uses.add(imports);
        parts.push(source.as_str());
    }
    let head = format_items(|| trees(plan.emit_head(&uses))).map_err(|error| error.to_string())?;
    parts.insert(0, &head);
    Ok(join(header, &parts))
}
