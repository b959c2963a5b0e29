//! Finds the items, the size and the total in pages.

use crate::{
    diagnostic::{Findings, code},
    ir::{Access, Api, Pages, Pagination, Shape, Success, Turn, Type},
};

/// Resolves the pointers of each pagination in the type of the result. If one fails, the pagination is ignored with a
/// warning.
pub(super) fn find_pages(api: &mut Api, findings: &mut Findings) {
    for index in 0..api.operations.len() {
        let Some(pagination) = &api.operations[index].pagination else { continue };
        let found = find(api, &api.operations[index].success, pagination);
        let (at, extension) = (pagination.pointer.clone(), pagination.extension);
        let operation = &mut api.operations[index];
        match found {
            Ok(found) => operation.pages = Some(found),
            Err(message) => {
                let message = format!("`{extension}` is ignored: {message}");
                findings.add_with_help(code::EXTENSION_IGNORED, at, message, "correct the extension in the overlay");
            }
        }
    }
}

fn find(api: &Api, success: &Success, pagination: &Pagination) -> Result<Pages, String> {
    let Success::Json { ty, optional: false, .. } = success else {
        return Err("the result is not JSON, or is optional".to_owned());
    };
    let follow = |path: &[String]| {
        follow(api, ty, path).ok_or_else(|| format!("the type of the result has no property `/{}`", path.join("/")))
    };
    let items = follow(&pagination.items)?;
    let Type::Array(item) = &items.ty else { return Err("`items` does not point at a list".to_owned()) };
    let count = |path: &Option<Vec<String>>| {
        let Some(path) = path else { return Ok(None) };
        let access = follow(path)?;
        match access.ty {
            Type::Number | Type::Decimal => Ok(Some(access)),
            ref ty if ty.is_integer() => Ok(Some(access)),
            _ => Err(format!("`/{}` does not point at a number", path.join("/"))),
        }
    };
    let is_cursor = |access: &Access| {
        !matches!(
            access.ty,
            Type::Bool | Type::Object | Type::Array(_) | Type::Tuple(_) | Type::Map(_) | Type::Named(_)
        )
    };
    let next = match &pagination.turn {
        Turn::Number(..) | Turn::Offset(..) | Turn::Link => None,
        Turn::Cursor(_, path) | Turn::Url(path) => {
            let access = follow(path)?;
            if !is_cursor(&access) {
                return Err(format!("`/{}` does not point at a cursor", path.join("/")));
            }
            Some(access)
        }
        Turn::Last(_, path) => {
            let access = self::follow(api, item.split_nullable().0, path).filter(is_cursor);
            let missing = || format!("the items have no cursor at `/{}`", path.join("/"));
            Some(access.filter(|_| !item.split_nullable().1).ok_or_else(missing)?)
        }
    };
    let more = match &pagination.more {
        Some(path) => match follow(path)? {
            access if access.ty == Type::Bool => Some(access),
            _ => return Err(format!("`/{}` does not point at a boolean", path.join("/"))),
        },
        None => None,
    };
    let [size_given, total] = [count(&pagination.size_given)?, count(&pagination.total)?];
    Ok(Pages { items, next, size_given, total, more })
}

fn follow(api: &Api, root: &Type, path: &[String]) -> Option<Access> {
    let mut ty = root.clone();
    let mut fields = Vec::new();
    for segment in path {
        let Type::Named(id) = ty else { return None };
        let Shape::Struct(shape) = &api.type_def(id).shape else { return None };
        let index = shape.fields.iter().position(|field| field.wire == *segment)?;
        ty = shape.fields[index].ty.split_nullable().0.clone();
        fields.push((id, index));
    }
    Some(Access { fields, ty })
}
