//! What the gateway does with a request, seen through plain HTTP.

mod document;
mod envelope;
mod inputs;
mod lists;
mod observed;
mod old_format;
mod round_trip;
mod routes;
mod server;
mod support;
mod uploads;
