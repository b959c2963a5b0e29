//! The credentials that a command needs.

use lowcodeapi_runtime::catalogue::{Catalogue, Credential, Operation};

/// What a command needs of the credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Need {
    /// Whether a call fails without a credential.
    pub(super) is_needed: bool,
    /// Alternatives, each with the names of what it needs together.
    pub(super) alternatives: &'static [&'static [&'static str]],
    /// Whether the command may call any operation.
    pub(super) is_any: bool,
}

impl Need {
    /// Returns what a call of the operation needs. Without an operation, what calls of any operation may need.
    pub(super) fn of(catalogue: &Catalogue, operation: Option<&Operation>) -> Self {
        if let Some(operation) = operation {
            return Self { is_needed: needs(operation), alternatives: operation.security, is_any: false };
        }
        let is_needed = catalogue.operations.iter().all(|operation| needs(operation));
        Self { is_needed: is_needed && !catalogue.credentials.is_empty(), alternatives: &[], is_any: true }
    }

    /// Returns whether the call can use this credential.
    pub(super) fn takes(&self, credential: &Credential) -> bool {
        self.is_any || self.alternatives.iter().any(|names| names.contains(&credential.name))
    }

    /// Returns the first alternative whose credentials are all there.
    pub(super) fn met(&self, catalogue: &Catalogue, is_there: impl Fn(&Credential) -> bool) -> Option<Vec<Credential>> {
        let named = |name: &&str| catalogue.credentials.iter().find(|it| it.name == *name).copied();
        if self.is_any {
            return catalogue.credentials.iter().find(|it| is_there(it)).map(|it| vec![*it]);
        }
        let needing = self.alternatives.iter().filter(|names| !names.is_empty());
        let complete = |names: &&[&str]| {
            names.iter().map(|name| named(name).filter(|it| is_there(it))).collect::<Option<Vec<_>>>()
        };
        needing.into_iter().find_map(complete)
    }
}

/// Returns whether a call of the operation fails without a credential.
fn needs(operation: &Operation) -> bool {
    !operation.security.is_empty() && operation.security.iter().all(|names| !names.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CREDENTIALS: &[Credential] = &[
        Credential::new("id", "T_ID", ""),
        Credential::new("key", "T_KEY", ""),
        Credential::new("user", "T_USER", ""),
    ];
    static BOTH: Operation = Operation::new("a", "GET", "/a").security(&[&["id", "key"], &["user"]]);
    static FREE: Operation = Operation::new("b", "GET", "/b");
    static EITHER: Operation = Operation::new("c", "GET", "/c").security(&[&["user"], &[]]);
    static NEEDING: &[&Operation] = &[&BOTH];
    static ALL: &[&Operation] = &[&BOTH, &FREE];
    static CATALOGUE: Catalogue = Catalogue::new("t", "T", "https://a.example", "T", NEEDING).credentials(CREDENTIALS);

    #[test]
    fn an_operation_needs_a_credential_unless_an_alternative_is_empty() {
        assert!(Need::of(&CATALOGUE, Some(&BOTH)).is_needed);
        assert!(!Need::of(&CATALOGUE, Some(&FREE)).is_needed);
        assert!(!Need::of(&CATALOGUE, Some(&EITHER)).is_needed);
        assert!(Need::of(&CATALOGUE, None).is_needed);
        assert!(!Need::of(&Catalogue::new("t", "T", "", "T", ALL).credentials(CREDENTIALS), None).is_needed);
    }

    #[test]
    fn an_alternative_is_met_as_a_whole() {
        let met = |there: &[&str]| {
            let met = Need::of(&CATALOGUE, Some(&BOTH)).met(&CATALOGUE, |it| there.contains(&it.name));
            met.map(|met| met.iter().map(|it| it.variable).collect::<Vec<_>>())
        };
        assert_eq!(met(&["id"]), None);
        assert_eq!(met(&["id", "key", "user"]), Some(vec!["T_ID", "T_KEY"]));
        assert_eq!(met(&["id", "user"]), Some(vec!["T_USER"]));
        assert!(!Need::of(&CATALOGUE, Some(&EITHER)).takes(&CREDENTIALS[0]));
    }
}
