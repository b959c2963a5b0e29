//! Bodies: JSON, multipart, urlencoded, text and files.

use golden::{
    all_of_ref_and_extension, any_of_objects, array_without_items, body_json_array, body_json_inline, body_json_named,
    body_lines, body_multipart, body_optional, body_several_media_types, body_urlencoded, object_required_many,
    one_of_discriminator, one_of_inline, one_of_primitives, three_state_request, version_31_exclusive_minimum,
};
use lowcodeapi_runtime::{Nullable, Upload};
use serde_json::{Value, json};

use crate::wire::support::{Answer, Part, Request, Server, given, sent};

/// Bytes that are not text, and that look like the end of a part.
const BYTES: &[u8] = b"\x00\xff\r\n--x\r\n\r\n\x80";

/// A call that is answered with what it sent: what the server saw, and what the caller got.
macro_rules! echoed {
    ($case:ident, $body:expr, |$client:ident| $call:expr) => {{
        let server = Server::new([Answer::json(200, $body)]);
        let $client = server.client(golden::$case::Client::builder());
        let value = $call.await.unwrap();
        (server.request(), value)
    }};
}

fn content_type(request: &Request) -> Option<String> {
    request.header("content-type")
}

#[tokio::test]
async fn a_json_body_of_a_named_model() {
    use body_json_named::types::Book;

    let book = Book::new("\"Äpfel\"\n").pages(3).chapters(["I", "II"]);
    let text = r#"{"title":"\"Äpfel\"\n","pages":3,"chapters":["I","II"]}"#;
    let (request, got) = echoed!(body_json_named, text, |client| client.save_book("978-3", book.clone()));
    assert_eq!((request.line.as_str(), request.text()), ("PUT /books/978-3", text));
    assert_eq!(content_type(&request).as_deref(), Some("application/json"));
    assert_eq!(request.header("content-length"), Some(text.len().to_string()));
    assert_eq!(request.header("accept").as_deref(), Some("application/json"));
    assert_eq!(got, book);
}

#[tokio::test]
async fn a_json_body_written_in_place() {
    use body_json_inline::types::CreateReviewAuthor;

    let request = sent!(body_json_inline, |client| client.create_review(5));
    assert_eq!((request.line.as_str(), request.text()), ("POST /reviews", r#"{"stars":5}"#));
    let request = sent!(body_json_inline, |client| {
        client.create_review(0).text("old").author(CreateReviewAuthor::new("A").city("B")).text("")
    });
    // The text, as a key that stands there twice would be lost in reading it.
    assert_eq!(request.text(), r#"{"stars":0,"author":{"name":"A","city":"B"},"text":""}"#);
    for request in [
        sent!(ref_component_request_body, |client| client.create_recipe("Soup").servings(4)),
        sent!(ref_component_request_body, |client| client.check_recipe("Soup").servings(4)),
    ] {
        assert_eq!(request.json(), json!({"title": "Soup", "servings": 4}), "{}", request.line);
    }
}

#[tokio::test]
async fn a_json_body_that_is_no_object() {
    use body_json_array::types::Chore;

    let request =
        sent!(body_json_array, |client| client.add_chores([Chore::new("dishes"), Chore::new("beds").minutes(5)]));
    assert_eq!(request.json(), json!([{"name": "dishes"}, {"name": "beds", "minutes": 5}]));
    let request = sent!(body_json_array, |client| client.add_chores([]));
    assert_eq!(request.json(), json!([]));
    let request = sent!(body_json_array, |client| client.set_count(-12));
    assert_eq!((request.line.as_str(), request.json()), ("PUT /chores/count", json!(-12)));
    let request = sent!(object_map, |client| client.replace_counts([("a", 1), ("b\"", 2)]));
    assert_eq!(request.json(), json!({"a": 1, "b\"": 2}));
}

#[tokio::test]
async fn an_optional_body_is_sent_when_it_is_given() {
    use body_optional::types::Alarm;

    let request = sent!(body_optional, |client| client.create_alarm());
    assert_eq!(request.line, "POST /alarms");
    request.assert_no_body();
    let request =
        sent!(body_optional, |client| client.create_alarm().body(Alarm::new("6:00")).body(Alarm::new("7:00")));
    assert_eq!(request.json(), json!({"time": "7:00"}));
    let request = sent!(body_optional, |client| client.snooze().minutes(9));
    assert_eq!(request.json(), json!({"minutes": 9}));
}

#[tokio::test]
async fn the_models_of_a_body() {
    use all_of_ref_and_extension::types::{Car, Vehicle};
    use array_without_items::types::Playlist;
    use object_required_many::types::{Flight, FlightRequired};
    use version_31_exclusive_minimum::types::Payment;

    let car = Car::new("B-1", 5, "diesel").trailer(Vehicle::new("B-2"));
    let text = r#"{"plate":"B-1","seats":5,"fuel":"diesel","trailer":{"plate":"B-2"}}"#;
    let (request, got) = echoed!(all_of_ref_and_extension, text, |client| client.create_car(car.clone()));
    assert_eq!(request.json(), serde_json::from_str::<Value>(text).unwrap());
    assert_eq!(got, car);

    let playlist = Playlist::new([json!(1), json!({"a": null})]);
    let (request, got) = echoed!(array_without_items, r#"[null,"x"]"#, |client| client.create_playlist(playlist));
    assert_eq!(request.json(), json!({"entries": [1, {"a": null}]}));
    assert_eq!(got, [Value::Null, json!("x")]);

    let flight = Flight::new(FlightRequired {
        number: "X1".to_owned(),
        origin: "ZRH".to_owned(),
        destination: "GVA".to_owned(),
        seats: 90,
        price: 49.5,
        direct: true,
    });
    let request = sent!(object_required_many, |client| client.create_flight(flight.gate("A7")));
    let expected = json!({
        "number": "X1", "origin": "ZRH", "destination": "GVA", "seats": 90, "price": 49.5, "direct": true, "gate": "A7",
    });
    assert_eq!(request.json(), expected);

    let request =
        sent!(version_31_exclusive_minimum, |client| { client.create_payment(Payment::new(9.75)).installments(3) });
    assert_eq!(request.line, "POST /payments?installments=3");
    assert_eq!(request.json(), json!({"amount": 9.75}));
}

#[tokio::test]
async fn absent_null_and_value_are_told_apart() {
    use three_state_request::types::ProfileUpdate;

    let new = || ProfileUpdate::new(1);
    for (update, body) in [
        (new(), json!({"version": 1})),
        (new().nickname(Nullable::Null), json!({"version": 1, "nickname": null})),
        (new().nickname(None), json!({"version": 1, "nickname": null})),
        (new().nickname("Bo"), json!({"version": 1, "nickname": "Bo"})),
        (new().birthday(None), json!({"version": 1, "birthday": null})),
        (new().birthday(Some("2000-01-01".to_owned())), json!({"version": 1, "birthday": "2000-01-01"})),
        (new().links(Vec::new()), json!({"version": 1, "links": []})),
        (new().links(Nullable::Null).bio("x"), json!({"version": 1, "links": null, "bio": "x"})),
    ] {
        let request = sent!(three_state_request, |client| client.update_profile(update));
        assert_eq!(request.json(), body);
    }
}

#[tokio::test]
async fn unions_are_sent_as_the_variant_that_they_are() {
    use any_of_objects::types::{ByPhone, Contact};
    use one_of_discriminator::types::{BankTransfer, Payment};
    use one_of_inline::types::{NotifyTarget, NotifyTargetChannel, NotifyTargetMailbox};
    use one_of_primitives::types::{Filter, FilterValue};

    let text = r#"{"method":"bank-transfer","iban":"CH1"}"#;
    let payment = Payment::from(BankTransfer::new("CH1"));
    let (request, got) = echoed!(one_of_discriminator, text, |client| client.pay(payment.clone()));
    assert_eq!((request.text(), got), (text, payment));

    let unknown = json!({"method": "shells", "count": [1, {"a": null}]});
    let payment = Payment::Unknown(unknown.clone());
    let (request, got) = echoed!(one_of_discriminator, &unknown.to_string(), |client| client.pay(payment.clone()));
    assert_eq!((request.json(), got), (unknown, payment));

    let contact = Contact::from(ByPhone::new("+41").name("A"));
    let text = r#"{"phone":"+41","name":"A"}"#;
    let (request, got) = echoed!(any_of_objects, text, |client| client.create_contact(ByPhone::new("+41").name("A")));
    assert_eq!((request.text(), got), (text, contact));

    for (target, body) in [
        (NotifyTarget::from(NotifyTargetMailbox::new("a@b")), json!({"target": {"address": "a@b"}})),
        (
            NotifyTarget::from(NotifyTargetChannel::new("c").thread("t")),
            json!({"target": {"channel": "c", "thread": "t"}}),
        ),
        (NotifyTarget::Unknown(json!(["x"])), json!({"target": ["x"]})),
    ] {
        let request = sent!(one_of_inline, |client| client.notify(target));
        assert_eq!(request.json(), body);
    }
    for (value, text) in [
        (FilterValue::Text("1".to_owned()), r#"{"value":"1"}"#),
        (FilterValue::Integer(1), r#"{"value":1}"#),
        (FilterValue::TextList(vec!["a".to_owned()]), r#"{"value":["a"]}"#),
    ] {
        let filter = Filter::new(value);
        let (request, got) = echoed!(one_of_primitives, text, |client| client.create_filter(filter.clone()));
        assert_eq!((request.text(), got), (text, filter));
    }
}

#[tokio::test]
async fn the_media_type_that_says_most_is_taken() {
    use body_several_media_types::types::Translation;

    let request = sent!(body_several_media_types, |client| client.translate(Translation::new("Hallo").language("de")));
    assert_eq!(request.json(), json!({"text": "Hallo", "language": "de"}));
}

#[tokio::test]
async fn a_text_body() {
    let request = sent!(body_text, |client| client.add_poem("Über allen\r\nGipfeln"));
    assert_eq!((request.line.as_str(), request.text()), ("POST /poems", "Über allen\r\nGipfeln"));
    assert_eq!(content_type(&request).as_deref(), Some("text/plain; charset=utf-8"));
    let request = sent!(body_text, |client| client.import_poems("a;b\n"));
    assert_eq!((request.line.as_str(), request.text()), ("PUT /poems/table", "a;b\n"));
}

#[tokio::test]
async fn a_text_body_of_a_value() {
    let request = sent!(body_text, |client| client.set_form("free verse"));
    assert_eq!((request.line.as_str(), request.text()), ("PUT /poems/form", "free verse"));
    let request = sent!(body_text, |client| client.set_form(golden::body_text::types::SetFormBody::Sonnet));
    assert_eq!(request.text(), "sonnet");
    let request = sent!(body_text, |client| client.set_count().body(7));
    assert_eq!((request.line.as_str(), request.text()), ("PUT /poems/count", "7"));
    assert_eq!(content_type(&request).as_deref(), Some("text/plain; charset=utf-8"));
}

#[tokio::test]
async fn a_body_that_is_a_file() {
    let request = sent!(body_binary, |client| client.upload_photo(Upload::from_bytes("a", BYTES)));
    assert_eq!((request.line.as_str(), request.body.as_slice()), ("POST /photos", BYTES));
    assert_eq!(content_type(&request).as_deref(), Some("application/octet-stream"));
    let request = sent!(body_binary, |client| client.replace_thumbnail("p").body(Upload::from_bytes("a.png", BYTES)));
    assert_eq!((request.line.as_str(), request.body.as_slice()), ("PUT /photos/p/thumbnail", BYTES));
    assert_eq!(content_type(&request).as_deref(), Some("image/png"));
    let request = sent!(body_binary, |client| client.replace_thumbnail("p"));
    request.assert_no_body();
    let answer = Answer::new(200, "image/png", BYTES);
    let got = given!(version_31_content_media_type, answer, |client| client.upload_raw(Upload::from_bytes("a", "b")));
    assert_eq!(got.unwrap(), BYTES);
    let file = |name: &str| Upload::from_bytes(name, BYTES);
    let request = sent!(version_31_content_media_type, |client| client
        .upload_photo(file("p.jpg"))
        .stamp(file("s.png"))
        .scan(file("s.tiff"))
        .icon("aWNvbg==")
        .page("<p>")
        .sheets([file("1")]));
    let kinds: Vec<_> = request.parts().into_iter().map(|part| part.content_type).collect();
    let kinds: Vec<_> = kinds.iter().map(Option::as_deref).collect();
    assert_eq!(
        kinds,
        [
            Some("image/jpeg"),
            Some("image/png"),
            Some("image/tiff"),
            Some("image/png"),
            Some("text/html"),
            Some("image/png")
        ]
    );
}

#[tokio::test]
async fn texts_and_files_of_any_media_type_are_sent_as_they_are() {
    let log = Upload::from_bytes("log.txt", "a\nb");
    let request = sent!(media_type_of_anything, |client| client.replace_log("1", log));
    assert_eq!((request.line.as_str(), request.text()), ("PUT /jobs/1/log", "a\nb"));
    let request = sent!(media_type_of_anything, |client| client.upload_result("1", Upload::from_bytes("r", BYTES)));
    assert_eq!((request.line.as_str(), request.body.as_slice()), ("PUT /jobs/1/result", BYTES));
    assert_eq!(content_type(&request).as_deref(), Some("application/json"));
}

#[tokio::test]
async fn a_form_that_is_put_together() {
    use golden::body_forms_composed::types::CreateTokenGrant;

    let file = Upload::from_bytes("v.mp4", BYTES);
    let request = sent!(body_forms_composed, |client| client.upload_video("Sea", file).channel(3));
    let mut parts = request.parts();
    parts.sort_by(|one, other| one.disposition.cmp(&other.disposition));
    let expected = [
        Part::new(r#"name="channel""#, None, "3"),
        Part::new(r#"name="file"; filename="v.mp4""#, Some("video/mp4"), BYTES),
        Part::new(r#"name="name""#, None, "Sea"),
    ];
    assert_eq!(parts, expected);
    // Each variant has one value of the property, and together they are an enum.
    assert_eq!(CreateTokenGrant::VALUES, [CreateTokenGrant::Password, CreateTokenGrant::RefreshToken]);
    let grant = CreateTokenGrant::RefreshToken;
    let request = sent!(body_forms_composed, |client| client.create_token("me").grant(grant).refresh_token("r"));
    assert_eq!(request.text(), "client_id=me&grant=refresh_token&refresh_token=r");
    let request = sent!(body_forms_composed, |client| client.save_settings().language("de"));
    assert_eq!(request.text(), "language=de");
}

#[tokio::test]
async fn the_values_of_a_form_fit_all_declarations_of_their_properties() {
    use golden::body_forms_composed::types::{AddLinkUntil, SetCoverKind, SetCoverSize};

    let file = Upload::from_bytes("c.png", BYTES);
    let size = SetCoverSize::new(3, 2);
    let request =
        sent!(body_forms_composed, |client| client.set_cover().kind(SetCoverKind::Wide).file(file).size(size));
    let expected = [
        Part::new(r#"name="kind""#, None, "wide"),
        Part::new(r#"name="file"; filename="c.png""#, Some("image/png"), BYTES),
        Part::new(r#"name="size""#, Some("application/json"), r#"{"width":3,"height":2}"#),
    ];
    assert_eq!(request.parts(), expected);
    let until = AddLinkUntil::from("never");
    let request = sent!(body_forms_composed, |client| client.add_link("a").weight(2_i64).until(until));
    assert_eq!(request.text(), "target=a&weight=2&until=never");
}

#[tokio::test]
async fn a_multipart_body() {
    use body_multipart::types::Place;

    let audio = Upload::from_bytes("song.mp3", BYTES);
    let request =
        sent!(body_multipart, |client| client.upload_recording(audio.clone(), "Tä\r\n\"t\"", Place::new("Ulm")));
    let required = [
        Part::new(r#"name="audio"; filename="song.mp3""#, Some("audio/mpeg"), BYTES),
        Part::new(r#"name="title""#, None, "Tä\r\n\"t\""),
        Part::new(r#"name="place""#, Some("application/json"), r#"{"name":"Ulm"}"#),
    ];
    assert_eq!(request.parts(), required);
    assert_eq!(request.header("content-length"), Some(request.body.len().to_string()));

    let request = sent!(body_multipart, |client| {
        let call = client.upload_recording(audio, "t", Place::new("Ulm").country("DE"));
        let call = call.cover(Upload::from_bytes("c.jpg", "1")).cover(Upload::from_bytes("c.png", "2"));
        let attachments = [Upload::from_bytes("a.txt", "3"), Upload::from_bytes("b", "").with_content_type("a/b")];
        call.attachments(attachments).track(0).extras([("k", json!([1]))]).tags(["x", "y"])
    });
    let optional = [
        Part::new(r#"name="cover"; filename="c.png""#, Some("image/png"), "2"),
        Part::new(r#"name="attachments"; filename="a.txt""#, Some("text/plain"), "3"),
        Part::new(r#"name="attachments"; filename="b""#, Some("a/b"), ""),
        Part::new(r#"name="track""#, None, "0"),
        Part::new(r#"name="extras""#, Some("application/json"), r#"{"k":[1]}"#),
        Part::new(r#"name="tags""#, None, "x"),
        Part::new(r#"name="tags""#, None, "y"),
    ];
    assert_eq!(request.parts()[3..], optional);
}

#[tokio::test]
async fn parts_have_the_media_types_of_their_types() {
    use golden::body_multipart_encoding::types::Track;

    let request = sent!(body_multipart_encoding, |client| {
        client.create_album().tracks([Track::new("a"), Track::new("b")]).genres(["jazz"])
    });
    let expected = [
        Part::new(r#"name="tracks""#, Some("application/json"), r#"{"title":"a"}"#),
        Part::new(r#"name="tracks""#, Some("application/json"), r#"{"title":"b"}"#),
        Part::new(r#"name="genres""#, None, "jazz"),
    ];
    assert_eq!(request.parts(), expected);
}

#[tokio::test]
async fn parts_have_the_media_types_that_the_document_declares() {
    use golden::body_multipart_encoding::types::Track;

    let request = sent!(body_multipart_encoding, |client| {
        let call = client.create_album().notes("# A").label("A\"B").plays(3).lyrics(["<p>", "<q>"]);
        call.owner(Track::new("o")).history(Track::new("h"))
    });
    let expected = [
        Part::new(r#"name="notes""#, Some("text/markdown"), "# A"),
        Part::new(r#"name="label""#, Some("application/json"), r#""A\"B""#),
        Part::new(r#"name="plays""#, Some("application/json"), "3"),
        Part::new(r#"name="lyrics""#, Some("text/html"), "<p>"),
        Part::new(r#"name="lyrics""#, Some("text/html"), "<q>"),
        Part::new(r#"name="owner""#, Some("application/vnd.track+json"), r#"{"title":"o"}"#),
        // No XML is written; what is sent says so.
        Part::new(r#"name="history""#, Some("application/json"), r#"{"title":"h"}"#),
    ];
    assert_eq!(request.parts(), expected);
}

#[tokio::test]
async fn files_have_a_media_type_that_the_document_declares() {
    for (file, cover, picture) in [
        (Upload::from_bytes("unknown", "x"), "image/png", "application/octet-stream"),
        (Upload::from_bytes("c.jpg", "x"), "image/jpeg", "image/jpeg"),
        (Upload::from_bytes("c.txt", "x"), "image/png", "text/plain"),
        (Upload::from_bytes("c.txt", "x").with_content_type("image/webp"), "image/webp", "image/webp"),
    ] {
        let request = sent!(body_multipart_encoding, |client| {
            client.create_album().cover(file.clone()).picture(file.clone()).booklet([Upload::from_bytes("b", "x")])
        });
        let kinds: Vec<_> = request.parts().into_iter().map(|part| part.content_type.unwrap()).collect();
        assert_eq!(kinds, [cover, picture, "application/pdf"], "{file:?}");
    }
}

#[tokio::test]
async fn forms_and_files_go_before_other_bodies_of_parts() {
    let request = sent!(body_multipart_kinds, |client| client.send_either().text("t"));
    assert_eq!(request.parts(), [Part::new(r#"name="text""#, None, "t")]);
    let request = sent!(body_multipart_kinds, |client| client.send_raw().text("t"));
    let media_type = content_type(&request).unwrap();
    assert!(media_type.starts_with("multipart/related; boundary=") && media_type.ends_with("; type=\"text/plain\""));
    let request = sent!(body_multipart_kinds, |client| client.send_file(Upload::from_bytes("m.eml", BYTES)));
    assert_eq!(content_type(&request).as_deref(), Some("message/rfc822"));
}

#[tokio::test]
async fn a_file_among_other_things_is_an_upload() {
    let file = |name: &str| Upload::from_bytes(name, name.to_owned());
    let part = |name: &str, file: &str| {
        let media_type = if file.ends_with("png") { "image/png" } else { "image/tiff" };
        Part::new(&format!(r#"name="{name}"; filename="{file}""#), Some(media_type), file)
    };
    let request = sent!(body_multipart_file_choices, |client| {
        let call = client.edit_image([file("1.png"), file("2.png")], "p", [file("l.png")]);
        call.mask(file("m.png")).source(file("s.png")).scans([file("t.png"), file("u.tiff"), file("v")])
    });
    let expected = [
        part("image", "1.png"),
        part("image", "2.png"),
        Part::new(r#"name="prompt""#, None, "p"),
        part("layers", "l.png"),
        part("mask", "m.png"),
        part("source", "s.png"),
        Part::new(r#"name="scans"; filename="t.png""#, Some("image/tiff"), "t.png"),
        part("scans", "u.tiff"),
        part("scans", "v"),
    ];
    assert_eq!(request.parts(), expected);
}

#[tokio::test]
async fn a_body_that_is_a_file_has_a_declared_media_type() {
    for (name, declared, in_range, any) in [
        ("f.txt", "image/png", "application/pdf", "text/plain"),
        ("f.jpg", "image/jpeg", "image/jpeg", "image/jpeg"),
        ("f", "image/png", "application/pdf", "application/octet-stream"),
    ] {
        let file = || Upload::from_bytes(name, BYTES);
        let sent = [
            sent!(body_binary_several, |client| client.add_picture(file())),
            sent!(body_binary_several, |client| client.replace_picture(file())),
            sent!(body_binary_several, |client| client.replace_file(file())),
            sent!(body_binary_several, |client| client.add_file(file())),
        ];
        let kinds = sent.map(|request| content_type(&request).unwrap());
        assert_eq!(kinds, [declared, in_range, any, "application/octet-stream"], "{name}");
    }
    let own = Upload::from_bytes("f", BYTES).with_content_type("a/b");
    let request = sent!(body_binary_several, |client| client.add_file(own));
    assert_eq!(content_type(&request).as_deref(), Some("a/b"));
}

#[tokio::test]
async fn a_whole_body_has_the_declared_media_type_and_its_length() {
    let request = sent!(body_text, |client| client.import_poems("a;b"));
    assert_eq!(request.header("content-type").as_deref(), Some("text/csv; charset=utf-8"));
    let request = sent!(body_binary, |client| client.replace_thumbnail("p").body(Upload::from_bytes("thumb", "xyz")));
    assert_eq!(request.header("content-type").as_deref(), Some("image/png"));
    assert_eq!(request.header("content-length").as_deref(), Some("3"));
    assert_eq!(request.header("transfer-encoding"), None);
}

#[tokio::test]
async fn an_urlencoded_body() {
    use body_urlencoded::types::CreateSessionGrantType;

    let request = sent!(body_urlencoded, |client| client.create_session(CreateSessionGrantType::Password, "a b&c=d+é"));
    assert_eq!(
        (request.line.as_str(), request.text()),
        ("POST /sessions", "grant_type=password&username=a+b%26c%3Dd%2B%C3%A9")
    );
    assert_eq!(content_type(&request).as_deref(), Some("application/x-www-form-urlencoded"));
    let request = sent!(body_urlencoded, |client| {
        let call = client.create_session(CreateSessionGrantType::from("device/code"), "");
        call.lifetime(-1).remember(false).scopes(["old"]).scopes(["read", "write,all"]).lifetime(60)
    });
    let expected = "grant_type=device%2Fcode&username=&remember=false&scopes=read&scopes=write%2Call&lifetime=60";
    assert_eq!(request.text(), expected);
}

#[tokio::test]
async fn lists_in_an_urlencoded_body_repeat_their_name() {
    use body_urlencoded::types::Door;

    let request = sent!(body_urlencoded, |client| client.create_room().size((3, "m²".to_owned())).labels("a,b"));
    assert_eq!(request.text(), "size=3&size=m%C2%B2&labels=a%2Cb");
    let labels = vec!["a".to_owned(), "b".to_owned()];
    let request = sent!(body_urlencoded, |client| client.create_room().labels(labels).doors([Door::new(1)]));
    assert_eq!(request.text(), "labels=a&labels=b&doors%5B0%5D%5Bwidth%5D=1");
}

#[tokio::test]
async fn a_part_has_the_name_that_the_overlay_gives_it() {
    let request =
        sent!(overlay_part_name, |client| client.paint_portrait(Upload::from_bytes("me.png", "x")).title("Me"));
    let file = Part::new(r#"name="file"; filename="me.png""#, Some("image/png"), "x");
    assert_eq!(request.parts(), [file, Part::new(r#"name="title""#, None, "Me")]);
}

#[tokio::test]
async fn an_object_of_which_one_property_or_another_is_needed() {
    use golden::one_of_required::types::Contact;

    let request = sent!(one_of_required, |client| client.add_contact(Contact::new("n").phone("p")));
    assert_eq!(request.json(), json!({"name": "n", "phone": "p"}));
}

#[tokio::test]
async fn items_of_a_body_are_lines() {
    use body_lines::types::Row;

    let request = sent!(body_lines, |client| client.import_rows([Row::new(1), Row::new(2)]));
    assert_eq!(content_type(&request).as_deref(), Some("application/x-ndjson"));
    assert_eq!(request.text(), "{\"id\":1}\n{\"id\":2}\n");
    let request = sent!(body_lines, |client| client.replace_rows().body((0..2).map(Row::new)));
    assert_eq!(
        (content_type(&request).as_deref(), request.text()),
        (Some("application/jsonl"), "{\"id\":0}\n{\"id\":1}\n")
    );
    sent!(body_lines, |client| client.replace_rows()).assert_no_body();
    let request = sent!(body_lines, |client| client.send_events([Row::new(3)]));
    assert_eq!((content_type(&request).as_deref(), request.text()), (Some("application/ndjson"), "{\"id\":3}\n"));
    let request = sent!(body_lines, |client| client.send_numbers([1, 2]));
    assert_eq!(
        (content_type(&request).as_deref(), request.text()),
        (Some("application/json-seq"), "\u{1e}1\n\u{1e}2\n")
    );
    let request = sent!(body_lines, |client| client.send_text(Upload::from_bytes("a.ndjson", "{}\n")));
    assert_eq!((content_type(&request).as_deref(), request.text()), (Some("application/x-ndjson"), "{}\n"));
}
