//! Inputs, failures, progress and cancellation.

use rmcp::{
    model::{ClientRequest, Request},
    service::PeerRequestOptions,
};

use super::*;

#[tokio::test]
async fn a_call_sends_its_inputs_and_returns_the_result() {
    let session = Session::start(Answer::json(r#"{"id":"7","title":null}"#), all()).await;
    let result = session.call("create_note", json!({"title": "A", "tags": ["x"]})).await;
    assert_eq!(result.structured_content, Some(json!({"result": {"id": "7", "title": null}})));
    assert_eq!(text(&result), r#"{"result":{"id":"7","title":null}}"#);
    let request = &session.stub.requests()[0];
    assert!(request.starts_with("POST /notes HTTP/1.1\r\n") && request.ends_with(r#"{"title":"A","tags":["x"]}"#));
    assert!(request.contains(TOKEN));
}

#[tokio::test]
async fn invalid_inputs_are_explained_and_not_sent() {
    let session = Session::start(Answer::json("{}"), all()).await;
    for (arguments, said) in [
        (json!({}), "`title` is missing"),
        (json!({"title": 1}), "`title`: invalid type"),
        (json!({"title": "A", "token": "x"}), "`token` is not an input; the inputs are title, status"),
    ] {
        let refused = error(&session.call("create_note", arguments).await);
        assert!(refused["message"].as_str().unwrap().contains(said), "{refused}");
        assert_eq!(refused["may_have_been_processed"], false);
    }
    assert!(session.stub.requests().is_empty());
}

#[tokio::test]
async fn failures_say_what_the_model_needs_and_no_token() {
    let limited = Session::start(Answer::Limited(7), all()).await;
    let about = error(&limited.call("create_note", json!({"title": "A"})).await);
    assert_eq!((&about["status"], &about["code"]), (&json!(429), &json!("slow")));
    assert_eq!((&about["retry_after_seconds"], &about["may_have_been_processed"]), (&json!(7), &json!(false)));
    assert!(about["message"].as_str().unwrap().contains("slow down"));

    let echo = format!(r#"{{"message":"bad token {TOKEN}"}}"#).into_bytes();
    let refused = Session::start(Answer::Whole("401 Unauthorized", "application/json", echo), all()).await;
    let about = error(&refused.call("get_note", json!({"note_id": "1"})).await);
    assert!(about["advice"].as_str().unwrap().contains("token"));
    assert!(!about.to_string().contains(TOKEN), "{about}");

    let broken = Session::start(Answer::Whole("502 Bad Gateway", "text/plain", b"down".to_vec()), all()).await;
    let about = error(&broken.call("create_note", json!({"title": "A"})).await);
    assert_eq!((&about["may_have_been_processed"], &about["may_succeed_later"]), (&json!(true), &json!(true)));
}

#[tokio::test]
async fn long_calls_tell_their_progress() {
    let mut session = Session::start(Answer::Later, all()).await;
    let params = request("get_note", json!({"note_id": "1"}));
    let called = session.client.call_tool(params);
    let heard = async {
        let mut last = 0.0;
        for _ in 0..3 {
            let progress = session.progress.recv().await.unwrap();
            assert!(progress.progress > last);
            last = progress.progress;
            assert!(progress.message.unwrap().starts_with("waiting for"));
        }
        session.stub.go.notify_one();
    };
    let (result, ()) = tokio::join!(called, heard);
    assert_eq!(result.unwrap().structured_content, Some(json!({"result": {}})));
}

#[tokio::test]
async fn a_cancelled_call_closes_its_connection() {
    let session = Session::start(Answer::Never, all()).await;
    let params = request("get_note", json!({"note_id": "1"}));
    let request = ClientRequest::CallToolRequest(Request::new(params));
    let handle = session.client.send_cancellable_request(request, PeerRequestOptions::no_options()).await.unwrap();
    session.stub.arrived.notified().await;
    handle.cancel(Some("not needed".to_owned())).await.unwrap();
    session.stub.gone.notified().await;
}
