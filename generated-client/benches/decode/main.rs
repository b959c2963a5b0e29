//! What it costs to read responses as generated models, against the same models with serde's derives: time and, where
//! `valgrind` is installed, instructions.
//!
//! ```sh
//! cargo bench -p lowcodeapi-jasper --bench decode
//! ```
//!
//! The client checks the text as a whole and reads it by `serde_json::from_str`; by hand one has the bytes read by
//! `serde_json::from_slice`, as reqwest's `Response::json` does. Those are compared first, and then `from_slice` on both
//! sides. Without `--bench`, as `cargo test --benches` runs it, it only checks that both sides read the same.

use std::{env, error::Error, fmt::Write as _, hint::black_box};

use lowcodeapi_jasper::{serde_json, types};
use serde::{Serialize, de::DeserializeOwned};

#[path = "../shared/instructions.rs"]
mod instructions;
mod models;
#[path = "../shared/time.rs"]
mod time;
#[path = "../shared/tones.rs"]
mod tones;

type Failure = Box<dyn Error + Send + Sync>;

/// How much a round reads, in bytes.
const ROUND: usize = 400_000;

#[derive(Debug, Clone, Copy)]
enum Reader {
    /// The generated model, as the client reads it.
    Client,
    /// The generated model, from bytes.
    Model,
    /// The derived model, from bytes.
    Derived,
}

impl Reader {
    const ALL: [Self; 3] = [Self::Client, Self::Model, Self::Derived];

    fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Model => "model",
            Self::Derived => "derived",
        }
    }
}

/// A response, and how it is read.
struct Case {
    name: &'static str,
    body: String,
    read: fn(Reader, &[u8]) -> Result<(), Failure>,
    check: fn(&[u8]) -> Result<(), Failure>,
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let cases = cases();
    for case in &cases {
        (case.check)(case.body.as_bytes())?;
    }
    match arguments.as_slice() {
        ["repeat", case, reader] => {
            let case = cases.iter().find(|known| known.name == *case).ok_or("no such response")?;
            let reader = Reader::ALL.into_iter().find(|known| known.name() == *reader).ok_or("no such reader")?;
            case.repeat(reader, instructions::TIMES)
        }
        arguments if arguments.contains(&"--bench") => report(&cases),
        _ => Ok(()),
    }
}

fn report(cases: &[Case]) -> Result<(), Failure> {
    for ours in [Reader::Client, Reader::Model] {
        println!("{} / {}: time, median of {} rounds [quartiles]", ours.name(), Reader::Derived.name(), time::ROUNDS);
        for case in cases {
            let times = u32::try_from(ROUND / case.body.len())?;
            let [ours, derived] = [ours, Reader::Derived].map(|reader| move |times| case.repeat(reader, times));
            println!("  {:16} {:7} B  {}", case.name, case.body.len(), time::compare(times, ours, derived)?);
        }
        println!("{}, {}: instructions, ratio", ours.name(), Reader::Derived.name());
        for case in cases {
            let [ours, derived] = [ours, Reader::Derived].map(|reader| [case.name, reader.name()]);
            println!("  {:16} {:7} B  {}", case.name, case.body.len(), instructions::compare(&ours, &derived)?);
        }
    }
    Ok(())
}

impl Case {
    fn new<M, D>(name: &'static str, body: String) -> Self
    where
        M: DeserializeOwned + Serialize,
        D: DeserializeOwned + Serialize,
    {
        Self { name, body, read: read::<M, D>, check: check::<M, D> }
    }

    fn repeat(&self, reader: Reader, times: u32) -> Result<(), Failure> {
        instructions::measured(|| (0..times).try_for_each(|_| (self.read)(reader, black_box(self.body.as_bytes()))))
    }
}

fn read<M: DeserializeOwned, D: DeserializeOwned>(reader: Reader, body: &[u8]) -> Result<(), Failure> {
    match reader {
        Reader::Client => drop(black_box(serde_json::from_str::<M>(std::str::from_utf8(body)?)?)),
        Reader::Model => drop(black_box(serde_json::from_slice::<M>(body)?)),
        Reader::Derived => drop(black_box(serde_json::from_slice::<D>(body)?)),
    }
    Ok(())
}

/// That both read the same.
fn check<M, D>(body: &[u8]) -> Result<(), Failure>
where
    M: DeserializeOwned + Serialize,
    D: DeserializeOwned + Serialize,
{
    let [model, derived] = [
        serde_json::to_value(serde_json::from_slice::<M>(body)?)?,
        serde_json::to_value(serde_json::from_slice::<D>(body)?)?,
    ];
    if model == derived { Ok(()) } else { Err(format!("the sides read different results: {model} {derived}").into()) }
}

fn cases() -> Vec<Case> {
    vec![
        Case::new::<types::ToneResponse, tones::ToneResponse>("tone", tones::one().to_string()),
        Case::new::<types::ToneList, tones::ToneList>("tones", tones::list().to_string()),
        Case::new::<types::TemplateList, models::TemplateList>("template", templates(1)),
        Case::new::<types::TemplateList, models::TemplateList>("templates", templates(200)),
        Case::new::<types::UsageResponse, models::UsageResponse>("usage", usage(24)),
        Case::new::<types::UsageResponse, models::UsageResponse>("usage by the hour", usage(24 * 90)),
    ]
}

/// Templates in the order of the documentation's properties, with one more, which no model knows.
fn templates(count: usize) -> String {
    let inputs = r#"[
        {"inputKey": "topic", "type": "string", "required": true, "maxLength": 400, "label": "Topic",
         "placeholder": "Rabbits", "tooltip": "What the text is about", "options": [{"label": "None", "value": ""}]},
        {"inputKey": "isLong", "type": "boolean", "required": false, "maxLength": 5, "label": "Long", "placeholder": "",
         "tooltip": "Whether it should be \"long\"", "options": [{"label": "Yes", "value": true}, {"label": "No", "value": false}]}
    ]"#;
    let mut data = String::new();
    for number in 0..count {
        let comma = if number == 0 { "" } else { ",\n" };
        let _ = write!(
            data,
            r#"{comma}{{"id": "tpl_{number}", "name": "Product description", "description": "Write about a product.",
            "icon": "https://app.example/icons/{number}.svg", "responseFormats": ["text", "html"], "inputSchema": {inputs}}}"#
        );
    }
    format!(r#"{{"requestId": "req_1", "resource": "template", "data": [{data}]}}"#)
}

fn usage(hours: usize) -> String {
    let points: Vec<_> = (0..hours)
        .map(|hour| {
            format!(r#"{{"t":"2025-01-{:02}T{:02}:00:00.000Z","v":{}.5}}"#, hour / 24 % 28 + 1, hour % 24, hour * 7)
        })
        .collect();
    format!(r#"{{"requestId":"req_1","resource":"usage","data":{{"requests":[{}]}}}}"#, points.join(","))
}
