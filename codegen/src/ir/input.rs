//! Inputs of operations: where they go, and in which style.

use super::{Docs, Framing, Type};

/// What is known of a request's body besides the inputs in it.
#[derive(Debug, Default)]
pub(crate) struct RequestBody {
    /// How the body is written, if its members are inputs.
    pub(crate) form: Option<BodyForm>,
    /// The media type of a JSON or multipart body, if it is not the usual one.
    pub(crate) media_type: Option<String>,
    pub(crate) required: bool,
}

/// The form of a body whose members are inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyForm {
    Json,
    Multipart,
    /// A multipart body whose parts have places instead of names.
    Places,
    Urlencoded,
}

/// An input of an operation.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) wire: String,
    /// The name on the wire, if it differs from the name in the document.
    pub(crate) sent_as: Option<String>,
    /// The declared media type of a body or part, or all of them for a file.
    pub(crate) media_type: Option<String>,
    pub(crate) pointer: String,
    pub(crate) slot: Slot,
    pub(crate) ty: Type,
    pub(crate) required: bool,
    pub(crate) docs: Docs,
}

/// The place of an input in the HTTP request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    Path(ValueStyle),
    Query {
        style: QueryStyle,
        /// Whether reserved characters are sent unescaped.
        reserved: bool,
    },
    /// The whole query.
    QueryString {
        /// Whether it is JSON text.
        json: bool,
    },
    Header(ValueStyle),
    Cookie(ValueStyle),
    /// A property of a JSON body.
    JsonField,
    /// A part of a multipart body.
    Part,
    /// Parts of one name in a multipart body, one per item of a list. Values that are no lists are one part.
    Parts,
    /// A header of a part, whose name is `sent_as`.
    PartHeader(ValueStyle),
    /// Parts with the names of the members of an object.
    OpenParts {
        /// Whether each item of a list is a part.
        by_item: bool,
    },
    /// A property of an urlencoded body.
    FormField(QueryStyle),
    /// Fields of an urlencoded body, with the names of the members of an object.
    OpenFields,
    JsonBody,
    TextBody,
    /// A body of JSON values, one per item of a list.
    ItemsBody(Framing),
    BinaryBody,
}

impl Slot {
    pub(crate) fn is_body(self) -> bool {
        !matches!(
            self,
            Self::Path(_) | Self::Query { .. } | Self::QueryString { .. } | Self::Header(_) | Self::Cookie(_)
        )
    }

    /// Whether a value of a parameter or field is JSON text, in which `null` differs from absence.
    pub(crate) fn is_json_text(self) -> bool {
        matches!(
            self,
            Self::Path(ValueStyle::Json)
                | Self::Query { style: QueryStyle::Json, .. }
                | Self::QueryString { json: true }
                | Self::Header(ValueStyle::Json)
                | Self::Cookie(ValueStyle::Json)
                | Self::FormField(QueryStyle::Json)
        )
    }
}

/// The style of a value in a path, a header or a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueStyle {
    /// `a,b`; of an object `x,1,y,2`, exploded `x=1,y=2`.
    Simple { explode: bool },
    /// `.a.b`, in paths alone.
    Label { explode: bool },
    /// `;name=a,b`, in paths alone.
    Matrix { explode: bool },
    /// As `Simple`, with reserved characters unescaped, in paths alone.
    Reserved { explode: bool },
    /// `name=a; name=b` without any escape, in cookies alone.
    Plain { explode: bool },
    /// JSON text.
    Json,
}

/// The style of a list or object in a query.
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
