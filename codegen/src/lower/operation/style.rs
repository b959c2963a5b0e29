//! Styles of values in queries and forms.

use crate::ir::QueryStyle;

/// Returns the style of a value in a query or a form.
pub(super) fn query_style(style: &openapiv3::QueryStyle, explode: Option<bool>) -> QueryStyle {
    use openapiv3::QueryStyle as Declared;
    match style {
        Declared::Form if explode == Some(false) => QueryStyle::Comma,
        Declared::SpaceDelimited if explode != Some(true) => QueryStyle::Space,
        Declared::PipeDelimited if explode != Some(true) => QueryStyle::Pipe,
        Declared::DeepObject => QueryStyle::Deep,
        _ => QueryStyle::Repeated,
    }
}
