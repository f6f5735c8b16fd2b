//! Why a connection is refused before the upgrade, and the HTTP status that says so.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use std::fmt;

/// A refusal: a status and one line for the client and the log, never with a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The client did not show who it is (401).
    Unauthenticated,
    /// A page of an origin that `WS_ALLOWED_ORIGINS` does not allow asks (403).
    ForeignOrigin,
    /// The address has all of `WS_MAX_CONNECTIONS_PER_IP` (429). A proxy's address belongs into
    /// `WS_TRUSTED_PROXIES`.
    TooManyOfAddress,
    /// The client has as many connections as `WS_MAX_CONNECTIONS_PER_CLIENT` allows (429).
    TooManyOfClient,
    /// There are as many connections as `WS_MAX_CONNECTIONS` allows (503).
    Full,
    /// The server is about to end (503).
    Draining,
}

impl Refusal {
    pub(super) fn status(self) -> StatusCode {
        self.describe().0
    }

    fn describe(self) -> (StatusCode, &'static str) {
        match self {
            Self::Unauthenticated => (StatusCode::UNAUTHORIZED, "not authenticated"),
            Self::ForeignOrigin => (StatusCode::FORBIDDEN, "origin not allowed"),
            Self::TooManyOfAddress => (StatusCode::TOO_MANY_REQUESTS, "too many of this address"),
            Self::TooManyOfClient => (StatusCode::TOO_MANY_REQUESTS, "too many of this client"),
            Self::Full => (StatusCode::SERVICE_UNAVAILABLE, "no free connection"),
            Self::Draining => (StatusCode::SERVICE_UNAVAILABLE, "shutting down"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.describe().1)
    }
}

impl std::error::Error for Refusal {}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.describe().into_response()
    }
}
