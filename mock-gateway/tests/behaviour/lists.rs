//! Pagination and shapes of lists.

use lowcodeapi_mock::{Envelope, Gateway, ListShape};
use serde_json::{Value, json};

use crate::support::{get, jasper, request, send};

async fn with_tones(shape: ListShape, count: usize) -> Gateway {
    let gateway = jasper().list_shape(shape).start().await.expect("it starts");
    for number in 1..=count {
        let tone = json!({"name": format!("Tone {number}"), "value": "v"});
        assert_eq!(send(request(&gateway, "POST", "/v1/tones").json(&tone)).await.0, 200);
    }
    gateway
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(|item| item["name"].as_str()).collect()
}

#[tokio::test]
async fn a_list_comes_in_pages() {
    let gateway = with_tones(ListShape::Envelope, 12).await;
    let (_, first) = get(&gateway, "/v1/tones").await;
    assert_eq!((names(&first["data"]["data"]).len(), &first["data"]["resource"]), (10, &"tone".into()));
    let (_, middle) = get(&gateway, "/v1/tones?page=2&size=5").await;
    assert_eq!(names(&middle["data"]["data"]), ["Tone 6", "Tone 7", "Tone 8", "Tone 9", "Tone 10"]);
    let link = |page: usize| format!("https://jasper.invalid/v1/tones?page={page}&size=5");
    assert_eq!(
        middle["data"]["pagination"],
        json!({"totalRecords": 12, "page": 2, "size": 5, "next": link(3), "prev": link(1)})
    );
    let (_, last) = get(&gateway, "/v1/tones?page=3&size=5").await;
    assert_eq!((names(&last["data"]["data"]).len(), &last["data"]["pagination"]["next"]), (2, &Value::Null));
    let (_, beyond) = get(&gateway, "/v1/tones?page=18446744073709551615&size=18446744073709551615").await;
    assert_eq!((names(&beyond["data"]["data"]).len(), &beyond["data"]["pagination"]["next"]), (0, &Value::Null));
}

#[tokio::test]
async fn a_doubtful_list_has_the_shape_that_was_asked_for() {
    let gateway = with_tones(ListShape::BareList, 2).await;
    assert_eq!(names(&get(&gateway, "/v1/tones").await.1["data"]), ["Tone 1", "Tone 2"]);
    // The shape of this list is certain.
    assert!(get(&gateway, "/v1/knowledge").await.1["data"]["data"].is_array());
    let gateway = with_tones(ListShape::SingleItem, 2).await;
    assert_eq!(get(&gateway, "/v1/tones").await.1["data"]["name"], "Tone 1");
    let (_, styles) = get(&gateway, "/v1/styles").await;
    assert_eq!((&styles["data"]["id"], &styles["data"]["createdBy"]), (&"sty_1".into(), &Value::Null));
    let gateway = with_tones(ListShape::ListOfEnvelopes, 2).await;
    let (_, body) = get(&gateway, "/v1/tones").await;
    let envelopes = body["data"].as_array().expect("it is a list");
    assert_eq!(envelopes.len(), 2);
    assert_eq!(
        (&envelopes[1]["data"]["name"], &envelopes[1]["pagination"]["pageSize"]),
        (&"Tone 2".into(), &10.into())
    );
}

#[tokio::test]
async fn shapes_go_with_either_envelope() {
    let gateway = jasper().list_shape(ListShape::BareList).envelope(Envelope::Result).start().await.expect("it starts");
    let (_, body) = get(&gateway, "/v1/templates").await;
    let ids: Vec<_> = body["result"].as_array().into_iter().flatten().map(|item| &item["id"]).collect();
    assert_eq!(ids, ["tem_1", "tem_2"]);
}
