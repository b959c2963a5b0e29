//! Ranks the variants of a union for a value.

use std::cmp::Reverse;

use crate::model::{
    date_time, digits,
    form::{Form, Kind, is_among},
    node::Node,
};

/// A form that fits a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ranked {
    pub(crate) index: usize,
    /// How much of the value the form knows.
    pub(crate) knowledge: (usize, usize),
}

/// Returns the forms that fit the value, the best first.
///
/// Forms are compared by matching constants, and listed values where another form has a constant, then by the number of the
/// value's properties that they know, then by the constants in the value, then by the tags that they would add, then by the
/// number of requirements, then by whether they allow only what they declare, then by position. So no form hides another that
/// knows more of the value, whatever the order in the document. A form that knows less is not a fallback for one that cannot be
/// read, because it would lose properties; such forms are left out, unless they keep all properties.
///
/// A form whose constant the value contradicts does not fit. Then the value is likely of a variant that the union does not
/// know, and another form stands in only if nothing that the contradicted forms declare is lost: it has a constant or a listed
/// value of the value itself, or keeps each property of the value that they declare. Otherwise no form fits, because an unknown
/// value keeps all properties.
pub(crate) fn rank(forms: &[Form], value: &Node<'_>) -> Vec<Ranked> {
    let mut ranked: Vec<(usize, Score)> =
        forms.iter().enumerate().filter_map(|(index, form)| Some((index, score(form, value)?))).collect();
    let listed: Vec<&str> = ranked.iter().flat_map(|(index, _)| forms[*index].listed_in(value)).collect();
    ranked.retain(|(index, _)| {
        forms[*index]
            .listed
            .iter()
            .all(|(name, values)| !listed.contains(name) || value.get(name).is_none_or(|value| is_among(value, values)))
    });
    let is_present = |name: &&str| value.get(name).is_some();
    let constants = ranked.iter().flat_map(|(index, _)| forms[*index].constants).map(|(name, _)| *name);
    let fixed: Vec<&str> = constants.filter(is_present).collect();
    for (index, score) in &mut ranked {
        score.told = forms[*index].listed_in(value).filter(|name| fixed.contains(name)).count();
    }
    leave_out_exceeded(forms, &mut ranked, value);
    ranked.sort_by_key(|(index, score)| (Reverse(*score), *index));
    let most = ranked.first().map_or((0, 0), |(_, score)| score.knowledge());
    let keeps_all = |index: usize| forms.get(index).is_none_or(|form| form.known.is_empty() || form.keeps_others());
    ranked.retain(|(index, score)| keeps_all(*index) || score.knowledge() == most);
    let stands_in = |index: usize| !forms[index].keeps_others() && forms[index].listed_in(value).next().is_none();
    if ranked.iter().any(|(index, _)| stands_in(*index)) {
        let contradicted = forms.iter().filter(|form| form.is_contradicted(value));
        let declared = contradicted.flat_map(Form::declared).filter(|name| value.get(name).is_some());
        let declared: Vec<&str> = declared.collect();
        let keeps = |form: &Form| declared.iter().all(|name| form.declared().any(|own| own == *name));
        ranked.retain(|(index, _)| !stands_in(*index) || keeps(&forms[*index]));
    }
    ranked.into_iter().map(|(index, score)| Ranked { index, knowledge: score.knowledge() }).collect()
}

/// Leaves out the forms that exclude properties of the value, where one that does not keeps as much.
fn leave_out_exceeded(forms: &[Form], ranked: &mut Vec<(usize, Score)>, value: &Node<'_>) {
    let (exceeded, others): (Vec<_>, Vec<_>) =
        ranked.iter().copied().partition(|(index, _)| forms[*index].is_exact && forms[*index].is_exceeded(value));
    if exceeded.is_empty() {
        return;
    }
    // Of forms that keep as much, a tag decides. What a union keeps is not known yet.
    let extent = |(index, score): &(usize, Score)| (forms[*index].kept_of(value), score.told);
    let most = others.iter().filter(|(index, _)| !forms[*index].is_any()).map(extent).max();
    ranked.retain(|one| !exceeded.contains(one) || most.is_none_or(|most| most < extent(one)));
}

fn score(form: &Form, value: &Node<'_>) -> Option<Score> {
    let is_kind = match form.kind {
        Kind::Any => return Some(Score::default()),
        Kind::Boolean => matches!(value, Node::Bool(_)),
        Kind::Integer => matches!(value, Node::Number(digits) if digits::is_integer(digits)),
        Kind::Number => matches!(value, Node::Number(_)),
        Kind::Text | Kind::DateTime | Kind::Decimal => matches!(value, Node::Text(_)),
        Kind::List => matches!(value, Node::List(_)),
        Kind::Object => matches!(value, Node::Object(_)),
    };
    if !is_kind {
        return None;
    }
    // The test that excludes most variants comes first.
    if form.is_contradicted(value) {
        return None;
    }
    if form.required.iter().any(|name| value.get(name).is_none()) {
        return None;
    }
    if form.is_closed && form.is_exceeded(value) {
        return None;
    }
    // A form that lists other values is less likely than one that lists none.
    let listing = match (form.kind, value, form.values) {
        (Kind::DateTime, Node::Text(text), _) if !date_time::is_rfc_3339(text) => Listing::Malformed,
        (Kind::Decimal, Node::Text(text), _) if !digits::is_number(text) => Listing::Malformed,
        (Kind::DateTime | Kind::Decimal, ..) => Listing::Listed,
        (_, _, []) => Listing::None,
        (_, value, values) if is_among(value, values) => Listing::Listed,
        _ => Listing::Unlisted,
    };
    let known = form.known.iter().filter_map(|name| value.get(name));
    let (nulls, known) = known.fold((0, 0), |(nulls, known), value| match value {
        Node::Null => (nulls + 1, known),
        _ => (nulls, known + 1),
    });
    let besides = form.tags_besides(value);
    Some(Score {
        is_kind: true,
        is_integer: form.kind == Kind::Integer && listing != Listing::Unlisted,
        listing,
        told: 0,
        known: known + besides,
        nulls,
        constants: form.constants.iter().filter(|(name, _)| value.get(name).is_some()).count(),
        added: Reverse(form.tags().count() - besides),
        required: form.required.len(),
        is_closed: form.is_closed,
    })
}

/// The fields are compared in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Score {
    is_kind: bool,
    is_integer: bool,
    listing: Listing,
    /// The number of constants in the value, and of listed values of properties that are constants in other forms. Set by `rank`.
    told: usize,
    known: usize,
    /// The known properties that are `null`. Not all forms that know them allow it, and who does not know them loses no value.
    nulls: usize,
    /// The constants in the value. They say more than values that are among several.
    constants: usize,
    /// The tags that the value lacks and the model would write. Of forms that know equally much, one that adds nothing is right.
    added: Reverse<usize>,
    required: usize,
    /// Whether the form takes no property that it does not declare. Others may be for values that have more.
    is_closed: bool,
}

/// Whether the value is among the known ones, the least likely first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Listing {
    Malformed,
    Unlisted,
    #[default]
    None,
    Listed,
}

impl Score {
    /// Returns how much of the value the form knows.
    fn knowledge(self) -> (usize, usize) {
        (self.told, self.known)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{meter::Meter, parse::parse};

    fn indices(ranked: Vec<Ranked>) -> Vec<usize> {
        ranked.into_iter().map(|it| it.index).collect()
    }

    fn ranked(forms: &[Form], value: &serde_json::Value) -> Vec<usize> {
        let text = value.to_string();
        indices(rank(forms, &parse(&text, &Meter::ambient()).unwrap()))
    }

    #[test]
    fn a_smaller_form_does_not_hide_a_larger_one() {
        let small = Form::object().known(&["name"]).required(&["name"]);
        let large = Form::object().known(&["name", "age"]).required(&["name"]);
        for forms in [[small, large], [large, small]] {
            let first =
                |value: &serde_json::Value| ranked(&forms, value).first().map(|index| forms[*index].known.len());
            assert_eq!(first(&json!({"name": "a", "age": 1})), Some(2));
        }
        assert_eq!(ranked(&[small, large], &json!({"name": "a"})), [0, 1]);
        assert_eq!(ranked(&[small, large], &json!({"age": 1})), [0; 0]);
    }

    #[test]
    fn a_form_that_adds_no_tag_is_preferred() {
        let heir = Form::object().known(&["name", "age"]).required(&["name"]).constants(&[("kind", &["heir"])]);
        let base = Form::object().known(&["kind", "name"]);
        let forms = [heir, base];
        assert_eq!(ranked(&forms, &json!({"name": "a"})), [1, 0]);
        assert_eq!(ranked(&forms, &json!({"name": "a", "kind": "heir"})), [0]);
        assert_eq!(ranked(&forms, &json!({"name": "a", "age": 1})), [0], "the other one would lose a property");
    }

    #[test]
    fn a_property_without_a_value_hides_no_form() {
        let plain = Form::object().known(&["color"]).required(&["color"]);
        let certified = Form::object().known(&["color", "service"]).required(&["color", "service"]);
        let forms = [plain, certified];
        assert_eq!(ranked(&forms, &json!({"color": true, "service": null})), [1, 0], "the service may be nullable");
        assert_eq!(ranked(&forms, &json!({"color": true, "service": "a"})), [1]);
    }

    #[test]
    fn a_form_that_knows_less_does_not_stand_in() {
        let tram = Form::object().known(&["line", "doors"]);
        let bus = Form::object().known(&["line", "tyres"]);
        let stop = Form::object().known(&["name"]);
        assert_eq!(ranked(&[bus, stop, tram], &json!({"line": 1, "doors": "many"})), [2]);
        assert_eq!(ranked(&[bus, stop, tram], &json!({"line": 1})), [0, 2]);
        assert_eq!(ranked(&[bus, stop, tram], &json!({"other": 1})), [0, 1, 2]);
        // A form without declared properties fits any object.
        assert_eq!(ranked(&[Form::any(), Form::object(), tram], &json!({"line": 1})), [2, 1, 0]);
    }

    #[test]
    fn a_discriminator_decides_and_an_unknown_one_fits_nothing() {
        let cat = Form::object().constants(&[("kind", &["cat", "CAT"])]);
        let dog = Form::object().known(&["kind", "bark"]).constants(&[("kind", &["dog"])]);
        assert_eq!(ranked(&[dog, cat], &json!({"kind": "CAT", "bark": 1})), [1]);
        assert_eq!(ranked(&[dog, cat], &json!({"kind": "fish"})), [0; 0]);
        assert_eq!(ranked(&[dog, cat], &json!({"bark": 1})), [0, 1]);
        let numbers =
            [Form::object().constants(&[("v", &["1"])]), Form::object().constants(&[("v", &["1.5", "true"])])];
        for (value, form) in [("1", 0), ("1.0", 0), ("10e-1", 0), ("1.50", 1), ("true", 1)] {
            let node = format!(r#"{{"v":{value}}}"#);
            assert_eq!(indices(rank(&numbers, &parse(&node, &Meter::ambient()).unwrap())), [form], "{value}");
        }
    }

    #[test]
    fn a_form_that_lacks_what_a_contradicted_one_declares_does_not_stand_in() {
        let cat = Form::object().known(&["lives"]).constants(&[("kind", &["cat"])]);
        let thing = Form::object().known(&["name"]);
        let tagged = Form::object().constants(&[("sort", &["plain"])]);
        let pet = Form::object().known(&["kind", "name"]);
        let open = Form::object().known(&["name"]).open();
        let fish = json!({"kind": "fish", "name": "a"});
        assert_eq!(ranked(&[cat, thing], &fish), [0; 0]);
        assert_eq!(ranked(&[cat, tagged], &fish), [0; 0]);
        assert_eq!(ranked(&[cat, pet], &fish), [1]);
        assert_eq!(ranked(&[cat, pet], &json!({"kind": "fish", "name": "a", "lives": 9})), [0; 0]);
        assert_eq!(ranked(&[cat, open], &json!({"kind": "fish", "lives": 9})), [1]);
        assert_eq!(ranked(&[cat, thing, Form::object()], &fish), [2]);
        // Its own constant tells that the value is of the form.
        assert_eq!(ranked(&[cat, tagged], &json!({"kind": "fish", "sort": "plain"})), [1]);
        assert_eq!(ranked(&[cat, thing], &json!({"name": "a", "other": 1})), [1]);
    }

    #[test]
    fn a_discriminator_counts_whether_or_not_it_is_a_field() {
        let kind: &[(&str, &[&str])] = &[("kind", &["cat"])];
        let cat = Form::object().known(&["lives"]).required(&["kind"]).constants(kind);
        let owned_cat = Form::object().known(&["kind", "lives", "owner"]).constants(kind);
        let forms = [owned_cat, cat];
        assert_eq!(ranked(&forms, &json!({"kind": "cat", "lives": 9})), [1, 0]);
        assert_eq!(ranked(&forms, &json!({"kind": "cat", "lives": 9, "owner": "o"})), [0]);
    }

    #[test]
    fn a_listed_value_excludes_the_forms_that_list_others() {
        let ach = Form::object().known(&["type", "id", "bank"]).listed(&[("type", &["ach", "ach_plaid"])]);
        let card = Form::object().known(&["type", "id"]).listed(&[("type", &["card", "scheme"])]);
        let cash = Form::object().known(&["type"]).constants(&[("type", &["cash"])]);
        let forms = [ach, card, cash];
        assert_eq!(ranked(&forms, &json!({"type": "scheme", "bank": 1})), [1]);
        assert_eq!(ranked(&forms, &json!({"type": "ach_plaid"})), [0]);
        assert_eq!(ranked(&forms, &json!({"type": "cash", "id": "x"})), [2]);
        // A value that none lists excludes none.
        assert_eq!(ranked(&forms, &json!({"type": "other", "bank": 1})), [0]);
        assert_eq!(ranked(&forms, &json!({"id": "x"})), [0, 1]);
    }

    #[test]
    fn a_listed_value_tells_as_much_as_a_constant() {
        let card = Form::object().known(&["last4"]).required(&["method"]).constants(&[("method", &["card"])]);
        let bank = Form::object().known(&["iban"]).required(&["method"]).constants(&[("method", &["bank"])]);
        let listed: &[(&str, &[&str])] = &[("method", &["card", "voucher"])];
        let method = Form::object().known(&["method", "code"]).required(&["method"]).listed(listed);
        let both = Form::object().known(&["method", "code", "last4", "iban"]).listed(listed);
        let forms = [card, bank, method, both];
        for (value, first) in [
            (json!({"method": "card", "last4": 1, "code": 2}), 3),
            (json!({"method": "card", "last4": 1}), 0),
            (json!({"method": "card", "code": 2}), 2),
            (json!({"method": "card"}), 0),
            (json!({"method": "bank", "iban": 1}), 1),
            (json!({"method": "voucher", "code": 2}), 2),
        ] {
            assert_eq!(ranked(&forms, &value).first(), Some(&first), "{value}");
        }
    }

    #[test]
    fn a_plain_value_is_of_no_heir_that_only_lists_its_tag() {
        let listed: &[(&str, &[&str])] = &[("type", &["dog", "fish"])];
        let poodle = Form::object().known(&["type", "name", "curls"]).required(&["type"]).listed(listed);
        let dog = Form::object().known(&["name"]).required(&["type"]).constants(&[("type", &["dog"])]);
        let base = Form::object().known(&["type", "name"]).required(&["type"]).listed(listed).closed();
        let forms = [poodle, dog, base];
        assert_eq!(ranked(&forms, &json!({"type": "dog", "name": "a"})).first(), Some(&1));
        assert_eq!(ranked(&forms, &json!({"type": "fish", "name": "a"})).first(), Some(&2));
        assert_eq!(ranked(&forms, &json!({"type": "dog", "curls": 1})).first(), Some(&0));
    }

    #[test]
    fn a_listed_value_alone_does_not_hide_a_form_that_knows_more() {
        let open = Form::object().known(&["state", "id"]).listed(&[("state", &["open", "closed"])]);
        let late = Form::object().known(&["state", "id"]).listed(&[("state", &["late", "lost"])]);
        let any = Form::object().known(&["state", "id", "name"]);
        let forms = [open, late, any];
        assert_eq!(ranked(&forms, &json!({"state": "open", "id": 1, "name": 2})), [2]);
        assert_eq!(ranked(&forms, &json!({"state": "open", "id": 1})).first(), Some(&0));
    }

    #[test]
    fn a_text_is_a_date_or_a_number_only_if_it_reads_as_one() {
        let forms = [Form::date_time(), Form::decimal_text(), Form::text().values(&["now"]), Form::text()];
        for (text, first) in [
            ("2026-11-24T23:00:00.5+01:00", 0),
            ("2026-11-24t23:00:00Z", 0),
            ("2026-11-24 23:59:60z", 0),
            ("2026-11-24", 3),
            ("2026-13-24T23:00:00Z", 3),
            ("2026-11-24T23:00:00", 3),
            ("2026-11-24T23:00:00.Z", 3),
            ("2026-11-24T23:00:00+0100", 3),
            ("tomorrow", 3),
            ("1.50", 1),
            ("now", 2),
        ] {
            assert_eq!(ranked(&forms, &json!(text)).first(), Some(&first), "{text}");
        }
        assert_eq!(ranked(&forms[..3], &json!("later")), [2, 0, 1]);
        assert_eq!(ranked(&forms[..1], &json!("later")), [0]);
    }

    #[test]
    fn kinds_are_told_apart() {
        let forms =
            [Form::any(), Form::number(), Form::integer(), Form::text(), Form::text().values(&["a"]), Form::list()];
        assert_eq!(ranked(&forms, &json!(1)), [2, 1, 0]);
        assert_eq!(ranked(&forms, &json!(1.5)), [1, 0]);
        assert_eq!(ranked(&forms, &json!("a")), [4, 3, 0]);
        assert_eq!(ranked(&forms, &json!("b")), [3, 4, 0]);
        assert_eq!(ranked(&forms, &json!([])), [5, 0]);
        assert_eq!(ranked(&forms, &json!(null)), [0]);
    }

    #[test]
    fn what_a_form_excludes_is_of_another_that_keeps_as_much() {
        let exact = Form::object().known(&["id", "name"]).exact();
        let with_code = Form::object().known(&["id", "code"]).required(&["code"]);
        let forms = [exact, with_code.open(), with_code, Form::object().known(&["id"])];
        let value = json!({"id": 1, "name": 2, "code": 3});
        assert_eq!(ranked(&forms[..2], &value), [1]);
        assert_eq!(ranked(&[exact, with_code], &value), [1]);
        // What keeps less is no better.
        assert_eq!(ranked(&[exact, forms[3]], &value), [0]);
        assert_eq!(ranked(&[exact, forms[3]], &json!({"id": 1, "name": 2})), [0]);
        // A constant that the model stores is one property.
        let stored = Form::object().known(&["kind"]).constants(&[("kind", &["a"])]).exact();
        let other = Form::object().known(&["kind", "extra"]);
        assert_eq!(ranked(&[stored, other], &json!({"kind": "a", "extra": 1})), [1]);
        // A tag decides between forms that keep as much.
        let tagged = exact.constants(&[("kind", &["a"])]);
        assert_eq!(ranked(&[tagged, Form::object().known(&["id", "kind"])], &json!({"kind": "a", "new": 1})), [0]);
        assert_eq!(ranked(&[tagged, Form::object().known(&["id"]).open()], &json!({"kind": "a", "new": 1})), [1]);
    }
}
