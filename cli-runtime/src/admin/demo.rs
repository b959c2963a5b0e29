//! `demo`: calls every operation of the embedded server.

use clap::{Args, Command};
use lowcodeapi_runtime::catalogue::{Answer, Content, Described, Effect, Inputs, Operation, Prepared};
use serde_json::{Value, json};

use crate::{
    admin::{ids::Ids, sample},
    app::{App, Connected},
    connect::connect_for,
    failure::{Class, Failure},
    output::{line, print, print_value},
    settings::{Format, Settings},
    table::Commands,
};

/// The widest glimpse of a result, in characters.
const GLIMPSE: usize = 60;

/// The options of `demo`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {}

/// Returns the command.
pub(crate) fn command() -> Command {
    Options::augment_args(Command::new("demo"))
        .about("Call every operation of the embedded server")
        .long_about("Call every operation of the embedded server with sample inputs, and print the results.")
}

/// Runs the command. It never calls anything but the embedded server, because it deletes what it finds.
pub(crate) async fn run<C: Described>(app: &App, _: Options, settings: &Settings) -> Result<(), Failure> {
    let settings = Settings { mock: true, ..settings.clone() };
    let connected = connect_for::<C>(app, &settings, None).await?;
    let base_url = connected.mock.as_ref().map(|mock| mock.base_url.clone()).unwrap_or_default();
    let mut table = Table::new(C::CATALOGUE.operations, base_url, &settings);
    table.head()?;
    let (mut ids, mut failed) = (Ids::default(), 0);
    for operation in in_order(C::CATALOGUE.operations) {
        let inputs = inputs(operation, app.commands, &ids);
        let prepared = connected.api.prepare(operation.name, inputs)?;
        let request = table.request(&prepared)?;
        match prepared.send().await {
            Ok(answer) => {
                if let Content::Json(result) = &answer.value {
                    ids.learn(operation, result);
                }
                table.row(operation, answer.status.as_str(), &request, &glimpse(&answer))?;
            }
            Err(error) => {
                failed += 1;
                let status = error.status().map_or_else(|| "-".to_owned(), |status| status.as_str().to_owned());
                table.row(operation, &status, &request, &format!("error: {error}"))?;
            }
        }
    }
    table.foot(&connected, &settings)?;
    match failed {
        0 => Ok(()),
        _ => Err(Failure::new(Class::Other, format!("{failed} of the calls failed"))),
    }
}

/// Returns the operations in an order in which IDs are known before they are needed: creating comes before listing, that
/// before reading and changing an item, and deleting last, items in items first.
fn in_order(operations: &[&'static Operation]) -> Vec<&'static Operation> {
    let mut ordered = operations.to_vec();
    ordered.sort_by_key(|operation| {
        let depth = operation.path.matches('{').count();
        let is_item = operation.path.ends_with('}');
        match operation.effect() {
            Effect::Delete => (1, usize::MAX - depth, false, false),
            effect => (0, depth, is_item, (effect == Effect::Read) != is_item),
        }
    });
    ordered
}

/// Returns the inputs of the sample, with IDs that exist.
fn inputs(operation: &'static Operation, commands: &Commands, ids: &Ids) -> Inputs {
    let mut inputs = sample::inputs(operation, commands);
    for (name, id) in ids.inputs(operation) {
        inputs.set(name, id);
    }
    inputs
}

/// Returns the beginning of a result, on one line.
fn glimpse(answer: &Answer) -> String {
    let text = match &answer.value {
        Content::Json(value) => json_glimpse(value),
        Content::Text(text) => text.clone(),
        Content::Bytes(media_type, bytes) => format!("{} bytes, {media_type}", bytes.len()),
        _ => "no content".to_owned(),
    };
    let text = line(&text);
    let mut short: String = text.chars().take(GLIMPSE).collect();
    if text.chars().nth(GLIMPSE).is_some() {
        short.push('…');
    }
    short
}

/// Returns what is in the envelope, if there is one, and how many items a list has.
fn json_glimpse(value: &Value) -> String {
    let inner = value.get("data").filter(|inner| inner.is_object() || inner.is_array()).unwrap_or(value);
    match inner.as_array().map(Vec::as_slice) {
        Some([]) => "no items".to_owned(),
        Some([first, rest @ ..]) => format!("{} item(s): {first}", rest.len() + 1),
        None => inner.to_string(),
    }
}

/// Writes a row for each call.
struct Table {
    width: usize,
    /// Its part after the host is shown with each path.
    base_url: String,
    rows: usize,
    /// The rows, if they are written in another format at the end.
    kept: Option<Vec<Value>>,
}

impl Table {
    fn new(operations: &[&'static Operation], base_url: String, settings: &Settings) -> Self {
        let width = operations.iter().map(|operation| operation.words().len()).max().unwrap_or_default();
        let is_table = matches!(settings.output, None | Some(Format::Table)) && settings.select.is_none();
        let kept = (!is_table).then(Vec::new);
        Self { width: width.max("operation".len()), base_url, rows: 0, kept }
    }

    fn head(&self) -> Result<(), Failure> {
        if self.kept.is_some() {
            return Ok(());
        }
        print(&format!("An embedded server answers at {}.\n\n", self.base_url))?;
        print(&self.columns("operation", "status", "request", "result"))
    }

    /// Returns the line of the request, without host and credentials.
    fn request(&self, prepared: &Prepared) -> Result<String, Failure> {
        let request = prepared.dry_run()?;
        // The URL ends with the token, which is the same in each.
        let url = request.url.replace("[redacted]", "…");
        let path = url.strip_prefix(self.base_url.trim_end_matches('/')).unwrap_or(&url);
        let media_type = request.headers.get("content-type").and_then(|it| it.to_str().ok());
        let body = media_type.map(|it| format!(" ({it})")).unwrap_or_default();
        Ok(format!("{} {path}{body}", request.method))
    }

    fn row(&mut self, operation: &Operation, status: &str, request: &str, result: &str) -> Result<(), Failure> {
        self.rows += 1;
        if let Some(kept) = &mut self.kept {
            let status = status.parse::<u16>().ok();
            kept.push(json!({
                "operation": operation.words(),
                "status": status,
                "request": request,
                "result": result,
            }));
            return Ok(());
        }
        print(&self.columns(&operation.words(), status, request, result))
    }

    fn columns(&self, operation: &str, status: &str, request: &str, result: &str) -> String {
        format!("{operation:<width$}  {status:<6}  {request:<72}  {result}\n", width = self.width)
    }

    fn foot(&mut self, connected: &Connected, settings: &Settings) -> Result<(), Failure> {
        if let Some(kept) = self.kept.take() {
            return print_value(&kept.into(), settings);
        }
        let format = connected.api.url_format();
        let format = format.map(|it| format!("The gateway takes path parameters in its {it:?} Format.\n"));
        print(&format!("\n{}{} operations called\n", format.unwrap_or_default(), self.rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::CATALOGUE;

    #[test]
    fn items_are_created_before_they_are_read_and_deleted_last() {
        let names: Vec<&str> = in_order(CATALOGUE.operations).iter().map(|operation| operation.name).collect();
        let place = |name| names.iter().position(|it| *it == name).unwrap();
        assert_eq!(names.len(), CATALOGUE.operations.len());
        assert!(place("create_note") < place("list_notes"));
        assert!(place("list_notes") < place("get_note"));
        assert_eq!(names.last(), Some(&"delete_note"));
    }
}
