//! Views of single schemas: what the keywords of OpenAPI 3.0, 3.1 and 3.2 say, in one form. The tree keeps their spelling.

use serde_json::{Map, Value};

use super::kinds::Kinds;
use crate::ir::Constant;
use crate::read::{
    keyword::{is_silent, is_wide_bound, registered_format},
    media_type::is_json,
    member::Members,
    number::ExactValue,
    parse::Document,
    pointer,
    vocabulary::{is_of_shape, is_of_values},
};

/// The deepest nesting of lists, maps, unions and references. Structs end it, because their fields are lowered later.
pub(super) const MAX_DEPTH: usize = 100;

/// A schema that is an object of the document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'t> {
    pub(crate) node: &'t Map<String, Value>,
}

impl<'t> View<'t> {
    pub(crate) fn of(node: &'t Value) -> Option<Self> {
        node.as_object().map(|node| Self { node })
    }

    fn has(self, key: &str) -> bool {
        self.node.has_member(key)
    }

    /// The kinds of values that the schema itself allows.
    pub(super) fn kinds(self) -> Kinds {
        let named = match self.node.member("type") {
            Some(Value::String(name)) => Kinds::named(name),
            Some(Value::Array(names)) => {
                names.iter().fold(Kinds::NONE, |kinds, name| kinds | name.as_str().map_or(Kinds::ALL, Kinds::named))
            }
            _ if self.is_file_by_content() => Kinds::TEXT,
            _ => match self.values() {
                Some(values) => values.iter().fold(Kinds::NONE, |kinds, value| kinds | Kinds::of_value(value)),
                None => Kinds::ALL,
            },
        };
        // Converters write a choice that allows `null` as one of the type `null`.
        if named == Kinds::NULL && ["$ref", "allOf", "oneOf", "anyOf"].iter().any(|key| self.has(key)) {
            return Kinds::ALL;
        }
        if named != Kinds::ALL && self.allows_null() { named | Kinds::NULL } else { named }
    }

    /// Whether the schema says that `null` is a value.
    pub(crate) fn allows_null(self) -> bool {
        let is_null_type = |name: &Value| name == "null";
        self.node.member("nullable") == Some(&Value::Bool(true))
            || match self.node.member("type") {
                Some(Value::Array(names)) => names.iter().any(is_null_type),
                Some(name) => is_null_type(name),
                None => false,
            }
            || self.values().is_some_and(|values| values.iter().any(Value::is_null))
    }

    /// Whether a keyword applies to some of the values that the schema itself allows.
    pub(crate) fn is_restricted_by(self, key: &str) -> bool {
        self.kinds().are_restricted_by(key)
    }

    /// Whether the schema allows values of the kind of this one.
    pub(crate) fn allows_kind_of(self, value: &Value) -> bool {
        self.kinds() & Kinds::of_value(value) != Kinds::NONE
    }

    /// Whether values are not only texts, or some texts alone.
    pub(crate) fn says_more_than_text(self) -> bool {
        self.says_structure() || self.says_kinds() && (!self.is_text() || self.values().is_some())
    }

    /// Whether all values are texts.
    pub(crate) fn is_text(self) -> bool {
        self.kinds().without_null() == Kinds::TEXT
    }

    /// Whether values are objects or lists, or a choice.
    pub(crate) fn says_structure(self) -> bool {
        self.says_members() || ["allOf", "oneOf", "anyOf"].iter().any(|key| self.has(key))
    }

    /// Whether the schema itself says that values are objects or lists.
    pub(crate) fn says_members(self) -> bool {
        self.is_said_object() || self.has_array_keywords()
    }

    /// Whether the schema says anything of its values.
    pub(crate) fn says_values(self) -> bool {
        self.node.keys().any(|key| is_of_values(key))
    }

    /// Whether the schema says which kinds of values it allows.
    pub(crate) fn says_kinds(self) -> bool {
        ["type", "enum", "const"].iter().any(|key| self.has(key))
    }

    /// Whether the schema says no more of its values than their type, so that it gives no type a name.
    pub(super) fn is_bare_type(self) -> bool {
        self.node.keys().all(|key| key == "type" || !is_of_values(key))
    }

    /// Whether the schema says no more than that values are objects.
    pub(super) fn is_bare_object(self) -> bool {
        self.node.member("type").is_some_and(|type_| type_ == "object") && !self.has_object_keywords()
    }

    /// The values that `const` or `enum` list.
    pub(super) fn values(self) -> Option<&'t [Value]> {
        let only = self.node.member("const").map(std::slice::from_ref);
        only.or_else(|| Some(self.node.member("enum")?.as_array()?.as_slice()))
    }

    /// The lists of values that `enum` and `const` give, the latter last. Values of the schema are in both.
    pub(super) fn lists(self) -> Vec<Vec<ExactValue<'t>>> {
        let listed = ExactValue::member(self.node, "enum").filter(|listed| listed.value.is_array());
        let only = ExactValue::member(self.node, "const").map(|only| vec![only]);
        listed.map(|listed| listed.items().collect()).into_iter().chain(only).collect()
    }

    /// The values that `not` excludes.
    pub(super) fn excluded_values(self) -> Vec<ExactValue<'t>> {
        self.node.member("not").and_then(View::of).and_then(|view| view.lists().pop()).unwrap_or_default()
    }

    /// The types that the schema names, in their order.
    pub(super) fn type_names(self) -> Vec<&'t str> {
        match self.node.member("type") {
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names.iter().map(|name| name.as_str().unwrap_or_default()).collect(),
            _ => Vec::new(),
        }
    }

    /// The format, which a media type of bytes says too.
    pub(crate) fn format(self) -> &'t str {
        if self.is_file_by_content() {
            return "binary";
        }
        self.node.member("format").and_then(Value::as_str).map_or("", registered_format)
    }

    /// Whether `contentMediaType` says that values are bytes. Encoded bytes, text and JSON are strings. The identity encodings of
    /// MIME do not count.
    fn is_file_by_content(self) -> bool {
        let media_type = self.node.member("contentMediaType").and_then(Value::as_str).unwrap_or_default();
        let is_text = media_type.is_empty() || media_type.starts_with("text/") || is_json(media_type);
        let encoding = self.node.member("contentEncoding");
        let is_encoded = encoding.is_some_and(|encoding| encoding != "binary" && encoding != "8bit");
        !is_text && !is_encoded && !self.has("format")
    }

    /// The declared properties, if there are any.
    pub(crate) fn properties(self) -> Option<&'t Map<String, Value>> {
        self.node.member("properties").and_then(Value::as_object).filter(|properties| !properties.is_empty())
    }

    /// Whether properties that are not declared are excluded.
    pub(crate) fn is_closed(self) -> bool {
        // `additionalProperties` evaluates all that it says something of.
        let said = ["additionalProperties", "unevaluatedProperties"].iter().find_map(|key| self.node.member(key));
        said == Some(&Value::Bool(false)) && !self.has("patternProperties")
    }

    /// Whether properties that the schema itself does not declare are excluded, whatever other schemas declare.
    pub(super) fn allows_no_others(self) -> bool {
        self.node.member("additionalProperties") == Some(&Value::Bool(false)) && !self.has("patternProperties")
    }

    /// Whether the schema gives a type to every undeclared property, whatever its name.
    pub(super) fn says_all_others(self) -> bool {
        self.has("additionalProperties") || self.has("unevaluatedProperties")
    }

    /// Whether the schema types properties by the pattern of their names.
    pub(super) fn has_patterns(self) -> bool {
        self.has("patternProperties")
    }

    /// Whether the schema lists required names.
    pub(super) fn requires_names(self) -> bool {
        self.node.member("required").and_then(Value::as_array).is_some_and(|names| !names.is_empty())
    }

    /// The places of the schemas of properties that are not declared. `None` if nothing is said of them.
    pub(crate) fn additional(self, at: &str) -> Option<Vec<String>> {
        let by_pattern = self.node.member("patternProperties").and_then(Value::as_object);
        let patterns = pointer::join(at, "patternProperties");
        let mut found: Vec<(String, &Value)> = Vec::new();
        let by_pattern = by_pattern.into_iter().flatten().map(|(key, schema)| (pointer::join(&patterns, key), schema));
        let others = ["additionalProperties", "unevaluatedProperties"].into_iter();
        let others = others.filter_map(|key| Some((pointer::join(at, key), self.node.member(key)?)));
        for (place, schema) in by_pattern.chain(others) {
            // Equal schemas are one.
            if *schema != Value::Bool(false) && found.iter().all(|(_, known)| *known != schema) {
                found.push((place, schema));
            }
        }
        (!found.is_empty()).then(|| found.into_iter().map(|(place, _)| place).collect())
    }

    /// Whether the schema says of a property, or of all, what its value is.
    pub(super) fn has_object_keywords(self) -> bool {
        ["properties", "additionalProperties", "patternProperties", "unevaluatedProperties"]
            .iter()
            .any(|key| self.has(key))
    }

    /// Whether the schema has keywords of objects.
    pub(super) fn is_said_object(self) -> bool {
        let of_objects = ["required", "minProperties", "maxProperties", "dependentRequired", "propertyNames"];
        self.node.member("type").is_some_and(|type_| type_ == "object")
            || self.has_object_keywords()
            || of_objects.iter().any(|key| self.has(key))
    }

    pub(super) fn has_array_keywords(self) -> bool {
        ["items", "prefixItems", "unevaluatedItems"].iter().any(|key| self.has(key))
    }

    /// Whether the schema itself says something about the type of its values.
    pub(super) fn says_more(self) -> bool {
        self.node.keys().any(|key| !is_silent(key)) || self.is_file_by_content()
    }
}

/// The pointers of the parts of an `allOf`, or of the variants of a `oneOf` or `anyOf`.
pub(super) fn members_of(schema: &Map<String, Value>, at: &str, key: &str) -> impl Iterator<Item = String> + use<> {
    let count = schema.member(key).and_then(Value::as_array).map_or(0, Vec::len);
    // Most schemas have none.
    let list = if count == 0 { String::new() } else { pointer::join(at, key) };
    (0..count).map(move |index| pointer::join(&list, &index.to_string()))
}

/// Whether a schema allows only `null`.
pub(crate) fn is_null(schema: &Value) -> bool {
    let Some(view) = View::of(schema) else { return false };
    match view.values() {
        Some(values) => !values.is_empty() && values.iter().all(Value::is_null),
        // A schema of 3.0 with `nullable` alone is meant to be `null`.
        None => view.allows_null() && (view.kinds() == Kinds::NULL || only_restricts(view.node)),
    }
}

/// Whether a schema is `false`, also behind references.
pub(crate) fn is_never(document: Document<'_>, at: &str) -> bool {
    document.schema(at).is_ok_and(|(_, node)| *node == Value::Bool(false))
}

/// Whether a schema allows only `null`, also behind references.
pub(crate) fn is_null_at(document: Document<'_>, at: &str) -> bool {
    document.node(at).is_some_and(is_null) || document.resolve(at).is_ok_and(|(_, node)| is_null(node))
}

/// The formats that decide the type of strings or numbers.
const TYPED_FORMATS: [&str; 10] =
    ["binary", "date-time", "decimal", "decimal128", "int128", "int32", "int64", "uint128", "uint32", "uint64"];

/// Whether a schema declares neither types nor properties.
pub(super) fn only_restricts(schema: &Map<String, Value>) -> bool {
    schema.iter().all(|(key, value)| match key.as_str() {
        "required" | "dependentRequired" | "not" | "if" | "nullable" | "discriminator" => true,
        "contentMediaType" => !View { node: schema }.is_file_by_content(),
        "format" => value.as_str().is_none_or(|format| !TYPED_FORMATS.contains(&registered_format(format))),
        "unevaluatedItems" | "unevaluatedProperties" => !value.is_object(),
        "then" | "else" => value.as_object().is_none_or(only_restricts),
        "dependentSchemas" => {
            value.as_object().into_iter().flat_map(Map::values).filter_map(Value::as_object).all(only_restricts)
        }
        key => !is_of_shape(key) && !is_wide_bound(key, value),
    })
}

pub(crate) fn is_nullable(schema: &Value) -> bool {
    View::of(schema).is_some_and(View::allows_null)
}

/// Returns the name of the schema at a pointer, if it stands where documents keep schemas by name.
pub(super) fn component_of(at: &str) -> Option<String> {
    let (list, name) = at.rsplit_once('/')?;
    let is_list = list == "/components/schemas" || list == "/definitions" || {
        let extension = list.strip_prefix("/components/");
        extension.is_some_and(|key| key.starts_with("x-") && !key.contains('/'))
    };
    is_list.then(|| pointer::decode(name))
}

/// The only value of a schema, if it is a boolean or `null`.
pub(super) fn only_value(schema: &Value) -> Option<Constant> {
    let view = View::of(schema)?;
    match view.values() {
        _ if view.kinds() == Kinds::NULL => Some(Constant::Null),
        Some([Value::Bool(only)]) => Some(Constant::Boolean(*only)),
        _ => None,
    }
}

/// Whether a schema, or the one it refers to, says that values are `null`.
pub(crate) fn says_null(document: Document<'_>, at: &str) -> bool {
    document.resolve(at).is_ok_and(|(_, node)| only_value(node) == Some(Constant::Null))
}

/// Whether a map contains itself without an object of known properties between. A map that is a component counts as within itself
/// also where a choice is between, wherever the document refers to it first.
pub(super) fn leads_back(document: Document<'_>, start: &str) -> bool {
    let is_component = component_of(start).is_some();
    let mut open = vec![pointer::join(start, "additionalProperties")];
    let mut seen: Vec<String> = Vec::new();
    while let Some(at) = open.pop()
        && seen.len() <= MAX_DEPTH
    {
        let Ok((at, node)) = document.schema(&at) else { continue };
        if at == start {
            return true;
        }
        let Some(view) = View::of(node).filter(|view| view.properties().is_none() && !seen.contains(&at)) else {
            continue;
        };
        let keys = if is_component { &["allOf", "oneOf", "anyOf"][..] } else { &[] };
        open.extend(keys.iter().flat_map(|key| members_of(view.node, &at, key)));
        open.extend(
            ["items", "additionalProperties"]
                .into_iter()
                .filter(|key| view.has(key))
                .map(|key| pointer::join(&at, key)),
        );
        seen.push(at);
    }
    false
}
