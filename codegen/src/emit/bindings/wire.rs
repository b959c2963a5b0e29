//! What goes over the wire, in words: those of the document where it has some.

use crate::{
    emit::model::Model,
    ir::{
        Api, Auth, BodyForm, EventCase, EventData, Framing, HeaderForm, Item, Operation, Pagination, QueryStyle,
        Requirement, Slot, Success, Turn, Type, ValueStyle,
    },
};

/// The place of an input.
pub(super) fn place(slot: Slot) -> &'static str {
    match slot {
        Slot::Path(_) => "path",
        Slot::Query { .. } => "query",
        Slot::QueryString { .. } => "querystring",
        Slot::Header(_) => "header",
        Slot::Cookie(_) => "cookie",
        Slot::JsonField | Slot::Part | Slot::Parts | Slot::FormField(_) => "property",
        Slot::OpenParts { .. } | Slot::OpenFields => "additionalProperties",
        // A header in `encoding`.
        Slot::PartHeader(_) => "encoding",
        Slot::JsonBody | Slot::TextBody | Slot::ItemsBody(_) | Slot::BinaryBody => "body",
    }
}

/// How an input is written.
pub(super) fn style(slot: Slot) -> String {
    match slot {
        Slot::Path(style) | Slot::Header(style) | Slot::Cookie(style) | Slot::PartHeader(style) => value_style(style),
        Slot::Query { style, reserved } => {
            let reserved = if reserved { ", reserved characters unescaped" } else { "" };
            format!("{}{reserved}", query_style(style))
        }
        Slot::FormField(style) => query_style(style).to_owned(),
        Slot::QueryString { json } => if json { "JSON" } else { "form" }.to_owned(),
        Slot::JsonField | Slot::JsonBody => "JSON".to_owned(),
        Slot::Part | Slot::OpenParts { by_item: false } => "part".to_owned(),
        Slot::Parts | Slot::OpenParts { by_item: true } => "part for each item".to_owned(),
        Slot::OpenFields => "fields".to_owned(),
        Slot::TextBody => "text".to_owned(),
        Slot::ItemsBody(kind) => framing(kind).to_owned(),
        Slot::BinaryBody => "bytes".to_owned(),
    }
}

fn value_style(style: ValueStyle) -> String {
    let (name, explode) = match style {
        ValueStyle::Simple { explode } => ("simple", explode),
        ValueStyle::Label { explode } => ("label", explode),
        ValueStyle::Matrix { explode } => ("matrix", explode),
        ValueStyle::Reserved { explode } => ("simple, reserved characters unescaped", explode),
        ValueStyle::Plain { explode } => ("cookie", explode),
        ValueStyle::Json => return "JSON".to_owned(),
    };
    format!("{name}{}", if explode { ", exploded" } else { "" })
}

fn query_style(style: QueryStyle) -> &'static str {
    match style {
        QueryStyle::Repeated => "form, exploded",
        QueryStyle::Comma => "form",
        QueryStyle::Space => "spaceDelimited",
        QueryStyle::Pipe => "pipeDelimited",
        QueryStyle::Deep => "deepObject",
        QueryStyle::Json => "JSON",
    }
}

pub(super) fn framing(framing: Framing) -> &'static str {
    match framing {
        Framing::Events => "events",
        Framing::Lines => "JSON lines",
        Framing::Sequence => "JSON sequence",
    }
}

/// What one message is.
pub(super) fn item_text(model: &Model<'_>, item: &Item) -> String {
    let data = |data: &EventData| match data {
        EventData::Json(ty) => type_text(model, ty),
        EventData::Text => "text".to_owned(),
        EventData::None => "nothing".to_owned(),
    };
    match item {
        Item::Json(ty) => type_text(model, ty),
        Item::Text => "text".to_owned(),
        Item::ByName(cases) => {
            let case =
                |case: &EventCase| format!("{}: {}", case.name.as_deref().unwrap_or("no name"), data(&case.data));
            cases.iter().map(case).collect::<Vec<_>>().join(", ")
        }
    }
}

/// How the text of a header holds its value.
pub(super) fn header_form(form: HeaderForm) -> &'static str {
    match form {
        HeaderForm::Value => "value",
        HeaderForm::List => "list",
        HeaderForm::Lines => "lines",
        HeaderForm::Json => "JSON",
    }
}

/// The values of a type in requests and responses. Types of Rust are named.
pub(super) fn type_text(model: &Model<'_>, ty: &Type) -> String {
    match ty {
        Type::Any => "any".to_owned(),
        Type::Bool => "boolean".to_owned(),
        Type::Int32 | Type::Int64 | Type::UInt64 | Type::Int128 | Type::UInt128 => "integer".to_owned(),
        Type::Number | Type::Decimal => "number".to_owned(),
        Type::DecimalText | Type::Text | Type::DateTime => "string".to_owned(),
        Type::Binary => "bytes".to_owned(),
        Type::Object => "object".to_owned(),
        Type::Array(item) => format!("array of {}", type_text(model, item)),
        Type::Map(value) => format!("object of {}", type_text(model, value)),
        Type::Tuple(tuple) => {
            let items: Vec<_> = tuple.types().map(|ty| type_text(model, ty)).collect();
            format!("[{}]", items.join(", "))
        }
        Type::Nullable(inner) => format!("{} or null", type_text(model, inner)),
        Type::Named(id) => model.names.types[id.0].name.clone(),
    }
}

pub(super) fn credential_place(auth: &Auth) -> String {
    match auth {
        Auth::Query(name) => format!("query {name}"),
        Auth::Header(name) => format!("header {name}"),
        Auth::Cookie(name) => format!("cookie {name}"),
        Auth::Bearer => "header Authorization, Bearer".to_owned(),
        Auth::Basic => "header Authorization, Basic".to_owned(),
        Auth::Http(scheme) => format!("header Authorization, {scheme}"),
    }
}

/// The alternatives of a security, each with the names of its schemes.
pub(super) fn security<'a>(api: &'a Api, security: &[Requirement]) -> Vec<Vec<&'a str>> {
    let names = |it: &Requirement| it.schemes.iter().map(|index| api.schemes[*index].name.as_str()).collect();
    security.iter().map(names).collect()
}

/// How the body of a request is written.
pub(super) fn body(operation: &Operation) -> Option<String> {
    let members = || operation.inputs.iter().filter(|input| input.slot.is_body());
    let slot = members().map(|input| input.slot).next();
    let form = match operation.body.form {
        Some(BodyForm::Json) => "JSON".to_owned(),
        Some(BodyForm::Multipart) => "multipart".to_owned(),
        Some(BodyForm::Places) => "multipart by position".to_owned(),
        Some(BodyForm::Urlencoded) => "urlencoded".to_owned(),
        None => style(slot?),
    };
    let media_type = operation.body.media_type.as_ref().map(|it| format!(" as {it}")).unwrap_or_default();
    // A required member is always sent, but a list may be empty.
    let is_set = members().any(|input| input.required && input.slot != Slot::Parts);
    let required = if operation.body.required && !is_set { ", sent if empty" } else { "" };
    Some(format!("{form}{media_type}{required}"))
}

/// The results of a call by status; the status is empty if all successes have one result.
pub(super) fn results(model: &Model<'_>, success: &Success) -> Vec<(String, String)> {
    match success {
        Success::ByStatus(cases) => {
            let of = |status: &String, success: &Success| (status.clone(), result(model, success));
            cases.iter().map(|case| of(&case.status, &case.success)).collect()
        }
        other => vec![(String::new(), result(model, other))],
    }
}

fn result(model: &Model<'_>, success: &Success) -> String {
    let (value, optional) = match success {
        Success::Json { ty, optional, .. } => (type_text(model, ty), *optional),
        Success::Bytes { optional, .. } => ("bytes".to_owned(), *optional),
        Success::Text { ty: Type::Text, optional, .. } => ("text".to_owned(), *optional),
        Success::Text { ty, optional, .. } => (format!("text of {}", type_text(model, ty)), *optional),
        Success::Redirect => ("redirect".to_owned(), false),
        Success::Empty | Success::ByStatus(_) => ("nothing".to_owned(), false),
    };
    if optional { format!("{value} or nothing") } else { value }
}

/// How the next page of a list is requested.
pub(super) fn pages(pagination: &Pagination) -> String {
    let path = |path: &[String]| path.join(".");
    let turn = match &pagination.turn {
        Turn::Number(input, first) => format!("page number `{}` from {first}", input.wire),
        Turn::Offset(input, first) => format!("offset `{}` from {first}", input.wire),
        Turn::Cursor(input, next) => format!("cursor `{}` from `{}`", input.wire, path(next)),
        Turn::Last(input, key) => format!("`{}` of the last item as `{}`", path(key), input.wire),
        Turn::Url(next) => format!("URL in `{}`", path(next)),
        Turn::Link => "URL in the header `Link`".to_owned(),
    };
    let size = pagination.size.as_ref().map(|(name, default)| {
        let default = default.map(|it| format!(", {it} by default")).unwrap_or_default();
        format!("; size `{name}`{default}")
    });
    let named = |label: &str, at: &Option<Vec<String>>| at.as_ref().map(|at| format!("; {label} `{}`", path(at)));
    let ends = [
        named("size given in", &pagination.size_given),
        named("total in", &pagination.total),
        named("more in", &pagination.more),
    ];
    let rest: String = std::iter::once(size).chain(ends).flatten().collect();
    format!("{turn}; items in `{}`{rest}", path(&pagination.items))
}
