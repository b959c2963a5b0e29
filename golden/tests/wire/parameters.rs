//! Parameters in path, query, headers and cookies.

use golden::{
    defaults, enum_integer, parameter_content_json, parameter_deep_object, parameter_header, parameter_header_array,
    parameter_path_types, parameter_query_arrays, parameter_query_object, parameter_query_scalars,
    version_31_type_list,
};
use lowcodeapi_runtime::{Error, Nullable};
use serde_json::{Value, json};

use crate::wire::support::{Answer, Part, Request, Server, given, sent};

/// Pairs as a test writes them.
fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The parameters of the query, where their order is that of an object's properties and so means nothing.
fn sorted_query(request: &Request) -> Vec<&str> {
    let mut query = request.query();
    query.sort_unstable();
    query
}

#[tokio::test]
async fn path_values_stay_in_their_place() {
    use parameter_path_types::types::GetRoomWing;

    let request = sent!(parameter_path_types, |client| client.get_room(-7, "a b/c?d#e%", GetRoomWing::SouthEast));
    assert_eq!(request.line, "GET /museums/-7/rooms/a%20b%2Fc%3Fd%23e%25/south-east");
    request.assert_no_body();
    let wing = GetRoomWing::from("up & away");
    let request = sent!(parameter_path_types, |client| client.get_room(i64::MAX, "é", wing));
    assert_eq!(request.line, "GET /museums/9223372036854775807/rooms/%C3%A9/up%20%26%20away");
    let request = sent!(parameter_path_types, |client| client.compare("a.b", "..", "json"));
    assert_eq!(request.line, "GET /compare/a.b......json");
    let request = sent!(parameter_path_types, |client| client.is_open("2026-12-24", false));
    assert_eq!(request.line, "GET /open/2026-12-24/false");
}

#[tokio::test]
async fn a_path_value_that_would_lead_elsewhere_is_not_sent() {
    let server = Server::new([Answer::empty(204)]);
    let client = server.client(parameter_path_types::Client::builder());
    for day in ["", ".", ".."] {
        let error = client.is_open(day, true).await.unwrap_err();
        assert!(matches!(&error, Error::InvalidRequest { .. }), "{day:?}: {error:?}");
    }
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn a_list_in_the_path_is_one_segment() {
    let request = sent!(parameter_path_array, |client| client.delete_photos([3, -1, 20]));
    assert_eq!(request.line, "DELETE /photos/3,-1,20");
    let nothing = given!(parameter_path_array, Answer::empty(204), |client| client.delete_photos([]));
    assert!(matches!(nothing, Err(Error::InvalidRequest { .. })), "{nothing:?}");
}

#[tokio::test]
async fn a_variable_that_is_declared_nowhere_has_its_place() {
    let request = sent!(parameter_undeclared_in_path, |client| client.get_light("hall/1", 5));
    assert_eq!(request.line, "GET /rooms/hall%2F1/lights/5");
}

#[tokio::test]
async fn a_path_value_of_one_of_several_types() {
    use version_31_type_list::types::ReadSensorId;

    for (id, line) in
        [(ReadSensorId::Integer(12), "GET /sensors/12"), (ReadSensorId::Text("12/a".to_owned()), "GET /sensors/12%2Fa")]
    {
        let server = Server::new([Answer::json(200, r#"{"value":1}"#)]);
        server.client(version_31_type_list::Client::builder()).read_sensor(id).await.unwrap();
        assert_eq!(server.request().line, line);
    }
}

#[tokio::test]
async fn scalars_in_the_query() {
    use parameter_query_scalars::types::{FindFlightsCabin, Sort};

    let request = sent!(parameter_query_scalars, |client| client.find_flights("Zürich/Genève", 2, "2026-07-01"));
    assert_eq!(request.line, "GET /flights?from=Z%C3%BCrich%2FGen%C3%A8ve&passengers=2&day=2026-07-01");
    request.assert_no_body();
    for header in ["authorization", "cookie"] {
        assert_eq!(request.header(header), None, "{header}");
    }
    let request = sent!(parameter_query_scalars, |client| {
        let call = client.find_flights("", -1, "x").max_price(99.5).direct(false).after("2026-07-01T08:00:00+02:00");
        call.cabin(FindFlightsCabin::Business).sort(Sort::from("a&b=c")).cursor("100%").note("")
    });
    assert_eq!(
        request.query(),
        [
            "from=",
            "passengers=-1",
            "day=x",
            "max_price=99.5",
            "direct=false",
            "after=2026-07-01T08%3A00%3A00%2B02%3A00",
            "cabin=business",
            "sort=a%26b%3Dc",
            "cursor=100%25",
            "note=",
        ]
    );
}

#[tokio::test]
async fn an_input_set_again_is_replaced() {
    let request = sent!(parameter_query_scalars, |client| {
        client.find_flights("a", 1, "d").any(json!(["x", "y"])).direct(true).any("z").direct(false)
    });
    assert_eq!(request.line, "GET /flights?from=a&passengers=1&day=d&any=z&direct=false");
}

#[tokio::test]
async fn what_can_have_one_value_is_sent_by_itself() {
    let request = sent!(parameter_constant, |client| client.change_order("o1", "too late"));
    assert_eq!(request.line, "POST /v2/orders/o1");
    assert_eq!(request.header("x-api-version").as_deref(), Some("7"));
    assert_eq!(request.json(), json!({"action": "cancel", "reason": "too late"}));
    let request = sent!(parameter_constant, |client| client.change_order("o1", "r").version("v3").x_api_version(8));
    assert_eq!(request.line, "POST /v3/orders/o1");
    assert_eq!(request.header("x-api-version").as_deref(), Some("8"));
    assert_eq!(sent!(parameter_constant, |client| client.ping()).line, "GET /ping?kind=fixed");
}

#[tokio::test]
async fn any_value_in_the_query() {
    for (any, query) in [
        (json!(5), vec!["any=5"]),
        (json!(["a", true]), vec!["any=a", "any=true"]),
        (json!({"k": "v"}), vec!["k=v"]),
        (Value::Null, vec![]),
    ] {
        let request = sent!(parameter_query_scalars, |client| client.find_flights("a", 1, "d").any(any));
        assert_eq!(request.query()[3..], query);
    }
}

#[tokio::test]
async fn lists_in_the_query() {
    use parameter_query_arrays::types::FindWinesColourItem;

    let request = sent!(parameter_query_arrays, |client| client.find_wines(["fr", "a,b&c"]).grape(["x"]));
    assert_eq!(request.line, "GET /wines?country=fr&country=a%2Cb%26c&grape=x");
    let request = sent!(parameter_query_arrays, |client| client.find_wines(["fr"]).ids_list([1, 2]));
    assert_eq!(request.line, "GET /wines?country=fr&ids%5B%5D=1&ids%5B%5D=2");
    let request = sent!(parameter_query_arrays, |client| {
        let colours = [FindWinesColourItem::Red, FindWinesColourItem::from("orange")];
        client.find_wines(["fr"]).year([2019, 2020]).food(["fish", "duck"]).price([9.5, 12.25]).colour(colours)
    });
    let expected = [
        ("country", "fr"),
        ("year", "2019,2020"),
        ("food", "fish duck"),
        ("price", "9.5|12.25"),
        ("colour", "red,orange"),
    ];
    assert_eq!(request.decoded_query(), pairs(&expected));
    // What separates items stands as it is, and is encoded within them.
    let request = sent!(parameter_query_arrays, |client| {
        let colours = [FindWinesColourItem::Red, FindWinesColourItem::from("a,b")];
        client.find_wines(["fr"]).food(["a", "c"]).price([1.5, 2.0]).colour(colours)
    });
    assert_eq!(request.line, "GET /wines?country=fr&food=a%20c&price=1.5%7C2&colour=red,a%2Cb");
    let none: [&str; 0] = [];
    let request = sent!(parameter_query_arrays, |client| client.find_wines(none).year([]).food(none).price([]));
    assert_eq!(request.line, "GET /wines");
}

#[tokio::test]
async fn objects_in_the_query() {
    use parameter_query_object::types::{FindFlatsFilter, FindFlatsRange};

    let request = sent!(parameter_query_object, |client| {
        client.find_flats().filter(FindFlatsFilter::new("Köln").balcony(true)).extra([("a b", "1&2".to_owned())])
    });
    assert_eq!(sorted_query(&request)[1..], ["balcony=true", "city=K%C3%B6ln"]);
    let request =
        sent!(parameter_query_object, |client| client.find_flats().range(FindFlatsRange::new().from(1).to(9)));
    assert_eq!(request.decoded_query(), pairs(&[("range", "from,1,to,9")]));
    let request = sent!(parameter_query_object, |client| {
        client.find_flats().filter(FindFlatsFilter::new("a").rooms(1)).filter(FindFlatsFilter::new("b"))
    });
    assert_eq!(request.line, "GET /flats?city=b");
}

#[tokio::test]
async fn deep_objects_in_the_query() {
    use parameter_deep_object::types::{EventFilter, EventFilterPeriod};

    let filter = EventFilter::new("Ulm").max_price(9.5).period(EventFilterPeriod::new().after("2026-01-01"));
    let request = sent!(parameter_deep_object, |client| {
        client.find_events(filter).labels([("kind", "a&b".to_owned()), ("x", String::new())])
    });
    assert_eq!(
        sorted_query(&request),
        [
            "filter%5Bcity%5D=Ulm",
            "filter%5Bmax_price%5D=9.5",
            "filter%5Bperiod%5D%5Bafter%5D=2026-01-01",
            "labels%5Bkind%5D=a%26b",
            "labels%5Bx%5D=",
        ]
    );
}

#[tokio::test]
async fn json_in_the_query() {
    use parameter_content_json::types::Area;

    let request =
        sent!(parameter_content_json, |client| client.find_places(Area::new(50.5, -1.25)).tags(["a", "\"b\""]));
    let query = request.decoded_query();
    let names: Vec<&str> = query.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["area", "tags"]);
    let values: Vec<Value> = query.iter().map(|(_, value)| serde_json::from_str(value).unwrap()).collect();
    assert_eq!(values, [json!({"north": 50.5, "south": -1.25}), json!(["a", "\"b\""])]);
}

#[tokio::test]
async fn headers() {
    use parameter_header::types::SendLetterXPaper;

    let request = sent!(parameter_header, |client| client.send_letter().idempotency_key("k-1"));
    assert_eq!(request.header("idempotency-key").as_deref(), Some("k-1"));
    for header in ["x-priority", "x-dry-run", "x-paper", "content-type"] {
        assert_eq!(request.header(header), None, "{header}");
    }
    let request = sent!(parameter_header, |client| {
        client
            .send_letter()
            .idempotency_key("k-2")
            .x_priority(1)
            .x_priority(-3)
            .x_dry_run(false)
            .x_paper(SendLetterXPaper::Lined)
    });
    for (header, value) in [("x-priority", "-3"), ("x-dry-run", "false"), ("x-paper", "lined")] {
        assert_eq!(request.header(header).as_deref(), Some(value), "{header}");
    }
    let forged =
        given!(parameter_header, Answer::empty(204), |client| client.send_letter().idempotency_key("a\r\nx-admin: 1"));
    assert!(matches!(forged, Err(Error::InvalidRequest { .. })), "{forged:?}");
}

#[tokio::test]
async fn lists_in_headers() {
    use parameter_header_array::types::ReadSensorsXUnitsItem::{Celsius, Kelvin};

    let request = sent!(parameter_header_array, |client| client.read_sensors([7, 12]).x_units([Kelvin, Celsius]));
    assert_eq!(request.header("x-sensor-ids").as_deref(), Some("7,12"));
    assert_eq!(request.header("x-units").as_deref(), Some("kelvin,celsius"));
    assert_eq!(request.header("x-window"), None);
}

#[tokio::test]
async fn path_values_in_their_styles() {
    use golden::parameter_path_styles::types::{FindPotsPotsItem, Mix};

    let request = sent!(parameter_path_styles, |client| client.find_by_label("a.b/c", ["x", "y z"]));
    assert_eq!(request.line, "GET /plain.a.b%2Fc/of.x.y%20z");
    let request = sent!(parameter_path_styles, |client| client.find_by_matrix(Mix::new(5), -1));
    assert_eq!(request.line, "GET /mixed;red=5/;tone=-1");
    let pots = [FindPotsPotsItem::Red, FindPotsPotsItem::from("a;b")];
    let request = sent!(parameter_path_styles, |client| client.find_pots(pots));
    assert_eq!(request.line, "GET /pots/;pots=red,a%3Bb");
    let request = sent!(parameter_path_styles, |client| client.mix_pots(Mix::new(5)));
    assert_eq!(request.line, "PUT /pots/red=5");
}

#[tokio::test]
async fn text_of_another_media_type_is_sent_as_it_is() {
    let request = sent!(parameter_content_other, |client| client.find_places().filter("<a b='c'/>"));
    assert_eq!(request.decoded_query(), [("filter".to_owned(), "<a b='c'/>".to_owned())]);
}

#[tokio::test]
async fn reserved_characters_stand_where_the_document_allows_them() {
    let request = sent!(parameter_reserved, |client| {
        client.find_links("https://a.example/b?c=d&e#f").paths(["/a/b", "c;d"]).note("").fresh(true)
    });
    let expected = "GET /links?url=https://a.example/b?c=d%26e%23f&paths=/a/b,c;d&note=&fresh=true";
    assert_eq!(request.line, expected);
    let request = sent!(parameter_reserved, |client| client.find_links("/a%2Fb%").paths(["%2C,"]));
    assert_eq!(request.line, "GET /links?url=/a%2Fb%25&paths=%2C%2C");
}

#[tokio::test]
async fn json_in_every_place() {
    use golden::parameter_json_everywhere::types::Place;

    let request = sent!(parameter_json_everywhere, |client| {
        let call = client.find_rooms(Place::new("a/b")).x_place(Place::new("é")).words("w");
        call.cookie_place(Place::new("c;d")).rule("r/s")
    });
    assert_eq!(request.line, "GET /rooms/%7B%22name%22%3A%22a%2Fb%22%7D?words=%22w%22&rule=r%2Fs");
    assert_eq!(request.header("x-place").as_deref(), Some(r#"{"name":"\u00e9"}"#));
    assert_eq!(request.header("cookie").as_deref(), Some("place=%7B%22name%22%3A%22c%3Bd%22%7D"));
}

#[tokio::test]
async fn null_in_json_is_no_absence() {
    use golden::parameter_json_everywhere::types::Place;

    let none = sent!(parameter_json_everywhere, |client| client.find_sizes(None, None));
    assert_eq!(none.line, "GET /rooms/null/size?code=null");
    assert_eq!((none.header("x-tags"), none.header("cookie")), (None, None));
    let null = sent!(parameter_json_everywhere, |client| {
        let call = client.find_sizes(Some(1), Some("a".to_owned())).words(Nullable::Null).any(Value::Null);
        call.x_tags(Nullable::Null).place(None)
    });
    assert_eq!(null.line, "GET /rooms/1/size?code=%22a%22&words=null&any=null");
    assert_eq!(null.header("x-tags").as_deref(), Some("null"));
    assert_eq!(null.header("cookie").as_deref(), Some("place=null"));
    let value = sent!(parameter_json_everywhere, |client| {
        let call = client.find_sizes(None, None).words(Nullable::Null).words("a");
        call.x_tags(vec!["b".to_owned()]).place(Place::new("c"))
    });
    assert_eq!(value.line, "GET /rooms/null/size?code=null&words=%22a%22");
    assert_eq!(value.header("x-tags").as_deref(), Some(r#"["b"]"#));
    let fields = sent!(parameter_json_everywhere, |client| client.send_fields(None));
    assert_eq!(fields.text(), "size=null");
    // A text is not taken for the value that it spells.
    let fields = sent!(parameter_json_everywhere, |client| client.send_fields(Some(4)).note("null"));
    assert_eq!(fields.text(), "size=4&note=%22null%22");
    let parts = sent!(parameter_json_everywhere, |client| client.send_parts(None));
    assert_eq!(parts.parts(), [Part::new("name=\"size\"", Some("application/json"), "null")]);
}

#[tokio::test]
async fn objects_in_lists_of_a_union() {
    use golden::parameter_query_object::types::{Area, Areas};

    let areas = || Areas::from(vec![Area::new().city("a"), Area::new().city("b")]);
    let request = sent!(parameter_query_object, |client| client.find_flats().areas(areas()).within(areas()));
    assert_eq!(
        request.decoded_query(),
        pairs(&[
            ("areas", r#"{"city":"a"}"#),
            ("areas", r#"{"city":"b"}"#),
            ("within[0][city]", "a"),
            ("within[1][city]", "b"),
        ])
    );
}

#[tokio::test]
async fn lists_and_objects_in_cookies() {
    use golden::parameter_cookie_array::types::Size;

    let request = sent!(parameter_cookie_array, |client| {
        client.find_shelves().seen([1]).seen([2, 3]).size(Size::new().width(4)).exploded(Size::new().width(5))
    });
    assert_eq!(request.header("cookie").as_deref(), Some("seen=2,3; size=width,4; width=5"));
}

#[tokio::test]
async fn what_stands_in_deep_objects() {
    use golden::parameter_deep_nested::types::{Line, Range, RangeWithin};

    let within = RangeWithin::new().days([1, 2]);
    let lines = || [Line::new("9"), Line::new("8").taxes(["a", "b"])];
    let request = sent!(parameter_deep_nested, |client| {
        client.find_invoices().created(Range::new().gte(5).within(within)).expand(["x", "y"]).lines(lines())
    });
    let mut query = request.decoded_query();
    query.sort();
    let mut expected = pairs(&[
        ("created[gte]", "5"),
        ("created[within][days][]", "1"),
        ("created[within][days][]", "2"),
        ("expand[]", "x"),
        ("expand[]", "y"),
        ("lines[0][price]", "9"),
        ("lines[1][price]", "8"),
        ("lines[1][taxes][]", "a"),
        ("lines[1][taxes][]", "b"),
    ]);
    expected.sort();
    assert_eq!(query, expected);
    let request = sent!(parameter_deep_nested, |client| client.make_invoice(lines()).range(Range::new().gte(5)));
    let mut fields: Vec<&str> = request.text().split('&').collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "lines%5B0%5D%5Bprice%5D=9",
            "lines%5B1%5D%5Bprice%5D=8",
            "lines%5B1%5D%5Btaxes%5D%5B%5D=a",
            "lines%5B1%5D%5Btaxes%5D%5B%5D=b",
            "range%5Bgte%5D=5",
        ]
    );
}

#[tokio::test]
async fn cookies_share_one_header() {
    let request = sent!(parameter_cookie, |client| client.get_basket("s 1;x=y"));
    assert_eq!(request.header("cookie").as_deref(), Some("session=s%201%3Bx%3Dy"));
    let request = sent!(parameter_cookie, |client| client.get_basket("s").debug(true));
    assert_eq!(request.header("cookie").as_deref(), Some("session=s; debug=true"));
    assert_eq!(request.line, "GET /basket");
}

#[tokio::test]
async fn one_name_in_several_places() {
    let request = sent!(parameter_same_name_in_two_places, |client| {
        client.replace_document("path", 5, "json", "text").header_id("header").body("query")
    });
    assert_eq!(request.line, "PUT /documents/path?id=5&body=query");
    assert_eq!(request.header("id").as_deref(), Some("header"));
    assert_eq!(request.json(), json!({"id": "json", "text": "text"}));
}

#[tokio::test]
async fn parameters_of_the_path_item_and_of_components() {
    let request = sent!(parameter_shared_and_overridden, |client| client.list_plants("g/1").limit(3).x_trace("t"));
    assert_eq!(request.line, "GET /gardens/g%2F1/plants?limit=3");
    assert_eq!(request.header("x-trace").as_deref(), Some("t"));
    // Here the limit is another one: required, and text.
    let request = sent!(parameter_shared_and_overridden, |client| client.remove_plants("g", "all").force(true));
    assert_eq!(request.line, "DELETE /gardens/g/plants?limit=all&force=true");
    assert_eq!(request.header("x-trace"), None);
    let request = sent!(ref_component_parameter, |client| client.get_ticket("t1").page_size(2));
    assert_eq!(request.line, "GET /tickets/t1?page_size=2");
    let request = sent!(ref_component_parameter, |client| client.list_tickets().page_size(3));
    assert_eq!(request.line, "GET /tickets?page_size=3");
}

#[tokio::test]
async fn a_default_is_the_servers_and_not_sent() {
    use defaults::types::{Print, PrintPaper};

    let request = sent!(defaults, |client| client.create_print(Print::new(PrintPaper::A4, 1)));
    assert_eq!(request.line, "POST /prints");
    assert_eq!(request.json(), json!({"paper": "a4", "copies": 1}));
    let request =
        sent!(defaults, |client| client.create_print(Print::new(PrintPaper::Letter, 2)).dry_run_(false).limit(20));
    assert_eq!(request.line, "POST /prints?dry_run=false&limit=20");
}

#[tokio::test]
async fn an_enumeration_of_integers_in_the_query() {
    use enum_integer::types::ListFilmsDecade;

    for (decade, line) in
        [(ListFilmsDecade::N1990, "GET /films?decade=1990"), (ListFilmsDecade::from(1850), "GET /films?decade=1850")]
    {
        let server = Server::new([Answer::json(200, r#"{"stars":2}"#)]);
        server.client(enum_integer::Client::builder()).list_films().decade(decade).await.unwrap();
        assert_eq!(server.request().line, line);
    }
}

#[tokio::test]
async fn lists_of_what_is_text_on_the_wire() {
    use golden::schema_corners::types::{Corner, Kind, TurnCornerStarsItem};

    let server = Server::new([Answer::json(200, r#"{"set":[]}"#)]);
    let call = server.client(golden::schema_corners::Client::builder()).turn_corner(Corner::new([1]));
    let call = call.kinds([Kind::Sharp, Kind::from("a b")]).ids(["6f9619ff-8b86-d011-b42d-00cf4fc964ff"]);
    let call = call.days(["2026-01-01", "2026-01-02"]).x_times(["2026-01-01T00:00:00Z"]);
    call.stars([TurnCornerStarsItem::N2, TurnCornerStarsItem::from(5)]).await.unwrap();
    let request = server.request();
    assert_eq!(
        request.query(),
        [
            "kinds=sharp",
            "kinds=a%20b",
            "ids=6f9619ff-8b86-d011-b42d-00cf4fc964ff",
            "days=2026-01-01,2026-01-02",
            "stars=2",
            "stars=5",
        ]
    );
    assert_eq!(request.header("x-times").as_deref(), Some("2026-01-01T00:00:00Z"));
}
