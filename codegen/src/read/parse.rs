//! **parse**: parses one object at a time with `openapiv3`.
//!
//! Schemas are detached first (see [`place::detach_schemas`]), and the lowering reads them from the tree. So a defect
//! affects only its own object, the pointer identifies a schema wherever it is referenced, and no untagged enum buffers
//! a tree at every level.

use std::borrow::Cow;

use openapiv3::{Operation, Parameter, ReferenceOr, RequestBody, Response, SecurityScheme};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{
    budget::MAX_REFERENCES,
    read::{
        bundle::Reasons,
        extension::{LEFT_OUT, OLD_PATH, PATH_TEMPLATE},
        keyword, load,
        member::Members,
        method,
        method::MethodSite,
        parsed::{Ahead, Closing},
        place::{self, Place},
        pointer,
        trail::Trail,
    },
};

pub(crate) use super::parsed::{At, Failure, Unresolved};

/// A prepared document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document<'t> {
    pub(crate) tree: &'t Value,
    trail: &'t Trail<'t>,
    is_30: bool,
    /// Why references have no target.
    reasons: Option<&'t Reasons>,
    ahead: Option<&'t Ahead>,
}

/// The place of an operation.
#[derive(Debug)]
pub(crate) struct OperationSite<'t> {
    pub(crate) pointer: String,
    /// Where the operation, or a reference in its place, stands in the path item.
    pub(crate) place: String,
    /// The pointers of the path item and of what it refers to, whose parameters the operation shares.
    pub(crate) items: Vec<String>,
    pub(crate) path: &'t str,
    /// The method as it is sent.
    pub(crate) method: Cow<'t, str>,
    pub(crate) node: &'t Value,
    /// Why the operation cannot be called.
    defect: Option<&'static str>,
}

impl OperationSite<'_> {
    /// The pointers of the operation, and then of its path item. The first one that says something overrides the others.
    pub(crate) fn levels(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.pointer).chain(&self.items)
    }
}

impl<'t> Document<'t> {
    pub(crate) fn new(trail: &'t Trail<'t>) -> Self {
        let tree = trail.tree();
        let is_30 = tree.get("openapi").is_some_and(|version| load::is_of_minor(version, "3.0"));
        Self { tree, trail, is_30, reasons: None, ahead: None }
    }

    /// Sets why references have no target.
    pub(crate) fn with_reasons(self, reasons: &'t Reasons) -> Self {
        Self { reasons: Some(reasons), ..self }
    }

    /// Why references have no target.
    pub(super) fn reasons(self) -> Option<&'t Reasons> {
        self.reasons
    }

    /// Sets where objects are put that are parsed ahead.
    pub(crate) fn with_ahead(self, ahead: &'t Ahead) -> Self {
        Self { ahead: Some(ahead), ..self }
    }

    pub(super) fn ahead(self) -> Option<&'t Ahead> {
        self.ahead
    }

    /// Ends the parsing ahead when the result is dropped.
    pub(crate) fn closing(self) -> Option<Closing<'t>> {
        self.ahead.map(Closing)
    }

    /// Goes on to the operation at a position, whose objects may have been parsed ahead.
    pub(crate) fn go_to(self, position: usize) {
        if let Some(ahead) = self.ahead {
            ahead.go_to(position);
        }
    }

    /// Returns why the reference of this object, which is no JSON pointer, has no target.
    pub(crate) fn external(self, at: &str, reference: &str) -> Unresolved {
        let reason = self.reasons.and_then(|reasons| reasons.get(at)).cloned();
        Unresolved::External { at: at.to_owned(), reference: reference.to_owned(), reason }
    }

    /// Whether the document is of OpenAPI 3.0, which ignores all that is beside a `$ref`.
    pub(crate) fn is_30(self) -> bool {
        self.is_30
    }

    /// Whether the document is of OpenAPI 3.2.
    pub(crate) fn is_32(self) -> bool {
        self.tree.get("openapi").is_some_and(|version| load::is_of_minor(version, "3.2"))
    }

    /// The node at a pointer.
    pub(crate) fn node(self, at: &str) -> Option<&'t Value> {
        self.trail.find(at)
    }

    /// Returns every operation under `paths`, sorted by path, so the code stays the same if upstream rearranges the
    /// document.
    pub(crate) fn operations(self) -> impl Iterator<Item = OperationSite<'t>> {
        let paths = self.tree.get("paths").and_then(Value::as_object).into_iter().flatten();
        let mut paths: Vec<_> = paths.filter(|(path, _)| !path.starts_with("x-")).collect();
        paths.sort_by_key(|(path, _)| *path);
        paths.into_iter().flat_map(move |(path, item)| {
            let at = pointer::join("/paths", path);
            // A path item may be a reference, with operations and parameters beside it. Without a target, it has only these.
            let target = self.resolve(&at).ok().filter(|(target, _)| *target != at);
            let levels: Vec<(String, &Value)> = std::iter::once((at, item)).chain(target).collect();
            let items: Vec<String> = levels.iter().map(|(at, _)| at.clone()).collect();
            let mut sites: Vec<MethodSite<'_>> = Vec::new();
            for (at, level) in levels {
                let is_said = |sites: &[MethodSite<'_>], site: &MethodSite<'_>| {
                    sites.iter().any(|known| known.method == site.method && known.defect == site.defect)
                };
                for mut site in method::sites_of(level) {
                    if !is_said(&sites, &site) {
                        site.pointer.insert_str(0, &at);
                        sites.push(site);
                    }
                }
            }
            let left_out = item.get(LEFT_OUT).and_then(Value::as_array);
            sites.retain(|site| left_out.is_none_or(|methods| methods.iter().all(|method| *method != *site.method)));
            sites.sort_by(|one, other| (one.rank, &one.pointer).cmp(&(other.rank, &other.pointer)));
            sites.into_iter().map(move |MethodSite { method, pointer: place, node, defect, .. }| {
                // Some documents have a reference in place of an operation. One without a target is reported when it is parsed.
                let (pointer, node) = self.resolve(&place).unwrap_or_else(|_| (place.clone(), node));
                OperationSite { pointer, place, items: items.clone(), path, method, node, defect }
            })
        })
    }

    /// Returns the node at a pointer, after following every `$ref`.
    pub(crate) fn resolve(self, at: &str) -> Result<(String, &'t Value), Unresolved> {
        self.follow(at, |_| false)
    }

    /// Returns the schema at a pointer, after following every `$ref` that is all that its schema says. A schema that says more has
    /// a `$ref` among its keywords.
    pub(crate) fn schema(self, at: &str) -> Result<(String, &'t Value), Unresolved> {
        self.follow(at, |node| !self.is_30 && keyword::has_siblings(node))
    }

    fn follow(self, at: &str, is_end: impl Fn(&Value) -> bool) -> Result<(String, &'t Value), Unresolved> {
        let mut at = at.to_owned();
        let mut seen = Vec::new();
        loop {
            let Some(node) = self.node(&at) else {
                let from = seen.pop().unwrap_or_default();
                return Err(Unresolved::Dangling { at: from, reference: format!("#{at}") });
            };
            let reference = node.member("$ref").and_then(Value::as_str).filter(|_| !is_end(node));
            let Some(reference) = reference else { return Ok((at, node)) };
            if seen.contains(&at) {
                return Err(Unresolved::Circular { at });
            }
            if seen.len() == MAX_REFERENCES {
                return Err(Unresolved::TooLong { at: seen.swap_remove(0) });
            }
            let Some(target) = pointer::from_reference(reference) else {
                return Err(self.external(&at, reference));
            };
            seen.push(std::mem::replace(&mut at, target));
        }
    }

    /// Returns the description beside the `$ref` of an object that is no schema, which replaces that of its target.
    pub(crate) fn description_beside(self, at: &str) -> Option<&'t str> {
        let node = self.node(at).filter(|node| !self.is_30 && node.has_member("$ref"))?;
        node.member("description")?.as_str()
    }

    /// Parses an operation without its parameters, body and responses, which are parsed one at a time.
    pub(crate) fn operation(self, site: &OperationSite<'_>) -> Result<At<Operation>, Failure> {
        self.resolve(&site.pointer).map_err(Failure::Unresolved)?;
        let malformed = |message: &str| Failure::Malformed { at: site.pointer.clone(), message: message.to_owned() };
        let Some(node) = site.node.as_object() else {
            return Err(malformed(&format!("the operation is {}, not an object", load::kind(site.node))));
        };
        if let Some(defect) = site.defect {
            return Err(malformed(defect));
        }
        // What an operation cannot be called without.
        if node.has_member("requestBody") {
            self.resolve(&pointer::join(&site.pointer, "requestBody")).map_err(Failure::Unresolved)?;
        }
        let least = json!({"responses": {}});
        let is_read = |key: &str| match key {
            "parameters" | "requestBody" | "callbacks" | "servers" | "responses" => false,
            PATH_TEMPLATE | OLD_PATH => true,
            key => !key.starts_with("x-"),
        };
        let members = node.iter().filter(|(key, _)| is_read(key)).map(|(key, member)| (key.clone(), member.clone()));
        let node = members.chain(least.as_object().cloned().unwrap_or_default()).collect();
        from_members(&Value::Object(node), site.pointer.clone(), &least)
    }

    pub(crate) fn parameter(self, at: &str) -> Result<At<Parameter>, Failure> {
        if let Some(parsed) = self.ahead.and_then(|ahead| ahead.parameter(at)) {
            return parsed;
        }
        let node = self.resolve(at).map_err(Failure::Unresolved)?.1;
        // A parameter has either of them.
        let form = if node.member("content").is_some() { "content" } else { "schema" };
        let place = if is_querystring(node) { json!("query") } else { node.member("in").cloned().unwrap_or_default() };
        let least = json!({"name": "", "in": place, form: {}});
        self.object_of(Place::Parameter, at, &least, &|parameter| {
            // The parser knows neither. Who lowers the parameter reads them from the tree.
            if is_querystring(parameter) {
                parameter["in"] = json!("query");
            }
            let says = |key: &str| parameter.member(key).is_some_and(|said| said == "cookie");
            if says("in")
                && says("style")
                && let Some(parameter) = parameter.as_object_mut()
            {
                parameter.shift_remove("style");
            }
        })
    }

    pub(crate) fn request_body(self, at: &str) -> Result<At<RequestBody>, Failure> {
        if let Some(parsed) = self.ahead.and_then(|ahead| ahead.request_body(at)) {
            return parsed;
        }
        self.object(Place::RequestBody, at, &json!({"content": {}}))
    }

    pub(crate) fn response(self, at: &str) -> Result<At<Response>, Failure> {
        if let Some(parsed) = self.ahead.and_then(|ahead| ahead.response(at)) {
            return parsed;
        }
        self.object_of(Place::Response, at, &json!({"description": ""}), &|response| {
            // OpenAPI 3.2 has a summary too, and requires neither.
            let text = |key: &str| response.member(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
            let said = text("description").or_else(|| text("summary")).unwrap_or_default().to_owned();
            if let Some(response) = response.as_object_mut() {
                response.insert("description".to_owned(), said.into());
            }
            // A header that the document does not describe is text. It must not cost the other headers.
            let headers = response.get_mut("headers").and_then(Value::as_object_mut).into_iter().flatten();
            for (_, header) in headers.filter(|(_, header)| !is_described(header)) {
                if let Some(header) = header.as_object_mut() {
                    header.insert("schema".to_owned(), json!({}));
                }
            }
        })
    }

    /// Returns the place of the media type of this name in the `content` of an object, after following every `$ref`.
    pub(crate) fn media_type(self, owner: &str, name: &str) -> Option<String> {
        let (content, _) = self.resolve(&pointer::join(owner, "content")).ok()?;
        self.resolve(&pointer::join(&content, name)).ok().map(|(at, _)| at)
    }

    pub(crate) fn security_scheme(self, name: &str) -> Result<SecurityScheme, Failure> {
        let at = pointer::join("/components/securitySchemes", name);
        let (at, node) = self.resolve(&at).map_err(Failure::Unresolved)?;
        from_node(node, &at)
    }

    fn object<T: DeserializeOwned>(self, place: Place, at: &str, least: &Value) -> Result<At<T>, Failure> {
        self.object_of(place, at, least, &|_| {})
    }

    /// Parses an object after an adaptation to what the parser knows.
    fn object_of<T: DeserializeOwned>(
        self,
        place: Place,
        at: &str,
        least: &Value,
        adapt: &dyn Fn(&mut Value),
    ) -> Result<At<T>, Failure> {
        let (pointer, node) = self.resolve(at).map_err(Failure::Unresolved)?;
        let mut lost = Vec::new();
        let mut detached = place::detach_schemas(node, place, &pointer, &mut |at| {
            self.resolve(at).map_err(|unresolved| lost.push(Failure::Unresolved(unresolved))).ok()
        });
        if let (Some(description), Some(detached)) = (self.description_beside(at), detached.as_object_mut()) {
            detached.insert("description".to_owned(), description.into());
        }
        adapt(&mut detached);
        let mut parsed = from_members(&detached, pointer, least)?;
        parsed.lost.extend(lost);
        Ok(parsed)
    }
}

/// Whether a header says what it is.
fn is_described(header: &Value) -> bool {
    ["$ref", "schema", "content"].iter().any(|key| header.member(key).is_some())
}

/// Whether a parameter is the whole query.
pub(crate) fn is_querystring(parameter: &Value) -> bool {
    parameter.member("in").is_some_and(|place| place == "querystring")
}

fn from_node<T: DeserializeOwned>(node: &Value, at: &str) -> Result<T, Failure> {
    T::deserialize(node).map_err(|error| Failure::Malformed { at: at.to_owned(), message: error.to_string() })
}

/// Parses an object without its malformed members. `least` is a minimal object of this kind, to test each member alone.
fn from_members<T: DeserializeOwned>(node: &Value, at: String, least: &Value) -> Result<At<T>, Failure> {
    let whole = match from_node(node, &at) {
        Ok(item) => return Ok(At { pointer: at, item, lost: Vec::new() }),
        Err(failure) => failure,
    };
    // If the minimal object does not parse, the malformed member is unknown.
    if from_node::<T>(least, &at).is_err() {
        return Err(whole);
    }
    let mut kept = node.clone();
    let mut lost = Vec::new();
    for (key, member) in node.as_object().into_iter().flatten() {
        let mut alone = least.clone();
        alone[key] = member.clone();
        if let Err(failure) = from_node::<T>(&alone, &pointer::join(&at, key)) {
            lost.push(failure);
            kept.as_object_mut().and_then(|kept| kept.shift_remove(key));
        }
    }
    from_node(&kept, &at).map(|item| At { pointer: at, item, lost }).map_err(|_| whole)
}

/// The pointer of a detached schema.
pub(crate) fn schema_pointer(schema: &ReferenceOr<openapiv3::Schema>) -> Option<&str> {
    match schema {
        ReferenceOr::Reference { reference } => reference.strip_prefix('#'),
        ReferenceOr::Item(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_malformed_member_costs_only_itself() {
        let tree = json!({
            "paths": {"/a": {"get": {"operationId": 5, "tags": null, "summary": "s", "responses": {}}}},
            "parameter": {"name": "p", "in": "query", "required": "yes", "style": "odd", "schema": {}},
            "header": {"name": "h", "in": "header", "style": "simple", "explode": 1, "content": {"text/plain": {}}},
            "response": {"description": "d", "headers": 5, "content": {"text/plain": {}}},
            "nameless": {"in": "query", "required": "yes"}
        });
        let trail = Trail::of(&tree);
        let document = Document::new(&trail);
        let places = |lost: &[Failure]| {
            let at = |failure: &Failure| match failure {
                Failure::Malformed { at, .. } => at.clone(),
                Failure::Unresolved(_) => String::new(),
            };
            lost.iter().map(at).collect::<Vec<_>>()
        };
        let site = document.operations().next().unwrap();
        let Ok(operation) = document.operation(&site) else { unreachable!("it is no more than malformed") };
        assert_eq!(operation.item.summary.as_deref(), Some("s"));
        assert_eq!(places(&operation.lost), ["/paths/~1a/get/operationId", "/paths/~1a/get/tags"]);
        let parameter = document.parameter("/parameter").ok().unwrap();
        assert_eq!(parameter.item.parameter_data_ref().name, "p");
        assert_eq!(places(&parameter.lost), ["/parameter/required", "/parameter/style"]);
        assert_eq!(places(&document.parameter("/header").ok().unwrap().lost), ["/header/explode"]);
        let response = document.response("/response").ok().unwrap();
        assert_eq!((response.item.content.len(), places(&response.lost)), (1, vec!["/response/headers".to_owned()]));
        assert!(document.parameter("/nameless").is_err());
    }

    #[test]
    fn references_are_followed_wherever_they_point() {
        let tree = json!({"a": {"$ref": "#/b/x~1y"}, "b": {"x/y": {"$ref": "#/c"}}, "c": 1, "d": {"$ref": "#/e"},
                          "e": {"$ref": "#/d"}, "f": {"$ref": "#/nowhere"}, "g": {"$ref": "other.json#/a"}});
        let trail = Trail::of(&tree);
        let document = Document::new(&trail);
        assert_eq!(document.resolve("/a"), Ok(("/c".to_owned(), &json!(1))));
        assert_eq!(document.resolve("/d"), Err(Unresolved::Circular { at: "/d".to_owned() }));
        let dangling = Unresolved::Dangling { at: "/f".to_owned(), reference: "#/nowhere".to_owned() };
        assert_eq!(document.resolve("/f"), Err(dangling));
        assert!(matches!(document.resolve("/g"), Err(Unresolved::External { .. })));
    }

    #[test]
    fn operations_come_in_the_order_of_their_paths() {
        let tree =
            json!({"paths": {"/b": {"post": {}, "get": {}, "parameters": []}, "x-a": {"get": {}}, "/a": {"put": {}}}});
        let trail = Trail::of(&tree);
        let found: Vec<_> = Document::new(&trail).operations().map(|site| (site.path, site.method)).collect();
        assert_eq!(found, [("/a", "PUT".into()), ("/b", "GET".into()), ("/b", "POST".into())]);
    }
}
