//! Tags of unions: the variant writes its own, and reading keeps which one it was.

use golden::one_of_tags_written::types::{
    Circle, Closed, Counters, Event, Message, Shape, Square, SquareKind, Started, Stopped, Switch, Turn,
};
use serde_json::{Value, json};

use crate::wire::support::{Answer, Server, sent};

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn each_tag_is_a_variant_that_comes_back_with_it() {
    for value in [
        json!({"name": "started", "by": "x"}),
        json!({"name": "stopped", "by": "x"}),
        json!({"name": "info", "text": "x"}),
        json!({"name": "warning", "text": "x"}),
        json!({"name": "counters", "a": 1, "b": 2}),
        json!({"name": "closed", "at": "now"}),
        json!({"name": "unknown", "by": "x"}),
    ] {
        assert_eq!(serde_json::to_value(read::<Event>(&value)).unwrap(), value);
    }
    assert!(matches!(read(&json!({"name": "started"})), Event::Started(_)));
    assert!(matches!(read(&json!({"name": "stopped"})), Event::Stopped(_)));
    assert!(matches!(read(&json!({"name": "info", "text": "x"})), Event::Info(_)));
    assert!(matches!(read(&json!({"name": "warning", "text": "x"})), Event::Warning(_)));
    assert!(matches!(read(&json!({"name": "other"})), Event::Closed(_)));
    assert!(matches!(read(&json!({"name": "another"})), Event::Unknown(_)));
    let Event::Counters(counters) = read(&json!({"name": "counters", "a": 1})) else { panic!("counters are counters") };
    assert_eq!(counters.additional_properties, [("a".to_owned(), 1)].into());
    for value in [json!({"kind": "circle", "radius": 1.5}), json!({"kind": "hexagon", "size": 1.5})] {
        assert_eq!(serde_json::to_value(read::<Shape>(&value)).unwrap(), value);
    }
}

#[tokio::test]
async fn the_variant_writes_its_tag() {
    for (event, expected) in [
        (Event::from(Started::new().by("x")), json!({"name": "started", "by": "x"})),
        (Event::from(Stopped::new()), json!({"name": "stopped"})),
        (Event::Warning(Box::new(Message::new("x"))), json!({"name": "warning", "text": "x"})),
        // What a caller puts among the other properties does not contradict the tag.
        (
            Counters::new().additional_property("name", 1).additional_property("a", 2).into(),
            json!({"name": "counters", "a": 2}),
        ),
        // A variant that lists more values than the mapping has a field for them.
        (Closed::new("other").into(), json!({"name": "other"})),
    ] {
        let request = sent!(one_of_tags_written, |client| client.send_event(event.clone()));
        assert_eq!(request.json(), expected);
    }
    // A schema under two tags that is used elsewhere too says its own tag.
    for action in ["turn_on", "turn_off"] {
        let request = sent!(one_of_tags_written, |client| client.put_switch(Turn::new(action)));
        assert_eq!(request.json(), json!({"action": action}));
        assert_eq!(read::<Switch>(&request.json()), Switch::from(Turn::new(action)));
    }
    let request = sent!(one_of_tags_written, |client| client.put_shape(Circle::new(1.5)));
    assert_eq!(request.json(), json!({"kind": "circle", "radius": 1.5}));
    // A struct that is used elsewhere too has the field, which the variant does not follow.
    let mut square = Square::new(2.0);
    let request = sent!(one_of_tags_written, |client| client.put_square(square.clone()));
    assert_eq!(request.json(), json!({"kind": "square", "side": 2.0}));
    square.kind = SquareKind::from("cube");
    let request = sent!(one_of_tags_written, |client| client.put_shape(square.clone()));
    assert_eq!(request.json(), json!({"kind": "square", "side": 2.0}));
}

#[test]
fn a_tag_has_the_type_of_its_property() {
    use golden::one_of_tags_typed::types::{Circle, Config, Everything, First, Flag, Half, Odd, Scale, Second, Shape};
    for value in [
        json!({"shape": {"kind": 1, "radius": 0.5}, "config": {"version": 2, "a": "x"}, "flag": {"on": false}}),
        json!({"shape": {"kind": 3, "side": 0.5}, "second": {"version": 2}, "scale": {"factor": 0.5, "of": "x"}}),
        json!({"shape": {"kind": 4, "side": 0.5}, "flag": {"on": true, "since": "x"}, "odd": {"side": 1, "right": "x"}}),
    ] {
        assert_eq!(serde_json::to_value(read::<Everything>(&value)).unwrap(), value);
    }
    let all = Everything::new()
        .shape(Circle::new())
        .config(First::new())
        .second(Second::new())
        .flag(Flag::True(Box::default()))
        .scale(Half::new());
    let expected = json!({"shape": {"kind": 1}, "config": {"version": 1}, "second": {"version": 2}, "flag": {"on": true},
        "scale": {"factor": 0.5}});
    assert_eq!(serde_json::to_value(&all).unwrap(), expected);
    assert_eq!(read::<Everything>(&expected), all);
    assert!(matches!(read(&json!({"kind": 3})), Shape::Square3(_)));
    assert!(matches!(read(&json!({"version": 2})), Config::Second(_)));
    assert!(matches!(read(&json!({"factor": 1})), Scale::Whole(_)));
    assert!(matches!(read(&json!({"factor": 1.0})), Scale::Whole(_)));
    assert!(matches!(read(&json!({"side": 5, "left": "x"})), Odd::Left(_)));
    assert!(matches!(read(&json!({"kind": 4, "side": 0.5})), Shape::Unknown(_)));
}

#[test]
fn a_variant_that_says_more_about_a_mapped_schema_has_its_tag() {
    use golden::one_of_tags_inline::types::{Kept, Other, Step, Steps};
    let value = json!({"steps": [{"kind": "run", "command": "x", "retries": 2}, {"kind": "wait", "seconds": 1, "until": "x"},
        {"kind": "sleep", "until": "x"}, {"kind": "stop", "seconds": 1}], "kept": {"kind": "rerun", "of": "x"},
        "other": {"kind": "jump", "retries": 1}});
    assert_eq!(serde_json::to_value(read::<Steps>(&value)).unwrap(), value);
    assert!(matches!(read(&value["steps"][0]), Step::Run(run) if run.retries == Some(2)));
    assert!(matches!(read(&value["steps"][2]), Step::Sleep(wait) if wait.until.is_some()));
    assert!(matches!(read(&value["steps"][3]), Step::Stop(_)));
    assert!(matches!(read(&json!({"kind": "run", "of": "x"})), Kept::Run(_)));
    assert!(matches!(read(&value["kept"]), Kept::Rerun(_)));
    assert!(matches!(read(&json!({"kind": "stop", "seconds": 1})), Other::Stop(_)));
}

#[tokio::test]
async fn what_was_read_is_sent_with_its_tag() {
    let value = json!({"name": "warning", "text": "x"});
    let server = Server::new([Answer::json(200, &value.to_string()), Answer::empty(204)]);
    let client = server.client(golden::one_of_tags_written::Client::builder());
    let event = client.get_event().await.unwrap();
    client.send_event(event).await.unwrap();
    assert_eq!(server.requests()[1].json(), value);
}

#[tokio::test]
async fn a_union_in_a_union_has_both_tags() {
    use golden::one_of_tags_nested::types::{Circle, Shape, Square};

    for (shape, expected) in [
        (Shape::from(Square::new(1.5)), json!({"kind": "polygon", "sides": "four", "size": 1.5})),
        (Shape::from(Circle::new(1.5)), json!({"kind": "circle", "size": 1.5})),
    ] {
        let request = sent!(one_of_tags_nested, |client| client.put_shape(shape.clone()));
        assert_eq!(request.json(), expected);
        assert_eq!(read::<Shape>(&expected), shape);
    }
    let contradiction = json!({"kind": "circle", "sides": "four", "size": 1.5});
    assert!(matches!(read(&contradiction), Shape::Circle(_)));
    assert!(matches!(read(&json!({"kind": "oval", "sides": "four", "size": 1.5})), Shape::Unknown(_)));
}
