//! Answers in each form that a document declares.

use golden::responses_declared;
use lowcodeapi_runtime::{Error, StatusCode};

use crate::wire::support::{Answer, Server, given};

const FILE: &[u8] = b"%PDF \x00\xff";

#[tokio::test]
async fn each_declared_media_type_can_be_asked_for() {
    let server = Server::new([
        Answer::new(200, "text/csv; charset=\"utf-8\"", "a;b"),
        Answer::new(200, "application/pdf", FILE),
        Answer::new(200, "image/png", FILE),
        Answer::json(202, r#"{"id":"7"}"#),
    ]);
    let client = server.client(responses_declared::Client::builder());
    assert_eq!(client.get_invoice("1").send_for_text().await.unwrap(), "a;b");
    assert_eq!(client.get_invoice("1").send_for_bytes().await.unwrap(), FILE);
    let mut stream = client.get_invoice("1").stream_bytes().await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), FILE);
    let got = client.get_invoice("1").await.unwrap();
    assert!(matches!(got, responses_declared::requests::GetInvoiceSuccess::Accepted(job) if job.id == "7"));
    let accepted: Vec<_> = server.requests().iter().map(|it| it.header("accept").unwrap()).collect();
    let files = "application/pdf, image/png";
    assert_eq!(accepted, ["text/csv", files, files, "application/json"]);
}

#[tokio::test]
async fn an_answer_of_another_declared_type_is_told_and_kept() {
    let pdf = || Answer::new(200, "Application/PDF; a=b", FILE);
    let error = given!(responses_declared, pdf(), |client| client.get_invoice("1")).unwrap_err();
    let Error::OtherMediaType(other) = &error else { unreachable!("{error:?}") };
    assert_eq!(
        (other.status, other.media_type(), other.body().as_ref()),
        (StatusCode::OK, "Application/PDF; a=b", FILE)
    );
    assert_eq!(
        error.to_string(),
        "the response (200 OK) is `Application/PDF; a=b`, and not `application/json`; its body is kept"
    );
    let json = Answer::json(202, r#"{"id":"7"}"#);
    for error in [
        given!(responses_declared, json.clone(), |client| client.get_invoice("1").send_for_text()).map(drop),
        given!(responses_declared, json.clone(), |client| client.get_invoice("1").send_for_bytes()).map(drop),
        given!(responses_declared, json.clone(), |client| client.get_invoice("1").stream_bytes()).map(drop),
        given!(responses_declared, json, |client| client.read_feed().stream()).map(drop),
    ] {
        let Err(Error::OtherMediaType(other)) = error else { unreachable!("{error:?}") };
        assert_eq!(other.into_body(), br#"{"id":"7"}"#.as_slice());
    }
    let events = Answer::new(200, "text/event-stream", "data: {}\n\n");
    let error = given!(responses_declared, events, |client| client.read_feed()).unwrap_err();
    assert!(matches!(&error, Error::OtherMediaType(other) if other.media_type() == "text/event-stream"), "{error:?}");
}

#[tokio::test]
async fn kinds_of_json_have_their_types() {
    let server = Server::new([
        Answer::new(200, "application/vnd.b+json", r#"{"id":"7"}"#),
        Answer::new(200, "application/vnd.a+json", r#"{"total":7}"#),
        Answer::new(200, "text/json", r#"{"total":8}"#),
    ]);
    let client = server.client(responses_declared::Client::builder());
    assert_eq!(client.export_rows().send_for_vnd_b_json().await.unwrap().id, "7");
    assert_eq!(client.export_rows().await.unwrap().total, 7);
    assert_eq!(client.export_rows().with_header("accept", "text/json").await.unwrap().total, 8);
    let accepted: Vec<_> = server.requests().iter().map(|it| it.header("accept").unwrap()).collect();
    assert_eq!(accepted, ["application/vnd.b+json", "application/vnd.a+json", "text/json"]);
}

#[tokio::test]
async fn a_result_that_has_not_changed_is_none() {
    let server = Server::new([
        Answer::empty(304).header("etag", "\"a\""),
        Answer::json(200, r#"{"total":7}"#),
        Answer::json(412, "{}"),
    ]);
    let client = server.client(responses_declared::Client::builder());
    let call = || client.export_rows().with_header("if-none-match", "\"a\"").send_if_modified();
    assert_eq!(call().await.unwrap(), None);
    assert_eq!(call().await.unwrap().unwrap().total, 7);
    assert_eq!(call().await.unwrap_err().status(), Some(StatusCode::PRECONDITION_FAILED));
    assert_eq!(server.requests()[0].header("if-none-match").as_deref(), Some("\"a\""));
}

#[tokio::test]
async fn json_of_which_nothing_is_said_hides_no_file() {
    let server = Server::new([Answer::new(200, "image/png", FILE), Answer::json(200, "[1]")]);
    let client = server.client(responses_declared::Client::builder());
    assert_eq!(client.get_picture().await.unwrap(), FILE);
    assert_eq!(client.get_picture().send_for_json().await.unwrap(), serde_json::json!([1]));
    let accepted: Vec<_> = server.requests().iter().map(|it| it.header("accept").unwrap()).collect();
    assert_eq!(accepted, ["image/png", "application/json"]);
    let page = Answer::new(200, "text/html", "<p>");
    assert_eq!(given!(responses_declared, page, |client| client.preview().send_for_text()).unwrap(), "<p>");
}

#[tokio::test]
async fn a_status_without_a_body_has_nothing_to_decode() {
    given!(responses_declared, Answer::empty(204), |client| client.remove_door()).unwrap();
    assert_eq!(given!(responses_declared, Answer::empty(205), |client| client.replace_door()).unwrap(), None);
    let door = given!(responses_declared, Answer::json(200, r#"{"id":"7"}"#), |client| client.replace_door());
    assert_eq!(door.unwrap().unwrap().id, "7");
    for body in ["", "\r\n", "\u{feff}"] {
        let got = given!(responses_success_or_empty, Answer::json(200, body), |client| client.next_message());
        assert_eq!(got.unwrap(), None, "{body:?}");
    }
}

#[tokio::test]
async fn a_documented_redirect_is_a_result() {
    let answer = || Answer::empty(302).header("location", "../doors/7?a=b").header("x-left", "3");
    let got = given!(responses_declared, answer(), |client| client.find_door()).unwrap();
    assert_eq!((got.status, &got.headers["x-left"]), (StatusCode::FOUND, &"3".parse().unwrap()));
    assert!(got.location.unwrap().as_str().ends_with("/doors/7?a=b"));
    let error = given!(responses_declared, Answer::json(404, "{}"), |client| client.find_door()).unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
    let error = given!(responses_declared, answer(), |client| client.remove_door()).unwrap_err();
    assert!(error.is_redirect(), "{error:?}");
}

#[tokio::test]
async fn charsets_are_decoded() {
    let latin = Answer::new(200, "text/plain; charset=\"ISO-8859-1\"", b"Gr\xfc\xdfe".as_slice());
    assert_eq!(given!(responses_text, latin, |client| client.get_licence("a")).unwrap(), "Grüße");
    let marked = Answer::new(200, "text/plain", "\u{feff}a");
    assert_eq!(given!(responses_text, marked, |client| client.get_licence("a")).unwrap(), "a");
    let json = Answer::new(200, "application/json; charset=iso-8859-1", b"{\"text\":\"\xfc\"}".as_slice());
    let got = given!(responses_success_or_empty, json, |client| client.next_message());
    assert_eq!(got.unwrap().unwrap().text, "ü");
}

#[cfg(not(feature = "charsets"))]
#[tokio::test]
async fn the_bytes_of_a_charset_that_is_not_built_in_are_kept() {
    let windows = Answer::new(200, "text/plain; charset=windows-1252", b"5 \x80".as_slice());
    let error = given!(responses_text, windows, |client| client.get_licence("a")).unwrap_err();
    let Error::Decode(error) = &error else { unreachable!("{error:?}") };
    assert_eq!(error.body().as_ref(), b"5 \x80");
    assert_eq!(error.media_type(), "text/plain; charset=windows-1252");
    assert_eq!(error.message, "the charset `windows-1252` needs the feature `charsets` of the runtime");
}

#[tokio::test]
async fn an_empty_map_or_list_has_many_forms() {
    for body in ["null", "[]", "{}", " \n{} "] {
        let got = given!(responses_declared, Answer::json(200, body), |client| client.read_totals());
        assert!(got.unwrap().is_empty(), "{body}");
    }
    for body in [r#"{"totals":null,"extra":null,"names":null}"#, r#"{"totals":[],"extra":[],"names":[]}"#] {
        let got = given!(responses_declared, Answer::json(200, body), |client| client.read_ledger()).unwrap();
        assert!(got.totals.is_empty() && got.extra.is_empty() && got.names.is_empty(), "{body}");
    }
    let nulls = Answer::json(200, r#"{"totals":{"a":null,"b":1},"extra":{},"names":["a",null]}"#);
    let got = given!(responses_declared, nulls, |client| client.read_ledger()).unwrap();
    assert_eq!((got.totals.len(), got.totals["b"], got.names.as_slice()), (1, 1, ["a".to_owned()].as_slice()));
    let wrong = given!(responses_declared, Answer::json(200, "[1]"), |client| client.read_totals());
    assert!(matches!(wrong, Err(Error::Decode(_))), "{wrong:?}");
}

#[tokio::test]
async fn an_odd_value_costs_only_itself() {
    let body = r#"{"totals":{"a":1},"extra":{},"names":[],"closed":1700000000,"dates":["never",1.5,-3],"state":7,"balance":"n/a"}"#;
    let got = given!(responses_declared, Answer::json(200, body), |client| client.read_ledger()).unwrap();
    assert_eq!(got.closed.as_ref().unwrap().as_str(), "1700000000");
    assert_eq!(got.dates.iter().map(lowcodeapi_runtime::DateTime::as_str).collect::<Vec<_>>(), ["never", "1.5", "-3"]);
    assert_eq!(got.state.as_ref().unwrap().as_str(), "7");
    assert_eq!(got.balance.as_ref().unwrap().as_str(), "n/a");
    let again = serde_json::to_string(&got).unwrap();
    assert!(again.contains(r#""closed":1700000000,"dates":["never",1.5,-3]"#), "{again}");
}
