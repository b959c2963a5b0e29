//! Names of what an operation has besides its inputs: the declared headers of its response, and its events.

use super::{
    case::{joined, pascal},
    names::GroupNames,
    scope::Scope,
    spoken,
};
use crate::ir::{Item, Operation};

/// The methods of the struct that reads headers.
const METHODS: &str = "new clone";

/// What the open variant of events is called, and what no variant can be called.
const VARIANTS: &str = "Unknown Self";

/// Names the headers of an operation, and the struct that reads them.
pub(super) fn name_headers(operation: &Operation, request: &str, requests: &mut Scope) -> Option<GroupNames> {
    if operation.headers.is_empty() {
        return None;
    }
    let reader = joined(request, "Headers");
    let name = requests.claim_first(&[reader.clone(), format!("{reader}Reader")]);
    let wires: Vec<&str> = operation.headers.iter().map(|header| header.name.as_str()).collect();
    let members = name_members(&wires, METHODS, |wire| {
        // Its spelling is that of the standard, and no two words.
        let name = if wire == "ETag" { "etag".to_owned() } else { spoken::snake(wire) };
        [format!("header_{name}"), name]
    });
    Some(GroupNames { name, members })
}

/// Names the events of an operation by their names, and the enum of them.
pub(super) fn name_events(operation: &Operation, request: &str, requests: &mut Scope) -> Option<GroupNames> {
    let Item::ByName(cases) = &operation.messages.as_ref()?.item else { return None };
    let event = joined(request, "Event");
    let name = requests.claim_first(&[event.clone(), format!("{event}Data")]);
    let wires: Vec<&str> = cases.iter().map(|case| case.name.as_deref().unwrap_or("message")).collect();
    let members = name_members(&wires, VARIANTS, |wire| {
        let name = pascal(wire);
        let name = if name.is_empty() { "Event".to_owned() } else { name };
        [format!("{name}Event"), name]
    });
    Some(GroupNames { name, members })
}

/// Names members by a second and a first choice. Like names are told apart in their order, so that of the document does not matter.
fn name_members(wires: &[&str], reserved: &str, choices: impl Fn(&str) -> [String; 2]) -> Vec<String> {
    let mut order: Vec<usize> = (0..wires.len()).collect();
    order.sort_by_key(|index| wires[*index]);
    let mut scope = Scope::reserving(reserved);
    let mut names = vec![String::new(); wires.len()];
    for index in order {
        let [second, first] = choices(wires[index]);
        names[index] = scope.claim_first(&[first, second]);
    }
    names
}
