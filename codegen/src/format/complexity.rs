//! Allows clippy's `type_complexity` on items whose types are deep, because the document decides their depth.

use syn::{
    Attribute, FnArg, GenericArgument, ImplItem, ImplItemFn, Item, Pat, PathArguments, ReturnType, Stmt, Type,
    parse_quote,
};

/// The default limit of clippy.
pub(super) const MAX_SCORE: usize = 250;

/// Allows the lint on items that need it. Clippy does not check trait implementations.
pub(crate) fn allow_complex_types(items: &mut [Item]) {
    for item in items {
        match item {
            Item::Struct(item) if item.fields.iter().any(|field| is_complex(&field.ty)) => item.attrs.push(allow()),
            Item::Enum(item) if item.variants.iter().flat_map(|it| &it.fields).any(|field| is_complex(&field.ty)) => {
                item.attrs.push(allow());
            }
            Item::Impl(item) if item.trait_.is_none() => {
                for member in &mut item.items {
                    if let ImplItem::Fn(function) = member
                        && has_complex(function)
                    {
                        function.attrs.push(allow());
                    }
                }
            }
            _ => {}
        }
    }
}

fn allow() -> Attribute {
    parse_quote!(#[allow(clippy::type_complexity, reason = "the document nests it so")])
}

/// Whether the type of an argument, the result or a variable is complex.
fn has_complex(function: &ImplItemFn) -> bool {
    let arguments = function.sig.inputs.iter().filter_map(|argument| match argument {
        FnArg::Typed(argument) => Some(&*argument.ty),
        FnArg::Receiver(_) => None,
    });
    let result = match &function.sig.output {
        ReturnType::Type(_, ty) => Some(&**ty),
        ReturnType::Default => None,
    };
    let variables = function.block.stmts.iter().filter_map(|statement| match statement {
        Stmt::Local(local) => match &local.pat {
            Pat::Type(typed) => Some(&*typed.ty),
            _ => None,
        },
        _ => None,
    });
    arguments.chain(result).chain(variables).any(is_complex)
}

fn is_complex(ty: &Type) -> bool {
    score(ty, 1) > MAX_SCORE
}

/// Clippy's measure, which counts each type by its depth.
fn score(ty: &Type, depth: usize) -> usize {
    match ty {
        Type::Path(path) => {
            let arguments = path.path.segments.iter().flat_map(|segment| match &segment.arguments {
                PathArguments::AngleBracketed(it) => it.args.iter().collect(),
                _ => Vec::new(),
            });
            let inner = arguments.map(|argument| match argument {
                GenericArgument::Type(ty) => score(ty, depth + 1),
                _ => 0,
            });
            10 * depth + inner.sum::<usize>()
        }
        Type::Tuple(tuple) => 10 * depth + tuple.elems.iter().map(|ty| score(ty, depth + 1)).sum::<usize>(),
        Type::Slice(slice) => 10 * depth + score(&slice.elem, depth + 1),
        Type::Reference(reference) => depth + score(&reference.elem, depth),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_complex_from_the_seventh_on() {
        let (six, seven): (Type, Type) = (
            parse_quote!(Option<Vec<Option<Vec<Option<String>>>>>),
            parse_quote!(Option<Nullable<Vec<Option<Vec<Option<String>>>>>>),
        );
        assert_eq!((score(&six, 1), score(&seven, 1)), (210, 280));
        assert_eq!(score(&parse_quote!(&[(u8, Vec<u8>)]), 1), 1 + 10 + 20 + 30 + 30 + 40);
    }

    #[test]
    fn only_what_needs_it_is_allowed_it() {
        let ty: Type = parse_quote!(Option<Option<Option<Option<Option<Option<u8>>>>>>);
        let mut file: syn::File = parse_quote! {
            pub struct A { pub a: u8, pub b: #ty }
            pub struct B { pub a: u8 }
            pub enum C { A(u8), B(#ty) }
            impl A {
                fn plain(&self, a: u8) -> u8 {}
                fn argument(a: #ty) {}
                fn result() -> #ty {}
                fn variable() { let a: #ty = None; }
            }
            impl D for A {
                fn argument(a: #ty) {}
            }
        };
        allow_complex_types(&mut file.items);
        let source = prettyplease::unparse(&file);
        let lines: Vec<&str> = source.lines().collect();
        let allowed =
            lines.windows(2).filter(|pair| pair[0].contains("clippy::type_complexity")).map(|pair| pair[1].trim());
        let expected = ["pub struct A {", "pub enum C {", "fn argument(", "fn result() -> Option<", "fn variable() {"];
        let allowed: Vec<&str> = allowed.collect();
        assert!(
            allowed.len() == expected.len() && allowed.iter().zip(expected).all(|(a, b)| a.starts_with(b)),
            "{source}"
        );
    }
}
