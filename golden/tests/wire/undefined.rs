//! What is sent of values that are absent, `null`, empty or nested, in each place and style.

use golden::parameter_undefined::{
    Client,
    requests::FindRooms,
    types::{Level, Nested, Place},
};
use lowcodeapi_runtime::{Error, Nullable};
use serde_json::Value;

use crate::wire::support::{Answer, Part, given, sent};

/// A place with a name that is `null`.
fn second() -> Place {
    Place::new().name(Nullable::Null).floor(2)
}

/// The same place in a path.
fn level() -> Level {
    Level::new(2).name(Nullable::Null)
}

/// A place for a value that is not sent.
fn nowhere() -> Place {
    Place::new().name(Nullable::Null)
}

fn find(client: &Client) -> FindRooms {
    client.find_rooms(level(), level())
}

#[tokio::test]
async fn null_members_are_not_sent() {
    let request = sent!(parameter_undefined, |client| {
        let call = find(&client).form(second()).comma(second()).deep(second()).json(second());
        let call = call.repeated([Some(1), None, Some(2)]).commas([None, Some("a".to_owned())]);
        call.x_list([None, Some("a".to_owned())]).x_place(second()).place(second()).exploded(second())
    });
    let query = "floor=2&comma=floor,2&deep%5Bfloor%5D=2&json=%7B%22name%22%3Anull%2C%22floor%22%3A2%7D";
    assert_eq!(request.line, format!("GET /rooms/floor,2/.floor=2?{query}&repeated=1&repeated=2&commas=a"));
    assert_eq!(request.header("x-list").as_deref(), Some("a"));
    assert_eq!(request.header("x-place").as_deref(), Some("floor=2"));
    assert_eq!(request.header("cookie").as_deref(), Some("place=floor,2; floor=2"));
}

#[tokio::test]
async fn empty_lists_and_objects_are_not_sent() {
    let none: [&str; 0] = [];
    let request = sent!(parameter_undefined, |client| {
        let call = find(&client).form(nowhere()).comma(nowhere()).deep(nowhere()).nested(Nested::new().floors([]));
        let call = call.repeated([None]).commas([]).pipes(none).spaces(none);
        call.x_list([]).x_place(Place::new()).list(none).place(nowhere()).exploded(nowhere())
    });
    assert_eq!(request.line, "GET /rooms/floor,2/.floor=2");
    for header in ["x-list", "x-place", "cookie"] {
        assert_eq!(request.header(header), None, "{header}");
    }
    // An empty value takes back what was set before.
    let request = sent!(parameter_undefined, |client| {
        find(&client).x_list([Some("a".to_owned())]).x_list([]).list(["a"]).list(none).pipes(["a"]).pipes(none)
    });
    assert_eq!((request.line.as_str(), request.header("x-list")), ("GET /rooms/floor,2/.floor=2", None));
}

#[tokio::test]
async fn an_item_with_the_separator_of_its_style_is_refused() {
    let message = |error: Error| error.to_string();
    let answer = || Answer::empty(204);
    let pipes = given!(parameter_undefined, answer(), |client| find(&client).pipes(["a|b", "c"])).map_err(message);
    assert!(pipes.unwrap_err().contains("`pipes` cannot be sent: an item contains '|'"));
    let spaces = given!(parameter_undefined, answer(), |client| find(&client).spaces(["a b"])).map_err(message);
    assert!(spaces.unwrap_err().contains("`spaces`"));
    let comma = Some("a,b".to_owned());
    let header = given!(parameter_undefined, answer(), |client| find(&client).x_list([comma])).map_err(message);
    assert!(header.unwrap_err().contains("`x-list`"));
    let dots = Level::new(2).name("a.b".to_owned());
    let label = given!(parameter_undefined, answer(), |client| client.find_rooms(level(), dots)).map_err(message);
    assert!(label.unwrap_err().contains("`level`"));
}

#[tokio::test]
async fn nested_objects_keep_their_names() {
    let nested = Nested::new().inside(Place::new().floor(1)).beside(Place::new().floor(2)).floors([1, 2]);
    let request = sent!(parameter_undefined, |client| find(&client).nested(nested));
    assert_eq!(
        request.query(),
        ["beside=%7B%22floor%22%3A2%7D", "floors=1", "floors=2", "inside=%7B%22floor%22%3A1%7D"]
    );
}

#[tokio::test]
async fn forms_and_parts_follow_the_same_rules() {
    let list = || [None, Some("a".to_owned())];
    let request = sent!(parameter_undefined, |client| {
        client.send_form().place(second()).flat(second()).list(list()).text("")
    });
    assert_eq!(request.text(), "place%5Bfloor%5D=2&flat=floor,2&list=a&text=");
    let request = sent!(parameter_undefined, |client| client.send_form().flat(nowhere()).list([]).text("a"));
    assert_eq!(request.text(), "text=a");
    let request =
        sent!(parameter_undefined, |client| client.send_parts().place(second()).list(list()).any(Value::Null));
    assert_eq!(
        request.parts(),
        [
            Part::new("name=\"place\"", Some("application/json"), r#"{"name":null,"floor":2}"#),
            Part::new("name=\"list\"", None, "a"),
        ]
    );
}
