//! Recognises the pages of lists that no extension describes, where names and types leave no doubt. A wrong description would be worse
//! than none, because a list could end early as if it were whole. The table of the rules is in `docs/overlay.md`.

use crate::ir::{Api, Field, Input, Limit, Operation, PageInput, Pagination, Shape, Slot, Struct, Success, Turn, Type};

/// How deep a cursor can be inside a page, in properties.
const MAX_DEPTH: usize = 3;

/// The words of parameters that take a cursor. The property of the next one is `next_` and the word, or the word inside `next`.
const CURSORS: [&str; 5] = ["after", "cursor", "continuationtoken", "pagecursor", "pagetoken"];

/// Sets the pagination of operations that have none and say nothing of it.
pub(super) fn recognise_pages(api: &mut Api) {
    // The gateway hides headers and changes results.
    if api.is_gateway() {
        return;
    }
    for index in 0..api.operations.len() {
        let operation = &api.operations[index];
        if operation.pagination.is_none() && !operation.says_pages {
            let recognised = recognise(api, operation);
            api.operations[index].pagination = recognised;
        }
    }
}

fn recognise(api: &Api, operation: &Operation) -> Option<Pagination> {
    let Success::Json { ty, optional: false, .. } = &operation.success else { return None };
    if operation.method != "GET" || operation.messages.is_some() {
        return None;
    }
    let has_link = operation.headers.iter().any(|header| header.name.eq_ignore_ascii_case("link"));
    let Some(page) = struct_of(api, ty) else {
        let is_list = matches!(ty, Type::Array(_)) && has_link;
        return is_list.then(|| Described::of(Turn::Link, Vec::new()).finish(operation));
    };
    let items = only_list(page)?;
    let found = by_cursor(api, operation, page, items).or_else(|| by_url(page, items));
    let found = found.or_else(|| has_link.then(|| Described::of(Turn::Link, vec![items.wire.clone()])));
    let found = found.or_else(|| by_offset(api, operation, page, items));
    found.map(|found| found.finish(operation))
}

/// What a rule finds.
struct Described {
    turn: Turn,
    items: Vec<String>,
    more: Option<Vec<String>>,
}

impl Described {
    fn of(turn: Turn, items: Vec<String>) -> Self {
        Self { turn, items, more: None }
    }

    fn finish(self, operation: &Operation) -> Pagination {
        Pagination {
            pointer: operation.pointer.clone(),
            extension: "",
            turn: self.turn,
            size: None,
            items: self.items,
            size_given: None,
            total: None,
            more: self.more,
        }
    }
}

/// Finds a cursor in the page whose parameter has the same word.
fn by_cursor(api: &Api, operation: &Operation, page: &Struct, items: &Field) -> Option<Described> {
    let asked: Vec<(&Input, String)> = optional_of_query(operation)
        .map(|input| (input, word(&input.wire)))
        .filter(|(input, word)| is_text(&input.ty) && (CURSORS.contains(&word.as_str()) || word == "nexttoken"))
        .collect();
    let [(input, word)] = asked.as_slice() else { return None };
    let mut found = Vec::new();
    find_next(api, page, word, &mut Vec::new(), &mut found);
    let [next] = found.as_slice() else { return None };
    let input = PageInput { wire: input.wire.clone(), in_body: false, is_text: true };
    let more = flag_beside(api, page, next);
    Some(Described { more, ..Described::of(Turn::Cursor(input, next.clone()), vec![items.wire.clone()]) })
}

/// Finds the properties of texts that hold the next cursor: `next_cursor`, or `after` inside `next`.
fn find_next(api: &Api, inside: &Struct, wanted: &str, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    for field in &inside.fields {
        let name = word(&field.wire);
        let is_inside_next = path.last().is_some_and(|parent| word(parent) == "next");
        path.push(field.wire.clone());
        let is_named = name == format!("next{wanted}") || (name == wanted && (is_inside_next || wanted == "nexttoken"));
        if is_named && is_text(&field.ty) {
            found.push(path.clone());
        } else if path.len() < MAX_DEPTH
            && let Some(inner) = struct_of(api, field.ty.split_nullable().0)
        {
            find_next(api, inner, wanted, path, found);
        }
        path.pop();
    }
}

/// Returns the path to the flag beside a cursor that says whether there are more pages.
fn flag_beside(api: &Api, page: &Struct, next: &[String]) -> Option<Vec<String>> {
    let (_, parents) = next.split_last()?;
    let mut inside = page;
    for parent in parents {
        let field = inside.fields.iter().find(|field| field.wire == *parent)?;
        inside = struct_of(api, field.ty.split_nullable().0)?;
    }
    let is_flag = |field: &&Field| {
        *field.ty.split_nullable().0 == Type::Bool
            && ["hasmore", "hasnext", "hasnextpage"].contains(&word(&field.wire).as_str())
    };
    let flag = inside.fields.iter().find(is_flag)?;
    Some(parents.iter().chain([&flag.wire]).cloned().collect())
}

/// Finds the URL of the next page: that of OData, and that of Django REST framework.
fn by_url(page: &Struct, items: &Field) -> Option<Described> {
    let text = |name: &str| page.fields.iter().find(|field| field.wire == name && is_text(&field.ty));
    let is_url = |field: &&Field| {
        field.docs.limits.iter().any(|limit| matches!(limit, Limit::Format(format) if format.starts_with("uri")))
    };
    let odata = || text("@odata.nextLink").filter(|_| items.wire == "value");
    let django = || {
        let pair = text("next").zip(text("previous")).filter(|_| items.wire == "results");
        pair.filter(|(next, previous)| is_url(next) && is_url(previous)).map(|(next, _)| next)
    };
    let next = odata().or_else(django)?;
    Some(Described::of(Turn::Url(vec![next.wire.clone()]), vec![items.wire.clone()]))
}

/// Finds an offset in items: beside a limit, where the page has the total. The total does not end the list, because some count the
/// items of the page.
fn by_offset(api: &Api, operation: &Operation, page: &Struct, items: &Field) -> Option<Described> {
    let counted = |wanted: &str| {
        optional_of_query(operation)
            .find(|input| word(&input.wire) == wanted && input.ty.split_nullable().0.is_integer())
    };
    let (offset, _) = counted("offset").zip(counted("limit"))?;
    let described = offset.docs.description.as_deref().unwrap_or_default().to_lowercase();
    let is_first = offset.docs.default.as_deref().is_none_or(|default| default == "0");
    let is_total = |field: &Field| {
        field.ty.split_nullable().0.is_integer()
            && ["total", "totalcount", "totalitems", "totalresults"].contains(&word(&field.wire).as_str())
    };
    let nested = page.fields.iter().filter_map(|field| struct_of(api, field.ty.split_nullable().0));
    let has_total = [page].into_iter().chain(nested).any(|inside| inside.fields.iter().any(is_total));
    if !is_first || !has_total || described.contains("page") {
        return None;
    }
    let input = PageInput { wire: offset.wire.clone(), in_body: false, is_text: false };
    Some(Described::of(Turn::Offset(input, 0), vec![items.wire.clone()]))
}

/// The parameters of the query that a first request can leave out.
fn optional_of_query(operation: &Operation) -> impl Iterator<Item = &Input> {
    operation.inputs.iter().filter(|input| matches!(input.slot, Slot::Query { .. }) && !input.required)
}

/// Returns the only list among the properties of a page.
fn only_list(page: &Struct) -> Option<&Field> {
    let mut lists = page.fields.iter().filter(|field| matches!(field.ty.split_nullable().0, Type::Array(_)));
    lists.next().filter(|_| lists.next().is_none())
}

fn struct_of<'a>(api: &'a Api, ty: &Type) -> Option<&'a Struct> {
    let Type::Named(id) = ty else { return None };
    match &api.type_def(*id).shape {
        Shape::Struct(shape) => Some(shape),
        _ => None,
    }
}

fn is_text(ty: &Type) -> bool {
    *ty.split_nullable().0 == Type::Text
}

/// A name without case and separators.
fn word(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
