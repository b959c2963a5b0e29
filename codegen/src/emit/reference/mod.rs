//! The back end of the reference: Markdown pages for users of the Rust client. There is a page per tag, one of types,
//! and the index `README.md`.

mod limits;
mod operation;
mod page;
mod tree;
mod types;

use std::collections::BTreeMap;

use self::{operation::write_operation, page::Page, tree::headings, types::write_types};

use crate::{
    emit::{
        facts,
        model::{Backend, Draft, Model},
        prose::{clean_code, clean_line},
        rust::security::place_doc,
    },
    ir::Operation,
    name::OperationNames,
};

/// The pages.
pub(super) struct Reference;

impl Backend for Reference {
    fn files(&self, model: &Model<'_>) -> Vec<Draft> {
        let anchors = types::anchors(model);
        let groups = groups(model);
        let mut drafts = vec![draft("README.md", index(model, &groups))];
        for group in groups.values() {
            let mut page = Page::new(model, &group.title);
            page.line(CONVENTIONS);
            for (operation, names) in &group.members {
                write_operation(&mut page, model, &anchors, operation, names);
            }
            drafts.push(draft(&group.path, page));
        }
        drafts.push(draft("types.md", write_types(model, &anchors)));
        drafts
    }
}

/// What is common to all examples.
const CONVENTIONS: &str = "The examples belong in an asynchronous function that has a `client` and returns `Result<_, Error>`. They import \
     `DateTime`, `Upload`, `requests`, `serde_json` and `types` from the client's crate. Their values are placeholders.";

/// The operations of one page.
struct Group<'a> {
    title: String,
    path: String,
    members: Vec<(&'a Operation, &'a OperationNames)>,
}

/// The operations by module, which is that of their tag.
fn groups<'a>(model: &Model<'a>) -> BTreeMap<&'a str, Group<'a>> {
    let mut groups: BTreeMap<&str, Group<'_>> = BTreeMap::new();
    for (operation, names) in model.api.operations.iter().zip(&model.names.operations) {
        let group = groups.entry(&names.module).or_insert_with(|| {
            let tag = operation.tag.as_deref().map(|tag| clean_line(model.api.tags.title(tag)));
            let tag = tag.filter(|tag| !tag.is_empty());
            let title = tag.unwrap_or_else(|| "Operations without a tag".to_owned());
            // In a folder of their own, so that no tag takes the name of another page.
            Group { title, path: format!("operations/{}.md", names.module), members: Vec::new() }
        });
        group.members.push((operation, names));
    }
    groups
}

/// Every operation, with a link to it.
fn index(model: &Model<'_>, groups: &BTreeMap<&str, Group<'_>>) -> Page {
    let mut page = Page::new(model, &clean_line(&model.api.title));
    if let Some(description) = &model.api.description {
        page.text(description);
    }
    page.line("The models are described in [types](types.md).");
    write_credentials(&mut page, model);
    for heading in headings(model, groups.keys().copied()) {
        let Some(group) = heading.module.and_then(|module| groups.get(module)) else {
            page.heading(heading.level, &heading.title);
            continue;
        };
        page.heading(heading.level, &format!("[{}]({})", group.title, group.path));
        let item = |(operation, names): &(&Operation, &OperationNames)| {
            let line = clean_code(&format!("{} {}", operation.method, operation.path));
            let summary = operation.docs.summary.as_deref().map(clean_line).filter(|summary| !summary.is_empty());
            let summary = summary.map(|summary| format!(": {summary}")).unwrap_or_default();
            format!("- [`{0}`]({1}#{2}) ({line}){summary}", names.method, group.path, page::anchor(&names.method))
        };
        page.list(group.members.iter().map(item));
    }
    page
}

/// Every credential, where it is sent, and the environment variable that holds it.
fn write_credentials(page: &mut Page, model: &Model<'_>) {
    if model.api.schemes.is_empty() {
        return;
    }
    page.heading(2, "Credentials");
    page.list(model.api.schemes.iter().zip(&model.names.schemes).map(|(scheme, names)| {
        let name = match model.api.schemes.len() {
            1 => clean_code(&scheme.name),
            // The method of `Credentials` that sets it.
            _ => format!("`{}`", names.setter),
        };
        let said = scheme.docs.description.as_deref().map(clean_line).filter(|said| !said.is_empty());
        let said = said.map(|said| format!(" {}", facts::ended(&said))).unwrap_or_default();
        let deprecated = if scheme.docs.deprecated { " Deprecated." } else { "" };
        format!("- {name}:{deprecated}{said} {} Environment variable: `{}`.", place_doc(scheme), names.variable)
    }));
}

fn draft(path: &str, page: Page) -> Draft {
    Draft { path: path.to_owned(), source: Ok(page.finish()) }
}
