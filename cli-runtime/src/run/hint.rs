//! Notes for people on standard error, about what a result does not show.

use std::io::{self, IsTerminal as _, Write as _};

use lowcodeapi_runtime::catalogue::Operation;
use serde_json::Value;

use crate::output::{Printer, Role};

/// The length of a page from which there may be another, if the page does not tell.
const FULL: usize = 10;

/// Tells that there may be more pages.
pub(crate) fn of_more_pages(printer: &Printer, operation: &Operation, page: &Value) {
    if operation.pages.is_some_and(|pages| may_have_more(page, pages.items)) {
        note(printer, "this is one page of the list; --all requests all of them");
    }
}

/// Tells that a call was successful, although it returned nothing.
pub(crate) fn of_nothing(printer: &Printer, status: u16) {
    note(printer, &format!("done ({status})"));
}

/// Writes a note if people read both streams.
fn note(printer: &Printer, text: &str) {
    if printer.look.is_terminal && io::stderr().is_terminal() {
        // A note that nobody can read is not missed.
        let _ = writeln!(io::stderr(), "{}", printer.look.paint(Role::Dim, text));
    }
}

/// Returns whether there may be more items than those of the page.
fn may_have_more(page: &Value, items: &[&str]) -> bool {
    let found = items.iter().try_fold(page, |value, name| value.get(name)).unwrap_or(page);
    let Some(items) = found.as_array() else { return false };
    let total = ["total", "totalCount", "total_count", "totalItems", "total_items"];
    let total = total.iter().find_map(|name| page.get(name).and_then(Value::as_u64));
    match total {
        Some(total) => total > items.len() as u64,
        None => items.len() >= FULL,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_page_tells_whether_it_is_all() {
        for (page, expected) in [
            (json!({"data": [1, 2], "total": 2}), false),
            (json!({"data": [1, 2], "total": 3}), true),
            (json!({"data": [1, 2]}), false),
            (json!({"data": vec![0; 10]}), true),
            (json!({"other": 1}), false),
        ] {
            assert_eq!(may_have_more(&page, &["data"]), expected, "{page}");
        }
    }
}
