//! The routes.

use axum::{routing::get, Router};

/// All of them.
pub(crate) fn all() -> Router {
    Router::new().route("/", get(|| async { "hello" }))
}
