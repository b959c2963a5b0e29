//! **repair**: repairs known defects of documents. Each defect has a function and a code.
//!
//! A repair changes or extends a value. It never renames or moves a key, so later pointers and overlay targets match
//! the file.

mod body;
mod document;
mod extension;
mod operation;
mod path;
mod schema;
mod site;
#[cfg(test)]
mod testing;

use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value};

use self::site::Site;
use crate::{
    diagnostic::Findings,
    input::Profile,
    read::{
        load,
        member::Members,
        place::{self, Place},
        pointer::{self, Step},
    },
    thread,
};

/// A defect: its place, whose documents have it, and its repair.
struct Repair {
    place: Place,
    /// Whether only LowCodeAPI's converter causes it. Other documents may mean the same shape literally.
    lowcodeapi_only: bool,
    /// Whether OpenAPI 3.2 allows the shape.
    until_32: bool,
    apply: fn(&mut Map<String, Value>, &mut Site<'_>),
}

const fn any(place: Place, apply: fn(&mut Map<String, Value>, &mut Site<'_>)) -> Repair {
    Repair { place, lowcodeapi_only: false, until_32: false, apply }
}

const fn lowcodeapi(place: Place, apply: fn(&mut Map<String, Value>, &mut Site<'_>)) -> Repair {
    Repair { place, lowcodeapi_only: true, until_32: false, apply }
}

const fn until_32(place: Place, apply: fn(&mut Map<String, Value>, &mut Site<'_>)) -> Repair {
    Repair { place, lowcodeapi_only: false, until_32: true, apply }
}

/// All repairs. Those of one place run in this order.
const REPAIRS: &[Repair] = &[
    any(Place::Document, document::fill_info),
    lowcodeapi(Place::Operation, path::restore_template),
    any(Place::Operation, operation::complete_external_docs),
    any(Place::Operation, operation::trim_tags),
    lowcodeapi(Place::Operation, body::complete_upload),
    lowcodeapi(Place::Operation, body::remove_empty_body),
    lowcodeapi(Place::Operation, body::derive_required),
    any(Place::Parameter, operation::give_parameter_schema),
    until_32(Place::Response, operation::describe_response),
    any(Place::Schema, schema::collect_required_flags),
    any(Place::Schema, schema::correct_type),
    lowcodeapi(Place::Schema, schema::lift_nested_enum),
    lowcodeapi(Place::Schema, schema::drop_body_enum),
    lowcodeapi(Place::Schema, schema::drop_parameter_enum),
    lowcodeapi(Place::Schema, schema::drop_empty_example),
];

/// Applies all repairs, to the members of the document on all cores.
pub(crate) fn repair_document(tree: &mut Value, profile: Profile, findings: &mut Findings) {
    let is_wanted = |repair: &Repair| profile == Profile::LowCodeApi || !repair.lowcodeapi_only;
    let repairs = repairs_of(tree, is_wanted);
    let Value::Object(root) = tree else { return };
    extension::withhold_own(root, &[], false, findings);
    apply(&repairs, Place::Document, "", root, findings);
    let members: Vec<_> = root.iter_mut().map(|(key, node)| Mutex::new((key.as_str(), node))).collect();
    let others = findings.beside();
    let found = thread::map(&members, |member| {
        let (key, node) = &mut *member.lock().unwrap_or_else(PoisonError::into_inner);
        let mut findings = others.clone();
        let by_names = extension::has_names(false, key);
        extension::withhold(node, &mut vec![Step::Key(*key)], by_names, &mut findings);
        if let Some(place) = Place::Document.child(key) {
            let at = &mut pointer::join("", key);
            place::walk_node(node, place, at, &mut |place, at, map| apply(&repairs, place, at, map, &mut findings));
        }
        findings
    });
    for found in found {
        findings.extend(found);
    }
}

/// Repairs what overlays have added, so that it is read as the same in the document. What they correct stays.
pub(crate) fn repair_overlaid(tree: &mut Value, findings: &mut Findings) {
    let repairs = repairs_of(tree, |repair| !repair.lowcodeapi_only);
    place::walk(tree, &mut |place, at, map| apply(&repairs, place, at, map, findings));
}

fn repairs_of(tree: &Value, is_wanted: impl Fn(&Repair) -> bool) -> Vec<&'static Repair> {
    let is_32 = tree.get("openapi").is_some_and(|version| load::is_of_minor(version, "3.2"));
    let is_due = |repair: &&Repair| is_wanted(repair) && !(is_32 && repair.until_32);
    REPAIRS.iter().filter(is_due).collect()
}

/// Applies the repairs of an object.
fn apply(repairs: &[&Repair], place: Place, pointer: &str, map: &mut Map<String, Value>, findings: &mut Findings) {
    // OpenAPI 3.0 ignores keywords beside a `$ref`. Its target is visited at its own place.
    if map.has_member("$ref") && place != Place::PathItem {
        return;
    }
    for repair in repairs.iter().filter(|repair| repair.place == place) {
        (repair.apply)(map, &mut Site { pointer, findings });
    }
}
