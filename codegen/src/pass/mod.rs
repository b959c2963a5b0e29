//! Passes over the intermediate representation. Each computes one property for the emitters.
//!
//! The lowering leaves the results of a pass unset, and no other pass sets them.

mod constants;
mod cycles;
mod directions;
mod equals;
mod identities;
mod pages;
mod recognised;
mod split;
mod tags;
mod unions;
mod usage;

#[cfg(test)]
mod tests;

use crate::{
    diagnostic::Findings,
    ir::Api,
    name::{lock::Lock, moved::follow_variants},
};

/// A pass over the API.
#[derive(Clone, Copy)]
#[cfg_attr(not(test), expect(dead_code, reason = "the tests read the names and the reasons"))]
struct Pass {
    name: &'static str,
    /// The passes that must run before, each with the reason.
    after: &'static [(&'static str, &'static str)],
    run: fn(&mut Api, &mut Lock, &mut Findings),
}

/// All passes, in their order.
const PASSES: [Pass; 11] = [
    Pass { name: "unions", after: &[], run: |api, _, findings| unions::flatten_unions(api, findings) },
    Pass {
        name: "usage",
        after: &[("unions", "a union that stood in another is used by nothing any more, so it is not emitted")],
        run: |api, _, _| usage::mark_usage(api),
    },
    Pass {
        name: "tags",
        after: &[("usage", "a struct keeps its tag only where something that is used holds it without one")],
        run: |api, _, findings| tags::move_tags(api, findings),
    },
    Pass {
        name: "directions",
        after: &[("usage", "what must be there depends on whether the type is sent or received")],
        run: |api, _, _| directions::relax_directions(api),
    },
    Pass {
        name: "identities",
        after: &[
            ("unions", "variants are told apart in the union that callers see"),
            ("usage", "a type that nothing uses is not one of several of its schema"),
        ],
        run: |api, _, _| identities::set_identities(api),
    },
    Pass {
        name: "equals",
        after: &[
            ("identities", "types with a name in the lock stay, and the lock knows some by their identity"),
            ("usage", "types are compared where they are used, and by how they are used"),
            ("directions", "types that differ in what nobody sends are the same"),
            ("tags", "a struct that a variant holds without its tag is not the one that has it"),
        ],
        run: |api, lock, findings| {
            follow_variants(api, lock, findings);
            equals::share_equals(api, lock, findings);
        },
    },
    Pass {
        name: "split",
        after: &[("equals", "the types of a schema know each other, and none is another one")],
        run: |api, _, _| split::split_directions(api),
    },
    Pass {
        name: "cycles",
        after: &[
            ("equals", "a type that takes the place of another leads to itself where the other did not"),
            ("split", "a type for requests does not lead to itself through what responses alone have"),
        ],
        run: |api, _, _| cycles::box_cycles(api),
    },
    Pass {
        name: "constants",
        after: &[
            ("usage", "the unions that tell types apart are those that are used"),
            ("directions", "a value that callers may leave out is not written for them"),
            ("split", "a type for requests has constants of its own"),
        ],
        run: |api, _, _| constants::mark_constants(api),
    },
    Pass {
        name: "recognised",
        after: &[
            ("equals", "a page is recognised by the properties of types that are emitted"),
            ("split", "a page is recognised by the properties of the type that is received"),
        ],
        run: |api, _, _| recognised::recognise_pages(api),
    },
    Pass {
        name: "pages",
        after: &[
            ("recognised", "the way to the items of recognised pages is found like that of described ones"),
            ("equals", "the way to the items goes through types that are emitted"),
            ("split", "the way to the items goes through the fields of the type that is received"),
        ],
        run: |api, _, findings| pages::find_pages(api, findings),
    },
];

/// Runs all passes.
pub(crate) fn run_passes(api: &mut Api, lock: &mut Lock, findings: &mut Findings) {
    for pass in PASSES {
        (pass.run)(api, lock, findings);
    }
}
