//! Reports lists and objects with nested values where a style has no form for them.

use foldhash::HashSet;

use crate::{
    diagnostic::code,
    ir::{Api, Input, QueryStyle, Shape, Slot, Type, ValueStyle},
    lower::context::{Report, has_members, is_flat},
};

/// What a style has no form for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nested {
    Items,
    Properties,
}

/// Reports inputs whose items or properties are arrays or objects that are sent as JSON text. The fields of all structs are known
/// only now.
pub(crate) fn report_nested(api: &Api, report: &mut Report<'_>) {
    for input in api.operations.iter().flat_map(|operation| &operation.inputs) {
        let nested = nested_in(api, input);
        if nested.contains(&Nested::Items) {
            let message = "`items` are arrays or objects, which the `style` has no form for; each is sent as JSON text";
            let help = "if the server reads another form, declare strings in an overlay";
            report.add(code::PARAMETER_FORM, &input.pointer, message, help);
        }
        if nested.contains(&Nested::Properties) {
            let message =
                "`properties` are arrays or objects, which the `style` has no form for; each is sent as JSON text";
            let help = "if the server reads another form, declare `style: deepObject` or strings in an overlay";
            report.add(code::PARAMETER_FORM, &input.pointer, message, help);
        }
    }
}

/// Returns what is nested in the values of an input, or in some of a union.
fn nested_in(api: &Api, input: &Input) -> Vec<Nested> {
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
    if !has_style {
        return Vec::new();
    }
    // The items of a list are parameters of its name.
    let is_json = |ty: &Type| has_members(&api.types, ty) && !(repeats && is_flat(&api.types, ty));
    let (mut types, mut seen, mut nested) = (vec![&input.ty], HashSet::default(), Vec::new());
    while let Some(ty) = types.pop() {
        let (is_nested, kind) = match ty.split_nullable().0 {
            Type::Array(item) => (has_members(&api.types, item), Nested::Items),
            Type::Tuple(tuple) => (tuple.types().any(|item| has_members(&api.types, item)), Nested::Items),
            Type::Map(value) => (is_json(value), Nested::Properties),
            Type::Named(id) => match &api.type_def(*id).shape {
                Shape::Struct(shape) => {
                    let mut types = shape.fields.iter().map(|field| &field.ty).chain(&shape.additional);
                    (types.any(is_json), Nested::Properties)
                }
                // A union can have itself as a variant.
                Shape::Union(union) if seen.insert(*id) => {
                    types.extend(union.variants.iter().map(|variant| &variant.ty));
                    continue;
                }
                _ => continue,
            },
            _ => continue,
        };
        if is_nested && !nested.contains(&kind) {
            nested.push(kind);
        }
    }
    nested
}
