//! Prints statements that do not fit into a line, as `prettyplease` prints them: calls with a line for each argument, and chains of
//! methods with a line for each. All others are left to `prettyplease`.

use proc_macro2::Delimiter;

use crate::format::{
    plain::{INDENT, WIDTH, push_place, push_value},
    tree::Tree,
    ty::push_display,
};

/// Returns the lines of a statement, which ends with `end`, inside this indentation. `None` if it is left to `prettyplease`.
pub(super) fn wrapped(statement: &[Tree], end: &str, indent: usize) -> Option<String> {
    let mut wrap = Wrap { lines: String::new(), width: WIDTH - indent };
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
    let mut wrap = Wrap { lines: format!("{name}: "), width: WIDTH - indent };
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
        push_value(value, &mut self.lines)?;
        self.lines.push_str(end);
        let is_breakable = |token: &Tree| token.is('.') || token.is('<') || matches!(token, Tree::Group(..));
        if self.fits().is_some() || !value.iter().any(is_breakable) {
            return Some(());
        }
        self.lines.truncate(start);
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
        push_value(call, &mut self.lines)?;
        self.lines.push_str(end);
        // Without arguments there is no place for a break.
        let is_generic = |tokens: &[Tree]| tokens.iter().any(|token| token.is('<'));
        if self.fits().is_some() || (arguments.is_empty() && !is_generic(function)) {
            return Some(());
        }
        self.lines.truncate(start);
        push_value(function, &mut self.lines)?;
        self.lines.push('(');
        // What is in brackets alone, and a closure, stays on the line. Generic arguments have commas too.
        if matches!(arguments.as_slice(), [Tree::Group(..)])
            || is_generic(function)
            || is_generic(arguments)
            || arguments.iter().any(|token| token.is('|'))
        {
            return None;
        }
        let mut rest = arguments.split(|token| token.is(',')).peekable();
        while let Some(argument) = rest.next() {
            self.begin_line(indent + INDENT);
            // The last comma is only there if lines break, so that it breaks none.
            let comma = if rest.peek().is_some() { "," } else { "" };
            self.value(argument, indent + INDENT, comma, false)?;
            if comma.is_empty() {
                self.lines.push(',');
            }
        }
        self.begin_line(indent);
        self.lines.push(')');
        self.lines.push_str(end);
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
