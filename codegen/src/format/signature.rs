//! Prints the arguments and the results of functions.

use crate::format::{
    expr::{INDENT, WIDTH},
    item::Printer,
    tree::Tree,
    ty::{is_unbreakable, push_display, push_name, push_type, take, take_word},
};

impl Printer<'_> {
    /// The arguments and the result of a function: on one line, or each on its own. The line has begun at `start`.
    pub(super) fn signature(&mut self, mut arguments: &[Tree], mut result: &[Tree], start: usize) -> Option<()> {
        let mut printed = Vec::new();
        while !arguments.is_empty() {
            let mut argument = String::new();
            let tokens = arguments;
            push_argument(&mut arguments, &mut argument)?;
            printed.push((argument, tokens));
            if !take(&mut arguments, ',') && !arguments.is_empty() {
                return None;
            }
        }
        let mut end = String::from(")");
        if take(&mut result, '-') {
            take(&mut result, '>');
            end.push_str(" -> ");
            push_type(&mut result, &mut end)?;
        }
        if !result.is_empty() {
            return None;
        }
        self.out.push('(');
        let width = printed.iter().map(|(argument, _)| argument.len() + ", ".len()).sum::<usize>();
        let width = self.out.len() - start + width.saturating_sub(", ".len()) + end.len() + " {".len();
        let is_unbroken = printed.is_empty() && is_unbreakable(&end[1..]);
        if width <= WIDTH || is_unbroken {
            for (index, (argument, _)) in printed.iter().enumerate() {
                if index > 0 {
                    self.out.push_str(", ");
                }
                self.out.push_str(argument);
            }
            self.out.push_str(&end);
            return Some(());
        }
        self.out.push('\n');
        for (index, (argument, tokens)) in printed.iter().enumerate() {
            self.indent(2 * INDENT);
            // The last comma is only there if lines break, so that it breaks none.
            let comma = usize::from(index + 1 < printed.len());
            if argument.len() + 2 * INDENT + comma <= WIDTH || is_unbreakable(argument) {
                self.out.push_str(argument);
                self.out.push_str(",\n");
            } else {
                let [Tree::Ident(name), _, ty @ ..] = *tokens else { return None };
                push_display(name, &mut self.out);
                self.out.push_str(": ");
                self.broken_type(ty, 2 * INDENT)?;
            }
        }
        self.indent(INDENT);
        self.out.push_str(&end);
        let fits = INDENT + end.len() + " {".len() <= WIDTH || is_unbreakable(&end[1..]);
        (!printed.is_empty() && fits).then_some(())
    }
}

fn push_argument(tokens: &mut &[Tree], line: &mut String) -> Option<()> {
    if take(tokens, '&') {
        line.push('&');
        if take_word(tokens, "mut") {
            line.push_str("mut ");
        }
        line.push_str("self");
        return take_word(tokens, "self").then_some(());
    }
    if take_word(tokens, "mut") {
        line.push_str("mut ");
    }
    if take_word(tokens, "self") {
        line.push_str("self");
        return Some(());
    }
    push_name(tokens, line)?;
    if !take(tokens, ':') {
        return None;
    }
    line.push_str(": ");
    push_type(tokens, line)
}
