//! **lower**: from the parsed document to the intermediate representation.

mod operation;
mod schema;

use std::{
    collections::{HashMap, VecDeque},
    fmt::{self, Write as _},
};

use serde_json::Value;

use self::{
    operation::{security, server},
    schema::inherit,
};
use crate::{
    budget::{MAX_REFERENCES, STEP_BYTES, Steps},
    diagnostic::{Findings, code},
    input::Profile,
    ir::{Api, Docs, Origin, Type, TypeDef, TypeId},
    read::parse::{Document, Failure, Unresolved},
};

/// The state of one lowering: what was read, and what was made of it so far.
struct Lowering<'t, 'f> {
    document: Document<'t>,
    /// What the document is called, which may be its address.
    name: &'t str,
    /// The URL of the document's first server.
    base_url: String,
    profile: Profile,
    findings: &'f mut Findings,
    types: Vec<TypeDef>,
    /// The type of every schema that was lowered, by pointer. `None` while it is being lowered.
    by_pointer: HashMap<String, Option<Type>>,
    /// Structs whose fields are still to be lowered: not on the spot, so that no chain of references, however long, is
    /// followed on the stack.
    pending: VecDeque<Pending>,
    inheritance: inherit::Inheritance,
    /// The structs that several schemas of one property make, by their pointers.
    merged: HashMap<String, TypeId>,
    /// How many schemas the one that is being lowered stands in.
    depth: usize,
    schemes: security::Schemes,
    steps: Steps,
}

/// A struct without its fields.
struct Pending {
    id: TypeId,
    at: String,
    /// Other schemas of which it has the properties too.
    beside: Vec<String>,
    origin: Origin,
}

/// Lowers a whole document, whose name may be its address. What cannot be expressed is a finding, and costs only itself.
pub(crate) fn lower_document<'t>(
    document: Document<'t>,
    name: &'t str,
    profile: Profile,
    findings: &mut Findings,
) -> Api {
    let mut steps = Steps::default();
    let inheritance = inherit::Inheritance::of(document, &mut steps);
    let mut lowering = Lowering {
        document,
        name,
        base_url: server::base_url(document.tree, name),
        profile,
        findings,
        types: Vec::new(),
        by_pointer: HashMap::new(),
        pending: VecDeque::new(),
        inheritance,
        merged: HashMap::new(),
        depth: 0,
        schemes: security::Schemes::default(),
        steps,
    };
    let mut operations = lowering.lower_operations();
    let received = lowering.lower_webhooks();
    let (schemes, security) = lowering.finish_security(&mut operations);
    let rate_limits = lowering.lower_rate_limits();
    let text = |pointer: &str| document.tree.pointer(pointer).and_then(Value::as_str);
    let api = Api {
        title: text("/info/title").unwrap_or_default().to_owned(),
        description: text("/info/description").filter(|it| !it.trim().is_empty()).map(str::to_owned),
        base_url: lowering.base_url,
        profile,
        schemes,
        security,
        rate_limits,
        operations,
        received,
        types: lowering.types,
    };
    server::report_servers(&api, findings);
    api
}

impl Lowering<'_, '_> {
    /// Takes steps of work that several places may make necessary again; `false`, and told at this place, once there are
    /// none left.
    fn take_steps(&mut self, steps: usize, at: &str) -> bool {
        let goes_on = self.steps.take(steps);
        if !goes_on {
            self.steps.tell(at, self.findings);
        }
        goes_on
    }

    /// Takes the steps of a text that several places may repeat.
    fn take_text(&mut self, bytes: usize, at: &str) -> bool {
        self.take_steps(bytes / STEP_BYTES, at)
    }

    fn report(&mut self, failure: Failure) {
        match failure {
            Failure::Unresolved(unresolved) => self.report_unresolved(unresolved),
            Failure::Malformed { at, message } => self.findings.add(code::MALFORMED, at, message),
        }
    }

    fn report_all(&mut self, failures: Vec<Failure>) {
        for failure in failures {
            self.report(failure);
        }
    }

    fn report_unresolved(&mut self, unresolved: Unresolved) {
        match unresolved {
            Unresolved::Dangling { at, reference } => {
                let message = format!("`{reference}` points at nothing in the document");
                self.findings.add_with_help(
                    code::DANGLING_REF,
                    at,
                    message,
                    "correct it, or add what it names, in the overlay",
                );
            }
            Unresolved::External { at, reference } if reference.starts_with('#') => {
                let message = format!("`{reference}` is an anchor, and only pointers are followed");
                let help = "write the way to it in the overlay: `#/components/schemas/…`";
                self.findings.add_with_help(code::DANGLING_REF, at, message, help);
            }
            Unresolved::External { at, reference } => {
                let message = format!("`{reference}` is in another document");
                let help = "bundle the documents into one first";
                self.findings.add_with_help(code::DANGLING_REF, at, message, help);
            }
            Unresolved::TooLong { at } => {
                let message = format!("more than {MAX_REFERENCES} references follow each other from here");
                self.findings.add_with_help(code::TOO_DEEP, at, message, "refer to the last of them in the overlay");
            }
            Unresolved::Circular { at } => self.findings.add(code::CIRCULAR_REF, at, "it leads back to itself"),
        }
    }

    fn unsupported(&mut self, at: &str, message: impl Into<String>) {
        self.findings.add(code::UNSUPPORTED, at, message);
    }
}

/// The documentation that a node of the tree carries.
fn docs_of(node: &Value) -> Docs {
    let text = |key: &str| {
        node.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    Docs {
        summary: text("title"),
        description: text("description"),
        link: node.pointer("/externalDocs/url").and_then(Value::as_str).map(str::to_owned),
        deprecated: node.get("deprecated").and_then(Value::as_bool).unwrap_or(false),
        default: node.get("default").filter(|default| !default.is_null()).map(short_json),
    }
}

/// The longest default that is kept, in bytes; a comment shows far less.
const MAX_DEFAULT: usize = 4096;

/// A value as JSON, cut off where it is long.
fn short_json(value: &Value) -> String {
    let mut short = Short(String::new());
    // It fails where it is cut off.
    let _ = write!(short, "{value}");
    short.0
}

/// A text that takes no more once it is long.
struct Short(String);

impl fmt::Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.0.len() + text.len() > MAX_DEFAULT {
            self.0.push('…');
            return Err(fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}
