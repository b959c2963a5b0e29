//! Operations: whether they are there, and what calls send and read besides their inputs.

use serde_json::Value;

use super::{
    super::{
        bindings::Operation,
        entry::Entry,
        rules::{self, Rule},
        surface::{Line, Owner},
    },
    Comparison,
    inputs::compare_inputs,
    or_none, quoted,
};

pub(super) fn compare_operations(comparison: &mut Comparison<'_>) {
    let pairs = comparison.operations();
    for old in pairs.old {
        removed(comparison, old);
    }
    for new in pairs.new {
        added(comparison, new);
    }
    for (old, new) in pairs.both {
        compare_pair(comparison, old, new);
    }
}

/// The method as callers know it.
pub(super) fn item(operation: &Operation) -> String {
    format!("Client::{}", operation.rust)
}

/// A call of the operation, as Rust.
pub(super) fn call(operation: &Operation) -> Option<String> {
    operation.example.as_ref().map(|example| format!("client.{example}.await?"))
}

pub(super) fn owner(operation: &Operation) -> Owner {
    Owner::Request(operation.request_name().to_owned())
}

fn removed(comparison: &mut Comparison<'_>, old: &Operation) {
    let entry = Entry::new(&rules::OPERATION_REMOVED, item(old), format!("Upstream removed {}.", quoted(&old.key())))
        .at(Some(&old.pointer), None)
        .facts(Some(&old.key()), None)
        .code(call(old), None)
        .lines(take_operation(comparison, old));
    comparison.add(entry);
}

fn added(comparison: &mut Comparison<'_>, new: &Operation) {
    let entry = Entry::new(&rules::OPERATION_ADDED, item(new), format!("Upstream added {}.", quoted(&new.key())))
        .at(None, Some(&new.pointer))
        .facts(None, Some(&new.key()))
        .code(None, call(new))
        .lines(take_operation(comparison, new));
    comparison.add(entry);
}

fn take_operation(comparison: &mut Comparison<'_>, operation: &Operation) -> Vec<Line> {
    let names: Vec<String> = operation.request_types().map(str::to_owned).collect();
    names.into_iter().flat_map(|name| comparison.lines.take_all(&Owner::Request(name))).collect()
}

fn compare_pair(comparison: &mut Comparison<'_>, old: &Operation, new: &Operation) {
    if old.rust != new.rust {
        let upstream = format!("The method of {} has another name, which is not in the lock.", quoted(&new.key()));
        let mut lines = take_operation(comparison, old);
        lines.extend(take_operation(comparison, new));
        let is_aliased = new.former.as_deref() == Some(&old.rust);
        for line in &mut lines {
            line.breaks &= !is_aliased;
        }
        let (rule, upstream) = if is_aliased {
            (&rules::OPERATION_ALIASED, format!("The method of {} has another name now.", quoted(&new.key())))
        } else {
            (&rules::OPERATION_RENAMED, upstream)
        };
        let entry = Entry::new(rule, item(old), upstream)
            .at(Some(&old.pointer), Some(&new.pointer))
            .facts(Some(&old.rust), Some(&new.rust))
            .code(call(old), call(new))
            .lines(lines);
        comparison.add(entry);
    }
    if old.key() != new.key() || old.sends.old_path != new.sends.old_path {
        let upstream = format!("Upstream moved {} to {}.", quoted(&old.key()), quoted(&new.key()));
        note(comparison, &rules::OPERATION_MOVED, (old, new), upstream, (Some(&old.key()), Some(&new.key())));
    }
    if old.deprecated != new.deprecated {
        deprecation(comparison, old, new);
    }
    compare_inputs(comparison, old, new);
    compare_reads(comparison, old, new);
    compare_sends(comparison, old, new);
    compare_words(comparison, old, new);
}

fn deprecation(comparison: &mut Comparison<'_>, old: &Operation, new: &Operation) {
    let said = if new.deprecated { "deprecated" } else { "no longer deprecates" };
    let upstream = format!("Upstream {said} {}.", quoted(&new.key()));
    let rule = if new.deprecated { &rules::OPERATION_DEPRECATED } else { &rules::DOCS_CHANGED };
    note(comparison, rule, (old, new), upstream, (None, Some(said)));
}

/// Adds an entry about the operation as a whole.
fn note(
    comparison: &mut Comparison<'_>,
    rule: &'static Rule,
    (old, new): (&Operation, &Operation),
    upstream: String,
    (was, now): (Option<&str>, Option<&str>),
) {
    let entry = Entry::new(rule, item(new), upstream)
        .at(Some(&old.pointer), Some(&new.pointer))
        .facts(was, now)
        .code(call(old), call(new));
    comparison.add(entry);
}

fn compare_sends(comparison: &mut Comparison<'_>, old: &Operation, new: &Operation) {
    let (was, now) = (&old.sends, &new.sends);
    let key = quoted(&new.key());
    let alternatives = |security: &[Vec<String>]| {
        let all: Vec<_> = security.iter().map(|schemes| schemes.join(" and ")).collect();
        if all.is_empty() { "no credential".to_owned() } else { all.join(" or ") }
    };
    let security = (alternatives(&was.security), alternatives(&now.security));
    let facts: [(&'static Rule, &str, Option<&str>, Option<&str>); 6] = [
        (&rules::SERVER_CHANGED, "the server", was.server.as_deref(), now.server.as_deref()),
        (&rules::SECURITY_CHANGED, "the security", Some(&security.0), Some(&security.1)),
        (&rules::BODY_SENT, "the body", was.body.as_deref(), now.body.as_deref()),
        (&rules::ACCEPT_CHANGED, "the media types of the result", Some(&was.accept), Some(&now.accept)),
        (
            &rules::RETRIES_CHANGED,
            "the idempotency key",
            was.idempotency_key.as_deref(),
            now.idempotency_key.as_deref(),
        ),
        (&rules::RATE_LIMIT_CHANGED, "the rate limit", was.rate_limit.as_deref(), now.rate_limit.as_deref()),
    ];
    for (rule, what, was, now) in facts {
        if was != now {
            let upstream = format!("Upstream changed {what} of {key} from {} to {}.", or_none(was), or_none(now));
            note(comparison, rule, (old, new), upstream, (was, now));
        }
    }
}

fn compare_reads(comparison: &mut Comparison<'_>, old: &Operation, new: &Operation) {
    let key = quoted(&new.key());
    let (was, now) = (comparison.renames.apply(&old.result), &new.result);
    let results = |operation: &Operation| Value::from(operation.reads.results.clone()).to_string();
    let (read, reads) = (comparison.renames.apply(&results(old)), results(new));
    if was != *now {
        let request = new.request_name().to_owned();
        let lines = comparison.lines.take(&owner(new), |identity| identity == format!("fn requests::{request}::send"));
        let mut lines = lines;
        lines.extend(take_types(comparison, [&old.success, &new.success]));
        let upstream = format!("Upstream changed the result of {key} from {} to {}.", quoted(&was), quoted(now));
        let entry = Entry::new(&rules::RESULT_TYPE, item(new), upstream)
            .at(Some(&old.pointer), Some(&new.pointer))
            .facts(Some(&was), Some(now))
            .code(typed(old), typed(new))
            .lines(lines);
        comparison.add(entry);
    } else if read != reads {
        let [was, now] = [old, new].map(results_in_words);
        let upstream = format!("Upstream changed what the result of {key} is read from: {now}; before: {was}.");
        note(comparison, &rules::RESULT_READ, (old, new), upstream, (Some(&read), Some(&reads)));
    }
    compare_headers(comparison, old, new);
    compare_verbs(comparison, old, new);
}

/// What is read by which status, such as `200: Tone, 202: nothing`.
fn results_in_words(operation: &Operation) -> String {
    let results = operation.reads.results.iter().map(|result| {
        let [status, result] = ["status", "result"].map(|key| result[key].as_str().unwrap_or_default());
        if status.is_empty() { result.to_owned() } else { format!("{status}: {result}") }
    });
    quoted(&results.collect::<Vec<_>>().join(", "))
}

/// Takes the lines of types of requests.
fn take_types(comparison: &mut Comparison<'_>, types: [&Option<String>; 2]) -> Vec<Line> {
    let names = types.into_iter().flatten().map(|name| name.trim_start_matches("requests::").to_owned());
    names.flat_map(|name| comparison.lines.take_all(&Owner::Request(name))).collect()
}

fn compare_headers(comparison: &mut Comparison<'_>, old: &Operation, new: &Operation) {
    let headers = |operation: &Operation| Value::from(operation.reads.headers.clone()).to_string();
    let (was, now) = (comparison.renames.apply(&headers(old)), headers(new));
    if was != now {
        let method = format!("fn {}::", new.request);
        let mut lines = comparison
            .lines
            .take(&owner(new), |identity| identity.strip_prefix(&method).is_some_and(|name| name.contains("headers")));
        lines.extend(take_types(comparison, [&old.headers, &new.headers]));
        let upstream = format!("Upstream changed the headers of the response of {}.", quoted(&new.key()));
        let entry = Entry::new(&rules::HEADERS_CHANGED, item(new), upstream)
            .at(Some(&old.pointer), Some(&new.pointer))
            .facts(Some(&was), Some(&now))
            .lines(lines);
        comparison.add(entry);
    }
}

/// A call whose result has its type.
fn typed(operation: &Operation) -> Option<String> {
    call(operation).map(|call| format!("let result: {} = {call};", operation.result))
}

/// Compares streams, pages and other forms of a result.
fn compare_verbs(comparison: &mut Comparison<'_>, old: &Operation, new: &Operation) {
    let names = |operation: &Operation| {
        let others = operation.reads.alternatives.iter().filter_map(|it| it["rust"].as_str().map(str::to_owned));
        let pages = operation.reads.pages.iter().map(|_| "pages".to_owned());
        let messages = operation.reads.messages.iter().map(|_| "stream".to_owned());
        messages.chain(pages).chain(others).collect::<Vec<_>>()
    };
    let (was, now) = (names(old), names(new));
    let key = quoted(&new.key());
    let of = |names: &[String]| names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
    let gone: Vec<_> = was.iter().filter(|name| !now.contains(name)).cloned().collect();
    let more: Vec<_> = now.iter().filter(|name| !was.contains(name)).cloned().collect();
    let request = new.request_name().to_owned();
    let verbs = ["pages", "stream", "stream_bytes", "send_for_"];
    let is_verb = |identity: &str| {
        let name = identity.strip_prefix(&format!("fn requests::{request}::")).unwrap_or_default();
        verbs.iter().any(|verb| name == *verb || (verb.ends_with('_') && name.starts_with(verb)))
    };
    for (names, rule, said) in
        [(gone, &rules::VERB_REMOVED, "no longer describes"), (more, &rules::VERB_ADDED, "describes")]
    {
        if names.is_empty() {
            continue;
        }
        let breaks = *rule == rules::VERB_REMOVED;
        let lines = comparison.lines.take(&owner(new), is_verb);
        let (lines, others): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.breaks == breaks);
        comparison.lines.give(&owner(new), others);
        let example = |operation: &Operation| {
            let call = operation.example.as_ref()?;
            Some(format!("client.{call}.{}()", names.first()?))
        };
        let entry = Entry::new(rule, item(new), format!("Upstream {said} what {} needs ({key}).", of(&names)))
            .at(Some(&old.pointer), Some(&new.pointer))
            .facts(
                Some(&of(&names)).filter(|_| breaks).map(String::as_str),
                Some(&of(&names)).filter(|_| !breaks).map(String::as_str),
            )
            .code(example(old).filter(|_| breaks), example(new).filter(|_| !breaks))
            .lines(lines);
        comparison.add(entry);
    }
    let messages = |operation: &Operation| operation.reads.messages.as_ref().map(ToString::to_string);
    let (was, now) = (messages(old).map(|text| comparison.renames.apply(&text)), messages(new));
    if was.is_some() && now.is_some() && was != now {
        let upstream = format!("Upstream changed the messages of {key}.");
        let mut lines = comparison.lines.take(&owner(new), is_verb);
        lines.extend(take_types(comparison, [&old.events, &new.events]));
        let entry = Entry::new(&rules::MESSAGES_CHANGED, item(new), upstream)
            .at(Some(&old.pointer), Some(&new.pointer))
            .facts(was.as_deref(), now.as_deref())
            .code(call(old), call(new))
            .lines(lines);
        comparison.add(entry);
    }
    compare_pages(comparison, old, new);
}

fn compare_pages(comparison: &mut Comparison<'_>, old: &Operation, new: &Operation) {
    let key = quoted(&new.key());
    let (was, now) = (&old.reads.pages, &new.reads.pages);
    if let (Some(was), Some(now)) = (was, now)
        && was != now
    {
        let upstream = format!("Upstream changed how the pages of {key} follow each other: {now}; before: {was}.");
        note(comparison, &rules::PAGES_CHANGED, (old, new), upstream, (Some(was), Some(now)));
    }
}

/// Compares what only documentation has.
fn compare_words(comparison: &mut Comparison<'_>, old: &Operation, new: &Operation) {
    let key = quoted(&new.key());
    let errors = |operation: &Operation| Value::from(operation.errors.clone()).to_string();
    let (was, now) = (comparison.renames.apply(&errors(old)), errors(new));
    if was != now {
        let accessor = format!("fn {}::decode_error", new.request);
        let mut lines = comparison.lines.take(&owner(new), |identity| identity == accessor);
        lines.extend(take_types(comparison, [&old.error, &new.error]));
        let upstream = format!("Upstream changed the documented errors of {key}.");
        let entry = Entry::new(&rules::ERRORS_CHANGED, item(new), upstream)
            .at(Some(&old.pointer), Some(&new.pointer))
            .facts(Some(&was), Some(&now))
            .lines(lines);
        comparison.add(entry);
    }
    let is_kept = |name: &String| [old, new].iter().all(|it| it.inputs.iter().any(|input| input.rust == *name));
    let words = |operation: &Operation| {
        let inputs = operation.inputs.iter().filter(|it| is_kept(&it.rust));
        let mut inputs: Vec<String> = inputs.map(|it| format!("{}: {}", it.rust, it.docs)).collect();
        inputs.sort();
        std::iter::once(operation.docs.clone()).chain(inputs).collect::<Vec<_>>()
    };
    let (was, now) = (words(old), words(new));
    if old.sends.scopes != new.sends.scopes {
        let upstream = format!("Upstream changed the OAuth scopes of {key}.");
        let scopes = [old, new].map(|it| it.sends.scopes.join(" "));
        note(comparison, &rules::DOCS_CHANGED, (old, new), upstream, (Some(&scopes[0]), Some(&scopes[1])));
    }
    if was != now {
        let upstream = format!("Upstream reworded {key} or its inputs.");
        note(comparison, &rules::DOCS_CHANGED, (old, new), upstream, (None, Some(&now.join("\n"))));
    }
}
