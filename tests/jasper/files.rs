//! Downloads: whole or not at all, and nowhere but where the user says.

use std::{fs, path::Path};

use crate::support::{Answer, Gateway, Ran, Server, run_at};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

fn cut_out(base_url: &str, to: &Path) -> Ran {
    let picture = concat!(env!("CARGO_MANIFEST_DIR"), "/generated-client/examples/rabbit.png");
    let to = to.to_str().unwrap();
    run_at(base_url, &["image", "remove-background", "--image-file", picture, "--to", to, "--retries", "0"])
}

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_file_is_saved_and_a_broken_one_leaves_the_old() {
    let gateway = Gateway::start();
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("cut.png");
    let ran = cut_out(&gateway.base_url(), &to);
    assert_eq!(ran.status, 0, "{ran:?}");
    let told: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&told["bytes"], &told["media_type"]), (&68.into(), &"image/png".into()));
    let saved = fs::read(&to).unwrap();
    assert!(saved.starts_with(b"\x89PNG"));
    let head = "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: 1000\r\n\r\n";
    let broken = Server::start(Answer::Bytes([head.as_bytes(), PNG].concat()));
    let ran = cut_out(&broken.base_url, &to);
    assert_eq!(ran.status, 8, "{ran:?}");
    assert_eq!(fs::read(&to).unwrap(), saved);
    assert_eq!(names(folder.path()), ["cut.png"]);
}

#[test]
fn a_file_goes_to_standard_output_where_asked() {
    let server = Server::answering("200 OK", "content-type: image/png\r\n", PNG);
    let ran = cut_out(&server.base_url, Path::new("-"));
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stdout.contains("PNG"));
}

#[test]
#[cfg(unix)]
fn links_and_devices_are_refused() {
    let server = Server::answering("200 OK", "content-type: image/png\r\n", PNG);
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("target");
    fs::write(&target, "kept").unwrap();
    let link = folder.path().join("link.png");
    std::os::unix::fs::symlink(&target, &link).unwrap();
    let ran = cut_out(&server.base_url, &link);
    assert_eq!(ran.status, 10, "{ran:?}");
    assert_eq!(fs::read_to_string(&target).unwrap(), "kept");
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    let ran = cut_out(&server.base_url, Path::new("/dev/null"));
    assert_eq!(ran.status, 10, "{ran:?}");
    assert_eq!(server.requests(), 0, "the target is checked before anything is sent");
}

#[test]
fn a_name_of_the_server_stays_in_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("into");
    fs::create_dir(&into).unwrap();
    for (name, saved) in [("../../evil.png", "evil.png"), (".bashrc", "bashrc"), ("a\\b/c.png", "c.png")] {
        let headers = format!("content-type: image/png\r\ncontent-disposition: attachment; filename=\"{name}\"\r\n");
        let server = Server::answering("200 OK", &headers, PNG);
        let ran = cut_out(&server.base_url, &into);
        assert_eq!(ran.status, 0, "{ran:?}");
        assert_eq!(names(&into), [saved], "{ran:?}");
        assert_eq!(names(folder.path()), ["into"]);
        fs::remove_file(into.join(saved)).unwrap();
    }
}
