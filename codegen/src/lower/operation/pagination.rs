//! Reads how a list is split into pages: from this generator's extension, and from those of other tools.

use serde_json::{Map, Value};

use super::extension::misread;
use crate::{
    diagnostic::code,
    ir::{Input, PageInput, Pagination, Slot, Turn, Type},
    lower::context::Cx,
    read::{
        extension::PAGINATION,
        parse::{Document, OperationSite},
        pointer,
    },
};

/// The longest pointer into a result, in keys.
const MAX_KEYS: usize = 100;

/// What reads the extension of another tool.
type Read = fn(&Inputs<'_, '_>, &Map<String, Value>) -> Option<Described>;

/// The extension of Microsoft's tools.
const AUTOREST: &str = "x-ms-pageable";

/// The extensions of other tools.
const OTHERS: [(&str, Read); 3] =
    [("x-speakeasy-pagination", read_speakeasy), ("x-fern-pagination", read_fern), ("x-ms-pageable", read_autorest)];

/// Whether an extension describes the pages of an operation, so that none are recognised without.
pub(super) fn says_pages(site: &OperationSite<'_>) -> bool {
    let mut names = OTHERS.iter().map(|(name, _)| *name).chain([PAGINATION]);
    names.any(|name| site.node.get(name).is_some())
}

/// Returns the pagination of the operation. A pass checks its pointers into the result.
pub(super) fn lower_pagination(cx: &mut Cx<'_, '_>, site: &OperationSite<'_>, inputs: &[Input]) -> Option<Pagination> {
    let inputs = Inputs { document: cx.document, inputs };
    if let Some(declared) = site.node.get(PAGINATION) {
        if *declared == Value::Bool(false) {
            return None;
        }
        let at = pointer::join(&site.pointer, PAGINATION);
        let described = declared.as_object().and_then(|declared| read_own(&inputs, declared));
        if described.is_none() {
            let expected = "`items`, a pointer into the result, and one of `page`, `offset`, `cursor` with `next`, `last` with `key`, \
                            `nextUrl` and `link`";
            misread(&mut cx.report, &at, expected);
        }
        return described.map(|described| described.finish(at, PAGINATION));
    }
    let (extension, read) = OTHERS.iter().find(|(name, _)| site.node.get(*name).is_some())?;
    let at = pointer::join(&site.pointer, extension);
    // Microsoft's `nextLinkName: null` marks a list that has one page.
    let declared = site.node.get(*extension).and_then(Value::as_object)?;
    if declared.get("nextLinkName").is_some_and(Value::is_null) {
        return None;
    }
    // The next page of `x-ms-pageable` is requested by GET, whatever the method of the first one.
    let is_followed = *extension != AUTOREST || site.method == "GET";
    let described = if is_followed { read(&inputs, declared) } else { None };
    if described.is_none() {
        let message = format!("`{extension}` has a form that the client does not follow; the operation has no pages");
        let help = "describe the pages with `x-pagination` in an overlay";
        cx.report.findings.add_with_help(code::EXTENSION_IGNORED.as_note(), &at, message, help);
    }
    described.map(|described| described.finish(at, extension))
}

/// The inputs of an operation.
struct Inputs<'t, 'a> {
    document: Document<'t>,
    inputs: &'a [Input],
}

impl<'a> Inputs<'_, 'a> {
    /// The parameter of the query, or the property of a JSON body.
    fn named(&self, name: &str, in_body: bool) -> Option<&'a Input> {
        let fits = |slot: Slot| match slot {
            Slot::Query { .. } => !in_body,
            Slot::JsonField | Slot::JsonBody => in_body,
            _ => false,
        };
        self.inputs.iter().find(|input| fits(input.slot) && (input.wire == name || input.slot == Slot::JsonBody))
    }

    fn page(&self, name: &str, in_body: bool) -> Option<PageInput> {
        let input = self.named(name, in_body)?;
        let is_number = |ty: &Type| ty.is_integer() || matches!(ty, Type::Number | Type::Decimal);
        let is_text = !is_number(input.ty.split_nullable().0);
        Some(PageInput { wire: name.to_owned(), in_body, is_text })
    }

    /// An input that can hold the number of a page, and its default.
    fn counted(&self, name: &str, in_body: bool) -> Option<(PageInput, Option<u64>)> {
        let input = self.named(name, in_body)?;
        let is_whole = input.slot == Slot::JsonBody;
        if !is_whole && !counts(input.ty.split_nullable().0) {
            return None;
        }
        let default = if is_whole { None } else { self.default(input) };
        Some((PageInput { wire: name.to_owned(), in_body, is_text: false }, default))
    }

    /// The parameter of the page size. One in the body has no effect on the end of the list.
    fn size(&self, name: Option<&str>) -> Option<(String, Option<u64>)> {
        let input = self.named(name?, false)?;
        Some((input.wire.clone(), self.default(input)))
    }

    fn default(&self, input: &Input) -> Option<u64> {
        let (_, node) = self.document.resolve(&input.pointer).ok()?;
        // YAML and the gateway's converter also write whole numbers as floats and texts.
        match node.pointer("/schema/default").or_else(|| node.get("default"))? {
            Value::String(text) => text.parse().ok(),
            number => number.as_u64().or_else(|| number.to_string().strip_suffix(".0")?.parse().ok()),
        }
    }
}

/// What an extension says.
struct Described {
    turn: Turn,
    items: Vec<String>,
    size: Option<(String, Option<u64>)>,
    size_given: Option<Vec<String>>,
    total: Option<Vec<String>>,
    more: Option<Vec<String>>,
}

impl Described {
    fn of(turn: Turn, items: Vec<String>) -> Self {
        Self { turn, items, size: None, size_given: None, total: None, more: None }
    }

    fn finish(self, pointer: String, extension: &'static str) -> Pagination {
        let Self { turn, items, size, size_given, total, more } = self;
        Pagination { pointer, extension, turn, size, items, size_given, total, more }
    }
}

/// Reads `x-pagination`, whose paths are JSON pointers.
fn read_own(inputs: &Inputs<'_, '_>, declared: &Map<String, Value>) -> Option<Described> {
    let text = |key: &str| declared.get(key).and_then(Value::as_str);
    let path = |key: &str| {
        let path = text(key)?;
        let is_pointer = path.is_empty() || path.starts_with('/');
        let keys: Vec<_> = path.split('/').skip(1).map(pointer::decode).collect();
        (is_pointer && keys.len() <= MAX_KEYS).then_some(keys)
    };
    let in_body = match declared.get("in").map(Value::as_str) {
        None | Some(Some("query")) => false,
        Some(Some("body")) => true,
        Some(_) => return None,
    };
    let size = ["size", "limit"].into_iter().find_map(text);
    if size.is_some_and(|size| inputs.named(size, false).is_none()) {
        return None;
    }
    let given: Vec<&str> = ["page", "offset", "cursor", "last", "nextUrl", "link"]
        .into_iter()
        .filter(|key| declared.contains_key(*key))
        .collect();
    let [kind] = given[..] else { return None };
    let turn = match kind {
        "page" => {
            let (page, first) = inputs.counted(text("page")?, in_body)?;
            Turn::Number(page, first.unwrap_or(1))
        }
        "offset" => {
            let (offset, first) = inputs.counted(text("offset")?, in_body)?;
            Turn::Offset(offset, first.unwrap_or(0))
        }
        "cursor" => Turn::Cursor(inputs.page(text("cursor")?, in_body)?, path("next")?),
        "last" => Turn::Last(inputs.page(text("last")?, in_body)?, path("key")?),
        "nextUrl" => Turn::Url(path("nextUrl")?),
        _ => declared.get("link").filter(|link| **link == Value::Bool(true)).map(|_| Turn::Link)?,
    };
    Some(Described {
        size: inputs.size(size),
        size_given: path("sizeGiven"),
        total: path("total"),
        more: path("more"),
        ..Described::of(turn, path("items")?)
    })
}

/// Reads a simple path of the language JSONPath: `$.data.items`.
fn json_path(path: &str) -> Option<Vec<String>> {
    let path = path.trim().strip_prefix('$')?;
    if path.is_empty() {
        return Some(Vec::new());
    }
    let keys: Vec<String> = path.strip_prefix('.')?.split('.').map(str::to_owned).collect();
    let is_name = |key: &String| !key.is_empty() && !key.contains(['[', ']', '*', '(', '\'', '"', '?']);
    (keys.len() <= MAX_KEYS && keys.iter().all(is_name)).then_some(keys)
}

/// Reads `x-speakeasy-pagination`, whose paths are JSONPath.
fn read_speakeasy(inputs: &Inputs<'_, '_>, declared: &Map<String, Value>) -> Option<Described> {
    let output = |key: &str| declared.get("outputs").and_then(|it| it.get(key)).and_then(Value::as_str);
    let given: Vec<(&str, &str, bool)> = declared
        .get("inputs")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|input| {
            let text = |key: &str| input.get(key).and_then(Value::as_str);
            Some((text("type")?, text("name")?, text("in") == Some("requestBody")))
        })
        .collect();
    let input = |kind: &str| given.iter().find(|(it, ..)| *it == kind).map(|(_, name, in_body)| (*name, *in_body));
    let results = output("results").map(json_path);
    let turn = match declared.get("type")?.as_str()? {
        "offsetLimit" => match (input("page"), input("offset")) {
            (Some((name, in_body)), None) => {
                let (page, first) = inputs.counted(name, in_body)?;
                Turn::Number(page, first.unwrap_or(1))
            }
            (None, Some((name, in_body))) => {
                let (offset, first) = inputs.counted(name, in_body)?;
                Turn::Offset(offset, first.unwrap_or(0))
            }
            _ => return None,
        },
        "cursor" => {
            let (name, in_body) = input("cursor")?;
            let (page, next) = (inputs.page(name, in_body)?, output("nextCursor")?);
            let last = ["[(@.length-1)]", "[-1:]", "[-1]"].iter().find_map(|index| next.split_once(index));
            match last {
                Some((items, key)) if json_path(items).is_some() && Some(json_path(items)) == results => {
                    Turn::Last(page, json_path(&format!("${key}"))?)
                }
                Some(_) => return None,
                None => Turn::Cursor(page, json_path(next)?),
            }
        }
        "url" => Turn::Url(json_path(output("nextUrl")?)?),
        _ => return None,
    };
    let size = input("limit").and_then(|(name, in_body)| inputs.size(Some(name).filter(|_| !in_body)));
    Some(Described { size, ..Described::of(turn, results??) })
}

/// Reads `x-fern-pagination`: `$request.cursor` is an input, `$response.data` a property of the result.
fn read_fern(inputs: &Inputs<'_, '_>, declared: &Map<String, Value>) -> Option<Described> {
    let text = |key: &str| declared.get(key).and_then(Value::as_str);
    let input = |key: &str| {
        let name = text(key)?.strip_prefix("$request.")?;
        let in_body = inputs.named(name, false).is_none();
        Some((name, in_body))
    };
    let path = |key: &str| json_path(&text(key)?.replacen("$response", "$", 1));
    let turn = if declared.contains_key("cursor") {
        let (name, in_body) = input("cursor")?;
        Turn::Cursor(inputs.page(name, in_body)?, path("next_cursor")?)
    } else if declared.contains_key("offset") {
        let (name, in_body) = input("offset")?;
        let (page, first) = inputs.counted(name, in_body)?;
        // With the size of a step, the offset counts items; otherwise it counts pages.
        if declared.contains_key("step") {
            Turn::Offset(page, first.unwrap_or(0))
        } else {
            Turn::Number(page, first.unwrap_or(1))
        }
    } else {
        Turn::Url(path("next_uri").or_else(|| path("next_url"))?)
    };
    let size = inputs.size(text("step").and_then(|step| step.strip_prefix("$request.")));
    let more = path("has-next-page");
    Some(Described { size, more, ..Described::of(turn, path("results")?) })
}

/// Reads `x-ms-pageable`, which names the property with the URL of the next page.
fn read_autorest(_: &Inputs<'_, '_>, declared: &Map<String, Value>) -> Option<Described> {
    let text = |key: &str, default: &str| {
        declared.get(key).map_or(Some(default.to_owned()), |it| it.as_str().map(str::to_owned))
    };
    let next = text("nextLinkName", "nextLink")?;
    Some(Described::of(Turn::Url(vec![next]), vec![text("itemName", "value")?]))
}

/// Whether a parameter can hold the number of a page.
pub(super) fn counts(ty: &Type) -> bool {
    ty.is_integer() || matches!(ty, Type::Number | Type::Decimal | Type::Any)
}
