//! From plans to files: groups of items are emitted and formatted on all cores, and put together in order.

use foldhash::HashSet;

use super::{
    Imports,
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
    let mut formatted = thread::map(&groups, |(taken, emit)| {
        let mut imports = Imports { taken: Some(taken), ..Imports::default() };
        format_items(|| imports.shorten(emit())).map(|source| (source, imports))
    })
    .into_iter();
    let draft = |plan: &Plan<'_>| {
        let groups = formatted.by_ref().take(plan.groups.len()).collect();
        let source = join_groups(&header, plan, groups).map_err(|error| error.to_string());
        Draft { path: plan.path.clone(), source }
    };
    plans.iter().map(draft).collect()
}

/// The items of one file, one group after another, under the header and what they import.
fn join_groups(header: &str, plan: &Plan<'_>, groups: Vec<syn::Result<(String, Imports<'_>)>>) -> syn::Result<String> {
    let mut all = Imports::default();
    all.siblings.extend(plan.siblings.iter().map(|&name| name.to_owned()));
    let mut parts = vec![String::new()];
    for group in groups {
        let (source, imports) = group?;
        all.extend(imports);
        parts.push(source);
    }
    parts[0] = format_items(|| trees(plan.emit_head(&all)))?;
    Ok(join(header, &parts))
}
