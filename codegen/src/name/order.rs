//! The order in which members claim names, and that of arguments.

use foldhash::HashMap;

/// The indices in the order of the recorded names; what is new follows in the document's order.
pub(super) fn in_recorded_order(
    indices: impl Iterator<Item = usize>,
    names: &[String],
    recorded: Option<&[String]>,
) -> Vec<usize> {
    let mut indices: Vec<usize> = indices.collect();
    let mut ranks: HashMap<&String, usize> = HashMap::default();
    for (rank, name) in recorded.into_iter().flatten().enumerate() {
        ranks.entry(name).or_insert(rank);
    }
    indices.sort_by_key(|index| ranks.get(&names[*index]).copied().unwrap_or(usize::MAX));
    indices
}

/// The indices of members in the order in which they claim their first candidates: that of the document, but of those of one place
/// with the same candidate, the one that is spelled so comes first.
pub(super) fn plain_first<'m>(members: impl Iterator<Item = (&'m str, &'m Vec<String>, &'m str)>) -> Vec<usize> {
    let mut first: HashMap<(&str, Option<&String>), usize> = HashMap::default();
    let mut ranks: Vec<(usize, bool)> = Vec::new();
    for (index, (place, candidates, wire)) in members.enumerate() {
        let wanted = candidates.first();
        let group = *first.entry((place, wanted)).or_insert(index);
        ranks.push((group, wanted.is_none_or(|wanted| wanted != wire)));
    }
    let mut order: Vec<usize> = (0..ranks.len()).collect();
    order.sort_by_key(|index| ranks[*index]);
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spelled_like_its_name_claims_it_first() {
        let members = [("query", "a.b", "a_b"), ("query", "c", "c"), ("path", "aB", "a_b"), ("query", "a_b", "a_b")];
        let candidates: Vec<Vec<String>> = members.iter().map(|(_, _, name)| vec![(*name).to_owned()]).collect();
        let members = members.iter().zip(&candidates).map(|((place, wire, _), names)| (*place, names, *wire));
        assert_eq!(plain_first(members), [3, 0, 1, 2]);
    }
}
