//! Settings of a gateway.

/// The URL formats of LowCodeAPI that are routed.
///
/// An operation without path parameters has one URL, which is always routed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlFormats {
    /// Both formats. A path that matches both is read as Old Format if the query contains the parameter.
    Both,
    /// Only the New Format: `/v1/tones/ton_1`.
    NewOnly,
    /// Only the Old Format: `/v1/tones/tone_id?tone_id=ton_1`.
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

/// The envelope around the provider's JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Envelope {
    /// The published envelope: `{"data": …}`, and `{"data": {"error": {"message", "code"}}}` for errors.
    Data,
    /// The envelope of the open-source server: `{message, provider, result, response_headers}`, and `{message,
    /// provider, error, headers}` for errors. An unknown route returns `{"message": "Not Found"}`.
    Result,
}

/// Which behaviour the gateway imitates where documentation and implementation differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Behaviour {
    /// The behaviour of LowCodeAPI's published pages. By default, both URL formats are routed, and the envelope is
    /// [`Envelope::Data`].
    #[default]
    Promised,
    /// The observed behaviour of its open-source server. By default, only the Old Format is routed, and the envelope is
    /// [`Envelope::Result`].
    ///
    /// - A token that does not begin with `at_` returns a 401 whose `error.logging` contains the request's headers and
    ///   query, including the token. Any other unknown token returns a 403.
    /// - The provider's error message is only in `error`; the `message` next to it is constant.
    /// - The path ignores case and a trailing slash. Undeclared query parameters are accepted.
    /// - A value is decoded once and inserted into the provider's path, in both formats: `/`, `?` and `#` change the
    ///   path, and dot segments lead to other operations. A missing or empty value becomes `null`.
    /// - An upload requires exactly one file, in a part named `file`, and cannot be a `PATCH`. A file in another part,
    ///   or without a name, closes the connection without a response.
    /// - The name of a file is read from `filename*`, or else as ISO 8859-1, which garbles other characters than ASCII.
    /// - Binary responses are decoded as UTF-8, which corrupts them. `Accept` is not forwarded.
    /// - The provider's base URL redirects to a web page.
    Observed,
}

/// How the provider writes a list whose schema has the extension `x-list-envelope`.
///
/// Sources disagree about such lists, so a client must accept all of these shapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ListShape {
    /// The shape of the schema: an object whose named property is the list.
    #[default]
    Envelope,
    /// Only the list.
    BareList,
    /// A list of envelopes with one item each. Properties are renamed to the first of their `x-aliases`.
    ListOfEnvelopes,
    /// Only the first item; an empty list if there is none.
    SingleItem,
}

/// The settings, with defaults applied.
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
