//! The lock keeps the meaning of names: what a name stands for stays the same, wherever it stands in the document.

use std::collections::{BTreeMap, BTreeSet};

use lowcodeapi_codegen::{Config, Inputs, Source, generate};
use serde_json::{Value, json};

const SCHEMAS: &str = "/components/schemas";

/// The lock, and the codes of the findings, of a document whose only call takes the first of these schemas and returns it.
fn locked(schemas: &str, lock: Option<&Value>) -> (Value, Vec<String>) {
    let schemas: Value = serde_yaml::from_str(schemas).unwrap();
    let first = schemas.as_object().unwrap().keys().next().unwrap();
    let content = json!({"application/json": {"schema": {"$ref": format!("#{SCHEMAS}/{first}")}}});
    let operation = json!({"operationId": "post", "requestBody": {"content": content},
        "responses": {"200": {"description": "", "content": content}}});
    let text =
        json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "servers": [{"url": "https://a.example"}],
        "paths": {"/a": {"post": operation}}, "components": {"schemas": schemas}})
        .to_string();
    let lock = lock.map(Value::to_string);
    let mut inputs = Inputs::new(Source { name: "d.json", text: &text });
    if let Some(text) = &lock {
        inputs = inputs.lock(Source { name: "l.json", text });
    }
    let generated = generate(&inputs, &Config::default());
    let codes = generated.diagnostics.iter().map(|it| it.code.id.to_owned()).collect();
    (serde_json::from_str(&generated.output.unwrap().lock.to_string()).unwrap(), codes)
}

/// The lock after a document has become another one.
fn after(before: &str, after: &str) -> (Value, Vec<String>) {
    let first = locked(before, None).0;
    let (second, codes) = locked(after, Some(&first));
    // With its own lock, the document gives the same again.
    assert_eq!(locked(after, Some(&second)).0, second);
    (second, codes)
}

/// A union of schemas that each of these tags selects. They have constants if `is_constant`.
fn effects(tags: &str, is_constant: bool) -> String {
    let other = |tag: &str| format!("{tag}: '#{SCHEMAS}/Blur'");
    let mapping: Vec<String> = tags.split(' ').map(other).collect();
    let schema = |property: &str| {
        let value = if is_constant { format!("string, enum: [{property}]") } else { "number".to_owned() };
        format!(
            "{{type: object, required: [type, k{property}], properties: {{type: {{type: string}}, k{property}: {{type: {value}}}}}}}"
        )
    };
    format!(
        "
Eff: {{oneOf: [{{$ref: '#{SCHEMAS}/Blur'}}, {{$ref: '#{SCHEMAS}/Other'}}], discriminator: {{propertyName: type,
  mapping: {{{}, OTHER: '#{SCHEMAS}/Other'}}}}}}
Blur: {{oneOf: [{{$ref: '#{SCHEMAS}/NormalEff'}}, {{$ref: '#{SCHEMAS}/FastBlurEff'}}]}}
NormalEff: {}
FastBlurEff: {}
Other: {}",
        mapping.join(", "),
        schema("n"),
        schema("f"),
        schema("o"),
    )
}

#[test]
fn a_variant_sends_the_tag_that_it_is_named_by() {
    for is_constant in [false, true] {
        let members = |lock: &Value| lock["types"][format!("{SCHEMAS}/Eff")]["members"].clone();
        let [normal, fast] = if is_constant { ["n", "f"] } else { ["NormalEff", "FastBlurEff"] };
        let key = |tag: &str, what: &str| {
            if is_constant { format!("tag:{tag} {what}") } else { format!("tag:{tag} {SCHEMAS}/{what}") }
        };
        let expected = json!({
            key("BACK_BLUR", fast): "FastBackBlur",
            key("BACK_BLUR", normal): "NormalBackBlur",
            key("LAYER_BLUR", fast): "FastLayerBlur",
            key("LAYER_BLUR", normal): "NormalLayerBlur",
            "tag:OTHER": "Other",
        });
        for tags in ["BACK_BLUR LAYER_BLUR", "LAYER_BLUR BACK_BLUR"] {
            assert_eq!(members(&locked(&effects(tags, is_constant), None).0), expected);
            let longer = after(&effects(tags, is_constant), &effects("A BACK_BLUR LAYER_BLUR", is_constant)).0;
            let mut longer = members(&longer);
            longer.as_object_mut().unwrap().retain(|key, _| !key.starts_with("tag:A "));
            assert_eq!(longer, expected);
        }
        // A tag in front of the only one that a schema had does not take its name.
        let first = members(&locked(&effects("LAYER_BLUR", is_constant), None).0);
        let (lock, _) = after(&effects("LAYER_BLUR", is_constant), &effects("A LAYER_BLUR", is_constant));
        assert_eq!(members(&lock)[key("LAYER_BLUR", normal)], first[key("LAYER_BLUR", normal)]);
        assert_eq!(members(&lock)[key("A", normal)], "NormalA");
    }
}

#[test]
fn numbered_variants_of_older_locks_are_known_where_their_number_is_the_same() {
    let mut lock = locked(&effects("LAYER BACK", false), None).0;
    let union = format!("{SCHEMAS}/Eff");
    let former = ["NormalEff", "NormalEff/other:1", "FastBlurEff", "FastBlurEff/other:1"];
    let names = ["Normal", "Normal2", "Fast", "Fast2"];
    let members: Value = former.iter().zip(names).map(|(key, name)| (format!("{SCHEMAS}/{key}"), name)).collect();
    lock["types"][&union]["members"] = members;
    let name = |lock: &Value, key: &str| lock["types"][&union]["members"][format!("tag:{key}")].clone();
    let (same, _) = locked(&effects("LAYER BACK", false), Some(&lock));
    assert_eq!(name(&same, "LAYER /components/schemas/NormalEff"), "Normal");
    assert_eq!(name(&same, "BACK /components/schemas/FastBlurEff"), "Fast2");
    // Which of them is new is not known, so that none has a name that meant another tag.
    let (longer, _) = locked(&effects("A LAYER BACK", false), Some(&lock));
    for (tag, expected) in [("A", "NormalA"), ("LAYER", "NormalLayer"), ("BACK", "NormalBack")] {
        assert_eq!(name(&longer, &format!("{tag} /components/schemas/NormalEff")), expected);
    }
}

#[test]
fn a_value_that_the_lock_lacks_swaps_no_names() {
    let values =
        |values: &str| format!("Root: {{type: object, properties: {{e: {{type: string, enum: [{values}]}}}}}}");
    let (lock, codes) = after(&values("a-b, a_b"), &values("'a b', a-b, a_b"));
    let members = &lock["types"][format!("{SCHEMAS}/Root/properties/e")]["members"];
    assert_eq!(*members, json!({"a-b": "AB", "a_b": "AB2", "a b": "AB3"}));
    assert!(!codes.contains(&"lock-swapped".to_owned()), "{codes:?}");
}

#[test]
fn schemas_that_shared_a_type_keep_its_name() {
    let object = "{type: object, properties: {x: {type: string}}}";
    let all = |names: &str| {
        let properties: Vec<String> = names.split(' ').map(|name| format!("{name}: {object}")).collect();
        format!("Root: {{type: object, properties: {{{}}}}}", properties.join(", "))
    };
    let name = |lock: &Value, property: &str| {
        lock["types"][format!("{SCHEMAS}/Root/properties/{property}")]["name"].as_str().map(str::to_owned)
    };
    let (lock, codes) = after(&all("b c d"), &all("a c d"));
    assert_eq!(name(&lock, "b").as_deref(), Some("RootB"));
    assert_eq!(name(&lock, "c").as_deref(), Some("RootB"));
    let shared = |of: &str| json!(format!("{SCHEMAS}/Root/properties/{of}"));
    assert_eq!(lock["shared"][format!("{SCHEMAS}/Root/properties/a")], shared("c"));
    assert_eq!(lock["shared"][format!("{SCHEMAS}/Root/properties/d")], shared("b"));
    assert!(!codes.contains(&"lock-incomplete".to_owned()), "{codes:?}");
    // The next one has it, too, and what was there first has it again if it returns.
    for (names, has) in [("d", "d"), ("b c d", "c"), ("b d", "b")] {
        let (lock, codes) = locked(&all(names), Some(&lock));
        assert_eq!((name(&lock, has).as_deref(), codes), (Some("RootB"), Vec::new()), "{names}");
    }
}

#[test]
fn schemas_that_stay_equal_keep_the_name_of_one_that_has_changed() {
    let all = |properties: &[&str], changed: &str| {
        let property = |name: &&str| {
            let more = if *name == changed { ", y: {type: string}" } else { "" };
            format!("{name}: {{type: object, properties: {{x: {{type: string}}{more}}}}}")
        };
        let properties: Vec<String> = properties.iter().map(property).collect();
        format!("Root: {{type: object, properties: {{{}}}}}", properties.join(", "))
    };
    let name =
        |lock: &Value, property: &str| lock["types"][format!("{SCHEMAS}/Root/properties/{property}")]["name"].clone();
    let (lock, codes) = after(&all(&["b", "c", "d"], ""), &all(&["b", "c", "d"], "b"));
    assert_eq!(
        (name(&lock, "b"), name(&lock, "c"), name(&lock, "d")),
        (json!("RootBModel"), json!("RootB"), Value::Null)
    );
    assert!(codes.contains(&"lock-followed".to_owned()), "{codes:?}");
    // Of one and another, the one that has given the name keeps it.
    let (lock, _) = after(&all(&["b", "c"], ""), &all(&["b", "c"], "b"));
    assert_eq!((name(&lock, "b"), name(&lock, "c")), (json!("RootB"), json!("RootC")));
}

#[test]
fn an_inline_enum_stays_the_component_that_it_is() {
    let schemas = |fields: &str, others: &str| {
        format!(
            "
Root: {{type: object, properties: {{w: {{$ref: '#{SCHEMAS}/Wine'}}, {fields}}}}}
Wine: {{type: string, enum: [red, green]}}
{others}"
        )
    };
    let inline = "col: {type: string, enum: [red, green]}";
    let more = format!("{inline}, v: {{$ref: '#{SCHEMAS}/Van'}}, new: {{type: string, enum: [red, green]}}");
    let (lock, _) = after(&schemas(inline, ""), &schemas(&more, "Van: {type: string, enum: [red, green]}"));
    assert_eq!(lock["shared"][format!("{SCHEMAS}/Root/properties/col")], format!("{SCHEMAS}/Wine"));
    assert_eq!(lock["types"].get(format!("{SCHEMAS}/Root/properties/col")), None);
    // What is new says by nothing which of them it is.
    assert_eq!(lock["types"][format!("{SCHEMAS}/Root/properties/new")]["name"], "RootNew");
}

/// The properties of the types of a union's variants, by their names.
fn variants(lock: &Value) -> BTreeMap<String, String> {
    let list = format!("{SCHEMAS}/Root/properties/u/oneOf/");
    let entries = lock["types"].as_object().unwrap().iter().filter(|(key, _)| key.starts_with(&list));
    let members = lock["types"][format!("{SCHEMAS}/Root/properties/u")]["members"].as_object().unwrap();
    entries
        .map(|(key, entry)| {
            let properties: Vec<&str> = entry["members"].as_object().unwrap().keys().map(String::as_str).collect();
            let variant = members.get(key).and_then(Value::as_str).unwrap_or_default();
            (format!("{} {variant}", entry["name"].as_str().unwrap()), properties.join(" "))
        })
        .collect()
}

#[test]
fn a_variant_keeps_its_name_wherever_it_stands() {
    let union = |variants: &str| {
        let variant = |text: &str| {
            let (name, said) = text.split_once(' ').unwrap_or((text, ""));
            format!(
                "{{{said} type: object, properties: {{id: {{type: string}}, {name}: {{type: object, properties: {{of_{name}: {{type: string}}}}}}}}}}"
            )
        };
        let variants: Vec<String> = variants.split('|').map(variant).collect();
        format!("Root: {{type: object, properties: {{u: {{oneOf: [{}]}}}}}}", variants.join(", "))
    };
    let cases = [
        ("p title: One,|q title: Two,", "q title: Two,|p title: One,"),
        ("p title: One,|q title: Two,", "z title: Three,|p title: One,|q title: Two,"),
        ("p required: [p],|q required: [q],", "q required: [q],|p required: [p],"),
        ("p|q", "q|p"),
        ("p|q|r", "r|p|q"),
        ("p|q", "z|p|q"),
        ("p|q|r", "q|r"),
        ("p|q|r", "r|z|y|q"),
    ];
    for (one, other) in cases {
        let first = locked(&union(one), None).0;
        let (second, codes) = locked(&union(other), Some(&first));
        let (known, found) = (variants(&first), variants(&second));
        for (name, properties) in &known {
            let is_kept = other.split('|').any(|it| properties.contains(it.split(' ').next().unwrap()));
            let has = found.get(name).or_else(|| found.get(name.split(' ').next().unwrap()));
            assert!(!is_kept || has == Some(properties), "{one} -> {other}: {name} {found:#?} {codes:?}");
        }
        assert!(codes.contains(&"lock-followed".to_owned()), "{one} -> {other}: {codes:?}");
        assert!(!codes.contains(&"lock-swapped".to_owned()), "{one} -> {other}: {codes:?}");
        // The lock says the same from then on, also where the first document returns.
        let (third, codes) = locked(&union(other), Some(&second));
        assert_eq!(third, second);
        assert!(!codes.contains(&"lock-followed".to_owned()), "{codes:?}");
        let again = variants(&locked(&union(one), Some(&second)).0);
        for (name, properties) in &known {
            assert_eq!(again.get(name), Some(properties), "{one} -> {other} -> {one}");
        }
    }
}

#[test]
fn a_schema_beside_null_is_called_like_one_that_may_be_null() {
    let root = |schema: &str| format!("Root: {{type: object, properties: {{o: {schema}}}}}");
    let plain = root(
        "{type: [object, 'null'], properties: {x: {type: string}, y: {type: array, items: {type: object, properties: {z: {type: string}}}}}}",
    );
    let beside = root(
        "{anyOf: [{type: object, properties: {x: {type: string}, y: {type: array, items: {type: object, properties: {z: {type: string}}}}}}, {type: 'null'}]}",
    );
    for (one, other) in [(&plain, &beside), (&beside, &plain)] {
        let (lock, codes) = after(one, other);
        let names: BTreeSet<&str> =
            lock["types"].as_object().unwrap().values().map(|entry| entry["name"].as_str().unwrap()).collect();
        assert_eq!(names, BTreeSet::from(["Root", "RootO", "RootOYItem"]));
        assert_eq!(codes, Vec::<String>::new());
    }
}

#[test]
fn a_setter_that_the_lock_has_keeps_its_name() {
    let root = "Root: {type: object, properties: {default: {type: string}, into: {type: string}, a.b: {type: string}, a_b: {type: string}}}";
    let mut lock = locked(root, None).0;
    let entry = format!("{SCHEMAS}/Root");
    let members = json!({"a.b": "a_b_", "a_b": "a_b", "default": "default_", "into": "into_"});
    assert_eq!(lock["types"][&entry]["members"], members);
    let former = json!({"a.b": "a_b", "a_b": "a_b_2", "default": "default", "into": "into"});
    lock["types"][&entry]["members"] = former.clone();
    let (lock, codes) = locked(root, Some(&lock));
    assert_eq!(lock["types"][&entry]["members"], former);
    assert!(!codes.contains(&"lock-swapped".to_owned()), "{codes:?}");
}
