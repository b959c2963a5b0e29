//! Prints statements that do not fit into a line, as `prettyplease` prints them: calls with a line for each argument, and chains of
//! methods with a line for each. All others are left to `prettyplease`.

use proc_macro2::Delimiter;

use crate::format::{
    expr::{Colon, INDENT, WIDTH, fits, push, push_place, push_value},
    tree::Tree,
    ty::push_display,
};

/// Returns the lines of a statement, which ends with `end`, inside this indentation. `None` if it is left to `prettyplease`.
pub(super) fn wrapped(statement: &[Tree], end: &str, indent: usize) -> Option<String> {
    let mut wrap = Wrap { lines: String::with_capacity(2 * WIDTH), width: WIDTH.saturating_sub(indent) };
    let value = statement.iter().position(|token| token.is('=')).map_or(0, |at| at + 1);
    let (place, value) = statement.split_at(value);
    if let Some((_, place)) = place.split_last() {
        push_place(place, &mut wrap.lines)?;
        wrap.lines.push_str(" = ");
        wrap.fits()?;
    }
    wrap.value(value, 0, end, place.is_empty())?;
    Some(wrap.lines)
}

/// Returns the lines of a field of a struct and its value, as `wrapped` does those of a statement.
pub(super) fn wrapped_field(field: &[Tree], end: &str, indent: usize) -> Option<String> {
    let [Tree::Ident(name), colon, value @ ..] = field else { return None };
    let mut wrap = Wrap { lines: format!("{name}: "), width: WIDTH.saturating_sub(indent) };
    if !colon.is(':') {
        return None;
    }
    wrap.value(value, 0, end, false)?;
    Some(wrap.lines)
}

struct Wrap {
    lines: String,
    /// The width that is left beside the indentation.
    width: usize,
}

impl Wrap {
    /// A value on the line that has begun, or on several, inside this indentation.
    fn value(&mut self, value: &[Tree], indent: usize, end: &str, begins_line: bool) -> Option<()> {
        let start = self.lines.len();
        let is_plain = push_value(value, &mut self.lines).is_some();
        self.lines.push_str(end);
        let is_breakable = |token: &Tree| token.is('.') || token.is('<') || matches!(token, Tree::Group(..));
        if is_plain && (self.fits().is_some() || !value.iter().any(is_breakable)) {
            return Some(());
        }
        if !is_plain && !has_match(value) {
            return None;
        }
        self.lines.truncate(start);
        match value {
            [reference, Tree::Group(Delimiter::Bracket, items)] if reference.is('&') => {
                self.lines.push('&');
                return self.array(items, indent, end);
            }
            [bar, closure @ ..] if bar.is('|') => {
                // A closure of a call goes on in its line.
                let body = closure.iter().position(|token| token.is('|'))? + 1;
                push_value(&value[..=body], &mut self.lines)?;
                return self.call(&closure[body..], indent, end);
            }
            [word, value @ .., Tree::Group(_, arms)] if indent > 0 && word.is_word("match") => {
                let mut lines = String::new();
                push_match(value, arms, WIDTH - self.width + indent, &mut lines)?;
                let gap = format!("\n{}", " ".repeat(indent));
                self.lines.push_str(&lines.replace('\n', &gap));
                self.lines.push_str(end);
                return Some(());
            }
            _ => {}
        }
        self.chain(value, indent, end, begins_line)
    }

    /// A call, or a chain of methods with a line for each.
    fn chain(&mut self, value: &[Tree], indent: usize, end: &str, begins_line: bool) -> Option<()> {
        // What is read as a decimal is a place in a tuple and a dot.
        let has_decimal = |token: &Tree| matches!(token, Tree::Literal(it) if it.to_string().ends_with('.'));
        if value.iter().any(has_decimal) {
            return None;
        }
        let mut parts = value.split(|token| token.is('.'));
        let head = parts.next()?;
        let methods: Vec<&[Tree]> = parts.collect();
        // At the beginning of a line, a short name keeps what follows it.
        let is_short = begins_line && matches!(head, [Tree::Ident(name)] if name.to_string().len() <= INDENT);
        match methods.as_slice() {
            [] => self.call(head, indent, end),
            [[Tree::Literal(place)], method] if is_short => {
                push_value(head, &mut self.lines)?;
                self.lines.push('.');
                push_display(place, &mut self.lines);
                self.method(method, indent, end)
            }
            [method] if is_short => {
                push_value(head, &mut self.lines)?;
                self.lines.push('.');
                self.call(method, indent, end)
            }
            [methods @ .., last] if !is_short => {
                match head {
                    [.., Tree::Group(..)] => self.call(head, indent + INDENT, "")?,
                    _ => push_value(head, &mut self.lines)?,
                }
                for method in methods {
                    self.method(method, indent, "")?;
                }
                self.method(last, indent, end)
            }
            _ => None,
        }
    }

    /// A method on a line of its own.
    fn method(&mut self, method: &[Tree], indent: usize, end: &str) -> Option<()> {
        self.begin_line(indent + INDENT);
        self.lines.push('.');
        self.call(method, indent + INDENT, end)
    }

    /// A call on the line that has begun, or with a line for each argument, between lines of this indentation.
    fn call(&mut self, call: &[Tree], indent: usize, end: &str) -> Option<()> {
        let [function @ .., Tree::Group(Delimiter::Parenthesis, arguments)] = call else { return None };
        let start = self.lines.len();
        let is_plain = push_value(call, &mut self.lines).is_some();
        self.lines.push_str(end);
        // Without arguments there is no place for a break.
        let is_generic = |tokens: &[Tree]| tokens.iter().any(|token| token.is('<'));
        if is_plain && (self.fits().is_some() || (arguments.is_empty() && !is_generic(function))) {
            return Some(());
        }
        if !is_plain && !has_match(arguments) {
            return None;
        }
        self.lines.truncate(start);
        push_value(function, &mut self.lines)?;
        // Generic arguments have commas too.
        if function.is_empty() || is_generic(function) || is_generic(arguments) {
            return None;
        }
        let arguments = separate(arguments);
        // What is in brackets alone, and a closure, stays on the line.
        if let [[Tree::Group(..)]] = arguments.as_slice() {
            return None;
        }
        if let [[first, ..]] = arguments.as_slice()
            && first.is('|')
        {
            return None;
        }
        self.lines.push('(');
        self.entries(&arguments, indent)?;
        self.lines.push(')');
        self.lines.push_str(end);
        Some(())
    }

    /// A list with a line for each item.
    fn array(&mut self, items: &[Tree], indent: usize, end: &str) -> Option<()> {
        let items = separate(items);
        // Numbers stand several on a line.
        let is_number = |item: &&[Tree]| match item {
            [Tree::Literal(literal)] => !literal.to_string().starts_with('"'),
            _ => false,
        };
        if items.iter().all(is_number) {
            return None;
        }
        self.lines.push('[');
        self.entries(&items, indent)?;
        self.lines.push(']');
        self.lines.push_str(end);
        Some(())
    }

    /// Arguments or items, between lines of this indentation.
    fn entries(&mut self, entries: &[&[Tree]], indent: usize) -> Option<()> {
        for (index, entry) in entries.iter().enumerate() {
            if entry.is_empty() {
                return None;
            }
            self.begin_line(indent + INDENT);
            // The last comma is only there if lines break, so that it breaks none.
            let comma = if index + 1 < entries.len() { "," } else { "" };
            self.value(entry, indent + INDENT, comma, false)?;
            if comma.is_empty() {
                self.lines.push(',');
            }
        }
        self.begin_line(indent);
        Some(())
    }

    fn begin_line(&mut self, indent: usize) {
        self.lines.push('\n');
        self.lines.extend(std::iter::repeat_n(' ', indent));
    }

    /// Whether the last line is not too long.
    fn fits(&self) -> Option<()> {
        let start = self.lines.rfind('\n').map_or(0, |at| at + 1);
        (self.lines.len() - start <= self.width).then_some(())
    }
}

/// Whether lines break in the value because of a match.
fn has_match(value: &[Tree]) -> bool {
    value.iter().any(|token| match token {
        Tree::Group(_, inner) => has_match(inner),
        token => token.is_word("match"),
    })
}

/// Separates arguments or items by their commas. The commas in a closure's bars are its own.
fn separate(tokens: &[Tree]) -> Vec<&[Tree]> {
    let mut in_bars = false;
    let parts = tokens.split(move |token| {
        in_bars ^= token.is('|');
        !in_bars && token.is(',')
    });
    parts.collect()
}

/// A match with one line for each arm.
pub(super) fn push_match(value: &[Tree], arms: &[Tree], indent: usize, lines: &mut String) -> Option<()> {
    let start = lines.len();
    lines.push_str("match ");
    push(value, Colon::Never, lines)?;
    lines.push_str(" {");
    fits(&lines[start..], indent)?;
    if arms.is_empty() {
        return None;
    }
    for arm in arms.split(|token| token.is(',')).filter(|arm| !arm.is_empty()) {
        let arrow = arm.windows(2).position(|pair| pair[0].is('=') && pair[1].is('>'))?;
        let (pattern, value) = (&arm[..arrow], &arm[arrow + 2..]);
        if pattern.is_empty() || value.is_empty() {
            return None;
        }
        lines.push_str("\n    ");
        let start = lines.len();
        for (index, pattern) in pattern.split(|token| token.is('|')).enumerate() {
            if index > 0 {
                lines.push_str(" | ");
            }
            push(pattern, Colon::Never, lines)?;
        }
        lines.push_str(" => ");
        let end = lines.len();
        push(value, Colon::Never, lines)?;
        // It becomes a block.
        if lines.ends_with("=> ()") {
            return None;
        }
        // The comma alone breaks no line.
        if fits(&lines[start..], indent + 4).is_some() {
            lines.push(',');
        } else {
            fits(&lines[start..end], indent + 4)?;
            lines.truncate(end);
            lines.push_str("{\n        ");
            lines.push_str(&wrapped(value, "", indent + 8)?.replace('\n', "\n        "));
            lines.push_str("\n    }");
        }
    }
    lines.push_str("\n}");
    Some(())
}
