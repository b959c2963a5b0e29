//! Variants that are selected by the values that they list.

use std::fmt::Debug;

use golden::{
    discriminator_listed::types::{
        self as zoo, Both, Cat, Dog, Inline, Lost, Mapped, Named, Open, Pen, Shared, Shop, Tool, Toy,
    },
    one_of_listed::types::{
        Bare, BareBankType, Batch, Day, Due, Job, Level, Method, Moment, Order, Paid, Price, Shape, Wrapped,
    },
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::wire::support::sent;

/// Reads a value, which must be written again as it was.
fn kept<T: Serialize + DeserializeOwned + Debug>(value: &Value) -> T {
    let read: T = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), *value, "{read:?}");
    let text: T = serde_json::from_str(&value.to_string()).unwrap();
    assert_eq!(serde_json::to_value(&text).unwrap(), *value, "{text:?}");
    read
}

#[test]
fn a_listed_value_selects_the_variant_that_lists_it() {
    assert!(matches!(kept(&json!({"type": "card", "id": "x"})), Method::Card(_)));
    assert!(matches!(kept(&json!({"type": "ach_plaid", "id": "x"})), Method::Ach(_)));
    assert!(matches!(kept(&json!({"type": "cash", "id": "x"})), Method::Cash(_)));
    // What the variant does not know does not make it another one.
    let other = serde_json::from_value(json!({"type": "scheme", "bank": "x"})).unwrap();
    assert!(matches!(other, Method::Card(_)));
    // A value that none lists is kept.
    let Method::Ach(ach) = kept(&json!({"type": "new", "bank": "x"})) else { panic!("the first knows most") };
    assert_eq!(ach.type_, Some(BareBankType::from("new")));

    assert!(matches!(kept(&json!({"type": "ach"})), Bare::Bank(_)));
    assert!(matches!(kept(&json!({"type": "card"})), Bare::Plastic(_)));
    assert!(matches!(kept(&json!({"amount": 1, "state": "settled"})), Paid::Now(_)));
    assert!(matches!(kept(&json!({"amount": 1, "state": "overdue"})), Paid::Later(_)));
    assert!(matches!(kept(&json!({"level": 2})), Level::Low(_)));
    assert!(matches!(kept(&json!({"level": 3})), Level::High(_)));
}

#[test]
fn values_inside_of_variants_select_them() {
    assert!(matches!(kept(&json!([{"event": "started"}])), Batch::StartedList(_)));
    assert!(matches!(kept(&json!([{"event": "stopped"}])), Batch::StoppedList(_)));
    assert!(matches!(kept(&json!([{"event": "other"}])), Batch::StartedList(_)));
    assert!(matches!(kept(&json!({"meta": {"t": "a"}})), Wrapped::First(_)));
    assert!(matches!(kept(&json!({"meta": {"t": "b"}})), Wrapped::Second(_)));
}

#[test]
fn texts_are_read_as_what_they_are() {
    const DATE: &str = "2026-11-24T23:00:00Z";
    assert!(matches!(kept(&json!(DATE)), Moment::DateTime(_)));
    assert!(matches!(kept(&json!("tomorrow")), Moment::Text(_)));
    assert!(matches!(kept(&json!(DATE)), Due::DateTime(_)));
    assert!(matches!(kept(&json!("now")), Due::Now(_)));
    assert!(matches!(kept(&json!("later")), Due::Now(_)));
    assert!(matches!(kept(&json!(DATE)), Day::DateTime(_)));
    assert!(matches!(kept(&json!("2026-11-24")), Day::Text(_)));
    assert!(matches!(kept(&json!("1.50")), Price::DecimalText(_)));
    assert!(matches!(kept(&json!("free")), Price::Free(_)));
    assert!(matches!(kept(&json!("gift")), Price::Free(_)));
}

#[test]
fn listed_values_of_a_discriminator_select_the_schema() {
    for kind in ["cat", "lion"] {
        assert!(matches!(kept(&json!({"kind": kind, "name": "x"})), Named::Cat(_)));
        assert!(matches!(kept(&json!({"kind": kind})), Mapped::Cat(_)));
    }
    for kind in ["dog", "hound"] {
        assert!(matches!(kept(&json!({"kind": kind, "name": "x"})), Named::Dog(_)));
        assert!(matches!(kept(&json!({"kind": kind})), Mapped::Dog(_)));
    }
    assert!(matches!(kept(&json!({"kind": "fish"})), Named::Fish(_)));
    for name in ["Cat", "bird"] {
        assert!(matches!(kept(&json!({"kind": name})), Named::Unknown(_)));
    }
    assert!(matches!(kept(&json!({"of": "Sea"})), Shared::Sea(_)));
    assert!(matches!(kept(&json!({"of": "Land"})), Shared::Land(_)));
    assert!(matches!(kept(&json!({"colour": "blue"})), Lost::Rose(_)));
    assert!(matches!(kept(&json!({"kind": "balloon", "price": 1, "size": 2})), Toy::Ball(_)));
    assert!(matches!(kept(&json!({"kind": "puppet", "price": 1, "size": 2})), Toy::Doll(_)));
    assert!(matches!(kept(&json!({"kind": "block", "price": 1})), Toy::Base(_)));
    assert!(matches!(kept(&json!({"type": "scheme", "id": "x"})), Inline::Card(_)));
}

#[test]
fn values_of_a_discriminator_are_those_of_other_schemas() {
    use golden::one_of_tag_inherited::types::{Item, Reference};

    assert!(matches!(kept(&json!({"type": "call", "name": "x", "id": "1"})), Item::Call(_)));
    assert!(matches!(kept(&json!({"type": "message", "text": "x"})), Item::Message(_)));
    assert!(matches!(kept(&json!({"type": "message", "text": "x", "pages": 2})), Item::LongMessage(_)));
    assert!(matches!(kept(&json!({"type": "reference", "id": "1"})), Item::Reference(_)));
    let sent = serde_json::to_value(Item::from(Reference::new("1"))).unwrap();
    assert_eq!(sent, json!({"type": "reference", "id": "1"}));
}

#[test]
fn other_properties_decide_between_schemas_that_list_one_value() {
    assert!(matches!(kept(&json!({"kind": "any", "teeth": 1})), Tool::Saw(_)));
    assert!(matches!(kept(&json!({"kind": "any", "weight": 1})), Tool::Axe(_)));
    assert!(matches!(kept(&json!({"kind": "saw"})), Tool::Saw(_)));
    assert!(matches!(kept(&json!({"kind": "axe"})), Tool::Axe(_)));
    assert!(matches!(kept(&json!({"kind": "Rest", "note": "x"})), Tool::Rest(_)));
    assert!(matches!(kept(&json!({"kind": "any", "weight": 1})), Shop::Axe(_)));
    assert!(matches!(kept(&json!({"kind": "any", "teeth": 1})), Shop::Saw(_)));
    assert!(matches!(kept(&json!({"kind": "hatchet"})), Shop::Axe(_)));
    assert!(matches!(kept(&json!({"kind": "axe", "weight": 1})), Shop::Axe(_)));
}

#[tokio::test]
async fn a_variant_of_several_values_sends_that_of_the_caller() {
    let zoo = zoo::Zoo::new().named(Cat::new("lion")).mapped(Dog::new("hound")).lost(zoo::Iris::new("blue"));
    let request = sent!(discriminator_listed, |client| client.open_zoo(zoo.clone()));
    let expected = json!({"named": {"kind": "lion"}, "mapped": {"kind": "hound"}, "lost": {"colour": "blue"}});
    assert_eq!(request.json(), expected);
}

#[test]
fn alternatives_are_those_that_have_values() {
    let Both::Both(both) = kept(&json!({"a": "x", "b": "y"})) else { panic!("both are there") };
    assert_eq!((both.a.as_deref(), both.b.as_deref()), (Some("x"), Some("y")));
    assert!(matches!(kept(&json!({"b": "y"})), Pen::B(_)));
    assert!(matches!(kept(&json!("text")), Pen::Unknown(_)));
    let _: zoo::DoneEvent = kept(&json!({"event": "d", "by": "x"}));
}

#[test]
fn alternatives_have_values_without_the_property_that_two_schemas_list() {
    assert!(matches!(kept(&json!({"text": "x", "name": "y"})), Job::Draft(_)));
    assert!(matches!(kept(&json!({"size": 1, "name": "y"})), Job::Marked(_)));
    assert!(matches!(kept(&json!({"flag": true, "status": "done"})), Job::Plain(_)));
    assert!(matches!(kept(&json!({"flag": true, "status": "done"})), Order::Plain(_)));
    assert!(matches!(kept(&json!({"size": 1, "status": "done"})), Order::Sized(_)));
    assert!(matches!(kept(&json!({"text": "x", "status": "new"})), Order::Unknown(_)));
    assert!(matches!(kept(&json!({"of": {"a": 1, "b": 2}, "radius": 1})), Shape::Round(_)));
}

#[test]
fn null_is_a_value_of_untyped_properties() {
    let open: Open = kept(&json!({"any": null, "yes": null, "nullable": null}));
    assert_eq!((open.any, open.yes, open.nullable), (Some(Value::Null), Some(Value::Null), Some(Value::Null)));
    assert_eq!(kept::<Open>(&json!({})), Open::new());
    assert_eq!(serde_json::from_value::<Open>(json!({"text": null})).unwrap(), Open::new());
}
