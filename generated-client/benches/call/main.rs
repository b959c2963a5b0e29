//! What a call through the generated client costs, against the same call written by hand on reqwest, over loopback:
//! time, allocations and, where `valgrind` is installed, instructions; and the memory that large transfers take.
//!
//! ```sh
//! cargo bench -p lowcodeapi-jasper --bench call
//! ```
//!
//! Without `--bench`, as `cargo test --benches` runs it, it only checks that both sides send and read the same.

use std::{env, error::Error};

use crate::{
    calls::{Calls, Operation, Side},
    measure::{allocations, transfer},
};

mod by_hand;
mod calls;
#[path = "../shared/instructions.rs"]
mod instructions;
mod measure;
mod models;
mod server;
#[path = "../shared/time.rs"]
mod time;
#[path = "../shared/tones.rs"]
mod tones;

/// How many calls a round makes on each side.
const CALLS: u32 = 25;

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["serve"] => server::serve(),
        ["transfer", kind] => transfer::run(kind),
        // The first call, which connects, is not counted.
        ["repeat", operation, side] => {
            let calls = Calls::new()?;
            calls.check()?;
            calls.repeat(Operation::named(operation)?, Side::named(side)?, instructions::TIMES)
        }
        arguments if arguments.contains(&"--bench") => report(),
        _ => Calls::new()?.check(),
    }
}

fn report() -> Result<(), Failure> {
    let calls = &Calls::new()?;
    calls.check()?;
    println!("time of a call, client / by hand: median of {} rounds [quartiles]", time::ROUNDS);
    for operation in Operation::ALL {
        let [client, by_hand] = Side::BOTH.map(|side| move |times| calls.repeat(operation, side, times));
        println!("  {:12} {}", operation.name(), time::compare(CALLS, client, by_hand)?);
    }
    println!("allocations of a call, their bytes: client, by hand");
    for operation in Operation::ALL {
        let [client, by_hand] = Side::BOTH.map(|side| allocations::count(calls, operation, side));
        println!("  {:12} {}, {}", operation.name(), client?, by_hand?);
    }
    println!("instructions of a call: client, by hand, ratio");
    for operation in Operation::ALL {
        let [client, by_hand] = Side::BOTH.map(|side| [operation.name(), side.name()]);
        println!("  {:12} {}", operation.name(), instructions::compare(&client, &by_hand)?);
    }
    println!("memory of {} MiB", transfer::LENGTH >> 20);
    for kind in transfer::KINDS {
        println!("  {kind:16} {}", transfer::measure(kind)?);
    }
    Ok(())
}
