//! Reports objects with nested values where a style has no form for them.

use crate::{
    diagnostic::code,
    ir::{Api, Input, QueryStyle, Shape, Slot, Type, ValueStyle},
    lower::context::{Report, has_members, is_flat},
};

/// Reports inputs whose properties are arrays or objects that are sent as JSON text. The fields of all structs are known only
/// now.
pub(crate) fn report_nested(api: &Api, report: &mut Report<'_>) {
    for input in api.operations.iter().flat_map(|operation| &operation.inputs) {
        if is_nested(api, input) {
            let message =
                "`properties` are arrays or objects, which the `style` has no form for; each is sent as JSON text";
            let help = "if the server reads another form, declare `style: deepObject` or strings in an overlay";
            report.add(code::PARAMETER_FORM, &input.pointer, message, help);
        }
    }
}

fn is_nested(api: &Api, input: &Input) -> bool {
    let (has_style, repeats) = match input.slot {
        Slot::Query { style, .. } | Slot::FormField(style) => {
            (!matches!(style, QueryStyle::Deep | QueryStyle::Json), style == QueryStyle::Repeated)
        }
        Slot::OpenFields => (true, true),
        Slot::Path(style) | Slot::Header(style) | Slot::Cookie(style) | Slot::PartHeader(style) => {
            (style != ValueStyle::Json, false)
        }
        _ => (false, false),
    };
    // The items of a list are parameters of its name.
    let is_json = |ty: &Type| has_members(&api.types, ty) && !(repeats && is_flat(&api.types, ty));
    let is_struct_nested = |ty: &Type| match ty.split_nullable().0 {
        Type::Map(value) => is_json(value),
        Type::Named(id) => match &api.type_def(*id).shape {
            Shape::Struct(shape) => shape.fields.iter().map(|field| &field.ty).chain(&shape.additional).any(is_json),
            _ => false,
        },
        _ => false,
    };
    has_style
        && match &input.ty.split_nullable().0 {
            Type::Named(id) => match &api.type_def(*id).shape {
                Shape::Union(union) => union.variants.iter().any(|variant| is_struct_nested(&variant.ty)),
                _ => is_struct_nested(&input.ty),
            },
            ty => is_struct_nested(ty),
        }
}
