//! Calls of documents that LowCodeAPI serves: its two URL formats and its envelopes.

use golden::{quirk_path_alias, quirk_response_401_only};
use lowcodeapi_runtime::{Pending, UrlFormat};
use serde_json::{Value, json};

use crate::wire::support::{Answer, Request, Server, no_route, seen};

/// The New Format of a call, and the Old Format that follows where the gateway knows no such route.
macro_rules! formats {
    ($case:ident, |$client:ident| $call:expr) => {{
        let server = Server::new([no_route(), Answer::json(200, "{}")]);
        let $client = server.client(golden::$case::Client::builder());
        let call: Pending<Value> = $call.send();
        call.await.unwrap();
        assert_eq!($client.url_format(), Some(UrlFormat::Old));
        let lines: Vec<String> = server.requests().iter().map(Request::gateway_line).collect();
        lines
    }};
}

#[tokio::test]
async fn templates_are_restored_and_the_old_format_follows() {
    for (lines, new, old) in [
        (formats!(quirk_path_alias, |it| it.get_book("7")), "GET /v1/books/7", "GET /v1/books/book_id?book_id=7"),
        (
            formats!(quirk_path_alias, |it| it.extend_loan("b", "l")),
            "PUT /v1/books/b/loans/l",
            "PUT /v1/books/book_id/loans/loan_id?book_id=b&loan_id=l",
        ),
        (
            formats!(quirk_path_aliases_of_one_template, |it| it.get_user("5").fields("name")),
            "GET /v2/5?fields=name",
            "GET /v2/user_id?id=5&fields=name",
        ),
        (formats!(quirk_path_aliases_of_one_template, |it| it.get_photo("5")), "GET /v2/5", "GET /v2/photo_id?id=5"),
        (formats!(quirk_path_aliases_of_one_template, |it| it.get_anything("5")), "GET /v2/5", "GET /v2/id?id=5"),
        (
            formats!(quirk_path_braces, |it| it.get_book_of_author("a", "b")),
            "GET /v1/authors/a/books/b",
            "GET /v1/authors/author_id/books/book_id?author_id=a&book_id=b",
        ),
        (
            formats!(quirk_path_lower_cased, |it| it.get_page("n", "p").with_images_(true)),
            "GET /v1/notes/n/pages/p?withImages=true",
            "GET /v1/notes/noteid/pages/pageid?noteId=n&pageID=p&withImages=true",
        ),
        (
            formats!(quirk_path_same_name_twice, |it| it.get_reference("o", "heads/main")),
            "GET /repos/o/git/ref/heads%2Fmain",
            "GET /repos/owner/git/ref/ref?owner=o&ref=heads%252Fmain",
        ),
        (
            formats!(quirk_names_shared_by_operations, |it| it.get_fruit_by_id("1")),
            "GET /v1/fruits/1",
            "GET /v1/fruits/id?id=1",
        ),
        (
            formats!(quirk_names_shared_by_operations, |it| it.get_nut_by_id("1")),
            "GET /v1/nuts/1",
            "GET /v1/nuts/id?id=1",
        ),
    ] {
        assert_eq!(lines, [new, old]);
    }
}

#[tokio::test]
async fn parameters_that_are_declared_amiss_find_their_place() {
    for (lines, new, old) in [
        (
            formats!(quirk_path_variable_undeclared, |it| it.get_mail("me", "7").format("raw")),
            "GET /v1/users/me/mails/7?format=raw",
            "GET /v1/users/userId/mails/id?userId=me&id=7&format=raw",
        ),
        (
            formats!(quirk_path_variable_undeclared, |it| it.get_thread("t")),
            "GET /v1/threads/t",
            "GET /v1/threads/threadid?thredId=t",
        ),
        (formats!(quirk_path_variable_undeclared, |it| it.get_tweet("7")), "GET /2/tweets/7", "GET /2/tweets/id?id=7"),
        (
            formats!(quirk_path_parameter_without_segment, |it| it.delete_hook("h").reason("spam")),
            "DELETE /v2/hooks/h?reason=spam",
            "DELETE /v2/hooks/hook_id?hook_id=h&reason=spam",
        ),
        (
            formats!(quirk_path_parameter_without_segment, |it| it.list_hooks_of_domain("a.b")),
            "GET /v2/domains/a.b/hooks",
            "GET /v2/domains/domain/hooks?name=a.b",
        ),
    ] {
        assert_eq!(lines, [new, old]);
    }
}

#[tokio::test]
async fn endpoints_of_every_beginning_give_a_template() {
    for (lines, new, old) in [
        (
            formats!(quirk_path_endpoint_prefix, |it| it.get_a_ticket("t")),
            "GET /v1/tickets/t",
            "GET /v1/tickets/ticket_id",
        ),
        (
            formats!(quirk_path_endpoint_prefix, |it| it.return_a_ticket("t")),
            "DELETE /v1/tickets/t",
            "DELETE /v1/tickets/ticket_id",
        ),
        (
            formats!(quirk_path_endpoint_prefix, |it| it.change_ticket("t")),
            "PATCH /v1/tickets/t",
            "PATCH /v1/tickets/ticket_id",
        ),
        (formats!(quirk_path_endpoint_prefix, |it| it.follow_ticket("t")), "GET /v1/live/t", "GET /v1/live/ticket_id"),
        (formats!(quirk_path_endpoint_prefix, |it| it.share_ticket("t")), "POST /v1/live/t", "POST /v1/live/ticket_id"),
        (formats!(quirk_path_endpoint_prefix, |it| it.get_ticket_quickly("t")), "GET /t/get", "GET /ticket_id/get"),
    ] {
        assert_eq!(lines, [new.to_owned(), format!("{old}?ticket_id=t")]);
    }
}

#[tokio::test]
async fn variables_of_every_mark_and_in_every_part_of_a_segment_are_filled() {
    for (lines, new, old) in [
        (
            formats!(quirk_path_marks, |it| it.get_mail("c", "m")),
            "GET /v1/campaigns/c/mails/m",
            "GET /v1/campaigns/campaign_id/mails/mail_id?campaign_id=c&mail_id=m",
        ),
        (formats!(quirk_path_marks, |it| it.list_ads("u")), "GET /v1/u/ads", "GET /v1/ad_user_id/ads?AD_USER_ID=u"),
        (formats!(quirk_path_marks, |it| it.get_note("7")), "GET /v1/notes/7", "GET /v1/notes/_id?id=7"),
        (
            formats!(quirk_path_marks, |it| it.get_bounce("a@b.c")),
            "GET /v1/bounces/a%40b.c",
            "GET /v1/bounces/address?address=a%2540b.c",
        ),
        (formats!(quirk_path_marks, |it| it.get_list("l")), "GET /v1/lists/l", "GET /v1/lists/list_id?list_id=l"),
        (
            formats!(quirk_path_part_of_segment, |it| it.get_order("7")),
            "GET /v1/orders/7.json",
            "GET /v1/orders/order_id.json?order_id=7",
        ),
        (
            formats!(quirk_path_part_of_segment, |it| it.update_sheet("s:1")),
            "POST /v1/sheets/s%3A1:batchUpdate",
            "POST /v1/sheets/sheetid-batchupdate?sheetId=s%253A1",
        ),
        (
            formats!(quirk_path_part_of_segment, |it| it.remove_member("user", "team")),
            "DELETE /v1/members/user_team",
            "DELETE /v1/members/userId_teamId?userId=user&teamId=team",
        ),
        (
            formats!(quirk_path_slashes_and_spaces, |it| it.list_bounces("d")),
            "GET /v3/d/bounces",
            "GET /v3/domainid/bounces?domainID=d",
        ),
        (
            formats!(quirk_path_slashes_and_spaces, |it| it.change_lifetime("d")),
            "PUT /v3/d/lifetime",
            "PUT /v3/domainid/lifetime?domainID=d",
        ),
    ] {
        assert_eq!(lines, [new, old]);
    }
}

#[tokio::test]
async fn a_format_once_found_is_kept() {
    let server = Server::new([no_route(), Answer::json(200, "{}")]);
    let client = server.client(quirk_path_alias::Client::builder());
    assert_eq!(client.url_format(), None);
    client.get_book("1").await.unwrap();
    client.clone().extend_loan("b", "l").await.unwrap();
    let lines: Vec<String> = server.requests().iter().map(Request::gateway_line).collect();
    assert_eq!(lines[2..], ["PUT /v1/books/book_id/loans/loan_id?book_id=b&loan_id=l"]);

    // The provider's own 404 says that the route is there.
    let missing = Answer::json(404, r#"{"message":"m","provider":"library","error":{"message":"no such book"}}"#);
    let server = Server::new([missing]);
    let client = server.client(quirk_path_alias::Client::builder());
    let error = client.get_book("1").await.unwrap_err();
    assert_eq!(error.as_api().unwrap().message(), "no such book");
    assert_eq!(
        (server.request().gateway_line().as_str(), client.url_format()),
        ("GET /v1/books/1", Some(UrlFormat::New))
    );
}

#[tokio::test]
async fn without_a_variable_there_is_one_format() {
    let server = Server::new([no_route()]);
    let error = server.client(quirk_response_401_only::Client::builder()).delete_all_songs().await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(server.request().gateway_line(), "DELETE /v1/songs");
    for (request, expected) in [
        (
            seen!(quirk_path_parameter_without_segment, |it| it
                .create_hook()
                .subscriber_url("https://a.b/?c=d&e")
                .active(true)),
            "POST /v2/hooks?subscriberUrl=https%3A%2F%2Fa.b%2F%3Fc%3Dd%26e&active=true",
        ),
        (seen!(quirk_path_variable_undeclared, |it| it.send_message()), "POST /bot-token/sendmessage"),
        (seen!(quirk_path_variable_undeclared, |it| it.leave_chat()), "POST /bottoken/leavechat"),
        (seen!(quirk_path_variable_undeclared, |it| it.get_folder("7")), "GET /v1/folders/7"),
        (
            seen!(quirk_path_query_in_endpoint, |it| it.list_domains().page_size(1.5)),
            "GET /domains.getlist?PageSize=1.5",
        ),
        (seen!(quirk_path_query_in_endpoint, |it| it.renew_domain("a.b")), "GET /domains.renew?DomainName=a.b"),
        (seen!(quirk_path_slashes_and_spaces, |it| it.list_events()), "GET /v3/events/"),
        (seen!(quirk_path_slashes_and_spaces, |it| it.list_stamps()), "GET /v3/stamps"),
        (seen!(quirk_path_slashes_and_spaces, |it| it.check_address()), "POST /v3/checkAddress"),
        (seen!(quirk_names_shared_by_operations, |it| it.get_fruits_fresh()), "GET /v1/fruits/fresh"),
        (seen!(quirk_names_shared_by_operations, |it| it.get_fruits_dried()), "GET /v1/fruits/dried"),
        (seen!(quirk_names_shared_by_operations, |it| it.get_v1_payments()), "GET /v1/payments"),
        (seen!(quirk_names_shared_by_operations, |it| it.get_v1_payments_2()), "GET /v1/payments/"),
        (seen!(quirk_external_docs, |it| it.get_forecast()), "GET /v1/forecast"),
        (seen!(quirk_external_docs, |it| it.list_alerts()), "GET /v1/alerts"),
        (seen!(quirk_external_docs, |it| it.list_stations()), "GET /v1/stations"),
        (seen!(quirk_info_missing, |it| it.list_pets()), "GET /v1/pets"),
        (seen!(quirk_server_undefined, |it| it.list_pets()), "GET /v1/pets"),
        (seen!(quirk_response_401_only, |it| it.list_songs().page(2.0)), "GET /v1/songs?page=2"),
        (seen!(quirk_summary_odd, |it| it.retrieve_price_of_toy()), "GET /v1/toys/price"),
        (seen!(quirk_summary_odd, |it| it.remove_toy_from_customer_basket_or_café()), "DELETE /v1/toys/basket"),
        (seen!(quirk_summary_odd, |it| it.get_toys_basket()), "GET /v1/toys/basket"),
        (seen!(quirk_summary_odd, |it| it.list_wishes()), "GET /v1/toys/wishes"),
        (seen!(quirk_summary_odd, |it| it.post_toys_wishes()), "POST /v1/toys/wishes"),
        (seen!(quirk_tag_spaces, |it| it.list_songs()), "GET /v1/songs"),
        (seen!(quirk_tag_spaces, |it| it.add_song()), "POST /v1/songs"),
        (seen!(quirk_tag_spaces, |it| it.list_song_lists()), "GET /v1/song-lists"),
        (seen!(quirk_body_empty, |it| it.switch_lamp_on("l")), "POST /v1/lamps/l/on"),
        (seen!(quirk_delete_with_body, |it| it.delete_room("r")), "DELETE /v1/rooms/r"),
    ] {
        assert_eq!(request.gateway_line(), expected);
        request.assert_no_body();
    }
}

#[tokio::test]
async fn the_envelope_is_taken_off() {
    for (body, result) in [
        (r#"{"data":[1,2]}"#, json!([1, 2])),
        (r#"{"message":"m","provider":"songbook","result":{"data":5},"response_headers":{}}"#, json!({"data": 5})),
        (r#"{"page":1,"data":[]}"#, json!({"page": 1, "data": []})),
        ("[]", json!([])),
    ] {
        let server = Server::new([Answer::json(200, body)]);
        let got = server.client(quirk_response_401_only::Client::builder()).list_songs().await.unwrap();
        assert_eq!(got, result, "{body}");
    }
}
