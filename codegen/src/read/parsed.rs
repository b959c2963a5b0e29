//! Parsed objects, and those that were parsed ahead.

use std::{
    cell::RefCell,
    collections::VecDeque,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
};

use foldhash::HashMap;
use openapiv3::{Parameter, RequestBody, Response};

/// The reason why a reference has no target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unresolved {
    Dangling {
        at: String,
        reference: String,
    },
    Circular {
        at: String,
    },
    /// The chain of references is longer than the limit.
    TooLong {
        at: String,
    },
    /// The reference leads out of the document.
    External {
        at: String,
        reference: String,
        /// Why it has no target there. Empty if this is reported already.
        reason: Option<String>,
    },
}

/// An object, and its place after following all references.
#[derive(Debug)]
pub(crate) struct At<T> {
    pub(crate) pointer: String,
    pub(crate) item: T,
    /// The malformed members, which are left out.
    pub(crate) lost: Vec<Failure>,
}

/// The reason why an object cannot be read.
#[derive(Debug)]
pub(crate) enum Failure {
    Unresolved(Unresolved),
    Malformed { at: String, message: String },
}

/// An object, or why it cannot be read.
pub(crate) type Parsed<T> = Result<At<T>, Failure>;

/// The objects of an operation by their places.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// The position of the operation in the document.
    pub(super) position: usize,
    pub(super) parameters: HashMap<String, Parsed<Parameter>>,
    pub(super) bodies: HashMap<String, Parsed<RequestBody>>,
    pub(super) responses: HashMap<String, Parsed<Response>>,
}

/// What has been parsed ahead.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    batches: RefCell<Option<Receiver<VecDeque<Batch>>>>,
    /// What has arrived, and is not due yet.
    waiting: RefCell<VecDeque<Batch>>,
    current: RefCell<Batch>,
}

impl Ahead {
    /// Opens the way for several batches at once, on which at most so many of these wait.
    pub(super) fn open(&self, most: usize) -> SyncSender<VecDeque<Batch>> {
        let (sender, batches) = sync_channel(most);
        self.batches.replace(Some(batches));
        sender
    }

    /// Goes on to the operation at a position. What is not parsed yet is left to the caller.
    pub(super) fn go_to(&self, position: usize) {
        let batches = self.batches.borrow();
        let mut waiting = self.waiting.borrow_mut();
        let due = loop {
            match waiting.pop_front() {
                Some(batch) if batch.position >= position => break batch,
                Some(_) => {}
                None => match batches.as_ref().and_then(|batches| batches.try_recv().ok()) {
                    Some(arrived) => *waiting = arrived,
                    None => break Batch::default(),
                },
            }
        };
        self.current.replace(due);
    }

    pub(super) fn parameter(&self, at: &str) -> Option<Parsed<Parameter>> {
        self.current.borrow_mut().parameters.remove(at)
    }

    pub(super) fn request_body(&self, at: &str) -> Option<Parsed<RequestBody>> {
        self.current.borrow_mut().bodies.remove(at)
    }

    pub(super) fn response(&self, at: &str) -> Option<Parsed<Response>> {
        self.current.borrow_mut().responses.remove(at)
    }
}

/// Ends the parsing when it is dropped, so that the parser does not wait for a caller that has gone.
pub(crate) struct Closing<'a>(pub(super) &'a Ahead);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.batches.replace(None);
        self.0.waiting.take();
        self.0.current.take();
    }
}
