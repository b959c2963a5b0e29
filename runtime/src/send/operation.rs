//! What tells the requests of operations apart.

use std::fmt::Debug;

use crate::{error::api_error::ApiError, reply::decode::Decode};

/// An operation of the document. A generated crate has a type for each, which its request has as its parameter, and implements
/// the trait. Other types have no request, and items may be added to the trait.
pub trait Operation: 'static {
    /// The result of a call.
    type Output: Send + 'static;

    /// What decodes the result.
    #[doc(hidden)]
    type Decoder: Decode<Output = Self::Output>;
}

/// An operation with declared errors whose bodies have a type.
pub trait DeclaresErrors: Operation {
    /// The type of the bodies, or an enum of their types by status.
    type Errors: Debug + Send + 'static;

    /// Decodes the body of an error.
    #[doc(hidden)]
    fn decode_error(error: &ApiError) -> Option<Self::Errors>;
}
