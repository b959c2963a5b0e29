//! What the gateway does with a request, seen through plain HTTP.

#[cfg(test)]
mod document;
#[cfg(test)]
mod envelope;
#[cfg(test)]
mod inputs;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod observed;
#[cfg(test)]
mod old_format;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod server;
#[cfg(test)]
mod support;
#[cfg(test)]
mod uploads;
