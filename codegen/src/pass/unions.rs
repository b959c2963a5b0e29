//! Flattens nested unions.

use foldhash::HashSet;

use crate::{
    budget::Steps,
    diagnostic::Findings,
    ir::{Api, Constant, Shape, Tag, Type, TypeId, Union, Variant},
};

/// The steps of copying a variant into another union.
const STEPS: usize = 3;

/// Replaces variants that are unions by their variants. So decoding never cycles between unions.
pub(super) fn flatten_unions(api: &mut Api, findings: &mut Findings) {
    let mut steps = Steps::default();
    for index in 0..api.types.len() {
        let Shape::Union(union) = &api.types[index].shape else { continue };
        if !union.variants.iter().any(|variant| is_union(api, &variant.ty)) {
            continue;
        }
        let variants = collect(api, TypeId(index), &mut steps);
        if steps.are_spent() {
            steps.tell(&api.types[index].pointer, findings);
            return;
        }
        api.types[index].shape = Shape::Union(Union { variants });
    }
}

fn is_union(api: &Api, ty: &Type) -> bool {
    matches!(ty, Type::Named(id) if matches!(api.type_def(*id).shape, Shape::Union(_)))
}

/// The tag of a variant in a union that another one selects by a tag. Of one property, the inner union decides.
fn within(tag: &Tag, outer: Tag) -> Tag {
    let mut tag = tag.clone();
    let around = match <[Constant; 1]>::try_from(outer.values) {
        Ok([value]) if !outer.is_field => Some((outer.property, value)),
        _ => None,
    };
    for (property, value) in outer.outer.into_iter().chain(around) {
        if property != tag.property && tag.outer.iter().all(|(it, _)| *it != property) {
            tag.outer.push((property, value));
        }
    }
    tag
}

/// Returns the flattened variants of a union, each with its innermost discriminator and those around it. Works without recursion, because
/// unions may be nested deeper than the stack allows.
fn collect(api: &Api, id: TypeId, steps: &mut Steps) -> Vec<Variant> {
    let variants_of = |id: TypeId| match &api.type_def(id).shape {
        Shape::Union(union) => union.variants.iter(),
        _ => [].iter(),
    };
    let (mut into, mut held) = (Vec::new(), HashSet::default());
    let mut seen = HashSet::from_iter([id]);
    let mut open: Vec<(std::slice::Iter<'_, Variant>, Option<Tag>)> = vec![(variants_of(id), None)];
    loop {
        let is_outermost = open.len() == 1;
        let Some((variants, outer)) = open.last_mut() else { break };
        let outer = outer.clone();
        let Some(variant) = variants.next() else {
            open.pop();
            continue;
        };
        let (ty, tag) = (&variant.ty, &variant.tag);
        // The properties around a variant are compared with each other.
        let around = outer.as_ref().map_or(0, |tag| 1 + tag.outer.len());
        if !steps.take(STEPS + around * around) {
            break;
        }
        let tag = match (tag, outer) {
            (Some(tag), Some(outer)) => Some(within(tag, outer)),
            (tag, outer) => tag.clone().or(outer),
        };
        match ty {
            Type::Named(inner) if is_union(api, ty) && seen.insert(*inner) => open.push((variants_of(*inner), tag)),
            other if !is_union(api, other) && held.insert((other, tag.clone())) => {
                let is_default = variant.is_default && is_outermost;
                into.push(Variant { tag, is_default, ..variant.clone() });
            }
            _ => {}
        }
    }
    into
}
