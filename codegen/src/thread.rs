//! Runs work on all cores. The result does not depend on their number.

use std::{
    panic,
    sync::atomic::{AtomicUsize, Ordering},
    thread::{self, Builder},
};

/// The stack size of a main thread, so other threads can do the same work.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// Applies a function to each item, on one thread per core, and returns the results in the order of the items.
///
/// The calling thread works too, so all work is done even if no thread can be spawned.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], apply: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let work = || {
        let indices = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        indices.map_while(|index| Some((index, apply(items.get(index)?)))).collect::<Vec<_>>()
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut done = thread::scope(|scope| {
        let helpers: Vec<_> = (1..cores.min(items.len()))
            .filter_map(|_| Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work).ok())
            .collect();
        let mut done = work();
        for helper in helpers {
            done.extend(helper.join().unwrap_or_else(|panic| panic::resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Runs the work while another thread does something else, and returns both results. If no thread can be spawned, one follows the
/// other.
pub(crate) fn beside<A: Send, R>(other: impl Fn() -> A + Sync, work: impl FnOnce() -> R) -> (A, R) {
    thread::scope(|scope| {
        let helper = Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, &other);
        let result = work();
        let other = helper.map_or_else(|_| other(), |it| it.join().unwrap_or_else(|panic| panic::resume_unwind(panic)));
        (other, result)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_beside_other_work_has_its_own_result() {
        let mut done = Vec::new();
        assert_eq!(beside(|| 1 + 1, || done.push(3)), (2, ()));
        assert_eq!(done, [3]);
    }

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..100).collect();
        // The first items take longest, so that they are done last.
        let results = map(&items, |item| {
            thread::sleep(std::time::Duration::from_micros(100 - item));
            item * 2
        });
        assert_eq!(results, items.iter().map(|item| item * 2).collect::<Vec<_>>());
        assert_eq!(map(&[0; 0], |item| *item), [0; 0]);
    }
}
