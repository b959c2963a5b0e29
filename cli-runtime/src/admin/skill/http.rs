//! The requests of the operations as `curl` commands.

use std::sync::Arc;

use lowcodeapi_runtime::{
    UrlFormat,
    catalogue::{Described, Operation, Place},
};
use serde_json::Value;

use crate::{admin::sample, api::Api, connect::offline, failure::Failure, settings::Settings, table::Commands};

/// The clients that compose requests, and send none.
pub(super) struct Requests {
    commands: &'static Commands,
    new_format: Arc<dyn Api>,
    /// `None` if the API is not behind LowCodeAPI's gateway.
    old_format: Option<Arc<dyn Api>>,
}

impl Requests {
    pub(super) fn new<C: Described>(commands: &'static Commands, settings: &Settings) -> Result<Self, Failure> {
        let is_gateway = C::CATALOGUE.is_gateway;
        let of = |format| offline::<C>(settings.base_url.as_deref(), is_gateway.then_some(format));
        let old_format = if is_gateway { Some(of(UrlFormat::Old)?) } else { None };
        Ok(Self { commands, new_format: of(UrlFormat::New)?, old_format })
    }

    /// Returns the request with the inputs of the sample. `None` if the sample is no call.
    pub(super) fn request(&self, operation: &'static Operation) -> Option<String> {
        self.of(self.new_format.as_ref(), operation)
    }

    /// Returns the request in the Old Format, if the operation has inputs in its path.
    pub(super) fn old_request(&self, operation: &'static Operation) -> Option<String> {
        operation.old_path?;
        self.of(self.old_format.as_deref()?, operation)
    }

    fn of(&self, api: &dyn Api, operation: &'static Operation) -> Option<String> {
        let mut inputs = sample::inputs(operation, self.commands);
        // In the Old Format the path contains the name of an input, so its value must not look the same.
        for input in operation.inputs.iter().filter(|input| input.place == Place::Path) {
            if inputs.values().get(input.name).is_some_and(Value::is_string) {
                inputs.set(input.name, input.name.to_uppercase());
            }
        }
        let prepared = api.prepare(operation.name, inputs).ok()?;
        Some(prepared.dry_run().ok()?.curl().to_owned())
    }
}
