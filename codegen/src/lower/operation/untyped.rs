//! Tells of schemas whose values the client has as text or bytes, because their media type is neither JSON nor a form.

use openapiv3::MediaType;

use crate::{
    diagnostic::code,
    lower::{context::Cx, schema::View},
    read::parse,
};

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
