//! **emit**: from the intermediate representation and its names to the files of each back end.

pub(crate) mod rust;
