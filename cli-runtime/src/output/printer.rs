//! Writes a whole result in the format that was asked for.

use serde_json::Value;

use crate::{
    failure::Failure,
    output::{
        form::{one, yaml},
        json,
        look::Look,
        people,
        select::Select,
        sink::Sink,
    },
    settings::{Format, Settings},
};

/// Writes results in the format that was asked for: by default a table on a terminal, and JSON elsewhere.
#[derive(Debug)]
pub(crate) struct Printer {
    pub(crate) sink: Sink,
    pub(crate) look: Look,
    /// The format that was asked for.
    pub(crate) format: Option<Format>,
    pub(crate) select: Option<Select>,
    /// The names of the properties that lead to the items of a page.
    pub(crate) items: Option<&'static [&'static str]>,
}

impl Printer {
    /// Creates a printer to standard output.
    pub(crate) fn new(settings: &Settings) -> Result<Self, Failure> {
        Self::to(Sink::stdout(), Look::of_stdout(settings.color), settings)
    }

    /// Creates a printer.
    pub(crate) fn to(sink: Sink, look: Look, settings: &Settings) -> Result<Self, Failure> {
        let select = settings.select.as_deref().map(Select::parse).transpose()?;
        Ok(Self { sink, look, format: settings.output, select, items: None })
    }

    /// Sets the names of the properties that lead to the items of a page.
    pub(crate) fn paged(mut self, items: Option<&'static [&'static str]>) -> Self {
        self.items = items;
        self
    }

    /// Writes to a file instead, which is no terminal.
    pub(crate) fn into_file(self, sink: Sink) -> Self {
        let look = Look { is_terminal: false, is_coloured: false, ..self.look };
        Self { sink, look, ..self }
    }

    /// Writes a whole result.
    pub(crate) fn value(&mut self, value: &Value) -> Result<(), Failure> {
        let (look, format) = (self.look, self.format_of_whole());
        let text = match &self.select {
            None => whole(value, format, self.items, look)?,
            // On lines of their own, a single match and several have the same form.
            Some(select) if matches!(format, Format::Jsonl | Format::Raw) => {
                select.all(value).iter().map(|value| one(value, format, look)).collect()
            }
            Some(select) => whole(&select.one(value), format, None, look)?,
        };
        self.sink.text(&text)?;
        self.sink.flush()
    }

    /// Writes a result that is text: as it is, unless another format was asked for.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), Failure> {
        if self.select.is_some() || matches!(self.format, Some(Format::Json | Format::Jsonl | Format::Yaml)) {
            return self.value(&text.into());
        }
        let is_as_given = !self.look.is_terminal && self.format != Some(Format::Table);
        let text = if is_as_given { text.to_owned() } else { people::shown(&text.into(), None, self.look) };
        self.sink.text(&text)?;
        self.sink.flush()
    }

    fn format_of_whole(&self) -> Format {
        self.format.unwrap_or(if self.look.is_terminal { Format::Table } else { Format::Json })
    }
}

fn whole(value: &Value, format: Format, items: Option<&[&str]>, look: Look) -> Result<String, Failure> {
    Ok(match format {
        Format::Table => people::shown(value, items, look),
        Format::Json => json::pretty(value, look) + "\n",
        Format::Jsonl => match people::items_of(value, items) {
            Some(items) => items.iter().map(|item| one(item, format, look)).collect(),
            None => one(value, format, look),
        },
        Format::Yaml => yaml(value, look)?,
        Format::Raw => one(value, format, look),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::output::sink::testing::Shared;

    fn printed(value: &Value, settings: &Settings, look: Look) -> String {
        let shared = Shared::default();
        let mut printer = Printer::to(Sink::to(shared.clone()), look, settings).unwrap().paged(Some(&["data"]));
        if let Value::String(text) = value { printer.text(text) } else { printer.value(value) }.unwrap();
        shared.text()
    }

    #[test]
    fn each_format_has_its_form() {
        let page = json!({"data": [{"id": "a", "n": 1}, {"id": "b", "n": 2}], "total": 2});
        for (format, select, expected) in [
            (
                None,
                None,
                "{\n  \"data\": [\n    {\n      \"id\": \"a\",\n      \"n\": 1\n    },\n    {\n      \"id\": \"b\",\n      \"n\": 2\n    }\n  ],\n  \"total\": 2\n}\n",
            ),
            (Some(Format::Jsonl), None, "{\"id\":\"a\",\"n\":1}\n{\"id\":\"b\",\"n\":2}\n"),
            (Some(Format::Yaml), None, "data:\n- id: a\n  n: 1\n- id: b\n  n: 2\ntotal: 2\n"),
            (Some(Format::Raw), None, "{\"data\":[{\"id\":\"a\",\"n\":1},{\"id\":\"b\",\"n\":2}],\"total\":2}\n"),
            (Some(Format::Table), None, "id  n\na   1\nb   2\ntotal: 2\n"),
            (None, Some(".data[*].id"), "[\n  \"a\",\n  \"b\"\n]\n"),
            (None, Some(".data[0].id"), "\"a\"\n"),
            (None, Some(".none"), "[]\n"),
            (Some(Format::Jsonl), Some(".data[0].id"), "\"a\"\n"),
            (Some(Format::Jsonl), Some(".none"), ""),
            (Some(Format::Raw), Some(".data[*].id"), "a\nb\n"),
            (Some(Format::Raw), Some(".data[*]"), "{\"id\":\"a\",\"n\":1}\n{\"id\":\"b\",\"n\":2}\n"),
            (Some(Format::Table), Some(".data[*].id"), "a\nb\n"),
            (Some(Format::Table), Some(".none"), ""),
        ] {
            let settings = Settings { output: format, select: select.map(str::to_owned), ..Settings::default() };
            assert_eq!(printed(&page, &settings, Look::plain(80)), expected, "{format:?} {select:?}");
        }
    }

    #[test]
    fn text_is_itself_unless_json_is_asked_for() {
        let given = json!("a\u{1b}[2J\u{202e}b");
        let terminal = Look { is_terminal: true, ..Look::plain(80) };
        for (format, look, expected) in [
            (None, Look::plain(80), "a\u{1b}[2J\u{202e}b"),
            (Some(Format::Raw), Look::plain(80), "a\u{1b}[2J\u{202e}b"),
            (Some(Format::Json), Look::plain(80), "\"a\\u001b[2J\u{202e}b\"\n"),
            (None, terminal, "a\\u{1b}[2Jb\n"),
            (Some(Format::Raw), terminal, "a\\u{1b}[2Jb\n"),
            (Some(Format::Json), terminal, "\"a\\u001b[2J\\u202eb\"\n"),
            (Some(Format::Yaml), terminal, "a\\u{1b}[2Jb\n"),
        ] {
            let settings = Settings { output: format, ..Settings::default() };
            assert_eq!(printed(&given, &settings, look), expected, "{format:?}");
        }
    }
}
