//! Types: whether they are there, and what they are.

use super::{
    super::{
        bindings::Type,
        entry::Entry,
        rules::{self, Rule},
        surface::Owner,
    },
    Comparison, in_words,
    members::compare_members,
    or_none, quoted,
};

pub(super) fn compare_types(comparison: &mut Comparison<'_>) {
    // Types that are there on one side alone belong to the entries of what uses them, or have entries of their own; see `rest`.
    for (old, new) in comparison.types().both {
        compare_pair(comparison, old, new);
    }
}

pub(super) fn owner(ty: &Type) -> Owner {
    Owner::Model(ty.name().to_owned())
}

/// Adds an entry about a type as a whole.
pub(super) fn about(rule: &'static Rule, old: Option<&Type>, new: Option<&Type>, upstream: String) -> Entry {
    let item = new.or(old).map(|ty| ty.rust.clone()).unwrap_or_default();
    let code = |ty: Option<&Type>| Some(format!("let value: {} = {};", ty?.rust, ty?.example.as_ref()?));
    Entry::new(rule, item, upstream)
        .at(old.map(|it| it.pointer.as_str()), new.map(|it| it.pointer.as_str()))
        .code(code(old), code(new))
}

fn compare_pair(comparison: &mut Comparison<'_>, old: &Type, new: &Type) {
    if old.rust != new.rust {
        let mut lines = comparison.lines.take_all(&owner(old));
        lines.extend(comparison.lines.take_all(&owner(new)));
        let upstream = format!("The schema of {} has another name, which is not in the lock.", quoted(&new.rust));
        let is_aliased = new.former.as_deref() == Some(&old.rust);
        for line in &mut lines {
            line.breaks &= !is_aliased;
        }
        let (rule, upstream) = if is_aliased {
            (&rules::TYPE_ALIASED, format!("The schema of {} has another name now.", quoted(&new.rust)))
        } else {
            (&rules::TYPE_RENAMED, upstream)
        };
        let entry = about(rule, Some(old), Some(new), upstream).facts(Some(&old.rust), Some(&new.rust)).lines(lines);
        comparison.add(Entry { item: old.rust.clone(), ..entry });
    }
    let name = quoted(&new.rust);
    if old.kind != new.kind {
        let upstream = format!("Upstream changed the schema of {name}: it was a {} and is a {}.", old.kind, new.kind);
        let lines = comparison.lines.take_all(&owner(new));
        let entry = about(&rules::TYPE_KIND, Some(old), Some(new), upstream)
            .facts(Some(&old.kind), Some(&new.kind))
            .lines(lines);
        comparison.add(entry);
        return;
    }
    compare_members(comparison, old, new);
    compare_rest(comparison, old, new);
}

fn compare_rest(comparison: &mut Comparison<'_>, old: &Type, new: &Type) {
    let name = quoted(&new.rust);
    if old.additional != new.additional {
        let rule = if new.additional.is_some() { &rules::TYPE_OPENED } else { &rules::TYPE_CLOSED };
        let (was, now) = (old.additional.as_deref(), new.additional.as_deref());
        let upstream =
            format!("Upstream changed the additional properties of {name} from {} to {}.", or_none(was), or_none(now));
        let known: Vec<&String> = old.members.iter().chain(&new.members).map(|member| &member.rust).collect();
        let lines = comparison.lines.take(&owner(new), |identity| {
            let last = identity.rsplit([':', '.']).next().unwrap_or_default();
            !known.iter().any(|name| *name == last) && last != "new"
        });
        let entry = about(rule, Some(old), Some(new), upstream).facts(was, now).lines(lines);
        comparison.add(entry);
    }
    let direction = |ty: &Type| match (ty.sent, ty.received) {
        (true, true) => "requests and responses",
        (true, false) => "requests",
        _ => "responses",
    };
    let (was, now) = (direction(old), direction(new));
    if was != now {
        let upstream = format!("Upstream uses {name} in {now}; before: in {was}.");
        let lines = comparison.lines.take_all(&owner(new));
        let entry =
            about(&rules::TYPE_DIRECTION, Some(old), Some(new), upstream).facts(Some(was), Some(now)).lines(lines);
        comparison.add(entry);
    }
    if old.deprecated != new.deprecated || old.docs != new.docs {
        let upstream = format!("Upstream reworded {name}.");
        comparison.add(about(&rules::DOCS_CHANGED, Some(old), Some(new), upstream).facts(None, Some(&new.docs)));
    }
    if old.limits != new.limits {
        let [was, now] = [old, new].map(|it| in_words(&it.limits));
        let upstream = format!("Upstream changed the limits of {name}: {now}; before: {was}.");
        let entry = about(&rules::LIMITS_CHANGED, Some(old), Some(new), upstream).facts(Some(&was), Some(&now));
        comparison.add(entry);
    }
}
