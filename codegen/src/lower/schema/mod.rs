//! Lowers schemas by pointer. Several references to a schema share one type.

mod condition;
mod define;
mod enum_;
mod narrow;
mod parts;
mod same;
mod scalar;
mod structs;
mod tag;
mod tuple;
mod undeclared;
mod view;
mod walk;
mod words;

pub(super) use self::{
    condition::{conditional_members, report_conditions},
    structs::finish_structs,
    undeclared::{Listed, Others, is_closed, listed_names, undeclared_names},
    view::{is_null, is_nullable},
    walk::lower_schema,
};
