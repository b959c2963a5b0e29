//! Tests the order of passes with documents whose result is wrong in another order.

use std::sync::mpsc::channel;

use serde_json::{Value, json};

use super::*;
use crate::{
    input::Profile,
    ir::{Shape, Struct, Type, TypeDef},
    lower::lower_document,
    read::{parse::Document, trail::Trail},
};

/// The document after these passes.
fn passed(tree: &Value, names: &[&str]) -> Api {
    let mut findings = Findings::default();
    let trail = Trail::of(tree);
    let (mut api, _) = lower_document(Document::new(&trail), "test.json", Profile::OpenApi, &mut findings, channel().0);
    for name in names {
        let pass = PASSES.iter().find(|pass| pass.name == *name).unwrap();
        (pass.run)(&mut api, &mut Lock::default(), &mut findings);
    }
    api
}

/// The names of the passes in the table's order, and with one of them moved before another that it must follow.
fn orders(late: &str, early: &str) -> [Vec<&'static str>; 2] {
    let right: Vec<&str> = PASSES.iter().map(|pass| pass.name).collect();
    let mut wrong = right.clone();
    wrong.retain(|name| *name != late);
    let at = wrong.iter().position(|name| *name == early).unwrap();
    wrong.insert(at, PASSES.iter().find(|pass| pass.name == late).unwrap().name);
    [right, wrong]
}

/// Asserts that something holds in the table's order, and not where `late` runs before `early`.
fn assert_order(late: &str, early: &str, tree: &Value, holds: impl Fn(&Api) -> bool) {
    let pass = PASSES.iter().find(|pass| pass.name == late).unwrap();
    assert!(pass.after.iter().any(|(name, _)| *name == early), "the table says that `{late}` follows `{early}`");
    let [right, wrong] = orders(late, early);
    assert!(holds(&passed(tree, &right)), "{late} after {early}");
    assert!(!holds(&passed(tree, &wrong)), "{late} before {early} makes no difference");
}

/// A document of operations, by their names: the schema that each one takes and the one that it returns.
#[expect(clippy::needless_pass_by_value, reason = "JSON literals are passed as they are")]
fn document(operations: &[(&str, Value, Value)], schemas: Value) -> Value {
    let mut paths = json!({});
    for (name, sent, received) in operations {
        let mut operation = json!({"operationId": name, "responses": {"200": {"description": "d", "content":
            {"application/json": {"schema": received}}}}});
        if !sent.is_null() {
            operation["requestBody"] = json!({"content": {"application/json": {"schema": sent}}});
        }
        paths[format!("/{name}")] = json!({"post": operation});
    }
    json!({"openapi": "3.0.0", "info": {"title": "t", "version": "1"}, "servers": [{"url": "https://a.example"}],
           "paths": paths, "components": {"schemas": schemas}})
}

fn used(api: &Api) -> impl Iterator<Item = &TypeDef> {
    api.types.iter().filter(|def| def.is_used())
}

fn structs(api: &Api) -> impl Iterator<Item = &Struct> {
    used(api).filter_map(|def| match &def.shape {
        Shape::Struct(shape) => Some(shape),
        _ => None,
    })
}

#[expect(clippy::needless_pass_by_value, reason = "JSON literals are passed as they are")]
fn object(properties: Value) -> Value {
    json!({"type": "object", "properties": properties})
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

#[test]
fn every_pass_follows_those_that_it_names() {
    for (at, pass) in PASSES.iter().enumerate() {
        for (name, _) in pass.after {
            assert!(PASSES[..at].iter().any(|earlier| earlier.name == *name), "{} after {name}", pass.name);
        }
    }
}

#[test]
fn usage_follows_unions() {
    let inner = json!({"oneOf": [object(json!({"a": {"type": "string"}})), object(json!({"b": {"type": "string"}}))]});
    let outer = json!({"oneOf": [reference("Inner"), object(json!({"c": {"type": "string"}}))]});
    let tree = document(&[("get", Value::Null, reference("Outer"))], json!({"Inner": inner, "Outer": outer}));
    assert_order("usage", "unions", &tree, |api| used(api).all(|def| def.pointer != "/components/schemas/Inner"));
}

#[test]
fn tags_follow_usage() {
    let variant =
        |name: &str| json!({"type": "object", "required": ["kind"], "properties": {"kind": {"enum": [name]}}});
    let either = json!({"oneOf": [variant("a"), variant("b")]});
    let tree = document(&[("get", Value::Null, reference("Either"))], json!({"Either": either}));
    assert_order("tags", "usage", &tree, |api| structs(api).all(|shape| shape.fields.is_empty()));
}

#[test]
fn equals_follow_tags() {
    let variant =
        |name: &str| json!({"type": "object", "required": ["kind"], "properties": {"kind": {"enum": [name]}}});
    let both = object(json!({"either": {"oneOf": [variant("a"), variant("b")]}, "other": variant("a")}));
    let tree = document(&[("get", Value::Null, reference("Both"))], json!({"Both": both}));
    assert_order("equals", "tags", &tree, |api| structs(api).filter(|shape| !shape.tags.is_empty()).count() == 2);
}

#[test]
fn directions_follow_usage() {
    let body =
        json!({"type": "object", "required": ["id"], "properties": {"id": {"type": "string", "readOnly": true}}});
    let tree = document(&[("get", Value::Null, reference("Body"))], json!({"Body": body}));
    assert_order("directions", "usage", &tree, |api| structs(api).all(|shape| shape.fields[0].required));
}

#[test]
fn equals_follow_directions() {
    let property = json!({"type": "string", "readOnly": true});
    let one = json!({"type": "object", "required": ["id"], "properties": {"id": property}});
    let both = object(json!({"one": one, "other": object(json!({"id": property}))}));
    let tree = document(&[("put", reference("Both"), json!({}))], json!({"Both": both}));
    assert_order("equals", "directions", &tree, |api| used(api).count() == 2);
}

#[test]
fn equals_follow_usage() {
    let inline = || object(json!({"id": {"type": "string"}}));
    let both = object(json!({"one": inline(), "other": inline()}));
    let tree = document(&[("get", Value::Null, reference("Both"))], json!({"Both": both}));
    assert_order("equals", "usage", &tree, |api| used(api).count() == 2);
}

/// An object with a required `id` of the server.
fn entity(properties: Value) -> Value {
    let mut entity = object(properties);
    entity["properties"]["id"] = json!({"type": "string", "readOnly": true});
    entity["required"] = json!(["id"]);
    entity
}

#[test]
fn split_follows_equals() {
    let name = || json!({"name": {"type": "string"}});
    // What requests have of the first is equal to the second.
    let shared = object(json!({"one": entity(name())}));
    let sent = object(json!({"other": object(name())}));
    let operations = [("a", reference("Sent"), json!({})), ("b", reference("Shared"), reference("Shared"))];
    let tree = document(&operations, json!({"Sent": sent, "Shared": shared}));
    assert_order("split", "equals", &tree, |api| {
        used(api).filter_map(TypeDef::sent).all(|id| api.type_def(id).is_used())
    });
}

#[test]
fn cycles_follow_split() {
    let link = object(json!({"back": {"allOf": [reference("Node")], "readOnly": true}}));
    let schemas = json!({"Node": entity(json!({"link": reference("Link")})), "Link": link});
    let tree = document(&[("put", reference("Node"), reference("Node"))], schemas);
    assert_order("cycles", "split", &tree, |api| {
        let sent = used(api).find(|def| def.received().is_some()).unwrap();
        matches!(&sent.shape, Shape::Struct(shape) if shape.fields.iter().all(|field| !field.boxed))
    });
}

#[test]
fn constants_follow_split() {
    let either = |name: &str| {
        let mapping = json!({name: "#/components/schemas/Cat"});
        json!({"oneOf": [reference("Cat")], "discriminator": {"propertyName": "kind", "mapping": mapping}})
    };
    let mut cat = entity(json!({"kind": {"type": "string"}}));
    cat["required"] = json!(["id", "kind"]);
    let schemas = json!({"Cat": cat, "Sent": either("sent"), "Received": either("received")});
    let operations = [("a", reference("Sent"), reference("Received")), ("b", reference("Cat"), reference("Cat"))];
    let tree = document(&operations, schemas);
    assert_order("constants", "split", &tree, |api| {
        structs(api).flat_map(|shape| &shape.fields).filter(|it| it.wire == "kind").all(|it| it.constant.is_some())
    });
}

#[test]
fn pages_follow_split() {
    let page = entity(json!({
        "code": {"type": "string", "writeOnly": true}, "items": {"type": "array", "items": {"type": "string"}}}));
    let mut tree = document(&[("list", reference("Page"), reference("Page"))], json!({"Page": page}));
    let number = json!({"name": "page", "in": "query", "schema": {"type": "integer"}});
    tree["paths"]["/list"]["post"]["parameters"] = json!([number]);
    tree["paths"]["/list"]["post"]["x-pagination"] = json!({"items": "/items", "page": "page"});
    assert_order("pages", "split", &tree, |api| {
        let pages = api.operations.iter().find_map(|operation| operation.pages.as_ref()).unwrap();
        pages.items.fields.iter().all(|(id, index)| {
            let Shape::Struct(shape) = &api.type_def(*id).shape else { return false };
            shape.fields.get(*index).is_some_and(|field| field.wire == "items")
        })
    });
}

/// Whether a type holds itself in fields that are not boxed.
fn is_endless(api: &Api) -> bool {
    (0..api.types.len()).any(|start| {
        let (mut open, mut seen) = (vec![start], vec![false; api.types.len()]);
        while let Some(at) = open.pop() {
            let Shape::Struct(shape) = &api.types[at].shape else { continue };
            for field in shape.fields.iter().filter(|field| !field.boxed) {
                let Type::Named(id) = field.ty.split_nullable().0 else { continue };
                if id.0 == start {
                    return true;
                }
                if !std::mem::replace(&mut seen[id.0], true) {
                    open.push(id.0);
                }
            }
        }
        false
    })
}

#[test]
fn cycles_follow_equals() {
    let link = || object(json!({"next": reference("Node")}));
    let node = object(json!({"link": link()}));
    // The type at `a` has the shortest place and stands for that of the node's own link. It is found before that and the node.
    let start = object(json!({"a": link(), "second": {"$ref": "#/components/schemas/Node/properties/link"}}));
    let tree = document(&[("get", Value::Null, reference("Start"))], json!({"Start": start, "Node": node}));
    assert_order("cycles", "equals", &tree, |api| !is_endless(api));
}

#[test]
fn constants_follow_directions() {
    let kind = json!({"type": "string", "enum": ["only"], "readOnly": true});
    let body = json!({"type": "object", "required": ["kind"], "properties": {"kind": kind}});
    let tree = document(&[("put", reference("Body"), json!({}))], json!({"Body": body}));
    assert_order("constants", "directions", &tree, |api| structs(api).all(|it| it.fields[0].constant.is_none()));
}

#[test]
fn constants_follow_usage() {
    let variant = |name: &str| json!({"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}, name: {"type": "string"}}});
    let either = json!({"oneOf": [reference("A"), reference("B")], "discriminator": {"propertyName": "kind"}});
    let schemas = json!({"A": variant("a"), "B": variant("b"), "Either": either});
    // What a call returns by itself keeps its tag as a field.
    let results = [("get", "Either"), ("a", "A"), ("b", "B")].map(|(name, it)| (name, Value::Null, reference(it)));
    let tree = document(&results, schemas);
    assert_order("constants", "usage", &tree, |api| structs(api).all(|it| it.fields[0].constant.is_some()));
}

#[test]
fn pages_follow_equals() {
    let page = || object(json!({"items": {"type": "array", "items": {"type": "string"}}}));
    let mut tree = document(&[("first", Value::Null, page()), ("second", Value::Null, page())], json!({}));
    let number = json!({"name": "page", "in": "query", "schema": {"type": "integer"}});
    tree["paths"]["/second"]["post"]["parameters"] = json!([number]);
    tree["paths"]["/second"]["post"]["x-pagination"] = json!({"items": "/items", "page": "page"});
    let is_emitted = |api: &Api| {
        let pages = api.operations.iter().find_map(|operation| operation.pages.as_ref()).unwrap();
        pages.items.fields.iter().all(|(id, _)| api.type_def(*id).is_used())
    };
    assert_order("pages", "equals", &tree, is_emitted);
}

/// Whether what a pass fills is unset.
fn is_unset(api: &Api, pass: &str) -> bool {
    let mut fields = api.types.iter().filter_map(|def| match &def.shape {
        Shape::Struct(shape) => Some(&shape.fields),
        _ => None,
    });
    match pass {
        "usage" => !api.types.iter().any(TypeDef::is_used),
        "split" => api.types.iter().all(|def| def.twin.is_none()),
        "cycles" => fields.all(|fields| fields.iter().all(|field| !field.boxed)),
        "constants" => fields.all(|fields| fields.iter().all(|field| field.constant.is_none())),
        "pages" => api.operations.iter().all(|operation| operation.pages.is_none()),
        // The others change what is there, and fill nothing of their own.
        _ => true,
    }
}

#[test]
fn what_a_pass_fills_is_unset_before_it() {
    let node = json!({"type": "object", "required": ["kind", "id"], "properties": {
        "id": {"type": "string", "readOnly": true}, "kind": {"type": "string", "enum": ["node"]}, "next": reference("Node"),
        "items": {"type": "array", "items": {"type": "string"}}}});
    let mut tree = document(&[("list", reference("Node"), reference("Node"))], json!({"Node": node}));
    let number = json!({"name": "page", "in": "query", "schema": {"type": "integer"}});
    tree["paths"]["/list"]["post"]["parameters"] = json!([number]);
    tree["paths"]["/list"]["post"]["x-pagination"] = json!({"items": "/items", "page": "page"});
    let names: Vec<&str> = PASSES.iter().map(|pass| pass.name).collect();
    for count in 0..=names.len() {
        let api = passed(&tree, &names[..count]);
        for name in &names[count..] {
            assert!(is_unset(&api, name), "what `{name}` fills is set after {:?}", &names[..count]);
        }
    }
    let api = passed(&tree, &names);
    for name in ["usage", "split", "cycles", "constants", "pages"] {
        assert!(!is_unset(&api, name), "the document shows what `{name}` fills");
    }
}
