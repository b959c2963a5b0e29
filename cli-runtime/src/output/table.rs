//! A list of objects as a table: the columns that matter most, as many as fit.

use serde_json::{Map, Value};

use crate::output::{
    cell::{cell, cut, is_nested, width},
    look::{Look, Role},
    seen,
};

/// The space between two columns.
const GAP: usize = 2;
/// The width that a column needs to be of use.
const USEFUL: usize = 10;
/// The width beyond which a column does not grow.
const WIDEST: usize = 60;

/// The columns of a table.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Column>,
    /// The properties that have no column.
    hidden: Vec<String>,
}

#[derive(Debug)]
struct Column {
    /// The property.
    key: String,
    /// The width of its longest value or its name.
    natural: usize,
    width: usize,
    is_number: bool,
    rank: Rank,
}

/// How much a column matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Id,
    Name,
    Scalar,
    Nested,
}

impl Table {
    /// Chooses the columns for rows. `None` if these are no objects, or if the objects are empty.
    pub(crate) fn of(rows: &[Value], look: Look) -> Option<Self> {
        let objects: Vec<&Map<String, Value>> = rows.iter().map(Value::as_object).collect::<Option<_>>()?;
        let mut columns = candidates(&objects);
        columns.sort_by_key(|column| column.rank);
        let kept = fitting(&columns, look.width);
        let hidden = columns.split_off(kept).into_iter().map(|column| seen::line(&column.key)).collect();
        grow(&mut columns, look.width);
        (!columns.is_empty()).then_some(Self { columns, hidden })
    }

    /// Returns the line of the names.
    pub(crate) fn head(&self, look: Look) -> String {
        let names = self.columns.iter().map(|column| seen::line(&column.key));
        look.paint(Role::Name, self.line(names)).to_string() + "\n"
    }

    /// Returns the lines of rows.
    pub(crate) fn rows(&self, rows: &[Value]) -> String {
        let cells = |row: &Value| -> Vec<String> {
            self.columns.iter().map(|column| row.get(&column.key).map(cell).unwrap_or_default()).collect()
        };
        rows.iter().map(|row| self.line(cells(row).into_iter()) + "\n").collect()
    }

    /// Returns the line that names the properties without a column. `None` if there are none.
    pub(crate) fn foot(&self, look: Look) -> Option<String> {
        let names = self.hidden.join(", ");
        let text = format!("not shown: {names}; --output json shows everything");
        (!self.hidden.is_empty()).then(|| look.paint(Role::Dim, cut(&text, look.width.max(60))).to_string() + "\n")
    }

    fn line(&self, cells: impl Iterator<Item = String>) -> String {
        let mut out = String::new();
        for (column, text) in self.columns.iter().zip(cells) {
            let text = cut(&text, column.width);
            let space = " ".repeat(column.width.saturating_sub(width(&text)));
            let (before, after) = if column.is_number { (space, String::new()) } else { (String::new(), space) };
            out.push_str(&before);
            out.push_str(&text);
            out.push_str(&after);
            out.push_str(&" ".repeat(GAP));
        }
        out.truncate(out.trim_end().len());
        out
    }
}

/// Returns the properties that have a value in some object, in the order in which they appear.
fn candidates(objects: &[&Map<String, Value>]) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for (key, value) in objects.iter().flat_map(|object| object.iter()) {
        let text = cell(value);
        if text.is_empty() {
            continue;
        }
        let place = *places.entry(key).or_insert_with(|| {
            let natural = width(&seen::line(key));
            columns.push(Column { key: key.clone(), natural, width: 0, is_number: true, rank: rank(key) });
            columns.len() - 1
        });
        let Some(column) = columns.get_mut(place) else { continue };
        column.natural = column.natural.max(width(&text)).min(WIDEST);
        column.is_number &= value.is_number();
        if is_nested(value) {
            column.rank = column.rank.max(Rank::Nested);
        }
    }
    columns
}

fn rank(key: &str) -> Rank {
    match key.to_ascii_lowercase().as_str() {
        "id" | "uuid" | "_id" | "key" | "slug" => Rank::Id,
        "name" | "title" | "label" | "display_name" | "displayname" | "full_name" | "subject" => Rank::Name,
        _ => Rank::Scalar,
    }
}

/// Returns how many of the columns fit, of those that matter most.
fn fitting(columns: &[Column], most: usize) -> usize {
    let mut used = 0;
    let fits = |column: &&Column| {
        used += least(column) + GAP;
        used <= most + GAP
    };
    columns.iter().take_while(fits).count().max(1).min(columns.len())
}

/// Returns the width without which a column is not shown. IDs are of no use when they are cut.
fn least(column: &Column) -> usize {
    if column.rank == Rank::Id { column.natural } else { column.natural.min(USEFUL) }
}

/// Gives each column its width: first what it needs at least, then an equal share of what is left.
fn grow(columns: &mut [Column], most: usize) {
    let gaps = GAP * columns.len().saturating_sub(1);
    let least_sum: usize = columns.iter().map(least).sum();
    let mut left = most.saturating_sub(gaps + least_sum);
    let mut order: Vec<usize> = (0..columns.len()).collect();
    // Those that need least come first, so that what they leave is shared by the others.
    order.sort_by_key(|place| columns.get(*place).map(|column| column.natural - least(column)));
    let mut sharing = order.len();
    for place in order {
        let Some(column) = columns.get_mut(place) else { continue };
        let share = (column.natural - least(column)).min(left / sharing.max(1));
        column.width = (least(column) + share).min(most);
        left -= share;
        sharing -= 1;
    }
}
