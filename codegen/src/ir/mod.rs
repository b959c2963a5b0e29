//! The intermediate representation: what a document means, every reference resolved, no Rust names, no tokens.

mod limits;
mod pagination;
mod shape;

use std::collections::HashSet;

pub(crate) use self::{
    limits::{Bound, Limit, limits_of},
    pagination::{Access, Pages, Pagination, Turn},
    shape::{Constant, Direction, Enum, Field, IntegerEnum, Known, Shape, Struct, Tag, Union, Variant},
};
use crate::input::Profile;

/// A document's API.
#[derive(Debug)]
pub(crate) struct Api {
    pub(crate) title: String,
    pub(crate) description: Option<String>,
    /// The first server's URL, without a trailing slash.
    pub(crate) base_url: String,
    pub(crate) profile: Profile,
    /// The credentials that operations need, the most common one first.
    pub(crate) schemes: Vec<Scheme>,
    /// What most operations need.
    pub(crate) security: Security,
    pub(crate) rate_limits: Vec<RateLimit>,
    pub(crate) operations: Vec<Operation>,
    /// What webhooks bring: callers who receive them decode these.
    pub(crate) received: Vec<Type>,
    /// Indexed by [`TypeId`].
    pub(crate) types: Vec<TypeDef>,
}

impl Api {
    pub(crate) fn type_def(&self, id: TypeId) -> &TypeDef {
        // Only the lowering makes ids, one for each element it pushes.
        &self.types[id.0]
    }

    /// Whether callers must give an input: what can have but one value has it already.
    pub(crate) fn is_argument(&self, input: &Input) -> bool {
        input.required && self.only_value(&input.ty).is_none()
    }

    /// The one value of a type.
    pub(crate) fn only_value(&self, ty: &Type) -> Option<Constant> {
        let Type::Named(id) = ty else { return None };
        match &self.type_def(*id).shape {
            Shape::Enum(Enum { values }) => match values.as_slice() {
                [only] => Some(Constant::Text(only.wire.clone())),
                _ => None,
            },
            Shape::IntegerEnum(IntegerEnum { values }) => match values.as_slice() {
                [only] => Some(Constant::Integer(only.wire)),
                _ => None,
            },
            Shape::Struct(_) | Shape::Union(_) => None,
        }
    }

    pub(crate) fn is_gateway(&self) -> bool {
        self.profile == Profile::LowCodeApi
    }
}

/// So many requests in any period of so many seconds, for the operations that name it.
#[derive(Debug)]
pub(crate) struct RateLimit {
    pub(crate) name: String,
    pub(crate) requests: u32,
    pub(crate) seconds: u64,
}

/// A security scheme.
#[derive(Debug, Clone)]
pub(crate) struct Scheme {
    pub(crate) name: String,
    pub(crate) auth: Auth,
    pub(crate) docs: Docs,
}

/// The alternatives of what an operation needs; none, or an empty one, where it can do without a credential.
pub(crate) type Security = Vec<Requirement>;

/// Schemes that are needed together.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Requirement {
    /// Indices into [`Api::schemes`].
    pub(crate) schemes: Vec<usize>,
}

/// Where a credential goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Auth {
    Query(String),
    Header(String),
    Cookie(String),
    Bearer,
    Basic,
    /// Another HTTP authentication scheme, by its name.
    Http(String),
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Docs {
    pub(crate) summary: Option<String>,
    pub(crate) description: Option<String>,
    /// The provider's own page on it.
    pub(crate) link: Option<String>,
    pub(crate) deprecated: bool,
    /// What the server takes where the value is absent, as JSON.
    pub(crate) default: Option<String>,
    /// Which values the schema allows.
    pub(crate) limits: Vec<Limit>,
}

impl Docs {
    /// The bytes of its texts.
    pub(crate) fn bytes(&self) -> usize {
        [&self.summary, &self.description, &self.link, &self.default].into_iter().flatten().map(String::len).sum()
    }
}

#[derive(Debug)]
pub(crate) struct Operation {
    /// What identifies it across versions of the document: `POST /v1/command`, with the path as its key stands.
    pub(crate) key: String,
    pub(crate) pointer: String,
    /// Its `operationId`.
    pub(crate) id: Option<String>,
    pub(crate) tag: Option<String>,
    /// Upper case.
    pub(crate) method: String,
    /// The template with each parameter in braces.
    pub(crate) path: String,
    /// The Old Format path, where the document is the gateway's.
    pub(crate) old_path: Option<String>,
    /// The URL of its server, where that is not the document's.
    pub(crate) server: Option<String>,
    pub(crate) docs: Docs,
    pub(crate) inputs: Vec<Input>,
    /// The media type of a JSON body, where it is another than JSON's own.
    pub(crate) json_media_type: Option<String>,
    pub(crate) success: Success,
    /// The messages of the result, where it can be asked for as a stream of them.
    pub(crate) messages: Option<Messages>,
    pub(crate) pagination: Option<Pagination>,
    /// Where the result has what the pagination names; unset until the pass `pages` has run.
    pub(crate) pages: Option<Pages>,
    /// The name of the rate limit that it shares.
    pub(crate) rate_limit: Option<String>,
    /// The headers that a success is declared to have.
    pub(crate) headers: Vec<ResponseHeader>,
    pub(crate) errors: Vec<ErrorCase>,
    pub(crate) security: Security,
    /// The OAuth scopes that it needs.
    pub(crate) scopes: Vec<String>,
}

/// Something that a caller gives to an operation.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) wire: String,
    /// What it is called on the wire, where that is not the name it has in the document.
    pub(crate) sent_as: Option<String>,
    /// The media type of a body or a part, where the document declares one; of a file, all of them.
    pub(crate) media_type: Option<String>,
    pub(crate) pointer: String,
    pub(crate) slot: Slot,
    pub(crate) ty: Type,
    pub(crate) required: bool,
    pub(crate) docs: Docs,
}

/// Where an input goes in the HTTP request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    Path(ValueStyle),
    Query {
        style: QueryStyle,
        /// Whether reserved characters stand as they are.
        reserved: bool,
    },
    Header(ValueStyle),
    Cookie(ValueStyle),
    /// A property of a JSON body.
    JsonField,
    /// A part of a multipart body.
    Part,
    /// Parts of one name in a multipart body, one for each item of a list.
    Parts,
    /// A property of an urlencoded body.
    FormField(QueryStyle),
    JsonBody,
    TextBody,
    BinaryBody,
}

impl Slot {
    pub(crate) fn is_body(self) -> bool {
        !matches!(self, Self::Path(_) | Self::Query { .. } | Self::Header(_) | Self::Cookie(_))
    }
}

/// How a value is written in a path, a header or a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueStyle {
    /// `a,b`; of an object `x,1,y,2`, exploded `x=1,y=2`.
    Simple { explode: bool },
    /// `.a.b`, in paths alone.
    Label { explode: bool },
    /// `;name=a,b`, in paths alone.
    Matrix { explode: bool },
    /// JSON text.
    Json,
}

/// How a list or an object is written in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QueryStyle {
    /// `tags=a&tags=b`; the properties of an object are parameters of their own.
    Repeated,
    /// `tags=a,b`; `point=x,1,y,2`
    Comma,
    /// `tags=a%20b`
    Space,
    /// `tags=a|b`
    Pipe,
    /// `point[x]=1&point[y]=2`
    Deep,
    /// JSON text.
    Json,
}

/// What a successful call gives.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Success {
    Json {
        ty: Type,
        /// The media types, as they are asked for.
        accept: Vec<String>,
        /// The property that holds the list, where other list shapes are accepted on the way in.
        list_envelope: Option<String>,
        /// Whether a declared success has no body.
        optional: bool,
    },
    Bytes {
        accept: Vec<String>,
        optional: bool,
    },
    Text {
        accept: Vec<String>,
        optional: bool,
    },
    Empty,
    /// Another result for another status.
    ByStatus(Vec<SuccessCase>),
}

impl Success {
    /// Whether it gives the same value, however it is asked for.
    pub(crate) fn gives_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Json { ty, .. }, Self::Json { ty: other, .. }) => ty == other,
            (Self::Bytes { .. }, Self::Bytes { .. }) | (Self::Text { .. }, Self::Text { .. }) => true,
            _ => self == other,
        }
    }

    /// The media types to ask for.
    pub(crate) fn accept(&self) -> Vec<&str> {
        let mut accepted: Vec<&str> = Vec::new();
        match self {
            Self::Json { accept, .. } | Self::Bytes { accept, .. } | Self::Text { accept, .. } => {
                accepted.extend(accept.iter().map(String::as_str));
            }
            Self::Empty => {}
            Self::ByStatus(cases) => {
                let mut seen = HashSet::new();
                let all = cases.iter().flat_map(|case| case.success.accept());
                accepted.extend(all.filter(|media_type| seen.insert(*media_type)));
            }
        }
        accepted
    }

    /// The types that it is read as.
    pub(crate) fn types(&self) -> Vec<&Type> {
        match self {
            Self::Json { ty, .. } => vec![ty],
            Self::ByStatus(cases) => cases.iter().flat_map(|case| case.success.types()).collect(),
            Self::Bytes { .. } | Self::Text { .. } | Self::Empty => Vec::new(),
        }
    }
}

/// What one status of success gives.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SuccessCase {
    /// `200`, or `2XX` for every other one.
    pub(crate) status: String,
    pub(crate) description: String,
    pub(crate) success: Success,
}

/// A declared header of a response.
#[derive(Debug)]
pub(crate) struct ResponseHeader {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
}

/// A response that is a stream of messages.
#[derive(Debug)]
pub(crate) struct Messages {
    pub(crate) media_type: String,
    pub(crate) framing: Framing,
    pub(crate) item: Type,
}

/// How messages are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// `text/event-stream`
    Events,
    /// JSON texts, one a line.
    Lines,
}

/// A declared error response.
#[derive(Debug)]
pub(crate) struct ErrorCase {
    pub(crate) status: String,
    pub(crate) description: String,
    pub(crate) ty: Option<Type>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct TypeId(pub(crate) usize);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Type {
    /// Any JSON value: the document does not say more.
    Any,
    Bool,
    Int32,
    Int64,
    UInt64,
    Number,
    Text,
    DateTime,
    /// Bytes outside JSON: an upload or a download.
    Binary,
    /// An object of any properties.
    Object,
    Array(Box<Type>),
    Map(Box<Type>),
    Nullable(Box<Type>),
    Named(TypeId),
}

impl Type {
    /// The type without `null`, and whether `null` was allowed.
    pub(crate) fn split_nullable(&self) -> (&Self, bool) {
        match self {
            Self::Nullable(inner) => (inner, true),
            other => (other, false),
        }
    }

    /// The type inside JSON, where binary is text that the document says no more of.
    pub(crate) fn in_json(self) -> Self {
        match self {
            Self::Binary => Self::Text,
            Self::Array(item) => Self::Array(Box::new(item.in_json())),
            Self::Map(value) => Self::Map(Box::new(value.in_json())),
            Self::Nullable(inner) => Self::Nullable(Box::new(inner.in_json())),
            other => other,
        }
    }

    pub(crate) fn nullable(self) -> Self {
        match self {
            // Any value may be null already.
            Self::Any | Self::Nullable(_) => self,
            other => Self::Nullable(Box::new(other)),
        }
    }

    /// The named type inside, whatever stands around it.
    pub(crate) fn named(&self) -> Option<TypeId> {
        match self {
            Self::Named(id) => Some(*id),
            Self::Array(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.named(),
            _ => None,
        }
    }
}

/// A type that has a name in Rust.
#[derive(Debug)]
pub(crate) struct TypeDef {
    /// Where its schema stands, which is what identifies it.
    pub(crate) pointer: String,
    pub(crate) origin: Origin,
    pub(crate) docs: Docs,
    pub(crate) shape: Shape,
    /// Where calls use it; unset until the pass `usage` has run.
    pub(crate) usage: Usage,
}

impl TypeDef {
    /// Whether a call leads to it. A union that turned out to be one type leaves a definition that nothing leads to.
    pub(crate) fn is_used(&self) -> bool {
        self.usage.request || self.usage.response
    }
}

/// What a type is named after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) root: OriginRoot,
    /// The properties that lead from the root to it.
    pub(crate) path: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OriginRoot {
    Component(String),
    /// An index into [`Api::operations`].
    Operation(usize),
}

/// The most words of a way to a type that name it, and the most characters of each.
const MAX_WORDS: usize = 32;
const MAX_CHARS: usize = 200;

impl Origin {
    pub(crate) fn child(&self, word: &str) -> Self {
        let mut path = self.path.clone();
        // Through references, the way to a type can be as long as the document.
        if path.len() < MAX_WORDS {
            path.push(word.chars().take(MAX_CHARS).collect());
        }
        Self { root: self.root.clone(), path }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Usage {
    pub(crate) request: bool,
    pub(crate) response: bool,
}
