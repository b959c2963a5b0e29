//! Documents of one kind, of any size.

#![allow(clippy::needless_pass_by_value, reason = "JSON is passed as it is made")]

use serde_json::{Value, json};

/// A kind of documents.
pub(crate) struct Family {
    pub(crate) name: &'static str,
    /// What the document is called.
    pub(crate) file: &'static str,
    pub(crate) size: usize,
    /// The document of a size, and an overlay.
    pub(crate) make: fn(usize) -> (String, Option<String>),
}

const fn json(name: &'static str, size: usize, make: fn(usize) -> (String, Option<String>)) -> Family {
    Family { name, file: "document.json", size, make }
}

const fn yaml(name: &'static str, size: usize, make: fn(usize) -> (String, Option<String>)) -> Family {
    Family { name, file: "document.yaml", size, make }
}

pub(crate) const FAMILIES: &[Family] = &[
    json("operations", 200, operations),
    json("operations-of-one-id", 200, operations_of_one_id),
    json("operations-of-functions", 200, operations_of_functions),
    json("operations-of-classes", 200, operations_of_classes),
    json("operations-of-a-tag-each", 200, operations_of_a_tag_each),
    json("operations-of-a-scheme-each", 200, operations_of_a_scheme_each),
    json("parameters", 600, parameters),
    json("required-parameters", 600, required_parameters),
    json("parameters-of-many", 30, parameters_of_many),
    json("responses", 500, responses),
    json("headers", 1000, headers),
    json("media-types", 5000, media_types),
    json("form", 400, form),
    json("schemas", 300, schemas),
    json("schemas-in-packages", 300, schemas_in_packages),
    json("schemas-both-ways", 300, schemas_both_ways),
    json("schemas-of-two-types", 300, schemas_of_two_types),
    json("schemas-inside-each-other", 300, schemas_inside_each_other),
    json("properties", 600, properties),
    json("required-properties", 600, required_properties),
    json("properties-of-one-name", 600, properties_of_one_name),
    json("enum", 1500, enum_of_texts),
    json("enum-of-integers", 1500, enum_of_integers),
    json("enum-of-one-name", 1500, enum_of_one_name),
    json("variants", 300, variants),
    json("variants-mapped", 300, variants_mapped),
    json("heirs", 300, heirs),
    json("unions-in-unions", 300, unions_in_unions),
    json("all-of", 600, all_of),
    json("references", 5000, references),
    json("long-chain", 40, long_chain),
    json("maps-in-maps", 500, maps_in_maps),
    json("pattern-properties", 500, pattern_properties),
    json("server-variables", 200, server_variables),
    json("text-of-brackets", 20_000, |n| described(&"[".repeat(n))),
    json("text-of-links", 5000, |n| described(&"[http://a".repeat(n))),
    json("text-of-list-marks", 5000, |n| described(&"- ".repeat(n))),
    json("text-of-hanging-items", 200, |n| described(&format!("{}{}", "- ".repeat(40), "word ".repeat(20 * n)))),
    json("text-of-quotation-marks", 5000, |n| described(&"> ".repeat(n))),
    json("text-of-backticks", 20_000, |n| described(&"` ".repeat(n))),
    json("text-of-growing-backticks", 40_000, growing_backticks),
    json("text-of-tags", 20_000, |n| described(&"<".repeat(n))),
    json("text-of-stars", 20_000, |n| described(&"*a ".repeat(n))),
    json("text-of-underscores", 20_000, |n| described(&"_a ".repeat(n))),
    json("text-of-tables", 2000, |n| described(&format!("{}\n{}\n", "|a".repeat(n), "|-".repeat(n)))),
    json("text-of-words", 20_000, |n| described(&"word ".repeat(n))),
    json("text-of-lines", 20_000, |n| described(&"word\n".repeat(n))),
    yaml("yaml-lists", 20_000, |n| (format!("{HEAD}x-list:\n{}", "- [1, a]\n".repeat(n)), None)),
    yaml("yaml-brackets", 20_000, |n| (format!("{HEAD}x-list: {}", "[".repeat(n)), None)),
    yaml("yaml-brackets-and-tabs", 20_000, |n| (format!("{HEAD}x: \"\t\n\"\ny: }}{}", "[".repeat(n)), None)),
    yaml("yaml-aliases", 50, yaml_aliases),
    json("overlay-actions", 1000, overlay_actions),
    json("overlay-removals", 5000, overlay_removals),
    json("overlay-copies", 10, overlay_copies),
    json("overlay-descents", 2, overlay_descents),
];

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: Work, version: '1'}\nservers: [{url: 'https://work.example'}]\n\
    paths: {/a: {get: {responses: {'200': {description: d}}}}}\n";

fn object(members: impl IntoIterator<Item = (String, Value)>) -> Value {
    Value::Object(members.into_iter().collect())
}

fn text() -> Value {
    json!({"type": "string"})
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn of_json(schema: &Value) -> Value {
    json!({"200": {"description": "d", "content": {"application/json": {"schema": schema}}}})
}

/// A document of these schemas, with an operation that gives the first one.
fn document(schemas: impl IntoIterator<Item = (String, Value)>) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Work", "version": "1"},
        "servers": [{"url": "https://work.example"}],
        "paths": {"/a": {"get": {"operationId": "get_a", "responses": of_json(&reference("S0"))}}},
        "components": {"schemas": object(schemas)}
    })
}

fn whole(document: &Value) -> (String, Option<String>) {
    (document.to_string(), None)
}

fn of_schemas(schemas: impl IntoIterator<Item = (String, Value)>) -> (String, Option<String>) {
    whole(&document(schemas))
}

fn of_schema(schema: Value) -> (String, Option<String>) {
    of_schemas([("S0".to_owned(), schema)])
}

/// A document of operations, each at a path of its own.
fn of_operations(n: usize, make: impl Fn(usize) -> Value) -> Value {
    let mut document = document([("S0".to_owned(), text())]);
    document["paths"] = object((0..n).map(|index| (format!("/p{index}"), json!({"get": make(index)}))));
    document
}

fn operation() -> Value {
    json!({"responses": {"200": {"description": "d"}}})
}

fn with(mut value: Value, key: &str, member: Value) -> Value {
    value[key] = member;
    value
}

/// A document of one operation that has this besides.
fn of_operation(key: &str, member: Value) -> (String, Option<String>) {
    whole(&of_operations(1, |_| with(operation(), key, member.clone())))
}

fn operations(n: usize) -> (String, Option<String>) {
    whole(&of_operations(n, |_| operation()))
}

fn operations_of_one_id(n: usize) -> (String, Option<String>) {
    let mut document = of_operations(n, |_| with(operation(), "operationId", "same".into()));
    document["paths"] =
        object((0..n).map(|index| {
            (format!("/p{}", signs(index)), json!({"get": with(operation(), "operationId", "same".into())}))
        }));
    whole(&document)
}

fn with_ids(n: usize, path: fn(usize) -> String, id: fn(usize) -> String) -> (String, Option<String>) {
    let mut document = of_operations(n, |_| operation());
    let item = |index: usize| (path(index), json!({"get": with(operation(), "operationId", id(index).into())}));
    document["paths"] = object((0..n).map(item));
    whole(&document)
}

fn operations_of_functions(n: usize) -> (String, Option<String>) {
    with_ids(n, |index| format!("/p{index}/all"), |index| format!("read_p{index}_all_get"))
}

fn operations_of_classes(n: usize) -> (String, Option<String>) {
    with_ids(n, |index| format!("/p{index}"), |index| format!("C{index}Controller_findAll"))
}

fn operations_of_a_tag_each(n: usize) -> (String, Option<String>) {
    whole(&of_operations(n, |index| with(operation(), "tags", json!([format!("t{index}")]))))
}

fn operations_of_a_scheme_each(n: usize) -> (String, Option<String>) {
    let named = |index: usize| object([(format!("s{index}"), json!([]))]);
    let mut document = of_operations(n, |index| with(operation(), "security", json!([named(index)])));
    let scheme = |index| (format!("s{index}"), json!({"type": "apiKey", "in": "header", "name": format!("h{index}")}));
    document["components"]["securitySchemes"] = object((0..n).map(scheme));
    whole(&document)
}

fn list_of_parameters(n: usize, is_required: bool) -> Value {
    let parameter =
        |index| json!({"name": format!("p{index}"), "in": "query", "required": is_required, "schema": text()});
    (0..n).map(parameter).collect()
}

fn parameters(n: usize) -> (String, Option<String>) {
    of_operation("parameters", list_of_parameters(n, false))
}

fn required_parameters(n: usize) -> (String, Option<String>) {
    of_operation("parameters", list_of_parameters(n, true))
}

/// The parameters of one path item, to which as many refer.
fn parameters_of_many(n: usize) -> (String, Option<String>) {
    let mut document = document([("S0".to_owned(), text())]);
    let refer = |index| (format!("/p{index}"), json!({"$ref": "#/components/pathItems/One"}));
    document["paths"] = object((0..n).map(refer));
    let item = json!({"parameters": list_of_parameters(20, false), "get": operation()});
    document["components"]["pathItems"] = json!({"One": item});
    whole(&document)
}

fn responses(n: usize) -> (String, Option<String>) {
    let response = |index: usize| {
        let properties = object([(format!("e{index}"), text())]);
        let schema = json!({"type": "object", "properties": properties});
        (index.to_string(), of_json(&schema)["200"].clone())
    };
    of_operation("responses", object((400..400 + n).map(response)))
}

fn headers(n: usize) -> (String, Option<String>) {
    let headers = object((0..n).map(|index| (format!("h{index}"), json!({"schema": text()}))));
    of_operation("responses", json!({"200": {"description": "d", "headers": headers}}))
}

fn media_types(n: usize) -> (String, Option<String>) {
    let content = object((0..n).map(|index| (format!("a/t{index}"), json!({"schema": text()}))));
    of_operation("responses", json!({"200": {"description": "d", "content": content}}))
}

fn form(n: usize) -> (String, Option<String>) {
    let properties = object((0..n).map(|index| (format!("p{index}"), text())));
    let schema = json!({"type": "object", "properties": properties});
    of_operation("requestBody", json!({"content": {"multipart/form-data": {"schema": schema}}}))
}

fn model(properties: impl IntoIterator<Item = (String, Value)>) -> Value {
    json!({"type": "object", "properties": object(properties)})
}

fn schemas(n: usize) -> (String, Option<String>) {
    let schema = |index: usize| {
        let next = if index + 1 < n { reference(&format!("S{}", index + 1)) } else { text() };
        (format!("S{index}"), model([("a".to_owned(), text()), ("next".to_owned(), next)]))
    };
    of_schemas((0..n).map(schema))
}

fn schemas_in_packages(n: usize) -> (String, Option<String>) {
    let name = |index: usize| format!("shop.v{}.Item{}", index % 2, index / 2);
    let schema = |index: usize| {
        let next = if index + 1 < n { reference(&name(index + 1)) } else { text() };
        (name(index), model([("a".to_owned(), text()), ("next".to_owned(), next)]))
    };
    let mut document = document((0..n).map(schema));
    let first = reference(&name(0));
    document["paths"]["/a"]["get"]["responses"] = of_json(&first);
    whole(&document)
}

fn schemas_both_ways(n: usize) -> (String, Option<String>) {
    let schema = |index: usize| {
        let next = reference(&format!("S{}", (index + 1) % n));
        let previous = reference(&format!("S{}", (index + n - 1) % n));
        (format!("S{index}"), model([("next".to_owned(), next), ("previous".to_owned(), previous)]))
    };
    of_schemas((0..n).map(schema))
}

/// Schemas that lead to one with a required property of responses and one of requests, so each has a type for each direction.
fn schemas_of_two_types(n: usize) -> (String, Option<String>) {
    let schema = |index: usize| {
        let next = reference(&format!("S{}", (index + 1) % n));
        let list = json!({"type": "array", "items": reference(&format!("S{}", (index + n - 1) % n))});
        let id = with(text(), if index == 0 { "writeOnly" } else { "readOnly" }, true.into());
        let model = model([("id".to_owned(), id), ("next".to_owned(), next), ("list".to_owned(), list)]);
        (format!("S{index}"), with(model, "required", json!(["id"])))
    };
    let mut document = document((0..n).map(schema));
    let body = json!({"content": {"application/json": {"schema": reference("S0")}}});
    document["paths"]["/a"]["put"] =
        json!({"operationId": "put_a", "requestBody": body, "responses": of_json(&text())});
    whole(&document)
}

/// Types that are equal but for the last one that they lead to.
fn schemas_inside_each_other(n: usize) -> (String, Option<String>) {
    let property = |index: usize| {
        let next = if index + 1 < n {
            json!({"$ref": format!("#/components/schemas/S0/properties/p{}", index + 1)})
        } else {
            text()
        };
        (format!("p{index}"), model([("a".to_owned(), next)]))
    };
    of_schema(model((0..n).map(property)))
}

fn properties(n: usize) -> (String, Option<String>) {
    of_schema(model((0..n).map(|index| (format!("p{index}"), text()))))
}

fn required_properties(n: usize) -> (String, Option<String>) {
    let required: Value = (0..n).map(|index| format!("p{index}")).collect();
    of_schema(with(model((0..n).map(|index| (format!("p{index}"), text()))), "required", required))
}

/// A text of `n` characters: runs of backticks, each longer than the one before.
fn growing_backticks(n: usize) -> (String, Option<String>) {
    described(&(1..(2 * n).isqrt()).map(|length| "`".repeat(length) + " ").collect::<String>())
}

/// Names that reduce to a single letter.
fn properties_of_one_name(n: usize) -> (String, Option<String>) {
    of_schema(model((0..n).map(|index| (format!("a{}", signs(index)), text()))))
}

/// As many different texts without letters.
fn signs(index: usize) -> String {
    (0..16).map(|bit| if index >> bit & 1 == 0 { '-' } else { '_' }).collect()
}

fn of_enum(values: Value) -> (String, Option<String>) {
    of_schema(model([("a".to_owned(), json!({"enum": values}))]))
}

fn enum_of_texts(n: usize) -> (String, Option<String>) {
    of_enum((0..n).map(|index| format!("v{index}")).collect())
}

fn enum_of_integers(n: usize) -> (String, Option<String>) {
    of_enum((0..n).collect())
}

fn enum_of_one_name(n: usize) -> (String, Option<String>) {
    of_enum((0..n).map(|index| format!("a{}", signs(index))).collect())
}

fn variants(n: usize) -> (String, Option<String>) {
    of_schema(json!({"oneOf": (0..n).map(|index| model([(format!("k{index}"), text())])).collect::<Value>()}))
}

fn variants_mapped(n: usize) -> (String, Option<String>) {
    let variants: Value = (1..=n).map(|index| reference(&format!("S{index}"))).collect();
    let target = |index| (format!("m{index}"), format!("#/components/schemas/S{index}").into());
    let discriminator = json!({"propertyName": "kind", "mapping": object((1..=n).map(target))});
    let choice = ("S0".to_owned(), json!({"oneOf": variants, "discriminator": discriminator}));
    let variant = |index| (format!("S{index}"), model([(format!("k{index}"), text())]));
    of_schemas(std::iter::once(choice).chain((1..=n).map(variant)))
}

fn heirs(n: usize) -> (String, Option<String>) {
    let base = with(model([("kind".to_owned(), text())]), "discriminator", json!({"propertyName": "kind"}));
    let heir = |index| {
        let parts = json!([reference("S0"), model([(format!("k{index}"), text())])]);
        (format!("S{index}"), json!({"allOf": parts}))
    };
    of_schemas(std::iter::once(("S0".to_owned(), base)).chain((1..=n).map(heir)))
}

/// A union whose variants are unions, to any depth.
fn unions_in_unions(n: usize) -> (String, Option<String>) {
    let all: Value = (1..=n).map(|index| reference(&format!("S{index}"))).collect();
    let union = |index: usize| {
        let own = model([(format!("k{index}"), text())]);
        (format!("S{index}"), json!({"oneOf": [own, {"type": "integer"}]}))
    };
    of_schemas(std::iter::once(("S0".to_owned(), json!({"oneOf": all}))).chain((1..=n).map(union)))
}

fn all_of(n: usize) -> (String, Option<String>) {
    of_schema(json!({"allOf": (0..n).map(|index| model([(format!("p{index}"), text())])).collect::<Value>()}))
}

fn references(n: usize) -> (String, Option<String>) {
    let chain = (0..n).map(|index| (format!("S{index}"), reference(&format!("S{}", index + 1))));
    of_schemas(chain.chain([(format!("S{n}"), text())]))
}

/// Many that refer to the beginning of a chain that is still followed.
fn long_chain(n: usize) -> (String, Option<String>) {
    let first = (0..1000).map(|index| (format!("p{index}"), reference("C0")));
    let chain = (0..n).map(|index| (format!("C{index}"), reference(&format!("C{}", index + 1))));
    of_schemas(std::iter::once(("S0".to_owned(), model(first))).chain(chain).chain([(format!("C{n}"), text())]))
}

fn maps_in_maps(n: usize) -> (String, Option<String>) {
    let map = |index| {
        let next = reference(&format!("S{}", (index + 1) % n));
        (format!("S{index}"), json!({"type": "object", "additionalProperties": next}))
    };
    of_schemas((0..n).map(map))
}

fn pattern_properties(n: usize) -> (String, Option<String>) {
    let map = json!({"type": "object", "patternProperties": {"^x": model([("a".to_owned(), text())])}});
    of_schema(model((0..n).map(|index| (format!("p{index}"), map.clone()))))
}

fn server_variables(n: usize) -> (String, Option<String>) {
    let mut document = of_operations(1, |_| operation());
    let variable = |index: usize| {
        let next = index + 1;
        (format!("v{index}"), json!({"default": format!("{{v{next}}}{{v{next}}}")}))
    };
    document["servers"] = json!([{"url": "https://work.example/{v0}", "variables": object((0..n).map(variable))}]);
    whole(&document)
}

fn described(text: &str) -> (String, Option<String>) {
    whole(&of_operations(1, |_| with(operation(), "description", text.into())))
}

fn yaml_aliases(n: usize) -> (String, Option<String>) {
    let (list, aliases) = (vec!["1"; n].join(", "), vec!["*a"; 50].join(", "));
    (format!("{HEAD}x-one: &a [{list}]\nx-all: [{aliases}]\n"), None)
}

fn overlaid(document: &Value, actions: &[Value]) -> (String, Option<String>) {
    let overlay = json!({"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "actions": actions});
    (document.to_string(), Some(overlay.to_string()))
}

fn small() -> Value {
    of_operations(1, |_| operation())
}

fn overlay_actions(n: usize) -> (String, Option<String>) {
    let action = |index| json!({"target": "$..get", "update": {"description": format!("d{index}")}});
    overlaid(&small(), &(0..n).map(action).collect::<Vec<_>>())
}

fn overlay_removals(n: usize) -> (String, Option<String>) {
    let mut document = small();
    document["x-list"] = (0..n).collect();
    document["x-map"] = object((0..n).map(|index| (format!("k{index}"), index.into())));
    let remove = |target: &str| json!({"target": target, "remove": true});
    overlaid(&document, &[remove("$['x-list'][?@ > 1]"), remove("$['x-map'][?@ > 1]")])
}

fn overlay_copies(n: usize) -> (String, Option<String>) {
    let mut document = small();
    document["x-list"] = json!([1, 2]);
    let double = json!({"target": "$['x-list']", "copy": "$['x-list']"});
    overlaid(&document, &vec![double; n * 4])
}

fn overlay_descents(n: usize) -> (String, Option<String>) {
    let target = format!("${}", "..*".repeat(n * 4));
    overlaid(&small(), &[json!({"target": target, "remove": true, "x-allow-unmatched": true})])
}
