//! What tells the requests of operations apart.

use crate::reply::decode::Decode;

/// An operation of the document. The generated crate has a type for each, which stands in the type of its request.
pub trait Operation: 'static {
    /// The result of a call.
    type Output: Send + 'static;

    /// What decodes the result.
    #[doc(hidden)]
    type Decoder: Decode<Output = Self::Output>;
}
