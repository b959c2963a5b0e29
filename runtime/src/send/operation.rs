//! What tells the requests of operations apart.

use crate::{error::api_error::ApiError, reply::decode::Decode};

/// An operation of the document. The generated crate has a type for each, which stands in the type of its request.
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
    type Errors;

    /// Decodes the body of an error.
    #[doc(hidden)]
    fn decode_error(error: &ApiError) -> Option<Self::Errors>;
}
