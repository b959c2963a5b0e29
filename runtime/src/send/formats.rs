//! Implements the attempts for the search for the gateway's URL format.

use std::future::Future;

use reqwest::StatusCode;

use crate::{
    call::Call,
    error::Error,
    gateway::{
        search::Attempts,
        url_format::{Target, UrlFormat},
    },
    send::{answer::Answer, retry::Retries},
};

/// A call with its retries, which are counted across both formats.
pub(crate) struct InFormats<'r, 'c> {
    pub(crate) call: &'c Call,
    pub(crate) retries: &'r mut Retries<'c>,
}

impl Attempts for InFormats<'_, '_> {
    type Answer = Answer;
    type Error = Error;

    fn target(&self) -> Target<'_> {
        self.call.target()
    }

    fn is_idempotent(&self) -> bool {
        self.call.operation.is_idempotent()
    }

    fn is_reopenable(&self) -> bool {
        self.call.body.is_reopenable()
    }

    fn run(&mut self, format: UrlFormat) -> impl Future<Output = Result<Answer, Error>> + Send {
        self.retries.run(self.call, Some(format))
    }

    fn run_to_break(&mut self, format: UrlFormat) -> impl Future<Output = (Result<Answer, Error>, bool)> + Send {
        self.retries.run_to_break(self.call, format)
    }

    fn has_more(&self) -> bool {
        self.retries.has_more()
    }

    fn record(&mut self, error: &Error) {
        self.retries.record(error);
    }

    fn note(&mut self, note: &'static str) {
        self.retries.note(note);
    }

    fn invalid(message: String) -> Error {
        Error::invalid(message)
    }

    fn read(answer: &Answer) -> (StatusCode, &[u8]) {
        (answer.status, &answer.body)
    }
}
