//! Arrays whose items have types by position.

use golden::tuples::{
    self,
    types::{Legs, Route, Shape, Stop},
};
use lowcodeapi_runtime::{Decimal, Tuple};
use serde_json::json;

use crate::wire::support::{Answer, Part, Server, sent};

const WHOLE: &str = r#"{"start":[0.5,1.25],"stops":[[1,{"name":"a"}],[2,{"name":"b","at":[3.5,4.5]}]],"#;

fn again(rest: &str) -> String {
    let text = format!("{WHOLE}{rest}}}");
    let route: Route = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&route).unwrap(), text);
    text
}

#[test]
fn tuples_are_kept_in_every_place() {
    again(r#""open":["a",null],"open_typed":["a"],"single":["a"],"nested":["a",["1.50"]],"prices":[1.50,"2.50"]"#);
    again(r#""open":["a",true,{"b":[1]},null],"open_typed":["a",{"name":"b"},{"name":"c"}]"#);
    again(
        r#""by_name":{"a":[1.5,2.5]},"absent_at_end":["a"],"thirteen":["a",1,true],"node":{"edge":[1,{"edge":[2,{}]}]}"#,
    );
    again(r#""absent_at_end":["a",2],"old_draft":["a",null]"#);
}

#[test]
fn items_are_fields() {
    let mut open: Tuple<(String, Option<bool>)> = ("a".to_owned(), None).into();
    open.1 = Some(true);
    let route = Route::new((1.5, 2.5), [(1, Stop::new("a"))]).open(open).open_typed(("b".to_owned(),));
    let route = route.prices((Decimal::from(1), "2".to_owned()));
    assert_eq!((route.start.1, route.stops[0].1.name.as_str()), (2.5, "a"));
    let written = json!({
        "start": [1.5, 2.5], "stops": [[1, {"name": "a"}]], "open": ["a", true], "open_typed": ["b"], "prices": [1, "2"]
    });
    assert_eq!(serde_json::to_value(&route).unwrap(), written);
}

#[test]
fn the_variant_goes_by_the_length_and_the_items() {
    let shape = |text: &str| serde_json::from_str::<Shape>(text).unwrap();
    assert_eq!(shape("[1.5, 2.5]"), Shape::NumberPair((1.5, 2.5)));
    assert_eq!(shape(r#"[1.5, 2.5, "a"]"#), Shape::NumberNumberText((1.5, 2.5, "a".to_owned())));
    let nested = shape(r#"[{"name": "a"}, [{"name": "b"}, "c"]]"#);
    let inner = Shape::StopShape(Box::new((Stop::new("b"), Shape::Text("c".to_owned()))));
    assert_eq!(nested, Shape::StopShape(Box::new((Stop::new("a"), inner))));
    for other in ["[]", "[1]", "[1,2,3,4]", r#"["a","b"]"#] {
        assert!(matches!(shape(other), Shape::Unknown(_)), "{other}");
        assert_eq!(serde_json::to_string(&shape(other)).unwrap(), other);
    }
}

#[tokio::test]
async fn tuples_are_inputs_and_results() {
    let server = Server::new([Answer::json(200, &format!("{WHOLE}\"single\":[\"a\"]}}"))]);
    let client = server.client(tuples::Client::builder());
    let route = client.find_route((0.5, 1.0)).near(Tuple { items: ("a".to_owned(),), rest: vec![2.5] }).await.unwrap();
    assert_eq!(route.start, (0.5, 1.25));
    assert_eq!(server.request().line, "GET /routes?from=0.5&from=1&near=%5B%22a%22%2C2.5%5D");
    let server = Server::new([Answer::json(200, "[1.5]")]);
    let error = server.client(tuples::Client::builder()).add_route(route).await.unwrap_err();
    assert!(error.to_string().contains("expected 2 items, found 1"), "{error}");
}

#[tokio::test]
async fn items_keep_their_places_in_every_style() {
    let leg = (1, None, "a".to_owned());
    let request = sent!(tuples, |client| {
        let legs = Legs::new().first(leg.clone()).others([Some(1), None, Some(2)]);
        client.find_legs().by(leg.clone()).legs(legs).x_legs(leg)
    });
    let legs = "legs%5Bfirst%5D%5B%5D=1&legs%5Bfirst%5D%5B%5D=&legs%5Bfirst%5D%5B%5D=a\
                &legs%5Bothers%5D%5B%5D=1&legs%5Bothers%5D%5B%5D=2";
    assert_eq!(request.line, format!("GET /legs?by=1,,a&{legs}"));
    assert_eq!(request.header("x-legs").as_deref(), Some("1,,a"));
    let request = sent!(tuples, |client| client.find_legs().x_legs(vec![Some(true), None, Some(false)]));
    assert_eq!(request.header("x-legs").as_deref(), Some("true,false"));
}

#[tokio::test]
async fn items_of_tuples_and_unions_are_parts_as_those_of_arrays_are() {
    let leg = (1, None, "a".to_owned());
    let legs = |number| Legs::new().others([Some(number)]);
    let request = sent!(tuples, |client| {
        let call = client.add_legs().leg(leg.clone()).typed(leg).notes(vec!["a".to_owned(), "b".to_owned()]);
        call.legs(vec![legs(1), legs(2)])
    });
    let json = Some("application/json");
    let expected = [
        Part::new("name=\"leg\"", None, "1"),
        Part::new("name=\"leg\"", None, ""),
        Part::new("name=\"leg\"", None, "a"),
        Part::new("name=\"typed\"", Some("text/html"), "1"),
        Part::new("name=\"typed\"", Some("text/html"), ""),
        Part::new("name=\"typed\"", Some("text/html"), "a"),
        Part::new("name=\"notes\"", None, "a"),
        Part::new("name=\"notes\"", None, "b"),
        Part::new("name=\"legs\"", json, r#"{"others":[1]}"#),
        Part::new("name=\"legs\"", json, r#"{"others":[2]}"#),
    ];
    assert_eq!(request.parts(), expected);
    let request = sent!(tuples, |client| client.add_legs().notes("a").legs(legs(1)));
    let expected = [Part::new("name=\"notes\"", None, "a"), Part::new("name=\"legs\"", json, r#"{"others":[1]}"#)];
    assert_eq!(request.parts(), expected);
}
