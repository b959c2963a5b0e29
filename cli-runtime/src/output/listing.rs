//! Writes the items of a list, or the messages of a stream, as they arrive.

use serde_json::Value;

use crate::{
    failure::Failure,
    output::{
        form::{one, yaml},
        json, people,
        printer::Printer,
        table::Table,
    },
    settings::Format,
};

/// Writes items as they arrive: by default a table on a terminal, and a line of JSON for each elsewhere.
#[derive(Debug)]
pub(crate) struct Listing {
    printer: Printer,
    format: Format,
    /// The number of items so far.
    count: usize,
    /// The columns, chosen by the first page.
    table: Option<Table>,
    /// Whether a line of JSON is to be ended: `,` or the end of the list belongs there.
    is_amid_line: bool,
}

impl Listing {
    pub(crate) fn new(printer: Printer) -> Self {
        let default = if printer.look.is_terminal { Format::Table } else { Format::Jsonl };
        let format = printer.format.unwrap_or(default);
        Self { printer, format, count: 0, table: None, is_amid_line: false }
    }

    /// Returns whether the reader has gone. There is no use in requesting more then.
    pub(crate) fn is_closed(&self) -> bool {
        self.printer.sink.is_closed()
    }

    /// Writes the items of a page, or what is selected of the page.
    pub(crate) fn page(&mut self, page: &Value) -> Result<(), Failure> {
        let items = match &self.printer.select {
            Some(select) => select.all(page),
            None => people::items_of(page, self.printer.items).unwrap_or_default().to_vec(),
        };
        let text = match self.format {
            Format::Table => self.rows(&items),
            _ => self.forms(&items)?,
        };
        self.write(&text, items.len())
    }

    /// Writes a message, or what is selected of it.
    pub(crate) fn message(&mut self, message: &Value) -> Result<(), Failure> {
        let selected = self.printer.select.as_ref().map(|select| select.all(message));
        let items = selected.unwrap_or_else(|| vec![message.clone()]);
        let text = match self.format {
            Format::Table => items.iter().map(|item| people::message(item, self.printer.look)).collect(),
            _ => self.forms(&items)?,
        };
        self.write(&text, items.len())
    }

    /// Writes what follows the last item.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        let end = match (self.format, self.count) {
            (Format::Json | Format::Yaml, 0) => "[]\n",
            (Format::Json, _) => "\n]\n",
            _ => "",
        };
        if self.format == Format::Table && self.count > 0 {
            let look = self.printer.look;
            let foot = self.table.as_ref().filter(|_| look.is_terminal).and_then(|table| table.foot(look));
            self.write(&foot.unwrap_or_default(), 0)?;
        } else if self.format == Format::Table {
            self.write(&people::list(&[], self.printer.look), 0)?;
        }
        self.is_amid_line = false;
        self.write(end, 0)
    }

    fn write(&mut self, text: &str, items: usize) -> Result<(), Failure> {
        self.count += items;
        self.is_amid_line |= self.format == Format::Json && items > 0;
        self.printer.sink.text(text)?;
        self.printer.sink.flush()
    }

    /// Returns the rows of a table, with its head before the first ones.
    fn rows(&mut self, items: &[Value]) -> String {
        let look = self.printer.look;
        if items.is_empty() || !items.iter().all(Value::is_object) {
            return people::lines(items, look);
        }
        let mut text = String::new();
        if self.table.is_none() {
            self.table = Table::of(items, look);
            text = self.table.as_ref().map(|table| table.head(look)).unwrap_or_default();
        }
        text + &self.table.as_ref().map(|table| table.rows(items)).unwrap_or_default()
    }

    /// Returns items in a format for programs. A JSON list goes on from page to page.
    fn forms(&self, items: &[Value]) -> Result<String, Failure> {
        let look = self.printer.look;
        let mut text = String::new();
        for (index, item) in items.iter().enumerate() {
            match self.format {
                Format::Json => {
                    text.push_str(if self.count + index == 0 { "[\n  " } else { ",\n  " });
                    text.push_str(&json::pretty(item, look).replace('\n', "\n  "));
                }
                Format::Yaml => text.push_str(&yaml(&Value::from(vec![item.clone()]), look)?),
                _ => text.push_str(&one(item, self.format, look)),
            }
        }
        Ok(text)
    }
}

/// A list that breaks off stays without its end, so that nobody takes it for a whole one. The error that follows gets a
/// line of its own.
impl Drop for Listing {
    fn drop(&mut self) {
        if self.is_amid_line {
            // The error that ended the list is the one to report.
            let _ = self.write("\n", 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        output::{
            look::Look,
            sink::{Sink, testing::Shared},
        },
        settings::Settings,
    };

    fn listed(pages: &[Value], format: Option<Format>, select: Option<&str>) -> String {
        let settings = Settings { output: format, select: select.map(str::to_owned), ..Settings::default() };
        let shared = Shared::default();
        let printer = Printer::to(Sink::to(shared.clone()), Look::plain(80), &settings).unwrap();
        let mut listing = Listing::new(printer.paged(Some(&["data"])));
        for page in pages {
            listing.page(page).unwrap();
        }
        listing.finish().unwrap();
        shared.text()
    }

    #[test]
    fn pages_become_one_list() {
        let pages = [json!({"data": [{"id": 1}, {"id": 2}]}), json!({"data": [{"id": 30, "more": "cut away"}]})];
        for (format, select, expected) in [
            (None, None, "{\"id\":1}\n{\"id\":2}\n{\"id\":30,\"more\":\"cut away\"}\n"),
            (Some(Format::Yaml), None, "- id: 1\n- id: 2\n- id: 30\n  more: cut away\n"),
            (Some(Format::Table), None, "id\n 1\n 2\n30\n"),
            (Some(Format::Json), Some(".data[*].id"), "[\n  1,\n  2,\n  30\n]\n"),
            (None, Some(".data[*].id"), "1\n2\n30\n"),
        ] {
            assert_eq!(listed(&pages, format, select), expected, "{format:?} {select:?}");
        }
        let json = listed(&pages, Some(Format::Json), None);
        let expected = json!([{"id": 1}, {"id": 2}, {"id": 30, "more": "cut away"}]);
        assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), expected, "{json}");
        assert_eq!(json, serde_json::to_string_pretty(&expected).unwrap() + "\n");
    }

    #[test]
    fn an_empty_list_is_still_one() {
        for (format, expected) in
            [(None, ""), (Some(Format::Json), "[]\n"), (Some(Format::Yaml), "[]\n"), (Some(Format::Table), "")]
        {
            assert_eq!(listed(&[json!({"data": []})], format, None), expected, "{format:?}");
        }
    }

    #[test]
    fn a_list_that_breaks_off_ends_its_line_and_not_itself() {
        let page = json!({"data": [{"id": 1}]});
        for (format, expected) in [(Format::Json, "[\n  {\n    \"id\": 1\n  }\n"), (Format::Jsonl, "{\"id\":1}\n")] {
            let settings = Settings { output: Some(format), ..Settings::default() };
            let shared = Shared::default();
            let printer = Printer::to(Sink::to(shared.clone()), Look::plain(80), &settings).unwrap();
            let mut listing = Listing::new(printer.paged(Some(&["data"])));
            listing.page(&page).unwrap();
            drop(listing);
            assert_eq!(shared.text(), expected);
        }
    }
}
