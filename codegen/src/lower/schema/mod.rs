//! Lowers schemas by pointer. Several references to a schema share one type.

mod adding;
mod additional;
mod alternatives;
mod combined;
mod condition;
mod define;
mod dynamic;
mod enum_;
mod format;
mod kinds;
mod meet;
mod relation;
mod said;
mod same;
mod scalar;
mod structs;
mod together;
mod tuple;
mod undeclared;
mod view;
mod walk;
mod words;

pub(super) use self::{
    condition::{conditional_members, report_conditions},
    define::choice_of,
    said::{described, described_by_all, description_at, is_read_only, limits_at},
    structs::{finish_structs, lower_declared, report_never},
    undeclared::{Listed, Others, listed_names, undeclared_names},
    view::{View, is_never, is_null, is_nullable, says_null},
    walk::{lower_base, lower_schema},
};
