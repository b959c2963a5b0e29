//! Removes parameters that are credentials.

use foldhash::HashMap;

use super::scheme::Schemes;
use crate::{
    diagnostic::code,
    ir::{Auth, Input, Requirement, Security, Slot},
    lower::context::Cx,
};

/// Some documents declare a key as a security scheme and as a parameter. The client sends it, so it is not an input. If
/// the parameter is required, each alternative needs the scheme.
pub(super) fn settle_credentials(
    cx: &mut Cx<'_, '_>,
    schemes: &mut Schemes,
    inputs: &mut Vec<Input>,
    security: &mut Security,
) {
    let mut needed: HashMap<Place, usize> = HashMap::default();
    for index in security.iter().flat_map(|requirement| &requirement.schemes) {
        if let Some(place) = place_of_auth(&schemes.known[*index].auth) {
            needed.entry(place).or_insert(*index);
        }
    }
    let mut required = Vec::new();
    inputs.retain(|input| {
        let Some(index) = place_of_input(input).and_then(|place| needed.get(&place)) else { return true };
        let scheme = &schemes.known[*index].name;
        let message = format!("the parameter `{}` is the credential of `{scheme}`; the client sends it", input.wire);
        cx.report.findings.add(code::CREDENTIAL_PARAMETER, &input.pointer, message);
        required.extend(input.required.then_some(*index));
        false
    });
    if required.is_empty() {
        return;
    }
    for requirement in std::mem::take(security) {
        let mut schemes: Vec<usize> = requirement.schemes.into_iter().chain(required.iter().copied()).collect();
        schemes.sort_unstable();
        schemes.dedup();
        let requirement = Requirement { schemes };
        if !security.contains(&requirement) {
            security.push(requirement);
        }
    }
}

/// The places that a credential and an input can share.
#[derive(PartialEq, Eq, Hash)]
enum Place {
    Query(String),
    Cookie(String),
    /// In lower case.
    Header(String),
}

fn place_of_auth(auth: &Auth) -> Option<Place> {
    match auth {
        Auth::Query(name) => Some(Place::Query(name.clone())),
        Auth::Cookie(name) => Some(Place::Cookie(name.clone())),
        Auth::Header(name) => Some(Place::Header(name.to_ascii_lowercase())),
        Auth::Bearer | Auth::Basic | Auth::Http(_) => None,
    }
}

fn place_of_input(input: &Input) -> Option<Place> {
    match input.slot {
        Slot::Query { .. } => Some(Place::Query(input.wire.clone())),
        Slot::Cookie(_) => Some(Place::Cookie(input.wire.clone())),
        Slot::Header(_) => Some(Place::Header(input.wire.to_ascii_lowercase())),
        _ => None,
    }
}
