//! Prints attributes.

use proc_macro2::Delimiter;

use crate::format::{
    expr::{INDENT, WIDTH},
    item::Printer,
    tree::Tree,
    ty::push_display,
};

impl Printer<'_> {
    /// Prints the attributes that the tokens begin with, and returns what follows them.
    pub(super) fn attributes<'t>(&mut self, mut tokens: &'t [Tree], indent: usize) -> Option<&'t [Tree]> {
        while let [mark, Tree::Group(Delimiter::Bracket, inner), after @ ..] = tokens
            && mark.is('#')
        {
            self.indent(indent);
            self.attribute(inner, indent)?;
            self.out.push('\n');
            tokens = after;
        }
        Some(tokens)
    }

    fn attribute(&mut self, inner: &[Tree], indent: usize) -> Option<()> {
        let start = self.out.len();
        let (name, value) = inner.split_first()?;
        if name.is_word("doc")
            && let [_, Tree::Literal(text)] = value
            && let Some(text) = text.to_string().strip_prefix('"')
        {
            // A comment, if it has one line.
            let text = text.strip_suffix('"').filter(|text| !text.starts_with('/') && !text.contains(['\\', '\n']))?;
            self.out.push_str("///");
            self.out.push_str(text.trim_end_matches(' '));
            return Some(());
        }
        self.out.push_str("#[");
        if let [Tree::Group(Delimiter::Parenthesis, list)] = value {
            push_display(name.word()?, &mut self.out);
            self.out.push('(');
            let entries = self.out.len();
            self.attribute_entries(list, ", ")?;
            if indent + self.out.len() - start + ")]".len() > WIDTH {
                self.out.truncate(entries);
                let gap = format!("\n{}", " ".repeat(indent + INDENT));
                self.out.push_str(&gap);
                self.attribute_entries(list, &format!(",{gap}"))?;
                self.out.push('\n');
                self.indent(indent);
            }
            self.out.push(')');
        } else {
            self.attribute_entry(inner)?;
        }
        self.out.push(']');
        Some(())
    }

    fn attribute_entries(&mut self, list: &[Tree], between: &str) -> Option<()> {
        for (index, entry) in list.split(|token| token.is(',')).enumerate() {
            if index > 0 {
                self.out.push_str(between);
            }
            self.attribute_entry(entry)?;
        }
        Some(())
    }

    /// A path, or a word with a literal.
    fn attribute_entry(&mut self, entry: &[Tree]) -> Option<()> {
        let (name, value) = entry.split_first()?;
        push_display(name.word()?, &mut self.out);
        match value {
            [] => Some(()),
            [equals, Tree::Literal(value)] if equals.is('=') => {
                let value = value.to_string();
                self.out.push_str(" = ");
                self.out.push_str(&value);
                (!value.contains('\n')).then_some(())
            }
            [first, second, Tree::Ident(name)] if first.is(':') && second.is(':') => {
                self.out.push_str("::");
                push_display(name, &mut self.out);
                Some(())
            }
            _ => None,
        }
    }
}
