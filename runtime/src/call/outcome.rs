//! What a call may return, as data instead of a type.

/// The result of a successful call.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Outcome {
    /// The status, such as `200`, or `2XX`. Empty for any status of success.
    pub status: &'static str,
    /// The form of the body.
    pub form: Form,
    /// The JSON Schema of JSON. References have the form `#/$defs/Name`.
    pub schema: &'static str,
    /// The accepted media types.
    pub accept: &'static [&'static str],
    /// Whether a success may have no body.
    pub is_optional: bool,
    /// Tells whether the type of the result has a property. It decides what the gateway's `{"data": …}` is.
    pub(crate) knows: Option<fn(&str) -> bool>,
}

/// The form of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// JSON.
    Json,
    /// Text.
    Text,
    /// A file.
    Bytes,
    /// There is no body.
    Empty,
}

impl Outcome {
    /// Creates a result without a body, for any status.
    #[doc(hidden)]
    pub const fn new(form: Form) -> Self {
        Self { status: "", form, schema: "", accept: &[], is_optional: false, knows: None }
    }

    /// Creates a result of JSON with this schema. `knows` tells whether its type has a property.
    #[doc(hidden)]
    pub const fn json(schema: &'static str, knows: Option<fn(&str) -> bool>) -> Self {
        let outcome = Self::new(Form::Json);
        Self { schema, knows, ..outcome }
    }

    #[doc(hidden)]
    pub const fn status(mut self, status: &'static str) -> Self {
        self.status = status;
        self
    }

    #[doc(hidden)]
    pub const fn accept(mut self, accept: &'static [&'static str]) -> Self {
        self.accept = accept;
        self
    }

    #[doc(hidden)]
    pub const fn optional(mut self) -> Self {
        self.is_optional = true;
        self
    }
}

/// Returns the result for a status: the one of this status, else of its class, else of any.
pub(crate) fn of_status(outcomes: &'static [Outcome], status: u16) -> Option<&'static Outcome> {
    let exact = status.to_string();
    let class = format!("{}XX", status / 100);
    let wanted = [exact.as_str(), class.as_str(), ""];
    wanted.into_iter().find_map(|wanted| outcomes.iter().find(|it| it.status.eq_ignore_ascii_case(wanted)))
}
