//! Items that only generated code uses. They are not part of the public API and may change with the generator in any
//! release.

pub use serde_core as serde;

pub use crate::{
    __errors as errors, __integer_enum as integer_enum, __integer_model as integer_model, __model as model,
    __operation as operation_type, __request as request, __request_type as request_type,
    __serde_by_model as serde_by_model, __text_enum as text_enum, __text_model as text_model,
    call::{
        Call,
        operation::Operation,
        query::{QueryStyle, ValueStyle},
    },
    client::{
        Client,
        credential::Credentials,
        server::{Server, ServerTemplate, ServerVariable},
        service::{Auth, Scheme, Security, Service},
    },
    gateway::{BehindGateway, knows::model_knows},
    model::{
        AsText, Decodable, Decoder, Encodable, Encoder, Entries, Failure, Field, Member, Members, Place,
        decimals_as_text,
        decodable::{Rest, map, values},
        deserialize,
        form::Form,
        serialize,
        unknown::unknown,
    },
    reply::{
        body_text::BodyText,
        decode::{Binary, Decode, Empty, Json, Optional, Redirected, Reply, Text, Word},
        headers::Headers,
        pagination::{Count, PageCursor, Pagination},
    },
    shown::file_name::{safe_file_name, suggested_file_name},
};

#[cfg(feature = "catalogue")]
pub use crate::catalogue::build::{count, cursor, flag, items, list};

/// Returns the body of an error in a variant of the enum of an operation's errors, or `None` if it does not match the type.
pub fn error_as<T: serde::de::DeserializeOwned, E>(error: &crate::ApiError, variant: fn(T) -> E) -> Option<E> {
    error.decode().ok().map(variant)
}

/// Implements the conversions of an enum of strings that has `as_str` and `From<&str>`.
#[doc(hidden)]
#[macro_export]
macro_rules! __text_enum {
    ($name:ident) => {
        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;

            fn from_str(value: &str) -> ::core::result::Result<Self, ::core::convert::Infallible> {
                ::core::result::Result::Ok(Self::from(value))
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

/// Implements the conversions of an enum of integers that has `as_i64`, or the method that is given.
#[doc(hidden)]
#[macro_export]
macro_rules! __integer_enum {
    ($name:ident) => {
        $crate::__integer_enum!($name, as_i64, i64);
    };
    ($name:ident, $as_integer:ident, $integer:ty) => {
        impl ::core::str::FromStr for $name {
            type Err = ::core::num::ParseIntError;

            fn from_str(value: &str) -> ::core::result::Result<Self, ::core::num::ParseIntError> {
                value.parse::<$integer>().map(Self::from)
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.$as_integer(), f)
            }
        }
    };
}

/// Declares the request of any operation, a struct around a [`Call`]. Its setters, and the methods that not every request
/// has, are implementations for one operation, so it must be a type of the generated crate. Because it is one type, its
/// methods are checked once, and only those that an application calls are compiled.
#[doc(hidden)]
#[macro_export]
macro_rules! __request_type {
    () => {
        /// A request of an operation, as the methods of [`Client`] return it. Its setters take the optional inputs. Awaiting
        /// it sends it.
        ///
        /// [`requests`] names the request of each operation. A function may take any of them:
        /// `fn traced<O: Operation>(request: Request<O>) -> Request<O>`.
        #[must_use = "a request does nothing until it is awaited or sent"]
        pub struct Request<O>(pub(crate) $crate::__private::Call, ::core::marker::PhantomData<fn() -> O>);

        impl<O> Request<O> {
            pub(crate) fn new(call: $crate::__private::Call) -> Self {
                Self(call, ::core::marker::PhantomData)
            }
        }

        impl<O: $crate::Operation> Request<O> {
            /// Adds a header, or replaces one of the same name. Headers that frame the message, such as
            /// `Content-Length`, make the call fail with [`InvalidRequest`](lowcodeapi_runtime::Error::InvalidRequest).
            pub fn with_header(mut self, name: &str, value: impl ::core::fmt::Display) -> Self {
                self.0.header(name, value.to_string());
                self
            }

            /// As [`with_header`](Self::with_header), for a value that is a credential, whatever the name of the header: it is
            /// redacted like the credentials of the client. A header whose name suggests a credential, such as `authorization`
            /// or `x-api-key`, is redacted without this.
            pub fn with_secret_header(mut self, name: &str, value: impl ::core::fmt::Display) -> Self {
                self.0.secret_header(name, value.to_string());
                self
            }

            /// Adds a query parameter that the document does not declare. A list becomes a parameter for each item.
            pub fn with_query(mut self, name: &str, value: impl $crate::__private::serde::Serialize) -> Self {
                self.0.any_query(name, value);
                self
            }

            /// Sets a property, field or part of the body that the document does not declare. A body of another kind
            /// makes the call fail with [`InvalidRequest`](lowcodeapi_runtime::Error::InvalidRequest).
            pub fn with_body_field(mut self, name: &str, value: impl $crate::__private::serde::Serialize) -> Self {
                self.0.any_field(name, value);
                self
            }

            /// Chooses between the alternatives of the call's security: the one that needs these schemes, by their names in
            /// the document, and no others. Without names, it is the alternative without credentials, which the document must allow.
            pub fn with_security(mut self, schemes: &[&str]) -> Self {
                self.0.choose_security(schemes);
                self
            }

            /// Sets the timeout of the whole call, including retries, in place of all timeouts of the client.
            pub fn with_timeout(mut self, timeout: ::core::time::Duration) -> Self {
                self.0.set_timeout(timeout);
                self
            }

            /// Sets the retry policy of this call, in place of the client's.
            pub fn with_retry(mut self, policy: $crate::RetryPolicy) -> Self {
                self.0.set_retry(policy);
                self
            }

            /// Sends the request. Awaiting the request does the same.
            pub fn send(self) -> $crate::Pending<O::Output> {
                self.0.send::<O::Decoder>()
            }

            /// Sends the request, and returns the result with status and headers.
            pub fn send_with_response(self) -> $crate::Pending<$crate::Response<O::Output>> {
                self.0.send_with_response::<O::Decoder>()
            }

            $crate::__with_gzip!();

            $crate::__send_blocking!();

            /// Returns the request that would be sent, without credentials. It displays as a `curl` command.
            ///
            /// # Errors
            ///
            /// Returns [`InvalidRequest`](lowcodeapi_runtime::Error::InvalidRequest) if the request cannot be sent.
            pub fn dry_run(&self) -> ::core::result::Result<$crate::DryRun, $crate::Error> {
                self.0.dry_run()
            }
        }

        impl<O: $crate::DeclaresErrors> Request<O> {
            /// Decodes the body of an error as the type that the document has for its status. Returns `None` if it has none
            /// for the status, if the body is of another form, and for errors without a response.
            pub fn decode_error(error: &$crate::Error) -> ::core::option::Option<O::Errors> {
                O::decode_error(error.as_api()?)
            }
        }

        impl<O: $crate::Operation> ::core::future::IntoFuture for Request<O> {
            type Output = ::core::result::Result<O::Output, $crate::Error>;
            type IntoFuture = $crate::Pending<O::Output>;

            fn into_future(self) -> Self::IntoFuture {
                self.send()
            }
        }

        // Derived, they would ask the same of the operation.
        impl<O> ::core::clone::Clone for Request<O> {
            fn clone(&self) -> Self {
                Self::new(self.0.clone())
            }
        }

        impl<O> ::core::fmt::Debug for Request<O> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_tuple("Request").field(&self.0).finish()
            }
        }
    };
}

/// Declares the type of an operation. It has no values.
#[doc(hidden)]
#[macro_export]
macro_rules! __operation {
    ($operation:ident) => {
        pub enum $operation {}
    };
}

/// Tells what a call of an operation gives, and what decodes it. Without a decoder the result is JSON; for an `Option`, JSON that
/// may be absent.
#[doc(hidden)]
#[macro_export]
macro_rules! __request {
    ($operation:ident -> Option<$output:ty>) => {
        $crate::__request!($operation -> Option<$output>, $crate::__private::Optional<$crate::__private::Json<$output>>);
    };
    ($operation:ident -> $output:ty) => {
        $crate::__request!($operation -> $output, $crate::__private::Json<$output>);
    };
    ($operation:ident -> $output:ty, $decoder:ty) => {
        impl $crate::Operation for operations::$operation {
            type Output = $output;
            type Decoder = $decoder;
        }
    };
}

/// Tells the type of all declared errors of an operation, or the operation whose errors are decoded in the same way.
#[doc(hidden)]
#[macro_export]
macro_rules! __errors {
    ($operation:ident -> $errors:ty) => {
        impl $crate::DeclaresErrors for operations::$operation {
            type Errors = $errors;

            fn decode_error(error: &$crate::ApiError) -> ::core::option::Option<$errors> {
                error.decode().ok()
            }
        }
    };
    ($operation:ident -> $errors:ty, $same:ty) => {
        impl $crate::DeclaresErrors for operations::$operation {
            type Errors = $errors;

            fn decode_error(error: &$crate::ApiError) -> ::core::option::Option<$errors> {
                <$same as $crate::DeclaresErrors>::decode_error(error)
            }
        }
    };
}

/// The method `with_gzip` of a request, with the feature `gzip`.
#[cfg(feature = "gzip")]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_gzip {
    () => {
        /// Compresses the body with `gzip`, for a server that accepts it. Files are compressed as they are sent, in chunks.
        pub fn with_gzip(mut self) -> Self {
            self.0.set_gzip();
            self
        }
    };
}

/// Expands to nothing without the feature `gzip`.
#[cfg(not(feature = "gzip"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_gzip {
    () => {};
}

/// The method `send_blocking` of a request, with the feature `blocking`.
#[cfg(feature = "blocking")]
#[doc(hidden)]
#[macro_export]
macro_rules! __send_blocking {
    () => {
        /// Sends the request, and blocks this thread until the result arrives. Asynchronous code must await instead.
        ///
        /// # Errors
        ///
        /// Returns the error of the call, or [`InvalidRequest`](lowcodeapi_runtime::Error::InvalidRequest) in
        /// asynchronous code.
        pub fn send_blocking(self) -> ::core::result::Result<O::Output, $crate::Error> {
            self.send().wait()
        }
    };
}

/// Expands to nothing without the feature `blocking`.
#[cfg(not(feature = "blocking"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __send_blocking {
    () => {};
}
