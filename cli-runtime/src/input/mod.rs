//! The inputs of a call, from options, files and standard input.

mod body;
mod describe;
mod gather;
mod missing;
mod object;
mod source;
#[cfg(test)]
mod tests;
mod upload;
mod value;

pub(crate) use self::{describe::describe, gather::gather};
