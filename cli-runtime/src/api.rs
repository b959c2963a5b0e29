//! The client of an API, whatever its type.

use lowcodeapi_runtime::{
    Error,
    catalogue::{Catalogue, Described, Inputs, Prepared},
};

/// A client that calls operations by name.
pub(crate) trait Api: Send + Sync {
    /// Returns the operations.
    fn catalogue(&self) -> &'static Catalogue;

    /// Returns the call of an operation.
    fn prepare(&self, operation: &str, inputs: Inputs) -> Result<Prepared, Error>;
}

impl<C: Described> Api for C {
    fn catalogue(&self) -> &'static Catalogue {
        C::CATALOGUE
    }

    fn prepare(&self, operation: &str, inputs: Inputs) -> Result<Prepared, Error> {
        Described::prepare(self, operation, inputs)
    }
}
