//! Everything that only generated code uses. It is no part of the public interface: it changes with the generator, in any
//! release.

pub use serde;

pub use crate::{
    __request as request, __serde_by_model as serde_by_model,
    call::{
        Call,
        operation::Operation,
        query::{QueryStyle, ValueStyle},
    },
    client::{
        Client,
        credential::Credentials,
        service::{Auth, Scheme, Security, Service},
    },
    gateway::BehindGateway,
    model::{
        Decodable, Decoder, Encodable, Encoder, Entries, Failure, Field, Member, Members, Place, deserialize,
        form::Form, serialize, tagged,
    },
    reply::{
        decode::{Binary, Decode, Empty, Json, Optional, Reply, Text},
        pagination::{Count, PageCursor, Pagination},
    },
};

/// Gives models serde's traits by their own, which cost the compiler a tenth of derived ones.
#[doc(hidden)]
#[macro_export]
macro_rules! __serde_by_model {
    ($model:ty) => {
        impl $crate::__private::serde::Serialize for $model {
            fn serialize<S: $crate::__private::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::__private::serialize(self, serializer)
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $model {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::__private::deserialize(deserializer)
            }
        }
    };
}

/// Gives a request, a struct around a [`Call`], what every request can do. Without a decoder its result is JSON; of an
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
        // Inlined, so that these are compiled for the requests that an application sends, not for all that there are.
        impl $request {
            /// Adds a header, or replaces one of that name. Headers that frame the message, such as `Content-Length`, make
            /// the call fail with [`InvalidRequest`](lowcodeapi_runtime::Error::InvalidRequest).
            #[inline]
            pub fn with_header(mut self, name: &str, value: impl ::core::fmt::Display) -> Self {
                self.0.header(name, value.to_string());
                self
            }

            /// Bounds the whole call, retries included, in place of all time limits of the client.
            #[inline]
            pub fn with_timeout(mut self, timeout: ::core::time::Duration) -> Self {
                self.0.set_timeout(timeout);
                self
            }

            /// Sets when this call is retried, in place of the client's policy.
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

            /// Sends the request and returns status and headers with the result.
            #[inline]
            pub fn send_with_response(self) -> $crate::Pending<$crate::Response<$output>> {
                self.0.send_with_response::<$decoder>()
            }

            $crate::__send_blocking!($output);

            /// Returns what would be sent, without the credential. It displays as a `curl` command.
            ///
            /// # Errors
            ///
            /// [`InvalidRequest`](lowcodeapi_runtime::Error::InvalidRequest) when the request cannot be sent.
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

/// The verb `send_blocking` of a request, where the feature `blocking` is on.
#[cfg(feature = "blocking")]
#[doc(hidden)]
#[macro_export]
macro_rules! __send_blocking {
    ($output:ty) => {
        /// Sends the request and waits for the result on this thread. Asynchronous code must await instead.
        ///
        /// # Errors
        ///
        /// Those of the call, and [`InvalidRequest`](lowcodeapi_runtime::Error::InvalidRequest) in asynchronous code.
        #[inline]
        pub fn send_blocking(self) -> ::core::result::Result<$output, $crate::Error> {
            self.send().wait()
        }
    };
}

/// The verb `send_blocking` of a request, where the feature `blocking` is on.
#[cfg(not(feature = "blocking"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __send_blocking {
    ($output:ty) => {};
}
