//! Finds out which URL format the gateway takes, by calls that only read.

use std::time::Duration;

use lowcodeapi_runtime::catalogue::{Catalogue, Content, Effect, Inputs, Operation};

use crate::{admin::ids::Ids, api::Api};

/// The most lists that are requested to find an item.
const LISTS: usize = 4;

/// Requests an item, as only a path with inputs shows which format the gateway takes. The client remembers it. A call
/// that fails shows nothing, and is not told.
pub(super) async fn settle_format(api: &dyn Api, timeout: Duration) {
    for (list, item) in lists_with_items(api.catalogue()).into_iter().take(LISTS) {
        if api.url_format().is_some() {
            return;
        }
        let Ok(prepared) = api.prepare(list.name, fewest(list)) else { continue };
        let Ok(answer) = prepared.with_timeout(timeout).send().await else { continue };
        let Content::Json(result) = answer.value else { continue };
        let mut ids = Ids::default();
        ids.learn(list, &result);
        let mut inputs = Inputs::new();
        for (name, id) in ids.inputs(item) {
            inputs.set(name, id);
        }
        // An empty list has no ID, so the call is refused for want of an input.
        if let Ok(prepared) = api.prepare(item.name, inputs) {
            let _ = prepared.with_timeout(timeout).send().await;
        }
    }
}

/// Returns whether an operation only reads, needs no input, and returns a value.
pub(super) fn needs_nothing(operation: &Operation) -> bool {
    operation.effect() == Effect::Read
        && operation.method == "GET"
        && operation.messages.is_none()
        && !operation.gives_file()
        && !operation.is_deprecated
        && !operation.inputs.iter().any(|input| input.is_required)
}

/// Returns inputs by which a list has one item.
pub(super) fn fewest(operation: &Operation) -> Inputs {
    let mut inputs = Inputs::new();
    if let Some(size) = operation.pages.and_then(|pages| pages.size) {
        inputs.set(size, 1);
    }
    inputs
}

/// Returns the lists that can be requested, each with the operation that returns an item of it.
fn lists_with_items(catalogue: &Catalogue) -> Vec<(&'static Operation, &'static Operation)> {
    let operations = || catalogue.operations.iter().copied();
    let lists = operations().filter(|operation| needs_nothing(operation));
    lists.filter_map(|list| Some((list, operations().find(|operation| is_item_of(operation, list))?))).collect()
}

fn is_item_of(operation: &Operation, list: &Operation) -> bool {
    let mut required = operation.inputs.iter().filter(|input| input.is_required);
    let (Some(input), None) = (required.next(), required.next()) else { return false };
    operation.method == "GET" && operation.path == format!("{}/{{{}}}", list.path, input.wire)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::CATALOGUE;

    #[test]
    fn a_list_goes_with_the_operation_that_returns_its_items() {
        let pairs = lists_with_items(&CATALOGUE);
        let names: Vec<_> = pairs.iter().map(|(list, item)| (list.name, item.name)).collect();
        assert_eq!(names, [("list_notes", "get_note")]);
    }
}
