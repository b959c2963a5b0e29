//! Names that are no identifiers go over the wire as the document has them.

use golden::{names_clash_case, names_inline_clash, names_keywords, names_long, names_told_apart, names_with_lock};
use serde_json::json;

use crate::wire::support::{Answer, Server, sent};

/// The name of two hundred characters.
const LONG: &str = "averyLongNameThatSomebodyMustHavePutTogetherFromEveryWordThatCameToMindAndThenSomeMoreWordsAndThenSomeMoreWordsAndThenSomeMoreWordsAndThenSomeMoreWordsAndThenSomeMoreWordsAndThenSomeMoreWordsAndThenSo";

/// What the server sees of a call that is answered with this JSON.
macro_rules! sent_for {
    ($case:ident, $json:expr, |$client:ident| $call:expr) => {{
        let server = Server::new([Answer::json(200, $json)]);
        let $client = server.client(golden::$case::Client::builder());
        let _ = $call.await.unwrap();
        server.request()
    }};
}

#[tokio::test]
async fn names_that_differ_in_case_only() {
    use names_clash_case::types::{FooBar, FooBarModel};

    let request = sent_for!(names_clash_case, r#"{"fooBar":"a"}"#, |client| {
        client.get_foo_bar("1").query_foo_bar("2").foo_bar("3")
    });
    assert_eq!(request.line, "GET /foo?FooBar=1&fooBar=2&foo_bar=3");
    let request = sent_for!(names_clash_case, "{}", |client| client.post_foo_bar(FooBarModel::from("foo-bar")));
    assert_eq!((request.line.as_str(), request.text()), ("POST /foo", r#""foo-bar""#));
    let body = FooBar::new("a").foo_bar("b").foo_bar_2(3);
    let request = sent!(names_clash_case, |client| client.put_foo_bar(body));
    assert_eq!(request.line, "PUT /foo");
    assert_eq!(request.json(), json!({"fooBar": "a", "foo_bar": "b", "FooBar": 3}));
}

#[tokio::test]
async fn names_that_generated_code_has_itself() {
    let answer = r#"{"new":"","value":{},"map":{},"option":"None","result":{},"vec":[]}"#;
    let request = sent_for!(names_clash_own, answer, |client| {
        let call = client.post_new("a", "b").self_("c").call("d").stream_(true).pages_(1).dry_run_(false);
        call.with_timeout_(5).new_("e").required("f").clone_("g").into_future_("h")
    });
    let expected = "POST /new?send=a&client=b&self=c&call=d&stream=true&pages=1&dry_run=false\
                    &with_timeout=5&new=e&required=f&clone=g&into_future=h";
    assert_eq!(request.line, expected);
    let request = sent!(names_clash_own, |client| client.get_builder());
    assert_eq!(request.line, "GET /builder");
    let request = sent!(names_clash_own, |client| client.get_from_env());
    assert_eq!(request.line, "GET /from-env");
}

#[tokio::test]
async fn names_of_the_language_and_of_every_crate() {
    use golden::names_clash_prelude::{
        Client, Credentials,
        requests::SendSuccess,
        types::{self, Everything, Self_, StringModel},
    };

    let everything = || Everything::new(Self_::new("s"), [golden::names_clash_prelude::types::VecModel::new("v")]);
    let text = StringModel::Str;
    let server = Server::new([Answer::json(201, r#"{"ok":"o"}"#)]);
    let builder =
        Client::builder().credentials(Credentials::new().token("t").clone_credential("b")).base_url(server.base_url());
    let client = builder.build().unwrap();
    let call = client.send("a/b", 5, everything()).types(text.clone()).self_(text.clone()).client(text.clone());
    let got = call.send_with_response_(text.clone()).with_retry_(text.clone()).deserializer(text).await.unwrap();
    assert_eq!(got, SendSuccess::Created(types::Ok::new("o")));
    let request = server.request();
    let query = "types=str&Self=str&Client=str&send_with_response=str&with_retry=str&deserializer=str&newest=t";
    assert_eq!(request.line, format!("POST /all/a%2Fb/5?{query}"));
    assert_eq!(request.json(), json!({"Self": {"self": "s"}, "vec": [{"vec": "v"}]}));
}

#[tokio::test]
async fn names_of_digits_and_symbols() {
    let request = sent_for!(names_digits, r#"{"000ms":1}"#, |client| client.n3d_model("a/b").n2("x"));
    assert_eq!(request.line, "GET /3d-models/a%2Fb?2=x");
    let request = sent_for!(names_digits, "{}", |client| client.n200());
    assert_eq!(request.line, "GET /200");
    let symbols = json!({"": "1", "a.b": "2", "$": "3", "a[]": "4", "-": "5", "🦀": "6"});
    let body = serde_json::from_value(symbols.clone()).unwrap();
    let request = sent_for!(names_empty_and_symbols, r#"{"":"","a.b":""}"#, |client| {
        client.save_symbols(body).dollar("1").filter_name("2").ids_list("3").größe("4").日本("5")
    });
    let expected = "POST /symbols?%24=1&filter%5Bname%5D=2&ids%5B%5D=3&gr%C3%B6%C3%9Fe=4&%E6%97%A5%E6%9C%AC=5";
    assert_eq!(request.line, expected);
    assert_eq!(request.json(), symbols);
}

#[tokio::test]
async fn words_of_the_language() {
    use names_keywords::types::Type;

    let request = sent_for!(names_keywords, r#"{"self":"s","type":"fn"}"#, |client| {
        client.match_("a", "b").async_(true).gen_("c").header_self_("d").crate_("e")
    });
    assert_eq!(request.line, "GET /match/a/b?async=true&gen=c&crate=e");
    assert_eq!(request.header("self").as_deref(), Some("d"));
    let request = sent!(names_keywords, |client| client.async_(Type::Self2));
    assert_eq!((request.line.as_str(), request.text()), ("POST /async", r#""Self""#));
    let request = sent!(names_keywords, |client| client.self_());
    assert_eq!(request.line, "GET /self");
}

#[tokio::test]
async fn types_written_in_place_beside_components_of_their_names() {
    use names_inline_clash::types::CreateHotelRoom;

    let answer = r#"{"room":{"floor":3},"hotel":{"room":{"number":"12a"},"kind":"hostel"},"made":{"by":"me"},"answer":{"at":"noon"}}"#;
    let server = Server::new([Answer::json(200, answer)]);
    let client = server.client(names_inline_clash::Client::builder());
    let made = client.create_hotel("Inn").room(CreateHotelRoom::new().beds(2)).await.unwrap();
    assert_eq!(server.request().json(), json!({"name": "Inn", "room": {"beds": 2}}));
    let number = made.hotel.as_ref().and_then(|hotel| hotel.room.as_ref()?.number.as_deref());
    assert_eq!((made.room.as_ref().and_then(|room| room.floor), number), (Some(3), Some("12a")));
    assert_eq!(serde_json::to_string(&made).unwrap(), answer);
}

#[tokio::test]
async fn a_long_name_is_sent_whole() {
    let answer = format!(r#"{{"{LONG}":"x","kind":"{LONG}"}}"#);
    let server = Server::new([Answer::json(200, &answer)]);
    let client = server.client(names_long::Client::builder());
    let got = client.avery_long_name_that_somebody_must_have_put_together_from_every_word_that_came_to_mind_and_then_some_more_words_and_then_some_more_words_and_then_some_more_words_and_then_some_more_words_and_then_some_more_words_and_then_some_more_words_and_then_so().avery_long_name_that_somebody_must_have_put_together_from_every_word_that_came_to_mind_and_then_some_more_words_and_then_some_more_words_and_then_some_more_words_and_then_some_more_words_and_then_some_more_words_and_then_some_more_words_and_then_so("y").await.unwrap();
    assert_eq!(server.request().line, format!("GET /long?{LONG}=y"));
    assert_eq!(serde_json::to_string(&got).unwrap(), answer);
}

#[tokio::test]
async fn operations_of_one_summary() {
    use names_told_apart::types::TransitionBroadcastStatus::Live;
    for (request, line) in [
        (sent!(names_told_apart, |client| client.create_blog_posts_copy()), "POST /posts/copies"),
        (sent!(names_told_apart, |client| client.create_sites_copy()), "POST /sites/copies"),
        (sent!(names_told_apart, |client| client.list_notes()), "GET /notes"),
        (sent!(names_told_apart, |client| client.create_note()), "POST /notes"),
        (sent!(names_told_apart, |client| client.list_policies()), "GET /policies"),
        (sent!(names_told_apart, |client| client.create_policy()), "POST /policies"),
        (sent!(names_told_apart, |client| client.list_guests_of_event_by_event_id("1")), "GET /events/1/guests"),
        (
            sent!(names_told_apart, |client| client.list_guests_of_event_by_account_id("a", "1")),
            "GET /events/a/1/guests",
        ),
        (sent!(names_told_apart, |client| client.post_events_seats_by_event_id("1")), "POST /events/1/seats"),
        (sent!(names_told_apart, |client| client.post_events_seats_by_account_id("a", "1")), "POST /events/a/1/seats"),
        (sent!(names_told_apart, |client| client.get_flags_by_id("1")), "GET /flags/1"),
        (sent!(names_told_apart, |client| client.delete_portals_flag("1")), "DELETE /flags/1"),
        (
            sent!(names_told_apart, |client| client
                .retrieve_custom_image_definitions_for_self_hosted_organization_runners("o", "d")),
            "GET /organizations/o/hosted-runners/images/custom/definitions/d",
        ),
        (sent!(names_told_apart, |client| client.transition_broadcast(Live)), "POST /broadcasts?broadcastStatus=live"),
    ] {
        assert_eq!(request.line, line);
    }
}

#[tokio::test]
async fn operations_without_a_name_of_their_own() {
    for (request, line) in [
        (sent!(names_missing_operation_id, |client| client.list_plants()), "GET /plants"),
        (sent!(names_missing_operation_id, |client| client.get_plant_by_id("1")), "GET /plants/1"),
        (sent!(names_missing_operation_id, |client| client.get_pot_by_id("1")), "GET /pots/1"),
        (sent!(names_missing_operation_id, |client| client.delete_pots_by_id("1")), "DELETE /pots/1"),
        (sent!(names_missing_operation_id, |client| client.get_seeds()), "GET /seeds"),
        (sent!(names_missing_operation_id, |client| client.post_seeds()), "POST /seeds"),
        (sent!(names_missing_operation_id, |client| client.get()), "GET /"),
        (sent!(names_duplicate_operation_id, |client| client.list_bikes()), "GET /bikes"),
        (sent!(names_duplicate_operation_id, |client| client.list_scooters()), "GET /scooters"),
        (sent!(names_duplicate_operation_id, |client| client.list_trailers()), "GET /trailers"),
        (sent!(names_clash_own, |client| client.value()), "GET /value"),
        (sent!(names_clash_own, |client| client.pending()), "GET /pending"),
        (sent!(names_clash_own, |client| client.call("a").query_style(["b"])), "GET /call/a?query_style=b"),
        (sent!(names_of_functions, |client| client.read_all_blocks()), "GET /blocks/all"),
        (sent!(names_of_classes, |client| client.cats_find_all()), "GET /cats"),
        (sent!(names_numbered, |client| client.create_order()), "POST /orders"),
        (sent!(names_shared, |client| client.list_pets_v2()), "GET /v2/pets"),
        (sent!(names_given, |client| client.users_invite()), "POST /users"),
        (sent!(tags_many, |client| client.list_books()), "GET /books"),
        (sent!(tags_many, |client| client.lend()), "POST /loans"),
        (sent!(tags_many, |client| client.opening_hours()), "GET /hours"),
        (sent!(tags_many, |client| client.list_events()), "GET /events"),
        (sent!(descriptions_markdown, |client| client.list_notes().q("a")), "GET /notes?q=a"),
        (sent!(several_servers_and_variables, |client| client.list_buses()), "GET /buses"),
    ] {
        assert_eq!(request.line, line);
        request.assert_no_body();
    }
}

#[tokio::test]
async fn what_a_lock_and_an_overlay_name_is_sent_as_the_document_has_it() {
    use names_with_lock::types::PostageStamp;

    let answer = r#"{"country":"CH","face-value":0.5}"#;
    let server = Server::new([Answer::json(200, answer)]);
    let stamp = server.client(names_with_lock::Client::builder()).all_stamps().since(1900).await.unwrap();
    assert_eq!(server.request().line, "GET /stamps?from-year=1900");
    assert_eq!(stamp, PostageStamp::new("CH").value(0.5));
    assert_eq!(serde_json::to_string(&stamp).unwrap(), answer);
    let request = sent_for!(names_followed, "{}", |client| client.all_pets().species("cat"));
    assert_eq!(request.line, "GET /v2/pets?kind=cat");
    let request = sent_for!(names_given, "[]", |client| client.todos_list().max_results(3).words("a"));
    assert_eq!(request.line, "GET /todos?%24top=3&q=a");
    let request = sent_for!(overlay_adds, "[]", |client| client.list_tides("Kiel"));
    assert_eq!(request.line, "GET /tides?harbour=Kiel");
}

#[tokio::test]
async fn what_is_deprecated_still_works() {
    #[expect(deprecated, reason = "the case is about that")]
    let request = sent_for!(deprecated, r#"{"name":"a","frequency":1.5}"#, |client| {
        client.list_stations().city("a").town("b")
    });
    assert_eq!(request.line, "GET /stations?city=a&town=b");
}
