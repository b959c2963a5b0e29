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
        // Several questions in a row are about the same value.
        if let Some((_, node)) = last.steps.last()
            && last.pointer == pointer
        {
            return Some(node);
        }
        last.go_back_towards(pointer);
        let (mut end, mut node) = last.steps.last().copied().unwrap_or((0, self.tree));
        while end < pointer.len() {
            let segment = pointer[end..].strip_prefix('/')?;
            let length = segment.bytes().position(|byte| byte == b'/').unwrap_or(segment.len());
            node = pointer::child(node, &segment[..length])?;
            last.pointer.push_str(&pointer[end..=end + length]);
            end += 1 + length;
            last.steps.push((end, node));
        }
        Some(node)
    }
}

impl Last<'_> {
    /// Removes the steps that do not lead to this pointer.
    fn go_back_towards(&mut self, pointer: &str) {
        let shared = shared_length(&self.pointer, pointer);
        let leads = |end: usize| end <= shared && matches!(pointer.as_bytes().get(end), None | Some(b'/'));
        while self.steps.pop_if(|(end, _)| !leads(*end)).is_some() {}
        self.pointer.truncate(self.steps.last().map_or(0, |(end, _)| *end));
    }
}

/// Returns the number of bytes that both begin with.
fn shared_length(one: &str, other: &str) -> usize {
    // Whole chunks are compared at once.
    const CHUNK: usize = 16;
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let chunks = one.as_chunks::<CHUNK>().0.iter().zip(other.as_chunks().0).take_while(|(one, other)| one == other);
    let start = CHUNK * chunks.count();
    start + one[start..].iter().zip(&other[start..]).take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_in_any_order() {
        let long = "a key of more than 16 bytes";
        let tree = serde_json::json!({
            "a": {"b": [1, {"c": 2}], "bc": 3},
            "a/b": {"~": 4},
            "": {"": 5},
            long: {"a": {"b": 6}, "aa": 7},
            "a key of more than 16 byteß": 8,
        });
        let long = ["", "/", "/a", "/a/b", "/aa", "/ab", "a"].map(|rest| format!("/{long}{rest}"));
        let pointers =
            ["", "/a", "/a/b", "/a/b/1", "/a/b/1/c", "/a/b/01", "/a/bc", "/a/b/2", "/a~1b/~0", "/", "//", "a", "/x/y"];
        let pointers =
            pointers.into_iter().chain(long.iter().map(String::as_str)).chain(["/a key of more than 16 byteß"]);
        let pointers: Vec<&str> = pointers.collect();
        let trail = Trail::of(&tree);
        for &first in &pointers {
            for &second in &pointers {
                assert_eq!(trail.find(first), tree.pointer(first), "{first} after another");
                assert_eq!(trail.find(second), tree.pointer(second), "{second} after {first}");
            }
        }
    }
}
