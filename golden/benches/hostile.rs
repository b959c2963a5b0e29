//! What hostile servers cost a caller: `cargo bench -p golden --bench hostile` prints the table of `docs/faults.md`.
//!
//! Each server runs against a client in a process of its own, so that one's memory is not counted with another's. The
//! memory is the peak of what is resident, less what was resident before the call; it is counted on Linux alone.

#![allow(clippy::panic, reason = "what cannot be set up cannot be measured")]

use std::{
    env,
    error::Error,
    fs,
    future::Future,
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use futures_util::{Stream, StreamExt as _};
use golden::{array_of_models, messages_events, messages_lines, one_of_nested, pagination};
use lowcodeapi_runtime::{
    __private::{Client, Service},
    ClientBuilder, Method,
    serde_json::Value,
};

/// What a server sends to one request, by the number of the request.
type Serve = fn(&mut TcpStream, usize) -> io::Result<()>;

/// What the caller does with the server's URL, and what comes of it.
type Call = fn(&str) -> String;

/// The length of long bodies, in bytes: a little less than what clients accept.
const LONG: usize = 60 << 20;

const SERVERS: &[(&str, Serve, Call)] = &[
    ("error whose body is 60 MiB of `[0,0,…]`", |to, _| list(to, "500 Oops", "0"), raw),
    ("error whose body never ends", |to, _| endless(to, "500 Oops", "application/json", "words "), raw),
    ("error whose message is 60 MiB of control characters", error_message, raw),
    ("error whose body drips", |to, _| drip(to, "500 Oops", "application/json", "x"), raw),
    ("result whose body never ends", |to, _| endless(to, "200 OK", "application/json", "[0],"), raw),
    ("result whose body drips", |to, _| drip(to, "200 OK", "application/json", "["), raw),
    ("header that never ends", endless_header, raw),
    ("60 MiB of `[0,0,…]` as a JSON value", |to, _| list(to, "200 OK", "0"), raw),
    ("60 MiB of `[{},{},…]` as a JSON value", |to, _| list(to, "200 OK", "{}"), raw),
    ("60 MiB of empty items in a list of models", models, songs),
    ("60 MiB of `[0,0,…]` where a union is expected", |to, _| list(to, "200 OK", "0"), filter),
    ("union of unions, 60 levels deep", |to, _| unions(to, 1), filter),
    ("10 MiB of unions of unions, 60 levels deep", |to, _| unions(to, 10_000), filter),
    ("lists in lists, 100,000 levels deep", deep, filter),
    ("event with an id of 30 MB, then a million events", id_flood, events),
    ("comments without end", |to, _| endless(to, "200 OK", EVENTS, ": still here\n\n"), events),
    ("event without an end", |to, _| endless(to, "200 OK", EVENTS, "data: more\n"), events),
    ("comments that drip", |to, _| drip(to, "200 OK", EVENTS, ":\n"), events),
    ("blank lines without end in JSON lines", |to, _| endless(to, "200 OK", "application/x-ndjson", "\n"), rows),
    ("line without an end in JSON lines", |to, _| endless(to, "200 OK", "application/x-ndjson", "[[["), rows),
    ("empty pages without end", |to, number| page(to, "[]", &number.to_string()), visitors),
    ("cursors that alternate", |to, number| page(to, r#"["a"]"#, ["x", "y"][number % 2]), visitors),
];

const EVENTS: &str = "text/event-stream";

/// The bound of a call in this table; the defaults are minutes.
const BOUND: Duration = Duration::from_secs(2);

fn main() -> Result<(), Box<dyn Error>> {
    if let Some(index) = env::args().nth(1).and_then(|index| index.parse::<usize>().ok()) {
        println!("{}", row(SERVERS[index].1, SERVERS[index].2)?);
        return Ok(());
    }
    println!("| server | what the caller sees | time | memory |\n|---|---|---|---|");
    for (index, (name, ..)) in SERVERS.iter().enumerate() {
        let output = Command::new(env::current_exe()?).arg(index.to_string()).output()?;
        if !output.status.success() {
            return Err(format!("{name}: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
        println!("| {name} | {} |", String::from_utf8(output.stdout)?.trim());
    }
    Ok(())
}

/// What one call comes to, and what it takes.
fn row(serve: Serve, call: Call) -> Result<String, Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    thread::spawn(move || {
        for (number, stream) in listener.incoming().flatten().enumerate() {
            thread::spawn(move || answer(stream, serve, number));
        }
    });
    // The highest mark starts again from what is resident now.
    let _ = fs::write("/proc/self/clear_refs", "5");
    let before = memory("VmRSS:");
    let started = Instant::now();
    let seen = call(&url);
    let elapsed = started.elapsed();
    let memory = before
        .zip(memory("VmHWM:"))
        .map_or_else(|| "?".to_owned(), |(before, peak)| format!("{} MiB", peak.saturating_sub(before).div_ceil(1024)));
    Ok(format!("{seen} | {:.2} s | {memory}", elapsed.as_secs_f64()))
}

fn answer(mut stream: TcpStream, serve: Serve, number: usize) -> io::Result<()> {
    let _ = stream.read(&mut [0; 16 * 1024])?;
    serve(&mut stream, number)
}

/// A line of the process's status, in KiB.
fn memory(line: &str) -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|it| it.strip_prefix(line))?.split_whitespace().next()?.parse().ok()
}

fn head(to: &mut TcpStream, status: &str, content_type: &str, length: Option<usize>) -> io::Result<()> {
    let length = length.map(|length| format!("content-length: {length}\r\n")).unwrap_or_default();
    write!(to, "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\n{length}connection: close\r\n\r\n")
}

/// Writes text again and again, in pieces of some size, and gives how many bytes that were.
fn repeat(to: &mut TcpStream, text: &str, times: usize) -> io::Result<()> {
    let at_once = (64 * 1024 / text.len()).max(1);
    let piece = text.repeat(at_once);
    for _ in 0..times / at_once {
        to.write_all(piece.as_bytes())?;
    }
    to.write_all(text.repeat(times % at_once).as_bytes())
}

/// A list of one item again and again.
fn list(to: &mut TcpStream, status: &str, item: &str) -> io::Result<()> {
    let times = LONG / (item.len() + 1);
    head(to, status, "application/json", Some(1 + times * (item.len() + 1) + item.len() + 1))?;
    to.write_all(b"[")?;
    repeat(to, &format!("{item},"), times)?;
    write!(to, "{item}]")
}

fn models(to: &mut TcpStream, _: usize) -> io::Result<()> {
    head(to, "200 OK", "application/json", None)?;
    to.write_all(br#"[{"title":"t","artists":["#)?;
    repeat(to, "{},", LONG / 3)?;
    to.write_all(b"{}]}]")
}

fn endless(to: &mut TcpStream, status: &str, content_type: &str, text: &str) -> io::Result<()> {
    head(to, status, content_type, None)?;
    loop {
        repeat(to, text, 1 << 20)?;
    }
}

fn error_message(to: &mut TcpStream, _: usize) -> io::Result<()> {
    head(to, "500 Oops", "application/json", None)?;
    to.write_all(br#"{"message":""#)?;
    repeat(to, r"\u001b[2J", LONG / 9)?;
    to.write_all(br#""}"#)
}

fn drip(to: &mut TcpStream, status: &str, content_type: &str, text: &str) -> io::Result<()> {
    head(to, status, content_type, None)?;
    loop {
        to.write_all(text.as_bytes())?;
        thread::sleep(Duration::from_millis(100));
    }
}

fn endless_header(to: &mut TcpStream, _: usize) -> io::Result<()> {
    to.write_all(b"HTTP/1.1 200 OK\r\nx: ")?;
    loop {
        repeat(to, "header ", 1 << 20)?;
    }
}

/// Unions of unions, so many beside each other.
fn unions(to: &mut TcpStream, count: usize) -> io::Result<()> {
    let one = format!("{}1{}", r#"{"op":"or","args":["#.repeat(60), "]}".repeat(60));
    let one = if count == 1 { one } else { one.replacen(r#"{"op":"or","args":["#, "", 1).replacen("]}", "", 1) };
    head(to, "200 OK", "application/json", None)?;
    if count == 1 {
        return to.write_all(one.as_bytes());
    }
    to.write_all(br#"{"op":"or","args":["#)?;
    repeat(to, &format!("{one},"), count * 1024 / one.len())?;
    write!(to, "{one}]}}")
}

fn deep(to: &mut TcpStream, _: usize) -> io::Result<()> {
    head(to, "200 OK", "application/json", None)?;
    repeat(to, "[", 100_000)?;
    repeat(to, "]", 100_000)
}

fn id_flood(to: &mut TcpStream, _: usize) -> io::Result<()> {
    head(to, "200 OK", EVENTS, None)?;
    to.write_all(b"id: ")?;
    repeat(to, "x", 30_000_000)?;
    to.write_all(b"\n\n")?;
    repeat(to, "data: x\n\n", 1_000_000)
}

fn page(to: &mut TcpStream, visitors: &str, next: &str) -> io::Result<()> {
    let body = format!(r#"{{"visitors":{visitors},"meta":{{"next":"{next}"}}}}"#);
    head(to, "200 OK", "application/json", Some(body.len()))?;
    to.write_all(body.as_bytes())
}

fn client<C: From<Client>>(builder: ClientBuilder<C>, url: &str) -> C {
    let built = builder.base_url(url).attempt_timeout(BOUND).retry(lowcodeapi_runtime::RetryPolicy::never()).build();
    built.unwrap_or_else(|error| panic!("{error}"))
}

/// Runs a future to its end.
fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Runtime::new().unwrap_or_else(|error| panic!("{error}"));
    runtime.block_on(future)
}

/// A result for the table. The length of what an error displays is a part of it.
fn seen<T>(result: Result<T, lowcodeapi_runtime::Error>) -> String {
    use lowcodeapi_runtime::Error;
    let Err(shown) = result else { return "the result".to_owned() };
    let kind = match &shown {
        Error::Api(error) => format!("Api {}, {} KiB kept", error.status().as_u16(), error.body().len().div_ceil(1024)),
        Error::Decode(error) if error.message.contains("bytes of memory") => "Decode: too much memory".to_owned(),
        Error::Decode(error) if error.message.contains("no end") => "Decode: the list has no end".to_owned(),
        other => {
            let text = format!("{other:?}");
            text.split([' ', '(', '{']).next().unwrap_or_default().to_owned()
        }
    };
    let length = shown.to_string().chars().count();
    assert!(length <= 1001, "an error displays as {length} characters");
    kind
}

/// How many messages come, and what ends them.
async fn count<T>(mut stream: impl Stream<Item = Result<T, lowcodeapi_runtime::Error>> + Unpin) -> String {
    let mut count = 0;
    while let Some(message) = stream.next().await {
        match message {
            Ok(_) => count += 1,
            Err(error) => return format!("{count}, then {}", seen::<T>(Err(error))),
        }
    }
    count.to_string()
}

fn raw(url: &str) -> String {
    static SERVICE: Service = Service::new("http://localhost", "HOSTILE");
    let client = client(ClientBuilder::<Client>::new(&SERVICE), url);
    seen(run(client.raw_request(Method::GET, "/").send_json::<Value>()))
}

fn songs(url: &str) -> String {
    seen(run(client(array_of_models::Client::builder(), url).list_songs().send()))
}

fn filter(url: &str) -> String {
    seen(run(client(one_of_nested::Client::builder(), url).get_filter().send()))
}

fn events(url: &str) -> String {
    run(async {
        // Without a bound of its own, a stream lasts as long as something comes.
        match client(messages_events::Client::builder(), url).follow_log().with_timeout(4 * BOUND).stream().await {
            Ok(stream) => count(stream).await,
            Err(error) => seen::<()>(Err(error)),
        }
    })
}

fn rows(url: &str) -> String {
    run(async {
        match client(messages_lines::Client::builder(), url).export_rows().stream().await {
            Ok(stream) => count(stream).await,
            Err(error) => seen::<()>(Err(error)),
        }
    })
}

fn visitors(url: &str) -> String {
    run(async { count(client(pagination::Client::builder(), url).list_visitors().stream().take(1000)).await })
}
