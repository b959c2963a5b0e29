//! An object as a record: a line for each property, nested ones indented.

use serde_json::{Map, Value};

use crate::output::{
    cell::{cell, is_nested, list, width},
    look::{Look, Role},
    seen,
};

/// The width beyond which names are not aligned.
const NAMES: usize = 24;
/// The depth below which values are shown as their length.
const DEPTH: usize = 8;

/// Returns an object as lines.
pub(crate) fn record(object: &Map<String, Value>, look: Look) -> String {
    let mut out = String::new();
    write_object(object, look, 0, &mut out);
    out
}

fn write_object(object: &Map<String, Value>, look: Look, depth: usize, out: &mut String) {
    let names: Vec<String> = object.keys().map(|key| seen::line(key)).collect();
    let aligned = names.iter().map(|name| width(name)).filter(|width| *width <= NAMES).max().unwrap_or_default();
    for (name, value) in names.iter().zip(object.values()) {
        indent(depth, out);
        out.push_str(&look.paint(Role::Name, name).to_string());
        if is_block(value, depth) {
            out.push('\n');
            write_block(value, look, depth + 1, out);
            continue;
        }
        let text = cell(value);
        if !text.is_empty() {
            out.push_str(&" ".repeat(aligned.saturating_sub(width(name)) + 2));
            out.push_str(&text);
        }
        out.push('\n');
    }
}

/// Returns whether a value is shown below its name.
fn is_block(value: &Value, depth: usize) -> bool {
    match value {
        Value::String(text) => text.trim_end().contains('\n'),
        Value::Array(items) => depth < DEPTH && list(items).is_none(),
        Value::Object(members) => depth < DEPTH && !members.is_empty(),
        _ => false,
    }
}

fn write_block(value: &Value, look: Look, depth: usize, out: &mut String) {
    match value {
        Value::Object(object) => write_object(object, look, depth, out),
        Value::Array(items) => items.iter().for_each(|item| write_item(item, look, depth, out)),
        Value::String(text) => {
            for line in seen::text(text).lines() {
                indent(depth, out);
                out.push_str(line);
                out.push('\n');
            }
        }
        scalar => out.push_str(&cell(scalar)),
    }
}

/// Adds an item of a list, marked with a dash on its first line.
fn write_item(item: &Value, look: Look, depth: usize, out: &mut String) {
    if !is_nested(item) || depth >= DEPTH {
        indent(depth, out);
        out.push_str("- ");
        out.push_str(&cell(item));
        out.push('\n');
        return;
    }
    let mut block = String::new();
    write_block(item, look, depth + 1, &mut block);
    let dash = "  ".repeat(depth) + "- ";
    let rest = block.get(dash.len()..).unwrap_or_default();
    out.push_str(&dash);
    out.push_str(if rest.is_empty() { "\n" } else { rest });
}

fn indent(depth: usize, out: &mut String) {
    out.push_str(&"  ".repeat(depth));
}
