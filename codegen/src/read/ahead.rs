//! Parses the objects of operations ahead of the lowering, on another core. What the lowering finds here it would parse itself
//! otherwise, with the same result.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError, mpsc::SyncSender},
};

use serde_json::{Map, Value};

use super::{
    bundle::Reasons,
    parse::{Document, OperationSite},
    parsed::Batch,
    pointer,
    trail::Trail,
};
use crate::budget;

/// How many operations are handed over at once, because waking another thread takes time.
const AT_ONCE: usize = 16;

/// How many times as many the parser may be ahead. It bounds the memory.
const WAITING: usize = 4;

/// The most steps of the objects of one operation. What goes beyond is left to the lowering, which counts its steps.
const MAX_STEPS: usize = 10_000;

/// The parser of one document.
#[derive(Debug)]
pub(crate) struct Parser<'t> {
    tree: &'t Value,
    reasons: Option<&'t Reasons>,
    batches: Mutex<Option<SyncSender<VecDeque<Batch>>>>,
}

impl<'t> Parser<'t> {
    pub(crate) fn of(document: Document<'t>) -> Self {
        let batches = document.ahead().map(|ahead| ahead.open(WAITING));
        Self { tree: document.tree, reasons: document.reasons(), batches: Mutex::new(batches) }
    }

    /// Parses the objects of all operations, until nobody asks for them.
    pub(crate) fn run(&self) {
        let batches = self.batches.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(batches) = batches else { return };
        let trail = Trail::of(self.tree);
        let document = Document::new(&trail);
        let document = self.reasons.map_or(document, |reasons| document.with_reasons(reasons));
        let mut parsed = document.operations().enumerate().map(|(position, site)| batch_of(document, position, &site));
        loop {
            let several: VecDeque<Batch> = parsed.by_ref().take(AT_ONCE).collect();
            if several.is_empty() || batches.send(several).is_err() {
                return;
            }
        }
    }
}

fn batch_of(document: Document<'_>, position: usize, site: &OperationSite<'_>) -> Batch {
    let mut batch = Batch { position, ..Batch::default() };
    let mut left = MAX_STEPS;
    let mut takes = |at: &str| {
        let steps = document.resolve(at).map_or(1, |(_, node)| budget::tally_of(node, 0).steps());
        left = left.saturating_sub(steps);
        left > 0
    };
    for level in site.levels() {
        let list = pointer::join(level, "parameters");
        let count = document.node(&list).and_then(Value::as_array).map_or(0, Vec::len);
        let places = (0..count).map(|index| pointer::join(&list, &index.to_string())).take_while(|at| takes(at));
        batch.parameters.extend(places.map(|at| (at.clone(), document.parameter(&at))));
    }
    let body = Some(pointer::join(&site.pointer, "requestBody")).filter(|at| document.node(at).is_some() && takes(at));
    batch.bodies.extend(body.map(|at| (at.clone(), document.request_body(&at))));
    let list = pointer::join(&site.pointer, "responses");
    let statuses = document.node(&list).and_then(Value::as_object).into_iter().flat_map(Map::keys);
    let places = statuses.map(|status| pointer::join(&list, status)).take_while(|at| takes(at));
    batch.responses.extend(places.map(|at| (at.clone(), document.response(&at))));
    batch
}

#[cfg(test)]
mod tests {
    use std::thread;

    use serde_json::json;

    use super::*;
    use crate::read::parsed::Ahead;

    fn tree(operations: usize) -> Value {
        let operation = json!({
            "parameters": [{ "$ref": "#/components/parameters/P" }, { "$ref": "#/nowhere" }],
            "requestBody": { "content": { "a/b": { "schema": {}, "example": 1 } } },
            "responses": { "200": { "description": "d", "headers": 7 }, "default": { "description": "e" } },
        });
        let paths: Map<String, Value> =
            (0..operations).map(|index| (format!("/{index:03}"), json!({ "post": operation }))).collect();
        let parameter = json!({ "name": "p", "in": "query", "schema": {} });
        json!({ "openapi": "3.0.0", "paths": paths, "components": { "parameters": { "P": parameter } } })
    }

    fn places(operation: usize) -> [String; 5] {
        ["parameters/0", "parameters/1", "requestBody", "responses/200", "responses/default"]
            .map(|place| format!("/paths/~1{operation:03}/post/{place}"))
    }

    /// Everything that a document says of an operation.
    fn parsed(document: Document<'_>, operation: usize) -> String {
        let [one, other, body, success, error] = places(operation);
        let parameters = [one, other].map(|at| document.parameter(&at));
        let responses = [success, error].map(|at| document.response(&at));
        format!("{parameters:?} {:?} {responses:?}", document.request_body(&body))
    }

    #[test]
    fn what_is_parsed_ahead_is_what_is_parsed_in_place() {
        let tree = tree(2);
        let (trail, ahead) = (Trail::of(&tree), Ahead::default());
        let plain = Document::new(&trail);
        let document = plain.with_ahead(&ahead);
        Parser::of(document).run();
        for operation in 0..2 {
            document.go_to(operation);
            let [.., response] = places(operation);
            assert!(ahead.response(&response).is_some(), "{operation} was parsed");
            assert_eq!(parsed(document, operation), parsed(plain, operation));
        }
        document.go_to(2);
        assert_eq!(parsed(document, 0), parsed(plain, 0), "what nobody has parsed is parsed in place");
    }

    #[test]
    fn a_parser_ends_when_nobody_asks() {
        let tree = tree(2 * AT_ONCE * (WAITING + 1));
        let (trail, ahead) = (Trail::of(&tree), Ahead::default());
        let document = Document::new(&trail).with_ahead(&ahead);
        let parser = Parser::of(document);
        thread::scope(|scope| {
            let running = scope.spawn(|| parser.run());
            let closing = document.closing();
            document.go_to(0);
            drop(closing);
            running.join().unwrap();
        });
        document.go_to(1);
        let [.., response] = places(1);
        assert!(ahead.response(&response).is_none(), "what had arrived is gone");
        assert_eq!(parsed(document, 0), parsed(Document::new(&trail), 0));
    }
}
