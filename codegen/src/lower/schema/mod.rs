//! Lowers schemas by pointer. Several references to a schema share one type.

mod define;
mod enum_;
mod narrow;
mod parts;
mod same;
mod scalar;
mod structs;
mod tag;
mod view;
mod walk;

pub(super) use self::{
    structs::finish_structs,
    view::{is_null, is_nullable},
    walk::lower_schema,
};
