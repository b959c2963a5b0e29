//! Files in inputs and results.

use std::fs;

use super::*;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nnot a picture";

fn in_folder(folder: &tempfile::TempDir) -> McpOptions {
    fs::create_dir(folder.path().join("in")).unwrap();
    McpOptions { files: Some(folder.path().join("in")), ..all() }
}

#[tokio::test]
async fn files_are_uploaded_from_the_folder_only() {
    let folder = tempfile::tempdir().unwrap();
    let options = in_folder(&folder);
    fs::write(folder.path().join("in/a.txt"), "inside").unwrap();
    fs::write(folder.path().join("secret.txt"), "outside").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("../secret.txt", folder.path().join("in/link.txt")).unwrap();
    let session = Session::start(Answer::json("{}"), options).await;
    for path in ["../secret.txt", "link.txt", "/etc/passwd", "missing.txt"] {
        let refused = session.call("upload_file", json!({"name": "A", "file": path})).await;
        assert!(error(&refused)["message"].as_str().unwrap().contains(path));
    }
    assert!(session.stub.requests().is_empty());
    let sent = session.call("upload_file", json!({"name": "A", "file": "a.txt"})).await;
    assert_eq!(sent.is_error, Some(false), "{sent:?}");
    let requests = session.stub.requests();
    assert!(requests[0].contains("filename=\"a.txt\"") && requests[0].contains("inside"), "{}", requests[0]);
}

#[tokio::test]
async fn without_a_folder_files_are_inline() {
    let session = Session::start(Answer::json("{}"), all()).await;
    let refused = session.call("upload_file", json!({"name": "A", "file": "/etc/passwd"})).await;
    assert!(error(&refused)["message"].as_str().unwrap().contains("--files DIR"));
    let file = json!({"name": "a.txt", "text": "inline"});
    let sent = session.call("upload_file", json!({"name": "A", "file": file})).await;
    assert_eq!(sent.is_error, Some(false), "{sent:?}");
    assert!(session.stub.requests()[0].contains("inline"));
}

#[tokio::test]
async fn files_of_results_are_written_to_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let session = Session::start(Answer::Whole("200 OK", "image/png", PNG.to_vec()), in_folder(&folder)).await;
    for number in 1..=2 {
        let result = session.call("get_file", json!({"file_id": "../../x"})).await.structured_content.unwrap();
        let path = format!("get_file-{number}.png");
        assert_eq!(result, json!({"file": {"path": path, "size": PNG.len(), "media_type": "image/png"}}));
        assert_eq!(fs::read(folder.path().join("in").join(path)).unwrap(), PNG);
    }
}

#[tokio::test]
async fn without_a_folder_small_pictures_are_shown() {
    let session = Session::start(Answer::Whole("200 OK", "image/png", PNG.to_vec()), all()).await;
    let result = session.call("get_file", json!({"file_id": "1"})).await;
    let picture = result.content.iter().find_map(|it| it.as_image()).unwrap();
    assert_eq!((picture.mime_type.as_str(), &picture.data[..8]), ("image/png", "iVBORw0K"));
    let large = Session::start(Answer::Whole("200 OK", "image/png", vec![0; 1024 * 1024]), all()).await;
    let refused = error(&large.call("get_file", json!({"file_id": "1"})).await);
    assert!(refused["message"].as_str().unwrap().contains("--files DIR"), "{refused}");
}
