//! **repair**: real documents break the rules. One small function a defect, each with a code of its own.
//!
//! A repair changes what stands at a place or adds to it; it never renames or moves a key, so that every later pointer
//! and every overlay target fits the file that people have open.

mod body;
mod document;
mod extension;
mod operation;
mod path;
mod schema;

use serde_json::{Map, Value};

use crate::{
    Profile,
    budget::{self, Steps},
    diagnostic::{Code, Findings},
    read::{
        load,
        place::{self, Place},
    },
};

pub(crate) use path::{OLD_PATH, PATH_TEMPLATE};

/// One defect: where it is found, whose documents have it, and what mends it.
struct Repair {
    place: Place,
    /// Whether only LowCodeAPI's converter makes it, so that elsewhere the same shape may be meant as it stands.
    lowcodeapi_only: bool,
    apply: fn(&mut Map<String, Value>, &mut Site<'_>),
}

const fn any(place: Place, apply: fn(&mut Map<String, Value>, &mut Site<'_>)) -> Repair {
    Repair { place, lowcodeapi_only: false, apply }
}

const fn lowcodeapi(place: Place, apply: fn(&mut Map<String, Value>, &mut Site<'_>)) -> Repair {
    Repair { place, lowcodeapi_only: true, apply }
}

/// All repairs; those of one place run in this order.
const REPAIRS: &[Repair] = &[
    any(Place::Document, document::fill_info),
    lowcodeapi(Place::Operation, path::restore_template),
    any(Place::Operation, operation::complete_external_docs),
    any(Place::Operation, operation::trim_tags),
    lowcodeapi(Place::Operation, body::complete_upload),
    lowcodeapi(Place::Operation, body::remove_empty_body),
    lowcodeapi(Place::Operation, body::derive_required),
    any(Place::Parameter, operation::give_parameter_schema),
    any(Place::Response, operation::describe_response),
    any(Place::Schema, schema::collect_required_flags),
    any(Place::Schema, schema::translate_type_list),
    any(Place::Schema, schema::correct_type),
    any(Place::Schema, schema::translate_const),
    any(Place::Schema, schema::translate_content_media_type),
    any(Place::Schema, schema::translate_other_properties),
    any(Place::Schema, schema::give_items),
    lowcodeapi(Place::Schema, schema::lift_nested_enum),
    lowcodeapi(Place::Schema, schema::drop_body_enum),
    lowcodeapi(Place::Schema, schema::drop_parameter_enum),
    lowcodeapi(Place::Schema, schema::drop_empty_example),
];

/// What a value counts that is copied: it is walked like any other then.
const STEPS: usize = 8;

/// The place that a repair works on, and where it says what it did.
struct Site<'a> {
    pointer: &'a str,
    findings: &'a mut Findings,
    copies: &'a mut Steps,
}

impl Site<'_> {
    fn mended(&mut self, code: Code, message: impl Into<String>) {
        self.findings.add(code, self.pointer, message);
    }

    /// Takes as many steps as a copy has values; `false`, and told, where there are not so many left.
    fn take_copy(&mut self, value: &Value) -> bool {
        let goes_on = !self.copies.are_spent() && self.copies.take(STEPS * budget::tally_of(value, 0).nodes);
        if !goes_on {
            self.copies.tell(self.pointer, self.findings);
        }
        goes_on
    }
}

/// Mends what is known to be broken, in one walk.
pub(crate) fn repair_document(tree: &mut Value, profile: Profile, findings: &mut Findings) {
    let repairs: Vec<_> =
        REPAIRS.iter().filter(|repair| profile == Profile::LowCodeApi || !repair.lowcodeapi_only).collect();
    let is_31 = tree.get("openapi").is_some_and(|version| load::is_of_minor(version, "3.1"));
    let copies = &mut Steps::default();
    extension::withhold(tree, &mut String::new(), false, findings);
    place::walk(tree, &mut |place, pointer, map| {
        if is_31 && place == Place::Schema {
            schema::join_reference(map, &mut Site { pointer, findings, copies });
        }
        // What stands beside a `$ref` of 3.0 means nothing; the node it points at is visited in its own place.
        if map.contains_key("$ref") && place != Place::PathItem {
            return;
        }
        for repair in repairs.iter().filter(|repair| repair.place == place) {
            (repair.apply)(map, &mut Site { pointer, findings, copies });
        }
    });
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    /// The document with one operation, repaired, and the codes of what was found.
    #[expect(clippy::needless_pass_by_value, reason = "JSON literals are passed as they are")]
    pub(crate) fn repaired(path: &str, operation: Value) -> (Value, Vec<&'static str>) {
        let mut tree = serde_json::json!({
            "openapi": "3.0.0", "info": {"title": "t", "version": "1"},
            "servers": [{"url": "https://api.lowcodeapi.com/x"}],
            "paths": {path: {"post": operation}},
        });
        let codes = repair(&mut tree);
        (tree["paths"][path]["post"].take(), codes)
    }

    pub(crate) fn repair(tree: &mut Value) -> Vec<&'static str> {
        let mut findings = Findings::default();
        repair_document(tree, Profile::LowCodeApi, &mut findings);
        findings.into_vec().iter().map(|found| found.code.id).collect()
    }
}
