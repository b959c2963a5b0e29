//! Prints what structs and enums hold.

use proc_macro2::Delimiter;

use crate::format::{
    expr::{INDENT, WIDTH},
    item::Printer,
    tree::Tree,
    ty::{is_unbreakable, push_name, push_type, take, take_word},
};

impl Printer<'_> {
    /// The named fields of a struct.
    pub(super) fn fields(&mut self, mut rest: &[Tree]) -> Option<()> {
        self.block(rest.is_empty(), 0, |it| {
            while !rest.is_empty() {
                rest = it.attributes(rest, INDENT)?;
                let start = it.out.len();
                it.indent(INDENT);
                it.visibility(&mut rest)?;
                push_name(&mut rest, &mut it.out)?;
                if !take(&mut rest, ':') {
                    return None;
                }
                it.out.push_str(": ");
                let ty = (rest, it.out.len());
                push_type(&mut rest, &mut it.out)?;
                it.entry_end(&mut rest)?;
                if it.fits(start).is_none() && !is_unbreakable(&it.out[ty.1..]) {
                    it.out.truncate(ty.1);
                    it.broken_type(ty.0, INDENT)?;
                }
            }
            Some(())
        })
    }

    pub(super) fn variants(&mut self, mut rest: &[Tree]) -> Option<()> {
        self.block(rest.is_empty(), 0, |it| {
            while !rest.is_empty() {
                rest = it.attributes(rest, INDENT)?;
                let start = it.out.len();
                it.indent(INDENT);
                push_name(&mut rest, &mut it.out)?;
                let name = it.out.len();
                let mut held: &[Tree] = &[];
                if let [Tree::Group(Delimiter::Parenthesis, fields), after @ ..] = rest {
                    it.tuple(fields)?;
                    (rest, held) = (after, fields);
                }
                it.entry_end(&mut rest)?;
                if it.fits(start).is_none() && !held.is_empty() {
                    it.out.truncate(name);
                    it.broken_tuple(held, INDENT)?;
                    it.out.push_str(",\n");
                }
            }
            Some(())
        })
    }

    /// The comma behind a field or a variant.
    fn entry_end(&mut self, rest: &mut &[Tree]) -> Option<()> {
        self.out.push_str(",\n");
        (take(rest, ',') || rest.is_empty()).then_some(())
    }

    /// Types in brackets, with a line for each.
    pub(super) fn broken_tuple(&mut self, types: &[Tree], indent: usize) -> Option<()> {
        self.out.push_str("(\n");
        let rest = self.broken_types(types, indent + INDENT)?;
        self.indent(indent);
        self.out.push(')');
        rest.is_empty().then_some(())
    }

    /// A type with a line for each of its arguments, and the comma behind it.
    pub(super) fn broken_type(&mut self, mut ty: &[Tree], indent: usize) -> Option<()> {
        if take_word(&mut ty, "impl") {
            self.out.push_str("impl ");
        }
        push_name(&mut ty, &mut self.out)?;
        if !take(&mut ty, '<') {
            return None;
        }
        self.out.push_str("<\n");
        let mut rest = self.broken_types(ty, indent + INDENT)?;
        self.indent(indent);
        self.out.push_str(">,\n");
        (take(&mut rest, '>') && rest.first().is_none_or(|next| next.is(','))).then_some(())
    }

    /// Types on lines of their own. Returns what follows them.
    fn broken_types<'t>(&mut self, mut types: &'t [Tree], indent: usize) -> Option<&'t [Tree]> {
        loop {
            let start = self.out.len();
            self.indent(indent);
            self.visibility(&mut types)?;
            if let [Tree::Ident(_), equals, ..] = types
                && equals.is('=')
            {
                push_name(&mut types, &mut self.out)?;
                take(&mut types, '=');
                self.out.push_str(" = ");
            }
            let ty = self.out.len();
            push_type(&mut types, &mut self.out)?;
            let is_unbreakable = is_unbreakable(&self.out[ty..]);
            let is_last = !take(&mut types, ',');
            // The last comma is only there if lines break, so that it breaks none.
            let comma = usize::from(!is_last);
            if self.out.len() - start + comma > WIDTH && !is_unbreakable {
                return None;
            }
            self.out.push_str(",\n");
            if is_last {
                return Some(types);
            }
        }
    }

    /// Types in brackets, without a comma behind the last one.
    pub(super) fn tuple(&mut self, mut rest: &[Tree]) -> Option<()> {
        self.out.push('(');
        loop {
            self.visibility(&mut rest)?;
            push_type(&mut rest, &mut self.out)?;
            if rest.is_empty() {
                self.out.push(')');
                return Some(());
            }
            if !take(&mut rest, ',') {
                return None;
            }
            self.out.push_str(", ");
        }
    }
}
