//! Values of media types that are neither JSON nor a form: which texts have a type, and what is told of the others.

use openapiv3::MediaType;

use crate::{
    diagnostic::code,
    ir::{Origin, Type},
    lower::{
        context::Cx,
        schema::{View, lower_schema},
    },
    read::{media_type::essence_of, parse},
};

/// Returns the type of a plain text that is one value: a number, a boolean, or one of several texts.
pub(super) fn lower_text(cx: &mut Cx<'_, '_>, media_type: &str, media: &MediaType, origin: &Origin) -> Option<Type> {
    let schema = media.schema.as_ref().and_then(parse::schema_pointer)?;
    let view = View::of(cx.document.resolve(schema).ok()?.1)?;
    let is_plain = essence_of(media_type).eq_ignore_ascii_case("text/plain");
    if !is_plain || !view.says_more_than_text() || view.says_members() {
        return None;
    }
    // A text cannot say `null`.
    let ty = lower_schema(cx, schema, origin).split_nullable().0.clone();
    cx.types.is_plain(&ty).then_some(ty).filter(|ty| !matches!(ty, Type::Text | Type::Binary))
}

/// Returns the type of a text. One that is not one value is a string, and what its schema says more is reported.
pub(super) fn lower_text_or_report(
    cx: &mut Cx<'_, '_>,
    media_type: &String,
    media: &MediaType,
    origin: &Origin,
) -> Type {
    lower_text(cx, media_type, media, origin).unwrap_or_else(|| {
        report_untyped(cx, [(media_type, media)]);
        Type::Text
    })
}

/// Reports schemas of these media types that say more than text or bytes.
pub(super) fn report_untyped<'m>(cx: &mut Cx<'_, '_>, content: impl IntoIterator<Item = (&'m String, &'m MediaType)>) {
    for (media_type, media) in content {
        let Some(at) = media.schema.as_ref().and_then(parse::schema_pointer) else { continue };
        let view = cx.document.resolve(at).ok().and_then(|(_, node)| View::of(node));
        if view.is_some_and(View::says_more_than_text) {
            let message =
                format!("the schema of `{media_type}` is not expressed; the client has the text or the bytes");
            cx.report.findings.add(code::IGNORED_KEYWORD.as_note(), at, message);
        }
    }
}
