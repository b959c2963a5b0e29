//! Calls the generated clients of the cases: what a server sees of a call, and what a caller sees of an answer.

mod bodies;
mod catalogue;
mod chats;
mod codings;
mod declared;
mod directions;
mod forms;
mod gateway;
mod gateway_inputs;
mod intersections;
mod keys;
mod models;
mod names;
mod numbers;
mod pages;
mod parameters;
mod plain;
mod responses;
mod security;
mod servers;
mod streams;
mod support;
mod tags;
mod tuples;
mod undefined;
mod version_32;
