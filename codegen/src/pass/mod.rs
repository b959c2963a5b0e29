//! Passes over the intermediate representation: one question each, answered once; the emitters only ask.

mod constants;
mod cycles;
mod directions;
mod equals;
mod pages;
mod unions;
mod usage;

use crate::{diagnostic::Findings, ir::Api, name::lock::Lock};

pub(crate) fn run_passes(api: &mut Api, lock: &Lock, findings: &mut Findings) {
    unions::flatten_unions(api, findings);
    usage::mark_usage(api);
    directions::relax_directions(api);
    equals::share_equals(api, lock);
    cycles::box_cycles(api);
    constants::mark_constants(api);
    pages::find_pages(api, findings);
}
