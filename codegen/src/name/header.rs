//! Names of the declared headers of responses.

use super::{
    case::{joined, snake_or},
    names::HeaderNames,
    scope::Scope,
};
use crate::ir::Operation;

/// The methods of the struct that reads headers.
const METHODS: &str = "new clone";

/// Names the headers of an operation, and the struct that reads them. Headers of like names are told apart in the order of their
/// names, so the order of the document does not matter.
pub(super) fn name_headers(operation: &Operation, request: &str, requests: &mut Scope) -> Option<HeaderNames> {
    if operation.headers.is_empty() {
        return None;
    }
    let reader = joined(request, "Headers");
    let reader = requests.claim_first(&[reader.clone(), format!("{reader}Reader")]);
    let mut order: Vec<usize> = (0..operation.headers.len()).collect();
    order.sort_by_key(|index| &operation.headers[*index].name);
    let mut scope = Scope::reserving(METHODS);
    let mut methods = vec![String::new(); order.len()];
    for index in order {
        let wire = &operation.headers[index].name;
        // Its spelling is that of the standard, and no two words.
        let name = if wire == "ETag" { "etag".to_owned() } else { snake_or(wire, "header") };
        methods[index] = scope.claim_first(&[name.clone(), format!("header_{name}")]);
    }
    Some(HeaderNames { reader, methods })
}
