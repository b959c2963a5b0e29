//! Finds the values at many pointers of one tree.

use std::cell::RefCell;

use serde_json::Value;

use crate::read::pointer;

/// A tree, and the way to the value that was found last. The pointers of a stage mostly begin as the one before, so that few
/// keys are looked up again.
#[derive(Debug)]
pub(crate) struct Trail<'t> {
    tree: &'t Value,
    last: RefCell<Last<'t>>,
}

/// The last pointer.
#[derive(Debug, Default)]
struct Last<'t> {
    pointer: String,
    /// The values on its way, each with the end of its pointer.
    steps: Vec<(usize, &'t Value)>,
}

impl<'t> Trail<'t> {
    pub(crate) fn of(tree: &'t Value) -> Self {
        Self { tree, last: RefCell::default() }
    }

    pub(crate) fn tree(&self) -> &'t Value {
        self.tree
    }

    /// Returns the value at a pointer, as [`pointer::find`] does.
    pub(crate) fn find(&self, pointer: &str) -> Option<&'t Value> {
        let last = &mut *self.last.borrow_mut();
        last.go_back_towards(pointer);
        let (start, node) = last.steps.last().copied().unwrap_or((0, self.tree));
        last.pointer.truncate(start);
        if start == pointer.len() {
            return Some(node);
        }
        pointer[start..].strip_prefix('/')?.split('/').try_fold(node, |node, segment| {
            let child = pointer::child(node, segment)?;
            last.pointer.push('/');
            last.pointer.push_str(segment);
            last.steps.push((last.pointer.len(), child));
            Some(child)
        })
    }
}

impl Last<'_> {
    /// Removes the steps that do not lead to this pointer.
    fn go_back_towards(&mut self, pointer: &str) {
        while let Some((end, _)) = self.steps.last() {
            let rest = pointer.strip_prefix(&self.pointer[..*end]);
            if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
                return;
            }
            self.steps.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_in_any_order() {
        let tree = serde_json::json!({"a": {"b": [1, {"c": 2}], "bc": 3}, "a/b": {"~": 4}, "": {"": 5}});
        let pointers =
            ["", "/a", "/a/b", "/a/b/1", "/a/b/1/c", "/a/b/01", "/a/bc", "/a/b/2", "/a~1b/~0", "/", "//", "a", "/x/y"];
        let trail = Trail::of(&tree);
        for first in pointers {
            for second in pointers {
                assert_eq!(trail.find(first), tree.pointer(first), "{first} after another");
                assert_eq!(trail.find(second), tree.pointer(second), "{second} after {first}");
            }
        }
    }
}
