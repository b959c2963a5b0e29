//! Responses that are streams of messages.

use super::Type;

/// A response that is a stream of messages.
#[derive(Debug)]
pub(crate) struct Messages {
    pub(crate) media_type: String,
    pub(crate) framing: Framing,
    pub(crate) item: Item,
    /// The data of the last event, if the document says it.
    pub(crate) sentinel: Option<String>,
}

/// The framing of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// `text/event-stream`
    Events,
    /// One JSON text per line.
    Lines,
    /// One JSON text after each separator (RFC 7464).
    Sequence,
}

/// What one message is.
#[derive(Debug)]
pub(crate) enum Item {
    Json(Type),
    Text,
    /// An event whose name decides what its data is.
    ByName(Vec<EventCase>),
}

/// The events of one name.
#[derive(Debug)]
pub(crate) struct EventCase {
    /// The name; `None` for events without one.
    pub(crate) name: Option<String>,
    pub(crate) data: EventData,
}

/// What the data of an event is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum EventData {
    Json(Type),
    Text,
    /// The document describes no data.
    None,
}

impl Item {
    /// Returns the types of JSON data.
    pub(crate) fn types(&self) -> Vec<&Type> {
        match self {
            Self::Json(ty) => vec![ty],
            Self::Text => Vec::new(),
            Self::ByName(cases) => cases.iter().filter_map(|case| case.data.ty()).collect(),
        }
    }

    /// Calls the function with each type of JSON data.
    pub(crate) fn each_type(&mut self, change: &mut dyn FnMut(&mut Type)) {
        match self {
            Self::Json(ty) => change(ty),
            Self::Text => {}
            Self::ByName(cases) => {
                for case in cases {
                    if let EventData::Json(ty) = &mut case.data {
                        change(ty);
                    }
                }
            }
        }
    }

    /// Whether some data is text, and not JSON.
    pub(crate) fn has_text(&self) -> bool {
        match self {
            Self::Json(_) => false,
            Self::Text => true,
            Self::ByName(cases) => cases.iter().any(|case| case.data.ty().is_none()),
        }
    }
}

impl EventData {
    fn ty(&self) -> Option<&Type> {
        match self {
            Self::Json(ty) => Some(ty),
            Self::Text | Self::None => None,
        }
    }
}
