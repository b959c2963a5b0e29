//! What the credentials of an API are called: by callers, and in the environment.

use super::{SchemeNames, case, scope::Scope};
use crate::ir::Api;

/// What the type of all credentials has besides their setters.
const METHODS: &str = "new clone default into from";

/// A variable of the environment that is no credential.
const VARIABLES: &str = "BASE_URL";

/// Names the security schemes. The credential of an API that has one kind is its token.
pub(super) fn name_schemes(api: &Api) -> Vec<SchemeNames> {
    let prefix = env_prefix(api);
    if let [_] = api.schemes.as_slice() {
        return vec![SchemeNames { setter: "token".to_owned(), variable: format!("{prefix}_TOKEN") }];
    }
    let (mut setters, mut variables) = (Scope::reserving(METHODS), Scope::reserving(VARIABLES));
    let names = api.schemes.iter().map(|scheme| {
        // The one brand that almost every document has, and that is two words by its capitals.
        let name = case::snake(&scheme.name.replace("OAuth", "Oauth"));
        let setter = setters.claim_first(&[name.clone(), format!("{name}_credential")]);
        let word = env_word(setter.trim_end_matches('_'));
        let variable = variables.claim_first(&[word.clone(), format!("{word}_CREDENTIAL")]);
        SchemeNames { setter, variable: format!("{prefix}_{variable}") }
    });
    names.collect()
}

/// The environment variables of a client begin with this: the gateway's name, or the API's.
pub(crate) fn env_prefix(api: &Api) -> String {
    if api.is_gateway() {
        return "LOWCODEAPI".to_owned();
    }
    let prefix = env_word(&api.title);
    if prefix.is_empty() { "API".to_owned() } else { prefix }
}

fn env_word(text: &str) -> String {
    let words: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    words.split_whitespace().collect::<Vec<_>>().join("_").to_ascii_uppercase()
}
