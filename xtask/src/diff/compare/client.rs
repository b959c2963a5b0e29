//! What all calls have in common: servers, credentials and limits.

use serde_json::Value;

use super::{
    super::{
        entry::Entry,
        rules::{self, Rule},
        surface::Owner,
    },
    Comparison, or_none, pair, quoted,
};

const ITEM: &str = "Client";

pub(super) fn compare_clients(comparison: &mut Comparison<'_>) {
    let (old, new) = (&comparison.old.bindings.client, &comparison.new.bindings.client);
    compare_credentials(comparison);
    if old.server != new.server {
        let upstream = format!("Upstream changed the server from {} to {}.", quoted(&old.server), quoted(&new.server));
        let entry = Entry::new(&rules::SERVER_CHANGED, ITEM, upstream).at(Some("/servers"), Some("/servers"));
        comparison.add(entry.facts(Some(&old.server), Some(&new.server)));
    }
    let texts = |values: &[Value]| Value::from(values.to_vec()).to_string();
    let (was, now) = (texts(&old.servers), texts(&new.servers));
    if was != now {
        let upstream = "Upstream changed the servers that callers can choose, or their variables.";
        let lines = comparison.lines.take(&Owner::Client, |identity| identity.contains("client::Server"));
        let entry = Entry::new(&rules::SERVER_CHANGED, "Server", upstream).at(Some("/servers"), Some("/servers"));
        comparison.add(entry.facts(Some(&was), Some(&now)).lines(lines));
    }
    let root = |security: &[Vec<String>]| {
        or_none(Some(&security.iter().map(|it| it.join("+")).collect::<Vec<_>>().join(" or ")))
    };
    let (was, now) = (root(&old.security), root(&new.security));
    if was != now {
        let upstream = format!("Upstream changed the security of the document from {was} to {now}.");
        let entry = Entry::new(&rules::SECURITY_CHANGED, "Client::raw_request", upstream)
            .at(Some("/security"), Some("/security"));
        comparison.add(entry.facts(Some(&was), Some(&now)));
    }
    // A client without credentials has no say in the matter.
    let has_credentials = [comparison.old, comparison.new].iter().all(|side| !side.bindings.credentials.is_empty());
    if old.optional_credentials != new.optional_credentials && has_credentials {
        let said = if new.optional_credentials {
            "Some operations need no credential any more, so a client can be made without one."
        } else {
            "All operations need a credential now, so no client can be made without one."
        };
        let entry = Entry::new(&rules::CREDENTIALS_OPTIONAL, "Client::builder", said);
        comparison
            .add(entry.facts(Some(&old.optional_credentials.to_string()), Some(&new.optional_credentials.to_string())));
    }
    let (was, now) = (texts(&old.rate_limits), texts(&new.rate_limits));
    if was != now {
        let entry = Entry::new(&rules::RATE_LIMIT_CHANGED, ITEM, "Upstream changed the rate limits.");
        comparison.add(entry.facts(Some(&was), Some(&now)));
    }
    if old.environment != new.environment {
        let upstream = format!(
            "Environment variables begin with {} instead of {}.",
            quoted(&new.environment),
            quoted(&old.environment)
        );
        let entry = Entry::new(&rules::VARIABLE_CHANGED, "Client::from_env", upstream);
        comparison.add(entry.facts(Some(&old.environment), Some(&new.environment)));
    }
    if old.docs != new.docs {
        let entry = Entry::new(&rules::DOCS_CHANGED, ITEM, "Upstream reworded the document's description.");
        comparison.add(entry.facts(None, new.docs.as_deref()));
    }
}

fn compare_credentials(comparison: &mut Comparison<'_>) {
    let (old, new) = (&comparison.old.bindings.credentials, &comparison.new.bindings.credentials);
    let pairs = pair(old, new, |it| it.scheme.clone(), |it| it.place.clone());
    let single = [old.len(), new.len()].map(|count| count == 1);
    for (rule, credentials, said) in
        [(&rules::CREDENTIAL_REMOVED, pairs.old, "removed"), (&rules::CREDENTIAL_ADDED, pairs.new, "added")]
    {
        for credential in credentials {
            let upstream = format!("Upstream {said} the security scheme {}.", quoted(&credential.scheme));
            let lines = comparison.lines.take(&Owner::Client, |identity| {
                identity.contains("client::Credentials") || identity == "fn client::Client::new"
            });
            let entry = about(rule, &credential.scheme, upstream).lines(lines);
            let place = Some(credential.place.as_str());
            comparison.add(if said == "added" { entry.facts(None, place) } else { entry.facts(place, None) });
        }
    }
    for (was, now) in pairs.both {
        let name = quoted(&now.scheme);
        let facts: [(&'static Rule, &str, &str, &str); 2] = [
            (&rules::CREDENTIAL_MOVED, "the place of the credential", &was.place, &now.place),
            (&rules::VARIABLE_CHANGED, "the environment variable of the credential", &was.variable, &now.variable),
        ];
        for (rule, what, was, now) in facts {
            if was != now {
                let upstream = format!("Upstream changed {what} {name} from {} to {}.", quoted(was), quoted(now));
                comparison.add(about(rule, &name, upstream).facts(Some(was), Some(now)));
            }
        }
        if was.token_urls != now.token_urls {
            let (from, to) = (was.token_urls.join(", "), now.token_urls.join(", "));
            let upstream = format!(
                "Upstream changed where tokens of {name} come from, from {} to {}.",
                or_none(Some(&from)),
                or_none(Some(&to))
            );
            comparison.add(about(&rules::TOKEN_URL_CHANGED, &name, upstream).facts(Some(&from), Some(&to)));
        }
        if was.deprecated != now.deprecated {
            let said = if now.deprecated { "deprecated" } else { "no longer deprecates" };
            let upstream = format!("Upstream {said} the security scheme {name}.");
            comparison.add(about(&rules::CREDENTIAL_DEPRECATED, &name, upstream).facts(None, Some(said)));
        }
        if was.scheme != now.scheme && single != [true, true] {
            let upstream = format!("Upstream renamed the security scheme {} to {name}.", quoted(&was.scheme));
            let lines = comparison.lines.take(&Owner::Client, |identity| identity.contains("client::Credentials"));
            comparison.add(about(&rules::CREDENTIAL_REMOVED, &was.scheme, upstream).lines(lines));
        }
    }
}

fn about(rule: &'static Rule, scheme: &str, upstream: String) -> Entry {
    let at = Some("/components/securitySchemes");
    Entry::new(rule, format!("Credentials({})", scheme.trim_matches('`')), upstream).at(at, at)
}
