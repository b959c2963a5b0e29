//! The client of an API, whatever its type.

use lowcodeapi_runtime::{
    Error, UrlFormat,
    catalogue::{Catalogue, Described, Inputs, Prepared},
};

/// A client that calls operations by name.
pub(crate) trait Api: Send + Sync {
    /// Returns the operations.
    fn catalogue(&self) -> &'static Catalogue;

    /// Returns the call of an operation.
    fn prepare(&self, operation: &str, inputs: Inputs) -> Result<Prepared, Error>;

    /// Returns the gateway's URL format of calls, once it is known.
    fn url_format(&self) -> Option<UrlFormat>;
}

impl<C: Described> Api for C {
    fn catalogue(&self) -> &'static Catalogue {
        C::CATALOGUE
    }

    fn prepare(&self, operation: &str, inputs: Inputs) -> Result<Prepared, Error> {
        Described::prepare(self, operation, inputs)
    }

    fn url_format(&self) -> Option<UrlFormat> {
        Described::url_format(self)
    }
}
