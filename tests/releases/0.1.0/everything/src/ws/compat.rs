//! What differs between axum 0.7 and axum 0.8, all of it.

/// The part of a route that is a client's id.
pub(super) const CLIENT_ID_SEGMENT: &str = "{client_id}";
