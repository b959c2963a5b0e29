//! Passes over the intermediate representation: one question each, answered once; the emitters only ask.

mod cycles;
mod directions;
mod unions;
mod usage;

use crate::ir::Api;

pub(crate) fn run_passes(api: &mut Api) {
    unions::flatten_unions(api);
    usage::mark_usage(api);
    directions::relax_directions(api);
    cycles::box_cycles(api);
}
