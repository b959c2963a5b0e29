//! Distinguishes the gateway's two kinds of 404.

use crate::model::peek;

/// The subject of a 404.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotFound {
    /// The gateway has no such route.
    Route,
    /// The provider has no such resource, so the route exists.
    Resource,
    /// The body does not say.
    Unclear,
}

/// Reads the subject of a 404 from its body. The gateway's own body has only a message; the provider's has the
/// provider's name and its error.
pub(crate) fn read_not_found(body: &[u8]) -> NotFound {
    let Some(members) = peek::members(body, ["provider", "message"]) else { return NotFound::Unclear };
    match members.found {
        [Some(_), _] => NotFound::Resource,
        [None, Some(_)] if members.others == 0 => NotFound::Route,
        [None, _] => NotFound::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_404_tells_route_from_resource() {
        assert_eq!(read_not_found(br#"{"message":"Not Found"}"#), NotFound::Route);
        assert_eq!(read_not_found(br#"{"message":"x","provider":"jasper","error":{}}"#), NotFound::Resource);
        assert_eq!(read_not_found(br#"{"requestId":"r","errors":["no such tone"]}"#), NotFound::Unclear);
        assert_eq!(read_not_found(br#"{"data":{"error":{"message":"Not found","code":"404"}}}"#), NotFound::Unclear);
        assert_eq!(read_not_found(b"<html>"), NotFound::Unclear);
    }
}
