//! Checks the memory of results with the allocator: at most 8 times the response, or 32 times for untyped JSON;
//! otherwise the response is rejected. This is a single test, because the allocator counts for the whole process.

#![allow(clippy::unwrap_used, reason = "a server that cannot start fails the test")]

use std::{
    alloc::System,
    collections::{BTreeMap, HashMap},
    io::{Read, Write},
    net::TcpListener,
    thread,
};

use lowcodeapi_runtime::{
    __private::{
        Call, Client, Decodable, Decode, Decoder, Encodable, Encoder, Failure, Field, Json, Operation, Service,
    },
    Bytes, ClientBuilder, Error, Method,
    serde_json::Value,
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

static SERVICE: Service = Service::new("http://localhost", "MEMORY_TEST");
static GET: Operation = Operation::new(Method::GET, "/values");

/// A model of one kilobyte whose properties are all optional.
#[derive(Debug)]
#[expect(dead_code, reason = "only its size matters")]
struct Big {
    texts: [Option<String>; 40],
}

impl Decodable for Big {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        let mut texts = [const { None }; 40];
        from.object(&mut [Field::optional("text", &mut texts[0])])?;
        Ok(Self { texts })
    }
}

/// A model that contains another of its type.
#[derive(Debug)]
#[expect(dead_code, reason = "only its size matters")]
struct Chain(Option<Box<Self>>, Big);

impl Decodable for Chain {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        let mut next = None;
        from.object(&mut [Field::optional("n", &mut next)])?;
        Ok(Self(next, Big { texts: [const { None }; 40] }))
    }
}

/// A model with a list of large models.
#[derive(Debug)]
#[expect(dead_code, reason = "only its size matters")]
struct Holder(Vec<Big>);

impl Decodable for Holder {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        let mut big = Vec::new();
        from.object(&mut [Field::list("big", &mut big)])?;
        Ok(Self(big))
    }
}

lowcodeapi_runtime::__private::serde_by_model!(Holder);

/// A list of large models.
#[derive(Debug)]
#[expect(dead_code, reason = "only its size matters")]
struct Bigs(Vec<Big>);

impl Decodable for Bigs {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        Decodable::decode(from).map(Self)
    }
}

lowcodeapi_runtime::__private::serde_by_model!(Bigs);

impl Encodable for Holder {
    fn encode(&self, to: Encoder<'_>) {
        to.object(&[]);
    }
}

impl Encodable for Bigs {
    fn encode(&self, to: Encoder<'_>) {
        to.object(&[]);
    }
}

/// Starts a server that answers one request with this body.
fn serve(body: Bytes) -> Client {
    serve_with("200 OK", body)
}

fn serve_with(status: &'static str, body: Bytes) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
    });
    // Values may always take half of this limit; a small one keeps that out of the way.
    ClientBuilder::<Client>::new(&SERVICE).base_url(base_url).max_response_bytes(1 << 20).build().unwrap()
}

/// Checks the limit. Returns the reason if the response was rejected.
async fn check<D: Decode>(what: &str, body: Bytes) -> Option<String> {
    check_within::<D>(8, what, body).await
}

async fn check_within<D: Decode>(times: usize, what: &str, body: Bytes) -> Option<String> {
    let client = serve(body.clone());
    let region = Region::new(ALLOCATOR);
    let result = Call::new(&client, &GET).send::<D>().await;
    let change = region.change();
    let taken = change.bytes_allocated.saturating_sub(change.bytes_deallocated);
    // Connections and threads need memory too.
    assert!(taken <= times * body.len() + (1 << 19), "{what}: {taken} bytes from {}", body.len());
    match result {
        Ok(_) => None,
        Err(Error::Decode(error)) => Some(error.message),
        Err(error) => Some(error.to_string()),
    }
}

/// Returns a list of equal items, of half a megabyte.
fn list_of(item: &str) -> Bytes {
    format!("[{}]", vec![item; (1 << 19) / (item.len() + 1)].join(",")).into()
}

#[tokio::test]
async fn values_take_eight_times_their_response_or_are_refused() {
    let is_refused = |refused: Option<String>| refused.is_some_and(|it| it.contains("bytes of memory"));
    assert!(is_refused(check::<Json<Vec<Big>>>("big models", list_of("{}")).await));
    assert!(is_refused(check::<Json<Vec<BTreeMap<String, Big>>>>("maps", list_of(r#"{"a":{}}"#)).await));
    for item in [r#"{"a":0}"#, "[0]"] {
        assert!(is_refused(check_within::<Json<Vec<Value>>>(32, "a list of anything", list_of(item)).await), "{item}");
        assert!(is_refused(check_within::<Json<Value>>(32, "anything", list_of(item)).await), "{item}");
    }
    let row = r#"{"id":"ton_1","name":"Dry, short","value":"dry","size":12}"#;
    assert_eq!(check_within::<Json<Value>>(32, "anything", list_of(row)).await, None);
    assert!(is_refused(check::<Json<Vec<Option<Vec<Big>>>>>("lists", list_of("[{}]")).await));
    assert!(is_refused(check::<Json<Vec<Chain>>>("boxes", list_of(r#"{"n":{"n":{}}}"#)).await));

    // Ordinary responses are accepted.
    let text = "a text as it stands in an ordinary response";
    let item = format!(r#"{{"text":"{text} {text} {text}"}}"#);
    assert_eq!(check::<Json<Vec<Value>>>("values", list_of(&format!(r#""{text}""#))).await, None);
    assert_eq!(check::<Json<Vec<BTreeMap<String, String>>>>("maps", list_of(&item)).await, None);
    assert_eq!(check::<Json<Vec<f64>>>("numbers", list_of("1.5")).await, None);

    // A type that is not generated is counted too.
    let client = serve(list_of("{}"));
    let raw = client.raw_request(Method::GET, "/values").send_json::<Vec<HashMap<String, u8>>>().await;
    assert!(is_refused(raw.err().map(|error| error.to_string())));
    // So is a generated type within it, and in an error.
    let body = format!(r#"{{"big":{}}}"#, String::from_utf8(list_of("{}").to_vec()).unwrap());
    let raw = serve(body.into()).raw_request(Method::GET, "/values").send_json::<Holder>().await;
    assert!(is_refused(raw.err().map(|error| error.to_string())));
    let client = serve_with("500 Oops", format!("[{}{{}}]", "{},".repeat(80_000)).into());
    let error = client.raw_request(Method::GET, "/values").send().await.unwrap_err();
    let decoded = error.as_api().unwrap().decode::<Bigs>();
    assert!(is_refused(decoded.err().map(|error| error.to_string())));

    let client = serve(list_of("7"));
    assert_eq!(client.raw_request(Method::GET, "/values").send_json::<Vec<u8>>().await.unwrap().len(), 1 << 18);
}
