//! Lowers security schemes.

use foldhash::HashMap;
use openapiv3::{APIKeyLocation, SecurityScheme};
use serde_json::Value;

use crate::{
    diagnostic::code,
    ir::{Auth, DeviceFlow, Docs, Operation, Scheme, Security, Text},
    lower::{
        context::{Cx, docs_of},
        operation::flow,
    },
    read::{ledger::Read, pointer},
};

/// The schemes so far.
#[derive(Default)]
pub(crate) struct Schemes {
    pub(super) known: Vec<Scheme>,
    /// The meaning of each name.
    by_name: HashMap<String, Meaning>,
    /// The security of operations without `security`, computed once.
    pub(super) shared: Option<(Security, Vec<String>)>,
}

/// The meaning of a scheme for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The call sends the credential of this index.
    Credential(usize),
    /// The connection authenticates the call.
    Connection,
    /// The client cannot send the credential.
    Unmet,
}

pub(super) fn scheme(cx: &mut Cx<'_, '_>, schemes: &mut Schemes, name: &str, at: &str) -> Meaning {
    if let Some(meaning) = schemes.by_name.get(name) {
        return *meaning;
    }
    let meaning = lower_scheme(cx, schemes, name, at);
    schemes.by_name.insert(name.to_owned(), meaning);
    meaning
}

fn lower_scheme(cx: &mut Cx<'_, '_>, schemes: &mut Schemes, name: &str, required_at: &str) -> Meaning {
    let at = pointer::join("/components/securitySchemes", name);
    let Some(node) = cx.document.node(&at) else {
        let message = format!("`security` names `{name}`, which `securitySchemes` lacks; the requirement is ignored");
        let help = "correct the name, or add the scheme, in an overlay";
        cx.report.findings.add_with_help(code::MALFORMED, required_at, message, help);
        return Meaning::Unmet;
    };
    note_scheme(cx, &at);
    if node.get("type").is_some_and(|type_| type_ == "mutualTLS") {
        let message = "`type: mutualTLS` authenticates the connection; the client sends no credential";
        let help = "set the client certificate with `ClientBuilder::client_identity_pem`";
        cx.report.findings.add_with_help(code::SECURITY_CONNECTION, at, message, help);
        return Meaning::Connection;
    }
    let auth = match cx.document.security_scheme(name) {
        Ok(SecurityScheme::APIKey { location, name, .. }) => match location {
            APIKeyLocation::Query => Auth::Query(name),
            APIKeyLocation::Header => Auth::Header(name),
            APIKeyLocation::Cookie => Auth::Cookie(name),
        },
        Ok(SecurityScheme::HTTP { scheme, .. }) => match scheme.to_ascii_lowercase().as_str() {
            "bearer" => Auth::Bearer,
            "basic" => Auth::Basic,
            // These schemes answer a challenge, so their credential is not a fixed text.
            "digest" | "negotiate" | "mutual" | "scram-sha-1" | "scram-sha-256" | "hoba" | "dpop" | "vapid" => {
                let message = format!("`scheme: {scheme}` is not supported; its credential is not sent");
                cx.report.add(
                    code::SECURITY_SCHEME,
                    &at,
                    message,
                    "if the server accepts another scheme, add it in an overlay",
                );
                return Meaning::Unmet;
            }
            _ => Auth::Http(scheme),
        },
        Ok(SecurityScheme::OAuth2 { .. } | SecurityScheme::OpenIDConnect { .. }) => Auth::Bearer,
        Err(failure) => {
            cx.report.failure(failure);
            return Meaning::Unmet;
        }
    };
    let node = cx.document.resolve(&at).map_or(&Value::Null, |(_, node)| node);
    let docs = docs_of(node);
    let description = cx.document.description_beside(&at).map(Text::from).or(docs.description);
    schemes.known.push(Scheme {
        name: name.to_owned(),
        auth,
        docs: Docs { description, ..docs },
        metadata_url: text_at(node, "/oauth2MetadataUrl"),
        device: device_flow(node),
        tokens: flow::tokens(&mut cx.report, node, &at),
    });
    Meaning::Credential(schemes.known.len() - 1)
}

/// Notes what the client reads of a scheme of this type.
fn note_scheme(cx: &mut Cx<'_, '_>, at: &str) {
    let Ok((at, node)) = cx.document.resolve(at) else { return };
    let of_type = match node.get("type").and_then(Value::as_str) {
        Some("apiKey") => Read::API_KEY,
        Some("http") => Read::HTTP,
        Some("oauth2" | "openIdConnect") => Read::OAUTH,
        _ => Read::BASE,
    };
    cx.report.ledger.note_object(&at, Read::BASE.and(of_type));
}

fn device_flow(scheme: &Value) -> Option<DeviceFlow> {
    let flow = scheme.pointer("/flows/deviceAuthorization")?;
    let authorization_url = text_at(flow, "/deviceAuthorizationUrl")?;
    Some(DeviceFlow { authorization_url, token_url: text_at(flow, "/tokenUrl")? })
}

fn text_at(node: &Value, at: &str) -> Option<String> {
    node.pointer(at).and_then(Value::as_str).map(str::to_owned)
}

/// Returns the schemes that operations use, and the security of most operations, whose schemes come first.
pub(crate) fn finish_security(
    schemes: &Schemes,
    operations: &mut [Operation],
    root: &mut Security,
) -> (Vec<Scheme>, Security) {
    let mut counts: HashMap<&Security, usize> = HashMap::default();
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
    let all = all.chain(std::iter::once(&*root));
    let mut used: Vec<usize> = Vec::new();
    let mut positions: HashMap<usize, usize> = HashMap::default();
    for index in all.flatten().flat_map(|requirement| &requirement.schemes) {
        positions.entry(*index).or_insert_with(|| {
            used.push(*index);
            used.len() - 1
        });
    }
    let all = std::iter::once(&mut most.1).chain(operations.iter_mut().map(|operation| &mut operation.security));
    let all = all.chain(std::iter::once(root));
    for index in all.flatten().flat_map(|requirement| &mut requirement.schemes) {
        *index = positions.get(index).copied().unwrap_or_default();
    }
    (used.into_iter().map(|index| schemes.known[index].clone()).collect(), most.1)
}

pub(super) fn goes_into_authorization(auth: &Auth) -> bool {
    matches!(auth, Auth::Bearer | Auth::Basic | Auth::Http(_))
}
