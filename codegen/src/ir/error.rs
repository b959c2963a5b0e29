//! Declared error responses.

use super::{Operation, Type};

/// A declared error response.
#[derive(Debug)]
pub(crate) struct ErrorCase {
    pub(crate) status: String,
    pub(crate) description: String,
    pub(crate) ty: Option<Type>,
}

/// The statuses that a response is declared for, the most certain first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Statuses {
    One(u16),
    /// The statuses with this first digit.
    Class(u16),
    /// `default`: all that are not declared otherwise.
    Other,
}

impl Statuses {
    /// Returns `None` for a redirect, which is not read as an error, and for what is no status.
    fn read(status: &str) -> Option<Self> {
        if status.eq_ignore_ascii_case("default") {
            return Some(Self::Other);
        }
        let class = status.strip_suffix("XX").or_else(|| status.strip_suffix("xx"));
        let (found, first) = match class {
            Some(digit) => digit.parse().ok().map(|digit| (Self::Class(digit), digit))?,
            None => status.parse().ok().map(|status: u16| (Self::One(status), status / 100))?,
        };
        (4..=5).contains(&first).then_some(found)
    }

    /// Whether all statuses of the other are among these.
    fn covers(self, other: Self) -> bool {
        match (self, other) {
            (Self::Other, _) => true,
            (Self::Class(class), Self::One(status)) => status / 100 == class,
            (one, other) => one == other,
        }
    }
}

/// The error bodies of an operation by status.
#[derive(Debug)]
pub(crate) struct TypedErrors<'o> {
    /// The responses whose bodies have a type.
    pub(crate) typed: Vec<(Statuses, &'o ErrorCase, &'o Type)>,
    /// The statuses among those of `typed` that are declared apart, without a type.
    pub(crate) untyped: Vec<Statuses>,
}

impl TypedErrors<'_> {
    /// Returns the type, if all bodies have the same.
    pub(crate) fn only_type(&self) -> Option<&Type> {
        let (_, _, first) = self.typed.first()?;
        self.typed.iter().all(|(_, _, ty)| ty == first).then_some(*first)
    }
}

impl Operation {
    /// Whether the server can say that the result has not changed.
    pub(crate) fn can_be_unmodified(&self) -> bool {
        self.errors.iter().any(|case| case.status == "304")
    }

    /// Returns the errors whose bodies have a type, the most certain statuses first.
    pub(crate) fn typed_errors(&self) -> Option<TypedErrors<'_>> {
        let mut typed: Vec<(Statuses, &ErrorCase, &Type)> = Vec::new();
        let mut untyped = Vec::new();
        for case in &self.errors {
            match (Statuses::read(&case.status), &case.ty) {
                (Some(statuses), Some(ty)) if typed.iter().all(|(had, ..)| *had != statuses) => {
                    typed.push((statuses, case, ty));
                }
                (Some(statuses), None) => untyped.push(statuses),
                _ => {}
            }
        }
        typed.sort_by_key(|(statuses, ..)| *statuses);
        untyped.retain(|statuses| typed.iter().any(|(wider, ..)| wider != statuses && wider.covers(*statuses)));
        untyped.sort();
        (!typed.is_empty()).then_some(TypedErrors { typed, untyped })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_numbers_classes_and_all_others() {
        let read: Vec<Option<Statuses>> =
            ["404", "5XX", "4xx", "default", "304", "3XX", "40X", "x"].map(Statuses::read).into();
        let class = |digit| Some(Statuses::Class(digit));
        assert_eq!(read, [Some(Statuses::One(404)), class(5), class(4), Some(Statuses::Other), None, None, None, None]);
        assert!(Statuses::Class(4).covers(Statuses::One(404)) && !Statuses::Class(5).covers(Statuses::One(404)));
        assert!(Statuses::Other.covers(Statuses::Class(4)) && !Statuses::One(404).covers(Statuses::Other));
    }
}
