//! LowCodeAPI's two URL formats. Its converter writes most path keys in the Old Format, where `{id}` is the bare word
//! `id`; the template is restored from the declared parameters and from `externalDocs.api_endpoint`.

use heck::ToSnakeCase;
use serde_json::{Map, Value, json};

use super::Site;
use crate::{diagnostic::code, pointer};

/// The extension that holds an operation's New Format template: `/v1/tones/{tone_id}`.
pub(crate) const PATH_TEMPLATE: &str = "x-path-template";
/// The extension that holds an operation's Old Format path: `/v1/tones/tone_id`.
pub(crate) const OLD_PATH: &str = "x-old-path";

/// Writes both paths beside every operation; the key stays as it is.
pub(super) fn restore_template(operation: &mut Map<String, Value>, site: &mut Site<'_>) {
    let Some(key) = pointer::keys(site.pointer).nth(1) else { return };
    let endpoint_text = operation.get("externalDocs").and_then(|docs| docs.get("api_endpoint")).and_then(Value::as_str);
    let mut names = parameters_in(operation, "path");
    // Some path parameters are declared in the query alone; the endpoint shows where they belong.
    let marked = |name: &String| {
        let is = |segment: &str| bare(segment) != segment && bare(segment).eq_ignore_ascii_case(name);
        endpoint_text.is_some_and(|endpoint| normalise(endpoint).split('/').any(is))
    };
    names.extend(parameters_in(operation, "query").into_iter().filter(marked));
    let alias = normalise(&key);
    let endpoint = endpoint_text.map(normalise);
    let mut segments: Vec<String> = alias.split('/').map(str::to_owned).collect();
    let undeclared = endpoint.map(|endpoint| take_from_endpoint(&mut segments, &endpoint, &names)).unwrap_or_default();
    take_from_names(&mut segments, &names);
    declare(operation, &mut segments, &undeclared, site);
    let template = segments.join("/");
    let old: Vec<_> = alias.split('/').map(bare).collect();
    let old = old.join("/");
    if template != key {
        site.mended(code::REPAIR_PATH, format!("its template is `{template}`"));
    }
    report_aliases(&template, &alias, site);
    operation.insert(PATH_TEMPLATE.to_owned(), template.into());
    operation.insert(OLD_PATH.to_owned(), old.into());
}

/// Says which parameters the Old Format path does not show where the template has them, and as what it shows them.
fn report_aliases(template: &str, alias: &str, site: &mut Site<'_>) {
    for (segment, alias) in template.split('/').zip(alias.split('/')) {
        for (name, _) in segment.split('{').skip(1).filter_map(|rest| rest.split_once('}')) {
            let is_whole = segment.len() == name.len() + "{}".len();
            let shown = alias.to_lowercase();
            let is_shown = shown.contains(&name.to_lowercase()) && (!is_whole || shown.len() == name.len());
            if !is_shown {
                site.mended(code::PATH_ALIAS, format!("the Old Format path has `{alias}` for `{{{name}}}`"));
            }
        }
    }
}

fn parameters_in(operation: &Map<String, Value>, place: &str) -> Vec<String> {
    declared_in(operation, place).map(|(name, _)| name.to_owned()).collect()
}

/// The names of the parameters of a place, and what they are described as.
fn declared_in<'o>(operation: &'o Map<String, Value>, place: &str) -> impl Iterator<Item = (&'o str, &'o str)> {
    let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let text = |parameter: &'o Value, key: &str| parameter.get(key).and_then(Value::as_str);
    parameters.filter(move |parameter| text(parameter, "in") == Some(place)).filter_map(move |parameter| {
        Some((text(parameter, "name")?, text(parameter, "description").unwrap_or_default()))
    })
}

/// The path alone: without scheme, host, `{endpoint}`, query and outer space, with one leading slash.
fn normalise(path: &str) -> String {
    let path = path.trim();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
    let path = path.split(['?', '#']).next().unwrap_or_default().replace("{{", "{").replace("}}", "}");
    let path = path.trim_start_matches('/').trim_start_matches("{endpoint}").trim_start_matches('/');
    format!("/{path}")
}

/// A variable of the endpoint that no parameter is declared for.
struct Undeclared {
    /// Which segment it stands in.
    at: usize,
    before: String,
    name: String,
    after: String,
}

impl Undeclared {
    fn find(at: usize, model: &str) -> Option<Self> {
        let marked = model.replace('<', "{").replace('>', "}");
        let braced = marked.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
        let (before, (name, after)) = braced
            .or_else(|| Some(("", (marked.strip_prefix([':', '$'])?, ""))))
            .filter(|(_, (name, _))| !name.is_empty())?;
        Some(Self { at, before: before.to_owned(), name: name.to_owned(), after: after.to_owned() })
    }

    /// The gateway fills these in: `bot{token}`. A token that is a segment of its own may be anything's.
    fn is_credential(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        let is_secret = ["key", "secret", "password"].iter().any(|ending| name.ends_with(ending));
        is_secret || (name.ends_with("token") && !self.before.is_empty())
    }

    /// Whether a parameter may be this one under another name: `thredId` for `threadId`, `boardId` for `id`, or one that
    /// is described as "The ID of the board" for `boardId`.
    fn resembles(&self, parameter: &str, description: &str) -> bool {
        let plain = |name: &str| name.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "");
        let (own, other) = (plain(&self.name), plain(parameter));
        let common = own.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
        let words = |text: &str| text.to_snake_case().split('_').map(str::to_owned).collect::<Vec<_>>();
        let described = words(description);
        let own_words = words(&self.name);
        let is_described = own_words.iter().all(|word| described.contains(word))
            && own_words.iter().any(|word| !["id", "key", "name", "type", "value"].contains(&word.as_str()));
        common >= 4 || own.contains(&other) || other.contains(&own) || is_described
    }

    fn segment(&self, name: &str) -> String {
        format!("{}{{{name}}}{}", self.before, self.after)
    }
}

/// A variable without a parameter and a parameter without a place are the same, where there is one of each and they look
/// alike: `threadId` and `thredId`. Any other variable becomes a parameter, as nobody could say otherwise what the call is about.
fn declare(
    operation: &mut Map<String, Value>,
    segments: &mut [String],
    undeclared: &[Undeclared],
    site: &mut Site<'_>,
) {
    let placed = |name: &String| segments.iter().any(|segment| segment.contains(&format!("{{{name}}}")));
    let homeless: Vec<(String, String)> = declared_in(operation, "path")
        .map(|(name, description)| (name.to_owned(), description.to_owned()))
        .filter(|(name, _)| !placed(name))
        .collect();
    for variable in undeclared.iter().rev() {
        let shown = &variable.name;
        let message = match (homeless.as_slice(), undeclared.len()) {
            ([(name, description)], 1) if variable.resembles(name, description) => {
                segments[variable.at] = variable.segment(name);
                format!("`{shown}` of the endpoint is declared as `{name}`")
            }
            _ if variable.is_credential() => {
                format!("`{shown}` of the endpoint is declared nowhere; the path has the bare word")
            }
            _ => {
                segments[variable.at] = variable.segment(shown);
                let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
                if let Some(parameters) = parameters.as_array_mut() {
                    parameters
                        .push(json!({"name": shown, "in": "path", "required": true, "schema": {"type": "string"}}));
                }
                format!("`{shown}` of the endpoint is declared nowhere; it is text that callers give")
            }
        };
        site.mended(code::PATH_PARAMETER, message);
    }
}

/// Upstream drops a leading part of some endpoints, so the two are compared from the right, as long as they agree.
/// Gives the endpoint's variables that no parameter is declared for.
fn take_from_endpoint(segments: &mut [String], endpoint: &str, names: &[String]) -> Vec<Undeclared> {
    let mut undeclared = Vec::new();
    let is_in_alias = |name: &&String| segments.iter().any(|segment| bare(segment).eq_ignore_ascii_case(name));
    let renamed: Vec<_> = names.iter().filter(|name| !is_in_alias(name)).map(|name| format!("{{{name}}}")).collect();
    for ((at, segment), model) in segments.iter_mut().enumerate().rev().zip(endpoint.split('/').rev()) {
        let is_alias = bare(model).eq_ignore_ascii_case(&bare(segment)) || sanitised(model) == sanitised(segment);
        // Several aliases of one template are told apart by what they call its parameter.
        if !is_alias && !renamed.iter().any(|parameter| parameter == model) {
            break;
        }
        if let Some(marked) = mark_parameters(model, names) {
            *segment = marked;
        } else if bare(model) != model {
            undeclared.extend(Undeclared::find(at, model));
        }
    }
    undeclared
}

/// A parameter that the endpoint does not place stands on the last segment of its name.
fn take_from_names(segments: &mut [String], names: &[String]) {
    for name in names {
        let placed = format!("{{{name}}}");
        if segments.iter().any(|segment| segment.contains(&placed)) {
            continue;
        }
        if let Some(segment) = segments.iter_mut().rev().find(|segment| bare(segment).eq_ignore_ascii_case(name)) {
            *segment = placed;
        }
    }
}

/// A segment without the marks that make a parameter of a word: `{x}`, `:x`, `<x>`, `$x`.
fn bare(segment: &str) -> String {
    let segment = segment.replace(['{', '}', '<', '>'], "");
    let segment = segment.strip_prefix([':', '$']).unwrap_or(&segment);
    segment.to_owned()
}

/// A segment as upstream writes it into an alias: lower case, and what is no word as a hyphen.
fn sanitised(segment: &str) -> String {
    let segment = segment.replace(['{', '}'], "").to_ascii_lowercase();
    segment.chars().map(|c| if c == ':' { '-' } else { c }).collect()
}

/// The segment with each declared parameter in braces; `None` where it holds none.
fn mark_parameters(segment: &str, names: &[String]) -> Option<String> {
    if let Some(name) = names.iter().find(|name| bare(segment).eq_ignore_ascii_case(name)) {
        let is_marked = bare(segment) != segment;
        return is_marked.then(|| format!("{{{name}}}"));
    }
    let mut marked = segment.replace('<', "{").replace('>', "}");
    let mut found = false;
    for name in names {
        let Some(at) = marked.to_ascii_lowercase().find(&format!("{{{}}}", name.to_ascii_lowercase())) else {
            continue;
        };
        marked.replace_range(at..at + name.len() + 2, &format!("{{{name}}}"));
        found = true;
    }
    found.then_some(marked)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{OLD_PATH, PATH_TEMPLATE};
    use crate::repair::testing::repaired;

    fn paths(key: &str, endpoint: Option<&str>, names: &[&str]) -> (String, String) {
        let parameters: Vec<_> = names.iter().map(|name| json!({"name": name, "in": "path", "schema": {}})).collect();
        let mut operation = json!({"parameters": parameters, "responses": {}});
        if let Some(endpoint) = endpoint {
            operation["externalDocs"] = json!({"api_ref": "https://r", "api_endpoint": endpoint});
        }
        let (operation, _) = repaired(key, operation);
        let text = |key: &str| operation[key].as_str().map(str::to_owned).unwrap_or_default();
        (text(PATH_TEMPLATE), text(OLD_PATH))
    }

    fn pair(new: &str, old: &str) -> (String, String) {
        (new.to_owned(), old.to_owned())
    }

    #[test]
    fn an_alias_gets_its_parameters_back() {
        let expected = pair("/v1/tones/{tone_id}", "/v1/tones/tone_id");
        assert_eq!(paths("/v1/tones/tone_id", Some("{endpoint}/v1/tones/{tone_id}"), &["tone_id"]), expected);
        assert_eq!(paths("/v1/tones/tone_id", Some("https://h.example/v1/tones/:tone_id"), &["tone_id"]), expected);
        assert_eq!(paths("/v1/tones/tone_id", Some("https://h.example/v1/tones/<tone_id>"), &["tone_id"]), expected);
        assert_eq!(paths("/v1/tones/tone_id", None, &["tone_id"]), expected);
    }

    #[test]
    fn braces_in_the_key_are_kept_with_or_without_the_endpoint_prefix() {
        let expected = pair("/v1/models/{model_id}", "/v1/models/model_id");
        assert_eq!(paths("/v1/models/{model_id}", None, &["model_id"]), expected);
        assert_eq!(paths("{endpoint}/v1/models/{model_id}", None, &["model_id"]), expected);
        assert_eq!(paths("/{endpoint}/v1/models/{model_id}", None, &["model_id"]), expected);
    }

    #[test]
    fn a_lower_cased_alias_takes_the_declared_spelling() {
        let (template, old) = paths("/documentid/get", Some("https://h/v1/docs/{documentId}/get"), &["documentId"]);
        assert_eq!((template.as_str(), old.as_str()), ("/{documentId}/get", "/documentid/get"));
    }

    #[test]
    fn a_parameter_can_be_a_part_of_its_segment() {
        assert_eq!(
            paths("/orders/id.json", Some("https://h/orders/{id}.json"), &["id"]),
            pair("/orders/{id}.json", "/orders/id.json")
        );
    }

    #[test]
    fn a_variable_that_is_declared_in_the_query_belongs_into_the_path() {
        let parameters = json!([{"name": "id", "in": "query", "schema": {}}]);
        let docs = json!({"api_ref": "https://r", "api_endpoint": "https://h/2/tweets/:id"});
        let (operation, _) =
            repaired("/2/tweets/id", json!({"parameters": parameters, "responses": {}, "externalDocs": docs}));
        assert_eq!(operation[PATH_TEMPLATE], "/2/tweets/{id}");
    }

    #[test]
    fn a_variable_that_is_declared_nowhere_becomes_a_parameter() {
        let docs = json!({"api_ref": "https://r", "api_endpoint": "https://h/2/tweets/:id/{kind}.json"});
        let (operation, codes) = repaired("/2/tweets/id/kind.json", json!({"responses": {}, "externalDocs": docs}));
        assert_eq!(operation[PATH_TEMPLATE], "/2/tweets/{id}/{kind}.json");
        assert_eq!(operation[OLD_PATH], "/2/tweets/id/kind.json");
        let names =
            operation["parameters"].as_array().map(|it| it.iter().map(|it| it["name"].clone()).collect::<Vec<_>>());
        assert_eq!(names, Some(vec![json!("id"), json!("kind")]));
        assert!(codes.contains(&"path-parameter"), "{codes:?}");
    }

    #[test]
    fn a_credential_in_the_path_stays_with_the_gateway() {
        let docs = json!({"api_ref": "https://r", "api_endpoint": "https://h/bot{token}/send"});
        let (operation, _) = repaired("/bottoken/send", json!({"responses": {}, "externalDocs": docs}));
        assert_eq!((&operation[PATH_TEMPLATE], operation.get("parameters")), (&json!("/bottoken/send"), None));
        let docs = json!({"api_ref": "https://r", "api_endpoint": "https://h/checkouts/{token}"});
        let (operation, _) = repaired("/checkouts/token", json!({"responses": {}, "externalDocs": docs}));
        assert_eq!(operation[PATH_TEMPLATE], "/checkouts/{token}", "a checkout's own token is none");
    }

    #[test]
    fn a_misspelt_parameter_takes_the_one_place_that_is_left() {
        let expected = pair("/threads/{thredId}", "/threads/threadid");
        assert_eq!(paths("/threads/threadid", Some("https://h/threads/{threadId}"), &["thredId"]), expected);
        let (template, _) = paths("/a/aid/bid", Some("https://h/a/{aId}/{bId}"), &["id"]);
        assert_eq!(template, "/a/{aId}/{bId}", "which of two it is cannot be said");
        let (template, _) = paths("/users/userid/mails", Some("https://h/users/{userId}/mails"), &["address"]);
        assert_eq!(template, "/users/{userId}/mails", "another thing is no misspelling");
    }

    #[test]
    fn a_parameter_is_the_variable_that_its_description_speaks_of() {
        let template = |variable: &str, description: &str| {
            let parameters = json!([{"name": "ext", "in": "path", "description": description, "schema": {}}]);
            let docs = json!({"api_ref": "https://r", "api_endpoint": format!("https://h/v1/{{{variable}}}")});
            let operation = json!({"parameters": parameters, "responses": {}, "externalDocs": docs});
            let (operation, _) = repaired(&format!("/v1/{}", variable.to_lowercase()), operation);
            operation[PATH_TEMPLATE].as_str().map(str::to_owned).unwrap_or_default()
        };
        assert_eq!(template("teamEventId", "The ID of the event of a team."), "/v1/{ext}");
        assert_eq!(template("teamEventId", "The ID of the event."), "/v1/{teamEventId}");
        assert_eq!(template("name", "The name of the event."), "/v1/{name}", "everything has a name");
    }

    #[test]
    fn an_alias_that_hides_a_parameter_is_told() {
        let codes = |path: &str| {
            let parameters = json!([{"name": "Id", "in": "path", "schema": {}}]);
            let docs = json!({"api_ref": "https://r", "api_endpoint": "https://h/v1/{Id}"});
            repaired(path, json!({"parameters": parameters, "responses": {}, "externalDocs": docs})).1
        };
        assert!(codes("/v1/album").contains(&"path-alias"));
        assert!(codes("/v1/album_id").contains(&"path-alias"));
        assert!(codes("/v1/{Id}").contains(&"path-alias"), "it has a bare word for a parameter");
        assert!(!codes("/v1/id").contains(&"path-alias"));
    }

    #[test]
    fn an_action_behind_a_parameter_is_restored() {
        assert_eq!(
            paths(
                "/v1/documents/documentid-batchupdate",
                Some("https://h/v1/documents/{documentId}:batchUpdate"),
                &["documentId"]
            ),
            pair("/v1/documents/{documentId}:batchUpdate", "/v1/documents/documentid-batchupdate")
        );
        let (template, _) =
            paths("/v2/m/userId_teamId", Some("{endpoint}/v2/m/{userId}_{teamId}"), &["teamId", "userId"]);
        assert_eq!(template, "/v2/m/{userId}_{teamId}");
    }

    #[test]
    fn aliases_of_one_template_have_its_parameter() {
        let (template, old) = paths("/v20.0/user_id", Some("https://h/v20.0/{id}"), &["id"]);
        assert_eq!((template.as_str(), old.as_str()), ("/v20.0/{id}", "/v20.0/user_id"));
        let (template, _) = paths("/documentid/get", Some("https://h/v1/documents/{documentId}"), &["documentId"]);
        assert_eq!(template, "/{documentId}/get", "the alias has a place for the name itself");
    }

    #[test]
    fn of_two_segments_of_one_name_the_last_is_the_parameter() {
        let expected = pair("/git/ref/{ref}", "/git/ref/ref");
        assert_eq!(paths("/git/ref/ref", Some("https://h/git/ref/{ref}"), &["ref"]), expected);
        assert_eq!(paths("/git/ref/ref", None, &["ref"]), expected);
    }

    #[test]
    fn other_documents_keep_their_keys() {
        let mut tree = json!({"paths": {"/a/b": {"get": {"responses": {}}}}});
        let mut findings = crate::diagnostic::Findings::default();
        crate::repair::repair_document(&mut tree, crate::Profile::OpenApi, &mut findings);
        assert_eq!(tree["paths"]["/a/b"]["get"].get(PATH_TEMPLATE), None::<&Value>);
    }
}
