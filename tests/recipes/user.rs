//! Who is signed in, as the rest of a service knows it: here by a header.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;

/// Somebody who is signed in.
#[derive(Debug)]
pub struct User {
    /// The name.
    pub id: String,
}

impl<S: Send + Sync> FromRequestParts<S> for User {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let id = parts.headers.get("x-user").and_then(|id| id.to_str().ok());
        let id = id.ok_or(StatusCode::UNAUTHORIZED)?.to_owned();
        Ok(Self { id })
    }
}
