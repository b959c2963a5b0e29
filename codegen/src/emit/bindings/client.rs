//! What all calls have in common.

use serde_json::{Value, json};

use super::wire;
use crate::{
    emit::{model::Model, rust::security::can_do_without},
    ir::{RateLimit, Server, ServerVariable},
};

pub(super) fn bind_client(model: &Model<'_>) -> Value {
    let (api, names) = (model.api, model.names);
    let server = |server: &Server, rust: Option<&String>| {
        let variables = server.variables.iter().map(
            |ServerVariable { name, default, values, .. }| json!({"name": name, "default": default, "values": values}),
        );
        json!({"url": server.url, "rust": rust, "variables": variables.collect::<Vec<_>>()})
    };
    let servers = api.servers.iter().enumerate();
    let servers = servers.map(|(index, it)| server(it, names.servers.constructors.get(index)));
    let limit = |RateLimit { name, requests, seconds }: &RateLimit| json!({"name": name, "requests": requests, "seconds": seconds});
    json!({
        "title": api.title,
        "docs": api.description.as_deref(),
        "server": api.base_url,
        "servers": servers.collect::<Vec<_>>(),
        "security": wire::security(api, &api.root_security),
        "optionalCredentials": can_do_without(api),
        "rateLimits": api.rate_limits.iter().map(limit).collect::<Vec<_>>(),
        "environment": names.env_prefix,
    })
}
