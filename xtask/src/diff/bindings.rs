//! The bindings of a client: what its code is called, and what it sends and reads.

use serde::Deserialize;
use serde_json::Value;

/// The bindings of one document. Members that a comparison does not use are left out.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Bindings {
    pub(crate) client: Client,
    pub(crate) operations: Vec<Operation>,
    pub(crate) types: Vec<Type>,
    pub(crate) credentials: Vec<Credential>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Client {
    pub(crate) docs: Option<String>,
    pub(crate) server: String,
    pub(crate) servers: Vec<Value>,
    pub(crate) security: Vec<Vec<String>>,
    pub(crate) optional_credentials: bool,
    pub(crate) rate_limits: Vec<Value>,
    pub(crate) environment: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Credential {
    pub(crate) scheme: String,
    /// The setter, where there are several.
    pub(crate) rust: String,
    pub(crate) variable: String,
    pub(crate) place: String,
    /// Where secrets are sent for tokens.
    pub(crate) token_urls: Vec<String>,
    pub(crate) deprecated: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Operation {
    pub(crate) pointer: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) rust: String,
    /// The method's name before a rename, which is an alias.
    pub(crate) former: Option<String>,
    pub(crate) request: String,
    pub(crate) required: Option<String>,
    pub(crate) success: Option<String>,
    /// The enums and structs of its errors, headers and events.
    pub(crate) error: Option<String>,
    pub(crate) headers: Option<String>,
    pub(crate) events: Option<String>,
    pub(crate) inputs: Vec<Input>,
    pub(crate) result: String,
    pub(crate) errors: Vec<Value>,
    pub(crate) deprecated: bool,
    pub(crate) docs: String,
    pub(crate) sends: Sends,
    pub(crate) reads: Reads,
    /// The call of the method, without the client.
    pub(crate) example: Option<String>,
}

impl Operation {
    /// The operation as the document knows it.
    pub(crate) fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The name of the request type without its module.
    pub(crate) fn request_name(&self) -> &str {
        bare(&self.request)
    }

    /// The types of requests that belong to this operation alone.
    pub(crate) fn request_types(&self) -> impl Iterator<Item = &str> {
        let others = [&self.required, &self.success, &self.error, &self.headers, &self.events];
        std::iter::once(&self.request).chain(others.into_iter().flatten()).map(|name| bare(name))
    }
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sends {
    pub(crate) server: Option<String>,
    pub(crate) security: Vec<Vec<String>>,
    pub(crate) scopes: Vec<String>,
    pub(crate) body: Option<String>,
    pub(crate) accept: String,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) rate_limit: Option<String>,
    pub(crate) old_path: Option<String>,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
pub(crate) struct Reads {
    pub(crate) results: Vec<Value>,
    pub(crate) messages: Option<Value>,
    pub(crate) alternatives: Vec<Value>,
    pub(crate) pages: Option<String>,
    pub(crate) headers: Vec<Value>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Input {
    pub(crate) pointer: String,
    #[serde(rename = "in")]
    pub(crate) place: String,
    pub(crate) name: String,
    pub(crate) rust: String,
    #[serde(rename = "type")]
    pub(crate) ty: String,
    pub(crate) argument: bool,
    pub(crate) deprecated: bool,
    pub(crate) default: Option<String>,
    pub(crate) limits: Vec<String>,
    pub(crate) docs: String,
    pub(crate) sends: Value,
    /// A value for its argument or setter.
    pub(crate) example: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Type {
    pub(crate) pointer: String,
    /// Identifies the type across documents.
    pub(crate) key: String,
    pub(crate) rust: String,
    /// Its name before a rename, which is an alias.
    pub(crate) former: Option<String>,
    pub(crate) kind: String,
    pub(crate) sent: bool,
    pub(crate) received: bool,
    pub(crate) deprecated: bool,
    pub(crate) docs: String,
    pub(crate) limits: Vec<String>,
    pub(crate) additional: Option<String>,
    pub(crate) required: Option<String>,
    pub(crate) members: Vec<Member>,
    /// A value of the type.
    pub(crate) example: Option<String>,
}

impl Type {
    pub(crate) fn name(&self) -> &str {
        bare(&self.rust)
    }
}

/// A field of a struct, a value of an enum or a variant of a union.
#[derive(Debug, Deserialize)]
pub(crate) struct Member {
    pub(crate) rust: String,
    /// The property of a field.
    #[serde(default)]
    pub(crate) name: Option<String>,
    /// The value of an enum.
    #[serde(default)]
    pub(crate) value: Option<Value>,
    /// The discriminating values of a variant.
    #[serde(default)]
    pub(crate) tag: Option<Value>,
    #[serde(default, rename = "type")]
    pub(crate) ty: Option<String>,
    #[serde(default)]
    pub(crate) required: bool,
    #[serde(default)]
    pub(crate) deprecated: bool,
    #[serde(default)]
    pub(crate) default: Option<String>,
    #[serde(default)]
    pub(crate) limits: Vec<String>,
    #[serde(default)]
    pub(crate) docs: Option<String>,
    #[serde(default)]
    pub(crate) sends: Value,
    /// A value for the setter of a field.
    #[serde(default)]
    pub(crate) example: Option<String>,
}

impl Member {
    /// What identifies the member on the wire.
    pub(crate) fn on_the_wire(&self) -> Option<String> {
        let tag = self.tag.as_ref().filter(|tag| !tag.is_null()).map(Value::to_string);
        self.name.clone().or_else(|| self.value.as_ref().map(Value::to_string)).or(tag)
    }
}

/// A name without its module.
fn bare(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}
