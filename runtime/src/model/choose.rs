//! Selects the variant of a union for a value.

use crate::model::{
    decoder::Decoder,
    failure::Failure,
    form::Form,
    meter::{Choice, Kept, Meter},
    node::Node,
    rank::{Ranked, rank},
    tree::Tree,
};

impl Decoder<'_> {
    /// Reads a value as the variant of a union that fits it best. `read` receives the index of a form, or the number of
    /// forms if the value fits none.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is malformed, or if selecting the variant exceeds the work that its length allows.
    pub fn choose<U: 'static>(
        self,
        forms: &[Form],
        read: fn(usize, Decoder<'_>) -> Result<U, Failure>,
    ) -> Result<U, Failure> {
        let (source, meter) = (self.source, self.meter);
        let mut chosen = None;
        source.tree(&mut |node| {
            chosen = Some(choose(forms, node, meter, read)?);
            Ok(())
        })?;
        chosen.ok_or_else(Failure::incomplete)
    }
}

/// Reads one variant of a union by its index. The number of forms stands for an unknown form.
type ReadVariant<U> = fn(usize, Decoder<'_>) -> Result<U, Failure>;

/// Reads a node as the form that fits it best, or as an unknown form.
///
/// Forms that know equally much of the node may differ in what they know of its descendants. Of these, the form that
/// keeps most of the node is selected, and of those the one that knows most of the values that it keeps, whatever its position.
/// To find it, each form is tried once per node; unions inside are resolved once in turn and not built. The work is therefore
/// proportional to the number of nodes, however deeply they are nested.
fn choose<U: 'static>(forms: &[Form], node: &Node<'_>, meter: &Meter, read: ReadVariant<U>) -> Result<U, Failure> {
    let read_as = |index| read(index, Decoder::new(&mut Tree::new(node, meter), meter));
    if meter.is_trial() {
        let kept = match meter.choice::<U>(node.address()) {
            Some(Choice::Found(_, kept)) => kept,
            Some(Choice::Pending) => return Err(Failure::endless()),
            None => settle(forms, &rank(forms, node), node, meter, read)?.1,
        };
        meter.keep(kept);
        return read(forms.len(), Decoder::new(&mut Tree::new(&Node::Null, meter), meter));
    }
    match meter.choice::<U>(node.address()) {
        Some(Choice::Found(index, _)) => return read_as(index),
        Some(Choice::Pending) => return Err(Failure::endless()),
        None => {}
    }
    let ranked = rank(forms, node);
    if let [only] = ranked.as_slice()
        && forms.get(only.index).is_some_and(|form| !form.is_any())
    {
        let read = meter.attempt(|| read_as(only.index))?;
        return read.map_or_else(|| read_as(forms.len()), Ok);
    }
    let (index, _) = settle(forms, &ranked, node, meter, read)?;
    read_as(index)
}

/// Determines and caches the form of the node, and the number of leaves that it keeps.
fn settle<U: 'static>(
    forms: &[Form],
    ranked: &[Ranked],
    node: &Node<'_>,
    meter: &Meter,
    read: ReadVariant<U>,
) -> Result<(usize, Kept), Failure> {
    meter.remember::<U>(node.address(), Choice::Pending)?;
    let (index, kept) = match find_best(forms, ranked, node, meter, read)? {
        Some(best) => best,
        None => (forms.len(), Kept { unknown: 1, is_whole: false, ..node.all_leaves(meter)? }),
    };
    meter.remember::<U>(node.address(), Choice::Found(index, kept))?;
    Ok((index, kept))
}

fn find_best<U>(
    forms: &[Form],
    ranked: &[Ranked],
    node: &Node<'_>,
    meter: &Meter,
    read: ReadVariant<U>,
) -> Result<Option<(usize, Kept)>, Failure> {
    // Only the forms that know most remain after ranking; lists, and objects of unknown properties, rank equally.
    let mut best: Option<(usize, Kept)> = None;
    let mut last: Option<(&Form, Ranked)> = None;
    for &one in ranked {
        let index = one.index;
        let form = forms.get(index);
        let is_alike = form
            .zip(last)
            .is_some_and(|(form, (last, other))| form.is_alike(last, node) && one.knowledge == other.knowledge);
        // What a form alters, one that knows less may keep.
        if best.is_some_and(|(_, kept)| kept.is_whole || !is_alike && kept.altered == 0) {
            break;
        }
        last = form.map(|form| (form, one));
        let read = || read(index, Decoder::new(&mut Tree::new(node, meter), meter));
        let Some(mut kept) = meter.try_read(read)? else { continue };
        kept.leaves += form.map_or(0, |form| form.tags_besides(node));
        if best.is_none_or(|(_, most)| kept.is_more_than(most)) {
            best = Some((index, kept));
        }
    }
    Ok(best)
}
