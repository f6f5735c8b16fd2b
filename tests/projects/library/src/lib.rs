//! Routes for others to serve.
#![warn(missing_docs)]

use axum::{routing::get, Router};

/// The routes.
pub fn router() -> Router {
    Router::new().route("/", get(|| async { "hello" }))
}
