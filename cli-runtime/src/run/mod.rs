//! Sends a call, and hands on what comes back as it arrives.

mod confirm;
mod deliver;
mod file_name;
mod hint;
pub(crate) mod progress;
mod signals;
mod target;

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use lowcodeapi_runtime::{
    RetryPolicy,
    catalogue::{Effect, Form, Inputs, Operation, Prepared},
};
use serde_json::Value;

use crate::{
    api::Api,
    failure::{Class, Failure},
    output::{self, Printer},
    run::{
        deliver::{Delivery, Way},
        progress::Progress,
        target::Target,
    },
    settings::Settings,
    table::Command,
};

/// Calls an operation, and writes its result.
pub(crate) async fn call(
    api: &Arc<dyn Api>,
    command: &'static Command,
    inputs: Inputs,
    settings: &Settings,
) -> Result<(), Failure> {
    let is_stream_wanted = wants_stream(&inputs);
    let prepared = with_settings(api.prepare(command.operation, inputs)?, settings);
    // What can be refused is refused before anything is sent.
    let printer = Printer::new(settings)?;
    if settings.dry_run {
        return output::print(&format!("{}\n", prepared.dry_run()?));
    }
    let target = settings.to.as_deref().map(Target::of).transpose()?;
    let way = choose(prepared.operation(), is_stream_wanted, settings)?;
    if way == Way::File && target.is_none() && printer.look.is_terminal {
        return Err(deliver::binary_on_terminal());
    }
    let stage = Arc::new(Stage::default());
    let operation = prepared.operation();
    let work = async {
        confirm::confirm(&prepared, settings).await?;
        stage.reach(SENT);
        let progress = Progress::start(&operation.words(), settings);
        let delivery = Delivery { printer, target, progress, settings, answered: &|| stage.reach(ANSWERED) };
        delivery.run(prepared.clone(), way).await
    };
    let effect = operation.effect();
    let report = {
        let (stage, settings) = (Arc::clone(&stage), settings.clone());
        move |class| {
            output::fail(&interrupted(class, effect, &stage), &settings);
        }
    };
    tokio::select! {
        ended = work => ended,
        class = signals::first(report) => Err(interrupted(class, effect, &stage)),
    }
}

/// How far a call has come.
#[derive(Debug, Default)]
struct Stage(AtomicU8);

const SENT: u8 = 1;
const ANSWERED: u8 = 2;

impl Stage {
    fn reach(&self, stage: u8) {
        self.0.store(stage, Ordering::Relaxed);
    }
}

/// Returns the failure of a call that a signal ended.
fn interrupted(class: Class, effect: Effect, stage: &Stage) -> Failure {
    let (what, may_have_been) = match stage.0.load(Ordering::Relaxed) {
        _ if effect == Effect::Read => ("the call only reads, so nothing was changed", false),
        SENT => ("the call may have been processed", true),
        ANSWERED => ("the call was processed, and its result is not complete", true),
        _ => ("the call was not sent", false),
    };
    Failure::new(class, format!("{}: {what}", class.name())).processed(may_have_been)
}

/// Returns whether the inputs ask for a stream of messages, as APIs of language models do: `"stream": true`.
fn wants_stream(inputs: &Inputs) -> bool {
    let is_set = |object: &serde_json::Map<String, Value>| object.get("stream") == Some(&Value::Bool(true));
    is_set(inputs.values()) || inputs.values().values().filter_map(Value::as_object).any(is_set)
}

fn with_settings(mut prepared: Prepared, settings: &Settings) -> Prepared {
    if let Some(timeout) = settings.timeout {
        prepared = prepared.with_timeout(timeout);
    }
    if let Some(retries) = settings.retries {
        prepared = prepared.with_retry(RetryPolicy::default().max_retries(retries));
    }
    prepared
}

/// Returns how the result arrives.
fn choose(operation: &Operation, is_stream_wanted: bool, settings: &Settings) -> Result<Way, Failure> {
    if settings.all && operation.pages.is_none() {
        let message = format!("--all: `{}` does not return its result in pages", operation.words());
        return Err(Failure::usage(message));
    }
    let has_only = |form: Form| !operation.results.is_empty() && operation.results.iter().all(|it| it.form == form);
    Ok(if operation.messages.is_some() && (is_stream_wanted || operation.results.is_empty() || has_only(Form::Empty)) {
        Way::Messages
    } else if settings.all {
        Way::Pages
    } else if has_only(Form::Bytes) {
        Way::File
    } else {
        Way::Whole
    })
}

#[cfg(test)]
mod tests;
