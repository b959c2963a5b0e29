//! The names that callers write do not depend on the order of the document and, given the lock, not on what is added to it.

use std::{collections::BTreeSet, sync::LazyLock};

use lowcodeapi_codegen::{Config, Inputs, Output, Source, generate, public_surface};
use serde_json::{Value, json};

use crate::case::{Case, cases};

/// A case's document, and what the generator makes of it without an overlay.
struct Known {
    case: String,
    document: Value,
    text: String,
    /// The lock and the surface; `None` where no code is generated.
    names: Option<(String, BTreeSet<String>)>,
}

/// All cases, generated once for all tests.
static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let read = |case: Case| {
        // A case in which a key comes twice, or is no text, is no JSON.
        let document: Value = serde_yaml::from_str(&case.document).ok()?;
        let text = document.to_string();
        let names = output(&text, None).map(|output| (output.lock.to_string(), surface(&output)));
        Some(Known { case: case.name, document, text, names })
    };
    let known: Vec<_> = cases().into_iter().filter_map(read).collect();
    let count = known.iter().filter(|known| known.names.is_some()).count();
    assert!(known.len() > 150 && count > 140, "only {} cases were read, and {count} give code", known.len());
    known
});

fn output(text: &str, lock: Option<&str>) -> Option<Output> {
    let mut inputs = Inputs::new(Source { name: "openapi.json", text });
    if let Some(text) = lock {
        inputs = inputs.lock(Source { name: "lock.json", text });
    }
    generate(&inputs, &Config::default()).output
}

/// What callers can write.
fn surface(output: &Output) -> BTreeSet<String> {
    public_surface(&output.files).lines().map(str::to_owned).collect()
}

/// The document as JSON, its paths, their operations and its components in the order of their names or against it. The
/// order of properties stays: it is that of a struct's fields.
fn written(document: &Value, backwards: bool) -> String {
    fn write(value: &Value, levels: usize, backwards: bool, out: &mut String) {
        let Value::Object(entries) = value else {
            out.push_str(&value.to_string());
            return;
        };
        if levels == 0 {
            out.push_str(&value.to_string());
            return;
        }
        let mut entries: Vec<_> = entries.iter().collect();
        entries.sort_by_key(|(name, _)| *name);
        if backwards {
            entries.reverse();
        }
        out.push('{');
        for (index, (name, value)) in entries.into_iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            out.push_str(&Value::from(name.as_str()).to_string());
            out.push(':');
            write(value, levels - 1, backwards, out);
        }
        out.push('}');
    }
    let mut out = String::new();
    write(document, 3, backwards, &mut out);
    out
}

#[test]
fn names_do_not_depend_on_the_order_of_the_document() {
    let (mut compared, mut unstable) = (0, Vec::new());
    for Known { case, document, .. } in KNOWN.iter() {
        let [forwards, backwards] = [false, true].map(|backwards| output(&written(document, backwards), None));
        let (Some(forwards), Some(backwards)) = (forwards, backwards) else { continue };
        compared += 1;
        let (forwards, backwards) = (surface(&forwards), surface(&backwards));
        let differing: Vec<_> = forwards.symmetric_difference(&backwards).cloned().collect();
        if !differing.is_empty() {
            unstable.push((case, differing));
        }
    }
    assert!(unstable.is_empty(), "{unstable:#?}");
    assert!(compared > 140, "only {compared} cases give code");
}

/// Turns the order of all properties round.
fn turn_properties(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            if let Some(Value::Object(properties)) = entries.get_mut("properties") {
                let all: Vec<_> = std::mem::take(properties).into_iter().collect();
                properties.extend(all.into_iter().rev());
            }
            entries.values_mut().for_each(turn_properties);
        }
        Value::Array(items) => items.iter_mut().for_each(turn_properties),
        _ => {}
    }
}

#[test]
fn names_of_types_do_not_depend_on_the_order_of_properties() {
    let types = |lines: &BTreeSet<String>| -> BTreeSet<String> {
        let is_type = |line: &&String| {
            let name = line.strip_prefix("struct types::").or(line.strip_prefix("enum types::"));
            name.is_some_and(|name| name.chars().all(char::is_alphanumeric))
        };
        lines.iter().filter(is_type).cloned().collect()
    };
    let (mut compared, mut unstable) = (0, Vec::new());
    for Known { case, document, names, .. } in KNOWN.iter() {
        let Some((_, before)) = names else { continue };
        let mut turned = document.clone();
        turn_properties(&mut turned);
        let Some(after) = output(&turned.to_string(), None) else { continue };
        compared += 1;
        let (before, after) = (types(before), types(&surface(&after)));
        let differing: Vec<_> = before.symmetric_difference(&after).cloned().collect();
        if !differing.is_empty() {
            unstable.push((case, differing));
        }
    }
    assert!(unstable.is_empty(), "{unstable:#?}");
    assert!(compared > 140, "only {compared} cases give code");
}

#[test]
fn with_the_lock_names_do_not_depend_on_what_is_added() {
    let mut compared = 0;
    for Known { case, document, names, .. } in KNOWN.iter() {
        let Some((lock, before)) = names else { continue };
        let mut document = document.clone();
        // Every path once more, as one that comes first and would like the same names.
        let Some(paths) = document["paths"].as_object_mut() else { continue };
        let added: Vec<_> = paths.iter().map(|(path, item)| (format!("/0{path}"), item.clone())).collect();
        let known = std::mem::take(paths);
        paths.extend(added);
        paths.extend(known);
        let after = output(&document.to_string(), Some(lock));
        let after = after.unwrap_or_else(|| panic!("{case}: it does not generate with its own lock"));
        compared += 1;
        let after = surface(&after);
        let gone: Vec<_> = before.difference(&after).collect();
        assert!(gone.is_empty(), "{case}: {gone:#?}");
    }
    assert!(compared > 140, "only {compared} cases give code");
}

#[test]
fn with_its_own_lock_a_document_gives_the_same_again() {
    for Known { case, text, names, .. } in KNOWN.iter() {
        let Some((lock, first)) = names else { continue };
        let again = output(text, Some(lock)).unwrap_or_else(|| panic!("{case} does not generate with its lock"));
        assert_eq!(again.lock.to_string(), *lock, "{case}");
        assert_eq!(surface(&again), *first, "{case}");
    }
}

/// A document with a union of these inline variants: the tag and another required property.
fn union_of(variants: &[(&str, &str)]) -> String {
    let variant = |(tag, other): &(&str, &str)| {
        json!({"type": "object", "required": ["t", other], "properties":
            {"t": {"type": "string", "enum": [tag]}, *other: {"type": "object", "properties": {*other: {"type": "string"}}}}})
    };
    let variants: Vec<Value> = variants.iter().map(variant).collect();
    json!({"openapi": "3.0.3", "info": {"title": "Events", "version": "1"}, "servers": [{"url": "https://a.example"}],
        "paths": {"/event": {"get": {"operationId": "getEvent", "responses": {"200": {"description": "d", "content":
            {"application/json": {"schema": {"$ref": "#/components/schemas/Event"}}}}}}}},
        "components": {"schemas": {"Event": {"oneOf": variants}}}})
    .to_string()
}

/// The lock of the document by this one.
fn locked(text: &str, lock: Option<&str>) -> String {
    output(text, lock).unwrap().lock.to_string()
}

#[test]
fn the_lock_knows_variants_by_what_tells_them_apart() {
    let (before, after) = ([("alpha", "a"), ("beta", "b")], [("zero", "a"), ("beta", "b"), ("alpha", "a")]);
    let lock = locked(&union_of(&before), None);
    let extended: Value = serde_json::from_str(&locked(&union_of(&after), Some(&lock))).unwrap();
    let event = "/components/schemas/Event";
    let members = &extended["types"][event]["members"];
    assert_eq!(*members, json!({"tag:alpha": "Alpha", "tag:beta": "Beta", "tag:zero": "Zero"}));
    for (tag, name) in [("alpha", "EventAlpha"), ("beta", "EventBeta"), ("zero", "EventZero")] {
        assert_eq!(extended["types"][format!("{event}/oneOf/tag:{tag}")]["name"], name);
    }
    assert_eq!(extended["types"][format!("{event}/oneOf/tag:beta/properties/b")]["name"], "EventBetaB");
    // What stands where a removed variant stood does not take its name.
    let extended = locked(&union_of(&[("gamma", "a"), ("beta", "b")]), Some(&lock));
    assert!(extended.contains(r#""tag:alpha": "Alpha""#) && extended.contains(r#""tag:gamma": "Gamma""#), "{extended}");
}

#[test]
fn a_lock_by_positions_keeps_every_name_and_entry() {
    let case = cases().into_iter().find(|case| case.name == "one-of-told-by-lock").unwrap();
    let lock: Value = serde_json::from_str(&case.lock.clone().unwrap()).unwrap();
    let first = [("alpha", "a"), ("beta", "b")];
    let shifted = [("zero", "z"), ("alpha", "a"), ("beta", "b")];
    for variants in [first.as_slice(), shifted.as_slice()] {
        let extended = locked(&union_of(variants), Some(&lock.to_string()));
        // With its own result, nothing changes any more.
        assert_eq!(locked(&union_of(variants), Some(&extended)), extended);
        let extended: Value = serde_json::from_str(&extended).unwrap();
        let event = "/components/schemas/Event";
        for (tag, position, number) in [("alpha", 0, 1), ("beta", 1, 2)] {
            let former = format!("{event}/oneOf/{position}");
            let members = &extended["types"][event]["members"];
            assert_eq!((&members[&former], &members[format!("tag:{tag}")]), {
                let name = &lock["types"][event]["members"][&former];
                (name, name)
            });
            assert_eq!(extended["types"][&former], lock["types"][&former]);
            let name = format!("EventVariant{number}");
            assert_eq!(extended["types"][format!("{event}/oneOf/tag:{tag}")]["name"], name);
        }
    }
}

/// A document that takes and returns a schema, with these other schemas.
fn pets(is_read_only: bool, others: &Value) -> String {
    let id = json!({"type": "string", "readOnly": is_read_only});
    let pet =
        json!({"type": "object", "required": ["id", "name"], "properties": {"id": id, "name": {"type": "string"}}});
    let mut schemas = json!({"Pet": pet});
    schemas.as_object_mut().unwrap().extend(others.as_object().unwrap().clone());
    let content: Value =
        ["Pet"].into_iter().chain(others.as_object().unwrap().keys().map(String::as_str)).map(reference).collect();
    let content = json!({"application/json": {"schema": {"type": "array", "items": {"oneOf": content}}}});
    json!({"openapi": "3.0.3", "info": {"title": "Pets", "version": "1"}, "servers": [{"url": "https://a.example"}],
        "paths": {"/pets": {"put": {"operationId": "putPets", "requestBody": {"content": content},
            "responses": {"200": {"description": "d", "content": content}}}}},
        "components": {"schemas": schemas}})
    .to_string()
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

#[test]
fn a_schema_that_comes_to_have_two_types_keeps_its_name() {
    let name = |lock: &str, key: &str| {
        let lock: Value = serde_json::from_str(lock).unwrap();
        lock["types"][format!("/components/schemas/{key}")]["name"].as_str().map(str::to_owned)
    };
    let some = |name: &str| Some(name.to_owned());
    let mut first: Value = serde_json::from_str(&locked(&pets(false, &json!({})), None)).unwrap();
    // The names of members in the lock are those of both types.
    first["types"]["/components/schemas/Pet"]["members"]["name"] = "called".into();
    let second = locked(&pets(true, &json!({})), Some(&first.to_string()));
    assert_eq!((name(&second, "Pet"), name(&second, "Pet/in:request")), (some("Pet"), some("PetInput")));
    let members: Value = serde_json::from_str(&second).unwrap();
    let members = |key: &str| members["types"][format!("/components/schemas/{key}")]["members"]["name"].clone();
    assert_eq!([members("Pet"), members("Pet/in:request")], ["called", "called"]);
    // A schema that is called so later takes no name, and one that is called so before keeps its own.
    let named = json!({"PetInput": {"type": "object", "properties": {"age": {"type": "integer"}}}});
    let third = locked(&pets(true, &named), Some(&second));
    assert_eq!((name(&third, "Pet/in:request"), name(&third, "PetInput")), (some("PetInput"), some("PetInputModel")));
    let fresh = locked(&pets(true, &named), None);
    assert_eq!((name(&fresh, "Pet/in:request"), name(&fresh, "PetInput")), (some("PetRequest"), some("PetInput")));
    // Without the second type, its name is not given to another one.
    let fourth = locked(&pets(false, &named), Some(&second));
    assert_eq!((name(&fourth, "Pet"), name(&fourth, "PetInput")), (some("Pet"), some("PetInputModel")));
}

#[test]
fn the_surface_of_a_client_gives_its_names_again() {
    let mut compared = 0;
    for Known { case, text, names, .. } in KNOWN.iter() {
        let Some((_, before)) = names else { continue };
        let known: Vec<&str> = before.iter().map(String::as_str).collect();
        let config = Config::default().surface("surface.txt", known.join("\n"));
        let generated = generate(&Inputs::new(Source { name: "openapi.json", text }), &config);
        let untold: Vec<_> = generated.diagnostics.iter().filter(|it| it.code.id == "surface-unmatched").collect();
        assert!(untold.is_empty(), "{case}: {untold:#?}");
        let after = surface(&generated.output.unwrap());
        assert_eq!(&after, before, "{case}");
        compared += 1;
    }
    assert!(compared > 140, "only {compared} cases give code");
}
