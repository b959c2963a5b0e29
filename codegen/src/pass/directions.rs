//! Finds properties that are never absent, by their sender.

use crate::ir::{Api, Direction, Shape};

/// A required property is required only of its sender: callers do not pass `readOnly` properties, and servers do not
/// return `writeOnly` ones. Types of one direction keep all properties; requests leave out those that are `readOnly`. Of types of
/// both directions, the pass `split` makes two.
///
/// Servers also omit properties that documents require without declaring them: these names are often remains of another
/// version or of another schema, and must not cost a response.
pub(super) fn relax_directions(api: &mut Api) {
    for def in &mut api.types {
        let usage = def.usage;
        if let Shape::Struct(shape) = &mut def.shape {
            for field in &mut shape.fields {
                let is_missing = match field.direction {
                    Direction::Both => false,
                    Direction::Response => !usage.response,
                    Direction::Request => !usage.request,
                };
                let is_doubtful = !field.is_declared && usage.response;
                field.required &= !is_missing && !is_doubtful;
            }
        }
    }
}
