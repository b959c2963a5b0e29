//! The intermediate representation of a document: references are resolved, and there are no Rust names or tokens.

mod constant;
mod error;
mod given;
mod header;
mod input;
mod limits;
mod messages;
mod pagination;
mod scheme;
mod server;
mod shape;
mod success;
mod tag;
mod text;
mod told;
mod ty;

use std::borrow::Cow;

use foldhash::HashSet;

pub(crate) use self::{
    constant::Constant,
    error::{ErrorCase, Statuses, TypedErrors},
    given::{GivenMethod, GivenNames},
    header::{HeaderForm, ResponseHeader},
    input::{BodyForm, Input, QueryStyle, RequestBody, Slot, ValueStyle},
    limits::{Bound, Limit, Member, emptiness_of, is_stated, limits_of, meet_limits, names_of, required_of},
    messages::{EventCase, EventData, Framing, Item, Messages},
    pagination::{Access, PageInput, Pages, Pagination, Turn},
    scheme::{Auth, DeviceFlow, Requirement, Scheme, Security, Tokens},
    server::{Server, ServerVariable},
    shape::{Direction, Enum, Field, HeldTag, IntegerEnum, Known, Shape, Struct, Tag, Union, Variant, integer_json},
    success::{Alternative, AlternativeForm, Success, SuccessCase},
    tag::{TagInfo, TagInfos},
    text::{Markdown, Text},
    told::{Fixed, Told, tell_apart},
    ty::{Tuple, Type, TypeId},
};
use crate::input::Profile;

/// The API of a document.
#[derive(Debug)]
pub(crate) struct Api {
    pub(crate) title: String,
    pub(crate) description: Option<Text>,
    /// The first server's URL, without a trailing slash.
    pub(crate) base_url: String,
    /// The servers that callers can choose, if there are several, or one with variables.
    pub(crate) servers: Vec<Server>,
    pub(crate) profile: Profile,
    /// The credentials that operations need, the most common one first.
    pub(crate) schemes: Vec<Scheme>,
    /// The security of most operations.
    pub(crate) security: Security,
    /// The security of calls without an operation.
    pub(crate) root_security: Security,
    pub(crate) rate_limits: Vec<RateLimit>,
    pub(crate) operations: Vec<Operation>,
    pub(crate) tags: TagInfos,
    /// The types of webhook bodies, which callers decode.
    pub(crate) received: Vec<Type>,
    /// The types of all components, if the document has no operations.
    pub(crate) shared: Vec<Type>,
    /// Indexed by [`TypeId`].
    pub(crate) types: Vec<TypeDef>,
    /// The names that extensions give.
    pub(crate) given: GivenNames,
}

impl Api {
    pub(crate) fn type_def(&self, id: TypeId) -> &TypeDef {
        // Only the lowering creates ids, one per pushed element.
        &self.types[id.0]
    }

    /// The types that calls use, in the order of emission: that of requests follows that of responses.
    pub(crate) fn used_types(&self) -> impl Iterator<Item = (TypeId, &TypeDef)> {
        let first = self.types.iter().enumerate().filter(|(_, def)| def.received().is_none());
        let ids = first.flat_map(|(index, def)| [Some(TypeId(index)), def.sent()]).flatten();
        ids.map(|id| (id, self.type_def(id))).filter(|(_, def)| def.is_used())
    }

    /// Whether callers must pass an input. A constant input is already set.
    pub(crate) fn is_argument(&self, input: &Input) -> bool {
        input.required && self.only_value(&input.ty).is_none()
    }

    /// The only value of a type.
    pub(crate) fn only_value(&self, ty: &Type) -> Option<Constant> {
        let Type::Named(id) = ty else { return None };
        match &self.type_def(*id).shape {
            Shape::Enum(Enum { values, is_open: false }) => match values.as_slice() {
                [only] => Some(Constant::Text(only.wire.clone())),
                _ => None,
            },
            Shape::IntegerEnum(IntegerEnum { values, is_open: false }) => match values.as_slice() {
                [only] => i64::try_from(only.wire).ok().map(Constant::Integer),
                _ => None,
            },
            Shape::Enum(_) | Shape::IntegerEnum(_) | Shape::Struct(_) | Shape::Union(_) => None,
        }
    }

    /// Whether there is anything to call. Otherwise the document has types alone.
    pub(crate) fn has_client(&self) -> bool {
        !self.operations.is_empty()
    }

    pub(crate) fn is_gateway(&self) -> bool {
        self.profile == Profile::LowCodeApi
    }
}

/// A limit of requests per period, for the operations that refer to it.
#[derive(Debug)]
pub(crate) struct RateLimit {
    pub(crate) name: String,
    pub(crate) requests: u32,
    pub(crate) seconds: u64,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Docs {
    pub(crate) summary: Option<Text>,
    pub(crate) description: Option<Text>,
    /// The URL of `externalDocs`.
    pub(crate) link: Option<String>,
    pub(crate) deprecated: bool,
    /// The default of the server, as JSON.
    pub(crate) default: Option<String>,
    /// The limits of the schema.
    pub(crate) limits: Vec<Limit>,
}

impl Docs {
    /// The size of the texts, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        let texts = [&self.summary, &self.description].into_iter().flatten().map(|text| text.len());
        texts.chain([&self.link, &self.default].into_iter().flatten().map(String::len)).sum()
    }
}

/// Returns the texts of an operation and of types, which documentation comments hold.
pub(crate) fn texts_of(operation: &Operation, types: &[TypeDef]) -> Vec<Text> {
    let of_types = types.iter().flat_map(|def| {
        let fields = match &def.shape {
            Shape::Struct(shape) => shape.fields.as_slice(),
            Shape::Enum(_) | Shape::IntegerEnum(_) | Shape::Union(_) => &[],
        };
        std::iter::once(&def.docs).chain(fields.iter().map(|field| &field.docs))
    });
    let of_operation = std::iter::once(&operation.docs).chain(operation.inputs.iter().map(|input| &input.docs));
    let texts = of_operation.chain(of_types).flat_map(|docs| [&docs.summary, &docs.description]);
    texts.flatten().cloned().collect()
}

#[derive(Debug)]
pub(crate) struct Operation {
    /// Identifies the operation across versions of the document: `POST /v1/command`, with the literal path key.
    pub(crate) key: String,
    pub(crate) pointer: String,
    /// Its `operationId`.
    pub(crate) id: Option<String>,
    /// The name that extensions give to its method.
    pub(crate) given: GivenMethod,
    pub(crate) tag: Option<String>,
    /// As it is sent, in upper case if it is one of the usual methods.
    pub(crate) method: String,
    /// The path template, with parameters in braces.
    pub(crate) path: String,
    /// The Old Format path, in documents of the gateway.
    pub(crate) old_path: Option<String>,
    /// The URL of its server, if it is not that of the document.
    pub(crate) server: Option<String>,
    /// The same with its variables, if it has some.
    pub(crate) server_template: Option<Server>,
    pub(crate) docs: Docs,
    pub(crate) inputs: Vec<Input>,
    pub(crate) body: RequestBody,
    pub(crate) success: Success,
    /// The other forms in which the document declares a success.
    pub(crate) alternatives: Vec<Alternative>,
    /// The messages of the result, if it can be a stream.
    pub(crate) messages: Option<Messages>,
    pub(crate) pagination: Option<Pagination>,
    /// Whether an extension says how the pages follow each other, or that there are none.
    pub(crate) says_pages: bool,
    /// The places of the pagination in the result. Set by the pass `pages`.
    pub(crate) pages: Option<Pages>,
    /// The header that tells the server that two requests are the same call.
    pub(crate) idempotency_key: Option<String>,
    /// The name of its rate limit.
    pub(crate) rate_limit: Option<String>,
    /// The declared headers of a success.
    pub(crate) headers: Vec<ResponseHeader>,
    pub(crate) errors: Vec<ErrorCase>,
    pub(crate) security: Security,
    /// The OAuth scopes of the operation.
    pub(crate) scopes: Vec<String>,
}

impl Operation {
    /// Returns the media types that a success can have, if a request can ask for more than one form of it.
    pub(crate) fn declared(&self) -> Option<String> {
        let messages = self.messages.iter().map(|messages| messages.media_type.as_str());
        let others: Vec<&str> =
            self.alternatives.iter().flat_map(|it| &it.accept).map(String::as_str).chain(messages).collect();
        let mut declared = self.success.accept();
        let mut seen: HashSet<&str> = declared.iter().copied().collect();
        if others.iter().all(|media_type| seen.contains(media_type)) {
            return None;
        }
        declared.extend(others.into_iter().filter(|media_type| seen.insert(media_type)));
        Some(declared.join(", "))
    }
}

/// A type with a name in Rust.
#[derive(Debug, Clone)]
pub(crate) struct TypeDef {
    /// The pointer of its schema, which identifies the type in this document.
    pub(crate) pointer: String,
    /// Identifies the type across versions of the document, if its pointer has the position of a variant: the pointer with what
    /// the variant is known by. Set by the pass `identities`.
    pub(crate) identity: Option<String>,
    /// Its number among the types of the same key, which differ by what stands around their schema. Set by the pass `identities`.
    pub(crate) number: usize,
    pub(crate) origin: Origin,
    pub(crate) docs: Docs,
    pub(crate) shape: Shape,
    /// The use in calls. Set by the pass `usage`.
    pub(crate) usage: Usage,
    /// The equal type that takes its place. Set by the pass `equals`.
    pub(crate) same: Option<TypeId>,
    /// The other type of the same schema, if it has one for each direction. Set by the pass `split`.
    pub(crate) twin: Option<Twin>,
}

impl TypeDef {
    /// The key of the schema in the lock.
    pub(crate) fn key(&self) -> &str {
        self.identity.as_ref().unwrap_or(&self.pointer)
    }

    /// The key of the type in the lock: that of the schema, which a number and a type for requests alone complete.
    pub(crate) fn entry(&self) -> Cow<'_, str> {
        let mut entry = Cow::from(self.key());
        if self.number > 0 {
            entry = format!("{entry}/{OTHER}{}", self.number).into();
        }
        match self.twin {
            Some(Twin::Received { .. }) => format!("{entry}/{SENT}").into(),
            Some(Twin::Sent(_)) | None => entry,
        }
    }

    /// The type that responses have in place of this one.
    pub(crate) fn received(&self) -> Option<TypeId> {
        match self.twin {
            Some(Twin::Received { id, .. }) => Some(id),
            Some(Twin::Sent(_)) | None => None,
        }
    }

    /// The type that requests have in place of this one.
    pub(crate) fn sent(&self) -> Option<TypeId> {
        match self.twin {
            Some(Twin::Sent(id)) => Some(id),
            Some(Twin::Received { .. }) | None => None,
        }
    }

    /// Whether its values are in requests, or become values that are. Then absence and an empty list are not the same.
    pub(crate) fn is_sent(&self) -> bool {
        self.usage.request || self.sent().is_some()
    }

    /// Whether a call uses the type. A union that became a single type leaves an unused definition.
    pub(crate) fn is_used(&self) -> bool {
        self.usage.request || self.usage.response
    }
}

/// What completes the key of a type for requests alone. No keyword of a schema is called so.
pub(crate) const SENT: &str = "in:request";

/// What completes the key of a type or a variant that is not the first of its schema. Its number follows.
pub(crate) const OTHER: &str = "other:";

/// The other type of a schema that has one for each direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Twin {
    /// The type of requests, beside that of responses.
    Sent(TypeId),
    /// The type of responses, beside that of requests.
    Received {
        id: TypeId,
        /// Whether each of its values is one for requests, too: no required property is missing.
        is_enough: bool,
    },
}

/// The origin of the name of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) root: OriginRoot,
    /// The path of properties from the root.
    pub(crate) path: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OriginRoot {
    Component(String),
    /// An index into [`Api::operations`].
    Operation(usize),
}

/// The start of the word for a variant that is known only by its position. The position follows.
pub(crate) const POSITION: &str = "variant ";

/// The end of the word for a variant that is known only by the kind of its values. Names leave it out.
pub(crate) const KIND: &str = ".";

/// The position of a variant that is known only by it.
pub(crate) fn position_in(word: &str) -> Option<usize> {
    word.strip_prefix(POSITION)?.parse().ok()
}

/// The most path words in the name of a type, and the most characters of each.
const MAX_WORDS: usize = 32;
const MAX_CHARS: usize = 200;

impl Origin {
    /// The position of a variant that is called by that.
    pub(crate) fn position(&self) -> Option<usize> {
        position_in(self.path.last()?)
    }

    /// Whether the name contains the position of a variant. The lock keeps the name even if another variant takes the position.
    pub(crate) fn is_by_position(&self) -> bool {
        self.path.iter().any(|word| position_in(word).is_some())
    }

    pub(crate) fn child(&self, word: &str) -> Self {
        let mut path = Vec::with_capacity(self.path.len() + 1);
        path.extend_from_slice(&self.path);
        // References can make the path to a type as long as the document.
        if path.len() < MAX_WORDS {
            let end = word.char_indices().nth(MAX_CHARS).map_or(word.len(), |(end, _)| end);
            path.push(word[..end].to_owned());
        }
        Self { root: self.root.clone(), path }
    }

    /// The last word of what is directly inside this one.
    pub(crate) fn word_of<'c>(&self, child: &'c Self) -> Option<&'c str> {
        let (last, path) = child.path.split_last()?;
        (self.root == child.root && self.path == path).then_some(last)
    }

    /// Whether the last word is only a position: `variant 1`.
    pub(crate) fn is_position(&self) -> bool {
        self.position().is_some()
    }

    /// Whether the last word is only a position or a kind.
    pub(crate) fn is_position_or_kind(&self) -> bool {
        self.is_position() || self.path.last().is_some_and(|word| word.ends_with(KIND))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Usage {
    pub(crate) request: bool,
    pub(crate) response: bool,
}

impl Usage {
    /// The use of a type that also takes the place of another one.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { request: self.request || other.request, response: self.response || other.response }
    }
}
