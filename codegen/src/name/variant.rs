//! Names the values of an enum independently of their order.

use std::cmp::Reverse;

use foldhash::HashMap;

use super::{case, spoken::of_signs};
use crate::ir::Shape;

/// What the values of an enum would be called, and in which order they claim that.
pub(super) struct Variants {
    /// The candidates of each value; of other types than enums there are none.
    pub(super) candidates: Vec<Vec<String>>,
    /// The indices of all members.
    pub(super) order: Vec<usize>,
}

impl Variants {
    /// `keys` are those of the members of the type, which are the values of an enum.
    pub(super) fn of(shape: &Shape, keys: &[String]) -> Self {
        let given: Vec<Option<&str>> = match shape {
            Shape::Enum(shape) => shape.values.iter().map(|value| value.name.as_deref()).collect(),
            Shape::IntegerEnum(shape) => shape.values.iter().map(|value| value.name.as_deref()).collect(),
            _ => return Self { candidates: Vec::new(), order: (0..keys.len()).collect() },
        };
        let mut candidates: Vec<Vec<String>> =
            given.iter().zip(keys).map(|(given, wire)| variant_candidates(*given, wire)).collect();
        let mut wanted: HashMap<String, usize> = HashMap::default();
        for name in candidates.iter().filter_map(|names| names.first()) {
            *wanted.entry(name.clone()).or_default() += 1;
        }
        let mut ranks = Vec::with_capacity(keys.len());
        for (names, wire) in candidates.iter_mut().zip(keys) {
            let is_contested = names.first().is_some_and(|name| wanted[name] > 1);
            let spelled = is_contested.then(|| case::spelled(wire)).flatten();
            ranks.push((is_contested, spelled.is_some()));
            if let Some(last) = names.last_mut()
                && let Some(spelled) = spelled
            {
                *last = spelled;
            }
        }
        // What says its name plainly comes before what has more to say, then the shorter, and small letters before capitals.
        let mut order: Vec<usize> = (0..keys.len()).collect();
        order.sort_by_cached_key(|index| {
            let wire = &keys[*index];
            (ranks[*index], wire.len(), wire.to_lowercase(), Reverse(wire))
        });
        Self { candidates, order }
    }
}

/// The name that the document gives the value, if any, and the one that the value makes.
fn variant_candidates(given: Option<&str>, wire: &str) -> Vec<String> {
    let given = given.map(case::pascal).filter(|name| !name.is_empty());
    let name = case::value(wire);
    let of_value = Some(of_signs(wire, &name).unwrap_or(name));
    let unreserved = |name: String| if name == "Unknown" { "Unknown_".to_owned() } else { name };
    given.into_iter().chain(of_value).map(unreserved).collect()
}

#[cfg(test)]
mod tests {
    use super::super::scope::Scope;
    use super::*;
    use crate::ir::{Enum, Known};

    /// The names of these values, in their order.
    fn names(values: &[&str]) -> Vec<String> {
        let known = |value: &&str| Known { wire: (*value).to_owned(), name: None, description: None };
        let shape = Shape::Enum(Enum { values: values.iter().map(known).collect(), is_open: false });
        let keys: Vec<String> = values.iter().map(ToString::to_string).collect();
        let variants = Variants::of(&shape, &keys);
        let mut scope = Scope::default();
        let mut names = vec![String::new(); keys.len()];
        for index in variants.order {
            names[index] = scope.claim_first(&variants.candidates[index]);
        }
        names
    }

    #[test]
    fn signs_are_said_where_nothing_else_is() {
        assert_eq!(names(&["!="]), ["NotEquals"]);
        assert_eq!(names(&["~", "!x", ""]), ["Tilde", "NotX", "Empty"]);
        assert_eq!(names(&["-x"]), ["X"]);
    }

    #[test]
    fn values_are_told_apart_by_what_they_say_in_any_order() {
        let cases: [&[(&str, &str)]; 12] = [
            &[("=", "Equals"), ("!=", "NotEquals"), ("==", "EqualsEquals"), ("<>", "LessGreater"), ("<", "Less")],
            &[("<=", "AtMost"), (">", "Greater"), (">=", "AtLeast"), ("~", "Tilde"), ("!~", "NotTilde")],
            &[("*", "Star"), ("in", "In"), ("not in", "NotIn"), ("!*", "NotStar")],
            &[("created_at", "CreatedAt"), ("-created_at", "MinusCreatedAt"), ("+created_at", "PlusCreatedAt")],
            &[("-updated", "Updated"), ("name", "Name"), ("_id", "Id")],
            &[("1.0", "N1_0")],
            &[("1.0", "N1_0"), ("10", "N10"), ("gpt-4.1-mini", "Gpt4_1Mini")],
            &[("1.10", "N1_10"), ("11.0", "N11_0"), ("110", "N110"), ("-1.5", "Minus1_5"), ("-15", "Minus15")],
            &[("a/b", "ASlashB"), ("a-b", "AB"), ("_id", "UnderscoreId"), ("id", "Id"), ("a\u{2022}", "A")],
            &[
                ("", "Empty"),
                ("-", "Minus"),
                (".", "Dot"),
                ("\u{2022}", "Bullet"),
                ("½", "OneHalf"),
                ("⌘", "U2318"),
                ("👍", "ThumbsUp"),
                ("👍🏽", "ThumbsUpMediumSkinTone"),
                ("👍👎", "U1F44DU1F44E"),
            ],
            &[("1", "N1"), ("1½", "N1OneHalf"), ("½", "OneHalf"), ("≥1", "AtLeast1"), ("10€", "N10")],
            &[("asc", "Asc"), ("Asc", "Asc3"), ("ASC", "Asc4"), ("asc2", "Asc2")],
        ];
        for case in cases {
            assert_named(case);
        }
    }

    #[track_caller]
    fn assert_named(case: &[(&str, &str)]) {
        for turn in 0..case.len() {
            let mut case = case.to_vec();
            case.rotate_left(turn);
            for _ in 0..2 {
                let values: Vec<&str> = case.iter().map(|(value, _)| *value).collect();
                let expected: Vec<&str> = case.iter().map(|(_, name)| *name).collect();
                assert_eq!(names(&values), expected, "{values:?}");
                case.reverse();
            }
        }
    }
}
