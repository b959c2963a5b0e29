//! The results of calls.

use foldhash::HashSet;

use super::Type;

/// The result of a successful call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Success {
    Json {
        ty: Type,
        /// The accepted media types.
        accept: Vec<String>,
        /// The property with the list, if other list shapes are accepted.
        list_envelope: Option<String>,
        /// Whether a success may have no body.
        optional: bool,
    },
    Bytes {
        accept: Vec<String>,
        optional: bool,
    },
    Text {
        /// A text, or an enum of texts.
        ty: Type,
        accept: Vec<String>,
        optional: bool,
    },
    Empty,
    /// The target of a redirect, where the document declares no other success.
    Redirect,
    /// A result per status.
    ByStatus(Vec<SuccessCase>),
}

impl Success {
    /// Whether both have the same value. Media types may differ.
    pub(crate) fn gives_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Json { ty, .. }, Self::Json { ty: other, .. })
            | (Self::Text { ty, .. }, Self::Text { ty: other, .. }) => ty == other,
            (Self::Bytes { .. }, Self::Bytes { .. }) => true,
            _ => self == other,
        }
    }

    /// Returns the media types for `Accept`.
    pub(crate) fn accept(&self) -> Vec<&str> {
        let mut accepted: Vec<&str> = Vec::new();
        match self {
            Self::Json { accept, .. } | Self::Bytes { accept, .. } | Self::Text { accept, .. } => {
                accepted.extend(accept.iter().map(String::as_str));
            }
            Self::Empty | Self::Redirect => {}
            Self::ByStatus(cases) => {
                let mut seen = HashSet::default();
                let all = cases.iter().flat_map(|case| case.success.accept());
                accepted.extend(all.filter(|media_type| seen.insert(*media_type)));
            }
        }
        accepted
    }

    /// Returns the types of the result.
    pub(crate) fn types(&self) -> Vec<&Type> {
        match self {
            Self::Json { ty, .. } | Self::Text { ty, .. } => vec![ty],
            Self::ByStatus(cases) => cases.iter().flat_map(|case| case.success.types()).collect(),
            Self::Bytes { .. } | Self::Empty | Self::Redirect => Vec::new(),
        }
    }
}

/// Another form in which the document declares a success, for which a request has a verb of its own.
#[derive(Debug)]
pub(crate) struct Alternative {
    pub(crate) form: AlternativeForm,
    /// The accepted media types.
    pub(crate) accept: Vec<String>,
}

/// What is read from a response of another media type.
#[derive(Debug)]
pub(crate) enum AlternativeForm {
    Text,
    Bytes,
    /// JSON of a type that differs from that of the result.
    Json {
        ty: Type,
        /// What names the verb, such as `vnd_api_json`.
        word: String,
    },
}

impl Alternative {
    /// Returns the name of its verb.
    pub(crate) fn verb(&self) -> String {
        match &self.form {
            AlternativeForm::Text => "send_for_text".to_owned(),
            AlternativeForm::Bytes => "send_for_bytes".to_owned(),
            AlternativeForm::Json { word, .. } => format!("send_for_{word}"),
        }
    }

    /// Returns the type of its JSON.
    pub(crate) fn ty(&self) -> Option<&Type> {
        match &self.form {
            AlternativeForm::Json { ty, .. } => Some(ty),
            AlternativeForm::Text | AlternativeForm::Bytes => None,
        }
    }
}

/// The result for one status of success.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SuccessCase {
    /// `200`, or `2XX` for all others.
    pub(crate) status: String,
    pub(crate) description: String,
    pub(crate) success: Success,
}
