//! Items that only generated code uses. They are not part of the public API and may change with the generator in any
//! release.

pub use serde_core as serde;

pub use crate::{
    __integer_enum as integer_enum, __integer_model as integer_model, __model as model, __request as request,
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

/// Implements the methods of a request, a struct around a [`Call`]. Without a decoder the result is JSON; for an
/// `Option`, JSON that may be absent.
#[doc(hidden)]
#[macro_export]
macro_rules! __request {
    ($request:ident -> Option<$output:ty>) => {
        $crate::__request!($request -> Option<$output>, $crate::__private::Optional<$crate::__private::Json<$output>>);
    };
    ($request:ident -> $output:ty) => {
        $crate::__request!($request -> $output, $crate::__private::Json<$output>);
    };
    ($request:ident -> $output:ty, $decoder:ty) => {
        // Inlined, so that only the requests that an application sends are compiled.
        impl $request {
            /// Adds a header, or replaces one of the same name. Headers that frame the message, such as
            /// `Content-Length`, make the call fail with [`InvalidRequest`](lowcodeapi_runtime::Error::InvalidRequest).
            #[inline]
            pub fn with_header(mut self, name: &str, value: impl ::core::fmt::Display) -> Self {
                self.0.header(name, value.to_string());
                self
            }

            /// As [`with_header`](Self::with_header), for a value that is a credential, whatever the name of the header: it is
            /// redacted like the credentials of the client. A header whose name suggests a credential, such as `authorization`
            /// or `x-api-key`, is redacted without this.
            #[inline]
            pub fn with_secret_header(mut self, name: &str, value: impl ::core::fmt::Display) -> Self {
                self.0.secret_header(name, value.to_string());
                self
            }

            /// Adds a query parameter that the document does not declare. A list becomes a parameter for each item.
            #[inline]
            pub fn with_query(mut self, name: &str, value: impl $crate::__private::serde::Serialize) -> Self {
                self.0.any_query(name, value);
                self
            }

            /// Sets a property, field or part of the body that the document does not declare. A body of another kind
            /// makes the call fail with [`InvalidRequest`](lowcodeapi_runtime::Error::InvalidRequest).
            #[inline]
            pub fn with_body_field(mut self, name: &str, value: impl $crate::__private::serde::Serialize) -> Self {
                self.0.any_field(name, value);
                self
            }

            /// Chooses between the alternatives of the call's security: the one that needs these schemes, by their names in
            /// the document, and no others. Without names, it is the alternative without credentials, which the document must allow.
            #[inline]
            pub fn with_security(mut self, schemes: &[&str]) -> Self {
                self.0.choose_security(schemes);
                self
            }

            /// Sets the timeout of the whole call, including retries, in place of all timeouts of the client.
            #[inline]
            pub fn with_timeout(mut self, timeout: ::core::time::Duration) -> Self {
                self.0.set_timeout(timeout);
                self
            }

            /// Sets the retry policy of this call, in place of the client's.
            #[inline]
            pub fn with_retry(mut self, policy: $crate::RetryPolicy) -> Self {
                self.0.set_retry(policy);
                self
            }

            /// Sends the request. Awaiting the request does the same.
            #[inline]
            pub fn send(self) -> $crate::Pending<$output> {
                self.0.send::<$decoder>()
            }

            /// Sends the request, and returns the result with status and headers.
            #[inline]
            pub fn send_with_response(self) -> $crate::Pending<$crate::Response<$output>> {
                self.0.send_with_response::<$decoder>()
            }

            $crate::__with_gzip!();

            $crate::__send_blocking!($output);

            /// Returns the request that would be sent, without credentials. It displays as a `curl` command.
            ///
            /// # Errors
            ///
            /// Returns [`InvalidRequest`](lowcodeapi_runtime::Error::InvalidRequest) if the request cannot be sent.
            #[inline]
            pub fn dry_run(&self) -> ::core::result::Result<$crate::DryRun, $crate::Error> {
                self.0.dry_run()
            }
        }

        impl ::core::future::IntoFuture for $request {
            type Output = ::core::result::Result<$output, $crate::Error>;
            type IntoFuture = $crate::Pending<$output>;

            #[inline]
            fn into_future(self) -> Self::IntoFuture {
                self.send()
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
        #[inline]
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
    ($output:ty) => {
        /// Sends the request, and blocks this thread until the result arrives. Asynchronous code must await instead.
        ///
        /// # Errors
        ///
        /// Returns the error of the call, or [`InvalidRequest`](lowcodeapi_runtime::Error::InvalidRequest) in
        /// asynchronous code.
        #[inline]
        pub fn send_blocking(self) -> ::core::result::Result<$output, $crate::Error> {
            self.send().wait()
        }
    };
}

/// Expands to nothing without the feature `blocking`.
#[cfg(not(feature = "blocking"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __send_blocking {
    ($output:ty) => {};
}
