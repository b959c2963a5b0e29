//! The forms of a success besides the one that a request returns when it is sent.

use foldhash::HashSet;
use openapiv3::{MediaType, Response};

use super::{framing::framing_of, untyped::report_untyped};
use crate::{
    diagnostic::code,
    ir::{Alternative, AlternativeForm, Origin, Success, Type},
    lower::{context::Cx, schema::lower_schema},
    read::{
        media_type::{Form, admits_json, asked_for, essence_of, form_of, is_range},
        parse, pointer,
    },
};

/// Adds the forms in which a response is declared besides `success`.
pub(super) fn add_alternatives(
    cx: &mut Cx<'_, '_>,
    response: &Response,
    at: &str,
    origin: &Origin,
    success: &Success,
    into: &mut Vec<Alternative>,
) {
    let main: HashSet<String> = success.accept().into_iter().map(str::to_owned).collect();
    let is_untyped = |(media_type, _): &(&String, &MediaType)| {
        !admits_json(media_type) && framing_of(media_type).is_none() && !main.contains(&asked_for(media_type))
    };
    report_untyped(cx, response.content.iter().filter(is_untyped));
    let is_file = matches!(success, Success::Bytes { .. });
    for (media_type, media) in &response.content {
        let asked = asked_for(media_type);
        let is_text = form_of(media_type) == Form::Text;
        if framing_of(media_type).is_some() || main.contains(&asked) && !(is_file && is_text) {
            continue;
        }
        if !admits_json(media_type) {
            let form = if is_text { AlternativeForm::Text } else { AlternativeForm::Bytes };
            add(into, form, asked);
        } else if let Some(ty) = json_type(cx, media_type, media, origin) {
            match ty {
                Type::Binary => add(into, AlternativeForm::Bytes, asked),
                // The value is the same, whatever its media type.
                ty if matches!(success, Success::Json { ty: own, .. } if *own == ty) => {}
                ty => add_json(cx, into, ty, asked, at),
            }
        }
    }
}

/// Returns the type of a kind of JSON. A range beside a media type says nothing of its own without a schema.
fn json_type(cx: &mut Cx<'_, '_>, media_type: &str, media: &MediaType, origin: &Origin) -> Option<Type> {
    let schema = media.schema.as_ref().and_then(parse::schema_pointer);
    if schema.is_none() && is_range(media_type) {
        return None;
    }
    let origin = origin.child(&word_of(media_type));
    let ty = schema.map_or(Type::Any, |schema| lower_schema(cx, schema, &origin));
    Some(if ty == Type::Binary { ty } else { ty.in_json() })
}

fn add(into: &mut Vec<Alternative>, form: AlternativeForm, media_type: String) {
    let is_same = |had: &&mut Alternative| {
        matches!(
            (&had.form, &form),
            (AlternativeForm::Text, AlternativeForm::Text) | (AlternativeForm::Bytes, AlternativeForm::Bytes)
        )
    };
    match into.iter_mut().find(is_same) {
        // Other responses may have the media type too; `settle` removes it.
        Some(had) => had.accept.push(media_type),
        None => into.push(Alternative { form, accept: vec![media_type] }),
    }
}

/// Removes media types that several responses have.
pub(super) fn settle(mut alternatives: Vec<Alternative>) -> Vec<Alternative> {
    for alternative in &mut alternatives {
        let mut seen = HashSet::default();
        alternative.accept.retain(|media_type| seen.insert(media_type.clone()));
    }
    alternatives
}

fn add_json(cx: &mut Cx<'_, '_>, into: &mut Vec<Alternative>, ty: Type, media_type: String, at: &str) {
    let word = word_of(&media_type);
    let is_called =
        |had: &&Alternative| matches!(&had.form, AlternativeForm::Json { word: other, .. } if *other == word);
    match into.iter().find(is_called) {
        Some(had) if had.ty() == Some(&ty) => {}
        Some(_) => {
            let message =
                format!("`{media_type}` has other types in other responses; the client reads the type of the first");
            let at = pointer::join(&pointer::join(at, "content"), &media_type);
            let help = "declare one type for it in an overlay";
            cx.report.findings.add_with_help(code::MEDIA_TYPE, at, message, help);
        }
        None => into.push(Alternative { form: AlternativeForm::Json { ty, word }, accept: vec![media_type] }),
    }
}

/// The subtype in words, such as `vnd_api_json`.
fn word_of(media_type: &str) -> String {
    let subtype = essence_of(media_type).split_once('/').map_or("", |(_, subtype)| subtype).to_ascii_lowercase();
    let words: Vec<&str> =
        subtype.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "any".to_owned() } else { words.join("_") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_is_named_by_the_subtype() {
        for (media_type, word) in [
            ("application/vnd.github.raw+JSON; charset=utf-8", "vnd_github_raw_json"),
            ("text/json", "json"),
            ("*/*", "any"),
            ("odd", "any"),
        ] {
            assert_eq!(word_of(media_type), word);
        }
    }
}
