//! The program that calls the operations of a client, and writes and reads values of its types.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        bindings::{Bindings, Operation, Type},
        compare::words,
        surface::Surface,
    },
    witness::Source,
};

/// A call that both clients make.
#[derive(Debug)]
pub(super) struct Call {
    /// The method.
    pub(super) method: String,
    /// An expression with the result.
    pub(super) code: String,
    /// Whether it is also answered as the documents describe.
    pub(super) is_answered: bool,
}

/// Returns the calls of a client: each operation with the required inputs alone, with all inputs, and with all fields
/// of their types.
pub(super) fn calls(bindings: &Bindings) -> Vec<Call> {
    let complete = bindings.types.iter().filter_map(|ty| Some((ty.name(), (ty.example.as_deref()?, complete(ty)?))));
    let complete: Complete<'_> = complete.filter(|(_, (example, _))| example.ends_with(')')).collect();
    bindings.operations.iter().flat_map(|operation| calls_of(operation, &complete)).collect()
}

/// The examples of types without and with their optional fields, by the name of the type.
type Complete<'a> = BTreeMap<&'a str, (&'a str, String)>;

/// The longest call with all fields.
const MAX_CALL: usize = 16 * 1024;

fn calls_of(operation: &Operation, complete: &Complete<'_>) -> Vec<Call> {
    let Some(example) = &operation.example else { return Vec::new() };
    let setters = operation.inputs.iter().filter(|input| !input.argument);
    let setters: String =
        setters.filter_map(|input| Some(format!(".{}({})", input.rust, input.example.as_ref()?))).collect();
    let bare = format!("client.{example}");
    let mut requests = vec![bare.clone(), format!("{bare}{setters}")];
    // What the fields hold is not completed again: types can hold each other.
    let mut all = requests[1].clone();
    let mentioned: BTreeSet<&str> = words(&requests[1]).collect();
    for (example, complete) in mentioned.into_iter().filter_map(|name| complete.get(name)) {
        if all.len() < MAX_CALL {
            all = all.replace(example, complete);
        }
    }
    requests.push(all);
    requests.dedup();
    let method = &operation.rust;
    let call = |code: String, is_answered| Call { method: method.clone(), code, is_answered };
    let mut calls: Vec<Call> = requests
        .into_iter()
        .enumerate()
        .map(|(index, request)| call(format!("{request}.send().await"), index == 0))
        .collect();
    if operation.reads.pages.is_some() {
        calls.push(call(format!("turn!({bare}.pages())"), true));
    }
    calls
}

/// The example of a struct with all of its optional fields.
fn complete(ty: &Type) -> Option<String> {
    let optional = ty.members.iter().filter(|member| ty.kind == "struct" && !member.required);
    let setters = optional.filter_map(|member| Some(format!(".{}({})", member.rust, member.example.as_ref()?)));
    let setters: String = setters.collect();
    ty.example.as_ref().filter(|_| !setters.is_empty()).map(|example| format!("{example}{setters}"))
}

/// Returns the values of types: an example of each, without and with its optional fields, and each value of an enum.
pub(super) fn samples(bindings: &Bindings) -> Vec<(String, String)> {
    bindings.types.iter().filter(|ty| ty.received).flat_map(samples_of).collect()
}

fn samples_of(ty: &Type) -> Vec<(String, String)> {
    let of = |code: String| (ty.rust.clone(), code);
    let values = ty.members.iter().filter(|_| ty.kind == "enum").map(|it| of(format!("{}::{}", ty.rust, it.rust)));
    let examples = [ty.example.clone().filter(|_| ty.kind != "enum"), complete(ty)].into_iter().flatten();
    examples.map(of).chain(values).collect()
}

/// Writes the program.
pub(super) fn program(
    calls: &[Call],
    samples: &[(String, String)],
    types: &[String],
    own: (&Bindings, &Surface),
) -> Source {
    let mut source = Source::default();
    let (bindings, surface) = own;
    source.push(HEADER);
    let connect = format!(
        "fn connect(base: &str) -> Client {{ Client::builder().base_url(base){}.build().expect(\"the settings are right\") }}",
        credentials(bindings, surface)
    );
    if surface.has("struct client::Client") {
        source.push(&connect);
    } else {
        // A document of types alone has no client, and nothing that needs it compiles.
        source.push_droppable(&connect, usize::MAX);
    }
    for (index, Call { code, .. }) in calls.iter().enumerate() {
        source.push_droppable(
            &format!(
                "async fn c{index}(base: &str) -> String {{ let client = connect(base); format!(\"{{:?}}\", {code}) }}"
            ),
            index,
        );
    }
    source.push("async fn call(index: usize, base: &str) -> Option<String> { Some(match index {");
    for index in 0..calls.len() {
        source.push_droppable(&format!("{index} => Box::pin(c{index}(base)).await,"), index);
    }
    source.push("_ => return None, }) }");
    for (index, (ty, code)) in samples.iter().enumerate() {
        source.push_droppable(
            &format!("fn s{index}() {{ let value: {ty} = {code}; write({ty:?}, &value); }}"),
            usize::MAX,
        );
    }
    source.push("fn samples() {");
    for index in 0..samples.len() {
        source.push_droppable(&format!("s{index}();"), usize::MAX);
    }
    source.push("}");
    source.push("fn read_as(ty: &str, text: &str) -> Option<serde_json::Value> { Some(match ty {");
    for ty in types {
        source.push_droppable(&format!("{ty:?} => read::<{ty}>(text),"), usize::MAX);
    }
    source.push("_ => return None, }) }");
    source
}

/// The credentials of a client, as calls on its builder.
fn credentials(bindings: &Bindings, surface: &Surface) -> String {
    let is_basic = |place: &str| place.ends_with(", Basic");
    match bindings.credentials.as_slice() {
        [] => String::new(),
        [only] if is_basic(&only.place) => ".token(Token::basic(\"user\", \"secret\"))".to_owned(),
        [_] => ".token(\"secret\")".to_owned(),
        several => {
            let set = several.iter().filter(|it| surface.has(&format!("fn client::Credentials::{}", it.rust)));
            let set = set.map(|it| {
                let value = format!("secret-{}", it.rust);
                if is_basic(&it.place) {
                    format!(".{}(\"user\", {value:?})", it.rust)
                } else {
                    format!(".{}({value:?})", it.rust)
                }
            });
            format!(".credentials(Credentials::new(){})", set.collect::<String>())
        }
    }
}

const HEADER: &str = r#"#![allow(unused, clippy::all)]
use ::client::*;
use ::lowcodeapi_runtime::*;
use ::serde_json::json;
macro_rules! turn { ($pages:expr) => {{ let mut pages = $pages; (pages.next().await, pages.next().await) }} }
fn write<T: serde_core::Serialize>(ty: &str, value: &T) {
    if let Ok(text) = serde_json::to_string(value) {
        println!("{}", serde_json::json!({"type": ty, "text": text}));
    }
}
fn read<T: serde_core::de::DeserializeOwned + serde_core::Serialize + std::fmt::Debug>(text: &str) -> serde_json::Value {
    match serde_json::from_str::<T>(text) {
        Ok(value) => serde_json::json!({"value": format!("{value:?}"), "written": serde_json::to_string(&value).ok()}),
        Err(error) => serde_json::json!({"error": error.to_string()}),
    }
}
fn reads(path: &str) {
    for line in std::fs::read_to_string(path).expect("the file can be read").lines() {
        let body: serde_json::Value = serde_json::from_str(line).expect("each line is JSON");
        let text = |key: &str| body[key].as_str().unwrap_or_default();
        println!("{}", read_as(text("type"), text("text")).unwrap_or_default());
    }
}
async fn calls(address: &str, path: &str) {
    for (number, index) in std::fs::read_to_string(path).expect("the file can be read").lines().enumerate() {
        let base = format!("{address}/w{number}");
        let result = call(index.parse().expect("each line is a number"), &base).await;
        println!("{}", serde_json::json!(result.map(|text| text.replace(&base, ""))));
    }
}
fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments[1].as_str() {
        "samples" => samples(),
        "reads" => reads(&arguments[2]),
        address => tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it starts").block_on(calls(address, &arguments[2])),
    }
}"#;
