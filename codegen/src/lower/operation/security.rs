//! Security: which credentials there are, and which of them an operation needs.

use std::collections::{HashMap, HashSet};

use openapiv3::{APIKeyLocation, SecurityScheme};
use serde_json::{Map, Value};

use crate::lower::{Lowering, docs_of};
use crate::{
    diagnostic::code,
    input::Profile,
    ir::{Auth, Docs, Input, Operation, Requirement, Scheme, Security, Slot},
    read::{load, parse::OperationSite, pointer},
};

/// The most alternatives of a requirement, and the most schemes that are needed together.
const MAX_SCHEMES: usize = 100;

/// The schemes that were met so far.
#[derive(Default)]
pub(in crate::lower) struct Schemes {
    known: Vec<Scheme>,
    /// What each name came to.
    by_name: HashMap<String, Meaning>,
    /// What an operation needs that says nothing of its own; known once one has asked.
    shared: Option<(Security, Vec<String>)>,
}

/// What a requirement of a scheme means for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// The call takes the credential of this index.
    Credential(usize),
    /// The connection answers for it.
    Connection,
    /// No call can meet it.
    Unmet,
}

impl Lowering<'_, '_> {
    /// What the operation needs, and the scopes that it needs of it.
    pub(in crate::lower) fn lower_security(&mut self, site: &OperationSite<'_>) -> (Security, Vec<String>) {
        let (mut security, scopes) = self.declared_security(site);
        if security.is_empty()
            && self.profile == Profile::OpenApi
            && let Some((is_required, docs)) = self.authorization_parameter(site)
        {
            security.push(Requirement { schemes: vec![self.authorization_scheme(docs)] });
            if !is_required {
                security.push(Requirement::default());
            }
        }
        (security, scopes)
    }

    /// Some documents declare no security but an `Authorization` header parameter, which OpenAPI says to ignore. Gives
    /// whether it is required, and its documentation.
    fn authorization_parameter(&self, site: &OperationSite<'_>) -> Option<(bool, Docs)> {
        let lists = [&site.pointer, &site.item_pointer].map(|at| pointer::join(at, "parameters"));
        lists.iter().find_map(|list| {
            let count = self.document.node(list).and_then(Value::as_array).map_or(0, Vec::len);
            (0..count).find_map(|index| {
                let (_, node) = self.document.resolve(&pointer::join(list, &index.to_string())).ok()?;
                let name = node.get("name").and_then(Value::as_str)?;
                let is_meant = node.get("in")? == "header" && name.eq_ignore_ascii_case("authorization");
                is_meant.then(|| (node.get("required") == Some(&Value::Bool(true)), docs_of(node)))
            })
        })
    }

    /// The credential of the `Authorization` header: that of a scheme that goes there, or else the whole of its value.
    fn authorization_scheme(&mut self, docs: Docs) -> usize {
        let auth = Auth::Header("Authorization".to_owned());
        let schemes = self.document.node("/components/securitySchemes").and_then(Value::as_object);
        for name in schemes.into_iter().flat_map(Map::keys) {
            if !self.take_steps(1, "/components/securitySchemes") {
                break;
            }
            if let Meaning::Credential(index) = self.scheme(name, "/components/securitySchemes")
                && (self.schemes.known[index].auth == auth || goes_into_authorization(&self.schemes.known[index].auth))
            {
                return index;
            }
        }
        // A scheme of the document may have the name, and be another credential.
        let is_taken = |name: &str| schemes.is_some_and(|schemes| schemes.contains_key(name));
        let mut name = "Authorization".to_owned();
        while is_taken(&name) {
            name.push_str(" header");
        }
        let known = &mut self.schemes.known;
        known.iter().position(|scheme| scheme.auth == auth).unwrap_or_else(|| {
            known.push(Scheme { name, auth, docs });
            known.len() - 1
        })
    }

    /// Some documents declare a key twice, as a security scheme and as a parameter. The client sends it, so no caller is to
    /// give it; a parameter that is required says that no alternative does without.
    pub(in crate::lower) fn settle_credentials(&mut self, inputs: &mut Vec<Input>, security: &mut Security) {
        let mut needed: HashMap<Place, usize> = HashMap::new();
        for index in security.iter().flat_map(|requirement| &requirement.schemes) {
            if let Some(place) = place_of_auth(&self.schemes.known[*index].auth) {
                needed.entry(place).or_insert(*index);
            }
        }
        let mut required = Vec::new();
        inputs.retain(|input| {
            let Some(index) = place_of_input(input).and_then(|place| needed.get(&place)) else { return true };
            let scheme = &self.schemes.known[*index].name;
            let message = format!("`{}` is the credential `{scheme}`, which the client sends", input.wire);
            self.findings.add(code::CREDENTIAL_PARAMETER, &input.pointer, message);
            required.extend(input.required.then_some(*index));
            false
        });
        if required.is_empty() {
            return;
        }
        for requirement in std::mem::take(security) {
            let mut schemes: Vec<usize> = requirement.schemes.into_iter().chain(required.iter().copied()).collect();
            schemes.sort_unstable();
            schemes.dedup();
            let requirement = Requirement { schemes };
            if !security.contains(&requirement) {
                security.push(requirement);
            }
        }
    }

    fn declared_security(&mut self, site: &OperationSite<'_>) -> (Security, Vec<String>) {
        if let Some(declared) = site.node.get("security") {
            return self.lower_requirements(declared, &pointer::join(&site.pointer, "security"));
        }
        if let Some((security, scopes)) = self.schemes.shared.clone() {
            let steps = security.iter().map(|requirement| 1 + requirement.schemes.len()).sum::<usize>() + scopes.len();
            self.take_steps(steps, "/security");
            return (security, scopes);
        }
        let shared = match self.document.tree.get("security") {
            Some(declared) => self.lower_requirements(declared, "/security"),
            None => (self.undeclared_security(), Vec::new()),
        };
        self.schemes.shared = Some(shared.clone());
        shared
    }

    fn lower_requirements(&mut self, declared: &Value, at: &str) -> (Security, Vec<String>) {
        let (mut security, mut scopes) = (Security::new(), Vec::new());
        let Some(alternatives) = declared.as_array() else {
            let message = format!("security is a list of requirements, not {}", load::kind(declared));
            self.findings.add(code::MALFORMED, at, message);
            return (security, scopes);
        };
        if alternatives.len() > MAX_SCHEMES {
            self.findings.add(code::MALFORMED, at, format!("more than {MAX_SCHEMES} alternatives are not read"));
        }
        let mut seen = HashSet::new();
        for (index, alternative) in alternatives.iter().enumerate().take(MAX_SCHEMES) {
            let at = pointer::join(at, &index.to_string());
            let Some(names) = alternative.as_object().filter(|names| names.len() <= MAX_SCHEMES) else {
                let message = format!("a requirement is an object, not {}", load::kind(alternative));
                self.findings.add(code::MALFORMED, at, message);
                continue;
            };
            let Some(requirement) = self.lower_requirement(names, &at) else { continue };
            for scope in names.values().filter_map(Value::as_array).flatten().filter_map(Value::as_str) {
                if seen.insert(scope) {
                    scopes.push(scope.to_owned());
                }
            }
            if !security.contains(&requirement) {
                security.push(requirement);
            }
        }
        // An alternative that needs nothing is one only beside others.
        if security.iter().all(|requirement| requirement.schemes.is_empty()) {
            security.clear();
        }
        (security, scopes)
    }

    /// What an operation needs of which the document does not say so. Where it says so of none and yet has schemes, the
    /// first of them is meant for all; the gateway's token always is.
    fn undeclared_security(&mut self) -> Security {
        let has_security = |site: OperationSite<'_>| site.node.get("security").is_some();
        if self.profile == Profile::OpenApi && self.document.operations().any(has_security) {
            return Vec::new();
        }
        let schemes = self.document.node("/components/securitySchemes").and_then(Value::as_object);
        let Some(name) = schemes.and_then(|schemes| schemes.keys().next()) else { return Vec::new() };
        match self.scheme(name, "/components/securitySchemes") {
            Meaning::Credential(index) => vec![Requirement { schemes: vec![index] }],
            Meaning::Connection | Meaning::Unmet => Vec::new(),
        }
    }

    /// The schemes of one alternative; `None` where no call can meet it.
    fn lower_requirement(&mut self, names: &Map<String, Value>, at: &str) -> Option<Requirement> {
        let mut requirement = Requirement::default();
        for name in names.keys() {
            match self.scheme(name, at) {
                Meaning::Credential(index) => self.add_scheme(&mut requirement, index, at),
                Meaning::Connection => {}
                Meaning::Unmet => return None,
            }
        }
        Some(requirement)
    }

    /// Adds a scheme to those that are needed together. There is but one `Authorization` header: what else is to go there
    /// is the same token, which two flows of `OAuth` give, or cannot be sent.
    fn add_scheme(&mut self, requirement: &mut Requirement, index: usize, at: &str) {
        let known = &self.schemes.known;
        let had = requirement.schemes.iter().map(|had| &known[*had]).find(|had| goes_into_authorization(&had.auth));
        let scheme = &known[index];
        match had.filter(|_| goes_into_authorization(&scheme.auth)) {
            None => requirement.schemes.push(index),
            Some(had) if had.auth == scheme.auth => {}
            Some(had) => {
                let message = format!(
                    "`{}` and `{}` both go into the one `Authorization` header; the first is sent",
                    had.name, scheme.name
                );
                self.unsupported(at, message);
            }
        }
    }

    fn scheme(&mut self, name: &str, at: &str) -> Meaning {
        if let Some(meaning) = self.schemes.by_name.get(name) {
            return *meaning;
        }
        let meaning = self.lower_scheme(name, at);
        self.schemes.by_name.insert(name.to_owned(), meaning);
        meaning
    }

    fn lower_scheme(&mut self, name: &str, required_at: &str) -> Meaning {
        let at = pointer::join("/components/securitySchemes", name);
        let Some(node) = self.document.node(&at) else {
            self.findings.add(code::MALFORMED, required_at, format!("there is no security scheme `{name}`"));
            return Meaning::Unmet;
        };
        if node.get("type").is_some_and(|type_| type_ == "mutualTLS") {
            let message = "the client certificate is set by `ClientBuilder::http`";
            self.findings.add(code::SECURITY_CONNECTION, at, message);
            return Meaning::Connection;
        }
        let auth = match self.document.security_scheme(name) {
            Ok(SecurityScheme::APIKey { location, name, .. }) => match location {
                APIKeyLocation::Query => Auth::Query(name),
                APIKeyLocation::Header => Auth::Header(name),
                APIKeyLocation::Cookie => Auth::Cookie(name),
            },
            Ok(SecurityScheme::HTTP { scheme, .. }) => match scheme.to_ascii_lowercase().as_str() {
                "bearer" => Auth::Bearer,
                "basic" => Auth::Basic,
                // These answer a challenge, so that no fixed text is their credential.
                "digest" | "negotiate" | "mutual" | "scram-sha-1" | "scram-sha-256" | "hoba" | "dpop" | "vapid" => {
                    let message = format!("the HTTP scheme `{scheme}` is not expressed; its credential is not sent");
                    self.unsupported(&at, message);
                    return Meaning::Unmet;
                }
                _ => Auth::Http(scheme),
            },
            Ok(SecurityScheme::OAuth2 { .. } | SecurityScheme::OpenIDConnect { .. }) => Auth::Bearer,
            Err(failure) => {
                self.report(failure);
                return Meaning::Unmet;
            }
        };
        let docs = self.document.resolve(&at).map(|(_, node)| docs_of(node)).unwrap_or_default();
        self.schemes.known.push(Scheme { name: name.to_owned(), auth, docs });
        Meaning::Credential(self.schemes.known.len() - 1)
    }

    /// The schemes that operations need, and what most operations need, whose schemes come first.
    pub(in crate::lower) fn finish_security(&mut self, operations: &mut [Operation]) -> (Vec<Scheme>, Security) {
        let mut counts: HashMap<&Security, usize> = HashMap::new();
        for operation in operations.iter().filter(|operation| !operation.security.is_empty()) {
            *counts.entry(&operation.security).or_default() += 1;
        }
        let mut most: (usize, Security) = (0, Security::new());
        for operation in operations.iter() {
            let count = counts.get(&operation.security).copied().unwrap_or_default();
            if count > most.0 {
                most = (count, operation.security.clone());
            }
        }
        let all = std::iter::once(&most.1).chain(operations.iter().map(|operation| &operation.security));
        let mut used: Vec<usize> = Vec::new();
        let mut positions: HashMap<usize, usize> = HashMap::new();
        for index in all.flatten().flat_map(|requirement| &requirement.schemes) {
            positions.entry(*index).or_insert_with(|| {
                used.push(*index);
                used.len() - 1
            });
        }
        let all = std::iter::once(&mut most.1).chain(operations.iter_mut().map(|operation| &mut operation.security));
        for index in all.flatten().flat_map(|requirement| &mut requirement.schemes) {
            *index = positions.get(index).copied().unwrap_or_default();
        }
        (used.into_iter().map(|index| self.schemes.known[index].clone()).collect(), most.1)
    }
}

/// Where a credential and an input can both stand.
#[derive(PartialEq, Eq, Hash)]
enum Place {
    Query(String),
    Cookie(String),
    /// In lower case.
    Header(String),
}

fn place_of_auth(auth: &Auth) -> Option<Place> {
    match auth {
        Auth::Query(name) => Some(Place::Query(name.clone())),
        Auth::Cookie(name) => Some(Place::Cookie(name.clone())),
        Auth::Header(name) => Some(Place::Header(name.to_ascii_lowercase())),
        Auth::Bearer | Auth::Basic | Auth::Http(_) => None,
    }
}

fn place_of_input(input: &Input) -> Option<Place> {
    match input.slot {
        Slot::Query { .. } => Some(Place::Query(input.wire.clone())),
        Slot::Cookie(_) => Some(Place::Cookie(input.wire.clone())),
        Slot::Header(_) => Some(Place::Header(input.wire.to_ascii_lowercase())),
        _ => None,
    }
}

fn goes_into_authorization(auth: &Auth) -> bool {
    matches!(auth, Auth::Bearer | Auth::Basic | Auth::Http(_))
}
