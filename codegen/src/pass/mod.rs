//! Passes over the intermediate representation: one question each, answered once; the emitters only ask.

mod cycles;
mod usage;

use crate::ir::Api;

pub(crate) fn run_passes(api: &mut Api) {
    usage::mark_usage(api);
    cycles::box_cycles(api);
}
