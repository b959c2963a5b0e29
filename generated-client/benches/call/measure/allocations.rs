//! The allocations of calls.

use std::{alloc::System, fmt};

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

use crate::{
    Failure,
    calls::{Calls, Operation, Side},
};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const CALLS: u32 = 200;

/// What one call allocates, on average.
pub(crate) struct Allocated {
    /// How often memory is asked for, or for more of it.
    allocations: f64,
    bytes: f64,
}

pub(crate) fn count(calls: &Calls, operation: Operation, side: Side) -> Result<Allocated, Failure> {
    let region = Region::new(ALLOCATOR);
    calls.repeat(operation, side, CALLS)?;
    let change = region.change();
    let per_call = |count: usize| Ok::<_, Failure>(f64::from(u32::try_from(count)?) / f64::from(CALLS));
    Ok(Allocated {
        allocations: per_call(change.allocations + change.reallocations)?,
        bytes: per_call(change.bytes_allocated)?,
    })
}

impl fmt::Display for Allocated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} ({:.0} B)", self.allocations, self.bytes)
    }
}
