//! Estimates the size of the generated source before emission, because too large a source also takes long to write.

use crate::{
    budget::{MAX_ALL_MEMBERS, MAX_MEMBERS, MAX_OUTPUT},
    diagnostic::{Findings, code},
    ir::{Api, Constant, Docs, Input, Operation, Shape, Success, Type, TypeDef},
    name::{Names, OperationNames, TypeNames},
};

/// The help for a client that is too large.
const HELP: &str = "leave out operations with `--only` or `--except`, or remove properties or values that the client does not need in an overlay";

/// Whether the client is small enough to be generated and compiled. Reports parts that are too large.
pub(crate) fn is_within_bounds(api: &Api, names: &Names, findings: &mut Findings) -> bool {
    let (mut total, mut all_members) = (0_usize, 0_usize);
    let mut largest = (0, "");
    let mut is_within = true;
    let mut add = |members: usize, bytes: usize, pointer: &'_ str| {
        if members > MAX_MEMBERS {
            let message = format!("the generated item has {members} members; the limit is {MAX_MEMBERS}");
            findings.add_with_help(code::TOO_LARGE, pointer, message, HELP);
            is_within = false;
        }
        total = total.saturating_add(bytes);
        all_members = all_members.saturating_add(members);
        bytes
    };
    for (operation, names) in api.operations.iter().zip(&names.operations) {
        let bytes = add(members_of_operation(operation), operation_bytes(operation, names), &operation.pointer);
        largest = largest.max((bytes, operation.pointer.as_str()));
    }
    for (def, names) in api.types.iter().zip(&names.types).filter(|(def, _)| def.is_used()) {
        let bytes = add(names.members.len(), type_bytes(api, def, names), &def.pointer);
        largest = largest.max((bytes, def.pointer.as_str()));
    }
    // Each part is overestimated. The real sum is about two thirds.
    let total = total / 3 * 2;
    if total > MAX_OUTPUT {
        let message =
            format!("the generated code has about {} MiB; the limit is {} MiB", total >> 20, MAX_OUTPUT >> 20);
        findings.add_with_help(code::TOO_LARGE, largest.1, message, HELP);
        is_within = false;
    }
    if all_members > MAX_ALL_MEMBERS {
        let message = format!("the generated items have {all_members} members; the limit is {MAX_ALL_MEMBERS}");
        findings.add_with_help(code::TOO_LARGE, largest.1, message, HELP);
        is_within = false;
    }
    is_within
}

fn members_of_operation(operation: &Operation) -> usize {
    let cases = match &operation.success {
        Success::ByStatus(cases) => cases.len(),
        _ => 1,
    };
    [operation.inputs.len(), operation.errors.len(), operation.headers.len(), operation.scopes.len(), cases]
        .into_iter()
        .max()
        .unwrap_or_default()
}

/// Most of the source is common to all operations: their verbs, and the code that sends them.
fn operation_bytes(operation: &Operation, names: &OperationNames) -> usize {
    let inputs: usize = operation.inputs.iter().zip(&names.inputs).map(|(input, name)| input_bytes(input, name)).sum();
    let errors: usize = operation.errors.iter().map(|case| 250 + 2 * case.description.len()).sum();
    let headers = operation.headers.iter();
    let headers: usize = headers
        .map(|header| 400 + 4 * header.name.len() + header.description.as_ref().map_or(0, |text| text.len()))
        .sum();
    let schemes: usize = operation.security.iter().map(|requirement| 20 + 40 * requirement.schemes.len()).sum();
    let scopes: usize = operation.scopes.iter().map(|scope| scope.len() + 4).sum();
    let own = 3600 + 20 * names.method.len() + 2 * operation.path.len() + docs_bytes(&operation.docs);
    own + inputs + errors + headers + schemes + scopes + success_bytes(&operation.success)
}

fn input_bytes(input: &Input, name: &str) -> usize {
    320 + 6 * name.len() + 2 * input.wire.len() + 2 * docs_bytes(&input.docs)
}

fn success_bytes(success: &Success) -> usize {
    match success {
        Success::ByStatus(cases) => {
            cases.iter().map(|case| 300 + case.description.len() + success_bytes(&case.success)).sum()
        }
        success => success.accept().iter().map(|media_type| 2 * media_type.len() + 8).sum(),
    }
}

fn type_bytes(api: &Api, def: &TypeDef, names: &TypeNames) -> usize {
    let members = names.members.iter();
    let own = 1500 + 20 * names.name.len() + docs_bytes(&def.docs);
    own + match &def.shape {
        Shape::Struct(shape) => {
            let fields = shape.fields.iter().zip(members);
            fields.map(|(field, name)| 420 + 10 * name.len() + 3 * field.wire.len() + 2 * docs_bytes(&field.docs)).sum()
        }
        Shape::Enum(shape) => {
            let values = shape.values.iter().zip(members);
            values
                .map(|(value, name)| 100 + 3 * name.len() + 3 * value.wire.len() + text(value.description.as_deref()))
                .sum()
        }
        Shape::IntegerEnum(shape) => {
            let values = shape.values.iter().zip(members);
            values.map(|(value, name)| 100 + 3 * name.len() + text(value.description.as_deref())).sum::<usize>()
        }
        Shape::Union(shape) => {
            let variants = shape.variants.iter().zip(members);
            let tags = |values: &[Constant]| values.iter().map(|value| value.to_string().len() + 4).sum::<usize>();
            variants
                .map(|(variant, name)| {
                    let tag = variant.tag.as_ref().map_or(0, |tag| 60 + tag.property.len() + tags(&tag.values));
                    500 + 8 * name.len() + tag + form_bytes(api, &variant.ty)
                })
                .sum::<usize>()
        }
    }
}

/// The size of the code that distinguishes a variant by its properties and values.
fn form_bytes(api: &Api, ty: &Type) -> usize {
    let Type::Named(id) = ty else { return 0 };
    match &api.type_def(*id).shape {
        Shape::Struct(shape) => shape.fields.iter().map(|field| 2 * field.wire.len() + 12).sum(),
        Shape::Enum(shape) => shape.values.iter().map(|value| value.wire.len() + 4).sum(),
        Shape::IntegerEnum(shape) => 12 * shape.values.len(),
        Shape::Union(_) => 0,
    }
}

fn docs_bytes(docs: &Docs) -> usize {
    text(docs.summary.as_deref()) + text(docs.description.as_deref()) + text(docs.link.as_deref())
}

/// Adds the comment marks and the indent of each line.
fn text(text: Option<&str>) -> usize {
    text.map_or(0, |text| text.len() + text.len() / 8)
}
