//! Inputs of documents that LowCodeAPI serves: odd names, odd types, odd bodies, and uploads.

use golden::{
    quirk_body_and_parameter_equal, quirk_enum_under_items, quirk_enum_values_of_other_type, quirk_type_missing,
};
use lowcodeapi_runtime::Upload;
use serde_json::json;

use crate::wire::support::{Answer, Part, Server, no_route, seen};

#[tokio::test]
async fn inputs_of_the_query_are_sent_by_their_own_names() {
    use quirk_enum_under_items::types::{GetLinkAccess, GetLinkAction, GetLinkKindsItem, GetLinkOrder};
    use quirk_enum_values_of_other_type::types::ListFilesDepth;

    let request = seen!(quirk_names_odd, |it| {
        let call = it.send_letter("a", "b").filter_city("c").expand_list("d").expand_list_equals_stamps("e");
        let call = call.letter_fields("f").reply_to("g").due_date("h").prefs_stamp("i").n000ms(0.5).type_("j");
        call.at_least_1_character("k")
    });
    let names = [
        "DCVMethod*",
        "filter[city]",
        "expand[]",
        "expand[]=stamps",
        "letter.fields",
        "reply-to",
        "due date",
        "api_token",
    ];
    let sent = request.decoded_query();
    assert_eq!(sent.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), names);
    assert_eq!(
        sent[..7].iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>(),
        ["a", "c", "d", "e", "f", "g", "h"]
    );
    assert_eq!(request.query()[3], "expand%5B%5D%3Dstamps=e");
    let body = json!({"Html-part": "b", "prefs/stamp": "i", "000ms": 0.5, "type": "j", "at least 1 character": "k"});
    assert_eq!(request.json(), body);

    let request = seen!(quirk_enum_under_items, |it| {
        let call = it.get_link(GetLinkAction::Upload).access(GetLinkAccess::PublicRead).order(GetLinkOrder::Created);
        call.kinds([GetLinkKindsItem::Film, GetLinkKindsItem::from("book")]).names("docs")
    });
    let expected = "GET /signed-url?action=upload&access=public-read&order=created&kinds=film&kinds=book&names=docs";
    assert_eq!(request.gateway_line(), expected);
    let request = seen!(quirk_enum_values_of_other_type, |it| {
        it.list_files().hidden(true).shared("false").depth(ListFilesDepth::N2).size(10.0).limit(5)
    });
    assert_eq!(request.gateway_line(), "GET /v1/files?hidden=true&shared=false&depth=2&size=10&limit=5");
    let request = seen!(quirk_type_missing, |it| {
        it.update_cage("c", "large").sort("size").order(quirk_type_missing::types::UpdateCageOrder::Desc).note(1)
    });
    assert_eq!(request.gateway_line(), "PATCH /v1/cages/c?sort=size&order=desc");
    assert_eq!(request.json(), json!({"size": "large", "note": 1}));
}

#[tokio::test]
async fn bodies_have_what_was_given_and_nothing_else() {
    for (request, expected, body) in [
        (
            seen!(quirk_array_without_items, |it| it
                .create_playlist(["a"])
                .genres(["b", "c"])
                .tags([json!(1), json!(null)])),
            "POST /v1/playlists?genres=b&genres=c",
            json!({"songs": ["a"], "tags": [1, null]}),
        ),
        (
            seen!(quirk_body_required_constant, |it| it.add_wish().text("w").stars(0.5)),
            "POST /v1/wishes",
            json!({"text": "w", "stars": 0.5}),
        ),
        (
            seen!(quirk_delete_with_body, |it| it.cancel_meeting("m", "ill").notify(false)),
            "DELETE /v1/meetings/m",
            json!({"reason": "ill", "notify": false}),
        ),
        (
            seen!(quirk_example_empty, |it| it.update_plant(-3).dry(true).name("").height(0.25).leaves(2)),
            "PUT /v1/plants/-3?dry=true&name=",
            json!({"height": 0.25, "leaves": 2}),
        ),
        (
            seen!(quirk_object_without_properties, |it| it.create_mix([("a", json!([1]))]).settings([("s", "t")])),
            "POST /v1/mixes",
            json!({"inputs": {"a": [1]}, "settings": {"s": "t"}}),
        ),
        (
            seen!(quirk_required_flag, |it| it.order_cake("s", "plum", 2).urgent(false).candles(0)),
            "POST /v1/cakes?shop=s&urgent=false",
            json!({"flavour": "plum", "layers": 2, "candles": 0}),
        ),
    ] {
        assert_eq!((request.gateway_line().as_str(), request.json()), (expected, body));
    }
}

#[tokio::test]
async fn bodies_of_misspelt_types_take_what_they_mean() {
    let request = seen!(quirk_type_strings, |it| {
        let call = it.add_animal().name("a").tame(true).weight(1.5).page(2).tags([1]).diet(json!({"a": 1}));
        call.traits([("t", true)]).born("2020").legs("4").count(10)
    });
    assert_eq!(request.gateway_line(), "POST /v1/animals?name=a&tame=true&weight=1.5&page=2");
    let body = json!({"tags": [1], "diet": {"a": 1}, "traits": {"t": true}, "born": "2020", "legs": "4", "count": 10});
    assert_eq!(request.json(), body);
    let request = seen!(quirk_body_enum_debris, |it| {
        let call = it.add_comment("t").line(1).labels(["l"]).options([("o", 1)]);
        call.draft(false).side("top").state("x")
    });
    assert_eq!(request.gateway_line(), "POST /v1/comments");
    let body = json!({"text": "t", "line": 1, "labels": ["l"], "options": {"o": 1}, "draft": false, "side": "top", "state": "x"});
    assert_eq!(request.json(), body);
}

#[tokio::test]
async fn a_body_with_the_names_of_parameters_follows_the_call_into_the_old_format() {
    let request = seen!(quirk_body_and_parameter_equal, |it| {
        it.rename_branch("p", "7", "b").force(true).body_rule_id("8").body_force(false)
    });
    assert_eq!(request.gateway_line(), "POST /v1/branches/p/rules/7?force=true");
    assert_eq!(request.json(), json!({"name": "b", "rule_id": "8", "force": false}));
    let server = Server::new([no_route(), Answer::json(200, "{}")]);
    let client = server.client(quirk_body_and_parameter_equal::Client::builder());
    client.rename_branch("p/q", "7", "b").force(true).await.unwrap();
    let [_, old] = server.requests().try_into().unwrap();
    assert_eq!(old.gateway_line(), "POST /v1/branches/name/rules/ruleid?name=p%252Fq&ruleId=7&force=true");
    assert_eq!(old.json(), json!({"name": "b"}));
}

#[tokio::test]
async fn uploads_are_parts_of_their_own_names() {
    let file = |name: &str| Upload::from_bytes(name, b"\x00\r\n--\xff".as_slice());
    let request = seen!(quirk_file_field_name, |it| it.frame_image().image_file(file("é \"1\".png")));
    assert_eq!(request.gateway_line(), "POST /v1/images/frame");
    let [part] = request.parts().try_into().unwrap();
    assert!(part.disposition.starts_with(r#"form-data; name="image_file"; filename"#), "{}", part.disposition);
    assert_eq!(
        (part.content_type.as_deref(), part.content.as_slice()),
        (Some("image/png"), b"\x00\r\n--\xff".as_slice())
    );
    let request = seen!(quirk_file_field_name, |it| it.paint_over_image(file("a.jpg"), "red").mask(file("m.gif")));
    assert_eq!(
        request.parts(),
        [
            Part::new(r#"name="image"; filename="a.jpg""#, Some("image/jpeg"), b"\x00\r\n--\xff"),
            Part::new(r#"name="colour""#, None, "red"),
            Part::new(r#"name="mask"; filename="m.gif""#, Some("image/gif"), b"\x00\r\n--\xff"),
        ]
    );
    let request = seen!(quirk_body_required_constant, |it| it.upload_picture(file("p")).title("t"));
    let picture = Part::new(r#"name="file"; filename="p""#, Some("application/octet-stream"), b"\x00\r\n--\xff");
    assert_eq!(request.parts(), [picture, Part::new(r#"name="title""#, None, "t")]);
    // Declared as JSON, and an upload all the same.
    let request = seen!(quirk_multipart_file_in_json, |it| it.upload_recording(Upload::from_bytes("a.mp3", "x")));
    assert_eq!(request.parts(), [Part::new(r#"name="file"; filename="a.mp3""#, Some("audio/mpeg"), "x")]);
    // Declared without the file that they are about.
    let file_part =
        |name: &str| Part::new(&format!(r#"name="file"; filename="{name}""#), Some("audio/mpeg"), b"\x00\r\n--\xff");
    let request = seen!(quirk_upload_without_file, |it| it.add_recording(file("r.mp3")));
    assert_eq!((request.gateway_line().as_str(), request.parts()), ("POST /v2/recordings", vec![file_part("r.mp3")]));
    let request = seen!(quirk_upload_without_file, |it| it.create_media_item(file("m.mp3")));
    assert_eq!((request.gateway_line().as_str(), request.parts()), ("POST /wp/v2/media", vec![file_part("m.mp3")]));
    let request =
        seen!(quirk_upload_without_file, |it| it.import_mail(file("i.mp3")).thread_id("t").labels(["a", "b"]));
    let labels = Part::new(r#"name="labels""#, None, r#"["a","b"]"#);
    assert_eq!(request.parts(), [file_part("i.mp3"), Part::new(r#"name="threadId""#, None, "t"), labels]);
}

#[tokio::test]
async fn a_multipart_body_without_a_file_is_json_or_none() {
    let request = seen!(quirk_upload_without_file, |it| it.create_job("file-1").seed(2.5));
    assert_eq!(request.json(), json!({"training_file": "file-1", "seed": 2.5}));
    let request = seen!(quirk_upload_without_file, |it| it.like_media_item("7"));
    assert_eq!((request.gateway_line().as_str(), request.body.len()), ("POST /wp/v2/media/7/likes", 0));
    let request = seen!(quirk_upload_without_file, |it| it.delete_upload("7"));
    assert_eq!((request.gateway_line().as_str(), request.body.len()), ("DELETE /v2/uploads/7", 0));
    let request = seen!(quirk_multipart_without_file, |it| it
        .tell_that_something_was_played(7)
        .listener([("age", 3)])
        .seconds(1.5));
    assert_eq!(request.json(), serde_json::json!({"mediaId": 7, "listener": {"age": 3}, "seconds": 1.5}));
}
