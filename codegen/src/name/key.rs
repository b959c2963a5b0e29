//! The keys of inputs and members of types in the lock.

use foldhash::HashMap;

use crate::ir::{Api, Input, OTHER, Shape, Slot, Told, Type, TypeDef, TypeId, Union, Variant};

/// What identifies an input in the lock: inputs of different places may share a wire name.
pub(super) fn input_key(input: &Input) -> String {
    format!("{}.{}", place_of(input), input.wire)
}

/// Where a request has an input.
pub(super) fn place_of(input: &Input) -> &'static str {
    match input.slot {
        Slot::Path(_) => "path",
        Slot::Query { .. } | Slot::QueryString { .. } => "query",
        Slot::Header(_) => "header",
        Slot::Cookie(_) => "cookie",
        _ => "body",
    }
}

/// What identifies each member of a type: a field or value by its wire name, a variant by what it is known by, else by the
/// schema or the kind it is, with the tag that it sends.
pub(super) fn member_keys(api: &Api, def: &TypeDef) -> Vec<String> {
    match &def.shape {
        Shape::Struct(shape) => shape.fields.iter().map(|field| field.wire.clone()).collect(),
        Shape::Enum(shape) => shape.values.iter().map(|value| value.wire.clone()).collect(),
        Shape::IntegerEnum(shape) => shape.values.iter().map(|value| value.wire.to_string()).collect(),
        Shape::Union(shape) => {
            let told = shape.told(api).into_iter().zip(&shape.variants);
            let key_of = |(told, variant): (Option<Told>, &Variant)| match told {
                Some(told) => format!("tag:{}", told.word),
                None => tagged_key(api, variant),
            };
            numbered(told.map(key_of).collect())
        }
    }
}

/// Numbers equal keys, so that the lock has an entry for each member.
fn numbered(mut keys: Vec<String>) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::default();
    for key in &mut keys {
        let count = counts.entry(key.clone()).or_default();
        if *count > 0 {
            *key = numbered_key(key, *count);
        }
        *count += 1;
    }
    keys
}

fn numbered_key(key: &str, number: usize) -> String {
    format!("{key}/{OTHER}{number}")
}

/// The key of a schema, after the tag that a variant of it sends: other variants of the schema may send others.
pub(super) fn tagged_key(api: &Api, variant: &Variant) -> String {
    let key = type_key(&variant.ty, &|id| api.type_def(id).key().to_owned());
    match sent_words(variant) {
        words if words.is_empty() => key,
        words => format!("tag:{words} {key}"),
    }
}

/// The values of the discriminating properties that a variant sends.
pub(super) fn sent_words(variant: &Variant) -> String {
    variant.written_tags().into_iter().map(|(_, value)| value.to_string()).collect::<Vec<_>>().join(" ")
}

/// What identified the variants of a union in older locks: the schema, by the key that the lock has of it. Several of one schema
/// were numbered; where the lock has another number of them, it does not say which is which.
pub(super) fn former_keys(
    api: &Api,
    shape: &Union,
    recorded: &[Option<&str>],
    is_recorded: impl Fn(&str) -> bool,
) -> Vec<Option<String>> {
    // The position of a variant that the lock does not know is that of another one.
    let unknown = |def: &TypeDef| if def.identity.is_some() { String::new() } else { def.pointer.clone() };
    let key = |id: TypeId| {
        let id = api.type_def(id).received().unwrap_or(id);
        recorded[id.0].map_or_else(|| unknown(api.type_def(id)), str::to_owned)
    };
    let keys: Vec<String> = shape.variants.iter().map(|variant| type_key(&variant.ty, &key)).collect();
    let mut counts: HashMap<&str, usize> = HashMap::default();
    for key in &keys {
        *counts.entry(key).or_default() += 1;
    }
    let is_understood = |key: &String| {
        let count = counts[key.as_str()];
        count == 1 || (is_recorded(&numbered_key(key, count - 1)) && !is_recorded(&numbered_key(key, count)))
    };
    let understood: Vec<bool> = keys.iter().map(is_understood).collect();
    numbered(keys).into_iter().zip(understood).map(|(key, is_understood)| is_understood.then_some(key)).collect()
}

fn type_key(ty: &Type, key: &dyn Fn(TypeId) -> String) -> String {
    match ty {
        Type::Named(id) => key(*id),
        // Lists of two models are two variants.
        Type::Array(item) if item.named().is_some() => format!("{}[]", type_key(item, key)),
        Type::Map(value) if value.named().is_some() => format!("{}{{}}", type_key(value, key)),
        Type::Tuple(tuple) => {
            let keys: Vec<String> = tuple.types().map(|item| type_key(item, key)).collect();
            format!("({}{})", keys.join(","), if tuple.rest.is_some() { ".." } else { "" })
        }
        Type::Nullable(inner) => type_key(inner, key),
        other => variant_word(other, &[]),
    }
}

/// What a variant of a union is called: the type it holds.
pub(super) fn variant_word(ty: &Type, names: &[String]) -> String {
    match ty {
        Type::Any => "Any".to_owned(),
        Type::Bool => "Bool".to_owned(),
        Type::Int32 | Type::Int64 | Type::UInt64 | Type::Int128 | Type::UInt128 => "Integer".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::Text | Type::Binary => "Text".to_owned(),
        Type::Decimal => "Decimal".to_owned(),
        Type::DecimalText => "DecimalText".to_owned(),
        Type::DateTime => "DateTime".to_owned(),
        Type::Object => "Object".to_owned(),
        Type::Array(item) => format!("{}List", variant_word(item, names)),
        Type::Tuple(tuple) => tuple_word(&tuple.items, names),
        Type::Map(value) => format!("{}Map", variant_word(value, names)),
        Type::Nullable(inner) => variant_word(inner, names),
        Type::Named(id) => names.get(id.0).cloned().unwrap_or_else(|| "Model".to_owned()),
    }
}

/// What a tuple is called: `NumberPair`, `StopInteger`. Of more than three items, the words would be too many.
fn tuple_word(items: &[Type], names: &[String]) -> String {
    let words: Vec<String> = items.iter().take(4).map(|item| variant_word(item, names)).collect();
    match words.as_slice() {
        [one, other] if one == other => format!("{one}Pair"),
        [one, other, last] if one == other && other == last => format!("{one}Triple"),
        [only] => format!("{only}Only"),
        words if words.len() <= 3 => words.concat(),
        _ => "Tuple".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_have_numbers() {
        let keys = ["/a", "/b", "/a", "/a"].map(str::to_owned).to_vec();
        assert_eq!(numbered(keys), ["/a", "/b", "/a/other:1", "/a/other:2"]);
    }
}
