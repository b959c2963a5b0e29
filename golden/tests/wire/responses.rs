//! Answers: models, text, bytes, nothing, and errors.

use golden::{
    array_of_models, nullable_response, ref_component_response, responses_default_error, responses_default_only,
    responses_range, responses_several_success, responses_success_or_empty, responses_typed_errors,
    yaml_status_integers,
};
use lowcodeapi_runtime::{Error, StatusCode};

use crate::wire::support::{Answer, Request, Server, given};

/// Bytes that are no text.
const BYTES: &[u8] = b"\x89PNG\r\n\x00\xff";

#[tokio::test]
async fn bytes_come_as_they_are() {
    let server = Server::new([Answer::new(200, "application/pdf", BYTES)]);
    let client = server.client(golden::responses_binary::Client::builder());
    assert_eq!(client.print_ticket("t/1").await.unwrap(), BYTES);
    let request = server.request();
    assert_eq!(request.line, "GET /tickets/t%2F1/pdf");
    assert_eq!(request.header("accept").as_deref(), Some("application/pdf"));
    let got = given!(responses_binary, Answer::empty(200), |client| client.download_archive());
    assert_eq!(got.unwrap(), b"".as_slice());
    let got = given!(responses_binary, Answer::new(200, "image/webp", BYTES), |client| client.get_logo());
    assert_eq!(got.unwrap(), BYTES);
}

#[tokio::test]
async fn a_page_is_not_taken_for_a_picture() {
    let page = Answer::new(200, "Text/HTML; charset=utf-8", "<h1>Sign in</h1>");
    let error = given!(responses_binary, page, |client| client.get_logo()).unwrap_err();
    let Error::Decode(error) = &error else { unreachable!("{error:?}") };
    assert_eq!((error.status, error.excerpt.as_str()), (StatusCode::OK, "<h1>Sign in</h1>"));
    assert!(error.message.contains("text/html"), "{}", error.message);
}

#[tokio::test]
async fn text_comes_as_it_is() {
    let text = "\"Grüße\"\r\n{}";
    let got = given!(responses_text, Answer::new(200, "text/plain", text), |client| client.get_licence("MIT"));
    assert_eq!(got.unwrap(), text);
    let got =
        given!(responses_text, Answer::new(200, "text/html; charset=utf-8", "<p>"), |client| client.licence_page());
    assert_eq!(got.unwrap(), "<p>");
    let got = given!(responses_text, Answer::new(200, "text/plain", ""), |client| client.get_licence("none"));
    assert_eq!(got.unwrap(), "");
}

#[tokio::test]
async fn a_text_that_is_a_number_has_its_type() {
    let count = |text| Answer::new(200, "text/plain; charset=utf-8", text);
    let server = Server::new([count("12\n"), count("many")]);
    let client = server.client(golden::responses_text::Client::builder());
    let got: i64 = client.count_licences().await.unwrap();
    assert_eq!(got, 12);
    assert_eq!(server.request().header("accept").as_deref(), Some("text/plain"));
    let error = client.count_licences().await.unwrap_err();
    let Error::Decode(error) = &error else { unreachable!("{error:?}") };
    assert_eq!(error.excerpt, "many");
}

#[tokio::test]
async fn a_text_that_is_one_of_several_is_a_value_of_their_enum() {
    use golden::responses_text::{
        requests::LicenceStateSuccess,
        types::{LicenceKindResponse, LicenceStateResponse},
    };

    let kind = |text| Answer::new(200, "text/plain; charset=utf-8", text);
    for (text, expected) in [("free", LicenceKindResponse::Free), ("rented", LicenceKindResponse::from("rented"))] {
        let got = given!(responses_text, kind(text), |client| client.licence_kind()).unwrap();
        assert_eq!((got.as_str(), &got), (text, &expected));
    }
    let got = given!(responses_text, kind("published"), |client| client.licence_state()).unwrap();
    assert_eq!(got, LicenceStateSuccess::Ok(LicenceStateResponse::Published));
}

#[tokio::test]
async fn texts_and_files_of_any_media_type() {
    let server = Server::new([Answer::new(200, "text/plain", "a\nb")]);
    let client = server.client(golden::media_type_of_anything::Client::builder());
    assert_eq!(client.read_log("1").await.unwrap(), "a\nb");
    assert_eq!(server.request().header("accept").as_deref(), Some("*/*"));
    let quoted = Answer::json(200, r#""a\nb""#);
    assert_eq!(given!(media_type_of_anything, quoted, |client| client.read_log("1")).unwrap(), "a\nb");
    for media_type in ["application/json", "text/csv", "application/pdf"] {
        let answer = Answer::new(200, media_type, BYTES);
        let got = given!(media_type_of_anything, answer, |client| client.download_result("1"));
        assert_eq!(got.unwrap(), BYTES, "{media_type}");
    }
    let job = Answer::json(200, r#"{"state":"done"}"#);
    assert_eq!(given!(media_type_of_anything, job, |client| client.get_job("1")).unwrap().state, "done");
}

#[tokio::test]
async fn a_range_takes_in_every_media_type_that_it_says() {
    let server = Server::new([Answer::json(200, r#"{"title":"Q1"}"#)]);
    let client = server.client(golden::response_media_types::Client::builder());
    assert_eq!(client.get_report("1").await.unwrap().title, "Q1");
    assert_eq!(server.request().header("accept").as_deref(), Some("application/json"));
    let title = Answer::json(200, r#""Q1""#);
    assert_eq!(given!(response_media_types, title, |client| client.get_title("1")).unwrap(), "Q1");
    for (media_type, is_taken) in [("application/json", true), ("image/png", true), ("text/html", false)] {
        let answer = Answer::new(200, media_type, BYTES);
        let got = given!(response_media_types, answer, |client| client.print_report("1"));
        assert_eq!(got.is_ok(), is_taken, "{media_type}");
    }
}

#[tokio::test]
async fn bytes_of_which_no_more_is_said_have_any_label() {
    for media_type in ["text/csv; charset=utf-8", "application/json", "text/html", "application/octet-stream"] {
        let answer = Answer::new(200, media_type, BYTES);
        let got = given!(response_media_types, answer.clone(), |client| client.download_source("1"));
        assert_eq!(got.unwrap(), BYTES, "{media_type}");
        let mut stream = given!(response_media_types, answer, |client| client.download_source("1").stream()).unwrap();
        assert_eq!(stream.next().await.unwrap().unwrap(), BYTES, "{media_type}");
    }
}

#[tokio::test]
async fn a_byte_order_mark_before_json_is_skipped() {
    let answer = Answer::json(200, "\u{feff}{\"title\":\"Q1\"}");
    assert_eq!(given!(response_media_types, answer, |client| client.get_report("1")).unwrap().title, "Q1");
    let title = Answer::json(200, "\u{feff}\"Q1\"");
    assert_eq!(given!(response_media_types, title, |client| client.get_title("1")).unwrap(), "Q1");
    let refused = Answer::json(400, "\u{feff}{\"message\":\"no\"}");
    let error = given!(response_media_types, refused, |client| client.get_report("1")).unwrap_err();
    let Error::Api(error) = &error else { unreachable!("{error:?}") };
    assert_eq!(error.message(), "no");
    let file = Answer::new(200, "text/csv", "\u{feff}a;b");
    let got = given!(response_media_types, file, |client| client.download_source("1"));
    assert_eq!(got.unwrap(), "\u{feff}a;b".as_bytes());
}

#[tokio::test]
async fn nothing_is_read_where_nothing_is_declared() {
    given!(responses_none, Answer::empty(204), |client| client.open_door("front")).unwrap();
    let page = Answer::new(202, "text/html", "<p>Closing</p>");
    given!(responses_none, page, |client| client.close_door("front")).unwrap();
}

#[tokio::test]
async fn a_result_that_can_be_missing() {
    use responses_success_or_empty::types::Message;

    let answer = Answer::json(200, r#"{"text":"hi"}"#);
    let got = given!(responses_success_or_empty, answer, |client| client.next_message());
    assert_eq!(got.unwrap(), Some(Message::new("hi")));
    let got = given!(responses_success_or_empty, Answer::empty(204), |client| client.next_message());
    assert_eq!(got.unwrap(), None);
    let wrong = given!(responses_success_or_empty, Answer::json(200, "{}"), |client| client.next_message());
    assert!(matches!(wrong, Err(Error::Decode(_))), "{wrong:?}");
}

#[tokio::test]
async fn a_result_that_can_be_null() {
    use nullable_response::types::Ticket;

    let got = given!(nullable_response, Answer::json(200, "null"), |client| client.next_ticket());
    assert_eq!(got.unwrap(), None);
    let got =
        given!(nullable_response, Answer::json(200, r#"{"holder":null,"price":null}"#), |client| client.next_ticket());
    assert_eq!(got.unwrap(), Some(Ticket::new()));
    let answer = Answer::json(200, r#"{"holder":"A","price":2.5}"#);
    let got = given!(nullable_response, answer, |client| client.next_ticket());
    assert_eq!(got.unwrap(), Some(Ticket::new().holder("A").price(2.5)));
    let got = given!(nullable_response, Answer::json(200, "null"), |client| client.next_seat());
    assert_eq!(got.unwrap(), None);
    let got = given!(nullable_response, Answer::json(200, r#""12a""#), |client| client.next_seat());
    assert_eq!(got.unwrap().as_deref(), Some("12a"));
}

#[tokio::test]
async fn statuses_of_success() {
    use responses_default_only::types::Joke;
    use responses_range::types::Train;
    use yaml_status_integers::types::Lamp;

    for status in [200, 203, 206] {
        let answer = Answer::json(status, r#"{"destination":"Bern"}"#);
        let got = given!(responses_range, answer, |client| client.get_train("IC 1").send_with_response()).unwrap();
        assert_eq!((got.status.as_u16(), got.value), (status, Train::new().destination("Bern")));
    }
    let got = given!(responses_default_only, Answer::json(200, r#"{"text":"ha"}"#), |client| client.random_joke());
    assert_eq!(got.unwrap(), Joke::new("ha"));
    let got = given!(yaml_status_integers, Answer::json(200, r#"{"brightness":7}"#), |client| client.get_lamp("1"));
    assert_eq!(got.unwrap(), Lamp::new().brightness(7));
}

#[tokio::test]
async fn statuses_with_results_of_their_own() {
    use responses_several_success::{
        requests::{ExportOrderSuccess, PlaceOrderSuccess},
        types::{Order, Receipt},
    };

    for (answer, expected) in [
        (Answer::json(200, r#"{"number":1}"#), PlaceOrderSuccess::Ok(Order::new(1))),
        (Answer::json(201, r#"{"total":1.5}"#), PlaceOrderSuccess::Created(Receipt::new(1.5))),
        (Answer::empty(202), PlaceOrderSuccess::Accepted),
        (Answer::new(207, "text/plain", "?"), PlaceOrderSuccess::Unknown(StatusCode::MULTI_STATUS, "?".into())),
    ] {
        assert_eq!(given!(responses_several_success, answer, |client| client.place_order()).unwrap(), expected);
    }
    let wrong = Answer::json(201, r#"{"number":1}"#);
    let error = given!(responses_several_success, wrong, |client| client.place_order()).unwrap_err();
    assert!(matches!(&error, Error::Decode(error) if error.message.contains("total")), "{error:?}");

    for (answer, expected) in [
        (Answer::new(200, "application/pdf", "%PDF"), ExportOrderSuccess::Ok("%PDF".into())),
        (Answer::new(203, "text/plain", "an order"), {
            ExportOrderSuccess::NonAuthoritativeInformation("an order".to_owned())
        }),
        (Answer::json(218, r#"{"number":7}"#), ExportOrderSuccess::Success(Order::new(7))),
    ] {
        let server = Server::new([answer]);
        let got = server.client(responses_several_success::Client::builder()).export_order(7).await.unwrap();
        assert_eq!(got, expected);
        let accept = server.request().header("accept");
        assert_eq!(accept.as_deref(), Some("application/pdf, text/plain, application/vnd.orders+json"));
    }
}

#[test]
fn a_result_by_status_is_written_as_it_is_by_itself() {
    use responses_several_success::{
        requests::{ExportOrderSuccess, PlaceOrderSuccess},
        types::Order,
    };
    use serde_json::{json, to_value};

    for (result, expected) in [
        (PlaceOrderSuccess::Ok(Order::new(1)), json!({"number": 1})),
        (PlaceOrderSuccess::Accepted, json!(null)),
        (PlaceOrderSuccess::Unknown(StatusCode::MULTI_STATUS, "?".into()), json!("?")),
    ] {
        assert_eq!(to_value(&result).unwrap(), expected);
    }
    let file = ExportOrderSuccess::Ok(BYTES.into());
    assert_eq!(to_value(&file).unwrap(), json!("iVBORw0KAP8="));
}

#[tokio::test]
async fn statuses_that_agree_give_one_result() {
    use responses_several_success::types::Order;

    for status in [200, 201] {
        let answer = Answer::json(status, r#"{"number":1}"#);
        let got = given!(responses_several_success, answer, |client| client.change_order(1));
        assert_eq!(got.unwrap(), Order::new(1));
    }
    let label = Answer::new(200, "image/png", b"png".as_slice());
    let got = given!(responses_several_success, label, |client| client.print_label(1)).unwrap();
    assert_eq!(got.as_deref(), Some(b"png".as_slice()));
    let got = given!(responses_several_success, Answer::empty(204), |client| client.print_label(1)).unwrap();
    assert_eq!(got, None);
    // An answer to HEAD has the headers of the body that it does not have.
    let head = Answer::empty(200).header("content-type", "application/json");
    given!(responses_several_success, head, |client| client.probe_order(1)).unwrap();
}

#[tokio::test]
async fn kinds_of_json_are_asked_for_and_sent_as_what_they_are() {
    use golden::body_json_kinds::{Client, types::Note};

    let server = Server::new([Answer::new(200, "application/vnd.notes.v2+json", r#"{"title":"a"}"#)]);
    let client = server.client(Client::builder());
    assert_eq!(client.merge_note("1").title("a").await.unwrap(), Note::new().title("a"));
    client.patch_note("1", [serde_json::Map::new()]).await.unwrap();
    client.replace_note("1", Note::new()).await.unwrap();
    let headers = |request: &Request| (request.header("content-type"), request.header("accept"));
    let owned = |text: &str| Some(text.to_owned());
    assert_eq!(
        server.requests().iter().map(headers).collect::<Vec<_>>(),
        [
            (owned("application/merge-patch+json"), owned("application/vnd.notes.v2+json")),
            (owned("application/json-patch+json"), owned("application/json")),
            (owned("application/json"), owned("*/*")),
        ]
    );
    assert_eq!(server.requests()[0].text(), r#"{"title":"a"}"#);
}

#[tokio::test]
async fn headers_come_with_the_response() {
    let answer = Answer::json(200, r#"["a","b"]"#).header("x-ratelimit-remaining", "7").header("etag", "\"e\"");
    let got = given!(responses_headers, answer, |client| client.list_quotes().send_with_response()).unwrap();
    assert_eq!(got.value, ["a", "b"]);
    assert_eq!(
        (&got.headers["x-ratelimit-remaining"], &got.headers["etag"]),
        (&"7".parse().unwrap(), &"\"e\"".parse().unwrap())
    );
    assert!(got.headers.get("link").is_none());
}

#[tokio::test]
async fn declared_headers_are_read_as_their_types() {
    use golden::responses_headers::{requests::ListQuotesHeaders, types};

    let answer = Answer::json(200, "[]")
        .header("x-ratelimit-remaining", "7")
        .header("x-sources", "a, b")
        .header("x-sources", "c")
        .header("x-sizes", "1,two")
        .header("x-is-whole", "true")
        .header("x_is_whole", "yes")
        .header("last-read", "2026-01-02T03:04:05Z")
        .header("x-price", "1.10")
        .header("x-level", "medium")
        .header("x-grade", "2")
        .header("x-place", r#"{"x":3}"#)
        .header("x-point", "x=3")
        .header("x-free", "{a}")
        .header("x-free-list", "1, a")
        .header("x-free-json", r#"{"a":[1]}"#)
        .header("x-either", "true")
        .header("x-several", "1")
        .header("set-cookie", "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT")
        .header("set-cookie", "b=2");
    let got = given!(responses_headers, answer, |client| client.list_quotes().send_with_response()).unwrap();
    let headers = ListQuotesHeaders::new(&got.headers);
    assert_eq!(headers.x_rate_limit_remaining(), Ok(Some(7)));
    assert_eq!(headers.x_sources().unwrap(), ["a", "b", "c"]);
    assert_eq!(headers.x_sizes().unwrap_err().text(), "1,two");
    assert_eq!((headers.x_is_whole(), headers.header_x_is_whole().is_err()), (Ok(Some(true)), true));
    assert_eq!(headers.last_read().unwrap().as_str(), "2026-01-02T03:04:05Z");
    assert_eq!(headers.x_price().unwrap().unwrap().to_string(), "1.10");
    assert_eq!(headers.x_level().unwrap().as_str(), "medium");
    assert_eq!(headers.x_grade(), Ok(Some(types::ListQuotesHeaderXGrade::N2)));
    assert_eq!(headers.x_place().unwrap().unwrap().x, 3);
    assert_eq!(headers.x_point().as_deref(), Some("x=3"));
    assert_eq!(headers.x_free().as_deref(), Some("{a}"));
    assert_eq!(headers.x_free_list().unwrap(), ["1", "a"]);
    assert_eq!(headers.x_free_json().unwrap(), Some(serde_json::json!({"a": [1]})));
    assert_eq!((headers.x_either().as_deref(), headers.x_several().as_deref()), (Some("true"), Some("1")));
    assert_eq!(headers.set_cookie().unwrap(), ["a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT", "b=2"]);
    assert_eq!((headers.link(), headers.etag()), (None, None));
}

#[tokio::test]
async fn the_same_schema_by_other_references() {
    let song = r#"{"title":"a","seconds":9}"#;
    let found = given!(ref_into_paths, Answer::json(200, song), |client| client.find_song()).unwrap();
    let random = given!(ref_into_paths, Answer::json(200, song), |client| client.random_song()).unwrap();
    assert_eq!((found.title.as_deref(), found.seconds), (Some("a"), Some(9)));
    assert_eq!(found, random);
    let album = r#"{"title":"b"}"#;
    let by_id = given!(ref_percent_encoded, Answer::json(200, album), |client| client.get_album("1")).unwrap();
    let today = given!(ref_percent_encoded, Answer::json(200, album), |client| client.album_of_the_day()).unwrap();
    assert_eq!(by_id.title.as_deref(), Some("b"));
    assert_eq!(by_id, today);
}

#[tokio::test]
async fn errors_have_the_type_of_their_status() {
    use responses_typed_errors::types::{Fault, Invalid, NotFound, Reason};

    let answer = Answer::json(404, r#"{"message":"no booking 7"}"#);
    let error = given!(responses_typed_errors, answer, |client| client.change_booking("7")).unwrap_err();
    assert!(error.is_not_found());
    let api = error.as_api().unwrap();
    assert_eq!(api.decode::<NotFound>().unwrap(), NotFound::new("no booking 7"));
    assert_eq!(api.message(), "no booking 7");
    assert!(api.decode::<Invalid>().is_err());

    let answer = Answer::new(422, "application/problem+json", r#"{"fields":["date","seat"]}"#);
    let error = given!(responses_typed_errors, answer, |client| client.change_booking("7")).unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::UNPROCESSABLE_ENTITY));
    assert_eq!(error.as_api().unwrap().decode::<Invalid>().unwrap(), Invalid::new(["date", "seat"]));

    let answer = Answer::json(409, r#"[{"reason":"seat"}]"#);
    let error = given!(responses_typed_errors, answer, |client| client.change_booking("7")).unwrap_err();
    let faults: Vec<Fault> = error.as_api().unwrap().decode().unwrap();
    assert_eq!(faults, [Fault::new(Reason::Seat)]);
}

#[tokio::test]
async fn the_document_says_what_type_the_body_of_a_status_has() {
    use golden::responses_typed_errors::{
        requests::{CancelBooking, ChangeBooking, ChangeBookingError, ListBookings},
        types::{Fault, Invalid, NotFound, Reason},
    };

    for (status, body, wanted) in [
        (404, r#"{"message":"m"}"#, Some(ChangeBookingError::NotFound(NotFound::new("m")))),
        (422, r#"{"fields":["date"]}"#, Some(ChangeBookingError::UnprocessableContent(Invalid::new(["date"])))),
        (409, r#"[{"reason":"seat"}]"#, Some(ChangeBookingError::ClientError(vec![Fault::new(Reason::Seat)]))),
        (422, r#"{"message":"m"}"#, None),
        (401, r#"[{"reason":"seat"}]"#, None),
        (500, r#"{"message":"m"}"#, None),
    ] {
        let answer = Answer::json(status, body);
        let error = given!(responses_typed_errors, answer, |client| client.change_booking("7")).unwrap_err();
        assert_eq!(ChangeBooking::decode_error(&error), wanted, "{status} {body}");
    }
    for (status, wanted) in [(400, Some(NotFound::new("m"))), (503, Some(NotFound::new("m"))), (401, None)] {
        let answer = Answer::json(status, r#"{"message":"m"}"#);
        let error = given!(responses_typed_errors, answer.clone(), |client| client.list_bookings()).unwrap_err();
        assert_eq!(ListBookings::decode_error(&error), wanted, "{status}");
        let error = given!(responses_typed_errors, answer, |client| client.cancel_booking()).unwrap_err();
        assert_eq!(CancelBooking::decode_error(&error), Some(NotFound::new("m")), "{status}");
    }
    let error = Error::Config(String::new());
    assert_eq!(CancelBooking::decode_error(&error), None);
}

/// One function handles the errors and headers of operations that declare the same.
#[tokio::test]
async fn operations_that_declare_the_same_share_types() {
    use golden::responses_equal::{
        requests::{
            AddGuest, AddGuestError, ListGuestsError, ListGuestsHeaders, ListRooms, ListRoomsError, ListRoomsHeaders,
            MoveGuest, MoveGuestError, RemoveGuest,
        },
        types::{Missing, Taken},
    };

    fn until(error: &ListGuestsError) -> Option<i64> {
        match error {
            ListRoomsError::Conflict(taken) => Some(taken.until),
            _ => None,
        }
    }
    let answer = Answer::json(409, r#"{"until":7}"#);
    let error = given!(responses_equal, answer.clone(), |client| client.list_rooms()).unwrap_err();
    assert_eq!(until(&ListRooms::decode_error(&error).unwrap()), Some(7));
    let error = given!(responses_equal, Answer::json(404, r#"{"what":"a"}"#), |client| client.add_guest()).unwrap_err();
    assert_eq!(AddGuest::decode_error(&error), Some(AddGuestError::NotFound(Missing::new("a"))));
    assert_eq!(until(&AddGuest::decode_error(&error).unwrap()), None);
    // Other descriptions make no other type.
    let error = given!(responses_equal, answer, |client| client.remove_guest()).unwrap_err();
    assert_eq!(until(&RemoveGuest::decode_error(&error).unwrap()), Some(7));
    let error = given!(responses_equal, Answer::json(410, r#"{"until":7}"#), |client| client.move_guest()).unwrap_err();
    assert_eq!(MoveGuest::decode_error(&error), Some(MoveGuestError::Gone(Taken::new(7))));

    let answer = Answer::json(200, "[]").header("x-remaining", "3");
    let response = given!(responses_equal, answer, |client| client.list_rooms().send_with_response()).unwrap();
    let headers: ListGuestsHeaders<'_> = ListRoomsHeaders::new(&response.headers);
    assert_eq!(headers.x_remaining().unwrap(), Some(3));
}

#[tokio::test]
async fn errors_of_ranges_defaults_and_components() {
    use ref_component_response::types::GetOrderError404;

    let answer = || Answer::json(418, r#"{"title":"teapot"}"#);
    let error = given!(responses_range, answer(), |client| client.get_train("1")).unwrap_err();
    let problem: responses_range::types::Problem = error.as_api().unwrap().decode().unwrap();
    assert_eq!(problem, responses_range::types::Problem::new().title("teapot"));

    let answer = || Answer::json(503, r#"{"message":"later"}"#);
    let error = given!(responses_default_error, answer(), |client| client.create_game()).unwrap_err();
    let problem: responses_default_error::types::Problem = error.as_api().unwrap().decode().unwrap();
    assert_eq!(problem, responses_default_error::types::Problem::new("later"));

    let answer = || Answer::json(404, r#"{"message":"no order"}"#);
    let error = given!(ref_component_response, answer(), |client| client.get_order("1")).unwrap_err();
    let problem: GetOrderError404 = error.as_api().unwrap().decode().unwrap();
    assert_eq!(problem, GetOrderError404::new().message("no order"));
    let got = given!(ref_component_response, Answer::json(200, r#"{"total":1.5}"#), |client| client.get_order("1"));
    assert_eq!(got.unwrap().total, Some(1.5));

    let page = Answer::new(502, "text/html", "<html><title>Bad Gateway</title></html>");
    let error = given!(responses_range, page, |client| client.get_train("1")).unwrap_err();
    assert_eq!(error.as_api().unwrap().message(), "Bad Gateway");
    assert!(error.as_api().unwrap().decode::<responses_range::types::Problem>().is_err());
}

#[tokio::test]
async fn a_wrong_result_says_where() {
    use array_of_models::types::Song;

    let song = r#"{"title":"a","artists":[{"name":"b"}],"covers":null}"#;
    let got = given!(array_of_models, Answer::json(200, &format!("[{song}]")), |client| client.list_songs()).unwrap();
    let [Song { title, artists, covers, .. }] = got.as_slice() else { unreachable!("{got:?}") };
    assert_eq!((title.as_str(), artists[0].name.as_deref(), covers.len()), ("a", Some("b"), 0));

    let no_artists = Answer::json(200, r#"[{"title":"a","artists":null}]"#);
    let got = given!(array_of_models, no_artists, |client| client.list_songs()).unwrap();
    assert_eq!((got[0].title.as_str(), got[0].artists.len()), ("a", 0));
    let missing = Answer::json(200, r#"[{"title":"a"}]"#);
    let error = given!(array_of_models, missing, |client| client.list_songs()).unwrap_err();
    assert!(error.to_string().contains("missing field `artists`"), "{error}");

    let wrong = Answer::json(200, &format!(r#"[{song},{{"title":"c","artists":[{{"name":5}}]}}]"#));
    let error = given!(array_of_models, wrong, |client| client.list_songs()).unwrap_err();
    let Error::Decode(error) = &error else { unreachable!("{error:?}") };
    assert_eq!(error.path, "[1].artists[0].name");
    let error = given!(enum_string, Answer::json(200, r#"{"status":{}}"#), |client| client.get_order("1")).unwrap_err();
    let Error::Decode(error) = &error else { unreachable!("{error:?}") };
    assert_eq!(error.path, "status");
}
