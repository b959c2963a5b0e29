//! Uploads from every source, downloads as they arrive and into files, and lists over all their pages.

use std::{
    fs, io,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::{StreamExt as _, stream};
use lowcodeapi_jasper::{
    Bytes, Client, Error, Method, RetryPolicy, StatusCode, TimeoutKind, Upload, UrlFormat, serde_json,
    types::CommandInputs,
};

use crate::support::{
    Scripted, TOKEN, client_of,
    fault::{Fault, FaultServer, GOOD, answer},
    gateway,
};

const JSON: &str = "content-type: application/json\r\n";
const CONTENT: &str = "Write short sentences.";

/// An empty folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn names(folder: &PathBuf) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

/// A client of a server that fails, which repeats at once.
fn repeating(base_url: &str) -> Client {
    let policy = RetryPolicy::default().base_delay(Duration::from_millis(1));
    Client::builder().token(TOKEN).base_url(base_url).retry(policy).build().unwrap()
}

#[tokio::test]
async fn an_upload_comes_whole_from_every_source() {
    let (gateway, client) = gateway(|it| it).await;
    let path = folder("every_source").join("brand.txt");
    fs::write(&path, CONTENT).unwrap();
    let length = CONTENT.len() as u64;
    let pieces = || stream::iter(CONTENT.as_bytes().chunks(5).map(|it| io::Result::Ok(Bytes::from_static(it))));
    let sources = [
        Upload::from_path(&path).await.unwrap(),
        Upload::from_bytes("brand.txt", CONTENT),
        Upload::from_reader("brand.txt", length, CONTENT.as_bytes()),
        Upload::from_stream("brand.txt", length, pieces()),
        Upload::from_fn("brand.txt", length, || async { Ok(CONTENT.as_bytes()) }),
    ];
    for source in sources {
        let told = format!("{source:?}");
        client.create_knowledge("Brand", source).await.unwrap();
        let requests = gateway.requests();
        let seen = requests.last().unwrap();
        let body = String::from_utf8_lossy(&seen.body);
        assert!(body.contains("filename=\"brand.txt\""), "{told}: {body}");
        assert!(body.contains(&format!("Content-Type: text/plain\r\n\r\n{CONTENT}\r\n")), "{told}: {body}");
    }
}

#[tokio::test]
async fn what_can_be_opened_again_is_repeated_and_what_cannot_is_not() {
    let busy = || FaultServer::start(Fault::Answer(answer("429 Too Many Requests", "retry-after: 0\r\n", b"")));
    let opened = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&opened);
    let open = move || {
        count.fetch_add(1, Ordering::SeqCst);
        async { Ok(CONTENT.as_bytes()) }
    };
    let length = CONTENT.len() as u64;
    let server = busy();
    let upload = Upload::from_fn("a.txt", length, open);
    let error = repeating(&server.base_url).create_knowledge("n", upload).await.unwrap_err();
    assert_eq!((error.status().map(|it| it.as_u16()), server.requests()), (Some(429), 3));
    assert_eq!(opened.load(Ordering::SeqCst), 3);

    let server = busy();
    let upload = Upload::from_reader("a.txt", length, CONTENT.as_bytes());
    let request = repeating(&server.base_url).create_knowledge("n", upload);
    let error = request.clone().await.unwrap_err();
    assert_eq!((error.status().map(|it| it.as_u16()), server.requests()), (Some(429), 1));
    let error = request.await.unwrap_err();
    assert!(matches!(error, Error::InvalidRequest { .. }), "{error:?}");
    assert!(error.to_string().contains("`a.txt` was already sent"), "{error}");
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_source_that_is_read_once_is_not_sent_in_the_other_url_format() {
    let not_found = crate::support::answer("404 Not Found", JSON, r#"{"message":"Not Found"}"#);
    let good = crate::support::answer("200 OK", JSON, GOOD);
    let server = Scripted::new(&[&not_found, &good]);
    let client = repeating(&server.base_url);
    let once = || Upload::from_reader("a.txt", 1, &b"x"[..]);
    let error = client.update_knowledge("kno_1").file(once()).await.unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
    assert_eq!((server.request_lines().len(), client.url_format()), (1, None));
    // Another call settles the format, and then it goes through.
    let good = Scripted::new(&[&not_found, &good]);
    let client = repeating(&good.base_url);
    client.delete_knowledge("kno_1").await.unwrap();
    assert_eq!(client.url_format(), Some(UrlFormat::Old));
    let _ = client.update_knowledge("kno_1").file(once()).await;
    assert!(good.request_lines()[2].starts_with("PATCH /jasper/v1/knowledge/knowledge_id?knowledge_id=kno_1&"));
}

#[tokio::test]
async fn a_source_that_ends_too_soon_or_fails_is_an_error_and_one_that_is_longer_is_cut() {
    let (gateway, client) = gateway(|it| it).await;
    let error = client.create_knowledge("n", Upload::from_reader("a.txt", 10, &b"four"[..])).await.unwrap_err();
    assert!(error.to_string().contains("`a.txt` ended after 4 of 10 bytes"), "{error}");
    let failing = stream::iter([Ok(Bytes::from_static(b"ab")), Err(io::Error::other("the disk is on fire"))]);
    let error = client.create_knowledge("n", Upload::from_stream("a.txt", 10, failing)).await.unwrap_err();
    assert!(error.to_string().contains("the disk is on fire"), "{error}");
    let missing = Upload::from_fn("a.txt", 1, || async { Err::<&[u8], _>(io::Error::other("no such thing")) });
    let error = client.create_knowledge("n", missing).await.unwrap_err();
    assert!(matches!(error, Error::InvalidRequest { source: Some(_), .. }), "{error:?}");
    client.create_knowledge("n", Upload::from_reader("a.txt", 4, &b"four and more"[..])).await.unwrap();
    let requests = gateway.requests();
    assert!(String::from_utf8_lossy(&requests.last().unwrap().body).contains("\r\n\r\nfour\r\n"));
}

#[tokio::test]
async fn progress_is_told_up_to_the_whole() {
    let (_gateway, client) = gateway(|it| it).await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&seen);
    let upload = Upload::from_bytes("a.txt", "x".repeat(200_000))
        .with_progress(move |sent, total| told.lock().unwrap().push((sent, total)));
    client.create_knowledge("n", upload).await.unwrap();
    let seen = seen.lock().unwrap();
    assert!(seen.len() > 1, "{seen:?}");
    assert!(seen.is_sorted_by(|a, b| a.0 < b.0) && seen.iter().all(|(_, total)| *total == Some(200_000)), "{seen:?}");
    assert_eq!(seen.last(), Some(&(200_000, Some(200_000))));
}

#[tokio::test]
async fn a_file_that_changes_is_told() {
    let folder = folder("changes");
    let (gateway, client) = gateway(|it| it).await;
    let path = folder.join("brand.txt");
    let change = |length: usize, age: u64| {
        fs::write(&path, "x".repeat(length)).unwrap();
        let modified = std::time::SystemTime::now() - Duration::from_secs(age);
        fs::File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
    };
    for (length, age) in [(299_999, 100), (300_001, 100), (300_000, 50)] {
        change(300_000, 100);
        let upload = Upload::from_path(&path).await.unwrap();
        change(length, age);
        let error = client.create_knowledge("n", upload).await.unwrap_err();
        assert!(matches!(&error, Error::InvalidRequest { .. }) && error.to_string().contains("has changed"), "{error}");

        change(300_000, 100);
        let seen = path.clone();
        let upload = Upload::from_path(&path).await.unwrap().with_progress(move |sent, _| {
            if sent <= 100_000 {
                fs::File::options()
                    .append(true)
                    .open(&seen)
                    .unwrap()
                    .set_modified(std::time::SystemTime::now())
                    .unwrap();
            }
        });
        let error = client.create_knowledge("n", upload).await.unwrap_err();
        assert!(error.to_string().contains("`brand.txt` has changed while it was sent"), "{error}");
    }
    change(300_000, 100);
    client.create_knowledge("n", Upload::from_path(&path).await.unwrap()).await.unwrap();
    let made = gateway.requests().iter().filter(|request| request.body.len() > 300_000).count();
    assert_eq!(made, 1, "nothing that has changed arrives whole");
}

#[tokio::test]
async fn a_download_arrives_in_chunks_and_as_a_reader() {
    let (gateway, client) = gateway(|it| it).await;
    let image = || Upload::from_bytes("a.png", "x");
    let whole = client.remove_background(image()).await.unwrap();
    let mut download = client.remove_background(image()).stream().await.unwrap();
    assert_eq!((download.status(), download.content_length()), (StatusCode::OK, Some(whole.len() as u64)));
    assert!(download.headers()["content-type"].to_str().unwrap().starts_with("image/"));
    let mut bytes = Vec::new();
    while let Some(chunk) = download.next().await {
        bytes.extend_from_slice(&chunk.unwrap());
    }
    assert_eq!(bytes, whole);
    let mut bytes = Vec::new();
    let mut reader = Box::pin(client.remove_background(image()).stream().await.unwrap().into_async_read());
    tokio::io::copy(&mut reader, &mut bytes).await.unwrap();
    assert_eq!(bytes, whole);
    assert_eq!(gateway.requests().len(), 3);
}

#[tokio::test]
async fn a_download_is_saved_whole_or_not_at_all() {
    let folder = folder("saved");
    let path = folder.join("picture.png");
    let body = "x".repeat(300_000);
    let picture = "content-type: image/png\r\n";
    let server = FaultServer::start(Fault::Answer(answer("200 OK", picture, body.as_bytes())));
    let client = crate::support::client_of(&server.base_url);
    let image = || Upload::from_bytes("a.png", "x");
    let length = client.remove_background(image()).stream().await.unwrap().save(&path).await.unwrap();
    assert_eq!((length, fs::read_to_string(&path).unwrap()), (300_000, body.clone()));

    let cut = format!("HTTP/1.1 200 OK\r\n{picture}content-length: 999999\r\nconnection: close\r\n\r\n{body}");
    let server = FaultServer::start(Fault::Answer(cut.into_bytes()));
    let client = crate::support::client_of(&server.base_url);
    let error = client.remove_background(image()).stream().await.unwrap().save(&path).await.unwrap_err();
    assert!(matches!(error, Error::Transport { .. }), "{error:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), body, "what was there stays");
    assert_eq!(names(&folder), ["picture.png"], "nothing is left behind");

    let error =
        client.remove_background(image()).stream().await.unwrap().save("/nowhere/at/all.png").await.unwrap_err();
    assert!(matches!(&error, Error::Io { .. }) && error.to_string().contains("/nowhere/at/all.png"), "{error:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_download_takes_the_place_of_files_alone() {
    use std::os::unix::fs::FileTypeExt as _;

    let folder = folder("places");
    let (_gateway, client) = gateway(|it| it).await;
    let _listener = std::os::unix::net::UnixListener::bind(folder.join("socket")).unwrap();
    fs::create_dir(folder.join("folder")).unwrap();
    std::os::unix::fs::symlink(folder.join("socket"), folder.join("link")).unwrap();
    for name in ["socket", "folder", "link"] {
        let download = client.remove_background(Upload::from_bytes("a.png", "x")).stream().await.unwrap();
        let error = download.save(folder.join(name)).await.unwrap_err();
        assert!(matches!(&error, Error::Io { .. }) && error.to_string().contains("is not a file"), "{error:?}");
    }
    assert!(fs::metadata(folder.join("socket")).unwrap().file_type().is_socket());
    assert_eq!(names(&folder).len(), 3, "{:?}", names(&folder));
}

#[cfg(unix)]
#[tokio::test]
async fn a_saved_file_has_the_permissions_of_any_other() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = folder("permissions");
    fs::write(folder.join("other"), "").unwrap();
    let (_gateway, client) = gateway(|it| it).await;
    let download = client.remove_background(Upload::from_bytes("a.png", "x")).stream().await.unwrap();
    download.save(folder.join("saved.png")).await.unwrap();
    let mode = |name: &str| fs::metadata(folder.join(name)).unwrap().permissions().mode();
    assert_eq!(mode("saved.png"), mode("other"));
    // What it replaces may have others.
    for kept in [0o600, 0o640, 0o444, 0o777] {
        fs::set_permissions(folder.join("saved.png"), fs::Permissions::from_mode(kept)).unwrap();
        let download = client.remove_background(Upload::from_bytes("a.png", "x")).stream().await.unwrap();
        download.save(folder.join("saved.png")).await.unwrap();
        assert_eq!(mode("saved.png") & 0o7777, kept, "{kept:o}");
    }
}

#[tokio::test]
async fn a_download_may_pause_for_the_stall_timeout_and_no_longer() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: 10\r\n\r\nab";
    let server = FaultServer::start(Fault::Pause(head.as_bytes().to_vec()));
    let builder = Client::builder().token(TOKEN).base_url(&server.base_url);
    let client = builder.stall_timeout(Duration::from_millis(200)).build().unwrap();
    let mut download = client.raw_request(Method::GET, "/v1/picture").stream().await.unwrap();
    assert_eq!(download.next().await.unwrap().unwrap(), "ab");
    let error = download.next().await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Timeout { kind: TimeoutKind::Stalled, .. }), "{error:?}");
    assert!(download.next().await.is_none());

    let request = client.raw_request(Method::GET, "/v1/picture").with_timeout(Duration::from_millis(100));
    let mut download = request.stream().await.unwrap();
    assert_eq!(download.next().await.unwrap().unwrap(), "ab");
    let error = download.next().await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Timeout { kind: TimeoutKind::Total, .. }), "{error:?}");
}

#[tokio::test]
async fn a_page_in_place_of_a_picture_is_not_saved() {
    let server = Scripted::answering("200 OK", "content-type: text/html\r\n", "<p>Sign in</p>");
    let client = crate::support::client_of(&server.base_url);
    let error = client.remove_background(Upload::from_bytes("a.png", "x")).stream().await.unwrap_err();
    assert!(matches!(&error, Error::Decode(error) if error.excerpt == "<p>Sign in</p>"), "{error:?}");
}

#[tokio::test]
async fn a_list_is_followed_over_its_pages() {
    let (gateway, client) = gateway(|it| it).await;
    for number in 0..25 {
        client.create_tone(format!("tone {number}"), "dry").await.unwrap();
    }
    let before = gateway.requests().len();
    let mut tones = client.list_tones().stream();
    let mut values = Vec::new();
    while let Some(tone) = tones.next().await {
        values.push(tone.unwrap().name);
        let requests = gateway.requests().len() - before;
        assert_eq!(requests, values.len().div_ceil(10), "a page is requested when its first item is polled for");
    }
    assert_eq!(values, (0..25).map(|number| format!("tone {number}")).collect::<Vec<_>>());

    let before = gateway.requests().len();
    let pages: Vec<usize> = client.list_tones().size(20).pages().map(|page| page.unwrap().data.len()).collect().await;
    assert_eq!((pages, gateway.requests().len() - before), (vec![20, 5], 2));

    let rest = client.list_tones().page(3).stream().all().await.unwrap();
    assert_eq!(rest.len(), 5);
    let before = gateway.requests().len();
    let full = client.list_tones().size(5).stream().all().await.unwrap();
    assert_eq!((full.len(), gateway.requests().len() - before), (25, 5), "the total ends it, not an empty page");
    assert!(client.list_knowledge().stream().all().await.unwrap().is_empty());
}

/// What is left of the beginning of a PNG once it was decoded as UTF-8.
const DESTROYED: &[u8] = "\u{fffd}PNG\r\n\u{1a}\n\u{fffd}\u{fffd}".as_bytes();

#[tokio::test]
async fn a_file_that_the_gateway_has_destroyed_is_an_error_in_every_way_to_read_it() {
    let picture = || Upload::from_bytes("a.png", "x");
    let headers = "content-type: image/png; charset=utf-8\r\n";
    let server = FaultServer::start(Fault::Answer(answer("200 OK", headers, DESTROYED)));
    let client = client_of(&server.base_url);
    let message = "an intermediate server decoded the file as UTF-8 text, which corrupted it";
    let error = client.remove_background(picture()).await.unwrap_err();
    assert!(matches!(error, Error::Decode(_)) && error.to_string().contains(message), "{error}");
    let mut stream = client.remove_background(picture()).stream().await.unwrap();
    let error = loop {
        match stream.next().await {
            Some(Ok(_)) => {}
            Some(Err(error)) => break error,
            None => panic!("it ended well"),
        }
    };
    assert!(error.to_string().contains(message) && stream.next().await.is_none(), "{error}");
    let path = folder("destroyed").join("cut-out.png");
    let error = client.remove_background(picture()).stream().await.unwrap().save(&path).await.unwrap_err();
    assert!(error.to_string().contains(message) && !path.exists(), "{error}");
    let raw = client.raw_request(Method::GET, "/v1/file").send().await.unwrap_err();
    assert!(raw.to_string().contains(message), "{raw}");

    // A file that was not decoded is no UTF-8, whatever its media type says.
    let intact = b"\x89PNG\r\n\x1a\n\xef\xbf\xbd";
    let server = FaultServer::start(Fault::Answer(answer("200 OK", headers, intact)));
    let client = client_of(&server.base_url);
    assert_eq!(client.remove_background(picture()).await.unwrap(), &intact[..]);
    client.remove_background(picture()).stream().await.unwrap().save(&path).await.unwrap();
    assert_eq!(fs::read(&path).unwrap(), intact);
}

#[tokio::test]
async fn a_file_without_a_name_is_refused_before_anything_is_sent() {
    let server = Scripted::answering("200 OK", JSON, "{}");
    let client = client_of(&server.base_url);
    for name in ["", " ", "/", "folder/", "folder\\", ".", "..", "a/.."] {
        let request = client.create_knowledge("n", Upload::from_bytes(name, "x"));
        assert!(matches!(request.dry_run(), Err(Error::InvalidRequest { .. })), "{name:?}");
        let error = request.await.unwrap_err();
        assert!(error.to_string().contains("the file of `file` has no name"), "{name:?}: {error}");
        let renamed = client.create_knowledge("n", Upload::from_bytes("a.txt", "x").with_file_name(name));
        assert!(matches!(renamed.await, Err(Error::InvalidRequest { .. })), "{name:?}");
    }
    assert_eq!(server.requests(), [""; 0]);
}

#[tokio::test]
async fn a_file_name_of_any_characters_arrives() {
    let server = Scripted::answering("200 OK", JSON, r#"{"data":{"requestId":"r"}}"#);
    let client = client_of(&server.base_url);
    for (name, disposition) in [
        ("a b.txt", r#"name="file"; filename="a b.txt""#),
        ("é 兎.txt", r#"name="file"; filename="é 兎.txt"; filename*=UTF-8''%C3%A9%20%E5%85%8E.txt"#),
        ("é\".txt", r#"name="file"; filename="é%22.txt"; filename*=UTF-8''%C3%A9%22.txt"#),
        ("é\r\n'*.txt", r#"name="file"; filename="é%0D%0A'*.txt"; filename*=UTF-8''%C3%A9%0D%0A%27%2A.txt"#),
    ] {
        client.create_knowledge("n", Upload::from_bytes(name, "xyz")).await.unwrap();
        let request = server.requests().pop().unwrap();
        let line = format!("Content-Disposition: form-data; {disposition}\r\n");
        assert!(request.contains(&line), "{line}{request}");
    }
}

#[tokio::test]
async fn data_alone_is_no_envelope_where_it_is_the_results_own() {
    for body in [
        r#"{"data":[{"id":"txt_1","text":"t"}]}"#,
        r#"{"data":{"data":[{"id":"txt_1","text":"t"}]}}"#,
        r#"{"message":"m","provider":"jasper","result":{"data":[{"id":"txt_1","text":"t"}]}}"#,
    ] {
        let server = Scripted::answering("200 OK", JSON, body);
        let out = client_of(&server.base_url).run_command(CommandInputs::new("c")).await.unwrap();
        assert_eq!(out.data[0].text.as_deref(), Some("t"), "{body}");
    }
    for body in [
        r#"{"data":{"name":"n","value":"v"}}"#,
        r#"{"data":{"data":{"name":"n","value":"v"}}}"#,
        r#"{"provider":"jasper","data":{"data":{"name":"n","value":"v"}}}"#,
    ] {
        let server = Scripted::answering("200 OK", JSON, body);
        let tone = client_of(&server.base_url).get_tone("ton_1").await.unwrap();
        assert_eq!(tone.data.map(|tone| tone.name).as_deref(), Some("n"), "{body}");
    }
    let server = Scripted::answering("200 OK", JSON, r#"{"data":[1,2]}"#);
    let any: serde_json::Value =
        client_of(&server.base_url).raw_request(Method::GET, "/v1/x").send_json().await.unwrap();
    assert_eq!(any, serde_json::json!([1, 2]));
}

#[tokio::test]
async fn a_page_in_place_of_a_picture_is_not_waited_for() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        crate::support::read_request(&mut stream);
        let mut next: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<p>";
        while io::Write::write_all(&mut stream, next).is_ok() {
            next = b".";
            std::thread::sleep(Duration::from_millis(10));
        }
    });
    let builder = Client::builder().token(TOKEN).base_url(base_url).retry(RetryPolicy::never());
    let client = builder.attempt_timeout(Duration::from_millis(300)).build().unwrap();
    let error = client.remove_background(Upload::from_bytes("a.png", "x")).stream().await.unwrap_err();
    assert!(matches!(&error, Error::Decode(error) if error.excerpt.starts_with("<p>.")), "{error:?}");
}
