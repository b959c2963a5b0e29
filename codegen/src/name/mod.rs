//! **name**: assigns Rust names, unique in their scope, before emission. Wire names are separate.

mod assign;
mod case;
mod command;
mod connection;
mod key;
mod keyword;
pub(crate) mod lock;
mod module;
mod names;
mod operation;
mod package;
pub(crate) mod pin;
mod program;
pub(crate) mod recorded;
mod reserved;
mod scheme;
mod scope;
mod signs;
mod status;
mod summary;
mod swapped;
mod union;
mod variable;
mod variant;
mod words;

pub(crate) use assign::assign_names;
pub(crate) use case::snake;
pub(crate) use names::{Names, OperationNames, TypeNames};
pub use package::check_package_name;
pub(crate) use program::program_name;
pub(crate) use status::status_variant;
pub(crate) use swapped::report_swapped;
