//! **read**: from texts to trees, and from trees to the objects of OpenAPI.

pub(crate) mod ahead;
pub(crate) mod bounds;
pub(crate) mod bundle;
pub(crate) mod expected;
pub(crate) mod extension;
pub(crate) mod keyword;
pub(crate) mod ledger;
pub(crate) mod load;
pub(crate) mod location;
pub(crate) mod media_type;
pub(crate) mod member;
pub(crate) mod method;
pub(crate) mod number;
pub(crate) mod overlay;
pub(crate) mod parse;
pub(crate) mod parsed;
pub(crate) mod place;
pub(crate) mod pointer;
pub(crate) mod selection;
pub(crate) mod span;
pub(crate) mod trail;
pub(crate) mod url;
pub(crate) mod vocabulary;
