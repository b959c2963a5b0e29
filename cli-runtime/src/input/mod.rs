//! The inputs of a call, from options, files and standard input.

mod body;
mod describe;
mod files;
mod gather;
mod missing;
mod object;
mod source;
#[cfg(test)]
mod tests;
mod value;

pub(crate) use self::{describe::describe, gather::gather};
