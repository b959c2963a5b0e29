//! Members of types: fields, values and variants.

use lowcodeapi_codegen::document::join;
use serde_json::Value;

use super::{
    super::{
        bindings::{Member, Type},
        entry::Entry,
        rules::{self, Rule},
        surface::Line,
    },
    Comparison, in_words, or_none, pair, quoted,
    types::owner,
};

/// A type on both sides.
type Both<'a> = (&'a Type, &'a Type);

pub(super) fn compare_members(comparison: &mut Comparison<'_>, old: &Type, new: &Type) {
    let wire = |it: &Member| it.on_the_wire().unwrap_or_else(|| it.rust.clone());
    let pairs = pair(&old.members, &new.members, |it| it.rust.clone(), wire);
    let is_struct = new.kind == "struct";
    for member in pairs.old {
        let rule = if is_struct { &rules::FIELD_REMOVED } else { &rules::VARIANT_REMOVED };
        let lines = take(comparison, new, member, member.required);
        let upstream = format!("Upstream removed {} of {}.", described(member), quoted(&new.rust));
        let entry = entry(rule, (old, new), (Some(member), None), upstream).facts(Some(&wire(member)), None);
        comparison.add(entry.lines(lines));
    }
    for member in pairs.new {
        let rule = if is_struct { &rules::FIELD_ADDED } else { &rules::VARIANT_ADDED };
        let lines = take(comparison, new, member, member.required);
        let required = if member.required { "required " } else { "" };
        let upstream = format!("Upstream added the {required}{} to {}.", named(member), quoted(&new.rust));
        let entry = entry(rule, (old, new), (None, Some(member)), upstream).facts(None, Some(&wire(member)));
        comparison.add(entry.lines(lines));
    }
    for (was, now) in &pairs.both {
        compare_pair(comparison, (old, new), was, now);
    }
}

fn compare_pair(comparison: &mut Comparison<'_>, both: Both<'_>, was: &Member, now: &Member) {
    let (old, new) = both;
    let is_struct = new.kind == "struct";
    let name = quoted(&new.rust);
    if was.rust != now.rust {
        let rule = if is_struct { &rules::FIELD_RENAMED } else { &rules::VARIANT_RENAMED };
        let mut lines = take(comparison, old, was, was.required);
        lines.extend(take(comparison, new, now, now.required));
        let upstream = format!("{} of {name} has another name, which is not in the lock.", capital(now));
        let entry = entry(rule, both, (Some(was), Some(now)), upstream).facts(Some(&was.rust), Some(&now.rust));
        comparison.add(entry.lines(lines));
    }
    let (old_type, new_type) = (was.ty.as_deref().unwrap_or_default(), now.ty.as_deref().unwrap_or_default());
    let type_differs = comparison.renames.differ(old_type, new_type);
    let requires = match (was.required, now.required) {
        (false, true) => Some((&rules::FIELD_REQUIRED, "requires")),
        (true, false) => Some((&rules::FIELD_OPTIONAL, "no longer requires")),
        _ => None,
    };
    if type_differs {
        let rule = if is_struct { &rules::FIELD_TYPE } else { &rules::VARIANT_TYPE };
        let lines = take(comparison, new, now, now.required || was.required);
        let requires = requires.map(|(_, said)| format!(", and {said} it")).unwrap_or_default();
        let upstream = format!(
            "Upstream changed the type of {} of {name} from {} to {}{requires}.",
            described(now),
            quoted(old_type),
            quoted(new_type)
        );
        let entry = entry(rule, both, (Some(was), Some(now)), upstream).facts(Some(old_type), Some(new_type));
        comparison.add(entry.lines(lines));
    } else if let Some((rule, said)) = requires {
        let lines = take(comparison, new, now, true);
        let upstream = format!("Upstream {said} {} of {name}.", described(now));
        comparison.add(entry(rule, both, (Some(was), Some(now)), upstream).lines(lines));
    }
    compare_sent(comparison, both, was, now, type_differs);
    compare_facts(comparison, both, was, now);
}

/// Compares how a member is read and written.
fn compare_sent(comparison: &mut Comparison<'_>, both: Both<'_>, was: &Member, now: &Member, type_differs: bool) {
    let mut told = [was, now].map(|member| {
        let mut sends = member.sends.clone();
        if type_differs && let Some(sends) = sends.as_object_mut() {
            // A type of another kind is told as such.
            sends.remove("type");
        }
        let wire = member.on_the_wire().unwrap_or_default();
        (wire, sends)
    });
    told[0].1 = serde_json::from_str(&comparison.renames.apply(&told[0].1.to_string())).unwrap_or_default();
    let [(old_wire, old_sends), (new_wire, new_sends)] = told;
    let is_struct = both.1.kind == "struct";
    if old_wire != new_wire {
        let rule = if is_struct { &rules::FIELD_SENT } else { &rules::VARIANT_VALUE };
        let upstream = format!(
            "Upstream calls {} of {} {}; before: {}.",
            described(now),
            quoted(&both.1.rust),
            quoted(&new_wire),
            quoted(&old_wire)
        );
        let entry = entry(rule, both, (Some(was), Some(now)), upstream);
        comparison.add(entry.facts(Some(&old_wire), Some(&new_wire)));
    }
    if old_sends != new_sends {
        let (from, to) = differing(&old_sends, &new_sends);
        let upstream = format!(
            "Upstream changed how {} of {} is read and written: {to}; before: {from}.",
            described(now),
            quoted(&both.1.rust)
        );
        let lines = take(comparison, both.1, now, true);
        let entry = entry(&rules::FIELD_SENT, both, (Some(was), Some(now)), upstream);
        comparison.add(entry.facts(Some(&from), Some(&to)).lines(lines));
    }
}

/// The members of two objects that differ.
fn differing(was: &Value, now: &Value) -> (String, String) {
    let keys = ["type", "constant", "aliases", "direction", "withheld", "closed"];
    let told = |value: &Value, other: &Value| {
        let parts = keys.iter().filter(|key| value.get(**key) != other.get(**key));
        let part = |key: &&str| format!("{key} {}", value.get(*key).map_or("nothing".to_owned(), Value::to_string));
        parts.map(part).collect::<Vec<_>>().join(", ")
    };
    (told(was, now), told(now, was))
}

/// Compares what the documentation says of a member.
fn compare_facts(comparison: &mut Comparison<'_>, both: Both<'_>, was: &Member, now: &Member) {
    let name = quoted(&both.1.rust);
    let pair = (Some(was), Some(now));
    if was.default != now.default {
        let (from, to) = (or_none(was.default.as_deref()), or_none(now.default.as_deref()));
        let upstream = format!("Upstream changed the default of {} of {name} from {from} to {to}.", described(now));
        let entry = entry(&rules::FIELD_DEFAULT, both, pair, upstream);
        comparison.add(entry.facts(was.default.as_deref(), now.default.as_deref()));
    }
    if was.deprecated != now.deprecated {
        let (rule, said): (&'static Rule, _) = if now.deprecated {
            (&rules::FIELD_DEPRECATED, "deprecated")
        } else {
            (&rules::DOCS_CHANGED, "no longer deprecates")
        };
        let upstream = format!("Upstream {said} {} of {name}.", described(now));
        comparison.add(entry(rule, both, pair, upstream).facts(None, Some(said)));
    }
    if was.limits != now.limits {
        let [from, to] = [was, now].map(|it| in_words(&it.limits));
        let upstream = format!("Upstream changed the limits of {} of {name}: {to}; before: {from}.", described(now));
        comparison.add(entry(&rules::LIMITS_CHANGED, both, pair, upstream).facts(Some(&from), Some(&to)));
    }
    if was.docs != now.docs {
        let upstream = format!("Upstream reworded {} of {name}.", described(now));
        comparison.add(entry(&rules::DOCS_CHANGED, both, pair, upstream).facts(None, now.docs.as_deref()));
    }
}

/// Takes the lines of a member: the member itself, its setter, its conversion, and what constructs a value if it is, or was, required.
fn take(comparison: &mut Comparison<'_>, ty: &Type, member: &Member, constructs: bool) -> Vec<Line> {
    let (name, rust) = (&ty.rust, &member.rust);
    let own = [format!("struct {name}.{rust}"), format!("fn {name}::{rust}"), format!("enum {name}::{rust}")];
    let constructors = [format!("fn {name}::new"), format!("impl Default for {name}")];
    let held = member.ty.as_deref().unwrap_or_default().trim_start_matches("types::").to_owned();
    let conversion = (ty.kind == "union").then(|| format!("impl From<{held}> for {name}"));
    let mut lines = comparison.lines.take(&owner(ty), |identity| {
        own.iter().any(|it| it == identity)
            || (constructs && constructors.iter().any(|it| it == identity))
            || conversion.as_deref() == Some(identity)
    });
    if let Some(required) = &ty.required {
        let field = format!("struct {required}.{rust}");
        let name = required.trim_start_matches("types::").to_owned();
        let owner = super::super::surface::Owner::Model(name);
        lines.extend(comparison.lines.take(&owner, |identity| identity == field));
    }
    lines
}

fn entry(
    rule: &'static Rule,
    (old, new): Both<'_>,
    (was, now): (Option<&Member>, Option<&Member>),
    upstream: String,
) -> Entry {
    let name = now.or(was).map_or("", |member| member.rust.as_str());
    let place = |ty: &Type, member: Option<&Member>| match member.and_then(|member| member.name.as_deref()) {
        Some(name) => join(&join(&ty.pointer, "properties"), name),
        None => ty.pointer.clone(),
    };
    Entry::new(rule, format!("{}::{name}", new.rust), upstream)
        .at(Some(&place(old, was)), Some(&place(new, now)))
        .code(use_of(old, was), use_of(new, now))
}

/// Code that uses the member.
fn use_of(ty: &Type, member: Option<&Member>) -> Option<String> {
    let Member { rust, ty: of, required, .. } = member?;
    let of = of.as_deref().unwrap_or_default();
    Some(match ty.kind.as_str() {
        "struct" if *required => format!("let field = &value.{rust}; // {of}"),
        "struct" => format!("let field = &value.{rust}; // Option<{of}>"),
        "union" => format!("matches!(value, {}::{rust}(_))", ty.rust),
        _ => format!("{}::{rust}", ty.rust),
    })
}

fn named(member: &Member) -> String {
    match (&member.name, &member.value) {
        (Some(name), _) => format!("property {}", quoted(name)),
        (None, Some(value)) => format!("value {}", quoted(&value.to_string())),
        (None, None) => format!("variant {}", quoted(&member.rust)),
    }
}

fn described(member: &Member) -> String {
    format!("the {}", named(member))
}

fn capital(member: &Member) -> String {
    format!("The {}", named(member))
}
