//! Identifies types inside variants across versions of the document.

use foldhash::{HashMap, HashSet};

use crate::{
    ir::{Api, Shape, Type},
    read::pointer,
};

/// Sets the identity of the types inside inline variants that something in them tells apart: their pointers hold the position of
/// the variant, which changes when another variant is put before it.
pub(super) fn set_identities(api: &mut Api) {
    let segments = segments(api);
    let mut seen = HashSet::default();
    for def in &mut api.types {
        def.identity = identity(&def.pointer, &segments).filter(|identity| seen.insert(identity.clone()));
    }
    set_numbers(api);
}

/// Numbers the types of the same key. The lock has an entry for each.
fn set_numbers(api: &mut Api) {
    let mut counts: HashMap<&str, usize> = HashMap::default();
    let numbers = api.types.iter().map(|def| {
        let count = counts.entry(def.key()).or_default();
        std::mem::replace(count, *count + usize::from(def.is_used()))
    });
    let numbers: Vec<usize> = numbers.collect();
    for (def, number) in api.types.iter_mut().zip(numbers) {
        def.number = number;
    }
}

/// The pointers of variants, each with the segment that replaces its position.
fn segments(api: &Api) -> HashMap<String, String> {
    let mut segments = HashMap::default();
    for def in &api.types {
        let Shape::Union(union) = &def.shape else { continue };
        let positions = union.variants.iter().map(|variant| {
            let Type::Named(id) = &variant.ty else { return None };
            Some(&api.type_def(*id).pointer).filter(|at| is_position(at))
        });
        let positions: Vec<Option<&String>> = positions.collect();
        if positions.iter().all(Option::is_none) {
            continue;
        }
        for (at, told) in positions.into_iter().zip(union.told(api)) {
            if let (Some(at), Some(told)) = (at, told) {
                segments.entry(at.clone()).or_insert_with(|| pointer::join("", &format!("tag:{}", told.word)));
            }
        }
    }
    segments
}

/// Whether a pointer ends with the position of a variant, or with the pointer of one: that of an intersection ends with those of
/// its schemas.
fn is_position(at: &str) -> bool {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let ends_with_position = |at: &str| {
        at.rsplit_once('/').is_some_and(|(list, position)| {
            is_number(position) && (list.ends_with("/oneOf") || list.ends_with("/anyOf"))
        })
    };
    ends_with_position(at) || pointer::keys(at).next_back().is_some_and(|last| ends_with_position(&last))
}

fn identity(at: &str, segments: &HashMap<String, String>) -> Option<String> {
    let slashes = at.bytes().enumerate().filter(|(_, byte)| *byte == b'/').map(|(start, _)| start);
    let mut ends = slashes.chain([at.len()]);
    let mut list = ends.next()?;
    let mut identity = String::new();
    let mut copied = 0;
    for end in ends {
        // Only a position, or the pointer of one, which has escapes, has a segment.
        let segment = &at.as_bytes()[list + 1..end];
        let is_position = segment.contains(&b'~') || segment.iter().all(u8::is_ascii_digit);
        if is_position && let Some(segment) = segments.get(&at[..end]) {
            identity.push_str(&at[copied..list]);
            identity.push_str(segment);
            copied = end;
        }
        list = end;
    }
    (copied > 0).then(|| identity + &at[copied..])
}
