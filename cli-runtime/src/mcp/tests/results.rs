//! Long results, and those without the documented form.

use super::*;

fn few_tokens() -> McpOptions {
    McpOptions { max_result_tokens: 300, ..all() }
}

/// Returns the structured parts of a result.
async fn parts(session: &Session, first: CallToolResult) -> Vec<Value> {
    let mut parts = vec![first.structured_content.unwrap()];
    while let Some(continuation) = parts[parts.len() - 1]["continuation"].as_str().map(str::to_owned) {
        let next = session.call("continue_result", json!({"continuation": continuation})).await;
        assert!(text(&next).chars().count() <= 1_200);
        parts.push(next.structured_content.unwrap());
    }
    parts
}

#[tokio::test]
async fn long_lists_are_continued_item_by_item() {
    let notes: Vec<Value> = (0..100).map(|id| json!({"id": id.to_string(), "title": "A note"})).collect();
    let session = Session::start(Answer::json(json!({"data": notes, "total": 100}).to_string()), few_tokens()).await;
    let first = session.call("list_notes", json!({})).await;
    assert!(text(&first).chars().count() <= 1_200);
    let parts = parts(&session, first).await;
    assert!(parts.len() > 3);
    assert_eq!((&parts[0]["truncated"], &parts[0]["result"]["total"]), (&json!(true), &json!(100)));
    let all: Vec<Value> =
        parts.iter().flat_map(|part| part["result"]["data"].as_array().unwrap().iter().cloned()).collect();
    assert_eq!(all, notes);
    assert_eq!(session.stub.requests().len(), 1);
}

#[tokio::test]
async fn long_text_is_continued() {
    let line = "A line of the summary.\n";
    let body = line.repeat(200).into_bytes();
    let session = Session::start(Answer::Whole("200 OK", "text/plain", body), few_tokens()).await;
    let parts = parts(&session, session.call("summary", json!({})).await).await;
    assert_eq!(parts.iter().filter_map(|part| part["text"].as_str()).collect::<String>(), line.repeat(200));

    let short = Session::start(Answer::Whole("200 OK", "text/plain", b"Short.".to_vec()), few_tokens()).await;
    assert_eq!(text(&short.call("summary", json!({})).await), "Short.");
}

#[tokio::test]
async fn unknown_continuations_are_explained() {
    let session = Session::start(Answer::json("{}"), all()).await;
    for arguments in [json!({"continuation": "0.1"}), json!({})] {
        assert!(error(&session.call("continue_result", arguments).await)["message"].is_string());
    }
}

#[tokio::test]
async fn results_without_the_documented_form_do_not_claim_it() {
    let session = Session::start(Answer::json(r#"{"data":{"id":1}}"#), all()).await;
    let result = session.call("list_notes", json!({})).await.structured_content.unwrap();
    assert_eq!(result, json!({"undocumented_result": {"data": {"id": 1}}}));
}

#[tokio::test]
async fn calls_without_a_result_are_no_errors() {
    let session = Session::start(Answer::Whole("204 No Content", "text/plain", Vec::new()), all()).await;
    let result = session.call("delete_note", json!({"note_id": "1"})).await;
    assert_eq!((result.is_error, result.structured_content), (Some(false), Some(json!({"result": null}))));
}
