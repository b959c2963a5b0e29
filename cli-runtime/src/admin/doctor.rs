//! `doctor`: what is configured, and what answers.

use std::time::{Duration, Instant};

use clap::{Args, Command};
use lowcodeapi_runtime::{
    UrlFormat,
    catalogue::{Catalogue, Described, Operation},
};
use serde_json::Value;

use crate::{
    admin::{
        report::Report,
        url_format::{fewest, needs_nothing, settle_format},
    },
    app::{App, Connected},
    connect::{address, connect_for},
    failure::Failure,
    settings::Settings,
};

/// The environment variables by which the HTTP client finds proxies.
const PROXIES: &[&str] =
    &["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"];

/// How long the call may take, unless `--timeout` is given.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The options of `doctor`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {}

/// Returns the command.
pub(crate) fn command() -> Command {
    Options::augment_args(Command::new("doctor"))
        .about("Show the configuration, and check that the API answers")
        .long_about("Show the configuration, and call an operation that only reads to check that the API answers.")
}

/// Runs the command. It fails as the call does.
pub(crate) async fn run<C: Described>(app: &App, _: Options, settings: &Settings) -> Result<(), Failure> {
    let catalogue = C::CATALOGUE;
    let mut report = Report::default();
    report.add("program", format!("{} {}", app.commands.name, app.version));
    report.add("api", catalogue.title);
    let operation = cheapest(catalogue);
    // The report is wanted most when there is no client to be made.
    let connected = match connect_for::<C>(app, settings, operation).await {
        Ok(connected) => connected,
        Err(failure) => {
            if let (Ok(address), false) = (address(catalogue, settings), settings.mock) {
                report.add("base_url", address.url);
                report.add("base_url_from", address.source);
            }
            add_environment(catalogue, settings, &mut report);
            report.write(settings)?;
            return Err(failure);
        }
    };
    add_address(catalogue, settings, &connected, &mut report)?;
    report.add("token_from", connected.token_source.as_str());
    add_environment(catalogue, settings, &mut report);
    let ended = if let Some(operation) = operation {
        call(operation, &connected, settings, &mut report).await
    } else {
        report.add("called", Value::Null);
        Ok(())
    };
    if catalogue.is_gateway {
        if ended.is_ok() {
            settle_format(connected.api.as_ref(), settings.timeout.unwrap_or(TIMEOUT)).await;
        }
        report.add("url_format", connected.api.url_format().map(format_name));
    }
    report.write(settings)?;
    ended
}

/// Returns the operation to call: one that reads, needs no input, and returns little. A list with pages is preferred,
/// because one item can be asked for.
fn cheapest(catalogue: &Catalogue) -> Option<&'static Operation> {
    let has_size = |it: &&Operation| it.pages.is_some_and(|pages| pages.size.is_some());
    let mut callable = catalogue.operations.iter().copied().filter(|operation| needs_nothing(operation));
    callable.clone().find(has_size).or_else(|| callable.next())
}

fn add_address(
    catalogue: &Catalogue,
    settings: &Settings,
    connected: &Connected,
    report: &mut Report,
) -> Result<(), Failure> {
    let (url, source) = if let Some(mock) = &connected.mock {
        (mock.base_url.clone(), "the embedded server".to_owned())
    } else {
        let address = address(catalogue, settings)?;
        (address.url, address.source)
    };
    report.add("base_url", url);
    report.add("base_url_from", source);
    Ok(())
}

/// Adds what is set besides address and token. The values of proxies may hold passwords, so only names are told.
fn add_environment(catalogue: &Catalogue, settings: &Settings, report: &mut Report) {
    if catalogue.is_gateway {
        let variable = format!("{}_URL_FORMAT", catalogue.variables);
        let set = match settings.url_format {
            Some(format) => format!("{} (--url-format)", format_name(format)),
            None if !settings.mock && is_set(&variable) => format!("environment variable {variable}"),
            None => "automatic".to_owned(),
        };
        report.add("url_format_setting", set);
    }
    let proxies: Vec<&str> = PROXIES.iter().copied().filter(|name| is_set(name)).collect();
    report.add("proxy_variables", proxies);
    report.add("keychain", cfg!(feature = "keychain"));
}

fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| !value.is_empty())
}

async fn call(
    operation: &'static Operation,
    connected: &Connected,
    settings: &Settings,
    report: &mut Report,
) -> Result<(), Failure> {
    let prepared = connected.api.prepare(operation.name, fewest(operation))?;
    report.add("called", format!("{} {}", operation.method, operation.path));
    let started = Instant::now();
    let ended = prepared.with_timeout(settings.timeout.unwrap_or(TIMEOUT)).send().await;
    let elapsed = started.elapsed().as_millis();
    let status = match &ended {
        Ok(answer) => Some(answer.status),
        Err(error) => error.status(),
    };
    report.add("status", status.map(|status| status.as_u16()));
    report.add("milliseconds", u64::try_from(elapsed).unwrap_or(u64::MAX));
    let retried = ended.as_ref().err().map_or(0, |error| error.attempts().len());
    if retried > 0 {
        report.add("retries", retried);
    }
    report.add("answers", status.is_some());
    report.add("works", ended.is_ok());
    ended.map(drop).map_err(Failure::from)
}

fn format_name(format: UrlFormat) -> &'static str {
    match format {
        UrlFormat::New => "new",
        UrlFormat::Old => "old",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn a_list_that_can_be_short_is_called() {
        assert_eq!(cheapest(&fixture::CATALOGUE).map(|it| it.name), Some("list_notes"));
    }
}
