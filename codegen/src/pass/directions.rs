//! Which properties are never missing, given who sends them?

use crate::ir::{Api, Direction, Shape};

/// A required property is not required of the side that does not send it: callers do not give what is `readOnly`, and
/// servers do not answer what is `writeOnly`.
pub(super) fn relax_directions(api: &mut Api) {
    for def in &mut api.types {
        let usage = def.usage;
        if let Shape::Struct(shape) = &mut def.shape {
            for field in &mut shape.fields {
                let is_missing = match field.direction {
                    Direction::Both => false,
                    Direction::Response => usage.request,
                    Direction::Request => usage.response,
                };
                field.required &= !is_missing;
            }
        }
    }
}
