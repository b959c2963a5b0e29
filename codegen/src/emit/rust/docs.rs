//! Documentation comments.

use proc_macro2::TokenStream;

use super::Context;
pub(super) use crate::emit::prose::{clean, clean_code, clean_line, clean_url, code_list};
use crate::{
    emit::{
        facts,
        prose::{harmless, lay_out, markdown, paragraphs},
    },
    format::aside,
    ir::{
        Constant, Direction, Docs, Field, Input, Limit, Markdown, OriginRoot, Slot, Twin, TypeDef, TypeId, Usage,
        Variant,
    },
};

/// What a setter says besides where `null` differs from absence.
pub(super) const NULL: &str = "Pass [`Null`](lowcodeapi_runtime::Nullable::Null) or `None` to send `null`.";

/// A documentation comment of several paragraphs.
#[derive(Default)]
pub(super) struct Comment<'a> {
    /// What the document says.
    said: Vec<&'a Markdown>,
    /// What is added.
    added: Vec<String>,
}

impl<'a> Comment<'a> {
    /// A comment of upstream's words, or of `opening` where it has none.
    pub(super) fn of(docs: &'a Docs, opening: impl FnOnce() -> String) -> Self {
        let facts: Vec<String> = default_sentence(docs).into_iter().collect();
        Self::with_facts(docs, || Some(opening()), &facts)
    }

    /// The comment of a type. Without a description it says where its schema stands and who sends it.
    pub(super) fn of_type(context: Context<'_>, def: &'a TypeDef) -> Self {
        // The names of additional properties are described where these are.
        let limits = def.docs.limits.iter().filter(|limit| !matches!(limit, Limit::Names(_)));
        let facts: Vec<String> = limits.map(|limit| facts::sentence(&facts::limit(limit))).collect();
        let comment = Self::with_facts(&def.docs, || Some(schema_doc(context, def)), &facts);
        let name = |id: TypeId| &context.names.types[id.0].name;
        match def.twin {
            None => comment,
            Some(Twin::Sent(id)) => comment.paragraph(format!("Requests have [`{}`] in its place.", name(id))),
            Some(Twin::Received { id, .. }) => {
                comment.paragraph(format!("Responses have [`{}`] in its place.", name(id)))
            }
        }
    }

    /// The comment of a field. Without a description it says what else is known, or else its name in JSON.
    pub(super) fn of_field(context: Context<'_>, def: &TypeDef, field: &'a Field, name: &str) -> Self {
        let mut facts = Vec::new();
        match (field.constant.clone().or_else(|| field.only_value(context.api)), field.direction) {
            (Some(constant), _) => facts.push(format!("Always {}.", clean_code(&constant.to_string()))),
            (None, Direction::Response) if field.is_withheld(def) => {
                facts.push("Read-only: requests leave it out.".to_owned());
            }
            (None, Direction::Request) if def.usage.response => facts.push("Write-only: responses lack it.".to_owned()),
            (None, Direction::Response) => facts.push("Read-only.".to_owned()),
            (None, Direction::Request) => facts.push("Write-only.".to_owned()),
            (None, Direction::Both) => {}
        }
        facts.extend(value_facts(&field.docs));
        let is_renamed = name != field.wire;
        let says_nothing = facts.is_empty() && !field.docs.deprecated;
        let opening = || (is_renamed || says_nothing).then(|| format!("{} in JSON.", clean_code(&field.wire)));
        Self::with_facts(&field.docs, opening, &facts)
    }

    /// The comment of a variant: upstream's words, and what the variant holds.
    pub(super) fn of_variant(variant: &'a Variant, held: String) -> Self {
        let said = variant.description.iter().map(markdown).filter(|text| !text.text.is_empty()).collect();
        Self { said, added: vec![held] }
    }

    /// The comment of the setter of an input. `only` is the one value that the document allows.
    pub(super) fn of_setter(input: &'a Input, only: Option<&Constant>) -> Self {
        let mut facts: Vec<String> = value_facts(&input.docs).collect();
        if let Some(only) = only.filter(|_| input.docs.default.is_none()) {
            facts.insert(0, format!("Defaults to {}.", clean_code(&only.to_string())));
        }
        let opening = || match input.slot {
            Slot::JsonField => format!("Sets {}.", place(input)),
            _ => format!("Sets the {}.", place(input)),
        };
        Self::with_facts(&input.docs, || Some(opening()), &facts)
    }

    /// The comment of a field that holds an input.
    pub(super) fn of_input(input: &'a Input) -> Self {
        let facts: Vec<String> = value_facts(&input.docs).collect();
        Self::with_facts(&input.docs, || Some(facts::sentence(&place(input))), &facts)
    }

    /// Upstream's words, then deprecation and facts. Without words it is one paragraph: an opening, and these.
    fn with_facts(docs: &'a Docs, opening: impl FnOnce() -> Option<String>, facts: &[String]) -> Self {
        let said = paragraphs(docs);
        let mut last: Vec<String> = if said.is_empty() { opening().into_iter().collect() } else { Vec::new() };
        last.extend(docs.deprecated.then(|| "Deprecated.".to_owned()));
        last.extend_from_slice(facts);
        let added = if last.is_empty() { Vec::new() } else { vec![last.join(" ")] };
        Self { said, added }
    }

    /// Upstream's words on an operation, which may be none.
    pub(super) fn of_operation(docs: &'a Docs) -> Self {
        Self::with_facts(docs, || None, &[])
    }

    pub(super) fn is_empty(&self) -> bool {
        self.said.is_empty() && self.added.is_empty()
    }

    /// A paragraph of our own, which is Markdown already.
    pub(super) fn paragraph(mut self, text: impl Into<String>) -> Self {
        self.added.push(text.into());
        self
    }

    pub(super) fn emit(&self) -> TokenStream {
        // Each paragraph is checked alone. No list, quotation or block goes on behind an empty line and a line without indent.
        let added: Vec<_> = self.added.iter().map(|text| harmless(text)).collect();
        let mut lines: Vec<&str> = Vec::new();
        for paragraph in self.said.iter().map(|said| &said.lines).chain(added.iter().map(|lines| &**lines)) {
            lines.extend((!lines.is_empty()).then_some(""));
            lines.extend(paragraph.iter().map(String::as_str));
        }
        emit_lines(&lines)
    }
}

fn default_sentence(docs: &Docs) -> Option<String> {
    facts::default(docs).map(|default| format!("Defaults to {default}."))
}

/// The default and the limits of values, as sentences.
pub(super) fn value_facts(docs: &Docs) -> impl Iterator<Item = String> {
    default_sentence(docs).into_iter().chain(docs.limits.iter().map(|limit| facts::sentence(&facts::limit(limit))))
}

/// Where the schema of a type stands, and who sends its values.
fn schema_doc(context: Context<'_>, def: &TypeDef) -> String {
    let schema = match (&def.origin.root, def.origin.path.is_empty()) {
        (OriginRoot::Component(name), true) => format!("Schema {}", clean_code(name)),
        (OriginRoot::Component(name), false) if def.is_base() => {
            format!("Values of schema {} that are of none of its heirs", clean_code(name))
        }
        (OriginRoot::Component(name), false) if def.is_with_heirs() => {
            format!("Schema {} or one of its heirs", clean_code(name))
        }
        (OriginRoot::Component(name), false) => format!("Inline schema in {}", clean_code(name)),
        (OriginRoot::Operation(index), _) => match context.names.operations.get(*index) {
            Some(names) => format!("Inline schema of [`Client::{0}`]({1}::Client::{0})", names.method, context.root),
            None => "Inline schema of a webhook".to_owned(),
        },
    };
    if !context.api.has_client() {
        return format!("{schema}.");
    }
    let used = match def.usage {
        Usage { request: true, response: true } => "requests and responses",
        Usage { request: true, .. } => "requests",
        Usage { .. } => "responses",
    };
    format!("{schema}, used in {used}.")
}

/// Where an input is sent.
fn place(input: &Input) -> String {
    let wire = clean_code(input.sent_as.as_ref().unwrap_or(&input.wire));
    match input.slot {
        Slot::Path(_) => format!("path parameter {wire}"),
        Slot::Query { .. } => format!("query parameter {wire}"),
        Slot::QueryString { .. } => "query string".to_owned(),
        Slot::Header(_) => format!("header {wire}"),
        Slot::Cookie(_) => format!("cookie {wire}"),
        Slot::JsonField => format!("{wire} in the JSON body"),
        Slot::Part => format!("part {wire}"),
        Slot::Parts => format!("parts {wire}"),
        Slot::PartHeader(_) => format!("header {} of the part {wire}", clean_code(&input.wire)),
        Slot::OpenParts { .. } => "parts of other names".to_owned(),
        Slot::FormField(_) => format!("form field {wire}"),
        Slot::OpenFields => "form fields of other names".to_owned(),
        Slot::JsonBody => "JSON body".to_owned(),
        Slot::TextBody => "text body".to_owned(),
        Slot::ItemsBody(_) => "items of the body".to_owned(),
        Slot::BinaryBody => "request body".to_owned(),
    }
}

/// Emits text of our own as a documentation comment. Words of upstream in it are clean already. If rustdoc would still find
/// more than prose in it, the whole text becomes a block of plain text.
pub(super) fn emit_doc(text: &str) -> TokenStream {
    emit_lines(&harmless(text))
}

/// Emits text that is all our own but for identifiers, in which rustdoc finds nothing else.
pub(super) fn emit_own_doc(text: &str) -> TokenStream {
    emit_lines(&lay_out(text))
}

fn emit_lines(lines: &[impl AsRef<str>]) -> TokenStream {
    if lines.is_empty() {
        return TokenStream::new();
    }
    let mut comment = String::with_capacity(lines.iter().map(|line| line.as_ref().len() + 2).sum());
    for (index, line) in lines.iter().map(AsRef::as_ref).enumerate() {
        if index > 0 {
            comment.push('\n');
        }
        if !line.is_empty() {
            comment.push(' ');
            comment.push_str(line);
        }
    }
    aside::comment(comment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_stays_on_its_line() {
        let heading = format!("# `{}`", "word ".repeat(30));
        assert_eq!(*harmless(&heading), [heading]);
    }
}
