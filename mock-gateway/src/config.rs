//! What the caller decides about a gateway.

/// Which of LowCodeAPI's two URL formats are routed.
///
/// Operations without path parameters have one URL, which is always routed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlFormats {
    /// Both. A path that reads as either is taken as Old Format when its query has the parameter.
    Both,
    /// New Format alone: `/v1/tones/ton_1`.
    NewOnly,
    /// Old Format alone: `/v1/tones/tone_id?tone_id=ton_1`.
    OldOnly,
}

impl UrlFormats {
    pub(crate) fn allow_new(self) -> bool {
        self != Self::OldOnly
    }

    pub(crate) fn allow_old(self) -> bool {
        self != Self::NewOnly
    }
}

/// What is put around the provider's JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Envelope {
    /// As the published pages say: `{"data": …}`, and `{"data": {"error": {"message", "code"}}}` for errors.
    Data,
    /// As the open-source server does: `{message, provider, result, response_headers}`, and
    /// `{message, provider, error, headers}` for errors. An unknown route is `{"message": "Not Found"}`.
    Result,
}

/// Whose behaviour the gateway has, where promise and practice differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Behaviour {
    /// What LowCodeAPI's published pages promise. Unless set, both URL formats are routed, and the envelope is
    /// [`Envelope::Data`].
    #[default]
    Promised,
    /// What its open-source server was seen to do. Unless set, only the Old Format is routed, and the envelope is
    /// [`Envelope::Result`].
    ///
    /// - A token that does not begin with `at_` is a 401, whose `error.logging` has the request's headers and query, the
    ///   token among them; any other unknown token is a 403.
    /// - What the provider says of an error stands in `error` alone; the message beside it is always the same.
    /// - Letter case and a trailing slash of the path do not matter. Undeclared query parameters pass.
    /// - A value goes into the provider's path as it is, decoded once, in both formats: `/`, `?` and `#` change the path, and
    ///   dot segments lead to other operations. A missing or empty one becomes `null`.
    /// - An upload needs exactly one file, in a part named `file`, and cannot be a `PATCH`. A file in another part, or
    ///   without a name, closes the connection without an answer.
    /// - The name of a file is read from `filename*`, and without it as ISO 8859-1, which garbles what is not ASCII.
    /// - Binary answers are decoded as UTF-8, which destroys them. `Accept` is not forwarded.
    /// - The provider's base redirects to a web page.
    Observed,
}

/// How the provider writes a list whose schema has the extension `x-list-envelope`.
///
/// Sources disagree about such lists, so that a client has to accept every one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ListShape {
    /// As the schema says: one object whose named property is the list.
    #[default]
    Envelope,
    /// The list alone.
    BareList,
    /// A list of envelopes with one item each, in which properties have the first of their `x-aliases` as name.
    ListOfEnvelopes,
    /// The first item alone; an empty list where there is none.
    SingleItem,
}

/// The decisions, complete.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) token: String,
    pub(crate) formats: UrlFormats,
    pub(crate) envelope: Envelope,
    pub(crate) behaviour: Behaviour,
    pub(crate) list_shape: ListShape,
}

impl Settings {
    pub(crate) fn observed(&self) -> bool {
        self.behaviour == Behaviour::Observed
    }
}
