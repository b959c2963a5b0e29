//! Inputs of operations: arguments of methods and methods of requests.

use serde_json::Value;

use super::{
    super::{
        bindings::{Input, Operation},
        entry::Entry,
        rules::{self, Rule},
        surface::Line,
    },
    Comparison, in_words,
    operations::{call, item, owner},
    or_none, pair, quoted,
};

/// An operation on both sides.
type Both<'a> = (&'a Operation, &'a Operation);

pub(super) fn compare_inputs(comparison: &mut Comparison<'_>, old: &Operation, new: &Operation) {
    let wire = |it: &Input| format!("{} {}", it.place, it.name);
    let pairs = pair(&old.inputs, &new.inputs, |it| it.rust.clone(), wire);
    for input in pairs.old {
        let lines = take(comparison, new, input);
        let upstream = format!("Upstream removed {} of {}.", described(input), quoted(&new.key()));
        let entry = entry(&rules::INPUT_REMOVED, (old, new), (Some(input), None), upstream).lines(lines);
        comparison.add(entry.facts(Some(&wire(input)), None));
    }
    for input in pairs.new {
        let lines = take(comparison, new, input);
        let rule = if input.argument { &rules::INPUT_REQUIRED } else { &rules::INPUT_ADDED };
        let required = if input.argument { "required " } else { "" };
        let upstream = format!("Upstream added the {required}{} to {}.", named(input), quoted(&new.key()));
        let entry = entry(rule, (old, new), (None, Some(input)), upstream).lines(lines);
        comparison.add(entry.facts(None, Some(&wire(input))));
    }
    for (was, now) in &pairs.both {
        compare_pair(comparison, (old, new), was, now);
    }
    compare_order(comparison, (old, new));
}

fn compare_pair(comparison: &mut Comparison<'_>, both: Both<'_>, was: &Input, now: &Input) {
    let (_, new) = both;
    let key = quoted(&new.key());
    if was.rust != now.rust {
        let mut lines = take(comparison, new, was);
        lines.extend(take(comparison, new, now));
        let upstream = format!("{} of {key} has another name, which is not in the lock.", capital(&described(now)));
        let entry = entry(&rules::INPUT_RENAMED, both, (Some(was), Some(now)), upstream).lines(lines);
        comparison.add(entry.facts(Some(&was.rust), Some(&now.rust)));
    }
    if was.argument != now.argument {
        let (rule, said) = if now.argument {
            (&rules::INPUT_REQUIRED, "requires")
        } else {
            (&rules::INPUT_OPTIONAL, "no longer requires")
        };
        let lines = take(comparison, new, now);
        let upstream = format!("Upstream {said} {} of {key}.", described(now));
        comparison.add(entry(rule, both, (Some(was), Some(now)), upstream).lines(lines));
    }
    if comparison.renames.differ(&was.ty, &now.ty) {
        let lines = take(comparison, new, now);
        let upstream = format!(
            "Upstream changed the type of {} of {key} from {} to {}.",
            described(now),
            quoted(&was.ty),
            quoted(&now.ty)
        );
        let entry = entry(&rules::INPUT_TYPE, both, (Some(was), Some(now)), upstream).lines(lines);
        comparison.add(entry.facts(Some(&was.ty), Some(&now.ty)));
    }
    compare_sent(comparison, both, was, now);
    if was.default != now.default {
        let (from, to) = (or_none(was.default.as_deref()), or_none(now.default.as_deref()));
        let upstream = format!("Upstream changed the default of {} of {key} from {from} to {to}.", described(now));
        let entry = entry(&rules::INPUT_DEFAULT, both, (Some(was), Some(now)), upstream);
        comparison.add(entry.facts(was.default.as_deref(), now.default.as_deref()));
    }
    if was.deprecated != now.deprecated {
        let (rule, said): (&'static Rule, _) = if now.deprecated {
            (&rules::INPUT_DEPRECATED, "deprecated")
        } else {
            (&rules::DOCS_CHANGED, "no longer deprecates")
        };
        let upstream = format!("Upstream {said} {} of {key}.", described(now));
        comparison.add(entry(rule, both, (Some(was), Some(now)), upstream).facts(None, Some(said)));
    }
    if was.limits != now.limits {
        let [from, to] = [was, now].map(|it| in_words(&it.limits));
        let upstream = format!("Upstream changed the limits of {} of {key}: {to}; before: {from}.", described(now));
        let entry = entry(&rules::LIMITS_CHANGED, both, (Some(was), Some(now)), upstream);
        comparison.add(entry.facts(Some(&from), Some(&to)));
    }
}

/// Compares where and how an input is sent.
fn compare_sent(comparison: &mut Comparison<'_>, both: Both<'_>, was: &Input, now: &Input) {
    let told = |it: &Input| {
        let sends = &it.sends;
        let name = sends["name"].as_str().unwrap_or(&it.name);
        let media_type = sends["mediaType"].as_str().map(|it| format!(" as {it}")).unwrap_or_default();
        let style = sends["style"].as_str().unwrap_or_default();
        format!("{} `{name}` ({style}{media_type})", it.place)
    };
    let (from, to) = (told(was), told(now));
    let value = |it: &Input| it.sends.get("type").map(Value::to_string).unwrap_or_default();
    // A type of another kind is told as such.
    let types_stay = !comparison.renames.differ(&was.ty, &now.ty);
    let (old_value, new_value) = (comparison.renames.apply(&value(was)), value(now));
    if from != to || (types_stay && old_value != new_value) {
        let (from, to) = if from == to { (old_value, new_value) } else { (from, to) };
        let upstream = format!(
            "Upstream changed how {} of {} is sent: {to}; before: {from}.",
            described(now),
            quoted(&both.1.key())
        );
        let entry = entry(&rules::INPUT_SENT, both, (Some(was), Some(now)), upstream);
        comparison.add(entry.facts(Some(&from), Some(&to)));
    }
}

/// Compares the order of the arguments that stay.
fn compare_order(comparison: &mut Comparison<'_>, both: Both<'_>) {
    let (old, new) = both;
    if old.required.is_some() && new.required.is_some() {
        return;
    }
    let arguments =
        |operation: &'_ Operation| operation.inputs.iter().filter(|it| it.argument).map(|it| it.rust.clone()).collect();
    let (was, now): (Vec<String>, Vec<String>) = (arguments(old), arguments(new));
    let kept = |names: &[String], others: &[String]| -> Vec<String> {
        names.iter().filter(|name| others.contains(name)).cloned().collect()
    };
    let (was, now) = (kept(&was, &now), kept(&now, &was));
    if was != now {
        let method = format!("fn client::Client::{}", new.rust);
        let lines = comparison.lines.take(&owner(new), |identity| identity == method);
        let upstream = format!(
            "Upstream changed the order of the inputs of {}, which the lock does not have.",
            quoted(&new.key())
        );
        let entry = Entry::new(&rules::ARGUMENT_ORDER, item(new), upstream)
            .at(Some(&old.pointer), Some(&new.pointer))
            .facts(Some(&was.join(", ")), Some(&now.join(", ")))
            .code(call(old), call(new))
            .lines(lines);
        comparison.add(entry);
    }
}

/// Takes the lines of an input: its setter, its field in the struct of required inputs, and the method that has it as an argument.
fn take(comparison: &mut Comparison<'_>, operation: &Operation, input: &Input) -> Vec<Line> {
    let request = operation.request_name();
    let (method, setter) =
        (format!("fn client::Client::{}", operation.rust), format!("fn requests::{request}::{}", input.rust));
    let mut lines = comparison
        .lines
        .take(&owner(operation), |identity| identity == setter || (input.argument && identity == method));
    if let Some(required) = &operation.required {
        let name = required.trim_start_matches("requests::").to_owned();
        let field = format!("struct {required}.{}", input.rust);
        lines.extend(comparison.lines.take(&super::super::surface::Owner::Request(name), |identity| identity == field));
    }
    lines
}

fn entry(
    rule: &'static Rule,
    (old, new): Both<'_>,
    (was, now): (Option<&Input>, Option<&Input>),
    upstream: String,
) -> Entry {
    let name = now.or(was).map_or("", |input| input.rust.as_str());
    Entry::new(rule, format!("{}({name})", item(new)), upstream)
        .at(
            was.map(|it| it.pointer.as_str()).or(Some(&old.pointer)),
            now.map(|it| it.pointer.as_str()).or(Some(&new.pointer)),
        )
        .code(use_of(old, was), use_of(new, now))
}

/// A call that uses the input.
fn use_of(operation: &Operation, input: Option<&Input>) -> Option<String> {
    match input {
        Some(input) if !input.argument => {
            let example = operation.example.as_ref()?;
            Some(format!("client.{example}.{}({}).await?", input.rust, input.example.as_ref()?))
        }
        _ => call(operation),
    }
}

fn named(input: &Input) -> String {
    let place = if input.place == "property" { "body property" } else { &input.place };
    if input.place == "body" { "body".to_owned() } else { format!("{place} {}", quoted(&input.name)) }
}

fn described(input: &Input) -> String {
    format!("the {}", named(input))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
