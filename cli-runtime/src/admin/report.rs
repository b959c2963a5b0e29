//! Writes what the commands that are not operations say.

use std::io::{self, IsTerminal as _, Write as _};

use serde_json::{Map, Value};

use crate::{
    failure::{Class, Failure},
    settings::{Format, Settings},
};

/// Facts in the order in which they are written: aligned lines for people, or an object.
#[derive(Debug, Default)]
pub(super) struct Report(Map<String, Value>);

impl Report {
    /// Adds a fact. The name is that of the object's property.
    pub(super) fn add(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// Writes the facts to standard output.
    pub(super) fn write(&self, settings: &Settings) -> Result<(), Failure> {
        let is_terminal = io::stdout().is_terminal();
        print(&self.text(settings.output.unwrap_or(if is_terminal { Format::Table } else { Format::Json }))?)
    }

    fn text(&self, format: Format) -> Result<String, Failure> {
        let failed = |reason: String| Failure::new(Class::Other, format!("cannot write the report: {reason}"));
        match format {
            Format::Table => Ok(self.lines()),
            Format::Json => {
                serde_json::to_string_pretty(&self.0).map(|it| it + "\n").map_err(|it| failed(it.to_string()))
            }
            Format::Jsonl | Format::Raw => {
                serde_json::to_string(&self.0).map(|it| it + "\n").map_err(|it| failed(it.to_string()))
            }
            Format::Yaml => serde_yaml::to_string(&self.0).map_err(|it| failed(it.to_string())),
        }
    }

    fn lines(&self) -> String {
        let width = self.0.keys().map(String::len).max().unwrap_or_default() + 1;
        let line = |(name, value): (&String, &Value)| {
            let label = name.replace('_', " ").replace("url", "URL").replace("api", "API") + ":";
            format!("{label:<width$} {}\n", words(value))
        };
        self.0.iter().map(line).collect()
    }
}

/// Writes text to standard output. A reader that has left is no failure.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(Class::File, format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Returns a value for people.
fn words(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Bool(is) => if *is { "yes" } else { "no" }.to_owned(),
        Value::String(text) => text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_lines_for_people_and_an_object_for_programs() {
        let mut report = Report::default();
        report.add("base_url", "https://a.example");
        report.add("token", Value::Null);
        report.add("proxies", vec!["A", "B\u{1b}"]);
        let text = |format| report.text(format).unwrap();
        assert_eq!(text(Format::Table), "base URL: https://a.example\ntoken:    none\nproxies:  A, B\u{fffd}\n");
        assert!(text(Format::Jsonl).starts_with("{\"base_url\":\"https://a.example\",\"token\":null,"));
    }
}
