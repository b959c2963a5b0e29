//! The calls that are measured, on either side.

use std::hint::black_box;

use lowcodeapi_jasper::{Client, Response, serde_json, types};
use serde::Serialize;
use tokio::runtime::{Builder, Runtime};

use crate::{
    Failure,
    by_hand::ByHand,
    instructions::measured,
    models::CommandInputs,
    server::{IS_REPEATED, Server},
};

const TOKEN: &str = "at_0123456789abcdef0123456789abcdef";
/// An ID of which characters must be encoded.
const ID: &str = "ton 1/é";

#[derive(Debug, Clone, Copy)]
pub(crate) enum Operation {
    /// A path with a value, about 1 KB back.
    GetTone,
    /// A JSON body, about 1 KB back.
    RunCommand,
    /// About 50 KB back, in a form that providers vary.
    ListTones,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Side {
    Client,
    ByHand,
}

impl Operation {
    pub(crate) const ALL: [Self; 3] = [Self::GetTone, Self::RunCommand, Self::ListTones];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::GetTone => "get_tone",
            Self::RunCommand => "run_command",
            Self::ListTones => "list_tones",
        }
    }

    pub(crate) fn named(name: &str) -> Result<Self, Failure> {
        Self::ALL.into_iter().find(|operation| operation.name() == name).ok_or_else(|| "no such operation".into())
    }
}

impl Side {
    pub(crate) const BOTH: [Self; 2] = [Self::Client, Self::ByHand];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::ByHand => "by_hand",
        }
    }

    pub(crate) fn named(name: &str) -> Result<Self, Failure> {
        Self::BOTH.into_iter().find(|side| side.name() == name).ok_or_else(|| "no such side".into())
    }
}

/// Both sides, each with a connection of its own to one server. All they do is done on this thread.
pub(crate) struct Calls {
    runtime: Runtime,
    client: Client,
    by_hand: ByHand,
    _server: Server,
}

impl Calls {
    pub(crate) fn new() -> Result<Self, Failure> {
        let server = Server::start()?;
        Ok(Self {
            runtime: Builder::new_current_thread().enable_all().build()?,
            client: client(&server)?,
            by_hand: ByHand::new(server.base_url.clone(), TOKEN)?,
            _server: server,
        })
    }

    /// That both sides send the same requests, and read the same from the answers.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let Self { client, by_hand, .. } = self;
        self.runtime.block_on(async {
            let tone = by_hand.get_tone(ID).await?;
            same(&client.get_tone(ID).send_with_response().await?, &tone)?;
            let texts = by_hand.run_command(inputs_by_hand()).await?;
            same(&client.run_command(inputs()).send_with_response().await?, &texts)?;
            let tones = by_hand.list_tones().await?;
            same(&client.list_tones().send_with_response().await?, &tones)
        })
    }

    /// Makes the call so often, one after another on one connection.
    pub(crate) fn repeat(&self, operation: Operation, side: Side, times: u32) -> Result<(), Failure> {
        let Self { client, by_hand, .. } = self;
        match (operation, side) {
            (Operation::GetTone, Side::Client) => self.run(times, async || client.get_tone(ID).await),
            (Operation::GetTone, Side::ByHand) => self.run(times, async || by_hand.get_tone(ID).await),
            (Operation::RunCommand, Side::Client) => self.run(times, async || client.run_command(inputs()).await),
            (Operation::RunCommand, Side::ByHand) => {
                self.run(times, async || by_hand.run_command(inputs_by_hand()).await)
            }
            (Operation::ListTones, Side::Client) => self.run(times, async || client.list_tones().await),
            (Operation::ListTones, Side::ByHand) => self.run(times, async || by_hand.list_tones().await),
        }
    }

    fn run<T, E>(&self, times: u32, call: impl AsyncFn() -> Result<T, E>) -> Result<(), Failure>
    where
        Failure: From<E>,
    {
        measured(|| {
            self.runtime.block_on(async {
                for _ in 0..times {
                    black_box(call().await?);
                }
                Ok(())
            })
        })
    }
}

pub(crate) fn client(server: &Server) -> Result<Client, Failure> {
    Ok(Client::builder().token(TOKEN).base_url(&server.base_url).build()?)
}

fn inputs() -> types::CommandInputs {
    types::CommandInputs::new("Write a haiku about rabbits").context("For children. ".repeat(20)).tone_id("ton_1")
}

fn inputs_by_hand() -> CommandInputs {
    CommandInputs {
        command: "Write a haiku about rabbits".into(),
        context: Some("For children. ".repeat(20)),
        tone_id: Some("ton_1".into()),
    }
}

/// The server says whether the request was that before it once more.
fn same(client: &Response<impl Serialize>, by_hand: &impl Serialize) -> Result<(), Failure> {
    if client.headers.get(IS_REPEATED).is_none_or(|value| value != "true") {
        return Err("the sides send different requests".into());
    }
    if serde_json::to_value(&client.value)? != serde_json::to_value(by_hand)? {
        return Err("the sides read different results".into());
    }
    Ok(())
}
